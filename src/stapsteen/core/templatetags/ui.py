"""The components of every page as template tags. Parameters and examples: docs/design-components.md and /stijl/.

Tags instead of {% include %}, because a parameter that isn't given then has a default, and a wrong one is an error.
Texts come in translated; the tags add only their own words.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, time
from typing import Any
from urllib.parse import urlsplit

from django import forms, template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BoundField
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from stapsteen.core import pictures, ui
from stapsteen.core.service_words import (
    drawing_language,
    left_to_right,
    service_words,
    with_service_words,
)

register = template.Library()

Item = Mapping[str, Any]
KIND_ICONS = {
    "info": "info",
    "success": "check",
    "warning": "warning",
    "error": "error",
    "neutral": "",
    "wish": "flag",
    "accent": "",
}
TRAFFIC = {"green": "success", "orange": "warning", "red": "error", "grey": "neutral"}
MESSAGE_KINDS = {
    "debug": "info",
    "info": "info",
    "success": "success",
    "warning": "warning",
    "error": "error",
}


class WrongParameter(ValueError):
    """A component got a value that it doesn't know; the message names the choices."""


def one_of(value: str, choices: Iterable[str], what: str) -> str:
    """The value, when it is one of the choices. Raises WrongParameter."""
    allowed = list(choices)
    if value not in allowed:
        raise WrongParameter(f"{what} {value!r}: choose from {', '.join(allowed)}")
    return value


# Small things ---------------------------------------------------------------------------------------------


@register.simple_tag
def ui_icon(name: str, label: str = "", size: str = "") -> SafeString:
    """An icon; decoration without a label, an image with one. Size: "", "s", "l"."""
    said = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="st-icon{}" viewBox="0 0 24 24" {}><path d="{}"/></svg>',
        f" st-icon--{size}" if size else "",
        said,
        ui.icon_path(name),
    )


@register.inclusion_tag("components/logo.html")
def ui_logo(word: bool = True) -> dict[str, Any]:
    """The mark, three stones over water, with or without the name."""
    return {"word": word}


@register.inclusion_tag("components/scene.html")
def ui_scene() -> dict[str, Any]:
    """Stones crossing water: the picture of home and error pages. Decoration."""
    return {}


@register.inclusion_tag("components/avatar.html")
def ui_avatar(name: str, size: str = "") -> dict[str, Any]:
    """Initials on a quiet colour; decoration beside the name. Size: "", "s", "l"."""
    return {
        "initials": ui.initials(name),
        "tone": ui.tone(name),
        "size": one_of(size, ["", "s", "l"], "size"),
    }


@register.inclusion_tag("components/button.html")
def ui_button(
    label: str,
    kind: str = "primary",
    icon: str = "",
    name: str = "",
    value: str = "",
    button_type: str = "submit",
    form: str = "",
    wide: bool = False,
    hide_label: bool = False,
) -> dict[str, Any]:
    """A button. Kind: primary, secondary, tertiary, danger. `form` is the id of a form elsewhere on the page."""
    one_of(kind, ["primary", "secondary", "tertiary", "danger"], "button kind")
    return {
        "label": label,
        "kind": kind,
        "icon": icon,
        "name": name,
        "value": value,
        "type": one_of(button_type, ["submit", "button", "reset"], "button type"),
        "form": form,
        "wide": wide,
        "hide_label": hide_label,
    }


@register.inclusion_tag("components/link_button.html")
def ui_link_button(
    label: str, href: str, kind: str = "primary", icon: str = "", wide: bool = False, download: bool = False
) -> dict[str, Any]:
    """A link that looks like a button: it goes somewhere and changes nothing."""
    one_of(kind, ["primary", "secondary", "tertiary", "danger"], "button kind")
    return {"label": label, "href": href, "kind": kind, "icon": icon, "wide": wide, "download": download}


@register.inclusion_tag("components/print_button.html")
def ui_print_button(label: str = "") -> dict[str, Any]:
    """Prints the page. Hidden as long as there is no JavaScript."""
    return {"label": label or _("Druk af")}


@register.inclusion_tag("components/badge.html")
def ui_badge(label: str, kind: str = "neutral", icon: str = "") -> dict[str, Any]:
    """A short state in words. Kind: neutral, info, success, warning, error, wish."""
    one_of(kind, KIND_ICONS, "badge kind")
    return {"label": label, "kind": kind, "icon": icon}


@register.inclusion_tag("components/traffic.html")
def ui_traffic(light: str, label: str) -> dict[str, Any]:
    """A traffic light that also says it: light is green, orange, red or grey; the label carries the meaning."""
    return {"light": one_of(light, TRAFFIC, "light"), "label": label}


@register.inclusion_tag("components/stat.html")
def ui_stat(label: str, value: str | int, note: str = "", href: str = "") -> dict[str, Any]:
    """One figure with its words. Format decimals before you give them."""
    return {"label": label, "value": value, "note": note, "href": href}


# Blocks ---------------------------------------------------------------------------------------------------


@register.simple_block_tag
def ui_card(
    content: str, title: str = "", level: int = 2, href: str = "", kind: str = "", icon: str = ""
) -> str:
    """A white card. Level is the heading's; kind: "", "quiet", "accent"; with href the title is a link."""
    one_of(kind, ["", "quiet", "accent"], "card kind")
    return render_to_string(
        "components/card.html",
        {"content": content, "title": title, "level": level, "href": href, "kind": kind, "icon": icon},
    )


@register.simple_block_tag
def ui_page_header(
    content: str,
    title: str,
    lede: str = "",
    crumbs: Sequence[Item] = (),
    back: str = "",
    back_label: str = "",
    eyebrow: str = "",
) -> str:
    """The page's h1. Content: the page's actions. crumbs: [{label, url}]; back: one link instead of crumbs."""
    return render_to_string(
        "components/page_header.html",
        {
            "content": SafeString(content.strip()),
            "title": title,
            "lede": lede,
            "crumbs": crumbs,
            "back": back,
            "back_label": back_label or _("Terug"),
            "eyebrow": eyebrow,
        },
    )


@register.simple_block_tag
def ui_alertbox(content: str, kind: str = "info", title: str = "", level: int = 2) -> str:
    """A message with rich content. Kind: info, success, warning, error."""
    return render_to_string("components/alert.html", alert(kind, title, content, level))


@register.inclusion_tag("components/alert.html")
def ui_alert(text: str, kind: str = "info", title: str = "", level: int = 2) -> dict[str, Any]:
    """A message in one or two sentences. Kind: info, success, warning, error."""
    return alert(kind, title, text, level)


def alert(kind: str, title: str, text: str, level: int) -> dict[str, Any]:
    """What alert.html needs."""
    one_of(kind, MESSAGE_KINDS.values(), "alert kind")
    return {"kind": kind, "title": title, "text": text, "level": level, "icon": KIND_ICONS[kind]}


@register.simple_block_tag
def ui_person_header(
    content: str,
    name: str,
    sub: str = "",
    url: str = "",
    badges: Sequence[Item] = (),
    facts: Sequence[Item] = (),
) -> str:
    """Who this page is about, always on top. Content: actions. badges: [{label, kind}]; facts: [{icon, text, href}]."""
    return render_to_string(
        "components/person_header.html",
        {
            "content": SafeString(content.strip()),
            "name": name,
            "sub": sub,
            "url": url,
            "badges": badges,
            "facts": facts,
        },
    )


@register.simple_block_tag
def ui_more(content: str, summary: str, unfolded: bool = False) -> str:
    """Something to unfold (details); works without JavaScript."""
    return render_to_string(
        "components/more.html", {"content": content, "summary": summary, "open": unfolded}
    )


# Forms ----------------------------------------------------------------------------------------------------


def field_kind(field: BoundField) -> str:
    """How the field is drawn: hidden, choices (a group), checkbox, group (several inputs) or input."""
    widget = field.field.widget
    if field.is_hidden:
        return "hidden"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    return "group" if isinstance(widget, forms.MultiWidget | forms.SelectDateWidget) else "input"


def widget_class(widget: forms.Widget) -> str:
    """The design system's class for a widget."""
    if isinstance(widget, forms.Textarea):
        return "ams-text-area"
    if isinstance(widget, forms.Select):
        return "ams-select"
    if isinstance(widget, forms.FileInput):
        return "ams-file-input"
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "st-choice__input"
    return "ams-text-input"


def field_width(widget: forms.Widget, width: str) -> str:
    """The asked width ("s", "m", "l", "full"), or what fits the widget."""
    if width:
        return one_of(width, ["s", "m", "l", "full"], "width")
    if isinstance(widget, forms.NumberInput | forms.TimeInput):
        return "s"
    short = (
        isinstance(widget, forms.DateInput | forms.DateTimeInput)
        or getattr(widget, "input_type", "") == "tel"
    )
    return "m" if short else "l"


def described_by(field: BoundField, help_text: str) -> str:
    """Ids of the hint and the error that belong to the field."""
    ids = [f"{field.auto_id}_helptext"] if help_text else []
    return " ".join([*ids, f"{field.auto_id}_error"] if field.errors else ids)


def widget_attrs(field: BoundField, help_text: str, width: str) -> dict[str, Any]:
    """Attributes for the input: class, description, error mark."""
    widget = field.field.widget
    own = widget.attrs.get("class", "")
    classes = f"{widget_class(widget)} st-w-{field_width(widget, width)} {own}".strip()
    attrs: dict[str, Any] = {"class": classes, "aria-describedby": described_by(field, help_text) or False}
    if field.errors:
        attrs["aria-invalid"] = "true"
    return attrs


def absolute(typed: str) -> None:
    """Raises ValueError for what isn't a whole web address."""
    if not (urlsplit(typed).scheme and urlsplit(typed).netloc):
        raise ValueError(typed)


READERS: dict[str, Callable[[str], Any]] = {
    "date": date.fromisoformat,
    "month": lambda typed: date.fromisoformat(f"{typed}-01"),
    "time": time.fromisoformat,
    "number": float,
    "url": absolute,
}


def keep_what_was_typed(field: BoundField) -> None:
    """A browser drops what isn't a date from a date's input (time, number alike), and a web address must be one to be valid
    HTML: then it is shown in a plain input."""
    widget = field.field.widget
    read, typed = READERS.get(getattr(widget, "input_type", "")), field.value()
    if field.errors and read and isinstance(typed, str) and typed:
        try:
            read(typed)
        except ValueError:
            widget.input_type = "text"
            for limit in ("min", "max", "step"):
                widget.attrs.pop(limit, None)


@register.inclusion_tag("components/field.html")
def ui_field(
    field: BoundField,
    label: str = "",
    hint: str = "",
    width: str = "",
    hide_label: bool = False,
    prefix: str = "",
    suffix: str = "",
    inline: bool = False,
    mark_optional: bool = True,
) -> dict[str, Any]:
    """A form field with label, hint, error and input; groups become a fieldset.

    prefix and suffix are shown beside the input ("€", "uur"); inline puts choices beside each other.
    """
    keep_what_was_typed(field)
    help_text, kind = hint or str(field.help_text), field_kind(field)
    attrs = widget_attrs(field, help_text, width)
    group = kind in ("choices", "group")
    return {
        "field": field,
        "kind": kind,
        "label": label or field.label,
        "help": help_text,
        "errors": list(field.errors),
        "widget": SafeString()
        if kind == "choices"
        else field.as_widget(attrs={} if kind == "hidden" else attrs),
        "options": list(field.subwidgets) if kind == "choices" else [],
        "described_by": described_by(field, help_text) if group else "",
        "hide_label": hide_label,
        "prefix": prefix,
        "suffix": suffix,
        "inline": inline,
        "optional": mark_optional and not field.field.required and kind != "checkbox",
    }


def first_id(field: BoundField) -> str:
    """The id of the first input of a field, for a link that must land on it."""
    if field_kind(field) in ("choices", "group") and isinstance(field.field.widget, forms.MultiWidget):
        return f"{field.auto_id}_0"
    return f"{field.auto_id}_0" if field_kind(field) == "choices" else field.id_for_label or field.auto_id


def form_errors(form: forms.BaseForm) -> list[dict[str, str]]:
    """Every error of a form with the place to mend it: [{text, href}]; those of the whole form have no href."""
    errors = [{"text": str(text), "href": ""} for text in form.non_field_errors()]
    for field in form:
        href = "" if field.is_hidden else f"#{first_id(field)}"
        name = f"{field.label}".rstrip(":")
        name = name if name.endswith("?") else f"{name}:"
        errors += [{"text": f"{name} {text}", "href": href} for text in field.errors]
    return errors


@register.inclusion_tag("components/error_summary.html")
def ui_error_summary(
    form: forms.BaseForm | None = None, errors: Sequence[Item] = (), focus: bool = True
) -> dict[str, Any]:
    """All errors together above a form, with links to the fields; takes the focus. Empty when all is well."""
    found = form_errors(form) if form is not None else []
    widgets = [field.widget for field in form.fields.values()] if form is not None else []
    kept = not any(isinstance(widget, forms.PasswordInput) for widget in widgets)
    return {"errors": [*found, *errors], "focus": focus, "kept": kept}


@register.inclusion_tag("components/form_fields.html")
def ui_fields(form: forms.BaseForm, summary: bool = True) -> dict[str, Any]:
    """The error summary and all fields of a form, without the form element."""
    return {"form": form, "summary": summary, "fields": list(form)}


@register.inclusion_tag("components/form.html", takes_context=True)
def ui_form(
    context: Context,
    form: forms.BaseForm,
    submit: str = "",
    action: str = "",
    method: str = "post",
    cancel: str = "",
    cancel_label: str = "",
    kind: str = "primary",
    summary: bool = True,
    warn: bool = False,
) -> dict[str, Any]:
    """A whole form: error summary, fields, button. cancel: where to go back to; warn: ask before leaving unsaved."""
    return {
        "form": form,
        "submit": submit or _("Bewaar"),
        "action": action,
        "method": one_of(method, ["post", "get"], "method"),
        "cancel": cancel,
        "cancel_label": cancel_label or _("Terug, niets bewaren"),
        "kind": kind,
        "summary": summary,
        "warn": warn,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("components/confirm.html", takes_context=True)
def ui_confirm(
    context: Context,
    title: str,
    text: str,
    action_label: str,
    cancel: str,
    action: str = "",
    danger: bool = False,
    points: Sequence[str] = (),
    level: int = 1,
) -> dict[str, Any]:
    """Are you sure? as a page of its own: says what will happen, then asks. points: what changes, line by line."""
    return {
        "title": title,
        "text": text,
        "action_label": action_label,
        "cancel": cancel,
        "action": action,
        "danger": danger,
        "points": points,
        "level": level,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("components/filter_bar.html")
def ui_filter_bar(form: forms.BaseForm, reset: str = "", submit: str = "", found: str = "") -> dict[str, Any]:
    """Filters above a list (GET). reset: address without filters; found: what is shown ("12 personen")."""
    return {
        "form": form,
        "fields": list(form),
        "errors": form_errors(form),
        "reset": reset,
        "submit": submit or _("Toon"),
        "found": found,
    }


# Lists ----------------------------------------------------------------------------------------------------


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


@register.inclusion_tag("components/messages.html", takes_context=True)
def ui_messages(context: Context) -> dict[str, Any]:
    """Django's messages as alerts, each once."""
    shown = []
    for message in context.get("messages") or []:
        kind = MESSAGE_KINDS.get(getattr(message, "level_tag", "info"), "info")
        shown.append(alert(kind, "", str(message), 2))
    return {"alerts": shown}


def language_choices(languages: Sequence[tuple[str, Any]]) -> list[tuple[str, str, str]]:
    """(code, what is shown, its name); a language that only some pages have is shown by its own name."""
    usual = dict(settings.LANGUAGES)
    return [(code, code.upper() if code in usual else str(name), str(name)) for code, name in languages]


@register.inclusion_tag("components/language_switch.html", takes_context=True)
def ui_language_switch(context: Context, url: str) -> dict[str, Any]:
    """The languages as buttons of one form that posts to `url` (Django's set_language) and comes back."""
    request = context.get("request")
    return {
        "url": url,
        "languages": language_choices(getattr(request, "own_languages", settings.LANGUAGES)),
        "current": (get_language() or settings.LANGUAGE_CODE)[:2],
        "next": request.get_full_path() if request is not None else "/",
        "csrf_token": context.get("csrf_token"),
    }


# Pictures -------------------------------------------------------------------------------------------------


def step_words() -> dict[str, str]:
    """What the stone of a step means, in words."""
    return {"done": _("gedaan"), "current": _("nu bezig"), "next": _("komt nog"), "stopped": _("gestopt")}


@register.inclusion_tag("components/steps.html")
def ui_steps(steps: Sequence[Item], label: str = "", across: bool = False) -> dict[str, Any]:
    """The path: what happened and what comes. steps: [{label, state, date, text, url}].

    state: done, current, next or stopped. across: beside each other where there is room.
    """
    words, empty = step_words(), {"date": "", "text": "", "url": ""}
    filled = []
    for step in steps:
        state = one_of(step["state"], words, "step state")
        filled.append({**empty, **step, "word": words[state]})
    return {"steps": filled, "label": label or _("Het pad"), "across": across}


@register.inclusion_tag("components/capacity.html")
def ui_capacity(
    used: int, total: int, planned: int = 0, label: str = "", part: bool = False
) -> dict[str, Any]:
    """How many places a host still has, as stones and in words; above 12 places as a bar.

    `part`: of a whole that may be full, so that what is left here isn't said to be free.
    """
    wanted = used + planned
    free = total - wanted
    if free < 0:
        text = ngettext("%(n)s plaats te veel", "%(n)s plaatsen te veel", -free) % {"n": -free}
    elif free == 0:
        text = _("Vol")
    else:
        text = ngettext("Nog %(n)s plaats vrij", "Nog %(n)s plaatsen vrij", free) % {"n": free}
    detail = _("%(used)s van %(total)s bezet") % {"used": used, "total": total}
    if planned:
        detail += ", " + ngettext("%(n)s gepland", "%(n)s gepland", planned) % {"n": planned}
    if part and free > 0:
        text, detail = detail, ""
    stones = max(total, wanted)
    return {
        "label": label,
        "text": text,
        "detail": detail,
        "state": "over" if free < 0 else "full" if free == 0 else "free",
        "seats": ui.seats(used, total, planned) if stones <= 12 else [],
        "width": stones * 30,
        "used_share": ui.share(used, stones),
        "wanted_share": ui.share(wanted, stones),
    }


@register.inclusion_tag("components/progress.html")
def ui_progress(value: int, most: int, label: str, text: str = "") -> dict[str, Any]:
    """A bar for work that runs or fills up."""
    percent = int(float(ui.share(value, most)))
    return {"value": value, "most": max(most, 1), "label": label, "text": text, "percent": percent}


@register.inclusion_tag("components/chart_bar.html")
def ui_chart_bar(
    bars: Sequence[Item], title: str, summary: str, unit: str = "", head: str = "", level: int = 3
) -> dict[str, Any]:
    """Bars and their table in one. bars: [{label, value, text, kind}]; summary says in one sentence what they show.

    text replaces the shown value; value may be None for "too few to show". kind: "" or "quiet".
    """
    most = max([float(bar["value"]) for bar in bars if bar["value"] is not None], default=0)
    rows = [bar_row(bar, most) for bar in bars]
    longest = max([len(row["shown"]) for row in rows if row["share"]], default=0)
    return {
        "bars": rows,
        "title": title,
        "summary": summary,
        "unit": unit or _("Aantal"),
        "head": head or _("Groep"),
        "level": level,
        "room": "10" if longest > 6 else "6" if longest > 3 else "",
    }


def bar_row(bar: Item, most: float) -> dict[str, str]:
    """One bar with its text; a value that may not be shown has no bar (share is empty)."""
    value = bar["value"]
    shown = bar.get("text") or (_("te weinig") if value is None else value)
    share = "" if value is None else ui.share(float(value), most)
    return {"label": bar["label"], "shown": f"{shown}", "kind": bar.get("kind", ""), "share": share}


@register.inclusion_tag("components/wheel.html")
def ui_wheel(
    segments: Sequence[ui.Segment],
    current: str = "",
    wish: str = "",
    history: Sequence[ui.Move] = (),
    field: BoundField | None = None,
    title: str = "",
    level: int = 2,
) -> dict[str, Any]:
    """The participation wheel: where the person is, wants to be and has been.

    With `field` (radio buttons whose values are the keys) the buttons are the form, and a touch on the drawing picks
    the same answer.
    """
    labels = {segment["key"]: segment["label"] for segment in segments}
    wedges = ui.wheel(segments, current, wish, history)
    stops, arcs = pictures.wheel_way(
        [wedge.key for wedge in wedges], current, wish, [move["key"] for move in history]
    )
    return {
        "wedges": wedges,
        "stops": stops,
        "arcs": arcs,
        "stones": ui.wheel_stones(segments, current, wish),
        "many": len(segments) > ui.MANY,
        "size": ui.num(ui.WHEEL_SIZE),
        "summary": wheel_summary(labels.get(current, ""), labels.get(wish, "")),
        "summary_shown": wheel_summary_shown(labels.get(current, ""), labels.get(wish, "")),
        "drawing_language": drawing_language(),
        "history": [
            {
                "date": move["date"],
                "label": service_words(labels[move["key"]]),
                "note": move.get("note", ""),
                "who": move.get("who", ""),
            }
            for move in history
        ],
        "field": field,
        "title": title or _("Participatiewiel"),
        "level": level,
    }


def wheel_summary(current: str, wish: str) -> str:
    """The wheel in a sentence or two."""
    pattern = summary_pattern(current, wish)
    return pattern % {"current": current, "wish": wish} if current or wish else pattern


def wheel_summary_shown(current: str, wish: str) -> str:
    """The same to read on the page, the programme's own words marked where they are in another language."""
    return with_service_words(summary_pattern(current, wish), current=current, wish=wish)


def summary_pattern(current: str, wish: str) -> str:
    if current and wish and current != wish:
        return _("Nu: %(current)s. De wens: %(wish)s.")
    if current and wish:
        return _("Nu en als wens: %(current)s.")
    if current:
        return _("Nu: %(current)s. Er is nog geen wens.")
    if wish:
        return _("Nog geen plaats gekozen. De wens: %(wish)s.")
    return _("Nog geen plaats gekozen.")


@register.inclusion_tag("components/month_hours.html")
def ui_month_hours(rows: Sequence[Item], total: bool = True, level: int = 2) -> dict[str, Any]:
    """The hours of a month, a block per person, for a host on a phone.

    rows: [{title, sub, fields: [BoundField], note: BoundField or None, done: text}]; done shows a confirmed row as
    text. The total is counted in the browser, from the fields whose input has class "st-hours-input".
    """
    empty: Item = {"sub": "", "fields": [], "note": None, "done": ""}
    return {"rows": [{**empty, **row} for row in rows], "total": total, "level": level}


# Navigation -----------------------------------------------------------------------------------------------


@register.inclusion_tag("components/nav.html", takes_context=True)
def ui_nav(context: Context, bar: int = 4) -> dict[str, Any]:
    """The staff menu: a column on a wide screen, a bar below with "more" on a phone.

    Reads `nav` of the page: [{label, url, icon, current, count, short}]; the first `bar` stand in the phone's bar.
    """
    empty = {"icon": "path", "current": False, "count": None, "short": ""}
    filled = [{**empty, **item} for item in context.get("nav") or []]
    return {"items": filled, "first": filled[:bar], "rest": filled[bar:]}


register.filter("service_words", service_words)
register.filter("left_to_right", left_to_right)


@register.filter
def ui_tel(phone: str) -> str:
    """The address behind a telephone number."""
    return ui.tel(phone)


@register.filter
def ui_date(value: date | str | None) -> str:
    """A day as "3 november 2026"; text stays text, nothing becomes a dash."""
    if isinstance(value, date):
        return date_format(value, "j F Y")
    return value or "–"
