"""How the demo is made quicker because all of it is kept or nothing: without a way back for each single action."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from stapsteen.core import events
from stapsteen.core.models import Event


@contextmanager
def in_one_go() -> Iterator[None]:
    """Inside, blocks in the running transaction make no savepoints (of all statements they are three in ten).

    An action that fails then fails the whole transaction; `with_a_way_back` is for one that may.
    """
    with _savepoints(False):
        yield


@contextmanager
def with_a_way_back() -> Iterator[None]:
    """For an action that may be refused: what it wrote is taken back, and the story goes on."""
    at_once = events.keep.set(lambda line: line.save())
    try:
        with _savepoints(True):
            yield
    finally:
        events.keep.reset(at_once)


@contextmanager
def lines_together() -> Iterator[None]:
    """The timeline's lines of one step are written at its end, in one statement."""
    gathered: list[Event] = []

    def keep(row: Any) -> None:
        if isinstance(row, Event):
            gathered.append(row)
        else:
            row.save()

    before = events.keep.set(keep)
    try:
        yield
    finally:
        events.keep.reset(before)
    Event.objects.bulk_create(gathered)


@contextmanager
def _savepoints(wanted: bool) -> Iterator[None]:
    features = connection.features
    before, features.uses_savepoints = features.uses_savepoints, wanted
    try:
        yield
    finally:
        features.uses_savepoints = before
