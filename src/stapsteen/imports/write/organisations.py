"""Organisations of the file: registered in the network, known as host, with contact, insurance and capacity."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from stapsteen.core.errors import RuleBroken
from stapsteen.hosts import actions
from stapsteen.hosts.models import LEGAL_KINDS, Host, Organisation
from stapsteen.imports.reader import Note, OrganisationRecord
from stapsteen.imports.reader.text import fold
from stapsteen.imports.write.frame import Writing, at, lines
from stapsteen.imports.write.lines import together
from stapsteen.imports.write.savepoints import savepoint

LEGAL = {"public_body": "other"}
SECTOR_WORDS = {
    "social": ("sociaal", "welzijn", "buurt", "social"),
    "technical": ("techniek", "technisch", "fiets", "herstel", "technical"),
    "catering": ("horeca", "keuken", "cafetaria", "catering"),
    "animals": ("dier", "animal"),
    "administration": ("administratie", "onthaal", "kantoor", "administration"),
    "environment": ("milieu", "natuur", "groen", "environment"),
    "care": ("zorg", "care", "sante"),
    "culture": ("cultuur", "vrije tijd", "bibliotheek", "sport", "jeugd", "culture"),
}
LONGEST = 160


def write_organisations(writing: Writing) -> None:
    for record in writing.plan.organisations:
        with at(record):
            organisation = _register(writing, record)
            writing.organisations[record.fingerprint] = organisation
            _about(writing, record, organisation)
            writing.remember(record, "organisations", organisation)
            writing.made["organisations"] += 1
        writing.step()
    for double in writing.plan.duplicates:
        if double.kind == "organisations" and double.part == "known":
            _add_to_known(writing, double.record, double.of)  # type: ignore[arg-type]
    _ask_talks(writing)


def _register(writing: Writing, record: OrganisationRecord) -> Organisation:
    fields: dict[str, Any] = {
        "legal_kind": legal_kind(record),
        "umbrella": _umbrella(writing, record),
        "sectors": sector_codes(record.sectors),
        "municipality": writing.town(record.municipality_nis),
        "address": " ".join(f"{record.street} {record.postal_code} {record.locality}".split())[:200],
    }
    with_number = {**fields, "enterprise_number": record.kbo}
    name = _free_name(writing, record)
    try:
        with savepoint(), together():
            return actions.register_organisation(
                actor=writing.actor, network=writing.service.network, name=name, **with_number
            )
    except RuleBroken as broken:
        if broken.field != "enterprise_number":
            raise
    return actions.register_organisation(
        actor=writing.actor, network=writing.service.network, name=name, **fields
    )


def _free_name(writing: Writing, record: OrganisationRecord) -> str:
    """The name; with its town when the network already has that name elsewhere."""
    name = record.name[:LONGEST].strip()
    taken = Organisation.objects.filter(network_id=writing.service.network_id, name__iexact=name)
    place = record.municipality or record.locality
    return f"{name[: LONGEST - len(place) - 3]} ({place})" if place and taken.exists() else name


def legal_kind(record: OrganisationRecord) -> str:
    """A kind that the house knows; the text of the file says more than the code of the reader."""
    plain = fold(record.legal_kind_text)
    if "ocmw" in plain.split():
        return "ocmw"
    if "woonzorg" in plain or "wzc" in plain.split():
        return "care_home"
    code = LEGAL.get(record.legal_kind, record.legal_kind)
    return code if code in LEGAL_KINDS else "other"


def sector_codes(words: tuple[str, ...]) -> list[str]:
    """Sectors of the house from words of the file; unknown words give nothing (they stay in a note)."""
    return list(dict.fromkeys(code for word in words if (code := sector_code(word))))


def sector_code(word: str) -> str:
    plain = fold(word)
    return next((code for code, marks in SECTOR_WORDS.items() if any(mark in plain for mark in marks)), "")


def _umbrella(writing: Writing, record: OrganisationRecord) -> Organisation | None:
    """The umbrella by its name; a new name becomes an organisation with that role alone."""
    name = " ".join(record.umbrella.split())[:LONGEST]
    if not fold(name) or fold(name) == fold(record.name):
        return None
    found = Organisation.objects.filter(network_id=writing.service.network_id, name__iexact=name).first()
    if found is not None:
        return found
    writing.made["umbrellas"] += 1
    return actions.register_organisation(
        actor=writing.actor,
        network=writing.service.network,
        name=name,
        legal_kind="other",
        roles=("umbrella",),
    )


def host_of(writing: Writing, organisation: Organisation) -> Host:
    if organisation.pk not in writing.hosts:
        writing.hosts[organisation.pk] = actions.work_with(organisation=organisation, actor=writing.actor)
    return writing.hosts[organisation.pk]


def _about(writing: Writing, record: OrganisationRecord, organisation: Organisation) -> None:
    """Contact, insurance, capacity; what has no field of its own is kept as a note on the host."""
    host = host_of(writing, organisation)
    kept = _left_over(record, organisation)
    kept += _contact(writing, record, host)
    if record.insurance_until is not None and host.insurance_until is None:
        actions.set_host_agreement(host=host, actor=writing.actor, insurance_until=record.insurance_until)
    elif record.insurance_until not in (None, host.insurance_until):
        kept.append(Note(_("verzekering tot"), f"{record.insurance_until:%d/%m/%Y}"))
    kept += _capacity(writing, record, organisation)
    text = "\n".join([*lines(list(record.notes)), *lines(kept)])
    if text:
        actions.add_host_note(
            host=host,
            actor=writing.actor,
            kind="import",
            text=f"{writing.origin(record)}\n{text}",
            author=writing.author,
        )
        writing.made["host_notes"] += 1


def _left_over(record: OrganisationRecord, organisation: Organisation) -> list[Note]:
    unknown = [word for word in record.sectors if not sector_code(word)]
    known_kind = organisation.legal_kind != "other" or not record.legal_kind_text
    kept = [
        (_("website"), record.website),
        (_("soort"), "" if known_kind else record.legal_kind_text),
        (_("sector"), ", ".join(unknown)),
        (_("ondernemingsnummer"), "" if organisation.enterprise_number else record.kbo),
        (_("naam"), record.name if len(record.name) > LONGEST else ""),
    ]
    return [Note(heading, text) for heading, text in kept if text]


def _contact(writing: Writing, record: OrganisationRecord, host: Host) -> list[Note]:
    """The contact, when there is a name and a way to reach them; otherwise what there is stays as a note."""
    new = (
        record.contact and (record.email or record.phone) and not host.contacts.filter(ends_on=None).exists()
    )
    if new:
        actions.set_contact(
            host=host,
            actor=writing.actor,
            name=record.contact[:120],
            email=record.email,
            phone=record.phone[:40],
        )
        return []
    if host.contacts.filter(ends_on=None, name=record.contact).exists():
        return []
    found = (
        (_("contactpersoon"), record.contact),
        (_("telefoon"), record.phone),
        (_("e-mail"), record.email),
    )
    return [Note(heading, text) for heading, text in found if text]


def _capacity(writing: Writing, record: OrganisationRecord, organisation: Organisation) -> list[Note]:
    """What the host said it can carry; a newer statement in Stapsteen is never overwritten by an old file."""
    if record.max_guided is None:
        return []
    stated = organisation.capacities.order_by("-starts_on", "-id").first()
    if stated is None:
        actions.state_capacity(
            organisation=organisation,
            actor=writing.actor,
            places=min(record.max_guided, actions.MOST_PLACES),
            note=_("Uit een vroeger bestand"),
        )
    if stated is None or stated.places == record.max_guided:
        return []
    return [Note(_("max. aantal met begeleiding"), str(record.max_guided))]


def _add_to_known(writing: Writing, record: OrganisationRecord, ref: str) -> None:
    """An organisation that the network had: its empty places are filled, once."""
    organisation = writing.organisation(ref)
    known = writing.plan_known
    if organisation is None or record.fingerprint in known or record.source_fingerprint in known:
        return
    with at(record):
        _about(writing, record, organisation)
        writing.remember(record, "organisations", organisation)
        writing.made["organisations_known"] += 1


def _ask_talks(writing: Writing) -> None:
    """A wish about a protected ground isn't written down: it becomes a talk (requirement D3)."""
    for action in writing.plan.actions:
        organisation = writing.organisation(action.organisation)
        if organisation is not None:
            actions.set_host_agreement(
                host=host_of(writing, organisation), actor=writing.actor, talk_wanted="wish"
            )
            writing.made["talks"] += 1


def activate(writing: Writing, organisation: Organisation, on: date) -> Host:
    """Somebody started there on that day, so the cooperation is active."""
    host = host_of(writing, organisation)
    if host.state in ("prospect", "talking"):
        reason = _("Volgens het bestand startte hier iemand op %(day)s.") % {"day": f"{on:%d/%m/%Y}"}
        host = actions.move_host(host=host, actor=writing.actor, action="activate", reason=reason)
        writing.hosts[organisation.pk] = host
        writing.made["hosts_active"] += 1
    return host
