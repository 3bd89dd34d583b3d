"""A backup comes back row for row, is closed to whoever lacks the key, and a failed restore changes nothing."""

import base64
import io
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from stapsteen.cli import backup, backupfile, cluster, pgtools, restore
from stapsteen.cli.console import Refused
from stapsteen.testing import database as testing

KEY = ("key", bytes(range(32)))
SCHEMA = """
CREATE TABLE fact (id int PRIMARY KEY, at timestamptz, sealed bytea, amount numeric(8, 2), tags text[], body jsonb);
CREATE TABLE note (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, fact_id int REFERENCES fact, "Text" text);
ALTER TABLE fact ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON fact USING (id::text = current_setting('stapsteen.service', true));
GRANT SELECT ON fact TO stapsteen_app;
CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT n * 2';
INSERT INTO note ("Text") VALUES (E'line\\nSET transaction_timeout = 0;\\n\\\\.'), ('é€ 漢'), (NULL);
"""


def in_memory(*entries: tuple[str, bytes], secret: tuple[str, bytes] = KEY) -> bytes:
    output = io.BytesIO()
    sealer = backupfile.Sealer(output, *secret)
    writer = backupfile.Writer(sealer)
    for name, data in entries:
        writer.entry(name, data)
    sealer.finish()
    return output.getvalue()


def read(data: bytes, secret: tuple[str, bytes] = KEY) -> dict[str, bytes]:
    reader = backupfile.Reader(backupfile.unsealed(io.BytesIO(data), *secret))
    return {name: reader.content() for name in reader.entries()}


# The file


@pytest.mark.parametrize("size", [0, 1, backupfile.CHUNK - 1, backupfile.CHUNK, 2 * backupfile.CHUNK + 7])
def test_what_goes_in_comes_out(size: int) -> None:
    data = os.urandom(size)
    assert read(in_memory(("a", data), ("b", b"end"))) == {"a": data, "b": b"end"}


def test_nothing_readable_is_in_the_file() -> None:
    assert b"Mieke" not in in_memory(("a", b"Mieke Peeters" * 100))


def test_a_passphrase_opens_it_and_another_does_not(tmp_path: Path) -> None:
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("correct horse battery staple\n")
    secret = backupfile.secret(passphrase)
    data = in_memory(("a", b"1"), secret=secret)
    assert read(data, secret) == {"a": b"1"}
    with pytest.raises(Refused, match="the key doesn't fit"):
        read(data, ("scrypt", b"correct horse battery stable"))
    with pytest.raises(Refused, match="made with a passphrase"):
        read(data)


def test_every_damage_is_noticed() -> None:
    whole = in_memory(("a", os.urandom(3 * backupfile.CHUNK)))
    start = whole.index(b"\n", len(backupfile.MAGIC)) + 1
    one = 4 + backupfile.CHUNK + backupfile.TAG
    damages = {
        "changed": whole[: start + one + 50] + b"?" + whole[start + one + 51 :],
        "cut at a chunk": whole[: start + one],
        "cut inside": whole[:-5],
        "swapped": whole[:start]
        + whole[start + one : start + 2 * one]
        + whole[start : start + one]
        + whole[start + 2 * one :],
        "left out": whole[:start] + whole[start + one :],
        "header changed": whole[:start].replace(b'"kind": "key"', b'"kind":  "key"') + whole[start:],
        "no chunks": whole[:start],
        "longer": whole + b"\0\0\0\1",
    }
    for name, data in damages.items():
        with pytest.raises(Refused):
            print(name, len(read(data)))


@pytest.mark.parametrize(
    "data", [b"", b"hello", backupfile.MAGIC, backupfile.MAGIC + b"{}\n", backupfile.MAGIC + b"[1"]
)
def test_something_else_is_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        read(data)


@pytest.mark.parametrize("value", ["", "short", base64.b64encode(b"x" * 31).decode(), "é" * 44])
def test_a_bad_key_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("STAPSTEEN_BACKUP_KEY", value)
    with pytest.raises(Refused, match="STAPSTEEN_BACKUP_KEY"):
        backupfile.secret(None)


def test_a_new_key_is_a_good_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAPSTEEN_BACKUP_KEY", backupfile.new_key())
    kind, key = backupfile.secret(None)
    assert (kind, len(key)) == ("key", 32)


# The database


class Databases:
    """Makes databases on the test server as its owner; `admin` and `owner` are addresses of one."""

    def __init__(self, server: cluster.Cluster) -> None:
        self.server = server
        self.made: list[str] = []

    def make(self, name: str, schema: str = "") -> str:
        name = f"backup_{name}_{os.getpid()}"
        with psycopg.connect(self.server.dsn_owner, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        self.made.append(name)
        with psycopg.connect(self.owner(name), autocommit=True) as connection:
            connection.execute(schema)
        return name

    def owner(self, name: str) -> str:
        return self.server.dsn(cluster.OWNER, name)

    def admin(self, name: str) -> str:
        return self.server.dsn(cluster.ADMIN, name)

    def target(self, name: str, data: Path) -> restore.Target:
        return restore.Target(self.owner(name), self.admin(name), data, {})


@pytest.fixture
def databases(monkeypatch: pytest.MonkeyPatch) -> Iterator[Databases]:
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        monkeypatch.delenv(name, raising=False)
    server = cluster.start(name="test", fast=True)
    made = Databases(server)
    yield made
    with psycopg.connect(server.dsn_owner, autocommit=True) as connection:
        for name in made.made:
            testing.drop_over(connection, name)
    server.stop()


@pytest.fixture
def filled(databases: Databases) -> str:
    name = databases.make("from", SCHEMA)
    with psycopg.connect(databases.admin(name)) as connection:
        for number in range(500):
            connection.execute(
                "INSERT INTO fact VALUES (%s, '2026-03-29 02:30+01', %s, 12.5, ARRAY['a', 'b c'], %s)",
                [number, os.urandom(40), json.dumps({"n": number})],
            )
    return name


@pytest.fixture
def make_backup(databases: Databases, filled: str, tmp_path: Path) -> Callable[..., Path]:
    def make(**keywords: bool) -> Path:
        data = tmp_path / "data"
        (data / "static-built").mkdir(parents=True, exist_ok=True)
        (data / "static-built/site.css").write_text("not data")
        (data / "erasures.jsonl").write_text('{"subject": "1"}\n{"subject": "2"}\n')
        source = backup.Source(databases.admin(filled), data, {"STAPSTEEN_MASTER_KEYS": "1:secret"})
        target = tmp_path / "stapsteen-20261122-000000.backup"
        backup.write_backup(target, source, KEY, anchors=["s:1:digest"], **keywords)
        return target

    return make


def restore_into(
    databases: Databases, name: str, path: Path, data: Path, *, replace: bool = False
) -> restore.Contents:
    contents = restore.examine(path, KEY)
    target = databases.target(name, data)
    major = restore.refuse_if_in_use(target, contents.manifest, replace=replace)
    restore.load(path, KEY, target.owner, major)
    restore.verify_rows(target, contents.manifest["tables"])
    return contents


def test_every_row_comes_back(
    databases: Databases, make_backup: Callable[..., Path], filled: str, tmp_path: Path
) -> None:
    path, name = make_backup(), databases.make("to")
    contents = restore_into(databases, name, path, tmp_path / "new")
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(contents.files) == ["erasures.jsonl"]
    assert (contents.keys, contents.manifest["log"]) == ({}, ["s:1:digest"])
    assert contents.manifest["tables"]["public.fact"][0] == "500"
    with psycopg.connect(databases.admin(filled)) as before, psycopg.connect(databases.admin(name)) as after:
        for query in ("SELECT * FROM fact ORDER BY id", "SELECT * FROM note ORDER BY id", "SELECT twice(21)"):
            assert before.execute(query).fetchall() == after.execute(query).fetchall()


def test_row_security_and_grants_come_back(
    databases: Databases, make_backup: Callable[..., Path], tmp_path: Path
) -> None:
    name = databases.make("rights")
    restore_into(databases, name, make_backup(), tmp_path / "new")
    with psycopg.connect(databases.server.dsn(cluster.APP, name)) as app:
        assert app.execute("SELECT count(*) FROM fact").fetchone() == (0,)
        app.execute("SELECT set_config('stapsteen.service', '7', true)")
        assert app.execute("SELECT count(*) FROM fact").fetchone() == (1,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("SELECT * FROM note")
    with psycopg.connect(databases.owner(name)) as owner:
        owner.execute("ALTER TABLE fact ADD COLUMN more int")  # the next migration can go on
        owner.execute("CREATE TABLE another (id int)")


def test_a_database_in_use_is_refused_and_replaced_when_asked(
    databases: Databases, make_backup: Callable[..., Path], tmp_path: Path
) -> None:
    path, name = (
        make_backup(),
        databases.make("used", "CREATE TABLE old (id int); INSERT INTO old VALUES (1)"),
    )
    with pytest.raises(Refused, match=r"in use \(1 tables hold rows\).*--yes"):
        restore_into(databases, name, path, tmp_path / "new")
    restore_into(databases, name, path, tmp_path / "new", replace=True)
    with psycopg.connect(databases.owner(name)) as connection:
        assert connection.execute("SELECT to_regclass('old')").fetchone() == (None,)


def test_a_restore_that_fails_half_way_changes_nothing(
    databases: Databases, make_backup: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, name = (
        make_backup(),
        databases.make("kept", "CREATE TABLE old (id int); INSERT INTO old VALUES (1)"),
    )
    with path.open("rb") as source:
        pieces = list(backupfile.unsealed(source, *KEY))
    half = tmp_path / "half.backup"
    with half.open("wb") as output:  # rightly sealed, but the dump inside stops half-way
        sealer = backupfile.Sealer(output, *KEY)
        sealer.write(b"".join(pieces)[:20_000])
        sealer.finish()
    with pytest.raises(Refused, match="ends in the middle"):
        restore.load(half, KEY, databases.owner(name), 18)
    with psycopg.connect(databases.owner(name)) as connection:
        assert connection.execute("SELECT count(*) FROM old").fetchone() == (1,)
        assert connection.execute("SELECT to_regclass('fact')").fetchone() == (None,)


def test_what_postgresql_refuses_changes_nothing(
    databases: Databases, make_backup: Callable[..., Path]
) -> None:
    path = make_backup()
    name = databases.make("locked", "CREATE TABLE old (id int); INSERT INTO old VALUES (1)")
    broken = restore.EMPTY_SCHEMA
    try:
        restore.EMPTY_SCHEMA = broken + "SELECT nonsense;\n"
        with pytest.raises(Refused, match=r"nothing was changed.*nonsense"):
            restore.load(path, KEY, databases.owner(name), 18)
    finally:
        restore.EMPTY_SCHEMA = broken
    with psycopg.connect(databases.owner(name)) as connection:
        assert connection.execute("SELECT count(*) FROM old").fetchone() == (1,)


def test_a_changed_row_is_named(
    databases: Databases, make_backup: Callable[..., Path], filled: str, tmp_path: Path
) -> None:
    path = make_backup()
    with psycopg.connect(databases.admin(filled)) as connection:
        connection.execute("UPDATE fact SET amount = 12.51 WHERE id = 7")
        connection.execute("INSERT INTO note (\"Text\") VALUES ('more')")
    with pytest.raises(
        Refused, match=r"public.fact: the rows differ\npublic.note: 3 rows in the backup, 4 here"
    ):
        restore.verify_rows(databases.target(filled, tmp_path), restore.examine(path, KEY).manifest["tables"])


def test_a_role_that_does_not_see_all_rows_makes_no_backup(
    databases: Databases, filled: str, tmp_path: Path
) -> None:
    source = backup.Source(databases.owner(filled), tmp_path, {})
    with pytest.raises(Refused, match="BYPASSRLS"):
        backup.write_backup(tmp_path / "a.backup", source, KEY, anchors=[])
    assert list(tmp_path.iterdir()) == []


def test_keys_only_when_asked(make_backup: Callable[..., Path]) -> None:
    assert restore.examine(make_backup(), KEY).keys == {}
    assert restore.examine(make_backup(with_keys=True), KEY).keys == {"STAPSTEEN_MASTER_KEYS": "1:secret"}


# Around it


def test_no_erasure_is_forgotten(tmp_path: Path) -> None:
    (tmp_path / "erasures.jsonl").write_bytes(b'{"subject": "2"}\n{"subject": "3"}\n')
    ledger = restore.put_files(tmp_path, {"erasures.jsonl": b'{"subject": "1"}\n{"subject": "2"}\n'})
    assert ledger.read_text().splitlines() == ['{"subject": "1"}', '{"subject": "2"}', '{"subject": "3"}']


def test_a_file_that_leads_outside_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="outside of the data folder"):
        restore.put_files(tmp_path / "data", {"../evil": b""})


def test_old_backups_go_and_the_newest_stay(tmp_path: Path) -> None:
    for day in range(10, 16):
        (tmp_path / f"stapsteen-202611{day}-000000.backup").touch()
    (tmp_path / "other.txt").touch()
    backup.remove_old(tmp_path, 2)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "other.txt",
        "stapsteen-20261114-000000.backup",
        "stapsteen-20261115-000000.backup",
    ]


def test_the_applications_address_follows_the_owners() -> None:
    owner = "postgresql://o:x@db2:5432/trial"
    assert restore.same_place("postgresql://app:y@db1/live", owner) == "postgresql://app:y@db2:5432/trial"
    assert (
        restore.same_place("", "postgresql://o@/trial?host=/run/pg")
        == "postgresql://stapsteen_app@/trial?host=/run/pg"
    )


def test_the_tools_fit_the_server() -> None:
    folder = pgtools.tools_for(18)
    assert pgtools.version_of(folder) >= 18
    with pytest.raises(Refused, match="postgresql-client-99"):
        pgtools.tools_for(99)
