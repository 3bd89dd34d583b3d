"""Notes on the way: written without connection, kept through a reload, sent once, and gone from the phone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from e2e.conftest import axe_faults, log_in, shoot
from stapsteen.portals.demo.build import PASSWORD

pytestmark = pytest.mark.browser
HERE = "/vinac/onderweg/"
STORED = """async (store) => {
  const known = await indexedDB.databases();
  if (!known.some((base) => base.name === "stapsteen-onderweg")) return [];
  const base = await new Promise((done) => {
    const asked = indexedDB.open("stapsteen-onderweg", 1);
    asked.onsuccess = () => done(asked.result);
  });
  const rows = await new Promise((done) => {
    const asked = base.transaction(store).objectStore(store).getAll();
    asked.onsuccess = () => done(asked.result);
  });
  base.close();
  return rows.map((row) => [Object.keys(row).sort().join(), new TextDecoder("latin1").decode(row.sealed)]);
}"""


def open_on_the_way(open_page: Any, site: str) -> Any:
    page = open_page("phone")
    log_in(page, "coach.vinac@demo.example", PASSWORD)
    page.wait_for_url("**/vandaag/")
    page.goto(HERE)
    page.locator("[data-onderweg][data-ready]").wait_for(timeout=30_000)
    return page


@pytest.fixture(autouse=True)
def without_connection_the_browser_complains(open_page: Any) -> Iterator[None]:
    """That is what these journeys are about; other messages stay faults."""
    yield
    expected = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED")
    open_page.faults[:] = [fault for fault in open_page.faults if not fault.endswith(expected)]


def write(page: Any, who: int, text: str) -> str:
    """A note for person number `who` of the list; gives the person's id."""
    option = page.locator("#note_person option").nth(who)
    key = str(option.get_attribute("value"))
    page.select_option("#note_person", key)
    page.fill("[name=text]", text)
    page.get_by_role("button", name="Bewaar").click()
    page.get_by_text(text).first.wait_for()
    return key


def test_two_notes_without_connection_arrive_once_each(open_page: Any, site: str) -> None:
    page = open_on_the_way(open_page, site)
    sent: list[str] = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    page.context.set_offline(True)
    mark = uuid4().hex[:8]
    keys = [write(page, number, f"Zonder verbinding {mark} {number}") for number in (1, 2)]
    assert page.locator("[data-status]").get_attribute("data-kind") == "offline"
    page.reload()
    page.locator("[data-queue] li").nth(1).wait_for()
    shoot(page, "onderweg-offline")
    assert axe_faults(page) == []
    rows = page.evaluate(STORED, "notes")
    assert [names for names, _sealed in rows] == ["id,iv,number,owner,sealed,service"] * 2
    assert "Zonder" not in "".join(sealed for _names, sealed in rows)
    page.context.set_offline(False)
    page.get_by_role("button", name="Probeer nu te versturen").click()
    page.locator("[data-queue] li").first.wait_for(state="detached")
    assert page.evaluate(STORED, "notes") == []
    assert len([address for address in sent if "/onderweg/" in address]) == 2
    for number, key in enumerate(keys, start=1):
        page.goto(f"/vinac/mensen/{key}/?deel=notities&q={mark}+{number}")
        assert page.get_by_text(f"{mark} {number}").count() == 1


def test_an_answer_that_gets_lost_doubles_nothing(open_page: Any, site: str) -> None:
    page = open_on_the_way(open_page, site)
    lost: list[str] = []

    def lose(route: Any) -> None:
        """The server gets it, the phone hears nothing."""
        if route.request.method == "POST" and not lost:
            lost.append(str(route.fetch().status))
            route.abort()
        else:
            route.continue_()

    page.route("**/onderweg/*/", lose)
    mark = uuid4().hex[:8]
    key = write(page, 1, f"Antwoord kwijt {mark}")
    page.locator("[data-queue] li").first.wait_for()
    assert lost == ["201"]
    page.get_by_role("button", name="Probeer nu te versturen").click()
    page.locator("[data-queue] li").first.wait_for(state="detached")
    page.goto(f"/vinac/mensen/{key}/?deel=notities&q={mark}")
    assert page.get_by_text(f"Antwoord kwijt {mark}").count() == 1


def test_without_login_the_phone_tells_nothing_and_logging_out_wipes(open_page: Any, site: str) -> None:
    page = open_on_the_way(open_page, site)
    name = page.locator("#note_person option").nth(1).inner_text()
    page.context.set_offline(True)
    write(page, 1, "Blijft gesloten")
    page.evaluate("sessionStorage.clear()")  # what is left when the tab was closed
    page.reload()
    page.get_by_text("Maak verbinding en meld je aan").wait_for()
    shown = page.content()
    assert ("Blijft gesloten" in shown, name in shown) == (False, False)
    page.route("**/onderweg/*-*/", lambda route: route.abort())
    page.context.set_offline(False)
    page.goto("/vinac/vandaag/")
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.locator(".st-user summary").click()
    page.get_by_role("button", name="Log uit").click()
    page.wait_for_timeout(500)
    assert (len(asked), "/vandaag/" in page.url) == (1, True)
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Log uit").click()
    page.wait_for_url(lambda url: "/vandaag/" not in url)
    assert page.evaluate(STORED, "notes") == []
    assert page.evaluate("caches.keys()") == []
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
