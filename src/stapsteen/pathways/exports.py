"""Who was there, as a spreadsheet. Everything is written as text: no cell can become a formula."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from stapsteen.pathways.models import Attendance, Session
from stapsteen.pathways.queries_groups import Member

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def answers_of(member: Member) -> dict[Any, str]:
    """Session id -> the answer in words."""
    return {row.session_id: str(Attendance.ANSWERS[row.answer]) for row in member.row.attendances.all()}


def attendance_workbook(sessions: list[Session], members: list[Member]) -> bytes:
    """A row per person, a column per session that took or takes place."""
    buffer = io.BytesIO()
    held = [session for session in sessions if not session.cancelled]
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        sheet = book.add_worksheet(_("Aanwezigheid"))
        heads = [_("Naam"), *(session.day.strftime("%d/%m/%Y") for session in held)]
        sheet.write_row(0, 0, heads, book.add_format({"bold": True}))
        for line, member in enumerate(members, start=1):
            sheet.write_string(line, 0, str(member.row.person))
            given = answers_of(member)
            for column, session in enumerate(held, start=1):
                sheet.write_string(line, column, given.get(session.pk, ""))
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, max(len(held), 1), 12)
    return buffer.getvalue()
