"""Compile the translations (.po to .mo), in Python alone: no gettext tools needed on the machine."""

import os
import tempfile
from pathlib import Path

from stapsteen.cli.console import Refused
from stapsteen.cli.paths import ROOT


def compile_one(source: Path) -> None:
    """Write the .mo beside its .po, whole or not at all. Fuzzy strings are left out."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with source.open("rb") as handle:
        catalogue = read_po(handle)
    number, partial = tempfile.mkstemp(dir=source.parent)
    with os.fdopen(number, "wb") as output:
        write_mo(output, catalogue)
    Path(partial).chmod(0o644)
    Path(partial).rename(source.with_suffix(".mo"))


def compile_messages(locale: Path = ROOT / "locale") -> int:
    """Compile what changed; returns how many files."""
    done = 0
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns > source.stat().st_mtime_ns:
            continue
        try:
            compile_one(source)
        except PermissionError:
            raise Refused(f"can't write {target}; run this once as the owner of the folder.") from None
        done += 1
    return done
