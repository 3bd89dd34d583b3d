"""Reads about hosts, their capacity and their tasks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Prefetch, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rapidfuzz import fuzz, process

from stapsteen.core.access import reachable
from stapsteen.core.scope import Actor
from stapsteen.hosts.access import network_of_service
from stapsteen.hosts.capacity import Load, statement_on
from stapsteen.hosts.models import (
    CapacityUse,
    GuidanceCapacity,
    Host,
    HostContact,
    Organisation,
    Task,
)
from stapsteen.hosts.states import HOST
from stapsteen.network.models import Municipality, Service
from stapsteen.network.places import fold

WARN_DAYS = 60
"""Days before the insurance ends that it is warned for (decided default; the expiry date is the last covered day)."""
STATE_BADGES = {
    "prospect": "neutral",
    "talking": "info",
    "active": "success",
    "paused": "warning",
    "stopped": "neutral",
}
ALIKE = 82
"""rapidfuzz score from which two names of organisations look alike."""


@dataclass(frozen=True)
class Caution:
    """Something that needs attention; `kind` is warning or error."""

    kind: str
    text: str


@dataclass(frozen=True)
class HostRow:
    """A host as lists show it. `places` is None while the organisation said nothing."""

    host: Host
    contact: HostContact | None
    places: int | None
    paused: bool
    load: Load
    warnings: tuple[Caution, ...]

    @property
    def state_word(self) -> str:
        return str(HOST.states[self.host.state])

    @property
    def town(self) -> str:
        return self.host.organisation.municipality.name if self.host.organisation.municipality else ""

    @property
    def room_word(self) -> str:
        """Capacity in a few words."""
        if self.places is None:
            return _("nog niet gevraagd")
        if self.paused:
            return _("pauzeert")
        free = self.places - self.load.total
        if free <= 0:
            return _("vol") if free == 0 else _("te veel")
        return ngettext("%(n)s vrij", "%(n)s vrij", free) % {"n": free}


def host_url(service: Service, host_id: Any) -> str:
    return reverse("hosts.host_detail", kwargs={"service": service.slug, "host": host_id})


def contact_on(host: Host, day: date) -> HostContact | None:
    """The host's contact for this service on that day; before the first one, that first one; none: None."""
    real = [row for row in host.contacts.all() if row.ends_on is None or row.ends_on >= row.starts_on]
    held = [row for row in real if row.starts_on <= day and (row.ends_on is None or row.ends_on >= day)]
    later = [row for row in real if row.starts_on > day]
    return held[0] if held else min(later, key=lambda row: row.starts_on, default=None)


# Hosts ---------------------------------------------------------------------------------------------------------------


def list_hosts(
    actor: Actor, *, q: str = "", state: str = "", sector: str = "", town: str = "", free: bool = False
) -> Any:
    """The hosts that the actor may see, filtered; `state` "" leaves out the stopped ones, "all" shows them too."""
    hosts = with_capacity(reachable(actor, "hosts.host.view"), timezone.localdate())
    if state != "all":
        hosts = hosts.filter(state=state) if state else hosts.exclude(state="stopped")
    if sector:
        hosts = hosts.filter(organisation__sectors__contains=[sector])
    if town:
        hosts = hosts.filter(organisation__municipality_id=town)
    if q.strip():
        hosts = hosts.filter(pk__in=_alike_hosts(hosts, q))
    if free:
        hosts = hosts.filter(state="active", paused=False, places__gt=F("used") + F("planned"))
    return (
        hosts.select_related("organisation__municipality", "organisation__part_of")
        .prefetch_related("contacts")
        .order_by("organisation__name", "id")
    )


def with_capacity(hosts: Any, day: date) -> Any:
    """Each host with `places` and `paused` of its newest statement, and the weights `used` and `planned` (network-wide)."""
    said = (
        GuidanceCapacity.objects.on(day)
        .filter(organisation=OuterRef("organisation"))
        .order_by("-starts_on", "-id")
    )
    uses = running_uses(day).filter(organisation=OuterRef("organisation")).order_by()
    return hosts.annotate(
        places=Subquery(said.values("places")[:1]),
        paused=Subquery(said.values("paused")[:1]),
        used=_weights(uses.filter(starts_on__lte=day)),
        planned=_weights(uses.filter(starts_on__gt=day)),
    )


def running_uses(day: date) -> Any:
    """Uses that hold on the day or later; one that never held is left out."""
    return CapacityUse.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=day), Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))
    )


def _weights(uses: Any) -> Any:
    summed = uses.values("organisation").annotate(n=Sum("weight")).values("n")
    return Coalesce(Subquery(summed, output_field=IntegerField()), 0)


def _alike_hosts(hosts: Any, q: str) -> list[Any]:
    rows = hosts.values_list("pk", "organisation__name", "organisation__municipality__name")
    return [pk for pk, name, town in rows if matches(q, f"{name} {town or ''}")]


def matches(q: str, text: str) -> bool:
    """Forgiving: every word of the search stands in the text, or nearly so (a letter wrong, other accents)."""
    words = fold(text).split()
    return all(
        any(word in other for other in words)
        or process.extractOne(word, words, scorer=fuzz.ratio, score_cutoff=ALIKE)
        for word in fold(q).split()
    )


def row(host: Any) -> HostRow:
    """A host of `list_hosts` as a line."""
    today = timezone.localdate()
    contact = contact_on(host, today)
    found = Load(host.used, host.planned)
    return HostRow(
        host, contact, host.places, bool(host.paused), found,
        tuple(warnings(host, contact, host.places, found, today)),
    )  # fmt: skip


def warnings(
    host: Host, contact: HostContact | None, places: int | None, used: Load, today: date
) -> Iterable[Caution]:
    """What needs attention at a host; a stopped one asks nothing."""
    if host.state == "stopped":
        return
    if contact is None:
        yield Caution("warning", _("Geen contactpersoon"))
    if host.talk_wanted:
        yield Caution("warning", _("Gesprek nodig over %(what)s") % {"what": Host.TALKS[host.talk_wanted]})
    if host.state != "active":
        return
    yield from insurance_warnings(host, today)
    if places is None:
        yield Caution("warning", _("Draagkracht nog niet gevraagd"))
    elif used.total > places:
        yield Caution("error", _("Meer mensen dan de organisatie aankan"))


def insurance_warnings(host: Host, today: date) -> Iterable[Caution]:
    """Missing, over, or over within 60 days."""
    until = host.insurance_until
    if until is None:
        yield Caution("warning", _("Verzekering nog niet ingevuld"))
    elif until < today:
        yield Caution("error", _("Verzekering verlopen op %(day)s") % {"day": until.strftime("%d/%m/%Y")})
    elif until <= today + timedelta(days=WARN_DAYS):
        yield Caution("warning", _("Verzekering loopt tot %(day)s") % {"day": until.strftime("%d/%m/%Y")})


def towns_of_hosts(actor: Actor) -> Any:
    """The towns where the service has hosts, by name."""
    wanted = reachable(actor, "hosts.host.view").values("organisation__municipality_id")
    return Municipality.objects.filter(pk__in=wanted).order_by("name")


@dataclass(frozen=True)
class HostPicture:
    """Everything that the page of one host shows. `alone` says whether other services work with it too."""

    row: HostRow
    statement: GuidanceCapacity | None
    statements: list[GuidanceCapacity]
    tasks: list[TaskRow]
    notes: list[Any]
    contacts: list[HostContact]


def picture(host: Host) -> HostPicture:
    today = timezone.localdate()
    found = with_capacity(Host.objects.filter(pk=host.pk), today)
    whole = found.select_related(
        "organisation__municipality", "organisation__part_of", "organisation__umbrella"
    ).prefetch_related("contacts", "organisation__capacities", "notes")[0]
    statements = sorted(whole.organisation.capacities.all(), key=lambda said: said.starts_on, reverse=True)
    tasks = with_seats(Task.objects.filter(organisation=whole.organisation), today).order_by(
        "closed_on", "title", "id"
    )
    contacts = sorted(whole.contacts.all(), key=lambda contact: contact.starts_on, reverse=True)
    return HostPicture(
        row(whole),
        statement_on(statements, today),
        [said for said in statements if said.ends_on is None or said.ends_on >= said.starts_on],
        [task_row(task) for task in tasks],
        list(whole.notes.all()),
        [contact for contact in contacts if contact.ends_on is None or contact.ends_on >= contact.starts_on],
    )


# Organisations of the network ------------------------------------------------------------------------------------------


def similar_organisations(q: str, *, limit: int = 12) -> list[Organisation]:
    """Organisations of the service's network whose name or number looks like the text, the most alike first."""
    digits = "".join(char for char in q if char.isdigit())
    rows = Organisation.objects.filter(network_id__in=network_of_service()).values_list(
        "pk", "name", "enterprise_number"
    )
    scored = []
    for pk, name, number in rows:
        score = (
            100.0 if len(digits) >= 6 and digits in number else max(alike(q, name), 90.0 * said_in(q, name))
        )
        if score >= ALIKE:
            scored.append((-score, name, pk))
    order = [pk for _score, _name, pk in sorted(scored)[:limit]]
    found = Organisation.objects.select_related("municipality").in_bulk(order)
    return [found[pk] for pk in order]


def alike(one: str, other: str) -> float:
    """0 to 100; legal forms and the order of words don't count."""
    first, second = _bare(one), _bare(other)
    if not first or not second:
        return 0.0
    if first in second or second in first:
        return 95.0
    return float(max(fuzz.token_sort_ratio(first, second), fuzz.ratio(first, second)))


def said_in(q: str, name: str) -> bool:
    """Every word that carries meaning stands in the name, or nearly so."""
    return bool(_bare(q)) and matches(_bare(q), name)


def _bare(name: str) -> str:
    forms = {"vzw", "asbl", "bv", "nv", "cv", "cvba", "de", "het", "t"}
    words = [word for word in fold(name).split() if word not in forms]
    return " ".join(words)


def organisation_choices() -> list[tuple[str, str]]:
    """All organisations of the network, for a choice list."""
    rows = (
        Organisation.objects.filter(network_id__in=network_of_service())
        .values_list("pk", "name")
        .order_by("name")
    )
    return [(str(pk), name) for pk, name in rows]


# Tasks ---------------------------------------------------------------------------------------------------------------


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


def list_tasks(
    actor: Actor, *, q: str = "", sector: str = "", town: str = "", moment: int = 0, free: bool = False
) -> Any:
    """Open tasks of the network, filtered. `moment`: a mask of half-days, one of which must be in the task."""
    today = timezone.localdate()
    tasks = open_tasks(with_seats(reachable(actor, "hosts.task.view"), today), today)
    if sector:
        tasks = tasks.filter(sector=sector)
    if town:
        tasks = tasks.filter(organisation__municipality_id=town)
    if moment:
        tasks = at_moment(tasks, moment)
    if q.strip():
        tasks = tasks.filter(pk__in=_alike_tasks(tasks, q))
    if free:
        tasks = tasks.filter(taken__lt=F("seats"))
    return tasks.select_related("organisation__municipality").order_by("organisation__name", "title", "id")


def open_tasks(tasks: Any, day: date) -> Any:
    return tasks.filter(Q(closed_on=None) | Q(closed_on__gt=day))


def at_moment(tasks: Any, mask: int) -> Any:
    """Tasks on one of these half-days; a task without half-days is at any moment."""
    return tasks.annotate(overlap=F("half_days").bitand(mask)).filter(Q(overlap__gt=0) | Q(half_days=0))


def _alike_tasks(tasks: Any, q: str) -> list[Any]:
    rows = tasks.values_list("pk", "title", "description", "organisation__name")
    return [pk for pk, *texts in rows if matches(q, " ".join(texts))]


def towns_of_tasks(actor: Actor) -> Any:
    """The towns where the network has tasks, by name."""
    wanted = reachable(actor, "hosts.task.view").values("organisation__municipality_id")
    return Municipality.objects.filter(pk__in=wanted).order_by("name")


def own_hosts(organisation_ids: Iterable[Any]) -> dict[Any, Host]:
    """Organisation -> how this service works with it, for those that it works with."""
    return {
        host.organisation_id: host for host in Host.objects.filter(organisation_id__in=list(organisation_ids))
    }


def open_prefetch(day: date) -> list[Any]:
    """What `capacity.room` needs of tasks' organisations, in three queries for any number of tasks."""
    return [
        Prefetch("organisation__uses", running_uses(day), to_attr="running"),
        Prefetch("organisation__capacities", to_attr="said"),
    ]
