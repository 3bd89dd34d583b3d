"""Supply and demand side by side, as a page and as files (requirement E5)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stapsteen.core import halfdays, ui
from stapsteen.core.access import may
from stapsteen.core.pages import page, show
from stapsteen.hosts.models import SECTORS, Task
from stapsteen.hosts.queries import Spot, apart, name_lines, points
from stapsteen.matching import supply as side
from stapsteen.matching.exports import supply_lines, supply_workbook
from stapsteen.matching.supply import Choice, Pair, Supply, cell_words, short_of
from stapsteen.network import roles
from stapsteen.network.models import Municipality

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROUTE = "<slug:service>/vraag-en-aanbod/"
RULE = "matching.supply.view"
ALL = ("", gettext_lazy("Alles"))
FILTERS = {"sector": "sector", "kind": "soort", "town": "gemeente"}
"""Field of Choice -> its name in the address, the same as in the list of tasks."""
LARGER = 8.0
"""Units of the drawing by which a point is larger than elsewhere: two numbers stand in it."""


class SupplyFilterForm(forms.Form):
    sector = forms.ChoiceField(
        label=gettext_lazy("Soort werk"), required=False, choices=[ALL, *SECTORS.items()]
    )
    soort = forms.ChoiceField(
        label=gettext_lazy("Soort traject"), required=False, choices=[ALL, *Task.KINDS.items()]
    )
    gemeente = forms.ChoiceField(label=gettext_lazy("Gemeente"), required=False)

    def __init__(self, *args: Any, towns: list[Municipality], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        town: Any = self.fields["gemeente"]
        town.choices = [ALL, *((str(row.pk), row.name) for row in towns)]


def asked(request: Any) -> Choice:
    """The filters of the address; what isn't a choice finds nobody or is no filter at all."""
    sector, kind = request.GET.get("sector", ""), request.GET.get("soort", "")
    return Choice(
        sector if sector in SECTORS else "",
        kind if kind in Task.KINDS else "",
        request.GET.get("gemeente", "").replace("\0", "")[:40],
    )


def protects(request: Any) -> bool:
    """Numbers from 1 to 4 are for whoever guides persons; the desk and policy don't see them."""
    return not request.actor.has("system", *roles.GUIDING)


def found(request: Any) -> tuple[Supply, list[Municipality], Choice]:
    choice, today = asked(request), timezone.localdate()
    told, towns = side.supply(today, choice, protect=protects(request))
    if choice.town and choice.town not in {str(town.pk) for town in towns}:
        choice = Choice(choice.sector, choice.kind)
        told, towns = side.supply(today, choice, protect=protects(request))
    return told, towns, choice


@page(ROUTE, rule=RULE)
def supply(request: Any) -> HttpResponse:
    """Who waits beside what is open: kind of work, moments, Dutch, support and municipalities."""
    told, towns, choice = found(request)
    chosen = {FILTERS[name]: value for name, value in vars(choice).items() if value}
    tasks = Tasks(request, chosen)
    context = {
        "found": told,
        "protects": protects(request),
        "short": short_of(told),
        "stats": stats(told, tasks),
        "form": SupplyFilterForm(initial=chosen, towns=towns),
        "filtered": bool(chosen),
        "list_url": own_url(request, "supply"),
        "sheet_url": own_url(request, "supply_sheet", chosen),
        "lines_url": own_url(request, "supply_lines_file", chosen),
        "how_url": own_url(request, "how"),
        "sectors": bars(told.sectors, lambda key: tasks.url(sector=key)),
        "kinds": bars(told.kinds, lambda key: tasks.url(soort=key)),
        "moments": week(told.moments, tasks),
        "dutch": bars(told.dutch, lambda key: tasks.url(nederlands=key if key != "native" else "4")),
        "support": bars(told.support, lambda _key: ""),
        "towns": bars(told.towns, lambda key: tasks.url(gemeente=str(key)) if key else ""),
        "spots": spots(request, told.towns, choice, chosen),
    }
    return show(request, "matching/supply.html", context)


@page(f"{ROUTE}uitvoer.xlsx", rule=RULE)
def supply_sheet(request: Any) -> HttpResponse:
    """The same numbers as a spreadsheet, with the filters of the page."""
    return download(supply_workbook(found(request)[0]), XLSX, "xlsx")


@page(f"{ROUTE}uitvoer.csv", rule=RULE)
def supply_lines_file(request: Any) -> HttpResponse:
    """The same numbers as lines of text, for other programmes."""
    return download(supply_lines(found(request)[0]), "text/csv; charset=utf-8", "csv")


def download(content: bytes, kind: str, ending: str) -> HttpResponse:
    name = f"vraag-en-aanbod-{timezone.localdate():%Y-%m-%d}.{ending}"
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def own_url(request: Any, name: str, query: dict[str, str] | None = None) -> str:
    url = reverse(f"matching.{name}", kwargs={"service": request.service.slug})
    return f"{url}?{urlencode(query)}" if query else url


class Tasks:
    """Ways to the list of tasks with the filters of this page; '' for who may not open that list."""

    def __init__(self, request: Any, chosen: dict[str, str]) -> None:
        opens = may(request.actor, "hosts.host.list")
        self.list = reverse("hosts.task_list", kwargs={"service": request.service.slug}) if opens else ""
        self.chosen = chosen

    def url(self, **more: str) -> str:
        return f"{self.list}?{urlencode({**self.chosen, 'vrij': 'on', **more})}" if self.list else ""


# What the template shows ----------------------------------------------------------------------------------------------


def stats(told: Supply, tasks: Tasks) -> list[dict[str, Any]]:
    idle = told.seats - told.places
    note = ngettext(
        "Nog %(n)s plaats heeft nu geen begeleiding.", "Nog %(n)s plaatsen hebben nu geen begeleiding.", idle
    )
    return [
        {"label": _("Mensen die wachten"), "value": cell_words(told.people), "note": "", "href": ""},
        {
            "label": _("Vrije plaatsen met begeleiding"),
            "value": told.places,
            "note": note % {"n": idle} if idle else "",
            "href": tasks.url(),
        },
    ]


def bars(pairs: list[Pair], address: Any) -> list[dict[str, Any]]:
    """Each pair as two bars on one scale; a number that isn't there, or isn't shown, has no bar."""
    numbers = [value for pair in pairs for value in (pair.people, pair.places) if isinstance(value, int)]
    most = max(numbers, default=0)

    def bar(value: Any, kind: str, url: str = "") -> dict[str, Any]:
        width = ui.share(value, most) if isinstance(value, int) and value else ""
        return {"shown": cell_words(value), "width": width, "kind": kind, "url": url}

    return [
        {
            "label": pair.label,
            "short": bool(pair.short),
            "asked": pair.asked,
            "bars": [
                bar(pair.people, ""),
                bar(pair.places, "quiet", address(pair.key) if pair.places else ""),
            ],
        }
        for pair in pairs
    ]


def week(pairs: list[Pair], tasks: Tasks) -> dict[str, Any]:
    """The days and parts of days that occur, places above people; what isn't known yet stands beside it."""
    known = {pair.key: pair for pair in pairs}
    parts = [part for part in range(3) if any(known.keys() & {halfdays.bit(day, part)} for day in range(7))]
    rows = []
    for day in range(7):
        cells = [known.get(halfdays.bit(day, part)) for part in parts]
        if any(cells):
            rows.append([str(halfdays.DAYS[day]), *(moment_cell(pair, tasks) for pair in cells)])
    unknown = known.get(side.UNKNOWN)
    return {
        "columns": [_("Dag"), *(str(halfdays.PARTS[part]) for part in parts)],
        "rows": rows,
        "unknown": cell_words(unknown.people) if unknown else "",
    }


def moment_cell(pair: Pair | None, tasks: Tasks) -> Any:
    if pair is None:
        return "–"
    places, people = pair.places or 0, people_words(pair)
    return {
        "text": ngettext("%(n)s plaats", "%(n)s plaatsen", places) % {"n": places},
        "href": tasks.url(moment=str(pair.key)) if places else "",
        "sub": _("%(people)s, te weinig plaatsen") % {"people": people} if pair.short else people,
    }


def people_words(pair: Pair) -> str:
    if not isinstance(pair.people, int):
        return _("verborgen")
    return ngettext("%(n)s mens", "%(n)s mensen", pair.people) % {"n": pair.people}


def spots(request: Any, pairs: list[Pair], choice: Choice, chosen: dict[str, str]) -> list[dict[str, Any]]:
    """The municipalities as points that filter the page, as large as what is there; both numbers in each."""
    told = {pair.key: pair for pair in pairs if pair.key != side.UNKNOWN}
    weights = [key for key, pair in told.items() for _one in range(max(1, size(pair)))]
    drawn = points(weights)
    circles = apart(
        [Spot(point.name, float(point.x), float(point.y), float(point.radius) + LARGER) for point in drawn]
    )
    made = []
    for point, circle, line in zip(drawn, circles, name_lines(circles), strict=True):
        pair = told[point.key]
        kept = {**chosen, "gemeente": str(point.key)}
        made.append(
            {
                "point": replace(point, x=ui.num(circle.x), y=ui.num(circle.y)),
                "radius": ui.num(circle.radius),
                "name_y": ui.num(line),
                "people": cell_words(pair.people) if isinstance(pair.people, int) else "·",
                "places": pair.places or 0,
                "words": f"{pair.label}: {people_words(pair)}, {places_words(pair)}",
                "url": "" if protects(request) else own_url(request, "supply", kept),
                "chosen": str(point.key) == choice.town,
            }
        )
    return made


def size(pair: Pair) -> int:
    return (pair.people if isinstance(pair.people, int) else 0) + (pair.places or 0)


def places_words(pair: Pair) -> str:
    places = pair.places or 0
    return ngettext("%(n)s vrije plaats", "%(n)s vrije plaatsen", places) % {"n": places}
