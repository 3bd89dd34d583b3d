"""Dividing among coaches: who will guide, and how much a pathway asks (requirement B3)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from stapsteen.core import events
from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor
from stapsteen.network.models import StaffMember
from stapsteen.pathways.actions.referral import OPEN
from stapsteen.pathways.models import Pathway, Referral
from stapsteen.people.access import demand


@transaction.atomic
def assign_coach(*, referral: Referral, actor: Actor, coach: StaffMember | None) -> Referral:
    """Who will guide when it starts; None takes it back. Nothing starts by this, and the limit of a colleague warns only."""
    demand(actor, referral, "pathways.referral.handle")
    referral = Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)
    if referral.state not in OPEN:
        raise RuleBroken(_("Over deze aanmelding is al beslist."))
    referral.coach = coach
    referral.save(update_fields=["coach"])
    events.record("referral.assigned", subject_id=referral.person_id, object_id=referral.pk)
    return referral


@transaction.atomic
def set_weight(*, pathway: Pathway, actor: Actor, weight: int) -> Pathway:
    """How much of the coach it asks: a key of Pathway.WEIGHTS."""
    demand(actor, pathway, "pathways.pathway.guide")
    if weight not in Pathway.WEIGHTS:
        raise RuleBroken(_("Kies licht, gewoon of zwaar."), field="weight")
    pathway = Pathway.objects.select_for_update(of=("self",)).get(pk=pathway.pk)
    if pathway.state == "ended":
        raise RuleBroken(_("Dit traject is al afgerond."))
    pathway.weight = weight
    pathway.save(update_fields=["weight"])
    events.record("pathway.weight", subject_id=pathway.person_id, object_id=pathway.pk, what=str(weight))
    return pathway
