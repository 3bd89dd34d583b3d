"""Warm handover: offer, talk together, taken over or not, and ask after later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stapsteen.core.access import may
from stapsteen.core.pages import page, show, submit
from stapsteen.pathways import actions, queries
from stapsteen.pathways.forms_referral import HandoverForm, HandoverTalkForm, OutcomeForm
from stapsteen.pathways.models import Handover, Pathway, Referral
from stapsteen.pathways.states import HANDOVER
from stapsteen.pathways.views.intake import referral_url
from stapsteen.people.queries import person_url

FORM = ("GET", "POST")
BADGES = {"offered": "info", "talked": "info", "taken_over": "success", "not_taken": "neutral"}
BUTTONS = {
    "talk": ("pathways.handover_talk", "get", "primary"),
    "take_over": ("pathways.handover_taken", "post", "primary"),
    "refuse": ("pathways.handover_refused", "get", "secondary"),
    "reopen": ("pathways.handover_reopen", "post", "secondary"),
}


@page("<slug:service>/overdrachten/", rule="pathways.handover.keep")
def handover_list(request: Any) -> HttpResponse:
    """Handovers that aren't done yet: still to settle, or to ask after."""
    found = queries.open_handovers(request.actor)
    context = {
        "columns": [_("Wie"), _("Naar"), _("Stand"), _("Volgende stap"), _("Sinds")],
        "rows": [handover_row(request, row) for row in found],
    }
    return show(request, "pathways/handover_list.html", context)


def handover_row(request: Any, row: Handover) -> list[Any]:
    return [
        {"text": str(row.person), "href": handover_url(request, row)},
        row.to_name,
        {"text": str(HANDOVER.states[row.state]), "badge": BADGES[row.state]},
        queries.handover_next(row),
        date_format(row.settled_on or row.offered_on, "j F Y"),
    ]


def handover_url(request: Any, handover: Handover) -> str:
    return reverse(
        "pathways.handover_detail", kwargs={"service": request.service.slug, "handover": handover.pk}
    )


@page("<slug:service>/overdrachten/<uuid:handover>/", rule="pathways.handover.keep", loads="handover")
def handover_detail(request: Any, handover: Handover) -> HttpResponse:
    """One handover: what was agreed, what happened, what comes."""
    handover = queries.handover_with_all(handover)
    consent = handover.consent
    due = handover.check_on
    facts = [
        (_("Naar"), handover.to_name), (_("Contact daar"), handover.to_contact),
        (_("Voorgesteld op"), date_format(handover.offered_on, "j F Y")),
        (_("Samen gepraat op"), date_format(handover.talk_on, "j F Y") if handover.talk_on else ""),
        (_("Vraag opnieuw na op"), date_format(due, "j F Y") if due else ""),
    ]  # fmt: skip
    context = about(
        request, handover,
        facts=[(term, value) for term, value in facts if value],
        consent=consent, consent_holds=consent is not None and consent.withdrawn_at is None,
        buttons=[_button(request, handover, t) for t in HANDOVER.open_to(handover, request.actor)],
        check_form=OutcomeForm() if due else None,
    )  # fmt: skip
    return show(request, "pathways/handover_detail.html", context)


def about(request: Any, handover: Handover, **more: Any) -> dict[str, Any]:
    """What each page about one handover shows on top."""
    person = handover.person
    seen = may(request.actor, "people.person.view", person)
    return {
        "handover": handover, "person": person, "back": handover_url(request, handover),
        "person_url": person_url(request.service, person.pk) if seen else "",
        "badges": [{"label": HANDOVER.states[handover.state], "kind": BADGES[handover.state]}],
        "programme_name": _("Warme overdracht"), **more,
    }  # fmt: skip


def _button(request: Any, handover: Handover, transition: Any) -> dict[str, Any]:
    name, method, kind = BUTTONS[transition.action]
    reasons = [reason for need in transition.needs if (reason := need(handover))]
    url = reverse(name, kwargs={"service": request.service.slug, "handover": handover.pk})
    return {"label": transition.label, "url": url, "method": method, "kind": kind, "reasons": reasons}


# Offering --------------------------------------------------------------------------------------------------------------


@page(
    "<slug:service>/aanmeldingen/<uuid:referral>/overdracht/", rule="pathways.referral.handle", loads="referral",
    methods=FORM,
)  # fmt: skip
def referral_hand_over(request: Any, referral: Referral) -> HttpResponse:
    """Bring who doesn't fit here to another service."""
    back = referral_url(request, referral)
    return _offer(
        request, back, {"to_name": referral.went_to[:160]}, referral=referral, person=referral.person
    )


@page(
    "<slug:service>/trajecten/<uuid:pathway>/overdracht/", rule="pathways.pathway.guide", loads="pathway",
    methods=FORM,
)  # fmt: skip
def pathway_hand_over(request: Any, pathway: Pathway) -> HttpResponse:
    """Bring who ends here to the next service."""
    back = person_url(request.service, pathway.person_id)
    return _offer(request, back, {}, pathway=pathway, person=pathway.person)


def _offer(
    request: Any, back: str, initial: dict[str, Any], *, person: Any, **about_what: Any
) -> HttpResponse:
    form = HandoverForm(request.POST or None, initial=initial)
    made: list[Handover] = []
    if submit(
        form, lambda data: made.append(actions.offer_handover(actor=request.actor, **about_what, **data))
    ):
        messages.success(request, _("De overdracht is voorgesteld. Plan nu een gesprek met drie."))
        return redirect(handover_url(request, made[0]))
    context = {
        "form": form, "back": back, "person": person, "person_url": back, "badges": [],
        "programme_name": _("Warme overdracht"), "title": _("Warme overdracht"), "send": _("Stel voor"),
        "lede": _("Je brengt de persoon zelf in contact. Zo valt niemand tussen twee diensten."), "kind": "primary",
    }  # fmt: skip
    return show(request, "pathways/handover_step.html", context)


# Each step -------------------------------------------------------------------------------------------------------------


def turn(
    request: Any,
    handover: Handover,
    form: Any,
    act: Callable[[dict[str, Any]], Any],
    *,
    title: str,
    done: str,
) -> HttpResponse:
    """A page with one form about a handover; when it went well, back to the handover."""
    if submit(form, act):
        messages.success(request, done)
        return redirect(handover_url(request, handover))
    context = about(request, handover, form=form, title=title, lede="", send=_("Bewaar"), kind="primary")
    return show(request, "pathways/handover_step.html", context)


@page(
    "<slug:service>/overdrachten/<uuid:handover>/gesprek/", rule="pathways.handover.keep", loads="handover",
    methods=FORM,
)  # fmt: skip
def handover_talk(request: Any, handover: Handover) -> HttpResponse:
    """The talk with three."""
    return turn(
        request, handover, HandoverTalkForm(request.POST or None, handover=handover),
        lambda data: actions.note_handover_talk(handover=handover, actor=request.actor, **data),
        title=_("Samen gepraat"), done=_("Het gesprek is genoteerd."),
    )  # fmt: skip


@page(
    "<slug:service>/overdrachten/<uuid:handover>/overgenomen/", rule="pathways.handover.keep", loads="handover",
    methods=("POST",),
)  # fmt: skip
def handover_taken(request: Any, handover: Handover) -> HttpResponse:
    """The other service guides from now on."""
    row = actions.take_over(handover=handover, actor=request.actor)
    day = date_format(row.check_on or timezone.localdate(), "j F Y")
    messages.success(request, _("Overgenomen. Vraag op %(day)s na hoe het gaat.") % {"day": day})
    return redirect(handover_url(request, handover))


@page(
    "<slug:service>/overdrachten/<uuid:handover>/niet/", rule="pathways.handover.keep", loads="handover",
    methods=FORM,
)  # fmt: skip
def handover_refused(request: Any, handover: Handover) -> HttpResponse:
    """The other service doesn't take it."""
    return turn(
        request, handover, OutcomeForm(request.POST or None),
        lambda data: actions.not_taken_over(handover=handover, actor=request.actor, **data),
        title=_("Niet overgenomen"), done=_("Genoteerd. Zoek samen met de persoon een andere weg."),
    )  # fmt: skip


@page(
    "<slug:service>/overdrachten/<uuid:handover>/opnieuw/", rule="pathways.handover.keep", loads="handover",
    methods=("POST",),
)  # fmt: skip
def handover_reopen(request: Any, handover: Handover) -> HttpResponse:
    """Try again."""
    actions.reopen_handover(handover=handover, actor=request.actor)
    messages.success(request, _("De overdracht is weer open."))
    return redirect(handover_url(request, handover))


@page(
    "<slug:service>/overdrachten/<uuid:handover>/nagevraagd/", rule="pathways.handover.keep", loads="handover",
    methods=FORM,
)  # fmt: skip
def handover_check(request: Any, handover: Handover) -> HttpResponse:
    """How it goes there, after a month and after half a year."""
    return turn(
        request, handover, OutcomeForm(request.POST or None),
        lambda data: actions.check_handover(handover=handover, actor=request.actor, **data),
        title=_("Hoe gaat het nu?"), done=_("Genoteerd."),
    )  # fmt: skip
