"""The mails to hosts: one per contact's address over all services, never with the name of a guided person in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from stapsteen.core import links
from stapsteen.core.mail import queue_mail
from stapsteen.core.models import OutgoingMail
from stapsteen.core.scope import open_scope, system
from stapsteen.hosts.models import HostContact, Organisation
from stapsteen.hours.access import fingerprint
from stapsteen.hours.models import Timesheet
from stapsteen.hours.months import read_month, write_month
from stapsteen.network.models import Service

PURPOSE = "hours.month.fill"
RENEW_PAUSE = timedelta(minutes=10)


@dataclass(frozen=True)
class Receiver:
    """Who hears about a host's sheet: the present contact."""

    address: str
    language: str
    organisation: UUID
    organisation_name: str


def receivers(sheets: Iterable[Timesheet]) -> list[Receiver]:
    """The contacts of these sheets' hosts; a host without an address gives none: there the coach phones."""
    hosts = {sheet.host_id: sheet.host.organisation for sheet in sheets}
    contacts = HostContact.objects.filter(host_id__in=hosts, ends_on=None).order_by("id")
    return [
        Receiver(c.email.strip().lower(), c.language, hosts[c.host_id].pk, hosts[c.host_id].name)
        for c in contacts
        if c.email.strip()
    ]


def send(template: str, month: date, found: Iterable[Receiver]) -> int:
    """One mail per address, with a link per organisation; how many."""
    by_address: dict[str, dict[UUID, Receiver]] = defaultdict(dict)
    for receiver in found:
        by_address[receiver.address].setdefault(receiver.organisation, receiver)
    for address, organisations in sorted(by_address.items()):
        pages = [
            {"name": r.organisation_name, "url": month_url(r.organisation, month, address)}
            for r in sorted(organisations.values(), key=lambda r: r.organisation_name)
        ]
        language = next(iter(organisations.values())).language
        queue_mail(to=address, template=template, context={"month": month, "pages": pages}, language=language)
    return len(by_address)


def month_url(organisation: UUID, month: date, address: str) -> str:
    """The address of the page on which this contact fills in this organisation's month."""
    return links.url(
        "hours.month_fill",
        PURPOSE,
        organisation=organisation,
        month=write_month(month),
        contact=fingerprint(address),
    )


def services_of(organisation_id: UUID | None) -> list[Service]:
    """The services that may work with an organisation: those of its network."""
    network = Organisation.objects.filter(pk=organisation_id).values("network_id")
    return list(Service.objects.filter(network_id__in=network).order_by("slug"))


def renew(link: links.Link) -> None:
    """An expired link was opened: a fresh one goes to the contact of record, whoever asks; one in a while."""
    month, found = read_month(link.data["month"]), []
    for service in services_of(link.id("organisation")):
        with open_scope(service.pk, actor=system("hours.renew"), purpose="hours.renew"):
            sheets = Timesheet.objects.filter(host__organisation_id=link.id("organisation"), month=month)
            found += receivers(list(sheets.select_related("host__organisation")))
    if month is not None:
        send("hours_month", month, [r for r in found if not _just_mailed(r.address)])


def _just_mailed(address: str) -> bool:
    """Someone who keeps asking doesn't fill a mailbox."""
    since = timezone.now() - RENEW_PAUSE
    return OutgoingMail.objects.filter(
        to=address, created_at__gte=since, body__contains=f"{settings.BASE_URL}/uren-invullen/"
    ).exists()


links.RENEW[PURPOSE] = renew
