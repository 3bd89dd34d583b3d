"""What the tests need from the machine: installs it with apt when that is allowed, else says what to install."""

import base64
import hashlib
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from stapsteen.cli.console import Refused, say

VNU_VERSION = "26.9.27"
VNU_SHA512 = "TkQd5DFfOaWC9ebtvozTsrH2Vaod3jYg+vrOeREzIXxBexLz9+rS2DNtjn7+RPUiZhgli0SghgBX6RJRNea0KA=="
APT_SECONDS = 900
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")


@dataclass(frozen=True)
class Need:
    """A Debian package, how to see that it isn't needed any more, and what it is for."""

    package: str
    present: Callable[[], bool]
    what_for: str


def chromium() -> str | None:
    """The browser for the tests; first the one without windows of its own, which does the same for a third less work."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    folder = Path(base) / "stapsteen"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def vnu_path() -> Path:
    return cache_folder() / f"vnu-{VNU_VERSION}.jar"


NEEDS = [
    Need(BROWSERS[0], lambda: chromium() is not None, "the browser journeys"),
    Need("default-jdk-headless", lambda: shutil.which("javac") is not None, "the HTML and PDF validators"),
    Need("libjaxb-java", lambda: Path("/usr/share/java/jaxb-runtime.jar").exists(), "the PDF validator"),
    Need("gettext", lambda: shutil.which("xgettext") is not None, "the check of the translations"),
    Need("shellcheck", lambda: shutil.which("shellcheck") is not None, "the check of the scripts"),
    Need(
        "npm", lambda: vnu_path().exists() or shutil.which("npm") is not None, "fetching the HTML validator"
    ),
]


def missing() -> list[Need]:
    return [need for need in NEEDS if not need.present()]


def apt(*words: str) -> None:
    """One apt-get call, quiet. Raises Refused with its last line."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", *words]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=APT_SECONDS)
    if result.returncode:
        raise Refused(
            f"`{' '.join(command)}` failed: {(result.stderr or result.stdout).strip().splitlines()[-1]}"
        )


def install_packages() -> None:
    """Install what is missing. Raises Refused with one line when it may not or can't."""
    lacking = missing()
    if not lacking:
        return
    names = [need.package for need in lacking]
    reasons = ", ".join(f"{need.package} ({need.what_for})" for need in lacking)
    if not shutil.which("apt-get"):
        raise Refused(f"install these first: {reasons}.")
    if os.geteuid() != 0:
        raise Refused(f"some things are missing. Run: sudo apt-get install {' '.join(names)}")
    say(f"installing {reasons}")
    apt("update")
    apt("install", "-y", "--no-install-recommends", *names)
    if still := missing():
        raise Refused(f"{still[0].package} was installed but {still[0].what_for} still can't find it.")


def vnu_jar() -> Path:
    """The HTML validator, fetched once from npm and checked against its pinned hash."""
    target = vnu_path()
    if target.exists():
        return target
    say("fetching the HTML validator")
    with tempfile.TemporaryDirectory(dir=cache_folder()) as temporary:
        command = ["npm", "pack", "--silent", f"vnu-jar@{VNU_VERSION}"]
        result = subprocess.run(command, cwd=temporary, capture_output=True, text=True, timeout=APT_SECONDS)
        packed = Path(temporary) / f"vnu-jar-{VNU_VERSION}.tgz"
        if result.returncode or not packed.exists():
            raise Refused(
                f"`{' '.join(command)}` failed: {(result.stderr.strip() or 'no file').splitlines()[-1]}"
            )
        if base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode() != VNU_SHA512:
            raise Refused(f"vnu-jar {VNU_VERSION} from npm is not the file that was pinned; not used.")
        with tarfile.open(packed) as archive:
            member = archive.extractfile("package/build/dist/vnu.jar")
            if member is None:
                raise Refused("vnu-jar holds no vnu.jar.")
            partial = Path(temporary) / "vnu.jar"
            with partial.open("wb") as output:
                shutil.copyfileobj(member, output)
        partial.rename(target)
    return target
