"""What axes and moments refuse, and that they then stay as they were."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from stapsteen.pathways.actions import (
    Point,
    add_axis,
    begin_moment,
    close_moment,
    end_axis,
    end_pathway,
    give_scores,
    reopen_moment,
    use_template,
    word_axis,
)
from stapsteen.pathways.models import AxisTemplate
from stapsteen.pathways.tests.factories import days_ago, make_pathway
from stapsteen.testing.refusals import refused
from stapsteen.testing.world import inside, make_service, make_staff

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
NAMELESS = ("name", "Geef de as een naam in eigen woorden.")
SCALE = ("highest", "Een schaal heeft 3 tot 11 punten, bijvoorbeeld 1 tot 5 of 0 tot 10.")


@pytest.fixture
def link(db: Any) -> Any:
    return make_service("link", "link")


@pytest.fixture
def pathway(link: Any) -> Any:
    guide = make_staff(link, "coach")
    with inside(link):
        return make_pathway(guide, starts_on=days_ago(60))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"name": " "}, NAMELESS),
        ({"name": "Durven", "lowest": -1, "highest": 5}, SCALE),
        ({"name": "Durven", "lowest": 1, "highest": 2}, SCALE),
        ({"name": "Durven", "lowest": 0, "highest": 11}, SCALE),
    ],
)
def test_an_axis_that_cannot_be(link: Any, pathway: Any, given: dict[str, Any], told: Any) -> None:
    with inside(link) as actor:
        assert refused(add_axis, pathway=pathway, actor=actor, **given) == told
        axis = add_axis(pathway=pathway, actor=actor, name="Slapen")
        assert refused(word_axis, axis=axis, actor=actor, **given) == told


def test_one_wrong_axis_of_a_list_and_none_is_made(link: Any, pathway: Any) -> None:
    with inside(link) as actor:
        rows = [{"name": "Durven"}, {"name": ""}]
        template = AxisTemplate.objects.create(name="Lijst", axes=rows)
        assert refused(use_template, pathway=pathway, actor=actor, template=template) == NAMELESS
        assert pathway.axes.count() == 0


def test_a_scored_axis_keeps_its_scale_and_stops_once(link: Any, pathway: Any) -> None:
    with inside(link) as actor:
        axis = add_axis(pathway=pathway, actor=actor, name="Durven")
        moment = begin_moment(pathway=pathway, actor=actor)
        give_scores(moment=moment, actor=actor, rater="coach", points={axis.pk: Point(3)})
        told = refused(word_axis, axis=axis, actor=actor, name="Durven", lowest=0, highest=10)
        assert told[0] == "highest"
        assert told[1].startswith("Er zijn al punten gegeven.")
        end_axis(axis=axis, actor=actor)
        assert refused(end_axis, axis=axis, actor=actor) == (None, "Deze as is al gestopt.")


def test_when_no_moment_can_begin(link: Any, pathway: Any) -> None:
    with inside(link) as actor:
        assert refused(begin_moment, pathway=pathway, actor=actor) == (None, "Kies eerst minstens één as.")
        axis = add_axis(pathway=pathway, actor=actor, name="Durven", starts_on=days_ago(50))
        moment = begin_moment(pathway=pathway, actor=actor, held_on=days_ago(10))
        busy = refused(begin_moment, pathway=pathway, actor=actor)
        assert busy == (None, "Er is al een moment bezig. Werk dat eerst af.")
        give_scores(moment=moment, actor=actor, rater="coach", points={axis.pk: Point(3)})
        close_moment(moment=moment, actor=actor)
        field, message = refused(begin_moment, pathway=pathway, actor=actor, held_on=days_ago(11))
        assert (field, message) == (
            "held_on",
            f"Het vorige moment was op {days_ago(10):%d/%m/%Y}. Kies die dag of later.",
        )


def test_a_programme_without_a_spider_has_no_moments(service: Any, coach: Any) -> None:
    with inside(service) as actor:
        pathway = make_pathway(coach)
        told = (None, "Dit programma werkt niet met een spindiagram.")
        assert refused(begin_moment, pathway=pathway, actor=actor) == told
        assert refused(add_axis, pathway=pathway, actor=actor, name="Durven") == told


def test_an_ended_pathway_gets_no_axis_and_no_moment(link: Any, pathway: Any) -> None:
    with inside(link) as actor:
        end_pathway(pathway=pathway, actor=actor, ends_on=TODAY(), code="other")
        told = (None, "Dit traject is afgerond.")
        assert refused(begin_moment, pathway=pathway, actor=actor) == told
        assert refused(add_axis, pathway=pathway, actor=actor, name="Durven") == told


def test_points_that_cannot_be(link: Any, pathway: Any) -> None:
    with inside(link) as actor:
        axis = add_axis(pathway=pathway, actor=actor, name="Durven")
        given = {"moment": begin_moment(pathway=pathway, actor=actor), "actor": actor}
        right = {axis.pk: Point(3)}
        assert refused(give_scores, **given, rater="neighbour", points=right) == (
            "rater",
            "Kies wie de punten geeft.",
        )
        foreign = refused(give_scores, **given, rater="coach", points={**right, uuid4(): Point(3)})
        assert foreign == (None, "Deze as telt niet op dit moment.")
        for value in (0, 6):
            told = refused(give_scores, **given, rater="coach", points={axis.pk: Point(value)})
            assert told == (f"value_{axis.pk.hex}", "Kies een punt van 1 tot 5.")


def test_a_closed_moment_stands_and_only_the_newest_is_mended(link: Any, pathway: Any) -> None:
    with inside(link) as actor:
        axis = add_axis(pathway=pathway, actor=actor, name="Durven", starts_on=days_ago(50))
        points, moments = {axis.pk: Point(3)}, []
        for day in (20, 10):
            moments.append(begin_moment(pathway=pathway, actor=actor, held_on=days_ago(day)))
            give_scores(moment=moments[-1], actor=actor, rater="coach", points=points)
            close_moment(moment=moments[-1], actor=actor)
        told = refused(give_scores, moment=moments[1], actor=actor, rater="coach", points=points)
        assert told == (None, "Dit moment is klaar. Kies eerst “Verbeter”.")
        told = refused(reopen_moment, moment=moments[0], actor=actor)
        assert told == (None, "Er is al een later moment. Dit moment blijft zoals het was.")
