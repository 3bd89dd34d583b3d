"""Proposals for everybody without a place: one search some days ago on which colleagues decided, and one of today."""

from __future__ import annotations

from datetime import timedelta

from stapsteen.core.scope import open_scope, system
from stapsteen.hosts import actions as hosts
from stapsteen.matching import actions
from stapsteen.matching.models import Search
from stapsteen.portals.demo.agenda import PURPOSE, Agenda, workday
from stapsteen.portals.demo.clock import set_day

DEMO = system("demo")
MORE_ROOM, DAYS_AGO = 9, 4


def search_places(a: Agenda) -> None:
    """Some organisations said that they can carry more; it was searched, a few were refused, and searched again today."""
    _more_room(a)
    with open_scope(a.service.pk, actor=a.actors["coordinator"], purpose=PURPOSE):
        set_day(a.today - timedelta(days=DAYS_AGO), a.now)
        first = _search(a, advise=False)
        for row, code in zip(
            first.proposals.filter(state="open")[:2], ("other_wish", "not_now"), strict=False
        ):
            actions.refuse_proposal(proposal=row, actor=a.actors["coordinator"], code=code)
        set_day(a.today, a.now)
        _search(a)


def _more_room(a: Agenda) -> None:
    """Every second organisation: three people more, and one seat more at its first task."""
    day = workday(a.today - timedelta(days=MORE_ROOM))
    set_day(day, a.now)
    with open_scope(a.service.pk, actor=a.actors["coordinator"], purpose=PURPOSE):
        for known in list(a.hosts.values())[::2]:
            organisation = known.host.organisation
            said = organisation.capacities.on(a.today).order_by("-starts_on").first()
            if said is None or said.paused or said.starts_on > day:
                continue
            hosts.state_capacity(
                organisation=organisation,
                actor=a.actor,
                places=said.places + 3,
                starts_on=day,
                note=said.note,
            )
            for task in organisation.tasks.filter(closed_on=None).order_by("title")[:1]:
                hosts.update_task(task=task, actor=a.actor, seats=task.seats + 1)


def _search(a: Agenda, *, advise: bool = True) -> Search:
    search = actions.start_search(actor=a.actors["coordinator"], later=False)
    actions.begin_search(search=search, actor=DEMO)
    return actions.run_search(search=search, actor=DEMO, advise=advise)
