"""What a volunteer may get at most as a flat rate, per day and per year (law of 3 July 2005, art. 10).

Indexed every year; the amounts stand in data/flat-rate-ceilings.csv with their source. A year that isn't there is
unknown: nothing is extrapolated.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from stapsteen.network.places import DATA


@dataclass(frozen=True)
class FlatRate:
    """In euro, over all organisations together."""

    per_day: Decimal
    per_year: Decimal
    source: str


def flat_rate(year: int) -> FlatRate | None:
    """The ceilings of a calendar year; None: not known (yet)."""
    return _table().get(year)


@cache
def _table() -> dict[int, FlatRate]:
    with (DATA / "flat-rate-ceilings.csv").open(encoding="utf-8") as file:
        return {
            int(row["year"]): FlatRate(Decimal(row["per_day"]), Decimal(row["per_year"]), row["source"])
            for row in csv.DictReader(file)
        }
