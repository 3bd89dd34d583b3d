"""The pages of the search: the list and the choice for one person, who wished for a task, and the board."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from stapsteen.core import halfdays
from stapsteen.core.models import ReadEntry
from stapsteen.hosts import actions as hosts
from stapsteen.hosts.models import Task
from stapsteen.hosts.queries import host_url
from stapsteen.matching import actions
from stapsteen.matching.models import Proposal, Search, Settings
from stapsteen.matching.tests.factories import SYSTEM, make_place, make_seeker
from stapsteen.matching.views import searches
from stapsteen.pathways.actions import suspend_pathway
from stapsteen.people.models import Person
from stapsteen.placements.actions import propose_placement
from stapsteen.placements.models import Placement
from stapsteen.testing.world import client_of, inside, make_staff, run_jobs

pytestmark = pytest.mark.django_db
PLACE = {"half_days_0": "on", "minutes_per_half_day": "180", "weight": "1"}


@pytest.fixture
def coordinator(service: Any) -> Any:
    return make_staff(service, "coordinator")


@pytest.fixture
def other(service: Any) -> Any:
    return make_staff(service, "coach", email="andere@example.org")


def list_url(pathway: Any) -> str:
    return f"/vinac/trajecten/{pathway.pk}/zoek-plek/"


def titles(answer: Any) -> list[str]:
    return [card["title"] for card in answer.context["choices"]]


def form(**more: Any) -> dict[str, Any]:
    return {**PLACE, "starts_on": timezone.localdate().isoformat(), **more}


# One person --------------------------------------------------------------------------------------------------------------


def test_the_list_says_why_and_never_a_score(service: Any, coach: Any) -> None:
    with inside(service):
        pathway = make_seeker(coach, sectors=["animals"], support=["rest"])
        make_place("Asiel", "Honden", sector="animals", supports={"rest": 2})
    answer = client_of(coach).get(list_url(pathway))
    [card] = answer.context["choices"]
    assert "Dit vraagt de persoon zelf: dieren" in card["pros"]
    assert "De organisatie geeft rustige plek en rustig tempo" in card["pros"]
    assert card["cons"] == []
    assert "%" not in answer.text.split("<main")[1].split("</main")[0]


def test_weighing_moves_the_list_and_odd_values_count_as_usual(service: Any, coach: Any) -> None:
    with inside(service):
        pathway = make_seeker(coach, sectors=["animals"])
        make_place("Dichtbij", "Koken", sector="catering")
        make_place("Verder", "Honden", sector="animals", town="Oud-Turnhout")
    client = client_of(coach)
    assert titles(client.get(list_url(pathway))) == ["Honden", "Koken"]
    weighed = client.get(list_url(pathway), {"dichtbij": "2", "wens": "0"})
    assert titles(weighed) == ["Koken", "Honden"]
    assert "dichtbij=2" in weighed.context["choices"][0]["url"]
    assert titles(client.get(list_url(pathway), {"dichtbij": "x", "wens": "9" * 50})) == ["Honden", "Koken"]


def test_nothing_fits_shows_what_would_open_and_whom_to_ask(service: Any, coach: Any) -> None:
    with inside(service):
        pathway = make_seeker(coach, dutch_speaking="1.1", sectors=["care"])
        host, _task = make_place("Lindenhof", "Onthaal", dutch_speaking="1.2")
    answer = client_of(coach).get(list_url(pathway))
    assert "Nu past geen enkele taak" in answer.text
    assert [(near["title"], near["count"]) for near in answer.context["near"]] == [
        ("Met 1 stap meer Nederlands (spreken)", "1 taak meer")
    ]
    [ask] = answer.context["askable"]
    assert ask["name"] == "Lindenhof"
    draft = client_of(coach).get(ask["task_url"])
    assert draft.context["form"]["sector"].value() == "care"
    assert draft.context["form"]["half_days"].value() == pathway.person.half_days
    asked = {
        "title": "Thee schenken",
        "sector": "care",
        "seats": "1",
        "guidance": "none",
        "kind": "volunteering",
    }
    assert client_of(coach).post(ask["task_url"], asked).url == list_url(pathway)
    lost = f"/vinac/gastorganisaties/{host.pk}/taak/?traject=//elders.example"
    assert client_of(coach).post(lost, {**asked, "title": "Koffie"}).url == host_url(service, host.pk)
    odd = client_of(coach).get(
        f"/vinac/gastorganisaties/{host.pk}/taak/?sector=%3Cx%3E&half_dagen=99999999999"
    )
    assert odd.context["form"]["sector"].value() == "other"


def test_choosing_the_first_proposes_the_place(service: Any, coach: Any) -> None:
    with inside(service):
        pathway = make_seeker(coach)
        _host, task = make_place()
    client = client_of(coach)
    url = f"{list_url(pathway)}{task.pk}/"
    assert "code" not in client.get(url).context["form"].fields
    answer = client.post(url, form())
    with inside(service):
        placement = Placement.objects.get()
        assert answer.url.endswith(f"/plekken/{placement.pk}/")
        assert (placement.task_id, placement.half_days) == (task.pk, halfdays.bit(0, 0))
        assert Proposal.objects.get().state == "accepted"


def test_choosing_another_asks_why_and_keeps_what_was_filled_in(service: Any, coach: Any) -> None:
    with inside(service):
        pathway = make_seeker(coach, sectors=["animals"])
        make_place("Asiel", "Honden", sector="animals")
        _host, task = make_place("Keuken", "Koken", sector="catering")
    client, url = client_of(coach), f"{list_url(pathway)}{task.pk}/"
    answer = client.post(url, form())
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["code"])
    assert answer.context["form"]["weight"].value() == "1"
    assert client.post(url, form(code="too_far")).status_code == 302
    with inside(service):
        assert Proposal.objects.get().code == "too_far"


def test_a_task_that_just_misses_can_be_chosen_with_a_warning_one_that_is_gone_sends_back(
    service: Any, coach: Any
) -> None:
    with inside(service):
        pathway = make_seeker(coach, dutch_speaking="1.1")
        _host, task = make_place(dutch_speaking="1.2")
    client, url = client_of(coach), f"{list_url(pathway)}{task.pk}/"
    assert "Er staat nog iets in de weg" in client.get(url).text
    with inside(service):
        hosts.close_task(task=task, actor=SYSTEM)
    assert client.get(url).url == list_url(pathway)


def test_three_side_by_side_at_most(service: Any, coach: Any) -> None:
    with inside(service):
        pathway = make_seeker(coach)
        tasks = [make_place(f"Host {n}", f"Taak {n}")[1] for n in range(4)]
    client, url = client_of(coach), f"/vinac/trajecten/{pathway.pk}/vergelijk/"
    answer = client.get(url, {"taak": [str(task.pk) for task in tasks]})
    assert len(answer.context["cards"]) == 3
    assert "meer dan drie" in answer.text
    assert "Niets om te vergelijken" in client.get(url, {"taak": "<x>"}).text


def test_switched_off_the_list_gives_way_to_the_plain_one(service: Any, coach: Any) -> None:
    with inside(service):
        pathway = make_seeker(coach)
        Settings.objects.create(on=False)
    assert client_of(coach).get(list_url(pathway)).url == f"/vinac/trajecten/{pathway.pk}/plek/"


def test_a_pathway_that_pauses_offers_nothing_to_choose(service: Any, coach: Any) -> None:
    with inside(service):
        pathway = make_seeker(coach)
        make_place()
        suspend_pathway(pathway=pathway, actor=SYSTEM, starts_on=timezone.localdate())
    answer = client_of(coach).get(list_url(pathway))
    assert "Hervat het eerst" in answer.text
    assert "Kies deze plek" not in answer.text


def test_what_is_not_known_yet_is_said(service: Any, coach: Any) -> None:
    with inside(service):
        pathway = make_seeker(coach, half_days=0, mobility=[])
    answer = client_of(coach).get(list_url(pathway))
    assert [one["text"] for one in answer.context["missing"]] == [
        "Welk werk de persoon graag doet", "Wanneer de persoon kan", "Hoe de persoon zich verplaatst",
    ]  # fmt: skip
    for one in answer.context["missing"]:
        assert client_of(coach).get(one["url"]).status_code == 200


def test_the_pages_take_as_many_queries_for_one_as_for_many(
    service: Any, coach: Any, coordinator: Any
) -> None:
    with inside(service):
        pathway = make_seeker(coach, sectors=["care"])
        _host, task = make_place(sector="care")
    counts: dict[str, list[int]] = {}
    for number in (1, 4):
        with inside(service):
            while Task.objects.count() < number:
                n = Task.objects.count()
                make_place(f"Host {n}", f"Taak {n}", sector="care", seats=9, places=9)
                make_seeker(coach, f"Persoon {n}", sectors=["care"])
            search = actions.start_search(actor=SYSTEM, later=False)
            actions.begin_search(search=search, actor=SYSTEM)
            actions.run_search(search=search, actor=SYSTEM)
        board = f"/vinac/voorstellen/{search.pk}/"
        for url in (
            list_url(pathway), f"/vinac/taken/{task.pk}/wie/", board, f"{board}?deel=organisaties", f"{board}?deel=zonder",
        ):  # fmt: skip
            client = client_of(coordinator)
            client.get(url)
            with CaptureQueriesContext(connection) as caught:
                assert client.get(url).status_code == 200
            counts.setdefault(url.replace(str(search.pk), "x"), []).append(len(caught))
    assert {url: found for url, found in counts.items() if found[0] != found[-1]} == {}


def test_a_person_may_object_and_change_their_mind(service: Any, coach: Any) -> None:
    with inside(service):
        pathway = make_seeker(coach, sectors=["care"])
        _host, task = make_place(sector="care")
    client, url = client_of(coach), list_url(pathway)
    assert client.post(url).url == url
    assert "wil niet dat een programma meezoekt" in client.get(url).text
    assert client.get(f"/vinac/taken/{task.pk}/wie/").context["rows"] == []
    assert client.get(f"{url}{task.pk}/").url == client.get(url.replace("zoek-plek", "vergelijk")).url == url
    assert client.post(url, {"weer": "1"}).url == url
    assert titles(client.get(url)) == ["Koken"]


# From a task ---------------------------------------------------------------------------------------------------------------


def test_who_wished_for_a_task_stands_in_order_of_waiting(service: Any, coach: Any, other: Any) -> None:
    with inside(service):
        make_seeker(coach, "Kort", days=10, sectors=["care"])
        make_seeker(coach, "Lang", days=200, sectors=["care", "animals"])
        make_seeker(coach, "Anders", sectors=["animals"])
        make_seeker(coach, "Avond", sectors=["care"], half_days=halfdays.bit(0, 2))
        make_seeker(other, "Vreemd", sectors=["care"])
        placed = make_seeker(coach, "Geplaatst", sectors=["care"])
        host, task = make_place(sector="care", half_days=0b1)
        propose_placement(
            pathway=placed, actor=SYSTEM, host=host, task=task, starts_on=timezone.localdate(), half_days=1
        )
    answer = client_of(coach).get(f"/vinac/taken/{task.pk}/wie/")
    assert [row[0]["text"].split()[0] for row in answer.context["rows"]] == ["Lang", "Kort"]
    with inside(service):
        hosts.close_task(task=task, actor=SYSTEM)
    assert "Deze taak staat nu niet open" in client_of(coach).get(f"/vinac/taken/{task.pk}/wie/").text


# The board -----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def searched(service: Any, coach: Any, other: Any) -> Any:
    with inside(service):
        make_seeker(coach, "Amina", days=100)
        make_seeker(other, "Bo")
        make_seeker(coach, "Cem", dutch_speaking="0")
        make_place(seats=2, dutch_speaking="1.1")
        search = actions.start_search(actor=SYSTEM, later=False)
        actions.begin_search(search=search, actor=SYSTEM)
        return actions.run_search(search=search, actor=SYSTEM)


def names(answer: Any, part: str = "cards") -> list[str]:
    return [card["name"].split()[0] for card in answer.context[part]]


def test_the_coordinator_searches_and_sees_everybody(service: Any, coordinator: Any, searched: Any) -> None:
    client = client_of(coordinator)
    answer = client.post("/vinac/voorstellen/")
    waiting = client.get(answer.url)
    assert "We zoeken voor iedereen samen" in waiting.text
    assert "Er loopt al een zoektocht" in client.post("/vinac/voorstellen/").text
    run_jobs()
    board = client.get(answer.url)
    assert names(board) == ["Amina", "Bo"]
    assert "2 van 2 zoals de vorige keer" in board.text
    assert names(client.get(answer.url, {"deel": "zonder"}), "left") == ["Cem"]
    [row] = client.get(answer.url, {"deel": "organisaties"}).context["hosts"]
    assert (row[1]["text"], row[2:]) == ("Amina Peeters, Bo Peeters", [3, 2, 1])
    assert client.get(answer.url, {"deel": "x", "pagina": "y", "begeleider": "z"}).status_code == 200


def test_a_coach_sees_and_decides_on_the_own_people_only(
    service: Any, coach: Any, other: Any, searched: Any
) -> None:
    url = f"/vinac/voorstellen/{searched.pk}/"
    assert names(client_of(coach).get(url)) == ["Amina"]
    assert names(client_of(other).get(url)) == ["Bo"]
    with inside(service):
        strange = Proposal.objects.get(person__first_name="Bo")
    assert client_of(coach).get(f"/vinac/voorstellen/besluit/{strange.pk}/").status_code == 404
    assert client_of(coach).post("/vinac/voorstellen/").status_code == 422
    assert client_of(coach).post(url).status_code == 422


def test_the_board_is_a_spreadsheet_too_without_formulas(service: Any, coach: Any, searched: Any) -> None:
    with inside(service):
        person = Proposal.objects.get(person__first_name="Amina").person
        Person.objects.filter(pk=person.pk).update(first_name="=1+1", last_name="Amina")
    answer = client_of(coach).get(f"/vinac/voorstellen/{searched.pk}/uitvoer.xlsx")
    book = load_workbook(io.BytesIO(answer.content))
    found, left = (list(sheet.iter_rows(min_row=2)) for sheet in book.worksheets)
    assert [(row[0].value, row[0].data_type, row[3].value) for row in found] == [("=1+1 Amina", "s", "Koken")]
    assert [row[4].value for row in left] == ["Met 1 stap meer Nederlands (spreken): 1 taak meer"]


def test_only_who_is_shown_is_logged_as_seen(
    service: Any, coordinator: Any, coach: Any, searched: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not the next page of the board, nor who wished for something else than this task."""
    monkeypatch.setattr(searches, "PER_PAGE", 1)
    board = client_of(coordinator).get(f"/vinac/voorstellen/{searched.pk}/")
    assert names(board) == ["Amina"]
    client_of(coordinator).get(decide_url(service, "Bo"))
    with inside(service):
        make_seeker(coach, "Dina", sectors=["care"])
        _host, task = make_place("Zorg", sector="care")
    client_of(coordinator).get(f"/vinac/taken/{task.pk}/wie/")
    seen = {
        "matching.search_detail": ["Amina"],
        "matching.proposal_decide": ["Bo"],
        "matching.task_wishers": ["Dina"],
    }
    with inside(service):
        for purpose, names_seen in seen.items():
            entry = ReadEntry.objects.get(purpose=purpose)
            assert [one.first_name for one in Person.objects.filter(pk__in=entry.subjects)] == names_seen, (
                purpose
            )


def test_a_colleague_in_the_address_that_isnt_one_changes_nothing(
    service: Any, coordinator: Any, coach: Any, searched: Any
) -> None:
    client, url = client_of(coordinator), f"/vinac/voorstellen/{searched.pk}/"
    assert names(client.get(url, {"begeleider": str(coach.pk)})) == ["Amina"]
    odd = client.get(url, {"begeleider": "x&deel=zonder"})
    assert names(odd) == ["Amina", "Bo"]
    assert {tab["url"] for tab in odd.context["tabs"]} == {
        f"{url}?deel={part}" for part in ("mensen", "organisaties", "zonder")
    }


def decide_url(service: Any, name: str) -> str:
    with inside(service):
        return f"/vinac/voorstellen/besluit/{Proposal.objects.get(person__first_name=name).pk}/"


def test_accepting_takes_the_seat(service: Any, coach: Any, searched: Any) -> None:
    client, url = client_of(coach), decide_url(service, "Amina")
    assert client.get(url).context["form"]["half_days"].value() == 1
    assert "daarover weten we nog te weinig" in client.get(url).text
    missing = client.post(url, form(half_days_0=""))
    assert (missing.status_code, list(missing.context["form"].errors)) == (422, ["half_days"])
    answer = client.post(url, form())
    with inside(service):
        assert answer.url.endswith(f"/plekken/{Placement.objects.get().pk}/")
    assert "al beslist" in client.get(url).text
    again = client.post(url, form(_once="x"))
    assert "al beslist" in again.text
    with inside(service):
        assert Placement.objects.count() == 1


def test_refusing_takes_one_tap(service: Any, coach: Any, searched: Any) -> None:
    client, url = client_of(coach), decide_url(service, "Amina")
    odd = client.post(url, {"weiger": "1", "code": "herkomst"})
    assert odd.status_code == 422
    answer = client.post(url, {"weiger": "1", "code": "too_heavy"})
    assert f"/voorstellen/{searched.pk}/#v-" in answer.url
    with inside(service):
        assert Proposal.objects.get(person__first_name="Amina").state == "refused"


def test_what_was_taken_meanwhile_is_said(service: Any, coach: Any, searched: Any) -> None:
    with inside(service):
        hosts.close_task(task=Task.objects.get(), actor=SYSTEM)
    client = client_of(coach)
    assert "kan intussen niet meer" in client.get(f"/vinac/voorstellen/{searched.pk}/").text
    assert "iemand was je voor" in client.get(decide_url(service, "Amina")).text


def test_who_has_no_proposal_is_searched_by_hand(service: Any, coach: Any, searched: Any) -> None:
    answer = client_of(coach).get(decide_url(service, "Cem"))
    assert "/zoek-plek/" in answer.url


def test_a_search_that_failed_or_was_stopped_says_so(service: Any, coordinator: Any) -> None:
    with inside(service):
        failed = actions.start_search(actor=SYSTEM, later=False)
        actions.fail_search(search=failed, actor=SYSTEM, failure="Het rekenen brak af.")
        busy = actions.start_search(actor=SYSTEM, later=False)
    client = client_of(coordinator)
    assert "Het rekenen brak af." in client.get(f"/vinac/voorstellen/{failed.pk}/").text
    stopped = client.post(f"/vinac/voorstellen/{busy.pk}/")
    assert "Er is niets voorgesteld" in client.get(stopped.url).text
    assert "Nog niet gezocht" not in client.get("/vinac/voorstellen/").text


def test_before_the_first_search_the_page_says_what_to_do(service: Any, coordinator: Any) -> None:
    assert "Nog niet gezocht" in client_of(coordinator).get("/vinac/voorstellen/").text


# Settings ------------------------------------------------------------------------------------------------------------------


def test_the_off_switch_and_what_learning_is_worth(service: Any, coordinator: Any) -> None:
    client, url = client_of(coordinator), "/vinac/voorstellen/instellingen/"
    assert "Nog niet bekeken" in client.get(url).text
    assert client.post(url, {"leer": "1"}).url == url
    assert "te weinig plekken" in client.get(url).text
    refused = client.post(url, {"on": "on", "coach_hours": "8", "learning": "on"})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["learning"])
    assert client.post(url, {"coach_hours": "12"}).status_code == 302
    with inside(service):
        row = Settings.objects.get()
        assert (row.on, row.coach_hours, row.learning) == (False, 12, False)
        assert Search.objects.count() == 0
    listed = client.get("/vinac/voorstellen/")
    assert "staat uit" in listed.text
    assert "Zoek voor iedereen" not in listed.text


def test_the_calibration_is_drawn_and_what_was_decided_is_counted(
    service: Any, coach: Any, coordinator: Any, searched: Any
) -> None:
    point = {"predicted": 0.5, "observed": 0.4, "lower": 0.3, "upper": 0.55, "people": 40}
    verdict = {
        "enough": False, "lacks": ["not_better", "slope", "too_few_later"], "outcomes": 600, "later": 150, "slope": 1.23,
        "log_loss": 0.61, "log_loss_fit_only": 0.6, "bins": [point],
    }  # fmt: skip
    with inside(service):
        Settings.objects.create(model={"verdict": verdict})
    client_of(coach).post(decide_url(service, "Amina"), {"weiger": "1", "code": "too_heavy"})
    answer = client_of(coordinator).get("/vinac/voorstellen/instellingen/")
    assert answer.context["plot"] == [{"x": "50.0", "y": "60.0", "high": "45.0", "low": "70.0"}]
    assert answer.context["verdict"]["points"] == [["50 %", "40 %", 40]]
    assert "1,23" in answer.text
    assert [row[1] for row in answer.context["decided"]] == [0, 1]


# Where staff come from -------------------------------------------------------------------------------------------------------


def test_today_leads_to_the_proposal_or_to_the_search(service: Any, coach: Any, searched: Any) -> None:
    answer = client_of(coach).get("/vinac/vandaag/")
    [section] = [one for one in answer.context["sections"] if one.key == "no_place"]
    actions_shown = {item.title.split()[0]: (item.action, item.url) for item in section.items}
    assert actions_shown["Amina"] == ("Beslis over het voorstel", decide_url(service, "Amina"))
    assert actions_shown["Cem"][0] == "Zoek een plek"
    assert actions_shown["Cem"][1].endswith("/zoek-plek/")


def test_a_task_leads_to_who_wished_for_it(service: Any, coach: Any) -> None:
    with inside(service):
        _host, task = make_place()
    assert f"/vinac/taken/{task.pk}/wie/" in client_of(coach).get(f"/vinac/taken/{task.pk}/").text
    with inside(service):
        hosts.close_task(task=task, actor=SYSTEM)
    assert "/wie/" not in client_of(coach).get(f"/vinac/taken/{task.pk}/").text
