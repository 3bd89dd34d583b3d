"""Two records side by side, in words: what each says, and which value would stay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stapsteen.core.halfdays import in_words
from stapsteen.people.actions.merging import ADDRESS, JOINED, default_way, parts, same
from stapsteen.people.models import AVOID, COMPANY, DUTCH_LEVELS, MOBILITY, REACH, SECTORS, SUPPORT, Person
from stapsteen.people.queries import current_address, town_of

LABELS: dict[str, Any] = {
    "first_name": _("Voornaam"), "last_name": _("Achternaam"), "birth": _("Geboren"), "phone": _("Telefoon"),
    "email": _("E-mailadres"), ADDRESS: _("Adres"), "language": _("Taal"), "reach_by": _("Best bereikbaar via"),
    "interpreter": _("Tolk"), "dutch_listening": _("Nederlands: luisteren"),
    "dutch_speaking": _("Nederlands: spreken"), "dutch_reading": _("Nederlands: lezen"),
    "dutch_writing": _("Nederlands: schrijven"), "half_days": _("Vrij op"), "interests": _("Doet graag"),
    "talents": _("Goed in"), "wishes": _("Wil graag"), "sectors": _("Soort werk"),
    "own_experience": _("Eigen ervaring"), "company": _("Met wie"), "mobility": _("Vervoer"),
    "travel_minutes": _("Minuten onderweg"),
    "attention_points": _("Let op"), "no_gos": _("Kan echt niet"), "avoid": _("Plek zonder"),
    "support": _("Steun op een plek"),
    "support_note": _("Over die steun"), "insz": _("Rijksregisternummer"),
}  # fmt: skip
CODES: dict[str, dict[str, Any]] = {
    "reach_by": REACH, "company": COMPANY, "mobility": MOBILITY, "sectors": SECTORS, "avoid": AVOID,
    "support": SUPPORT,
    **dict.fromkeys(("dutch_listening", "dutch_speaking", "dutch_reading", "dutch_writing"), DUTCH_LEVELS),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A part of both records in words; `differs`: both say something else. `default`: what stays when nobody chooses."""

    name: str
    label: str | Promise
    mine: str
    theirs: str
    differs: bool
    default: str

    @property
    def choice(self) -> tuple[str, Any, str, str, str, bool]:
        return self.name, self.label, self.mine, self.theirs, self.default, self.name in JOINED


def compare(kept: Person, double: Person) -> list[Line]:
    """All parts of which at least one record says something, in the order of LABELS."""
    known = {name: words(kept, name) for name in parts()}
    found = [_line(name, known[name], words(double, name), kept, double) for name in known]
    mine, theirs = _home(kept), _home(double)
    differs = bool(mine and theirs and mine != theirs)
    found.append(Line(ADDRESS, LABELS[ADDRESS], mine, theirs, differs, "kept"))
    order = list(LABELS)
    return sorted(
        (line for line in found if line.mine or line.theirs), key=lambda line: order.index(line.name)
    )


def _line(name: str, mine: str, theirs: str, kept: Person, double: Person) -> Line:
    differs = bool(mine and theirs) and not same(kept, double, name)
    return Line(name, LABELS[name], mine, theirs, differs, default_way(kept, double, name))


def words(person: Person, name: str) -> str:
    """What the record says here; '' for nothing."""
    if name == "birth":
        return date_format(person.birth_date, "j F Y") if person.birth_date else str(person.birth_year or "")
    value = getattr(person, name)
    if name == "half_days":
        return in_words(value) if value else ""
    if isinstance(value, list):
        return ", ".join(str(CODES[name].get(key, key)) for key in value)
    return str(CODES.get(name, {}).get(value, value or ""))


def _home(person: Person) -> str:
    address = current_address(person)
    if address is None:
        return ""
    return ", ".join(part for part in (address.street, address.postal_code, town_of(address)) if part)
