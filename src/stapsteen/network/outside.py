"""Where someone can go beside the services of this installation: numbers that ship with the house, and services' own.

Shipped are only public numbers that hold for all of Flanders and Brussels in Dutch; each with the page that says so.
A number changes rarely; who finds it changed puts the right one in its place in the settings, or hides it, and reports it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from stapsteen.network.models import Coverage, OutsideService


@dataclass(frozen=True)
class Help:
    """One place to go to: what it does in a sentence, how to reach it, and where we know that from."""

    name: str
    what: str | Promise
    phone: str = ""
    url: str = ""
    source: str = ""


SHIPPED = (
    Help(
        "CAW",
        _("Je kan er altijd terecht met een vraag of een probleem. Het is gratis."),
        "0800 13 500",
        "https://www.caw.be/",
        "https://www.caw.be/",
    ),
    Help(
        "VDAB",
        _("Voor werk en opleiding. Bellen is gratis."),
        "0800 30 700",
        "https://www.vdab.be/",
        "https://www.vdab.be/contact",
    ),
)
"""First help with a question about life, work or training."""
LISTENING = (
    Help(
        "Tele-Onthaal",
        _("Praat met iemand die luistert. Dag en nacht."),
        "106",
        "https://www.tele-onthaal.be/",
        "https://www.tele-onthaal.be/",
    ),
    Help(
        "Awel",
        _("Voor kinderen en jongeren. Je zegt je naam niet."),
        "102",
        "https://www.awel.be/",
        "https://www.awel.be/",
    ),
    Help(
        "1712",
        _("Voor vragen over geweld. Bellen is gratis."),
        "1712",
        "https://1712.be/",
        "https://1712.be/",
    ),
    Help(
        "Zelfmoordlijn",
        _("Denk je aan zelfmoord? Bel dag en nacht."),
        "1813",
        "https://www.zelfmoord1813.be/",
        "https://www.zelfmoord1813.be/",
    ),
)
"""Someone to talk with, at once."""
NAMES = frozenset(row.name for row in (*SHIPPED, *LISTENING))


def shipped(name: str) -> Help | None:
    """The one that ships with the house by that name."""
    return next((row for row in (*SHIPPED, *LISTENING) if row.name == name), None)


def municipal(town: str) -> Help:
    """The public centre for social welfare of the town: every Belgian municipality has one (organic law of 8 July 1976)."""
    name = translate("OCMW of Sociaal Huis van %(town)s") % {"town": town}
    return Help(name, translate("Zij kennen de hulp in je buurt. Ga langs of bel."))


def help_for(nis: str, town: str = "") -> list[Help]:
    """Where to go for who lives in that municipality, nearest first; without `nis` what holds everywhere."""
    rows = list(_rows_for(nis))
    own = [_told(row) for row in rows if not row.hidden and shipped(row.name) not in LISTENING]
    return [*([municipal(town)] if town else []), *own, *_left(SHIPPED, rows)]


def listening_for(nis: str = "") -> list[Help]:
    """Whom to talk with at once, for who lives there: as shipped, or as the service of that place has it."""
    rows = list(_rows_for(nis))
    own = [_told(row) for row in rows if not row.hidden and shipped(row.name) in LISTENING]
    return [*_left(LISTENING, rows), *own]


def _left(ready: tuple[Help, ...], rows: list[OutsideService]) -> list[Help]:
    """What ships with the house, without what a service hides or has in another way."""
    other = {row.name for row in rows}
    return [row for row in ready if row.name not in other]


def _told(row: OutsideService) -> Help:
    language = get_language() or "nl"
    return Help(row.name, row.what.get(language) or row.what.get("nl", ""), row.phone, row.url, row.source)


def _rows_for(nis: str) -> Iterable[OutsideService]:
    """What services added: for the municipalities that a row names, else for those that its service covers."""
    if not nis:
        return []
    covering = set(Coverage.objects.filter(municipality__nis=nis).values_list("service_id", flat=True))
    return [
        row
        for row in OutsideService.objects.order_by("name", "id")
        if (nis in row.municipalities if row.municipalities else row.service_id in covering)
    ]
