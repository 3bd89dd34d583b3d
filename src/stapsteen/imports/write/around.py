"""What a file says of income, residence, health and the people around, each in its own place, never twice."""

from __future__ import annotations

from django.utils.translation import gettext as _

from stapsteen.imports.reader import PersonRecord
from stapsteen.imports.write.frame import Writing
from stapsteen.people import actions
from stapsteen.people.models import Person, SensitiveFact, Status, Supporter
from stapsteen.people.statuses import STATUSES

WHY = "Stond in een vroeger bestand. Nodig om een plek te kiezen die past."


def write_around(writing: Writing, record: PersonRecord, person: Person) -> int:
    """Statuses, sensitive facts and supporters that aren't there yet; how many were made."""
    return (
        _statuses(writing, record, person)
        + _facts(writing, record, person)
        + _people(writing, record, person)
    )


def _statuses(writing: Writing, record: PersonRecord, person: Person) -> int:
    """From today: since when it held, the file doesn't say. What somebody typed in goes before the file."""
    made = 0
    for value, text in ((record.benefit, record.benefit_text), (record.residence, record.residence_text)):
        if not value or Status.objects.filter(person=person, area=STATUSES[value].area).exists():
            continue
        note = _("In het bestand: %(text)s") % {"text": text}
        actions.record_status(person=person, actor=writing.actor, value=value, note=note)
        made += 1
    if made:
        writing.made["statuses"] += made
    return made


def _facts(writing: Writing, record: PersonRecord, person: Person) -> int:
    made = 0
    for kind in ("health", "addiction", "criminal_record"):
        text = getattr(record, kind)
        if not text or any(
            fact.text == text for fact in SensitiveFact.objects.filter(person=person, kind=kind)
        ):
            continue
        actions.record_sensitive_fact(person=person, actor=writing.actor, kind=kind, text=text, purpose=WHY)
        made += 1
    if made:
        writing.made["facts"] += made
    return made


def _people(writing: Writing, record: PersonRecord, person: Person) -> int:
    """Nobody twice: the same kind with the same name, organisation or number is there already."""
    made = 0
    there = list(Supporter.objects.filter(person=person)) if record.around else []
    for someone in record.around:
        name = someone.name or ("" if someone.organisation else _("naam nog na te vragen"))
        if any(row.kind == someone.kind and _alike(row, name, someone.organisation) for row in there):
            continue
        digits = sum(sign.isdigit() for sign in someone.phone)
        more = [someone.more, someone.phone if digits < 8 else ""]
        actions.add_supporter(
            person=person, actor=writing.actor, kind=someone.kind, name=name, organisation=someone.organisation,
            phone=someone.phone if digits >= 8 else "", email=someone.email,
            helps_with="\n".join(filter(None, more)),
        )  # fmt: skip
        made += 1
    if made:
        writing.made["around"] += made
    return made


def _alike(row: Supporter, name: str, organisation: str) -> bool:
    return row.name.casefold() == name.casefold() and row.organisation.casefold() == organisation.casefold()
