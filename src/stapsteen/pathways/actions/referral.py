"""Writes about referrals: from the question that comes in to the decision. States move by the table in states.py."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from stapsteen.core import events, links
from stapsteen.core.errors import RuleBroken
from stapsteen.core.mail import queue_mail
from stapsteen.core.scope import Actor
from stapsteen.hosts.models import Organisation
from stapsteen.network.house import staff_member
from stapsteen.network.models import ProgrammeVersion, Service, StaffMember
from stapsteen.network.programme.schema import Chosen
from stapsteen.pathways import fit
from stapsteen.pathways.actions.pathway import begin, not_future, own_programme
from stapsteen.pathways.actions.referrers import check_may_refer, keep_referrer, kind_of, locked_away, sealed
from stapsteen.pathways.models import NOWHERE, REFUSAL_CODES, IntakeTalk, Pathway, Referral
from stapsteen.pathways.states import REFERRAL
from stapsteen.people.access import demand
from stapsteen.people.actions import author_name, create_person, give_consent, merge_persons
from stapsteen.people.consents import holds
from stapsteen.people.models import Note, Person

OPEN = ("received", "in_talks")
FOLLOW = "pathways.referral.status"


@transaction.atomic
def receive_referral(
    *,
    actor: Actor,
    programme: ProgrammeVersion,
    by: str,
    question: str,
    person: dict[str, Any],
    helper_name: str = "",
    helper_organisation: str = "",
    helper_email: str = "",
    helper_phone: str = "",
    referrer: Organisation | None = None,
    tried: str = "",
    answers: dict[str, Any] | None = None,
    verdicts: list[dict[str, str]] | None = None,
    received_on: date | None = None,
    sensitive_referrer: str = "",
    call_only: bool = False,
) -> Referral:
    """A question for guidance comes in, always as a new person: nothing is told about who is known (requirement B1).

    `person` holds the keywords of create_person. `by` is 'self' or 'helper'; a visitor can only come in the way that
    the programme says, unless it is only to be called (`call_only`). The helper gets a mail without names, with a link to
    follow the referral. A referrer that says something about the person is kept under lock (actions/referrers.py);
    `sensitive_referrer` is such a one in words.
    """
    day = received_on or timezone.localdate()
    not_future(day, "received_on")
    _check_way_in(actor, programme, by, call_only=call_only)
    check_may_refer(actor, programme, by, referrer)
    if by == "helper" and not (helper_email or helper_phone or referrer or actor.roles):
        raise RuleBroken(_("Vul een e-mailadres of telefoonnummer in van wie helpt."), field="helper_email")
    if not question.strip():
        raise RuleBroken(_("Schrijf kort wat de vraag is."), field="question")
    locked = locked_away(programme, referrer, helper_organisation, sensitive_referrer)
    if locked is not None:
        referrer, helper_organisation = None, ""
    someone = create_person(actor=actor, on=day, **person)
    kind = {"referrer_kind": _referrer_kind(programme, by, referrer)} if locked is None else sealed(locked)
    referral: Referral = Referral.objects.create(
        person=someone, programme=programme, by=by, question=question.strip(), tried=tried.strip(), referrer=referrer,
        helper_name=helper_name,
        helper_organisation=helper_organisation, helper_email=helper_email.strip().lower(), helper_phone=helper_phone,
        answers=answers or {}, verdicts=verdicts or [], received_on=day, stage_since=day, call_only=call_only,
        person_said_yes_on=day if by == "self" else None, **kind,
    )  # fmt: skip
    if locked is not None:
        keep_referrer(referral, locked)
    events.record("referral.received", subject_id=someone.pk, on=day, object_id=referral.pk, by=by)
    if helper_email:
        mail_received(referral)
    return referral


def mail_received(referral: Referral) -> None:
    """Tell the helper that it came in: a reference, what comes next and a link, no name."""
    service = Service.objects.get(pk=referral.service_id)
    queue_mail(
        to=referral.helper_email,
        template="referral_received",
        context={
            "service_name": service.name,
            "contact": service.email or service.phone,
            "reference": referral.reference,
            "url": follow_url(referral),
        },
        language=(get_language() or settings.LANGUAGE_CODE)[:2],
        subject_id=referral.person_id,
    )


def follow_url(referral: Referral) -> str:
    """The address where the helper sees how far it is, without an account."""
    return links.url("pathways.referral_status", FOLLOW, service=referral.service_id, referral=referral.pk)


@transaction.atomic
def take_in_referral(*, referral: Referral, actor: Actor, on: date | None = None) -> Referral:
    """A colleague takes it up; it is theirs from now on."""
    referral = _locked_referral(referral)
    REFERRAL.move(referral, "take_in", actor)
    referral.handled_by = staff_member(actor)
    referral.stage_since = max(on or timezone.localdate(), referral.received_on)
    referral.save(update_fields=["state", "handled_by", "stage_since"])
    _tell(referral, "referral.taken_in", on)
    return referral


@transaction.atomic
def note_talk(
    *,
    referral: Referral,
    actor: Actor,
    kind: str,
    held_on: date,
    reached: bool = True,
    text: str = "",
    place: str = "",
    minutes: int | None = None,
) -> IntakeTalk:
    """A contact attempt or an exploratory talk, as long as nothing is decided (documents 000 and 004). `place` is a key
    of Note.PLACES, where it was; `minutes` how long it took."""
    referral = _open_referral(referral, actor)
    if kind not in IntakeTalk.KINDS:
        raise RuleBroken(_("Kies een poging of een gesprek."), field="kind")
    if place and place not in Note.PLACES:
        raise RuleBroken(_("Kies een plaats uit de lijst."), field="place")
    not_future(held_on, "held_on")
    if kind == "talk" and not reached:
        raise RuleBroken(
            _("Een gesprek zonder de persoon is een poging. Kies “Contactpoging”."), field="kind"
        )
    talk: IntakeTalk = IntakeTalk.objects.create(
        person_id=referral.person_id, referral=referral, kind=kind, held_on=held_on, reached=reached, place=place,
        minutes=minutes, text=text.strip() or None, author=author_name(actor),
    )  # fmt: skip
    line = "referral.talk" if reached else "referral.no_answer"
    events.record(line, subject_id=referral.person_id, on=held_on, object_id=talk.pk, what=kind)
    return talk


@transaction.atomic
def record_yes(
    *,
    referral: Referral,
    actor: Actor,
    on: date | None = None,
    tell_helper: bool = False,
    own_choice: str = "",
) -> Referral:
    """The person's own yes to a helper's referral, why in own words, and whether the helper may hear what becomes of it
    (requirements B1, B4 and B6).

    That is a consent of the person, for this referral: withdrawn, the helper hears nothing more.
    """
    referral = _open_referral(referral, actor)
    day = on or timezone.localdate()
    not_future(day, "on")
    referral.person_said_yes_on = day
    referral.own_choice = own_choice.strip() or referral.own_choice
    referral.save()
    if tell_helper:
        tell_helper_too(referral, actor, day)
    _tell(referral, "referral.yes", day)
    return referral


def tell_helper_too(referral: Referral, actor: Actor, day: date) -> None:
    """The consent that opens the referrer's view of this one referral; one that holds is left as it is."""
    if holds(referral.person_id, "tell_referrer", referral.pk):
        return
    give_consent(
        person=referral.person, actor=actor, purpose="tell_referrer", recipient_id=referral.pk, starts_on=day,
        recipient=str(referral.referrer or referral.helper_organisation or referral.helper_name),
    )  # fmt: skip


@transaction.atomic
def set_conditions(*, referral: Referral, actor: Actor, conditions: dict[str, str]) -> Referral:
    """Answers to what only intake asks, by the question's key; '' takes an answer away (document 004, requirement B3)."""
    referral = _open_referral(referral, actor)
    known = {rule.condition.answer: rule.condition for rule in fit.intake_rules(referral.programme.rules)}
    kept = dict(referral.conditions)
    for key, value in conditions.items():
        _check_condition(known.get(key), key, value)
        kept[key] = value
    referral.conditions = {key: value for key, value in kept.items() if value}
    referral.save()
    _tell(referral, "referral.conditions", None)
    return referral


@transaction.atomic
def recognise_person(*, referral: Referral, actor: Actor, person: Person) -> Referral:
    """This referral is about someone we know: its record goes into that one, with everything kept (requirement B7)."""
    referral = _open_referral(referral, actor)
    if referral.person_id == person.pk:
        raise RuleBroken(_("De aanmelding staat al bij deze persoon."))
    merge_persons(kept=person, double=referral.person, actor=actor)
    return _locked_referral(referral)


@transaction.atomic
def accept_referral(
    *,
    referral: Referral,
    actor: Actor,
    coach: StaffMember,
    starts_on: date,
    aim: str,
    segment: str,
    wish: str = "",
    programme: ProgrammeVersion | None = None,
    reason: str = "",
    on: date | None = None,
) -> Pathway:
    """Decide that a pathway starts. Needs a talk and the person's own wish; intake's conditions that exclude must have
    an answer, and a rule that isn't met needs a reason (documents 000, 001, 004; Const. Court 86/2018)."""
    referral = _locked_referral(referral)
    REFERRAL.move(referral, "accept", actor)
    day = on or timezone.localdate()
    not_future(day, "on")
    if programme is not None and programme.pk != referral.programme_id:
        referral.programme = programme
    _check_fit(referral, reason, day)
    if starts_on < referral.received_on:
        raise RuleBroken(_("Een traject begint niet voor de aanmelding."), field="starts_on")
    referral.decided_on, referral.decision_code, referral.decision_reason = (
        day,
        "accepted",
        reason.strip() or None,
    )
    referral.handled_by = referral.handled_by or staff_member(actor)
    referral.save()
    _tell(referral, "referral.accepted", day)
    return begin(
        person=referral.person, actor=actor, coach=coach, programme=referral.programme, starts_on=starts_on, aim=aim,
        segment=segment, wish=wish, referral=referral,
    )  # fmt: skip


@transaction.atomic
def refuse_referral(
    *, referral: Referral, actor: Actor, code: str, reason: str, went_to: str = "", on: date | None = None
) -> Referral:
    """It goes elsewhere: with a reason and a place to go to, never a dead end (requirement B3)."""
    referral = _locked_referral(referral)
    REFERRAL.move(referral, "refuse", actor)
    if code not in REFUSAL_CODES:
        raise RuleBroken(_("Kies een reden uit de lijst."), field="code")
    if not reason.strip():
        raise RuleBroken(_("Schrijf waarom. De persoon mag dit vragen."), field="reason")
    if code not in NOWHERE and not went_to.strip():
        raise RuleBroken(_("Schrijf waar de persoon wel naartoe kan."), field="went_to")
    _decide(referral, actor, code, reason, on, went_to)
    _tell(referral, "referral.refused", referral.decided_on, why=code)
    return referral


@transaction.atomic
def withdraw_referral(
    *, referral: Referral, actor: Actor, reason: str = "", on: date | None = None
) -> Referral:
    """The person or the helper takes the question back; that never needs a reason (requirement B6)."""
    referral = _locked_referral(referral)
    REFERRAL.move(referral, "withdraw", actor)
    _decide(referral, actor, "withdrawn", reason, on)
    _tell(referral, "referral.withdrawn", referral.decided_on)
    return referral


@transaction.atomic
def reopen_referral(*, referral: Referral, actor: Actor, on: date | None = None) -> Referral:
    """Back in talks; the former decision stays in the history."""
    referral = _locked_referral(referral)
    REFERRAL.move(referral, "reopen", actor)
    if referral.person.erased_at is not None:
        raise RuleBroken(_("De gegevens van deze persoon zijn gewist. Begin een nieuwe aanmelding."))
    referral.stage_since = on or timezone.localdate()
    referral.decided_on, referral.decision_code, referral.decision_reason, referral.went_to = (
        None,
        "",
        None,
        "",
    )
    referral.save()
    _tell(referral, "referral.reopened", on)
    return referral


@transaction.atomic
def settle_referral(*, referral: Referral, actor: Actor, on: date) -> Referral:
    """Its pathway began before Stapsteen: decided then, by whoever kept the former file. Only for an import.

    No talk and no condition is asked, since neither is in such a file; nothing is made up.
    """
    referral = _locked_referral(referral)
    REFERRAL.move(referral, "settle", actor)
    referral.decided_on, referral.decision_code = max(on, referral.received_on), "former_file"
    referral.save(update_fields=["state", "decided_on", "decision_code"])
    return referral


def _locked_referral(referral: Referral) -> Referral:
    return Referral.objects.select_for_update().get(pk=referral.pk)


def _open_referral(referral: Referral, actor: Actor) -> Referral:
    locked = _locked_referral(referral)
    demand(actor, locked, "pathways.referral.handle")
    if locked.state not in OPEN:
        raise RuleBroken(_("Over deze aanmelding is al beslist. Heropen ze eerst."))
    return locked


def _decide(
    referral: Referral, actor: Actor, code: str, reason: str, on: date | None, went_to: str = ""
) -> None:
    day = on or timezone.localdate()
    not_future(day, "on")
    if day < referral.received_on:
        raise RuleBroken(_("Beslissen kan pas na de aanmelding."), field="on")
    referral.decided_on, referral.decision_code = day, code
    referral.decision_reason, referral.went_to = reason.strip() or None, went_to.strip()[:200]
    referral.handled_by = referral.handled_by or staff_member(actor)
    referral.save()


def _check_way_in(actor: Actor, programme: ProgrammeVersion, by: str, *, call_only: bool) -> None:
    own_programme(programme)
    if by not in Referral.BY:
        raise RuleBroken(_("Kies voor wie je dit invult."), field="by")
    if actor.roles:
        return  # staff and imports write down what came in, by whatever way
    if not Service.objects.get(pk=programme.service_id).intake_open:
        raise RuleBroken(_("Deze dienst neemt nu geen nieuwe mensen op."))
    way = programme.rules.referral
    if not call_only and not (way.by_person if by == "self" else way.by_helper):
        raise RuleBroken(way.note.say(get_language() or "nl"), field="by")


def _referrer_kind(programme: ProgrammeVersion, by: str, referrer: Organisation | None) -> str:
    """For the figures: who refers, as a kind of the programme, never a name. Where only one kind refers, it is that one."""
    if by == "self":
        return "self"
    if referrer is not None and (known := kind_of(programme, referrer)):
        return known[:20]
    name = referrer.name.casefold() if referrer else ""
    kinds = [kind.kind for kind in programme.rules.referral.referrers]
    only = kinds[0] if referrer is not None and len(kinds) == 1 else "helper"
    return next((kind for kind in kinds if kind in name), only)[:20]


def _check_condition(condition: Chosen | None, key: str, value: str) -> None:
    if condition is None:
        raise RuleBroken(_("Dit programma stelt de vraag “%(key)s” niet.") % {"key": key})
    if value and value not in {choice.value for choice in condition.choices}:
        raise RuleBroken(_("Kies een antwoord uit de lijst."), field=key)


def _check_fit(referral: Referral, reason: str, day: date) -> None:
    results = fit.intake_results(referral, day)
    if (forced := fit.against_will(results)) is not None:
        raise RuleBroken(
            _("Dit is niet de eigen wens van de persoon. Praat verder, maar start niet. %(why)s")
            % {"why": forced.explain(get_language() or "nl")}
        )
    if open_questions := fit.must_be_answered(results):
        raise RuleBroken(
            _("Vul eerst de voorwaarden in: %(questions)s")
            % {"questions": " ".join(r.rule.question.say(get_language() or "nl") for r in open_questions)}
        )
    if fit.not_fitting(results) and not reason.strip():
        raise RuleBroken(_("Een voorwaarde is niet vervuld. Schrijf waarom je toch start."), field="reason")


def _tell(referral: Referral, kind: str, on: date | None, **details: Any) -> None:
    events.record(kind, subject_id=referral.person_id, on=on, object_id=referral.pk, **details)
