"""From records and terms to the document that is signed (agreement_document.AgreementDocument).

What the records know isn't typed again: names, task, roster, allowances of the programme's scheme, insurance, rhythm.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, Final

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from pydantic import ValidationError

from stapsteen.core import halfdays
from stapsteen.core.errors import RuleBroken
from stapsteen.hosts.models import Host, HostContact, Organisation, Task
from stapsteen.hosts.queries import contact_on
from stapsteen.network.ceilings import flat_rate
from stapsteen.network.models import Service, StaffMember
from stapsteen.network.programme import schema
from stapsteen.pathways.actions import programme_of
from stapsteen.people.models import Person
from stapsteen.placements.agreement_document import AgreementDocument
from stapsteen.placements.models import Agreement, Placement, Signature
from stapsteen.placements.terms import Granted, Terms, read_terms

LEGAL_STATUS: Final = {
    "vzw": "vzw",
    "local_government": "public",
    "ocmw": "public",
    "association": "de_facto",
}
ALLOWANCE_KINDS: Final = {"hour": "per_hour", "public_transport": "public_transport", "clothing": "clothing"}


class Changed(RuntimeError):
    """The frozen content no longer has the hash that was signed."""


def document(agreement: Agreement) -> AgreementDocument:
    """The document of one version with its signatures as they stand now; of a draft: as it would go out now."""
    kept = agreement.kept
    if kept["document"] is None:
        return compose(
            agreement.placement, read_terms(kept["terms"]), agreement.version, agreement.created_at
        )
    frozen = AgreementDocument.model_validate(kept["document"])
    if frozen.sha256() != agreement.sha256:
        raise Changed(f"Agreement {agreement.pk} isn't what was signed.")
    return frozen.model_copy(update={"signatures": tuple(_signatures(frozen, agreement))})


def _signatures(frozen: AgreementDocument, agreement: Agreement) -> Iterator[Any]:
    rows: dict[str, Signature] = {row.party: row for row in agreement.signatures.all()}
    for line in frozen.signatures:
        if (row := rows.get(line.party)) is None:
            yield line
        else:
            done = {"state": row.how, "signed_on": row.signed_on, "name": row.signed_by or line.name}
            yield line.model_copy(update=done)


def compose(placement: Placement, terms: Terms, version: int, made_at: datetime) -> AgreementDocument:
    """The document in the terms' language, unsigned. RuleBroken says what is still missing."""
    with translation.override(terms.language):
        parts = _parts(placement, terms, version, made_at)
    try:
        return AgreementDocument.model_validate(parts)
    except ValidationError as error:
        first = error.errors()[0]
        where = " ".join(str(step) for step in first["loc"]) or "–"
        raise RuleBroken(
            _("De nota kan zo niet. Kijk na: %(where)s (%(why)s).") % {"where": where, "why": first["msg"]}
        ) from error


def _parts(placement: Placement, terms: Terms, version: int, made_at: datetime) -> dict[str, Any]:
    rules = programme_of(placement.pathway, placement.starts_on).rules
    host, coach, person = placement.host, placement.pathway.coach, placement.person
    contact = _contact(placement)
    kind = "care_work" if rules.meta.kind == "care_work" else "volunteering"
    return {
        "number": number(placement),
        "version": version,
        "made_at": made_at,
        "language": terms.language,
        "kind": kind,
        "service": _service(placement, coach),
        "person": _person(person, placement.starts_on, terms),
        "host": _host(placement, contact, terms),
        "starts_on": placement.starts_on,
        "ends_on": terms.ends_on,
        "tasks": _tasks(placement, terms),
        "excluded_tasks": [line for line in terms.excluded_tasks if line],
        "roster": roster(placement.half_days, placement.minutes_per_half_day, terms),
        "roster_note": terms.roster_note or None,
        "build_up": [{**step.model_dump(), "support": step.support or None} for step in terms.build_up],
        "attention_points": [
            {"point": line.point, "arrangement": line.arrangement or None} for line in terms.attention_points
        ],
        "allowances": list(_allowances(rules, terms)),
        "ceiling": _ceiling(placement.starts_on.year) if kind == "volunteering" else None,
        "insurances": [_insurance(host, terms)],
        "information_note": _note(placement, contact, terms) if kind == "volunteering" else None,
        "evaluation_rhythm": _rhythm(placement, rules),
        "other": terms.other or None,
        "signatures": _open_signatures(person, terms, coach, contact),
    }


def number(placement: Placement) -> str:
    """A reference without a name in it."""
    return f"AF-{placement.starts_on.year}-{placement.pk.hex[-8:].upper()}"


def _contact(placement: Placement) -> HostContact:
    contact = contact_on(placement.host, placement.starts_on)
    if contact is None:
        raise RuleBroken(_("Deze organisatie heeft nog geen contactpersoon. Vul die eerst in."))
    return contact


def _service(placement: Placement, coach: StaffMember) -> dict[str, Any]:
    service = Service.objects.get(pk=placement.service_id)
    return {
        "name": service.name,
        "address": service.address or None,
        "coach": {"name": coach.name, "phone": coach.phone or None, "email": coach.user.email},
        "privacy_contact": service.email or None,
    }


def _person(person: Person, day: date, terms: Terms) -> dict[str, Any]:
    age = person.age_on(day)
    if age is not None and age < 18 and not terms.representative:
        raise RuleBroken(
            _("De persoon is nog geen 18. Wie tekent mee als ouder of voogd?"), field="representative"
        )
    home = person.addresses.on(day).order_by("-starts_on", "-id").first()
    place = f"{home.postal_code} {home.town}".strip() if home else ""
    return {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "address": ", ".join(part for part in (home.street if home else "", place) if part) or None,
        "phone": person.phone or None,
        "representative": terms.representative or None,
    }


def is_welfare(organisation: Organisation) -> bool:
    """Decree of 3 April 2009: organised volunteering in welfare and health; a proposal that the coach can change."""
    return organisation.legal_kind == "care_home" or "care" in organisation.sectors


def _host(placement: Placement, contact: HostContact, terms: Terms) -> dict[str, Any]:
    """Its address is where the task is done: who reads the agreement goes there."""
    organisation, task = placement.host.organisation, placement.task
    helper = {"name": terms.key_person, "phone": terms.key_person_phone or None} if terms.key_person else None
    welfare = is_welfare(organisation) if terms.welfare_sector is None else terms.welfare_sector
    return {
        "name": organisation.name,
        "place": " · ".join(str(part) for part in (organisation.part_of, task.site) if part) or None,
        "address": whereabouts(task) or None,
        "contact": {"name": contact.name, "phone": contact.phone or None, "email": contact.email or None},
        "key_person": helper,
        "welfare_sector": welfare,
    }


def whereabouts(task: Task) -> str:
    """Street and town of its site, else of its organisation."""
    parts = ((task.site or task.organisation).address, task.town.name if task.town else "")
    return ", ".join(part for part in parts if part)


def _tasks(placement: Placement, terms: Terms) -> list[dict[str, Any]]:
    task = placement.task
    if not terms.tasks:
        if placement.part:
            return [{"title": placement.part.title, "details": None}]
        return [{"title": task.title, "details": task.description or None}]
    return [{"title": line.title, "details": line.details or None} for line in terms.tasks]


def roster(half_days: int, minutes: int, terms: Terms) -> list[dict[str, Any]]:
    """The blocks of the week. A block stays on its own day and ends before the next one begins."""
    starts = (terms.morning_from, terms.afternoon_from, terms.evening_from)
    fields = ("morning_from", "afternoon_from", "evening_from")
    slots: list[dict[str, Any]] = []
    for day, part in halfdays.to_pairs(half_days):
        start = _minutes(starts[part])
        if start + minutes >= 24 * 60:
            raise RuleBroken(_("Een blok eindigt vóór middernacht. Begin vroeger."), field=fields[part])
        if slots and slots[-1]["weekday"] == day + 1 and _minutes(slots[-1]["end"]) > start:
            raise RuleBroken(
                _("Op %(day)s lopen twee blokken door elkaar. Kies andere uren.")
                % {"day": halfdays.DAYS[day]},
                field=fields[part],
            )
        slots.append({"weekday": day + 1, "start": starts[part], "end": _clock(start + minutes)})
    return slots


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _clock(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


def _allowances(rules: schema.Programme, terms: Terms) -> Iterator[dict[str, Any]]:
    """The programme's scheme (document 001, slide 22): what was ticked, else everything that isn't optional."""
    scheme = {line.id: line for line in rules.allowances}
    granted = terms.allowances
    if granted is None:
        granted = tuple(Granted(id=line.id) for line in rules.allowances if not line.optional)
    for grant in granted:
        if grant.id not in scheme:
            raise RuleBroken(_("Deze vergoeding hoort niet bij dit programma."), field="allowances")
        line = scheme[grant.id]
        yield {
            "kind": ALLOWANCE_KINDS[line.paid_for],
            "amount": line.amount if line.basis == "flat_rate" else grant.amount,
            "payer": "service",
            "note": line.name.say(terms.language),
        }


def _ceiling(year: int) -> dict[str, Any]:
    """The law's ceilings of the year in which the person begins; the law knows none for care work."""
    known = flat_rate(year)
    return {"year": year} | ({"per_day": known.per_day, "per_year": known.per_year} if known else {})


def _insurance(host: Host, terms: Terms) -> dict[str, Any]:
    by_host = terms.insurance_by == "host"
    owner = host.organisation.name if by_host else ""
    fallback = (
        _("de verzekeraar van %(name)s") % {"name": owner} if by_host else _("de verzekeraar van de dienst")
    )
    return {
        "kind": "liability",
        "taken_by": terms.insurance_by,
        "insurer": terms.insurer or fallback,
        "policy": terms.policy or None,
        "valid_until": host.insurance_until if by_host else None,
    }


def _note(placement: Placement, contact: HostContact, terms: Terms) -> dict[str, Any]:
    """The information note (law of 3 July 2005, art. 4); `aim` falls back on the sector of the task."""
    organisation = placement.host.organisation
    status = terms.legal_status or LEGAL_STATUS.get(organisation.legal_kind, "other")
    sectors = _("%(name)s werkt rond: %(sector)s.") % {
        "name": organisation.name,
        "sector": placement.task.get_sector_display().lower(),
    }
    other = terms.legal_status_text or organisation.get_legal_kind_display()
    return {
        "organisation": "host",
        "aim": terms.aim or sectors,
        "legal_status": status,
        "legal_status_text": other if status == "other" else None,
        "responsible_person": (terms.responsible_person or contact.name) if status == "de_facto" else None,
        "secrecy": terms.secrecy,
        "secrecy_note": terms.secrecy_note or None,
    }


def _rhythm(placement: Placement, rules: schema.Programme) -> str | None:
    """When the talks are, in words; None while the pathway has no aim."""
    aim = placement.pathway.aims.on(placement.starts_on).order_by("-starts_on", "-id").first()
    if aim is None:
        return None
    rhythm = rules.rhythm_for(aim.aim)
    every = ngettext("elke maand", "elke %(n)s maanden", rhythm.every_months) % {"n": rhythm.every_months}
    first = [str(month) for month in rhythm.first_months if month]
    if not first:
        return every
    return _("na %(months)s maanden, daarna %(every)s") % {"months": ", ".join(first), "every": every}


def _open_signatures(
    person: Person, terms: Terms, coach: StaffMember, contact: HostContact
) -> list[dict[str, Any]]:
    names = {
        "person": str(person),
        "representative": terms.representative,
        "host": contact.name,
        "service": coach.name,
    }
    return [{"party": party, "name": name} for party, name in names.items() if name]
