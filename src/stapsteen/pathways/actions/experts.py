"""Partners: an expert who is asked along for a while, and a standing partner that follows up its own persons (A5)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core import events
from stapsteen.core.errors import RuleBroken
from stapsteen.core.mail import queue_mail
from stapsteen.core.scope import Actor
from stapsteen.hosts.models import Organisation
from stapsteen.network import roles
from stapsteen.network.house import staff_member
from stapsteen.network.models import Membership, Service, StaffMember, User
from stapsteen.pathways.models import ExpertAdvice, ExpertRequest, Pathway
from stapsteen.pathways.states import EXPERT_REQUEST
from stapsteen.people.access import demand
from stapsteen.people.actions import author_name, give_consent

LONGEST_DAYS = 366


@transaction.atomic
def ask_expert(
    *,
    pathway: Pathway,
    actor: Actor,
    expert: StaffMember,
    question: str,
    parts: Collection[str],
    ends_on: date,
    own_words: str,
    how: str = "spoken",
    starts_on: date | None = None,
) -> ExpertRequest:
    """Ask an expert along, for named parts and until a day, with the person's consent in own words.

    The consent is for the expert's organisation; withdrawn or past its last day, the door is shut at once. An
    organisation that can sanction is never asked, whatever the consent says (requirement B6). The mail names nobody.
    """
    pathway = _open_pathway(pathway, actor)
    organisation = _organisation_of(expert)
    day = starts_on or timezone.localdate()
    _check(question, parts, day, ends_on, own_words)
    consent = give_consent(
        person=pathway.person, actor=actor, purpose="ask_expert", recipient=organisation.name,
        recipient_id=organisation.pk, own_words=own_words, how=how, starts_on=day, ends_on=ends_on,
    )  # fmt: skip
    asked: ExpertRequest = ExpertRequest.objects.create(
        person=pathway.person, pathway=pathway, expert=expert, asked_by=staff_member(actor), consent=consent,
        question=question.strip(), parts=[part for part in ExpertRequest.PARTS if part in parts], starts_on=day,
        ends_on=ends_on,
    )  # fmt: skip
    events.record("expert.asked", subject_id=pathway.person_id, on=day, object_id=asked.pk)
    _mail(expert, pathway)
    return asked


@transaction.atomic
def answer_expert(*, asked: ExpertRequest, actor: Actor, accept: bool) -> ExpertRequest:
    """The expert comes along, or can't."""
    locked: ExpertRequest = ExpertRequest.objects.select_for_update().get(pk=asked.pk)
    EXPERT_REQUEST.move(locked, "accept" if accept else "decline", actor)
    locked.save()
    line = "expert.accepted" if accept else "expert.declined"
    events.record(line, subject_id=locked.person_id, object_id=locked.pk)
    return locked


@transaction.atomic
def give_advice(*, asked: ExpertRequest, actor: Actor, kind: str, text: str) -> ExpertAdvice:
    """Advice, or a package of tasks that would fit (document 001), as long as the expert looks along."""
    locked = ExpertRequest.objects.select_for_update().get(pk=asked.pk)
    demand(actor, locked, "pathways.expert.answer")
    if locked.state != "accepted":
        raise RuleBroken(_("Kies eerst of je meekijkt."))
    if kind not in ExpertAdvice.KINDS:
        raise RuleBroken(_("Kies wat je geeft."), field="kind")
    if not text.strip():
        raise RuleBroken(_("Schrijf eerst je advies."), field="text")
    advice: ExpertAdvice = ExpertAdvice.objects.create(
        person_id=locked.person_id, request=locked, kind=kind, text=text.strip(), author=author_name(actor)
    )
    events.record("expert.advice", subject_id=locked.person_id, object_id=advice.pk, what=kind)
    return advice


@transaction.atomic
def end_expert(*, asked: ExpertRequest, actor: Actor) -> ExpertRequest:
    """The coach shuts the door again; what was advised stays."""
    locked: ExpertRequest = ExpertRequest.objects.select_for_update().get(pk=asked.pk)
    EXPERT_REQUEST.move(locked, "end", actor)
    locked.save()
    events.record("expert.ended", subject_id=locked.person_id, object_id=locked.pk)
    return locked


@transaction.atomic
def set_partner(*, pathway: Pathway, actor: Actor, partner: Organisation | None) -> Pathway:
    """A standing partner follows up this pathway too, or no longer does (document 004); never one that can sanction."""
    pathway = _open_pathway(pathway, actor)
    if partner is not None:
        _never_sanctions(partner, "partner")
    if (partner.pk if partner else None) == pathway.partner_id:
        return pathway
    pathway.partner = partner
    pathway.save()
    line = "pathway.partner" if partner else "pathway.partner_ended"
    events.record(line, subject_id=pathway.person_id, object_id=pathway.pk)
    return pathway


def _open_pathway(pathway: Pathway, actor: Actor) -> Pathway:
    locked: Pathway = Pathway.objects.select_for_update().get(pk=pathway.pk)
    demand(actor, locked, "pathways.partner.set")
    if locked.state == "ended":
        raise RuleBroken(_("Dit traject is afgerond."))
    return locked


def _organisation_of(expert: StaffMember) -> Organisation:
    """For whom the expert comes; without one nobody knows whether it can sanction."""
    today = timezone.localdate()
    rows = Membership.objects.filter(
        user_id=expert.user_id, service_id=expert.service_id, role=roles.EXPERT, starts_on__lte=today
    ).exclude(ends_on__lt=today)
    membership = rows.exclude(organisation_id=None).first()
    organisation = Organisation.objects.filter(pk=membership.organisation_id).first() if membership else None
    if organisation is None:
        raise RuleBroken(_("Van deze expert is geen organisatie gekend."), field="expert")
    _never_sanctions(organisation, "expert")
    return organisation


def _never_sanctions(organisation: Organisation, field: str) -> None:
    if organisation.can_sanction:
        raise RuleBroken(
            _("%(name)s kan een uitkering schorsen. Zo'n organisatie kijkt nooit mee.")
            % {"name": organisation.name},
            field=field,
        )


def _check(question: str, parts: Collection[str], starts_on: date, ends_on: date, own_words: str) -> None:
    if not question.strip():
        raise RuleBroken(_("Schrijf kort wat je aan de expert vraagt."), field="question")
    if not own_words.strip():
        raise RuleBroken(_("Schrijf in eigen woorden wat de persoon toestaat."), field="own_words")
    if not parts or not set(parts) <= ExpertRequest.PARTS.keys():
        raise RuleBroken(_("Kies minstens één deel dat de expert mag zien."), field="parts")
    if ends_on < starts_on or ends_on < timezone.localdate():
        raise RuleBroken(_("Kies een dag die nog komt."), field="ends_on")
    if ends_on > starts_on + timedelta(days=LONGEST_DAYS):
        raise RuleBroken(_("Vraag hoogstens voor een jaar."), field="ends_on")


def _mail(expert: StaffMember, pathway: Pathway) -> None:
    service = Service.objects.get(pk=pathway.service_id)
    queue_mail(
        to=User.objects.get(pk=expert.user_id).email,
        template="expert_asked",
        context={
            "service_name": service.name,
            "url": settings.BASE_URL + reverse("portals.expert", kwargs={"service": service.slug}),
        },
        subject_id=pathway.person_id,
    )
