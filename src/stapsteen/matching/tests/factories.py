"""People without a place and tasks around Turnhout, made through the actions, in an open scope."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from stapsteen.core.scope import Actor, system
from stapsteen.hosts import actions as hosts
from stapsteen.hosts.models import Host, Task
from stapsteen.hosts.tests.factories import make_host, make_task
from stapsteen.matching import facts
from stapsteen.matching.facts import Offer, Seeker
from stapsteen.matching.ranking import Ground, Ranking, rank
from stapsteen.matching.weighing import USUAL, Weighing
from stapsteen.network.models import Municipality, StaffMember
from stapsteen.pathways.models import Pathway
from stapsteen.pathways.tests.factories import make_pathway
from stapsteen.people.actions import update_person
from stapsteen.people.tests.factories import make_person

SYSTEM = system("test")
TOWNS = {
    "Turnhout": ("2300", 51.3225, 4.9447),
    "Oud-Turnhout": ("2360", 51.3192, 4.9843),
    "Mol": ("2400", 51.1911, 5.1166),
    "Genk": ("3600", 50.9650, 5.5000),
}


def make_town(name: str = "Turnhout") -> Municipality:
    postal_code, latitude, longitude = TOWNS[name]
    town, _made = Municipality.objects.update_or_create(
        nis=f"9{postal_code}",
        defaults={"name": name, "postal_codes": [postal_code], "latitude": latitude, "longitude": longitude},
    )
    return town


def make_seeker(
    coach: StaffMember, first_name: str = "Amina", *, town: str = "Turnhout", days: int = 30, **fields: Any
) -> Pathway:
    """A running pathway without a place; speaks Dutch well, can on weekday mornings, by bicycle, unless told otherwise."""
    person = make_person(
        first_name=first_name, town=town, postal_code=TOWNS[town][0], municipality=make_town(town)
    )
    known = {
        "half_days": 0b001001001001001,
        "dutch_listening": "3",
        "dutch_speaking": "3",
        "dutch_reading": "3",
        "dutch_writing": "3",
        "mobility": ["bike"],
        "travel_minutes": 45,
        "support": [],
        "sectors": [],
        **fields,
    }
    update_person(person=person, actor=SYSTEM, **known)
    day = timezone.localdate() - timedelta(days=days)
    return make_pathway(coach, person=person, starts_on=day)


def make_place(
    name: str = "Dinamo",
    title: str = "Koken",
    *,
    town: str = "Turnhout",
    places: int | None = 3,
    supports: dict[str, int] | None = None,
    actor: Actor = SYSTEM,
    **fields: Any,
) -> tuple[Host, Task]:
    """An active host with one open task."""
    host = make_host(name, municipality=make_town(town), places=None)
    if places is not None:
        hosts.state_capacity(
            organisation=host.organisation,
            actor=actor,
            places=places,
            supports=supports or {},
            starts_on=timezone.localdate(),
        )
    return host, make_task(host.organisation, title, **fields)


def seeker_of(pathway: Pathway) -> Seeker:
    [one] = facts.seekers(Pathway.objects.filter(pk=pathway.pk), timezone.localdate())
    return one


def offer_of(task: Task) -> Offer:
    """The whole task as an offer."""
    return next(one for one in facts.offers(timezone.localdate(), task=task) if one.part is None)


def ranking_of(pathway: Pathway, weighing: Weighing = USUAL) -> Ranking:
    day = timezone.localdate()
    return rank(seeker_of(pathway), Ground.lay(facts.offers(day), day, weighing))
