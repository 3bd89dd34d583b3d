"""The plan as the JSON that the command prints, and what could not be read as a spreadsheet."""

from __future__ import annotations

import io
from typing import Any, Final

import xlsxwriter
from defusedcsv.csv import _escape as escape_formula

from stapsteen.imports.reader.plan import COUNTS_MEAN, WHY, ImportPlan, Problem, SheetCounts, to_json

_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def report(plan: ImportPlan) -> dict[str, Any]:
    """What `stapsteen import --json` prints: sheets with their counts, then every problem.

    See COUNTS_MEAN for what the counts mean; `totals` adds them up.
    """
    return {
        "file": plan.file,
        "counts_mean": COUNTS_MEAN,
        "sheets": [_sheet(sheet) for sheet in plan.sheets],
        "totals": {name: sum(getattr(sheet, name) for sheet in plan.sheets) for name in _COUNTS},
        "records": {
            "persons": len(plan.persons),
            "organisations": len(plan.organisations),
            "tasks": len(plan.tasks),
            "hours": len(plan.hours),
        },
        "problems": [_problem(problem) for problem in plan.problems],
        "actions": to_json(plan.actions),
    }


_COUNTS: Final = ("read", "ready", "repaired", "refused", "duplicate")


def _sheet(counts: SheetCounts) -> dict[str, Any]:
    return {"sheet": counts.sheet, "kind": counts.kind} | {name: getattr(counts, name) for name in _COUNTS}


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "id": problem.id,
        "sheet": problem.sheet,
        "row": problem.row or None,
        "column": problem.column or None,
        "cell": problem.cell or None,
        "value": problem.value,
        "problem": problem.problem_nl,
        "suggestion": problem.suggestion_nl,
        "code": problem.code,
        "severity": problem.severity,
        "suggested_value": problem.suggested_value or None,
        "choices": to_json(problem.choices),
    }


def leftovers_xlsx(plan: ImportPlan) -> bytes:
    """An .xlsx with a sheet per source sheet: its own headings and values as typed, and why.

    Every cell is text and never a formula. Corrected, it can be imported again: what is in already stays out.
    """
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        bold = book.add_format({"bold": True})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        used: set[str] = set()
        for sheet in plan.leftovers:
            page = book.add_worksheet(_sheet_name(sheet.name, used))
            page.freeze_panes(1, 0)
            page.set_column(0, len(sheet.headings), 18)
            page.set_column(len(sheet.headings), len(sheet.headings), 60, wrap)
            for index, heading in enumerate((*sheet.headings, WHY)):
                page.write_string(0, index, safe(heading), bold)
            for number, row in enumerate(sheet.rows, start=1):
                for index, value in enumerate((*row.values, row.why)):
                    if value:
                        page.write_string(number, index, safe(value)[:32_000])
        if not plan.leftovers:
            book.add_worksheet("leeg").write_string(0, 0, "Alles is gelezen.")
    return buffer.getvalue()


def safe(text: str) -> str:
    """Text that no spreadsheet program takes for a formula, also after saving as CSV."""
    return str(escape_formula(text))


def _sheet_name(name: str, used: set[str]) -> str:
    """A name that Excel accepts: at most 31 signs, none of []:*?/\\, no apostrophe at the ends, not used yet."""
    base = name.translate(_FORBIDDEN).strip(" '")[:31] or "blad"
    unique, number = base, 2
    while unique.casefold() in used or unique.casefold() == "history":
        unique = f"{base[:27]} {number}"
        number += 1
    used.add(unique.casefold())
    return unique
