"""Rules of the house that a linter doesn't know, each with a good and a bad example."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]
SOURCE = ROOT / "src/stapsteen"
FREE = {
    "core",
    "figures",
    "cli",
    "testing",
}  # cli never touches persons' tables by hand; testing is for tests
RULES = {
    "cursor": (r"\.cursor\(\)", "with connection.cursor() as c:", "page.cursor = 3"),
    "raw SQL": (r"\bRawSQL\(|\.raw\(|\.extra\(", "Person.objects.raw(query)", "draw(x)"),
    "text aggregate": (r"\b(StringAgg|ArrayAgg|JSONBAgg)\(", "StringAgg('first_name', ',')", "Count('id')"),
    "nested scope": (r"_current\.(set|reset)\(", "_current.set(scope)", "current()"),
    "other way to a URL": (r"\b(re_)?path\(\s*[\"'f]", 'path("x/", view)', "page('x/')"),
}
ALLOWED_HERE = {
    "other way to a URL": {"config/urls.py"},
}


def our_files() -> list[Path]:
    rooms = [p for p in SOURCE.rglob("*.py") if p.relative_to(SOURCE).parts[0] not in FREE]
    return [p for p in rooms if "tests" not in p.parts and "migrations" not in p.parts]


@pytest.mark.parametrize("rule", RULES)
def test_the_rule_finds_the_bad_and_leaves_the_good(rule: str) -> None:
    pattern, bad, good = RULES[rule]
    assert re.search(pattern, bad)
    assert not re.search(pattern, good)


@pytest.mark.parametrize("rule", RULES)
def test_no_room_reads_past_the_log_or_opens_another_door(rule: str) -> None:
    pattern = re.compile(RULES[rule][0])
    found = [str(p.relative_to(ROOT)) for p in our_files() if pattern.search(p.read_text())]
    assert [name for name in found if name not in ALLOWED_HERE.get(rule, set())] == []


def test_no_template_holds_style_or_script() -> None:
    """The content security policy would refuse them; better to know before."""
    inline = re.compile(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son\w+=\"|javascript:", re.IGNORECASE)
    templates = [*ROOT.glob("templates/**/*.html"), *SOURCE.glob("*/templates/**/*.html")]
    assert [str(p.relative_to(ROOT)) for p in templates if inline.search(p.read_text())] == []


def test_nothing_is_left_for_later() -> None:
    left = re.compile(r"\b(TODO|FIXME|XXX)\b")
    files = [*our_files(), *(p for p in (SOURCE / "core").rglob("*.py") if "tests" not in p.parts)]
    assert [str(p.relative_to(ROOT)) for p in files if left.search(p.read_text())] == []


def test_the_first_load_stays_small() -> None:
    """At most 100 KB compressed: style, script and font of a first page (the page itself is a few KB)."""
    import gzip

    names = ["static/css/stapsteen.css", "static/vendor/htmx/htmx.min.js", "static/js/stapsteen.js"]
    modules = re.findall(r'from "\./([\w-]+\.js)"', (ROOT / "static/js/stapsteen.js").read_text())
    texts = [ROOT / name for name in [*names, *(f"static/js/{module}" for module in modules)]]
    fonts = ROOT.glob("static/fonts/*-wght-normal.woff2")
    size = sum(len(gzip.compress(p.read_bytes(), 9)) for p in texts) + sum(p.stat().st_size for p in fonts)
    assert size < 92 * 1024, f"{size} bytes"
