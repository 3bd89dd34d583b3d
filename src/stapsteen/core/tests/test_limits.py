"""How often an address may try: counted, told in minutes, forgotten; and whose address it is behind a proxy."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import RequestFactory
from django.utils import timezone

from stapsteen.core import limits
from stapsteen.core.limits import TooOften, address_of, allow
from stapsteen.core.models import Attempt, SharedHistory

HOUR = timedelta(hours=1)


def request(address: str = "192.0.2.1", **more: str) -> Any:
    return RequestFactory().post("/", REMOTE_ADDR=address, **more)


def tries(count: int, *, most: int = 2, what: str = "test", key: str = "", **more: Any) -> list[int]:
    """Minutes to wait at each of so many attempts; 0: it might."""
    waits = []
    for _ in range(count):
        try:
            allow(request(**more), what, most=most, per=HOUR, key=key)
            waits.append(0)
        except TooOften as broken:
            waits.append(broken.minutes)
    return waits


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Noon; `clock(20)` goes 20 minutes on."""
    at = [timezone.make_aware(timezone.datetime(2026, 11, 3, 12, 0))]
    monkeypatch.setattr(timezone, "now", lambda: at[0])

    def on(minutes: float) -> None:
        at[0] += timedelta(minutes=minutes)

    return on


@pytest.mark.django_db
def test_after_the_most_it_says_how_long_and_later_it_may_again(clock: Any) -> None:
    assert tries(1) == [0]
    clock(20)
    assert tries(3) == [0, 40, 40]
    clock(39.5)
    with pytest.raises(TooOften, match="over 1 minuut opnieuw"):
        allow(request(), "test", most=2, per=HOUR)
    clock(0.5)
    assert tries(2) == [0, 20]


@pytest.mark.django_db
def test_each_address_thing_and_key_counts_by_itself() -> None:
    assert tries(3) == [0, 0, 60]
    assert tries(1, address="192.0.2.2") == [0]
    assert tries(1, what="other") == [0]
    assert tries(2, most=1, key="a") == [0, 60]
    assert tries(1, most=1, key="a", address="192.0.2.9") == [60]


@pytest.mark.django_db
def test_no_address_is_kept_and_the_next_day_it_is_another_hash(clock: Any) -> None:
    tries(1)
    clock(13 * 60)
    tries(1)
    kept = list(Attempt.objects.order_by("at").values_list("who", flat=True))
    assert [len(who) for who in kept] == [64, 64]
    assert kept[0] != kept[1]
    assert not any("192.0.2" in str(row) for row in Attempt.objects.values_list())


@pytest.mark.django_db
def test_after_a_day_nothing_is_left_not_even_in_the_history(clock: Any) -> None:
    tries(2)
    clock(24 * 60)
    tries(1)
    assert limits.forget() == 0
    clock(1)
    assert limits.forget() == 2
    assert Attempt.objects.count() == 1
    assert SharedHistory.objects.filter(table="core_attempt").count() == 0


@pytest.mark.django_db
def test_what_a_broken_rule_takes_back_does_not_count() -> None:
    for _ in range(3):
        with transaction.atomic():
            allow(request(), "test", most=1, per=HOUR)
            transaction.set_rollback(True)
    assert tries(2, most=1) == [0, 60]


@pytest.mark.django_db(transaction=True)
def test_two_processes_do_not_both_take_the_last_place() -> None:
    waits: list[int] = []

    def attempt() -> None:
        waits.extend(tries(1, most=1))
        connection.close()

    with transaction.atomic():
        allow(request("192.0.2.3"), "warm up", most=1, per=HOUR)
    at_once = [threading.Thread(target=attempt) for _ in range(4)]
    for thread in at_once:
        thread.start()
    for thread in at_once:
        thread.join()
    assert sorted(waits) == [0, 60, 60, 60]


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "expected"),
    [
        (0, "192.0.2.1", "", "192.0.2.1"),
        (0, "192.0.2.1", "198.51.100.9", "192.0.2.1"),
        (1, "127.0.0.1", "198.51.100.9", "198.51.100.9"),
        (1, "127.0.0.1", "203.0.113.5, 198.51.100.9", "198.51.100.9"),
        (2, "127.0.0.1", "203.0.113.5, 198.51.100.9, 10.0.0.1", "198.51.100.9"),
        (2, "127.0.0.1", "198.51.100.9", "127.0.0.1"),
        (1, "127.0.0.1", "", ""),
        (1, "127.0.0.1", "unknown", ""),
        (0, "", "", ""),
        (0, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        (0, "::ffff:192.0.2.1", "", "192.0.2.1"),
    ],
    ids=[
        "no proxy", "no proxy is believed", "one proxy", "what the visitor made up is skipped", "two proxies",
        "fewer than there are", "one proxy and no header", "no address in it", "a socket", "a connection of IPv6",
        "IPv4 written as IPv6",
    ],
)  # fmt: skip
def test_whose_address(settings: Any, proxies: int, peer: str, forwarded: str, expected: str) -> None:
    settings.PROXIES = proxies
    assert address_of(request(peer, HTTP_X_FORWARDED_FOR=forwarded)) == expected
