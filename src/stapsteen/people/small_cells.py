"""Small cells: numbers from 1 to 4 could point at someone, so who may not see persons doesn't see them either.

A hidden number must not follow from the others: where a sum would give it away, a second cell is hidden with it
(defaults, "Figures"; requirement J7).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction

SMALLEST = 5
"""The smallest number above 0 that is shown."""

type Key = Hashable
type Line = Sequence[Key]
"""Cells that add up: all but the last, to the last."""


def is_small(value: int | Fraction) -> bool:
    return 0 < value < SMALLEST


def hidden(values: Mapping[Key, int | Fraction], lines: Sequence[Line]) -> frozenset[Key]:
    """The cells to hide. After it no line has one hidden cell, nor hidden parts that together are small."""
    gone = {key for key, value in values.items() if is_small(value)}
    while extra := next((found for line in lines if (found := _give_away(values, gone, line))), None):
        gone.add(extra[0])
    return frozenset(gone)


def _give_away(values: Mapping[Key, int | Fraction], gone: set[Key], line: Line) -> tuple[Key] | None:
    """A cell that must go too, because the rest of its line tells what is hidden (in a tuple: a key may be falsy)."""
    *parts, total = line
    lost = [key for key in line if key in gone]
    if not lost or (total in gone and len(lost) > 1):
        return None
    if len(lost) > 1 and not is_small(sum(values[key] for key in lost)):
        return None
    shown = [key for key in parts if key not in gone]
    if not shown:
        return (total,) if total not in gone else None
    return (min(shown, key=lambda key: (values[key] == 0, values[key])),)
