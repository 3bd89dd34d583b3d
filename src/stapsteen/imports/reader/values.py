"""Levels of Dutch, numbers, telephone, mail, yes or no, aims, national number: one parser each, none raises."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final, Literal

from stdnum.be import bis, nn
from stdnum.exceptions import ValidationError

from stapsteen.imports.reader.text import clip, fold, shown
from stapsteen.imports.reader.workbook import Value

type Aim = Literal["stepping_stone", "possible_stepping_stone", "end_in_itself"]

# NT2 step against the European scale: only rough (Taalunieversum, 2013).
CEFR_OF_STEP: Final = {
    "1.1": "A1", "1.2": "A2", "2": "B1", "2.1": "B1", "2.2": "B1", "3": "B2", "3.1": "B2", "3.2": "B2", "4": "C1",
}  # fmt: skip
STEP_OF_CEFR: Final = {"A1": "1.1", "A2": "1.2", "B1": "2", "B2": "3", "C1": "4", "C2": "4"}
_LEVEL = re.compile(r"\b([abc][12]|[1-4](?:[.,][12])?)\b")
_NATIVE = (
    "moedertaal",
    "native",
    "langue maternelle",
    "mother tongue",
    "nederlandstalig",
    "neerlandophone",
    "thuistaal",
)
_NO_DUTCH = ("geen", "nihil", "nul", "aucun", "none", "nee", "niet", "0")


@dataclass(frozen=True, slots=True)
class DutchRead:
    """Level of Dutch: `step` on the NT2 scale, `cefr` beside it. All empty and not native: no level was found.

    `none` is 'no Dutch' for a person and 'no demand' for a task. `sure` False: a question mark or a range.
    """

    step: str = ""
    cefr: str = ""
    native: bool = False
    none: bool = False
    sure: bool = True

    @property
    def found(self) -> bool:
        return bool(self.step) or self.native or self.none


def parse_dutch(value: Value) -> DutchRead:
    """'1.2?', '2,1', 'A2', 'moedertaal', 1.2 (a number cell), 'geen'; vague words ('NL ok') give no level."""
    if isinstance(value, dt.datetime | dt.date):  # Excel made a date of '1.2' or '2-1'
        step = f"{value.day}.{value.month}"
        return (
            DutchRead(step, CEFR_OF_STEP[step], sure=False) if step in CEFR_OF_STEP else DutchRead(sure=False)
        )
    text = clip(shown(value)).casefold()
    plain = fold(text)
    if any(word in plain for word in _NATIVE):
        return DutchRead(native=True, cefr="C2", sure="?" not in text)
    if plain in _NO_DUTCH:
        return DutchRead(none=True)
    levels = [_level(found.replace(",", ".").upper()) for found in _LEVEL.findall(text)]
    found = sorted({level for level in levels if level[0]})
    if not found:
        return DutchRead(sure=False)
    step, cefr = found[0]  # of a range the lower end: better too careful
    rest = fold(_LEVEL.sub(" ", text))
    known = rest in (
        "",
        "niveau",
        "nt2",
        "richtgraad",
        "rg",
        "nl",
        "level",
        "nederlands",
        "min",
        "minstens",
        "minimum",
    )
    return DutchRead(step, cefr, sure=len(found) == 1 and "?" not in text and known)


def _level(text: str) -> tuple[str, str]:
    if text in STEP_OF_CEFR:
        return STEP_OF_CEFR[text], text
    return (text, CEFR_OF_STEP[text]) if text in CEFR_OF_STEP else ("", "")


_NUMBER_WORDS: Final = {
    word: number
    for number, words in enumerate(
        ("geen nul niemand aucun none nihil", "een one un une", "twee two deux", "drie three trois",
         "vier four quatre", "vijf five cinq", "zes six", "zeven seven sept", "acht eight huit",
         "negen nine neuf", "tien ten dix")
    )
    for word in words.split()
}  # fmt: skip
_DIGITS = re.compile(r"\d{1,6}")
_MANY = re.compile(r"\d[.,]\d{3}|\d{7}")


@dataclass(frozen=True, slots=True)
class NumberRead:
    """A whole number, or None. Of a range `value` is the lower end, `high` the upper one."""

    value: int | None
    high: int | None = None
    sure: bool = True


def parse_count(value: Value) -> NumberRead:
    """'1-2', '2 à 3', '4 (max!)', 'geen', 'twee', and the date that Excel makes of '1-2'. Never raises."""
    if isinstance(value, bool) or value is None or isinstance(value, dt.time | dt.timedelta):
        return NumberRead(None, sure=False)
    if isinstance(value, dt.date):
        low, high = sorted((value.day, value.month))
        return NumberRead(low, high, sure=False)
    if isinstance(value, int | float):
        whole = value == value and abs(value) < 1_000_000 and float(value).is_integer() and value >= 0
        return NumberRead(int(value)) if whole else NumberRead(None, sure=False)
    return _count_text(clip(value).casefold())


def _count_text(text: str) -> NumberRead:
    if _MANY.search(text):
        return NumberRead(None, sure=False)
    numbers = [int(found) for found in _DIGITS.findall(text)]
    if not numbers:
        numbers = [_NUMBER_WORDS[word] for word in fold(text).split() if word in _NUMBER_WORDS]
    if not numbers or len(numbers) > 2:
        return NumberRead(None, sure=False)
    low, high = min(numbers), max(numbers)
    sure = low == high and "?" not in text and "+" not in text and "±" not in text
    return NumberRead(low, high if high != low else None, sure)


_EXTENSION_SPLIT = re.compile(r"\s*(?:;|,|\bof\b|\bou\b|\bor\b|\ben\b|\n|\s/\s)\s*", re.IGNORECASE)
_NOT_DIGIT = re.compile(r"[^0-9+]")


@dataclass(frozen=True, slots=True)
class PhoneRead:
    """`number` in international form (+32470123433) or empty; `rest` is what else stood there."""

    number: str
    rest: str = ""
    guessed: bool = False


def parse_phone(value: Value) -> PhoneRead:
    """Belgian numbers in every notation, foreign ones with '+'; a number cell gets its lost zero back."""
    text = clip(shown(value))
    parts = [part for part in _EXTENSION_SPLIT.split(text) if part]
    reads = [(_one_phone(part), part) for part in parts]
    good = [(read, part) for read, part in reads if read[0]]
    if not good:
        return PhoneRead("", text)
    (number, guessed), used = good[0]
    rest = "; ".join(part for part in parts if part is not used)
    return PhoneRead(number, rest, guessed)


def _one_phone(text: str) -> tuple[str, bool]:
    digits = _NOT_DIGIT.sub("", text.replace("(0)", ""))
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if digits.startswith("+"):
        return _international(digits), False
    if digits.startswith("0"):
        return (_international("+32" + digits[1:]), False) if len(digits) in (9, 10) else ("", False)
    if digits.startswith("32") and len(digits) in (10, 11):
        return _international("+" + digits), True
    if (len(digits) == 9 and digits.startswith("4")) or len(digits) == 8:
        return _international("+32" + digits), True  # the zero that a number cell loses
    return "", False


def _international(digits: str) -> str:
    body = digits[1:]
    if not body.isascii() or not body.isdigit() or body.startswith("0"):
        return ""
    if body.startswith("32"):
        national = body[2:].removeprefix("0")
        mobile = len(national) == 9 and national.startswith("4")
        return f"+32{national}" if mobile or len(national) == 8 else ""
    return digits if 8 <= len(body) <= 15 else ""


_MAIL = re.compile(r"[^\s<>;,()\[\]\"']{1,64}@[^\s<>;,()\[\]\"'@]{1,190}")
_MAIL_ASCII = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}")


@dataclass(frozen=True, slots=True)
class MailRead:
    """`address` can be written to, or is empty; `suggestion`: what was meant; `rest`: what else stood there."""

    address: str
    suggestion: str = ""
    rest: str = ""


def parse_mail(value: Value) -> MailRead:
    """An address that a mail server accepts. Odd letters (ı, é) are a typing error until someone says otherwise."""
    text = clip(shown(value)).replace("mailto:", "")
    found = [part.rstrip(".") for part in _MAIL.findall(text)]
    if not found:
        return MailRead("", _repair_mail(text))
    address, rest = found[0], "; ".join(found[1:])
    if _MAIL_ASCII.fullmatch(address) and ".." not in address and not address.startswith("."):
        local, _, domain = address.rpartition("@")
        return MailRead(f"{local}@{domain.lower()}", rest=rest)
    return MailRead("", _repair_mail(address), rest)


def _repair_mail(text: str) -> str:
    local, _, domain = text.replace(" ", "").replace("(at)", "@").replace(",", ".").rpartition("@")
    plain = ".".join(fold(part).replace(" ", "-") for part in local.split("."))
    host = ".".join(fold(part).replace(" ", "-") for part in domain.split("."))
    repaired = f"{plain}@{host}"
    return repaired if _MAIL_ASCII.fullmatch(repaired) and ".." not in repaired else ""


_YES = frozenset(["ja", "x", "j", "y", "yes", "oui", "o", "v", "1", "true", "waar", "ok", "zwaar", "soms"])
_NO = frozenset(["nee", "neen", "n", "no", "non", "0", "false", "onwaar", "niet", "licht"])


def parse_yes_no(value: Value) -> bool | None:
    """Yes, no, or None when it says neither."""
    if isinstance(value, bool):
        return value
    text = clip(shown(value)).casefold()
    if text in ("✓", "✔", "√"):
        return True
    words = fold(text).split()
    if len(words) != 1:
        return None
    return True if words[0] in _YES else False if words[0] in _NO else None


def parse_aim(value: Value) -> tuple[Aim | None, bool]:
    """(aim, sure): 'opstap', 'mog. opstap', 'opstap?', 'Finaliteit'. A question mark makes it possible."""
    text = clip(shown(value)).casefold()
    plain = f" {fold(text)} "
    end = any(
        word in plain
        for word in (
            "finaliteit",
            "einddoel",
            "doel op zich",
            "eindpunt",
            "end in itself",
            "finalite",
            "fin en soi",
        )
    )
    step = any(
        word in plain
        for word in ("opstap", "doorstroom", "springplank", "stepping", "tremplin", "passerelle")
    )
    maybe = "?" in text or any(
        word in plain for word in (" mog", " eventue", " misschien", " possib", " peut etre", " maybe")
    )
    if end == step:
        return (None, False)
    if end:
        return "end_in_itself", not maybe
    return ("possible_stepping_stone", True) if maybe else ("stepping_stone", True)


@dataclass(frozen=True, slots=True)
class InszRead:
    """A national number. `number` is 11 digits when the check digits hold; `birth` the date in it, if whole.

    `century` (1900 or 2000) follows from the check digits. Source: RRN check 97 - (n mod 97), prefix 2 from 2000.
    """

    number: str
    birth: dt.date | None = None
    century: int | None = None


def parse_insz(value: Value) -> InszRead | None:
    """The number in a cell; None when it has another form or a wrong check. Never raises."""
    text = shown(value)
    digits = re.sub(r"[ .\-/]", "", clip(text))
    if isinstance(value, int | float) and digits.isascii() and digits.isdigit() and 9 <= len(digits) <= 10:
        digits = digits.zfill(11)  # a number cell loses the zeros of who was born in 2000-2009
    if len(digits) != 11 or not (digits.isascii() and digits.isdigit()):
        return None
    for module in (nn, bis):
        try:
            number = str(module.validate(digits))
            return InszRead(number, module.get_birth_date(number), _century(number))
        except (ValidationError, ValueError):
            continue
    return None


def _century(number: str) -> int | None:
    base, check = int(number[:9]), int(number[9:])
    old, new = 97 - base % 97 == check, 97 - (2_000_000_000 + base) % 97 == check
    return None if old == new else 1900 if old else 2000


def mask_insz(value: Value) -> str:
    """The number without what makes it a number: for lists that people see."""
    digits = re.sub(r"\D", "", shown(value))
    return f"{digits[:2]}.{digits[2:4]}.{digits[4:6]}-***.**" if len(digits) >= 6 else "***"
