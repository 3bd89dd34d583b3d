"""Placements and agreements for tests, made through the actions, in the open scope of a service."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from stapsteen.core import halfdays
from stapsteen.core.scope import Actor, system
from stapsteen.hosts.models import Host, Task
from stapsteen.hosts.tests.factories import make_host, make_task
from stapsteen.network.models import StaffMember
from stapsteen.pathways.models import Pathway
from stapsteen.pathways.tests.factories import make_pathway
from stapsteen.placements.actions import (
    draft_agreement,
    propose_placement,
    send_agreement,
    sign_agreement,
    start_placement,
)
from stapsteen.placements.models import Agreement, Placement

SYSTEM = system("test")
MONDAY_MORNING = halfdays.bit(0, 0)


def make_placement(
    coach: StaffMember,
    *,
    actor: Actor = SYSTEM,
    pathway: Pathway | None = None,
    host: Host | None = None,
    task: Task | None = None,
    starts_on: date | None = None,
    half_days: int = MONDAY_MORNING,
    **fields: Any,
) -> Placement:
    """A proposed place at an active host, on Monday morning, from today, unless told otherwise."""
    pathway = pathway or make_pathway(coach)
    host = host or make_host()
    task = task or make_task(host.organisation)
    return propose_placement(
        pathway=pathway,
        actor=actor,
        host=host,
        task=task,
        starts_on=starts_on or timezone.localdate(),
        half_days=half_days,
        **fields,
    )


def make_agreement(
    placement: Placement, *, actor: Actor = SYSTEM, terms: dict[str, Any] | None = None, sent: bool = True
) -> Agreement:
    """The first version of the agreement, out to be signed."""
    agreement = draft_agreement(placement=placement, actor=actor, terms=terms or {})
    return send_agreement(agreement=agreement, actor=actor) if sent else agreement


def sign_all(agreement: Agreement, *, actor: Actor = SYSTEM, signed_on: date | None = None) -> Agreement:
    """Everyone signs on paper, on the first day of the place or today."""
    day = signed_on or min(agreement.placement.starts_on, timezone.localdate())
    for party in agreement.parties:
        agreement = sign_agreement(agreement=agreement, actor=actor, party=party, how="paper", signed_on=day)
    return agreement


def make_active_placement(coach: StaffMember, *, actor: Actor = SYSTEM, **fields: Any) -> Placement:
    """A place that has begun: agreement signed on the first day, which is today or `starts_on`."""
    placement = make_placement(coach, actor=actor, **fields)
    sign_all(make_agreement(placement, actor=actor), actor=actor)
    return start_placement(placement=placement, actor=actor)


def make_terms(placement: Placement) -> dict[str, Any]:
    """Terms that make a whole note for this place: the records know the rest."""
    return {"other": f"Afspraak voor {placement.task.title}"}
