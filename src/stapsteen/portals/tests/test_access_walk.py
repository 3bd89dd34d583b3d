"""Guarantee 2, walked: every URL, as every role, for the own case, another case, another service, and anonymous.

What comes out is docs/access-matrix.md; a permission that changes is a line that changes there.
Write it anew with: STAPSTEEN_WRITE_MATRIX=1 ./stapsteen test src/stapsteen/portals/tests/test_access_walk.py
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from stapsteen.core import pages
from stapsteen.core.pages import PAGES, Page
from stapsteen.network.roles import ROLES
from stapsteen.testing.database import one_at_a_time
from stapsteen.testing.walk import (
    Case,
    House,
    bare_not_found,
    build,
    for_this_file,
    link_tokens,
    portions,
    quick_templates,
    sent_with,
    services_looked_up_once,
    visitor,
)
from stapsteen.testing.world import client_of

pytestmark = pytest.mark.django_db
pages.discover()
MATRIX = Path(__file__).resolve().parents[4] / "docs/access-matrix.md"
PORTIONS = portions()
SHORT = {"coach": "coa", "intake": "int", "coordinator": "coo", "desk": "des", "host_contact": "hos",
         "participant": "par", "referrer": "ref", "expert": "exp", "policy": "pol", "administrator": "adm"}  # fmt: skip


def url_of(page: Page, house: House, case: Case, service_slug: str) -> str:
    names = re.findall(r"<(?:\w+:)?(\w+)>", page.route)
    tokens = link_tokens(house, case) if "token" in names else {}
    fixed = {
        "service": service_slug,
        "slug": "volunteering",
        "token": tokens.get(page.rule, "x"),
        "secret": "x",
        **case.ids,
    }
    return reverse(page.name, kwargs={name: fixed[name] for name in names})


def knock(client: Client, page: Page, url: str, case: Case) -> str:
    """What whoever knocks gets: the page (ok), nothing (404), or the login. Whatever it changed is taken back."""
    with transaction.atomic():
        data = sent_with(page.name, case)
        answer = client.get(url, data) if "GET" in page.methods else client.post(url, data)
        transaction.set_rollback(True)
    if answer.status_code == 401 or (answer.status_code == 302 and "/login/" in answer["Location"]):
        return "login"
    if answer.status_code == 404:
        return "404"
    assert answer.status_code in {200, 302, 405, 410, 422}, f"{page.name}: {answer.status_code} at {url}"
    return "ok"


def line(page: Page, here: House, there: House, clients: dict[str, Client]) -> str:
    """own/other case per role; for another service's case and for the own case under another's address: always 404.

    A page without a case in its address or in what is sent is asked for once: the second answer would be the first.
    """
    cells = []
    own_url, other_url = (url_of(page, here, case, here.service.slug) for case in (here.own, here.other))
    same = (own_url, sent_with(page.name, here.own)) == (other_url, sent_with(page.name, here.other))
    strange, crossed = (
        url_of(page, there, there.own, slug) for slug in (there.service.slug, here.service.slug)
    )
    for role in ROLES:
        own = knock(clients[role], page, own_url, here.own)
        other = own if same else knock(clients[role], page, other_url, here.other)
        cells.append(own if own == other else f"{own}/{other}")
        if page.shell.audience == "member":
            assert knock(clients[role], page, strange, there.own) == "404", page.name
            if page.loads:
                assert knock(clients[role], page, crossed, there.own) == "404", (
                    f"{page.name} as {role} shows another service's"
                )
    cells.extend(knock(clients[who], page, own_url, here.own) for who in ("nobody", "anonymous"))
    return f"| {page.name} | {' | '.join(cells)} |"


def clients_of(house: House) -> dict[str, Client]:
    return {
        **{role: client_of(house.staff[role]) for role in ROLES},
        "nobody": client_of(visitor(house.service.slug)),
        "anonymous": client_of(None),
    }


@pytest.fixture(scope="module")
def houses(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[House, House]]:
    with for_this_file(django_db_blocker):
        yield build("vinac"), build("link")


@pytest.mark.parametrize("portion", PORTIONS)
def test_every_page_for_every_role_and_case(houses: tuple[House, House], portion: str) -> None:
    here, there = houses
    clients = clients_of(here)
    with quick_templates(), bare_not_found(), services_looked_up_once():
        found = [line(PAGES[name], here, there, clients) for name in PORTIONS[portion]]
    shut = [row for row in found if "| ok" not in row and not row.startswith("| portals.demo")]
    assert shut == [], "nobody could open this: give the walk what it needs (testing/walk.py)"
    if os.environ.get("STAPSTEEN_WRITE_MATRIX"):
        write(found)
    assert found == rows_of(PORTIONS[portion])


def rows_of(names: list[str]) -> list[str]:
    return [row for row in MATRIX.read_text().splitlines() if name_in(row) in names]


def name_in(row: str) -> str:
    """The page of a row of the matrix; empty for what is no such row."""
    found = re.match(r"\| (\w+\.[\w.]+) \|", row)
    return found[1] if found else ""


def write(rows: list[str]) -> None:
    """One portion at a time, beside the other workers."""
    with one_at_a_time():
        _write(rows)


def _write(rows: list[str]) -> None:
    old = MATRIX.read_text().splitlines() if MATRIX.exists() else []
    new = {name_in(row) for row in rows}
    kept = [row for row in old if name_in(row) in PAGES and name_in(row) not in new]
    heads = [*(SHORT[role] for role in ROLES), "no role", "anonymous"]
    lines = [
        "# Who gets what",
        "",
        "Made by the walk over all pages (`portals/tests/test_access_walk.py`); a test compares. ok: the page.",
        "404: as if it weren't there. login: asked to log in. `a/b`: own case / another coach's case.",
        "Another service's case is 404 for everybody, on every page of a member; the walk insists.",
        "",
        f"| page | {' | '.join(heads)} |",
        "| --- " * (len(heads) + 1) + "|",
        *sorted([*kept, *rows]),
    ]
    MATRIX.write_text("\n".join(lines) + "\n")


def test_the_matrix_has_no_page_that_is_gone() -> None:
    named: Any = {name_in(row) for row in MATRIX.read_text().splitlines()}
    assert named - {""} == set(PAGES)


def test_the_portions_are_all_pages() -> None:
    assert sorted(name for names in PORTIONS.values() for name in names) == sorted(PAGES)
