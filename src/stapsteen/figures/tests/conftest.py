"""The service of document 001 with its history, and its people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from stapsteen.figures.tests.history_001 import History, store
from stapsteen.network.models import Membership, Service
from stapsteen.testing.world import EARLY, client_of, inside, make_service, make_staff


@dataclass
class World:
    service: Service
    coach: Any
    coordinator: Any
    policy: Any

    def get(self, who: str, address: str = "", **more: Any) -> Any:
        """The figures page (or `address` below it) as this colleague sees it, in Dutch."""
        staff = getattr(self, who)
        return client_of(staff).get(
            f"/{self.service.slug}/cijfers/{address}", headers={"accept-language": "nl"}, **more
        )


def make_world(slug: str, *programmes: str) -> World:
    service = make_service(slug, *programmes)
    staff = [make_staff(service, role) for role in ("coach", "coordinator", "policy")]
    Membership.objects.filter(service=service).update(starts_on=EARLY)  # tests travel to years before today
    return World(service, *staff)


@pytest.fixture
def empty_world(db: None) -> World:
    return make_world("antwerpen", "volunteering", "care-work")


@pytest.fixture
def world(empty_world: World) -> World:
    with inside(empty_world.service):
        store(History().play(), service=empty_world.service, coach=empty_world.coach)
    return empty_world
