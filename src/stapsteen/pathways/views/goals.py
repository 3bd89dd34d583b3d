"""Goals in own words, and who does what by when."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from stapsteen.core.edits import tell_merged
from stapsteen.core.pages import load, page, show, submit
from stapsteen.pathways import actions, looking
from stapsteen.pathways.actions.goals import GOAL_LINES
from stapsteen.pathways.forms_looking import OFFERS, ActionDoneForm, ActionForm, GoalForm, VisitForm
from stapsteen.pathways.models import Goal, GoalAction, Pathway
from stapsteen.pathways.states import GOAL, GOAL_ACTION
from stapsteen.pathways.views.evoluator import found_for
from stapsteen.pathways.views.looking import FORM, OF_PATHWAY, about, page_of

GOAL_BADGES = {"open": "info", "reached": "success", "set_aside": "neutral"}
OF_GOAL = "<slug:service>/doelen/<uuid:goal>/"
OF_ACTION = "<slug:service>/acties/<uuid:action>/"


@page(OF_PATHWAY + "doelen/", rule="pathways.pathway.guide", loads="pathway")
def goals(request: Any, pathway: Pathway) -> HttpResponse:
    """All goals with their actions, open ones first."""
    today = timezone.localdate()
    running = pathway.state != "ended"
    context = {
        **about(request, pathway, "goals"),
        "lines": [ambition_line(request, row, running, today) for row in looking.ambitions(pathway)],
        "add_url": page_of(request, "goal_add", pathway) if running else "",
        "action_url": page_of(request, "action_add", pathway) if running else "",
    }
    return show(request, "pathways/goals.html", context)


def ambition_line(request: Any, row: looking.Ambition, running: bool, today: Any) -> dict[str, Any]:
    """A goal with its actions, for _goals.html."""
    goal = row.goal
    return {
        "goal": goal,
        "badge": {"label": str(GOAL.states[goal.state]), "kind": GOAL_BADGES[goal.state]} if goal else None,
        "axis": goal.axis.name if goal and goal.axis else "",
        "actions": [action_line(request, action, running, today) for action in row.actions],
        "edit_url": of_goal(request, "goal_edit", goal) if goal and running and goal.state == "open" else "",
        "moves": goal_moves(request, goal) if goal and running else [],
        "add_url": page_of(request, "action_add", goal.pathway) + "?" + urlencode({"doel": str(goal.pk)})
        if goal and running and goal.state == "open"
        else "",
    }


def goal_moves(request: Any, goal: Goal) -> list[dict[str, str]]:
    return [
        {"label": str(move.label), "value": move.action, "url": of_goal(request, "goal_move", goal)}
        for move in GOAL.transitions
        if goal.state in move.source
    ]


def action_line(request: Any, action: GoalAction, running: bool, today: Any) -> dict[str, Any]:
    is_open = action.state == "open"
    late = bool(is_open and action.due_on and action.due_on < today)
    visit = action.appointment
    return {
        "action": action,
        "who": looking.who_does(action),
        "state": str(GOAL_ACTION.states[action.state]),
        "kind": "warning"
        if late
        else {"open": "info", "done": "success", "dropped": "neutral"}[action.state],
        "outcome": str(GoalAction.OUTCOMES.get(action.outcome, "")),
        "visit": _("Samen op %(when)s")
        % {"when": date_format(timezone.localtime(visit.starts_at), "j F, H:i")}
        if visit
        else "",
        "done_url": of_action(request, "action_finish", action) if is_open and running else "",
        "visit_url": of_action(request, "action_visit", action)
        if is_open and running and action.kind == "try_offer" and not visit
        else "",
        "drop_url": of_action(request, "action_drop", action) if is_open and running else "",
        "reopen_url": of_action(request, "action_reopen", action) if not is_open and running else "",
    }


def step(
    request: Any, pathway: Pathway, form: Any, title: str, *, lede: str = "", **more: Any
) -> HttpResponse:
    """A page with one form, beside the goals."""
    context = {
        **about(request, pathway, "goals"), "form": form, "title": title, "lede": lede,
        "back": page_of(request, "goals", pathway), "back_label": _("Terug naar de doelen"), **more,
    }  # fmt: skip
    return show(request, "pathways/looking_form.html", context)


def done(request: Any, pathway: Pathway, message: str) -> HttpResponse:
    messages.success(request, message)
    return redirect(page_of(request, "goals", pathway))


@page(OF_PATHWAY + "doelen/nieuw/", rule="pathways.pathway.guide", loads="pathway", methods=FORM)
def goal_add(request: Any, pathway: Pathway) -> HttpResponse:
    axes = found_for(request, pathway).running(timezone.localdate())
    form = GoalForm(request.POST or None, axes=axes, initial={"axis": request.GET.get("as", "")})
    if submit(form, lambda data: actions.set_goal(pathway=pathway, actor=request.actor, **data)):
        return done(request, pathway, _("Het doel is bewaard."))
    return step(request, pathway, form, _("Nieuw doel"), lede=pathway.my_question or "")


@page(OF_GOAL, rule="pathways.goal.keep", loads="goal", methods=FORM)
def goal_edit(request: Any, goal: Goal) -> HttpResponse:
    form = GoalForm(
        request.POST or None, axes=found_for(request, goal.pathway).running(timezone.localdate()), goal=goal
    )
    if submit(form, lambda data: actions.word_goal(goal=goal, actor=request.actor, **data)):
        tell_merged(request, form)
        return done(request, goal.pathway, _("Het doel is bewaard."))
    return step(request, goal.pathway, form, _("Pas het doel aan"))


@page(OF_GOAL + "stand/", rule="pathways.goal.keep", loads="goal", methods=("POST",))
def goal_move(request: Any, goal: Goal) -> HttpResponse:
    """Reached, set aside, taken up again."""
    action = request.POST.get("move", "")
    if action not in GOAL_LINES:
        raise Http404
    actions.move_goal(goal=goal, actor=request.actor, action=action)
    return done(request, goal.pathway, _("Het doel is aangepast."))


@page(OF_PATHWAY + "doelen/actie/", rule="pathways.pathway.guide", loads="pathway", methods=FORM)
def action_add(request: Any, pathway: Pathway) -> HttpResponse:
    goals = list(pathway.goals.filter(state="open"))
    form = ActionForm(request.POST or None, goals=goals, initial={"goal": request.GET.get("doel", "")})
    made: list[GoalAction] = []
    if submit(
        form, lambda data: made.append(actions.plan_action(pathway=pathway, actor=request.actor, **data))
    ):
        if made[0].accompanied:
            messages.success(request, _("De actie is bewaard. Spreek nu de eerste keer af."))
            return redirect(of_action(request, "action_visit", made[0]))
        return done(request, pathway, _("De actie is bewaard."))
    return step(request, pathway, form, _("Nieuwe actie"), offers=OFFERS)


@page(OF_ACTION + "samen/", rule="pathways.action.keep", loads="action", methods=FORM)
def action_visit(request: Any, action: GoalAction) -> HttpResponse:
    """The first time together, in the calendar."""
    if action.kind != "try_offer" or action.state != "open":
        raise Http404
    form = VisitForm(request.POST or None)
    if submit(
        form,
        lambda data: actions.plan_visit(
            action=action, actor=request.actor, starts_at=form.starts_at(), where=data["where"]
        ),
    ):
        return done(request, action.pathway, _("De eerste keer samen staat in de agenda."))
    return step(request, action.pathway, form, _("De eerste keer samen"), lede=action.offer)


@page(OF_ACTION + "klaar/", rule="pathways.action.keep", loads="action", methods=FORM)
def action_finish(request: Any, action: GoalAction) -> HttpResponse:
    """Done; when something that was tried goes on, the wheel is offered next, filled in beforehand.

    When a colleague was first, both texts stand on the page and nothing is put over the other.
    """
    if action.state != "open" and request.method == "GET":
        raise Http404
    form = ActionDoneForm(request.POST or None, action=action)
    if submit(form, lambda data: actions.finish_action(action=action, actor=request.actor, **data)):
        if form.cleaned_data.get("outcome") == "goes_on":
            messages.success(request, _("Mooi. Is dit ook een stap op het wiel? Dat hoeft niet."))
            return redirect(f"{page_of(request, 'wheel', action.pathway)}?actie={action.pk}")
        return done(request, action.pathway, _("De actie is gedaan."))
    noted = action.outcome_note if action.state != "open" else ""
    said = _("Een collega noteerde dit al: “%(words)s”.") % {"words": noted} if noted else ""
    lede = " ".join(filter(None, [action.offer or action.text, said]))
    return step(request, action.pathway, form, _("Hoe ging het?"), lede=lede)


@page(OF_ACTION + "niet/", rule="pathways.action.keep", loads="action", methods=("POST",))
def action_drop(request: Any, action: GoalAction) -> HttpResponse:
    actions.drop_action(action=action, actor=request.actor)
    return done(request, action.pathway, _("De actie gaat niet door."))


@page(OF_ACTION + "opnieuw/", rule="pathways.action.keep", loads="action", methods=("POST",))
def action_reopen(request: Any, action: GoalAction) -> HttpResponse:
    actions.reopen_action(action=action, actor=request.actor)
    return done(request, action.pathway, _("De actie staat weer open."))


def helped_by(request: Any, pathway: Pathway) -> dict[str, Any]:
    """What the wheel's form begins with when something that was tried goes on; {} otherwise."""
    if not (key := request.GET.get("actie", "")):
        return {}
    action = load(request.actor, "pathways.action.keep", key)
    if action.pathway_id != pathway.pk or action.outcome != "goes_on":
        raise Http404
    return {"what_helped": action.offer, "starts_on": action.done_on}


def of_goal(request: Any, name: str, goal: Goal) -> str:
    return reverse(f"pathways.{name}", kwargs={"service": request.service.slug, "goal": goal.pk})


def of_action(request: Any, name: str, action: GoalAction) -> str:
    return reverse(f"pathways.{name}", kwargs={"service": request.service.slug, "action": action.pk})
