"""Hosts, contacts and tasks for tests, made through the actions. Each needs an open scope."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

from stapsteen.core import halfdays, scope
from stapsteen.core.scope import Actor
from stapsteen.hosts import actions
from stapsteen.hosts.models import Host, Organisation, Task
from stapsteen.network.models import Service

_number = count(1)
WEEKDAYS = halfdays.to_mask((day, part) for day in range(5) for part in (0, 1))
SYSTEM = Actor("system:test", roles=frozenset({"system"}))


def make_organisation(
    name: str = "", *, actor: Actor = SYSTEM, places: int | None = 3, **fields: Any
) -> Organisation:
    """An organisation in the network of the open scope's service; `places` None: it said nothing yet."""
    network = fields.pop("network", None) or Service.objects.get(pk=scope.current().service_id).network
    organisation = actions.register_organisation(
        actor=actor, network=network, name=name or f"Organisatie {next(_number)}", **fields
    )
    if places is not None:
        actions.state_capacity(
            organisation=organisation, actor=actor, places=places, starts_on=date(2020, 1, 1)
        )
    return organisation


def make_host(
    name: str = "",
    *,
    actor: Actor = SYSTEM,
    organisation: Organisation | None = None,
    active: bool = True,
    contact: str = "An Peeters",
    insured_for: int | None = 365,
    **fields: Any,
) -> Host:
    """A host of the open scope's service: active, with a contact, insured for so many days from today."""
    organisation = organisation or make_organisation(name, actor=actor, **fields)
    host = actions.work_with(organisation=organisation, actor=actor)
    if contact:
        actions.set_contact(host=host, actor=actor, name=contact, email="contact@host.example.org")
    if insured_for is not None:
        until = actions.today() + timedelta(days=insured_for)
        actions.set_host_agreement(host=host, actor=actor, insurance_until=until)
    if active:
        actions.move_host(host=host, actor=actor, action="activate")
    return Host.objects.select_related("organisation").get(pk=host.pk)


def make_task(organisation: Organisation, title: str = "", *, actor: Actor = SYSTEM, **fields: Any) -> Task:
    """A task on all weekday half-days with two seats, unless said otherwise."""
    fields = {"half_days": WEEKDAYS, "seats": 2, **fields}
    return actions.open_task(
        organisation=organisation, actor=actor, title=title or f"Taak {next(_number)}", **fields
    )
