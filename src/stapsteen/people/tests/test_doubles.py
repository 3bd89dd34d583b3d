"""Doubles: a table of tricky pairs; remembered as not the same; in a fixed number of queries."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stapsteen.people.doubles import Traits, doubles_of, find
from stapsteen.people.models import NotTheSame, Person
from stapsteen.people.tests.factories import make_person
from stapsteen.testing.world import inside

pytestmark = pytest.mark.django_db
BORN = date(1985, 5, 7)


def who(first: str, last: str = "", **more: Any) -> dict[str, Any]:
    return {"first_name": first, "last_name": last, **more}


SAME = [
    (who("Amina", "Peeters"), who("amina", "PEETERS")),
    (who("Amina", "Peeters"), who("Peeters", "Amina")),
    (who("Fatima", "El Amrani"), who("El-Amrani", "Fatima")),
    (who("Jan", "Van den Broeck"), who("Jan", "Vandenbroeck")),
    (who("Jan", "Vandenbroucke"), who("Jan", "van den Broucke")),
    (who("Els", "De Smet"), who("Els", "Desmedt")),
    (who("Amina", "Peeters"), who("Amian", "Peeters")),
    (who("Mohamed", "Benali"), who("Mohammed", "Ben Ali")),
    (who("Achmed", "Yılmaz"), who("Ahmet", "Yilmaz")),
    (who("Zoë", "Çelik"), who("Zoe", "Celik")),
    (who("Maria José", "Garcia Lopez"), who("Maria", "Garcia")),
    (who("Ayşe", "Demir"), who("Ayse", "Demir", birth_date=BORN)),
    (who("Fatma", "Yildiz", birth_date=BORN), who("Fatma", "Demir", birth_date=BORN)),
    (who("Amina", birth_date=BORN), who("Amina", "Peeters", birth_date=BORN)),
    (who("Amina", birth_year=1985), who("Amina", birth_year=1985)),
    (who("Amina", "Peeters", birth_date=BORN), who("Amina", "Peeters", birth_date=date(1985, 7, 5))),
    (who("Amina", "Peeters", birth_date=BORN), who("Amina", "Peters", birth_date=date(1985, 1, 1))),
    (who("Amina", "Peeters", birth_date=BORN), who("Amina", "Peters", birth_year=1986)),
    (who("Mo", "Haddad", phone="0470 12 34 56"), who("Mohamed", "Haddad", phone="+32 470/12.34.56")),
    (who("A.", phone="0470 12 34 56"), who("Amina", "Peeters", phone="0032470123456")),
    (who("Amina", email="Amina@example.org"), who("Amina", "Peeters", email="amina@example.org")),
    (who("Amina", "Peeters", town="Turnhout"), who("Amina", "Peeters", town="Geel")),
]
NOT_THE_SAME = [
    (who("Jan", "Peeters", birth_date=date(1960, 1, 2)), who("Jan", "Peeters", birth_date=date(1990, 3, 4))),
    (who("Amina", "Peeters", birth_date=BORN), who("Samira", "Peeters", birth_date=BORN)),
    (
        who("Tom", "Claes", birth_date=BORN, phone="014 42 36 10"),
        who("Lies", "Claes", birth_date=BORN, phone="014 42 36 10"),
    ),
    (who("Bilal", "Zaoui", birth_date=BORN), who("Amina", "Peeters", birth_date=BORN)),
    (who("Amina"), who("Amina")),
    (who("Amina", birth_year=1985), who("Amina", birth_year=1991)),
    (who("Mohamed", "Amrani"), who("Mohamed", "Haddad")),
    (who("An", "Peeters"), who("Jan", "Peters")),
    (who("Els", "Claes", email="gezin@example.org"), who("Tom", "Claes", email="gezin@example.org")),
    (who("Anna", "Maes", birth_date=BORN), who("Anne", "Maes", birth_date=date(1970, 2, 1))),
]


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("one", "other", "found"), [(*pair, True) for pair in SAME] + [(*pair, False) for pair in NOT_THE_SAME]
)
def test_tricky_pairs(service: Any, one: Any, other: Any, found: bool, turned: bool) -> None:
    with inside(service) as actor:
        first, second = (make_person(actor, **who) for who in ((other, one) if turned else (one, other)))
        make_person(actor, first_name="Griet", last_name="Wouters", birth_date=date(1959, 12, 30))
        assert [double.person for double in doubles_of(first)] == ([second] if found else [])


def test_the_likeliest_first_with_why(service: Any) -> None:
    with inside(service) as actor:
        make_person(actor, first_name="Amina", last_name="Peters")
        exact = make_person(actor, birth_date=BORN, phone="0470 12 34 56")
        found = find(Traits("Amina", "Peeters", BORN, phone="0470123456"))
        assert (found[0].person, found[0].likely) == (exact, True)
        assert [[str(why) for why in double.reasons] for double in found] == [
            ["dezelfde naam", "dezelfde geboortedatum", "hetzelfde telefoonnummer"],
            ["dezelfde naam"],
        ]


def test_what_was_said_to_be_another_person_is_not_offered_again(service: Any) -> None:
    with inside(service) as actor:
        one, other = make_person(actor), make_person(actor)
        NotTheSame.objects.create(person=other, other=one)
        assert (doubles_of(one), doubles_of(other)) == ([], [])


def test_erased_and_merged_persons_are_no_doubles(service: Any) -> None:
    with inside(service) as actor:
        one, other, third = (make_person(actor) for _ in range(3))
        Person.objects.filter(pk=other.pk).update(merged_into=third)
        assert [double.person for double in doubles_of(one)] == [third]


def test_strange_names_break_nothing(service: Any) -> None:
    with inside(service) as actor:
        for name in ("...", "(*)+", "王", "'t", "\\m", "O’Neil-Çà"):
            assert doubles_of(make_person(actor, first_name=name, last_name="")) == []
        assert find(Traits("")) == []


@pytest.mark.parametrize("many", [1, 6])
def test_always_two_queries(service: Any, many: int) -> None:
    with inside(service) as actor:
        person, *_others = [make_person(actor) for _ in range(many + 1)]
        with CaptureQueriesContext(
            connection,
        ) as counted:
            assert len(doubles_of(person)) == many
        assert len(counted) == 2
