"""Who may work with placements and agreements: whoever guides the pathway; a party signs through its own link."""

from __future__ import annotations

from stapsteen.core.access import Answer, rule
from stapsteen.core.scope import Actor
from stapsteen.network import roles
from stapsteen.people.access import own
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
    """Whoever holds the link to one version that is out to be signed: the person or the host, nothing else."""
    if actor.link is None or actor.link.purpose != "placements.agreement.sign":
        return None
    one: Answer = Agreement.objects.filter(pk=actor.link.id("agreement"), state__in=("out", "signed"))
    return one
