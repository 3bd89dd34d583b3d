"""What reading gives: records, problems, counts. Frozen, without behaviour, and ready to become JSON.

Counts per sheet: every data row is read, and is exactly one of ready, refused or duplicate:
`read = ready + refused + duplicate`. `repaired` counts the ready rows in which something was repaired, so it
is a part of ready. Rows with a total, blank rows and repeated headings are not data rows.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from stapsteen.imports.reader.fields import Kind
from stapsteen.imports.reader.referrers import ReferrerKind
from stapsteen.imports.reader.texts import TEXTS, Severity
from stapsteen.imports.reader.values import Aim

COUNTS_MEAN: Final = (
    "read = ready + refused + duplicate; repaired is the part of ready in which something was repaired; "
    "rows with a total, blank rows and repeated headings are not read"
)

# Fields that may tell about health, detention or asylum: encrypt them, never log them, never show them in lists.
SENSITIVE_FIELDS: Final = frozenset(
    {"attention", "sensitive_referrer", "stop_reason", "absence", "insz", "benefit", "benefit_text", "residence",
     "residence_text", "health", "addiction", "criminal_record", "support", "support_text", "around"}
)  # fmt: skip

# The last column of the leftovers; left alone when they come back.
WHY: Final = "waarom"

type Part = Literal["file", "known"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a problem: `key` goes into the decision, `label` is shown."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that stands in the way or was repaired. `row` 0 is the sheet or column as a whole.

    `id` is stable over imports of the same file and is the key of a Decision. `suggested_value`, when not
    empty, can be put into the cell as it is. `applied`: the suggestion is already in the record.
    """

    id: str
    sheet: str
    row: int
    column: str
    cell: str
    value: str
    code: str
    severity: Severity
    params: MappingOf[str, str] = field(default_factory=dict)
    suggested_value: str = ""
    choices: tuple[Choice, ...] = ()

    @property
    def problem_nl(self) -> str:
        return TEXTS[self.code].problem % self.params

    @property
    def suggestion_nl(self) -> str:
        return TEXTS[self.code].suggestion % self.params

    @property
    def unread(self) -> bool:
        return TEXTS[self.code].unread

    @property
    def applied(self) -> bool:
        return self.severity == "repaired"


@dataclass(frozen=True, slots=True)
class Note:
    """A line that has no field: 'heading: value'. `sensitive` when heading or text hint at a special category."""

    heading: str
    text: str
    sensitive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Where a record came from. `fingerprint`: who or what it is; `source_fingerprint`: the row as it was typed.

    Store both; give them back as `ImportContext.known` and a second import doubles nothing.
    """

    fingerprint: str
    source_fingerprint: str
    sheet: str
    row: int
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Around:
    """Someone around the person as a cell says it. `name` is '' when the cell only says that there is someone."""

    kind: str
    name: str = ""
    organisation: str = ""
    phone: str = ""
    email: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRecord(Record):
    """One person. `host` is the organisation's fingerprint or 'known:KEY'; half-days as in `halfdays`.

    A referrer that is sensitive in itself stands only in `sensitive_referrer`; see SENSITIVE_FIELDS.
    """

    surname: str
    first_name: str
    birth_date: dt.date | None = None
    birth_year: int | None = None
    """Only where the day isn't known."""
    insz: str = ""
    street: str = ""
    postal_code: str = ""
    locality: str = ""
    municipality_nis: str = ""
    municipality: str = ""
    phone: str = ""
    email: str = ""
    referrer_kind: ReferrerKind = ""
    referrer: str = ""
    sensitive_referrer: str = ""
    referral_date: dt.date | None = None
    dutch_step: str = ""
    dutch_cefr: str = ""
    dutch_native: bool = False
    dutch_none: bool = False
    dutch_sure: bool = True
    aim: Aim | None = None
    aim_sure: bool = True
    half_days: int = 0
    half_days_sure: bool = True
    half_days_text: str = ""
    interests: str = ""
    attention: str = ""
    coach: str = ""
    host: str = ""
    host_name: str = ""
    start: dt.date | None = None
    stop: dt.date | None = None
    stop_reason: str = ""
    talents: str = ""
    wishes: str = ""
    mobility: tuple[str, ...] = ()
    travel_minutes: int | None = None
    support: tuple[str, ...] = ()
    support_text: str = ""
    benefit: str = ""
    benefit_text: str = ""
    residence: str = ""
    residence_text: str = ""
    health: str = ""
    addiction: str = ""
    criminal_record: str = ""
    around: tuple[Around, ...] = ()
    reach_by: str = ""
    language: str = ""
    interpreter: str = ""
    dutch_skills: tuple[tuple[str, str], ...] = ()
    """Field of Person -> step, "native" or "0", where the file says it per skill."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRecord(Record):
    """One organisation. `derived`: it was only named in a sheet of persons or tasks."""

    name: str
    umbrella: str = ""
    legal_kind: str = ""
    legal_kind_text: str = ""
    sectors: tuple[str, ...] = ()
    street: str = ""
    postal_code: str = ""
    locality: str = ""
    municipality_nis: str = ""
    municipality: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""
    insurance_until: dt.date | None = None
    max_guided: int | None = None
    kbo: str = ""
    website: str = ""
    derived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRecord(Record):
    """One task of `organisation` (fingerprint or 'known:KEY'). `heavy` None: not said."""

    organisation: str
    organisation_name: str
    title: str
    half_days: int = 0
    half_days_sure: bool = True
    half_days_text: str = ""
    seats: int | None = None
    seats_max: int | None = None
    dutch_step: str = ""
    dutch_cefr: str = ""
    dutch_sure: bool = True
    heavy: bool | None = None
    guidance: str = ""
    sector: str = ""
    description: str = ""
    municipality_nis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursRecord(Record):
    """Hours of one person in one month, or on one day. `person` and `host` as in PersonRecord.host.

    `minutes` 0 with an `absence` (sick, leave, absent) says why there are none.
    """

    person: str
    person_name: str
    month: str
    day: dt.date | None = None
    minutes: int = 0
    times: int | None = None
    absence: str = ""
    host: str = ""
    host_name: str = ""
    column: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A row that isn't made again. `of` is a fingerprint or 'known:KEY'; `record` may still fill empty fields."""

    kind: Kind
    sheet: str
    row: int
    of: str
    part: Part
    record: Record


@dataclass(frozen=True, slots=True)
class Action:
    """Something for a person to do: 'talk' with `organisation` about row `row`. Never holds the wish itself."""

    kind: Literal["talk"]
    organisation: str
    organisation_name: str
    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class SheetCounts:
    """See the module's docstring for what counts as what."""

    sheet: str
    kind: Kind
    read: int = 0
    ready: int = 0
    repaired: int = 0
    refused: int = 0
    duplicate: int = 0


@dataclass(frozen=True, slots=True)
class LeftoverRow:
    """A row that was refused, or in which a cell could not be read, as it was typed."""

    sheet: str
    row: int
    values: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class LeftoverSheet:
    name: str
    headings: tuple[str, ...]
    rows: tuple[LeftoverRow, ...]


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """Everything an import would do. Only what is ready stands in the four lists of records."""

    file: str
    digest: str
    persons: tuple[PersonRecord, ...]
    organisations: tuple[OrganisationRecord, ...]
    tasks: tuple[TaskRecord, ...]
    hours: tuple[HoursRecord, ...]
    duplicates: tuple[Duplicate, ...]
    actions: tuple[Action, ...]
    problems: tuple[Problem, ...]
    sheets: tuple[SheetCounts, ...]
    leftovers: tuple[LeftoverSheet, ...]


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Someone the service already has; `key` is yours and comes back as 'known:KEY'."""

    key: str
    surname: str
    first_name: str
    birth_date: dt.date | None = None
    town: str = ""


@dataclass(frozen=True, slots=True)
class KnownOrganisation:
    """An organisation the network already has; `key` comes back as 'known:KEY'."""

    key: str
    name: str
    municipality_nis: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A user's answer to a problem, under the problem's id.

    'value': read the cell as `value` instead. 'note': leave the field empty, keep the text as a note.
    'skip': leave the whole row out. 'choose': `value` is the key of a Choice. 'accept': as 'value' when `value`
    is given, else nothing changes.
    """

    action: Literal["accept", "value", "note", "skip", "choose"]
    value: str = ""


@dataclass(frozen=True, slots=True)
class ImportContext:
    """What reading may know. `secret` keys the fingerprints: give each service its own, always the same.

    `known` holds fingerprints of earlier imports (both kinds). `keep_insz` only when the service switched it on.
    """

    today: dt.date
    keep_insz: bool = False
    year: int | None = None
    secret: bytes = b""
    known: frozenset[str] = frozenset()
    known_persons: tuple[KnownPerson, ...] = ()
    known_organisations: tuple[KnownOrganisation, ...] = ()
    decisions: MappingOf[str, Decision] = field(default_factory=dict)


def to_json(value: object) -> Any:
    """A dataclass of this package as plain JSON values; dates become ISO dates."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name: to_json(getattr(value, item.name)) for item in dataclasses.fields(value)}
    match value:
        case None | bool() | int() | float() | str():
            return value
        case dt.datetime() | dt.date():
            return value.isoformat()
        case dict() | MappingOf():
            return {str(key): to_json(item) for key, item in value.items()}
        case list() | tuple() | frozenset() | set():
            return [to_json(item) for item in value]
    raise TypeError(f"no JSON for {type(value).__name__}")
