"""The timeline of a person: a line per thing that happened, as a code; its words come from the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise

from stapsteen.core import scope


@dataclass(frozen=True)
class EventKind:
    """`text` may hold %(name)s for the details; `labels` gives the words of those that are codes."""

    code: str
    text: str | Promise
    icon: str = "step"
    labels: Mapping[str, Mapping[str, str | Promise]] = field(default_factory=dict)


KINDS: dict[str, EventKind] = {}
keep: ContextVar[Any] = ContextVar("stapsteen_events", default=lambda line: line.save())
"""What happens to a new line, or a first row that its action reads no more: saved at once, unless long work gathers them."""


def define(
    code: str, text: str | Promise, icon: str = "step", **labels: Mapping[str, str | Promise]
) -> EventKind:
    KINDS[code] = EventKind(code, text, icon, labels)
    return KINDS[code]


def record(
    kind: str, *, subject_id: UUID, on: date | None = None, object_id: UUID | None = None, **details: Any
) -> None:
    """Add a line. `details` are codes, numbers, dates and ids: free text doesn't belong in an event."""
    from stapsteen.core.models import Event

    line = Event(
        kind=KINDS[kind].code,
        subject_id=subject_id,
        happened_on=on or timezone.localdate(),
        actor=str(scope.current().actor),
        object_id=object_id,
        details=details,
    )
    keep.get()(line)


def sentence(kind: str, details: dict[str, Any]) -> str:
    """The line in words; a kind that no longer exists shows its code rather than nothing."""
    if kind not in KINDS:
        return kind
    text, labels = str(KINDS[kind].text), KINDS[kind].labels
    words = {name: str(labels.get(name, {}).get(value, value)) for name, value in details.items()}
    return text % words if "%(" in text else text
