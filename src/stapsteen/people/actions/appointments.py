"""Meetings to come."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core import events
from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor
from stapsteen.network.models import StaffMember
from stapsteen.people.access import demand
from stapsteen.people.models import Appointment, Note, Person


@transaction.atomic
def plan_appointment(
    *,
    person: Person,
    actor: Actor,
    staff: StaffMember,
    starts_at: datetime,
    minutes: int = 60,
    kind: str = "talk",
    place: str = "",
    where: str = "",
    about: str = "",
) -> Appointment:
    """A meeting of this person and this colleague. `starts_at`: aware; `where` and `about` are encrypted."""
    demand(actor, person, "people.person.view")
    if kind not in Appointment.KINDS or (place and place not in Note.PLACES):
        raise RuleBroken(_("Kies een soort afspraak uit de lijst."), field="kind")
    if timezone.is_naive(starts_at):
        raise ValueError("An appointment needs a moment with its offset.")
    if not 5 <= minutes <= 600:
        raise RuleBroken(_("Een afspraak duurt 5 minuten tot 10 uur."), field="minutes")
    planned: Appointment = Appointment.objects.create(
        person=person, staff=staff, kind=kind, starts_at=starts_at, minutes=minutes, place=place,
        where=where.strip() or None, about=about.strip() or None,
    )  # fmt: skip
    events.record("person.appointment", subject_id=person.pk, object_id=planned.pk, what=kind)
    return planned
