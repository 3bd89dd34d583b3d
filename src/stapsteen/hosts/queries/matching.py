"""What a search for places needs to know of hosts, in constant queries: requirements, seats, guidance, no's, asks.

Nothing here knows a person but `person_nos`, and that gives ids only. Everything is over the whole network; which hosts the
service works with is `own_hosts`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count

from stapsteen.hosts import capacity
from stapsteen.hosts.access import network_of_service
from stapsteen.hosts.models import DUTCH_SKILLS, HostAsk, Organisation, PersonNo, SubTask, Task
from stapsteen.hosts.queries.tasks import open_prefetch, open_tasks


@dataclass(frozen=True)
class Needs:
    """What a task, or a part of it, asks. `dutch`: skill -> step of NT2, only what is asked. Codes of hosts.models."""

    dutch: dict[str, str]
    physical: frozenset[str]
    allergens: frozenset[str]


@dataclass(frozen=True)
class Part:
    """A sub-task with what it still asks once its lifted requirements fall away."""

    subtask: SubTask
    needs: Needs


@dataclass(frozen=True)
class TaskFacts:
    """One open task as a matcher sees it.

    `half_days` 0: any moment. `travel`: how one gets there, empty: not known. `support`: kinds offered with the task.
    `seats_left`: people at once, on every day from the day asked for; never below 0. `last_day`: None for no end.
    """

    task: Task
    organisation_id: UUID
    kind: str
    sector: str
    half_days: int
    first_day: date | None
    last_day: date | None
    needs: Needs
    parts: tuple[Part, ...]
    travel: frozenset[str]
    support: frozenset[str]
    guidance: str
    seats_left: int


@dataclass(frozen=True)
class Guidance:
    """What an organisation can still carry from a day on, summed over all services.

    `left`: weight that still fits on every day; None: it said nothing yet, so it isn't asked to carry anybody. `support`:
    kind -> people that still fit, 0 for full or a no; a kind that isn't there wasn't spoken about and needs a talk.
    """

    left: int | None
    paused: bool
    support: dict[str, int]


@dataclass(frozen=True)
class Nos:
    """What an organisation said no to, now or from a later day on. Never passed by (document 003)."""

    everybody: bool
    support: frozenset[str]
    tasks: frozenset[UUID]


def tasks_to_match(day: date, *, kind: str = "") -> list[TaskFacts]:
    """Every open task of the network on the day, in order of organisation and title; `kind` of Task.KINDS, "" for all."""
    tasks = open_tasks(Task.objects.filter(organisation__network_id__in=network_of_service()), day)
    if kind:
        tasks = tasks.filter(kind=kind)
    found = tasks.select_related("organisation__municipality", "site__municipality").prefetch_related(
        *open_prefetch(day)
    )
    return [facts(task, day) for task in found.order_by("organisation__name", "title", "id")]


def facts(task: Task, day: date) -> TaskFacts:
    """One task with `open_prefetch(day)` done."""
    uses = [use for use in vars(task.organisation)["running"] if use.task_id == task.pk]
    asked = needs_of(task)
    return TaskFacts(
        task=task,
        organisation_id=task.organisation_id,
        kind=task.kind,
        sector=task.sector,
        half_days=task.half_days,
        first_day=task.starts_on,
        last_day=task.ends_on or (task.starts_on if task.once else None),
        needs=asked,
        parts=tuple(Part(part, without(asked, part.lifts)) for part in task.subtasks.all()),
        travel=frozenset(task.travel),
        support=frozenset(task.support),
        guidance=task.guidance,
        seats_left=max(0, task.seats - capacity.seats_taken(uses, day)),
    )


def needs_of(task: Task) -> Needs:
    """What the whole task asks."""
    dutch = {skill: step for skill in DUTCH_SKILLS if (step := getattr(task, f"dutch_{skill}"))}
    return Needs(dutch, frozenset(task.physical), frozenset(task.allergens))


def without(needs: Needs, lifts: Iterable[str]) -> Needs:
    """What is still asked once these requirements (codes of hosts.models.LIFTS) fall away."""
    gone = set(lifts)
    return Needs(
        {skill: step for skill, step in needs.dutch.items() if f"dutch_{skill}" not in gone},
        needs.physical - gone,
        frozenset(code for code in needs.allergens if f"allergen_{code}" not in gone),
    )


def guidance_left(organisation_ids: Iterable[UUID], day: date) -> dict[UUID, Guidance]:
    """Organisation -> what it can still carry from the day on, over all services of the network together."""
    rows = Organisation.objects.filter(pk__in=list(organisation_ids))
    found = {}
    for organisation in rows.prefetch_related(*open_prefetch(day, before="")):
        uses, said = vars(organisation)["running"], vars(organisation)["said"]
        now = capacity.statement_on(said, day)
        found[organisation.pk] = Guidance(
            capacity.places_left(uses, said, day),
            now is not None and now.paused,
            capacity.supports_left(uses, said, day),
        )
    return found


def nos_of(organisation_ids: Iterable[UUID], day: date) -> dict[UUID, Nos]:
    """Organisation -> its no's that hold on the day or later; those without any are absent."""
    found = {}
    for organisation in Organisation.objects.filter(pk__in=list(organisation_ids)).prefetch_related(
        "refusals"
    ):
        rows = [
            no
            for no in organisation.refusals.all()
            if no.ends_on is None or no.ends_on >= max(day, no.starts_on)
        ]
        if rows:
            found[organisation.pk] = Nos(
                any(no.task_id is None and not no.support for no in rows),
                frozenset(no.support for no in rows if no.support and no.task_id is None),
                frozenset(no.task_id for no in rows if no.task_id is not None),
            )
    return found


def person_nos(person_ids: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
    """(person, host) pairs in the open scope for which the host said no. Ids only."""
    rows = PersonNo.objects.filter(person_id__in=list(person_ids))
    return set(rows.values_list("person_id", "host_id"))


def asks_left(organisation_ids: Iterable[UUID], day: date) -> dict[UUID, int]:
    """Organisation -> how often it may still be asked something in the calendar month of the day; never below 0."""
    ids = list(organisation_ids)
    asked = HostAsk.objects.filter(
        organisation_id__in=ids, asked_on__year=day.year, asked_on__month=day.month
    ).order_by()
    counts = dict(asked.values_list("organisation_id").annotate(n=Count("pk")))
    most = Organisation.objects.filter(pk__in=ids).values_list("pk", "asks_per_month")
    return {key: max(0, number - counts.get(key, 0)) for key, number in most}
