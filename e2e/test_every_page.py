"""Every page, in every state and language: axe, the HTML validator, no sideways scroll, no message in the console.

Pages: all of core.pages.PAGES, by themselves (see leaves.py for how they are reached), and those of logging in and of errors.
States: filled, empty, error. Each leaf is opened in a window of 360 px, with its scripts and its policy: no message in the
console. What then stands there is looked at in a frame that stays (looking.py):
- Dutch at 360 px: all of axe; the frame around a page too for the first leaf of a page. Text at 200 % fits, and all in 320 px.
- Of the first leaf of a page in a state also French at 360 px: axe's rules of words, text at 200 %, 320 px; English at 1280 px:
  all of axe; Dutch at 1280 px: it fits.
- Of the first leaf of a layout all of axe in all four, with the frame.
- Contrast has no language: in Dutch at 360 px of every leaf, and at 1280 px once per page. A text painted as one that was
  contrasting enough, it and all around it, with nothing else behind it, isn't computed again: the answer would be the same.
The HTML validator reads every leaf in every language in which it was looked at.
Look for yourself: STAPSTEEN_SHOTS=1 ./stapsteen e2e -k every_page, then e2e/shots.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from e2e.conftest import FLAGS, SHOTS, chromium_path, html_faults
from e2e.leaves import Harvest, Leaf, collect
from e2e.looking import Job, Looker
from stapsteen.core.pages import PAGES

pytestmark = pytest.mark.browser
SERVICE, OTHERS = "vinac", ("link", "sociale-activering")
"""One service as every role; two with other programmes as coordinator."""
NO_HTML = {
    "people.offline_send": "takes what a phone kept; see test_onderweg.py",
    "portals.policy": "leads to the figures",
}
"""Pages that can be asked for and show nothing of their own, with what they do."""
NEVER_WRONG = {
    "pathways.axes_from_template": "a choice of a list; without one the page of axes says so",
    "pathways.referral_withdraw": "a reason that may stay empty, as long as one likes",
}
"""Pages with something to fill in that can't be filled in wrongly, with why."""


LAYOUT = re.compile("<body[^>]*>")
ICON = b"<!doctype html><html lang=nl><link rel=icon href='data:,'>"
BROKEN = (
    ICON + b"<title>Kapot</title><main><h1>Kapot</h1><img src=/leaf/0><p style='color: #bbb'>Bleek</p></main>"
)
WIDE = ICON + b"<title>Breed</title><main><h1>" + b"Breed" * 80 + b"</h1></main>"
MEANT = [
    "broken nl 360: color-contrast",
    "broken nl 360: image-alt",
    "wide nl 320, sideways",
    "wide nl 360, sideways",
    "wide nl 360, text 200 %, sideways",
]
"""What must be found in the pages that were broken on purpose."""


@dataclass
class Looked:
    harvest: Harvest
    in_browser: list[str]
    html: list[str]


@pytest.fixture(scope="module")
def looked(site: str, data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Looked:
    """Everything collected, and looked at meanwhile."""
    if os.environ.get("STAPSTEEN_E2E_URL"):
        pytest.skip("needs the demo's own database")
    folder, shots = tmp_path_factory.mktemp("html"), SHOTS if os.environ.get("STAPSTEEN_SHOTS") else None
    looker = Looker(chromium_path(), FLAGS, shots)

    seen: set[str] = set()

    def ready(leaf: Leaf) -> None:
        title = f"{leaf.page} {leaf.state} {len(looker.jobs)}"
        layout = (LAYOUT.search(leaf.html["nl"].decode()) or [""])[0]
        job = Job(title, leaf.html, leaf.headers, leaf.page not in seen, leaf.first, layout not in seen)
        looker.add(job)
        seen.update((leaf.page, layout))
        for language, html in leaf.html.items():
            (folder / f"{title} {language}.html".replace(" ", "~")).write_bytes(html)

    looker.add(Job("broken", {"nl": BROKEN}, {}, whole=True, desk=False))
    looker.add(Job("wide", {"nl": WIDE}, {}, whole=True, desk=False))
    (folder / "broken.html").write_bytes(BROKEN)
    try:
        harvest = collect(
            json.loads((data_folder / "demo-logins.json").read_text()), SERVICE, OTHERS, ready, looker.extra
        )
        html = html_faults(folder)  # the browser is still looking at the last pages
    finally:
        faults = looker.finish()
    return Looked(harvest, faults, html)


def none(faults: Iterable[str]) -> None:
    """Fails with all of them, a line each."""
    if found := sorted(faults):
        pytest.fail("\n".join([f"{len(found)}:", *found]), pytrace=False)


def test_every_page_was_reached(looked: Looked) -> None:
    """A page that nothing leads to and that the walk can't open would stay unseen. A file, or a button that leads on, is
    reached too."""
    shown = {leaf.page for leaf in looked.harvest.leaves}
    answered = {
        name
        for name, kind in looked.harvest.other.items()
        if name in PAGES and (kind != "redirect" or "GET" not in PAGES[name].methods)
    }
    none(set(PAGES) - shown - answered - set(NO_HTML))
    none(set(NO_HTML) & (shown | answered))


def test_every_form_was_filled_in_wrongly(looked: Looked) -> None:
    without = {page for page in looked.harvest.asking if "error" not in looked.harvest.states(page)}
    none(without - set(NEVER_WRONG))
    none(set(NEVER_WRONG) - without)


def test_no_page_fell_over(looked: Looked) -> None:
    """Whoever looked, whatever was sent."""
    none(looked.harvest.faults)


def test_in_the_browser(looked: Looked) -> None:
    meant = [fault for fault in looked.in_browser if fault.startswith(("broken ", "wide "))]
    assert [
        ": ".join(fault.split(": ")[: 2 if fault.startswith("broken") else 1]) for fault in meant
    ] == MEANT
    none(fault for fault in looked.in_browser if fault not in meant)


def test_html(looked: Looked) -> None:
    faults = looked.html
    meant = [fault for fault in faults if fault.startswith('"broken.html"')]
    assert len(meant) == 1
    none(fault for fault in faults if fault not in meant)
