"""The report of a service over a period: the figures of queries.py in tables, for page and spreadsheet alike."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from stapsteen.figures import queries
from stapsteen.figures.queries import ALL, Flow, Period, Step
from stapsteen.hosts.models import SECTORS
from stapsteen.network.models import ProgrammeVersion, Service
from stapsteen.pathways.models import Aim
from stapsteen.people.cells import Cell, Cells

KINDS: dict[str, str | Promise] = {
    "volunteering": lazy("Vrijwilligerswerk"),
    "care_work": lazy("Arbeidszorg"),
    "activation": pgettext_lazy("kind of programme", "Activering"),
    "volunteer_centre": lazy("Vrijwilligerscentrale"),
}
REFERRERS: dict[str, str | Promise] = {
    "self": lazy("De persoon zelf"),
    "helper": lazy("Een helper of andere dienst"),
    "sensitive": lazy("Een dienst die we niet noemen"),
    "": lazy("Niet gekend"),
}
"""Beside the kinds of referrers that the service's programmes name."""
YEARS = 6
"""How many years of averages stand beside each other, as in document 001, slide 7."""


@dataclass(frozen=True)
class Choice:
    """What the reader asked: a year, whole or its first half. The running one ends today."""

    year: int
    half: bool
    today: date

    @property
    def period(self) -> Period:
        return Period(date(self.year, 1, 1), min(self.last, self.today))

    @property
    def last(self) -> date:
        return date(self.year, 6, 30) if self.half else date(self.year, 12, 31)

    @property
    def running(self) -> bool:
        return self.today < self.last

    @property
    def label(self) -> str:
        if self.running:
            return _("%(year)s, tot en met %(day)s") % {
                "year": self.year,
                "day": date_format(self.today, "j F"),
            }
        return _("eerste helft van %(year)s") % {"year": self.year} if self.half else str(self.year)

    @property
    def row(self) -> str:
        """The same, short enough for a table."""
        if self.running:
            return _("%(year)s (tot nu)") % {"year": self.year}
        return _("%(year)s (eerste helft)") % {"year": self.year} if self.half else str(self.year)

    def with_years_before(self, first_year: int) -> list[Choice]:
        """The years before it, whole, from `first_year` at the earliest; this one last."""
        first = max(first_year, self.year - YEARS + 1)
        return [replace(self, year=year, half=False) for year in range(first, self.year)] + [self]


@dataclass(frozen=True)
class Table:
    """Rows of cells under columns, the first cell names the row. `foot` is the row of totals; `short` names a sheet."""

    title: str
    short: str
    columns: list[str]
    rows: list[list[Cell]]
    foot: list[Cell] = field(default_factory=list)
    shares: dict[int, int] = field(default_factory=dict)
    """The columns that hold percents, and how many decimals those show."""


@dataclass(frozen=True)
class Report:
    choice: Choice
    kinds: dict[str, str]
    cells: Cells
    years: Table
    months: Table
    flows: Table
    aims: dict[str, Table]
    funnel: Table
    placements: Table
    umbrellas: Table
    sectors: Table

    @property
    def empty(self) -> bool:
        """Nothing to count in the period."""
        counted = [
            ("active", ALL),
            ("started", ALL),
            ("stopped", ALL),
            ("referred", ALL),
            ("placements", "all"),
        ]
        return not any(self.cells.values[key] for key in counted)

    @property
    def tables(self) -> list[Table]:
        return [
            self.years, self.months, self.flows, *self.aims.values(), self.funnel, self.placements,
            self.umbrellas, self.sectors,
        ]  # fmt: skip


def build(*, service: Service, choice: Choice, first_year: int, protect: bool) -> Report:
    """All of it, in a fixed number of queries. `protect` hides small cells (for whoever may not see persons)."""
    cells, period, today = Cells(protect=protect), choice.period, choice.today
    choices = choice.with_years_before(first_year)
    averages = queries.averages([one.period for one in choices])
    programmes = list(ProgrammeVersion.objects.filter(service=service))
    kinds = _kinds(programmes, {kind for one in averages for kind in one.kinds})
    months = queries.persons_per_month(period)
    funnel = queries.funnel(period, today=today)
    hosts = queries.hosts(period)
    flows = queries.flows(period)
    _put_averages(cells, choices, averages, kinds)
    firsts = _put_months(cells, period, months, kinds)
    _put_year(cells, queries.active_persons(period), flows, kinds)
    aims = _put_aims(cells, queries.last_aims(period), kinds)
    _put_funnel(cells, funnel)
    _put_placements(cells, queries.lasting_placements(period, today=today), hosts)
    cells.close()
    return Report(
        choice=choice,
        kinds=kinds,
        cells=cells,
        years=_years_table(cells, choices, kinds),
        months=_months_table(cells, firsts, kinds),
        flows=_flows_table(cells, kinds),
        aims={kind: _aims_table(cells, kinds[kind], kind, names) for kind, names in aims.items()},
        funnel=_funnel_table(cells, funnel, _referrers(programmes)),
        placements=_placements_table(cells),
        umbrellas=_hosts_table(cells, _("Koepel"), hosts, "umbrella"),
        sectors=_hosts_table(cells, _("Sector"), hosts, "sector"),
    )


# Names ---------------------------------------------------------------------------------------------------------------


def _kinds(programmes: Iterable[ProgrammeVersion], counted: set[str]) -> dict[str, str]:
    """The kinds that the service offers or that were counted, in a fixed order, with their names."""
    wanted = {programme.kind for programme in programmes} | counted
    known = [kind for kind in KINDS if kind in wanted]
    return {kind: str(KINDS.get(kind, kind)) for kind in [*known, *sorted(wanted - KINDS.keys())]}


def _referrers(programmes: Iterable[ProgrammeVersion]) -> dict[str, str]:
    """Kind of referrer -> its name, as the service's programmes say it."""
    language = get_language() or "nl"
    named = {
        one.kind: one.name.say(language)
        for programme in programmes
        for one in programme.rules.referral.referrers
    }
    return {**named, **{kind: str(name) for kind, name in REFERRERS.items()}}


# Numbers into cells --------------------------------------------------------------------------------------------------


def _put_averages(
    cells: Cells, choices: list[Choice], averages: list[queries.Averages], kinds: dict[str, str]
) -> None:
    for choice, one in zip(choices, averages, strict=True):
        for kind in kinds:
            cells.put(("average", choice.year, kind), one.kinds.get(kind, 0))
        cells.put(("average sum", choice.year), one.total)
        cells.put(("average", choice.year, ALL), one.persons)
        parts = [("average", choice.year, kind) for kind in kinds]
        cells.add_up(parts, ("average sum", choice.year))
        cells.add_up(parts, ("average", choice.year, ALL))


def _put_months(
    cells: Cells, period: Period, months: dict[tuple[date, str], int], kinds: dict[str, str]
) -> list[date]:
    """Also in line with the year's average, from which a single hidden month would follow."""
    firsts = [date(period.first.year, period.first.month + index, 1) for index in range(period.months)]
    for first in firsts:
        for kind in [*kinds, ALL]:
            cells.put(("month", first, kind), months.get((first, kind), 0))
        cells.add_up([("month", first, kind) for kind in kinds], ("month", first, ALL))
    for kind in [*kinds, ALL]:
        cells.add_up([("month", first, kind) for first in firsts], ("average", period.first.year, kind))
    return firsts


def _put_year(cells: Cells, active: dict[str, int], flows: dict[str, Flow], kinds: dict[str, str]) -> None:
    for kind in [*kinds, ALL]:
        flow = flows.get(kind, Flow())
        cells.put(("active", kind), active.get(kind, 0))
        cells.put(("started", kind), flow.started)
        cells.put(("stopped", kind), flow.stopped)
        cells.put(("stepped up", kind), flow.stepped_up)
        cells.put(("stopped otherwise", kind), flow.stopped - flow.stepped_up)
        cells.add_up([("stepped up", kind), ("stopped otherwise", kind)], ("stopped", kind))
    for what in ("active", "started", "stopped", "stepped up", "stopped otherwise"):
        cells.add_up([(what, kind) for kind in kinds], (what, ALL))


def _put_aims(
    cells: Cells, found: dict[str, dict[str, int]], kinds: dict[str, str]
) -> dict[str, dict[str, str]]:
    """Kind -> aim -> its name, for the kinds in which somebody was active."""
    named: dict[str, dict[str, str]] = {}
    for kind in (kind for kind in kinds if kind in found):
        aims = {aim: str(name) for aim, name in Aim.AIMS.items()}
        aims |= {aim: aim or _("Nog geen doel") for aim in sorted(found[kind]) if aim not in aims}
        for aim in aims:
            cells.put(("aim", kind, aim), found[kind].get(aim, 0))
        cells.add_up([("aim", kind, aim) for aim in aims], ("active", kind))
        named[kind] = aims
    return named


def _put_funnel(cells: Cells, funnel: dict[str, Step]) -> None:
    for kind, step in funnel.items():
        cells.put(("referred", kind), step.referred)
        cells.put(("in talks", kind), step.in_talks)
        cells.put(("from referral", kind), step.started)
        cells.put(("no talk", kind), max(0, step.referred - step.in_talks))
        cells.put(("no start", kind), max(0, step.in_talks - step.started))
        cells.add_up([("in talks", kind), ("no talk", kind)], ("referred", kind))
        cells.add_up([("from referral", kind), ("no start", kind)], ("in talks", kind))
    for what in ("referred", "in talks", "from referral"):
        cells.add_up([(what, kind) for kind in funnel if kind != ALL], (what, ALL))


def _put_placements(cells: Cells, lasting: queries.Lasting, hosts: queries.Hosts) -> None:
    cells.put("began", lasting.began)
    cells.put("lasted", lasting.lasted)
    cells.put("stopped sooner", lasting.stopped_sooner)
    cells.put("too young", lasting.too_young)
    cells.put("judged", lasting.lasted + lasting.stopped_sooner)
    cells.add_up(["lasted", "stopped sooner", "too young"], "began")
    cells.add_up(["lasted", "stopped sooner"], "judged")
    cells.add_up(["judged", "too young"], "began")
    cells.put(("hosts", "all"), hosts.hosts)
    cells.put(("placements", "all"), hosts.placements)
    for group, found in (("umbrella", hosts.umbrellas), ("sector", hosts.sectors)):
        for name, (one, two) in found.items():
            cells.put(("hosts", group, name), one)
            cells.put(("placements", group, name), two)
        cells.add_up([("placements", group, name) for name in found], ("placements", "all"))


# Cells into tables ---------------------------------------------------------------------------------------------------


def _years_table(cells: Cells, choices: list[Choice], kinds: dict[str, str]) -> Table:
    def row(choice: Choice) -> list[Cell]:
        per_kind = [cells["average", choice.year, kind] for kind in kinds]
        both = [cells["average sum", choice.year], cells["average", choice.year, ALL]]
        return [choice.row, *per_kind, *both]

    columns = [_("Jaar"), *kinds.values(), _("Som van de soorten"), _("Verschillende mensen")]
    return Table(
        _("Gemiddeld aantal mensen per maand"), _("Per jaar"), columns, [row(choice) for choice in choices]
    )


def _months_table(cells: Cells, firsts: list[date], kinds: dict[str, str]) -> Table:
    rows = [
        [date_format(first, "F Y"), *(cells["month", first, kind] for kind in [*kinds, ALL])]
        for first in firsts
    ]
    columns = [_("Maand"), *kinds.values(), _("Verschillende mensen")]
    return Table(_("Actieve mensen, maand per maand"), _("Per maand"), columns, rows)


def _flows_table(cells: Cells, kinds: dict[str, str]) -> Table:
    what = ("active", "started", "stopped", "stepped up")

    def row(name: str, kind: str) -> list[Cell]:
        return [name, *(cells[one, kind] for one in what)]

    columns = [_("Soort"), _("Verschillende mensen"), _("Gestart"), _("Gestopt"), _("Opstap gemaakt")]
    rows = [row(name, kind) for kind, name in kinds.items()]
    return Table(
        _("Gestart en gestopt per soort"), _("Per soort"), columns, rows, row(_("Alle soorten"), ALL)
    )


def _aims_table(cells: Cells, name: str, kind: str, aims: dict[str, str]) -> Table:
    rows: list[list[Cell]] = [
        [label, cells["aim", kind, aim], cells.share(("aim", kind, aim), ("active", kind))]
        for aim, label in aims.items()
    ]
    short = _("Doelen %(kind)s") % {"kind": name.lower()}
    return Table(name, short, [_("Doel"), _("Mensen"), _("Aandeel (%)")], rows, shares={2: 0})


def _funnel_table(cells: Cells, funnel: dict[str, Step], names: dict[str, str]) -> Table:
    what = ("referred", "in talks", "from referral")

    def row(name: str, kind: str) -> list[Cell]:
        return [name, *(cells[one, kind] for one in what)]

    columns = [_("Doorverwijzer"), _("Aangemeld"), _("Gesprek gehad"), _("Gestart")]
    rows = [row(names.get(kind, kind), kind) for kind in sorted(funnel) if kind != ALL]
    return Table(
        _("Van aanmelding tot start"),
        _("Aanmeldingen"),
        columns,
        rows,
        row(_("Alle, iedereen één keer"), ALL),
    )


def _placements_table(cells: Cells) -> Table:
    labels = {
        "lasted": _("Na zes maanden nog bezig"),
        "stopped sooner": _("Eerder gestopt"),
        "too young": _("Nog geen zes maanden bezig"),
    }
    rows: list[list[Cell]] = [[label, cells[key]] for key, label in labels.items()]
    return Table(
        _("Plekken die blijven"),
        _("Plekken"),
        [_("Plekken die begonnen"), _("Aantal")],
        rows,
        [_("Alle plekken die begonnen"), cells["began"]],
    )


def _hosts_table(cells: Cells, head: str, hosts: queries.Hosts, group: str) -> Table:
    found = hosts.umbrellas if group == "umbrella" else hosts.sectors
    names = (
        {"": _("Geen koepel")} if group == "umbrella" else {key: str(name) for key, name in SECTORS.items()}
    )
    title = _("Gastorganisaties per koepel") if group == "umbrella" else _("Gastorganisaties per sector")
    short = _("Koepels") if group == "umbrella" else _("Sectoren")

    def row(name: str, *key: Hashable) -> list[Cell]:
        share = cells.share(("hosts", *key), ("hosts", "all"))
        return [name, cells["hosts", *key], share, cells["placements", *key]]

    rows = [row(names.get(name, name), group, name) for name in found]
    columns = [head, _("Gastorganisaties"), _("Aandeel (%)"), _("Plekken")]
    return Table(title, short, columns, rows, row(_("Alle"), "all"), shares={2: 1})
