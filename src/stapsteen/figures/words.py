"""Cells and figures as text on a page."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stapsteen.figures.queries import ALL
from stapsteen.figures.report import Choice, Report, Table
from stapsteen.people.cells import HIDDEN, Cell, Cells, Number


def rounded(value: Number, digits: int) -> Decimal:
    """Half up, as people do."""
    exact = Fraction(value)
    step = Decimal(1).scaleb(-digits)
    scaled = int((abs(exact) * 10**digits * 2 + 1) // 2)
    return (Decimal(scaled) * step * (1 if exact >= 0 else -1)).quantize(step, rounding=ROUND_HALF_UP)


def text(cell: Cell, *, percent: int | None = None) -> str:
    """A whole number as it is, a mean with one decimal, what may not be shown as a word.

    `percent`: the number is a share, shown with at most so many decimals ("55 %", "7,5 %").
    """
    if cell is HIDDEN:
        return _("verborgen")
    if isinstance(cell, str):
        return cell
    assert isinstance(cell, int | Fraction)  # noqa: S101 -- for the type checker
    digits = 1 if percent is None else percent
    shown = number_format(rounded(cell, digits), 0 if cell == int(cell) else digits)
    return shown if percent is None else f"{shown} %"


def table(given: Table) -> dict[str, Any]:
    """Columns, rows and foot for ui_table."""

    def row(cells: list[Cell]) -> list[str]:
        return [text(cell, percent=given.shares.get(index)) for index, cell in enumerate(cells)]

    columns = [
        {"label": label, "align": "end" if index else "start"} for index, label in enumerate(given.columns)
    ]
    return {
        "title": given.title,
        "columns": columns,
        "rows": [row(cells) for cells in given.rows],
        "foot": row(given.foot) if given.foot else [],
    }


def charts(report: Report) -> list[dict[str, Any]]:
    """Per kind: the averages of the years as bars."""
    made = []
    for column, name in enumerate(report.kinds.values(), start=1):
        values = [(str(row[0]), row[column]) for row in report.years.rows]
        bars = [{"label": label, "value": _height(cell), "text": text(cell)} for label, cell in values]
        made.append({"title": name, "bars": bars, "summary": _trend(values)})
    return made


def aim_charts(report: Report) -> list[dict[str, Any]]:
    """Per kind: whose last aim was what, with the share."""
    made = []
    for kind, given in report.aims.items():
        bars = [
            {"label": str(aim), "value": _height(count), "text": _with_share(count, share)}
            for aim, count, share in given.rows
        ]
        persons = report.cells["active", kind]
        summary = _("Van %(persons)s mensen: het laatste doel.") % {"persons": text(persons)}
        made.append({"title": given.title, "bars": bars, "summary": "" if persons is HIDDEN else summary})
    return made


def _with_share(count: Cell, share: Cell) -> str:
    return text(count) if share is HIDDEN else f"{text(count)} ({text(share, percent=0)})"


def _height(cell: Cell) -> float | None:
    return float(cell) if isinstance(cell, int | Fraction) else None


def _trend(values: list[tuple[str, Cell]]) -> str:
    """The first and last year in one sentence."""
    (first, before), (last, now) = values[0], values[-1]
    if before is HIDDEN or now is HIDDEN:
        return _("Een getal van 1 tot 4 tonen we niet.")
    if len(values) == 1:
        return _("%(count)s per maand in %(year)s.") % {"count": text(now), "year": last}
    return _("Van %(before)s per maand in %(first)s naar %(now)s in %(last)s.") % {
        "before": text(before), "first": first, "now": text(now), "last": last,
    }  # fmt: skip


def headlines(report: Report) -> list[dict[str, str]]:
    """A tile per kind, and one for all of them together when there are more: a number and its sentences."""
    keys = list(report.kinds) if len(report.kinds) == 1 else [*report.kinds, ALL]
    return [
        {
            "value": text(report.cells["active", kind]),
            "label": _("%(kind)s: verschillende mensen")
            % {"kind": report.kinds.get(kind, _("Alle soorten"))},
            "note": " ".join(_sentences(report.cells, kind, report.choice)),
        }
        for kind in keys
    ]


def _sentences(cells: Cells, kind: str, choice: Choice) -> list[str]:
    said = []
    mean = cells["average", choice.year, kind]
    if mean is not HIDDEN:
        said.append(_("Gemiddeld %(count)s per maand.") % {"count": text(mean)})
    started, stopped = cells["started", kind], cells["stopped", kind]
    if isinstance(started, int):
        said.append(
            _counted(ngettext("%(n)s traject startte.", "%(n)s trajecten startten.", started), started)
        )
    if isinstance(stopped, int):
        said.append(_counted(ngettext("%(n)s traject stopte.", "%(n)s trajecten stopten.", stopped), stopped))
    up = cells["stepped up", kind]
    if isinstance(up, int) and up:
        said.append(
            _counted(
                ngettext("%(n)s daarvan maakte een opstap.", "%(n)s daarvan maakten een opstap.", up), up
            )
        )
    return said


def _counted(sentence: str, n: int) -> str:
    return sentence % {"n": number_format(n, 0)}


def referral_sentences(report: Report) -> str:
    """The funnel of everyone in words (document 000: 12 referred, 4 in talks, 2 started)."""
    cells = report.cells
    if not cells.values["referred", ALL]:
        return _("Er kwamen geen aanmeldingen.")
    referred, talks, started = (cells[what, ALL] for what in ("referred", "in talks", "from referral"))
    said = []
    if isinstance(referred, int):
        said.append(
            _counted(
                ngettext("%(n)s persoon werd aangemeld.", "%(n)s mensen werden aangemeld.", referred),
                referred,
            )
        )
    if isinstance(talks, int):
        said.append(_counted(ngettext("%(n)s had een gesprek.", "%(n)s hadden een gesprek.", talks), talks))
    if isinstance(started, int):
        said.append(_counted(ngettext("%(n)s startte.", "%(n)s startten.", started), started))
    return " ".join(said)


def lasting_sentence(report: Report) -> str:
    """Which share of the placements that can be judged still stood after six months."""
    share = report.cells.share("lasted", "judged")
    if isinstance(share, Fraction | int):
        return _("%(share)s van deze plekken was er na zes maanden nog.") % {"share": text(share, percent=0)}
    if share is HIDDEN:
        return _("Een getal van 1 tot 4 tonen we niet.")
    return _("Over deze plekken weten we dat nog niet.")
