"""Organisations of the network and their sites."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from stdnum.be import vat
from stdnum.exceptions import ValidationError as BadNumber

from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor
from stapsteen.hosts.access import network_of_service
from stapsteen.hosts.actions.common import known, locked, today
from stapsteen.hosts.models import LEGAL_KINDS, ORGANISATION_ROLES, SECTORS, Organisation, Site
from stapsteen.network.models import Municipality, Network
from stapsteen.people.access import demand

MOST_ASKS = 30


def register_organisation(
    *,
    actor: Actor,
    network: Network,
    name: str,
    legal_kind: str = "vzw",
    umbrella: Organisation | None = None,
    part_of: Organisation | None = None,
    roles: tuple[str, ...] | list[str] = ("host",),
    sectors: tuple[str, ...] | list[str] = (),
    municipality: Municipality | None = None,
    address: str = "",
    enterprise_number: str = "",
    can_sanction: bool = False,
    sensitive_referrer: bool = False,
    note: str = "",
) -> Organisation:
    """Add an organisation to the network. A name stands once; a KBO number once, sub-workings aside (document 001).

    The KBO number is checked (97 minus the first eight digits modulo 97) and kept as ten digits.
    """
    demand(actor, None, "hosts.host.add")
    if not network_of_service().filter(network_id=network.pk).exists():
        raise RuleBroken(_("Dit netwerk is niet van deze dienst."))
    organisation = Organisation(
        network=network,
        name=name,
        legal_kind=legal_kind,
        umbrella=umbrella,
        part_of=part_of,
        roles=list(roles),
        sectors=list(sectors),
        municipality=municipality,
        address=address.strip(),
        enterprise_number=enterprise_number,
        can_sanction=can_sanction,
        sensitive_referrer=sensitive_referrer,
        note=note.strip(),
    )
    return _keep_organisation(organisation)


def update_organisation(*, organisation: Organisation, actor: Actor, **fields: Any) -> Organisation:
    """Change what is given; the same rules as at registration. All services of the network see it."""
    demand(actor, organisation, "hosts.organisation.edit")
    allowed = {
        "name", "legal_kind", "umbrella", "part_of", "roles", "sectors", "municipality", "address",
        "enterprise_number", "can_sanction", "sensitive_referrer", "note", "asks_per_month",
    }  # fmt: skip
    if unknown := fields.keys() - allowed:
        raise TypeError(f"An organisation has no {sorted(unknown)}.")
    organisation = locked(organisation)
    for name, value in fields.items():
        setattr(organisation, name, list(value) if name in {"roles", "sectors"} else value)
    return _keep_organisation(organisation)


def _keep_organisation(organisation: Organisation) -> Organisation:
    """Check every rule of an organisation and save it."""
    organisation.name = " ".join(organisation.name.split())
    if not organisation.name:
        raise RuleBroken(_("Vul de naam van de organisatie in."), field="name")
    known(organisation.legal_kind, LEGAL_KINDS, "legal_kind")
    for role in organisation.roles:
        known(role, ORGANISATION_ROLES, "roles")
    for sector in organisation.sectors:
        known(sector, SECTORS, "sectors")
    if not 1 <= organisation.asks_per_month <= MOST_ASKS:
        raise RuleBroken(
            _("Kies een aantal tussen 1 en %(most)s.") % {"most": MOST_ASKS}, field="asks_per_month"
        )
    _same_network(organisation)
    organisation.enterprise_number = enterprise_number(organisation.enterprise_number)
    _not_double(organisation)
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError:
        raise RuleBroken(
            _("Een organisatie met deze naam bestaat al in het netwerk."), field="name"
        ) from None
    return organisation


def _same_network(organisation: Organisation) -> None:
    for field in ("umbrella", "part_of"):
        other = getattr(organisation, field)
        if other is None:
            continue
        if other.network_id != organisation.network_id:
            raise RuleBroken(_("Die organisatie zit in een ander netwerk."), field=field)
        if other.pk == organisation.pk:
            raise RuleBroken(_("Een organisatie is geen deel van zichzelf."), field=field)


def _not_double(organisation: Organisation) -> None:
    others = Organisation.objects.filter(network_id=organisation.network_id).exclude(pk=organisation.pk)
    if others.filter(name__iexact=organisation.name).exists():
        raise RuleBroken(_("Een organisatie met deze naam bestaat al in het netwerk."), field="name")
    if organisation.enterprise_number and organisation.part_of_id is None:
        same = others.filter(enterprise_number=organisation.enterprise_number, part_of=None).first()
        if same is not None:
            raise RuleBroken(
                _("Dit nummer is al van %(name)s. Is dit een deelwerking? Kies dan waar ze bij hoort.")
                % {"name": same.name},
                field="enterprise_number",
            )


def enterprise_number(text: str) -> str:
    """Ten digits of a valid KBO number, or "" for nothing. RuleBroken for one that can't be."""
    if not text.strip():
        return ""
    try:
        return str(vat.validate(text.strip()))
    except BadNumber:
        raise RuleBroken(
            _("Dit ondernemingsnummer klopt niet. Een nummer heeft 10 cijfers, bijvoorbeeld 0471.938.850."),
            field="enterprise_number",
        ) from None


def keep_site(
    *,
    organisation: Organisation,
    actor: Actor,
    name: str,
    municipality: Municipality | None,
    address: str = "",
    site: Site | None = None,
) -> Site:
    """A place where the organisation works, new or changed; its municipality puts it on the map (D1).

    A new place by the name of a closed one is that place again.
    """
    demand(actor, organisation, "hosts.organisation.edit")
    locked(organisation)
    name = " ".join(name.split())
    site = site or _site_again(organisation, name)
    site.name, site.address = name, address.strip()
    if not site.name:
        raise RuleBroken(_("Geef de plek een naam."), field="name")
    if municipality is None:
        raise RuleBroken(_("Vul de gemeente in. Zo staat de plek op de kaart."), field="municipality")
    site.municipality = municipality
    if organisation.sites.filter(name__iexact=site.name).exclude(pk=site.pk).exists():
        raise RuleBroken(_("Deze organisatie heeft al een plek met die naam."), field="name")
    site.save()
    return site


def _site_again(organisation: Organisation, name: str) -> Site:
    """The closed place of that name, open again; otherwise a new one."""
    site: Site = organisation.sites.exclude(closed_on=None).filter(name__iexact=name).first() or Site(
        organisation=organisation
    )
    site.closed_on = None
    return site


def close_site(*, site: Site, actor: Actor, on: date | None = None) -> Site:
    """Nobody works there any more; tasks that were there stay, without a site."""
    demand(actor, site.organisation, "hosts.organisation.edit")
    site.closed_on = on or today()
    site.save(update_fields=["closed_on"])
    site.tasks.update(site=None)
    return site
