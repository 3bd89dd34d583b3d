"""Hosts of a service: the list, one host, and what needs attention."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Prefetch, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stapsteen.core.access import reachable
from stapsteen.core.scope import Actor
from stapsteen.hosts.capacity import Load, statement_on
from stapsteen.hosts.models import (
    GuidanceCapacity,
    Host,
    HostAgreement,
    HostAsk,
    HostContact,
    KeyPerson,
    Organisation,
    Refusal,
    Site,
    Task,
)
from stapsteen.hosts.queries.organisations import matches
from stapsteen.hosts.queries.tasks import (
    STALE_DAYS,
    TaskRow,
    open_tasks,
    running_uses,
    task_row,
    tasks_of,
    with_seats,
)
from stapsteen.hosts.states import HOST
from stapsteen.network.models import Municipality, Service
from stapsteen.people.models import SUPPORT

WARN_DAYS = 60
"""Days before the insurance ends that it is warned for (decided default; the expiry date is the last covered day)."""
STATE_BADGES = {
    "prospect": "neutral",
    "visited": "neutral",
    "talking": "info",
    "active": "success",
    "paused": "warning",
    "stopped": "neutral",
}
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Caution:
    """Something that needs attention; `kind` is warning or error.

    `step` is where it is put right: a form of the host (as in views.common.about), "tasks" or "agreements"; "" is nowhere.
    """

    kind: str
    text: str
    step: str = ""


@dataclass(frozen=True)
class HostRow:
    """A host as lists show it. `places` is None while the organisation said nothing; `paused` says that nobody new
    comes: the organisation asked it, or the service doesn't work with it now.
    """

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
        """Where it works: its own town first, then those of its open sites by name, each once."""
        organisation = self.host.organisation
        own = [organisation.municipality.name] if organisation.municipality else []
        sites = {site.municipality.name for site in organisation.sites.all()}
        return ", ".join([*own, *sorted(sites.difference(own))])

    @property
    def room_word(self) -> str:
        """Capacity in a few words."""
        if self.host.state == "stopped":
            return ""
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


def near_on(host: Host, half_days: int, day: date) -> list[KeyPerson]:
    """The key people of that day; first who is there on most of these half-days, then those of whom that isn't known."""
    held = [
        one for one in host.key_people.all()
        if one.starts_on <= day and (one.ends_on is None or one.ends_on >= day)
    ]  # fmt: skip
    shared = {
        one.pk: (one.half_days & half_days).bit_count() or (0.5 if not one.half_days else 0) for one in held
    }
    return sorted(held, key=lambda one: (-shared[one.pk], one.name))


# Hosts ---------------------------------------------------------------------------------------------------------------


HOST_ORDERS: dict[str, tuple[Any, ...]] = {
    "gemeente": (F("organisation__municipality__name").asc(nulls_last=True),),
    # Who pauses, stopped or said nothing has no free place: last.
    "vrij": (
        Case(
            When(state="active", paused=False, then=F("places") - F("used") - F("planned")), default=None
        ).desc(nulls_last=True),
    ),
}


def list_hosts(
    actor: Actor,
    *,
    q: str = "",
    state: str = "",
    sector: str = "",
    town: str = "",
    support: str = "",
    free: bool = False,
    needing: bool = False,
    order: str = "",
) -> Any:
    """The hosts that the actor may see, filtered; `state` "" leaves out the stopped ones, "all" shows them too.

    `needing`: only those with a warning, which is known once all the others were looked at. `order`: see HOST_ORDERS.
    """
    hosts = with_capacity(reachable(actor, "hosts.host.view"), timezone.localdate())
    if state != "all":
        hosts = hosts.filter(state=state) if state else hosts.exclude(state="stopped")
    if sector:
        hosts = hosts.filter(organisation__sectors__contains=[sector])
    if town:
        there = Site.objects.filter(
            organisation=OuterRef("organisation"), closed_on=None, municipality_id=town
        )
        hosts = hosts.filter(Q(organisation__municipality_id=town) | Exists(there))
    if support:
        hosts = hosts.filter(pk__in=_giving(hosts, support))
    if q.strip():
        hosts = hosts.filter(pk__in=_alike_hosts(hosts, q))
    if free:
        hosts = hosts.filter(state="active", paused=False, places__gt=F("used") + F("planned"))
    found = (
        hosts.select_related("organisation__municipality", "organisation__part_of")
        .prefetch_related(*standing())
        .order_by(*HOST_ORDERS.get(order, ()), "organisation__name", "id")
    )
    return found.filter(pk__in=[row.host.pk for row in rows(found) if row.warnings]) if needing else found


def standing() -> list[Any]:
    """What a `HostRow` looks at beside the host itself, in a few queries for any number of hosts."""
    return [
        "contacts",
        Prefetch("agreements", HostAgreement.objects.exclude(state="replaced")),
        "talks",
        "reviews",
        "organisation__tasks",
        Prefetch("organisation__sites", Site.objects.filter(closed_on=None).select_related("municipality")),
    ]


def _giving(hosts: Any, support: str) -> list[Any]:
    """Hosts whose organisation says now that it can give this support to at least one person."""
    said = GuidanceCapacity.objects.on(timezone.localdate()).filter(
        supports__kind=support, supports__places__gt=0, paused=False, places__gt=0
    )
    return list(hosts.filter(organisation__in=said.values("organisation")).values_list("pk", flat=True))


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


def _weights(uses: Any) -> Any:
    summed = uses.values("organisation").annotate(n=Sum("weight")).values("n")
    return Coalesce(Subquery(summed, output_field=IntegerField()), 0)


def _alike_hosts(hosts: Any, q: str) -> list[Any]:
    """Hosts whose name, or a town where they work, is like what was typed."""
    rows = list(
        hosts.values_list("pk", "organisation_id", "organisation__name", "organisation__municipality__name")
    )
    sites = Site.objects.filter(organisation__in={row[1] for row in rows}, closed_on=None)
    towns: dict[Any, list[str]] = {}
    for organisation, town in sites.values_list("organisation_id", "municipality__name"):
        towns.setdefault(organisation, []).append(town)
    return [
        pk
        for pk, organisation, name, town in rows
        if matches(q, " ".join([name, town or "", *towns.get(organisation, [])]))
    ]


def rows(hosts: Iterable[Any]) -> list[HostRow]:
    """Hosts of `list_hosts` as lines, each with whether it always says yes and loses people."""
    found = list(hosts)
    strains = strained(found, timezone.localdate())
    return [row(host, strains.get(host.pk)) for host in found]


def row(host: Any, strain: Strain | None = None) -> HostRow:
    """A host of `list_hosts` as a line."""
    today = timezone.localdate()
    contact = contact_on(host, today)
    found = Load(host.used, host.planned)
    return HostRow(
        host, contact, host.places, bool(host.paused) or host.state in ("paused", "stopped"), found,
        tuple(warnings(host, contact, host.places, found, today, strain)),
    )  # fmt: skip


def warnings(
    host: Host,
    contact: HostContact | None,
    places: int | None,
    used: Load,
    today: date,
    strain: Strain | None = None,
) -> Iterable[Caution]:
    """What needs attention at a host; a stopped one asks nothing."""
    if host.state == "stopped":
        return
    if contact is None:
        yield Caution("warning", _("Geen contactpersoon"), "contact_set")
    if host.talk_wanted:
        yield Caution(
            "warning",
            _("Gesprek nodig over %(what)s") % {"what": Host.TALKS[host.talk_wanted]},
            "host_agreement",
        )
    if host.state != "active":
        return
    yield from insurance_warnings(host, today)
    yield from agreement_warnings(host, today)
    if strain is not None:
        yield Caution("warning", strain.text, "review_add")
    if places is None:
        yield Caution("warning", _("Draagkracht nog niet gevraagd"), "capacity_set")
    elif used.total > places:
        yield Caution("error", _("Meer mensen dan de organisatie aankan"))
    yield from silence_warnings(host, today)


def insurance_warnings(host: Host, today: date) -> Iterable[Caution]:
    """Missing, over, or over within 60 days."""
    until = host.insurance_until
    if until is None:
        yield Caution("warning", _("Verzekering nog niet ingevuld"), "host_agreement")
    elif until < today:
        yield Caution(
            "error",
            _("Verzekering verlopen op %(day)s") % {"day": until.strftime("%d/%m/%Y")},
            "host_agreement",
        )
    elif until <= today + timedelta(days=WARN_DAYS):
        yield Caution(
            "warning",
            _("Verzekering loopt tot %(day)s") % {"day": until.strftime("%d/%m/%Y")},
            "host_agreement",
        )


def agreement_warnings(host: Host, today: date) -> Iterable[Caution]:
    """Waiting to be signed, over, or over within 60 days; `host.agreements` without the replaced ones."""
    for agreement in host.agreements.all():
        if agreement.state == "out":
            yield Caution("warning", _("Afspraken nog te tekenen"), "agreements")
        elif agreement.ends_on and agreement.ends_on < today:
            yield Caution(
                "error",
                _("Afspraken verlopen op %(day)s") % {"day": agreement.ends_on.strftime("%d/%m/%Y")},
                "agreement_new",
            )
        elif agreement.ends_on and agreement.ends_on <= today + timedelta(days=WARN_DAYS):
            yield Caution(
                "warning",
                _("Afspraken lopen tot %(day)s") % {"day": agreement.ends_on.strftime("%d/%m/%Y")},
                "agreement_new",
            )


def silence_warnings(host: Host, today: date) -> Iterable[Caution]:
    """Tasks that nobody looked at for long, and a look back that is more than a year away."""
    stale = [
        task
        for task in host.organisation.tasks.all()
        if task.open_on(today) and task.confirmed_on <= today - timedelta(days=STALE_DAYS)
    ]
    if stale:
        yield Caution(
            "warning",
            ngettext("%(n)s taak lang niet nagekeken", "%(n)s taken lang niet nagekeken", len(stale))
            % {"n": len(stale)},
            "tasks",
        )
    last = max([host.state_since, *(review.held_on for review in host.reviews.all())])
    if last <= today - YEAR:
        yield Caution("warning", _("Tijd om samen terug te kijken"), "review_add")


@dataclass(frozen=True)
class YearFacts:
    """A year of one host in this service: who came, who stopped within three months, what it said no to."""

    came: int
    stopped_early: int
    there: int
    said_no: int


@dataclass(frozen=True)
class Strain:
    """A host that always said yes and lost people: the facts, as a question to it, never a reproach (document 003)."""

    facts: YearFacts

    @property
    def text(self) -> str:
        return _(
            "Zei altijd ja. In een jaar kwamen %(came)s mensen, %(early)s stopten snel. Vraag of het niet te veel is."
        ) % {"came": self.facts.came, "early": self.facts.stopped_early}


EARLY = timedelta(days=92)
STOPPED = {"change_by_person", "change_by_host", "stopped_by_person", "stopped_by_host", "health"}
"""How a place ended when it didn't work out (codes of placements.models.END_CODES)."""
MANY, LOST = 4, 2
"""From so many people in a year, of whom so many and a third stopped early, a host that never said no is spoken to (our
choice; document 003: "geëngageerde vrijwilligersverantwoordelijken eerder afremmen")."""


def years(hosts: Iterable[Host], today: date) -> dict[Any, YearFacts]:
    """Host -> its year up to today, in three queries. Codes and days only: no person is read."""
    ids, since = [host.pk for host in hosts], today - YEAR
    columns = ("state", "starts_on", "ends_on", "end_code")
    places = Host.objects.filter(pk__in=ids, placements__starts_on__gte=since).values_list(
        "pk", *(f"placements__{name}" for name in columns)
    )
    by_host: dict[Any, list[Any]] = {key: [] for key in ids}
    for key, *place in places:
        by_host[key].append(place)
    nos = _nos_of_year(ids, since)
    return {key: _year(found, nos.get(key, 0)) for key, found in by_host.items()}


def _year(places: list[Any], nos: int) -> YearFacts:
    came = [place for place in places if place[0] in ("active", "ended")]
    early = [
        place
        for place in came
        if place[0] == "ended" and place[3] in STOPPED and place[2] and place[2] - place[1] <= EARLY
    ]
    there = sum(place[0] == "active" for place in came)
    refused = sum(place[0] == "cancelled" and place[3] == "host_no" for place in places)
    return YearFacts(len(came), len(early), there, nos + refused)


def _nos_of_year(ids: list[Any], since: date) -> dict[Any, int]:
    """Host -> how often its organisation said no or asked a pause in the year (to anybody of the network)."""
    found: dict[Any, int] = {}
    for rows in (
        Host.objects.filter(pk__in=ids, organisation__refusals__starts_on__gte=since),
        Host.objects.filter(pk__in=ids, organisation__capacities__starts_on__gte=since).filter(
            Q(organisation__capacities__paused=True) | Q(organisation__capacities__places=0)
        ),
    ):
        for key in rows.values_list("pk", flat=True):
            found[key] = found.get(key, 0) + 1
    return found


def strained(hosts: Iterable[Host], today: date) -> dict[Any, Strain]:
    """Active hosts that said yes to everybody in a year while people stopped early: they are to be held back (D3)."""
    active = [host for host in hosts if host.state == "active"]
    return {
        key: Strain(facts)
        for key, facts in years(active, today).items()
        if not facts.said_no
        and facts.came >= MANY
        and facts.stopped_early >= LOST
        and facts.stopped_early * 3 >= facts.came
    }


def silent_hosts(today: date, asked_before: date) -> list[Host]:
    """Active hosts with a mail address whose tasks or capacity nobody confirmed for long; not asked after `asked_before`."""
    old = today - timedelta(days=STALE_DAYS)
    said = GuidanceCapacity.objects.on(today).filter(
        organisation=OuterRef("organisation"), starts_on__lte=old
    )
    stale = open_tasks(
        Task.objects.filter(organisation=OuterRef("organisation"), confirmed_on__lte=old), today
    )
    reached = HostContact.objects.filter(host=OuterRef("pk"), ends_on=None).exclude(email="")
    asked = HostAsk.objects.filter(
        organisation=OuterRef("organisation"), about="capacity", asked_on__gt=asked_before
    )
    found = Host.objects.filter(Exists(stale) | Exists(said), Exists(reached), ~Exists(asked), state="active")
    return list(found.select_related("organisation").order_by("organisation__name", "id"))


def town_keys_of(hosts: Any) -> list[Any]:
    """Municipality ids where these hosts work: of each its own and those of its open sites, every one once a host."""
    organisations = hosts.order_by().values("organisation_id")
    own = Organisation.objects.filter(pk__in=organisations).values_list("pk", "municipality_id")
    sites = Site.objects.filter(organisation_id__in=organisations, closed_on=None)
    return [town for _, town in {*own, *sites.values_list("organisation_id", "municipality_id")}]


def towns_of_hosts(actor: Actor) -> Any:
    """The towns where the service has hosts or these have a site, by name."""
    wanted = town_keys_of(reachable(actor, "hosts.host.view"))
    return Municipality.objects.filter(pk__in=[town for town in wanted if town]).order_by("name")


@dataclass(frozen=True)
class HostPicture:
    """Everything that the page of one host shows. `alone` says whether other services work with it too."""

    row: HostRow
    statement: GuidanceCapacity | None
    statements: list[GuidanceCapacity]
    tasks: list[TaskRow]
    notes: list[Any]
    contacts: list[HostContact]
    supports: list[SupportRoom]
    refusals: list[Refusal]
    key_people: list[KeyPerson]
    sites: list[Site]
    parts: list[Organisation]
    person_nos: int
    asks: int
    """Questions of this calendar month, of all services of the network."""


@dataclass(frozen=True)
class SupportRoom:
    """One kind of support at a host: how many people who need it can come at once, and how many are there or come."""

    kind: str
    label: str
    places: int
    used: int


def picture(host: Host) -> HostPicture:
    today = timezone.localdate()
    found = with_capacity(Host.objects.filter(pk=host.pk), today)
    whole = found.select_related(
        "organisation__municipality", "organisation__part_of", "organisation__umbrella"
    ).prefetch_related(
        *standing(),
        "notes",
        "key_people",
        "organisation__capacities__supports",
        "organisation__parts",
        "organisation__members",
        Prefetch("organisation__refusals", Refusal.objects.select_related("task")),
    )[0]
    statements = sorted(whole.organisation.capacities.all(), key=lambda said: said.starts_on, reverse=True)
    tasks = with_seats(tasks_of(whole.organisation), today).order_by(
        F("closed_on").desc(nulls_first=True), "title", "id"
    )
    statement = statement_on(statements, today)
    contacts = sorted(whole.contacts.all(), key=lambda contact: contact.starts_on, reverse=True)
    return HostPicture(
        rows([whole])[0],
        statement,
        [said for said in statements if said.ends_on is None or said.ends_on >= said.starts_on],
        [task_row(task) for task in tasks],
        list(whole.notes.all()),
        [contact for contact in contacts if contact.ends_on is None or contact.ends_on >= contact.starts_on],
        supports_of(whole.organisation, statement, today),
        [no for no in whole.organisation.refusals.all() if no.ends_on is None],
        [key for key in whole.key_people.all() if key.ends_on is None or key.ends_on >= today],
        list(whole.organisation.sites.all()),
        list(whole.organisation.parts.all()),
        whole.person_nos.count(),
        whole.organisation.asks.filter(asked_on__year=today.year, asked_on__month=today.month).count(),
    )


def beside(organisation: Organisation) -> dict[Any, Any]:
    """Organisation id -> host id of this service, for its umbrella, what it is part of, its members and its parts."""
    near = {
        *organisation.parts.all(),
        *organisation.members.all(),
        organisation.part_of,
        organisation.umbrella,
    }
    ids = [one.pk for one in near if one is not None]
    return dict(Host.objects.filter(organisation__in=ids).values_list("organisation_id", "pk"))


def supports_of(
    organisation: Organisation, statement: GuidanceCapacity | None, today: date
) -> list[SupportRoom]:
    """Each kind of support that the host spoke about, with its uses of the whole network (no persons)."""
    limits: Mapping[str, int] = statement.limits if statement is not None else {}
    uses = list(running_uses(today).filter(organisation=organisation)) if limits else []
    return [
        SupportRoom(kind, str(SUPPORT[kind]), most, sum(kind in use.support for use in uses))
        for kind, most in sorted(limits.items(), key=lambda pair: list(SUPPORT).index(pair[0]))
    ]
