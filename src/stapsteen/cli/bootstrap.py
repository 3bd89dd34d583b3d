"""Make `.venv` equal to a lock file.

Runs under any Python >= 3.12 before anything is installed: standard library only. Called by the script `stapsteen`
as `python bootstrap.py ROOT LOCK`, LOCK being `run` or `test`. What was installed is remembered as a copy of the
lock inside `.venv`; the script compares the two and skips this file when they are equal.
"""

import fcntl
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

STARTED = time.monotonic()


class CannotInstall(Exception):
    """One line for the person at the keyboard: what is wrong and what to do."""


def say(text: str) -> None:
    print(f"stapsteen: {text} ({time.monotonic() - STARTED:.0f} s)", file=sys.stderr, flush=True)


def works(python: Path) -> bool:
    """Whether this interpreter runs, is new enough and has pip: a venv breaks when its Python is removed."""
    code = "import sys, pip; sys.exit(sys.version_info < (3, 12))"
    try:
        return subprocess.run([python, "-c", code], capture_output=True).returncode == 0
    except OSError:
        return False


def install_venv_module() -> bool:
    """As root on Debian or Ubuntu: fetch the package that Debian splits off from Python. False when not possible."""
    apt = shutil.which("apt-get")
    if not apt or os.geteuid() != 0 or not sys.executable.startswith("/usr/bin/"):
        return False
    say("installing Debian's python3-venv")
    package = f"python3.{sys.version_info[1]}-venv"
    for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", package]):
        command = [apt, *words]
        if subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
            return False
    return True


def make_venv(venv: Path) -> None:
    """A fresh virtual environment; an old or half-made one is replaced."""
    say(f"making .venv with Python {sys.version.split()[0]}")
    # From inside the old .venv `-m venv` would delete the Python that it runs on: use the one below it.
    python = getattr(sys, "_base_executable", sys.executable)
    command = [python, "-I", "-m", "venv", "--clear", str(venv)]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode and "ensurepip" in result.stdout + result.stderr and install_venv_module():
        result = subprocess.run(command, capture_output=True, text=True)
    if not result.returncode:
        return
    output = result.stdout + result.stderr
    if "ensurepip" in output:
        package = f"python3.{sys.version_info[1]}-venv"
        raise CannotInstall(
            f"{sys.executable} has no ensurepip. Install it: sudo apt-get install {package} (then start again)."
        )
    raise CannotInstall(f"could not make {venv}: {output.strip().splitlines()[-1]}")


def pip_install(python: Path, lock: Path) -> None:
    """Install exactly the lock, every file checked against its hash. Shows progress on stderr."""
    total = len(re.findall(r"^[A-Za-z0-9][^\s=]*==", lock.read_text(), flags=re.MULTILINE))
    say(f"installing {total} packages, about a minute the first time")
    command = [str(python), "-I", "-m", "pip", "install", "--require-hashes", "--no-deps", "--no-input"]
    command += [
        "--disable-pip-version-check",
        "--root-user-action=ignore",
        "--progress-bar=off",
        "-r",
        str(lock),
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    output: list[str] = []
    collected, shown = 0, time.monotonic()
    for line in process.stdout or ():
        output.append(line.rstrip())
        collected += line.startswith(("Collecting ", "Requirement already satisfied"))
        if time.monotonic() - shown > 5:
            shown = time.monotonic()
            say("unpacking" if line.startswith("Installing") else f"{collected} of {total} fetched")
    if process.wait():
        errors = [line for line in output if line.startswith("ERROR")] or output[-1:]
        raise CannotInstall(f"pip could not install {lock.name}. Is there a network? It said: {errors[0]}")


def install(root: Path, name: str) -> None:
    """Bring `.venv` up to date with `locks/NAME.txt`; `test` holds everything of `run`."""
    venv, lock = root / ".venv", root / "locks" / f"{name}.txt"
    stamp = venv / f"stapsteen-{name}.txt"
    if stamp.is_file() and stamp.read_bytes() == lock.read_bytes() and works(venv / "bin" / "python"):
        return  # another start did it while we waited for the lock
    if not os.access(venv if venv.is_dir() else root, os.W_OK):
        raise CannotInstall(
            f"{root} is not writable for you. Copy the folder to a place of your own and start again."
        )
    if not works(venv / "bin" / "python"):
        make_venv(venv)
    names = ["run", "test"] if name == "test" else ["run"]
    for each in ("run", "test"):
        (venv / f"stapsteen-{each}.txt").unlink(missing_ok=True)
    pip_install(venv / "bin" / "python", lock)
    for each in names:
        shutil.copyfile(root / "locks" / f"{each}.txt", venv / f"stapsteen-{each}.txt")
    say("installed")


def main() -> int:
    root, name = Path(sys.argv[1]), sys.argv[2]
    with (root / "locks" / "run.txt").open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another start is installing; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            install(root, name)
        except CannotInstall as error:
            print(f"stapsteen: {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
