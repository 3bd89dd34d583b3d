"""Goals lead to actions: who does what by when, or somewhere to try, the first time together (requirement C3)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core import events
from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor
from stapsteen.network.roles import PARTICIPANT
from stapsteen.pathways.actions.pathway import not_future
from stapsteen.pathways.models import Axis, Goal, GoalAction, Pathway
from stapsteen.pathways.states import GOAL, GOAL_ACTION
from stapsteen.people.access import demand
from stapsteen.people.actions.appointments import close_appointment, plan_appointment


@transaction.atomic
def set_goal(
    *, pathway: Pathway, actor: Actor, text: str, axis: Axis | None = None, set_on: date | None = None
) -> Goal:
    """What the person wants to reach, in own words; on an axis of the same pathway, or beside them."""
    pathway = _guided(pathway, actor)
    day = set_on or timezone.localdate()
    not_future(day, "set_on")
    _own_axis(pathway, axis)
    goal: Goal = Goal.objects.create(
        person_id=pathway.person_id, pathway=pathway, axis=axis, text=_words(text), set_on=day
    )
    _line(pathway, "goal.set", day)
    return goal


@transaction.atomic
def word_goal(*, goal: Goal, actor: Actor, text: str, axis: Axis | None = None) -> Goal:
    """Other words, or another axis, for the same goal."""
    goal = Goal.objects.select_for_update().get(pk=goal.pk)
    demand(actor, goal, "pathways.goal.keep")
    _own_axis(goal.pathway, axis)
    goal.text, goal.axis = _words(text), axis
    goal.save()
    return goal


GOAL_LINES = {"reach": "goal.reached", "set_aside": "goal.set_aside", "reopen": "goal.reopened"}


@transaction.atomic
def move_goal(*, goal: Goal, actor: Actor, action: str, on: date | None = None) -> Goal:
    """Reached, set aside, or taken up again: none of the three is a failure. `action`: a key of GOAL_LINES."""
    goal = Goal.objects.select_for_update().get(pk=goal.pk)
    GOAL.move(goal, action, actor)
    day = on or timezone.localdate()
    not_future(day, "on")
    goal.closed_on = None if action == "reopen" else day
    goal.save()
    _line(goal.pathway, GOAL_LINES[action], day)
    return goal


@transaction.atomic
def plan_action(
    *,
    pathway: Pathway,
    actor: Actor,
    text: str,
    who: str,
    kind: str = "do",
    goal: Goal | None = None,
    who_else: str = "",
    offer: str = "",
    accompanied: bool = False,
    due_on: date | None = None,
) -> GoalAction:
    """Who does what by when. `try_offer`: somewhere to try (course, club, meeting place), perhaps together the first time."""
    pathway = _guided(pathway, actor)
    if goal is not None and goal.pathway_id != pathway.pk:
        raise RuleBroken(_("Dit doel is van een ander traject."), field="goal")
    if kind not in GoalAction.KINDS or who not in GoalAction.WHO:
        raise RuleBroken(_("Kies wie dit doet en wat het is."), field="who")
    if who == "other" and not who_else.strip():
        raise RuleBroken(_("Schrijf wie dit doet."), field="who_else")
    if kind == "try_offer" and not offer.strip():
        raise RuleBroken(_("Schrijf wat jullie willen uitproberen."), field="offer")
    action: GoalAction = GoalAction.objects.create(
        person_id=pathway.person_id, pathway=pathway, goal=goal, kind=kind, text=_words(text), who=who,
        who_else=who_else.strip()[:120], offer=offer.strip()[:160] if kind == "try_offer" else "",
        accompanied=accompanied and kind == "try_offer", due_on=due_on,
    )  # fmt: skip
    _line(pathway, "action.planned", timezone.localdate(), what=kind)
    return action


@transaction.atomic
def plan_visit(
    *, action: GoalAction, actor: Actor, starts_at: datetime, minutes: int = 60, where: str = ""
) -> GoalAction:
    """The first time together gets its place in the calendar of whoever guides the pathway."""
    action = _kept(action, actor)
    if action.kind != "try_offer":
        raise RuleBroken(_("Dit is geen aanbod om uit te proberen."))
    if action.appointment is not None and action.appointment.state == "planned":
        raise RuleBroken(_("Er is al een afspraak voor de eerste keer."))
    action.appointment = plan_appointment(
        person=action.person, actor=actor, staff=action.pathway.coach, starts_at=starts_at, minutes=minutes,
        kind="first_time", place="outside", where=where or action.offer, about=action.text,
    )  # fmt: skip
    action.accompanied, action.due_on = True, timezone.localtime(starts_at).date()
    action.save()
    return action


@transaction.atomic
def finish_action(
    *,
    action: GoalAction,
    actor: Actor,
    done_on: date | None = None,
    outcome: str = "",
    outcome_note: str = "",
) -> GoalAction:
    """Done. For something that was tried: how it was; whether a step on the wheel came of it is said on the wheel."""
    action = _locked(action)
    GOAL_ACTION.move(action, "finish_self" if actor.has(PARTICIPANT) else "finish", actor)
    day = done_on or timezone.localdate()
    not_future(day, "done_on")
    if outcome and outcome not in GoalAction.OUTCOMES:
        raise RuleBroken(_("Kies hoe het ging."), field="outcome")
    if action.kind == "try_offer" and not outcome:
        raise RuleBroken(_("Zeg hoe het ging."), field="outcome")
    action.done_on, action.outcome = day, outcome if action.kind == "try_offer" else ""
    action.outcome_note = outcome_note.strip() or None
    action.save()
    _settle_visit(action, actor, "hold")
    if action.outcome:
        _line(action.pathway, "action.tried", day, how=action.outcome)
    else:
        _line(action.pathway, "action.done", day)
    return action


@transaction.atomic
def drop_action(*, action: GoalAction, actor: Actor) -> GoalAction:
    """It doesn't take place. Nobody has to say why."""
    action = _locked(action)
    GOAL_ACTION.move(action, "drop", actor)
    action.save()
    _settle_visit(action, actor, "cancel")
    return action


@transaction.atomic
def reopen_action(*, action: GoalAction, actor: Actor) -> GoalAction:
    action = _locked(action)
    GOAL_ACTION.move(action, "reopen", actor)
    action.done_on, action.outcome = None, ""
    action.save()
    return action


def _settle_visit(action: GoalAction, actor: Actor, how: str) -> None:
    """Whoever says how the first time went, or that it won't be, needn't note the meeting as well."""
    visit = action.appointment
    if visit is None or visit.state != "planned" or actor.has(PARTICIPANT):
        return
    if how == "cancel" or timezone.localdate(visit.starts_at) <= timezone.localdate():
        close_appointment(appointment=visit, actor=actor, action=how)


def _words(text: str) -> str:
    if not text.strip():
        raise RuleBroken(_("Schrijf het in eigen woorden."), field="text")
    return text.strip()


def _own_axis(pathway: Pathway, axis: Axis | None) -> None:
    if axis is not None and axis.pathway_id != pathway.pk:
        raise RuleBroken(_("Deze as is van een ander traject."), field="axis")


def _guided(pathway: Pathway, actor: Actor) -> Pathway:
    locked = Pathway.objects.select_for_update().get(pk=pathway.pk)
    demand(actor, locked, "pathways.pathway.guide")
    if locked.state == "ended":
        raise RuleBroken(_("Dit traject is afgerond."))
    return locked


def _locked(action: GoalAction) -> GoalAction:
    return GoalAction.objects.select_for_update(of=("self",)).get(pk=action.pk)


def _kept(action: GoalAction, actor: Actor) -> GoalAction:
    locked = _locked(action)
    demand(actor, locked, "pathways.action.keep")
    return locked


def _line(pathway: Pathway, kind: str, on: date, **details: Any) -> None:
    events.record(kind, subject_id=pathway.person_id, on=on, object_id=pathway.pk, **details)
