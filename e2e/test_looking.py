"""Person and coach look together: life map, question, axes, two moments; the wheel by keyboard and by touch; no host."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from e2e.conftest import axe_faults, log_in, shoot

pytestmark = pytest.mark.browser
PASSWORD = "stapsteen-demo"


def days_ago(number: int) -> str:
    return (timezone.localdate() - timedelta(days=number)).isoformat()


def coach(open_page: Any, size: str, **more: Any) -> Any:
    page = open_page(size, **more)
    log_in(page, "coach.link@demo.example", PASSWORD)
    page.wait_for_url("**/vandaag/")
    return page


def open_of_demo(page: Any, *, without_host: bool = False) -> str:
    """The address of the looking side of somebody whose pathway runs, from the list of persons."""
    page.goto("/link/mensen/?phase=active")
    people = [link.get_attribute("href") for link in page.locator("main table a").all()]
    for person in people:  # a standing partner's or a colleague's person can be looked at, but not guided
        page.goto(person.split("?")[0])
        if without_host and page.locator("main a[href*='/plekken/']").count():
            continue
        page.goto(f"{person.split('?')[0]}?deel=samen")
        if page.get_by_role("link", name="Noteer een stap").count():
            return str(page.url)
    raise AssertionError("the demo's coach guides nobody")


def check(page: Any, name: str, size: str) -> None:
    shoot(page, f"looking-{size}-{name}")
    assert axe_faults(page) == []
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0, f"{page.url} scrolls sideways"


def test_from_life_map_to_the_second_moment(open_page: Any, size: str) -> None:
    page = coach(open_page, size)
    open_of_demo(page)
    check(page, "side", size)
    page.get_by_role("link", name="kaart").last.click()
    page.wait_for_url("**/explorator/")
    check(page, "map", size)
    begin_new_map(page)
    page.get_by_role("link", name="Begin bij").click()
    for number, wish in enumerate(("Een kamer meer", "Een klein potje")):
        page.locator(f"input[name=scale][value='{number + 2}']").check(force=True)
        page.fill("[name=own_words]", "Het gaat zo zo.")
        page.fill("[name=wish]", wish)
        page.locator("input[name=work_on]").check(force=True)
        if number == 0:
            check(page, "domain", size)
        page.get_by_role("button", name="Bewaar en naar het volgende").click()
        page.wait_for_load_state("networkidle")
    page.get_by_role("link", name="Terug naar de kaart").first.click()
    page.get_by_role("link", name="Maak de kaart af").click()
    check(page, "finish", size)
    page.fill("[name=my_question]", "Hoe krijg ik rust in huis?")
    page.get_by_role("button", name="De kaart is klaar").click()
    page.get_by_text("Hoe krijg ik rust in huis?").first.wait_for()
    check(page, "map-done", size)
    spider(page, size)


def begin_new_map(page: Any) -> None:
    """Anew, whatever stands there: a finished one, an open one, or none."""
    if page.get_by_role("link", name="Maak de kaart af").count():
        page.get_by_role("link", name="Maak de kaart af").click()
        page.fill("[name=my_question]", "Nog even.")
        page.get_by_role("button", name="De kaart is klaar").click()
        page.wait_for_load_state("networkidle")
    if page.locator("summary", has_text="opnieuw beginnen").count():
        page.locator("summary", has_text="opnieuw beginnen").click()
        page.get_by_role("button", name="Begin een nieuwe kaart").click()
    else:
        page.get_by_role("button", name="Begin de kaart").click()
    page.wait_for_load_state("networkidle")


def spider(page: Any, size: str) -> None:
    page.get_by_role("link", name="Spindiagram").first.click()
    page.wait_for_url("**/evoluator/")
    check(page, "spider", size)
    page.get_by_role("link", name="Assen").or_(page.get_by_role("link", name="Kies de assen")).first.click()
    page.wait_for_url("**/assen/")
    check(page, "axes", size)
    while page.locator(".st-axis strong").count() < 3:
        page.fill("[name=name]", f"Mijn as {uuid4().hex[:4]}")
        page.get_by_role("button", name="Voeg de as toe").click()
        page.wait_for_load_state("networkidle")
    for number in (1, 2):
        page.get_by_role("link", name="Spindiagram").first.click()
        page.wait_for_url("**/evoluator/")
        page.get_by_role("link", name="Nieuw moment").or_(
            page.get_by_role("link", name="Begin het eerste moment")
        ).first.click()
        page.get_by_role("button", name="Begin").click()
        page.wait_for_url("**/punten/participant/")
        petals = page.locator(".st-petal")
        petals.nth(0).locator("[data-value]").nth(2 + number % 2).click(force=True)
        petals.nth(1).focus()
        page.keyboard.press("End")
        petals.nth(2).focus()
        page.keyboard.press("ArrowUp")
        checked = page.locator(".st-scale input:checked")
        assert checked.count() >= 3
        check(page, f"score-{number}", size)
        page.get_by_role("button", name="Bewaar de punten").click()
        page.wait_for_url("**/punten/coach/")
        page.locator(".st-scale").nth(0).locator("input").nth(0).check(force=True)
        page.get_by_role("button", name="Bewaar de punten").click()
        page.get_by_role("heading", name="Naast elkaar").wait_for()
        check(page, f"moment-{number}", size)
        page.get_by_role("button", name="Dit moment is klaar").click()
        page.wait_for_url("**/evoluator/")
    page.get_by_text("sinds het begin").first.wait_for()
    check(page, "spider-done", size)


def test_the_wheel_by_keyboard_alone(open_page: Any) -> None:
    page = coach(open_page, "desk")
    open_of_demo(page)
    page.get_by_role("link", name="Noteer een stap").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/wiel/")
    page.locator("input[name=segment]:checked").focus()
    page.keyboard.press("ArrowDown")
    picked = page.locator("input[name=segment]:checked").get_attribute("value")
    assert page.locator(f".st-wedge--picked[data-key='{picked}']").count() == 1
    page.locator("[name=what_helped]").focus()
    page.keyboard.type("Een buur die meeging")
    page.get_by_role("button", name="Bewaar").focus()
    page.keyboard.press("Enter")
    page.get_by_text("De plaats op het wiel is bewaard.").wait_for()


def test_the_wheel_by_touch_on_a_phone(open_page: Any) -> None:
    page = coach(open_page, "phone", has_touch=True)
    open_of_demo(page)
    page.get_by_role("link", name="Noteer een stap").tap()
    page.wait_for_url("**/wiel/")
    wedge = page.locator("[data-wheel] [data-key]").nth(3)
    box = wedge.locator(".st-wedge__shape").bounding_box()
    assert min(box["width"], box["height"]) >= 48
    key = wedge.get_attribute("data-key")
    wedge.tap(force=True)
    assert page.locator("input[name=segment]:checked").get_attribute("value") == key
    check(page, "wheel", "phone")
    page.get_by_role("button", name="Bewaar").tap()
    page.get_by_text("De plaats op het wiel is bewaard.").wait_for()


def test_looking_together_without_javascript(open_page: Any) -> None:
    page = coach(open_page, "desk", java_script_enabled=False)
    open_of_demo(page)
    page.get_by_role("link", name="Naar het spindiagram").click()
    page.get_by_role("heading", name="Spindiagram", level=1).wait_for()
    assert page.locator("[data-petals]:visible").count() == 0


def test_a_pathway_ends_without_host_agreement_or_hours(open_page: Any) -> None:
    page = coach(open_page, "desk")
    person = open_of_demo(page, without_host=True).split("?")[0]
    wheel = page.get_by_role("link", name="Noteer een stap").get_attribute("href")
    page.goto(f"{person}?deel=uren")
    assert page.locator(".st-chart").count() == 0
    page.goto(wheel.replace("/wiel/", "/einde/"))
    page.select_option("[name=code]", "goal_reached")
    page.select_option("[name=destination]", "volunteering")
    page.fill("[name=reason]", "Ik durf weer buiten komen.")
    page.get_by_role("button", name="Rond af").click()
    page.get_by_text("Het traject is afgerond.").first.wait_for()
    page.goto(f"{person}?deel=samen")
    assert page.get_by_role("link", name="Noteer een stap").count() == 0
    assert page.locator(".st-wheel").count() == 1
