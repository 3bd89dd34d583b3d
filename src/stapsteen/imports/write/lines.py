"""The lines on timelines that an import makes: thousands, written at its end in few statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from stapsteen.core import events
from stapsteen.core.models import Event

BATCH = 500
_gathered: ContextVar[list[Any] | None] = ContextVar("stapsteen_import_lines", default=None)


@contextmanager
def together() -> Iterator[None]:
    """The block's lines are written when it ends, none of them when it fails.

    A block inside another hands its lines on: put one inside each savepoint that may be taken back.
    """
    outer, lines = _gathered.get(), list[Any]()
    mine, kept = _gathered.set(lines), events.keep.set(lines.append)
    try:
        yield
    finally:
        _gathered.reset(mine)
        events.keep.reset(kept)
    if outer is None:
        Event.objects.bulk_create(lines, batch_size=BATCH)
    else:
        outer.extend(lines)
