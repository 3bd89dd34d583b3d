"""pg_dump, pg_restore and psql, and what they are compared by: rows and checksums per table."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from stapsteen.cli.console import Refused
from stapsteen.cli.postgres import installed_binaries

# A row's text depends on these; the same on both sides of a backup.
SETTINGS = "-c datestyle=ISO,YMD -c timezone=UTC -c bytea_output=hex -c intervalstyle=postgres -c extra_float_digits=1"
TABLES = """
SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') ORDER BY 1
"""

Sums = dict[str, list[str]]  # table -> [rows, checksum]


def folders_with(program: str) -> list[Path]:
    """Every place with this program: those beside a server, then PATH."""
    places = [path for path in installed_binaries() if (path / program).is_file()]
    if not places:
        debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), reverse=True)
        places = [path.parent for path in debian]
    if not places and (found := shutil.which(program)):
        places = [Path(found).resolve().parent]
    return places


def tools_for(major: int) -> Path:
    """The folder of pg_dump, pg_restore and psql for a server: the same major version, else the newest that may."""
    known: dict[int, Path] = {}
    for folder in folders_with("pg_dump"):
        known.setdefault(version_of(folder), folder)
    if major in known:
        return known[major]
    newer = [version for version in known if version > major]
    if not newer:
        raise Refused(
            f"no pg_dump {major} or newer here. Install it: apt-get install postgresql-client-{major}"
        )
    return known[min(newer)]


def version_of(folder: Path) -> int:
    """Major version of pg_dump in this folder; 0 when it doesn't run."""
    try:
        text = subprocess.run([folder / "pg_dump", "--version"], capture_output=True, text=True).stdout
    except OSError:
        return 0
    return next((int(word.split(".")[0]) for word in text.split() if word[0].isdigit()), 0)


def environment(dsn_options: str = SETTINGS) -> dict[str, str]:
    """For PostgreSQL's programs. The flag opens the owner's policy, so that foreign keys are checked over all rows."""
    return {**os.environ, "PGOPTIONS": f"{dsn_options} -c stapsteen.migrating=on", "PGAPPNAME": "stapsteen"}


@contextmanager
def connect(dsn: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection with fixed settings. Raises Refused when the server doesn't let us in."""
    try:
        connection = psycopg.connect(dsn, options=f"{SETTINGS} -c stapsteen.migrating=on", connect_timeout=10)
    except psycopg.Error as error:
        raise Refused(f"can't connect to the database: {str(error).strip().splitlines()[-1]}") from None
    with connection:
        yield connection


def major_of_server(connection: psycopg.Connection[Any]) -> int:
    return connection.info.server_version // 10000


def tables(connection: psycopg.Connection[Any]) -> list[str]:
    return [row[0] for row in connection.execute(TABLES)]


def has_rows(connection: psycopg.Connection[Any], table: str) -> bool:
    query = f"SELECT EXISTS (SELECT FROM {table})"  # noqa: S608 - quoted by quote_ident
    return bool((connection.execute(query).fetchone() or [False])[0])


def sees_every_row(connection: psycopg.Connection[Any]) -> bool:
    query = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    return bool((connection.execute(query).fetchone() or [False])[0])


def sums(connection: psycopg.Connection[Any]) -> Sums:
    """Rows and a checksum per table: the sum of 60 bits of each row's md5, so that their order doesn't matter."""
    found: Sums = {}
    for table in tables(connection):
        checksum = "coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint), 0)"
        query = f"SELECT count(*), {checksum} FROM {table} t"  # noqa: S608 - quoted by quote_ident
        row = connection.execute(query).fetchone() or (0, 0)
        found[table] = [str(row[0]), str(row[1])]
    return found


def differences(wanted: Sums, found: Sums) -> list[str]:
    """One line per table that isn't the same."""
    lines = []
    for table in sorted(wanted.keys() | found.keys()):
        before, after = wanted.get(table), found.get(table)
        if before is None or after is None:
            lines.append(f"{table}: {'not in the backup' if before is None else 'missing'}")
        elif before[0] != after[0]:
            lines.append(f"{table}: {before[0]} rows in the backup, {after[0]} here")
        elif before[1] != after[1]:
            lines.append(f"{table}: the rows differ")
    return lines
