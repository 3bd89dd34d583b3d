"""The first walk: from a referral typed in a browser to hours confirmed by a host, and on to the end; phone and desk."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from e2e.conftest import log_in, shoot

pytestmark = pytest.mark.browser
PASSWORD = "stapsteen-demo"


def today(days: int = 0) -> str:
    return (date.today() + timedelta(days=days)).isoformat()


class Walk:
    """One browser window per person, each with its own size."""

    def __init__(self, open_page: Any, size: str) -> None:
        self.open_page, self.size, self.step = open_page, size, 0
        self.first, self.last = "Proef", f"Wandelaar{uuid4().hex[:6]}"

    def as_(self, role: str) -> Any:
        page = self.open_page(self.size)
        if role:
            log_in(page, f"{role}.vinac@demo.example", PASSWORD)
            page.wait_for_url("**/vandaag/")
        return page

    def shoot(self, page: Any, name: str) -> None:
        self.step += 1
        shoot(page, f"walk-{self.size}-{self.step:02}-{name}")


def test_from_referral_to_confirmed_hours_and_the_end(open_page: Any, size: str) -> None:
    walk = Walk(open_page, size)
    refer(walk)
    intake(walk)
    raise SystemExit


def refer(walk: Walk) -> None:
    """A helper refers someone, on a phone as well; what fits is explained rule by rule."""
    page = walk.as_("")
    page.goto("/vinac/")
    page.locator("main a[href$='/vinac/aanmelden/']").first.click()
    page.check("input[name=door][value=helper]")
    page.get_by_role("button", name="Ga verder").click()
    page.fill("input[name=town]", "Gent")
    page.fill("input[name=birth]", "12/05/1988")
    page.get_by_role("button", name="Controleer").click()
    page.get_by_text("Misschien past iets anders beter").wait_for()
    walk.shoot(page, "elsewhere")
    page.get_by_role("button", name="Pas je antwoorden aan").click()
    page.fill("input[name=town]", "2300")
    page.get_by_role("button", name="Controleer").click()
    page.get_by_text("Je kan verder met aanmelden.").wait_for()
    walk.shoot(page, "fits")
    page.get_by_role("button", name="Ga verder").click()
    page.fill("[name=first_name]", walk.first)
    page.fill("[name=last_name]", walk.last)
    page.fill("[name=phone]", "0470 12 34 56")
    page.fill("[name=question]", "Graag overdag onder de mensen.")
    page.fill("[name=helper_name]", "Els")
    page.fill("[name=helper_email]", "els@example.org")
    page.check("[name=knows]")
    walk.shoot(page, "details")
    page.get_by_role("button", name="Ga verder").click()
    page.get_by_text("Kijk alles na").first.wait_for()
    page.wait_for_timeout(3_200)  # people need a moment; robots don't take it
    page.get_by_role("button", name="Verstuur").click()
    page.wait_for_url("**/bedankt/**")
    walk.shoot(page, "thanks")


def intake(walk: Walk) -> None:
    """Taken in, talked, the person's own yes, the conditions, and a decision with its reason."""
    page = walk.as_("intake")
    page.goto("/vinac/aanmeldingen/")
    page.get_by_role("link", name=f"{walk.first} {walk.last}").click()
    page.get_by_role("button", name="Neem op").click()
    page.get_by_text("Jij volgt deze aanmelding nu op.").wait_for()
    page.fill("textarea[name=text]", "Een fijn eerste gesprek.")
    page.get_by_role("button", name="Noteer een contact").click()
    page.get_by_text("Het contact is genoteerd.").wait_for()
    walk.shoot(page, "talked")
    print([a.inner_text() for a in page.locator("main a, main button, main summary").all()])
