"""What is due, and the talk of three."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core.access import reachable
from stapsteen.core.pages import page, show, submit
from stapsteen.followup import actions, histories, queries
from stapsteen.followup.forms import DropForm, GoOnForm, HoldForm, OverviewForm, PlanForm
from stapsteen.pathways.models import Pathway
from stapsteen.people.queries import person_url

FORM = ("GET", "POST")
PER_PAGE = 50
EVALUATION = "<slug:service>/trajecten/<uuid:pathway>/evaluatie/"
FOLLOWS = {
    "other_place": "matching.place_search",
    "step_up": "pathways.wheel",
    "end": "pathways.pathway_end",
}
"""The page on which a decision is carried out; after another one back to the person."""


@page("<slug:service>/evaluaties/", rule="pathways.pathway.guide")
def overview(request: Any) -> HttpResponse:
    """Which talks wait, the most overdue first; who stands still; who is past guideline or maximum."""
    today = timezone.localdate()
    running = reachable(request.actor, "pathways.pathway.guide").filter(state__in=("active", "suspended"))
    coaches = running.order_by("coach__name").values_list("coach_id", "coach__name").distinct()
    form = OverviewForm(request.GET or None, coaches=[(str(pk), name) for pk, name in coaches])
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    if coach := chosen.get("begeleider"):
        running = running.filter(coach_id=coach)
    found = histories.read(running)
    limits = queries.limits(found, today)
    answered = [limit for limit in limits if queries.is_answered(limit, today)]
    lists = {
        "due": part(request, "pagina", due_as_asked(found, today, chosen.get("wat", ""))),
        "still": part(request, "stil", queries.stands_still(found, today)),
        "limits": part(request, "lang", [limit for limit in limits if not queries.is_answered(limit, today)]),
        "going_on": part(request, "door", answered),
    }
    with_persons(request, lists)
    return show(request, "followup/overview.html", {"form": form, **lists})


def due_as_asked(found: list[histories.History], today: date, what: str) -> list[queries.Due]:
    """What waits; with `what` only what is overdue, or only what isn't."""
    due = queries.due_evaluations(found, today)
    return [one for one in due if (one.status == "overdue") == (what == "overdue")] if what else due


def part(request: Any, name: str, rows: list[Any]) -> Page[Any]:
    """One page of a list of this overview; `name` is its number in the address."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get(name))


def with_persons(request: Any, lists: dict[str, Page[Any]]) -> None:
    """What stands on these pages becomes lines; only their persons are loaded, for all lists at once."""
    for name in ("limits", "going_on"):
        lists[name].object_list = queries.with_reasons(lists[name].object_list)
    rows = [row for shown in lists.values() for row in shown.object_list]
    pathways = queries.shown_pathways({row.pathway_id for row in rows})
    for name, shown in lists.items():
        line = LINES[name]
        shown.object_list = [line(request, row, pathways[row.pathway_id]) for row in shown.object_list]


def still_line(request: Any, still: queries.Still, pathway: Pathway) -> dict[str, Any]:
    url = person_url(request.service, pathway.person_id)
    return {"pathway": pathway, "weeks": still.weeks, "url": url}


def line(request: Any, due: queries.Due, pathway: Pathway) -> dict[str, Any]:
    kwargs = {"service": request.service.slug, "pathway": pathway.pk}
    return {
        "due": due,
        "pathway": pathway,
        "person_url": person_url(request.service, pathway.person_id),
        "url": reverse("followup.evaluation_hold", kwargs=kwargs),
    }


def limit_line(request: Any, limit: queries.Limit, pathway: Pathway) -> dict[str, Any]:
    kwargs = {"service": request.service.slug, "pathway": pathway.pk}
    return {
        "pathway": pathway,
        "words": queries.limit_words(limit),
        "person_url": person_url(request.service, pathway.person_id),
        "url": reverse("followup.go_on", kwargs=kwargs),
    }


LINES: dict[str, Callable[[Any, Any, Pathway], dict[str, Any]]] = {
    "due": line,
    "still": still_line,
    "limits": limit_line,
    "going_on": limit_line,
}


def moment(pathway: Pathway, asked: str) -> tuple[date, queries.Due | None]:
    """Which moment this talk answers: the asked one, else the first that is open, else an extra talk of today."""
    today = timezone.localdate()
    waiting = queries.open_moments(pathway, today, ahead=190)
    day = read_day(asked)
    due = next((d for d in waiting if d.planned == day), None) or (waiting[0] if waiting else None)
    return (due.planned, due) if due else (today, None)


def read_day(text: str) -> date | None:
    """The day of "2026-11-22"; None for anything else, 31 February too."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@page(EVALUATION, rule="pathways.pathway.guide", loads="pathway", methods=FORM)
def evaluation_hold(request: Any, pathway: Pathway) -> HttpResponse:
    """The person's words, the host's, the coach's, and the decision of the three."""
    due_on, due = moment(pathway, request.GET.get("moment", ""))
    form = HoldForm(request.POST or None, has_host=queries.has_host(pathway))
    if submit(
        form,
        lambda data: actions.hold_evaluation(pathway=pathway, actor=request.actor, due_on=due_on, **data),
    ):
        messages.success(request, _("Het gesprek is bewaard."))
        return redirect(follow(request, pathway, form.cleaned_data["decision"]))
    return step(
        request, pathway, due, form, "followup/evaluation_hold.html", held=queries.held(pathway),
        spider_url=spider_url(request, pathway),
    )  # fmt: skip


def spider_url(request: Any, pathway: Pathway) -> str:
    """Where the programme's moment is a spider that all score together: its page; '' elsewhere."""
    rules = queries.programme_now(pathway).rules
    if not rules.evaluator.enabled:
        return ""
    return reverse("pathways.evoluator", kwargs={"service": request.service.slug, "pathway": pathway.pk})


def follow(request: Any, pathway: Pathway, decision: str) -> str:
    """Where to after the talk: to what was decided."""
    if decision in FOLLOWS:
        return reverse(FOLLOWS[decision], kwargs={"service": request.service.slug, "pathway": pathway.pk})
    return person_url(request.service, pathway.person_id)


@page(EVALUATION + "afspreken/", rule="pathways.pathway.guide", loads="pathway", methods=FORM)
def evaluation_plan(request: Any, pathway: Pathway) -> HttpResponse:
    """Make or move the appointment: only this one moves."""
    due_on, due = moment(pathway, request.GET.get("moment", ""))
    form = PlanForm(request.POST or None)
    if submit(
        form,
        lambda data: actions.plan_evaluation(pathway=pathway, actor=request.actor, due_on=due_on, **data),
    ):
        messages.success(request, _("De afspraak is bewaard."))
        return redirect("followup.overview", service=request.service.slug)
    return step(request, pathway, due, form, "followup/evaluation_plan.html")


@page(EVALUATION + "vervalt/", rule="pathways.pathway.guide", loads="pathway", methods=FORM)
def evaluation_drop(request: Any, pathway: Pathway) -> HttpResponse:
    """This moment doesn't take place; with a reason."""
    due_on, due = moment(pathway, request.GET.get("moment", ""))
    form = DropForm(request.POST or None)
    if submit(
        form,
        lambda data: actions.drop_evaluation(pathway=pathway, actor=request.actor, due_on=due_on, **data),
    ):
        messages.success(request, _("Het gesprek vervalt. Het volgende houdt zijn dag."))
        return redirect("followup.overview", service=request.service.slug)
    return step(request, pathway, due, form, "followup/evaluation_drop.html")


@page(
    "<slug:service>/trajecten/<uuid:pathway>/langer/",
    rule="pathways.pathway.guide",
    loads="pathway",
    methods=FORM,
)
def go_on(request: Any, pathway: Pathway) -> HttpResponse:
    """Past guideline or maximum: go on, with a reason that is looked at again, or end."""
    form = GoOnForm(request.POST or None)
    if submit(form, lambda data: actions.go_on_beyond(pathway=pathway, actor=request.actor, **data)):
        messages.success(request, _("Het traject gaat door. Je reden is bewaard."))
        return redirect(person_url(request.service, pathway.person_id))
    past = queries.limits(queries.with_history(Pathway.objects.filter(pk=pathway.pk)), timezone.localdate())
    return step(
        request,
        pathway,
        None,
        form,
        "followup/go_on.html",
        words=queries.limit_words(past[0]) if past else "",
        earlier=queries.reasons(pathway),
    )


def step(
    request: Any, pathway: Pathway, due: queries.Due | None, form: Any, template: str, **more: Any
) -> HttpResponse:
    context = {
        "pathway": pathway,
        "person": pathway.person,
        "person_url": person_url(request.service, pathway.person_id),
        "due": due,
        "form": form,
        **more,
    }
    return show(request, template, context)
