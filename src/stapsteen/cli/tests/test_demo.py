"""The demo as a person starts it: ready, one line of JSON, killed, started again, stopped without a trace."""

import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from stapsteen.cli import cluster, demo
from stapsteen.cli.console import Refused
from stapsteen.cli.paths import ROOT, checkout_id

READY_SECONDS = 90  # generous: tests share the machine


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="sts-demo-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


def start(folder: Path) -> tuple[subprocess.Popen[str], dict[str, object]]:
    """Start an empty demo on a free port and wait for its line."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("DATABASE_", "STAPSTEEN_"))
    }
    environment |= {"PYTHONPATH": str(ROOT / "src"), "STAPSTEEN_DATA": str(folder)}
    command = [sys.executable, "-m", "stapsteen.cli", "demo", "--empty", "--json", "--port", str(port)]
    with (folder / "stderr").open("a") as errors:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True)
    assert process.stdout
    ready, _, _ = select.select([process.stdout], [], [], READY_SECONDS)
    line = process.stdout.readline() if ready else ""
    assert line, (folder / "stderr").read_text()
    return process, json.loads(line)


def our_processes(folder: Path) -> list[str]:
    """Command lines of everything that runs with this data folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            text = (path / "environ").read_text(errors="replace") + (path / "cmdline").read_text(
                errors="replace"
            )
        except OSError:
            continue
        if str(folder) in text and path.name != str(os.getpid()):
            found.append(text[-200:])
    return found


def test_the_demo_starts_survives_a_kill_and_leaves_nothing(folder: Path) -> None:
    process, said = start(folder)
    data = folder / checkout_id() / "pg"
    assert said["logins"] == []
    with urllib.request.urlopen(f"{said['url']}gezond/") as response:
        assert response.status == 200

    process.kill()
    process.wait()
    assert process.stdout
    process.stdout.close()
    deadline = time.monotonic() + 20
    while any("gunicorn" in text or "run_worker" in text for text in our_processes(folder)):
        assert time.monotonic() < deadline, "the children live on without the demo"
        time.sleep(0.2)

    again, _said = start(folder)
    assert cluster.postmaster(data)
    again.send_signal(signal.SIGTERM)
    output, _ = again.communicate(timeout=60)
    assert (again.returncode, output) == (0, ""), "one line on stdout and no more"
    assert our_processes(folder) == []
    assert cluster.postmaster(data) is None


def test_data_of_an_older_demo_gives_one_line_that_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> str:
        raise Refused("`manage migrate` failed.\nCommandError: there is no people_person.avoid")

    monkeypatch.setattr(demo, "manage", fails)
    (tmp_path / "tables").write_text("of another source")
    with pytest.raises(Refused, match=r"older version .* \./stapsteen demo --reset$") as older:
        demo.migrate({}, tmp_path, own_database=True)
    assert "\n" not in str(older.value)
    assert "people_person.avoid" in (tmp_path / "migrate.log").read_text()
    with pytest.raises(
        Refused, match=r"no people_person\.avoid$"
    ):  # not ours to remove: all that is known of it
        demo.migrate({}, tmp_path, own_database=False)
