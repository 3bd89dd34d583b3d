"""Two coaches who promise the last seat at the same moment, each in a connection of their own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

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
    together = Barrier(2)

    def propose(service, coach, pathway, host):
        together.wait(timeout=10)
        try:
            with inside(service, coach) as actor:
                propose_placement(
                    pathway=pathway,
                    actor=actor,
                    host=host,
                    task=task,
                    starts_on=timezone.localdate(),
                    half_days=MONDAY_MORNING,
                )
        except RuleBroken as broken:
            return str(broken.message)
        finally:
            connection.close()
        return "placed"

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda one: propose(*one), asked))
    assert sorted(answers) == ["Alle plaatsen van deze taak zijn bezet of gepland.", "placed"]
    assert CapacityUse.objects.count() == 1
