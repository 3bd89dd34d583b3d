"""How often one address may do something on a page for everyone: counted over all processes, no address kept.

    allow(request, "referral", most=20, per=timedelta(hours=1))     # raises TooOften, which a form shows

What is kept is a hash under a key of the day, for a day at most; so the count begins anew at midnight.
"""

from __future__ import annotations

from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from stapsteen.core.errors import RuleBroken
from stapsteen.core.models import Attempt

LONGEST = timedelta(days=1)


class TooOften(RuleBroken):
    """Says in how many minutes it can be tried again; what was typed comes back in the form."""

    def __init__(self, minutes: int) -> None:
        self.minutes = minutes
        words = ngettext(
            "Dit gebeurde te vaak na elkaar. Probeer het over %(n)s minuut opnieuw, of bel ons.",
            "Dit gebeurde te vaak na elkaar. Probeer het over %(n)s minuten opnieuw, of bel ons.",
            minutes,
        )
        super().__init__(words % {"n": minutes})


def allow(request: Any, what: str, *, most: int, per: timedelta, key: str = "") -> None:
    """Count this attempt; TooOften from the one after `most` within `per` (at most a day).

    `key` counts by something else than the address: the thing that is tried, whoever tries. An attempt that a broken rule
    takes back doesn't count.
    """
    salt = f"stapsteen.limits/{timezone.localdate()}/{what}"
    who = salted_hmac(salt, key or address_of(request), algorithm="sha256").hexdigest()
    with transaction.atomic():
        with connection.cursor() as cursor:  # two processes don't both take the last place
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [who])
        now = timezone.now()
        newest = Attempt.objects.filter(who=who, at__gt=now - per).order_by("-at")[:most]
        if len(counted := list(newest)) == most:
            raise TooOften(ceil((counted[-1].at + per - now) / timedelta(minutes=1)))
        Attempt.objects.create(who=who, at=now)


def refusal(request: Any, what: str, *, most: int, per: timedelta) -> str:
    """For a page without a form: why not now, or ''. Counts both the address that asks and the page, whoever asks."""
    try:
        for key in ("", request.path):
            allow(request, what, most=most, per=per, key=key)
    except TooOften as broken:
        return str(broken.message)
    return ""


def address_of(request: Any) -> str:
    """Who asks. X-Forwarded-For counts only as far as our own proxies wrote it (STAPSTEEN_PROXIES: how many stand before us).

    Of IPv6 the first 64 bits: one connection has all the rest. '' when the machine doesn't know.
    """
    told = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    ours = 0 < settings.PROXIES <= len(told)
    try:
        found = ip_address((told[-settings.PROXIES] if ours else request.META.get("REMOTE_ADDR", "")).strip())
    except ValueError:
        return ""
    found = getattr(found, "ipv4_mapped", None) or found
    return str(ip_network((found, 64), strict=False) if isinstance(found, IPv6Address) else found)


def forget() -> int:
    """What no limit looks back to any more."""
    deleted, _rows = Attempt.objects.filter(at__lt=timezone.now() - LONGEST).delete()
    return int(deleted)
