"""A private PostgreSQL for demo, development and tests. Never for production: that sets DATABASE_URL.

What it promises (each has a test in `tests/test_cluster.py`):
one postmaster however many start at once; a stale pid file is never believed and its process never touched; after a
crash every committed row is back; no TCP, only a socket in a folder that nobody else may enter; as root the server
runs as the system user `stapsteen`; the owner role makes tables, the application role owns nothing.
"""

import contextlib
import fcntl
import os
import pwd
import re
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from stapsteen.cli.console import Refused
from stapsteen.cli.paths import checkout_id, data_folder
from stapsteen.cli.postgres import Runner, choose_binaries, major_of, runner

OWNER, APP, ADMIN, DATABASE = "stapsteen_owner", "stapsteen_app", "postgres", "stapsteen"
START_SECONDS = 15
SOCKET_PATH_MAX = 107  # sun_path of Linux, with the closing zero
SOCKET_FILE = "/.s.PGSQL.5432.lock"

SAFE = {"max_connections": "100", "shared_buffers": "128MB"}
FAST = {
    "max_connections": "200",
    "shared_buffers": "256MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "checkpoint_timeout": "1h",
    "max_wal_size": "4GB",
    "autovacuum": "off",  # tests write little, take it back, and drop the database while somebody would be tidying in it
}


# Whose process is it?


def command_line(pid: int) -> list[str]:
    """The arguments of a process; empty when it is gone, a zombie, or not ours to see."""
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
        return [part.decode(errors="replace") for part in raw.split(b"\0") if part]
    except OSError:
        if Path("/proc/self/cmdline").exists():
            return []
    shown = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True)
    return shown.stdout.split()


def pid_in_file(data: Path) -> int | None:
    """The pid that postmaster.pid names; None without the file, 0 when it holds nothing readable."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None
    return int(lines[0]) if lines and lines[0].strip().isdigit() else 0


def postmaster(data: Path) -> int | None:
    """The pid of the live server of this data folder, else None. Looks at the process, not just at the file."""
    pid = pid_in_file(data)
    if not pid:
        return None
    words = command_line(pid)
    ours = bool(words) and Path(words[0]).name in {"postgres", "postmaster"} and str(data) in words
    return pid if ours else None


def remove_stale_pid(data: Path) -> None:
    """Remove a pid file that names no process or somebody else's. That process is left alone."""
    if pid_in_file(data) is not None and postmaster(data) is None:
        (data / "postmaster.pid").unlink(missing_ok=True)


# Folders


def owned_folder(folder: Path, who: Runner) -> Path:
    """A folder only that user enters; refuses one that somebody else made (they could listen in)."""
    if folder.is_symlink():
        raise Refused(f"{folder} is a link; remove it.")
    if folder.exists() and folder.stat().st_uid not in {who.uid, os.geteuid()}:
        raise Refused(f"{folder} belongs to somebody else; remove it or set STAPSTEEN_DATA.")
    return who.give(folder)


def socket_folder(folder: Path, name: str, who: Runner) -> Path:
    """The folder of the socket: /run for root, XDG_RUNTIME_DIR, beside the data, or /tmp when paths grow too long."""
    short = f"{checkout_id(folder)}-{name}"
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if who.drop and os.access("/run", os.W_OK):
        Path("/run/stapsteen").mkdir(mode=0o711, exist_ok=True)
        return owned_folder(Path("/run/stapsteen") / short, who)
    choices = [folder / f"{name}-socket", Path(tempfile.gettempdir()) / f"stapsteen-{who.uid}-{short}"]
    if runtime and Path(runtime).is_dir() and Path(runtime).stat().st_uid == who.uid:
        choices.insert(0, Path(runtime) / f"stapsteen-{short}")
    for choice in choices:
        if len(str(choice) + SOCKET_FILE) < SOCKET_PATH_MAX:
            return owned_folder(choice, who)
    raise Refused(f"the path {choices[-1]} is too long for a socket; set STAPSTEEN_DATA to a shorter one.")


def running_sockets(data: Path) -> Path:
    """The socket folder of the running server: line 5 of its pid file. It was chosen at its start."""
    return Path((data / "postmaster.pid").read_text().splitlines()[4])


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on a file; waits for whoever has it."""
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


# The cluster


@dataclass
class Cluster:
    """One running server. `lease` is a shared lock: the last one to let go stops the server."""

    folder: Path
    name: str
    who: Runner
    binaries: Path
    sockets: Path
    fast: bool = False
    lease: int | None = field(default=None, repr=False)  # a file descriptor, kept until `stop` or our end

    @property
    def data(self) -> Path:
        return self.folder / self.name

    def dsn(self, role: str, database: str = DATABASE) -> str:
        """postgresql://role@/database?host=/socket/folder"""
        return f"postgresql://{role}@/{database}?host={quote(str(self.sockets))}"

    @property
    def dsn_owner(self) -> str:
        return self.dsn(OWNER)

    @property
    def dsn_app(self) -> str:
        return self.dsn(APP)

    @property
    def dsn_admin(self) -> str:
        """The superuser: for backup, which must see every row."""
        return self.dsn(ADMIN)

    @property
    def environment(self) -> dict[str, str]:
        """What Django needs to connect."""
        return {"DATABASE_URL": self.dsn_app, "DATABASE_OWNER_URL": self.dsn_owner}

    def stop(self) -> bool:
        """Let go; stops the server when nobody else uses it. Says whether it stopped."""
        with locked(self.folder / f"{self.name}.lock"):
            if self.lease is not None:
                os.close(self.lease)
                self.lease = None
            with (self.folder / f"{self.name}.users").open("a") as users:
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return False
                return stop_server(self)


def stop_server(cluster: Cluster) -> bool:
    """Stop politely, then firmly. The caller holds the lock."""
    if postmaster(cluster.data) is None:
        return False
    for mode in ("fast", "immediate"):
        command: list[str | Path] = [
            cluster.binaries / "pg_ctl",
            "stop",
            "-w",
            "-t",
            "20",
            "-m",
            mode,
            "-D",
            cluster.data,
        ]
        if cluster.who.run(*command).returncode == 0:
            with contextlib.suppress(OSError):
                cluster.sockets.rmdir()
            return True
    raise Refused(
        f"PostgreSQL in {cluster.data} does not stop; see {cluster.folder / 'log' / cluster.name}.log"
    )


def initdb(cluster: Cluster) -> None:
    """Make the data folder, whole or not at all: built beside it, then renamed."""
    partial = cluster.folder / f"{cluster.name}.new"
    shutil.rmtree(partial, ignore_errors=True)
    cluster.who.give(partial)
    command: list[str | Path] = [cluster.binaries / "initdb", "-D", partial, f"--username={ADMIN}"]
    command += ["--auth=peer", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
    if major_of(cluster.binaries, cluster.who) >= 17:  # sorts the same on every machine
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    if cluster.fast:
        command.append("--no-sync")
    result = cluster.who.run(*command)
    if result.returncode:
        raise Refused(f"PostgreSQL could not make {cluster.data}: {' '.join(result.stdout.split())[-300:]}")
    partial.rename(cluster.data)


def quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def write_settings(cluster: Cluster) -> Path:
    """Write the server's whole configuration outside the data folder; returns its folder."""
    folder = cluster.folder / f"{cluster.name}-conf"
    folder.mkdir(mode=0o755, exist_ok=True)
    folder.chmod(0o755)
    settings = {
        **(FAST if cluster.fast else SAFE),
        "listen_addresses": "",
        "unix_socket_directories": f'"{cluster.sockets}"',
        "unix_socket_permissions": "0700",
        "data_directory": str(cluster.data),
        "hba_file": str(folder / "pg_hba.conf"),
        "ident_file": str(folder / "pg_ident.conf"),
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "datestyle": "iso, dmy",
        "log_line_prefix": "%m [%p] %u@%d ",
        "max_locks_per_transaction": "256",
    }
    people = dict.fromkeys([cluster.who.name, pwd.getpwuid(os.geteuid()).pw_name])
    idents = [f'stapsteen "{person}" {role}\n' for person in people for role in (OWNER, APP, ADMIN)]
    (folder / "postgresql.conf").write_text(
        "".join(f"{key} = {quoted(value)}\n" for key, value in settings.items())
    )
    (folder / "pg_hba.conf").write_text("local all all peer map=stapsteen\n")
    (folder / "pg_ident.conf").write_text("".join(idents))
    for file in folder.iterdir():
        file.chmod(0o644)
    return folder


def why(log: Path) -> str:
    """The newest line of the server's log that names a cause."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    causes = [line for line in lines if re.search(r"\b(FATAL|PANIC|ERROR):", line)]
    return ([*lines, *causes] or ["no word of it in its log"])[-1].split("@ ")[-1]


def start_server(cluster: Cluster) -> None:
    """Start and wait till it answers. After a crash old children may linger: keep trying for a while."""
    log = cluster.who.give(cluster.folder / "log") / f"{cluster.name}.log"
    config = write_settings(cluster) / "postgresql.conf"
    # Named on the command line so that `postmaster()` can recognise the process.
    options = f"-c config_file={shlex.quote(str(config))}"
    command: list[str | Path] = [
        cluster.binaries / "pg_ctl",
        "start",
        "-w",
        "-t",
        str(START_SECONDS),
        "-s",
        "-l",
        log,
    ]
    deadline = time.monotonic() + START_SECONDS
    while True:
        remove_stale_pid(cluster.data)
        result = cluster.who.run(*command, "-D", cluster.data, "-o", options)
        if result.returncode == 0:
            return
        if time.monotonic() > deadline:
            raise Refused(f"PostgreSQL does not start: {why(log)} (log: {log})")
        time.sleep(0.3)


ROLES = f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{OWNER}') THEN CREATE ROLE {OWNER}; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP}') THEN CREATE ROLE {APP}; END IF;
END $$;
ALTER ROLE {OWNER} LOGIN NOSUPERUSER NOBYPASSRLS CREATEDB NOCREATEROLE NOREPLICATION;
ALTER ROLE {APP} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT;
"""  # noqa: S608 - names of our own


def prepare_roles(cluster: Cluster) -> None:
    """Roles and database; safe to repeat. The owner may create databases because the tests need it."""
    import psycopg

    with psycopg.connect(cluster.dsn(ADMIN, "postgres"), autocommit=True) as connection:
        connection.execute(ROLES)
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if not known:
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER} TEMPLATE template0")
        connection.execute(f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC")
        connection.execute(f"GRANT CONNECT ON DATABASE {DATABASE} TO {APP}")


def check_reach(folder: Path, who: Runner) -> None:
    """The system user must be able to walk to the data (root's home, for one, is closed to it)."""
    if who.drop and who.run("/usr/bin/test", "-x", folder).returncode:
        raise Refused(
            f"the system user {who.name} can't reach {folder}. Set STAPSTEEN_DATA to a folder it can enter."
        )


def major_of_data(data: Path) -> int | None:
    """The version that made the data folder; None when there is none yet."""
    try:
        return int((data / "PG_VERSION").read_text().split(".")[0])
    except FileNotFoundError:
        return None


def start(folder: Path | None = None, *, name: str = "pg", fast: bool = False) -> Cluster:
    """Start the cluster (or join the running one) and take a lease on it.

    `folder` holds the data folder `name`, its configuration, log and locks; by default the checkout's own.
    `fast` gives up safety at a power cut for speed: tests only. Raises Refused with one line.
    """
    if os.environ.get("STAPSTEEN_ENV") == "production":
        raise Refused(
            "the built-in PostgreSQL is not for production: set DATABASE_URL (see deploy/README.md)."
        )
    folder, who = folder or data_folder(), runner()
    check_reach(folder, who)
    try:
        with locked(folder / f"{name}.lock"):
            return start_locked(folder, name, who, fast)
    except PermissionError as error:
        raise Refused(f"can't write {error.filename}. Set STAPSTEEN_DATA to a folder of yours.") from None


def start_locked(folder: Path, name: str, who: Runner, fast: bool) -> Cluster:
    """The part of `start` that only one process at a time does."""
    data = folder / name
    binaries = choose_binaries(who, folder, major_of_data(data))
    running = postmaster(data) is not None
    sockets = running_sockets(data) if running else socket_folder(folder, name, who)
    cluster = Cluster(folder, name, who, binaries, sockets, fast)
    if not running:
        if not (data / "PG_VERSION").exists():
            initdb(cluster)
        start_server(cluster)
        prepare_roles(cluster)
    cluster.lease = os.open(folder / f"{name}.users", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    fcntl.flock(cluster.lease, fcntl.LOCK_SH)
    return cluster


def remove(folder: Path, name: str = "pg") -> None:
    """Remove the data of a cluster that nobody uses. Raises Refused while it runs."""
    with locked(folder / f"{name}.lock"):
        if postmaster(folder / name):
            raise Refused("the demo of this folder is running; stop it first (Ctrl-C in its window).")
        for leftover in (folder / name, folder / f"{name}.new", folder / f"{name}-conf"):
            if leftover.exists():
                shutil.rmtree(leftover)


_test_cluster: Cluster | None = None


def ensure_test_cluster() -> tuple[str, str]:
    """(owner's address, application's address) of the fast test server; it lives on between runs.

    With DATABASE_URL set nothing is started: then DATABASE_OWNER_URL must be set too.
    """
    global _test_cluster
    if address := os.environ.get("DATABASE_URL"):
        return os.environ.get("DATABASE_OWNER_URL", address), address
    if _test_cluster is None:
        try:
            _test_cluster = start(name="test", fast=True)
        except Refused:
            # Damaged by a power cut (it doesn't sync) or made by another version: nothing in it is worth keeping.
            remove(data_folder(), "test")
            _test_cluster = start(name="test", fast=True)
    return _test_cluster.dsn_owner, _test_cluster.dsn_app
