"""The words that carry figures: each has a query, and the glossary says the same."""

from __future__ import annotations

from pathlib import Path

from stapsteen.figures import queries
from stapsteen.figures.definitions import WORDS

GLOSSARY = Path(__file__).resolve().parents[4] / "docs" / "glossary.md"
HEADING = "## Words that carry figures"


def test_the_glossary_lists_every_word_with_its_meaning_and_query() -> None:
    section = GLOSSARY.read_text().split(HEADING, 1)[1].split("\n## ", 1)[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if "|" in line
    ]
    wanted = [[word.name, str(word.term), word.meaning, f"`{word.query.__name__}`"] for word in WORDS]
    assert rows[2:] == wanted


def test_every_query_is_one_of_the_room() -> None:
    assert {word.query.__name__ for word in WORDS} <= set(dir(queries))
