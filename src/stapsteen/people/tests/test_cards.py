"""The participant's card: what opens it, what stops it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone

from stapsteen.core.access import reachable
from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor
from stapsteen.network.roles import PARTICIPANT
from stapsteen.people.actions.cards import MOST_TRIES, TRIES, print_card, stop_cards, try_pin
from stapsteen.people.models import AccessCard, Person
from stapsteen.testing.world import inside, make_person

pytestmark = pytest.mark.django_db


def holder(card: AccessCard) -> Actor:
    return Actor("participant", roles=frozenset({PARTICIPANT}), card_id=card.pk)


def test_a_card_opens_with_its_secret_and_pin_and_reaches_only_its_person(
    service: Any, coordinator: Any
) -> None:
    with inside(service, coordinator) as actor:
        person, other = make_person(), make_person()
        card, secret, pin = print_card(person=person, actor=actor)
        opened = try_pin(secret=secret, pin=pin)
        assert opened == card
        assert list(reachable(holder(card), "people.person.own")) == [person]
        assert secret not in repr(vars(card)) + repr(vars(opened))
        assert pin not in repr(vars(opened))
        assert other != person
        assert str(holder(card)) == f"card:{card.pk}"


def test_a_new_card_stops_the_former_one_at_once(service: Any, coordinator: Any) -> None:
    with inside(service, coordinator) as actor:
        person = make_person()
        first, secret, pin = print_card(person=person, actor=actor)
        print_card(person=person, actor=actor)
        assert try_pin(secret=secret, pin=pin) is None
        assert list(reachable(holder(first), "people.person.own")) == []


def test_a_stopped_card_closes_what_is_open(service: Any, coordinator: Any) -> None:
    with inside(service, coordinator) as actor:
        person = make_person()
        card, secret, pin = print_card(person=person, actor=actor)
        assert (stop_cards(person=person, actor=actor), stop_cards(person=person, actor=actor)) == (1, 0)
        assert list(reachable(holder(card), "people.person.own")) == []
        assert try_pin(secret=secret, pin=pin) is None


def test_wrong_pins_lock_and_then_stop_the_card(service: Any, coordinator: Any) -> None:
    with inside(service, coordinator) as actor:
        person = make_person()
        _card, secret, pin = print_card(person=person, actor=actor)
        wrong = "000000" if pin != "000000" else "111111"
        for _ in range(TRIES):
            assert try_pin(secret=secret, pin=wrong) is None
        with pytest.raises(RuleBroken, match="Wacht een kwartier"):
            try_pin(secret=secret, pin=pin)
        AccessCard.objects.update(locked_until=timezone.now() - timedelta(seconds=1))
        assert try_pin(secret=secret, pin=pin) is not None  # the right one counts anew
        for _ in range(MOST_TRIES):
            AccessCard.objects.update(locked_until=None)
            try_pin(secret=secret, pin=wrong)
        assert AccessCard.objects.get(person=person).stopped_at is not None
        assert try_pin(secret=secret, pin=pin) is None


def test_no_card_for_who_may_not_see_the_person(service: Any, coordinator: Any, coach: Any) -> None:
    with inside(service, coordinator):
        person = make_person()
    with inside(service, coach) as actor, pytest.raises(RuleBroken):
        print_card(person=Person.objects.get(pk=person.pk), actor=actor)
    with inside(service, coordinator):
        assert try_pin(secret="unknown", pin="123456") is None


@override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"])
def test_the_pin_is_kept_as_a_slow_hash(service: Any, coordinator: Any) -> None:
    with inside(service, coordinator) as actor:
        card, secret, pin = print_card(person=make_person(), actor=actor)
        algorithm, rounds, *_rest = card.pin_hash.split("$")
        assert (algorithm, int(rounds) >= 600_000) == ("pbkdf2_sha256", True)
        assert try_pin(secret=secret, pin=pin) == card
