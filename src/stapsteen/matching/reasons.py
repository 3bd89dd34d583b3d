"""Reasons in plain words: what speaks for a place, what must be asked first, and the one thing that would open it.

Never a number: a chance belongs to the fit in the engine, no score of a person is shown anywhere (requirement E3).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stapsteen.core import halfdays
from stapsteen.hosts.models import DUTCH_SKILLS, LIFTS, SECTORS
from stapsteen.matching import facts, travel
from stapsteen.matching.facts import Offer, Seeker
from stapsteen.people.models import SUPPORT

FAR_KM = 15.0
"""From here on the way is a reason against (about 45 minutes by public transport)."""


@dataclass(frozen=True)
class Reason:
    """`code` is kept in the trace; `good`: speaks for the place, else something to look at first."""

    code: str
    good: bool
    text: str


def reasons(one: Seeker, offer: Offer, day: date) -> list[Reason]:
    """Everything that speaks for or against, what is good first."""
    found = [
        *_wish(one, offer),
        *_way(one, offer),
        *_moment(one, offer),
        *_dutch(one, offer),
        *_support(one, offer),
    ]
    found += [*_part(offer), *_start(offer, day), *_room(offer)]
    return sorted(found, key=lambda reason: not reason.good)


def _wish(one: Seeker, offer: Offer) -> Iterator[Reason]:
    if offer.facts.sector in one.person.sectors:
        yield Reason("wish", True, _("Dit vraagt de persoon zelf: %(what)s") % {"what": sector_word(offer)})
    elif one.person.sectors:
        yield Reason("other_wish", False, _("De persoon koos andere soorten werk"))


def sector_word(offer: Offer) -> str:
    return str(SECTORS[offer.facts.sector]).lower()


def _way(one: Seeker, offer: Offer) -> Iterator[Reason]:
    km = facts.distance(one, offer)
    if km is None:
        yield Reason("way_unknown", False, _("We weten niet hoe ver het is: een adres ontbreekt"))
        return
    text = travel.in_words(km, one.person.mobility, offer.facts.travel)
    if km > FAR_KM:
        yield Reason("far", False, _("Een eind weg: %(way)s") % {"way": text})
    else:
        yield Reason("near", True, text[:1].upper() + text[1:])
    if not set(one.person.mobility) - {"company"}:
        yield Reason("way_unasked", False, _("Vraag hoe de persoon daar geraakt"))


def _moment(one: Seeker, offer: Offer) -> Iterator[Reason]:
    if not one.half_days:
        yield Reason("moment_unknown", False, _("We weten niet wanneer de persoon kan"))
    elif not offer.facts.half_days:
        yield Reason("any_moment", True, _("Kan op elk moment"))
    elif both := halfdays.in_words(one.half_days & offer.facts.half_days):
        yield Reason("moment", True, _("Past op %(days)s") % {"days": both})
    else:
        yield Reason("no_moment", False, _("De persoon kan niet als de taak er is"))


def _dutch(one: Seeker, offer: Offer) -> Iterator[Reason]:
    """What nobody asked yet is asked first; it never counts as too little (defaults: otherwise ask, don't refuse)."""
    unknown = [str(DUTCH_SKILLS[skill]) for skill in offer.needs.dutch if skill not in one.dutch]
    if unknown:
        what = ", ".join(unknown)
        yield Reason("dutch_unknown", False, _("Vraag na hoe het Nederlands gaat: %(what)s") % {"what": what})
    elif offer.needs.dutch:
        yield Reason("dutch", True, _("Het Nederlands volstaat"))
    else:
        yield Reason("no_dutch", True, _("Er is geen Nederlands voor nodig"))


def _support(one: Seeker, offer: Offer) -> Iterator[Reason]:
    needed = [kind for kind in SUPPORT if kind in one.person.support]
    given = [str(SUPPORT[kind]) for kind in needed if kind in offer.offered]
    unspoken = [str(SUPPORT[kind]) for kind in needed if kind not in offer.offered]
    if given:
        yield Reason("support", True, _("De organisatie geeft %(what)s") % {"what": ", ".join(given)})
    if unspoken:
        yield Reason(
            "support_unasked",
            False,
            _("Bespreek met de organisatie: %(what)s") % {"what": ", ".join(unspoken)},
        )


def _part(offer: Offer) -> Iterator[Reason]:
    if offer.part is not None:
        lifted = ", ".join(str(LIFTS[code]) for code in offer.part.lifts)
        text = _("Een deeltaak past: %(part)s. Dan valt weg: %(lifted)s")
        yield Reason("part", False, text % {"part": offer.part.title, "lifted": lifted})


def _start(offer: Offer, day: date) -> Iterator[Reason]:
    first = offer.facts.first_day
    if first and first > day:
        yield Reason("later", False, _("Begint pas op %(day)s") % {"day": date_format(first, "j F")})
    last = offer.facts.last_day
    if last:
        yield Reason("ends", False, _("Loopt tot %(day)s") % {"day": date_format(last, "j F Y")})


def _room(offer: Offer) -> Iterator[Reason]:
    left = offer.guidance.left or 0
    text = ngettext("Kan nog %(n)s persoon begeleiden", "Kan nog %(n)s mensen begeleiden", left) % {"n": left}
    yield Reason("room", True, text)
    if offer.asks < 1:
        yield Reason("asked", False, _("Kreeg deze maand al genoeg vragen: wacht tot volgende maand"))
