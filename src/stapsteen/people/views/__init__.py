"""The pages of this room; each module registers its own."""

from stapsteen.people.views import persons

__all__ = ["persons"]
