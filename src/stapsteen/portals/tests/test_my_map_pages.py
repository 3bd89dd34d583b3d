"""My folder on paper: all of it, or empty for a pen; for the person and for the coach; accessible."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from pypdf import PdfReader

from stapsteen.pathways import actions
from stapsteen.pathways.tests.factories import days_ago, make_pathway
from stapsteen.people.actions.supporters import add_supporter
from stapsteen.people.models import Person
from stapsteen.portals.tests.test_own_pages import Own
from stapsteen.testing.world import client_of, inside, make_staff
from tools import verapdf

pytestmark = pytest.mark.django_db
SECRET = "Ik pieker veel."


@pytest.fixture
def mine(db: None) -> Own:
    """Somebody at LINK with a bit of everything."""
    own = Own()
    with inside(own.service, own.coach) as actor:
        pathway = own.pathway
        mapping = actions.begin_explorator(pathway=pathway, actor=actor)
        actions.describe_domain(
            explorator=mapping, actor=actor, domain="housing", scale=2, own_words="Te <b>klein</b> #let x."
        )
        actions.describe_domain(explorator=mapping, actor=actor, domain="mind", scale=1, own_words=SECRET)
        actions.finish_explorator(
            explorator=mapping, actor=actor, my_question="Hoe krijg ik rust?", work_on=["housing"]
        )
        for name in ("Bus nemen", "Slapen", "Mensen zien"):
            actions.add_axis(pathway=pathway, actor=actor, name=name, low="nooit", high="altijd")
        moment = actions.begin_moment(pathway=pathway, actor=actor)
        points = {axis.pk: actions.Point(3) for axis in pathway.axes.all()}
        actions.give_scores(moment=moment, actor=actor, rater="participant", points=points)
        actions.close_moment(moment=moment, actor=actor)
        goal = actions.set_goal(pathway=pathway, actor=actor, text="Alleen naar de markt")
        actions.plan_action(
            pathway=pathway, actor=actor, text="Samen de bus nemen", who="together", goal=goal
        )
        add_supporter(person=own.person, actor=actor, kind="family", name="Fatma", phone="0470 12 34 56")
        actions.move_on_wheel(
            pathway=pathway, actor=actor, segment="joining-in", wish="helping-out", starts_on=days_ago(0),
            what_helped="Mijn buurvrouw.",
        )  # fmt: skip
    return own


def paper(answer: Any) -> str:
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.headers["Cache-Control"] == "no-store"
    return " ".join(
        "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(answer.content)).pages).split()
    )


def of_coach(own: Own, **asked: str) -> Any:
    url = reverse("portals.pathway_map", kwargs={"service": own.service.slug, "pathway": own.pathway.pk})
    return client_of(own.coach).get(url, asked)


SAID = ("Hoe krijg ik rust?", "Te <b>klein</b> #let x.", SECRET, "Bus nemen", "Alleen naar de markt",
        "Samen de bus nemen", "Fatma", "0470 12 34 56", "Mijn buurvrouw.")  # fmt: skip


def test_all_that_i_filled_in_stands_on_paper(mine: Own) -> None:
    answer = mine.client.get(mine.url("own_map"))
    text = paper(answer)
    assert [words for words in SAID if words not in text] == []
    for sheet in ("Mijn pad", "Mijn wiel", "Kaart van mijn leven", "Mijn spindiagram", "Wat ik wil bereiken",
                  "Mensen rond mij", "Mijn plek en mijn week", "Wie ziet wat over mij?", "Dit vind ik goed"):  # fmt: skip
        assert sheet in text
    found = PdfReader(io.BytesIO(answer.content))
    assert (found.metadata.title, found.trailer["/Root"]["/Lang"]) == ("Mijn map", "nl-BE")
    assert answer.headers["Content-Disposition"] == 'inline; filename="map.pdf"'


def test_empty_sheets_hold_nothing_of_me_but_my_name_and_my_axes(mine: Own) -> None:
    text = paper(mine.client.get(mine.url("own_map"), {"leeg": "1"}))
    assert [words for words in SAID if words in text] == ["Bus nemen"]
    for words in ("Wonen", "Mijn lichaam", "Weinig contact", "Mijn handtekening", "Doel 3", "voormiddag",
                  "Een expert van een partner mag meekijken", "nooit"):  # fmt: skip
        assert words in text
    assert "Hier staat nog niets" not in text


@pytest.mark.parametrize(("lang", "title"), [("nl", "Mijn map"), ("fr", "Mon dossier"), ("en", "My folder")])
def test_in_my_language(mine: Own, lang: str, title: str) -> None:
    mine.client.cookies["django_language"] = lang
    assert title in paper(mine.client.get(mine.url("own_map")))
    assert title in paper(of_coach(mine, taal=lang, leeg="1"))


def test_a_language_without_sheets_gets_dutch_and_hears_so(mine: Own) -> None:
    mine.client.cookies["django_language"] = "ar"
    assert "Mijn map" in paper(mine.client.get(mine.url("own_map")))
    assert "Mijn map" in paper(of_coach(mine, taal="zz"))
    assert mine.client.get(mine.url("participant")).content.decode().count("?taal=") == 6


def test_the_coach_prints_it_and_a_colleague_does_not(mine: Own) -> None:
    assert SECRET in paper(of_coach(mine))
    colleague = make_staff(mine.service, "coach", email="ander@example.org")
    url = reverse("portals.pathway_map", kwargs={"service": mine.service.slug, "pathway": mine.pathway.pk})
    assert client_of(colleague).get(url).status_code == 404
    page = client_of(mine.coach).get(
        reverse("portals.person", kwargs={"service": mine.service.slug, "person": mine.person.pk}),
        {"deel": "samen"},
    )
    assert url in page.content.decode()


def test_without_a_pathway_there_is_no_paper_and_that_is_said(mine: Own) -> None:
    with inside(mine.service, mine.coach) as actor:
        actions.end_pathway(
            pathway=mine.pathway,
            actor=actor,
            ends_on=days_ago(0),
            code="moved",
            destination="unknown",
            reason="Weg.",
        )
    assert "Hier staat nog niets" in mine.html("own_map")


def test_verapdf_finds_no_fault(mine: Own, tmp_path: Path) -> None:
    """Accessible (PDF/UA-1) and to be kept (PDF/A-2a)."""
    paths = []
    for name, asked in (("filled", {}), ("blank", {"leeg": "1"})):
        paths.append(tmp_path / f"{name}.pdf")
        paths[-1].write_bytes(mine.client.get(mine.url("own_map"), asked).content)
    results = verapdf.check(paths, "ua1", "2a")
    assert [(one.path.name, one.failures) for one in results] == [(path.name, ()) for path in paths * 2]
    assert all(one.compliant and one.assertions > 100 for one in results)


ODD = "O'Brien #let $x$ [*a*] @ref \\ `c` <x> & _y_ ~ // /*"
"""Whatever means something in Typst or in the picture of the spider."""


def filled_with(own: Own, words: str) -> None:
    """Each kind of text on the sheets, as a page would bring it in."""
    with inside(own.service, own.coach) as actor:
        axis = own.pathway.axes.all()[0]
        kept = {"axis": axis, "actor": actor, "lowest": axis.lowest, "highest": axis.highest}
        actions.word_axis(name=f"as {words}", low=f"min {words}", high=f"max {words}", **kept)
        add_supporter(person=own.person, actor=actor, kind="family", name=f"wie {words}", phone="0470123456")
        actions.set_goal(pathway=own.pathway, actor=actor, text=f"doel {words}")
        Person.objects.filter(pk=own.person.pk).update(last_name=f"naam {words}")


@pytest.mark.parametrize("blank", ["", "1"])
def test_what_means_something_to_the_printer_comes_out_as_typed(mine: Own, blank: str) -> None:
    filled_with(mine, ODD)
    text = paper(mine.client.get(mine.url("own_map"), {"leeg": blank, "taal": "<script>"})).replace("’", "'")
    shown = ["naam", "as"] if blank else ["naam", "as", "wie", "doel"]
    assert [f"{what} {ODD}" for what in shown if f"{what} {ODD}" not in text] == []


@pytest.mark.parametrize("sign", ["\u200b", "عربي", "\U0001f600"])
def test_signs_of_every_language_print(mine: Own, sign: str) -> None:
    filled_with(mine, f"a{sign}b")
    assert "doel a" in paper(mine.client.get(mine.url("own_map")))


@pytest.mark.parametrize("sign", ["漢字", "\U0001f9d1\u200d\U0001f373"])
def test_what_no_font_draws_is_named(mine: Own, sign: str) -> None:
    filled_with(mine, f"a{sign}b")
    answer = mine.client.get(mine.url("own_map"))
    assert (answer.status_code, sign[0] in answer.text) == (422, True)


@pytest.mark.parametrize("sign", ["\x01", "\x0b", "\ufffe", "\u202e"])
def test_what_nobody_sees_never_comes_in(mine: Own, sign: str) -> None:
    said = {"segment": "joining-in", "wish": "helping-out", "what_helped": f"Naar{sign} zee"}
    assert mine.client.post(mine.url("own_wheel"), said).status_code == 302
    assert "Naar zee" in paper(mine.client.get(mine.url("own_map")))


def test_my_card_opens_no_map_of_somebody_else(mine: Own) -> None:
    with inside(mine.service, mine.coach) as actor:
        others = make_pathway(actor=actor, coach=mine.coach)
    for pathway in (mine.pathway, others):
        keys = {"service": mine.service.slug, "pathway": pathway.pk}
        assert mine.client.get(reverse("portals.pathway_map", kwargs=keys)).status_code == 404
