"""Past guideline or maximum: go on with a reason, until the day it is looked at again (requirement G4)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from stapsteen.core.errors import RuleBroken
from stapsteen.core.models import Event
from stapsteen.followup import queries
from stapsteen.followup.actions import go_on_beyond
from stapsteen.followup.models import GoingOn
from stapsteen.pathways.actions import end_pathway
from stapsteen.pathways.models import Pathway
from stapsteen.pathways.tests.factories import make_pathway
from stapsteen.testing.canary import find_canaries
from stapsteen.testing.world import client_of, inside, make_service, make_staff, owner_connection

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 3)
LATER = date(2027, 2, 1)


@pytest.fixture
def link(db: None) -> Any:
    """LINK's rules: a guideline of six months."""
    return make_service("link", "link")


@pytest.fixture
def vinac(db: None) -> Any:
    """VINAC's rules: a maximum of three years, warned three months ahead."""
    return make_service("vinac", "vinac")


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel("2026-11-03T12:00:00+01:00", tick=False):
        yield


def waits(pathway: Pathway, day: date = TODAY) -> list[tuple[str, bool]]:
    """Kind of limit -> whether it goes on for a reason already."""
    found = queries.limits(queries.with_history(Pathway.objects.filter(pk=pathway.pk)), day)
    return [(limit.kind, queries.is_answered(limit, day)) for limit in found]


def url(pathway: Pathway, service: Any, name: str = "followup.go_on") -> str:
    return reverse(name, kwargs={"service": service.slug, "pathway": pathway.pk})


def test_a_reason_keeps_it_quiet_until_its_day(link: Any) -> None:
    coach = make_staff(link, "coach")
    with inside(link, coach) as actor:
        pathway = make_pathway(coach, starts_on=date(2026, 4, 1), actor=actor)
        assert waits(pathway) == [("guideline", False)]
        row = go_on_beyond(pathway=pathway, actor=actor, reason=" Wacht op opvang. ", review_on=LATER)
        assert (row.limit, row.reason, row.starts_on, row.ends_on) == (
            "guideline", "Wacht op opvang.", TODAY, None,
        )  # fmt: skip
        assert waits(pathway) == [("guideline", True)]
        assert waits(pathway, date(2027, 1, 31)) == [("guideline", True)]
        assert waits(pathway, LATER) == [("guideline", False)]
        event = Event.objects.get(kind="pathway.goes_on")
        assert (event.object_id, event.details) == (row.pk, {"limit": "guideline", "review_on": "2027-02-01"})


def test_a_newer_reason_replaces_the_former_which_stays(link: Any) -> None:
    coach = make_staff(link, "coach")
    with inside(link, coach) as actor:
        pathway = make_pathway(coach, starts_on=date(2026, 4, 1), actor=actor)
        go_on_beyond(pathway=pathway, actor=actor, reason="Eerst taalles.", review_on=date(2026, 12, 1))
        with time_machine.travel("2026-12-01T12:00:00+01:00"):
            go_on_beyond(pathway=pathway, actor=actor, reason="Bijna klaar.", review_on=LATER)
        rows = queries.reasons(pathway)
        assert [(row.reason, row.ends_on) for row in rows] == [
            ("Bijna klaar.", None), ("Eerst taalles.", date(2026, 11, 30)),
        ]  # fmt: skip
        assert waits(pathway, date(2026, 12, 2)) == [("guideline", True)]


def test_given_near_the_maximum_it_holds_past_it(vinac: Any) -> None:
    coach = make_staff(vinac, "coach")
    with inside(vinac, coach) as actor:
        pathway = make_pathway(coach, starts_on=date(2024, 1, 3), actor=actor)
        assert waits(pathway) == [("near_maximum", False)]
        go_on_beyond(pathway=pathway, actor=actor, reason="Stage loopt.", review_on=LATER)
        assert (waits(pathway), waits(pathway, date(2027, 1, 4))) == (
            [("near_maximum", True)], [("maximum", True)],
        )  # fmt: skip
        assert waits(pathway, LATER) == [("maximum", False)]


def test_a_reason_for_the_guideline_is_none_for_the_maximum(link: Any) -> None:
    coach = make_staff(link, "coach")
    with inside(link, coach) as actor:
        pathway = make_pathway(coach, starts_on=date(2026, 4, 1), actor=actor)
        go_on_beyond(pathway=pathway, actor=actor, reason="x", review_on=LATER)
        GoingOn.objects.update(limit="maximum")
        assert waits(pathway) == [("guideline", False)]


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        ({"reason": "  "}, "reason"),
        ({"review_on": TODAY}, "review_on"),
        ({"review_on": date(2027, 11, 5)}, "review_on"),
    ],
    ids=["no reason", "today", "later than a year"],
)
def test_what_going_on_needs(link: Any, broken: dict[str, Any], field: str) -> None:
    coach = make_staff(link, "coach")
    with inside(link, coach) as actor:
        pathway = make_pathway(coach, starts_on=date(2026, 4, 1), actor=actor)
        with pytest.raises(RuleBroken) as refused:
            go_on_beyond(pathway=pathway, actor=actor, **{"reason": "x", "review_on": LATER, **broken})
        assert (refused.value.field, GoingOn.objects.count()) == (field, 0)


def test_only_past_a_limit_in_a_running_pathway_by_whoever_guides(link: Any) -> None:
    coach = make_staff(link, "coach")
    second = make_staff(link, "coach", email="second@example.org")
    with inside(link, coach) as actor:
        young = make_pathway(coach, starts_on=date(2026, 10, 1), actor=actor)
        old = make_pathway(coach, starts_on=date(2026, 4, 1), actor=actor)
        with pytest.raises(RuleBroken, match="binnen zijn duur"):
            go_on_beyond(pathway=young, actor=actor, reason="x", review_on=LATER)
    with inside(link, second) as other, pytest.raises(RuleBroken, match="rol"):
        go_on_beyond(pathway=old, actor=other, reason="x", review_on=LATER)
    with inside(link, coach) as actor:
        end_pathway(pathway=old, actor=actor, ends_on=TODAY, code="other")
        with pytest.raises(RuleBroken, match="afgerond"):
            go_on_beyond(pathway=old, actor=actor, reason="x", review_on=LATER)


def test_the_page_asks_keeps_and_then_stays_quiet_everywhere(link: Any) -> None:
    coach = make_staff(link, "coach")
    with inside(link):
        pathway = make_pathway(coach, starts_on=date(2026, 4, 1))
    client = client_of(coach)
    today, overview = (
        reverse(name, kwargs={"service": link.slug}) for name in ("portals.today", "followup.overview")
    )
    person = reverse("portals.person", kwargs={"service": link.slug, "person": pathway.person_id})
    here = url(pathway, link)
    assert [here in client.get(page).content.decode() for page in (today, overview, person)] == [True] * 3
    assert "Langer dan de richtduur" in client.get(here).content.decode()
    empty = client.post(here, {"reason": "", "review_on": ""})
    assert (empty.status_code, sorted(empty.context["form"].errors)) == (422, ["reason", "review_on"])
    answer = client.post(here, {"reason": "Wacht op opvang", "review_on": "2027-02-01"})
    assert (answer.status_code, answer.headers["Location"]) == (302, person)
    assert here not in client.get(today).content.decode()
    told = "Gaat door: Wacht op opvang. Opnieuw bekijken op 1 februari 2027."
    assert [told in client.get(page).content.decode() for page in (overview, person)] == [True, True]
    with time_machine.travel("2027-02-01T12:00:00+01:00"):
        again = client_of(coach).get(today).content.decode()
        assert (here in again, told in again) == (True, True)


def test_within_its_duration_nothing_is_asked(link: Any) -> None:
    coach = make_staff(link, "coach")
    with inside(link):
        pathway = make_pathway(coach, starts_on=date(2026, 10, 1))
    shown = client_of(coach).get(url(pathway, link)).content.decode()
    assert ("nog binnen zijn duur" in shown, "review_on" in shown) == (True, False)


@pytest.mark.django_db(transaction=True)
def test_the_reason_lies_sealed(link: Any) -> None:
    coach = make_staff(link, "coach")
    with inside(link, coach) as actor:
        pathway = make_pathway(coach, starts_on=date(2026, 4, 1), actor=actor)
        go_on_beyond(pathway=pathway, actor=actor, reason="kanarievogel", review_on=LATER)
    with owner_connection(migrating=True) as owner:
        assert find_canaries(owner) == []
