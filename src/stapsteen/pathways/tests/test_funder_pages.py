"""What the funder counts: filled in at the start, each with "not said", frozen, then nobody's to read (requirement C7)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stapsteen.core.errors import RuleBroken
from stapsteen.core.models import Event
from stapsteen.core.scope import system
from stapsteen.pathways.actions import fill_funder_record, freeze_funder_record
from stapsteen.pathways.funder import NOT_SAID, QUESTIONS, SHORT, missing
from stapsteen.pathways.models import FunderRecord, Pathway
from stapsteen.pathways.tests.factories import make_pathway
from stapsteen.people.tests.factories import make_person
from stapsteen.testing.world import client_of, inside, make_service, make_staff, programme_of

pytestmark = pytest.mark.django_db
SYSTEM = system("test")
ALL = dict.fromkeys(QUESTIONS, NOT_SAID)


@pytest.fixture
def link() -> Any:
    return make_service("link", "link")


@pytest.fixture
def guide(link: Any) -> Any:
    return make_staff(link, "coach")


@pytest.fixture
def pathway(link: Any, guide: Any) -> Pathway:
    with inside(link):
        return begin(link, guide)


def begin(service: Any, coach: Any, name: str = "Amina") -> Pathway:
    programme = programme_of(service, "link")
    segment = programme.rules.wheel.segments[0].id
    aim = programme.rules.aims[0].id
    return make_pathway(
        coach, person=make_person(first_name=name), programme=programme, segment=segment, aim=aim
    )


def url(name: str, pathway: Pathway) -> str:
    return reverse(f"pathways.{name}", kwargs={"service": "link", "pathway": pathway.pk})


def test_every_field_has_a_name_and_can_be_not_said() -> None:
    assert list(SHORT) == list(QUESTIONS)
    assert {NOT_SAID in answers for _question, answers in QUESTIONS.values()} == {True}


def test_from_the_first_answer_to_frozen(link: Any, guide: Any, pathway: Pathway) -> None:
    client, page, freeze = client_of(guide), url("funder_record", pathway), url("funder_freeze", pathway)
    assert client.get(page).status_code == 200
    assert client.get(freeze).headers["Location"] == page
    assert client.post(page, {"gender": "f"}).headers["Location"] == f"/link/mensen/{pathway.person_id}/"
    assert client.get(page).context["form"]["gender"].value() == "f"
    assert client.get(freeze).headers["Location"] == page
    assert client.post(page, {**ALL, "gender": "x"}).headers["Location"] == freeze
    assert "Daarna kun je niets meer wijzigen." in client.get(freeze).content.decode()
    assert client.post(freeze, {"confirm": "1"}).status_code == 302
    with inside(link):
        record = FunderRecord.objects.get()
        assert (record.state, record.answers) == ("frozen", {**ALL, "gender": "x"})
        assert Event.objects.filter(kind="funder.frozen").count() == 1
    for method, address in (("get", page), ("post", page), ("get", freeze), ("post", freeze)):
        assert getattr(client, method)(address).status_code == 404


def test_a_wrong_answer_comes_back(guide: Any, pathway: Pathway) -> None:
    answer = client_of(guide).post(url("funder_record", pathway), {"gender": "q", "work": "inactive"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["gender"])
    assert answer.context["form"]["work"].value() == "inactive"


def test_answers_that_are_no_answers(link: Any, guide: Any, pathway: Pathway) -> None:
    with inside(link):
        for answers in ({"gender": "q"}, {"religion": "none"}):
            with pytest.raises(RuleBroken):
                fill_funder_record(pathway=pathway, actor=SYSTEM, answers=answers)
        record = fill_funder_record(pathway=pathway, actor=SYSTEM, answers={"gender": "f", "work": ""})
        assert (record.answers, "work" in missing(record.answers)) == ({"gender": "f"}, True)
        with pytest.raises(RuleBroken):
            freeze_funder_record(record=record, actor=SYSTEM)
        freeze_funder_record(
            record=fill_funder_record(pathway=pathway, actor=SYSTEM, answers=ALL), actor=SYSTEM
        )
        with pytest.raises(RuleBroken):
            fill_funder_record(pathway=pathway, actor=SYSTEM, answers={"gender": "m"})


def test_without_a_funder_there_is_no_page(service: Any, coach: Any) -> None:
    with inside(service):
        pathway = make_pathway(coach)
        with pytest.raises(RuleBroken):
            fill_funder_record(pathway=pathway, actor=SYSTEM, answers=ALL)
    address = reverse("pathways.funder_record", kwargs={"service": "vinac", "pathway": pathway.pk})
    assert client_of(coach).get(address).status_code == 404
    listed = client_of(coach).get("/vinac/subsidiegever/ontbreekt/")
    assert listed.context["rows"] == []


def test_what_is_missing_names_fields_never_answers(link: Any, guide: Any, pathway: Pathway) -> None:
    second = make_staff(link, "coach", email="second@example.org")
    with inside(link):
        fill_funder_record(pathway=pathway, actor=SYSTEM, answers={**ALL, "homeless": "", "work": "employed"})
        begin(link, guide, "Bo")
        full = begin(link, guide, "Cas")
        fill_funder_record(pathway=full, actor=SYSTEM, answers=ALL)
        done = begin(link, guide, "Dina")
        freeze_funder_record(record=fill_funder_record(pathway=done, actor=SYSTEM, answers=ALL), actor=SYSTEM)
        begin(link, second, "Ed")
    answer = client_of(guide).get("/link/subsidiegever/ontbreekt/")
    assert [(row[0]["text"].split()[0], row[3]) for row in answer.context["rows"]] == [
        ("Amina", "dakloos of onzekere woonst"),
        ("Bo", "nog niets ingevuld"),
        ("Cas", "alles is ingevuld, nog niet vastgelegd"),
    ]
    assert "aan het werk" not in answer.content.decode()
    assert client_of(make_staff(link, "intake")).get("/link/subsidiegever/ontbreekt/").status_code == 404


def test_today_and_the_profile_lead_there(link: Any, guide: Any, pathway: Pathway) -> None:
    client = client_of(guide)
    assert "1 traject wacht nog." in client.get("/link/vandaag/").content.decode()
    profile = f"/link/mensen/{pathway.person_id}/?deel=profiel"
    assert url("funder_record", pathway) in client.get(profile).content.decode()
    with inside(link):
        freeze_funder_record(
            record=fill_funder_record(pathway=pathway, actor=SYSTEM, answers=ALL), actor=SYSTEM
        )
    assert "wacht nog." not in client.get("/link/vandaag/").content.decode()
    assert url("funder_record", pathway) not in client.get(profile).content.decode()


def test_the_list_costs_the_same_with_one_and_with_three(link: Any, guide: Any, pathway: Pathway) -> None:
    counts = []
    for name in ("A", "B", "C"):
        with CaptureQueriesContext(connection) as seen:
            assert client_of(guide).get("/link/subsidiegever/ontbreekt/").status_code == 200
        counts.append(len(seen))
        with inside(link):
            begin(link, guide, name)
    assert len(set(counts)) == 1
