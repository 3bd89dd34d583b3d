"""Organisations, what they can carry, their tasks; and how one service works with each of them."""

from stapsteen.hosts.models.capacity import CapacityUse, GuidanceCapacity, HostAsk, Refusal, SupportPlaces
from stapsteen.hosts.models.hosts import (
    Host,
    HostAgreement,
    HostContact,
    HostNote,
    HostReview,
    HostTalk,
    KeyPerson,
    PersonNo,
)
from stapsteen.hosts.models.organisations import LEGAL_KINDS, ORGANISATION_ROLES, Organisation, Site
from stapsteen.hosts.models.tasks import DUTCH_SKILLS, LIFTS, TRAVEL, SubTask, Task
from stapsteen.people.models import ALLERGENS, PHYSICAL, SECTORS

__all__ = [
    "ALLERGENS",
    "DUTCH_SKILLS",
    "LEGAL_KINDS",
    "LIFTS",
    "ORGANISATION_ROLES",
    "PHYSICAL",
    "SECTORS",
    "TRAVEL",
    "CapacityUse",
    "GuidanceCapacity",
    "Host",
    "HostAgreement",
    "HostAsk",
    "HostContact",
    "HostNote",
    "HostReview",
    "HostTalk",
    "KeyPerson",
    "Organisation",
    "PersonNo",
    "Refusal",
    "Site",
    "SubTask",
    "SupportPlaces",
    "Task",
]
