"""What a life map refuses, and that it then stays as it was."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from stapsteen.pathways.actions import (
    begin_explorator,
    describe_domain,
    end_pathway,
    finish_explorator,
    reopen_explorator,
)
from stapsteen.pathways.tests.factories import days_ago, make_pathway
from stapsteen.testing.refusals import refused
from stapsteen.testing.world import inside, make_service, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(db: Any) -> Any:
    return make_service("link", "link")


@pytest.fixture
def pathway(link: Any) -> Any:
    guide = make_staff(link, "coach")
    with inside(link):
        return make_pathway(guide, starts_on=days_ago(60))


def test_a_map_begins_once_and_only_in_a_pathway_that_runs(link: Any, pathway: Any) -> None:
    with inside(link) as actor:
        begin_explorator(pathway=pathway, actor=actor)
        again = refused(begin_explorator, pathway=pathway, actor=actor)
        assert again == (None, "Er is al een kaart bezig. Werk daarin verder.")
        end_pathway(pathway=pathway, actor=actor, ends_on=timezone.localdate(), code="other")
        ended = refused(begin_explorator, pathway=pathway, actor=actor)
        assert ended == (None, "Dit traject is afgerond.")


def test_a_programme_without_a_map_has_none(service: Any, coach: Any) -> None:
    with inside(service) as actor:
        told = refused(begin_explorator, pathway=make_pathway(coach), actor=actor)
    assert told == (None, "Dit programma werkt niet met een kaart van het leven.")


@pytest.mark.parametrize(
    ("given", "field", "message"),
    [
        ({"domain": "housing", "scale": 0}, "scale", "Kies een punt van 1 tot 5."),
        ({"domain": "housing", "scale": 6}, "scale", "Kies een punt van 1 tot 5."),
        ({"domain": "weather"}, "domain", "Dit programma kent dit domein niet."),
    ],
)
def test_a_domain_that_cannot_be(
    link: Any, pathway: Any, given: dict[str, Any], field: str, message: str
) -> None:
    with inside(link) as actor:
        mapping = begin_explorator(pathway=pathway, actor=actor)
        assert refused(describe_domain, explorator=mapping, actor=actor, **given) == (field, message)


@pytest.mark.parametrize(
    ("given", "field", "message"),
    [
        ({"my_question": " "}, "my_question", "Schrijf eerst de vraag in eigen woorden."),
        (
            {"my_question": "Hoe?", "work_on": ["money", "housing", "health"]},
            "work_on",
            "Bespreek dit domein eerst: health, money.",
        ),
    ],
)
def test_a_map_that_cannot_be_finished(
    link: Any, pathway: Any, given: dict[str, Any], field: str, message: str
) -> None:
    with inside(link) as actor:
        mapping = begin_explorator(pathway=pathway, actor=actor)
        describe_domain(explorator=mapping, actor=actor, domain="housing")
        assert refused(finish_explorator, explorator=mapping, actor=actor, **given) == (field, message)


def test_a_finished_map_stands_until_it_is_reopened(link: Any, pathway: Any) -> None:
    with inside(link) as actor:
        mapping = begin_explorator(pathway=pathway, actor=actor)
        describe_domain(explorator=mapping, actor=actor, domain="housing", scale=2)
        finish_explorator(explorator=mapping, actor=actor, my_question="Waar woon ik?", work_on=["housing"])
        told = refused(describe_domain, explorator=mapping, actor=actor, domain="housing")
        assert told == (None, "Deze kaart is klaar. Kies eerst “Werk verder”.")
        begin_explorator(pathway=pathway, actor=actor)
        told = refused(reopen_explorator, explorator=mapping, actor=actor)
        assert told == (None, "Er is al een kaart bezig. Werk daarin verder.")
