"""Reads about hosts, their capacity and their tasks."""

from __future__ import annotations

from datetime import date

from stapsteen.hosts.models import Host, HostContact


def contact_on(host: Host, day: date) -> HostContact | None:
    """The host's contact for this service on that day; before the first one, that first one; none: None."""
    real = [row for row in host.contacts.all() if row.ends_on is None or row.ends_on >= row.starts_on]
    held = [row for row in real if row.starts_on <= day and (row.ends_on is None or row.ends_on >= day)]
    later = [row for row in real if row.starts_on > day]
    return held[0] if held else min(later, key=lambda row: row.starts_on, default=None)
