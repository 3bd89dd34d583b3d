"""Consents: given per purpose and recipient, in own words; withdrawn, they stop in the same second (GDPR article 7(3))."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core import events
from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor
from stapsteen.people.access import demand
from stapsteen.people.actions.persons import author_name
from stapsteen.people.consents import holding
from stapsteen.people.models import Consent, Person


@transaction.atomic
def give_consent(
    *,
    person: Person,
    actor: Actor,
    purpose: str,
    recipient: str = "",
    recipient_id: UUID | None = None,
    own_words: str = "",
    how: str = "spoken",
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Consent:
    """The person agrees to one purpose for one recipient, from `starts_on` (today) up to and with `ends_on` (None: on).

    `recipient_id` is the organisation's or the referral's key where it is one that we know, `recipient` its name. The
    same agreement twice on a day (a double tap) is one. It never opens what who can sanction may not see (B6).
    """
    demand(actor, person, "people.person.view", "people.person.own")
    person = Person.objects.select_for_update().get(pk=person.pk)
    day = starts_on or timezone.localdate()
    _check(purpose, how, day, ends_on)
    given = {
        "purpose": purpose,
        "recipient": " ".join(recipient.split())[:160],
        "recipient_id": recipient_id,
        "how": how,
        "starts_on": day,
        "ends_on": ends_on,
    }
    words = own_words.strip() or None
    for same in Consent.objects.filter(person=person, withdrawn_at=None, **given):
        if same.own_words == words:
            return same
    consent: Consent = Consent.objects.create(
        person=person, own_words=words, recorded_by=author_name(actor), **given
    )
    events.record("person.consent", subject_id=person.pk, on=day, object_id=consent.pk, what=purpose)
    return consent


@transaction.atomic
def withdraw_consent(*, consent: Consent, actor: Actor) -> Consent:
    """The person takes it back, without a reason: from this second on it holds on no day any more.

    What was agreed twice for the same purpose and recipient stops together, so that no older yes keeps a door open.
    """
    demand(actor, consent, "people.consent.view", "people.consent.own")
    locked: Consent = Consent.objects.select_for_update().get(pk=consent.pk)
    if locked.withdrawn_at is not None:
        raise RuleBroken(_("Deze toestemming is al ingetrokken."))
    now, yesterday = timezone.now(), timezone.localdate() - timedelta(days=1)
    same = Consent.objects.select_for_update().filter(
        holding() | _pending(),
        person_id=locked.person_id,
        purpose=locked.purpose,
        recipient_id=locked.recipient_id,
        recipient=locked.recipient,
    )
    for row in {locked.pk: locked, **{row.pk: row for row in same}}.values():
        row.withdrawn_at = now
        row.ends_on = max(min(row.ends_on or yesterday, yesterday), row.starts_on - timedelta(days=1))
        row.save(update_fields=["withdrawn_at", "ends_on"])
    events.record(
        "person.consent_withdrawn", subject_id=locked.person_id, object_id=locked.pk, what=locked.purpose
    )
    return Consent.objects.get(pk=locked.pk)


def _pending() -> Q:
    """Agreed for a later day."""
    return Q(withdrawn_at=None, starts_on__gt=timezone.localdate())


def _check(purpose: str, how: str, starts_on: date, ends_on: date | None) -> None:
    if purpose not in Consent.PURPOSES:
        raise RuleBroken(_("Kies waarvoor de toestemming is."), field="purpose")
    if how not in Consent.HOW:
        raise RuleBroken(_("Kies hoe de toestemming gegeven is."), field="how")
    if ends_on is not None and ends_on < starts_on:
        raise RuleBroken(_("De laatste dag valt voor de eerste."), field="ends_on")
