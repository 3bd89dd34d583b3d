"""Who sees what, and who looked: for staff about a person, for the person in plain words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from stapsteen.hosts.models import Organisation
from stapsteen.pathways.actions import ask_expert, record_yes, set_partner
from stapsteen.pathways.models import Referral
from stapsteen.pathways.tests.factories import make_pathway, make_referral
from stapsteen.people.actions import give_consent
from stapsteen.people.consents import holds
from stapsteen.people.models import Person
from stapsteen.portals.who_sees import area, capacity_words
from stapsteen.testing.world import client_of, inside, make_staff

pytestmark = pytest.mark.django_db


def url(name: str, service: Any, **keys: Any) -> str:
    return reverse(f"portals.{name}", kwargs={"service": service.slug, **keys})


@pytest.fixture
def person(service: Any, coach: Any, coordinator: Any, intake: Any) -> Person:
    """Guided by the coach, with an expert, a standing partner and a referrer; and with a login."""
    me = make_staff(service, "participant")
    house, ana = (
        Organisation.objects.create(network=service.network, name=name, roles=["partner"])
        for name in ("Huis van het Nederlands", "vzw ANA")
    )
    expert = make_staff(service, "expert", organisation_id=house.pk)
    with inside(service) as actor:
        referral = make_referral(helper_organisation="CAW Kempen")
        pathway = make_pathway(coach, person=referral.person)
        Person.objects.filter(pk=referral.person_id).update(user_id=me.user_id)
        set_partner(pathway=pathway, actor=actor, partner=ana)
        ask_expert(
            pathway=pathway, actor=actor, expert=expert, question="?", parts=["dutch"],
            ends_on=timezone.localdate() + timedelta(days=5), own_words="Ja",
        )  # fmt: skip
        return Person.objects.get(pk=referral.person_id)


def test_staff_see_who_can_see_what(
    service: Any, coach: Any, coordinator: Any, intake: Any, person: Person
) -> None:
    page = client_of(coach).get(url("who_sees", service, person=person.pk))
    assert [row[:2] for row in page.context["rows"]] == [
        [coach.name, "begeleider"], ["vzw ANA", "vaste partner"], [coordinator.name, "coördinator"],
        [intake.name, "intake"], ["Expert vinac (Huis van het Nederlands)", "expert"],
        ["CAW Kempen", "doorverwijzer"],
    ]  # fmt: skip
    assert page.context["rows"][-1][2]["text"] == "alleen dat de aanmelding aankwam"
    with inside(service) as actor:
        record_yes(referral=Referral.objects.get(), actor=actor, tell_helper=True)
    page = client_of(coach).get(url("who_sees", service, person=person.pk))
    assert page.context["rows"][-1][2]["text"].startswith("of het traject start")


def test_who_looked_per_day_in_words(service: Any, coach: Any, coordinator: Any, person: Person) -> None:
    client_of(coordinator).get(url("person", service, person=person.pk))
    client_of(coach).get(reverse("people.consents", kwargs={"service": service.slug, "person": person.pk}))
    page = client_of(coach).get(url("who_sees", service, person=person.pk))
    looked = {(look.who, look.capacity): look.words for look in page.context["looks"] if look.who}
    assert looked == {
        (coordinator.name, "coördinator"): "gegevens",
        (coach.name, "trajectbegeleider"): "toestemmingen",
    }
    assert "people." not in page.content.decode().replace("/people.", "").split("<main")[1]


def test_numbers_of_people_are_told_as_numbers(service: Any, coach: Any, person: Person) -> None:
    """Supply and demand reads five columns of everybody who waits; nobody sees who that is."""
    policy = make_staff(service, "policy")
    with inside(service):
        make_pathway(coach)
    client_of(policy).get(reverse("matching.supply", kwargs={"service": service.slug}))
    page = client_of(coach).get(url("who_sees", service, person=person.pk))
    assert {look.who: look.words for look in page.context["looks"]}[policy.name] == "cijfers"


def test_a_sensitive_referrer_isnt_named(service: Any, coach: Any, person: Person) -> None:
    with inside(service):
        Referral.objects.update(referrer_kind="sensitive")
    page = client_of(coach).get(url("who_sees", service, person=person.pk))
    assert ("CAW" in page.content.decode(), page.context["rows"][-1][0]) == (False, "wie aanmeldde")


def test_the_person_sees_it_and_takes_a_consent_back(service: Any, coach: Any, person: Person) -> None:
    from stapsteen.network.models import StaffMember

    with inside(service) as actor:
        me = StaffMember.objects.get(user_id=person.user_id)
        other = make_pathway(coach).person
        theirs = give_consent(person=other, actor=actor, purpose="photo")
    client = client_of(me)
    page = client.get(url("who_sees_me", service))
    (consent,) = page.context["consents"]
    text = page.content.decode()
    for words in (coach.name, "Huis van het Nederlands", "vzw ANA", "CAW Kempen"):
        assert words in text
    back = url("consent_take_back", service)
    assert client.post(back, {"consent": theirs.pk}).status_code == 404
    assert client.post(back, {"consent": consent.pk}).headers["Location"] == url("who_sees_me", service)
    with inside(service):
        assert holds(person.pk, "ask_expert") is False
        assert holds(other.pk, "photo") is True
    after = client.get(url("who_sees_me", service))
    assert (after.context["consents"], "Huis van het Nederlands" in after.content.decode()) == ([], False)


def test_nobody_known_yet(service: Any) -> None:
    answer = client_of(make_staff(service, "participant")).get(url("who_sees_me", service))
    assert answer.headers["Location"] == url("participant", service)


def test_words_for_capacities_and_pages() -> None:
    assert [capacity_words(c) for c in ("coach+intake", "system:x", "link")] == [
        "trajectbegeleider, intake", "automatisch werk van de dienst", "via een persoonlijke link",
    ]  # fmt: skip
    assert [area(p) for p in ("people.sensitive", "hours.sheet_detail", "else")] == [
        "gevoelige gegevens", "uren", "gegevens",
    ]  # fmt: skip


def test_constant_queries(service: Any, coach: Any, coordinator: Any, person: Person) -> None:
    client, address, counts = client_of(coach), url("who_sees", service, person=person.pk), []
    for _number in range(3):
        client_of(coordinator).get(url("person", service, person=person.pk))
        with inside(service):
            make_referral()
        with CaptureQueriesContext(connection) as counted:
            client.get(address)
        counts.append(len(counted))
    assert counts[1] == counts[2]
