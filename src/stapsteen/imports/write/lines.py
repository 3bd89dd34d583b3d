"""The lines on timelines that an import makes, and other first rows: thousands, written at its end in few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from stapsteen.core import events

BATCH = 500
_gathered: ContextVar[list[Any] | None] = ContextVar("stapsteen_import_lines", default=None)


@contextmanager
def together() -> Iterator[None]:
    """The block's rows are written when it ends, none of them when it fails.

    A block inside another hands its rows on: put one inside each savepoint that may be taken back.
    """
    outer, rows = _gathered.get(), list[Any]()
    mine, kept = _gathered.set(rows), events.keep.set(rows.append)
    try:
        yield
    finally:
        _gathered.reset(mine)
        events.keep.reset(kept)
    if outer is None:
        _write(rows)
    else:
        outer.extend(rows)


@contextmanager
def at_once() -> Iterator[None]:
    """The block's rows are written as they come, for what reads them again before the import ends."""
    kept = events.keep.set(lambda row: row.save())
    try:
        yield
    finally:
        events.keep.reset(kept)


def _write(rows: list[Any]) -> None:
    """Table by table, in the order in which they were made."""
    tables: defaultdict[type[Any], list[Any]] = defaultdict(list)
    for row in rows:
        tables[type(row)].append(row)
    for model, made in tables.items():
        model.objects.bulk_create(made, batch_size=BATCH)
