"""The commands around the servers: what they refuse, say and leave behind."""

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from stapsteen.cli import __main__ as top
from stapsteen.cli import (
    check,
    cluster,
    demo,
    doctor,
    environment,
    machine,
    messages,
    paths,
    processes,
    serve,
)
from stapsteen.cli.console import Refused


def words(module: object, *given: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    module.options(parser)  # type: ignore[attr-defined]
    return parser.parse_args(given)


@pytest.fixture
def own_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A data folder for this test alone, and no database of the surroundings."""
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "STAPSTEEN_ENV"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("STAPSTEEN_DATA", str(tmp_path))
    return paths.data_folder()


# The script's front door


def test_every_command_has_a_module() -> None:
    for name, (module, text) in top.COMMANDS.items():
        result = subprocess.run(
            [
                sys.executable,
                "-c",
                f"import stapsteen.cli.{module} as m, sys; m.options; m.run; print('django' in sys.modules)",
            ],
            env={**os.environ, "PYTHONPATH": str(paths.ROOT / "src")},
            capture_output=True,
            text=True,
        )
        assert (result.stdout.strip(), text != "") == ("False", True), f"{name}: {result.stderr}"


def test_a_refusal_is_one_line_and_exit_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert top.main(["import", "/nowhere.xlsx", "--service", "x"]) == 1
    assert capsys.readouterr() == ("", "stapsteen: there is no file /nowhere.xlsx.\n")


def test_an_unknown_command_lists_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        top.main(["nonsense"])
    assert ended.value.code == 2
    assert "demo" in capsys.readouterr().err


# demo


def test_a_port_in_use_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Refused, match=f"port {port} is in use"):
            demo.choose_port(port)


@pytest.mark.parametrize("port", [0, 70_000, -1])
def test_what_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(Refused, match="is not a port"):
        demo.choose_port(port)


def test_a_second_demo_says_where_the_first_is(own_data: Path) -> None:
    with (
        demo.only_one(own_data, "http://localhost:8000/"),
        pytest.raises(Refused, match="already running: http://localhost:8000/"),
        demo.only_one(own_data, "http://localhost:8001/"),
    ):
        pass


def test_reset_removes_the_data_and_the_keys_but_not_the_tests(own_data: Path) -> None:
    for name in ("pg", "pg-conf", "files", "test"):
        (own_data / name).mkdir()
    for name in ("secrets.json", "seeded", paths.TABLES):
        (own_data / name).touch()
    demo.reset(own_data, ask=False)
    assert sorted(path.name for path in own_data.iterdir()) == ["pg.lock", "test"]


def test_reset_leaves_somebody_elses_database_alone(own_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/x")
    with pytest.raises(Refused, match="only the built-in database"):
        demo.reset(own_data, ask=False)


def test_the_demo_refuses_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAPSTEEN_ENV", "production")
    with pytest.raises(Refused, match="production"):
        demo.run(words(demo))


def test_the_table_of_logins(capsys: pytest.CaptureFixture[str]) -> None:
    people = [
        {"service": "VINAC", "role": "begeleider", "user": "coach@vinac.test", "password": "stap voor stap"},
        {"service": "LINK", "role": "gastheer", "link": "http://localhost:8000/u/abc"},
    ]
    demo.show("http://localhost:8000/", people)
    lines = capsys.readouterr().err.splitlines()
    assert lines[1] == "  VINAC  begeleider  coach@vinac.test  stap voor stap"
    assert lines[2] == "  LINK   gastheer    http://localhost:8000/u/abc"


def test_the_demos_keys_stay_the_same_and_private(own_data: Path) -> None:
    first = environment.demo_secrets(own_data)
    assert environment.demo_secrets(own_data) == first
    assert (own_data / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert first["STAPSTEEN_MASTER_KEYS"].startswith("1:")


def test_a_child_that_stops_is_reported_with_its_last_words(tmp_path: Path) -> None:
    code = "print('no such table'); raise SystemExit(3)"
    child = processes.Children().start(
        "web", [sys.executable, "-c", code], dict(os.environ), tmp_path / "log"
    )
    child.process.wait(30)
    with pytest.raises(Refused, match=r"the web process stopped(.|\n)*no such table"):
        child.check()


def test_children_that_do_not_listen_are_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "STOP_SECONDS", 0.2)
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('x', flush=True); time.sleep(60)"
    with processes.Children() as running:
        child = running.start("deaf", [sys.executable, "-c", code], dict(os.environ), tmp_path / "log")
        while not child.log.read_text():
            assert child.process.poll() is None
    assert child.process.poll() == -9


def test_who_stops_us_while_a_child_starts_leaves_no_child(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked at the worst moment: the process is there, and not yet in the list. Also where another thread gets the signal."""
    start = subprocess.Popen

    def stopped_just_after(*words: Any, **more: Any) -> subprocess.Popen[bytes]:
        process = start(*words, **more)
        os.kill(os.getpid(), signal.SIGTERM)
        return process

    monkeypatch.setattr(subprocess, "Popen", stopped_just_after)
    before = {number: signal.getsignal(number) for number in processes.STOPS}
    processes.raise_when_asked_to_stop()
    done = threading.Event()
    threading.Thread(target=done.wait, daemon=True).start()
    try:
        with processes.Children() as running, pytest.raises(processes.Stopped):
            running.start("slow", ["/bin/sleep", "60"], dict(os.environ), tmp_path / "log")
    finally:
        done.set()
        for number, handler in before.items():
            signal.signal(number, handler)
    assert [child.process.poll() for child in running.all] == [-signal.SIGTERM]


# serve


def test_serve_names_everything_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in serve.REQUIRED:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(Refused) as refused:
        serve.production_environment()
    assert all(name in str(refused.value) for name in serve.REQUIRED)


def test_serve_is_production_whatever_the_surroundings_say(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in serve.REQUIRED:
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("STAPSTEEN_ENV", "development")
    assert serve.production_environment()["STAPSTEEN_ENV"] == "production"


# translations


PO = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=(n > 1);\\n"

msgid "Vandaag"
msgstr "Aujourd’hui"

msgctxt "uur"
msgid "%(n)s dag"
msgid_plural "%(n)s dagen"
msgstr[0] "%(n)s jour"
msgstr[1] "%(n)s jours"

#, fuzzy
msgid "Morgen"
msgstr "Hier"
"""


def test_translations_are_compiled_once_and_fuzzy_ones_left_out(tmp_path: Path) -> None:
    import gettext

    folder = tmp_path / "fr/LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(PO)
    assert (messages.compile_messages(tmp_path), messages.compile_messages(tmp_path)) == (1, 0)
    french = gettext.translation("django", tmp_path, ["fr"])
    assert [french.gettext("Vandaag"), french.gettext("Morgen")] == ["Aujourd’hui", "Morgen"]
    assert french.npgettext("uur", "%(n)s dag", "%(n)s dagen", 3) == "%(n)s jours"


# The machine


def test_what_may_not_be_installed_becomes_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    lacking = [machine.Need("chromium", lambda: False, "the browser journeys")]
    monkeypatch.setattr(machine, "NEEDS", lacking)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(shutil, "which", lambda _name: "/usr/bin/apt-get")
    with pytest.raises(Refused, match=r"Run: sudo apt-get install chromium$"):
        machine.install_packages()
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(Refused, match=r"install these first: chromium \(the browser journeys\)"):
        machine.install_packages()


def test_a_changed_validator_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    def pack(command: list[str], cwd: str, **_: object) -> subprocess.CompletedProcess[str]:
        (Path(cwd) / f"vnu-jar-{machine.VNU_VERSION}.tgz").write_bytes(b"something else")
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", pack)
    with pytest.raises(Refused, match="not the file that was pinned"):
        machine.vnu_jar()
    assert list((tmp_path / "stapsteen").iterdir()) == []


# checks and doctor


def test_all_checks_run_and_the_first_failure_decides(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    found = [
        check.Step("good", [sys.executable, "-c", ""]),
        check.Step("bad", [sys.executable, "-c", "raise SystemExit(3)"]),
        check.Step("absent", ["/nowhere/tool"]),
        check.Step("last", [sys.executable, "-c", "print('still ran')"]),
    ]
    monkeypatch.setattr(check, "steps", lambda: found)
    assert check.run_all(dict(os.environ)) == 3
    output = capfd.readouterr()
    assert "still ran" in output.out
    assert "2 of 4 checks failed: bad, absent" in output.err


def test_every_shell_script_is_checked() -> None:
    names = {Path(path).name for path in check.scripts()}
    assert names == {"stapsteen", "run", "upgrade", "stapsteen-admin"}


def test_doctor_names_what_is_wrong_in_production(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STAPSTEEN_ENV", "production")
    monkeypatch.setenv("STAPSTEEN_DATA_DIR", str(tmp_path / "absent"))
    monkeypatch.setenv("STAPSTEEN_BACKUP_DIR", str(tmp_path))
    monkeypatch.setenv("STAPSTEEN_EMAIL_HOST", "127.0.0.1")
    monkeypatch.setenv("STAPSTEEN_EMAIL_PORT", "1")
    for name in (*doctor.PRODUCTION_KEYS, "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    found = [doctor.check_data_folder(), doctor.check_keys(), doctor.check_mail(), doctor.check_backup()]
    found += doctor.of_the_database()
    assert [each.ok for each in found] == [False] * 5
    assert "STAPSTEEN_MASTER_KEYS" in found[1].text
    assert "set DATABASE_URL" in found[4].text


def test_doctor_sees_an_old_backup(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STAPSTEEN_ENV", "production")
    monkeypatch.setenv("STAPSTEEN_BACKUP_DIR", str(tmp_path))
    file = tmp_path / "stapsteen-20261122-013000.backup"
    file.touch()
    assert doctor.check_backup().ok
    os.utime(file, (0, file.stat().st_mtime - 40 * 3600))
    assert not doctor.check_backup().ok


def test_doctor_speaks_json(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(doctor, "of_the_database", lambda: [doctor.Finding("PostgreSQL", False, "not there")])
    assert doctor.run(words(doctor, "--json")) == 1
    rows = json.loads(capsys.readouterr().out)
    assert {"name": "PostgreSQL", "ok": False, "needed": True, "text": "not there"} in rows


def test_a_role_with_too_many_rights_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        monkeypatch.delenv(name, raising=False)
    running = cluster.start(name="test", fast=True)
    try:
        assert doctor.check_database({"DATABASE_URL": running.dsn_app}).ok
        assert "too many rights" in doctor.check_database({"DATABASE_URL": running.dsn_admin}).text
        assert "can't connect" in doctor.check_database({"DATABASE_URL": running.dsn("nobody_here")}).text
    finally:
        running.stop()
