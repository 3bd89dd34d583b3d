"""The address of a colleague's calendar feed: made, made anew, stopped."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor
from stapsteen.network.house import staff_member
from stapsteen.network.models import StaffMember
from stapsteen.people.models import CalendarFeed


@transaction.atomic
def make_feed(*, actor: Actor) -> CalendarFeed:
    """A new secret address for one's own calendar; a former one gives nothing from now on."""
    staff = _myself(actor)
    _running(staff).update(stopped_at=timezone.now())
    made: CalendarFeed = CalendarFeed.objects.create(staff=staff, secret=uuid4())
    return made


@transaction.atomic
def stop_feed(*, actor: Actor) -> None:
    """The address gives nothing any more."""
    _running(_myself(actor)).update(stopped_at=timezone.now())


def _running(staff: StaffMember) -> Any:
    """The addresses that work; the colleague's row is locked, so that two taps leave one address."""
    StaffMember.objects.select_for_update().get(pk=staff.pk)
    return CalendarFeed.objects.filter(staff=staff, stopped_at=None)


def _myself(actor: Actor) -> StaffMember:
    staff = staff_member(actor)
    if staff is None:
        raise RuleBroken(_("Alleen een collega van deze dienst heeft een agenda."))
    return staff
