"""The pages of this room; each module registers its own."""

from stapsteen.pathways import public_check, public_views
from stapsteen.pathways.views import (
    axis_templates,
    dividing,
    evoluator,
    experts,
    explorator,
    funder,
    goals,
    groups,
    handovers,
    intake,
    pathway,
    referrers,
)

__all__ = [
    "axis_templates",
    "dividing",
    "evoluator",
    "experts",
    "explorator",
    "funder",
    "goals",
    "groups",
    "handovers",
    "intake",
    "pathway",
    "public_check",
    "public_views",
    "referrers",
]
