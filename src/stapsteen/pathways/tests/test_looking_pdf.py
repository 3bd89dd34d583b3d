"""The life map and the spider on paper: accessible, complete, without a name in title or file name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from pypdf import PdfReader

from stapsteen.pathways import actions
from stapsteen.pathways.tests.factories import days_ago, make_pathway
from stapsteen.testing.world import client_of, inside, make_service, make_staff
from tools import verapdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(db: Any) -> Any:
    """A map with a question, and a spider of two moments with a goal; gives (client, pathway, explorator)."""
    link = make_service("link", "link")
    coach = make_staff(link, "coach")
    with inside(link, coach) as actor:
        pathway = make_pathway(coach, starts_on=days_ago(120))
        mapping = actions.begin_explorator(pathway=pathway, actor=actor, on=days_ago(100))
        actions.describe_domain(
            explorator=mapping, actor=actor, domain="housing", scale=2, own_words="Te <b>klein</b> #let x.",
            goes_well="De buren.", who_helps="Mijn zus.", wish="Een kamer meer.", work_on=True,
        )  # fmt: skip
        actions.describe_domain(explorator=mapping, actor=actor, domain="money", scale=None)
        actions.finish_explorator(
            explorator=mapping, actor=actor, my_question="Hoe krijg ik rust?", work_on=["housing"]
        )
        for name in ("Bus nemen", "Slapen", "Mensen zien"):
            actions.add_axis(pathway=pathway, actor=actor, name=name, starts_on=days_ago(100))
        for day, value in ((90, 1), (3, 4)):
            moment = actions.begin_moment(pathway=pathway, actor=actor, held_on=days_ago(day))
            points = {axis.pk: actions.Point(value) for axis in pathway.axes.all()}
            actions.give_scores(moment=moment, actor=actor, rater="participant", points=points)
            actions.close_moment(moment=moment, actor=actor, note="Samen oefenen.")
        goal = actions.set_goal(pathway=pathway, actor=actor, text="Alleen naar de markt")
        actions.plan_action(
            pathway=pathway, actor=actor, text="Samen de bus nemen", who="together", goal=goal
        )
    return client_of(coach), pathway, mapping


def documents(filled: Any) -> dict[str, Any]:
    client, pathway, mapping = filled
    pages = {
        "explorator": reverse(
            "pathways.explorator_pdf", kwargs={"service": "link", "explorator": mapping.pk}
        ),
        "evoluator": reverse("pathways.evoluator_pdf", kwargs={"service": "link", "pathway": pathway.pk}),
    }
    return {name: client.get(page) for name, page in pages.items()}


def words(content: bytes, tmp_path: Path) -> str:
    file = tmp_path / "x.pdf"
    file.write_bytes(content)
    return " ".join("".join(page.extract_text() for page in PdfReader(file).pages).split())


def test_what_was_said_stands_on_paper(filled: Any, tmp_path: Path) -> None:
    found = documents(filled)
    life, spin = (words(found[name].content, tmp_path) for name in ("explorator", "evoluator"))
    for text in (
        "Hoe krijg ik rust?",
        "Te <b>klein</b> #let x.",
        "Een kamer meer.",
        "hieraan werken",
        "Nog niet besproken",
    ):
        assert text in life
    for text in (
        "Op 3 van de 3 assen ging het vooruit sinds het begin.",
        "Alleen naar de markt",
        "Samen de bus nemen",
    ):
        assert text in spin
    titles = {
        name: PdfReader(_kept(answer.content, tmp_path)).metadata.title for name, answer in found.items()
    }
    assert titles == {"explorator": "Kaart van het leven", "evoluator": "Spindiagram"}
    assert found["evoluator"].headers["Content-Disposition"] == 'inline; filename="spindiagram.pdf"'


def _kept(content: bytes, tmp_path: Path) -> Path:
    file = tmp_path / "y.pdf"
    file.write_bytes(content)
    return file


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_in_each_language(filled: Any, lang: str) -> None:
    client = filled[0]
    client.cookies["django_language"] = lang
    assert [answer.status_code for answer in documents(filled).values()] == [200, 200]


def test_a_text_that_no_font_draws_is_said_in_words(filled: Any) -> None:
    client, _pathway, mapping = filled
    explorator = {"service": "link", "explorator": mapping.pk}
    client.post(reverse("pathways.explorator_reopen", kwargs=explorator))
    given = {"own_words": "\U0001f43e", "spoken_on": days_ago(0).isoformat()}
    client.post(reverse("pathways.explorator_domain", kwargs={**explorator, "domain": "money"}), given)
    answer = client.get(reverse("pathways.explorator_pdf", kwargs=explorator))
    assert (answer.status_code, "kan niet op papier" in answer.content.decode()) == (422, True)


def test_verapdf_finds_no_fault(filled: Any, tmp_path: Path) -> None:
    """Accessible (PDF/UA-1) and to be kept (PDF/A-2a)."""
    paths = []
    for name, answer in documents(filled).items():
        paths.append(tmp_path / f"{name}.pdf")
        paths[-1].write_bytes(answer.content)
    results = verapdf.check(paths, "ua1", "2a")
    assert [(one.path.name, one.failures) for one in results] == [(path.name, ()) for path in paths * 2]
    assert all(one.compliant and one.assertions > 100 for one in results)
