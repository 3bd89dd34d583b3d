"""Who may be the same person as somebody (requirement B7): found in two steps, in a fixed number of queries.

First the database gives a short list: whoever has two words of the name more or less alike (in any order, half of each word
may be wrong), or the same day of birth, telephone or mail. Then each of these is weighed. Nothing is decided here: a
colleague looks, and says "the same" (merge) or "not the same" (remembered).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import reduce
from itertools import combinations
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz

from stapsteen.network.places import fold
from stapsteen.people.models import NotTheSame, Person
from stapsteen.people.sounds import sounds_like, spelled

POSSIBLE, LIKELY = 60, 90
"""Points from which two records may be one person, and from which they nearly surely are; found by the table of pairs in
tests/test_doubles.py."""
ALIKE = 75
"""How much two words must look alike, of 100."""
MOST_LOOKED_AT, WORDS = 60, 5
SHORTEST_PHONE = 8
GLUED_ON = r"\m(?:van ?)?(?:de[nr]? ?)?"
GLUED = re.compile(spelled("van") + "(?:te[nr]?)?|te[nr]?")
"""Van, vande, vanden, vander, de, den, der at the start of a word in one spelling."""
PARTICLES = {"van", "der", "den", "de", "el", "al", "la", "le", "du", "von", "ter", "ten"}


@dataclass(frozen=True)
class Traits:
    """What somebody is recognised by; anything may be missing."""

    first_name: str
    last_name: str = ""
    birth_date: date | None = None
    birth_year: int | None = None
    phone: str = ""
    email: str = ""

    @property
    def first_words(self) -> list[str]:
        return _words(self.first_name)

    @property
    def words(self) -> list[str]:
        """The name's words in one spelling, without the small words in between (Vandenbroeck is Van den Broeck)."""
        return [*self.first_words, *(_bare(word) for word in _words(self.last_name))]

    @property
    def phone_end(self) -> str:
        """The last eight digits: the same with 0, +32 or 0032 before it."""
        digits = re.sub(r"\D", "", self.phone)
        return digits[-SHORTEST_PHONE:] if len(digits) >= SHORTEST_PHONE else ""


@dataclass(frozen=True)
class Double:
    """Somebody who may be the same person: how many points, and why, in words."""

    person: Person
    points: int
    reasons: tuple[str | Promise, ...]

    @property
    def likely(self) -> bool:
        return self.points >= LIKELY


def _words(name: str) -> list[str]:
    found = re.sub(r"\b(ben|bin|abu|ait) (?=\w)", r"\1", fold(name)).split()
    return [spelled(word) for word in found if word not in PARTICLES] or [spelled(word) for word in found]


def _bare(word: str) -> str:
    """Without the particle that is written onto it, as long as something is left."""
    rest = GLUED.sub("", word)
    return rest if len(rest) >= 4 else word


def traits_of(person: Person) -> Traits:
    return Traits(
        person.first_name, person.last_name, person.birth_date, person.birth_year, person.phone, person.email
    )


def doubles_of(person: Person) -> list[Double]:
    """Others of the open scope's service who may be this person, the likeliest first; two queries."""
    rows = NotTheSame.objects.filter(Q(person=person) | Q(other=person)).values_list("person_id", "other_id")
    told_apart = {key for pair in rows for key in pair}
    return find(traits_of(person), besides={person.pk, *told_apart})


def find(traits: Traits, besides: set[UUID] | None = None) -> list[Double]:
    """Whom these traits may mean, the likeliest first; one query."""
    rows = Person.objects.filter(_alike(traits), erased_at=None, merged_into=None).exclude(
        pk__in=besides or ()
    )
    weighed = [weigh(traits, person) for person in rows.order_by("-created_at", "-id")[:MOST_LOOKED_AT]]
    found = [double for double in weighed if double.points >= POSSIBLE]
    return sorted(found, key=lambda double: (-double.points, str(double.person)))


# The short list ----------------------------------------------------------------------------------------------------


def _alike(traits: Traits) -> Q:
    conditions = [_two_words(traits.words[:WORDS])]
    if traits.birth_date:
        conditions.append(Q(birth_date=traits.birth_date))
    year = traits.birth_date.year if traits.birth_date else traits.birth_year
    if year and traits.words:
        conditions.append(Q(birth_year=year) & _word(traits.words[0]))
    if traits.phone_end:
        conditions.append(Q(phone__regex=r"\D*".join(traits.phone_end) + r"\D*$"))
    if traits.email:
        conditions.append(Q(email__iexact=traits.email))
    return reduce(or_, conditions)


def _two_words(words: list[str]) -> Q:
    """Any two words of the name, each in the first or the last name; of a single word, that one exactly and alone."""
    if len(words) < 2:
        return Q(first_name__iregex=f"^{sounds_like(words[0])}$", last_name="") if words else Q(pk=None)
    return reduce(or_, (_word(one) & _word(other) for one, other in combinations(words, 2)))


def _word(word: str) -> Q:
    """The word in the first or last name: its first half or its last half may be wrong."""
    half = (len(word) + 1) // 2
    whole = rf"\m{sounds_like(word)}\M"
    begins, ends = rf"{GLUED_ON}{sounds_like(word[:half])}", rf"{sounds_like(word[-half:])}\M"
    pattern = whole if len(word) < 4 else f"{begins}|{ends}"
    return Q(first_name__iregex=pattern) | Q(last_name__iregex=pattern)


# Weighing ----------------------------------------------------------------------------------------------------------


def weigh(traits: Traits, person: Person) -> Double:
    """Points for what agrees, minus points for what can't both be true. Without a like name nothing is enough."""
    other = traits_of(person)
    name, why = _name_points(traits, other)
    found = [
        (name, why),
        _birth_points(traits, other),
        _phone_points(traits, other),
        _mail_points(traits, other),
    ]
    points = sum(value for value, _why in found)
    if name == 0:
        points = min(points, POSSIBLE - 1)
    return Double(person, points, tuple(why for value, why in found if value > 0 and why))


def _name_points(one: Traits, other: Traits) -> tuple[int, Any]:
    if not one.words or not other.words:
        return 0, ""
    few, many = sorted((one.words, other.words), key=len)
    matches = _best_matches(few, many)
    good = [pair for pair, score in matches.items() if score >= ALIKE]
    if len(good) >= 2:
        return _whole_name(list(matches.values()), len(few) == len(many))
    if len(few) == 1 and good:
        return (30, _("dezelfde voornaam")) if len(many) > 1 else (50, _("dezelfde naam"))
    first = {*one.first_words, *other.first_words}
    return (30, _("dezelfde voornaam")) if any(word in first for pair in good for word in pair) else (0, "")


def _whole_name(scores: list[float], as_long: bool) -> tuple[int, Any]:
    """By the mean likeness of the words; a longer name may have words that the other leaves out."""
    mean = sum(scores) / len(scores)
    if mean >= 99 and as_long:
        return 60, _("dezelfde naam")
    if min(scores) >= ALIKE and mean >= 88:
        return 60, _("de naam lijkt erg")
    return 40, _("de naam lijkt een beetje")


def _best_matches(few: list[str], many: list[str]) -> dict[tuple[str, str], float]:
    """For each word of the shorter name its best partner in the other, each used once; 0-100."""
    left, found = list(many), {}
    for word in sorted(few, key=len, reverse=True):
        best = max(left, key=lambda candidate: (_likeness(word, candidate), candidate))
        left.remove(best)
        found[word, best] = _likeness(word, best)
    return found


def _likeness(one: str, other: str) -> float:
    """0-100. A short form (Mo, Fati), an initial or the end of a name counts as a like word."""
    short, long = sorted((one, other), key=len)
    if short == long:
        return 100.0
    if long.startswith(short) or (len(short) >= 4 and long.endswith(short)):
        return 85.0 if len(short) > 1 else float(ALIKE)
    return fuzz.ratio(one, other)


def _birth_points(one: Traits, other: Traits) -> tuple[int, Any]:
    if one.birth_date and other.birth_date:
        return _dates(one.birth_date, other.birth_date)
    mine, theirs = _year(one), _year(other)
    if mine is None or theirs is None:
        return 0, ""
    if mine == theirs:
        return 20, _("hetzelfde geboortejaar")
    return (0, "") if abs(mine - theirs) == 1 else (-35, "")


def _year(traits: Traits) -> int | None:
    return traits.birth_date.year if traits.birth_date else traits.birth_year


def _dates(one: date, other: date) -> tuple[int, Any]:
    """The same; a slip of the pen (day and month turned round, one part wrong; 1 January: unknown); or another."""
    if one == other:
        return 40, _("dezelfde geboortedatum")
    same = [one.day == other.day, one.month == other.month, one.year == other.year]
    turned = (one.day, one.month) == (other.month, other.day) and same[2]
    unknown = same[2] and ((1, 1) in {(one.day, one.month), (other.day, other.month)})
    near = sum(same) == 2 and (same[2] or abs(one.year - other.year) in {1, 9, 10, 100})
    return (15, _("de geboortedatum lijkt erg")) if turned or unknown or near else (-35, "")


def _phone_points(one: Traits, other: Traits) -> tuple[int, Any]:
    same = one.phone_end and one.phone_end == other.phone_end
    return (30, _("hetzelfde telefoonnummer")) if same else (0, "")


def _mail_points(one: Traits, other: Traits) -> tuple[int, Any]:
    same = one.email and one.email.casefold() == other.email.casefold()
    return (35, _("hetzelfde e-mailadres")) if same else (0, "")
