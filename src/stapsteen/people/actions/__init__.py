"""Every write about a person."""

from stapsteen.people.actions.appointments import close_appointment, move_appointment, plan_appointment
from stapsteen.people.actions.calendar import make_feed, stop_feed
from stapsteen.people.actions.consents import give_consent, withdraw_consent
from stapsteen.people.actions.journal import NewNote, add_note, add_notes, correct_note
from stapsteen.people.actions.merging import merge_persons, tell_apart, undo_merge
from stapsteen.people.actions.offline import receive_note
from stapsteen.people.actions.persons import (
    PROFILE,
    NewFact,
    author_name,
    clear,
    create_person,
    end_sensitive_fact,
    erase_person,
    move_address,
    municipality_of,
    record_sensitive_fact,
    record_sensitive_facts,
    update_person,
)
from stapsteen.people.actions.statuses import end_status, record_status
from stapsteen.people.actions.supporters import add_supporter, change_supporter, end_supporter

__all__ = [
    "PROFILE",
    "NewFact",
    "NewNote",
    "add_note",
    "add_notes",
    "add_supporter",
    "author_name",
    "change_supporter",
    "clear",
    "close_appointment",
    "correct_note",
    "create_person",
    "end_sensitive_fact",
    "end_status",
    "end_supporter",
    "erase_person",
    "give_consent",
    "make_feed",
    "merge_persons",
    "move_address",
    "move_appointment",
    "municipality_of",
    "plan_appointment",
    "receive_note",
    "record_sensitive_fact",
    "record_sensitive_facts",
    "record_status",
    "stop_feed",
    "tell_apart",
    "undo_merge",
    "update_person",
    "withdraw_consent",
]
