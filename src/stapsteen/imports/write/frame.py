"""What the writers of one import share: who writes for whom, what was made so far, and which row broke."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import DatabaseError
from django.utils.translation import gettext as _

from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor
from stapsteen.hosts.models import Host, Organisation, Task
from stapsteen.imports.models import ImportedRow, ImportRun
from stapsteen.imports.reader import ImportPlan, Note, Record
from stapsteen.network.models import Municipality, ProgrammeVersion, Service, StaffMember
from stapsteen.pathways.models import Pathway
from stapsteen.people.actions import NewFact, NewNote
from stapsteen.people.models import Person

KNOWN = "known:"


class RowBroken(Exception):
    """A row that a rule refuses at the moment of writing. Names the place, not the person."""

    def __init__(self, record: Record, why: str) -> None:
        self.sheet, self.row, self.why = record.sheet, record.row, why
        super().__init__(f"{record.sheet} {record.row}: {why}")


@dataclass(frozen=True)
class Options:
    """What a file can't say. `without_start`: 'open' keeps a question open, 'guided' starts at the referral."""

    coach: StaffMember
    programme: ProgrammeVersion
    without_start: str = "open"


@dataclass
class Writing:
    """One import while it is written. `plan_known`: fingerprints of earlier imports.

    `people` and `organisations` are found by the reader's references; `busy`: pathway -> half-days of its proposals.
    `notes` and `facts` wait for the end: then they are written together."""

    run: ImportRun
    plan: ImportPlan
    service: Service
    actor: Actor
    options: Options
    tell: Callable[[int], None]
    plan_known: frozenset[str] = frozenset()
    people: dict[str, Person] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    hosts: dict[UUID, Host] = field(default_factory=dict)
    tasks: dict[UUID, list[Task]] = field(default_factory=dict)
    pathways: dict[UUID, Pathway] = field(default_factory=dict)
    busy: dict[UUID, int] = field(default_factory=dict)
    staff: list[StaffMember] = field(default_factory=list)
    towns: dict[str, Municipality] = field(default_factory=dict)
    made: Counter[str] = field(default_factory=Counter)
    rows: list[ImportedRow] = field(default_factory=list)
    referrers: dict[str, Organisation | None] = field(default_factory=dict)
    notes: list[NewNote] = field(default_factory=list)
    facts: list[NewFact] = field(default_factory=list)
    done: int = 0

    @property
    def author(self) -> str:
        return self.run.started_by

    @property
    def steps(self) -> int:
        plan = self.plan
        return max(1, len(plan.organisations) + len(plan.tasks) + len(plan.persons) + len(plan.hours) // 50)

    def step(self) -> None:
        self.done += 1
        self.tell(int(100 * self.done / self.steps))

    def note(self, person: Person, text: str) -> None:
        """A line from the file in somebody's journal."""
        self.notes.append(NewNote(person, text, kind="import", author=self.author))
        self.made["notes"] += 1

    def fact(self, person: Person, kind: str, text: str, purpose: str) -> None:
        """What may tell about health, justice and the like, encrypted."""
        self.facts.append(NewFact(person, kind, text, purpose))
        self.made["facts"] += 1

    def remember(self, record: Record, kind: str, made: Any, person: Person | None = None) -> None:
        """That this row is in: by what it says it is, and by how it was typed."""
        for fingerprint in {record.fingerprint, record.source_fingerprint} - {""}:
            self.rows.append(
                ImportedRow(
                    run=self.run, fingerprint=fingerprint, kind=kind, record_id=made.pk, person=person
                )
            )

    def origin(self, record: Record) -> str:
        return _("Uit %(file)s, blad %(sheet)s, rij %(row)s") % {
            "file": self.run.name,
            "sheet": record.sheet,
            "row": record.row,
        }

    def person(self, ref: str) -> Person | None:
        """The person that the reader means: of this file, of an earlier one, or somebody the service had."""
        if ref and ref not in self.people and (found := self._find_person(ref)) is not None:
            self.people[ref] = found
        return self.people.get(ref)

    def _find_person(self, ref: str) -> Person | None:
        if ref.startswith(KNOWN):
            found = Person.objects.filter(pk=ref.removeprefix(KNOWN), erased_at=None).first()
            return found.merged_into if found is not None and found.merged_into_id else found
        row = ImportedRow.objects.filter(kind="persons", fingerprint=ref).select_related("person").first()
        return row.person if row is not None else None

    def organisation(self, ref: str) -> Organisation | None:
        if ref and ref not in self.organisations and (found := self._find_organisation(ref)) is not None:
            self.organisations[ref] = found
        return self.organisations.get(ref)

    def _find_organisation(self, ref: str) -> Organisation | None:
        if ref.startswith(KNOWN):
            return Organisation.objects.filter(
                pk=ref.removeprefix(KNOWN), network_id=self.service.network_id
            ).first()
        row = ImportedRow.objects.filter(kind="organisations", fingerprint=ref).first()
        return Organisation.objects.filter(pk=row.record_id).first() if row is not None else None

    def town(self, nis: str) -> Municipality | None:
        """The municipality of a NIS code; None for one that this installation doesn't have."""
        if not self.towns:
            self.towns = {town.nis: town for town in Municipality.objects.all()}
        return self.towns.get(nis)


@contextmanager
def at(record: Record) -> Iterator[None]:
    """A rule that breaks on this record is told with its place."""
    try:
        yield
    except RuleBroken as broken:
        raise RowBroken(record, str(broken.message)) from broken
    except DatabaseError as error:
        raise RowBroken(record, _("De databank neemt deze rij niet aan.")) from error


def lines(notes: tuple[Note, ...] | list[Note]) -> list[str]:
    return [f"{note.heading}: {note.text}" for note in notes]
