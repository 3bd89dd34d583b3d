"""What came out of a file can be opened on every page that shows it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Sum
from django.urls import reverse

from stapsteen.hosts.models import Host
from stapsteen.hours.queries import confirmed_lines
from stapsteen.imports.reader.tests.books import SAMPLE
from stapsteen.imports.tests.test_actions import imported
from stapsteen.network.models import StaffMember
from stapsteen.pathways.models import Pathway, Referral
from stapsteen.people.models import Person
from stapsteen.testing.world import client_of, inside

pytestmark = pytest.mark.django_db


def test_every_page_about_what_was_imported_opens(
    service: Any, coach: StaffMember, coordinator: StaffMember
) -> None:
    with inside(service, coordinator) as actor:
        imported(actor, SAMPLE.read_bytes())
        ended, running = Pathway.objects.filter(state="ended")[0], Pathway.objects.filter(state="active")[0]
        asking = Referral.objects.filter(state="in_talks")[0]
        settled = Referral.objects.filter(state="accepted")[0]
        placed = Pathway.objects.filter(placements__isnull=False).distinct().get()
        host = Host.objects.get(organisation__name="Bibliotheek")
        pages = [
            *[("portals.person", {"person": row.person_id}) for row in (ended, running, asking, placed)],
            *[("pathways.referral_detail", {"referral": row.pk}) for row in (asking, settled)],
            ("placements.placement_detail", {"placement": placed.placements.get().pk}),
            ("hosts.host_detail", {"host": host.pk}),
            *[(name, {}) for name in ("people.person_list", "pathways.intake_queue", "hosts.host_list", "hosts.task_list")],
            *[(name, {}) for name in ("figures.service_figures", "portals.today", "hours.sheet_list", "followup.overview")],
        ]  # fmt: skip
    visitor = client_of(coordinator)
    for name, keys in pages:
        answer = visitor.get(reverse(name, kwargs={"service": "vinac", **keys}))
        assert answer.status_code == 200, name
    url = reverse("portals.person", kwargs={"service": "vinac", "person": running.person_id})
    for side in ("tijdlijn", "uren", "evaluaties", "notities"):
        assert visitor.get(url, {"deel": side}).status_code == 200, side


def test_imported_hours_count_as_confirmed(
    service: Any, coach: StaffMember, coordinator: StaffMember
) -> None:
    with inside(service, coordinator) as actor:
        imported(actor, SAMPLE.read_bytes())
        leyla = Person.objects.get(first_name="Leyla", last_name="Yıldız")
        assert confirmed_lines().filter(person=leyla).aggregate(sum=Sum("minutes")) == {"sum": 7980}
