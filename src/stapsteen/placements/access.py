"""Who may work with placements and agreements: whoever guides the pathway; a party signs through its own link."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone

from stapsteen.core.access import Answer, rule
from stapsteen.core.scope import Actor
from stapsteen.hosts.models import HostContact
from stapsteen.network import roles
from stapsteen.people.access import own
from stapsteen.people.models import Person
from stapsteen.placements.models import Agreement, Placement


@rule("placements.placement.guide")
def guide_placement(actor: Actor) -> Answer:
    """Coach: of the own pathways; coordinator: all."""
    everything: Answer = Placement.objects.all()
    if actor.has("system", roles.COORDINATOR):
        return everything
    own: Answer = Placement.objects.filter(pathway__coach__user_id=actor.user_id)
    return own if actor.has(roles.COACH) else None


@rule("placements.agreement.guide")
def guide_agreement(actor: Actor) -> Answer:
    """Coach: of the own pathways; coordinator: all."""
    everything: Answer = Agreement.objects.all()
    if actor.has("system", roles.COORDINATOR):
        return everything
    own: Answer = Agreement.objects.filter(placement__pathway__coach__user_id=actor.user_id)
    return own if actor.has(roles.COACH) else None


@rule("placements.agreement.own")
def own_agreement(actor: Actor) -> Answer:
    """The participant: the own agreements that went out or are signed."""
    mine = own(actor, "person")
    return None if mine is None else Agreement.objects.filter(mine, state__in=("out", "signed"))


@rule("placements.agreement.sign", "link")
def sign_agreement(actor: Actor) -> Answer:
    """Whoever holds the link to one version that is out to be signed: the person or the host, nothing else.

    As long as it went to the address that this person, or the host's contact, has now.
    """
    link = actor.link
    if link is None or link.purpose != "placements.agreement.sign":
        return None
    to = {"email__iexact": link.data["to"]}
    if link.data["party"] == "person":
        who: Any = Q(person__in=Person.objects.filter(**to))
    else:
        present = HostContact.objects.filter(Q(ends_on=None) | Q(ends_on__gte=timezone.localdate()), **to)
        who = Q(placement__host__in=present.values("host"))
    one: Answer = Agreement.objects.filter(who, pk=link.id("agreement"), state__in=("out", "signed"))
    return one
