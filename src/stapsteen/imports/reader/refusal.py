"""Why a whole file is refused, in words that say what to do."""

from __future__ import annotations

from typing import Final

MAX_FILE_BYTES: Final = 25_000_000
MAX_UNPACKED_BYTES: Final = 200_000_000
MAX_PACK_RATIO: Final = 150  # an honest sheet packs 5 to 40 times
RATIO_FREE_BYTES: Final = 10_000_000  # below this size no ratio is dangerous
MAX_PARTS: Final = 2_000  # files inside the zip
MAX_SHEETS: Final = 60
MAX_ROWS: Final = 50_000  # filled rows, over all sheets
MAX_COLUMNS: Final = 256
MAX_CELLS: Final = 2_000_000


def _(text: str) -> str:
    """Mark for translation; the page that shows it translates."""
    return text


REFUSALS: Final[dict[str, str]] = {
    "empty_file": _("Dit bestand is leeg. Kies een ander bestand."),
    "too_big": _("Dit bestand is te groot. Splits het in kleinere bestanden."),
    "not_a_spreadsheet": _("Dit is geen rekenblad. Kies een bestand dat eindigt op .xlsx of .csv."),
    "broken": _("Dit rekenblad is beschadigd. Open het in Excel, sla het opnieuw op en probeer nog eens."),
    "old_xls": _("Dit is een oud Excel-bestand (.xls). Sla het op als .xlsx en probeer opnieuw."),
    "xlsb": _("Dit is een binair Excel-bestand (.xlsb). Sla het op als .xlsx en probeer opnieuw."),
    "ods": _("Dit is een OpenDocument-bestand (.ods). Sla het op als .xlsx en probeer opnieuw."),
    "password": _("Dit bestand heeft een wachtwoord. Haal het wachtwoord weg en probeer opnieuw."),
    "zip_bomb": _("Dit bestand wordt uitgepakt veel te groot. We openen het niet."),
    "unsafe_xml": _("In dit bestand zit iets wat niet in een rekenblad hoort. We openen het niet."),
    "macros": _("In dit bestand zitten macro's. Sla het op als .xlsx, zonder macro's."),
    "external_links": _(
        "Dit bestand haalt gegevens uit een ander bestand. Kopieer alles als waarden en probeer opnieuw."
    ),
    "formulas": _(
        "Het bestand bevat formules zonder resultaat. Kopieer alles als waarden en probeer opnieuw."
    ),
    "too_many_rows": _("Dit bestand heeft meer dan 50.000 rijen. Splits het in kleinere bestanden."),
    "too_many_columns": _("Dit bestand heeft meer dan 256 kolommen. Laat alleen de nodige kolommen staan."),
    "too_many_cells": _("Dit bestand heeft te veel cellen. Splits het in kleinere bestanden."),
    "too_many_sheets": _("Dit bestand heeft meer dan 60 tabbladen. Splits het in kleinere bestanden."),
    "empty": _("In dit rekenblad staan geen gegevens. Kies een ander bestand."),
}


class ImportRefused(Exception):
    """The whole file is refused. `code` is a key of REFUSALS, `message_nl` its sentence, `detail` the place."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        self.detail = detail
        self.message_nl = REFUSALS[code]
        super().__init__(f"{self.message_nl} ({detail})" if detail else self.message_nl)
