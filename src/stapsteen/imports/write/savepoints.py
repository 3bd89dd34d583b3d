"""Savepoints of an import: only where something may be taken back and the import goes on.

Every action makes one of its own, so that whoever calls it can go on after a broken rule. An import that breaks is taken
back whole; in its one transaction thousands of savepoints are a third of all statements.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def without_savepoints() -> Iterator[None]:
    """Blocks inside make none: an error in one of them takes back all up to the nearest `savepoint`, or everything."""
    with _uses(False):
        yield


@contextmanager
def savepoint() -> Iterator[None]:
    """A real one, inside `without_savepoints`: an error takes back this block alone."""
    with _uses(True), transaction.atomic(), _uses(False):
        yield


@contextmanager
def _uses(wanted: bool) -> Iterator[None]:
    """What Django asks of this connection before each savepoint, and asks of no other connection."""
    before = connection.features.uses_savepoints
    connection.features.uses_savepoints = wanted
    try:
        yield
    finally:
        connection.features.uses_savepoints = before
