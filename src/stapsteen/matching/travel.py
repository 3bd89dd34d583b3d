"""How far somebody gets, by each way of travelling. Straight lines between municipalities; no map service is asked.

Minutes from door to door: a fixed part (waiting, parking) and minutes per kilometre as the crow flies, rounded to what
Flemish travel behaviour surveys give for short trips (Onderzoek Verplaatsingsgedrag: on foot 5 km/h, by bicycle 14,
by bus or tram 20, by car 35), a fifth slower for the detour. Within one municipality two kilometres are counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import cos, radians

from django.utils.translation import gettext as _

MODES = ("foot", "bike", "transit", "car")
FIXED = {"foot": 0.0, "bike": 2.0, "transit": 15.0, "car": 5.0}
PER_KM = {"foot": 15.0, "bike": 5.2, "transit": 3.6, "car": 2.1}
NEARBY = 2.0
"""Kilometres within one municipality, whose centre is all that is known."""
USUAL_MINUTES = 45
"""When nobody asked how long the person can be on the way."""
KM_PER_DEGREE = 111.2


def position(latitude: float, longitude: float) -> tuple[float, float]:
    """Kilometres east and north on a flat Flanders."""
    return longitude * KM_PER_DEGREE * cos(radians(51.0)), latitude * KM_PER_DEGREE


def ways(mobility: Iterable[str]) -> list[str]:
    """The ways that somebody uses; with company, and when nothing is known: on foot or by public transport."""
    used = [mode for mode in MODES if mode in set(mobility)]
    return used or ["foot", "transit"]


def reach(mobility: Iterable[str], minutes: int | None) -> list[float]:
    """Kilometres for each of MODES within so many minutes; 0 for a way that isn't used."""
    used, time = ways(mobility), USUAL_MINUTES if minutes is None else minutes
    return [max(0.0, time - FIXED[mode]) / PER_KM[mode] if mode in used else 0.0 for mode in MODES]


def reachable_by(said: Iterable[str]) -> set[str]:
    """The ways in which a place can be reached, from what was said of it; nothing said: all of them.

    A road for a bicycle is one for a walker, and a car comes everywhere.
    """
    by = set(said)
    if not by:
        return set(MODES)
    return by | {"car"} | ({"foot"} if "bike" in by else set())


def minutes(km: float, mobility: Iterable[str], by: Iterable[str] = ()) -> tuple[int, str]:
    """The quickest way: minutes, rounded to five, and its mode. `by`: what was said of how the place can be reached."""
    possible = [mode for mode in ways(mobility) if mode in reachable_by(by)] or ways(mobility)
    time, mode = min((FIXED[mode] + PER_KM[mode] * max(km, NEARBY), mode) for mode in possible)
    return max(5, 5 * round(time / 5)), mode


def way_words(mode: str) -> str:
    """'met de fiets'."""
    said = {
        "foot": _("te voet"),
        "bike": _("met de fiets"),
        "transit": _("met bus, tram of trein"),
        "car": _("met de auto"),
    }
    return said[mode]


def in_words(km: float, mobility: Iterable[str], by: Iterable[str] = ()) -> str:
    """'ongeveer 20 minuten met de fiets'."""
    time, mode = minutes(km, mobility, by)
    said = {
        "foot": _("ongeveer %(n)s minuten te voet"),
        "bike": _("ongeveer %(n)s minuten met de fiets"),
        "transit": _("ongeveer %(n)s minuten met bus, tram of trein"),
        "car": _("ongeveer %(n)s minuten met de auto"),
    }
    return said[mode] % {"n": time}
