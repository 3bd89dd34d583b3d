"""The numbers of one report by key, with what may not be shown taken out."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from fractions import Fraction

from stapsteen.people.small_cells import Line, hidden

type Number = int | Fraction


class Hidden:
    """Stands where a number may not be shown."""


HIDDEN = Hidden()
type Cell = Number | str | Hidden


class Cells:
    """Put the numbers in, say which add up, `close`, then take them out. With `protect` small ones come out HIDDEN."""

    def __init__(self, *, protect: bool) -> None:
        self.protect = protect
        self.values: dict[Hashable, Number] = {}
        self.lines: list[Line] = []
        self.gone: frozenset[Hashable] = frozenset()

    def put(self, key: Hashable, value: Number) -> None:
        if key in self.values:
            raise ValueError(f"The cell {key} is there twice.")
        self.values[key] = value

    def add_up(self, parts: Iterable[Hashable], total: Hashable) -> None:
        """The parts make the total, or bound it so that it would give a part away."""
        self.lines.append((*parts, total))

    def close(self) -> None:
        if self.protect:
            self.gone = hidden(self.values, self.lines)

    def __getitem__(self, key: Hashable) -> Cell:
        return HIDDEN if key in self.gone else self.values[key]

    def share(self, part: Hashable, whole: Hashable) -> Cell:
        """Percent as an exact fraction; hidden when either is; '' of nothing."""
        if part in self.gone or whole in self.gone:
            return HIDDEN
        return Fraction(self.values[part] * 100, self.values[whole]) if self.values[whole] else ""
