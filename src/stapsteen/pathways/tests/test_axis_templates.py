"""Lists of axes to begin from: a name of their own, stopped once."""

from __future__ import annotations

from typing import Any

import pytest

from stapsteen.pathways.actions import add_axis_template, stop_axis_template
from stapsteen.pathways.models import AxisTemplate
from stapsteen.testing.refusals import refused
from stapsteen.testing.world import inside

pytestmark = pytest.mark.django_db
AXES = [{"name": "Durven"}]


def test_a_list_has_a_name_that_no_running_list_has(service: Any) -> None:
    with inside(service) as actor:
        nameless = refused(add_axis_template, actor=actor, name=" ", axes=AXES)
        assert nameless == ("name", "Geef de lijst een naam.")
        first = add_axis_template(actor=actor, name="Begin", axes=AXES)
        twice = refused(add_axis_template, actor=actor, name=" Begin ", axes=AXES)
        assert twice == ("name", "Er is al een lijst met deze naam.")
        stop_axis_template(template=first, actor=actor)
        assert add_axis_template(actor=actor, name="Begin", axes=AXES).stopped_on is None


def test_a_list_stops_once(service: Any) -> None:
    with inside(service) as actor:
        template = add_axis_template(actor=actor, name="Begin", axes=AXES)
        day = stop_axis_template(template=template, actor=actor).stopped_on
        assert refused(stop_axis_template, template=template, actor=actor) == (
            None,
            "Deze lijst was al gestopt.",
        )
        assert AxisTemplate.objects.get().stopped_on == day


def test_a_colleague_of_intake_makes_no_list(service: Any, intake: Any) -> None:
    with inside(service, intake) as actor:
        told = refused(add_axis_template, actor=actor, name="Begin", axes=AXES)
        assert told == (None, "Je mag dit niet doen met jouw rol.")
