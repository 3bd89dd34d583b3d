"""The uniform agreement between service and host: written, signed on paper or from a link, and what expires (D2)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from stapsteen.core import links
from stapsteen.core.errors import RuleBroken
from stapsteen.core.mail import queue_mail
from stapsteen.core.scope import Actor, current, open_scope, system
from stapsteen.hosts.actions.common import DAY, UNSET, Unset, known, not_future, today
from stapsteen.hosts.models import Host, HostAgreement, HostContact
from stapsteen.hosts.states import HOST_AGREEMENT
from stapsteen.network.models import Service
from stapsteen.people.access import demand

SIGN = "hosts.agreement.read"
EXPECTATIONS = ("contact", "insurance", "hours", "evaluation")
"""What the service expects of each host, the same for all (document 001, slide 18)."""


def set_host_agreement(
    *,
    host: Host,
    actor: Actor,
    insurance_until: date | Unset | None = UNSET,
    agreement_signed_on: date | Unset | None = UNSET,
    talk_wanted: str | Unset = UNSET,
) -> Host:
    """What is known of an agreement that was made elsewhere, and of the insurance. What isn't given stays.

    `insurance_until` is the last covered day. `talk_wanted` is a code of Host.TALKS: a wish about origin, religion or
    another protected ground starts a talk and is itself never written down (D3).
    """
    demand(actor, host, "hosts.host.edit")
    host = Host.objects.select_for_update().get(pk=host.pk)
    given = {
        "insurance_until": insurance_until,
        "agreement_signed_on": agreement_signed_on,
        "talk_wanted": talk_wanted,
    }
    changed = {name: value for name, value in given.items() if value is not UNSET}
    signed = changed.get("agreement_signed_on")
    if isinstance(signed, date):
        not_future(signed, "agreement_signed_on")
    if talk := changed.get("talk_wanted"):
        known(str(talk), Host.TALKS, "talk_wanted")
    for name, value in changed.items():
        setattr(host, name, value)
    host.save(update_fields=[*changed])
    return host


def draw_up_agreement(
    *,
    host: Host,
    actor: Actor,
    starts_on: date,
    ends_on: date | None = None,
    insurer: str = "",
    policy: str = "",
    insurance_until: date | None = None,
    extra: str = "",
) -> HostAgreement:
    """A new version, frozen, to be signed. One that was still to be signed is replaced; a signed one holds until then.

    The four expectations are the same for every host (document 001, slide 18). An insurance for civil liability is
    compulsory (law of 3 July 2005, article 6); its last day is part of the agreement.
    """
    demand(actor, host, "hosts.host.edit")
    host = Host.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=host.pk)
    contact = host.contacts.filter(ends_on=None).first()
    if contact is None:
        raise RuleBroken(_("Vul eerst de contactpersoon in. Die staat in de afspraken."))
    if ends_on is not None and ends_on < starts_on:
        raise RuleBroken(_("De laatste dag ligt vóór de eerste."), field="ends_on")
    until = insurance_until or host.insurance_until
    if until is None or until < starts_on:
        raise RuleBroken(
            _("De verzekering loopt niet op de eerste dag. Vraag tot wanneer ze loopt."),
            field="insurance_until",
        )
    for waiting in host.agreements.filter(state="out"):
        _replace(waiting, actor)
    newest = host.agreements.order_by("-version").first()
    agreement: HostAgreement = HostAgreement.objects.create(
        host=host, version=newest.version + 1 if newest else 1, starts_on=starts_on, ends_on=ends_on,
        content=_content(host, contact, insurer, policy, until, extra), made_on=today(),
    )  # fmt: skip
    return agreement


def _content(host: Host, contact: HostContact, insurer: str, policy: str, until: date, extra: str) -> Any:
    service = Service.objects.get(pk=current().service_id)
    organisation = host.organisation
    return {
        "service": {"name": service.name, "owner": service.owner_name, "email": service.email},
        "host": {
            "name": organisation.name,
            "address": organisation.address,
            "enterprise_number": organisation.enterprise_number,
        },
        "contact": {"name": contact.name, "email": contact.email, "phone": contact.phone},
        "insurance": {"insurer": insurer.strip(), "policy": policy.strip(), "until": until.isoformat()},
        "expectations": list(EXPECTATIONS),
        "extra": extra.strip(),
    }


def sign_host_agreement(
    *,
    agreement: HostAgreement,
    actor: Actor,
    how: str,
    signed_by: str,
    signed_on: date | None = None,
) -> HostAgreement:
    """The host signed: on paper, or its contact from the mailed link. The version before is replaced then.

    The insurance and the day of signing become what the host's page and the gates of a placement look at.
    """
    host = Host.objects.select_for_update().get(pk=agreement.host_id)  # first the host, as a new version does
    agreement = HostAgreement.objects.select_for_update().get(pk=agreement.pk)
    HOST_AGREEMENT.move(agreement, "sign", actor)
    known(how, HostAgreement.HOW, "how")
    if not signed_by.strip():
        raise RuleBroken(_("Vul in wie tekent."), field="signed_by")
    not_future(day := signed_on or today(), "signed_on")
    if day < agreement.made_on:
        raise RuleBroken(
            _("De afspraken zijn gemaakt op %(day)s. Kies die dag of later.")
            % {"day": agreement.made_on.strftime(DAY)},
            field="signed_on",
        )
    agreement.signed_on, agreement.signed_by, agreement.how = day, " ".join(signed_by.split()), how
    for before in HostAgreement.objects.filter(host_id=agreement.host_id, state="signed"):
        before.state = "replaced"
        before.save(update_fields=["state"])
    agreement.save(update_fields=["state", "signed_on", "signed_by", "how"])
    host.agreement_signed_on = day
    until = date.fromisoformat(agreement.content["insurance"]["until"])
    host.insurance_until = max(until, host.insurance_until or until)
    host.save(update_fields=["agreement_signed_on", "insurance_until"])
    return agreement


def _replace(agreement: HostAgreement, actor: Actor) -> None:
    HOST_AGREEMENT.move(agreement, "replace", actor)
    agreement.save(update_fields=["state"])


def _by_mail(agreement: HostAgreement) -> HostContact | None:
    """The host's contact of now, when that one can be mailed."""
    contact: HostContact | None = HostContact.objects.filter(host_id=agreement.host_id, ends_on=None).first()
    return contact if contact is not None and contact.email else None


def mail_agreement(*, agreement: HostAgreement, actor: Actor) -> str:
    """A link to read and sign goes to the host's contact; the address it went to."""
    demand(actor, agreement, "hosts.agreement.view")
    if agreement.state != "out":
        raise RuleBroken(_("Deze afspraken zijn al getekend of vervangen."))
    contact = _by_mail(agreement)
    if contact is None:
        raise RuleBroken(_("De contactpersoon heeft geen e-mailadres."))
    service_id = current().service_id
    service = Service.objects.get(pk=service_id)
    url = links.url(
        "hosts.agreement_read", SIGN, service=service_id, agreement=agreement.pk, contact=contact.pk
    )
    queue_mail(
        to=contact.email,
        template="host_agreement",
        context={"service": service.name, "url": url},
        language=contact.language,
    )
    return str(contact.email)


@transaction.atomic
def renew_agreement_link(link: links.Link) -> None:
    """An expired link was opened: a fresh one goes to the contact of record, whoever asks; to nobody without address."""
    actor = system("hosts.renew")
    with open_scope(UUID(link.data["service"]), actor=actor, purpose="hosts.renew"):
        agreement = HostAgreement.objects.filter(pk=link.id("agreement"), state="out").first()
        if agreement is not None and _by_mail(agreement) is not None:
            mail_agreement(agreement=agreement, actor=actor)


links.RENEW[SIGN] = renew_agreement_link
