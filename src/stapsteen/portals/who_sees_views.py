"""The page "who sees what": about a person for staff, about me for the participant, who can take a consent back there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stapsteen.core.access import reachable
from stapsteen.core.pages import load, page, show
from stapsteen.people.actions import withdraw_consent
from stapsteen.people.consents import consents_of
from stapsteen.people.models import Person
from stapsteen.portals import who_sees as parts


@page("<slug:service>/mensen/<uuid:person>/wie-ziet-wat/", rule="people.person.view", loads="person")
def who_sees(request: Any, person: Person) -> HttpResponse:
    """Who can see which parts now, what the person agreed to, and who looked."""
    context = {
        **common(person),
        "person": person,
        "columns": [_("Wie"), _("Als"), _("Ziet")],
        "look_columns": [_("Dag"), _("Wie"), _("Als"), _("Keek naar")],
        "days": parts.LOOKED_DAYS,
    }
    return show(request, "portals/who_sees.html", context)


@page("<slug:service>/mijn-pad/wie-ziet-wat/", rule="people.person.own")
def who_sees_me(request: Any) -> HttpResponse:
    """The same about me, in plain words."""
    me = reachable(request.actor, "people.person.own").first()
    if me is None:
        return redirect("portals.participant", service=request.service.slug)
    return show(request, "portals/who_sees_me.html", {**common(me), "me": me, "days": parts.LOOKED_DAYS})


def common(person: Person) -> dict[str, Any]:
    found, seen = parts.sees(person), parts.looks(person)
    return {
        "sees": found,
        "rows": [[row.who, row.capacity, {"text": row.what, "sub": until(row)}] for row in found],
        "looks": seen,
        "look_rows": [[f"{row.day:%d/%m/%Y}", row.who or "–", row.capacity, row.words] for row in seen],
        "consents": consents_of(person)[0],
    }


def until(row: parts.Sees) -> str:
    return _("tot en met %(day)s") % {"day": date_format(row.until, "j F Y")} if row.until else ""


@page("<slug:service>/mijn-pad/toestemming-intrekken/", rule="people.person.own", methods=("POST",))
def consent_take_back(request: Any) -> HttpResponse:
    """I take a consent back."""
    consent = load(request.actor, "people.consent.own", request.POST.get("consent", ""))
    withdraw_consent(consent=consent, actor=request.actor)
    messages.success(request, _("Gedaan. Dit mag nu niet meer."))
    return redirect("portals.who_sees_me", service=request.service.slug)
