"""Warm handover: with the person's consent, a talk with three, taken over or not, and asked after later."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stapsteen.core.errors import RuleBroken
from stapsteen.pathways.actions import (
    check_handover,
    not_taken_over,
    note_handover_talk,
    offer_handover,
    reopen_handover,
    take_over,
)
from stapsteen.pathways.actions.handovers import CHECK_MONTHS, months_to_check
from stapsteen.pathways.actions.pathway import programme_of
from stapsteen.pathways.models import Handover, Referral
from stapsteen.pathways.queries import handover_next, open_handovers
from stapsteen.pathways.tests.factories import days_ago, make_pathway, make_referral
from stapsteen.people.actions import withdraw_consent
from stapsteen.people.models import Consent
from stapsteen.testing.refusals import refused
from stapsteen.testing.world import client_of, inside

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def offered(actor: Any, **values: Any) -> Handover:
    given = {
        "referral": make_referral(),
        "to_name": "CAW",
        "told": "Zoekt een woning.",
        "agreed": True,
        **values,
    }
    return offer_handover(actor=actor, **given)


def test_refusing_leads_on_to_a_handover_and_to_the_checks(service: Any, intake: Any) -> None:
    with inside(service):
        referral = make_referral()
    client, path = client_of(intake), f"/vinac/aanmeldingen/{referral.pk}/"
    client.post(f"{path}opnemen/")
    refused = {"code": "elsewhere_better", "reason": "Eerst wonen.", "went_to": "CAW", "hand_over": "on"}
    answer = client.post(f"{path}elders/", refused)
    assert answer["Location"] == f"{path}overdracht/"
    form = client.get(answer["Location"]).context["form"]
    assert form["to_name"].value() == "CAW"
    offer = {"to_name": "CAW", "told": "Zoekt een woning.", "how": "spoken"}
    assert client.post(f"{path}overdracht/", offer).status_code == 422  # not without the person's consent
    answer = client.post(f"{path}overdracht/", {**offer, "agreed": "on", "own_words": "Goed voor mij."})
    assert answer.status_code == 302
    there = answer["Location"]
    page = client.get(there).content.decode()
    assert ("Goed voor mij." in page, "Zoekt een woning." in page) == (True, True)
    assert "Warme overdrachten" in client.get("/vinac/vandaag/").content.decode()
    assert client.get("/vinac/aanmeldingen/").context["handovers"] == 1
    assert client.post(f"{there}gesprek/", {"talk_on": TODAY().isoformat(), "told": ""}).status_code == 302
    assert client.post(f"{there}overgenomen/").status_code == 302
    with inside(service):
        row = Handover.objects.get()
        assert (row.state, row.check_on) == ("taken_over", handover_month(row, 1))
        Handover.objects.update(settled_on=days_ago(40), check_on=days_ago(9), offered_on=days_ago(41))
    assert "Vraag na hoe het gaat" in client.get("/vinac/vandaag/").content.decode()
    given = {"on": TODAY().isoformat(), "outcome": "Ze heeft een kamer."}
    assert client.post(f"{there}nagevraagd/", {**given, "outcome": ""}).status_code == 422
    assert client.post(f"{there}nagevraagd/", given).status_code == 302
    assert "Ze heeft een kamer." in client.get(there).content.decode()
    with inside(service):
        assert Handover.objects.get().check_on == handover_month(Handover.objects.get(), 6)


def handover_month(row: Handover, months: int) -> Any:
    from stapsteen.network.programme.rhythm import add_months

    return add_months(row.settled_on, months)


def test_after_the_last_check_it_is_done(service: Any) -> None:
    with inside(service) as actor:
        row = take_over(handover=offered(actor, on=days_ago(300)), actor=actor, on=days_ago(300))
        row = check_handover(handover=row, actor=actor, outcome="Goed.", on=days_ago(260))
        assert [one.pk for one in open_handovers(actor)] == [row.pk]
        row = check_handover(handover=row, actor=actor, outcome="Nog goed.")
        assert (row.check_on, list(open_handovers(actor)), handover_next(row)) == (None, [], "")
        with pytest.raises(RuleBroken, match="niets meer"):
            check_handover(handover=row, actor=actor, outcome="x")


def test_a_withdrawn_consent_stops_the_passing_on(service: Any) -> None:
    with inside(service) as actor:
        row = offered(actor)
        withdraw_consent(consent=Consent.objects.get(purpose="handover"), actor=actor)
        with pytest.raises(RuleBroken, match="toestemming"):
            take_over(handover=row, actor=actor)
        row = note_handover_talk(
            handover=row, actor=actor, talk_on=TODAY(), told="Alleen de naam.", agreed=True
        )
        assert take_over(handover=row, actor=actor).state == "taken_over"


def test_not_taken_over_comes_back_and_can_be_tried_again(service: Any) -> None:
    with inside(service) as actor:
        row = not_taken_over(handover=offered(actor), actor=actor, outcome="Wachtlijst.")
        assert (row.state, row.outcome) == ("not_taken", f"{TODAY():%d/%m/%Y}: Wachtlijst.")
        assert not open_handovers(actor).exists()
        row = reopen_handover(handover=row, actor=actor)
        assert (row.state, row.settled_on) == ("offered", None)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"to_name": " "}, "to_name"),
        ({"agreed": False}, "agreed"),
        ({"on": TODAY() + timedelta(days=1)}, "on"),
    ],
)
def test_what_an_offer_cannot_be(service: Any, values: dict[str, Any], field: str) -> None:
    with inside(service) as actor, pytest.raises(RuleBroken) as broken:
        offered(actor, **values)
    assert broken.value.field == field


def test_days_that_cannot_be(service: Any) -> None:
    with inside(service) as actor:
        row = offered(actor)
        with pytest.raises(RuleBroken, match="niet voor het voorstel"):
            note_handover_talk(handover=row, actor=actor, talk_on=days_ago(1))
        with pytest.raises(RuleBroken, match="niet voor het voorstel"):
            take_over(handover=row, actor=actor, on=days_ago(1))
        with pytest.raises(RuleBroken, match="goed vindt"):
            bare = offered(actor, told="", agreed=False)
            note_handover_talk(handover=bare, actor=actor, talk_on=TODAY(), told="Iets.")
        with pytest.raises(TypeError):
            offer_handover(actor=actor, to_name="CAW")


def test_a_coach_hands_over_from_a_pathway(service: Any, coach: Any) -> None:
    with inside(service):
        pathway = make_pathway(coach)
    client = client_of(coach)
    offer = {"to_name": "VDAB", "told": "", "how": "spoken"}
    assert client.get(f"/vinac/trajecten/{pathway.pk}/overdracht/").status_code == 200
    there = client.post(f"/vinac/trajecten/{pathway.pk}/overdracht/", offer)["Location"]
    assert client.get(there).status_code == 200
    given = {"on": TODAY().isoformat(), "outcome": "Geen plaats."}
    assert client.post(f"{there}niet/", given).status_code == 302
    assert client.post(f"{there}opnieuw/").status_code == 302
    with inside(service):
        assert Handover.objects.get().state == "offered"


def test_the_list_asks_as_much_for_three_as_for_one(service: Any, coordinator: Any) -> None:
    client = client_of(coordinator)
    with inside(service) as actor:
        offered(actor)
    with CaptureQueriesContext(connection) as one:
        assert len(client.get("/vinac/overdrachten/").context["rows"]) == 1
    with inside(service) as actor:
        offered(actor)
        offered(actor)
    with CaptureQueriesContext(connection) as three:
        assert len(client.get("/vinac/overdrachten/").context["rows"]) == 3
    assert len(one) == len(three)
    with inside(service):
        assert Referral.objects.count() == 3


def test_asking_after_it_needs_words_and_something_to_ask(service: Any) -> None:
    with inside(service) as actor:
        row = offered(actor)
        nothing = refused(check_handover, handover=row, actor=actor, outcome="Goed.")
        assert nothing == (None, "Hier valt niets meer na te vragen.")
        note_handover_talk(handover=row, actor=actor, talk_on=TODAY())
        take_over(handover=row, actor=actor)
        wordless = refused(check_handover, handover=row, actor=actor, outcome=" ")
        assert wordless == ("outcome", "Schrijf hoe het gaat, of dat je niemand bereikte.")


def test_a_handover_out_of_a_pathway_is_asked_after_as_its_programme_says(service: Any, coach: Any) -> None:
    with inside(service) as actor:
        pathway = make_pathway(coach)
        row = offered(actor, referral=None, pathway=pathway)
        months = programme_of(pathway, TODAY()).rules.follow_up.handover_check_months
        assert months_to_check(row) == (tuple(sorted(months)) or CHECK_MONTHS)
