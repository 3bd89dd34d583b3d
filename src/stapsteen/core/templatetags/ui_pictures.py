"""The life ring, the spider and its petals as template tags: pictures with a sentence, and a table behind them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.translation import gettext as _

from stapsteen.core import pictures, ui
from stapsteen.core.service_words import drawing_language, service_words

register = template.Library()


@register.inclusion_tag("components/ring.html")
def ui_ring(
    domains: Sequence[pictures.Domain], title: str, summary: str, level: int = 2, hide_title: bool = False
) -> dict[str, Any]:
    """All life domains in one picture: further from the middle is better; a flag means "work on this".

    A domain with a url is a link, by mouse, touch and keyboard. The page puts its own table behind it.
    """
    return {
        **ring_parts(domains),
        "title": title,
        "summary": summary,
        "level": level,
        "hide_title": hide_title,
    }


def ring_parts(domains: Sequence[pictures.Domain]) -> dict[str, Any]:
    """What ring_drawing.html needs; the same for a page and for a document."""
    return {
        "slices": pictures.ring(domains),
        "levels": pictures.ring_levels(),
        "size": ui.num(pictures.SIZE),
        "middle": ui.num(pictures.MIDDLE),
        "many": len(domains) > ui.MANY,
        "picks": any(domain.url for domain in domains),
    }


@register.inclusion_tag("components/spider.html")
def ui_spider(
    spokes: Sequence[pictures.Spoke],
    series: Sequence[pictures.Series],
    title: str,
    summary: str,
    level: int = 2,
    unfolded: bool = False,
) -> dict[str, Any]:
    """Axes and what was given on them; the last series is the newest. With one or two axes: bars.

    The table behind it shows every value; "–" means that nobody said one.
    """
    drawn = pictures.spider(spokes, series) if len(spokes) >= 3 else None
    return {
        "drawing": drawn,
        "bars": [] if drawn else bars(spokes, series),
        "columns": [_("As"), _("Schaal"), *({"label": one.label, "align": "end"} for one in series)],
        "rows": [[service_words(row[0]), *row[1:]] for row in table(spokes, series)],
        "title": title,
        "summary": summary,
        "level": level,
        "unfolded": unfolded,
        "drawing_language": drawing_language(),
    }


def table(spokes: Sequence[pictures.Spoke], series: Sequence[pictures.Series]) -> list[list[Any]]:
    """Per axis its words, its scale, and each series' value."""
    return [
        [
            spoke.label,
            _("%(lowest)s tot %(highest)s") % {"lowest": spoke.lowest, "highest": spoke.highest},
            *("–" if one.values[i] is None else one.values[i] for one in series),
        ]
        for i, spoke in enumerate(spokes)
    ]


def bars(spokes: Sequence[pictures.Spoke], series: Sequence[pictures.Series]) -> list[dict[str, Any]]:
    """One or two axes as bars, a bar per series; the newest one is full, older ones are quiet."""
    return [
        {
            "label": f"{spoke.label} · {one.label}",
            "value": 0 if value is None else value / spoke.highest,
            "text": "–" if value is None else f"{value}/{spoke.highest}",
            "kind": "" if one is series[-1] else "quiet",
        }
        for i, spoke in enumerate(spokes)
        for one in series
        for value in [one.values[i]]
    ]


@register.inclusion_tag("components/petals.html")
def ui_petals(
    spokes: Sequence[pictures.Spoke], names: Sequence[str], title: str, hint: str = "", level: int = 2
) -> dict[str, Any]:
    """The spider as something to fill in, beside the radio groups with those names, which are the form."""
    return {
        "petals": pictures.petals(spokes, names) if len(spokes) >= 3 else [],
        "size": ui.num(pictures.SIZE),
        "drawing_language": drawing_language(),
        "many": len(spokes) > ui.MANY,
        "title": title,
        "hint": hint or _("Tik in de tekening, of kies hieronder een getal."),
        "level": level,
    }
