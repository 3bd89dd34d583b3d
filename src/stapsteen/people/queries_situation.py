"""Reads of a person's situation: statuses and what follows from them, people around, who may read the locked facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from stapsteen.core.access import RULES, may, reachable
from stapsteen.core.scope import Actor
from stapsteen.network.models import Membership, StaffMember
from stapsteen.people.models import Person, Status, Supporter
from stapsteen.people.statuses import STATUSES, Consequence

OPEN_REFERRALS = ("received", "in_talks")


@dataclass(frozen=True)
class Following:
    """One consequence of one status that holds."""

    status: Status
    consequence: Consequence


def status_word(status: Status) -> str:
    """The status in words; a key that no longer exists shows itself."""
    known = STATUSES.get(status.value)
    return str(known.label) if known else str(status.value)


def held_on(status: Status, day: date) -> bool:
    return status.starts_on <= day and (status.ends_on is None or status.ends_on >= day)


def consequences(person: Person, day: date) -> list[Following]:
    """What follows for volunteering from the statuses that hold on that day: what stops it first, then what must be done.

    For gates and checks: it doesn't ask who looks. Pages use `situation`.
    """
    return following(list(Status.objects.filter(person=person).on(day)))


def following(statuses: list[Status]) -> list[Following]:
    found = [
        Following(status, consequence)
        for status in statuses
        for consequence in (STATUSES[status.value].follows if status.value in STATUSES else ())
    ]
    return sorted(found, key=lambda item: ("stop", "duty", "note").index(item.consequence.kind))


def situation(actor: Actor, person: Person) -> list[Status] | None:
    """All the person's statuses, newest first; None for whoever may not see them (a mere coordinator)."""
    if RULES["people.status.view"].find(actor) is None or not may(actor, "people.sensitive.person", person):
        return None
    return list(reachable(actor, "people.status.view").filter(person=person).order_by("-starts_on", "-id"))


def status_line(status: Status) -> dict[str, Any]:
    """A status as the page shows it, with what follows."""
    return {
        "status": status,
        "area": Status.AREAS[status.area],
        "word": status_word(status),
        "follows": [item.consequence for item in following([status])],
    }


def supporters_of(actor: Actor, person: Person, day: date) -> tuple[list[Supporter], list[Supporter]]:
    """Who is around the person on that day, and who was; representatives and budget managers first."""
    rows = list(reachable(actor, "people.supporter.view").filter(person=person))
    rows.sort(key=lambda row: (list(Supporter.KINDS).index(row.kind), row.name))
    now = [row for row in rows if row.ends_on is None or row.ends_on >= day]
    return now, [row for row in rows if row not in now]


def readers_of(person: Person) -> list[dict[str, str]]:
    """The colleagues who can read the locked facts of this person, with the role by which: [{name, role}].

    The same condition as the rule people.sensitive.view: the coaches of the person's pathways, whoever handled a
    referral, and all of intake while a referral is open. A constant number of queries.
    """
    coaches = StaffMember.objects.filter(pathways__person=person).distinct()
    intake = Q(referrals__person=person)
    if person.referrals.filter(state__in=OPEN_REFERRALS).exists():
        intake |= Q(user_id__in=_members(person.service_id, "intake"))
    return [
        *({"name": row.name, "role": "coach"} for row in coaches.filter(_has(person, "coach"))),
        *(
            {"name": row.name, "role": "intake"}
            for row in StaffMember.objects.filter(intake & _has(person, "intake")).distinct()
        ),
    ]


def _has(person: Person, role: str) -> Q:
    return Q(user_id__in=_members(person.service_id, role))


def _members(service_id: Any, role: str) -> Any:
    today = timezone.localdate()
    rows = Membership.objects.filter(service_id=service_id, role=role, starts_on__lte=today)
    return rows.exclude(ends_on__lt=today).values("user_id")
