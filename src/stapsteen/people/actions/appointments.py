"""Meetings: planned, moved, then held, missed or cancelled. What is said about one is a line in the journal."""

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
from stapsteen.people.actions.journal import add_note
from stapsteen.people.models import Appointment, Note, Person
from stapsteen.people.states import APPOINTMENT

SHORTEST, LONGEST = 5, 600
"""Minutes that an appointment lasts at least and at most."""
EVENTS = {
    "hold": "person.appointment_held",
    "miss": "person.appointment_missed",
    "cancel": "person.appointment_cancelled",
}
NOTE_KINDS = {"visit": "visit", "first_time": "visit", "introduction": "visit"}
"""Which kind of note tells what was said; a contact when none is named."""


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
    if kind not in Appointment.KINDS:
        raise RuleBroken(_("Kies een soort afspraak uit de lijst."), field="kind")
    _check(starts_at, minutes, place)
    planned: Appointment = Appointment.objects.create(
        person=person, staff=staff, kind=kind, starts_at=starts_at, minutes=minutes, place=place,
        where=where.strip() or None, about=about.strip() or None,
    )  # fmt: skip
    events.record("person.appointment", subject_id=person.pk, object_id=planned.pk, what=kind)
    return planned


@transaction.atomic
def move_appointment(
    *,
    appointment: Appointment,
    actor: Actor,
    starts_at: datetime,
    minutes: int,
    staff: StaffMember | None = None,
    place: str = "",
    where: str = "",
    about: str = "",
) -> Appointment:
    """Another moment, place or colleague, for what is still planned; the history keeps the former one."""
    locked = _locked(appointment, actor)
    if locked.state != "planned":
        raise RuleBroken(_("Deze afspraak is al voorbij. Maak een nieuwe."))
    _check(starts_at, minutes, place)
    moved = locked.starts_at != starts_at
    locked.starts_at, locked.minutes, locked.place = starts_at, minutes, place
    locked.where, locked.about = where.strip() or None, about.strip() or None
    locked.staff = staff or locked.staff
    locked.save()
    if moved:
        events.record(
            "person.appointment_moved", subject_id=locked.person_id, object_id=locked.pk, what=locked.kind
        )
    return locked


@transaction.atomic
def close_appointment(
    *, appointment: Appointment, actor: Actor, action: str, text: str = "", minutes: int | None = None
) -> Appointment:
    """`action`: hold, miss or cancel (people/states.py). Held and missed only once it could have begun.

    What is written about it, and that nobody came, is a line in the journal on the day of the meeting.
    """
    locked = _locked(appointment, actor)
    day = timezone.localdate(locked.starts_at)
    if action != "cancel" and day > timezone.localdate():
        raise RuleBroken(_("Deze afspraak moet nog komen. Verplaats ze, of zeg ze af."))
    APPOINTMENT.move(locked, action, actor)
    locked.save(update_fields=["state"])
    on = min(day, timezone.localdate())
    events.record(EVENTS[action], subject_id=locked.person_id, on=on, object_id=locked.pk, what=locked.kind)
    if text.strip() or action == "miss":
        add_note(
            person=locked.person, actor=actor, text=text, kind=NOTE_KINDS.get(locked.kind, "contact"),
            happened_on=on, place=locked.place, reached=action == "hold", minutes=minutes,
        )  # fmt: skip
    return locked


def _locked(appointment: Appointment, actor: Actor) -> Appointment:
    demand(actor, appointment, "people.appointment.keep")
    locked: Appointment = Appointment.objects.select_for_update().get(pk=appointment.pk)
    return locked


def _check(starts_at: datetime, minutes: int, place: str) -> None:
    if place and place not in Note.PLACES:
        raise RuleBroken(_("Kies een plaats uit de lijst."), field="place")
    if timezone.is_naive(starts_at):
        raise ValueError("An appointment needs a moment with its offset.")
    if not SHORTEST <= minutes <= LONGEST:
        raise RuleBroken(_("Een afspraak duurt 5 minuten tot 10 uur."), field="minutes")
