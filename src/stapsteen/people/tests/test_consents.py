"""Consents: given, held, withdrawn in the same second; by staff and by the person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from stapsteen.core.errors import RuleBroken
from stapsteen.core.models import Event
from stapsteen.people.actions import give_consent, withdraw_consent
from stapsteen.people.consents import agrees, consents_of, holds
from stapsteen.people.models import Consent, Person
from stapsteen.people.tests.factories import make_person
from stapsteen.testing.world import inside, make_staff

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
DAY = timedelta(days=1)
OCMW = UUID(int=7)


def broken(call: Any, **values: Any) -> str | None:
    with pytest.raises(RuleBroken) as caught:
        call(**values)
    return caught.value.field


def test_a_consent_holds_for_its_purpose_and_recipient_only(service: Any) -> None:
    with inside(service) as actor:
        person, other = make_person(actor), make_person(actor, first_name="Bo")
        consent = give_consent(
            person=person, actor=actor, purpose="tell_referrer", recipient=" OCMW  Turnhout ", recipient_id=OCMW,
            own_words=" Ja, zij mogen dat weten. ",
        )  # fmt: skip
        kept = Consent.objects.get()
        assert (kept.recipient, kept.own_words, kept.how) == (
            "OCMW Turnhout",
            "Ja, zij mogen dat weten.",
            "spoken",
        )
        answers = [
            holds(person.pk, "tell_referrer", OCMW),
            holds(person.pk, "tell_referrer"),
            holds(person.pk, "tell_referrer", uuid4()),
            holds(person.pk, "ask_expert", OCMW),
            holds(other.pk, "tell_referrer", OCMW),
            agrees(person, "tell_referrer", OCMW),
            agrees(person, "tell_referrer", uuid4()),
        ]
        assert answers == [True, True, False, False, False, True, False]
        assert Event.objects.get(object_id=consent.pk).details == {"what": "tell_referrer"}


def test_twice_the_same_on_a_day_is_one_and_other_words_are_another(service: Any) -> None:
    with inside(service) as actor:
        person = make_person(actor)
        given = {"person": person, "actor": actor, "purpose": "photo"}
        first = give_consent(**given, own_words="Ja")
        assert give_consent(**given, own_words="Ja").pk == first.pk
        assert give_consent(**given, own_words="Alleen van ver").pk != first.pk
        assert Consent.objects.count() == 2


def test_withdrawn_it_is_over_at_once_with_all_that_said_the_same(service: Any) -> None:
    with inside(service) as actor:
        person = make_person(actor)
        given: dict[str, Any] = {"person": person, "actor": actor, "purpose": "ask_expert"}
        older = give_consent(**given, recipient_id=OCMW, starts_on=TODAY() - 10 * DAY, own_words="Eerst")
        newer = give_consent(**given, recipient_id=OCMW)
        later = give_consent(**given, recipient_id=OCMW, starts_on=TODAY() + DAY)
        beside = give_consent(**given, recipient_id=uuid4())
        past = give_consent(
            **given, recipient_id=OCMW, starts_on=TODAY() - 90 * DAY, ends_on=TODAY() - 60 * DAY
        )
        withdraw_consent(consent=newer, actor=actor)
        rows = {row.pk: row for row in Consent.objects.all()}
        assert [rows[each.pk].withdrawn_at is None for each in (older, newer, later, beside, past)] == [
            False,
            False,
            False,
            True,
            True,
        ]
        assert [rows[each.pk].ends_on for each in (older, newer, later)] == [
            TODAY() - DAY,
            TODAY() - DAY,
            TODAY(),
        ]
        assert holds(person.pk, "ask_expert", OCMW) is False
        assert holds(person.pk, "ask_expert") is True
        now, over = consents_of(person)
        assert ({row.pk for row in now}, len(over)) == ({beside.pk}, 4)
        with pytest.raises(RuleBroken, match="al ingetrokken"):
            withdraw_consent(consent=newer, actor=actor)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"purpose": "anything"}, "purpose"),
        ({"purpose": "photo", "how": "guessed"}, "how"),
        ({"purpose": "photo", "ends_on": TODAY() - DAY}, "ends_on"),
    ],
)
def test_what_is_refused(service: Any, values: dict[str, Any], field: str) -> None:
    with inside(service) as actor:
        assert broken(give_consent, person=make_person(actor), actor=actor, **values) == field


def test_who_may_give_and_withdraw(service: Any, coach: Any) -> None:
    """The person's own; a coach of somebody else neither; nobody the consent of another."""
    me = make_staff(service, "participant")
    with inside(service) as system:
        mine, theirs = make_person(system), make_person(system, first_name="Bo")
        Person.objects.filter(pk=mine.pk).update(user_id=me.user_id)
        other = give_consent(person=theirs, actor=system, purpose="photo")
    with inside(service, me) as actor:
        own = give_consent(person=mine, actor=actor, purpose="photo", how="screen")
        withdraw_consent(consent=own, actor=actor)
        assert broken(give_consent, person=theirs, actor=actor, purpose="photo") is None
        assert broken(withdraw_consent, consent=other, actor=actor) is None
    with inside(service, coach) as actor:
        assert broken(give_consent, person=theirs, actor=actor, purpose="photo") is None
    with inside(service):
        assert holds(theirs.pk, "photo") is True
