"""A host is asked what it can carry and answers on a phone, from the link in its mail; the service sees it at once."""

from __future__ import annotations

from typing import Any

import pytest

from e2e.conftest import axe_faults, log_in, shoot
from e2e.test_referring import path_of

pytestmark = pytest.mark.browser
PASSWORD = "stapsteen-demo"


def looked_at(page: Any, name: str) -> None:
    shoot(page, f"host-{name}")
    assert axe_faults(page) == []


def test_a_host_says_on_a_phone_what_it_can_carry(open_page: Any) -> None:
    coach = open_page("desk")
    log_in(coach, "coach.vinac@demo.example", PASSWORD)
    coach.wait_for_url("**/vandaag/")
    coach.goto("/vinac/gastorganisaties/?stand=active&kaart=on")
    looked_at(coach, "list-map")
    coach.locator("main tbody th a").first.click()
    looked_at(coach, "page")
    host = coach.url
    address = str(coach.locator("main a[href^='mailto:']").first.get_attribute("href")).removeprefix(
        "mailto:"
    )
    coach.get_by_role("button", name="Vraag het de organisatie met een link").click()
    coach.get_by_text("De vraag is gemaild naar").first.wait_for()
    guest = open_page("phone")
    guest.goto("/demo/post/")
    card = guest.locator(".st-card", has_text=address).first
    guest.goto(path_of(str(card.get_by_role("link").first.get_attribute("href"))))
    looked_at(guest, "say")
    guest.fill("[name=places]", "1")
    guest.select_option("[name=support_language]", "3")
    guest.get_by_role("button", name="Verstuur").click()
    guest.get_by_text("Dit is meer dan 1").first.wait_for()
    looked_at(guest, "say-wrong")
    for name in [e.get_attribute("name") for e in guest.locator("main select").all()]:
        guest.select_option(f"[name={name}]", "1")
    guest.select_option("[name=support_rest]", "0")
    guest.get_by_role("button", name="Verstuur").click()
    guest.get_by_text("Bedankt").first.wait_for()
    assert "1 mens" in guest.locator("main dl").inner_text()
    looked_at(guest, "said")
    coach.goto(host)
    coach.get_by_text("De organisatie vulde dit zelf in.").first.wait_for()
    looked_at(coach, "page-after")
