"""A coach ranks, weighs, compares and chooses; a coordinator searches for everybody and decides."""

from __future__ import annotations

import os
from typing import Any

import pytest

from e2e.conftest import axe_faults, log_in, shoot
from stapsteen.testing.world import run_jobs

pytestmark = pytest.mark.browser
PASSWORD = "stapsteen-demo"


def looked_at(page: Any, name: str) -> None:
    shoot(page, f"match-{name}")
    assert axe_faults(page) == []


def to_board(page: Any) -> None:
    """The newest search of the demo."""
    page.goto("/begeleid-vrijwilligen/voorstellen/")
    looked_at(page, "searches")
    page.locator("main tbody a").first.click()
    page.get_by_role("heading", name="Voorstel voor iedereen").wait_for()


def test_a_coach_ranks_compares_and_chooses(open_page: Any) -> None:
    coach = open_page("desk")
    log_in(coach, "coordinator.begeleid-vrijwilligen@demo.example", PASSWORD)
    coach.wait_for_url("**/vandaag/")
    to_board(coach)
    coach.get_by_role("link", name="Kies iets anders").first.click()
    looked_at(coach, "list")
    address, before = coach.url, coach.locator("#lijst h3").all_inner_texts()
    boxes = coach.locator("input[name=taak]")
    chosen = passing_by_the_first(coach)
    for number in (0, chosen):
        boxes.nth(number).check()
    coach.locator("#id_dichtbij_2").check()
    coach.wait_for_url("**dichtbij=2**")
    coach.locator("#lijst h3").first.wait_for()
    assert coach.locator("input[name=taak]:checked").count() == 2
    coach.keyboard.press("ArrowLeft")
    coach.wait_for_url("**dichtbij=1**")
    assert coach.locator("#lijst h3").all_inner_texts() == before
    coach.get_by_role("button", name="Vergelijk wat je aanvinkt").first.click()
    looked_at(coach, "compare")
    assert coach.locator("main thead th").count() == 2
    coach.locator("main table a").nth(1).click()
    coach.get_by_text(f"Eerst staat: {before[0]}").wait_for()
    coach.get_by_role("button", name="Stel deze plek voor").click()
    coach.get_by_text("Dit veld is verplicht").or_(coach.get_by_text("Kies")).first.wait_for()
    looked_at(coach, "choose-wrong")
    coach.locator("label", has_text="Te ver of te moeilijk te bereiken").click()
    coach.get_by_role("button", name="Stel deze plek voor").click()
    coach.get_by_text("De plek is voorgesteld").wait_for()
    looked_at(coach, "chosen")
    takes_it_back(coach, address, before[0])


def passing_by_the_first(coach: Any) -> int:
    """The second of the list, or the third where the search for everybody proposed the second: then nobody asks why."""
    proposed = coach.locator(".st-alert", has_text="Er wacht een voorstel")
    second = coach.locator("#lijst h3").nth(1).inner_text()
    return 2 if proposed.count() and second in proposed.inner_text() else 1


def takes_it_back(coach: Any, address: str, first: str) -> None:
    """The first isn't shown to this person any more, until the coach wants it again."""
    coach.goto(address)
    coach.get_by_text("Deze persoon heeft al een plek").wait_for()
    assert first not in coach.locator("#lijst ol h3").all_inner_texts()
    coach.get_by_text("Waarom toen?").first.click()
    looked_at(coach, "decided")
    again = coach.locator("form", has_text=f"{first} staat niet meer in deze lijst.")
    again.get_by_role("button", name="Toon die taak weer").click()
    coach.get_by_text("Deze taak staat weer in de lijst").wait_for()
    assert again.count() == 0


def work() -> None:
    """What a worker beside the server does; a demo that runs already has one."""
    if not os.environ.get("STAPSTEEN_E2E_URL"):
        run_jobs()


def test_a_coordinator_searches_for_everybody_and_decides_on_a_phone(open_page: Any) -> None:
    page = open_page("phone")
    log_in(page, "coordinator.vrijwilligersnetwerk@demo.example", PASSWORD)
    page.wait_for_url("**/vandaag/")
    page.goto("/vrijwilligersnetwerk/voorstellen/")
    page.get_by_role("button", name="Zoek voor iedereen").click()
    page.get_by_text("We zoeken voor iedereen samen").wait_for()
    work()
    page.locator("#bord").wait_for(timeout=60_000)
    looked_at(page, "board")
    page.goto(f"{page.url}?deel=organisaties")
    looked_at(page, "board-hosts")
    page.get_by_role("link", name="Per persoon").click()
    page.get_by_role("link", name="Beslis", exact=True).first.click()
    looked_at(page, "decide")
    page.get_by_role("button", name="Het moment past toch niet").click()
    page.get_by_text("Geweigerd.").wait_for()
    assert page.get_by_text("Het moment past toch niet").first.is_visible()
    page.get_by_role("link", name="Toch anders beslissen").first.click()
    looked_at(page, "again")
    page.get_by_role("button", name="Beslis opnieuw").click()
    page.get_by_text("Je kan opnieuw beslissen over dit voorstel").wait_for()
    page.get_by_role("button", name="Het moment past toch niet").click()
    page.get_by_text("Geweigerd.").wait_for()
    page.locator("#stand").select_option("open")
    page.get_by_role("button", name="Toon").click()
    page.wait_for_url("**stand=open**")
    page.get_by_role("link", name="Beslis", exact=True).first.click()
    page.get_by_role("button", name="Aanvaard en stel de plek voor").click()
    page.get_by_text("Aanvaard. De plek is voorgesteld").wait_for()
    looked_at(page, "accepted")
