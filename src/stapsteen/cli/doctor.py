"""`./stapsteen doctor`: look what is missing, and what to do about it. Changes nothing that stays."""

import argparse
import json
import os
import shutil
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from stapsteen.cli import machine
from stapsteen.cli.backup import PATTERN
from stapsteen.cli.console import Refused
from stapsteen.cli.environment import django_environment, manage_command
from stapsteen.cli.paths import ROOT, data_folder
from stapsteen.cli.postgres import MIN_MAJOR

PRODUCTION_KEYS = ("STAPSTEEN_SECRET_KEY", "STAPSTEEN_MASTER_KEYS", "STAPSTEEN_HOSTS", "STAPSTEEN_BASE_URL")
FREE_GIGABYTES = 2
BACKUP_HOURS = 36


@dataclass(frozen=True)
class Finding:
    """What was looked at, whether it is right, and else what to do. `needed` ones decide the exit code."""

    name: str
    ok: bool
    text: str
    needed: bool = True

    @property
    def mark(self) -> str:
        return "ok  " if self.ok else ("MISS" if self.needed else "note")


def in_production() -> bool:
    return os.environ.get("STAPSTEEN_ENV") == "production"


def check_python() -> Finding:
    version = sys.version.split()[0]
    return Finding("Python", sys.version_info >= (3, 12), f"{version} ({sys.executable})")


def check_lock() -> Finding:
    installed = Path(sys.prefix) / "stapsteen-run.txt"
    lock = ROOT / "locks/run.txt"
    same = installed.is_file() and installed.read_bytes() == lock.read_bytes()
    return Finding("Packages", same, "equal to the lock" if same else "differ: start through ./stapsteen")


def check_data_folder() -> Finding:
    if chosen := os.environ.get("STAPSTEEN_DATA_DIR"):
        writable = os.access(chosen, os.W_OK | os.X_OK)
        return Finding(
            "Data folder", writable, chosen if writable else f"{chosen} is missing or not writable: make it"
        )
    return Finding("Data folder", True, str(data_folder()))


def check_disk() -> Finding:
    folder = Path(os.environ.get("STAPSTEEN_DATA_DIR") or data_folder())
    free = shutil.disk_usage(folder if folder.exists() else "/").free / 1e9
    return Finding("Disk", free > FREE_GIGABYTES, f"{free:.0f} GB free (wanted: {FREE_GIGABYTES} or more)")


def check_keys() -> Finding:
    missing = [name for name in PRODUCTION_KEYS if not os.environ.get(name)]
    if not in_production():
        return Finding(
            "Keys", True, "the demo makes its own; production sets STAPSTEEN_ENV=production", needed=False
        )
    return Finding("Keys", not missing, f"set {', '.join(missing)}" if missing else "all set")


def check_database(environment: dict[str, str]) -> Finding:
    """Connect as the application and look at what its role may do."""
    import psycopg

    try:
        with psycopg.connect(environment["DATABASE_URL"], connect_timeout=5) as connection:
            row = connection.execute(
                "SELECT current_setting('server_version_num')::int, rolsuper OR rolbypassrls OR rolcreaterole"
                " FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except psycopg.Error as error:
        return Finding("PostgreSQL", False, f"can't connect: {str(error).strip().splitlines()[0]}")
    version, too_much = row or (0, True)
    if too_much:
        return Finding(
            "PostgreSQL", False, "the application's role has too many rights: see deploy/roles.sql"
        )
    old = version < MIN_MAJOR * 10000
    return Finding(
        "PostgreSQL", not old, f"version {version // 10000}" + ("; 15 or newer is needed" if old else "")
    )


def check_migrations(environment: dict[str, str]) -> Finding:
    result = subprocess.run(
        manage_command("migrate", "--check"), env=environment, capture_output=True, text=True, timeout=120
    )
    if result.returncode == 0:
        return Finding("Tables", True, "up to date")
    if "Error" in result.stderr:
        return Finding("Tables", False, result.stderr.strip().splitlines()[-1])
    return Finding("Tables", False, "not up to date: ./stapsteen manage migrate (the demo does it by itself)")


def check_worker(environment: dict[str, str]) -> Finding:
    """Procrastinate keeps a heartbeat per worker; one of the last minute means that jobs are done."""
    import psycopg

    query = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'"
    try:
        with psycopg.connect(environment["DATABASE_URL"], connect_timeout=5) as connection:
            count = (connection.execute(query).fetchone() or (0,))[0]
    except psycopg.Error as error:
        return Finding("Job worker", False, str(error).strip().splitlines()[0], needed=in_production())
    text = f"{count} at work" if count else "none at work: ./stapsteen worker (the demo starts its own)"
    return Finding("Job worker", count > 0, text, needed=in_production())


def check_mail() -> Finding:
    if not in_production():
        return Finding("Mail", True, "shown on a page of the demo, nothing is sent", needed=False)
    host, port = (
        os.environ.get("STAPSTEEN_EMAIL_HOST", "localhost"),
        os.environ.get("STAPSTEEN_EMAIL_PORT", "25"),
    )
    try:
        with smtplib.SMTP(host, int(port), timeout=5) as server:
            server.noop()
    except (OSError, ValueError) as error:
        return Finding(
            "Mail", False, f"{host}:{port} does not answer ({error}): set STAPSTEEN_EMAIL_HOST and _PORT"
        )
    return Finding(
        "Mail", True, f"{host}:{port} answers; try ./stapsteen manage send_test_mail you@example.org"
    )


def check_backup() -> Finding:
    """The newest backup is of last night. Looked at where STAPSTEEN_BACKUP_DIR says, in production."""
    folder = Path(os.environ.get("STAPSTEEN_BACKUP_DIR", "/var/backups/stapsteen"))
    if not in_production():
        return Finding("Backup", True, "only looked at in production", needed=False)
    try:
        newest = max((path.stat().st_mtime for path in folder.glob(PATTERN)), default=None)
    except PermissionError:
        return Finding(
            "Backup", True, f"{folder} is closed to you: run this as the administrator", needed=False
        )
    if newest is None:
        return Finding("Backup", False, f"none in {folder}: start stapsteen-backup.timer (deploy/README.md)")
    hours = (time.time() - newest) / 3600
    return Finding("Backup", hours < BACKUP_HOURS, f"the newest in {folder} is {hours:.0f} hours old")


def check_program(name: str, programs: tuple[str, ...], what_for: str) -> Finding:
    found = next((path for program in programs if (path := shutil.which(program))), None)
    return Finding(name, bool(found), found or f"not here; only needed for {what_for}", needed=False)


def of_the_database() -> list[Finding]:
    """Everything that needs a running database; one finding when there is none."""
    try:
        with django_environment() as environment:
            findings = [check_database(environment)]
            if findings[0].ok:
                findings += [check_migrations(environment), check_worker(environment)]
            return findings
    except Refused as refused:
        return [Finding("PostgreSQL", False, str(refused))]


def guarded(check: Callable[[], Finding]) -> Finding:
    """A check that can't even look is a finding too."""
    try:
        return check()
    except Refused as refused:
        return Finding(
            check.__name__.removeprefix("check_").replace("_", " ").capitalize(), False, str(refused)
        )


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="the findings as JSON")


def run(args: argparse.Namespace) -> int:
    own = (check_python, check_lock, check_data_folder, check_disk, check_keys, check_mail, check_backup)
    findings = [guarded(check) for check in own]
    findings += of_the_database()
    findings.append(check_program("Chromium", machine.BROWSERS, "./stapsteen test and e2e"))
    findings.append(check_program("Java", ("java",), "./stapsteen test"))
    if args.json:
        rows = [
            {"name": each.name, "ok": each.ok, "needed": each.needed, "text": each.text} for each in findings
        ]
        print(json.dumps(rows, ensure_ascii=False))
    else:
        for each in findings:
            print(f"{each.mark}  {each.name:<12} {each.text}")
    return 0 if all(each.ok or not each.needed for each in findings) else 1
