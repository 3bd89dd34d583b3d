"""Reads about persons: the list with its filters, where somebody lives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, Prefetch, Q, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stapsteen.core.access import reachable
from stapsteen.core.scope import Actor
from stapsteen.network.models import Municipality, Service, StaffMember
from stapsteen.people.models import Address, Person
from stapsteen.people.sounds import sounds_like

PHASES = {
    "talks": _("In gesprek"),
    "active": _("Lopend"),
    "suspended": _("Gepauzeerd"),
    "ended": _("Afgerond"),
    "none": _("Geen traject"),
}
PHASE_BADGES = {
    "talks": "info",
    "active": "success",
    "suspended": "warning",
    "ended": "neutral",
    "none": "neutral",
}
SORTS = {"name": _("Naam"), "newest": _("Nieuwste eerst"), "oldest": _("Langst bekend eerst")}
BY_NAME = Case(When(last_name="", then=F("first_name")), default=F("last_name"))
"""Who has no surname stands under the first name, not before everybody."""
ORDERS: dict[str, tuple[Any, ...]] = {
    "name": (BY_NAME, "first_name", "id"),
    "newest": ("-created_at", "-id"),
    "oldest": ("created_at", "id"),
}
RUNNING = ("active", "suspended")
OPEN = ("received", "in_talks")


@dataclass(frozen=True)
class PersonRow:
    """A line of the list: the person with what the list shows of the pathway and the address."""

    person: Person
    phase: str
    coach: StaffMember | None
    town: str
    since: Any

    @property
    def phase_word(self) -> str:
        return str(PHASES[self.phase])


def list_people(
    actor: Actor, *, q: str = "", phase: str = "", coach: str = "", town: str = "", sort: str = ""
) -> Any:
    """The persons that the actor may see, filtered in the database, with all that `row` needs (constant queries)."""
    people = reachable(actor, "people.person.view").filter(_phase(phase), *_search(q))
    if coach:
        people = people.filter(pathways__coach_id=coach, pathways__state__in=RUNNING)
    if town:
        lives = Address.objects.filter(municipality_id=town, ends_on=None).values("person_id")
        people = people.filter(pk__in=lives)
    return with_row_parts(people.distinct().order_by(*ORDERS.get(sort, ORDERS["name"])))


def with_row_parts(people: Any) -> Any:
    """The same persons, with pathways, referrals and today's address fetched along."""
    today = timezone.localdate()
    now = Address.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), starts_on__lte=today)
    return people.prefetch_related(
        "pathways__coach",
        "referrals",
        Prefetch("addresses", now.select_related("municipality"), to_attr="homes"),
    )


def row(person: Any) -> PersonRow:
    """What the list shows of a person of `list_people`."""
    phase = phase_of(person)
    shown = next((p for p in person.pathways.all() if p.state == phase), None)
    home = max(person.homes, key=lambda address: address.starts_on, default=None)
    return PersonRow(
        person=person,
        phase=phase,
        coach=shown.coach if shown else None,
        town=town_of(home),
        since=shown.starts_on
        if shown
        else min((r.received_on for r in person.referrals.all()), default=None),
    )


def town_of(address: Address | None) -> str:
    """The municipality's name, else what was typed."""
    if address is None:
        return ""
    return str(address.municipality or address.town)


def phase_of(person: Any) -> str:
    """A key of PHASES, from what was fetched along: what runs goes before what is asked, and that before what ended."""
    states = {pathway.state for pathway in person.pathways.all()}
    if running := states & set(RUNNING):
        return "active" if "active" in running else "suspended"
    if any(referral.state in OPEN for referral in person.referrals.all()):
        return "talks"
    return "ended" if states else "none"


def _phase(phase: str) -> Q:
    if phase == "talks":
        return Q(referrals__state__in=OPEN)
    if phase in (*RUNNING, "ended"):
        return Q(pathways__state=phase)
    return Q(pathways=None, referrals=None) if phase == "none" else Q()


def _search(text: str) -> list[Q]:
    """Every word must be in the name, the phone or the mail; spelling may differ."""
    digits = re.sub(r"\D", "", text)
    if len(digits) >= 4 and not re.search(r"[^\d\s+/.()-]", text):
        return [Q(phone__iregex=r"\D*".join(digits))]
    return [_word(word) for word in text.split()]


def _word(word: str) -> Q:
    by_mail, pattern = Q(email__icontains=word), sounds_like(word)
    return Q(first_name__iregex=pattern) | Q(last_name__iregex=pattern) | by_mail if pattern else by_mail


def filter_choices(actor: Actor) -> dict[str, list[tuple[str, Any]]]:
    """What can be chosen in the filters; only coaches and towns that occur in this service."""
    anything = ("", _("Alle"))
    coaches = StaffMember.objects.filter(pathways__state__in=RUNNING).distinct()
    lived = Address.objects.filter(
        ends_on=None, person__in=reachable(actor, "people.person.view").values("pk")
    )
    towns = Municipality.objects.filter(pk__in=set(lived.values_list("municipality_id", flat=True)))
    return {
        "phase": [anything, *((key, words) for key, words in PHASES.items())],
        "coach": [anything, *((str(colleague.pk), colleague.name) for colleague in coaches)],
        "town": [anything, *((str(town.pk), town.name) for town in towns)],
        "sort": list(SORTS.items()),
    }


def current_address(person: Person) -> Address | None:
    """Where the person lives today, with the municipality."""
    today = timezone.localdate()
    rows = person.addresses.filter(Q(ends_on=None) | Q(ends_on__gte=today), starts_on__lte=today)
    return rows.select_related("municipality").order_by("-starts_on", "-id").first()


def person_url(service: Service, person_id: Any) -> str:
    """The person's page."""
    return reverse("portals.person", kwargs={"service": service.slug, "person": person_id})
