"""The list of hosts as a spreadsheet. Everything is written as text, number or date: no cell can become a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable

import xlsxwriter
from django.utils.translation import gettext as _

from stapsteen.hosts.models import SECTORS
from stapsteen.hosts.queries import HostRow

SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def hosts_workbook(rows: Iterable[HostRow]) -> bytes:
    """An .xlsx with a row per host and a frozen header."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, SAFE) as book:
        sheet = book.add_worksheet(_("Gastorganisaties"))
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        heads = [
            _("Organisatie"), _("Soort"), _("Sectoren"), _("Gemeente"), _("Stand"), _("Contactpersoon"),
            _("E-mailadres"), _("Telefoon"), _("Let op"), _("Plaatsen"), _("Bezet"), _("Gepland"),
            _("Verzekerd tot en met"), _("Afspraken getekend op"),
        ]  # fmt: skip
        sheet.write_row(0, 0, heads, book.add_format({"bold": True}))
        for line, row in enumerate(rows, start=1):
            texts = _texts(row)
            for column, text in enumerate(texts):
                sheet.write_string(line, column, text)
            for column, number in enumerate((row.places, row.load.used, row.load.planned), start=len(texts)):
                if number is not None:
                    sheet.write_number(line, column, number)
            for column, moment in enumerate(
                (row.host.insurance_until, row.host.agreement_signed_on), start=len(texts) + 3
            ):
                if moment:
                    sheet.write_datetime(line, column, moment, day)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(heads) - 1, 20)
    return buffer.getvalue()


def _texts(row: HostRow) -> list[str]:
    organisation, contact = row.host.organisation, row.contact
    return [
        organisation.name,
        str(organisation.get_legal_kind_display()),
        ", ".join(str(SECTORS[sector]) for sector in organisation.sectors),
        row.town,
        row.state_word,
        contact.name if contact else "",
        contact.email if contact else "",
        contact.phone if contact else "",
        "; ".join(warning.text for warning in row.warnings),
    ]
