"""Whether a task fits a person: a few plain rules, each with its reason in words. No score, no ranking of people.

The coach decides; only what can't be done at all (no seat, a full host, a no) blocks (requirement E, AI Act: human-made rules).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stapsteen.core import halfdays
from stapsteen.hosts.actions import no_room_text, refusal_text
from stapsteen.hosts.capacity import refused, room, seats_taken
from stapsteen.hosts.models import CapacityUse, GuidanceCapacity, Host, Refusal, Task
from stapsteen.hosts.queries import person_nos
from stapsteen.network.programme.schema import NT2_STEPS
from stapsteen.pathways.models import Pathway
from stapsteen.placements.models import Placement

STEPS: tuple[str, ...] = (*NT2_STEPS, "native")
Light = Literal["green", "orange", "red"]


@dataclass(frozen=True)
class Reason:
    """One rule's answer: green fits, orange asks something, red doesn't fit; `blocks`: it can't be proposed."""

    light: Light
    text: str
    blocks: bool = False


@dataclass(frozen=True)
class Seeker:
    """What the rules look at in a person: free half-days (0: not known), Dutch, support, where a place is or was refused."""

    half_days: int
    dutch: tuple[str, str]
    tasks: frozenset[Any]
    refused_by: frozenset[Any]
    support: tuple[str, ...] = ()


@dataclass(frozen=True)
class Option:
    """A task with every reason for and against."""

    task: Task
    host: Host
    reasons: tuple[Reason, ...]
    overlap: int

    @property
    def light(self) -> Light:
        """The worst of its reasons."""
        lights = {reason.light for reason in self.reasons}
        return "red" if "red" in lights else "orange" if "orange" in lights else "green"

    @property
    def blocked(self) -> bool:
        return any(reason.blocks for reason in self.reasons)


def option(task: Task, host: Host, seeker: Seeker, day: date) -> Option:
    """`task.organisation` must have `running` (uses), `said` (statements) and `nos`: hosts.queries.open_prefetch."""
    overlap = (task.half_days or halfdays.ALL) & seeker.half_days
    room_for_one = (*_earlier(task, host, seeker), *_seats(task, day), *_guidance(task, seeker, day))
    reasons = (*room_for_one, _moment(task, seeker), _dutch(task, seeker))
    return Option(task, host, reasons, overlap)


def seeker_of(pathway: Pathway, placements: Sequence[Placement]) -> Seeker:
    """From the person and all placements of that person; half-days of open places are no longer free."""
    open_ones = [row for row in placements if row.state in ("proposed", "active")]
    taken = reduce(or_, (row.half_days for row in open_ones), 0)
    person = pathway.person
    return Seeker(
        half_days=person.half_days & ~taken,
        dutch=(person.dutch_listening, person.dutch_speaking),
        tasks=frozenset(row.task_id for row in open_ones),
        refused_by=frozenset(
            row.host_id for row in placements if row.pathway_id == pathway.pk and row.end_code == "host_no"
        )
        | {host for _person, host in person_nos([person.pk])},
        support=tuple(person.support),
    )


def _earlier(task: Task, host: Host, seeker: Seeker) -> Iterator[Reason]:
    if host.pk in seeker.refused_by:
        yield Reason("red", _("De organisatie zei al nee voor deze persoon"), blocks=True)
    if task.pk in seeker.tasks:
        yield Reason("red", _("Deze persoon heeft deze taak al"), blocks=True)


def running(task: Task) -> list[CapacityUse]:
    """Uses of the organisation's guidance, as `open_prefetch` left them."""
    uses: list[CapacityUse] = vars(task.organisation)["running"]
    return uses


def said(task: Task) -> list[GuidanceCapacity]:
    """Statements of the organisation, as `open_prefetch` left them."""
    statements: list[GuidanceCapacity] = vars(task.organisation)["said"]
    return statements


def _seats(task: Task, day: date) -> Iterator[Reason]:
    uses = [use for use in running(task) if use.task_id == task.pk]
    free = task.seats - seats_taken(uses, day)
    if free <= 0:
        yield Reason("red", _("Alle plaatsen zijn bezet of gepland"), blocks=True)
    else:
        yield Reason("green", ngettext("%(n)s plaats vrij", "%(n)s plaatsen vrij", free) % {"n": free})


def _guidance(task: Task, seeker: Seeker, day: date) -> Iterator[Reason]:
    """A no of the host ends it; otherwise whether it can guide one more, with the support that this person needs."""
    nos: list[Refusal] = vars(task.organisation)["nos"]
    if no := refused(nos, task.pk, seeker.support, day):
        yield Reason("red", refusal_text(no), blocks=True)
        return
    found = room(running(task), said(task), day, 1, seeker.support)
    if not found.free:
        yield Reason("red", no_room_text(found), blocks=True)
    else:
        yield Reason("green", _("De organisatie kan nog iemand begeleiden"))


def _moment(task: Task, seeker: Seeker) -> Reason:
    if not seeker.half_days:
        return Reason("orange", _("We weten niet wanneer de persoon kan"))
    if not task.half_days:
        return Reason("green", _("Kan op elk moment"))
    if both := task.half_days & seeker.half_days:
        return Reason("green", _("Past op %(days)s") % {"days": halfdays.in_words(both)})
    return Reason("red", _("Geen halve dag die past"))


def _dutch(task: Task, seeker: Seeker) -> Reason:
    """Too little Dutch is a question, never a refusal; a sub-task may ask less (document 003)."""
    if not task.dutch_level:
        return Reason("green", _("Nederlands maakt niet uit"))
    known = [STEPS.index(level) for level in seeker.dutch if level in STEPS]
    asked = {"level": task.dutch_level}
    if len(known) < 2:
        return Reason("orange", _("Vraagt Nederlands %(level)s. Vraag hoeveel de persoon kent") % asked)
    if min(known) >= STEPS.index(task.dutch_level):
        return Reason("green", _("Genoeg Nederlands"))
    if any({"dutch_listening", "dutch_speaking"} & set(part.lifts) for part in task.subtasks.all()):
        return Reason("orange", _("Vraagt Nederlands %(level)s. Een deeltaak kan misschien wel") % asked)
    return Reason("orange", _("Vraagt Nederlands %(level)s. Bespreek het") % asked)
