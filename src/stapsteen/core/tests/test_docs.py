"""Docs that the code can check: glossary, map, links, settings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stapsteen.core.database import house_models
from stapsteen.network.roles import ROLES

ROOT = Path(__file__).resolve().parents[4]
DOCS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("deploy/*.md")]


def terms() -> set[str]:
    return set(re.findall(r"^\| [^|]+ \| `(\w+)` \|", (ROOT / "docs/glossary.md").read_text(), re.MULTILINE))


def test_every_model_and_role_stands_in_the_glossary_and_nothing_that_is_gone() -> None:
    models = {model.__name__ for model in house_models()}
    assert (models | set(ROLES)) - terms() == set()
    assert {term for term in terms() if term[0].isupper()} - models == set()


def test_every_room_stands_on_the_map() -> None:
    rooms = {path.parent.name for path in (ROOT / "src/stapsteen").glob("*/apps.py")}
    assert rooms <= set(re.findall(r"^\| `(\w+)` \|", (ROOT / "docs/map.md").read_text(), re.MULTILINE))


@pytest.mark.parametrize("page", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_setting_is_documented() -> None:
    """Each variable that settings read stands in the example of a real installation, or in CONTRIBUTING."""
    asked = set(re.findall(r'"(STAPSTEEN_\w+|DATABASE_\w*URL)"', (ROOT / "config/settings.py").read_text()))
    told = (ROOT / "deploy/env.example").read_text() + (ROOT / "CONTRIBUTING.md").read_text()
    assert {name for name in asked if name not in told} == set()
