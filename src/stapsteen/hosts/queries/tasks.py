"""Tasks of the network with their seats."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from stapsteen.core.access import reachable
from stapsteen.core.scope import Actor
from stapsteen.hosts.models import CapacityUse, GuidanceCapacity, Host, Refusal, SubTask, Task
from stapsteen.hosts.queries.organisations import matches
from stapsteen.network.models import Municipality
from stapsteen.network.programme.schema import NT2_STEPS

STALE_DAYS = 180
"""After so many days without anybody saying that it still holds, a task or a capacity is asked about (our choice)."""

TOWN = Coalesce("site__municipality_id", "organisation__municipality_id")


def running_uses(day: date) -> Any:
    """Uses that hold on the day or later; one that never held is left out."""
    return CapacityUse.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=day), Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))
    )


@dataclass(frozen=True)
class TaskRow:
    """A task with its seats: taken or promised from today on, over the whole network."""

    task: Task
    taken: int

    @property
    def free(self) -> int:
        return max(0, self.task.seats - self.taken)

    @property
    def closed(self) -> bool:
        return self.task.closed_on is not None and self.task.closed_on <= timezone.localdate()


def with_seats(tasks: Any, day: date) -> Any:
    """Each task with `taken`: the people on it, or planned, from the day on."""
    uses = running_uses(day).filter(task=OuterRef("pk")).order_by()
    counted = uses.values("task").annotate(n=Count("pk")).values("n")
    return tasks.annotate(taken=Coalesce(Subquery(counted, output_field=IntegerField()), 0))


def task_row(task: Any) -> TaskRow:
    return TaskRow(task, task.taken)


def tasks_of(organisation: Any) -> Any:
    """The organisation's tasks with what their card shows."""
    return (
        Task.objects.filter(organisation=organisation)
        .select_related("site")
        .prefetch_related("subtasks", Prefetch("refusals", Refusal.objects.filter(ends_on=None)))
    )


TASK_ORDERS: dict[str, tuple[Any, ...]] = {
    "gemeente": (
        Coalesce("site__municipality__name", "organisation__municipality__name").asc(nulls_last=True),
    ),
    "vrij": ((F("seats") - F("taken")).desc(),),
    "oud": (F("confirmed_on").asc(nulls_first=True),),
}


def list_tasks(
    actor: Actor,
    *,
    q: str = "",
    sector: str = "",
    town: str = "",
    moment: int = 0,
    kind: str = "",
    support: str = "",
    dutch: str = "",
    free: bool = False,
    stale: bool = False,
    order: str = "",
) -> Any:
    """Open tasks of the network, filtered. `moment`: a mask of half-days, one of which must be in the task.

    `dutch`: tasks for somebody who listens and speaks at this step, sub-tasks that lift it among them. `stale`: nobody
    said for long that they still hold. `order`: see TASK_ORDERS.
    """
    today = timezone.localdate()
    tasks = open_tasks(with_seats(reachable(actor, "hosts.task.view"), today), today)
    if sector:
        tasks = tasks.filter(sector=sector)
    if town:
        tasks = in_town(tasks, town)
    if kind:
        tasks = tasks.filter(kind=kind)
    if support:
        tasks = tasks.filter(support__contains=[support])
    if dutch:
        tasks = _for_dutch(tasks, dutch)
    if stale:
        tasks = tasks.filter(confirmed_on__lte=today - timedelta(days=STALE_DAYS))
    if moment:
        tasks = at_moment(tasks, moment)
    if q.strip():
        tasks = tasks.filter(pk__in=_alike_tasks(tasks, q))
    if free:
        tasks = tasks.filter(taken__lt=F("seats"))
    return (
        tasks.select_related("organisation__municipality", "site__municipality")
        .prefetch_related("subtasks")
        .order_by(*TASK_ORDERS.get(order, ()), "organisation__name", "title", "id")
    )


def _for_dutch(tasks: Any, step: str) -> Any:
    """Tasks that ask at most this step of listening and speaking, or have a part that lifts what is more."""
    easy = ["", *NT2_STEPS[: NT2_STEPS.index(step) + 1]]
    found = tasks
    for skill in ("dutch_listening", "dutch_speaking"):
        lifted = SubTask.objects.filter(task=OuterRef("pk"), lifts__contains=[skill])
        found = found.filter(Q(**{f"{skill}__in": easy}) | Q(Exists(lifted)))
    return found


@dataclass(frozen=True)
class CareWork:
    """Care-work places of one organisation: how many there are, and how many are taken or promised (D5)."""

    organisation: str
    seats: int
    taken: int


def care_work_places(actor: Actor) -> list[CareWork]:
    """Places for care work per organisation, of all open care-work tasks of the network (document 001, slide 20)."""
    today = timezone.localdate()
    tasks = open_tasks(with_seats(reachable(actor, "hosts.task.view"), today), today).filter(kind="care_work")
    found: dict[Any, CareWork] = {}
    for task in tasks.select_related("organisation").order_by("organisation__name", "id"):
        before = found.get(task.organisation_id, CareWork(task.organisation.name, 0, 0))
        found[task.organisation_id] = CareWork(
            before.organisation, before.seats + task.seats, before.taken + task.taken
        )
    return list(found.values())


def public_tasks(network_id: Any, day: date) -> Any:
    """Open tasks with a public text and contact, published up to and with some day to come: for a public list."""
    return open_tasks(
        Task.objects.filter(organisation__network_id=network_id, published_until__gte=day), day
    ).order_by("published_until", "id")


def open_tasks(tasks: Any, day: date) -> Any:
    """Not closed, and not past: a task with a last day, or for one day only, is over after it (Task.open_on)."""
    over = Q(ends_on__lt=day) | Q(once=True, ends_on=None, starts_on__lt=day)
    return tasks.filter(Q(closed_on=None) | Q(closed_on__gt=day)).exclude(over)


def at_moment(tasks: Any, mask: int) -> Any:
    """Tasks on one of these half-days; a task without half-days is at any moment."""
    return tasks.annotate(overlap=F("half_days").bitand(mask)).filter(Q(overlap__gt=0) | Q(half_days=0))


def _alike_tasks(tasks: Any, q: str) -> list[Any]:
    rows = tasks.values_list("pk", "title", "description", "organisation__name")
    return [pk for pk, *texts in rows if matches(q, " ".join(texts))]


def town_keys(tasks: Any) -> Any:
    """The municipality id of each task (`Task.town`), None where it isn't known."""
    return tasks.order_by().values_list(TOWN, flat=True)


def in_town(tasks: Any, town: str) -> Any:
    """Those that are done in this municipality (an id)."""
    return tasks.alias(where=TOWN).filter(where=town)


def towns_of(tasks: Any) -> Any:
    """The towns where these tasks are done, by name."""
    return Municipality.objects.filter(pk__in=town_keys(tasks)).order_by("name")


def towns_of_tasks(actor: Actor) -> Any:
    """The towns where the network has tasks, by name."""
    return towns_of(reachable(actor, "hosts.task.view"))


def own_hosts(organisation_ids: Iterable[Any]) -> dict[Any, Host]:
    """Organisation -> how this service works with it, for those that it works with."""
    return {
        host.organisation_id: host for host in Host.objects.filter(organisation_id__in=list(organisation_ids))
    }


def open_prefetch(day: date, before: str = "organisation__") -> list[Any]:
    """What `capacity.room` and `capacity.refused` need of tasks' organisations, in a few queries for any number of tasks.

    On a queryset of organisations `before` is "".
    """
    said = GuidanceCapacity.objects.prefetch_related("supports")
    parts = ["subtasks"] if before else []
    return [
        Prefetch(f"{before}uses", running_uses(day), to_attr="running"),
        Prefetch(f"{before}capacities", said, to_attr="said"),
        Prefetch(f"{before}refusals", to_attr="nos"),
        *parts,
    ]
