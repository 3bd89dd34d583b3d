"""What the actions about organisations, tasks, parts, capacity and mailed links refuse, and that nothing changes then."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from stapsteen.core import links
from stapsteen.core.models import OutgoingMail
from stapsteen.core.scope import Actor
from stapsteen.hosts import actions
from stapsteen.hosts.actions.agreements import SIGN
from stapsteen.hosts.models import HostAgreement, HostAsk, Organisation, Site, SubTask, Task
from stapsteen.hosts.tests.factories import SYSTEM, make_host, make_organisation, make_task
from stapsteen.testing.refusals import refused
from stapsteen.testing.world import inside, make_municipality, make_staff

pytestmark = pytest.mark.django_db
NOT_YOURS = (None, "Je mag dit niet doen met jouw rol.")


# Organisations and their sites


@pytest.mark.parametrize("number", [0, -1, 31])
def test_an_organisation_is_asked_between_once_and_thirty_times_a_month(service, coach, number):
    with inside(service, coach) as actor:
        organisation = make_organisation()
        assert refused(
            actions.update_organisation, organisation=organisation, actor=actor, asks_per_month=number
        ) == ("asks_per_month", "Kies een aantal tussen 1 en 30.")
        for edge in (1, 30):
            actions.update_organisation(organisation=organisation, actor=actor, asks_per_month=edge)
            assert Organisation.objects.get().asks_per_month == edge


@pytest.mark.parametrize(
    ("given", "field", "text"),
    [
        ({"name": "  "}, "name", "Geef de plek een naam."),
        ({"municipality": None}, "municipality", "Vul de gemeente in. Zo staat de plek op de kaart."),
        ({"name": " de  KEUKEN "}, "name", "Deze organisatie heeft al een plek met die naam."),
    ],
)
def test_keep_site_refuses(service, coach, given, field, text):
    with inside(service, coach) as actor:
        organisation, town = make_organisation(), make_municipality()
        keep = {"organisation": organisation, "actor": actor, "municipality": town}
        kitchen = actions.keep_site(**keep, name="De Keuken")
        assert refused(actions.keep_site, **{**keep, "name": "De Tuin", **given}) == (field, text)
        actions.keep_site(**keep, name="De keuken", site=kitchen)
        assert Site.objects.get().name == "De keuken"
        actions.keep_site(**{**keep, "organisation": make_organisation()}, name="De keuken")


# Capacity per kind of support


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (-1, "Kies een aantal tussen 0 en 500."),
        (501, "Kies een aantal tussen 0 en 500."),
        (3, "Dit is meer dan 2, het aantal mensen samen."),
    ],
)
def test_support_for_an_impossible_number_is_refused(service, coach, number, text):
    with inside(service, coach) as actor:
        state = {"organisation": make_organisation(), "actor": actor, "places": 2}
        supports = {"rest": 1, "language": number}
        assert refused(actions.state_capacity, **state, supports=supports) == ("support_language", text)
        for edge in (0, 2):
            said = actions.state_capacity(**state, supports={"language": edge})
            assert said.limits == {"language": edge}


# Tasks and their parts


def test_a_task_stands_at_a_place_of_its_own_organisation(service, coach):
    with inside(service, coach) as actor:
        own, other, town = make_organisation(), make_organisation(), make_municipality()
        keep = {"actor": actor, "name": "Tuin", "municipality": town}
        here, there = (actions.keep_site(organisation=each, **keep) for each in (own, other))
        task = make_task(own, site=here)
        answer = ("site", "Die plek hoort bij een andere organisatie.")
        assert refused(actions.update_task, task=task, actor=actor, site=there) == answer
        assert refused(actions.open_task, organisation=own, actor=actor, title="X", site=there) == answer
        assert Task.objects.get().site == here


def test_a_task_isnt_shown_after_it_ends(service, coach):
    last = date(2030, 3, 2)
    public = {"public_text": "Help mee in de tuin.", "public_contact": "An, 014 00 00 00", "ends_on": last}
    with inside(service, coach) as actor:
        change = {"task": make_task(make_organisation()), "actor": actor, **public}
        late = last + timedelta(days=1)
        assert refused(actions.update_task, **change, published_until=late) == (
            "published_until",
            "De taak is dan al voorbij.",
        )
        assert actions.update_task(**change, published_until=last).published_until == last


@pytest.mark.parametrize(
    ("given", "field", "text"),
    [
        ({"title": " "}, "title", "Geef de deeltaak een naam."),
        ({"lifts": ["money"]}, "lifts", "“money” kennen we niet. Kies uit de lijst."),
        ({"lifts": []}, "lifts", "Kies wat er bij deze deeltaak niet nodig is."),
        ({"title": " AFWAS "}, "title", "Deze taak heeft al een deeltaak met die naam."),
    ],
)
def test_keep_subtask_refuses(service, coach, given, field, text):
    with inside(service, coach) as actor:
        task = make_task(make_organisation())
        keep: dict[str, Any] = {"task": task, "actor": actor, "lifts": ["lifting"]}
        dishes = actions.keep_subtask(**keep, title="Afwas")
        assert refused(actions.keep_subtask, **{**keep, "title": "Snijden", **given}) == (field, text)
        actions.keep_subtask(**keep, title="afwas", subtask=dishes)
        assert [part.title for part in SubTask.objects.all()] == ["afwas"]


def test_a_part_is_removed_by_staff_only_and_its_task_stays(service, coach):
    participant = make_staff(service, "participant")
    with inside(service, coach) as actor:
        task = make_task(make_organisation())
        keep: dict[str, Any] = {"task": task, "actor": actor, "lifts": ["lifting"]}
        goes, stays = actions.keep_subtask(**keep, title="Afwas"), actions.keep_subtask(**keep, title="Bar")
    with inside(service, participant) as stranger:
        assert refused(actions.remove_subtask, subtask=goes, actor=stranger) == NOT_YOURS
    with inside(service, coach) as actor:
        actions.remove_subtask(subtask=goes, actor=actor)
        assert (list(SubTask.objects.all()), Task.objects.get()) == ([stays], task)


# Mailed links


def test_a_host_whose_month_is_full_is_passed_by_and_the_next_one_asked(service):
    with inside(service):
        full, free = make_host("Aap"), make_host("Beer")
        actions.update_organisation(organisation=full.organisation, actor=SYSTEM, asks_per_month=1)
        actions.record_ask(organisation=full.organisation, actor=SYSTEM, about="person")
        assert "al 1 vragen" in refused(actions.ask_host, host=full, actor=SYSTEM)[1]
        assert actions.ask_who_was_silent() == 1
        asked = HostAsk.objects.filter(about="capacity")
        assert [ask.organisation for ask in asked] == [free.organisation]
        assert OutgoingMail.objects.count() == 1


@pytest.mark.parametrize("missing", ["service", "contact"])
def test_a_link_that_names_no_service_or_no_contact_isnt_renewed(service, missing):
    with inside(service):
        contact = make_host().contacts.get()
    ids = {"service": service.pk, "contact": contact.pk}
    renew = links.RENEW[actions.SAY]
    renew(links.Link(actions.SAY, {key: str(pk) for key, pk in ids.items() if key != missing}, expired=True))
    assert OutgoingMail.objects.count() == 0
    renew(links.Link(actions.SAY, {key: str(pk) for key, pk in ids.items()}, expired=True))
    assert [mail.to for mail in OutgoingMail.objects.all()] == [contact.email]


def test_an_agreement_is_signed_from_its_own_link_only(service):
    """The link to say what a host can carry holds the same ids when somebody makes it so: its purpose decides."""
    with inside(service):
        host = make_host()
        agreement = actions.draw_up_agreement(host=host, actor=SYSTEM, starts_on=actions.today())
        ids = {"agreement": str(agreement.pk), "contact": str(host.contacts.get().pk)}
        other, own = (
            Actor("link", link=links.Link(purpose, ids, expired=False)) for purpose in (actions.SAY, SIGN)
        )
        sign: dict[str, Any] = {"agreement": agreement, "how": "link", "signed_by": "An Peeters"}
        assert refused(actions.sign_host_agreement, **sign, actor=other) == NOT_YOURS
        assert HostAgreement.objects.get().state == "out"
        assert actions.sign_host_agreement(**sign, actor=own).state == "signed"
