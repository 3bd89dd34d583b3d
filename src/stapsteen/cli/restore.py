"""`./stapsteen restore FILE`: bring a backup back, in this order:

decrypt and check all of it; refuse a database that holds rows (unless --yes); load it in ONE transaction, so that
a failure leaves everything as it was; compare rows and checksums; bring the tables up to this version; verify the
sealed logs against the ends noted in the backup; erase again whoever was erased since.
"""

import argparse
import contextlib
import io
import json
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from stapsteen.cli import backupfile, cluster, pgtools
from stapsteen.cli.console import Refused, plain, say
from stapsteen.cli.demo import only_one
from stapsteen.cli.environment import base_environment, embedded_environment, manage_command
from stapsteen.cli.paths import ROOT, TABLES, data_folder

LEDGER = "erasures.jsonl"
# As initdb makes it; pg_dump leaves out what is the same there.
EMPTY_SCHEMA = """DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
ALTER SCHEMA public OWNER TO pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;
"""
# Written by pg_dump 17 and later, unknown to PostgreSQL 15 and 16.
NEWER_SETTING = b"SET transaction_timeout = 0;\n"


@dataclass(frozen=True)
class Target:
    """Where it goes: the owner's address, one that sees every row, the data folder, Django's environment."""

    owner: str
    look: str
    data: Path
    environment: dict[str, str]
    folder: Path | None = None  # of the built-in database


@dataclass
class Contents:
    """What a backup holds, without the database."""

    manifest: dict[str, Any] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    has_database: bool = False


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the backup")
    parser.add_argument("--into", metavar="DSN", help="the owner's address of another database")
    parser.add_argument("--passphrase-file", type=Path, help="the file with the passphrase it was made with")
    parser.add_argument(
        "--keys-to", type=Path, metavar="FILE", help="write the keys that are in it to this file"
    )
    parser.add_argument("--yes", action="store_true", help="replace a database that holds rows")


def same_place(address: str, owner: str) -> str:
    """The application's address on the server and database of `owner`."""
    app, own = urlsplit(address), urlsplit(owner)
    user = app.netloc.rpartition("@")[0] or cluster.APP
    return own._replace(netloc=f"{user}@{own.netloc.rpartition('@')[2]}").geturl()


@contextlib.contextmanager
def installation(into: str | None) -> Iterator[Target]:
    """`into`, else the production database (DATABASE_OWNER_URL), else the built-in one."""
    app = os.environ.get("DATABASE_URL", "")
    owner = into or os.environ.get("DATABASE_OWNER_URL")
    if into or app:
        if not owner:
            raise Refused("set DATABASE_OWNER_URL: the tables belong to the owner's role.")
        data = Path(os.environ.get("STAPSTEEN_DATA_DIR") or ROOT / "var")
        addresses = {"DATABASE_OWNER_URL": owner, "DATABASE_URL": same_place(app, owner) if into else app}
        yield Target(owner, owner, data, {**base_environment(), **addresses})
        return
    folder = data_folder()
    with only_one(folder, "a restore is at work"):
        running = cluster.start(folder)
        try:
            environment = embedded_environment(running)
            files = Path(environment["STAPSTEEN_DATA_DIR"])
            yield Target(running.dsn_owner, running.dsn_admin, files, environment, folder)
        finally:
            running.stop()


def examine(path: Path, secret: tuple[str, bytes]) -> Contents:
    """Read the whole file, checking every chunk; keeps all but the database."""
    found = Contents()
    source, reader = backupfile.open_backup(path, *secret)
    with source:
        for name in reader.entries():
            if name == "database.dump":
                found.has_database = len(list(map(len, reader.blocks()))) > 0
            elif name == "manifest.json":
                found.manifest = json.loads(reader.content())
            elif name == "keys.json":
                found.keys = json.loads(reader.content())
            elif name.startswith("data/"):
                found.files[name.removeprefix("data/")] = reader.content()
            else:
                raise Refused(
                    f"this backup holds {name}, which this version doesn't know. Use the newer version."
                )
    if not found.has_database or "tables" not in found.manifest:
        raise Refused("this backup holds no database.")
    return found


def refuse_if_in_use(target: Target, manifest: dict[str, Any], *, replace: bool) -> int:
    """The server's major version. Raises Refused when rows would be lost or the server is too old."""
    with pgtools.connect(target.look) as connection:
        major = pgtools.major_of_server(connection)
        if major < manifest["postgresql"]:
            raise Refused(
                f"the backup comes from PostgreSQL {manifest['postgresql']}, this server is {major}: too old."
            )
        used = (
            []
            if replace
            else [table for table in pgtools.tables(connection) if pgtools.has_rows(connection, table)]
        )
    if used:
        raise Refused(
            f"the database is in use ({len(used)} tables hold rows). To replace everything in it: --yes"
        )
    return major


# Loading


class Feeder(threading.Thread):
    """Hands the decrypted dump to pg_restore while the main thread hands its SQL to psql."""

    def __init__(self, path: Path, secret: tuple[str, bytes], sink: IO[bytes]) -> None:
        super().__init__(daemon=True)
        self.path, self.secret, self.sink = path, secret, sink
        self.error: Refused | None = None

    def run(self) -> None:
        source, reader = backupfile.open_backup(self.path, *self.secret)
        try:
            with source, contextlib.closing(self.sink):
                for name in reader.entries():
                    for block in reader.blocks():
                        if name == "database.dump":
                            self.sink.write(block)
        except Refused as refused:
            self.error = refused
        except BrokenPipeError:
            pass  # pg_restore stopped; its exit code says so


def load(path: Path, secret: tuple[str, bytes], owner: str, major: int) -> None:
    """pg_restore turns the dump into SQL; psql empties the schema and runs it, all in one transaction."""
    tools = pgtools.tools_for(major)
    unpack = [str(tools / "pg_restore"), "--file=-", "--no-owner", "--no-comments"]
    play = [str(tools / "psql"), "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    play += ["--output=/dev/null", "--file=-", "--dbname", owner]
    environment = pgtools.environment("-c client_min_messages=warning -c lock_timeout=15s")
    pipe = subprocess.PIPE
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(unpack, stdin=pipe, stdout=pipe, stderr=log, env=environment) as restore,
        subprocess.Popen(play, stdin=pipe, stderr=log, env=environment) as psql,
    ):
        assert restore.stdin  # noqa: S101 - asked for above
        assert restore.stdout  # noqa: S101
        assert psql.stdin  # noqa: S101
        feeder = Feeder(path, secret, restore.stdin)
        feeder.start()
        pump(restore.stdout, psql.stdin, old_server=major < 17)
        feeder.join()
        if feeder.error or restore.wait() != 0:
            psql.kill()  # before it sees the end of its input: that would commit half a database
        with contextlib.suppress(BrokenPipeError):
            psql.stdin.close()
        psql.wait()
        log.seek(0)
        said = log.read().decode(errors="replace").strip()
    if feeder.error:
        raise feeder.error
    if restore.returncode or psql.returncode:
        raise Refused(f"nothing was changed. PostgreSQL said: {said or 'nothing'}")


def pump(source: IO[bytes], sink: IO[bytes], *, old_server: bool) -> None:
    """Hand the SQL over; when psql has stopped, read on without it so that pg_restore can end."""
    try:
        sink.write(EMPTY_SCHEMA.encode())
        head = source.read1(1 << 16) if isinstance(source, io.BufferedReader) else source.read(1 << 16)
        sink.write(head.replace(NEWER_SETTING, b"", 1) if old_server else head)
        shutil.copyfileobj(source, sink)
        sink.flush()
    except BrokenPipeError:
        while source.read(1 << 20):
            pass


def learn(owner: str) -> None:
    """Let the server count what it got: without it the first hours run on bad plans."""
    with pgtools.connect(owner) as connection:
        connection.execute("ANALYZE")


def verify_rows(target: Target, wanted: pgtools.Sums) -> None:
    """Compare every table with the manifest. Raises Refused naming the tables that differ."""
    with pgtools.connect(target.look) as connection:
        lines = pgtools.differences(wanted, pgtools.sums(connection))
    if lines:
        raise Refused("the restored database is not the same as the backup:\n" + "\n".join(lines[:20]))


# Around the database


def ledger_of_both(here: Path, restored: bytes) -> bytes:
    """Every erasure that this machine or the backup knows, each once. One made after the backup must not be lost."""
    present = here.read_bytes() if here.exists() else b""
    lines = dict.fromkeys([*restored.splitlines(), *present.splitlines()])
    return b"".join(line + b"\n" for line in lines if line.strip())


def put_files(data: Path, files: dict[str, bytes]) -> Path:
    """Write the data folder's files; returns the ledger. Raises Refused for a name that leads outside."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    merged = {**files, LEDGER: ledger_of_both(data / LEDGER, files.get(LEDGER, b""))}
    for name, content in merged.items():
        path = (data / name).resolve()
        if not path.is_relative_to(data.resolve()):
            raise Refused(f"this backup holds a file outside of the data folder: {name}")
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(path.name + ".new")
        partial.write_bytes(content)
        partial.rename(path)
    return data / LEDGER


def put_keys(target: Target, keys: dict[str, str], keys_to: Path | None) -> None:
    """Write the keys where asked, and give the built-in installation its own back (the old ones open nothing now)."""
    if keys_to:
        if not keys:
            raise Refused("this backup was made without --with-keys: there are no keys in it.")
        write_private(keys_to, "".join(f"{name}={value}\n" for name, value in keys.items()))
    if target.folder and keys:
        old = target.folder / "secrets.json"
        old.rename(target.folder / "secrets.before-restore.json")
        write_private(old, json.dumps(keys))
        target.environment.update(keys)
    if not keys:
        plain(
            "stapsteen: the keys are not in this backup; sensitive facts open only with the keys it was made with."
        )


def write_private(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as output:
        output.write(text)


def django(target: Target, *words: str) -> None:
    """One of Django's commands on the restored database. Raises Refused with its last lines."""
    result = subprocess.run(manage_command(*words), env=target.environment, capture_output=True, text=True)
    if result.returncode:
        said = (result.stdout + result.stderr).strip().splitlines()[-10:]
        raise Refused(f"the data is back, but `manage {words[0]}` failed:\n" + "\n".join(said))


def run(args: argparse.Namespace) -> int:
    secret = backupfile.secret(args.passphrase_file)
    say("checking the backup")
    contents = examine(args.file, secret)
    manifest = contents.manifest
    plain(
        f"stapsteen: made {manifest['made']} by version {manifest['version']}, {len(manifest['tables'])} tables"
    )
    if args.keys_to and not contents.keys:
        raise Refused("this backup was made without --with-keys: there are no keys in it.")
    with installation(args.into) as target:
        major = refuse_if_in_use(target, manifest, replace=args.yes)
        say("loading")
        load(args.file, secret, target.owner, major)
        learn(target.owner)
        say("comparing rows and checksums")
        verify_rows(target, manifest["tables"])
        ledger = put_files(target.data, contents.files)
        put_keys(target, contents.keys, args.keys_to)
        if target.folder:
            (target.folder / TABLES).unlink(missing_ok=True)
            (target.folder / "seeded").touch()  # the demo must not fill its examples in over this
        say("bringing the tables up to this version")
        django(target, "migrate", "--verbosity", "0")
        say("verifying the sealed logs")
        django(target, "verify_log", *[word for anchor in manifest["log"] for word in ("--anchor", anchor)])
        say("erasing again whoever was erased since")
        django(target, "replay_erasures", "--ledger", str(ledger))
    say("restored")
    return 0
