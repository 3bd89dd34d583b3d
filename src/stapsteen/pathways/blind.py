"""What a sensitive referrer's own referrals are found by: a keyed hash of its id, different in each service."""

from __future__ import annotations

from uuid import UUID

from stapsteen.core.crypto import blind_index, service_keys
from stapsteen.core.scope import current

COLUMN = "pathways_referral.referrer"


def index_of(organisation_id: UUID) -> str:
    """To keep with a referral. A service's first key is made here."""
    return blind_index(current().service_id, COLUMN, str(organisation_id))


def known_index_of(organisation_id: UUID) -> str:
    """To look up with, also on a page that only reads; '' where the service never encrypted anything."""
    return index_of(organisation_id) if service_keys(current().service_id) else ""
