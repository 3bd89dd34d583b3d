"""A pathway with a first day at a host, for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from stapsteen.network.models import StaffMember
from stapsteen.pathways.models import Pathway
from stapsteen.pathways.tests.factories import make_pathway
from stapsteen.placements.tests.factories import make_active_placement


def make_placed(coach: StaffMember, *, starts_on: date, **values: Any) -> Pathway:
    """A pathway and its first day at a host, both on `starts_on`."""
    pathway = make_pathway(coach, starts_on=starts_on, **values)
    make_active_placement(coach, pathway=pathway, starts_on=starts_on)
    return pathway
