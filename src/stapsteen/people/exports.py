"""The list of persons as a spreadsheet. Everything is written as text or date: no cell can become a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable

import xlsxwriter
from django.utils.translation import gettext as _

from stapsteen.people.models import Note
from stapsteen.people.queries import PersonRow

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def journal_workbook(notes: Iterable[Note]) -> bytes:
    """The notes about one person, a row each; the person's name isn't in it."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        sheet = book.add_worksheet(_("Notities"))
        day = book.add_format({"num_format": "dd/mm/yyyy", "valign": "top"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        heads = [
            _("Dag"),
            _("Soort"),
            _("Waar"),
            _("Bereikt"),
            _("Minuten"),
            _("Geschreven door"),
            _("Notitie"),
        ]
        sheet.write_row(0, 0, heads, book.add_format({"bold": True}))
        for line, note in enumerate(notes, start=1):
            sheet.write_datetime(line, 0, note.happened_on, day)
            reached = _("ja") if note.reached else _("nee")
            texts = [str(Note.KINDS.get(note.kind, "")), str(Note.PLACES.get(note.place, "")), reached]
            texts += [str(note.minutes or ""), note.author, note.text]
            for column, text in enumerate(texts, start=1):
                sheet.write_string(line, column, text, wrap)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 5, 14)
        sheet.set_column(6, 6, 80)
    return buffer.getvalue()


def people_workbook(rows: Iterable[PersonRow]) -> bytes:
    """An .xlsx with a row per person and a frozen header."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        sheet = book.add_worksheet(_("Mensen"))
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        heads = [
            _("Voornaam"), _("Achternaam"), _("Geboortejaar"), _("Telefoon"), _("E-mailadres"), _("Gemeente"),
            _("Fase"), _("Begeleider"), _("Sinds"),
        ]  # fmt: skip
        sheet.write_row(0, 0, heads, book.add_format({"bold": True}))
        for line, row in enumerate(rows, start=1):
            person = row.person
            texts = [
                person.first_name, person.last_name, str(person.birth_year or ""), person.phone, person.email, row.town,
                row.phase_word, row.coach.name if row.coach else "",
            ]  # fmt: skip
            for column, text in enumerate(texts):
                sheet.write_string(line, column, text)
            if row.since:
                sheet.write_datetime(line, len(texts), row.since, day)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(heads) - 1, 18)
    return buffer.getvalue()
