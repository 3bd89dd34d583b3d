"""`./stapsteen demo`: database, tables, example data, web server and job worker, on this machine only."""

import argparse
import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Iterator
from pathlib import Path

from stapsteen.cli import cluster
from stapsteen.cli.console import Refused, plain, say
from stapsteen.cli.environment import django_environment, manage_command
from stapsteen.cli.messages import compile_messages
from stapsteen.cli.paths import ROOT, TABLES, data_folder
from stapsteen.cli.processes import Child, Children, Stopped, raise_when_asked_to_stop

HEALTH_SECONDS = 60
FIRST_PORT = 8000
WARM = "stapsteen.matching.engine.warm"
"""Compiles the matching engine's loops, so that the first proposals needn't wait for it; ends by itself."""
COMPILE = (sys.executable, "-c", f"from {WARM} import warm; warm()")
"""The same, not out of the way of other work: the example services wait for it."""


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port", type=int, help="the port on localhost (default: the first free one from 8000)"
    )
    parser.add_argument("--no-browser", action="store_true", help="don't open the browser")
    parser.add_argument("--empty", action="store_true", help="without the example services")
    parser.add_argument("--reset", action="store_true", help="first remove the data of this folder's demo")
    parser.add_argument("--yes", action="store_true", help="don't ask before removing")
    parser.add_argument("--json", action="store_true", help="print one line of JSON on stdout when ready")


# Before the start


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def choose_port(asked: int | None) -> int:
    """The port asked for, else the first free one from 8000. Raises Refused."""
    if asked is not None:
        if not 1 <= asked <= 65535:
            raise Refused(f"{asked} is not a port: choose one from 1024 to 65535.")
        if not is_free(asked):
            raise Refused(
                f"port {asked} is in use (or not allowed for you). Choose another: --port {asked + 1}"
            )
        return asked
    for port in range(FIRST_PORT, FIRST_PORT + 50):
        if is_free(port):
            return port
    raise Refused("no free port from 8000 to 8049. Choose one: --port NUMBER")


@contextlib.contextmanager
def only_one(folder: Path, url: str) -> Iterator[None]:
    """One demo per checkout on the built-in database; the lock file tells the second where the first is."""
    if os.environ.get("DATABASE_URL"):
        yield
        return
    with (folder / "demo.lock").open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            raise Refused(f"the demo of this folder is already running: {handle.read().strip()}") from None
        handle.truncate(0)
        handle.write(url)
        handle.flush()
        yield


def reset(folder: Path, *, ask: bool) -> None:
    """Remove database, files and keys of this checkout's demo."""
    if os.environ.get("DATABASE_URL"):
        raise Refused("--reset removes only the built-in database, and DATABASE_URL names another one.")
    if ask and sys.stdin.isatty():
        plain(f"This removes all data of the demo in {folder}. Type yes to go on: ")
        if input().strip().lower() not in {"yes", "y", "ja"}:
            raise Refused("nothing removed.")
    cluster.remove(folder)
    shutil.rmtree(folder / "files", ignore_errors=True)
    for name in ("secrets.json", "seeded", TABLES):
        (folder / name).unlink(missing_ok=True)
    say("removed the demo's data")


# Filling


def manage(environment: dict[str, str], *words: str, show: bool = False) -> str:
    """Run one of Django's commands; its output goes to stderr when `show`, else comes back. Raises Refused."""
    result = subprocess.run(
        manage_command(*words),
        env=environment,
        stdout=sys.stderr if show else subprocess.PIPE,
        stderr=None if show else subprocess.PIPE,
        text=True,
    )
    if result.returncode:
        detail = "" if show else "\n" + (result.stdout + result.stderr)[-3000:]
        raise Refused(f"`manage {' '.join(words)}` failed.{detail}")
    return result.stdout or ""


def fingerprint() -> str:
    """Changes with every change of the source: then the tables are looked at again (that costs seconds)."""
    files = [*sorted((ROOT / "src").rglob("*.py")), ROOT / "config/settings.py", ROOT / "locks/run.txt"]
    facts = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def migrate(environment: dict[str, str], folder: Path, *, own_database: bool) -> None:
    """Bring the tables up to date. Raises Refused; with data of an older demo it says how to start anew."""
    older = own_database and any((folder / name).exists() for name in (TABLES, "seeded"))
    try:
        manage(environment, "migrate", "--verbosity", "0")
    except Refused as refused:
        if not older:
            raise
        log = folder / "migrate.log"
        log.write_text(f"{refused}\n")
        raise Refused(
            f"the demo's data was made by an older version and doesn't fit any more (details: {log}). "
            "Start anew, without that data: ./stapsteen demo --reset"
        ) from refused


def prepare(environment: dict[str, str], folder: Path, *, empty: bool) -> None:
    """Tables, translations and example data; what is there already is left alone."""
    if compile_messages():
        say("translations compiled")
    own_database = not os.environ.get("DATABASE_URL")
    stamp = folder / "seeded"
    filled = own_database and stamp.exists()
    with Children() as beside:
        engine = None
        if own_database and not (empty or filled):  # one processor makes the tables, the other the loops
            engine = beside.start("engine", [*COMPILE], environment, folder / "log")
        check_tables(environment, folder, own_database=own_database)
        if empty and filled:
            raise Refused(
                "this demo has its example services already. Start with --reset --empty to remove them."
            )
        if empty or filled:
            return
        say("filling in the five example services; the first time this takes a while")
        compiled = ["--compiled"] if engine and engine.process.wait() == 0 else []
        manage(environment, "seed_demo", *compiled, show=True)
    if own_database:
        stamp.touch()


def check_tables(environment: dict[str, str], folder: Path, *, own_database: bool) -> None:
    """Bring them up to date when the source changed since they were."""
    made_from = folder / TABLES
    present = fingerprint()
    if not (own_database and made_from.exists() and made_from.read_text() == present):
        say("checking the tables")
        migrate(environment, folder, own_database=own_database)
        if own_database:
            made_from.write_text(present)


def logins(environment: dict[str, str]) -> list[dict[str, str]]:
    """One login per service and role: service, role, and user + password or link."""
    found: list[dict[str, str]] = json.loads(
        manage(environment, "demo_logins", "--json").strip().splitlines()[-1]
    )
    return found


# Running


def gunicorn(bind: str, *, workers: int, threads: int, preload: bool = False) -> list[str]:
    """The command line of the web server; --no-control-socket: nothing to talk to but HTTP.

    `preload` loads the application once for all workers: a quicker start, but no reload without a restart.
    """
    command = [sys.executable, "-m", "gunicorn", "config.wsgi:application", "--bind", bind]
    command += ["--workers", str(workers), "--threads", str(threads), "--worker-class", "gthread"]
    command += ["--timeout", "60", "--graceful-timeout", "5", "--log-level", "warning", "--no-control-socket"]
    if os.access("/dev/shm", os.W_OK):  # noqa: S108 - gunicorn's own advice: heartbeat files off the disk
        command += ["--worker-tmp-dir", "/dev/shm"]  # noqa: S108
    return [*command, "--preload"] if preload else command


def wait_until_healthy(url: str, web: Child) -> None:
    """Wait for 200 on /gezond/. Raises Refused with what the server said."""
    deadline, answer = time.monotonic() + HEALTH_SECONDS, "no answer"
    while time.monotonic() < deadline:
        web.check()
        try:
            with urllib.request.urlopen(f"{url}gezond/", timeout=10) as response:  # noqa: S310 - our own address
                if response.status == 200:
                    return
                answer = f"answer {response.status}"
        except urllib.error.HTTPError as error:
            answer = f"answer {error.code}"
        except OSError:
            pass
        time.sleep(0.1)
    raise Refused(
        f"the web server is not healthy: {answer}. Its log ({web.log}) ends with:\n{web.last_lines()}"
    )


def show(url: str, people: list[dict[str, str]]) -> None:
    """The address and a table of logins, for a person."""
    rows = [
        (each["service"], each["role"], each.get("user", ""), each.get("password", "")) for each in people
    ]
    rows = [
        row if row[2] else (row[0], row[1], each.get("link", ""), "")
        for row, each in zip(rows, people, strict=True)
    ]
    narrow = [row if row[3] else (*row[:2], "", "") for row in rows]  # a long link widens no column
    widths = [max((len(row[column]) for row in narrow), default=0) for column in range(4)]
    plain()
    for row in rows:
        plain("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    if not people:
        plain("  There is no service yet. In another window: ./stapsteen manage make_service --help")
    plain(f"\n  Stapsteen is open at {url}   (Ctrl-C stops it)\n")


def has_display() -> bool:
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def serve_until_stopped(
    args: argparse.Namespace, environment: dict[str, str], url: str, folder: Path
) -> None:
    """Start web server and worker, tell that they are ready, and watch them."""
    logs = folder / f"demo-log-{args.port}"
    with Children() as running:
        command = gunicorn(f"127.0.0.1:{args.port}", workers=2, threads=4, preload=True)
        web = running.start("web", command, environment, logs)
        people = logins(environment)
        wait_until_healthy(url, web)
        worker = running.start("worker", manage_command("run_worker"), environment, logs)
        if args.json:
            print(json.dumps({"url": url, "logins": people}, ensure_ascii=False), flush=True)
        else:
            show(url, people)
        running.start("engine", [sys.executable, "-m", WARM], environment, logs)
        say("ready")
        if not (args.no_browser or args.json) and has_display():
            webbrowser.open(url)
        while True:
            web.check()
            worker.check()
            time.sleep(0.5)


def run(args: argparse.Namespace) -> int:
    if os.environ.get("STAPSTEEN_ENV") == "production":
        raise Refused("the demo doesn't run with STAPSTEEN_ENV=production.")
    folder = data_folder()
    args.port = choose_port(args.port)
    url = f"http://localhost:{args.port}/"
    raise_when_asked_to_stop()
    try:
        with only_one(folder, url):
            if args.reset:
                reset(folder, ask=not args.yes)
            say("starting the database")
            with django_environment() as environment:
                environment |= {"STAPSTEEN_DEMO": "1", "STAPSTEEN_BASE_URL": url.rstrip("/")}
                prepare(environment, folder, empty=args.empty)
                say("starting the web server")
                serve_until_stopped(args, environment, url, folder)
    except Stopped:
        say("stopped")
    return 0
