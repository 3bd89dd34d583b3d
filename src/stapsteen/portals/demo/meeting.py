"""Meetings, attempts and groups in the demo: each coach has some behind, some today and some to come."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from stapsteen.followup.queries import last_signs
from stapsteen.network.models import StaffMember
from stapsteen.pathways import actions as pathways
from stapsteen.pathways.models import Pathway
from stapsteen.people.actions import add_note, close_appointment, plan_appointment
from stapsteen.people.models import Person
from stapsteen.portals.demo.agenda import Agenda, Story, workday
from stapsteen.portals.demo.clock import BELGIUM

LIVELY = 30
"""Days: who had no line on the timeline for longer is left alone, so that the demo keeps people who stand still."""
AHEAD = (
    (0, time(10, 30), "talk", "office", ""),
    (0, time(14, 0), "visit", "home", ""),
    (1, time(9, 30), "introduction", "host", "Ingang langs de tuin"),
    (3, time(13, 30), "visit", "home", ""),
    (6, time(11, 0), "evaluation", "host", ""),
    (8, time(15, 0), "first_time", "outside", "Aan de bushalte"),
)
HELD = (
    "We namen de week door. De busrit lukt nu alleen.",
    "Rustig gesprek met koffie. De vraag naar een tweede halve dag kwam vanzelf.",
    "Samen naar de taak gekeken. Een foto bij elke stap helpt.",
)
GROUPS = (
    ("dutch", "Nederlands oefenen aan de keukentafel", "Praten en koken, zonder boeken.", "Sociaal huis", 6),
    (
        "attitude",
        "Op tijd, en wat dan?",
        "Over afspraken, verwittigen en vragen stellen.",
        "Lokaal dienstencentrum",
        8,
    ),
    (
        "training",
        "Vorming: omgaan met kassa en klanten",
        "Drie keer oefenen in een echte winkel.",
        "Kringwinkel",
        4,
    ),
    ("social_skills", "Samen sterk in groep", "Oefenen met nee zeggen en hulp vragen.", "Sociaal huis", 8),
)
LEARNED = (
    "Ik durf nu zelf te bellen als ik ziek ben.",
    "Ik ken drie mensen die ik eerst niet kende.",
    "Ik weet nu wat ik moet zeggen aan de kassa.",
)


def meeting_stories(a: Agenda) -> list[Story]:
    """One story of meetings per coach, and two groups per service; how full and how far differs."""
    first = a.rng.randrange(len(GROUPS))
    return [
        *(meetings(a, coach) for coach in a.coaches),
        running_group(a, GROUPS[first]),
        past_group(a, GROUPS[(first + 1) % len(GROUPS)]),
    ]


def lively(a: Agenda) -> list[Person]:
    """The persons of whoever acts, whose pathway runs and moved lately."""
    rows = Pathway.objects.filter(state="active", coach__user_id=a.actor.user_id).select_related("person")
    found = list(rows.order_by("starts_on", "id"))
    signs = last_signs(row.person_id for row in found)
    since = timezone.localdate() - timedelta(days=LIVELY)
    return [row.person for row in found if signs.get(row.person_id, date.min) >= since]


def at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, BELGIUM)


def plan(a: Agenda, person: Person, day: date, hour: time, kind: str, place: str, where: str = "") -> Any:
    staff = StaffMember.objects.get(user_id=a.actor.user_id)
    return plan_appointment(
        person=person,
        actor=a.actor,
        staff=staff,
        starts_at=at(day, hour),
        kind=kind,
        place=place,
        where=where,
    )


def meetings(a: Agenda, coach: str) -> Story:
    """Three weeks of a coach: held, missed, tried again, and what stands in the diary now."""
    yield a.ago(19), coach
    people = lively(a)[:3]
    held = workday(a.today - timedelta(days=12))
    made = [
        plan(a, person, held, time(9 + number * 2, 0), "visit", "home")
        for number, person in enumerate(people)
    ]
    yield held, coach
    for number, one in enumerate(made):
        action = "miss" if number == 2 else "hold"
        text = "" if action == "miss" else HELD[number % len(HELD)]
        close_appointment(
            appointment=one, actor=a.actor, action=action, text=text, minutes=45 if text else None
        )
    yield a.ago(10), coach
    if len(people) == 3:
        add_note(person=people[2], actor=a.actor, kind="contact", text="", place="phone", reached=False)
    yield a.ago(5), coach
    late = lively(a)[3:4]
    for person in late:
        plan(a, person, workday(a.today - timedelta(days=1)), time(16, 0), "talk", "phone")
    yield a.today, coach
    others = [person for person in lively(a) if person not in late]
    for person, (days, hour, kind, place, where) in zip(others, AHEAD, strict=False):
        plan(a, person, later(a.today, days), hour, kind, place, where)


def later(today: date, days: int) -> date:
    """That many days on; a weekend becomes the Monday after it, today stays today."""
    day = today + timedelta(days=days)
    return day + timedelta(days=7 - day.weekday()) if days and day.weekday() > 4 else day


def running_group(a: Agenda, plan_of: tuple[str, str, str, str, int]) -> Story:
    """A group that began five weeks ago and goes on: who was there is noted, except the last time."""
    kind, name, about, place, places = plan_of
    coach = a.coaches[0]
    yield a.ago(36), coach
    first = workday(a.today - timedelta(days=34))
    group = pathways.open_group(
        actor=a.actor, name=name, kind=kind, about=about, place=place, places=places, starts_on=first,
        ends_on=first + timedelta(weeks=10), led_by=a.staff[coach],
    )  # fmt: skip
    sessions = pathways.plan_sessions(
        group=group, actor=a.actor, first=first, times=10, begins=time(14), ends=time(16)
    )
    yield first, coach
    members = [
        pathways.join_group(group=group, actor=a.actor, person=person) for person in lively(a)[: places - 1]
    ]
    past = [session for session in sessions if session.day <= a.today]
    for number, session in enumerate(past[:-1]):
        yield session.day, coach
        answers = {
            member.pk: ("present", "present", "excused", "present", "absent")[(number + row) % 5]
            for row, member in enumerate(members)
        }
        pathways.note_attendance(
            session=session, actor=a.actor, answers=answers, topic="Iets vragen aan een ander"
        )


def past_group(a: Agenda, plan_of: tuple[str, str, str, str, int]) -> Story:
    """A group that is over: what people took along, in own words."""
    kind, name, about, place, places = plan_of
    coach = a.coaches[-1]
    yield a.ago(92), coach
    first = workday(a.today - timedelta(days=90))
    group = pathways.open_group(
        actor=a.actor, name=name, kind=kind, about=about, place=place, places=places, starts_on=first,
        ends_on=first + timedelta(weeks=3), led_by_other="Centrum basiseducatie",
    )  # fmt: skip
    sessions = pathways.plan_sessions(
        group=group, actor=a.actor, first=first, times=4, begins=time(9, 30), ends=time(12)
    )
    yield first, coach
    members = [pathways.join_group(group=group, actor=a.actor, person=person) for person in lively(a)[:3]]
    for session in sessions:
        yield session.day, coach
        pathways.note_attendance(
            session=session,
            actor=a.actor,
            answers=dict.fromkeys([member.pk for member in members], "present"),
        )
    for number, member in enumerate(members):
        pathways.leave_group(
            member=member,
            actor=a.actor,
            ends_on=sessions[-1].day,
            finished=number != 2,
            learned=LEARNED[number],
        )
