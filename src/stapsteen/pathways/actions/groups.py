"""Pre-pathways and training in group: opened, planned, joined, attended, finished (requirement C6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core import events
from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor
from stapsteen.network.models import StaffMember
from stapsteen.pathways.models import Attendance, Group, GroupMember, Session
from stapsteen.people.access import demand
from stapsteen.people.models import Person

MOST_PLACES, MOST_SESSIONS = 200, 60


@transaction.atomic
def open_group(
    *,
    actor: Actor,
    name: str,
    kind: str,
    starts_on: date,
    ends_on: date | None = None,
    places: int = 10,
    place: str = "",
    about: str = "",
    led_by: StaffMember | None = None,
    led_by_other: str = "",
) -> Group:
    """A new group; `led_by` a colleague, `led_by_other` somebody from elsewhere (a school, an association)."""
    group = Group()
    _fill(group, name, kind, starts_on, ends_on, places, place, about, led_by, led_by_other)
    group.save()
    return group


@transaction.atomic
def change_group(
    *,
    group: Group,
    actor: Actor,
    name: str,
    kind: str,
    starts_on: date,
    ends_on: date | None = None,
    places: int = 10,
    place: str = "",
    about: str = "",
    led_by: StaffMember | None = None,
    led_by_other: str = "",
) -> Group:
    """The same fields anew. Fewer places than people is allowed: nobody is put out, the page says that it is full."""
    demand(actor, group, "pathways.group.keep")
    locked: Group = Group.objects.select_for_update().get(pk=group.pk)
    _fill(locked, name, kind, starts_on, ends_on, places, place, about, led_by, led_by_other)
    locked.save()
    return locked


def _fill(
    group: Group, name: str, kind: str, starts_on: date, ends_on: date | None, places: int, place: str, about: str,
    led_by: StaffMember | None, led_by_other: str,
) -> None:  # fmt: skip
    if not name.strip():
        raise RuleBroken(_("Geef de groep een naam."), field="name")
    if kind not in Group.KINDS:
        raise RuleBroken(_("Kies een soort uit de lijst."), field="kind")
    if not 1 <= places <= MOST_PLACES:
        raise RuleBroken(_("Kies tussen 1 en %(most)s plaatsen.") % {"most": MOST_PLACES}, field="places")
    if ends_on is not None and ends_on < starts_on:
        raise RuleBroken(_("De laatste dag valt voor de eerste."), field="ends_on")
    group.name, group.kind, group.about, group.place = name.strip(), kind, about.strip(), place.strip()
    group.places, group.starts_on, group.ends_on = places, starts_on, ends_on
    group.led_by, group.led_by_other = led_by, led_by_other.strip()


@transaction.atomic
def plan_sessions(
    *,
    group: Group,
    actor: Actor,
    first: date,
    times: int = 1,
    every_weeks: int = 1,
    begins: time | None = None,
    ends: time | None = None,
    topic: str = "",
) -> list[Session]:
    """A series: `times` meetings from `first`, every so many weeks. A day that the group has already isn't doubled."""
    demand(actor, group, "pathways.group.keep")
    if not 1 <= times <= MOST_SESSIONS:
        raise RuleBroken(_("Kies tussen 1 en %(most)s keer.") % {"most": MOST_SESSIONS}, field="times")
    if every_weeks not in range(1, 9):
        raise RuleBroken(_("Kies tussen 1 en 8 weken."), field="every_weeks")
    _check_hours(begins, ends)
    Group.objects.select_for_update().get(pk=group.pk)
    known = set(Session.objects.filter(group=group).values_list("day", "begins"))
    days = [first + timedelta(weeks=every_weeks * number) for number in range(times)]
    return [
        Session.objects.create(group=group, day=day, begins=begins, ends=ends, topic=topic.strip())
        for day in days
        if (day, begins) not in known
    ]


@transaction.atomic
def change_session(
    *,
    session: Session,
    actor: Actor,
    day: date,
    begins: time | None = None,
    ends: time | None = None,
    topic: str = "",
    cancelled: bool = False,
) -> Session:
    """Another day, hour or subject; or it doesn't happen: then nobody can have been there."""
    demand(actor, session, "pathways.session.keep")
    locked: Session = Session.objects.select_for_update().get(pk=session.pk)
    _check_hours(begins, ends)
    if cancelled and Attendance.objects.filter(session=locked).exists():
        raise RuleBroken(_("Er staat al wie er was. Deze bijeenkomst ging dus door."), field="cancelled")
    locked.day, locked.begins, locked.ends = day, begins, ends
    locked.topic, locked.cancelled = topic.strip(), cancelled
    locked.save()
    return locked


def _check_hours(begins: time | None, ends: time | None) -> None:
    if begins is not None and ends is not None and ends <= begins:
        raise RuleBroken(_("Het einde valt voor het begin."), field="ends")


# Who takes part ------------------------------------------------------------------------------------------------------


@transaction.atomic
def join_group(*, group: Group, actor: Actor, person: Person, starts_on: date | None = None) -> GroupMember:
    """Somebody takes part. A full group takes one more: the colleague sees that it is full, and decides."""
    demand(actor, person, "people.person.view")
    locked = Group.objects.select_for_update().get(pk=group.pk)
    day = starts_on or max(timezone.localdate(), locked.starts_on)
    if locked.ends_on is not None and day > locked.ends_on:
        raise RuleBroken(_("Deze groep is dan al gedaan."), field="starts_on")
    if GroupMember.objects.filter(group=locked, person=person, ends_on=None).exists():
        raise RuleBroken(_("Deze persoon zit al in de groep."))
    member: GroupMember = GroupMember.objects.create(group=locked, person=person, starts_on=day)
    events.record(
        "group.joined",
        subject_id=person.pk,
        on=min(day, timezone.localdate()),
        object_id=member.pk,
        what=locked.kind,
    )
    return member


@transaction.atomic
def leave_group(
    *, member: GroupMember, actor: Actor, ends_on: date, finished: bool, learned: str = ""
) -> GroupMember:
    """The last day; finished or stopped before the end, and what somebody got out of it, in own words."""
    demand(actor, member, "pathways.group_member.keep")
    locked: GroupMember = GroupMember.objects.select_for_update().select_related("group").get(pk=member.pk)
    if locked.ends_on is not None:
        raise RuleBroken(_("Dit is al afgesloten."))
    if ends_on < locked.starts_on or ends_on > timezone.localdate():
        raise RuleBroken(_("Kies een dag tussen de eerste dag en vandaag."), field="ends_on")
    locked.ends_on, locked.finished, locked.learned = ends_on, finished, learned.strip() or None
    locked.save(update_fields=["ends_on", "finished", "learned"])
    line = "group.finished" if finished else "group.left"
    events.record(line, subject_id=locked.person_id, on=ends_on, object_id=locked.pk, what=locked.group.kind)
    return locked


@transaction.atomic
def note_attendance(
    *, session: Session, actor: Actor, answers: Mapping[UUID, str], topic: str | None = None
) -> None:
    """Who was there: member id -> a key of Attendance.ANSWERS, or "" to take it back. Not before the day itself.

    No line on the timeline and nothing in a mail: attendance stays with those who guide (requirement B6).
    """
    demand(actor, session, "pathways.session.keep")
    locked = Session.objects.select_for_update().get(pk=session.pk)
    if locked.cancelled:
        raise RuleBroken(_("Deze bijeenkomst ging niet door."))
    if locked.day > timezone.localdate():
        raise RuleBroken(_("Deze bijeenkomst moet nog komen."))
    members = {
        row.pk: row for row in GroupMember.objects.filter(group_id=locked.group_id, pk__in=list(answers))
    }
    known = {row.member_id: row for row in Attendance.objects.filter(session=locked)}
    for key, answer in answers.items():
        if key not in members or (answer and answer not in Attendance.ANSWERS):
            raise RuleBroken(_("Dit lid of dit antwoord kennen we niet."))
        demand(actor, members[key], "pathways.group_member.keep")
        _answer(locked, members[key], known.get(key), answer)
    if topic is not None and topic.strip() != locked.topic:
        locked.topic = topic.strip()[:160]
        locked.save(update_fields=["topic"])


def _answer(session: Session, member: GroupMember, before: Attendance | None, answer: str) -> None:
    if before is None:
        if answer:
            Attendance.objects.create(
                session=session, member=member, person_id=member.person_id, answer=answer
            )
    elif not answer:
        before.delete()
    elif before.answer != answer:
        before.answer = answer
        before.save(update_fields=["answer"])
