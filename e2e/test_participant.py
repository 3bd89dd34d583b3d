"""The coach prints a card; the person opens the own pages with it, by touch on a phone and by keyboard alone."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from e2e.conftest import axe_faults, log_in, shoot
from stapsteen.portals.demo.build import PASSWORD

pytestmark = pytest.mark.browser
PAGES = ("", "wiel/", "spin/", "doelen/", "mensen/")


def coach_of(page: Any, service: str) -> Any:
    log_in(page, f"coach.{service}@demo.example", PASSWORD)
    page.wait_for_url("**/vandaag/")
    return page


def on_the_way(page: Any, service: str) -> list[str]:
    """The addresses of the persons whose pathway runs, from the coach's list."""
    page.goto(f"/{service}/mensen/?phase=active")
    links = page.locator(f"main table a[href*='/{service}/mensen/']").all()
    return [str(link.get_attribute("href")).split("?")[0] for link in links]


def printed_card(page: Any, person: str) -> tuple[str, str]:
    """As the coach, for the person at that address: prints a card. Gives the path in the square and the PIN."""
    where = f"{person}kaart/"
    page.goto(where)
    assert axe_faults(page) == []
    paper = page.request.post(where, form={"csrfmiddlewaretoken": token(page)}, headers={"Referer": page.url})
    assert paper.headers["content-type"] == "application/pdf"
    words = "".join(
        "".join(sheet.extract_text().split()) for sheet in PdfReader(io.BytesIO(paper.body())).pages
    )
    secret = re.search(r"/[a-z-]+/kaart/([\w-]{22})", words)
    pin = re.search(r"(?<!\d)\d{6}(?!\d)", words.replace(secret.group(0), " ") if secret else words)
    assert secret is not None, words
    assert pin is not None, words
    return secret.group(0) + "/", pin.group(0)


def token(page: Any) -> str:
    return str(page.locator("main form input[name=csrfmiddlewaretoken]").first.get_attribute("value"))


def test_by_touch_on_a_phone(open_page: Any) -> None:
    coach = coach_of(open_page("desk"), "vinac")
    card, pin = printed_card(coach, on_the_way(coach, "vinac")[0])
    page = open_page("phone", has_touch=True)
    page.goto(card)
    shoot(page, "card-pin")
    assert axe_faults(page) == []
    page.locator("[name=pin]").tap()
    page.locator("[name=pin]").fill(pin)
    page.get_by_role("button", name="Open mijn pagina's").tap()
    page.wait_for_url("**/mijn-pad/")
    for language in ("nl", "ar"):
        choose(page, language)
        assert page.evaluate("document.dir") == ("rtl" if language == "ar" else "")
        looked_at(page, language)
    choose(page, "nl")
    page.goto("/vinac/mijn-pad/wiel/")
    wedge = page.locator("[data-wheel] [data-key]").nth(2)
    wedge.scroll_into_view_if_needed()
    wedge.locator("path").first.tap(force=True)
    key = wedge.get_attribute("data-key")
    assert page.locator("input[name=segment]:checked").get_attribute("value") == key
    page.get_by_role("button", name="Bewaar").tap()
    page.get_by_text("Bewaard. Je begeleider ziet dit ook.").wait_for()
    for asked in ("", "?leeg=1"):
        paper = page.request.get(f"/vinac/mijn-pad/map/{asked}")
        assert (paper.status, paper.headers["content-type"]) == (200, "application/pdf")
    page.get_by_role("button", name="Ik ben klaar").tap()
    page.get_by_text("Jouw pagina's zijn nu dicht.").wait_for()
    page.goto("/vinac/mijn-pad/")
    assert "/login/" in page.url


def choose(page: Any, language: str) -> None:
    with page.expect_navigation():
        page.locator(f".st-languages button[value={language}]").tap()


def looked_at(page: Any, language: str) -> None:
    """Each of the own pages fits in the width and has no fault that axe sees."""
    for part in PAGES:
        page.goto(f"/vinac/mijn-pad/{part}")
        shoot(page, f"own-{language}-{part.strip('/') or 'path'}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, part
        assert axe_faults(page) == [], part


def test_by_keyboard_alone(open_page: Any) -> None:
    coach = coach_of(open_page("desk"), "vinac")
    page = opened_by_keyboard(open_page("desk"), *printed_card(coach, on_the_way(coach, "vinac")[1]))
    to(page, "a[href$='/mijn-pad/wiel/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/wiel/")
    to(page, "input[name=segment]")
    page.keyboard.press("ArrowDown")
    chosen = page.locator("input[name=segment]:checked").get_attribute("value")
    page.keyboard.press("Space")
    to(page, "main form .st-form__end button")
    page.keyboard.press("Enter")
    page.get_by_text("Bewaard. Je begeleider ziet dit ook.").wait_for()
    assert page.locator("input[name=segment]:checked").get_attribute("value") == chosen


def test_my_points_by_keyboard_alone(open_page: Any) -> None:
    """The coach begins a moment; the person scores: in the drawing, and with the buttons below it."""
    coach = coach_of(open_page("desk"), "link")
    person = next(person for person in on_the_way(coach, "link") if moment_begun(coach, person))
    page = opened_by_keyboard(open_page("desk"), *printed_card(coach, person))
    to(page, "a[href$='/mijn-pad/spin/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/spin/")
    to(page, "a[href*='/mijn-pad/punten/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/punten/**")
    shoot(page, "own-nl-points")
    assert axe_faults(page) == []
    groups = page.locator(".st-scale").all()
    names = [str(group.locator("input").first.get_attribute("name")) for group in groups]
    if len(names) >= 3:
        to(page, f".st-petal[data-axis='{names[0]}']")
        page.keyboard.press("End")
        assert page.locator(f"input[name='{names[0]}']:checked").count() == 1
    for name in names[1:]:
        to(page, f"input[name='{name}']")
        page.keyboard.press("Space")
    to(page, "main form .st-form__end button")
    page.keyboard.press("Enter")
    page.get_by_text("Jouw punten zijn bewaard.").wait_for()


def moment_begun(page: Any, person: str) -> bool:
    """Whether the coach can begin a moment with this person, or there is one open; then it is begun."""
    page.goto(f"{person}?deel=samen")
    spider = page.get_by_role("link", name="Naar het spindiagram")
    if not page.get_by_role("link", name="Noteer een stap").count() or not spider.count():
        return False
    spider.click()
    page.wait_for_url("**/evoluator/")
    begin = page.get_by_role("link", name="Nieuw moment").or_(
        page.get_by_role("link", name="Begin het eerste moment")
    )
    if not begin.count():
        return False
    begin.first.click()
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/punten/participant/")
    return True


def opened_by_keyboard(page: Any, card: str, pin: str) -> Any:
    page.goto(card)
    to(page, "[name=pin]")
    page.keyboard.type(pin)
    page.keyboard.press("Enter")
    page.wait_for_url("**/mijn-pad/")
    return page


def to(page: Any, selector: str) -> None:
    """Presses Tab until the focus is there."""
    for _press in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector} on {Path(page.url).name}")
