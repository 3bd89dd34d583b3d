"""What core asks the network: which service a URL means, and who somebody is there."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from stapsteen.core import scope
from stapsteen.core.pages import CARD
from stapsteen.core.scope import Actor
from stapsteen.network.models import Membership, Service, StaffMember
from stapsteen.network.roles import PARTICIPANT

CARD_IDLE_SECONDS = 10 * 60
"""A shared tablet closes by itself."""


class NetworkHouse:
    def service(self, slug: str) -> Service | None:
        return Service.objects.filter(slug=slug).first()

    def service_by_id(self, key: UUID) -> Service:
        return Service.objects.get(pk=key)

    def actor(self, request: HttpRequest, service: Any) -> Actor | None:
        """The user's roles in the service today, or the participant who opened a card here; None for a stranger."""
        if not request.user.is_authenticated:
            return card_holder(request, service)
        rows = memberships(request.user).filter(service=service)
        if not rows:
            return None
        roles = frozenset(row.role for row in rows)
        organisation = next((row.organisation_id for row in rows if row.organisation_id), None)
        return Actor(
            capacity="+".join(sorted(roles)),
            user_id=request.user.pk,
            roles=roles,
            organisation_id=organisation,
            can_sanction=can_sanction(row.organisation_id for row in rows),
        )


def card_holder(request: HttpRequest, service: Any) -> Actor | None:
    """Who opened the own pages with a card, until nothing happened for a while. Whether the card still holds, the rules
    ask the database (people.access.own)."""
    opened, now = request.session.get(CARD), time.time()
    if not opened or opened["service"] != str(service.pk) or now - opened["seen"] > CARD_IDLE_SECONDS:
        return None
    if now - opened["seen"] > CARD_IDLE_SECONDS / 20:
        request.session[CARD] = {**opened, "seen": now}
    return Actor(capacity="participant", roles=frozenset({PARTICIPANT}), card_id=UUID(opened["card"]))


def can_sanction(organisations: Iterable[UUID | None]) -> bool:
    """Whether one of the organisations that somebody acts for is marked so (requirement B6). The model stands higher up."""
    known = {key for key in organisations if key}
    organisation = apps.get_model("hosts", "Organisation")
    return bool(known) and organisation.objects.filter(pk__in=known, can_sanction=True).exists()


def memberships(user: Any) -> Any:
    """The roles that a user has today."""
    today = timezone.localdate()
    return Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), user=user, starts_on__lte=today)


def services_of(user: Any) -> list[Service]:
    """The services where the user has a role, by name."""
    return list(Service.objects.filter(pk__in=memberships(user).values("service_id")).order_by("name"))


def staff_member(actor: Actor) -> StaffMember | None:
    """The colleague behind the actor in the open scope; None for links, jobs and participants."""
    scope.current()
    return StaffMember.objects.filter(user_id=actor.user_id).first() if actor.user_id else None
