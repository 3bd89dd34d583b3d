"""The link with which a host says itself what it can carry and which tasks still stand: mailed, no account (D3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.utils.translation import gettext as _

from stapsteen.core import links
from stapsteen.core.errors import RuleBroken
from stapsteen.core.mail import queue_mail
from stapsteen.core.scope import Actor, current, open_scope, system
from stapsteen.hosts.actions.capacity import record_ask, state_capacity
from stapsteen.hosts.actions.common import today
from stapsteen.hosts.actions.tasks import close_task, confirm_task
from stapsteen.hosts.models import Host, HostContact, Task
from stapsteen.network.models import Service
from stapsteen.people.access import demand

SAY = "hosts.capacity.say"
QUIET_DAYS = 30
"""Within so many days after one question the work that runs by itself doesn't ask the same host again."""


def ask_host(*, host: Host, actor: Actor) -> str:
    """Mail the host's contact a link to say what it can carry and which tasks still stand. The address it went to.

    It counts as a question: every service of the network together may ask a host only so often in a month (D3).
    """
    demand(actor, host, "hosts.host.edit")
    contact = HostContact.objects.filter(host=host, ends_on=None).first()
    if contact is None or not contact.email:
        raise RuleBroken(_("De contactpersoon heeft geen e-mailadres. Bel even."))
    record_ask(organisation=host.organisation, actor=actor, about="capacity")
    return _mail(host, contact)


def _mail(host: Host, contact: HostContact) -> str:
    service = Service.objects.get(pk=current().service_id)
    queue_mail(
        to=contact.email,
        template="host_capacity",
        context={
            "service": service.name,
            "organisation": host.organisation.name,
            "url": links.url("hosts.capacity_say", SAY, service=service.pk, contact=contact.pk),
        },
        language=contact.language,
    )
    return str(contact.email)


def say_capacity(
    *,
    contact: HostContact,
    actor: Actor,
    places: int,
    paused: bool,
    supports: Mapping[str, int],
    tasks: Mapping[Task, str],
    call: bool = False,
) -> None:
    """What the host's contact filled in from the link. `tasks`: task -> "stands" or "over"; `call`: please phone me.

    A wish about people isn't asked for and has no field: `call` starts a talk instead (D3).
    """
    # The host before its organisation, as a proposal does: two who cross would both be refused.
    host = Host.objects.select_for_update().get(pk=contact.host_id)
    organisation = contact.host.organisation
    state_capacity(organisation=organisation, actor=actor, places=places, paused=paused, supports=supports)
    for task, answer in tasks.items():
        if answer == "over":
            close_task(task=task, actor=actor)
        else:
            confirm_task(task=task, actor=actor)
    if call:
        host.talk_wanted = host.talk_wanted or "capacity"
        host.save(update_fields=["talk_wanted"])


def ask_who_was_silent() -> int:
    """Active hosts whose tasks or capacity nobody looked at for long are asked, within their limit; how many.

    The last service of the network that asked leaves them alone for a while: one mail, not one per service.
    """
    from stapsteen.hosts.queries import silent_hosts

    actor, asked = system("hosts.ask"), 0
    for host in silent_hosts(today(), today() - timedelta(days=QUIET_DAYS)):
        try:
            ask_host(host=host, actor=actor)
        except RuleBroken:
            continue  # its month is full: the next run looks again
        asked += 1
    return asked


def renew_capacity_link(link: links.Link) -> None:
    """An expired link was opened: a fresh one goes to the contact of record, whoever asks."""
    service, key = link.id("service"), link.id("contact")
    if service is None or key is None:
        return
    with open_scope(service, actor=system("hosts.renew"), purpose="hosts.renew"):
        contact = (
            HostContact.objects.select_related("host__organisation").filter(pk=key, ends_on=None).first()
        )
        if contact is not None and contact.email:
            _mail(contact.host, contact)


links.RENEW[SAY] = renew_capacity_link
