"""Persons of one service and what hangs on them."""

from stapsteen.people.models.journal import Appointment, CalendarFeed, Note
from stapsteen.people.models.person import (
    ALLERGENS,
    AVOID,
    COMPANY,
    DUTCH_LEVELS,
    ERASE_REASONS,
    MOBILITY,
    PHYSICAL,
    REACH,
    SECTORS,
    SUPPORT,
    Address,
    Person,
    SensitiveFact,
)
from stapsteen.people.models.profile import Status, Supporter
from stapsteen.people.models.rights import AccessCard, Consent, Merge, NotTheSame

__all__ = [
    "ALLERGENS",
    "AVOID",
    "COMPANY",
    "DUTCH_LEVELS",
    "ERASE_REASONS",
    "MOBILITY",
    "PHYSICAL",
    "REACH",
    "SECTORS",
    "SUPPORT",
    "AccessCard",
    "Address",
    "Appointment",
    "CalendarFeed",
    "Consent",
    "Merge",
    "NotTheSame",
    "Note",
    "Person",
    "SensitiveFact",
    "Status",
    "Supporter",
]
