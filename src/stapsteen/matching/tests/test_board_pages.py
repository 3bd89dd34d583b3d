"""The board of a search: what is shown first, what is short in words, and a refusal that is taken back."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from stapsteen.core.errors import RuleBroken
from stapsteen.core.models import Event
from stapsteen.hosts import actions as hosts
from stapsteen.matching import actions
from stapsteen.matching.models import Proposal, Search
from stapsteen.matching.tests.factories import SYSTEM, make_place, make_seeker
from stapsteen.matching.views import searches
from stapsteen.testing.world import client_of, inside, make_staff

pytestmark = pytest.mark.django_db
REFUSAL = {"weiger": "1", "code": "too_heavy"}


@pytest.fixture
def coordinator(service: Any) -> Any:
    return make_staff(service, "coordinator")


def search_now() -> Search:
    search = actions.start_search(actor=SYSTEM, later=False)
    actions.begin_search(search=search, actor=SYSTEM)
    return actions.run_search(search=search, actor=SYSTEM)


@pytest.fixture
def searched(service: Any, coach: Any) -> Any:
    with inside(service):
        for name, days in (("Amina", 100), ("Bo", 60), ("Cem", 30)):
            make_seeker(coach, name, days=days)
        make_place(seats=3)
        return search_now()


def board_url(search: Search) -> str:
    return f"/vinac/voorstellen/{search.pk}/"


def decide_url(service: Any, name: str, search: Search) -> str:
    with inside(service):
        row = Proposal.objects.get(person__first_name=name, search=search)
    return f"/vinac/voorstellen/besluit/{row.pk}/"


def names(answer: Any) -> list[str]:
    return [card["name"].split()[0] for card in answer.context["cards"]]


def test_what_is_still_to_decide_can_be_looked_at_alone(
    service: Any, coach: Any, coordinator: Any, searched: Any
) -> None:
    client, url = client_of(coordinator), board_url(searched)
    client.post(decide_url(service, "Bo", searched), REFUSAL)
    assert names(client.get(url)) == ["Amina", "Bo", "Cem"]
    assert names(client.get(url, {"stand": "open"})) == ["Amina", "Cem"]
    assert names(client.get(url, {"stand": "beslist"})) == ["Bo"]
    assert names(client.get(url, {"stand": "x"})) == ["Amina", "Bo", "Cem"]
    [row] = client.get("/vinac/voorstellen/").context["rows"]
    assert row[4] == {"text": 2, "badge": "wish"}


def test_a_decision_leads_back_to_the_same_page_of_the_list(
    service: Any, coordinator: Any, searched: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searches, "PER_PAGE", 1)
    client = client_of(coordinator)
    [card] = client.get(board_url(searched), {"stand": "open", "pagina": "2"}).context["cards"]
    assert card["decide_url"].endswith("/?stand=open&pagina=2")
    back = client.post(card["decide_url"], REFUSAL).url
    assert back.startswith(f"{board_url(searched)}?stand=open&pagina=2#v-")


def test_a_refusal_by_mistake_is_taken_back(service: Any, coach: Any, searched: Any) -> None:
    client, url = client_of(coach), decide_url(service, "Amina", searched)
    client.post(url, REFUSAL)
    assert "Toch anders beslissen" in client.get(board_url(searched)).text
    assert "Beslis opnieuw" in client.get(url).text
    answer = client.post(url, {"opnieuw": "1"})
    assert answer.url == url
    assert "Aanvaard en stel de plek voor" in client.get(url).text
    with inside(service):
        row = Proposal.objects.get(person__first_name="Amina")
        assert (row.state, row.code, row.decided_by, row.decided_at) == ("open", "", None, None)
        told = Event.objects.filter(subject_id=row.person_id).values_list("kind", flat=True)
        assert {"proposal.refused", "proposal.reopened"} <= set(told)
    assert client.post(url, {"opnieuw": "1"}).status_code == 422


def test_a_refusal_stays_once_something_else_came(service: Any, coach: Any, searched: Any) -> None:
    client, url = client_of(coach), decide_url(service, "Amina", searched)
    client.post(url, REFUSAL)
    with inside(service):
        refused = Proposal.objects.get(person__first_name="Amina")
        search_now()
        with pytest.raises(RuleBroken, match="iets anders voorgesteld"):
            actions.reopen_proposal(proposal=refused, actor=SYSTEM)
    assert "Beslis opnieuw" not in client.get(url).text


def test_only_who_guides_takes_a_refusal_back(service: Any, coach: Any, searched: Any) -> None:
    stranger = make_staff(service, "coach", email="andere@example.org")
    with inside(service):
        row = Proposal.objects.get(person__first_name="Amina")
        actions.refuse_proposal(proposal=row, actor=SYSTEM, code="too_heavy")
    with inside(service, stranger) as actor, pytest.raises(RuleBroken, match="rol"):
        actions.reopen_proposal(proposal=row, actor=actor)
    assert (
        client_of(stranger).post(decide_url(service, "Amina", searched), {"opnieuw": "1"}).status_code == 404
    )


def test_an_older_board_leads_to_the_newest(service: Any, coordinator: Any, searched: Any) -> None:
    with inside(service):
        newest = search_now()
    client = client_of(coordinator)
    older = client.get(board_url(searched))
    assert "Er is een nieuwere zoektocht" in older.text
    assert older.context["newer_url"] == board_url(newest)
    assert client.get(board_url(newest)).context["newer_url"] == ""


@pytest.mark.parametrize(
    ("place", "hours", "said", "short"),
    [
        ({"seats": 1, "places": 9}, 60, "de plaatsen daar gaan", "Plaatsen zijn wat ontbreekt: Koken (Dinamo, Turnhout)."),
        ({"seats": 9, "places": 1}, 60, "de begeleiding daar gaat", "Begeleiding voor 1 mens meer:"),
        ({"seats": 9, "places": 9}, 2, "voor nieuwe plekken is op", "2 uur per week meer:"),
    ],
)  # fmt: skip
def test_who_is_left_hears_why_and_what_is_short_is_said(
    service: Any, coach: Any, coordinator: Any, place: dict[str, Any], hours: int, said: str, short: str
) -> None:
    with inside(service, coordinator) as actor:
        actions.keep_settings(actor=actor, on=True, coach_hours=hours, learning=False)
        for name in ("Amina", "Bo"):
            make_seeker(coach, name)
        make_place(**place)
        search = search_now()
    board = client_of(coordinator).get(board_url(search), {"deel": "zonder"})
    [left], [advice] = board.context["left"], board.context["advice"]
    assert said in left["why"]
    assert short in advice
    assert advice.endswith("dan vindt 1 persoon meer een plek.")


def test_where_nothing_more_would_help_the_board_says_so(service: Any, coach: Any, coordinator: Any) -> None:
    with inside(service):
        for name in ("Amina", "Bo"):
            make_seeker(coach, name, dutch_speaking="0")
        make_place(dutch_speaking="1.1")
        search = search_now()
    client = client_of(coordinator)
    assert "Dat helpt nu niemand extra" in client.get(board_url(search)).text
    left = client.get(board_url(search), {"deel": "zonder"})
    assert left.context["opens"] == ["De persoon leert meer Nederlands, of de taak vraagt minder: 2 mensen"]


def test_per_organisation_who_would_come_and_what_stays(
    service: Any, coach: Any, coordinator: Any, searched: Any
) -> None:
    url = board_url(searched)
    [row] = client_of(coordinator).get(url, {"deel": "organisaties"}).context["hosts"]
    assert row[1] == {"text": "Amina Peeters, Bo Peeters, Cem Peeters", "sub": "Koken"}
    assert row[2:] == [3, 3, {"text": 0, "badge": "warning", "sub": "vol"}]
    with inside(service):
        organisation = Proposal.objects.filter(state="open")[0].host.organisation
        hosts.state_capacity(
            organisation=organisation,
            actor=SYSTEM,
            places=2,
            starts_on=timezone.localdate(),
        )
    [row] = client_of(coordinator).get(url, {"deel": "organisaties"}).context["hosts"]
    assert row[4] == {"text": -1, "badge": "error", "sub": "te veel"}


def test_where_nobody_waits_there_is_nothing_to_start(service: Any, coach: Any, coordinator: Any) -> None:
    client = client_of(coordinator)
    assert "Niemand wacht nu op een plek" in client.get("/vinac/voorstellen/").text
    assert "Zoek voor iedereen" not in client.get("/vinac/voorstellen/").text
    with inside(service):
        make_seeker(coach, "Amina")
        make_seeker(coach, "Later", days=-7)
    answer = client.get("/vinac/voorstellen/")
    assert answer.context["waiting"] == 1, "who begins next week isn't searched for yet"
    assert "Zoek voor iedereen" in answer.text


def test_a_coach_reads_own_numbers_and_not_of_a_colleagues_time(
    service: Any, coach: Any, coordinator: Any
) -> None:
    other = make_staff(service, "coach", email="andere@example.org")
    with inside(service, coordinator) as actor:
        actions.keep_settings(actor=actor, on=True, coach_hours=2, learning=False)
        for name in ("Amina", "Bo"):
            make_seeker(coach, name)
        make_seeker(other, "Cem")
        make_place(seats=9, places=9)
        search = search_now()

    def read(member: Any, **query: str) -> Any:
        return client_of(member).get(board_url(search), query).context

    numbers = {
        who: [value for _label, value, _note in read(who)["stats"]] for who in (coordinator, coach, other)
    }
    assert numbers == {coordinator: [3, 2, 2, 1], coach: [2, 1, 1, 1], other: [1, 1, 1, 0]}
    assert [value for _label, value, _note in read(coordinator, begeleider=str(coach.pk))["stats"]] == [
        2,
        1,
        1,
        1,
    ]
    assert [len(read(who)["advice"]) for who in (coordinator, coach, other)] == [1, 1, 0]
    assert not read(other)["tried"], "something would help, only not for this colleague to read"
