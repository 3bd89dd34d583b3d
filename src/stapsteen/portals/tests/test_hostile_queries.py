"""Bad luck in the address: whatever stands behind the question mark, no page falls over."""

from __future__ import annotations

from typing import Any

import pytest

from stapsteen.core import pages
from stapsteen.core.pages import PAGES
from stapsteen.portals.tests.test_access_walk import url_of
from stapsteen.testing.walk import build, quick_templates, services_looked_up_once
from stapsteen.testing.world import client_of

pytestmark = pytest.mark.django_db
pages.discover()
HOSTILE = ["\x00", "'; DROP TABLE x;--", "%", "a" * 5000, "D'Hondt", "-1", "0001-01", "9999-12"]
ODD = {"q": "\x00", "moment": "2026-02-31", "maand": "0001-01", "pagina": "9" * 25}
"""Where a page is about something, all at once; the other keys get -1."""
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
@services_looked_up_once()
def test_no_page_falls_over(service: Any, coordinator: Any, value: str) -> None:
    client = client_of(coordinator)
    asked = addresses(service.slug)
    with quick_templates():
        found = {path: client.get(path, dict.fromkeys(KEYS, value)).status_code for path in asked}
    assert len(asked) > 20
    assert {path: status for path, status in found.items() if status >= 500} == {}


@services_looked_up_once()
def test_no_page_about_something_falls_over() -> None:
    house = build("vinac")
    client = client_of(house.staff["coordinator"])
    asked = [page for page in PAGES.values() if "GET" in page.methods and page.loads]
    query = dict.fromkeys(KEYS, "-1") | ODD
    with quick_templates():
        found = {page.name: client.get(url_of(page, house, house.own, "vinac"), query) for page in asked}
    assert sum(answer.status_code == 200 for answer in found.values()) > 40
    assert {name: answer.status_code for name, answer in found.items() if answer.status_code >= 500} == {}
