"""The pages of this room; each module registers its own."""

from stapsteen.pathways import public_views
from stapsteen.pathways.views import intake, pathway

__all__ = ["intake", "pathway", "public_views"]
