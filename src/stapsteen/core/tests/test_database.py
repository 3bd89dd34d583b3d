"""Guarantee 1 in the live catalogue."""

from __future__ import annotations

import pytest

from stapsteen.core import database

pytestmark = pytest.mark.django_db


def test_nothing_breaks_tenancy_in_models_or_catalogue() -> None:
    assert database.audit() == []
