"""The law's ceilings: what stands in the table, with its source; nothing for a year that doesn't."""

from __future__ import annotations

from decimal import Decimal

import pytest

from stapsteen.network.ceilings import _table, flat_rate


@pytest.mark.parametrize(
    ("year", "per_day", "per_year"),
    [(2024, "41.48", "1659.29"), (2025, "42.31", "1692.51"), (2026, "44.02", "1760.83")],
)
def test_the_amounts_of_a_year(year: int, per_day: str, per_year: str) -> None:
    found = flat_rate(year)
    assert found is not None
    assert (found.per_day, found.per_year) == (Decimal(per_day), Decimal(per_year))


@pytest.mark.parametrize("year", [2018, 2022, 2027])
def test_a_year_that_nobody_published_is_unknown(year: int) -> None:
    assert flat_rate(year) is None


def test_every_line_names_its_source_and_the_year_is_forty_days_of_work() -> None:
    """The law's year is forty times its day, and both are indexed alike: a slip of the pen stands out."""
    for year, row in _table().items():
        assert row.source, year
        assert abs(row.per_year / row.per_day - 40) < Decimal("0.01"), year
