"""Pages about a person's situation (benefit, residence, work) and about the people around."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core.edits import tell_merged
from stapsteen.core.pages import load, page, show, submit
from stapsteen.people import queries
from stapsteen.people import queries_situation as situations
from stapsteen.people.actions import (
    add_supporter,
    change_supporter,
    end_status,
    end_supporter,
    record_status,
)
from stapsteen.people.forms_situation import StatusForm, SupporterForm
from stapsteen.people.models import Person, Supporter

FORM = ("GET", "POST")


@page(
    "<slug:service>/mensen/<uuid:person>/situatie/",
    rule="people.sensitive.person",
    loads="person",
    methods=FORM,
)
def situation(request: Any, person: Person) -> HttpResponse:
    """What holds now and what follows from it, a form for a change, and what held before."""
    form = StatusForm(request.POST or None)
    if submit(form, lambda data: record_status(person=person, actor=request.actor, **data)):
        messages.success(request, _("De status is bewaard."))
        return redirect("people.situation", service=request.service.slug, person=person.pk)
    today = timezone.localdate()
    rows = situations.situation(request.actor, person) or []
    holding = [row for row in rows if situations.held_on(row, today)]
    context = {
        "person": person,
        "person_url": queries.person_url(request.service, person.pk),
        "form": form,
        "now": [situations.status_line(row) for row in holding],
        "former": [situations.status_line(row) for row in rows if row not in holding],
    }
    return show(request, "people/situation.html", context)


@page(
    "<slug:service>/mensen/<uuid:person>/situatie/voorbij/",
    rule="people.sensitive.person",
    loads="person",
    methods=("POST",),
)
def situation_end(request: Any, person: Person) -> HttpResponse:
    """A status that no longer holds."""
    status = load(request.actor, "people.status.view", request.POST.get("status", ""))
    end_status(status=status, actor=request.actor)
    messages.success(request, _("Dit geldt niet meer. Het staat nu bij vroeger."))
    return redirect("people.situation", service=request.service.slug, person=person.pk)


@page("<slug:service>/mensen/<uuid:person>/rond/", rule="people.person.view", loads="person", methods=FORM)
def supporters(request: Any, person: Person) -> HttpResponse:
    """Who is around the person, whether we may call, and a form to add someone."""
    form = SupporterForm(request.POST or None)
    if submit(form, lambda data: add_supporter(person=person, actor=request.actor, **data)):
        messages.success(request, _("Bewaard."))
        return redirect("people.supporters", service=request.service.slug, person=person.pk)
    now, former = situations.supporters_of(request.actor, person, timezone.localdate())
    context = {
        "person": person, "person_url": queries.person_url(request.service, person.pk), "form": form,
        "now": now, "former": former,
    }  # fmt: skip
    return show(request, "people/supporters.html", context)


@page(
    "<slug:service>/rond/<uuid:supporter>/",
    rule="people.supporter.view",
    loads="supporter",
    methods=FORM,
)
def supporter_edit(request: Any, supporter: Supporter) -> HttpResponse:
    """Another number or name; calling is fine now, or no longer."""
    form = SupporterForm(request.POST or None, supporter=supporter)
    if submit(form, lambda data: change_supporter(supporter=supporter, actor=request.actor, **data)):
        messages.success(request, _("Bewaard."))
        tell_merged(request, form)
        return redirect("people.supporters", service=request.service.slug, person=supporter.person_id)
    context = {
        "supporter": supporter, "person": supporter.person, "form": form,
        "person_url": queries.person_url(request.service, supporter.person_id),
    }  # fmt: skip
    return show(request, "people/supporter_edit.html", context)


@page(
    "<slug:service>/rond/<uuid:supporter>/voorbij/",
    rule="people.supporter.view",
    loads="supporter",
    methods=("POST",),
)
def supporter_end(request: Any, supporter: Supporter) -> HttpResponse:
    """No longer around the person."""
    end_supporter(supporter=supporter, actor=request.actor)
    messages.success(request, _("Genoteerd. De naam staat nu bij vroeger."))
    return redirect("people.supporters", service=request.service.slug, person=supporter.person_id)
