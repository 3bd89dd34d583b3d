"""Dividing among coaches: load, weight and limit; the traffic light of each stage."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stapsteen.core.errors import RuleBroken
from stapsteen.network.models import StaffMember
from stapsteen.pathways.actions import assign_coach, set_weight, take_in_referral, withdraw_referral
from stapsteen.pathways.models import IntakeTalk, Pathway, Referral
from stapsteen.pathways.queries import coaches_with_load, queue, waiting
from stapsteen.pathways.tests.factories import days_ago, make_pathway, make_referral
from stapsteen.testing.world import client_of, inside, make_staff

pytestmark = pytest.mark.django_db


def test_load_is_weight_and_what_is_about_to_start(service: Any, coach: Any) -> None:
    with inside(service) as actor:
        heavy = make_pathway(coach)
        set_weight(pathway=heavy, actor=actor, weight=3)
        make_pathway(coach)
        assign_coach(referral=make_referral(), actor=actor, coach=coach)
        gone = make_referral()
        assign_coach(referral=gone, actor=actor, coach=coach)
        withdraw_referral(referral=gone, actor=actor)
        StaffMember.objects.filter(pk=coach.pk).update(weight_limit=6)
        [load] = coaches_with_load()
        assert (load.running, load.weight, load.soon, load.total, load.over) == (2, 5, 1, 7, True)
        assert str(load) == f"{coach.name} (2 lopende trajecten, gewicht 7 van 6)"
        with pytest.raises(RuleBroken, match="al beslist"):
            assign_coach(referral=gone, actor=actor, coach=coach)


def test_intake_divides_on_one_page(service: Any, coach: Any, intake: Any) -> None:
    with inside(service):
        referral = make_referral()
    client = client_of(intake)
    page = client.get("/vinac/verdelen/")
    assert [row["name"] for row in page.context["loads"]] == [coach.name]
    assert client.post("/vinac/verdelen/", {"referral": str(referral.pk), "coach": "x"}).status_code == 422
    assert client.post("/vinac/verdelen/", {"referral": "x", "coach": ""}).status_code == 404
    given = {"referral": str(referral.pk), "coach": str(coach.pk)}
    assert client.post("/vinac/verdelen/", given).status_code == 302
    [row] = client.get("/vinac/aanmeldingen/").context["rows"]
    assert row[-1] == coach.name
    with inside(service):
        assert Referral.objects.get().coach == coach


def test_only_a_coordinator_sets_a_limit(service: Any, coach: Any, intake: Any, coordinator: Any) -> None:
    path = f"/vinac/verdelen/{coach.pk}/"
    assert client_of(intake).get(path).status_code == 404
    client = client_of(coordinator)
    assert client.post(path, {"weight_limit": "0"}).status_code == 422
    assert client.post(path, {"weight_limit": "20"}).status_code == 302
    rows = client.get("/vinac/verdelen/").context["loads"]
    assert next(row["limit"] for row in rows if row["name"] == coach.name) == 20
    assert client.post(path, {"weight_limit": ""}).status_code == 302
    with inside(service):
        assert StaffMember.objects.get(pk=coach.pk).weight_limit is None


def test_a_coach_says_how_much_a_pathway_asks(service: Any, coach: Any) -> None:
    with inside(service):
        pathway = make_pathway(coach)
    client, path = client_of(coach), f"/vinac/trajecten/{pathway.pk}/gewicht/"
    assert client.get(path).context["form"]["weight"].value() == 2
    assert client.post(path, {"weight": "9"}).status_code == 422
    assert client.post(path, {"weight": "3"}).status_code == 302
    with inside(service) as actor:
        assert Pathway.objects.get().weight == 3
        with pytest.raises(RuleBroken, match="licht, gewoon"):
            set_weight(pathway=pathway, actor=actor, weight=4)
        Pathway.objects.update(state="ended")
        with pytest.raises(RuleBroken, match="afgerond"):
            set_weight(pathway=pathway, actor=actor, weight=1)


def test_the_page_of_dividing_asks_as_much_for_three_as_for_one(
    service: Any, coach: Any, intake: Any
) -> None:
    client = client_of(intake)
    with inside(service) as actor:
        assign_coach(referral=make_referral(), actor=actor, coach=coach)
    with CaptureQueriesContext(connection) as one:
        client.get("/vinac/verdelen/")
    for number in range(2):
        other = make_staff(service, "coach", email=f"c{number}@example.org")
        with inside(service) as actor:
            make_pathway(other)
            assign_coach(referral=make_referral(), actor=actor, coach=other)
    with CaptureQueriesContext(connection) as three:
        client.get("/vinac/verdelen/")
    assert len(one) == len(three)


# The light of each stage -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "days", "light"),
    [
        ("received", 0, "green"), ("received", 7, "green"), ("received", 8, "orange"), ("received", 15, "red"),
        ("in_talks", 15, "green"), ("in_talks", 29, "orange"), ("in_talks", 57, "red"),
    ],
)  # fmt: skip
def test_each_stage_has_its_own_days(service: Any, state: str, days: int, light: str) -> None:
    with inside(service) as actor:
        referral = make_referral(received_on=days_ago(days))
        if state == "in_talks":
            take_in_referral(referral=referral, actor=actor, on=days_ago(days))
        referral = Referral.objects.get()
        assert (waiting(referral).light, waiting(referral).days) == (light, days)
        assert {name: queue(actor, light=name).count() for name in ("green", "orange", "red")} == {
            "green": 0, "orange": 0, "red": 0, light: 1,
        }  # fmt: skip


def test_the_programme_says_the_days(service: Any) -> None:
    from stapsteen.network.actions import save_programme
    from stapsteen.testing.world import programme_of

    text = programme_of(service).text + "\n[intake]\nreceived_on_time_days = 1\nreceived_late_days = 2\n"
    with inside(service) as actor:
        version = save_programme(service=service, actor=actor, text=text)
        referral = make_referral(programme=version, received_on=days_ago(3))
        assert waiting(referral).light == "red"
        make_referral(programme=programme_of_first(service), received_on=days_ago(3))
        assert (queue(actor, light="red").count(), queue(actor, light="green").count()) == (1, 1)
        wrong = text.replace("received_late_days = 2", "received_late_days = 0")
        with pytest.raises(RuleBroken):
            save_programme(service=service, actor=actor, text=wrong)
        twisted = text.replace("received_on_time_days = 1", "received_on_time_days = 9")
        with pytest.raises(RuleBroken, match="groter dan"):
            save_programme(service=service, actor=actor, text=twisted)


def programme_of_first(service: Any) -> Any:
    from stapsteen.network.models import ProgrammeVersion

    return ProgrammeVersion.objects.get(service=service, number=1)


def test_an_attempt_has_a_place_and_minutes(service: Any, intake: Any) -> None:
    with inside(service):
        referral = make_referral()
    client, path = client_of(intake), f"/vinac/aanmeldingen/{referral.pk}/"
    client.post(f"{path}opnemen/")
    given = {"kind": "attempt", "held_on": timezone.localdate().isoformat(), "place": "phone", "minutes": "5"}
    assert client.post(f"{path}gesprek/", {**given, "place": "maan"}).status_code == 422
    assert client.post(f"{path}gesprek/", given).status_code == 302
    with inside(service):
        talk = IntakeTalk.objects.get()
        assert (talk.place, talk.minutes, talk.reached) == ("phone", 5, False)
    assert "aan de telefoon, 5 minuten" in client.get(path).content.decode()
