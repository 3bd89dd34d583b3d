"""Tables, pages, tabs, timelines, facts, and the lines of today."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.paginator import Page
from django.template.context import Context
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from stapsteen.core import ui
from stapsteen.core.templatetags.ui.base import (
    KIND_ICONS,
    Item,
    WrongParameter,
    one_of,
    register,
)


def cell(value: Any) -> dict[str, Any]:
    """A table cell as text, link, badge and second line, whatever shape it was given in."""
    empty = {"text": "", "href": "", "badge": "", "sub": "", "icon": ""}
    return {**empty, **value} if isinstance(value, Mapping) else {**empty, "text": value}


def column(value: str | Item) -> dict[str, Any]:
    """A table column: label, alignment ("start" or "end") and whether its heading is hidden."""
    given = dict(value) if isinstance(value, Mapping) else {"label": value}
    filled = {"label": "", "align": "start", "hide": False, **given}
    one_of(filled["align"], ["start", "end"], "align")
    return filled


def table_row(row: Sequence[Any] | Item, columns: Sequence[Item]) -> dict[str, Any]:
    """A row with each cell beside its column. Raises WrongParameter when the numbers differ."""
    cells, kind = (row["cells"], row.get("kind", "")) if isinstance(row, Mapping) else (row, "")
    if len(cells) != len(columns):
        raise WrongParameter(f"A row has {len(cells)} cells for {len(columns)} columns")
    return {"kind": kind, "cells": [{**cell(value), "column": columns[i]} for i, value in enumerate(cells)]}


@register.inclusion_tag("components/table.html")
def ui_table(
    columns: Sequence[str | Item],
    rows: Sequence[Sequence[Any] | Item],
    caption: str,
    hide_caption: bool = False,
    empty: str = "",
    foot: Sequence[Any] = (),
) -> dict[str, Any]:
    """A table; on a phone each row becomes a card. The first cell is the row's heading.

    columns: "Naam" or {label, align, hide}; a cell: a value or {text, href, badge, sub, icon}; foot: a total row.
    """
    heads = [column(value) for value in columns]
    return {
        "columns": heads,
        "rows": [table_row(row, heads) for row in rows],
        "foot": [table_row(foot, heads)] if foot else [],
        "caption": caption,
        "hide_caption": hide_caption,
        "empty": empty or _("Nog niets om te tonen."),
    }


@register.inclusion_tag("components/empty_state.html")
def ui_empty(
    title: str, text: str = "", action: str = "", href: str = "", icon: str = "path", level: int = 2
) -> dict[str, Any]:
    """Nothing here yet: says why and what to do."""
    return {"title": title, "text": text, "action": action, "href": href, "icon": icon, "level": level}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def ui_pagination(context: Context, page: Page[Any], name: str = "pagina") -> dict[str, Any]:
    """Page links under a list; keeps the filters of the address. Nothing when there is one page."""
    request = context.get("request")
    kept = ui.keep(dict(request.GET.lists()), name) if request is not None else []
    start = f"?{urlencode(kept)}&" if kept else "?"
    return {
        "page": page,
        "prefix": f"{start}{name}=",
        "numbers": ui.page_numbers(page.number, page.paginator.num_pages),
    }


@register.inclusion_tag("components/tabs.html")
def ui_tabs(items: Sequence[Item], label: str) -> dict[str, Any]:
    """Links to the sides of one thing. items: [{label, url, current, count}]; label names the whole."""
    filled = [{"current": False, "count": None, **item} for item in items]
    return {"items": filled, "label": label}


@register.inclusion_tag("components/timeline.html")
def ui_timeline(events: Sequence[Item], level: int = 3) -> dict[str, Any]:
    """What happened, newest first as you give it. events: [{date, title, text, icon, kind, who, url, action}].

    `action`: {label, url} of what can be done with it, under its text.
    """
    empty = {
        "title": "",
        "text": "",
        "icon": "path",
        "kind": "neutral",
        "who": "",
        "url": "",
        "action": {"url": ""},
    }
    filled = [{**empty, **event} for event in events]
    for event in filled:
        event["is_date"] = isinstance(event["date"], date)
    return {"events": filled, "level": level}


@register.inclusion_tag("components/facts.html")
def ui_facts(items: Sequence[Item | tuple[Any, Any]], wide: bool = False) -> dict[str, Any]:
    """Facts as term and value. items: (term, value) or {term, value, href, action, action_label}."""
    empty = {"href": "", "action": "", "action_label": ""}
    filled = []
    for item in items:
        given = item if isinstance(item, Mapping) else {"term": item[0], "value": item[1]}
        filled.append({**empty, **given})
    return {"items": filled, "wide": wide}


@register.inclusion_tag("components/today_item.html", takes_context=True)
def ui_today_item(
    context: Context,
    title: str,
    action: str,
    url: str,
    text: str = "",
    icon: str = "path",
    kind: str = "neutral",
    due: str = "",
    href: str = "",
    method: str = "get",
    name: str = "",
) -> dict[str, Any]:
    """A line of today's list (in <ul class="st-today">) that ends in what to do. due: when, in words; kind colours it.

    name: the person, for initials; href: where the title leads; method "post" makes the action a button.
    """
    return {
        "title": title,
        "action": action,
        "url": url,
        "text": text,
        "icon": icon,
        "kind": one_of(kind, KIND_ICONS, "kind"),
        "due": due,
        "href": href,
        "method": one_of(method, ["get", "post"], "method"),
        "name": name,
        "csrf_token": context.get("csrf_token"),
    }
