"""It is Tuesday 3 November 2026, ten in the morning."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine


@pytest.fixture(autouse=True)
def third_of_november() -> Iterator[None]:
    with time_machine.travel("2026-11-03T10:00:00+01:00"):
        yield
