"""Builds static/css/stapsteen.css from the vendored components, our tokens and our own sheets.

Usage: python tools/build_css.py          write the file
       python tools/build_css.py --check  exit 1 when the committed file differs (the tests do the same)

No part of it is clever: files are put one after the other, comments and needless spaces go. A token that a
component asks for and that we don't give, or that we give and nobody asks for, stops the build.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static/vendor/amsterdam-design-system"
OWN = ROOT / "static/css"
TARGET = OWN / "stapsteen.css"
COMPONENTS = [
    "heading",
    "link",
    "skip-link",
    "visually-hidden",
    "breadcrumb",
    "button",
    "label",
    "hint",
    "error-message",
    "field",
    "field-set",
    "text-input",
    "text-area",
    "select",
    "file-input",
    "table",
    "tab-navigation",
    "pagination",
]
SHEETS = ["theme", "components", "staff", "public", "print"]
LOCAL = {"--ams-icon-line-height"}  # set by the button for an icon component that we don't take
BANNER = """\
/* Built by tools/build_css.py: change the sources, not this file.
   Stapsteen, EUPL-1.2. Holds styles of the Amsterdam Design System 4.5.0, (c) Gemeente Amsterdam, EUPL-1.2. */
"""


class CssError(ValueError):
    """The sources don't fit together; the message names the tokens."""


def sources() -> list[Path]:
    """The files in the order in which they are joined."""
    components = [VENDOR / f"{name}.css" for name in COMPONENTS]
    return [OWN / "tokens.css", *components, *[OWN / f"{name}.css" for name in SHEETS]]


def squeeze(css: str) -> str:
    """Without comments and needless spaces. Strings stay as they are; calc() keeps its spaces round + and -."""
    parts = re.split(r"(\"[^\"]*\"|'[^']*')", re.sub(r"/\*.*?\*/", "", css, flags=re.S))
    for i in range(0, len(parts), 2):
        text = re.sub(r"\s+", " ", parts[i])
        text = re.sub(r"\s*([{};,>])\s*", r"\1", text)
        text = re.sub(r"(?<=[{;])\s*([\w-]+)\s*:\s*", r"\1:", text)
        parts[i] = text.replace(";}", "}")
    return "".join(parts).strip()


def check_tokens(css: str) -> None:
    """Every --ams- and --st- token that is used is given, and the other way round.

    Raises CssError. A var() with a fallback needn't be given.
    """
    given = set(re.findall(r"[{;](--(?:ams|st)-[\w-]+):", css)) - LOCAL
    used = set(re.findall(r"var\((--(?:ams|st)-[\w-]+)", css))
    optional = set(re.findall(r"var\((--(?:ams|st)-[\w-]+)\s*,", css))
    missing, unused = used - given - optional, given - used
    if missing or unused:
        raise CssError(f"tokens missing: {sorted(missing)}; tokens nobody uses: {sorted(unused)}")


def build() -> str:
    """The whole stylesheet as text."""
    css = "\n".join(squeeze(path.read_text(encoding="utf-8")) for path in sources())
    check_tokens(css)
    return BANNER + css + "\n"


def main(args: list[str]) -> int:
    """Write the stylesheet, or with --check compare it; returns the exit code."""
    css = build()
    if "--check" in args:
        fresh = TARGET.exists() and TARGET.read_text(encoding="utf-8") == css
        print(
            "stapsteen.css is up to date" if fresh else "stapsteen.css is old: run python tools/build_css.py"
        )
        return 0 if fresh else 1
    TARGET.write_text(css, encoding="utf-8")
    print(f"{TARGET.relative_to(ROOT)}: {len(css.encode()):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
