"""What a file says of mobility, support, income, residence, how to reach somebody, and the people around.

Each reader gives keys of the house (people/models, people/statuses) and whether the whole text was understood; what
wasn't stays as a note. Nothing is made up: "geen auto" is no car, and no answer either.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from stapsteen.imports.reader.plan import Around
from stapsteen.imports.reader.rows import Row
from stapsteen.imports.reader.text import clip, fold

NONE: Final = frozenset(("geen", "nee", "neen", "niet", "nvt", "aucun", "non", "none", "no"))
YES: Final = frozenset(("ja", "x", "oui", "yes", "ok", "1"))
_SPLIT = re.compile(r"[,;/+&\n]|\ben\b|\bof\b|\bet\b|\bou\b|\band\b|\bor\b")
_NOT = re.compile(r"^(geen|niet|kan niet|zonder|pas de|sans|no|not)\b")
_MINUTES = re.compile(r"(\d{1,3})\s*(?:minuten|minutes|min\b|m\b|')")
_FILLER = frozenset(
    ("max", "maximum", "hoogstens", "tot", "met", "de", "met de", "", "eigen", "liefst", "enkel")
)
_MAIL = re.compile(r"[^\s,;()<>]+@[^\s,;()<>]+\.[^\s,;()<>]+")
_PHONE = re.compile(r"\+?\d[\d\s/.\-()]{6,}\d")

MOBILITY: Final = (
    ("foot", re.compile(r"\bvoet\b|wandel|stappen|\bpied\b|\bfoot\b|walk")),
    ("bike", re.compile(r"fiets|velo|\bbike|bicycle")),
    (
        "transit",
        re.compile(r"\bbus\b|tram|trein|metro|openbaar vervoer|\bov\b|de lijn|commun|public transport|train"),
    ),
    ("car", re.compile(r"\bauto\b|wagen|rijbewijs|voiture|\bcar\b")),
    ("company", re.compile(r"iemand mee|meega|samen|begeleid|accompagn")),
)
SUPPORT: Final = (
    ("language", re.compile(r"\btaal|vertal|tolk|langue|language")),
    (
        "closeness",
        re.compile(r"nabij|dichtbij|vertrouw|een aanspreek|vast persoon|vaste persoon|proche|near"),
    ),
    ("structure", re.compile(r"structuur|vaste (uren|taken|dagen)|structure")),
    ("explaining", re.compile(r"stap voor stap|uitleg|voordoen|tonen|herhal|expli")),
    ("rest", re.compile(r"\brust|prikkel|tempo|calme|quiet")),
    ("start", re.compile(r"opstart|inwerk|inloop")),
    ("physical", re.compile(r"licht|fysiek|lichamelijk|physi")),
)
REACH: Final = (
    ("sms", re.compile(r"\bsms\b|whatsapp|berichtje")),
    ("mail", re.compile(r"\be? ?mail\b|courriel")),
    ("letter", re.compile(r"\bbrief\b|per post|lettre|letter")),
    ("helper", re.compile(r"\bvia\b|hulpverlener|maatschappelijk werk")),
    ("call", re.compile(r"\bbel|telefo|\bgsm\b|appel|call|phone")),
)
BENEFIT: Final = (
    ("asylum_allowance", re.compile(r"daguitkering|daggeld|fedasil")),
    ("swt", re.compile(r"\bswt\b|brugpensioen|bedrijfstoeslag|\brcc\b|prepension")),
    ("time_credit", re.compile(r"tijdskrediet|tijdkrediet|loopbaanonderbreking|credit temps")),
    ("ocmw_equivalent", re.compile(r"equivalent|gelijk aan (een )?leefloon|gelijkgesteld")),
    ("leefloon", re.compile(r"leefloon|revenu d integration|\bris\b")),
    ("disability_allowance", re.compile(r"tegemoetkoming|\bivt\b|\bfod\b|allocation.*handicap")),
    ("invalidity", re.compile(r"invalid")),
    ("sickness", re.compile(r"\bziek|mutualiteit|ziekenfonds|arbeidsongeschikt|maladie|mutuelle|sickness")),
    (
        "unemployment",
        re.compile(r"werkloos|\brva\b|stempel|inschakelingsuitkering|chomage|\bonem\b|unemploy"),
    ),
    ("pension", re.compile(r"pensioen|pension|\bigo\b|\bgrapa\b")),
    (
        "no_benefit",
        re.compile(r"^(geen( inkomen| uitkering| inkomsten)?|aucun|aucune|none|no income|nee|neen)$"),
    ),
)
RESIDENCE: Final = (
    ("no_stay", re.compile(r"geen (wettig )?verblijf|zonder (wettig|papieren)|illegaal|onwettig|sans papiers")),
    ("reception", re.compile(r"asiel|recht op opvang|oranje kaart|immatriculatie|asile|asylum")),
    ("eu", re.compile(r"\beu\b|europese|union europeenne|\beuropean")),
    ("belgian", re.compile(r"\bbelg")),
    ("permit", re.compile(r"\b[a-n] kaart|kaart [a-n]\b|verblijfs?(kaart|titel|document|vergunning)|vluchteling|subsidiair|"
                          r"carte [a-n]\b|titre de sejour|permit")),
)  # fmt: skip
type Words = tuple[tuple[str, re.Pattern[str]], ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The keys that a text names, in the order of the house; `whole`: nothing was left over."""

    keys: tuple[str, ...] = ()
    whole: bool = True


def parse_several(text: str, words: Words) -> Chosen:
    """'fiets, bus' -> bike, transit. A part with a 'no' in it counts as not understood."""
    found, whole = set(), True
    for part in _SPLIT.split(_MINUTES.sub(" ", clip(text).casefold())):
        plain = fold(part)
        if plain in _FILLER:
            continue
        keys = [] if _NOT.search(plain) else [key for key, pattern in words if pattern.search(plain)]
        found.update(keys)
        whole = whole and bool(keys)
    return Chosen(tuple(key for key, _ in words if key in found), whole)


def parse_one(text: str, words: Words) -> str:
    """The first key that fits, else ''."""
    plain = fold(clip(text))
    return next((key for key, pattern in words if pattern.search(plain)), "")


def parse_minutes(text: str) -> int | None:
    """'max 20 min' -> 20; None without a number of minutes that somebody would travel."""
    found = _MINUTES.search(clip(text).casefold())
    return int(found[1]) if found and 0 < int(found[1]) <= 180 else None


def parse_around(kind: str, text: str) -> Around | None:
    """'Jan Smets (CAW), 014 11 22 33'; 'ja' is someone without a name, 'geen' nobody."""
    text = clip(text)
    plain = fold(text)
    if not plain or plain in NONE:
        return None
    if plain in YES:
        return Around(kind)
    mail, phone = _MAIL.search(text), _PHONE.search(text)
    rest = _PHONE.sub(" ", _MAIL.sub(" ", text))
    parts = [" ".join(part.split()).strip(" .:-") for part in re.split(r"[,;()\n]", rest)]
    name, organisation, *more = [*filter(None, parts), "", ""]
    return Around(
        kind, name[:120], organisation[:120], phone[0].strip()[:40] if phone else "", mail[0] if mail else "",
        ", ".join(filter(None, more)),
    )  # fmt: skip


# Fields of a row -------------------------------------------------------------------------------------------------

AROUND: Final = (
    ("representative", "representative"),
    ("budget_manager", "budget_manager"),
    ("helper", "professional"),
)
"""Column -> kind of Supporter."""
SKILLS: Final = ("dutch_listening", "dutch_speaking", "dutch_reading", "dutch_writing")


def read_around(row: Row) -> tuple[Around, ...]:
    read = [parse_around(kind, row.text(name)) for name, kind in AROUND]
    return tuple(someone for someone in read if someone is not None)


def read_several(row: Row, name: str, words: Words) -> tuple[str, ...]:
    """The keys; a text that wasn't understood as a whole is told and stays as a note too."""
    text = row.text(name)
    read = parse_several(text, words) if text else Chosen()
    if not read.whole:
        row.keep("choice_unclear", name)
    return read.keys


def read_one(row: Row, name: str, words: Words) -> str:
    """One key; without one the text stays as a note."""
    text = row.text(name)
    if not text:
        return ""
    asked = parse_one(row.columns[name].heading, words)  # a column "Leefloon" with 'x' or 'nee' in it
    if asked and fold(text) in NONE:
        row.note(name)
        return ""
    key = parse_one(text, words) or (asked if fold(text) in YES else "")
    if not key:
        row.keep("choice_unclear", name)
    return key
