"""What planning and moving a meeting refuse, and what no line in the record is made of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from stapsteen.core.models import Event
from stapsteen.people.actions import move_appointment, plan_appointment
from stapsteen.people.models import Appointment
from stapsteen.people.tests.factories import make_person
from stapsteen.testing.refusals import refused
from stapsteen.testing.world import inside

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("given", "field", "message"),
    [
        ({"kind": "party"}, "kind", "Kies een soort afspraak uit de lijst."),
        ({"kind": "visit", "place": "moon"}, "place", "Kies een plaats uit de lijst."),
    ],
)
def test_a_meeting_that_cannot_be(
    service: Any, coach: Any, given: dict[str, Any], field: str, message: str
) -> None:
    with inside(service) as actor:
        values = {"person": make_person(), "actor": actor, "staff": coach, "starts_at": timezone.now()}
        assert refused(plan_appointment, **values, **given) == (field, message)


def test_another_place_at_the_same_moment_is_no_move(service: Any, coach: Any) -> None:
    with inside(service) as actor:
        moment = timezone.now() + timedelta(days=1)
        made = plan_appointment(person=make_person(), actor=actor, staff=coach, starts_at=moment)
        before = Event.objects.count()
        move_appointment(appointment=made, actor=actor, starts_at=moment, minutes=30, place="home")
        kept = Appointment.objects.get()
        assert (kept.place, kept.minutes, kept.staff_id) == ("home", 30, coach.pk)
        assert Event.objects.count() == before
        move_appointment(appointment=made, actor=actor, starts_at=moment + timedelta(hours=1), minutes=30)
        assert Event.objects.filter(kind="person.appointment_moved").count() == 1
