"""Bad luck in the address: whatever stands behind the question mark, no page falls over."""

from __future__ import annotations

from typing import Any

import pytest

from stapsteen.core import pages
from stapsteen.core.pages import PAGES
from stapsteen.testing.world import client_of

pytestmark = pytest.mark.django_db
pages.discover()
HOSTILE = ["\x00", "'; DROP TABLE x;--", "%", "a" * 5000, "D'Hondt", "-1"]
KEYS = (
    "q",
    "pagina",
    "maand",
    "jaar",
    "stand",
    "coach",
    "town",
    "sector",
    "gemeente",
    "phase",
    "wat",
    "moment",
    "deel",
)


def addresses(slug: str) -> list[str]:
    """Every page that is asked for without an id."""
    routes = [page.route for page in PAGES.values() if "GET" in page.methods]
    return [
        "/" + r.replace("<slug:service>", slug) for r in routes if "<" not in r.replace("<slug:service>", "")
    ]


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_no_page_falls_over(service: Any, coordinator: Any, value: str) -> None:
    client = client_of(coordinator)
    asked = addresses(service.slug)
    found = {path: client.get(path, dict.fromkeys(KEYS, value)).status_code for path in asked}
    assert len(asked) > 20
    assert {path: status for path, status in found.items() if status >= 500} == {}
