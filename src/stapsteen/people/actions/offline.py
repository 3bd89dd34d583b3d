"""A note that was written without connection comes in, exactly once."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from stapsteen.core.scope import Actor
from stapsteen.people.actions.journal import add_note
from stapsteen.people.models import Note, Person


def receive_note(
    *,
    person: Person,
    actor: Actor,
    sent_as: UUID,
    kind: str,
    happened_on: date,
    text: str,
    place: str = "",
    reached: bool = True,
    minutes: int | None = None,
) -> bool:
    """True: it is new. False: we had this one already, also when the same note is coming in twice right now.

    The phone keeps a note until it hears either answer, so an answer that got lost on the way doubles nothing.
    """
    if Note.objects.filter(sent_as=sent_as).exists():
        return False
    try:
        with transaction.atomic():
            add_note(
                person=person, actor=actor, kind=kind, happened_on=happened_on, text=text, place=place, reached=reached,
                minutes=minutes, sent_as=sent_as,
            )  # fmt: skip
    except IntegrityError:
        if Note.objects.filter(sent_as=sent_as).exists():
            return False
        raise
    return True
