"""Referrals and pathways for tests, made through the actions, in the open scope of a service."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from stapsteen.core.scope import Actor, current, system
from stapsteen.network.models import ProgrammeVersion, Service, StaffMember
from stapsteen.pathways import fit
from stapsteen.pathways.actions import (
    accept_referral,
    note_talk,
    receive_referral,
    record_yes,
    set_conditions,
    start_pathway,
    take_in_referral,
)
from stapsteen.pathways.models import Pathway, Referral
from stapsteen.people.models import Person
from stapsteen.people.tests.factories import make_person

SYSTEM = system("test")


def days_ago(number: int) -> date:
    return timezone.localdate() - timedelta(days=number)


def any_programme(service_id: Any = None) -> ProgrammeVersion:
    """The first programme of the service (of the open scope)."""
    rows = ProgrammeVersion.objects.filter(service_id=service_id or current().service_id)
    return rows.order_by("slug", "-number")[0]


def make_referral(
    actor: Actor | None = None, *, person: dict[str, Any] | None = None, **values: Any
) -> Referral:
    """A helper's referral, received today; the person is Amina Peeters of Turnhout unless told otherwise."""
    given = {
        "programme": values.pop("programme", None) or any_programme(),
        "by": "helper",
        "question": "Graag overdag onder de mensen.",
        "helper_name": "Els",
        "helper_email": "els@example.org",
        **values,
    }
    about = {
        "first_name": "Amina",
        "last_name": "Peeters",
        "town": "Turnhout",
        "birth_year": 1980,
        **(person or {}),
    }
    return receive_referral(actor=actor or SYSTEM, person=about, **given)


def make_talked(actor: Actor | None = None, **values: Any) -> Referral:
    """A referral on which only the decision is missing."""
    actor = actor or SYSTEM
    referral = make_referral(actor, **values)
    take_in_referral(referral=referral, actor=actor)
    note_talk(referral=referral, actor=actor, kind="talk", held_on=timezone.localdate())
    record_yes(referral=referral, actor=actor)
    conditions = fit.fitting_conditions(referral.programme.rules)
    return set_conditions(referral=referral, actor=actor, conditions=conditions)


def make_pathway(
    coach: StaffMember, actor: Actor | None = None, *, person: Person | None = None, **values: Any
) -> Pathway:
    """A running pathway with this coach, without a referral; since 30 days unless told otherwise."""
    given = {
        "programme": values.pop("programme", None) or any_programme(),
        "starts_on": days_ago(30),
        "aim": "end_in_itself",
        "segment": "few-contacts",
        **values,
    }
    return start_pathway(person=person or make_person(), actor=actor or SYSTEM, coach=coach, **given)


def make_accepted(coach: StaffMember, actor: Actor | None = None, **values: Any) -> Pathway:
    """A pathway that began with a referral and a decision."""
    return accept_referral(
        referral=make_talked(actor, **values), actor=actor or SYSTEM, coach=coach, starts_on=timezone.localdate(),
        aim="end_in_itself", segment="few-contacts", reason="Past goed.",
    )  # fmt: skip


def service_of(slug: str) -> Service:
    return Service.objects.get(slug=slug)
