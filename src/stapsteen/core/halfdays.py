"""Half-days of a week as one number: bit = day * 3 + part (day 0 = Monday; part 0 morning, 1 afternoon, 2 evening)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

DAYS = (_("maandag"), _("dinsdag"), _("woensdag"), _("donderdag"), _("vrijdag"), _("zaterdag"), _("zondag"))
SHORT_DAYS = (_("ma"), _("di"), _("wo"), _("do"), _("vr"), _("za"), _("zo"))
PARTS = (_("voormiddag"), _("namiddag"), _("avond"))
ALL = (1 << 21) - 1


def bit(day: int, part: int) -> int:
    return 1 << (day * 3 + part)


def to_mask(pairs: Iterable[tuple[int, int]]) -> int:
    mask = 0
    for day, part in pairs:
        mask |= bit(day, part)
    return mask


def to_pairs(mask: int) -> list[tuple[int, int]]:
    return [(day, part) for day in range(7) for part in range(3) if mask & bit(day, part)]


def in_words(mask: int) -> str:
    """'maandag voormiddag, dinsdag namiddag'; a whole day is named once, and as whole where others aren't: without that,
    'maandag, dinsdag voormiddag' reads as two mornings."""
    of_day = {day: [part for part in range(3) if mask & bit(day, part)] for day in range(7)}
    whole = {day for day, parts in of_day.items() if parts == [0, 1] or len(parts) == 3}
    name = _("%(day)s (hele dag)") if any(of_day[day] for day in of_day.keys() - whole) else "%(day)s"
    return ", ".join(
        name % {"day": DAYS[day]} if day in whole else f"{DAYS[day]} {PARTS[part]}"
        for day, parts in of_day.items()
        for part in (parts[:1] if day in whole else parts)
    )
