"""The participant's own pages: one thing per page, in plain words, with a login or with a card."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core.access import reachable
from stapsteen.core.pages import page, show, submit
from stapsteen.core.service_words import SERVICE_LANGUAGE, foreign, service_words
from stapsteen.network.programme.schema import Programme
from stapsteen.pathways import actions, looking
from stapsteen.pathways.forms import WheelForm
from stapsteen.pathways.forms_looking import ActionDoneForm, ScoreForm, value_name
from stapsteen.pathways.models import GoalAction, Moment, Pathway
from stapsteen.pathways.queries import ambition_words, standing, wheel_history
from stapsteen.people.models import Appointment, Person, Supporter

FORM = ("GET", "POST")
RULE = "pathways.pathway.own"


def me_of(request: Any) -> Person | None:
    found: Person | None = reachable(request.actor, "people.person.own").first()
    return found


def running(request: Any) -> Pathway | None:
    """The pathway that runs; the newest of several."""
    rows = reachable(request.actor, RULE).select_related("person", "coach")
    found: Pathway | None = rows.prefetch_related("programmes__programme", "aims", "wheel_positions").first()
    return found


def my_path_url(request: Any) -> str:
    return reverse("portals.participant", kwargs={"service": request.service.slug})


def nothing_yet(request: Any, title: str) -> HttpResponse:
    """There is no pathway that runs: says what to do."""
    return show(request, "portals/own_nothing.html", {"title": title, "back": my_path_url(request)})


def tiles(request: Any, pathway: Pathway | None) -> list[dict[str, str]]:
    """The ways on from my path; only what the own programme has."""
    slug = {"service": request.service.slug}
    rules: Programme | None = looking.programme_today(pathway).rules if pathway else None
    offered = [
        ("portals.own_wheel", _("Mijn wiel"), "path", pathway is not None),
        ("portals.own_spider", _("Mijn spindiagram"), "chart", bool(rules and rules.evaluator.enabled)),
        ("portals.own_goals", _("Wat ik wil bereiken"), "flag", pathway is not None),
        ("portals.own_people", _("Mensen rond mij"), "people", True),
        ("portals.who_sees_me", _("Wie ziet wat over mij?"), "eye", True),
        ("matching.how_own", _("Zo zoeken we een plek"), "search", pathway is not None),
    ]
    return [
        {"label": label, "icon": icon, "url": reverse(name, kwargs=slug)}
        for name, label, icon, there in offered
        if there
    ]


@page("<slug:service>/mijn-pad/wiel/", rule=RULE, methods=FORM)
def own_wheel(request: Any) -> HttpResponse:
    """Where I stand and where I want to go; I say it myself."""
    pathway = running(request)
    if pathway is None:
        return nothing_yet(request, _("Mijn wiel"))
    now = standing(pathway)
    form = WheelForm(request.POST or None, now=now)
    for name in ("said_by", "starts_on"):
        del form.fields[name]
    mark_choices(form)

    def move(data: dict[str, Any]) -> None:
        chosen: dict[str, Any] = {"said_by": "participant", "rule": RULE, "starts_on": timezone.localdate()}
        actions.move_on_wheel(pathway=pathway, actor=request.actor, **chosen, **data)

    if submit(form, move):
        messages.success(request, _("Bewaard. Je begeleider ziet dit ook."))
        return redirect("portals.own_wheel", service=request.service.slug)
    history = wheel_history(pathway)
    context = {
        "form": form, "now": now, "history": history, "back": my_path_url(request),
        "place": now.place.segment if now.place else "", "wish": now.place.wish if now.place else "",
        "ambition": ambition_words(now.programme, history), "person_url": my_path_url(request),
    }  # fmt: skip
    return show(request, "portals/own_wheel.html", context)


def mark_choices(form: WheelForm) -> None:
    """The programme's words beside the buttons, marked where the page is in another language; a list of options can
    hold no mark inside, so there each option carries it."""
    if not foreign():
        return
    places: Any = form.fields["segment"]
    places.choices = [(key, service_words(label)) for key, label in places.choices]
    wishes: Any = form.fields["wish"]
    options, value = wishes.choices, wishes.widget.attrs
    wishes.widget = ServiceOptions(attrs=value)
    wishes.choices = options


class ServiceOptions(forms.Select):
    """A list whose options, but for the empty one, are the service's words."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        if value:
            option["attrs"].update(lang=SERVICE_LANGUAGE, dir="ltr")
        return option


@page("<slug:service>/mijn-pad/spin/", rule=RULE)
def own_spider(request: Any) -> HttpResponse:
    """All my moments in one picture; and the moment that waits for my points."""
    pathway = running(request)
    if pathway is None or not looking.programme_today(pathway).rules.evaluator.enabled:
        return nothing_yet(request, _("Mijn spindiagram"))
    found = looking.evolution(pathway)
    spokes, series = looking.over_time(found)
    waiting = reachable(request.actor, "pathways.moment.own").filter(pathway=pathway).first()
    context = {
        "spokes": spokes, "series": series if spokes else [], "summary": looking.spider_summary(found),
        "back": my_path_url(request),
        "score_url": own_url(request, "own_score", moment=waiting.pk) if waiting else "",
    }  # fmt: skip
    return show(request, "portals/own_spider.html", context)


@page(
    "<slug:service>/mijn-pad/punten/<uuid:moment>/", rule="pathways.moment.own", loads="moment", methods=FORM
)
def own_score(request: Any, moment: Moment) -> HttpResponse:
    """My own points; what my coach gave isn't shown here."""
    found = looking.evolution(moment.pathway)
    axes = found.running(moment.held_on)
    form = ScoreForm(request.POST or None, axes=axes, found=found, moment=moment, rater="participant")
    for axis in axes:
        field = form.fields[value_name(axis)]
        field.label, field.help_text = service_words(axis.name), service_words(field.help_text)
    if submit(
        form,
        lambda data: actions.give_scores(
            moment=moment, actor=request.actor, rater="participant", points=form.points(data),
            rule="pathways.moment.own",
        ),
    ):  # fmt: skip
        messages.success(request, _("Jouw punten zijn bewaard."))
        return redirect("portals.own_spider", service=request.service.slug)
    context = {
        "form": form, "spokes": looking.spokes(axes), "names": [value_name(axis) for axis in axes],
        "back": own_url(request, "own_spider"),
    }  # fmt: skip
    return show(request, "portals/own_score.html", context)


@page("<slug:service>/mijn-pad/doelen/", rule=RULE)
def own_goals(request: Any) -> HttpResponse:
    """What I want to reach, and who does what."""
    pathway = running(request)
    if pathway is None:
        return nothing_yet(request, _("Wat ik wil bereiken"))
    goals = [goal_line(request, row) for row in looking.ambitions(pathway)]
    context = {"goals": goals, "question": pathway.my_question, "back": my_path_url(request)}
    return show(request, "portals/own_goals.html", context)


def goal_line(request: Any, row: looking.Ambition) -> dict[str, Any]:
    return {
        "text": service_words(row.goal.text) if row.goal else _("Dit spraken we ook af"),
        "reached": bool(row.goal and row.goal.state == "reached"),
        "actions": [
            {
                "text": action.text, "who": looking.who_does(action), "due": action.due_on,
                "done": action.state == "done",
                "done_url": own_url(request, "own_action_done", action=action.pk) if action.state == "open" else "",
            }
            for action in row.actions if action.state != "dropped"
        ],
    }  # fmt: skip


@page(
    "<slug:service>/mijn-pad/gedaan/<uuid:action>/", rule="pathways.action.own", loads="action", methods=FORM
)
def own_action_done(request: Any, action: GoalAction) -> HttpResponse:
    """I did this; how was it?"""
    form = ActionDoneForm(request.POST or None, action=action, own=True)
    if submit(form, lambda data: actions.finish_action(action=action, actor=request.actor, **data)):
        messages.success(request, _("Mooi. Je begeleider ziet dit ook."))
        return redirect("portals.own_goals", service=request.service.slug)
    context = {"form": form, "action": action, "back": own_url(request, "own_goals")}
    return show(request, "portals/own_action_done.html", context)


@page("<slug:service>/mijn-pad/mensen/", rule="people.person.own")
def own_people(request: Any) -> HttpResponse:
    """My coach, the people around me, and when we meet."""
    me, today = me_of(request), timezone.localdate()
    context = {
        "coach": pathway.coach if (pathway := running(request)) else None,
        "supporters": list(Supporter.objects.filter(person=me).on(today)) if me else [],
        "meetings": meetings(me, today) if me else [],
        "back": my_path_url(request),
    }
    return show(request, "portals/own_people.html", context)


def meetings(me: Person, today: date) -> list[Appointment]:
    rows = Appointment.objects.filter(person=me, state="planned", starts_at__date__gte=today)
    return list(rows.select_related("staff").order_by("starts_at")[:5])


def own_url(request: Any, name: str, **keys: Any) -> str:
    return reverse(f"portals.{name}", kwargs={"service": request.service.slug, **keys})
