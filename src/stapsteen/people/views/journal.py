"""Pages of the journal: a new note, the notes on paper and as a spreadsheet. The list is a side of the person's page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stapsteen.core.access import reachable
from stapsteen.core.edits import form_page
from stapsteen.core.pages import page, show
from stapsteen.people.actions import add_note, correct_note
from stapsteen.people.exports import journal_workbook
from stapsteen.people.forms_journal import CorrectNoteForm, JournalFilterForm, NoteForm
from stapsteen.people.models import Note, Person
from stapsteen.people.queries import person_url
from stapsteen.people.queries_journal import Journal, journal

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOTE_ICONS = {"contact": "phone", "visit": "pin", "import": "upload", "note": "message"}


@page(
    "<slug:service>/mensen/<uuid:person>/notitie/",
    rule="people.person.view",
    loads="person",
    methods=("GET", "POST"),
)
def note_add(request: Any, person: Person) -> HttpResponse:
    """A note, a contact or a visit in the journal; also an attempt that reached nobody."""
    back = person_url(request.service, person.pk)
    return form_page(
        request,
        NoteForm(request.POST or None),
        lambda data: add_note(person=person, actor=request.actor, **data),
        done=_("De notitie is bewaard."),
        back=back,
        template="people/note_add.html",
        context={"person": person, "person_url": back},
    )


@page(
    "<slug:service>/notities/<uuid:note>/", rule="people.note.correct", loads="note", methods=("GET", "POST")
)
def note_correct(request: Any, note: Note) -> HttpResponse:
    """Better words for an own note; what it said before stays in the history."""
    url = person_url(request.service, note.person_id)
    return form_page(
        request,
        CorrectNoteForm(request.POST or None, note=note),
        lambda data: correct_note(note=note, actor=request.actor, **data),
        done=_("De notitie is verbeterd."),
        back=f"{url}?deel=notities",
        template="people/note_correct.html",
        context={"person": note.person, "person_url": url},
    )


def filtered(request: Any, person: Person) -> tuple[JournalFilterForm, Journal, bool]:
    """The filter form as the address fills it, the notes, and whether anything is filtered."""
    asked = {name: request.GET.get(name, "").replace("\0", "")[:120] for name in ("q", "soort", "wie")}
    if asked["soort"] not in {*Note.KINDS, "attempt"}:
        asked["soort"] = ""
    found = journal(request.actor, person, kind=asked["soort"], author=asked["wie"], q=asked["q"])
    form = JournalFilterForm(initial={**asked, "deel": "notities"}, authors=found.authors)
    return form, found, any(asked.values())


def note_line(note: Note, correct_url: str = "") -> dict[str, Any]:
    """A note for the timeline component; `correct_url` for who may correct it."""
    title = str(Note.KINDS.get(note.kind, ""))
    beside = [
        str(Note.PLACES.get(note.place, "")),
        "" if note.reached else _("niet bereikt"),
        _("%(n)s minuten") % {"n": note.minutes} if note.minutes else "",
        _("verbeterd op %(day)s") % {"day": date_format(note.corrected_on, "j F Y")}
        if note.corrected_on
        else "",
    ]
    return {
        "date": note.happened_on,
        "title": " · ".join(filter(None, [title, *beside])),
        "text": note.text,
        "icon": NOTE_ICONS.get(note.kind, "message"),
        "kind": "" if note.reached else "quiet",
        "who": note.author,
        "action": {"label": _("Verbeter"), "url": correct_url},
    }


def note_lines(request: Any, notes: Iterable[Note]) -> list[dict[str, Any]]:
    """Notes of one person as the page shows them, each with the way to correct it where it is one's own. One query."""
    notes = list(notes)
    own = set(
        reachable(request.actor, "people.note.correct")
        .filter(pk__in=[n.pk for n in notes])
        .values_list("pk", flat=True)
    )

    def url(note: Note) -> str:
        keys = {"service": request.service.slug, "note": note.pk}
        return reverse("people.note_correct", kwargs=keys) if note.pk in own else ""

    return [note_line(note, url(note)) for note in notes]


@page("<slug:service>/mensen/<uuid:person>/notities/", rule="people.person.view", loads="person")
def note_print(request: Any, person: Person) -> HttpResponse:
    """The notes, all on one page, to print."""
    _form, found, some = filtered(request, person)
    context = {
        "person": person, "person_url": person_url(request.service, person.pk), "filtered": some,
        "notes": [note_line(note) for note in found.notes],
    }  # fmt: skip
    return show(request, "people/note_print.html", context)


@page("<slug:service>/mensen/<uuid:person>/notities/uitvoer.xlsx", rule="people.person.view", loads="person")
def note_export(request: Any, person: Person) -> HttpResponse:
    """The same notes as a spreadsheet; the read log names the person."""
    _form, found, _some = filtered(request, person)
    answer = HttpResponse(journal_workbook(found.notes), content_type=XLSX)
    name = f"notities-{timezone.localdate():%Y-%m-%d}.xlsx"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
