"""Every write in the network room: setting up a service, its colleagues, its programmes."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core import scope
from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor
from stapsteen.core.ui import accent_css
from stapsteen.network.models import (
    Coverage,
    Membership,
    Municipality,
    Network,
    ProgrammeVersion,
    Service,
    StaffMember,
    User,
)
from stapsteen.network.programme.load import ProgrammeError, load_programme
from stapsteen.network.roles import ROLES

RESERVED = {
    "aanmelden",
    "api",
    "demo",
    "gezond",
    "past-het",
    "start",
    "static",
    "stijl",
    "taal",
    "uren-invullen",
    "waar",
    "figuren",
}


def create_service(*, slug: str, name: str, owner_name: str, network: Network, **details: Any) -> Service:
    """A new service. Its slug is the first part of its addresses, so it can't be one that the house uses itself."""
    if slug in RESERVED or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        raise RuleBroken(_("Kies een ander kort adres: kleine letters, cijfers en streepjes."), field="slug")
    if "accent" in details:
        accent_css(details["accent"])
    return Service.objects.create(slug=slug, name=name, owner_name=owner_name, network=network, **details)


def cover(*, service: Service, municipality: Municipality, postal_codes: tuple[str, ...] = ()) -> Coverage:
    """The service is for who actually lives there; postal codes narrow it to a former municipality."""
    if unknown := set(postal_codes) - set(municipality.postal_codes):
        raise RuleBroken(
            _("Geen postcode van %(town)s: %(codes)s.") % {"town": municipality, "codes": ", ".join(unknown)}
        )
    made, _created = Coverage.objects.update_or_create(
        service=service, municipality=municipality, defaults={"postal_codes": list(postal_codes)}
    )
    return made


def give_role(
    *, actor: Actor, email: str, name: str, role: str, organisation_id: Any = None, phone: str = ""
) -> StaffMember:
    """Someone gets a role in the open scope's service; made when the address isn't known yet. No mail, no password:
    an invitation does that."""
    if role not in ROLES:
        raise RuleBroken(_("Die rol bestaat niet."), field="role")
    service_id = scope.current().service_id
    user = User.objects.filter(email=email.lower()).first() or User.objects.create_user(email)
    Membership.objects.update_or_create(
        user=user,
        service_id=service_id,
        role=role,
        defaults={"organisation_id": organisation_id, "ends_on": None},
    )
    colleague, _created = StaffMember.objects.update_or_create(
        user=user, defaults={"name": name, "phone": phone}
    )
    return colleague


def end_role(*, actor: Actor, membership: Membership, on: date | None = None) -> None:
    """The role ends after today's day, or after `on`. The last coordinator or administrator can't leave the service alone."""
    on = on or timezone.localdate() - timedelta(days=1)
    keepers = Membership.objects.filter(service_id=membership.service_id, role=membership.role, ends_on=None)
    if membership.role == "administrator" and not keepers.exclude(pk=membership.pk).exists():
        raise RuleBroken(_("Dit is de laatste beheerder. Geef eerst iemand anders die rol."))
    membership.ends_on = on
    membership.save(update_fields=["ends_on"])


def save_programme(
    *, service: Service, actor: Actor, text: str, valid_from: date | None = None
) -> ProgrammeVersion:
    """A new version of a programme for this service (requirement A3). A wrong text names line and reason and saves nothing;
    pathways that run keep the version that they began with."""
    try:
        rules = load_programme(text)
    except ProgrammeError as error:
        raise RuleBroken(str(error), field="text") from error
    rows = ProgrammeVersion.objects.filter(service=service, slug=rules.meta.slug)
    newest = rows.order_by("-number").first()
    if newest is not None and newest.text == text:
        raise RuleBroken(_("Er is niets gewijzigd."), field="text")
    last = rows.aggregate(last=Max("number"))["last"] or 0
    return ProgrammeVersion.objects.create(
        service=service,
        slug=rules.meta.slug,
        number=last + 1,
        text=text,
        kind=rules.meta.kind,
        valid_from=valid_from or timezone.localdate(),
        created_by=str(actor),
    )
