"""`./stapsteen backup --to DIR`: the whole installation in one encrypted file.

In it: the database as one consistent moment (pg_dump), the data folder with the ledger of erased persons, and a
manifest with rows and checksum per table and the end of every sealed log. Not in it, unless `--with-keys`: the keys
that open the sensitive facts. Keep those elsewhere: a thief needs both.
"""

import argparse
import datetime
import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from stapsteen.cli import backupfile, cluster, pgtools
from stapsteen.cli.console import Refused, plain, say
from stapsteen.cli.environment import base_environment, embedded_environment, manage_command
from stapsteen.cli.paths import ROOT, data_folder

KEYS = ("STAPSTEEN_SECRET_KEY", "STAPSTEEN_MASTER_KEYS")
NOT_DATA = {"static-built"}
PATTERN = "stapsteen-*.backup"


@dataclass(frozen=True)
class Source:
    """What is backed up: a database address that sees every row, the data folder, Django's environment."""

    dsn: str
    data: Path
    environment: dict[str, str]


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--to", type=Path, metavar="DIR", help="the folder that gets the file")
    parser.add_argument(
        "--passphrase-file", type=Path, help="use the passphrase in this file, not STAPSTEEN_BACKUP_KEY"
    )
    parser.add_argument("--with-keys", action="store_true", help="also the keys of the sensitive facts")
    parser.add_argument(
        "--keep", type=int, metavar="N", help="afterwards keep only the N newest files in DIR"
    )
    parser.add_argument("--make-key", action="store_true", help="only print a new STAPSTEEN_BACKUP_KEY")


@contextmanager
def installation() -> Iterator[Source]:
    """This installation: the built-in database as superuser, else STAPSTEEN_BACKUP_URL."""
    if os.environ.get("DATABASE_URL"):
        address = os.environ.get("STAPSTEEN_BACKUP_URL")
        if not address:
            raise Refused("set STAPSTEEN_BACKUP_URL to a role with BYPASSRLS (see deploy/roles.sql).")
        data = Path(os.environ.get("STAPSTEEN_DATA_DIR") or ROOT / "var")
        yield Source(address, data, base_environment())
        return
    running = cluster.start(data_folder())
    try:
        environment = embedded_environment(running)
        yield Source(running.dsn_admin, Path(environment["STAPSTEEN_DATA_DIR"]), environment)
    finally:
        running.stop()


def log_anchors(environment: dict[str, str]) -> list[str]:
    """The end of every service's sealed log: SERVICE:SEQUENCE:DIGEST. Raises Refused when a log doesn't verify."""
    result = subprocess.run(manage_command("verify_log"), env=environment, capture_output=True, text=True)
    if result.returncode:
        lines = (result.stderr or result.stdout).strip().splitlines()
        raise Refused(
            f"the sealed log doesn't verify, look into it first: {lines[-1] if lines else 'no reason given'}"
        )
    return [line.split()[0] for line in result.stdout.splitlines() if line.count(":") >= 2]


def version() -> str:
    """The version of the software, for the manifest."""
    import tomllib

    return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])


def data_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.relative_to(folder).parts[0] not in NOT_DATA:
            yield path


def dump(writer: backupfile.Writer, dsn: str, anchors: list[str]) -> pgtools.Sums:
    """Manifest and database as of one moment: pg_dump reads the snapshot that we counted in."""
    with pgtools.connect(dsn) as connection:
        if not pgtools.sees_every_row(connection):
            raise Refused(
                "the role of the backup doesn't see every row: it needs BYPASSRLS (see deploy/roles.sql)."
            )
        connection.rollback()
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        snapshot = (connection.execute("SELECT pg_export_snapshot()").fetchone() or [""])[0]
        major, sums = pgtools.major_of_server(connection), pgtools.sums(connection)
        manifest = {
            "version": version(),
            "made": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            "postgresql": major,
            "tables": sums,
            "log": anchors,
        }
        writer.entry("manifest.json", json.dumps(manifest).encode())
        command = [
            pgtools.tools_for(major) / "pg_dump",
            "--format=custom",
            f"--snapshot={snapshot}",
            "--dbname",
            dsn,
        ]
        writer.begin("database.dump")
        copy_output([str(part) for part in command], writer)
        writer.end()
    return sums


def copy_output(command: list[str], writer: backupfile.Writer) -> None:
    """Stream a program's output into the open entry. Raises Refused when it fails."""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=pgtools.environment()
    ) as process:
        assert process.stdout  # noqa: S101 - asked for in the line above
        assert process.stderr  # noqa: S101
        while data := process.stdout.read(backupfile.CHUNK):
            writer.block(data)
        errors = process.stderr.read().decode(errors="replace").strip()
    if process.returncode:
        raise Refused(
            f"{Path(command[0]).name} failed: {errors.splitlines()[-1] if errors else process.returncode}"
        )


def write_backup(
    target: Path, source: Source, secret: tuple[str, bytes], *, anchors: list[str], with_keys: bool = False
) -> pgtools.Sums:
    """Write the file, whole or not at all; only its owner may read it."""
    partial = target.with_suffix(".partial")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as output:
            sealer = backupfile.Sealer(output, *secret)
            writer = backupfile.Writer(sealer)
            sums = dump(writer, source.dsn, anchors)
            for path in data_files(source.data):
                writer.entry(f"data/{path.relative_to(source.data)}", path.read_bytes())
            if with_keys:
                keys = {name: source.environment[name] for name in KEYS if name in source.environment}
                writer.entry("keys.json", json.dumps(keys).encode())
            sealer.finish()
            output.flush()
            os.fsync(output.fileno())
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
    return sums


def remove_old(folder: Path, keep: int) -> None:
    for old in sorted(folder.glob(PATTERN), reverse=True)[max(1, keep) :]:
        old.unlink()
        say(f"removed {old.name}")


def run(args: argparse.Namespace) -> int:
    if args.make_key:
        print(backupfile.new_key())
        return 0
    if not args.to:
        raise Refused("say where the file goes: ./stapsteen backup --to DIR")
    secret = backupfile.secret(args.passphrase_file)
    try:
        args.to.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(f"can't make the folder {args.to}: {error.strerror}") from None
    if not os.access(args.to, os.W_OK):
        raise Refused(f"the folder {args.to} is not writable for you.")
    target = args.to / f"stapsteen-{datetime.datetime.now(datetime.UTC):%Y%m%d-%H%M%S}.backup"
    with installation() as source:
        anchors = log_anchors(source.environment)
        sums = write_backup(target, source, secret, anchors=anchors, with_keys=args.with_keys)
    rows = sum(int(count) for count, _checksum in sums.values())
    say(f"{len(sums)} tables, {rows} rows, {target.stat().st_size / 1e6:.1f} MB")
    if not args.with_keys:
        plain(
            "stapsteen: the keys of the sensitive facts are not in it; keep STAPSTEEN_MASTER_KEYS elsewhere."
        )
    if args.keep:
        remove_old(args.to, args.keep)
    print(target)
    return 0
