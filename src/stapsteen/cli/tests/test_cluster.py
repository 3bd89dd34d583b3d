"""What the database launcher promises, tried on real servers in folders of their own."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from stapsteen.cli import cluster, postgres
from stapsteen.cli.console import Refused
from stapsteen.cli.paths import ROOT, checkout_id

AS_ROOT = os.geteuid() == 0


@pytest.fixture(scope="module")
def room() -> Iterator[Path]:
    """A folder that everybody may walk through: pytest's own is closed to the system user."""
    folder = Path(tempfile.mkdtemp(prefix="sts-"))
    folder.chmod(0o755)
    yield folder
    for data in folder.rglob("postmaster.pid"):
        if pid := cluster.postmaster(data.parent):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGQUIT)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def make_folder(room: Path) -> Iterator[Callable[[str], Path]]:
    made: list[Path] = []

    def make(name: str) -> Path:
        folder = room / name
        folder.mkdir(mode=0o711)
        made.append(folder)
        return folder

    yield make
    for folder in made:
        for name in ("pg", "test"):
            if (folder / name).exists():
                cluster.start(folder, name=name).stop()


@pytest.fixture(scope="module")
def shared(room: Path) -> Iterator[cluster.Cluster]:
    """One fast server for the tests that only look."""
    folder = room / "shared"
    folder.mkdir(mode=0o711)
    running = cluster.start(folder, name="test", fast=True)
    yield running
    assert running.stop()


def run_python(code: str, *, as_nobody: bool = False, **environment: str) -> subprocess.Popen[str]:
    """Run code that has `cluster` and `Path`; as `nobody` it drops after the imports, which may lie in root's home."""
    drop = "os.setgroups([]); os.setgid(65534); os.setuid(65534)" if as_nobody else ""
    script = "import os, sys, psycopg\nfrom pathlib import Path\nfrom stapsteen.cli import cluster, console, paths\n"
    passed = {name: os.environ[name] for name in ("STAPSTEEN_PG_BIN",) if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-c", f"{script}{drop}\n{code}"],
        env={
            "PYTHONPATH": str(ROOT / "src"),
            "PATH": "/usr/bin:/bin",
            "HOME": "/nonexistent",
            **passed,
            **environment,
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> str:
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    return output.strip()


def ask(dsn: str, query: str) -> object:
    with psycopg.connect(dsn, autocommit=True) as connection:
        row = connection.execute(query).fetchone()  # type: ignore[call-overload]
        return row[0] if row else None


# What runs


def test_no_network_and_nobody_else_enters(shared: cluster.Cluster) -> None:
    assert ask(shared.dsn_app, "SHOW listen_addresses") == ""
    assert shared.sockets.stat().st_mode & 0o777 == 0o700
    assert shared.sockets.stat().st_uid == shared.who.uid
    assert len(str(shared.sockets) + cluster.SOCKET_FILE) < cluster.SOCKET_PATH_MAX


def test_the_server_is_not_root(shared: cluster.Cluster) -> None:
    pid = cluster.postmaster(shared.data)
    assert pid
    assert Path(f"/proc/{pid}").stat().st_uid == shared.who.uid != 0
    assert shared.who.name == ("stapsteen" if AS_ROOT else pwd.getpwuid(os.geteuid()).pw_name)


def test_roles_have_no_more_than_they_need(shared: cluster.Cluster) -> None:
    with psycopg.connect(shared.dsn_app) as connection:
        rows = connection.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication"
            " FROM pg_roles WHERE rolname LIKE 'stapsteen%' ORDER BY rolname"
        ).fetchall()
        owned = connection.execute(
            "SELECT count(*) FROM pg_shdepend WHERE deptype = 'o' AND refobjid = 'stapsteen_app'::regrole"
        )
        assert owned.fetchone() == (0,)
    assert rows == [
        ("stapsteen_app", False, False, False, False, False),
        ("stapsteen_owner", False, False, False, True, False),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "SET ROLE stapsteen_owner",
        "SET ROLE postgres",
        "SET SESSION AUTHORIZATION postgres",
        "ALTER TABLE secret DISABLE ROW LEVEL SECURITY",
        "DROP POLICY nobody ON secret",
        "ALTER ROLE stapsteen_app BYPASSRLS",
        "CREATE TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "CREATE TEMP TABLE mine (id int)",
        "CREATE DATABASE mine",
        "TRUNCATE secret",
    ],
)
def test_the_application_cannot_get_round_row_security(shared: cluster.Cluster, statement: str) -> None:
    with psycopg.connect(shared.dsn_owner) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS secret (id int)")
        owner.execute("ALTER TABLE secret ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        owner.execute("DROP POLICY IF EXISTS nobody ON secret")
        owner.execute("CREATE POLICY nobody ON secret USING (false) WITH CHECK (true)")
        owner.execute("GRANT SELECT, INSERT ON secret TO stapsteen_app")
    with psycopg.connect(shared.dsn_app, autocommit=True) as app:
        app.execute("INSERT INTO secret VALUES (1)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute(statement)  # type: ignore[call-overload]
        assert app.execute("SELECT count(*) FROM secret").fetchone() == (0,)


def test_the_owner_may_make_what_migrations_need(shared: cluster.Cluster) -> None:
    with psycopg.connect(shared.dsn_owner, autocommit=True) as owner:
        for extension in ("btree_gist", "pg_trgm", "unaccent"):
            owner.execute(f"CREATE EXTENSION {extension}")  # type: ignore[call-overload]
        owner.execute("CREATE DATABASE test_x")
        owner.execute("DROP DATABASE test_x")
        row = owner.execute(
            "SELECT lower('ÉCOLE'), unaccent('crème'), to_tsvector('dutch', 'huizen')::text"
        ).fetchone()
    assert row == ("école", "creme", "'huiz':1")


def test_refuses_production(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STAPSTEEN_ENV", "production")
    with pytest.raises(Refused, match="not for production"):
        cluster.start(tmp_path)


def test_with_a_database_of_your_own_nothing_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@db/x")
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://owner@db/x")
    monkeypatch.setattr(cluster, "start", lambda **_: pytest.fail("started"))
    assert cluster.ensure_test_cluster() == ("postgresql://owner@db/x", "postgresql://app@db/x")


def test_a_damaged_test_server_is_made_anew(
    monkeypatch: pytest.MonkeyPatch, make_folder: Callable[[str], Path]
) -> None:
    folder = make_folder("damaged")
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(cluster, "data_folder", lambda: folder)
    monkeypatch.setattr(cluster, "_test_cluster", None)
    monkeypatch.setattr(cluster, "START_SECONDS", 1)
    (folder / "test").mkdir()
    (folder / "test/PG_VERSION").write_text("9\n")
    _owner, app = cluster.ensure_test_cluster()
    assert ask(app, "SELECT 1") == 1
    made = cluster._test_cluster
    assert made
    assert made.stop()


# Starting


def test_starts_at_the_same_time_give_one_server(make_folder: Callable[[str], Path]) -> None:
    folder = make_folder("race")
    code = f"""
running = cluster.start(Path({str(folder)!r}), fast=True)
print(cluster.postmaster(running.data), flush=True)
sys.stdin.read()
print(running.stop())
"""
    starts = [run_python(code) for _ in range(3)]
    pids = {process.stdout.readline() for process in starts if process.stdout}
    stopped = [finish(process) for process in starts]  # lets go one after the other
    assert len(pids) == 1
    assert stopped == ["False", "False", "True"]
    assert cluster.postmaster(folder / "pg") is None


def test_a_shared_server_stops_with_its_last_user(shared: cluster.Cluster) -> None:
    second = cluster.start(shared.folder, name="test", fast=True)
    assert second.stop() is False
    assert ask(shared.dsn_app, "SELECT 1") == 1


def test_after_a_crash_every_committed_row_is_back(make_folder: Callable[[str], Path]) -> None:
    folder = make_folder("crash")
    running = cluster.start(folder)
    with psycopg.connect(running.dsn_owner, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 5000) AS id")
        for number in range(20):
            connection.execute("INSERT INTO kept VALUES (%s)", [10_000 + number])
        pid = cluster.postmaster(running.data)
        assert pid
        os.kill(pid, signal.SIGKILL)
    started = time.monotonic()
    again = cluster.start(folder)
    assert time.monotonic() - started < cluster.START_SECONDS
    assert ask(again.dsn_owner, "SELECT count(*) FROM kept") == 5020
    assert cluster.postmaster(again.data) not in {None, pid}
    assert (running.stop(), again.stop()) == (False, True)


def test_a_stale_pid_file_naming_another_process_leaves_it_alone(make_folder: Callable[[str], Path]) -> None:
    folder = make_folder("stale")
    running = cluster.start(folder, fast=True)
    assert running.stop()
    with subprocess.Popen(["/bin/sleep", "300"]) as stranger:
        try:
            names_stranger = (
                f"{stranger.pid}\n{running.data}\n{int(time.time())}\n5432\n{running.sockets}\n\n"
            )
            (running.data / "postmaster.pid").write_text(names_stranger)
            assert cluster.postmaster(running.data) is None
            again = cluster.start(folder, fast=True)
            assert cluster.postmaster(again.data) not in {None, stranger.pid}
            assert ask(again.dsn_app, "SELECT 1") == 1
            assert again.stop()
            assert stranger.poll() is None
        finally:
            stranger.kill()


def test_another_server_is_not_taken_for_ours(shared: cluster.Cluster, tmp_path: Path) -> None:
    (tmp_path / "postmaster.pid").write_text(f"{cluster.postmaster(shared.data)}\n")
    assert cluster.postmaster(tmp_path) is None


@pytest.mark.parametrize("content", ["", "garbage\n", "99999999\n"])
def test_a_broken_pid_file_is_removed(tmp_path: Path, content: str) -> None:
    (tmp_path / "postmaster.pid").write_text(content)
    cluster.remove_stale_pid(tmp_path)
    assert not (tmp_path / "postmaster.pid").exists()


# Who starts it


def reachable_binaries(room: Path) -> str:
    """Server binaries that any user can run: the checkout may lie in a closed home."""
    found = postgres.installed_binaries()[0]
    if found.parent.name == "pginstall":
        found = postgres.copy_wheel(found, room / "server")
    return str(found)


@pytest.mark.skipif(not AS_ROOT, reason="the other tests already run as an ordinary user")
def test_an_ordinary_user(room: Path) -> None:
    folder = room / "ordinary"
    folder.mkdir()
    os.chown(folder, 65534, 65534)
    code = """
running = cluster.start(paths.data_folder(), fast=True)
with psycopg.connect(running.dsn_app) as connection:
    print(connection.execute("SELECT current_user").fetchone()[0], os.stat(running.data).st_uid, running.sockets)
print(running.stop())
"""
    output = finish(
        run_python(
            code, as_nobody=True, STAPSTEEN_DATA=str(folder), STAPSTEEN_PG_BIN=reachable_binaries(room)
        )
    )
    expected = folder / checkout_id() / "pg-socket"
    assert output.split() == ["stapsteen_app", "65534", str(expected), "True"]


ONE_LINE = """
try:
    cluster.start(paths.data_folder())
except console.Refused as refused:
    print(refused)
"""


def test_a_folder_that_cannot_be_written_gives_one_line(room: Path) -> None:
    folder = room / "closed"
    folder.mkdir(mode=0o555)
    output = finish(run_python(ONE_LINE, as_nobody=AS_ROOT, STAPSTEEN_DATA=str(folder)))
    wanted = f"can't make the data folder {folder / checkout_id()}: Permission denied. "
    assert output == wanted + "Set STAPSTEEN_DATA to a folder of yours."


@pytest.mark.skipif(not AS_ROOT, reason="only root hands the data to another user")
def test_root_hears_when_the_system_user_cannot_reach_the_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    output = finish(run_python(ONE_LINE, STAPSTEEN_DATA=str(tmp_path)))
    assert output.startswith(f"the system user stapsteen can't reach {tmp_path}")


@pytest.mark.skipif(not AS_ROOT, reason="only root can give a folder to somebody else")
def test_a_socket_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    who = postgres.Runner("nobody", 65534, 65534, drop=False)
    other = tmp_path / "socket"
    other.mkdir()
    os.chown(other, 1, 1)
    with pytest.raises(Refused, match="belongs to somebody else"):
        cluster.owned_folder(other, who)


def test_a_link_for_a_socket_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "socket").symlink_to("/tmp")
    with pytest.raises(Refused, match="is a link"):
        cluster.owned_folder(tmp_path / "socket", postgres.runner())


def test_two_checkouts_have_their_own_data() -> None:
    assert checkout_id(Path("/home/a/stapsteen")) != checkout_id(Path("/home/b/stapsteen"))


def test_data_of_another_major_version_is_named(room: Path, shared: cluster.Cluster) -> None:
    with pytest.raises(Refused, match=r"made by PostgreSQL 9, here is .*--reset"):
        postgres.choose_binaries(shared.who, shared.folder, 9)


def test_removing_is_refused_while_it_runs(shared: cluster.Cluster) -> None:
    with pytest.raises(Refused, match="is running"):
        cluster.remove(shared.folder, "test")


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        (["12 @ LOG:  starting", "12 @ FATAL:  no shared memory", "12 @ LOG:  shut down"], "FATAL:  no shared memory"),
        (["12 @ LOG:  shut down"], "LOG:  shut down"),
        ([], "no word of it in its log"),
    ],
)  # fmt: skip
def test_a_server_that_does_not_start_says_why(tmp_path: Path, lines: list[str], named: str) -> None:
    log = tmp_path / "pg.log"
    log.write_text("\n".join(lines))
    assert cluster.why(log) == named
