"""The overview and the talk of three."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from stapsteen.followup import queries
from stapsteen.followup.models import Evaluation
from stapsteen.followup.tests.factories import make_placed
from stapsteen.pathways.models import Pathway
from stapsteen.pathways.tests.factories import make_pathway
from stapsteen.testing.world import client_of, inside, make_service, make_staff

pytestmark = pytest.mark.django_db


def overview(service: Any) -> str:
    return reverse("followup.overview", kwargs={"service": service.slug})


def page_of(name: str, service: Any, pathway: Any) -> str:
    return reverse(f"followup.{name}", kwargs={"service": service.slug, "pathway": pathway.pk})


def test_the_overview_shows_late_and_coming_talks_with_the_action(service: Any, coach: Any) -> None:
    with inside(service):
        late = make_placed(coach, starts_on=date(2026, 2, 1), aim="stepping_stone")
    shown = client_of(coach).get(overview(service)).content.decode()
    assert "dagen te laat" in shown
    assert page_of("evaluation_hold", service, late) in shown
    assert "Geen gesprekken" in client_of(coach).get(overview(service), {"wat": "coming"}).content.decode()


def test_the_coordinator_filters_by_coach(service: Any, coach: Any, coordinator: Any) -> None:
    second = make_staff(service, "coach", email="second@example.org")
    with inside(service):
        for someone in (coach, second):
            make_placed(someone, starts_on=date(2026, 2, 1), aim="stepping_stone")
    client = client_of(coordinator)
    lines = [client.get(overview(service), {"begeleider": who}).content.decode().count("Noteer het gesprek")
             for who in ("", str(coach.pk))]  # fmt: skip
    assert lines == [2, 1]


def test_a_long_overview_comes_in_pages(service: Any, coach: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of its lists has pages of its own; together they show everyone once."""
    from stapsteen.followup import views

    monkeypatch.setattr(views, "PER_PAGE", 2)
    with inside(service):
        made = [make_placed(coach, starts_on=date(2026, 2, 1), aim="stepping_stone") for _ in range(3)]
    client = client_of(coach)
    pages = [
        client.get(overview(service), {"pagina": number, "stil": 1}).content.decode() for number in (1, 2)
    ]
    assert [shown.count("Noteer het gesprek") for shown in pages] == [2, 1]
    urls = {page_of("evaluation_hold", service, pathway) for pathway in made}
    assert {url for url in urls if any(url in shown for shown in pages)} == urls
    assert "?stil=1&amp;pagina=2" in pages[0]


def test_the_number_of_queries_does_not_grow(service: Any, coach: Any) -> None:
    client, counts = client_of(coach), []
    for more in (1, 2):
        with inside(service):
            for _ in range(more):
                make_placed(coach, starts_on=date(2026, 2, 1), aim="stepping_stone")
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(overview(service))
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_talk_is_kept_and_shown_the_next_time(service: Any, coach: Any) -> None:
    with inside(service):
        pathway = make_placed(coach, starts_on=date(2026, 7, 3), aim="stepping_stone")
    client, url = client_of(coach), page_of("evaluation_hold", service, pathway)
    assert "3 november 2026" in client.get(url).content.decode()
    data = {"held_on": "2026-11-03", "voice_person": "Ik kom graag.", "voice_host": "", "voice_coach": "",
            "decision": "go_on"}  # fmt: skip
    empty = client.post(url, {**data, "voice_person": ""})
    assert (empty.status_code, "Noteer minstens" in empty.content.decode()) == (422, True)
    assert client.post(url, data).status_code == 302
    assert "Ik kom graag." in client.get(url).content.decode()
    with inside(service):
        talk = Evaluation.objects.get()
        assert (talk.state, talk.due_on, talk.voice_person) == ("held", date(2026, 11, 3), "Ik kom graag.")


def test_an_appointment_and_a_drop(service: Any, coach: Any) -> None:
    with inside(service):
        pathway = make_placed(coach, starts_on=date(2026, 7, 3), aim="stepping_stone")
    client = client_of(coach)
    plan, drop = (page_of(f"evaluation_{what}", service, pathway) for what in ("plan", "drop"))
    assert [client.get(url).status_code for url in (plan, drop)] == [200, 200]
    assert client.post(plan, {"planned_on": "2026-01-01"}).status_code == 422
    assert client.post(plan, {"planned_on": "2026-11-12"}).status_code == 302
    assert "12 november 2026" in client.get(overview(service)).content.decode()
    assert client.post(drop, {"reason_code": ""}).status_code == 422
    assert client.post(drop, {"reason_code": "host"}).status_code == 302
    assert "Noteer het gesprek" not in client.get(overview(service)).content.decode()


def test_without_a_host_nobody_asks_what_the_host_says(db: None) -> None:
    link = make_service("link", "link")
    coach = make_staff(link, "coach")
    with inside(link):
        alone = make_pathway(coach, starts_on=date(2026, 8, 3))
        placed = make_placed(coach, starts_on=date(2026, 8, 3))
    client = client_of(coach)
    fields = [
        "voice_host" in client.get(page_of("evaluation_hold", link, pathway)).context["form"].fields
        for pathway in (alone, placed)
    ]
    assert fields == [False, True]
    given = {"held_on": "2026-08-04", "voice_person": "Goed.", "voice_host": "x", "decision": "go_on"}
    assert client.post(page_of("evaluation_hold", link, alone), given).status_code == 302
    with inside(link):
        assert Evaluation.objects.get().voice_host is None


def test_without_an_open_moment_an_extra_talk_can_be_noted(service: Any, coach: Any) -> None:
    with inside(service):
        pathway = make_placed(coach, starts_on=date(2026, 11, 2), aim="end_in_itself")
    assert (
        "extra gesprek" in client_of(coach).get(page_of("evaluation_hold", service, pathway)).content.decode()
    )


@pytest.mark.parametrize(
    ("decision", "name"),
    [
        ("go_on", "portals.person"),
        ("change", "portals.person"),
        ("other_place", "matching.place_search"),
        ("step_up", "pathways.wheel"),
        ("end", "pathways.pathway_end"),
    ],
)
def test_the_decision_leads_to_where_it_is_carried_out(
    service: Any, coach: Any, decision: str, name: str
) -> None:
    with inside(service):
        pathway = make_placed(coach, starts_on=date(2026, 2, 1), aim="stepping_stone")
    given = {"held_on": "2026-03-01", "voice_person": "Goed.", "decision": decision}
    answer = client_of(coach).post(page_of("evaluation_hold", service, pathway), given)
    whose = {"person": pathway.person_id} if name == "portals.person" else {"pathway": pathway.pk}
    assert answer.headers["Location"] == reverse(name, kwargs={"service": service.slug, **whose})


def test_a_talk_answers_what_was_missed_before_it(service: Any, coach: Any) -> None:
    """Due on 1 June and 1 October, held once in November: nothing of it is asked for again."""
    today = timezone.localdate()
    with inside(service):
        pathway = make_placed(coach, starts_on=date(2026, 2, 1), aim="stepping_stone")
        waiting = [due.day for due in queries.open_moments(pathway, today)]
        assert [day for day in waiting if day <= today] == [date(2026, 6, 1), date(2026, 10, 1)]
    client_of(coach).post(
        page_of("evaluation_hold", service, pathway),
        {"held_on": today.isoformat(), "voice_person": "Goed.", "decision": "go_on"},
    )
    with inside(service):
        pathway = queries.with_history(Pathway.objects.filter(pk=pathway.pk)).get()
        assert [due.day for due in queries.open_moments(pathway, today) if due.day <= today] == []
