"""Who may see and run hosts and tasks."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from stapsteen.core import scope
from stapsteen.core.access import Answer, role_rule, rule
from stapsteen.core.scope import Actor
from stapsteen.hosts.models import Host, Organisation, Task
from stapsteen.network import roles
from stapsteen.network.models import Service

RUNNING = (roles.COACH, roles.COORDINATOR, roles.DESK)
"""Staff that works with hosts."""

role_rule("hosts.host.list", None, *roles.GUIDING, roles.DESK)
role_rule("hosts.host.add", None, *RUNNING)
role_rule("hosts.host.view", Host.objects.all, *roles.GUIDING, roles.DESK)
role_rule("hosts.host.edit", Host.objects.all, *RUNNING)


def network_of_service() -> QuerySet[Any, Any]:
    """The network of the open scope's service, as a subquery."""
    networks: QuerySet[Any, Any] = Service.objects.filter(pk=scope.current().service_id).values("network_id")
    return networks


@rule("hosts.organisation.view")
def view_organisation(actor: Actor) -> Answer:
    """Staff: the organisations of the service's network."""
    if not actor.has("system", *roles.GUIDING, roles.DESK):
        return None
    found: Answer = Organisation.objects.filter(network_id__in=network_of_service())
    return found


@rule("hosts.organisation.edit")
def edit_organisation(actor: Actor) -> Answer:
    """Coach, coordinator, desk."""
    return view_organisation(actor) if actor.has("system", *RUNNING) else None


@rule("hosts.task.view")
def view_task(actor: Actor) -> Answer:
    """Staff: the tasks of the network's organisations."""
    if not actor.has("system", *roles.GUIDING, roles.DESK):
        return None
    found: Answer = Task.objects.filter(organisation__network_id__in=network_of_service())
    return found


@rule("hosts.task.edit")
def edit_task(actor: Actor) -> Answer:
    """Coach, coordinator, desk."""
    return view_task(actor) if actor.has("system", *RUNNING) else None
