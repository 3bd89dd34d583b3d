"""Two coaches who promise the last seat at the same moment, each in a connection of their own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection
from django.utils import timezone

from stapsteen.core.errors import RuleBroken
from stapsteen.hosts.models import CapacityUse
from stapsteen.hosts.tests.factories import make_host, make_organisation, make_task
from stapsteen.pathways.tests.factories import make_pathway
from stapsteen.placements.actions import propose_placement
from stapsteen.placements.tests.factories import MONDAY_MORNING
from stapsteen.testing.world import inside, make_service, make_staff

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_last_seat_goes_to_one_of_two_services():
    first = make_service("vinac")
    second = make_service("link", network=first.network)
    asked = []
    with inside(first):
        organisation = make_organisation(places=1)
        task = make_task(organisation, seats=1)
    for service in (first, second):
        coach = make_staff(service, "coach")
        with inside(service, coach) as actor:
            host = make_host(organisation=organisation)
            asked.append((service, coach, make_pathway(coach, actor), host))
    first_proposed, second_answered = Event(), Event()

    def propose(service, coach, pathway, host):
        with inside(service, coach) as actor:
            propose_placement(
                pathway=pathway,
                actor=actor,
                host=host,
                task=task,
                starts_on=timezone.localdate(),
                half_days=MONDAY_MORNING,
            )
            if not first_proposed.is_set():
                first_proposed.set()
                second_answered.wait(timeout=0.7)  # the first one's transaction is still open

    def answer(number):
        try:
            assert number == 0 or first_proposed.wait(timeout=20)
            propose(*asked[number])
        except RuleBroken as broken:
            return str(broken.message)
        finally:
            if number:
                second_answered.set()
            connection.close()
        return "placed"

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(answer, (0, 1)))
    assert answers == ["placed", "Alle plaatsen van deze taak zijn bezet of gepland."]
    assert CapacityUse.objects.count() == 1
