"""Signed links: act from a mail, without an account. The token carries ids and a purpose (the name of its rule)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

DAYS = 24 * 3600
RENEW: dict[str, Callable[[Link], None]] = {}
"""Purpose -> sends a fresh link to the same receiver as before (never to the one who asks)."""
LASTING: set[str] = set()
"""Purposes whose token has no last day of its own: what it opens is kept in a row, and stopping that row stops it."""


@dataclass(frozen=True)
class Link:
    purpose: str
    data: dict[str, str]
    expired: bool

    def id(self, key: str) -> UUID | None:
        return UUID(self.data[key]) if key in self.data else None


def make(purpose: str, **data: UUID | str) -> str:
    """A token for this rule; `days` of life are the reader's choice (see `lifetime`)."""
    return signing.dumps(
        {"p": purpose, **{k: str(v) for k, v in data.items()}}, salt="stapsteen.link", compress=True
    )


def url(name: str, purpose: str, **data: UUID | str) -> str:
    """The full address of a link page, for in a mail."""
    return settings.BASE_URL + reverse(name, kwargs={"token": make(purpose, **data)})


def read(token: str, *, days: int = 45) -> Link | None:
    """What the token says; None for one that we didn't make. After `days` it is known but expired."""
    try:
        data: dict[str, Any] = signing.loads(token, salt="stapsteen.link")
    except signing.BadSignature:
        return None
    try:
        signing.loads(token, salt="stapsteen.link", max_age=days * DAYS)
        expired = False
    except signing.SignatureExpired:
        expired = True
    purpose = data.pop("p")
    return Link(purpose=purpose, data=data, expired=expired and purpose not in LASTING)
