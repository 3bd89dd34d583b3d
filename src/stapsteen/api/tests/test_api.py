"""The API goes through the same rules, scopes and read log as the pages."""

from __future__ import annotations

from typing import Any

import pytest

from stapsteen.core.models import ReadEntry
from stapsteen.testing.world import client_of, inside, make_person, make_staff

pytestmark = pytest.mark.django_db


def test_services_and_towns_are_for_everybody(client: Any, service: Any) -> None:
    (found,) = client.get("/api/v1/diensten/").json()["services"]
    assert (found["slug"], found["municipalities"]) == (service.slug, [{"nis": "13040", "name": "Turnhout"}])
    towns = client.get("/api/v1/waar/", {"q": "2300"}).json()["towns"]
    assert [(t["name"], [s["slug"] for s in t["services"]]) for t in towns] == [("Turnhout", [service.slug])]
    assert client.get("/api/v1/waar/").json() == {"towns": []}


def test_persons_come_through_the_rule_and_are_logged(
    service: Any, other_service: Any, coordinator: Any
) -> None:
    with inside(service):
        person = make_person()
    with inside(other_service):
        make_person("Hidden")
    found = client_of(coordinator).get(f"/api/v1/{service.slug}/mensen/").json()["persons"]
    assert [p["id"] for p in found] == [str(person.pk)]
    with inside(service):
        assert ReadEntry.objects.get(purpose="api.persons").subjects == [person.pk]


def test_strangers_get_nothing(client: Any, service: Any, other_service: Any) -> None:
    url = f"/api/v1/{service.slug}/mensen/"
    assert client.get(url).status_code == 401
    for staff in (make_staff(service, "policy"), make_staff(other_service, "coordinator")):
        assert client_of(staff).get(url).status_code == 404
