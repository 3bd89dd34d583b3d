"""Statuses and what follows from them, and the people around: through the pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from stapsteen.core.errors import RuleBroken
from stapsteen.core.models import Event
from stapsteen.core.scope import system
from stapsteen.pathways.tests.factories import make_pathway
from stapsteen.people.actions import add_supporter, change_supporter, end_status, end_supporter, record_status
from stapsteen.people.models import Person, Status, Supporter
from stapsteen.people.queries_situation import consequences, readers_of
from stapsteen.people.statuses import STATUSES
from stapsteen.people.tests.factories import make_person
from stapsteen.testing.world import client_of, inside, make_staff

pytestmark = pytest.mark.django_db
SYSTEM = system("test")
TODAY = timezone.localdate


@pytest.fixture
def person(service: Any, coach: Any) -> Person:
    with inside(service):
        return make_pathway(coach, person=make_person()).person


def url(name: str, person: Person) -> str:
    return reverse(f"people.{name}", kwargs={"service": "vinac", "person": person.pk})


def test_every_status_says_what_follows_with_its_source() -> None:
    assert {value.area for value in STATUSES.values()} == set(Status.AREAS)
    for value in STATUSES.values():
        for item in value.follows:
            assert (item.kind in {"duty", "stop", "note"}, bool(item.source), bool(item.text)) == (
                True,
                True,
                True,
            )
            assert (item.kind == "duty") == bool(item.tell)


@pytest.mark.parametrize(
    ("value", "codes"),
    [
        ("unemployment", ["c45b", "c45b_again"]),
        ("swt", ["c45b", "c45b_again"]),
        ("time_credit", []),
        ("sickness", ["adviser"]),
        ("invalidity", ["adviser"]),
        ("leefloon", ["tell_ocmw", "not_a_condition", "no_spi"]),
        ("asylum_allowance", ["tell_fedasil"]),
        ("no_stay", ["no_stay"]),
        ("contract", ["own_employer"]),
        ("no_benefit", []),
    ],
)
def test_what_follows(service: Any, value: str, codes: list[str]) -> None:
    """Facts file, section 1 "Duties and eligibility" and section 2 (SPI)."""
    with inside(service):
        person = make_person()
        record_status(person=person, actor=SYSTEM, value=value)
        assert [item.consequence.code for item in consequences(person, TODAY())] == codes


def test_a_new_status_ends_the_former_and_what_follows_changes_with_the_day(service: Any) -> None:
    today = TODAY()
    with inside(service):
        person = make_person()
        record_status(person=person, actor=SYSTEM, value="unemployment", starts_on=today - timedelta(days=30))
        record_status(person=person, actor=SYSTEM, value="leefloon", starts_on=today)
        rows = {row.value: row.ends_on for row in Status.objects.all()}
        assert rows == {"unemployment": today - timedelta(days=1), "leefloon": None}
        then = [item.consequence.code for item in consequences(person, today - timedelta(days=1))]
        now = [item.consequence.code for item in consequences(person, today)]
        assert (then, now) == (["c45b", "c45b_again"], ["tell_ocmw", "not_a_condition", "no_spi"])
        lines = Event.objects.filter(kind="person.status").order_by("happened_on")
        assert [row.details for row in lines] == [{"what": "benefit"}, {"what": "benefit"}]


def test_what_cannot_be_stands_first(service: Any) -> None:
    with inside(service):
        person = make_person()
        for value in ("leefloon", "no_stay", "contract"):
            record_status(person=person, actor=SYSTEM, value=value)
        kinds = [item.consequence.kind for item in consequences(person, TODAY())]
        assert kinds == ["stop", "duty", "note", "note", "note"]


def test_two_benefits_beside_each_other(service: Any) -> None:
    with inside(service):
        person = make_person()
        record_status(person=person, actor=SYSTEM, value="sickness")
        record_status(person=person, actor=SYSTEM, value="leefloon", beside=True)
        assert sorted(row.value for row in Status.objects.filter(ends_on=None)) == ["leefloon", "sickness"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"value": "lottery"}, "value"),
        ({"value": "leefloon"}, "value"),
        ({"value": "pension", "starts_on": timedelta(days=1)}, "starts_on"),
        ({"value": "pension", "starts_on": timedelta(days=-3)}, "starts_on"),
    ],
)
def test_statuses_that_cannot_be(service: Any, given: dict[str, Any], field: str) -> None:
    if "starts_on" in given:
        given = {**given, "starts_on": TODAY() + given["starts_on"]}
    with inside(service):
        person = make_person()
        record_status(person=person, actor=SYSTEM, value="leefloon")
        with pytest.raises(RuleBroken) as broken:
            record_status(person=person, actor=SYSTEM, **given)
        assert broken.value.field == field


def test_a_status_ends_once(service: Any) -> None:
    with inside(service):
        status = record_status(person=make_person(), actor=SYSTEM, value="leefloon")
        with pytest.raises(RuleBroken):
            end_status(status=status, actor=SYSTEM, on=TODAY() - timedelta(days=1))
        assert end_status(status=status, actor=SYSTEM).ends_on == TODAY()
        with pytest.raises(RuleBroken):
            end_status(status=status, actor=SYSTEM)


def test_the_page_of_the_situation(service: Any, coach: Any, coordinator: Any, person: Person) -> None:
    client, page = client_of(coach), url("situation", person)
    assert "Nog niets genoteerd" in client.get(page).content.decode()
    wrong = client.post(page, {"value": "", "starts_on": TODAY().isoformat(), "note": "sinds de verhuis"})
    assert (wrong.status_code, "sinds de verhuis" in wrong.content.decode()) == (422, True)
    assert client.post(page, {"value": "unemployment", "starts_on": TODAY().isoformat()}).status_code == 302
    shown = client.get(page).content.decode()
    assert "De RVA heeft 12 werkdagen" in shown
    assert "Bron: RVA" in shown
    with inside(service):
        status = Status.objects.get()
    assert client.post(url("situation_end", person), {"status": str(status.pk)}).status_code == 302
    assert client.get(page).context["now"] == [] or client.get(page).context["former"] == []
    assert client_of(coordinator).get(page).status_code == 404


def test_people_around(service: Any, coach: Any, person: Person) -> None:
    client, page = client_of(coach), url("supporters", person)
    assert "Nog niemand genoteerd" in client.get(page).content.decode()
    given = {"kind": "representative", "name": "mr. Smets", "phone": "014 11 22 33", "may_call": "no"}
    assert client.post(page, {**given, "phone": "14"}).status_code == 422
    assert client.post(page, given).status_code == 302
    shown = client.get(page).content.decode()
    assert ("mr. Smets" in shown, "niet bellen" in shown, "tel:014112233" in shown) == (True, True, False)
    with inside(service):
        supporter = Supporter.objects.get()
    edit = reverse("people.supporter_edit", kwargs={"service": "vinac", "supporter": supporter.pk})
    assert client.get(edit).context["form"]["name"].value() == "mr. Smets"
    assert client.post(edit, {**given, "kind": ""}).status_code == 422
    assert client.post(edit, {**given, "may_call": "yes"}).status_code == 302
    shown = client.get(page).content.decode()
    assert ("bellen mag" in shown, "tel:014112233" in shown) == (True, True)
    end = reverse("people.supporter_end", kwargs={"service": "vinac", "supporter": supporter.pk})
    assert client.post(end).status_code == 302
    with inside(service):
        assert Supporter.objects.get().ends_on == TODAY()
    stranger = make_staff(service, "coach", email="other@example.org")
    assert client_of(stranger).get(edit).status_code == 404


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "boss"}, "kind"),
        ({"may_call": "maybe"}, "may_call"),
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"phone": "123"}, "phone"),
        ({"email": "x"}, "email"),
        ({"starts_on": "tomorrow"}, "starts_on"),
    ],
)
def test_a_supporter_that_cannot_be(service: Any, given: dict[str, Any], field: str) -> None:
    if "starts_on" in given:
        given = {"starts_on": TODAY() + timedelta(days=1)}
    with inside(service), pytest.raises(RuleBroken) as broken:
        add_supporter(person=make_person(), actor=SYSTEM, **{"kind": "family", "name": "Mia", **given})
    assert broken.value.field == field


def test_a_field_that_no_supporter_has_is_a_mistake_in_the_code(service: Any) -> None:
    with inside(service):
        supporter = add_supporter(person=make_person(), actor=SYSTEM, kind="family", name="Mia")
        with pytest.raises(TypeError, match=r"change_supporter doesn't know \['person', 'wage'\]"):
            change_supporter(supporter=supporter, actor=SYSTEM, name="An", wage=1, person=make_person())
        assert Supporter.objects.get().name == "Mia"


def test_a_supporter_ends_once(service: Any) -> None:
    with inside(service):
        supporter = add_supporter(person=make_person(), actor=SYSTEM, kind="family", name="Mia")
        assert end_supporter(supporter=supporter, actor=SYSTEM).ends_on == TODAY()
        with pytest.raises(RuleBroken):
            end_supporter(supporter=supporter, actor=SYSTEM)


def test_who_reads_the_locked_facts(
    service: Any, coach: Any, intake: Any, coordinator: Any, person: Person
) -> None:
    with inside(service):
        assert readers_of(person) == [{"name": coach.name, "role": "coach"}]
        assert readers_of(make_person()) == []
    assert "Wie kan dit lezen?" in client_of(coach).get(url("sensitive", person)).content.decode()


def test_pages_cost_the_same_with_one_and_with_three_rows(service: Any, coach: Any, person: Person) -> None:
    client, counts = client_of(coach), {}
    for number, (value, name) in enumerate(
        [("leefloon", "A"), ("contract", "B"), ("permit", "C"), ("pension", "D")], start=1
    ):
        with inside(service):
            record_status(person=person, actor=SYSTEM, value=value)
            add_supporter(person=person, actor=SYSTEM, kind="family", name=name)
        for page in ("situation", "supporters"):
            with CaptureQueriesContext(
                connection,
            ) as seen:
                client.get(url(page, person))
            counts[page, number] = len(seen)
    assert counts["situation", 1] == counts["situation", 4]
    assert counts["supporters", 1] == counts["supporters", 4]
