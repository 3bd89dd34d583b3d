"""Reads of the journal: the notes about a person, filtered; who comes along in the notes for on the way."""

from __future__ import annotations

import base64
import hmac
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

from stapsteen.core.access import reachable
from stapsteen.core.crypto import master_keys
from stapsteen.core.scope import Actor
from stapsteen.network.places import fold
from stapsteen.people.models import Note, Person
from stapsteen.people.queries_agenda import appointments_of, begin_of

RUNNING = ("active", "suspended")


@dataclass(frozen=True)
class Journal:
    """The notes that were asked for, newest first, and who wrote any."""

    notes: list[Note]
    authors: list[str]
    total: int


def journal(actor: Actor, person: Person, *, kind: str = "", author: str = "", q: str = "") -> Journal:
    """`kind`: a key of Note.KINDS, or "attempt" for what reached nobody. `q`: all its words stand in the text.

    Author and words are looked for here, not in the database: the text is sealed there. One query.
    """
    rows = list(
        reachable(actor, "people.note.view").filter(person=person).distinct().order_by("-happened_on", "-id")
    )
    words = fold(q).split()
    shown = [
        note
        for note in rows
        if _is_kind(note, kind)
        and (not author or note.author == author)
        and all(word in fold(note.text) for word in words)
    ]
    return Journal(shown, sorted({note.author for note in rows if note.author}), len(rows))


def _is_kind(note: Note, kind: str) -> bool:
    return not kind or (not note.reached if kind == "attempt" else note.kind == kind)


# On the way ----------------------------------------------------------------------------------------------------------


def on_the_way(actor: Actor, now: datetime) -> list[dict[str, str]]:
    """Whom the colleague may visit: today's appointments first, then the own caseload. [{id, name, when, place}].

    No more than the first name goes to the phone, and the initial only where two have the same one. Three queries.
    """
    today = begin_of(timezone.localdate(now))
    met = appointments_of(actor).filter(
        state="planned", starts_at__gte=today, starts_at__lt=today + timedelta(days=1)
    )
    found: dict[UUID, dict[str, str]] = {}
    people: list[Person] = []
    for row in met.order_by("starts_at", "id"):
        start = date_format(timezone.localtime(row.starts_at), "H.i")
        found.setdefault(row.person_id, {"when": start, "place": row.place})
        people.append(row.person)
    people += list(_caseload(actor))
    unique = {person.pk: person for person in people}
    names = Counter(person.first_name for person in unique.values())
    return [
        {
            "id": str(key),
            "name": person.first_name if names[person.first_name] == 1 else person.initial_name,
            **found.get(key, {"when": "", "place": ""}),
        }
        for key, person in unique.items()
    ]


def _caseload(actor: Actor) -> Any:
    """Whose pathway runs with the actor, or whose open referral the actor handles."""
    mine = Q(pathways__coach__user_id=actor.user_id, pathways__state__in=RUNNING) | Q(
        referrals__handled_by__user_id=actor.user_id, referrals__state__in=("received", "in_talks")
    )
    rows = reachable(actor, "people.person.view").filter(pk__in=Person.objects.filter(mine).values("pk"))
    return rows.order_by("first_name", "last_name", "id")


def phone_keys(actor: Actor, service_id: UUID) -> dict[str, str]:
    """Number -> key (base64) with which this colleague's phone seals notes of this service; the highest is for new ones.

    Made from the master keys, so it is given only after a login, is never kept anywhere, and is the same after the next
    login: a note that waited while the session ended can still be read and sent. No other colleague gets this key.
    """
    about = f"onderweg/{service_id}/{actor.user_id}".encode()
    return {
        str(number): base64.b64encode(hmac.new(key, about, "sha256").digest()).decode()
        for number, key in master_keys().items()
    }
