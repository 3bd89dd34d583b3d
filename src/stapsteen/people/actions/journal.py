"""Every write in a person's journal: a note, several at once, better words for one. Never taken away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core import events
from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor
from stapsteen.network.house import staff_member
from stapsteen.network.models import StaffMember
from stapsteen.people.access import demand, demand_all
from stapsteen.people.actions.persons import BATCH, not_future
from stapsteen.people.models import Note, Person

MOST_MINUTES = 600


@dataclass(frozen=True)
class NewNote:
    """A line for the journal. An attempt that reached nobody (`reached` False) needs no words.

    `author`: the colleague who writes, or what a file says. `sent_as`: once per key (actions/offline.py).
    """

    person: Person
    text: str
    kind: str = "note"
    happened_on: date | None = None
    author: str = ""
    place: str = ""
    reached: bool = True
    minutes: int | None = None
    sent_as: UUID | None = None


@transaction.atomic
def add_note(
    *,
    person: Person,
    actor: Actor,
    text: str,
    kind: str = "note",
    happened_on: date | None = None,
    author: str = "",
    place: str = "",
    reached: bool = True,
    minutes: int | None = None,
    sent_as: UUID | None = None,
) -> Note:
    """One NewNote."""
    new = NewNote(person, text, kind, happened_on, author, place, reached, minutes, sent_as)
    return add_notes(notes=[new], actor=actor)[0]


@transaction.atomic
def add_notes(*, notes: Sequence[NewNote], actor: Actor) -> list[Note]:
    """Lines in the journals of these persons, all or none; a few statements, however many."""
    demand_all(actor, {new.person for new in notes}, "people.person.view")
    me = None if all(new.author for new in notes) else staff_member(actor)
    made: list[Note] = Note.objects.bulk_create([_note(new, me) for new in notes], batch_size=BATCH)
    for note in made:
        line = "person.note" if note.reached else "person.attempt"
        events.record(line, subject_id=note.person_id, on=note.happened_on, object_id=note.pk, what=note.kind)
    return made


@transaction.atomic
def correct_note(
    *,
    note: Note,
    actor: Actor,
    text: str,
    kind: str,
    happened_on: date | None = None,
    place: str = "",
    reached: bool = True,
    minutes: int | None = None,
) -> Note:
    """Better words by who wrote it, and by nobody else; never taken away. The history keeps what it said (requirement C4)."""
    demand(actor, note, "people.note.correct")
    locked = Note.objects.select_for_update(of=("self",)).get(pk=note.pk)
    day = happened_on or locked.happened_on
    fresh = _note(NewNote(locked.person, text, kind, day, locked.author, place, reached, minutes), None)
    said = ("text", "kind", "happened_on", "place", "reached", "minutes")
    if all(getattr(locked, name) == getattr(fresh, name) for name in said):
        return locked
    for name in said:
        setattr(locked, name, getattr(fresh, name))
    locked.corrected_on = timezone.localdate()
    locked.save()
    events.record("person.note_corrected", subject_id=locked.person_id, object_id=locked.pk, what=locked.kind)
    return locked


def _note(new: NewNote, me: StaffMember | None) -> Note:
    """The row, not saved yet, or RuleBroken."""
    if new.kind not in Note.KINDS:
        raise RuleBroken(_("Kies wat voor notitie dit is."), field="kind")
    if new.reached and not new.text.strip():
        raise RuleBroken(_("Schrijf eerst iets in de notitie."), field="text")
    if new.place and new.place not in Note.PLACES:
        raise RuleBroken(_("Kies een plaats uit de lijst."), field="place")
    if new.minutes is not None and not 0 < new.minutes <= MOST_MINUTES:
        raise RuleBroken(_("Kies tussen 1 en %(most)s minuten.") % {"most": MOST_MINUTES}, field="minutes")
    day = new.happened_on or timezone.localdate()
    not_future(day, "happened_on")
    return Note(
        person=new.person, kind=new.kind, happened_on=day, text=new.text.strip(),
        author=new.author or (me.name if me else ""), written_by=None if new.author else me,
        place=new.place, reached=new.reached, minutes=new.minutes, sent_as=new.sent_as,
    )  # fmt: skip
