"""One check over all services that cover where someone lives, and "call me"."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from stapsteen.network.actions_service import save_outside
from stapsteen.network.models import OutsideService, Service
from stapsteen.pathways import public_forms
from stapsteen.pathways.models import Referral
from stapsteen.pathways.tests.test_referral_form_pages import FITS
from stapsteen.testing.world import client_of, inside, make_service

pytestmark = pytest.mark.django_db
CHECK = "/past-het/"
ANSWERS = {
    "door": "self", "town": "2300 Turnhout", "birth": "31/12/1990", "residence_document": "yes",
    "employment_contract": "no", "dutch_listening": "2", "dutch_speaking": "2",
}  # fmt: skip


@pytest.fixture
def two(db: None) -> tuple[Service, Service]:
    return make_service("link", "link"), make_service("vinac", "volunteering")


def ask(go: str = "check", **change: str) -> Any:
    return Client().post(CHECK, {"go": go, **ANSWERS, **change})


def test_first_the_town_then_each_question_once(two: Any) -> None:
    first = Client().get(CHECK, {"q": "Turnhout"})
    assert (first.status_code, first.context["form"]["town"].value()) == (200, "Turnhout")
    assert Client().post(CHECK, {"door": "self", "town": "Nergenshuizen"}).status_code == 422
    questions = Client().post(CHECK, {"door": "self", "town": "2300"})
    assert questions.status_code == 200
    fields = list(questions.context["form"].fields)
    assert len(fields) == len(set(fields))
    assert {"birth", "residence_document", "employment_contract"} <= set(fields)
    assert "town" not in fields
    assert ask(birth="").status_code == 422


def test_every_service_answers_rule_by_rule_with_its_wait(two: Any) -> None:
    Service.objects.filter(slug="link").update(expected_wait_weeks=7)
    answer = ask()
    assert answer.status_code == 200
    cards = {card["service"].slug: card for card in answer.context["cards"]}
    assert {slug: card["word"] for slug, card in cards.items()} == {"link": "Past", "vinac": "Past"}
    assert all(card["rules"] for card in cards.values())
    assert "7 weken" in answer.content.decode()
    assert "?aanbod=link&door=self" in cards["link"]["action"]
    assert cards["vinac"]["action"] == ""  # only a helper refers there: the page says how


def test_the_answers_go_along_to_the_form(two: Any) -> None:
    answer = ask()
    [card] = [card for card in answer.context["cards"] if card["service"].slug == "link"]
    form = Client().post(card["action"], {"go": "details", **dict(answer.context["hidden"])})
    assert (form.status_code, form.templates[0].name) == (200, "pathways/referral_form_details.html")


def test_an_intake_stop_is_told_and_has_no_button(two: Any) -> None:
    Service.objects.filter(slug="link").update(intake_open=False)
    answer = ask()
    [card] = [card for card in answer.context["cards"] if card["service"].slug == "link"]
    assert (card["action"], card["call"]) == ("", "")
    assert "geen nieuwe mensen" in answer.content.decode()


def test_a_pupil_is_asked_about_school_and_never_refused(two: Any) -> None:
    young = {"birth": f"01/01/{timezone.localdate().year - 17}"}
    asked = ask(**young)
    assert (asked.status_code, "compulsory_education" in asked.context["form"].fields) == (422, True)
    answer = ask(**young, compulsory_education="yes")
    [card] = [card for card in answer.context["cards"] if card["service"].slug == "link"]
    assert (card["word"], any("school" in rule["elsewhere"] for rule in card["rules"])) == (
        "Bespreken we",
        True,
    )


def test_who_fits_nowhere_sees_where_to_go_and_can_be_called(two: Any) -> None:
    link, _vinac = two
    with inside(link) as actor:
        save_outside(
            service=link,
            actor=actor,
            name="De Luwte",
            what={"nl": "Koffie."},
            phone="014 1",
            towns="Turnhout",
        )
        save_outside(
            service=link, actor=actor, name="Ver weg", what={"nl": "Thee."}, phone="014 2", towns="Mol"
        )
    answer = ask(birth="2018")
    assert answer.context["any"] is False
    names = [row.name for row in answer.context["help"]]
    assert names[0] == "OCMW of Sociaal Huis van Turnhout"
    assert ("De Luwte" in names, "Ver weg" in names, "CAW" in names) == (True, False, True)
    assert "0800 13 500" in answer.content.decode()
    assert all(card["call"] for card in answer.context["cards"])
    with inside(link):
        OutsideService.objects.all().delete()


def test_where_no_service_is_there_still_is_help(two: Any) -> None:
    nowhere = Client().post(CHECK, {"door": "self", "town": "Oostende"})
    assert (nowhere.status_code, nowhere.templates[0].name) == (200, "pathways/fit_nothing.html")
    assert nowhere.context["help"][0].name == "OCMW of Sociaal Huis van Oostende"
    where = Client().get("/waar/", {"q": "Oostende"})
    assert "OCMW of Sociaal Huis van Oostende" in where.content.decode()


def test_it_tells_while_it_is_filled_in(two: Any) -> None:
    peek = Client().post(CHECK, {"go": "peek", "door": "self", "town": "2300", "birth": "2018"})
    assert peek.status_code == 200
    assert "Past niet" in {card["word"] for card in peek.context["cards"]}


def test_one_certain_question_of_which_town(two: Any) -> None:
    answer = Client().post(CHECK, {"door": "self", "town": "Turnhuot"})
    assert (answer.status_code, "town_nis" in answer.context["form"].fields) == (422, True)


def test_the_number_of_queries_does_not_grow_with_what_is_answered(
    two: Any, django_assert_max_num_queries: Any
) -> None:
    ask()
    with django_assert_max_num_queries(14):  # three per service that covers the town
        ask()


# Call me ---------------------------------------------------------------------------------------------------------------


def call(values: dict[str, str], begun: str = "") -> Any:
    return Client().post("/vinac/bel-me/", {"go": "bel", "begun": begun or public_forms.begin(), **values})


ME = {"first_name": "Sam", "phone": "0470 12 34 56", "when": "morning", "text": "Kan ik bij jullie terecht?"}


def test_intake_sees_who_wants_to_be_called(
    service: Any, intake: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_forms, "LEAST_SECONDS", -1)
    assert call({**ME, "phone": ""}).status_code == 422
    assert call({**ME, "website": "x"}).status_code == 422
    done = call({**ME, **FITS, "dutch_listening": "1.1", "dutch_speaking": "1.1"})
    assert (done.status_code, "bedankt" in done["Location"]) == (302, True)
    with inside(service):
        referral = Referral.objects.get()
        assert (referral.call_only, referral.by, referral.question) == (
            True, "self", "Bel mij. Liefst: voormiddag.\nKan ik bij jullie terecht?",
        )  # fmt: skip
        assert referral.person.reach_by == "call"
    [row] = client_of(intake).get("/vinac/aanmeldingen/").context["rows"]
    assert "vraagt om te bellen" in row[0]["sub"]


def test_a_robot_is_too_fast(service: Any) -> None:
    assert call(ME).status_code == 422


def test_the_answers_of_the_check_travel_along_unsent(service: Any) -> None:
    page = Client().post("/vinac/bel-me/", {**FITS, "go": "x"})
    assert (page.status_code, dict(page.context["hidden"])["town"]) == (200, FITS["town"])
    assert page.context["form"].is_bound is False


def test_with_an_intake_stop_the_page_says_so(service: Any) -> None:
    Service.objects.update(intake_open=False)
    assert Client().get("/vinac/bel-me/").templates[0].name == "pathways/referral_closed.html"
