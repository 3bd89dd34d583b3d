"""The pages of this room; each module registers its own."""

from stapsteen.placements.views import agreement, pick, place, signing

__all__ = ["agreement", "pick", "place", "signing"]
