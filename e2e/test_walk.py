"""The first walk: from a referral typed in a browser to hours confirmed by a host, and on to the end; phone and desk."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone

from e2e.conftest import log_in, shoot

pytestmark = pytest.mark.browser
PASSWORD = "stapsteen-demo"
CHOSEN: set[str] = set()
"""Hosts of the walks before: they sent this month's hours already, and aren't asked for them again."""


def today() -> str:
    return timezone.localdate().isoformat()


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
    coach = walk.as_("coach")
    intake(walk, coach.locator(".st-user__name").inner_text())
    coach.goto(f"/vinac/mensen/?q={walk.last}")
    coach.get_by_role("link", name=f"{walk.first} {walk.last}").first.click()
    coach.get_by_role("heading", level=1).wait_for()
    walk.shoot(coach, "person")
    coach.get_by_role("link", name="Wiel").click()
    coach.wait_for_url("**/wiel/")
    coach.locator("input[name=segment][value=people-around]").check(force=True)
    coach.fill("[name=what_helped]", "Een buur die meeging.")
    coach.get_by_role("button", name="Bewaar").click()
    coach.get_by_text("Mensen om je heen").first.wait_for()
    coach.get_by_role("link", name="Zoek een plek").click()
    coach.wait_for_url("**/zoek-plek/**")
    walk.shoot(coach, "pick")
    choose_place(coach)
    coach.get_by_role("heading", name="Waarom deze plek?").wait_for()
    walk.shoot(coach, "propose")
    if coach.get_by_text("Waarom niet de eerste van de lijst?").count():
        coach.locator("label", has_text="Te ver of te moeilijk te bereiken").click()
    coach.locator("main button[type=submit]").last.click()
    coach.get_by_role("link", name="Maak de nota").click()
    coach.wait_for_load_state("networkidle")
    walk.shoot(coach, "agreement")
    coach.locator("main button[type=submit]").last.click()
    coach.get_by_role("button", name="Klaar om te tekenen").click()
    coach.get_by_role("link", name="Lees de pdf").wait_for()
    answer = coach.request.get(coach.get_by_role("link", name="Lees de pdf").get_attribute("href"))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF")
    walk.shoot(coach, "to-sign")
    for party in ("person", "host", "service"):
        coach.check(f"[name=party][value={party}]")
        coach.check("[name=how][value=paper]")
        coach.get_by_role("button", name="Ik heb alles gelezen en teken").click()
        coach.wait_for_load_state("networkidle")
    walk.shoot(coach, "signed")
    coach.get_by_role("link", name="Start de plek").click()
    coach.wait_for_load_state("networkidle")
    coach.locator("main button[type=submit]").last.click()
    coach.get_by_role("link", name="Start de plek").wait_for(state="detached")
    walk.shoot(coach, "started")
    place, host = coach.url, coach.get_by_role("heading", level=1).inner_text()
    hours(walk, host)
    coach.goto("/vinac/uren/?maand=" + today()[:7])
    walk.shoot(coach, "sheets")
    coach.get_by_role("link", name=host).first.click()
    coach.get_by_text(walk.last).first.wait_for()
    walk.shoot(coach, "sheet")
    coach.locator("button[value=confirm]").first.click()
    coach.get_by_text("Bevestigd").first.wait_for()
    evaluate_and_end(walk, coach, place)


def choose_place(coach: Any) -> None:
    """The first place in the list, at a host where no walk ended before."""
    for card in coach.locator(".st-stack:has(> .st-taskline)").all():
        choose, host = card.get_by_role("link", name="Kies deze plek"), card.locator("h3 + p a")
        if choose.count() and host.inner_text() not in CHOSEN:
            CHOSEN.add(host.inner_text())
            choose.click()
            return
    raise AssertionError("no place is left to choose")


def hours(walk: Walk, host_name: str) -> None:
    """One mail to the host; its link opens the month, without an account: three hours today, the others didn't come."""
    call_command("ask_hours", "--month", today()[:7])
    host = walk.as_("")
    mail = host.locator(".st-mail", has_text=host_name).first
    for number in range(1, 12):
        host.goto(f"/demo/post/?pagina={number}")
        if mail.count():
            break
    mail.get_by_role("link").first.click()
    host.wait_for_url("**/uren-invullen/**")
    for other in host.locator("fieldset.st-hours__row").all():
        if other.get_by_text(f"{walk.first} {walk.last[:1]}.").count() == 0:
            other.locator("input[value=none]").check()
    mine = host.locator("fieldset.st-hours__row", has_text=f"{walk.first} {walk.last[:1]}.")
    key = mine.get_attribute("id").removeprefix("persoon-")
    agreed = mine.locator(f"[name=d{today().replace('-', '')}_{key}]")
    if agreed.count():  # today is a day of this task
        agreed.fill("3u")
    else:
        if not mine.locator(f"[name=extra_{key}_0]").is_visible():
            mine.get_by_text("Nog een dag erbij").click()
        mine.locator(f"[name=extra_{key}_0]").select_option(today())
        mine.locator(f"[name=extrahours_{key}_0]").fill("3u")
    walk.shoot(host, "host-month")
    host.get_by_role("button", name="Verstuur de uren").click()
    host.wait_for_url("**/?klaar=1")
    walk.shoot(host, "host-thanks")


def evaluate_and_end(walk: Walk, coach: Any, place: str) -> None:
    """The talk of three, the place stops, the pathway ends with its reason; the timeline has a line for each step."""
    coach.goto(f"/vinac/mensen/?q={walk.last}")
    coach.get_by_role("link", name=f"{walk.first} {walk.last}").first.click()
    person = coach.url
    coach.get_by_role("link", name="Evaluatie", exact=True).first.click()
    coach.fill("[name=voice_person]", "Ik kom graag.")
    coach.get_by_role("button", name="Bewaar het gesprek").click()
    coach.get_by_text("Het gesprek is bewaard").wait_for()
    coach.goto(place)
    coach.get_by_role("link", name="Stop de plek").click()
    coach.wait_for_load_state("networkidle")
    walk.shoot(coach, "stop-place")
    fill_first_choices(coach)
    coach.goto(person)
    coach.get_by_role("link", name="Rond af").click()
    coach.wait_for_load_state("networkidle")
    walk.shoot(coach, "end")
    fill_first_choices(coach)
    coach.goto(person + "?deel=tijdlijn")
    walk.shoot(coach, "timeline")
    lines = coach.locator("main").inner_text()
    for step in ("Aangemeld door", "Verkennend gesprek", "De persoon wil dit zelf", "er start een traject", "Traject gestart",
                 "Plaats op het wiel", "Evaluatie gehouden", "Traject afgerond"):  # fmt: skip
        assert step in lines, f"no line for {step}"


def fill_first_choices(page: Any) -> None:
    """The first answer of every question that wants one, then send."""
    for name in {e.get_attribute("name") for e in page.locator("main input[type=radio]").all()}:
        if page.locator(f"main [name={name}]:checked").count() == 0:
            page.locator(f"main [name={name}]").first.check()
    for select in page.locator("main select").all():
        if not select.input_value():
            select.select_option(index=1)
    before = page.url
    page.locator("main button[type=submit]").last.click()
    page.wait_for_url(lambda url: url != before)


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


def intake(walk: Walk, coach: str) -> None:
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
    page.get_by_text("Vul de voorwaarden in").click()
    for name, value in (("wants_to_contribute", "yes"), ("other_pathways", "fall_short"), ("own_wish", "own_wish"),
                        ("residence_document", "yes")):  # fmt: skip
        page.check(f"input[name={name}][value={value}]")
    page.locator("form:has([name=own_wish]) button[type=submit]").click()
    page.wait_for_load_state("networkidle")
    walk.shoot(page, "conditions")
    page.get_by_role("link", name="De persoon zei ja").click()
    page.get_by_role("heading", level=1).wait_for()
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url("**/aanmeldingen/*-*/")
    page.get_by_role("link", name="Start een traject").click()
    page.wait_for_url("**/start/")
    choices = page.locator("[name=coach] option").all_inner_texts()
    page.select_option("[name=coach]", label=next(text for text in choices if text.startswith(coach)))
    page.check("[name=aim][value=possible_stepping_stone]")
    page.select_option("[name=segment]", "few-contacts")
    page.fill("[name=reason]", "Past goed, en wil zelf graag.")
    walk.shoot(page, "decision")
    page.get_by_role("button", name="Start het traject").click()
    page.get_by_role("button", name="Start het traject").wait_for(state="detached")
