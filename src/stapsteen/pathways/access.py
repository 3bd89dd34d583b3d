"""Who may handle referrals and guide pathways."""

from stapsteen.core.access import Answer, role_rule, rule
from stapsteen.core.scope import Actor
from stapsteen.network import roles
from stapsteen.pathways.models import Pathway, Referral
from stapsteen.people.models import Person

role_rule("pathways.referral.handle", Referral.objects.all, roles.INTAKE, roles.COORDINATOR)
role_rule("pathways.pathway.list", None, *roles.GUIDING)
role_rule("pathways.pathway.start", Person.objects.all, *roles.GUIDING)


@rule("pathways.refer", "visitor")
def refer(actor: Actor) -> Answer:
    """Everybody: the public referral form."""
    return True


@rule("pathways.referral.settle")
def settle_referral(actor: Actor) -> Answer:
    """Nobody: only an import."""
    everything: Answer = Referral.objects.all()
    return everything if actor.has("system") else None


@rule("pathways.referral.follow")
def follow_referral(actor: Actor) -> Answer:
    """Referrer: the referrals of the own organisation."""
    if not actor.has(roles.REFERRER) or actor.organisation_id is None:
        return None
    own: Answer = Referral.objects.filter(referrer_id=actor.organisation_id)
    return own


@rule("pathways.pathway.guide")
def guide_pathway(actor: Actor) -> Answer:
    """Coach: the own pathways; coordinator: all."""
    everything: Answer = Pathway.objects.all()
    if actor.has("system", roles.COORDINATOR):
        return everything
    own: Answer = Pathway.objects.filter(coach__user_id=actor.user_id)
    return own if actor.has(roles.COACH) else None


@rule("pathways.referral.status", "link")
def referral_status(actor: Actor) -> Answer:
    """Who has the link from the mail: how far this one referral is."""
    return Referral.objects.filter(pk=actor.link.id("referral")) if actor.link else None
