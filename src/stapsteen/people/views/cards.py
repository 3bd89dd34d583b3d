"""The participant's card: the coach prints it on the spot, the participant opens the own pages with it."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from stapsteen.core import limits, pdf
from stapsteen.core.pages import CARD, page, show, submit
from stapsteen.people.actions.cards import PIN_DIGITS, print_card, stop_cards, try_pin
from stapsteen.people.card_pdf import card_pdf
from stapsteen.people.models import AccessCard, Person
from stapsteen.people.views.persons import person_context


class PinForm(forms.Form):
    pin = forms.CharField(
        label=_("Jouw cijfers"),
        help_text=_("Ze staan op je papier. Het zijn er 6."),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "off",
                "class": "ams-text-input st-pin",
                "dir": "ltr",
            }
        ),
    )

    def clean_pin(self) -> str:
        digits = "".join(str(int(sign)) for sign in self.cleaned_data["pin"] if sign.isdecimal())
        if len(digits) != PIN_DIGITS:
            raise forms.ValidationError(translate("Typ de 6 cijfers van je papier."))
        return digits


@page(
    "<slug:service>/mensen/<uuid:person>/kaart/",
    rule="people.card.keep",
    loads="person",
    methods=("GET", "POST"),
)
def card(request: Any, person: Person) -> HttpResponse:
    """Is there a card, when was it used; print a new one. The answer to that is the paper itself, once."""
    if request.method == "POST":
        return printed(request, person)
    cards = AccessCard.objects.filter(person=person).order_by("-printed_at")
    context = person_context(request, person, cards=list(cards[:10]), now=timezone.now())
    return show(request, "people/card.html", context)


def printed(request: Any, person: Person) -> HttpResponse:
    _card, secret, pin = print_card(person=person, actor=request.actor)
    address = settings.BASE_URL + reverse(
        "people.card_open", kwargs={"service": request.service.slug, "secret": secret}
    )
    chosen = (get_language() or "nl")[:2]
    paper = card_pdf(
        person=person, service=request.service, address=address, pin=pin, made_at=timezone.localtime().replace(microsecond=0),
        lang=chosen if chosen in pdf.languages() else "nl",
    )  # fmt: skip
    answer = HttpResponse(paper, content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="kaart.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@page(
    "<slug:service>/mensen/<uuid:person>/kaart/stop/",
    rule="people.card.keep",
    loads="person",
    methods=("POST",),
)
def card_stop(request: Any, person: Person) -> HttpResponse:
    """Lost, or no longer wanted: closed at once, also where it is open now."""
    stop_cards(person=person, actor=request.actor)
    messages.success(request, translate("De kaart opent niets meer."))
    return redirect("people.card", service=request.service.slug, person=person.pk)


@page("<slug:service>/kaart/<str:secret>/", rule="people.card.open", methods=("GET", "POST"))
def card_open(request: Any, secret: str) -> HttpResponse:
    """Type the digits. Says the same for a card that isn't there, was stopped, or has other digits."""
    form, found = PinForm(request.POST or None), []

    def open_it(data: dict[str, Any]) -> None:
        limits.allow(request, "card", most=30, per=timedelta(hours=1))
        found.append(try_pin(secret=secret, pin=data["pin"]))

    if submit(form, open_it) and found[0] is not None:
        return begin(request, found[0])
    if found:
        form.add_error("pin", translate("Dat klopt niet. Kijk na en probeer opnieuw."))
    return show(request, "people/card_open.html", {"form": form})


def begin(request: Any, opened: AccessCard) -> HttpResponse:
    """The web session of this card and nothing else: whoever was logged in on this device isn't any more."""
    language = get_language()
    request.session.flush()
    request.session[CARD] = {
        "service": str(opened.service_id),
        "card": str(opened.pk),
        "seen": time.time(),
    }
    answer = redirect("portals.participant", service=request.service.slug)
    answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, language or "nl", samesite="Lax", httponly=True)
    return answer


@page("<slug:service>/klaar/", rule="people.person.own", methods=("POST",))
def card_done(request: Any) -> HttpResponse:
    """The participant is done: nothing stays behind on this device. Who has a login, logs out as everybody does."""
    if request.actor.card_id is None:
        return redirect("portals.participant", service=request.service.slug)
    request.session.flush()
    answer = show(request, "people/card_done.html", {})
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer
