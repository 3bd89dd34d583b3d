"""Who may plan and hold evaluations: whoever guides the pathway."""

from stapsteen.core.access import Answer, rule
from stapsteen.core.scope import Actor
from stapsteen.followup.models import Evaluation
from stapsteen.network import roles


@rule("followup.evaluation.hold")
def hold_evaluation(actor: Actor) -> Answer:
    """Coach: of the own pathways; coordinator: all."""
    if actor.has("system", roles.COORDINATOR):
        return Evaluation.objects.all()
    return (
        Evaluation.objects.filter(pathway__coach__user_id=actor.user_id) if actor.has(roles.COACH) else None
    )
