"""The script `stapsteen` and its installer, with folders and PATHs made up for the occasion."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stapsteen.cli import bootstrap
from stapsteen.cli.paths import ROOT


def script(tmp_path: Path, name: str, body: str) -> Path:
    path = tmp_path / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A PATH with nothing on it but what the script itself needs."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "dirname", "readlink", "cmp", "printf", "cat"):
        if found := shutil.which(name):
            (folder / name).symlink_to(found)
    return folder


def find(tools: Path, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Ask the script which Python it would take. The machine's own Pythons outside PATH are hidden by HOME."""
    return subprocess.run(
        [ROOT / "stapsteen", "find-python"],
        env={"PATH": str(tools), "HOME": str(home), **environment},
        capture_output=True,
        text=True,
    )


def new_python(folder: Path, name: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return script(folder, name, f'exec {sys.executable} "$@"')


def elsewhere() -> bool:
    """Whether this machine has a new Python in one of the fixed places that no PATH can hide."""
    fixed = [*Path("/usr/local/bin").glob("python3.1[2-9]"), *Path("/opt").glob("*/bin/python3.1[2-9]")]
    return bool([*fixed, *Path("/opt").glob("*/versions/3.1[2-9]*/bin/python3")])


def test_a_shim_that_does_not_run_is_passed_over(tools: Path, tmp_path: Path) -> None:
    script(tools, "python3.14", "echo 'command not found' >&2; exit 127")
    script(tools, "python3", "exit 1  # an old one")
    wanted = new_python(tools, "python3.12")
    assert find(tools, tmp_path).stdout.strip() == str(wanted)


def test_the_one_asked_for_comes_first(tools: Path, tmp_path: Path) -> None:
    new_python(tools, "python3.13")
    wanted = new_python(tmp_path / "mine", "python")
    assert find(tools, tmp_path, PYTHON=str(wanted)).stdout.strip() == str(wanted)


def test_one_in_the_folder_of_pyenv_is_found(tools: Path, tmp_path: Path) -> None:
    script(tools, "python3", "exit 1")
    wanted = new_python(tmp_path / ".pyenv/versions/3.12.7/bin", "python3")
    assert find(tools, tmp_path).stdout.strip() == str(wanted)


@pytest.mark.skipif(
    elsewhere(), reason="a fixed folder of this machine holds a new Python, which comes before uv's"
)
def test_uv_is_asked_without_downloading(tools: Path, tmp_path: Path) -> None:
    wanted = new_python(tmp_path / "uv-python", "python3")
    script(tools, "uv", f'[ "$UV_PYTHON_DOWNLOADS" = never ] && echo {wanted}')
    assert find(tools, tmp_path).stdout.strip() == str(wanted)


@pytest.mark.skipif(elsewhere(), reason="a fixed folder of this machine holds a new Python")
def test_none_gives_one_line(tools: Path, tmp_path: Path) -> None:
    script(tools, "python3", "exit 1")
    result = find(tools, tmp_path)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "stapsteen: no Python 3.12 or newer found\n"


def checkout(tmp_path: Path) -> Path:
    """A folder with the script, the installer and an empty lock."""
    root = tmp_path / "checkout"
    (root / "src/stapsteen/cli").mkdir(parents=True)
    (root / "locks").mkdir()
    shutil.copy(ROOT / "stapsteen", root / "stapsteen")
    shutil.copy(ROOT / "src/stapsteen/cli/bootstrap.py", root / "src/stapsteen/cli/bootstrap.py")
    for name in ("run", "test"):
        (root / "locks" / f"{name}.txt").write_text("# nothing\n")
    (root / "src/stapsteen/__init__.py").touch()
    (root / "src/stapsteen/cli/__init__.py").touch()
    (root / "src/stapsteen/cli/__main__.py").write_text("import sys; print('started', *sys.argv[1:])\n")
    return root


def start(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHON": sys.executable}
    environment.pop("PYTHONPATH", None)
    return subprocess.run([root / "stapsteen", *words], env=environment, capture_output=True, text=True)


def test_the_life_of_a_checkout(tmp_path: Path) -> None:
    root = checkout(tmp_path)
    first, second = start(root, "doctor", "a b"), start(root, "doctor")
    assert (first.returncode, first.stdout) == (0, "started doctor a b\n")
    assert "making .venv" in first.stderr
    assert (second.stdout, second.stderr) == ("started doctor\n", "")

    (root / "locks/run.txt").write_text("# changed\n")
    changed = start(root, "doctor")
    assert "installing" in changed.stderr
    assert "making" not in changed.stderr

    (root / "locks/run.txt").write_text("nothing-like-this @ file:///nowhere/at/all.whl\n")
    refused = start(root, "doctor")
    assert refused.returncode == 1
    assert refused.stderr.splitlines()[-1].startswith("stapsteen: pip could not install run.txt.")
    assert not (root / ".venv/stapsteen-run.txt").exists()

    (root / "locks/run.txt").write_text("# good again\n")
    (root / ".venv/bin/python").unlink()
    (root / ".venv/bin/python").symlink_to("/nowhere/python3")
    repaired = start(root, "doctor")
    assert repaired.stdout == "started doctor\n"
    assert "making .venv" in repaired.stderr


def test_a_folder_that_is_not_ours_gives_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write everywhere
    with pytest.raises(bootstrap.CannotInstall, match="is not writable for you"):
        bootstrap.install(checkout(tmp_path), "run")


def test_python_without_ensurepip_says_which_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "install_venv_module", lambda: False)
    answer = subprocess.CompletedProcess(
        [], 1, "The virtual environment was not created: ensurepip is not available", ""
    )
    monkeypatch.setattr(bootstrap.subprocess, "run", lambda *_, **__: answer)
    with pytest.raises(bootstrap.CannotInstall, match=r"apt-get install python3\.\d+-venv"):
        bootstrap.make_venv(tmp_path / ".venv")


def test_the_test_lock_holds_everything_of_the_run_lock() -> None:
    def pins(name: str) -> set[str]:
        lines = (ROOT / "locks" / f"{name}.txt").read_text().splitlines()
        return {line.split(" ")[0] for line in lines if "==" in line and not line.startswith((" ", "#"))}

    assert pins("run") < pins("test")
