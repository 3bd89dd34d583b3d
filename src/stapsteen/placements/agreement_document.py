"""The three-party agreement (afsprakennota) as a frozen document: what is signed, hashed, kept and printed.

Source of the contents: Sociale Activering Antwerpen, slides 13, 14, 18 and 22 (tasks, roster and build-up of hours,
attention points, follow-up, allowances), VINAC (key person), law of 3 July 2005 art. 4 (information note), Flemish
decree of 3 April 2009 (signed paper agreement in the welfare sector).

Left out on purpose: national number, date of birth and the person's benefit. The host reads this document and
needs none of them.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from stapsteen.core import pdf

Language = Literal["nl", "fr", "en"]
PartyName = Literal["person", "representative", "service", "host"]

# Bidirectional overrides can make signed text read otherwise than it is stored (CVE-2021-42574).
_DIRECTION_MARKS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_PARTIES: Final[tuple[PartyName, ...]] = ("person", "service", "host")
_DAY_PARTS: Final = ((0, 12 * 60 + 30), (12 * 60 + 30, 17 * 60 + 30), (17 * 60 + 30, 24 * 60))
_BELGIUM: Final = ZoneInfo("Europe/Brussels")
_SPILL: Final = 60  # minutes in a next half-day that don't yet make it part of the slot


def _clean(text: str) -> str:
    """Normal form C, Unix line ends, no tab; refuses characters that are invisible or turn text around."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\t", " ").strip()
    for char in text:
        if char in _DIRECTION_MARKS or (unicodedata.category(char) == "Cc" and char != "\n"):
            raise ValueError(f"the invisible character U+{ord(char):04X} is not allowed")
    return text


def _fixed(amount: Decimal) -> Decimal:
    """One spelling per amount (two decimals, or as many as it needs), so that equal documents hash equally."""
    cents = amount.quantize(Decimal("0.01"))
    return cents if cents == amount else amount.normalize()


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


Text = Annotated[str, AfterValidator(_clean), Field(min_length=1, max_length=20_000)]
Line = Annotated[str, AfterValidator(_clean), Field(min_length=1, max_length=300, pattern=r"^[^\n\r]*$")]
Name = Annotated[str, AfterValidator(_clean), Field(max_length=300, pattern=r"^[^\n\r]*$")]
"""As Line, or empty: not everybody has a surname."""
Hours = Annotated[Decimal, Field(gt=0, le=60, decimal_places=2), AfterValidator(_fixed)]
Euro = Annotated[Decimal, Field(gt=0, le=10_000, decimal_places=4), AfterValidator(_fixed)]


class Part(BaseModel):
    """Base of every part: frozen, and an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Contact(Part):
    """Somebody who can be reached."""

    name: Line
    role: Line | None = Field(default=None, description="function, in the words of the organisation")
    phone: Line | None = None
    email: Line | None = None


class Service(Part):
    """The service that guides the person (party 2)."""

    name: Line
    address: Line | None = None
    coach: Contact = Field(
        description="who guides the person and signs for the service unless a signature says otherwise"
    )
    privacy_contact: Line | None = Field(default=None, description="address for questions on personal data")


class Person(Part):
    """The person (party 1). The only place, with the signature, where the name stands."""

    first_name: Line
    last_name: Name
    address: Line | None = None
    phone: Line | None = None
    representative: Line | None = Field(
        default=None, description="name of the legal representative (minor, administration); must sign too"
    )


class Host(Part):
    """The organisation where the person comes (party 3)."""

    name: Line
    place: Line | None = Field(default=None, description="site, department or sub-working")
    address: Line | None = None
    contact: Contact = Field(description="the one contact of the host for the service (Antwerp, slide 18)")
    key_person: Contact | None = Field(
        default=None, description="chosen by the person (VINAC); none yet: None"
    )
    stand_in: Contact | None = Field(default=None, description="replaces the key person")
    welfare_sector: bool = Field(
        default=False, description="decree of 3 April 2009: signed on paper by both before the start"
    )


class Task(Part):
    """One task."""

    title: Line
    details: Text | None = None


class Slot(Part):
    """One block of the weekly roster, local time, within one day."""

    weekday: int = Field(ge=1, le=7, description="1 = Monday, ISO 8601")
    start: time
    end: time
    weeks: Literal["every", "even", "odd"] = Field(default="every", description="by ISO week number")
    note: Line | None = None

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if self.end <= self.start:
            raise ValueError("a block ends after it starts, on the same day")
        return self

    @property
    def minutes(self) -> tuple[int, int]:
        """Start and end in minutes after midnight."""
        return self.start.hour * 60 + self.start.minute, self.end.hour * 60 + self.end.minute

    def clashes(self, other: Slot) -> bool:
        """True when both take place at the same moment of the same week."""
        same_week = "every" in (self.weeks, other.weeks) or self.weeks == other.weeks
        return (
            self.weekday == other.weekday and same_week and self.start < other.end and other.start < self.end
        )


class BuildUpStep(Part):
    """From `starts_on`, this many hours a week; `support` says who is near then (the coach's presence fades)."""

    starts_on: date
    hours_per_week: Hours
    support: Text | None = None


class AttentionPoint(Part):
    """What to mind in this work (allergy, being on time, tempo) and what was agreed about it."""

    point: Text
    arrangement: Text | None = None


class Allowance(Part):
    """Money the person gets. `amount` in euro: per hour, per day, per kilometre (own_vehicle, bicycle), at most per
    month (public_transport), at most per year (clothing), once (other). None: the real cost is paid.
    """

    kind: Literal["per_hour", "per_day", "public_transport", "own_vehicle", "bicycle", "clothing", "other"]
    amount: Euro | None = None
    payer: Literal["service", "host", "other"]
    payer_name: Line | None = Field(default=None, description="only and always with payer 'other'")
    note: Text | None = Field(default=None, description="when and how it is paid, what proof is asked")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.payer == "other") != (self.payer_name is not None):
            raise ValueError("payer_name goes with payer 'other', and only with it")
        if self.kind in ("per_hour", "per_day") and self.amount is None:
            raise ValueError("an allowance per hour or day needs an amount")
        if self.kind == "other" and self.note is None:
            raise ValueError("another allowance needs a note that says what it is")
        return self


class Ceiling(Part):
    """Most that a volunteer may get as flat-rate allowance over all organisations (law of 3 July 2005, art. 10).

    Without amounts: those of this year aren't known yet, and the note says so.
    """

    year: int = Field(ge=2000, le=2100)
    per_day: Euro | None = None
    per_year: Euro | None = None

    @model_validator(mode="after")
    def _both(self) -> Self:
        if (self.per_day is None) != (self.per_year is None):
            raise ValueError("a ceiling has an amount per day and one per year, or neither")
        return self


class Insurance(Part):
    """One cover. The law asks liability; accidents and legal aid are extra."""

    kind: Literal["liability", "accidents", "legal_aid", "other"]
    taken_by: Literal["service", "host"]
    insurer: Line
    policy: Line | None = None
    valid_until: date | None = Field(default=None, description="last covered day")


class InformationNote(Part):
    """What art. 4 of the law of 3 July 2005 makes an organisation tell a volunteer, besides insurance and costs."""

    organisation: Literal["service", "host"] = Field(
        default="host", description="for whom the person volunteers"
    )
    aim: Text = Field(description="social aim of that organisation")
    legal_status: Literal["vzw", "ivzw", "foundation", "public", "de_facto", "other"]
    legal_status_text: Line | None = Field(default=None, description="only and always with 'other'")
    responsible_person: Line | None = Field(default=None, description="required for a de-facto association")
    secrecy: Literal["discretion", "professional"] = "discretion"
    secrecy_note: Text | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.legal_status == "other") != (self.legal_status_text is not None):
            raise ValueError("legal_status_text goes with legal_status 'other', and only with it")
        if self.legal_status == "de_facto" and self.responsible_person is None:
            raise ValueError("a de-facto association names a responsible person")
        return self


class Evaluation(Part):
    """One planned talk of three."""

    planned_on: date
    note: Line | None = None


class Signature(Part):
    """One signature and its state. Not part of the hash: signing doesn't change what is signed."""

    party: PartyName
    name: Line
    role: Line | None = None
    state: Literal["open", "screen", "link", "paper"] = "open"
    signed_on: date | None = Field(default=None, description="required unless open")
    witness: Line | None = Field(default=None, description="who was there, for a spoken yes")

    @model_validator(mode="after")
    def _dated(self) -> Self:
        if (self.state == "open") != (self.signed_on is None):
            raise ValueError("a signature has a date when it is set, and only then")
        return self


class AgreementDocument(Part):
    """Everything the afsprakennota says, in one version. Never edited: a change is a new version."""

    schema_version: Literal[1] = 1
    number: str = Field(pattern=r"^[A-Z0-9][A-Z0-9-]{2,30}$", description="reference, holds no name")
    version: int = Field(ge=1)
    made_at: Annotated[AwareDatetime, AfterValidator(_utc)] = Field(
        description="when this version was made; the PDF's creation date"
    )
    language: Language = Field(default="nl", description="language the free texts are written in")
    kind: Literal["volunteering", "care_work"] = "volunteering"
    service: Service
    person: Person
    host: Host
    starts_on: date
    ends_on: date | None = Field(default=None, description="last day; None: no end date")
    tasks: tuple[Task, ...] = Field(min_length=1)
    excluded_tasks: tuple[Line, ...] = Field(default=(), description="what the person need not do")
    roster: tuple[Slot, ...] = ()
    roster_note: Text | None = Field(default=None, description="required when there is no fixed roster")
    build_up: tuple[BuildUpStep, ...] = ()
    attention_points: tuple[AttentionPoint, ...] = ()
    allowances: tuple[Allowance, ...] = ()
    ceiling: Ceiling | None = None
    insurances: tuple[Insurance, ...] = Field(min_length=1)
    information_note: InformationNote | None = Field(default=None, description="required for volunteering")
    evaluations: tuple[Evaluation, ...] = ()
    evaluation_rhythm: Line | None = None
    other: Text | None = None
    signatures: tuple[Signature, ...]

    @model_validator(mode="after")
    def _lawful(self) -> Self:
        if self.kind == "volunteering" and self.information_note is None:
            raise ValueError("volunteering needs the information note (law of 3 July 2005, art. 4)")
        if not any(cover.kind == "liability" for cover in self.insurances):
            raise ValueError("a liability insurance is required")
        if self.ends_on and self.ends_on < self.starts_on:
            raise ValueError("ends_on comes before starts_on")
        return self

    @model_validator(mode="after")
    def _signed_by_all(self) -> Self:
        needed = [*_PARTIES, *(["representative"] if self.person.representative else [])]
        if sorted(s.party for s in self.signatures) != sorted(needed):
            raise ValueError(f"there must be one signature of each of: {', '.join(needed)}")
        on_screen = any(s.state in ("screen", "link") for s in self.signatures if s.party != "service")
        if self.host.welfare_sector and on_screen:
            raise ValueError("in the welfare sector person and host sign on paper (decree of 3 April 2009)")
        return self

    @model_validator(mode="after")
    def _roster_holds(self) -> Self:
        if not self.roster and self.roster_note is None:
            raise ValueError("without a fixed roster, roster_note must say what was agreed")
        pairs = ((a, b) for i, a in enumerate(self.roster) for b in self.roster[i + 1 :])
        if any(a.clashes(b) for a, b in pairs):
            raise ValueError("two blocks of the roster overlap")
        starts = [step.starts_on for step in self.build_up]
        if starts != sorted(set(starts)):
            raise ValueError("the steps of the build-up must follow each other in time")
        return self

    def sha256(self) -> str:
        """Hash of what is agreed: canonical JSON (sorted keys, no blanks, UTF-8) without the signatures, in hex."""
        content = self.model_dump(mode="json", exclude={"signatures"})
        canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def filename(self, lang: Language) -> str:
        """A file name without a person's name, such as `AF-2026-0142-v2-nl.pdf`."""
        return f"{self.number}-v{self.version}-{lang}.pdf"

    def hours_per_week(self) -> Decimal:
        """Hours a week of the fixed roster; blocks of even or odd weeks count for half."""
        minutes = sum(
            (
                Decimal(slot.minutes[1] - slot.minutes[0]) / (1 if slot.weeks == "every" else 2)
                for slot in self.roster
            ),
            Decimal(0),
        )
        return (minutes / 60).quantize(Decimal("0.01")).normalize()


def render_agreement(document: AgreementDocument, lang: Language) -> bytes:
    """The PDF of the agreement, followed by its plain-language version. Same document and language, same bytes."""
    return pdf.render("agreement", template_data(document), lang=lang)


def template_data(document: AgreementDocument) -> dict[str, Any]:
    """What `pdf/agreement.typ` gets: the document, its hash and what has to be computed from the roster."""
    return {
        "made_at": document.made_at.isoformat(),
        "made_on": document.made_at.astimezone(_BELGIUM).date().isoformat(),
        "document": document.model_dump(mode="json"),
        "sha256": document.sha256(),
        "week": week_grid(document.roster),
        "hours_per_week": format(document.hours_per_week(), "f"),
        "alternates": any(slot.weeks != "every" for slot in document.roster),
    }


def week_grid(roster: tuple[Slot, ...]) -> list[list[dict[str, Any]]]:
    """Seven days, each a list of cells `{"row": 0-2, "span": 1-3, "slots": [...]}` that fill morning, afternoon
    and evening without gap. A block that reaches more than an hour into the next half-day spans both.
    """
    return [_day([slot for slot in roster if slot.weekday == weekday]) for weekday in range(1, 8)]


def _day(slots: list[Slot]) -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = [{"row": row, "span": 1, "slots": []} for row in range(3)]
    for slot in sorted(slots, key=lambda slot: slot.start):
        first, last = _rows(slot)
        hit = [cell for cell in cells if cell["row"] <= last and cell["row"] + cell["span"] > first]
        joined = {
            "row": hit[0]["row"],
            "span": sum(cell["span"] for cell in hit),
            "slots": [old for cell in hit for old in cell["slots"]] + [slot.model_dump(mode="json")],
        }
        cells[cells.index(hit[0]) : cells.index(hit[-1]) + 1] = [joined]
    return cells


def _rows(slot: Slot) -> tuple[int, int]:
    """First and last half-day (0-2) that the block fills."""
    start, end = slot.minutes
    minutes = [min(end, to) - max(start, since) for since, to in _DAY_PARTS]
    filled = [row for row, length in enumerate(minutes) if length > _SPILL]
    return (filled[0], filled[-1]) if filled else (minutes.index(max(minutes)),) * 2
