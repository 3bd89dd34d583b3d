"""The pages of this room; each module registers its own."""

from stapsteen.people.views import persons, profile, situation

__all__ = ["persons", "profile", "situation"]
