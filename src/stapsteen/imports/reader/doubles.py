"""Who is who: puts each row of persons with the person it is about, who is new, double in the file or known already.

Whoever can't be told apart for certain is asked about; nothing that a second row says otherwise is lost.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field, fields, replace
from typing import Final

from rapidfuzz import fuzz

from stapsteen.imports.reader.cells import belgian
from stapsteen.imports.reader.lookup import People, Someone
from stapsteen.imports.reader.names import name_key
from stapsteen.imports.reader.plan import Choice, Duplicate, KnownPerson, Note, Part, PersonRecord
from stapsteen.imports.reader.rows import Row, Run
from stapsteen.imports.reader.text import fold, shown

SIMILAR: Final = 86  # of 100, for two names with one birth date
SAME: Final = "same"
OTHER: Final = "other"
_PRIVATE: Final = frozenset(
    {"attention", "stop_reason", "referrer", "benefit", "residence", "health", "addiction", "criminal_record",
     "representative", "budget_manager", "helper", "support"}
)  # fmt: skip
# Fields that are filled one by one; the others go together (_filled).
_SINGLE: Final = frozenset(
    {
        "birth_date",
        "insz",
        "street",
        "phone",
        "email",
        "referral_date",
        "interests",
        "attention",
        "coach",
        "talents",
        "wishes",
        "health",
        "addiction",
        "criminal_record",
        "around",
        "reach_by",
        "language",
        "interpreter",
        "dutch_skills",
    }
)


@dataclass(slots=True)
class _Entry:
    """A person that stands, with the row it came from."""

    record: PersonRecord
    row: Row
    extra: list[Note] = field(default_factory=list)


class Sorter:
    """Puts each row with the person it is about: new, double in the file, or known."""

    def __init__(self, run: Run, people: People) -> None:
        self.run = run
        self.people = people
        self.entries: dict[str, _Entry] = {}
        self.seen: dict[str, list[_Entry]] = defaultdict(list)  # by name, new and known alike
        self.by_birth: dict[dt.date, list[_Entry]] = defaultdict(list)
        self.known_by_key: dict[str, list[KnownPerson]] = defaultdict(list)
        for known in run.context.known_persons:
            self.known_by_key[name_key(known.surname, known.first_name)].append(known)

    def records(self) -> list[PersonRecord]:
        return [
            replace(entry.record, notes=entry.record.notes + tuple(entry.extra))
            if entry.extra
            else entry.record
            for entry in self.entries.values()
        ]

    def place(self, row: Row, record: PersonRecord) -> None:
        before = self.seen[name_key(record.surname, record.first_name)]
        same, doubtful = self._earlier(record, before)
        choice = row.choice("double_possible")
        if choice == OTHER:
            record = replace(
                record, fingerprint=self.run.fingerprint("person", "row", record.source_fingerprint)
            )
            same, doubtful = None, None
        elif doubtful is not None and choice == SAME:
            same, doubtful = doubtful, None
        if same is not None:
            self._double(row, record, same)
        elif doubtful is not None:
            self._ask(row, f"rij {doubtful.row.number}: {_label(doubtful.record)}")
        else:
            self._known_or_new(row, record, before, choice)

    def _earlier(self, record: PersonRecord, before: list[_Entry]) -> tuple[_Entry | None, _Entry | None]:
        """(certainly the same, possibly the same) among the rows above."""
        doubtful = None
        for entry in before:
            verdict = _same(record, entry.record)
            if verdict is True:
                return entry, None
            if verdict is None:
                doubtful = doubtful or entry
        return None, doubtful

    def _double(self, row: Row, record: PersonRecord, first: _Entry) -> None:
        row.status = "duplicate"
        main = "surname" if "surname" in row.columns else "full_name"
        row.problem("double_person", main, other_row=str(first.row.number), other_sheet=first.row.plan.sheet)
        if record.host and first.record.host and record.host != first.record.host and not record.stop:
            row.problem("second_place", "host", host=record.host_name)
        of = first.record.fingerprint
        part: Part = "file" if of in self.entries else "known"
        self.run.duplicates.append(Duplicate("persons", row.plan.sheet, row.number, of, part, record))
        first.record = _filled(first.record, record)
        first.extra += _differences(row, first.row)

    def _ask(self, row: Row, other: str) -> None:
        choices = (Choice(SAME, "Dezelfde persoon"), Choice(OTHER, "Iemand anders"))
        row.problem("double_possible", choices=choices, other=other)

    def _known_or_new(self, row: Row, record: PersonRecord, before: list[_Entry], choice: str) -> None:
        entry = _Entry(record, row)
        earlier_import = self.run.known(record.fingerprint, record.source_fingerprint)
        known = [] if choice == OTHER else self.known_by_key[name_key(record.surname, record.first_name)]
        exact = next((k for k in known if k.birth_date and k.birth_date == record.birth_date), None)
        if choice == SAME and exact is None and known:
            exact = known[0]
        if exact is not None or earlier_import:
            ref = f"known:{exact.key}" if exact is not None else earlier_import
            if not earlier_import:
                row.problem("double_known")
            row.status = "duplicate"
            self.run.duplicates.append(Duplicate("persons", row.plan.sheet, row.number, ref, "known", record))
            entry.record = replace(record, fingerprint=ref)
        elif unsure := next((k for k in known if not k.birth_date or not record.birth_date), None):
            born = f", {belgian(unsure.birth_date)}" if unsure.birth_date else ""
            self._ask(row, f"{unsure.surname} {unsure.first_name}{born} (in Stapsteen)")
            return
        else:
            self.entries[record.fingerprint] = entry
            self._tell_namesakes(row, record, before)
        self._learn(entry, record.fingerprint)

    def _tell_namesakes(self, row: Row, record: PersonRecord, before: list[_Entry]) -> None:
        main = "surname" if "surname" in row.columns else "full_name"
        if before:
            row.problem("same_name", main, other_row=str(before[0].row.number))
        key = name_key(record.surname, record.first_name)
        for entry in self.by_birth[record.birth_date] if record.birth_date else ():
            other = name_key(entry.record.surname, entry.record.first_name)
            if other != key and fuzz.token_sort_ratio(key, other) >= SIMILAR:
                row.problem("double_similar", main, other=f"rij {entry.row.number}: {_label(entry.record)}")
                return

    def _learn(self, entry: _Entry, identity: str) -> None:
        record = entry.record
        self.seen[name_key(record.surname, record.first_name)].append(entry)
        if record.birth_date:
            self.by_birth[record.birth_date].append(entry)
        self.people.add(
            Someone(
                record.fingerprint,
                record.surname,
                record.first_name,
                record.birth_date,
                record.locality or record.municipality,
                record.host,
                record.host_name,
                record.start,
                record.stop,
                in_file=True,
                identity=identity,
            )
        )


def _same(one: PersonRecord, other: PersonRecord) -> bool | None:
    """Two rows with one name: the same person, another, or None when nobody can tell."""
    if one.birth_date and other.birth_date:
        return one.birth_date == other.birth_date
    if one.birth_date or other.birth_date:
        return None
    mine, theirs = tells_apart(one), tells_apart(other)
    return mine == theirs if mine and theirs else None


def tells_apart(record: PersonRecord) -> str:
    """What tells namesakes without a birth date apart; '' when nothing does."""
    return record.email or record.phone or fold(record.street)


def _label(record: PersonRecord) -> str:
    parts = (
        f"{record.surname} {record.first_name}".strip(),
        belgian(record.birth_date) if record.birth_date else "",
    )
    return ", ".join(part for part in parts if part)


def _filled(first: PersonRecord, second: PersonRecord) -> PersonRecord:
    """The first record with its empty fields filled from the second, placement and place each as a whole."""
    groups = (
        ("postal_code", "locality", "municipality_nis", "municipality"),
        ("referrer_kind", "referrer", "sensitive_referrer"),
        ("dutch_step", "dutch_cefr", "dutch_native", "dutch_none", "dutch_sure"),
        ("aim", "aim_sure"),
        ("half_days", "half_days_sure", "half_days_text"),
        ("host", "host_name", "start", "stop", "stop_reason"),
        ("mobility", "travel_minutes"),
        ("support", "support_text"),
        ("benefit", "benefit_text"),
        ("residence", "residence_text"),
        *((item.name,) for item in fields(PersonRecord) if item.name in _SINGLE),
    )
    changes: dict[str, object] = {}
    for group in groups:
        if not any(getattr(first, name) not in (None, "", 0, False, True, ()) for name in group):
            changes |= {name: getattr(second, name) for name in group}
    return replace(first, **changes)  # type: ignore[arg-type]


def _differences(row: Row, first: Row) -> list[Note]:
    """What the second row says otherwise, as notes; a national number only where the service keeps it."""
    notes = []
    for column in row.plan.columns:
        name = column.field
        if name in ("surname", "first_name", "full_name") or (
            name == "insz" and not row.run.context.keep_insz
        ):
            continue
        mine = shown(row.cells[column.index])
        theirs = first.text(name) if name and name in first.columns else ""
        if mine and fold(mine) != fold(theirs):
            notes.append(Note(f"{column.heading} (rij {row.number})", mine, name in _PRIVATE))
    return notes
