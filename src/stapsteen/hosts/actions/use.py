"""Guidance that is used: called by whoever places a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from stapsteen.core.errors import RuleBroken
from stapsteen.hosts import capacity
from stapsteen.hosts.actions.common import DAY, locked
from stapsteen.hosts.models import CapacityUse, Organisation, Task
from stapsteen.people.models import SUPPORT


def take_capacity(*, task: Task, starts_on: date, weight: int, support: Sequence[str] = ()) -> CapacityUse:
    """Reserve a seat and guidance from that day on, for all services of the network at once; anonymous.

    `support`: the kinds of support that are needed there; each is counted against what the host said of it. A no of the
    host, to everybody, to a kind of support or for this task, is never passed by.

    The organisation's row is locked first: of two coaches who take the last seat at the same moment, one gets it.
    """
    organisation = locked(task.organisation)
    _check_room(task, organisation, starts_on, weight, support, apart=None)
    use: CapacityUse = CapacityUse.objects.create(
        organisation=organisation, task=task, weight=weight, support=list(support), starts_on=starts_on
    )
    return use


def move_use(*, use: CapacityUse, starts_on: date) -> CapacityUse:
    """Another first day: an earlier one needs room on the days that are added."""
    organisation = locked(use.organisation)
    if starts_on < use.starts_on and use.task is not None:
        _check_room(use.task, organisation, starts_on, use.weight, use.support, apart=use)
    use.starts_on = starts_on
    use.save(update_fields=["starts_on"])
    return use


def free_capacity(*, use: CapacityUse, last_day: date | None) -> CapacityUse:
    """The use ends with `last_day`; None: it never held."""
    locked(use.organisation)
    use.ends_on = last_day if last_day is not None else use.starts_on - timedelta(days=1)
    use.save(update_fields=["ends_on"])
    return use


def _check_room(
    task: Task,
    organisation: Organisation,
    day: date,
    weight: int,
    support: Sequence[str],
    *,
    apart: CapacityUse | None,
) -> None:
    """RuleBroken when task or organisation has no room on some day from `day` on; `apart` isn't counted."""
    task = Task.objects.get(pk=task.pk)
    uses = [row for row in running(organisation.uses.all(), day) if apart is None or row.pk != apart.pk]
    if task.closed_on is not None and task.closed_on <= day:
        raise RuleBroken(_("Deze taak is gesloten. Kies een andere taak."), field="task")
    if not task.open_on(day):
        raise RuleBroken(_("Deze taak is dan voorbij. Kies een andere taak."), field="task")
    if task.starts_on is not None and task.starts_on > day:
        begins = task.starts_on.strftime(DAY)
        raise RuleBroken(
            _("Deze taak begint op %(day)s. Kies die dag of later.") % {"day": begins}, field="starts_on"
        )
    if refused := capacity.refused(list(organisation.refusals.all()), task.pk, support, day):
        raise RuleBroken(refusal_text(refused), field="task")
    if capacity.seats_taken([row for row in uses if row.task_id == task.pk], day) >= task.seats:
        raise RuleBroken(_("Alle plaatsen van deze taak zijn bezet of gepland."), field="task")
    said = list(organisation.capacities.prefetch_related("supports"))
    found = capacity.room(uses, said, day, weight, support)
    if not found.free:
        raise RuleBroken(no_room_text(found), field="task")


def no_room_text(found: capacity.Room) -> str:
    """Why there is no room, and what to do."""
    texts = {
        "unknown": _(
            "Vraag eerst hoeveel mensen deze organisatie tegelijk aankan. Vul dat in bij de organisatie."
        ),
        "paused": _("Deze organisatie pauzeert. Kies een andere plek."),
        "no": _("Deze organisatie zegt nee tegen nieuwe mensen. Kies een andere plek."),
        "full": _("Deze organisatie is vol op %(day)s. Ze beschermt zo haar begeleiding."),
        "support_no": _("Deze organisatie zegt nee tegen deze steun: %(support)s."),
        "support_full": _("Voor deze steun is de organisatie vol op %(day)s: %(support)s."),
    }
    values = {"day": found.day.strftime(DAY), "support": SUPPORT.get(found.support, "")}
    return texts[found.why] % values if "%(" in texts[found.why] else texts[found.why]


def refusal_text(refusal: Any) -> str:
    """A recorded no in words."""
    if refusal.task_id is not None:
        return _("De organisatie zegt nee voor deze taak. Een nee is een nee.")
    if refusal.support:
        kind = SUPPORT[refusal.support]
        return _("De organisatie zegt nee tegen deze steun: %(support)s. Een nee is een nee.") % {
            "support": kind
        }
    return _("De organisatie zegt nee tegen nieuwe mensen. Een nee is een nee.")


def running(uses: Any, day: date) -> list[CapacityUse]:
    return [row for row in uses if row.ends_on is None or row.ends_on >= day]
