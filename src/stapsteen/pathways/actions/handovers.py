"""Warm handover: brought to another service instead of sent away, and asked after how it went (requirements B3 and G5)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core import events
from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor
from stapsteen.network.programme.rhythm import add_months
from stapsteen.pathways.actions.pathway import not_future, programme_of
from stapsteen.pathways.models import Handover, Pathway, Referral
from stapsteen.pathways.states import HANDOVER
from stapsteen.people.access import demand
from stapsteen.people.actions import give_consent

CHECK_MONTHS = (1, 6)
"""After how many months it is asked how it goes, where the programme doesn't say (decision: soon, and after half a year)."""


@transaction.atomic
def offer_handover(
    *, actor: Actor, to_name: str, referral: Referral | None = None, pathway: Pathway | None = None,
    to_contact: str = "", told: str = "", agreed: bool = False, own_words: str = "", how: str = "spoken",
    on: date | None = None,
) -> Handover:  # fmt: skip
    """Offer to bring the person to another service. `told`: what may be passed on, only when the person agreed to it.

    The consent (purpose "handover", for that service) is recorded with it, in the person's own words.
    """
    about = referral or pathway
    if about is None:
        raise TypeError("a handover is about a referral or a pathway")
    demand(actor, about, "pathways.referral.handle" if referral else "pathways.pathway.guide")
    day = on or timezone.localdate()
    not_future(day, "on")
    if not to_name.strip():
        raise RuleBroken(_("Schrijf naar welke dienst."), field="to_name")
    if told.strip() and not agreed:
        raise RuleBroken(_("Vraag eerst of de persoon dit goed vindt."), field="agreed")
    consent = None
    if agreed:
        consent = give_consent(
            person=about.person, actor=actor, purpose="handover", recipient=to_name.strip(), own_words=own_words, how=how,
            starts_on=day,
        )  # fmt: skip
    handover: Handover = Handover.objects.create(
        person_id=about.person_id, referral=referral, pathway=pathway, consent=consent, to_name=to_name.strip()[:160],
        to_contact=to_contact.strip()[:200], told=told.strip() or None, offered_on=day,
    )  # fmt: skip
    _tell(handover, "handover.offered", day)
    return handover


@transaction.atomic
def note_handover_talk(
    *,
    handover: Handover,
    actor: Actor,
    talk_on: date,
    told: str = "",
    agreed: bool = False,
    own_words: str = "",
) -> Handover:
    """The talk with the person and the other service together; the person can agree to more then and there."""
    handover = _locked(handover)
    HANDOVER.move(handover, "talk", actor)
    not_future(talk_on, "talk_on")
    if talk_on < handover.offered_on:
        raise RuleBroken(_("Het gesprek kan niet voor het voorstel."), field="talk_on")
    if told.strip():
        if not agreed and not _agreed(handover):
            raise RuleBroken(_("Vraag eerst of de persoon dit goed vindt."), field="agreed")
        handover.told = told.strip()
    if agreed and not _agreed(handover):
        handover.consent = give_consent(
            person=handover.person, actor=actor, purpose="handover", recipient=handover.to_name, own_words=own_words,
            starts_on=talk_on,
        )  # fmt: skip
    handover.talk_on = talk_on
    handover.save()
    _tell(handover, "handover.talked", talk_on)
    return handover


@transaction.atomic
def take_over(*, handover: Handover, actor: Actor, on: date | None = None) -> Handover:
    """The other service guides from now on; asked after later, as the programme says."""
    handover = _locked(handover)
    HANDOVER.move(handover, "take_over", actor)
    day = _settled(handover, on)
    handover.check_on = add_months(day, months_to_check(handover)[0])
    handover.save()
    _tell(handover, "handover.taken_over", day)
    return handover


@transaction.atomic
def not_taken_over(
    *, handover: Handover, actor: Actor, outcome: str = "", on: date | None = None
) -> Handover:
    """The other service doesn't take it: the person comes back to us, never to nobody."""
    handover = _locked(handover)
    HANDOVER.move(handover, "refuse", actor)
    day = _settled(handover, on)
    _add_outcome(handover, day, outcome)
    handover.save()
    _tell(handover, "handover.not_taken", day)
    return handover


@transaction.atomic
def reopen_handover(*, handover: Handover, actor: Actor) -> Handover:
    """Try again."""
    handover = _locked(handover)
    HANDOVER.move(handover, "reopen", actor)
    handover.settled_on = handover.check_on = None
    handover.save()
    _tell(handover, "handover.offered", timezone.localdate())
    return handover


@transaction.atomic
def check_handover(*, handover: Handover, actor: Actor, outcome: str, on: date | None = None) -> Handover:
    """How it goes there, some months later; the next time is planned, or it is done."""
    handover = _locked(handover)
    demand(actor, handover, "pathways.handover.keep")
    if handover.check_on is None or handover.settled_on is None:
        raise RuleBroken(_("Hier valt niets meer na te vragen."))
    if not outcome.strip():
        raise RuleBroken(_("Schrijf hoe het gaat, of dat je niemand bereikte."), field="outcome")
    day = on or timezone.localdate()
    not_future(day, "on")
    _add_outcome(handover, day, outcome)
    later = [add_months(handover.settled_on, months) for months in months_to_check(handover)]
    handover.check_on = next((due for due in later if due > max(day, handover.check_on)), None)
    handover.save()
    _tell(handover, "handover.checked", day)
    return handover


def months_to_check(handover: Handover) -> tuple[int, ...]:
    """After how many months we ask, in order: of the programme, else CHECK_MONTHS."""
    version = handover.referral.programme if handover.referral else None
    if version is None and handover.pathway is not None:
        version = programme_of(handover.pathway, timezone.localdate())
    asked = version.rules.follow_up.handover_check_months if version else ()
    return tuple(sorted(asked)) or CHECK_MONTHS


def _locked(handover: Handover) -> Handover:
    rows = Handover.objects.select_for_update(of=("self",))
    found: Handover = rows.select_related("person", "consent", "referral__programme", "pathway").get(
        pk=handover.pk
    )
    return found


def _agreed(handover: Handover) -> bool:
    return handover.consent is not None and handover.consent.withdrawn_at is None


def _settled(handover: Handover, on: date | None) -> date:
    day = on or timezone.localdate()
    not_future(day, "on")
    if day < handover.offered_on:
        raise RuleBroken(_("Dit kan niet voor het voorstel."), field="on")
    handover.settled_on = day
    return day


def _add_outcome(handover: Handover, day: date, text: str) -> None:
    lines = [handover.outcome, f"{day:%d/%m/%Y}: {text.strip()}" if text.strip() else ""]
    handover.outcome = "\n".join(line for line in lines if line) or None


def _tell(handover: Handover, kind: str, on: date, **details: Any) -> None:
    events.record(kind, subject_id=handover.person_id, on=on, object_id=handover.pk, **details)
