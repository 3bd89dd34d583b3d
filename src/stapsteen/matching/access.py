"""Who may search places and decide: whoever guides. A proposal never decides by itself (requirement E4)."""

from __future__ import annotations

from stapsteen.core.access import Answer, role_rule, rule
from stapsteen.core.scope import Actor
from stapsteen.matching.models import Proposal, Search, Settings
from stapsteen.network import roles

role_rule("matching.search.run", Search.objects.all, roles.COORDINATOR)
role_rule("matching.search.view", Search.objects.all, roles.COORDINATOR, roles.COACH)
role_rule("matching.settings.edit", Settings.objects.all, roles.COORDINATOR, roles.ADMINISTRATOR)
role_rule("matching.supply.view", None, roles.COORDINATOR, roles.COACH, roles.DESK, roles.POLICY)
role_rule("matching.task.seekers", None, roles.COORDINATOR, roles.COACH)


@rule("matching.proposal.decide")
def decide_proposal(actor: Actor) -> Answer:
    """Coach: of the own pathways; coordinator: all."""
    if actor.has("system", roles.COORDINATOR):
        return Proposal.objects.all()
    if not actor.has(roles.COACH):
        return None
    mine: Answer = Proposal.objects.filter(pathway__coach__user_id=actor.user_id)
    return mine


@rule("matching.how")
def read_how(actor: Actor) -> Answer:
    """Everybody of the service: how places are sought is no secret."""
    return actor.has("system", *roles.ROLES)
