"""The list of persons as a spreadsheet. Everything is written as text or date: no cell can become a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable

import xlsxwriter
from django.utils.translation import gettext as _

from stapsteen.people.queries import PersonRow


def people_workbook(rows: Iterable[PersonRow]) -> bytes:
    """An .xlsx with a row per person and a frozen header."""
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
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
