"""Supply and demand side by side: who waits for a place and wants what, and what is open (requirement E5).

Counts only. Of people five columns are read and nothing that says who they are. What an organisation can carry bounds its
free seats everywhere: six seats at a host with guidance for two are two places.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stapsteen.core import halfdays
from stapsteen.hosts.models import SECTORS, Task
from stapsteen.hosts.queries import Guidance, Needs, TaskFacts, guidance_left, nos_of, tasks_to_match
from stapsteen.matching.facts import NONE, SILENT, STEPS, waiting
from stapsteen.network.models import Municipality
from stapsteen.pathways.models import Pathway
from stapsteen.people.cells import HIDDEN, Cell, Cells
from stapsteen.people.models import DUTCH_LEVELS, SUPPORT, Address, Person

READ = ("id", "sectors", "half_days", "dutch_listening", "dutch_speaking", "support")
UNKNOWN = ""
"""The key of what nobody asked yet."""
PEOPLE = "people"


@dataclass(frozen=True)
class Need:
    """Somebody who waits, without anything that says who. `half_days` 0, `step` and `town` empty: not known yet."""

    kind: str
    sectors: frozenset[str]
    half_days: int
    step: str
    support: frozenset[str]
    town: UUID | None


@dataclass(frozen=True)
class Place:
    """An open task with its free seats. `step`: the Dutch that it, or its easiest part, asks. `half_days` 0: any moment."""

    organisation: UUID
    kind: str
    sector: str
    half_days: int
    step: str
    support: frozenset[str]
    town: UUID | None
    seats: int


@dataclass(frozen=True)
class Pair:
    """People beside places, for one thing. `places` None: nothing stands against it. `asked`: organisations to talk with."""

    key: Any
    label: str
    people: Cell
    places: int | None
    asked: int = 0

    @property
    def short(self) -> int:
        """How many places miss; 0 when there are enough, or when the people may not be shown."""
        if self.places is None or not isinstance(self.people, int):
            return 0
        return max(0, self.people - self.places)


@dataclass(frozen=True)
class Supply:
    """The whole page. `seats`: free seats, guidance or not. Each table leaves out the filter on its own subject."""

    people: Cell
    places: int
    seats: int
    kinds: list[Pair]
    sectors: list[Pair]
    moments: list[Pair]
    dutch: list[Pair]
    support: list[Pair]
    towns: list[Pair]
    hides: bool

    @property
    def empty(self) -> bool:
        return self.people == 0 and self.seats == 0


@dataclass(frozen=True)
class Choice:
    """The filters of the address: a sector, a kind of Task.KINDS and a municipality, each "" for all."""

    sector: str = ""
    kind: str = ""
    town: str = ""

    def people(self, needs: Iterable[Need], *, without: str = "") -> list[Need]:
        """Those that pass all filters but the one on this subject."""
        return [
            need
            for need in needs
            if (without == "sector" or not self.sector or self.sector in need.sectors)
            and (without == "kind" or not self.kind or self.kind == need.kind)
            and (without == "town" or not self.town or self.town == str(need.town))
        ]

    def places(self, places: Iterable[Place], *, without: str = "") -> list[Place]:
        return [
            place
            for place in places
            if (without == "sector" or not self.sector or self.sector == place.sector)
            and (without == "kind" or not self.kind or self.kind == place.kind)
            and (without == "town" or not self.town or self.town == str(place.town))
        ]


# What is there --------------------------------------------------------------------------------------------------------


def needs_on(day: date) -> list[Need]:
    """Everybody of the service with a pathway that runs and no place, once. Three queries."""
    pathways = waiting(Pathway.objects.all())
    kinds = dict(
        pathways.filter(programmes__starts_on__lte=day)
        .order_by("programmes__starts_on", "programmes__id")
        .values_list("person_id", "programmes__kind")
    )
    people = Person.objects.filter(pk__in=pathways.values("person_id")).only(*READ).order_by("pk")
    homes = dict(
        Address.objects.on(day)
        .filter(person_id__in=pathways.values("person_id"))
        .order_by("starts_on", "id")
        .values_list("person_id", "municipality_id")
    )
    return [
        Need(
            kind="care_work" if kinds.get(person.pk) == "care_work" else "volunteering",
            sectors=frozenset(person.sectors),
            half_days=person.half_days,
            step=step_of(person),
            support=frozenset(person.support),
            town=homes.get(person.pk),
        )
        for person in people
    ]


def step_of(person: Person) -> str:
    """The lower of what somebody understands and speaks; "" when neither is known."""
    known = [step for step in (person.dutch_listening, person.dutch_speaking) if step in STEPS]
    return min(known, key=STEPS.index, default=UNKNOWN)


def places_on(day: date) -> tuple[list[Place], dict[UUID, Guidance]]:
    """Open tasks of the network with a free seat, and what their organisations can carry: nothing after a no."""
    found = [task for task in tasks_to_match(day) if task.seats_left]
    keys = {task.organisation_id for task in found}
    guidance, nos = guidance_left(keys, day), nos_of(keys, day)
    places = [_place(task) for task in found if task.task.pk not in nos.get(task.organisation_id, NONE).tasks]
    carried = {}
    for key in keys:
        said, no = guidance.get(key, SILENT), nos.get(key, NONE)
        left = 0 if no.everybody or said.paused else max(0, said.left or 0)
        kinds = {**said.support, **dict.fromkeys(no.support, 0)}
        carried[key] = Guidance(left, said.paused, kinds)
    return places, carried


def _place(found: TaskFacts) -> Place:
    town = found.task.town
    return Place(
        organisation=found.organisation_id,
        kind=found.kind,
        sector=found.sector,
        half_days=found.half_days,
        step=min((asks(part.needs) for part in found.parts), key=STEPS.index, default=asks(found.needs)),
        support=found.support,
        town=town.pk if town else None,
        seats=found.seats_left,
    )


def asks(needs: Needs) -> str:
    """The step of Dutch that is asked to understand and speak; "0" for none."""
    spoken = [step for skill, step in needs.dutch.items() if skill in ("listening", "speaking")]
    return max(spoken, key=STEPS.index, default="0")


def carry(places: Iterable[Place], guidance: Mapping[UUID, Guidance]) -> int:
    """How many people can come at once: seats, for each organisation at most what it can still guide."""
    seats: dict[UUID, int] = {}
    for place in places:
        seats[place.organisation] = seats.get(place.organisation, 0) + place.seats
    return sum(min(number, guidance[key].left or 0) for key, number in seats.items())


# Side by side ---------------------------------------------------------------------------------------------------------


def supply(day: date, choice: Choice, *, protect: bool) -> tuple[Supply, list[Municipality]]:
    """All tables and the municipalities that occur. `protect`: numbers of people from 1 to 4 are hidden, and nothing is
    filtered: two filtered pages beside each other would tell what is hidden."""
    chosen = Choice() if protect else choice
    everybody = needs_on(day)
    everywhere, guidance = places_on(day)
    towns = _towns(everybody, everywhere)
    return Side(everybody, everywhere, guidance, chosen, towns, protect).supply(), towns


def _towns(needs: Iterable[Need], places: Iterable[Place]) -> list[Municipality]:
    keys = {need.town for need in needs} | {place.town for place in places}
    return list(Municipality.objects.filter(pk__in=keys - {None}).order_by("name"))


@dataclass
class Side:
    """Counts of one moment; made for one page and thrown away."""

    needs: list[Need]
    everywhere: list[Place]
    guidance: dict[UUID, Guidance]
    choice: Choice
    towns: list[Municipality]
    protect: bool

    def supply(self) -> Supply:
        cells = Cells(protect=self.protect)
        needs, places = self.choice.people(self.needs), self.choice.places(self.everywhere)
        cells.put(PEOPLE, len(needs))
        made = {
            "kinds": self._kinds(cells),
            "sectors": self._sectors(cells),
            "moments": self._moments(cells, needs, places),
            "dutch": self._dutch(cells, needs, places),
            "support": self._support(cells, needs, places),
            "towns": self._by_town(cells),
        }
        cells.close()
        told = {
            name: [
                Pair(pair.key, pair.label, cells[name, pair.key], pair.places, pair.asked) for pair in pairs
            ]
            for name, pairs in made.items()
        }
        return Supply(
            people=cells[PEOPLE], places=carry(places, self.guidance), seats=sum(p.seats for p in places),
            hides=bool(cells.gone), **told,
        )  # fmt: skip

    def _pairs(
        self,
        cells: Cells,
        name: str,
        labels: Mapping[Any, Any],
        needs: Sequence[Need],
        places: Sequence[Place],
        wants: Callable[[Need, Any], bool],
        offers: Callable[[Place, Any], bool],
        both: bool = False,
    ) -> list[Pair]:
        """A pair for each label; what nobody wants and nobody offers is left out.

        Against what nobody asked a person yet stands nothing, unless a place can be unknown too (`both`).
        """
        pairs = []
        for key, label in labels.items():
            people = sum(wants(need, key) for need in needs)
            cells.put((name, key), people)
            known = both or key != UNKNOWN
            fitting = [place for place in places if known and offers(place, key)]
            if people or fitting:
                room = carry(fitting, self.guidance) if known else None
                pairs.append(Pair(key, str(label), people, room))
        return pairs

    def _kinds(self, cells: Cells) -> list[Pair]:
        needs = self.choice.people(self.needs, without="kind")
        places = self.choice.places(self.everywhere, without="kind")
        pairs = self._pairs(
            cells, "kinds", Task.KINDS, needs, places, lambda n, k: n.kind == k, lambda p, k: p.kind == k
        )
        if not self.choice.kind:
            cells.add_up([("kinds", key) for key in Task.KINDS], PEOPLE)
        return pairs

    def _sectors(self, cells: Cells) -> list[Pair]:
        needs = self.choice.people(self.needs, without="sector")
        places = self.choice.places(self.everywhere, without="sector")
        labels = {**SECTORS, UNKNOWN: _("Nog niet gevraagd")}
        return self._pairs(
            cells, "sectors", labels, needs, places,
            lambda n, k: k in n.sectors if k else not n.sectors, lambda p, k: p.sector == k,
        )  # fmt: skip

    def _moments(self, cells: Cells, needs: Sequence[Need], places: Sequence[Place]) -> list[Pair]:
        """One pair for each half-day of the week that somebody can or that is asked; the key is its bit."""
        labels: dict[Any, Any] = {
            halfdays.bit(day, part): f"{halfdays.DAYS[day]} {halfdays.PARTS[part]}"
            for day in range(7)
            for part in range(3)
        }
        found = self._pairs(
            cells, "moments", {**labels, UNKNOWN: _("Nog niet gevraagd")}, needs, places,
            lambda n, k: bool(n.half_days & k) if k else not n.half_days,
            lambda p, k: not p.half_days or bool(p.half_days & k),
        )  # fmt: skip
        named = {
            pair.key for pair in found if pair.people or any(p.half_days & (pair.key or 0) for p in places)
        }
        return [pair for pair in found if pair.key in named]

    def _dutch(self, cells: Cells, needs: Sequence[Need], places: Sequence[Place]) -> list[Pair]:
        """People on each step; beside them the places that ask at most that step, easier parts among them."""
        labels = {**{step: DUTCH_LEVELS[step] for step in STEPS}, UNKNOWN: _("Nog niet gekend")}
        pairs = self._pairs(
            cells, "dutch", labels, needs, places, lambda n, k: n.step == k,
            lambda p, k: STEPS.index(p.step) <= STEPS.index(k),
        )  # fmt: skip
        cells.add_up([("dutch", key) for key in labels], PEOPLE)
        return pairs

    def _support(self, cells: Cells, needs: Sequence[Need], places: Sequence[Place]) -> list[Pair]:
        """People who need it; room that organisations said, or that comes with a task; how many weren't asked yet."""
        pairs = []
        for kind, label in SUPPORT.items():
            people = sum(kind in need.support for need in needs)
            cells.put(("support", kind), people)
            room, silent = self._room_for(kind, places)
            if people or room:
                pairs.append(Pair(kind, str(label), people, room, silent))
        return pairs

    def _room_for(self, kind: str, places: Sequence[Place]) -> tuple[int, int]:
        room = silent = 0
        for key in {place.organisation for place in places}:
            left, said = self.guidance[key].left or 0, self.guidance[key].support.get(kind)
            here = [place for place in places if place.organisation == key]
            with_task = [place for place in here if kind in place.support]
            if said is not None:
                room += min(left, said, sum(place.seats for place in here))
            elif with_task:
                room += min(left, sum(place.seats for place in with_task))
            else:
                silent += left > 0
        return room, silent

    def _by_town(self, cells: Cells) -> list[Pair]:
        needs = self.choice.people(self.needs, without="town")
        places = self.choice.places(self.everywhere, without="town")
        labels: dict[Any, Any] = {town.pk: town.name for town in self.towns}
        pairs = self._pairs(
            cells, "towns", {**labels, UNKNOWN: _("Nog niet gekend")}, needs, places,
            lambda n, k: n.town == (k or None), lambda p, k: p.town == (k or None), both=True,
        )  # fmt: skip
        if not self.choice.town:
            cells.add_up([("towns", key) for key in (*labels, UNKNOWN)], PEOPLE)
        return pairs


# In words -------------------------------------------------------------------------------------------------------------


def short_of(found: Supply) -> list[str]:
    """A sentence for the kind of work, the support and the moment of which most is short; [] when nothing is."""
    told = []
    for pairs, words in (
        (found.sectors, _wish_words),
        (found.support, _support_words),
        (found.moments, _moment_words),
    ):
        worst = max(pairs, key=lambda pair: pair.short, default=None)
        if worst is not None and worst.short and isinstance(worst.people, int):
            told.append(f"{words(worst.people, worst.label)} {_places_words(worst.places or 0)}")
    return told


def _wish_words(number: int, what: str) -> str:
    text = ngettext("%(n)s mens wil werk in “%(what)s”.", "%(n)s mensen willen werk in “%(what)s”.", number)
    return text % {"n": number, "what": what}


def _support_words(number: int, what: str) -> str:
    text = ngettext(
        "%(n)s mens vraagt deze steun: %(what)s.", "%(n)s mensen vragen deze steun: %(what)s.", number
    )
    return text % {"n": number, "what": what}


def _moment_words(number: int, what: str) -> str:
    text = ngettext("%(n)s mens kan op %(what)s.", "%(n)s mensen kunnen op %(what)s.", number)
    return text % {"n": number, "what": what}


def _places_words(number: int) -> str:
    if not number:
        return _("Er is geen vrije plaats.")
    text = ngettext("Er is %(n)s vrije plaats.", "Er zijn %(n)s vrije plaatsen.", number)
    return text % {"n": number}


def cell_words(cell: Cell | None) -> str:
    """A number as the page and the files show it."""
    return _("verborgen") if cell is HIDDEN else "–" if cell is None else str(cell)


def tables(found: Supply) -> list[tuple[str, str, Collection[Pair]]]:
    """(title, what a line is, lines) of each table, in the order of the page; for the files."""
    return [
        (_("Soort werk"), _("Soort werk"), found.sectors),
        (_("Momenten"), _("Wanneer"), found.moments),
        (_("Nederlands"), _("Stap"), found.dutch),
        (_("Steun"), _("Steun"), found.support),
        (_("Gemeenten"), _("Gemeente"), found.towns),
        (_("Soort traject"), _("Soort traject"), found.kinds),
    ]
