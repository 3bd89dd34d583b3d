"""Who may handle referrals and guide pathways."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from stapsteen.core.access import Answer, role_rule, rule
from stapsteen.core.scope import Actor
from stapsteen.network import roles
from stapsteen.network.models import StaffMember
from stapsteen.pathways.blind import known_index_of
from stapsteen.pathways.models import (
    Axis,
    AxisTemplate,
    ExpertRequest,
    Explorator,
    FunderRecord,
    Goal,
    GoalAction,
    Group,
    Handover,
    Moment,
    Pathway,
    Referral,
    ReferralDraft,
    ReferrerRight,
)
from stapsteen.people.access import own, standing_partner
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
    mine = Q(referrer_id=actor.organisation_id)
    if index := known_index_of(actor.organisation_id):
        mine |= Q(referrer_index=index)
    own: Answer = Referral.objects.filter(mine)
    return own


@rule("pathways.pathway.guide")
def guide_pathway(actor: Actor) -> Answer:
    """Coach: the own pathways; standing partner: its own; coordinator: all."""
    if actor.has("system", roles.COORDINATOR):
        return Pathway.objects.all()
    mine, partner = Q(pk__in=()), standing_partner(actor)
    if actor.has(roles.COACH):
        mine |= Q(coach__user_id=actor.user_id)
    if partner:
        mine |= Q(partner_id=partner)
    return Pathway.objects.filter(mine) if partner or actor.has(roles.COACH) else None


@rule("pathways.partner.set")
def set_partner(actor: Actor) -> Answer:
    """Coach: the own pathways; coordinator: all. A partner brings in nobody else."""
    return guide_pathway(actor) if actor.has("system", roles.COACH, roles.COORDINATOR) else None


@rule("pathways.referral.status", "link")
def referral_status(actor: Actor) -> Answer:
    """Who has the link from the mail: how far the own referrals are, all from the same e-mail address."""
    if actor.link is None:
        return None
    key = actor.link.id("referral")
    same_address = Referral.objects.filter(pk=key, helper_email=OuterRef("helper_email"))
    own: Answer = Referral.objects.filter(Q(pk=key) | Q(~Q(helper_email=""), Exists(same_address)))
    return own


@rule("pathways.draft.resume", "link")
def resume_draft(actor: Actor) -> Answer:
    """Who has the link of a form that isn't sent yet, as long as it is kept."""
    if actor.link is None:
        return None
    kept: Answer = ReferralDraft.objects.filter(
        pk=actor.link.id("draft"), delete_on__gte=timezone.localdate()
    )
    return kept


role_rule("pathways.right.keep", ReferrerRight.objects.all, roles.ADMINISTRATOR, roles.COORDINATOR)
role_rule("pathways.limit.keep", StaffMember.objects.all, roles.COORDINATOR)


def of_pathway(name: str, model: Any, words: str) -> None:
    """A rule for rows of a pathway: coach of the own pathways, standing partner of its own, coordinator all."""

    def find(actor: Actor) -> Answer:
        if actor.has("system", roles.COORDINATOR):
            return model.objects.all()
        guided = guide_pathway(actor)
        if not isinstance(guided, QuerySet):
            return None
        return model.objects.filter(pathway__in=guided.values("pk"))

    find.__doc__ = words
    rule(name)(find)


GUIDES = "Coach: of the own pathways; coordinator: all."
of_pathway("pathways.explorator.fill", Explorator, GUIDES)
of_pathway("pathways.axis.keep", Axis, GUIDES)
of_pathway("pathways.moment.score", Moment, GUIDES)
of_pathway("pathways.goal.keep", Goal, GUIDES)
of_pathway("pathways.action.keep", GoalAction, GUIDES)
of_pathway("pathways.expert.ask", ExpertRequest, GUIDES)
role_rule("pathways.axis_template.use", AxisTemplate.objects.all, *roles.GUIDING)
role_rule(
    "pathways.axis_template.keep",
    AxisTemplate.objects.all,
    roles.COACH,
    roles.COORDINATOR,
    roles.ADMINISTRATOR,
)
role_rule("pathways.group.keep", Group.objects.all, *roles.GUIDING)


@rule("pathways.expert.answer")
def answer_expert_request(actor: Actor) -> Answer:
    """Expert: the requests that are still open or running, in their period, with a consent that holds."""
    if not actor.has(roles.EXPERT) or actor.user_id is None or actor.can_sanction:
        return None
    today = timezone.localdate()
    running: Answer = ExpertRequest.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=today),
        Q(consent__ends_on=None) | Q(consent__ends_on__gte=today),
        expert__user_id=actor.user_id,
        state__in=("asked", "accepted"),
        starts_on__lte=today,
        consent__withdrawn_at=None,
        person__erased_at=None,
    )
    return running


@rule("pathways.funder.fill")
def fill_funder_record(actor: Actor) -> Answer:
    """Whoever guides the pathway, as long as the record is open; once frozen nobody reads it as one person's."""
    guided = guide_pathway(actor)
    if not isinstance(guided, QuerySet):
        return None
    open_ones: Answer = FunderRecord.objects.filter(pathway__in=guided.values("pk"), state="open")
    return open_ones


@rule("pathways.handover.keep")
def keep_handover(actor: Actor) -> Answer:
    """Whoever handles the referral or guides the pathway."""
    if actor.has("system", roles.COORDINATOR):
        return Handover.objects.all()
    conditions = Q(pk__in=())
    if actor.has(roles.INTAKE):
        conditions |= Q(referral__isnull=False)
    if actor.has(roles.COACH):
        conditions |= Q(pathway__coach__user_id=actor.user_id)
    return Handover.objects.filter(conditions) if actor.has(roles.INTAKE, roles.COACH) else None


@rule("pathways.pathway.own")
def own_pathway(actor: Actor) -> Answer:
    """The participant: the own pathways that run."""
    mine = own(actor, "person")
    return None if mine is None else Pathway.objects.filter(mine, state__in=("active", "suspended"))


@rule("pathways.moment.own")
def own_moment(actor: Actor) -> Answer:
    """The participant: the own moments that are being filled in."""
    mine = own(actor, "person")
    return None if mine is None else Moment.objects.filter(mine, state="open")


@rule("pathways.action.own")
def own_action(actor: Actor) -> Answer:
    """The participant: what the own actions are that still are to be done."""
    mine = own(actor, "person")
    return None if mine is None else GoalAction.objects.filter(mine, state="open")
