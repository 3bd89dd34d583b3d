"""Guarantee 2: a rule is there once, and gives objects or says no."""

from __future__ import annotations

from typing import Any

import pytest

from stapsteen.core import access
from stapsteen.core.scope import Actor, system
from stapsteen.people.models import Person
from stapsteen.testing.world import inside, make_person

pytestmark = pytest.mark.django_db


def test_a_rule_that_is_there_twice_stops_the_start() -> None:
    with pytest.raises(LookupError, match=r"people\.person\.view is there twice"):
        access.rule("people.person.view")(lambda actor: None)


def test_a_list_of_what_a_rule_gives_needs_a_rule_that_gives_objects(service: Any) -> None:
    with inside(service):
        person = make_person()
        assert list(access.reachable(system("t"), "people.person.erase")) == [person]
        with pytest.raises(TypeError, match="gives no objects to visitor"):
            access.reachable(Actor("visitor"), "people.person.erase")


def test_may_asks_about_the_page_or_about_one_object(service: Any, other_service: Any) -> None:
    with inside(other_service):
        stranger = make_person()
    with inside(service):
        own = make_person()
        asked = [access.may(system("t"), "people.person.erase", found) for found in (None, own, stranger)]
        assert asked == [True, True, False]
        assert access.may(Actor("visitor"), "people.person.erase", own) is False
        assert Person.objects.count() == 1
