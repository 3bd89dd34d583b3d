"""The card that opens a participant's own pages: printed anew on the spot, opened with a PIN, stopped at any time."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core import events
from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor
from stapsteen.people.access import LIVE, demand
from stapsteen.people.actions.persons import author_name
from stapsteen.people.models import AccessCard, Person

PIN_DIGITS, TRIES, WAIT, MOST_TRIES = 6, 5, timedelta(minutes=15), 15


@transaction.atomic
def print_card(*, person: Person, actor: Actor) -> tuple[AccessCard, str, str]:
    """A new card with its secret and PIN, in clear this one time only; every former card stops. Gives card, secret, PIN."""
    demand(actor, person, "people.card.keep")
    Person.objects.select_for_update().get(pk=person.pk)
    _stop_all(person)
    secret, pin = secrets.token_urlsafe(16), f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}}"
    card = AccessCard.objects.create(
        person=person, secret_hash=hashed(secret), pin_hash=make_password(pin), printed_by=author_name(actor)
    )
    events.record("person.card_printed", subject_id=person.pk, object_id=card.pk)
    return card, secret, pin


@transaction.atomic
def stop_cards(*, person: Person, actor: Actor) -> int:
    """No card of this person opens anything any more, also where one is open now; how many there were."""
    demand(actor, person, "people.card.keep", "people.person.own")
    Person.objects.select_for_update().get(pk=person.pk)
    if stopped := _stop_all(person):
        events.record("person.card_stopped", subject_id=person.pk)
    return stopped


@transaction.atomic
def try_pin(*, secret: str, pin: str) -> AccessCard | None:
    """The card, when secret and PIN are right; None for a wrong one, which is counted.

    After TRIES wrong ones nobody can try for a while (RuleBroken); after MOST_TRIES the card is stopped: 6 digits are a
    million ways, so that a lost card isn't opened by trying (NIST SP 800-63B, 5.2.2 asks for such a limit).
    """
    card: AccessCard | None = card_of(secret)
    if card is None:
        return None
    now = timezone.now()
    if card.locked_until is not None and card.locked_until > now:
        raise RuleBroken(_("Te veel keer fout. Wacht een kwartier, of vraag een nieuwe kaart."), field="pin")
    if check_password(pin, card.pin_hash):
        card.used_at, card.wrong_tries, card.locked_until = now, 0, None
        card.save()
        return card
    card.wrong_tries += 1
    if card.wrong_tries % TRIES == 0:
        card.locked_until = now + WAIT
    if card.wrong_tries >= MOST_TRIES:
        card.stopped_at = now
    card.save()
    return None


def card_of(secret: str) -> AccessCard | None:
    """The card with this secret, locked, when it still opens something."""
    person = {f"person__{name}": value for name, value in LIVE.items()}
    rows = AccessCard.objects.select_for_update(of=("self",)).filter(stopped_at=None, **person)
    found: AccessCard | None = rows.filter(secret_hash=hashed(secret)).first()
    return found


def hashed(secret: str) -> str:
    """A random secret of 128 bits needs no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _stop_all(person: Person) -> int:
    return int(AccessCard.objects.filter(person=person, stopped_at=None).update(stopped_at=timezone.now()))
