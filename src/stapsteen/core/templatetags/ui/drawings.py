"""The wheel, steps, bars and places left: pictures with words."""

from collections.abc import Sequence
from typing import Any

from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stapsteen.core import pictures, ui
from stapsteen.core.service_words import (
    drawing_language,
    service_words,
    with_service_words,
)
from stapsteen.core.templatetags.ui.base import Item, one_of, register


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
