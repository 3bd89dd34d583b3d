"""Which consents hold. A door that opens on consent asks here each time, so that withdrawing closes it at once."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from stapsteen.people.models import Consent, Person


def holding(day: date | None = None) -> Q:
    """The condition on Consent: not withdrawn, begun, not past its last day."""
    today = day or timezone.localdate()
    return Q(Q(ends_on=None) | Q(ends_on__gte=today), withdrawn_at=None, starts_on__lte=today)


def holds(person_id: UUID, purpose: str, recipient_id: UUID | None = None) -> bool:
    """Whether the person agrees to this purpose now; with `recipient_id` for that one recipient."""
    rows = Consent.objects.filter(holding(), person_id=person_id, purpose=purpose)
    return rows.filter(recipient_id=recipient_id).exists() if recipient_id else rows.exists()


def agrees(person: Person, purpose: str, recipient_id: UUID) -> bool:
    """The same from consents that were fetched along (prefetch "consents"): for lists, no query per line."""
    return any(
        row.purpose == purpose and row.recipient_id == recipient_id and now_holds(row)
        for row in person.consents.all()
    )


def now_holds(consent: Consent) -> bool:
    """`holding` for a row that is already here."""
    today = timezone.localdate()
    begun = consent.starts_on <= today
    return consent.withdrawn_at is None and begun and (consent.ends_on is None or consent.ends_on >= today)


def consents_of(person: Person) -> tuple[list[Consent], list[Consent]]:
    """What the person agrees to now (or from a later day on), and what is over; newest first."""
    rows: list[Any] = list(Consent.objects.filter(person=person))
    today = timezone.localdate()
    open_ones = [
        row for row in rows if row.withdrawn_at is None and (row.ends_on is None or row.ends_on >= today)
    ]
    return open_ones, [row for row in rows if row not in open_ones]
