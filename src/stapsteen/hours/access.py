"""Who may enter and confirm hours."""

from __future__ import annotations

import hashlib
from typing import Any

from stapsteen.core.access import Answer, reachable, role_rule, rule
from stapsteen.core.scope import Actor
from stapsteen.hosts.models import Host, HostContact
from stapsteen.hours.models import SheetPerson, Timesheet
from stapsteen.hours.months import read_month
from stapsteen.network import roles

role_rule("hours.sheet.list", None, roles.COACH, roles.COORDINATOR)


@rule("hours.sheet.confirm")
def confirm_sheet(actor: Actor) -> Answer:
    """Coach: the sheets with the own people; coordinator: all."""
    if actor.has("system", roles.COORDINATOR):
        return Timesheet.objects.all()
    return Timesheet.objects.filter(coach__user_id=actor.user_id) if actor.has(roles.COACH) else None


@rule("hours.sheet.enter")
def enter_sheet(actor: Actor) -> Answer:
    """The host's contact through the link of the month; a coach for the own people."""
    if actor.link is None:
        return confirm_sheet(actor)
    if actor.link.purpose != "hours.month.fill":
        return None
    return Timesheet.objects.filter(
        host__in=hosts_of_link(actor), month=read_month(actor.link.data.get("month", ""))
    )


@rule("hours.person.enter")
def enter_person(actor: Actor) -> Answer:
    """Someone on a sheet that the actor may enter."""
    sheets = enter_sheet(actor)
    return None if sheets is None else SheetPerson.objects.filter(timesheet__in=sheets)


@rule("hours.month.fill", "link")
def fill_month(actor: Actor) -> Answer:
    """Whoever holds the link that was mailed to the host's contact."""
    return True if actor.link is not None else None


def may_list(actor: Actor) -> Any:
    return reachable(actor, "hours.sheet.confirm")


def fingerprint(address: str) -> str:
    """Stands for a mail address in a link: the link then works for this address's hosts only, and shows no address."""
    return hashlib.sha256(address.strip().lower().encode()).hexdigest()[:16]


def hosts_of_link(actor: Actor) -> Any:
    """The hosts in the open scope whose present contact is the one the link was mailed to."""
    link = actor.link
    if link is None:
        return Host.objects.none()
    contacts = HostContact.objects.filter(host__organisation_id=link.id("organisation"), ends_on=None)
    mine = [c.host_id for c in contacts if c.email and fingerprint(c.email) == link.data.get("contact")]
    return Host.objects.filter(pk__in=mine)
