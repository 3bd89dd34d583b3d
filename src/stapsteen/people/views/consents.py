"""The person's consents: per purpose and recipient, dated, in own words; withdrawn with one button, at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from stapsteen.core.pages import load, page, show, submit
from stapsteen.people.actions import give_consent, withdraw_consent
from stapsteen.people.consents import consents_of
from stapsteen.people.forms_consents import ConsentForm
from stapsteen.people.models import Person
from stapsteen.people.views.persons import person_context

OF_PERSON = "<slug:service>/mensen/<uuid:person>/"


@page(OF_PERSON + "toestemmingen/", rule="people.person.view", loads="person", methods=("GET", "POST"))
def consents(request: Any, person: Person) -> HttpResponse:
    """What the person agrees to now, what is over, and a form for another one."""
    form = ConsentForm(request.POST or None)
    if submit(form, lambda data: give_consent(person=person, actor=request.actor, **data)):
        messages.success(request, _("De toestemming is bewaard."))
        return redirect("people.consents", service=request.service.slug, person=person.pk)
    now, over = consents_of(person)
    return show(
        request, "people/consents.html", person_context(request, person, form=form, now=now, over=over)
    )


@page(OF_PERSON + "toestemmingen/intrekken/", rule="people.person.view", loads="person", methods=("POST",))
def consent_withdraw(request: Any, person: Person) -> HttpResponse:
    """The person takes it back."""
    consent = load(request.actor, "people.consent.view", request.POST.get("consent", ""))
    withdraw_consent(consent=consent, actor=request.actor)
    messages.success(request, _("De toestemming is ingetrokken. Wat ze opende, is nu dicht."))
    return redirect("people.consents", service=request.service.slug, person=person.pk)
