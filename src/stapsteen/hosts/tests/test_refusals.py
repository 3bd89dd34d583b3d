"""What a host says no to ends the matter, and guidance per kind of support is counted over the network (D3)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from stapsteen.core.errors import RuleBroken
from stapsteen.hosts import actions
from stapsteen.hosts.models import CapacityUse, PersonNo, Refusal
from stapsteen.hosts.queries import asks_left, guidance_left, nos_of, person_nos, tasks_to_match
from stapsteen.hosts.tests.factories import SYSTEM, make_host, make_organisation, make_task
from stapsteen.people.tests.factories import make_person
from stapsteen.testing.world import client_of, inside, make_service

pytestmark = pytest.mark.django_db


def broken(call, **kwargs):
    with pytest.raises(RuleBroken) as caught:
        call(**kwargs)
    return str(caught.value.message)


@pytest.mark.parametrize(
    ("no", "support", "word"),
    [
        ({}, [], "nieuwe mensen"),
        ({"support": "language"}, ["language"], "hulp met de taal"),
        ({"task": True}, [], "voor deze taak"),
    ],
)
def test_no_proposal_passes_by_a_no(service, no, support, word):
    with inside(service):
        organisation = make_organisation()
        task, other = make_task(organisation), make_task(organisation)
        said = {**no, **({"task": task} if "task" in no else {})}
        refusal = actions.record_refusal(organisation=organisation, actor=SYSTEM, **said)
        take = {"task": task, "starts_on": actions.today(), "weight": 1, "support": support}
        assert word in broken(actions.take_capacity, **take)
        if no:
            actions.take_capacity(**{**take, "task": other, "support": []})
        actions.take_back_refusal(refusal=refusal, actor=SYSTEM)
        assert actions.take_capacity(**take).support == support


def test_a_no_that_begins_later_forbids_who_would_still_be_there(service):
    with inside(service):
        organisation = make_organisation()
        task, later = make_task(organisation), actions.today() + timedelta(days=10)
        actions.record_refusal(organisation=organisation, actor=SYSTEM, starts_on=later)
        assert broken(actions.take_capacity, task=task, starts_on=actions.today(), weight=1)


def test_the_same_no_twice_and_a_no_twice_taken_back(service):
    with inside(service):
        organisation = make_organisation()
        refusal = actions.record_refusal(organisation=organisation, actor=SYSTEM)
        assert "staat er al" in broken(actions.record_refusal, organisation=organisation, actor=SYSTEM)
        actions.take_back_refusal(refusal=refusal, actor=SYSTEM)
        assert "al teruggenomen" in broken(actions.take_back_refusal, refusal=refusal, actor=SYSTEM)
        elsewhere = make_task(make_organisation())
        assert "andere organisatie" in broken(
            actions.record_refusal, organisation=organisation, actor=SYSTEM, task=elsewhere
        )
        assert Refusal.objects.count() == 1


def test_support_is_counted_over_two_services_and_a_kind_nobody_spoke_about_is_free(service):
    with inside(service):
        organisation = make_organisation(places=None)
        actions.state_capacity(
            organisation=organisation, actor=SYSTEM, places=5, supports={"language": 1, "rest": 0}
        )
        task = make_task(organisation, seats=5)
    neighbour = make_service("buur", network=service.network)
    take = {"task": task, "starts_on": actions.today(), "weight": 1}
    with inside(neighbour):
        actions.take_capacity(**take, support=["language", "start"])
    with inside(service):
        assert "vol op" in broken(actions.take_capacity, **take, support=["language"])
        assert "zegt nee tegen deze steun" in broken(actions.take_capacity, **take, support=["rest"])
        actions.take_capacity(**take, support=["start"])
        assert CapacityUse.objects.count() == 2
        (left,) = guidance_left([organisation.pk], actions.today()).values()
        assert (left.left, left.paused, left.support) == (3, False, {"language": 0, "rest": 0})


def test_less_said_keeps_the_kinds_until_they_are_said_anew(service):
    with inside(service):
        organisation = make_organisation(places=None)
        state = {"organisation": organisation, "actor": SYSTEM}
        actions.state_capacity(**state, places=3, supports={"language": 2})
        assert actions.state_capacity(**state, places=4).limits == {"language": 2}
        assert actions.state_capacity(**state, places=4, supports={}).limits == {}
        assert "meer dan 1" in broken(actions.state_capacity, **state, places=1, supports={"rest": 2})
        assert "kennen we niet" in broken(actions.state_capacity, **state, places=1, supports={"faith": 1})


def test_a_no_for_one_person_stays_inside_the_service_and_names_nobody(service, coach):
    with inside(service, coach) as actor:
        host = make_host()
        person, other = make_person(actor, last_name="Zomerhof"), make_person(actor)
        for _again in range(2):
            actions.keep_person_no(host=host, person=person)
        assert PersonNo.objects.count() == 1
        assert "zei al nee voor deze persoon" in broken(actions.check_person_no, host=host, person=person)
        actions.check_person_no(host=host, person=other)
        assert person_nos([person.pk, other.pk]) == {(person.pk, host.pk)}
    shown = client_of(coach).get(f"/vinac/gastorganisaties/{host.pk}/").text
    assert "Voor 1 persoon zei ze nee" in shown
    assert ("Zomerhof" in shown, "Amina" in shown) == (False, False)


def test_what_a_search_for_places_gets(service, coach):
    with inside(service, coach) as actor:
        organisation = make_organisation("Dinamo", places=3)
        task = make_task(
            organisation, "Koffie", seats=2, dutch_speaking="2", dutch_reading="1.1", physical=["lifting", "stairs"],
            allergens=["dust"], support=["rest"], travel=["foot"],
        )  # fmt: skip
        lifts = ["dutch_speaking", "lifting", "allergen_dust"]
        actions.keep_subtask(task=task, actor=actor, title="Afwas", lifts=lifts)
        actions.close_task(task=make_task(organisation, "Weg"), actor=actor)
        make_task(organisation, "Voorbij", starts_on=actions.today() - timedelta(days=9), once=True)
        actions.take_capacity(task=task, starts_on=actions.today() + timedelta(days=3), weight=2)
        actions.record_refusal(organisation=organisation, actor=actor, task=task)
        actions.record_ask(organisation=organisation, actor=actor, about="person")
        (found,) = tasks_to_match(actions.today())
        assert (found.task.title, found.seats_left, found.support) == ("Koffie", 1, {"rest"})
        assert (found.needs.dutch, found.needs.physical) == (
            {"speaking": "2", "reading": "1.1"},
            {"lifting", "stairs"},
        )
        (part,) = found.parts
        assert (part.needs.dutch, part.needs.physical, part.needs.allergens) == (
            {"reading": "1.1"},
            {"stairs"},
            frozenset(),
        )
        key = organisation.pk
        assert guidance_left([key], actions.today())[key].left == 1
        assert nos_of([key], actions.today())[key].tasks == {task.pk}
        assert asks_left([key], actions.today()) == {key: 3}
        assert tasks_to_match(actions.today(), kind="care_work") == []
