"""The page "Subsidiegever": totals only, and the same as a spreadsheet."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from xlsxwriter import Workbook

from stapsteen.core.errors import RuleBroken
from stapsteen.core.pages import page, show
from stapsteen.figures import sheet, words
from stapsteen.figures.funder import FunderCounts, funder_counts
from stapsteen.people.cells import HIDDEN

YEARS = 5
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page("<slug:service>/cijfers/subsidiegever/", rule="figures.funder.view")
def funder_figures(request: Any) -> HttpResponse:
    """Totals for the pathways that began in a year."""
    counts = funder_counts(request.service, year_of(request))
    here = reverse("figures.funder_figures", kwargs={"service": request.service.slug})
    this_year = timezone.localdate().year
    context = {
        "counts": counts,
        "tables": [words.table(table) for table in counts.tables],
        "years": [
            {"label": str(year), "url": f"{here}?{urlencode({'jaar': year})}", "current": year == counts.year}
            for year in range(this_year - YEARS + 1, this_year + 1)
        ],
        "total": words.text(counts.cells["all", "", "all"]),
        "waiting": waiting_words(counts),
        "hidden_note": sheet.hidden_note() if counts.cells.gone else "",
        "sheet_url": f"{reverse('figures.funder_sheet', kwargs={'service': request.service.slug})}?jaar={counts.year}",
    }
    return show(request, "figures/funder_figures.html", context)


def waiting_words(counts: FunderCounts) -> str:
    """How many records aren't frozen; '' when all are."""
    number = counts.cells["waiting"]
    if number is HIDDEN:
        return _("Enkele trajecten van dit jaar zijn nog niet vastgelegd. Ze tellen nog niet mee.")
    if not isinstance(number, int) or not number:
        return ""
    text = ngettext(
        "%(n)s traject van dit jaar is nog niet vastgelegd. Het telt nog niet mee.",
        "%(n)s trajecten van dit jaar zijn nog niet vastgelegd. Ze tellen nog niet mee.",
        number,
    )
    return text % {"n": number}


@page("<slug:service>/cijfers/subsidiegever/blad/", rule="figures.funder.view")
def funder_sheet(request: Any) -> HttpResponse:
    """The same totals as an .xlsx, a sheet per question."""
    counts = funder_counts(request.service, year_of(request))
    buffer = io.BytesIO()
    with Workbook(buffer, sheet.SAFE) as book:
        styles = sheet.Styles(book)
        for number, table in enumerate(counts.tables, start=1):
            sheet.write_table(book.add_worksheet(sheet.sheet_name(number, table.short)), table, styles)
    name = f"subsidiegever-{request.service.slug}-{counts.year}.xlsx"
    return HttpResponse(
        buffer.getvalue(),
        content_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def year_of(request: Any) -> int:
    """The year that the address asks (jaar), else this one. RuleBroken for nonsense."""
    today = timezone.localdate()
    asked = request.GET.get("jaar", str(today.year))
    if not (asked.isascii() and asked.isdigit() and 2000 <= int(asked) <= today.year):
        raise RuleBroken(
            _("Dit jaar kennen we niet. Kies een jaar van %(first)s tot %(last)s.")
            % {"first": 2000, "last": today.year}
        )
    return int(asked)
