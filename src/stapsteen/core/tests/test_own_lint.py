"""Rules of the house that a linter doesn't know, each with a good and a bad example."""

from __future__ import annotations

import ast
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
PICTURES = {
    "icons.py",
    "pictures.py",
    "styleguide.py",
    "views.py",
    "ui.py",
    "pdf.py",
    "service_words.py",
}  # how it looks
FORMS = {"edits.py", "fields.py", "limits.py", "resend.py", "words.py"}  # what a form takes and remembers
BESIDE = {"health.py", "progress.py", "stranded.py"}
"""What to say when a page isn't there, how far a job is, and jobs that lost their worker."""


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


def lines_of_code(source: str) -> int:
    """Lines that do something: no blank ones, comments or docstrings."""
    documented: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and (
            ast.get_docstring(node, clean=False) is not None
        ):
            words = node.body[0]
            documented |= set(range(words.lineno, (words.end_lineno or words.lineno) + 1))
    lines = enumerate(source.splitlines(), start=1)
    return sum(bool(line.strip()) and line.strip()[0] != "#" and at not in documented for at, line in lines)


def test_only_lines_that_do_something_are_counted() -> None:
    source = (
        '"""What\nit is."""\n\n# why\nx = 1\n\n\ndef f():\n    """Says."""\n    return """two\nlines"""\n'
    )
    assert lines_of_code(source) == 4


def test_the_core_stays_small_enough_to_read() -> None:
    """The guarantees stand in at most 1,500 lines, so that one person can read them all in an afternoon."""
    sizes = {path.name: lines_of_code(path.read_text()) for path in (SOURCE / "core").glob("*.py")}
    forms = sum(sizes.pop(name) for name in FORMS)
    core = sum(size for name, size in sizes.items() if name not in PICTURES | BESIDE)
    assert core <= 1_500, f"{core} lines"
    assert forms <= 300, f"{forms} lines"
