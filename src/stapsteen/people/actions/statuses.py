"""Writes about a person's situation: benefit, residence, work; each dated, so that a change can bring a new duty."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core import events
from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor
from stapsteen.people.access import demand
from stapsteen.people.models import Person, Status
from stapsteen.people.statuses import STATUSES


@transaction.atomic
def record_status(
    *,
    person: Person,
    actor: Actor,
    value: str,
    starts_on: date | None = None,
    note: str = "",
    beside: bool = False,
) -> Status:
    """From that day on this holds; the former status of the same area ends the day before, unless it stays `beside`.

    `value` is a key of people/statuses.py. Two benefits can run beside each other (a leefloon that tops up another).
    A day before the newest status of the area is refused: the past isn't rewritten by a newer fact.
    """
    demand(actor, person, "people.sensitive.person")
    if value not in STATUSES:
        raise RuleBroken(_("Kies een status uit de lijst."), field="value")
    day = starts_on or timezone.localdate()
    if day > timezone.localdate():
        raise RuleBroken(_("Deze dag moet nog komen. Kies vandaag of vroeger."), field="starts_on")
    Person.objects.select_for_update().get(pk=person.pk)
    area = STATUSES[value].area
    running = list(Status.objects.select_for_update().filter(person=person, area=area, ends_on=None))
    if any(row.value == value for row in running):
        raise RuleBroken(_("Deze status staat er al."), field="value")
    if not beside:
        for row in running:
            _end(row, day)
    status: Status = Status.objects.create(
        person=person, area=area, value=value, starts_on=day, note=note.strip() or None
    )
    events.record("person.status", subject_id=person.pk, on=day, object_id=status.pk, what=area)
    return status


@transaction.atomic
def end_status(*, status: Status, actor: Actor, on: date | None = None) -> Status:
    """It no longer holds, and nothing of the same area came in its place: `on` is its last day."""
    demand(actor, status, "people.status.view")
    locked: Status = Status.objects.select_for_update().get(pk=status.pk)
    day = on or timezone.localdate()
    if locked.ends_on is not None or day < locked.starts_on:
        raise RuleBroken(_("Deze status is al afgesloten, of begint pas later."))
    locked.ends_on = day
    locked.save(update_fields=["ends_on"])
    events.record(
        "person.status_ended", subject_id=locked.person_id, on=day, object_id=locked.pk, what=locked.area
    )
    return locked


def _end(row: Status, next_day: date) -> None:
    if next_day < row.starts_on:
        raise RuleBroken(
            _("Er is al iets nieuwers, vanaf %(day)s. Kies die dag of later.")
            % {"day": row.starts_on.strftime("%d/%m/%Y")},
            field="starts_on",
        )
    row.ends_on = next_day - timedelta(days=1)
    row.save(update_fields=["ends_on"])
