"""The work file of a run: the preview and the answers given, encrypted, as long as the run isn't finished.

    {"decisions": {problem id: [action, value]}, "plans": [...], "problems": [...], "report": {...}}

It holds values of persons, so it stands in no ordinary column and in no history.
"""

from __future__ import annotations

import json
from typing import Any

from stapsteen.core.models import StoredFile
from stapsteen.imports.models import ImportRun
from stapsteen.imports.reader import SENSITIVE_FIELDS, Decision, ImportPlan, SheetPlan, Workbook, report
from stapsteen.imports.reader.text import shown

HIDDEN = SENSITIVE_FIELDS | {"referrer"}
"""Columns that may tell about health, justice or asylum: no examples of them in a list."""
SAMPLES = 3
LONGEST_SAMPLE = 40


def load(run: ImportRun) -> dict[str, Any]:
    """The work file; an empty one when there is none yet."""
    if run.work is None:
        return {"decisions": {}, "plans": [], "problems": [], "report": None}
    content: dict[str, Any] = json.loads(bytes(run.work.content))
    return content


def save(run: ImportRun, content: dict[str, Any], delete_on: Any) -> None:
    """Replace the work file; the caller saves the run. The former one is gone for good."""
    former = run.work
    run.work = StoredFile.objects.create(
        name="work",
        content_type="application/json",
        content=json.dumps(content).encode(),
        delete_on=delete_on,
    )
    if former is not None:
        run.save(update_fields=["work"])
        former.delete()


def decisions(content: dict[str, Any]) -> dict[str, Decision]:
    return {key: Decision(action, value) for key, (action, value) in content["decisions"].items()}


def describe(workbook: Workbook, plans: list[SheetPlan], plan: ImportPlan) -> dict[str, Any]:
    """What the preview shows: per sheet how it is read, with a few values under each heading; and the report."""
    sheets = {sheet.name: sheet for sheet in workbook.sheets}
    told = report(plan)
    return {
        "plans": [
            {
                "sheet": item.sheet,
                "kind": item.kind,
                "why": item.why,
                "header_row": item.header_row,
                "year": item.year,
                "hidden": item.hidden,
                "columns": [
                    {
                        "index": column.index,
                        "letter": column.letter,
                        "heading": column.heading,
                        "field": column.field,
                        "why": column.why,
                        "sample": _sample(sheets[item.sheet].rows[item.first_data_row - 1 :], column.index)
                        if column.field not in HIDDEN
                        else [],
                    }
                    for column in item.columns
                ],
            }
            for item in plans
        ],
        "report": told,
        "problems": [
            {**line, "params": dict(problem.params)}
            for line, problem in zip(told["problems"], plan.problems, strict=True)
        ],
    }


def _sample(rows: Any, index: int) -> list[str]:
    found: list[str] = []
    for row in rows:
        text = shown(row[index])[:LONGEST_SAMPLE] if row[index] is not None else ""
        if text and text not in found:
            found.append(text)
        if len(found) == SAMPLES:
            break
    return found
