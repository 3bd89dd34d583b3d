"""Reads of groups: the list, one group with its people, who was there, what a person follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stapsteen.core.access import RULES, reachable
from stapsteen.core.scope import Actor
from stapsteen.pathways.models import Attendance, Group, GroupMember, Session
from stapsteen.people.models import Person


def now_in(today: date, path: str = "members__") -> Q:
    """The condition for who takes part today, or will."""
    return Q(**{f"{path}ends_on": None}) | Q(**{f"{path}ends_on__gte": today})


def groups(actor: Actor, today: date, *, past: bool = False) -> Any:
    """Groups that run or will (or, with `past`, are over), with `taken`: how many take part. One query."""
    over = Q(ends_on__lt=today)
    rows = reachable(actor, "pathways.group.keep").filter(over if past else ~over).select_related("led_by")
    taken = Count("members", filter=now_in(today), distinct=True)
    return rows.annotate(taken=taken).order_by("-starts_on" if past else "starts_on", "name", "id")


def leader(group: Group) -> str:
    return group.led_by.name if group.led_by else group.led_by_other


def fullness(taken: int, places: int) -> tuple[str, str]:
    """The words and the badge for how full a group is."""
    if taken > places:
        over = taken - places
        return ngettext("%(n)s te veel", "%(n)s te veel", over) % {"n": over}, "error"
    if taken == places:
        return _("volzet"), "warning"
    free = places - taken
    return ngettext("nog %(n)s plaats", "nog %(n)s plaatsen", free) % {"n": free}, "success"


@dataclass(frozen=True)
class Member:
    """Somebody in a group, with how often present and how often it was noted."""

    row: GroupMember
    present: int
    noted: int

    @property
    def words(self) -> str:
        return attendance_words(self.present, self.noted)


def attendance_words(present: int, noted: int) -> str:
    if not noted:
        return _("nog niet genoteerd")
    return _("%(present)s van %(noted)s keer aanwezig") % {"present": present, "noted": noted}


def members(actor: Actor, group: Group) -> list[Member]:
    """Whom the actor may see in this group, by first name, the former ones last. Two queries."""
    if RULES["pathways.group_member.keep"].find(actor) is None:
        return []
    rows = reachable(actor, "pathways.group_member.keep").filter(group=group).select_related("person")
    found = [_counted(row) for row in rows.prefetch_related("attendances").order_by("id")]
    return sorted(found, key=lambda m: (m.row.ends_on is not None, m.row.person.first_name, str(m.row.pk)))


def _counted(row: GroupMember) -> Member:
    answers = [attendance.answer for attendance in row.attendances.all()]
    return Member(row, answers.count("present"), len(answers))


def own_people(actor: Actor, found: list[Member]) -> set[Any]:
    """The ids of those members whose own page the actor may open."""
    keys = [member.row.person_id for member in found]
    return set(reachable(actor, "people.person.view").filter(pk__in=keys).values_list("pk", flat=True))


def on_day(found: list[Member], day: date) -> list[Member]:
    """Who took part on that day."""
    return [m for m in found if m.row.starts_on <= day and (m.row.ends_on is None or m.row.ends_on >= day)]


def sessions(group: Group) -> list[Session]:
    return list(group.sessions.order_by("day", "begins", "id"))


def noted(group: Group) -> set[Any]:
    """The sessions for which somebody's attendance is noted."""
    return set(Attendance.objects.filter(session__group=group).values_list("session_id", flat=True))


def answers(session: Session) -> dict[Any, str]:
    """Member id -> the answer."""
    return {row.member_id: row.answer for row in Attendance.objects.filter(session=session)}


def session_words(session: Session) -> str:
    """'dinsdag 3 november 2026, 14.00–16.00'."""
    words = date_format(session.day, "l j F Y")
    if session.begins is None:
        return words
    hours = time_format(session.begins, "H.i")
    return f"{words}, {hours}–{time_format(session.ends, 'H.i')}" if session.ends else f"{words}, {hours}"


def to_note(actor: Actor, today: date) -> list[Session]:
    """Sessions of the last two weeks that the actor leads and where nobody's attendance is noted. One query."""
    since = date.fromordinal(today.toordinal() - 14)
    done = Attendance.objects.values("session_id")
    rows = reachable(actor, "pathways.session.keep").filter(
        group__led_by__user_id=actor.user_id, day__lte=today, day__gte=since, cancelled=False
    )
    return list(rows.exclude(pk__in=done).select_related("group").order_by("day", "begins", "id"))


def followed_by(actor: Actor, person: Person) -> list[Member]:
    """The groups of one person, the newest first, with attendance. Two queries."""
    if RULES["pathways.group_member.keep"].find(actor) is None:
        return []
    rows = reachable(actor, "pathways.group_member.keep").filter(person=person)
    found = rows.select_related("group").prefetch_related("attendances").order_by("-starts_on", "-id")
    return [_counted(row) for row in found]


def can_join(actor: Actor, group: Group, today: date) -> Any:
    """People whose pathway or referral is open, whom the actor may see, and who aren't in the group; by first name."""
    inside = GroupMember.objects.filter(group=group, ends_on=None).values("person_id")
    busy = Q(pathways__state__in=("active", "suspended")) | Q(referrals__state__in=("received", "in_talks"))
    open_ones = Person.objects.filter(busy).values("pk")
    rows = reachable(actor, "people.person.view").filter(pk__in=open_ones).exclude(pk__in=inside)
    return rows.order_by("first_name", "last_name", "id")
