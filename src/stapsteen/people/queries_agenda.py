"""Reads of the diary: a colleague's own list, what must still be noted, a person's next meeting, the calendar feed."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from stapsteen.core import links
from stapsteen.core.access import reachable
from stapsteen.core.scope import Actor, current
from stapsteen.network import roles
from stapsteen.network.models import Membership, Service, StaffMember
from stapsteen.people.access import FEED
from stapsteen.people.models import Appointment, CalendarFeed, Note, Person

AHEAD_DAYS = 14
LONGEST = 600
"""Minutes that an appointment lasts at most (actions/appointments.py): who began earlier than that is gone."""
FEED_PAST, FEED_AHEAD = timedelta(days=31), timedelta(days=366)


def begin_of(day: date) -> datetime:
    """Midnight of that day, here."""
    return timezone.make_aware(datetime.combine(day, time()))


def appointments_of(actor: Actor, *, staff: StaffMember | None = None) -> Any:
    """Meetings that the actor may see, of one colleague or (None) of the actor, with person and colleague."""
    rows = reachable(actor, "people.appointment.keep").select_related("person", "staff")
    return rows.filter(staff=staff) if staff else rows.filter(staff__user_id=actor.user_id)


def to_note(actor: Actor, now: datetime, *, staff: StaffMember | None = None) -> Any:
    """What began already and nobody said yet how it went, the oldest first."""
    return (
        appointments_of(actor, staff=staff)
        .filter(state="planned", starts_at__lte=now)
        .order_by("starts_at", "id")
    )


def coming(actor: Actor, now: datetime, until: datetime, *, staff: StaffMember | None = None) -> Any:
    """What is planned from now up to `until`."""
    rows = appointments_of(actor, staff=staff).filter(state="planned", starts_at__gt=now, starts_at__lt=until)
    return rows.order_by("starts_at", "id")


def next_meeting(actor: Actor, person: Person, now: datetime) -> Appointment | None:
    """The first meeting to come with this person, whoever it is with; one that begins today counts all day."""
    since = begin_of(timezone.localdate(now))
    rows = reachable(actor, "people.appointment.keep").filter(
        person=person, state="planned", starts_at__gte=since
    )
    found: Appointment | None = rows.select_related("staff").order_by("starts_at", "id").first()
    return found


def at_the_same_time(appointment: Appointment) -> list[Appointment]:
    """Planned meetings of the same colleague or the same person that overlap this one; one that begins when it ends doesn't.

    Whoever plans is warned and decides: two short visits on one way, or a meeting with two colleagues, are fine.
    """
    ends = appointment.starts_at + timedelta(minutes=appointment.minutes)
    earliest = appointment.starts_at - timedelta(minutes=LONGEST)
    both = Q(staff_id=appointment.staff_id) | Q(person_id=appointment.person_id)
    near = Appointment.objects.filter(both, state="planned", starts_at__gt=earliest, starts_at__lt=ends)
    rows = near.exclude(pk=appointment.pk).select_related("staff").order_by("starts_at", "id")
    return [row for row in rows if row.starts_at + timedelta(minutes=row.minutes) > appointment.starts_at]


def overlap_words(appointment: Appointment, other: Appointment) -> str:
    """Who is expected in two places, and from when until when; never another person's name."""
    start = timezone.localtime(other.starts_at)
    until = start + timedelta(minutes=other.minutes)
    values = {
        "who": other.staff.name, "day": date_format(start, "j F"),
        "begin": date_format(start, "H.i"), "end": date_format(until, "H.i"),
    }  # fmt: skip
    if other.person_id == appointment.person_id:
        words = _(
            "Let op: de persoon heeft dan al een afspraak met %(who)s, op %(day)s van %(begin)s tot %(end)s."
        )
    else:
        words = _("Let op: %(who)s heeft dan al een andere afspraak, op %(day)s van %(begin)s tot %(end)s.")
    return words % values


def meetings_of(actor: Actor, person: Person) -> list[Appointment]:
    """All meetings with this person, the newest first."""
    rows = reachable(actor, "people.appointment.keep").filter(person=person)
    return list(rows.select_related("staff").order_by("-starts_at", "-id"))


def colleagues() -> list[StaffMember]:
    """Who works with persons in the open scope's service today, by name."""
    today = timezone.localdate()
    here = Membership.objects.filter(
        service_id=current().service_id, role__in=roles.GUIDING, starts_on__lte=today
    ).exclude(ends_on__lt=today)
    return list(StaffMember.objects.filter(user_id__in=here.values("user_id")).order_by("name", "id"))


def when_words(appointment: Appointment) -> str:
    """'dinsdag 3 november, 14.30'."""
    start = timezone.localtime(appointment.starts_at)
    day = "l j F" if start.year == timezone.localdate().year else "l j F Y"
    return f"{date_format(start, day)}, {date_format(start, 'H.i')}"


def place_word(appointment: Appointment) -> str:
    return str(Note.PLACES.get(appointment.place, ""))


# The feed ------------------------------------------------------------------------------------------------------------


def feed_of(actor: Actor) -> CalendarFeed | None:
    """The colleague's own address that works; None without one."""
    return CalendarFeed.objects.filter(staff__user_id=actor.user_id, stopped_at=None).first()


def feed_url(feed: CalendarFeed) -> str:
    return links.url("people.feed", FEED, service=feed.service_id, secret=feed.secret)


def calendar_of(feed: CalendarFeed, service: Service, now: datetime) -> bytes:
    """The colleague's meetings as iCalendar (RFC 5545): kind, time, a link that asks to log in. No name, place or word.

    Read by columns without personal value only, so that no calendar program ever has a person's data to keep. What was
    taken back isn't in it any more, and so disappears from the calendar.
    """
    rows = Appointment.objects.filter(
        staff=feed.staff_id,
        person__erased_at=None,
        starts_at__gt=now - FEED_PAST,
        starts_at__lt=now + FEED_AHEAD,
    ).exclude(state="cancelled")
    calendar = Calendar()
    calendar.add("prodid", "-//Stapsteen//nl")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", service.name)
    calendar.add("refresh-interval", timedelta(minutes=30), parameters={"VALUE": "DURATION"})
    for row in rows.order_by("starts_at", "id").values("id", "starts_at", "minutes", "kind", "state"):
        calendar.add_component(_event(row, feed, service))
    return bytes(calendar.to_ical())


def _event(row: dict[str, Any], feed: CalendarFeed, service: Service) -> Event:
    start: datetime = row["starts_at"]
    event = Event()
    event.add("uid", f"{row['id']}@stapsteen")
    event.add("dtstamp", feed.made_at)
    event.add("dtstart", start)
    event.add("dtend", start + timedelta(minutes=row["minutes"]))
    kind = str(Appointment.KINDS[row["kind"]]).lower()
    event.add("summary", _("Afspraak (%(kind)s)") % {"kind": kind})
    event.add("url", settings.BASE_URL + appointment_url(service, row["id"]))
    event.add("class", "PRIVATE")
    event.add("status", "CONFIRMED")
    return event


def appointment_url(service: Service, key: UUID) -> str:
    return reverse("people.appointment", kwargs={"service": service.slug, "appointment": key})


def etag_of(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'
