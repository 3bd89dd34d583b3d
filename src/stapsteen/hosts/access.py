"""Who may see and run hosts and tasks."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from stapsteen.core import scope
from stapsteen.core.access import Answer, role_rule, rule
from stapsteen.core.scope import Actor
from stapsteen.hosts.models import (
    Host,
    HostAgreement,
    HostContact,
    KeyPerson,
    Organisation,
    Refusal,
    Site,
    SubTask,
    Task,
)
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


@rule("hosts.subtask.edit")
def edit_subtask(actor: Actor) -> Answer:
    """Coach, coordinator, desk."""
    tasks = edit_task(actor)
    return None if tasks is None else SubTask.objects.filter(task__in=tasks)


@rule("hosts.site.edit")
def edit_site(actor: Actor) -> Answer:
    """Coach, coordinator, desk."""
    organisations: Any = edit_organisation(actor)
    return None if organisations is None else Site.objects.filter(organisation__in=organisations)


@rule("hosts.refusal.edit")
def edit_refusal(actor: Actor) -> Answer:
    """Coach, coordinator, desk."""
    organisations: Any = edit_organisation(actor)
    return None if organisations is None else Refusal.objects.filter(organisation__in=organisations)


role_rule("hosts.key_person.edit", KeyPerson.objects.all, *RUNNING)
role_rule("hosts.agreement.view", HostAgreement.objects.all, *RUNNING)


@rule("hosts.agreement.sign")
def sign_agreement(actor: Actor) -> Answer:
    """Staff for what was signed on paper; the host's contact through the mailed link."""
    if actor.link is None:
        return HostAgreement.objects.all() if actor.has("system", *RUNNING) else None
    if actor.link.purpose != "hosts.agreement.read":
        return None
    contacts = present_contact(actor)
    return HostAgreement.objects.filter(pk=actor.link.id("agreement"), host__contacts__in=contacts)


@rule("hosts.agreement.read", "link")
def read_agreement(actor: Actor) -> Answer:
    """Whoever holds the link that was mailed to the host's contact."""
    return True if actor.link is not None else None


@rule("hosts.capacity.say", "link")
def say_capacity(actor: Actor) -> Answer:
    """Whoever holds the link that was mailed to the host's contact."""
    return True if actor.link is not None else None


def present_contact(actor: Actor) -> QuerySet[Any, Any]:
    """The contact to whom the link was mailed, while that one is still the contact of the host."""
    link = actor.link
    found: QuerySet[Any, Any] = HostContact.objects.filter(
        pk=link.id("contact") if link is not None else None, ends_on=None
    )
    return found


@rule("hosts.organisation.say")
def say_organisation(actor: Actor) -> Answer:
    """The host itself, through the link that was mailed to its contact: its own organisation."""
    if actor.link is None or actor.link.purpose != "hosts.capacity.say":
        return None
    found: Answer = Organisation.objects.filter(hosts__contacts__in=present_contact(actor))
    return found


@rule("hosts.task.say")
def say_task(actor: Actor) -> Answer:
    """The host itself, through the link: its own tasks."""
    if actor.link is None or actor.link.purpose != "hosts.capacity.say":
        return None
    found: Answer = Task.objects.filter(organisation__hosts__contacts__in=present_contact(actor))
    return found
