"""The figures of a service, on a page and as a spreadsheet (requirements J1, J2, J4, thin J3)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core.access import RULES
from stapsteen.core.errors import RuleBroken
from stapsteen.core.pages import page, show
from stapsteen.figures import funder_views, queries, sheet, words
from stapsteen.figures.definitions import WORDS
from stapsteen.figures.report import YEARS, Choice, Report, build
from stapsteen.network import roles
from stapsteen.pathways.queries_funder import funded_versions

__all__ = ["figures_sheet", "funder_views", "service_figures"]
EARLIEST = 1990
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page("<slug:service>/cijfers/", rule="figures.service.view")
def service_figures(request: Any) -> HttpResponse:
    choice, first_year = chosen(request)
    report = _report(request, choice, first_year)
    return show(
        request,
        "figures/service_figures.html",
        {
            "report": report,
            "years": _year_tabs(request, choice, first_year),
            "halves": _half_tabs(request, choice),
            "sheet_url": _url(request, "figures.figures_sheet", choice),
            "funder_url": funder_url(request),
            "headlines": words.headlines(report),
            "charts": words.charts(report),
            "aims": words.aim_charts(report),
            "tables": {name: words.table(getattr(report, name)) for name in TABLES},
            "referrals": words.referral_sentences(report),
            "lasting": words.lasting_sentence(report),
            "hidden_note": sheet.hidden_note() if report.cells.gone else "",
            "words": WORDS,
        },
    )


def funder_url(request: Any) -> str:
    """The page for the funder, where a programme names one and the actor may see it; else ''."""
    if RULES["figures.funder.view"].find(request.actor) is None or not funded_versions():
        return ""
    return reverse("figures.funder_figures", kwargs={"service": request.service.slug})


TABLES = ("years", "months", "flows", "funnel", "placements", "umbrellas", "sectors")


@page("<slug:service>/cijfers/blad/", rule="figures.service.view")
def figures_sheet(request: Any) -> HttpResponse:
    choice, first_year = chosen(request)
    content = sheet.workbook(_report(request, choice, first_year), service_name=request.service.name)
    half = "-1" if choice.half else ""
    name = f"cijfers-{request.service.slug}-{choice.year}{half}.xlsx"
    return HttpResponse(
        content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def chosen(request: Any) -> tuple[Choice, int]:
    """What the address asks (jaar, deel), and the first year with something to count. RuleBroken for nonsense."""
    today = timezone.localdate()
    since = queries.since()
    asked, part = request.GET.get("jaar", str(today.year)), request.GET.get("deel", "")
    if not (asked.isascii() and asked.isdigit() and EARLIEST <= int(asked) <= today.year):
        raise RuleBroken(
            _("Dit jaar kennen we niet. Kies een jaar van %(first)s tot %(last)s.")
            % {"first": EARLIEST, "last": today.year}
        )
    if part not in {"", "1"}:
        raise RuleBroken(_("Kies het hele jaar of de eerste helft."))
    choice = Choice(int(asked), part == "1", today)
    return choice, min(choice.year, since.year if since else choice.year)


def _report(request: Any, choice: Choice, first_year: int) -> Report:
    """Small cells are for whoever guides persons; others (policy, administrator) don't see them."""
    guides = request.actor.has("system", *roles.GUIDING)
    return build(service=request.service, choice=choice, first_year=first_year, protect=not guides)


def _url(
    request: Any, name: str, choice: Choice, *, year: int | None = None, half: bool | None = None
) -> str:
    query = {"jaar": year or choice.year}
    if choice.half if half is None else half:
        query["deel"] = 1
    return f"{reverse(name, kwargs={'service': request.service.slug})}?{urlencode(query)}"


def _year_tabs(request: Any, choice: Choice, first_year: int) -> list[dict[str, Any]]:
    """As many years as fit beside each other, the chosen one among them, and the running one."""
    last = min(choice.today.year, max(choice.year + 2, first_year + YEARS - 1))
    years = sorted({*range(max(first_year, last - YEARS + 1), last + 1), choice.today.year})
    return [
        {
            "label": str(year),
            "url": _url(request, request.page.name, choice, year=year),
            "current": year == choice.year,
        }
        for year in years
    ]


def _half_tabs(request: Any, choice: Choice) -> list[dict[str, Any]]:
    labels = {False: _("Heel het jaar"), True: _("Eerste helft")}
    return [
        {
            "label": label,
            "url": _url(request, request.page.name, choice, half=half),
            "current": half == choice.half,
        }
        for half, label in labels.items()
    ]
