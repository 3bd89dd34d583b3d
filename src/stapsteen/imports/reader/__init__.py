"""Read a service's own spreadsheet: recognise it, read it, say what is wrong. No Django, nothing stored.

workbook = open_workbook(path)                  # ImportRefused with a clear sentence
plans = recognise(workbook, mapping)            # which sheet and column is what; `correct` corrects
plan = read(workbook, plans, ImportContext(today=...))
report(plan); leftovers_xlsx(plan)
"""

from stapsteen.imports.reader.fields import FIELDS, KINDS, Kind, field_names
from stapsteen.imports.reader.mapping import Mapping
from stapsteen.imports.reader.plan import (
    COUNTS_MEAN,
    SENSITIVE_FIELDS,
    Action,
    Choice,
    Decision,
    Duplicate,
    HoursRecord,
    ImportContext,
    ImportPlan,
    KnownOrganisation,
    KnownPerson,
    LeftoverRow,
    LeftoverSheet,
    Note,
    OrganisationRecord,
    PersonRecord,
    Problem,
    Record,
    SheetCounts,
    TaskRecord,
    to_json,
)
from stapsteen.imports.reader.read import read
from stapsteen.imports.reader.recognise import ColumnPlan, SheetPlan, correct, recognise
from stapsteen.imports.reader.refusal import REFUSALS, ImportRefused
from stapsteen.imports.reader.report import leftovers_xlsx, report
from stapsteen.imports.reader.texts import TEXTS
from stapsteen.imports.reader.workbook import Sheet, Workbook, open_workbook

__all__ = [
    "COUNTS_MEAN",
    "FIELDS",
    "KINDS",
    "REFUSALS",
    "SENSITIVE_FIELDS",
    "TEXTS",
    "Action",
    "Choice",
    "ColumnPlan",
    "Decision",
    "Duplicate",
    "HoursRecord",
    "ImportContext",
    "ImportPlan",
    "ImportRefused",
    "Kind",
    "KnownOrganisation",
    "KnownPerson",
    "LeftoverRow",
    "LeftoverSheet",
    "Mapping",
    "Note",
    "OrganisationRecord",
    "PersonRecord",
    "Problem",
    "Record",
    "Sheet",
    "SheetCounts",
    "SheetPlan",
    "TaskRecord",
    "Workbook",
    "correct",
    "field_names",
    "leftovers_xlsx",
    "open_workbook",
    "read",
    "recognise",
    "report",
    "to_json",
]
