"""Every write in a person's record: profile, address, sensitive facts, erasing. The journal: actions/journal.py."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict, Unpack
from uuid import UUID

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from stdnum.be import ssn
from stdnum.exceptions import ValidationError as WrongNumber

from stapsteen.core import erasure, events
from stapsteen.core.crypto import blind_index
from stapsteen.core.dated import succeed
from stapsteen.core.errors import RuleBroken
from stapsteen.core.halfdays import ALL
from stapsteen.core.scope import Actor, current
from stapsteen.network.house import staff_member
from stapsteen.network.models import Membership, Municipality, Service, User
from stapsteen.network.places import find_town
from stapsteen.people.access import LIVE, demand, demand_all
from stapsteen.people.models import (
    AVOID,
    COMPANY,
    DUTCH_LEVELS,
    ERASE_REASONS,
    MOBILITY,
    REACH,
    SECTORS,
    SUPPORT,
    Address,
    Person,
    SensitiveFact,
)

PROFILE = (
    "first_name", "last_name", "birth_date", "birth_year", "phone", "email", "language", "reach_by", "interpreter",
    "half_days", "interests", "talents", "wishes", "sectors", "own_experience", "company", "mobility",
    "travel_minutes", "dutch_listening", "dutch_speaking", "dutch_reading", "dutch_writing", "attention_points",
    "no_gos", "avoid", "support", "support_note", "insz",
)  # fmt: skip
SEALED = ("own_experience", "attention_points", "no_gos", "support_note")
"""Fields of the profile that are encrypted; without text they are None."""
LISTS: dict[str, Any] = {"sectors": SECTORS, "mobility": MOBILITY, "avoid": AVOID, "support": SUPPORT}
"""Fields that hold keys of a list, each once and in its order; `avoid` is encrypted, and None without any."""
DUTCH = ("dutch_listening", "dutch_speaking", "dutch_reading", "dutch_writing")
LONGEST_TRAVEL = 180
BATCH = 500
OLDEST = 1900


@dataclass(frozen=True)
class NewFact:
    """Health, addiction, criminal record and the like: a key of SensitiveFact.KINDS, the words, and what they are for."""

    person: Person
    kind: str
    text: str
    purpose: str
    starts_on: date | None = None


class MoreProfile(TypedDict, total=False):
    """What a profile can hold beside who somebody is (requirement C1)."""

    interpreter: str
    talents: str
    wishes: str
    sectors: list[str]
    own_experience: str | None
    company: str
    mobility: list[str]
    travel_minutes: int | None
    dutch_reading: str
    dutch_writing: str
    attention_points: str | None
    no_gos: str | None
    avoid: list[str] | None
    support: list[str]
    support_note: str | None


@transaction.atomic
def create_person(
    *,
    actor: Actor,
    first_name: str,
    last_name: str = "",
    birth_date: date | None = None,
    birth_year: int | None = None,
    phone: str = "",
    email: str = "",
    language: str = "",
    reach_by: str = "call",
    half_days: int = 0,
    interests: str = "",
    dutch_listening: str = "",
    dutch_speaking: str = "",
    street: str = "",
    postal_code: str = "",
    town: str = "",
    municipality: Municipality | None = None,
    on: date | None = None,
    insz: str = "",
    **more: Unpack[MoreProfile],
) -> Person:
    """A new person of the open scope's service; with any part of an address, also the address from `on` (today).

    Only the first name must be known. `half_days` is a mask (core/halfdays.py), levels of Dutch are keys of
    DUTCH_LEVELS; TypeError for a field that the profile doesn't have. The INSZ is kept only by a service with a legal
    basis for it (law of 8 August 1983, article 8).
    """
    person = Person(
        first_name=first_name, last_name=last_name, birth_date=birth_date, birth_year=birth_year, phone=phone, email=email,
        language=language, reach_by=reach_by, half_days=half_days, interests=interests, dutch_listening=dutch_listening,
        dutch_speaking=dutch_speaking, **more,
    )  # fmt: skip
    person.service_id = current().service_id
    _set_insz(person, insz)
    _check(person)
    person.save()
    day = on or timezone.localdate()
    if street or postal_code or town or municipality:
        first = Address(person=person, starts_on=day, **_place(street, postal_code, town, municipality))
        events.keep.get()(first)
    events.record("person.added", subject_id=person.pk, on=day)
    return person


@transaction.atomic
def update_person(*, person: Person, actor: Actor, **fields: Any) -> Person:
    """Change fields of PROFILE; TypeError for another name. The database keeps what stood there before."""
    if unknown := sorted(fields.keys() - set(PROFILE)):
        raise TypeError(f"update_person doesn't know {unknown}")
    demand(actor, person, "people.person.view", "people.person.own")
    locked: Person = Person.objects.select_for_update().get(pk=person.pk)
    insz = fields.pop("insz", None)
    before = {name: getattr(locked, name) for name in fields}
    for name, value in fields.items():
        setattr(locked, name, value)
    new_insz = insz is not None and insz != (locked.insz or "")
    if new_insz:
        _set_insz(locked, str(insz))
    _check(locked)
    if new_insz or any(getattr(locked, name) != value for name, value in before.items()):
        locked.save()
        events.record("person.updated", subject_id=locked.pk)
    return locked


@transaction.atomic
def move_address(
    *,
    person: Person,
    actor: Actor,
    starts_on: date,
    street: str = "",
    postal_code: str = "",
    town: str = "",
    municipality: Municipality | None = None,
) -> Address:
    """Where the person really lives from that day on: the former address stays, until the day before."""
    demand(actor, person, "people.person.view", "people.person.own")
    if not (street or postal_code or town or municipality):
        raise RuleBroken(_("Vul minstens de gemeente in."), field="town")
    not_future(starts_on, "starts_on")
    Person.objects.select_for_update().get(pk=person.pk)
    address = _new_address(person, starts_on, street, postal_code, town, municipality)
    events.record("person.moved", subject_id=person.pk, on=starts_on)
    return address


@transaction.atomic
def record_sensitive_fact(
    *, person: Person, actor: Actor, kind: str, text: str, purpose: str, starts_on: date | None = None
) -> SensitiveFact:
    """One NewFact."""
    return record_sensitive_facts(facts=[NewFact(person, kind, text, purpose, starts_on)], actor=actor)[0]


@transaction.atomic
def record_sensitive_facts(*, facts: Sequence[NewFact], actor: Actor) -> list[SensitiveFact]:
    """All or none: encrypted, and only with a purpose (GDPR articles 5, 9, 10). A few statements, however many."""
    demand_all(actor, {new.person for new in facts}, "people.sensitive.person")
    made: list[SensitiveFact] = SensitiveFact.objects.bulk_create(
        [_fact(new, actor) for new in facts], batch_size=BATCH
    )
    for fact in made:
        events.record(
            "person.sensitive_fact", subject_id=fact.person_id, on=fact.starts_on, object_id=fact.pk,
            what=fact.kind,
        )  # fmt: skip
    return made


def _fact(new: NewFact, actor: Actor) -> SensitiveFact:
    """The row, not saved yet, or RuleBroken."""
    if new.kind not in SensitiveFact.KINDS:
        raise RuleBroken(_("Kies waarover dit gaat."), field="kind")
    if not new.text.strip():
        raise RuleBroken(_("Schrijf eerst wat je wilt bewaren."), field="text")
    if not new.purpose.strip():
        raise RuleBroken(
            _("Schrijf waarvoor je dit nodig hebt. Zonder doel bewaar je het niet."), field="purpose"
        )
    day = new.starts_on or timezone.localdate()
    not_future(day, "starts_on")
    return SensitiveFact(
        person=new.person,
        kind=new.kind,
        text=new.text.strip(),
        purpose=new.purpose.strip()[:200],
        starts_on=day,
        recorded_by=str(actor),
    )


@transaction.atomic
def end_sensitive_fact(*, fact: SensitiveFact, actor: Actor, on: date | None = None) -> SensitiveFact:
    """It no longer holds: from `on` it isn't shown as current any more."""
    demand(actor, fact, "people.sensitive.view")
    locked: SensitiveFact = SensitiveFact.objects.select_for_update().get(pk=fact.pk)
    day = on or timezone.localdate()
    if locked.ends_on is not None or day < locked.starts_on:
        raise RuleBroken(_("Dit gegeven is al afgesloten, of begint pas later."))
    locked.ends_on = day
    locked.save(update_fields=["ends_on"])
    return locked


@transaction.atomic
def erase_person(*, person: Person, actor: Actor, reason: str) -> None:
    """Clear every value about the person, everywhere (GDPR article 17); dates and states stay for the figures.

    Refused while something still runs: that would leave a coach and a host with someone who doesn't exist.
    `reason` is a key of ERASE_REASONS.
    """
    demand(actor, person, "people.person.erase")
    if reason not in ERASE_REASONS:
        raise RuleBroken(_("Kies waarom je deze gegevens wist."), field="reason")
    locked = Person.objects.select_for_update().get(pk=person.pk)
    _nothing_runs(locked)
    clear(person=locked, reason=reason)


def clear(*, person: Person, reason: str) -> None:
    """The erasing itself, login included: for actions that have checked what must hold, and again after a restore.

    The records that once went into this one go with it.
    """
    erasure.erase(subject_id=person.pk, reason=reason, user_id=_cut_login(person))
    Person.objects.filter(pk=person.pk).update(erased_at=timezone.now())
    for double in Person.objects.filter(merged_into=person, erased_at=None):
        clear(person=double, reason=reason)


def author_name(actor: Actor) -> str:
    """The colleague's name in this service; '' for links, jobs and visitors."""
    colleague = staff_member(actor)
    return colleague.name if colleague else ""


def _nothing_runs(person: Person) -> None:
    if person.pathways.filter(state__in=("active", "suspended")).exists():
        raise RuleBroken(_("Er loopt nog een traject. Rond dat eerst af."))
    if person.referrals.filter(state__in=("received", "in_talks")).exists():
        raise RuleBroken(_("Er is nog een open aanmelding. Beslis daar eerst over."))


def _cut_login(person: Person) -> UUID | None:
    """The participant can no longer log in here; another role of the same user stays, else the address is forgotten.

    Gives the user's id, so that its history is cleared as well.
    """
    user: User | None = person.user
    if user is None:
        return None
    Membership.objects.filter(user=user, service_id=person.service_id, role="participant").delete()
    person.user = None
    person.save(update_fields=["user"])
    if not Membership.objects.filter(user=user).exists():
        EmailAddress.objects.filter(user_id=user.pk).delete()
        user.email, user.is_active = erasure.forgotten_address(user.pk), False
        user.set_unusable_password()
        user.save()
    return user.pk


def _new_address(
    person: Person, day: date, street: str, postal_code: str, town: str, municipality: Municipality | None
) -> Address:
    values = _place(street, postal_code, town, municipality)
    address: Address = succeed(Address.objects.filter(person=person), starts_on=day, person=person, **values)
    return address


def _place(street: str, postal_code: str, town: str, municipality: Municipality | None) -> dict[str, Any]:
    """The columns of an address; its municipality by its words when nobody chose one."""
    values = {"street": street.strip(), "postal_code": postal_code.strip(), "town": town.strip()}
    return {
        **values,
        "municipality": municipality or municipality_of(f"{values['postal_code']} {values['town']}"),
    }


def municipality_of(text: str) -> Municipality | None:
    """The one municipality that the text certainly means; None when it could be another or isn't known here."""
    matches = [match for match in find_town(text) if match.score == 1] if text.strip() else []
    if len({match.nis for match in matches}) != 1:
        return None
    return Municipality.objects.filter(nis=matches[0].nis).first()


def _check(person: Person) -> None:
    person.first_name, person.last_name = _one_line(person.first_name), _one_line(person.last_name)
    person.phone, person.email = _one_line(person.phone), person.email.strip()
    if not person.first_name:
        raise RuleBroken(_("Vul een voornaam in."), field="first_name")
    for name, most in (
        ("first_name", 80),
        ("last_name", 80),
        ("phone", 40),
        ("language", 40),
        ("interpreter", 40),
    ):
        if len(getattr(person, name)) > most:
            raise RuleBroken(_("Dit is te lang: hoogstens %(most)s tekens.") % {"most": most}, field=name)
    _check_birth(person)
    _check_contact(person)
    for name in DUTCH:
        if getattr(person, name) not in {"", *DUTCH_LEVELS}:
            raise RuleBroken(_("Kies een niveau uit de lijst."), field=name)
    if not 0 <= person.half_days <= ALL:
        raise RuleBroken(_("Deze halve dagen kloppen niet."), field="half_days")
    _check_more(person)


def _check_more(person: Person) -> None:
    """What requirement C1 adds: choices from the lists, each once; sealed fields without text are None."""
    if person.company not in {"", *COMPANY}:
        raise RuleBroken(_("Kies uit de lijst."), field="company")
    for name, known in LISTS.items():
        chosen = set(getattr(person, name) or ())
        if unknown := chosen - known.keys():
            raise RuleBroken(_("Dit staat niet in de lijst: %(what)s.") % {"what": min(unknown)}, field=name)
        setattr(person, name, [key for key in known if key in chosen])
    person.avoid = person.avoid or None
    if person.travel_minutes is not None and not 0 < person.travel_minutes <= LONGEST_TRAVEL:
        raise RuleBroken(
            _("Kies tussen 1 en %(most)s minuten.") % {"most": LONGEST_TRAVEL}, field="travel_minutes"
        )
    for name in SEALED:
        setattr(person, name, (getattr(person, name) or "").strip() or None)


def _check_birth(person: Person) -> None:
    """A date sets the year; a year alone is fine. Nobody is born after today or before 1900."""
    today = timezone.localdate()
    if person.birth_date is not None:
        if person.birth_date > today:
            raise RuleBroken(_("Deze dag moet nog komen. Kijk het jaar na."), field="birth_date")
        person.birth_year = person.birth_date.year
    if person.birth_year is not None and not OLDEST <= person.birth_year <= today.year:
        field = "birth_date" if person.birth_date else "birth_year"
        raise RuleBroken(
            _("Kies een jaar tussen %(first)s en %(last)s.") % {"first": OLDEST, "last": today.year},
            field=field,
        )


def _check_contact(person: Person) -> None:
    if person.reach_by not in REACH:
        raise RuleBroken(_("Kies hoe je de persoon bereikt."), field="reach_by")
    if person.email:
        try:
            validate_email(person.email)
        except ValidationError:
            raise RuleBroken(_("Dit is geen e-mailadres. Kijk het na."), field="email") from None
    if person.phone and len(re.sub(r"\D", "", person.phone)) < 8:
        raise RuleBroken(_("Dit nummer is te kort."), field="phone")


def _set_insz(person: Person, text: str) -> None:
    """The number and its blind index; twice the same number in one service is the same person (requirement B7)."""
    if not text.strip():
        person.insz, person.insz_index = None, ""
        return
    if not Service.objects.filter(pk=person.service_id).exclude(insz_basis="").exists():
        raise RuleBroken(_("Deze dienst mag het rijksregisternummer niet bewaren."), field="insz")
    try:
        number = ssn.validate(text)
    except WrongNumber:
        raise RuleBroken(_("Dit rijksregisternummer klopt niet. Kijk de cijfers na."), field="insz") from None
    index = blind_index(person.service_id, "insz", number)
    if Person.objects.filter(insz_index=index, **LIVE).exclude(pk=person.pk).exists():
        raise RuleBroken(_("Dit nummer staat al bij iemand anders in deze dienst."), field="insz")
    person.insz, person.insz_index = number, index


def not_future(day: date, field: str) -> None:
    if day > timezone.localdate():
        raise RuleBroken(_("Deze dag moet nog komen. Kies vandaag of vroeger."), field=field)


def _one_line(text: str) -> str:
    return " ".join(text.split())
