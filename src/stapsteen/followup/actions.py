"""Every write about evaluations and about going on past a limit (requirements G3, G4;
document 001, slides 14 and 21; document 004)."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core import events
from stapsteen.core.access import may
from stapsteen.core.dated import succeed
from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor
from stapsteen.followup.models import Evaluation, GoingOn
from stapsteen.followup.queries import limits, with_history
from stapsteen.followup.states import EVALUATION
from stapsteen.pathways.models import Pathway

LONGEST_REVIEW = timedelta(days=366)


def plan_evaluation(*, pathway: Pathway, actor: Actor, due_on: date, planned_on: date) -> Evaluation:
    """An appointment for the moment of `due_on`. Held late or moved: only this one moves (defaults, Time)."""
    _running(pathway, actor)
    if planned_on < timezone.localdate():
        raise RuleBroken(_("Kies een dag die nog komt."), field="planned_on")
    evaluation = _moment(pathway, due_on)
    evaluation.planned_on = planned_on
    evaluation.save()
    events.record("evaluation.planned", subject_id=pathway.person_id, object_id=evaluation.pk, day=planned_on)
    return evaluation


def hold_evaluation(
    *,
    pathway: Pathway,
    actor: Actor,
    due_on: date,
    held_on: date,
    voice_person: str = "",
    voice_host: str = "",
    voice_coach: str = "",
    decision: str = "go_on",
) -> Evaluation:
    """The talk of three was held: what each said and what was decided. Answers the moment of `due_on`.

    Needs at least one voice: an evaluation without words is a tick in a box.
    """
    _running(pathway, actor)
    if not pathway.starts_on <= held_on <= timezone.localdate():
        raise RuleBroken(_("Kies een dag tussen de start van het traject en vandaag."), field="held_on")
    if decision not in Evaluation.DECISIONS:
        raise RuleBroken(_("Kies wat jullie beslisten."), field="decision")
    if not (voice_person.strip() or voice_host.strip() or voice_coach.strip()):
        raise RuleBroken(_("Noteer minstens wat één van jullie zei."), field="voice_person")
    evaluation = _moment(pathway, due_on)
    EVALUATION.move(evaluation, "hold", actor)
    evaluation.held_on, evaluation.decision = held_on, decision
    evaluation.voice_person, evaluation.voice_host = voice_person or None, voice_host or None
    evaluation.voice_coach = voice_coach or None
    evaluation.save()
    events.record(
        "evaluation.held",
        subject_id=pathway.person_id,
        on=held_on,
        object_id=evaluation.pk,
        decision=decision,
    )
    return evaluation


def drop_evaluation(*, pathway: Pathway, actor: Actor, due_on: date, reason_code: str) -> Evaluation:
    """This moment doesn't take place, with a reason; the next one keeps its day."""
    _running(pathway, actor)
    if reason_code not in Evaluation.DROP_CODES:
        raise RuleBroken(_("Kies een reden."), field="reason_code")
    evaluation = _moment(pathway, due_on)
    EVALUATION.move(evaluation, "drop", actor)
    evaluation.reason_code = reason_code
    evaluation.save()
    events.record(
        "evaluation.dropped", subject_id=pathway.person_id, object_id=evaluation.pk, why=reason_code
    )
    return evaluation


def go_on_beyond(*, pathway: Pathway, actor: Actor, reason: str, review_on: date) -> GoingOn:
    """The pathway goes on past its guideline or maximum, with a reason; asked again on `review_on`, within the year.

    Guideline and maximum are the programme's (documents 003, 004); what holds replaces the reason that was given before.
    """
    _running(pathway, actor)
    today = timezone.localdate()
    past = limits(with_history(Pathway.objects.filter(pk=pathway.pk)), today)
    if not past:
        raise RuleBroken(_("Dit traject zit nog binnen zijn duur."))
    if not reason.strip():
        raise RuleBroken(_("Schrijf waarom het traject doorgaat."), field="reason")
    if not today < review_on <= today + LONGEST_REVIEW:
        raise RuleBroken(_("Kies een dag na vandaag, binnen het jaar."), field="review_on")
    row: GoingOn = succeed(
        GoingOn.objects.filter(pathway=pathway, person_id=pathway.person_id, limit=past[0].name),
        starts_on=today, pathway=pathway, person_id=pathway.person_id, limit=past[0].name, reason=reason.strip(),
        review_on=review_on,
    )  # fmt: skip
    events.record(
        "pathway.goes_on",
        subject_id=pathway.person_id,
        object_id=row.pk,
        limit=row.limit,
        review_on=review_on,
    )
    return row


def _running(pathway: Pathway, actor: Actor) -> None:
    """Lock the pathway: two colleagues can't answer one moment twice."""
    locked = Pathway.objects.select_for_update().get(pk=pathway.pk)
    if not may(actor, "pathways.pathway.guide", locked):
        raise RuleBroken(_("Je mag dit niet doen met jouw rol."))
    if locked.state == "ended":
        raise RuleBroken(_("Dit traject is afgerond."))


def _moment(pathway: Pathway, due_on: date) -> Evaluation:
    """The row of this moment, made when it isn't there; one that was answered already is refused by the state table."""
    found = Evaluation.objects.select_for_update().filter(pathway=pathway, due_on=due_on).first()
    evaluation: Evaluation = found or Evaluation.objects.create(
        pathway=pathway, person_id=pathway.person_id, due_on=due_on
    )
    return evaluation
