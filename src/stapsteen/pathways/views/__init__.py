"""The pages of this room; each module registers its own."""

from stapsteen.pathways import public_views
from stapsteen.pathways.views import (
    axis_templates,
    evoluator,
    explorator,
    funder,
    goals,
    groups,
    intake,
    pathway,
)

__all__ = ["axis_templates", "evoluator", "explorator", "funder", "goals", "groups", "intake", "pathway", "public_views"]
