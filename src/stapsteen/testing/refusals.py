"""An action that refuses says why and at which field, and leaves everything as it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from stapsteen.core.errors import RuleBroken
from stapsteen.core.models import Event, History, SharedHistory


def refused(call: Callable[..., Any], **values: Any) -> tuple[str | None, str]:
    """Field and message of the rule that breaks, in an open scope. Fails when a row or an event was written."""
    before = _written()
    with pytest.raises(RuleBroken) as caught:
        call(**values)
    if _written() != before:
        raise AssertionError("refused, and yet something was written")
    return caught.value.field, str(caught.value)


def _written() -> tuple[int, int, int]:
    """Every insert, update and delete leaves a line in a history (triggers in the database)."""
    return History.objects.count(), SharedHistory.objects.count(), Event.objects.count()
