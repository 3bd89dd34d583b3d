"""Every line and every branch of the core, of each room's rules and of each room's actions is run by a test.

Run by `./stapsteen test` after pytest, on what `coverage run` wrote down. Names what is missing; 1 when anything is.
"""

from __future__ import annotations

import sys
from pathlib import Path

from coverage import Coverage

ROOT = Path(__file__).resolve().parent.parent
GUARDED = ("core/**/*.py", "*/access.py", "*/actions.py", "*/actions/**/*.py")


def guarded() -> list[str]:
    """The files that must be covered whole; one that no test even imports counts as not covered."""
    source = ROOT / "src/stapsteen"
    found = {path for pattern in GUARDED for path in source.glob(pattern)}
    return sorted(str(path) for path in found if not {"tests", "migrations"} & set(path.parts))


def main() -> int:
    measured = Coverage()
    measured.combine()
    measured.save()
    files = guarded()
    percent = measured.report(morfs=files, show_missing=True, skip_covered=True, precision=2)
    print(f"{len(files)} files, {percent:.2f} %")
    return 0 if percent == 100 else 1


if __name__ == "__main__":
    sys.exit(main())
