"""Every write about a person."""

from stapsteen.people.actions.consents import give_consent, withdraw_consent
from stapsteen.people.actions.persons import (
    PROFILE,
    add_note,
    author_name,
    clear,
    create_person,
    end_sensitive_fact,
    erase_person,
    move_address,
    municipality_of,
    record_sensitive_fact,
    update_person,
)

__all__ = [
    "PROFILE",
    "add_note",
    "author_name",
    "clear",
    "create_person",
    "end_sensitive_fact",
    "erase_person",
    "give_consent",
    "move_address",
    "municipality_of",
    "record_sensitive_fact",
    "update_person",
    "withdraw_consent",
]
