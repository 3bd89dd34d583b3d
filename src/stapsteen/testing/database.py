"""A test database in a blink: migrated once for the models as they are, then copied.

The copy's name holds a hash of everything that decides what stands in an empty database: models, states, migrations, core,
and the files that write SQL. Another hash is another copy; only the newest few are kept.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]
TOP = ROOT.parents[1]
KEPT, TRIES = 3, 60
PREFIX = "blank_stapsteen_"


def fingerprint() -> str:
    """Changes when an empty, migrated and secured database would."""
    digest = hashlib.sha256()
    for path in sorted(
        [
            *ROOT.rglob("*.py"),
            *(ROOT.parents[1] / "data").rglob("*.csv"),
            *(ROOT.parents[1] / "locks").glob("*.txt"),
        ]
    ):
        if "tests" not in path.parts and _decides(path):
            digest.update(str(path.relative_to(ROOT.parents[1])).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _decides(path: Path) -> bool:
    named = {"models", "migrations", "core"}.intersection(path.parts) or path.stem in {"models", "states"}
    return bool(named) or path.suffix != ".py" or "CREATE OR REPLACE" in path.read_text()


BLANK_LOCK = Path(tempfile.gettempdir()) / f"stapsteen-blank-{os.getuid()}.lock"


@contextmanager
def one_at_a_time(path: Path = BLANK_LOCK) -> Iterator[None]:
    """Two test workers don't make the same copy at once."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def create_from_copy(settings: dict[str, Any], name: str, make: Any) -> None:
    """The database `name`, copied from the blank one of today's fingerprint; `make(blank)` migrates that when it isn't there.

    `settings`: the owner's connection (Django's names).
    """
    blank = PREFIX + fingerprint()
    with one_at_a_time():
        with connect(settings) as connection:
            if blank not in _blanks(connection):
                make(f"{blank}_new")
                connection.execute(named("ALTER DATABASE {} RENAME TO {}", f"{blank}_new", blank))
                _drop_old(connection, blank)
        copy(settings, blank, name)


def copy(settings: dict[str, Any], source: str, name: str) -> None:
    """The database `name`, whatever it was, becomes a copy of `source`, that nobody is working in."""
    drop(settings, name)
    with connect(settings) as connection:
        connection.execute(named("CREATE DATABASE {} TEMPLATE {}", name, source))


def drop(settings: dict[str, Any], name: str) -> None:
    with connect(settings) as connection:
        drop_over(connection, name)


def drop_over(connection: psycopg.Connection[Any], name: str) -> None:
    """The server itself, or a role that may more, may be in it for a moment; those can't be sent away, so wait for them."""
    for left in reversed(range(TRIES)):
        try:
            connection.execute(named("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))
            return
        except psycopg.errors.InsufficientPrivilege:
            if not left:
                raise
            time.sleep(1)


def connect(settings: dict[str, Any]) -> psycopg.Connection[Any]:
    return psycopg.connect(
        dbname=settings["NAME"], user=settings["USER"], password=settings["PASSWORD"] or None,
        host=settings["HOST"], port=settings["PORT"] or None, autocommit=True,
    )  # fmt: skip


def named(text: str, *names: str) -> sql.Composed:
    return sql.SQL(text).format(*(sql.Identifier(name) for name in names))


def _blanks(connection: psycopg.Connection[Any]) -> list[str]:
    """Oldest first."""
    rows = connection.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid", [PREFIX]
    )
    return [row[0] for row in rows]


def _drop_old(connection: psycopg.Connection[Any], newest: str) -> None:
    others = [name for name in _blanks(connection) if name != newest]
    for name in others[: max(len(others) - KEPT + 1, 0)]:
        connection.execute(named("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))
