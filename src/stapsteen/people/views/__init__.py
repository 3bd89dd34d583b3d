"""The pages of this room; each module registers its own."""

from stapsteen.people.views import (
    appointments,
    cards,
    consents,
    doubles,
    journal,
    offline,
    persons,
    profile,
    situation,
)

__all__ = [
    "appointments",
    "cards",
    "consents",
    "doubles",
    "journal",
    "offline",
    "persons",
    "profile",
    "situation",
]
