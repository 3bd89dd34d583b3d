"""The pages around one person's list: what was decided before, what is in the way, what is remembered and taken back."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from stapsteen.hosts import actions as hosts
from stapsteen.hosts.models import Host
from stapsteen.matching.models import Proposal
from stapsteen.matching.tests.factories import SYSTEM, make_place, make_seeker
from stapsteen.people.actions import update_person
from stapsteen.placements.models import Placement
from stapsteen.testing.world import client_of, inside, make_staff

pytestmark = pytest.mark.django_db


def list_url(pathway: Any) -> str:
    return f"/vinac/trajecten/{pathway.pk}/zoek-plek/"


def titles(answer: Any) -> list[str]:
    return [card["title"] for card in answer.context["choices"]]


def form(**more: Any) -> dict[str, Any]:
    day = timezone.localdate().isoformat()
    return {"half_days_0": "on", "minutes_per_half_day": "180", "weight": "1", "starts_on": day, **more}


@pytest.fixture
def two(service: Any, coach: Any) -> Any:
    """Somebody who wishes animals, with a task of animals first and one of the kitchen second."""
    with inside(service):
        pathway = make_seeker(coach, sectors=["animals"], half_days=0b11)
        _host, first = make_place("Asiel", "Honden", sector="animals")
        _host, second = make_place("Keuken", "Koken", sector="catering")
    return pathway, first, second


def choose(coach: Any, pathway: Any, task: Any, code: str) -> Any:
    return client_of(coach).post(f"{list_url(pathway)}{task.pk}/", form(code=code))


# Passing by the first ----------------------------------------------------------------------------------------------------


def test_the_first_is_named_where_it_is_passed_by(coach: Any, two: Any) -> None:
    pathway, _first, second = two
    assert "Eerst staat: Honden bij Asiel." in client_of(coach).get(f"{list_url(pathway)}{second.pk}/").text


@pytest.mark.parametrize(
    ("code", "shown"), [("too_heavy", []), ("not_now", ["Honden"]), ("something_else", ["Honden"])]
)
def test_a_clear_reason_is_remembered_for_this_person(
    service: Any, coach: Any, two: Any, code: str, shown: list[str]
) -> None:
    """What was passed by for a reason that stays isn't shown to this person again; others still see it."""
    pathway, _first, second = two
    assert choose(coach, pathway, second, code).status_code == 302
    assert titles(client_of(coach).get(list_url(pathway))) == shown
    with inside(service):
        other = make_seeker(coach, "Bo", sectors=["animals"])
    assert "Honden" in titles(client_of(coach).get(list_url(other)))


def test_what_is_remembered_can_be_taken_back_and_the_decision_stays(
    service: Any, coach: Any, two: Any
) -> None:
    pathway, _first, second = two
    choose(coach, pathway, second, "too_heavy")
    client, url = client_of(coach), list_url(pathway)
    page = client.get(url)
    [row] = page.context["decided"]
    assert (row["title"], row["state"], row["no_more"]) == ("Koken", "Aanvaard", "Honden")
    assert "Niet de eerste van de lijst: De taak vraagt te veel." in page.text
    assert "De persoon koos andere soorten werk" in page.text
    assert client.post(url, {"toon": row["key"]}).url == url
    page = client.get(url)
    assert (titles(page), page.context["decided"][0]["no_more"]) == (["Honden"], "")
    with inside(service):
        assert Proposal.objects.get().code == "too_heavy"
    again = client.post(url, {"toon": row["key"]})
    assert (again.status_code, "Deze taak staat al in de lijst" in again.text) == (422, True)
    assert client.post(url, {"toon": "<x>"}).status_code == 422


def test_a_colleague_cant_take_it_back(service: Any, coach: Any, two: Any) -> None:
    pathway, _first, second = two
    choose(coach, pathway, second, "too_heavy")
    with inside(service):
        key = Proposal.objects.get().pk
    stranger = make_staff(service, "coach", email="andere@example.org")
    assert client_of(stranger).post(list_url(pathway), {"toon": str(key)}).status_code == 404


def test_what_is_kept_is_as_it_was_before_the_place_took_the_moments(
    service: Any, coach: Any, two: Any
) -> None:
    """And of what a search proposed meanwhile, but which isn't the first of the list, nobody said anything."""
    pathway, first, second = two
    with inside(service):
        host, third = make_place("Winkel", "Rekken", sector="catering")
        Proposal.objects.create(
            pathway=pathway, person_id=pathway.person_id, task=third, host=host, state="open"
        )
    choose(coach, pathway, second, "too_far")
    with inside(service):
        kept = Proposal.objects.get(state="accepted").kept
        assert kept["known"]["half_days"] == 0b11
        assert "Past op maandag" in [reason["text"] for reason in kept["reasons"]]
        assert Proposal.objects.get(state="changed").code == "something_else"
    page = client_of(coach).get(list_url(pathway))
    assert (titles(page), first.title) == (["Rekken"], "Honden")


# What stands in the way, and what is already there ---------------------------------------------------------------------------


def test_what_is_in_the_way_is_said_and_nothing_is_asked_when_nothing_fits(service: Any, coach: Any) -> None:
    with inside(service):
        pathway = make_seeker(coach, dutch_speaking="1.1")
        _host, task = make_place(dutch_speaking="1.2")
    page = client_of(coach).get(f"{list_url(pathway)}{task.pk}/")
    assert "Het kan wel met 1 stap meer Nederlands (spreken)." in page.text
    assert "code" not in page.context["form"].fields
    assert client_of(coach).post(f"{list_url(pathway)}{task.pk}/", form()).status_code == 302


def test_the_rest_of_what_just_misses_folds_out(service: Any, coach: Any) -> None:
    with inside(service):
        pathway = make_seeker(coach, dutch_speaking="1.1")
        for n in range(5):
            make_place(f"Host {n}", f"Taak {n}", dutch_speaking="1.2")
    page = client_of(coach).get(list_url(pathway))
    [group] = page.context["near"]
    assert ([row["title"] for row in group["choices"]], [row["title"] for row in group["others"]]) == (
        ["Taak 0", "Taak 1", "Taak 2"],
        ["Taak 3", "Taak 4"],
    )
    assert ("Nog 2 taken" in page.text, group["hidden"]) == (True, 0)


def test_a_place_that_is_there_already_is_named(service: Any, coach: Any, two: Any) -> None:
    pathway, first, _second = two
    assert "Deze persoon heeft al een plek" not in client_of(coach).get(list_url(pathway)).text
    choose(coach, pathway, first, "")
    page = client_of(coach).get(list_url(pathway))
    assert "Deze persoon heeft al een plek" in page.text
    with inside(service):
        key = Placement.objects.get().pk
    assert [place["url"] for place in page.context["places"]] == [f"/vinac/plekken/{key}/"]


def test_what_a_task_could_begin_from_stands_beside_whom_to_ask(service: Any, coach: Any) -> None:
    with inside(service):
        pathway = make_seeker(coach, dutch_speaking="1.1")
        make_place(dutch_speaking="2")
        update_person(person=pathway.person, actor=SYSTEM, talents="Naaien", wishes="Onder de mensen zijn")
    page = client_of(coach).get(list_url(pathway))
    assert page.context["can_do"] == [("Goed in", "Naaien"), ("Wil graag", "Onder de mensen zijn")]
    assert "Naaien" in page.text


def test_one_step_of_dutch_for_all_is_said_once(service: Any, coach: Any) -> None:
    with inside(service):
        same = make_seeker(coach, **dict.fromkeys((f"dutch_{skill}" for skill in SKILLS), "native"))
        mixed = make_seeker(coach, dutch_reading="0")
    told = [dict(client_of(coach).get(list_url(one)).context["known"])["Nederlands"] for one in (same, mixed)]
    assert (told[0], told[1].count(",")) == ("moedertaal", 3)


SKILLS = ("listening", "speaking", "reading", "writing")


# Ticks and the whole list ----------------------------------------------------------------------------------------------------


def test_ticks_and_the_whole_list_stay_while_weighing_and_after_comparing(service: Any, coach: Any) -> None:
    with inside(service):
        pathway = make_seeker(coach)
        tasks = [make_place(f"Host {n}", f"Taak {n}")[1] for n in range(8)]
    client, keys = client_of(coach), [str(task.pk) for task in tasks[:2]]
    page = client.get(list_url(pathway), {"taak": keys, "dichtbij": "2"})
    assert [card["key"] for card in page.context["choices"] if card["ticked"]] == keys
    assert (len(page.context["choices"]), page.context["more"]) == (6, True)
    every = client.get(list_url(pathway), {"alles": "1"})
    assert (len(every.context["choices"]), 'name="alles" value="1"' in every.text) == (8, True)
    compared = client.get(list_url(pathway).replace("zoek-plek", "vergelijk"), {"taak": keys})
    back = client.get(compared.context["list_url"])
    assert [card["key"] for card in back.context["choices"] if card["ticked"]] == keys


# From a task ----------------------------------------------------------------------------------------------------------


def test_from_a_task_nothing_was_passed_by_and_the_way_back_is_the_task(
    service: Any, coach: Any, two: Any
) -> None:
    pathway, _first, second = two
    with inside(service):
        update_person(person=pathway.person, actor=SYSTEM, sectors=["animals", "catering"])
    client = client_of(coach)
    [row] = client.get(f"/vinac/taken/{second.pk}/wie/").context["rows"]
    page = client.get(row[0]["href"])
    assert page.context["list_url"] == f"/vinac/taken/{second.pk}/wie/"
    assert "code" not in page.context["form"].fields
    assert client.post(row[0]["href"], form()).status_code == 302
    with inside(service):
        kept = Proposal.objects.get()
        assert (kept.code, kept.position, kept.kept["seen"]) == ("", None, [])
    decided = (
        client_of(make_staff(service, "coordinator"))
        .get("/vinac/voorstellen/instellingen/")
        .context["decided"]
    )
    assert [row[1] for row in decided] == [0, 1]


def test_who_wished_for_it_and_was_never_asked_when_is_asked(service: Any, coach: Any) -> None:
    with inside(service):
        make_seeker(coach, "Nog niet gevraagd", sectors=["care"], half_days=0)
        _host, task = make_place(sector="care", dutch_reading="4")
        hosts.keep_subtask(task=task, actor=SYSTEM, title="Praatje slaan", lifts=["dutch_reading"])
    [row] = client_of(coach).get(f"/vinac/taken/{task.pk}/wie/").context["rows"]
    assert (row[0]["sub"], row[2]) == ("Deeltaak: Praatje slaan", "Vraag na wanneer de persoon kan")


def test_an_open_proposal_of_a_search_is_told_beside_the_list(service: Any, coach: Any, two: Any) -> None:
    pathway, first, _second = two
    with inside(service):
        host = Host.objects.get(organisation=first.organisation)
        Proposal.objects.create(
            person_id=pathway.person_id, pathway=pathway, task=first, host=host, state="open"
        )
        key = Proposal.objects.get().pk
    page = client_of(coach).get(list_url(pathway))
    assert page.context["proposal"]["url"] == f"/vinac/voorstellen/besluit/{key}/"
    assert "Er wacht een voorstel op jouw beslissing" in page.text
    other = client_of(coach).get(f"{list_url(pathway)}{two[2].pk}/")
    assert ("code" in other.context["form"].fields, "Honden" in titles(page)) == (True, True)


def test_what_a_search_proposed_needs_no_reason_though_it_isnt_first(
    service: Any, coach: Any, two: Any
) -> None:
    pathway, _first, second = two
    with inside(service):
        host = Host.objects.get(organisation=second.organisation)
        Proposal.objects.create(
            person_id=pathway.person_id, pathway=pathway, task=second, host=host, state="open"
        )
    client, url = client_of(coach), f"{list_url(pathway)}{second.pk}/"
    assert "code" not in client.get(url).context["form"].fields
    assert client.post(url, form()).status_code == 302
    with inside(service):
        assert (Proposal.objects.get().state, Proposal.objects.get().code) == ("accepted", "")
