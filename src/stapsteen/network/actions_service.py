"""Writes about what a service shows of itself: its page, brochure, funders, other services; and what a colleague carries."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from stapsteen.core.errors import RuleBroken
from stapsteen.core.models import StoredFile
from stapsteen.core.scope import Actor, current
from stapsteen.core.ui import ColourError, accent_css
from stapsteen.network import outside
from stapsteen.network.models import OutsideService, Service, StaffMember
from stapsteen.network.places import find_town

PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
"""First bytes -> type. No SVG: a drawing can hold a script."""
LARGEST_PICTURE, LARGEST_BROCHURE = 1_000_000, 10_000_000
"""Bytes."""
MOST_FUNDERS = 12
SHOWN_FIELDS = (
    "name", "owner_name", "summary", "email", "phone", "address", "accent", "intake_open", "expected_wait_weeks",
    "film_url", "brochure_url",
)  # fmt: skip


@transaction.atomic
def update_service(*, service: Service, actor: Actor, **fields: Any) -> Service:
    """What the public page shows; `summary` is {"nl", "fr", "en"}. `brochure` (bytes of a PDF) takes the place of a link."""
    brochure = fields.pop("brochure", None)
    if unknown := fields.keys() - set(SHOWN_FIELDS):
        raise TypeError(f"update_service doesn't change {sorted(unknown)}")
    service = Service.objects.select_for_update().get(pk=service.pk)
    if fields.get("accent"):
        _check_colour(fields["accent"])
    for name, value in fields.items():
        setattr(service, name, value)
    if not service.name.strip():
        raise RuleBroken(_("Geef de dienst een naam."), field="name")
    if brochure:
        _drop(service.brochure_file)
        service.brochure_file, service.brochure_url = _keep_brochure(brochure), ""
    elif fields.get("brochure_url") and service.brochure_file:
        _drop(service.brochure_file)
        service.brochure_file = None
    service.save()
    return service


@transaction.atomic
def add_funder(
    *, service: Service, actor: Actor, name: str, url: str = "", logo: bytes | None = None
) -> Service:
    """A funder's name with its logo (PNG or JPEG), in the order in which they were added."""
    service = Service.objects.select_for_update().get(pk=service.pk)
    name = " ".join(name.split())
    if not name:
        raise RuleBroken(_("Schrijf wie subsidie geeft."), field="name")
    if len(service.funders) >= MOST_FUNDERS:
        raise RuleBroken(_("Er staan al %(n)s subsidiegevers. Haal er eerst een weg.") % {"n": MOST_FUNDERS})
    if name in {row["name"] for row in service.funders}:
        raise RuleBroken(_("Deze subsidiegever staat er al."), field="name")
    kept = str(_keep_picture(logo)) if logo else ""
    service.funders = [*service.funders, {"name": name, "url": url, "logo": kept}]
    service.save(update_fields=["funders"])
    return service


@transaction.atomic
def remove_funder(*, service: Service, actor: Actor, name: str) -> Service:
    """It goes from the page, with its logo."""
    service = Service.objects.select_for_update().get(pk=service.pk)
    for row in service.funders:
        if row["name"] == name:
            _drop(row["logo"])
    service.funders = [row for row in service.funders if row["name"] != name]
    service.save(update_fields=["funders"])
    return service


@transaction.atomic
def save_outside(
    *, service: Service, actor: Actor, name: str, what: dict[str, str], phone: str = "", url: str = "",
    towns: str = "", source: str = "", row: OutsideService | None = None,
) -> OutsideService:  # fmt: skip
    """Help outside of the installation, that this service shows. `towns` are names or postal codes, divided by commas;
    none: where the service itself works."""
    if not (phone.strip() or url.strip()):
        raise RuleBroken(_("Geef een telefoonnummer of een website."), field="phone")
    places = _municipalities(towns)
    values = {
        "name": " ".join(name.split()), "what": what, "phone": phone.strip(), "url": url.strip(),
        "municipalities": places, "source": source.strip(),
    }  # fmt: skip
    others = OutsideService.objects.filter(service=service, name=values["name"])
    if others.exclude(pk=row.pk if row else None).exists():
        raise RuleBroken(_("Deze dienst staat er al."), field="name")
    row = row or OutsideService(service=service)
    row.hidden = False
    for field, value in values.items():
        setattr(row, field, value)
    row.save()
    return row


@transaction.atomic
def hide_outside(*, service: Service, actor: Actor, name: str) -> OutsideService:
    """A shipped one isn't shown any more where this service works; what it had in its place is gone too."""
    if name not in outside.NAMES:
        raise RuleBroken(_("Deze dienst staat niet op de vaste lijst."))
    OutsideService.objects.filter(service=service, name=name).delete()
    hidden: OutsideService = OutsideService.objects.create(service=service, name=name, hidden=True)
    return hidden


def remove_outside(*, row: OutsideService, actor: Actor) -> None:
    """Nobody is sent there any more; a shipped one of that name is back as it was."""
    row.delete()


@transaction.atomic
def set_weight_limit(*, colleague: StaffMember, actor: Actor, weight_limit: int | None) -> StaffMember:
    """How much weight of pathways together a colleague carries; None: not agreed on."""
    colleague = StaffMember.objects.select_for_update().get(pk=colleague.pk)
    colleague.weight_limit = weight_limit
    colleague.save(update_fields=["weight_limit"])
    return colleague


def _municipalities(text: str) -> list[str]:
    """NIS codes of the towns that are named; RuleBroken for one that we don't know."""
    found = []
    for name in (part.strip() for part in text.split(",")):
        if name:
            matches = find_town(name)
            if not matches or matches[0].score < 1:
                raise RuleBroken(
                    _("We kennen “%(town)s” niet. Typ de postcode.") % {"town": name}, field="towns"
                )
            found.append(matches[0].nis)
    return sorted(set(found))


def _keep_picture(data: bytes) -> Any:
    kind = next((kind for first, kind in PICTURES.items() if data.startswith(first)), "")
    if not kind:
        raise RuleBroken(_("Kies een afbeelding: PNG of JPEG."), field="logo")
    if len(data) > LARGEST_PICTURE:
        raise RuleBroken(_("Deze afbeelding is te groot. Hoogstens 1 MB."), field="logo")
    return StoredFile.objects.create(name="logo", content_type=kind, content=data).pk


def _keep_brochure(data: bytes) -> Any:
    if not data.startswith(b"%PDF-"):
        raise RuleBroken(_("Kies een pdf."), field="brochure")
    if len(data) > LARGEST_BROCHURE:
        raise RuleBroken(_("Deze pdf is te groot. Hoogstens 10 MB."), field="brochure")
    return StoredFile.objects.create(name="brochure.pdf", content_type="application/pdf", content=data).pk


def _drop(key: Any) -> None:
    if key:
        StoredFile.objects.filter(pk=key, service_id=current().service_id).delete()


def _check_colour(colour: str) -> None:
    try:
        accent_css(colour)
    except ColourError as error:
        raise RuleBroken(_("Deze kleur kennen we niet. Schrijf ze zo: #0b5d53."), field="accent") from error
