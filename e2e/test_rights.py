"""Two records become one and two again; an expert looks along until the person takes the consent back."""

from __future__ import annotations

import re
from typing import Any

import pytest

from e2e.conftest import axe_faults, log_in, shoot

pytestmark = pytest.mark.browser
PASSWORD = "stapsteen-demo"


def looked_at(page: Any, name: str) -> None:
    shoot(page, f"rights-{name}")
    assert axe_faults(page) == []


def enter(open_page: Any, user: str, size: str = "desk", home: str = "**/vandaag/") -> Any:
    page = open_page(size)
    log_in(page, user, PASSWORD)
    page.wait_for_url(home)
    return page


def test_merge_and_undo(open_page: Any, size: str) -> None:
    """The one that the demo wrote down twice: compared, merged, seen once, and apart again."""
    page = enter(open_page, "coordinator.vinac@demo.example", size)
    person = somebody_twice(page)
    page.goto(f"{person}dubbel/")
    looked_at(page, f"doubles-{size}")
    page.get_by_role("link", name="Vergelijk").first.click()
    looked_at(page, f"merge-{size}")
    other = re.search(r"dubbel/([0-9a-f-]+)/", page.url)
    assert other is not None
    page.get_by_role("button", name="Voeg samen").click()
    page.get_by_text("De twee fiches zijn nu één").wait_for()
    looked_at(page, f"merged-{size}")
    answer = page.request.get(f"/vinac/mensen/{other[1]}/")
    assert answer.status == 404
    page.goto(f"{person}dubbel/")
    page.get_by_role("button", name="Maak ongedaan").first.click()
    page.get_by_text("staan weer apart").wait_for()
    assert page.request.get(f"/vinac/mensen/{other[1]}/").status == 200


def somebody_twice(page: Any) -> str:
    """The address of a person whose page says that there may be a double."""
    page.goto("/vinac/mensen/?sort=newest")
    addresses = [link.get_attribute("href") for link in page.locator("main table tbody th a").all()]
    for address in addresses[:25]:
        page.goto(str(address))
        if page.get_by_text("Misschien staat deze persoon twee keer").count():
            return page.url.split("?")[0]
    raise AssertionError("nobody is there twice")


def test_a_consent_withdrawn_closes_the_experts_page(open_page: Any, size: str) -> None:
    expert = enter(open_page, "expert.vinac@demo.example", size, "**/expert/")
    looked_at(expert, f"expert-home-{size}")
    before = questions(expert)
    expert.get_by_role("link", name="Bekijk de vraag").first.click()
    yes = expert.get_by_role("button", name="Ik kijk mee")
    if yes.count():
        yes.click()
        expert.get_by_text("Fijn dat je meekijkt").wait_for()
    looked_at(expert, f"expert-request-{size}")
    coordinator = enter(open_page, "coordinator.vinac@demo.example", size)
    person = person_of_request(coordinator)
    coordinator.goto(f"{person}wie-ziet-wat/")
    looked_at(coordinator, f"who-sees-{size}")
    coordinator.goto(f"{person}toestemmingen/")
    looked_at(coordinator, f"consents-{size}")
    card = coordinator.locator("section", has_text="Een expert van een partner mag meekijken").first
    card.get_by_role("button", name="Trek in").click()
    coordinator.get_by_text("De toestemming is ingetrokken").wait_for()
    assert sorted(expert.request.get(address).status for address in before) == [200] * (len(before) - 1) + [
        404
    ]
    expert.goto("/vinac/expert/")
    assert len(questions(expert)) == len(before) - 1


def questions(page: Any) -> list[str]:
    """The addresses of the questions that stand open for the expert."""
    return [
        str(link.get_attribute("href")) for link in page.get_by_role("link", name="Bekijk de vraag").all()
    ]


def person_of_request(page: Any) -> str:
    """The person of whom the timeline says that an expert was asked along, with a consent that still holds."""
    page.goto("/vinac/mensen/?phase=active&sort=oldest")
    addresses = [link.get_attribute("href") for link in page.locator("main table tbody th a").all()]
    for address in addresses:
        page.goto(f"{address}wie-ziet-wat/")
        if page.locator("main table").first.get_by_text("Hanne Willems").count():
            return str(page.evaluate("location.origin")) + str(address)
    raise AssertionError("nobody has an expert along")
