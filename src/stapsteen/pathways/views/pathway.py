"""The staff's pages about a running pathway."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from stapsteen.core.access import may
from stapsteen.core.pages import page, show, submit
from stapsteen.pathways import actions, queries
from stapsteen.pathways.forms import (
    AimForm,
    CoachForm,
    EndForm,
    KindForm,
    PauseForm,
    ResumeForm,
    WheelForm,
)
from stapsteen.pathways.models import Pathway
from stapsteen.pathways.views.goals import helped_by
from stapsteen.pathways.views.looking import about
from stapsteen.people.queries import person_url

PER_PAGE = 50
LIGHT_BADGES = {"green": "success", "orange": "warning", "red": "error", "grey": "neutral"}
BUTTONS = {
    "take_in": ("pathways.referral_take_in", "post", "primary"),
    "accept": ("pathways.referral_accept", "get", "primary"),
    "refuse": ("pathways.referral_refuse", "get", "secondary"),
    "withdraw": ("pathways.referral_withdraw", "get", "tertiary"),
    "reopen": ("pathways.referral_reopen", "post", "secondary"),
}
FORM = ("GET", "POST")

# One pathway -------------------------------------------------------------------------------------------------------


def turn(
    request: Any, pathway: Pathway, form: Any, act: Callable[[dict[str, Any]], Any], *, title: str, done: str,
    lede: str = "", send: str = "", kind: str = "primary", nothing: str = "",
    template: str = "pathways/pathway_step.html", **more: Any,
) -> HttpResponse:  # fmt: skip
    """A page with one form about a pathway; when it went well, back to the person."""
    url = person_url(request.service, pathway.person_id)
    if submit(form, act):
        messages.success(request, done)
        still_seen = may(request.actor, "people.person.view", pathway.person)
        return redirect(
            url if still_seen else reverse("people.person_list", kwargs={"service": request.service.slug})
        )
    now = queries.standing(pathway)
    context = {
        "pathway": pathway, "person": pathway.person, "person_url": url, "form": form, "title": title, "lede": lede,
        "send": send, "kind": kind, "nothing": nothing, "now": now,
        "programme_name": queries.programme_name(now.programme), **more,
    }  # fmt: skip
    return show(request, template, context)


@page(
    "<slug:service>/trajecten/<uuid:pathway>/wiel/",
    rule="pathways.pathway.guide",
    loads="pathway",
    methods=FORM,
)
def wheel(request: Any, pathway: Pathway) -> HttpResponse:
    """Where the person stands and wants to go; forward, back or aside, all are steps."""
    now, history = queries.standing(pathway), queries.wheel_history(pathway)
    known = {segment["key"] for segment in now.segments}
    place, wish = (now.place.segment, now.place.wish) if now.place else ("", "")
    around = about(request, pathway, "wheel")
    return turn(
        request, pathway, WheelForm(request.POST or None, now=now, begin=helped_by(request, pathway)),
        lambda data: actions.move_on_wheel(pathway=pathway, actor=request.actor, **data),
        title=_("Participatiewiel"), done=_("De plaats op het wiel is bewaard."), template="pathways/wheel.html",
        lede=now.programme.rules.wheel.note.say(queries.language()), history=history,
        place=place if place in known else "", wish=wish if wish in known else "",
        ambition=queries.ambition_words(now.programme, history), question=around["question"],
        looking_tabs=around["looking_tabs"],
    )  # fmt: skip


@page(
    "<slug:service>/trajecten/<uuid:pathway>/doel/",
    rule="pathways.pathway.guide",
    loads="pathway",
    methods=FORM,
)
def aim_change(request: Any, pathway: Pathway) -> HttpResponse:
    """What the pathway is for."""
    return turn(
        request, pathway, AimForm(request.POST or None, now=queries.standing(pathway)),
        lambda data: actions.change_aim(pathway=pathway, actor=request.actor, **data),
        title=_("Doel van het traject"), done=_("Het doel is bewaard."),
        lede=_("Het vorige doel blijft te zien bij de tijdlijn."),
    )  # fmt: skip


@page(
    "<slug:service>/trajecten/<uuid:pathway>/soort/",
    rule="pathways.pathway.guide",
    loads="pathway",
    methods=FORM,
)
def kind_change(request: Any, pathway: Pathway) -> HttpResponse:
    """On with another programme."""
    form = KindForm(request.POST or None, service=request.service, now=queries.standing(pathway).programme)
    return turn(
        request, pathway, form,
        lambda data: actions.change_kind(pathway=pathway, actor=request.actor, **data),
        title=_("Ander programma"), done=_("Het traject gaat verder in het andere programma."),
        lede=_("Het traject loopt door. Dit is geen einde en geen nieuwe start."),
        nothing="" if form.versions else _("Deze dienst heeft maar één programma"),
    )  # fmt: skip


@page(
    "<slug:service>/trajecten/<uuid:pathway>/begeleider/", rule="pathways.pathway.guide", loads="pathway",
    methods=FORM,
)  # fmt: skip
def coach_change(request: Any, pathway: Pathway) -> HttpResponse:
    """Another coach takes over."""
    form = CoachForm(request.POST or None, pathway=pathway)
    return turn(
        request, pathway, form,
        lambda data: actions.change_coach(pathway=pathway, actor=request.actor, **data),
        title=_("Andere begeleider"), done=_("De nieuwe begeleider is genoteerd."),
        lede=_("Stel de nieuwe begeleider zelf voor aan de persoon."),
        nothing="" if form.coaches else _("Er is geen andere begeleider"),
    )  # fmt: skip


@page(
    "<slug:service>/trajecten/<uuid:pathway>/pauze/",
    rule="pathways.pathway.guide",
    loads="pathway",
    methods=FORM,
)
def pathway_pause(request: Any, pathway: Pathway) -> HttpResponse:
    """A pause."""
    return turn(
        request, pathway, PauseForm(request.POST or None),
        lambda data: actions.suspend_pathway(pathway=pathway, actor=request.actor, **data),
        title=_("Pauze"), done=_("De pauze is genoteerd."), send=_("Pauzeer het traject"),
        lede=_("Evaluaties in de pauze komen op de eerste dag erna. De maximumduur loopt door."),
    )  # fmt: skip


@page(
    "<slug:service>/trajecten/<uuid:pathway>/hervat/",
    rule="pathways.pathway.guide",
    loads="pathway",
    methods=FORM,
)
def pathway_resume(request: Any, pathway: Pathway) -> HttpResponse:
    """On again."""
    return turn(
        request, pathway, ResumeForm(request.POST or None),
        lambda data: actions.resume_pathway(pathway=pathway, actor=request.actor, **data),
        title=_("Terug van pauze"), done=_("Het traject loopt weer."), send=_("Hervat het traject"),
    )  # fmt: skip


@page(
    "<slug:service>/trajecten/<uuid:pathway>/einde/",
    rule="pathways.pathway.guide",
    loads="pathway",
    methods=FORM,
)
def pathway_end(request: Any, pathway: Pathway) -> HttpResponse:
    """The end: why, where to, what was reached."""
    return turn(
        request, pathway, EndForm(request.POST or None),
        lambda data: actions.end_pathway(pathway=pathway, actor=request.actor, **data),
        title=_("Rond het traject af"), done=_("Het traject is afgerond."), send=_("Rond af"),
        lede=_("Na 28 dagen en na 6 maanden vragen we hoe het gaat."),
    )  # fmt: skip
