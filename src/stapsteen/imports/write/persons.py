"""Persons of the file, with their address, referral and pathway, as far as the file says so."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core import halfdays
from stapsteen.hosts.models import Organisation
from stapsteen.imports.reader import Note, PersonRecord
from stapsteen.imports.reader.text import fold
from stapsteen.imports.write.around import write_around
from stapsteen.imports.write.frame import Writing, at
from stapsteen.imports.write.pathways import second_place, write_pathway
from stapsteen.imports.write.tasks import step_of
from stapsteen.pathways.actions import receive_referral
from stapsteen.pathways.models import Referral
from stapsteen.people import actions
from stapsteen.people.models import Person

WHY = "Stond als aandachtspunt in een vroeger bestand. Nodig om een plek te kiezen die past."
WHY_REFERRER = "Stond als doorverwijzer in een vroeger bestand. Nodig om samen te werken met wie doorverwees."
MINIMUM_PHONE_DIGITS = 8
LATER = (
    "talents", "wishes", "mobility", "travel_minutes", "support", "support_note", "language", "interpreter",
    "dutch_reading", "dutch_writing",
)  # fmt: skip
"""Fields of the profile that a file can fill although its row came in before: the reader didn't know them then."""


@dataclass
class Kept:
    """What has no field: `plain` becomes one note on the person, `sensitive` is encrypted as a fact."""

    plain: list[str] = field(default_factory=list)
    sensitive: list[str] = field(default_factory=list)

    def add(self, heading: str, text: object) -> None:
        if text:
            self.plain.append(f"{heading}: {text}")

    def notes(self, notes: tuple[Note, ...]) -> None:
        for note in notes:
            (self.sensitive if note.sensitive else self.plain).append(f"{note.heading}: {note.text}")


def write_persons(writing: Writing) -> None:
    for record in writing.plan.persons:
        with at(record):
            person = _write(writing, record)
            writing.people[record.fingerprint] = person
            writing.remember(record, "persons", person, person)
        writing.step()
    first = {record.fingerprint: record for record in writing.plan.persons}
    for double in writing.plan.duplicates:
        if double.kind == "persons" and isinstance(double.record, PersonRecord):
            _double(writing, double.record, double.of, double.part)
            if double.part == "file" and (same := writing.person(double.of)) is not None:
                _place_beside(writing, double.record, first[double.of], same)


def _write(writing: Writing, record: PersonRecord) -> Person:
    kept = Kept()
    kept.notes(record.notes)
    fields = profile(record, kept)
    referral = _referral(writing, record, fields, kept)
    person = referral.person if referral is not None else _create(writing, record, fields)
    writing.made["persons"] += 1
    write_pathway(writing, record, person, referral, kept)
    write_around(writing, record, person)
    keep(writing, record, person, kept, referrer_locked=referral is not None)
    return person


def _create(writing: Writing, record: PersonRecord, fields: dict[str, Any]) -> Person:
    today = timezone.localdate()
    known_since = min([day for day in (record.referral_date, record.start, today) if day is not None])
    return actions.create_person(actor=writing.actor, on=known_since, **fields, **_home(writing, record))


def _home(writing: Writing, record: PersonRecord) -> dict[str, Any]:
    return {
        "street": record.street[:160],
        "postal_code": record.postal_code[:10],
        "town": (record.locality or record.municipality)[:80],
        "municipality": writing.town(record.municipality_nis),
    }


def profile(record: PersonRecord, kept: Kept) -> dict[str, Any]:
    """The keywords of create_person that the record gives; what doesn't fit goes to `kept`, whole."""
    first, last = record.first_name.strip(), record.surname.strip()
    if not first:
        first, last = last, ""
        kept.add(_("voornaam"), _("staat niet in het bestand"))
    for name in (first, last):
        kept.add(_("naam"), name if len(name) > 80 else "")
    level = dutch_level(record)
    skills = {
        name: "native" if step == "native" else "0" if step == "0" else step_of(step)
        for name, step in record.dutch_skills
    }
    _unsure(record, kept)
    return {
        "first_name": first[:80],
        "last_name": last[:80],
        "birth_date": record.birth_date,
        "birth_year": record.birth_year,
        "phone": _phone(record.phone, kept),
        "email": _mail(record.email, kept),
        "half_days": record.half_days & halfdays.ALL,
        "interests": record.interests,
        "dutch_listening": level,
        "dutch_speaking": level,
        "insz": record.insz,
        "talents": record.talents,
        "wishes": record.wishes,
        "mobility": list(record.mobility),
        "travel_minutes": record.travel_minutes,
        "support": list(record.support),
        "support_note": record.support_text,
        "reach_by": record.reach_by or "call",
        "language": record.language,
        "interpreter": record.interpreter,
        **{name: step for name, step in skills.items() if step},
    }


def dutch_level(record: PersonRecord) -> str:
    """A key of DUTCH_LEVELS for both skills: the file has one level. '' when it says nothing that we can read."""
    if record.dutch_native:
        return "native"
    if record.dutch_none:
        return "0"
    return step_of(record.dutch_step)


def _unsure(record: PersonRecord, kept: Kept) -> None:
    if dutch_level(record) and not record.dutch_sure:
        kept.add(_("Nederlands"), _("niveau %(step)s, nog na te vragen") % {"step": record.dutch_step})
    elif record.dutch_step not in ("", dutch_level(record)):
        kept.add(_("Nederlands"), record.dutch_step)
    if not record.half_days_sure:
        kept.add(_("beschikbaar"), record.half_days_text)


def _phone(text: str, kept: Kept) -> str:
    """Up to 40 signs with enough digits; anything else stays readable in the note."""
    if len(text) <= 40 and sum(sign.isdigit() for sign in text) >= MINIMUM_PHONE_DIGITS:
        return text
    kept.add(_("telefoon"), text)
    return ""


def _mail(text: str, kept: Kept) -> str:
    try:
        validate_email(text)
    except ValidationError:
        kept.add(_("e-mail"), text)
        return ""
    return text


def _referral(writing: Writing, record: PersonRecord, fields: dict[str, Any], kept: Kept) -> Referral | None:
    """The question as it came in then; without a day in the past there is none, and what was said stays a note."""
    day = record.referral_date
    if day is None or day > timezone.localdate():
        kept.add(_("aanmelding"), f"{day:%d/%m/%Y}" if day else "")
        kept.add(_("doorverwezen door"), _("zelf") if record.referrer_kind == "self" else record.referrer)
        return None
    by = "self" if record.referrer_kind == "self" else "helper"
    writing.made["referrals"] += 1
    return receive_referral(
        actor=writing.actor,
        programme=writing.options.programme,
        by=by,
        question=_("Uit een vroeger bestand. De vraag zelf stond daar niet in."),
        person={**fields, **_home(writing, record)},
        helper_organisation=record.referrer[:120],
        referrer=_referrer(writing, record.referrer or record.sensitive_referrer),
        sensitive_referrer=record.sensitive_referrer,
        received_on=day,
    )


def _referrer(writing: Writing, name: str) -> Organisation | None:
    """The organisation of that name in the network, when there is one."""
    key = fold(name)
    if name and key not in writing.referrers:
        network = Organisation.objects.filter(network_id=writing.service.network_id)
        writing.referrers[key] = network.filter(name__iexact=name).first()
    return writing.referrers.get(key)


def keep(
    writing: Writing, record: PersonRecord, person: Person, kept: Kept, *, referrer_locked: bool = False
) -> None:
    """One note for what has no field, and encrypted facts for what may tell about health, justice and the like.

    `referrer_locked`: a referral keeps who referred already, as such a fact.
    """
    if kept.plain:
        writing.note(person, "\n".join([writing.origin(record), *kept.plain]))
    attention = "\n".join([text for text in [record.attention, *kept.sensitive] if text])
    for kind, text, purpose in (
        ("attention", attention, WHY),
        ("referrer", record.sensitive_referrer, WHY_REFERRER),
    ):
        if text and kind == "referrer" and referrer_locked:
            writing.made["facts"] += 1
        elif text:
            writing.fact(person, kind, text, purpose)


def _double(writing: Writing, record: PersonRecord, ref: str, part: str) -> None:
    """A row about somebody who is there: nobody is made twice. What the service didn't know yet is added, once."""
    person = writing.person(ref)
    seen = {record.fingerprint, record.source_fingerprint} & writing.plan_known
    if person is None:
        return
    if seen:
        with at(record):
            _fill_later(writing, record, person)
        return
    with at(record):
        if part == "known":
            _complete(writing, record, person)
            writing.made["persons_known"] += 1
        writing.people.setdefault(record.fingerprint, person)
        writing.remember(record, "persons", person, person)


def _place_beside(writing: Writing, record: PersonRecord, first: PersonRecord, person: Person) -> None:
    """The second row's own place; what differs otherwise stands in the first row's note already."""
    kept = Kept()
    with at(record):
        second_place(writing, record, first, person, kept)
        if kept.plain:
            writing.note(person, "\n".join([writing.origin(record), *kept.plain]))


def _complete(writing: Writing, record: PersonRecord, person: Person) -> None:
    """Fill the empty fields of somebody who was known; what differs stays as a note beside it."""
    kept = Kept()
    kept.notes(record.notes)
    fields = profile(record, kept)
    fields.pop("insz")
    empty = {name: value for name, value in fields.items() if value and not getattr(person, name)}
    if person.reach_by != "call":
        empty.pop("reach_by", None)
    for name in ("phone", "email", "interests", "talents", "wishes"):
        if fields[name] and getattr(person, name) not in ("", fields[name]):
            kept.add(name, fields[name])
    if empty:
        actions.update_person(person=person, actor=writing.actor, **empty)
    write_around(writing, record, person)
    tell_rest(record, kept)
    keep(writing, record, person, kept)


def _fill_later(writing: Writing, record: PersonRecord, person: Person) -> None:
    """The same row again, read by more fields than then: what is still empty gets its value, nothing is noted twice."""
    fields = profile(record, Kept())
    empty = {name: fields[name] for name in LATER if fields.get(name) and not getattr(person, name)}
    if fields["reach_by"] != "call" and person.reach_by == "call":
        empty["reach_by"] = fields["reach_by"]
    if empty:
        actions.update_person(person=person, actor=writing.actor, **empty)
    if write_around(writing, record, person) or empty:
        writing.made["persons_known"] += 1


def tell_rest(record: PersonRecord, kept: Kept) -> None:
    """What an existing file on this person may say otherwise: never overwritten, never lost."""

    def shown(day: date | None) -> str:
        return f"{day:%d/%m/%Y}" if day else ""

    home = " ".join(f"{record.street} {record.postal_code} {record.locality or record.municipality}".split())
    kept.add(_("adres"), home)
    kept.add(_("aanmelding"), shown(record.referral_date))
    kept.add(_("doorverwezen door"), record.referrer)
    kept.add(_("gestart bij"), record.host_name)
    kept.add(_("start"), shown(record.start))
    kept.add(_("stop"), shown(record.stop))
    if record.stop_reason:
        kept.sensitive.append(f"{_('reden van de stop')}: {record.stop_reason}")
