"""One data row while it is being read: its cells by field, its problems, what stays as a note."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Final, Literal

from stapsteen.imports.reader.dates import Order, month_first
from stapsteen.imports.reader.fields import spec
from stapsteen.imports.reader.plan import (
    SENSITIVE_FIELDS,
    WHY,
    Action,
    Choice,
    Decision,
    Duplicate,
    ImportContext,
    Note,
    Problem,
)
from stapsteen.imports.reader.recognise import ColumnPlan, SheetPlan
from stapsteen.imports.reader.text import clip, fold, shown
from stapsteen.imports.reader.texts import TEXTS
from stapsteen.imports.reader.values import mask_insz
from stapsteen.imports.reader.workbook import Row as Cells
from stapsteen.imports.reader.workbook import Sheet, Value

type Status = Literal["ready", "refused", "duplicate"]

LONGEST_NOTE: Final = 10_000
_BLANKS = frozenset(("-", "--", "---", "/", "\\", "n.v.t.", "nvt", "n/a", "n.a.", "."))
_TOTALS = frozenset(
    [
        "totaal",
        "total",
        "totalen",
        "totaux",
        "totals",
        "som",
        "sum",
        "somme",
        "subtotaal",
        "subtotal",
        "aantal",
        "gemiddelde",
        "average",
        "moyenne",
        "eindtotaal",
    ]
)
# Health, origin, belief, justice: what may not lie about in a plain note (GDPR articles 9 and 10).
_SENSITIVE = re.compile(
    r"gezond|medisch|medic|ziek|diagnos|beperking|handicap|psych|verslav|drug|alcohol|allerg|rug(?:last|klacht)|zwanger|"
    r"nationalit|herkomst|origin|etnisch|afkomst|religi|geloof|moslim|islam|joods|strafregister|gerecht|gevangen|detentie|"
    r"justitie|sante|maladie|health|illness|religion|criminal|prison|asiel|seksue|geaardheid|vakbond|politiek"
)


@dataclass(slots=True)
class Run:
    """What one reading gathers over all sheets."""

    context: ImportContext
    problems: list[Problem] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    duplicates: list[Duplicate] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def fingerprint(self, *parts: str) -> str:
        """A keyed hash: names and birth dates are few enough to guess from a bare one."""
        message = "\x1f".join(parts).encode()
        return hmac.new(self.context.secret or b"stapsteen", message, sha256).hexdigest()[:40]

    def known(self, *prints: str) -> str:
        """The first of these fingerprints that an earlier import made, or ''."""
        return next((item for item in prints if item in self.context.known), "")

    def sheet_problem(
        self, plan: SheetPlan, code: str, column: ColumnPlan | None = None, **params: str
    ) -> None:
        """A problem of the sheet or of a column as a whole, told once."""
        self.problems.append(
            Problem(
                id=f"{plan.sheet}!{column.letter if column else ''}0:{code}",
                sheet=plan.sheet,
                row=0,
                column=column.heading if column else "",
                cell=column.letter if column else "",
                value="",
                code=code,
                severity=TEXTS[code].severity,
                params=params,
            )
        )


@dataclass(eq=False)
class Row:
    """A row of a sheet, its cells already replaced by what a user decided."""

    run: Run
    plan: SheetPlan
    number: int
    cells: Cells
    raw: Cells
    decided: frozenset[int]
    noted: frozenset[int]
    orders: dict[int, Order]
    skipped: bool = False
    is_total: bool = False
    status: Status = "ready"
    problems: list[Problem] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    @cached_property
    def columns(self) -> dict[str, ColumnPlan]:
        return {column.field: column for column in self.plan.columns if column.field}

    def value(self, name: str) -> Value:
        """The cell of this field; a dash or 'n.v.t.' is an empty cell."""
        column = self.columns.get(name)
        if column is None or column.index in self.noted:
            return None
        value = self.cells[column.index]
        return None if isinstance(value, str) and value.strip().casefold() in _BLANKS else value

    def text(self, name: str) -> str:
        return shown(self.value(name))[:LONGEST_NOTE]

    def order(self, name: str) -> Order:
        return self.orders.get(self.columns[name].index, "dmy")

    def problem(
        self,
        code: str,
        name: str = "",
        /,
        *,
        suggested: str = "",
        choices: tuple[Choice, ...] = (),
        column: ColumnPlan | None = None,
        **params: str,
    ) -> None:
        """Note a problem, unless the user has already decided about this cell. A refusing one refuses the row."""
        column = column or self.columns.get(name)
        severity = TEXTS[code].severity
        if severity == "repaired" and not TEXTS[code].unread and column and column.index in self.decided:
            return
        if severity == "refused":
            self.status = "refused"
        self.problems.append(
            Problem(
                id=self.problem_id(code, column),
                sheet=self.plan.sheet,
                row=self.number,
                column=column.heading if column else "",
                cell=f"{column.letter}{self.number}" if column else "",
                value=self.shown_cell(column) if column else "",
                code=code,
                severity=severity,
                params=params,
                suggested_value=suggested,
                choices=choices,
            )
        )

    def problem_id(self, code: str, column: ColumnPlan | None) -> str:
        return f"{self.plan.sheet}!{column.letter if column else ''}{self.number}:{code}"

    def choice(self, code: str, name: str = "") -> str:
        """The key that the user chose for this problem, or ''."""
        decision = self.run.context.decisions.get(self.problem_id(code, self.columns.get(name)))
        return decision.value if decision is not None and decision.action == "choose" else ""

    def keep(
        self,
        code: str,
        name: str = "",
        *,
        suggested: str = "",
        choices: tuple[Choice, ...] = (),
        column: ColumnPlan | None = None,
    ) -> None:
        """The cell can't be read: say so and keep its text as a note."""
        self.problem(code, name, suggested=suggested, choices=choices, column=column)
        self.note(name, column)

    def note(self, name: str, column: ColumnPlan | None = None) -> None:
        column = column or self.columns.get(name)
        if column is not None and self.cells[column.index] is not None:
            self.add_note(column.heading, shown(self.cells[column.index]), sensitive=name in SENSITIVE_FIELDS)

    def add_note(self, heading: str, text: str, *, sensitive: bool = False) -> None:
        hint = bool(_SENSITIVE.search(fold(f"{clip(heading)} {text[:2000]}")))
        note = Note(clip(heading), text[:LONGEST_NOTE], sensitive or hint)
        if note not in self.notes:
            self.notes.append(note)

    def note_rest(self) -> None:
        """Columns without a field, and cells that the user wants as a note."""
        for column in self.plan.columns:
            value = self.cells[column.index]
            if column.heading == WHY and column is self.plan.columns[-1]:
                continue  # our own column of leftovers that come back
            if value is not None and (column.field is None or column.index in self.noted):
                self.add_note(column.heading, shown(value))

    def all_notes(self) -> tuple[Note, ...]:
        return tuple(self.notes)

    def shown_cell(self, column: ColumnPlan) -> str:
        """The cell as typed; a national number never whole."""
        value = self.raw[column.index]
        if column.field == "insz":
            return mask_insz(value) if value is not None else ""
        return shown(value)[:500]

    def source_fingerprint(self) -> str:
        return self.run.fingerprint("row", self.plan.kind, *(shown(value) for value in self.raw))

    @property
    def repaired(self) -> bool:
        return any(problem.severity == "repaired" for problem in self.problems)

    @property
    def unread(self) -> bool:
        return any(problem.unread for problem in self.problems)


def data_rows(run: Run, plan: SheetPlan, sheet: Sheet) -> Iterator[Row]:
    """The data rows of a sheet. Blank rows, totals and repeated headings are left out, totals are told."""
    heading = tuple(fold(shown(value)) for value in sheet.rows[plan.first_data_row - 2])
    decided = _decisions_of(run, plan)
    filled = _fill_down(plan, sheet)
    orders = _orders(plan, sheet)
    for number in range(plan.first_data_row, len(sheet.rows) + 1):
        raw = tuple(filled.get((number, index), value) for index, value in enumerate(sheet.rows[number - 1]))
        if all(value is None for value in sheet.rows[number - 1]):
            continue
        if tuple(fold(shown(value)) for value in raw) == heading:
            continue
        row = _row(run, plan, number, raw, decided.get(number, {}), orders)
        if _is_total(row):
            row.is_total = True
            run.rows.append(row)
            continue
        _empty_formulas(row, sheet)
        yield row


def _row(
    run: Run,
    plan: SheetPlan,
    number: int,
    raw: Cells,
    decisions: dict[str, Decision],
    orders: dict[int, Order],
) -> Row:
    cells = list(raw)
    decided, noted = set(), set()
    for column in plan.columns:
        decision = decisions.get(column.letter)
        if decision is None:
            continue
        if decision.action == "note":
            noted.add(column.index)
        elif decision.value:
            cells[column.index] = decision.value
            decided.add(column.index)
    skipped = any(decision.action == "skip" for decision in decisions.values())
    return Row(run, plan, number, tuple(cells), raw, frozenset(decided), frozenset(noted), orders, skipped)


_ID = re.compile(r"([A-Z]{0,3})(\d{1,7}):(\w{1,40})")


def _decisions_of(run: Run, plan: SheetPlan) -> dict[int, dict[str, Decision]]:
    """Row -> column letter -> decision, from the ids of the problems that were answered."""
    found: dict[int, dict[str, Decision]] = {}
    for problem_id, decision in run.context.decisions.items():
        sheet, _, place = problem_id.rpartition("!")
        match = _ID.fullmatch(place)
        if sheet != plan.sheet or match is None:
            continue
        by_value = decision.action in ("value", "accept") or match[3].startswith("town_")
        if decision.action in ("note", "skip") or (by_value and decision.value):
            found.setdefault(int(match[2]), {})[match[1]] = decision
    return found


def _fill_down(plan: SheetPlan, sheet: Sheet) -> dict[tuple[int, int], Value]:
    """Cells merged downwards hold their value in every row."""
    filled: dict[tuple[int, int], Value] = {}
    for top, left, bottom, right in sheet.merges:
        if top < plan.first_data_row or bottom == top or left != right or bottom > len(sheet.rows):
            continue
        for row in range(top + 1, bottom + 1):
            filled[row, left] = sheet.rows[top - 1][left]
    return filled


def _orders(plan: SheetPlan, sheet: Sheet) -> dict[int, Order]:
    orders: dict[int, Order] = {}
    for column in plan.columns:
        if not column.field or spec(plan.kind, column.field).content not in ("date", "birth"):
            continue
        if month_first([row[column.index] for row in sheet.rows[plan.first_data_row - 1 :]]):
            orders[column.index] = "mdy"
    return orders


def _is_total(row: Row) -> bool:
    """'Totaal' first, and nothing but numbers after it."""
    filled = [value for value in row.raw if value is not None]
    if not filled or not isinstance(filled[0], str):
        return False
    words = fold(clip(filled[0])).split()
    if not words or words[0] not in _TOTALS or len(words) > 4:
        return False
    return all(isinstance(value, int | float) or _bare_number(value) for value in filled[1:])


def _bare_number(value: Value) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"[\d.,:uh ]{1,20}", clip(value)))


def _empty_formulas(row: Row, sheet: Sheet) -> None:
    """A formula without a result in a column that stays a note (in a needed column the file is refused)."""
    for column in row.plan.columns:
        if (row.number, column.index) in sheet.uncached:
            row.problem("formula_empty", column=column)


def finish(row: Row) -> None:
    """Close a row: a skipped one is refused, its problems join the others."""
    if row.skipped:
        row.status = "refused"
        row.problem("row_skipped")
    row.run.rows.append(row)
