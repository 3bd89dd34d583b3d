"""Wheel, aim, kind, coach, pause and end of a pathway, through the pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from stapsteen.pathways.actions import move_on_wheel
from stapsteen.pathways.models import Pathway
from stapsteen.pathways.queries import pathways_of, standing
from stapsteen.pathways.tests.factories import days_ago, make_pathway
from stapsteen.people.queries import person_url
from stapsteen.testing.world import client_of, inside, make_programme, make_staff, programme_of

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def pathway(service: Any, coach: Any) -> Pathway:
    with inside(service):
        return make_pathway(coach, wish="joining-in")


def url(page: str, pathway: Pathway) -> str:
    return reverse(f"pathways.{page}", kwargs={"service": "vinac", "pathway": pathway.pk})


def test_the_wheel_is_filled_in(service: Any, coach: Any, pathway: Pathway) -> None:
    client = client_of(coach)
    page = client.get(url("wheel", pathway))
    assert (page.context["place"], page.context["wish"]) == ("few-contacts", "joining-in")
    assert page.context["form"]["segment"].value() == "few-contacts"
    given = {
        "segment": "people-around",
        "wish": "helping-out",
        "starts_on": TODAY().isoformat(),
        "what_helped": "De kok",
    }
    answer = client.post(url("wheel", pathway), given)
    assert answer.headers["Location"] == person_url(service, pathway.person_id)
    history = client.get(url("wheel", pathway)).context["history"]
    assert [(step["key"], step["date"], step["note"]) for step in history] == [
        ("few-contacts", days_ago(30), ""), ("people-around", TODAY(), "De kok"),
    ]  # fmt: skip
    back = client.post(url("wheel", pathway), {**given, "segment": "few-contacts", "what_helped": ""})
    assert back.status_code == 302  # a step back is as good as one forward


@pytest.mark.parametrize(
    ("page", "values", "field"),
    [
        ("wheel", {"segment": "moon", "starts_on": "2026-01-01"}, "segment"),
        ("wheel", {"segment": "learning", "starts_on": "01/01/2001"}, "starts_on"),
        ("aim_change", {"aim": "end_in_itself", "starts_on": TODAY().isoformat()}, "aim"),
        ("aim_change", {"aim": "stepping_stone", "starts_on": "2999-01-01"}, "starts_on"),
        ("coach_change", {"coach": ""}, "coach"),
        ("kind_change", {"starts_on": TODAY().isoformat()}, "programme"),
        ("pathway_pause", {"starts_on": "2001-01-01"}, "starts_on"),
        ("pathway_end", {"ends_on": TODAY().isoformat(), "code": ""}, "code"),
        ("pathway_end", {"ends_on": "2001-01-01", "code": "other"}, "ends_on"),
    ],
)
def test_wrong_input_comes_back(
    coach: Any, pathway: Pathway, page: str, values: dict[str, str], field: str
) -> None:
    client = client_of(coach)
    assert client.get(url(page, pathway)).status_code == 200
    answer = client.post(url(page, pathway), values)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


def test_the_aim_changes(service: Any, coach: Any, pathway: Pathway) -> None:
    given = {"aim": "stepping_stone", "starts_on": days_ago(1).strftime("%d/%m/%Y")}
    assert client_of(coach).post(url("aim_change", pathway), given).status_code == 302
    with inside(service):
        assert [row.aim for row in pathway.aims.order_by("starts_on")] == ["end_in_itself", "stepping_stone"]


def test_the_kind_changes(service: Any, coach: Any, pathway: Pathway) -> None:
    care = make_programme(service, "care-work")
    form = client_of(coach).get(url("kind_change", pathway)).context["form"]
    assert form.fields["programme"].choices == [(str(care.pk), "Arbeidszorg")]
    given = {"programme": str(care.pk), "starts_on": TODAY().isoformat()}
    assert client_of(coach).post(url("kind_change", pathway), given).status_code == 302
    with inside(service):
        assert standing(pathway).programme.pk == care.pk


def test_the_coach_changes_and_the_former_sees_no_more(service: Any, coach: Any, pathway: Pathway) -> None:
    second = make_staff(service, "coach", email="tweede@example.org")
    client = client_of(coach)
    assert client.get(url("coach_change", pathway)).status_code == 200
    answer = client.post(url("coach_change", pathway), {"coach": str(second.pk)})
    assert answer.headers["Location"] == "/vinac/mensen/"
    assert client.get(url("coach_change", pathway)).status_code == 404


def test_pause_and_resume(service: Any, coach: Any, pathway: Pathway) -> None:
    client = client_of(coach)
    assert client.get(url("pathway_resume", pathway)).status_code == 200
    assert client.post(url("pathway_resume", pathway), {"on": TODAY().isoformat()}).status_code == 422
    assert (
        client.post(
            url("pathway_pause", pathway), {"starts_on": days_ago(5).isoformat(), "reason": "Griep"}
        ).status_code
        == 302
    )
    assert client.post(url("pathway_resume", pathway), {"on": days_ago(6).isoformat()}).status_code == 422
    assert client.post(url("pathway_resume", pathway), {"on": TODAY().isoformat()}).status_code == 302
    with inside(service):
        assert pathway.suspensions.get().ends_on == days_ago(1)


def test_the_end(service: Any, coach: Any, pathway: Pathway) -> None:
    given = {
        "ends_on": TODAY().isoformat(), "code": "goal_reached", "destination": "training", "reason": "Volgt nu les",
    }  # fmt: skip
    assert client_of(coach).post(url("pathway_end", pathway), given).status_code == 302
    with inside(service):
        ended = Pathway.objects.get()
        assert (ended.state, ended.destination, ended.stepped_up, ended.end_reason) == (
            "ended",
            "training",
            True,
            "Volgt nu les",
        )


def test_where_several_pathways_stand_takes_the_same_queries(
    service: Any, coach: Any, pathway: Pathway
) -> None:
    care = make_programme(service, "care-work")

    def count() -> int:
        with inside(service), CaptureQueriesContext(connection) as queries:
            for row in pathways_of(pathway.person):
                now = standing(row)
                assert now.aim_word
                assert now.place_word == "Weinig contact"
        return len(queries)

    one = count()
    with inside(service, coach) as actor:
        second = make_pathway(coach, person=pathway.person, programme=care)
        move_on_wheel(pathway=second, actor=actor, segment="few-contacts", starts_on=TODAY())
    assert count() == one
    with inside(service):
        assert standing(pathway).wish_word == "Samen iets doen"
        assert standing(pathway).programme.pk == programme_of(service).pk
