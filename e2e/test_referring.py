"""A helper on a phone refers in two sittings, is asked something and answers; intake brings the person elsewhere, warmly."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from e2e.conftest import axe_faults, log_in, shoot

pytestmark = pytest.mark.browser
PASSWORD = "stapsteen-demo"


def today() -> str:
    return timezone.localdate().isoformat()


def path_of(address: str) -> str:
    """Without scheme and host: the demo may answer under another name than it writes in its mails."""
    return "/" + address.split("/", 3)[3]


def looked_at(page: Any, name: str) -> None:
    shoot(page, f"refer-{name}")
    assert axe_faults(page) == []


def test_a_referral_in_two_sittings_a_question_and_a_warm_handover(open_page: Any) -> None:
    last, mail = f"Proef{uuid4().hex[:6]}", f"helper-{uuid4().hex[:6]}@example.org"
    link = first_sitting(open_page("phone"), last)
    second_sitting(open_page("phone"), link, last, mail)
    intake = open_page("desk")
    log_in(intake, "intake.link@demo.example", PASSWORD)
    intake.wait_for_url("**/vandaag/")
    referral = ask(intake, last)
    answer(open_page("phone"), mail)
    read(intake, referral)
    hand_over(intake, referral)


def test_one_check_over_all_services_on_a_phone(open_page: Any) -> None:
    page = open_page("phone")
    page.goto("/past-het/")
    looked_at(page, "check")
    page.fill("[name=town]", "Zoersel")
    page.get_by_role("button", name="Ga verder").click()
    page.fill("[name=birth]", "12/05/1988")
    for name in {e.get_attribute("name") for e in page.locator("main input[type=radio]").all()}:
        page.locator(f"main [name={name}]").first.check()
    looked_at(page, "check-questions")
    page.get_by_role("button", name="Toon wat past").click()
    page.get_by_text("Regel per regel").first.wait_for()
    looked_at(page, "check-answer")
    page.get_by_role("button", name="mij bellen").first.click()
    page.fill("[name=first_name]", "Sam")
    page.fill("[name=phone]", "0470 12 34 56")
    looked_at(page, "call")


def first_sitting(page: Any, last: str) -> str:
    """Half of the form; the address that opens it again."""
    page.goto("/link/aanmelden/?door=helper")
    page.fill("[name=town]", "Zoersel")
    page.fill("[name=birth]", "12/05/1988")
    page.locator("[name=residence_document][value=yes]").check()
    page.locator("[name=employment_contract][value=no]").check()
    looked_at(page, "fit")
    page.get_by_role("button", name="Controleer").click()
    page.get_by_role("button", name="Ga verder").click()
    page.fill("[name=last_name]", last)
    page.fill("[name=question]", "Graag onder de mensen.")
    page.get_by_role("button", name="Bewaar en ga later verder").click()
    page.wait_for_url("**/aanmelding-verder/**")
    looked_at(page, "kept")
    return path_of(page.url.split("?")[0])


def second_sitting(page: Any, link: str, last: str, mail: str) -> None:
    """Another day, another phone: what was typed stands there, the rest is filled in and sent."""
    page.goto(link)
    page.get_by_role("button", name="Ga verder met invullen").click()
    page.wait_for_url("**/aanmelden/**")
    assert page.input_value("[name=last_name]") == last
    page.fill("[name=first_name]", "Proef")
    page.fill("[name=phone]", "0470 12 34 56")
    page.fill("[name=helper_name]", "Els")
    page.fill("[name=helper_email]", mail)
    page.check("[name=knows]")
    looked_at(page, "details")
    page.get_by_role("button", name="Ga verder").click()
    page.get_by_text("Kijk alles na").first.wait_for()
    page.wait_for_timeout(3_200)  # people need a moment; robots don't take it
    page.get_by_role("button", name="Verstuur").click()
    page.wait_for_url("**/bedankt/**")
    page.goto(link)
    page.get_by_role("heading", name="Dit formulier is er niet meer").wait_for()


def ask(intake: Any, last: str) -> str:
    """Intake takes it in and asks the helper something."""
    intake.goto("/link/aanmeldingen/")
    shoot(intake, "refer-queue")
    intake.get_by_role("link", name=last).first.click()
    intake.get_by_role("button", name="Neem op").click()
    intake.get_by_text("Jij volgt deze aanmelding nu op.").wait_for()
    referral = intake.url
    intake.get_by_role("link", name="Schrijf een bericht").click()
    intake.fill("[name=text]", "Wie kan er mee naar het eerste gesprek?")
    looked_at(intake, "message")
    intake.get_by_role("button", name="Verstuur").click()
    intake.get_by_text("Je bericht is verstuurd.").wait_for()
    return str(referral)


def answer(page: Any, mail: str) -> None:
    """The helper opens the link of the mail on a phone and answers."""
    page.goto("/demo/post/")
    card = page.locator(".st-card", has_text=mail).first
    assert "Wie kan er mee" not in card.inner_text()
    page.goto(path_of(card.get_by_role("link").first.get_attribute("href")))
    page.get_by_text("Wie kan er mee naar het eerste gesprek?").wait_for()
    page.get_by_text("Stel een vraag of antwoord").click()
    page.fill("[name=text]", "Ik kom zelf mee.")
    looked_at(page, "answer")
    page.get_by_role("button", name="Verstuur").click()
    page.get_by_text("Je bericht is verstuurd.").wait_for()


def read(intake: Any, referral: str) -> None:
    intake.goto("/link/vandaag/")
    intake.get_by_role("heading", name="Nieuwe berichten").wait_for()
    intake.goto(referral)
    intake.get_by_text("Ik kom zelf mee.").wait_for()
    looked_at(intake, "detail")
    intake.get_by_role("button", name="Gelezen").click()
    intake.get_by_role("button", name="Gelezen").wait_for(state="detached")


def hand_over(intake: Any, referral: str) -> None:
    """It goes elsewhere: offered with the person's consent, a talk with three, taken over, to ask after in a month."""
    intake.goto(referral)
    intake.get_by_role("link", name="Naar elders").click()
    intake.select_option("[name=code]", "elsewhere_better")
    intake.fill("[name=reason]", "Eerst een vaste woonplek.")
    intake.fill("[name=went_to]", "CAW")
    intake.check("[name=hand_over]")
    intake.get_by_role("button", name="Bewaar de beslissing").click()
    intake.wait_for_url("**/overdracht/")
    intake.check("[name=agreed]")
    intake.fill("[name=own_words]", "Dat is goed voor mij.")
    intake.fill("[name=told]", "Zoekt een woning.")
    looked_at(intake, "handover-offer")
    intake.get_by_role("button", name="Stel voor").click()
    intake.wait_for_url("**/overdrachten/**")
    looked_at(intake, "handover")
    intake.get_by_role("link", name="Noteer het gesprek").click()
    intake.fill("[name=talk_on]", today())
    intake.get_by_role("button", name="Bewaar").click()
    intake.get_by_role("button", name="Overgenomen").click()
    intake.get_by_text("na hoe het gaat.").first.wait_for()
    intake.goto("/link/overdrachten/")
    looked_at(intake, "handovers")
