"""How a place is sought: for staff, for participants in plain words, and as an entry for the register (requirement E4)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from stapsteen.core.pages import page, show
from stapsteen.matching.models import Settings
from stapsteen.matching.register import entries, looked_at, never
from stapsteen.network import roles

RULE = "matching.how"


def only_participant(request: Any) -> bool:
    return bool(request.actor.has(roles.PARTICIPANT)) and not request.actor.has(*roles.STAFF)


def settings_of_service() -> Settings:
    return Settings.objects.first() or Settings()


def own_url(request: Any, name: str) -> str:
    return reverse(name, kwargs={"service": request.service.slug})


@page("<slug:service>/zo-zoeken-we-een-plek/", rule=RULE)
def how(request: Any) -> HttpResponse:
    """What is looked at and what never is, who decides, and how to object."""
    if only_participant(request):
        return redirect(own_url(request, "matching.how_own"))
    context = {
        "settings": settings_of_service(),
        "looked_at": looked_at(),
        "never": never(),
        "register_url": own_url(request, "matching.register"),
    }
    return show(request, "matching/how.html", context)


@page("<slug:service>/zo-zoeken-we-een-plek/register/", rule=RULE)
def register(request: Any) -> HttpResponse:
    """The entry for the register of algorithms, to print."""
    found = entries(request.service.owner_name, request.service.email)
    context = {
        "entries": found,
        "back": own_url(request, "matching.how"),
        "columns": [_("Veld"), _("Wat er staat")],
    }
    return show(request, "matching/register.html", context)


@page("<slug:service>/mijn-pad/zo-zoeken-we/", rule=RULE)
def how_own(request: Any) -> HttpResponse:
    """The same for the participant, in plain words."""
    context = {"settings": settings_of_service(), "back": own_url(request, "portals.participant")}
    return show(request, "matching/how_own.html", context)
