"""Persons for tests, made through the actions."""

from __future__ import annotations

from typing import Any

from stapsteen.core.scope import Actor, current
from stapsteen.people.actions import create_person
from stapsteen.people.models import Person


def make_person(actor: Actor | None = None, **values: Any) -> Person:
    """Someone of the open scope's service; Amina Peeters unless told otherwise."""
    return create_person(
        actor=actor or current().actor,
        **{"first_name": "Amina", "last_name": "Peeters", "town": "Turnhout", **values},
    )
