"""Participant, referrer, expert, policy, and the demo's mails."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stapsteen.core.models import OutgoingMail
from stapsteen.hosts.models import Organisation
from stapsteen.hosts.tests.factories import make_organisation
from stapsteen.hours.models import SheetPerson
from stapsteen.hours.tests.factories import SYSTEM, make_confirmed
from stapsteen.pathways.actions import record_yes, refuse_referral, set_partner, suspend_pathway
from stapsteen.pathways.tests.factories import make_pathway, make_referral
from stapsteen.people.models import Person
from stapsteen.people.tests.factories import make_person
from stapsteen.testing.world import client_of, inside, make_staff, make_user

pytestmark = pytest.mark.django_db


def url(name: str, service: Any) -> str:
    return reverse(f"portals.{name}", kwargs={"service": service.slug})


def participant_of(service: Any, person: Any) -> Any:
    """A logged-in browser of this person."""
    user = make_staff(service, "participant")
    with inside(service):
        Person.objects.filter(pk=person.pk).update(user_id=user.user_id)
    return client_of(user)


# Participant ---------------------------------------------------------------------------------------------------------


def test_my_path_my_place_my_coach_and_my_hours(service: Any, coach: Any) -> None:
    with inside(service):
        coach.phone = "014 99 88 77"
        coach.save()
        make_confirmed(coach)
        person = SheetPerson.objects.get().person
    response = participant_of(service, person).get(url("participant", service))
    page = response.content.decode()
    for text in (
        "Dag Amina",
        "WZC De Linde",
        coach.name,
        "tel:014998877",
        "Jouw uren",
        "Wie ziet wat over mij?",
    ):
        assert text in page
    assert re.search("<title>(.*?)</title>", page)[1] == "Mijn pad – VINAC"  # type: ignore[index]
    assert [(step["label"], step["state"]) for step in response.context["steps"]] == [
        ("Gestart met jouw begeleider", "done"),
        ("Begonnen bij WZC De Linde", "done"),
        ("Je bent bezig", "current"),
        ("Samen praten: hoe gaat het?", "next"),
    ]
    assert len(response.context["hours"]) == 1
    assert [agreement["label"] for agreement in response.context["agreements"]] == ["WZC De Linde"]


def current(service: Any, person: Any) -> list[str]:
    steps = participant_of(service, person).get(url("participant", service)).context["steps"]
    return [step["label"] for step in steps if step["state"] == "current"]


def test_the_path_before_the_start_without_a_place_and_in_a_pause(service: Any, coach: Any) -> None:
    with inside(service):
        referred = make_referral(SYSTEM).person
        pathway = make_pathway(coach, person=make_person(SYSTEM, first_name="Bilal"))
    assert current(service, referred) == ["We leren elkaar kennen"]
    with inside(service):
        Person.objects.filter(pk=referred.pk).update(user_id=None)
    assert current(service, pathway.person) == ["We zoeken een plek die bij jou past"]
    with inside(service):
        suspend_pathway(pathway=pathway, actor=SYSTEM, starts_on=timezone.localdate())
    assert current(service, pathway.person) == ["Even pauze"]


def test_a_participant_without_a_record_is_told_whom_to_ask(service: Any) -> None:
    page = client_of(make_staff(service, "participant")).get(url("participant", service)).content.decode()
    assert "We vinden jouw gegevens niet" in page


def test_only_the_own_record(service: Any, coach: Any) -> None:
    with inside(service):
        mine = make_pathway(coach).person
        make_pathway(coach, person=make_person(SYSTEM, first_name="Bilal"))
    page = participant_of(service, mine).get(url("participant", service)).content.decode()
    assert "Bilal" not in page
    assert client_of(coach).get(url("participant", service)).status_code == 404


# Referrer ------------------------------------------------------------------------------------------------------------


def referrals(service: Any, *, can_sanction: bool = False) -> Any:
    """Two referrals of one organisation: one that may be told of and went elsewhere, one that may not."""
    with inside(service):
        organisation = make_organisation("OCMW", roles=("referrer",), can_sanction=can_sanction)
        told = make_referral(SYSTEM, referrer=organisation, person={"first_name": "Telt"})
        make_referral(SYSTEM, referrer=organisation, person={"first_name": "Zwijgt"})
        make_referral(SYSTEM, person={"first_name": "Vreemd"})
        record_yes(referral=told, actor=SYSTEM, tell_helper=True)
        refuse_referral(
            referral=told, actor=SYSTEM, code="elsewhere_better", reason="Past elders", went_to="CAW"
        )
    return client_of(make_staff(service, "referrer", organisation_id=organisation.pk))


def test_a_referrer_hears_what_the_person_lets_be_known(service: Any) -> None:
    response = referrals(service).get(url("referrer", service))
    page = response.content.decode()
    assert sorted((row[0]["text"], row[2]) for row in response.context["rows"]) == [
        ("Telt P.", "Ging naar elders"),
        ("Zwijgt P.", "Ontvangen. Of de persoon start, vertelt die zelf."),
    ]
    for secret in ("Vreemd", "Past elders", "CAW", "Peeters"):
        assert secret not in page


def test_who_can_sanction_does_not_hear_that_someone_went_elsewhere(service: Any) -> None:
    response = referrals(service, can_sanction=True).get(url("referrer", service))
    assert "Ging naar elders" not in response.content.decode()


def test_a_referrer_without_referrals(service: Any) -> None:
    for organisation in (None, make_user("x@example.org").pk):
        referrer = make_staff(
            service, "referrer", email=f"{organisation}@example.org", organisation_id=organisation
        )
        page = client_of(referrer).get(url("referrer", service)).content.decode()
        assert "Nog geen aanmeldingen" in page


# Expert, policy, demo ------------------------------------------------------------------------------------------------


def test_an_expert_without_own_persons_isnt_offered_evaluations(service: Any, coach: Any) -> None:
    """The menu comes from the rules; a partner that follows nobody up has nothing to evaluate."""
    partner = Organisation.objects.create(network=service.network, name="Huis", roles=["partner"])
    client = client_of(make_staff(service, "expert", organisation_id=partner.pk))

    def offered() -> list[str]:
        return [entry["label"] for entry in client.get(url("expert", service)).context["nav"]]

    assert "Evaluaties" not in offered()
    with inside(service) as actor:
        set_partner(pathway=make_pathway(coach), actor=actor, partner=partner)
    assert "Evaluaties" in offered()


def test_an_expert_is_told_that_nobody_asked_yet(service: Any, coach: Any) -> None:
    page = client_of(make_staff(service, "expert")).get(url("expert", service)).content.decode()
    assert "Niemand vroeg je al mee" in page
    assert client_of(coach).get(url("expert", service)).status_code == 404


def test_policy_goes_to_the_figures(service: Any) -> None:
    answer = client_of(make_staff(service, "policy")).get(url("policy", service))
    assert answer.headers["Location"] == reverse("figures.service_figures", kwargs={"service": service.slug})


def test_the_demo_shows_its_mails_newest_first_with_links(settings: Any, db: None) -> None:
    settings.DEMO = True
    for number, days in ((1, 2), (2, 1)):
        OutgoingMail.objects.create(
            to="an@example.org",
            subject=f"Brief {number}",
            body=f"Dag <b>\nhttp://localhost:8000/uren-invullen/{number}/\n",
            created_at=timezone.now() - timedelta(days=days),
        )
    page = Client().get("/demo/post/").content.decode()
    assert page.index("Brief 2") < page.index("Brief 1")
    assert '<a href="http://localhost:8000/uren-invullen/1/"' in page
    assert "<b>" not in page


def test_no_mails_yet_and_no_mails_outside_of_a_demo(settings: Any, db: None) -> None:
    settings.DEMO = True
    assert "Nog geen post" in Client().get("/demo/post/").content.decode()
    settings.DEMO = False
    assert Client().get("/demo/post/").status_code == 404
