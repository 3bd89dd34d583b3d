"""Every write from referral to the end of the pathway. The states move by the tables in states.py."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from stapsteen.core import events, links
from stapsteen.core.dated import succeed
from stapsteen.core.errors import RuleBroken
from stapsteen.core.mail import queue_mail
from stapsteen.core.scope import Actor, current
from stapsteen.hosts.models import Organisation
from stapsteen.network.house import staff_member
from stapsteen.network.models import Membership, ProgrammeVersion, Service, StaffMember
from stapsteen.network.programme.schema import Chosen
from stapsteen.pathways import fit
from stapsteen.pathways.models import (
    DESTINATIONS,
    END_CODES,
    NOWHERE,
    REFUSAL_CODES,
    STEPPED_UP,
    Aim,
    IntakeTalk,
    Pathway,
    PathwayProgramme,
    Referral,
    Suspension,
    WheelPosition,
)
from stapsteen.pathways.states import PATHWAY, REFERRAL
from stapsteen.people.access import demand
from stapsteen.people.actions import author_name, clear, create_person
from stapsteen.people.models import Person

OPEN = ("received", "in_talks")
FOLLOW = "pathways.referral.status"

# Referral ----------------------------------------------------------------------------------------------------------


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
) -> Referral:
    """A question for guidance comes in, always as a new person: nothing is told about who is known (requirement B1).

    `person` holds the keywords of create_person. `by` is 'self' or 'helper'; a visitor can only come in the way that
    the programme says. The helper gets a mail without names, with a link to follow the referral.
    """
    day = received_on or timezone.localdate()
    _not_future(day, "received_on")
    _check_way_in(actor, programme, by)
    if by == "helper" and not (helper_email or helper_phone or referrer or actor.roles):
        raise RuleBroken(_("Vul een e-mailadres of telefoonnummer in van wie helpt."), field="helper_email")
    if not question.strip():
        raise RuleBroken(_("Schrijf kort wat de vraag is."), field="question")
    someone = create_person(actor=actor, on=day, **person)
    referral = Referral.objects.create(
        person=someone, programme=programme, by=by, question=question.strip(), tried=tried.strip(), referrer=referrer,
        referrer_kind=_referrer_kind(programme, by, referrer), helper_name=helper_name,
        helper_organisation=helper_organisation, helper_email=helper_email, helper_phone=helper_phone,
        answers=answers or {}, verdicts=verdicts or [], received_on=day,
        person_said_yes_on=day if by == "self" else None,
    )  # fmt: skip
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
    referral.save()
    _tell(referral, "referral.taken_in", on)
    return referral


@transaction.atomic
def note_talk(
    *, referral: Referral, actor: Actor, kind: str, held_on: date, reached: bool = True, text: str = ""
) -> IntakeTalk:
    """A contact attempt or an exploratory talk, as long as nothing is decided (documents 000 and 004)."""
    referral = _open_referral(referral, actor)
    if kind not in IntakeTalk.KINDS:
        raise RuleBroken(_("Kies een poging of een gesprek."), field="kind")
    _not_future(held_on, "held_on")
    if kind == "talk" and not reached:
        raise RuleBroken(_("Een gesprek zonder de persoon is een poging. Kies “Contactpoging”."), field="kind")
    talk = IntakeTalk.objects.create(
        person_id=referral.person_id, referral=referral, kind=kind, held_on=held_on, reached=reached,
        text=text.strip() or None, author=author_name(actor),
    )  # fmt: skip
    line = "referral.talk" if reached else "referral.no_answer"
    events.record(line, subject_id=referral.person_id, on=held_on, object_id=talk.pk, what=kind)
    return talk


@transaction.atomic
def record_yes(
    *, referral: Referral, actor: Actor, on: date | None = None, tell_helper: bool = False
) -> Referral:
    """The person's own yes to a helper's referral, and whether the helper may hear what becomes of it (B1, B4)."""
    referral = _open_referral(referral, actor)
    day = on or timezone.localdate()
    _not_future(day, "on")
    referral.person_said_yes_on, referral.tell_helper = day, tell_helper
    referral.save()
    _tell(referral, "referral.yes", day)
    return referral


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
    """This referral is about someone we know: it goes to that record, the double one is erased (requirement B7)."""
    referral = _open_referral(referral, actor)
    demand(actor, person, "people.person.view")
    double = Person.objects.select_for_update().get(pk=referral.person_id)
    if double.pk == person.pk:
        raise RuleBroken(_("De aanmelding staat al bij deze persoon."))
    if double.pathways.exists() or double.referrals.exclude(pk=referral.pk).exists():
        raise RuleBroken(_("Bij de dubbele fiche hoort al meer. Vraag je coördinator om te kijken."))
    referral.person = person
    referral.save()
    referral.talks.update(person=person)
    events.record("referral.received", subject_id=person.pk, on=referral.received_on, object_id=referral.pk, by=referral.by)
    clear(person=double, reason="duplicate")
    return referral


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
    _not_future(day, "on")
    if programme is not None and programme.pk != referral.programme_id:
        referral.programme = programme
    _check_fit(referral, reason, day)
    if starts_on < referral.received_on:
        raise RuleBroken(_("Een traject begint niet voor de aanmelding."), field="starts_on")
    referral.decided_on, referral.decision_code, referral.decision_reason = day, "accepted", reason.strip() or None
    referral.handled_by = referral.handled_by or staff_member(actor)
    referral.save()
    _tell(referral, "referral.accepted", day)
    return _begin(
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
def withdraw_referral(*, referral: Referral, actor: Actor, reason: str = "", on: date | None = None) -> Referral:
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
    referral.decided_on, referral.decision_code, referral.decision_reason, referral.went_to = None, "", None, ""
    referral.save()
    _tell(referral, "referral.reopened", on)
    return referral


# Pathway -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def start_pathway(
    *,
    person: Person,
    actor: Actor,
    coach: StaffMember,
    programme: ProgrammeVersion,
    starts_on: date,
    aim: str,
    segment: str,
    wish: str = "",
    referral: Referral | None = None,
) -> Pathway:
    """A pathway without a decision on a referral: someone comes back, or comes out of a former file."""
    demand(actor, person, "pathways.pathway.start")
    return _begin(
        person=person, actor=actor, coach=coach, programme=programme, starts_on=starts_on, aim=aim, segment=segment,
        wish=wish, referral=referral,
    )  # fmt: skip


def _begin(
    *,
    person: Person,
    actor: Actor,
    coach: StaffMember,
    programme: ProgrammeVersion,
    starts_on: date,
    aim: str,
    segment: str,
    wish: str,
    referral: Referral | None,
) -> Pathway:
    """The pathway with its first kind, aim and place on the wheel. One running pathway of a kind per person."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.erased_at is not None:
        raise RuleBroken(_("De gegevens van deze persoon zijn gewist."))
    _own_programme(programme)
    _can_coach(coach, actor)
    _known_aim(programme, aim)
    _known_segment(programme, segment, "segment")
    if wish:
        _known_segment(programme, wish, "wish")
    _one_of_a_kind(person, programme.kind)
    pathway = Pathway.objects.create(person=person, referral=referral, coach=coach, starts_on=starts_on)
    base = {"person": person, "pathway": pathway, "starts_on": starts_on}
    PathwayProgramme.objects.create(programme=programme, kind=programme.kind, **base)
    Aim.objects.create(aim=aim, **base)
    WheelPosition.objects.create(segment=segment, wish=wish, **base)
    _line(pathway, "pathway.started", starts_on, what=programme.kind)
    return pathway


@transaction.atomic
def change_aim(*, pathway: Pathway, actor: Actor, aim: str, starts_on: date) -> Aim:
    """From that day on the pathway is for something else; what it was for stays (document 000)."""
    pathway = _running(pathway, actor)
    _within(pathway, starts_on)
    _known_aim(programme_of(pathway, starts_on), aim)
    rows = Aim.objects.filter(pathway=pathway)
    if _newest(rows).aim == aim:
        raise RuleBroken(_("Dit is al het doel."), field="aim")
    changed: Aim = succeed(rows, starts_on=starts_on, person_id=pathway.person_id, pathway=pathway, aim=aim)
    _line(pathway, "pathway.aim", starts_on, aim=aim)
    return changed


@transaction.atomic
def move_on_wheel(
    *, pathway: Pathway, actor: Actor, segment: str, starts_on: date, wish: str = "", what_helped: str = ""
) -> WheelPosition:
    """Where the person stands from that day on: forward, back or the same place again, all are welcome (document 004)."""
    pathway = _running(pathway, actor)
    _within(pathway, starts_on)
    programme = programme_of(pathway, starts_on)
    _known_segment(programme, segment, "segment")
    if wish:
        _known_segment(programme, wish, "wish")
    place: WheelPosition = succeed(
        WheelPosition.objects.filter(pathway=pathway), starts_on=starts_on, person_id=pathway.person_id,
        pathway=pathway, segment=segment, wish=wish, what_helped=what_helped.strip() or None,
    )  # fmt: skip
    _line(pathway, "pathway.wheel", starts_on, segment=segment, wish=wish)
    return place


@transaction.atomic
def change_kind(
    *, pathway: Pathway, actor: Actor, programme: ProgrammeVersion, starts_on: date
) -> PathwayProgramme:
    """On with another programme: neither an end nor a start (defaults, "Figures"). Aim and place must exist there."""
    pathway = _running(pathway, actor)
    _within(pathway, starts_on)
    _own_programme(programme)
    if programme.kind != programme_of(pathway, starts_on).kind:
        _one_of_a_kind(pathway.person, programme.kind)
    _known_aim(programme, _newest(pathway.aims).aim)
    _known_segment(programme, _newest(pathway.wheel_positions).segment, "programme")
    changed: PathwayProgramme = succeed(
        PathwayProgramme.objects.filter(pathway=pathway), starts_on=starts_on, person_id=pathway.person_id,
        pathway=pathway, programme=programme, kind=programme.kind,
    )  # fmt: skip
    _line(pathway, "pathway.kind", starts_on, what=programme.kind)
    return changed


@transaction.atomic
def change_coach(*, pathway: Pathway, actor: Actor, coach: StaffMember, on: date | None = None) -> Pathway:
    """Another coach takes over; the former one no longer sees the person."""
    pathway = _running(pathway, actor)
    _can_coach(coach, actor)
    if coach.pk == pathway.coach_id:
        raise RuleBroken(_("Deze collega begeleidt het traject al."), field="coach")
    pathway.coach = coach
    pathway.save()
    _line(pathway, "pathway.coach", on or timezone.localdate())
    return pathway


@transaction.atomic
def suspend_pathway(*, pathway: Pathway, actor: Actor, starts_on: date, reason: str = "") -> Suspension:
    """A pause. It prolongs neither guideline nor maximum; evaluations in it are due on the first day after."""
    pathway = _locked_pathway(pathway)
    PATHWAY.move(pathway, "suspend", actor)
    _within(pathway, starts_on)
    last = pathway.suspensions.order_by("-starts_on").first()
    if last is not None and last.ends_on is not None and starts_on <= last.ends_on:
        raise RuleBroken(_("Toen was er al een pauze. Kies een latere dag."), field="starts_on")
    pathway.save()
    pause = Suspension.objects.create(
        person_id=pathway.person_id, pathway=pathway, starts_on=starts_on, reason=reason.strip() or None
    )
    _line(pathway, "pathway.suspended", starts_on)
    return pause


@transaction.atomic
def resume_pathway(*, pathway: Pathway, actor: Actor, on: date) -> Pathway:
    """Going on again from that day: the pause ends the day before."""
    pathway = _locked_pathway(pathway)
    PATHWAY.move(pathway, "resume", actor)
    _not_future(on, "on")
    pause = pathway.suspensions.select_for_update().get(ends_on=None)
    if on < pause.starts_on:
        raise RuleBroken(_("De pauze begon later. Kies een latere dag."), field="on")
    pause.ends_on = on - timedelta(days=1)
    pause.save(update_fields=["ends_on"])
    pathway.save()
    _line(pathway, "pathway.resumed", on)
    return pathway


@transaction.atomic
def end_pathway(
    *,
    pathway: Pathway,
    actor: Actor,
    ends_on: date,
    code: str,
    reason: str = "",
    destination: str = "",
    stepped_up: bool = False,
) -> Pathway:
    """The last day, why, and where to (requirement G6). Kind, aim, place and pause end with it.

    `destination` is a key of DESTINATIONS or free text. A job, training or employment service is always a step up
    (document 001, slide 15).
    """
    pathway = _locked_pathway(pathway)
    PATHWAY.move(pathway, "end", actor)
    if code not in END_CODES:
        raise RuleBroken(_("Kies een reden uit de lijst."), field="code")
    _within(pathway, ends_on, "ends_on")
    pathway.ends_on, pathway.end_code, pathway.end_reason = ends_on, code, reason.strip() or None
    pathway.destination = destination.strip()[:200]
    pathway.stepped_up = stepped_up or destination in STEPPED_UP or code == "stepped_up"
    pathway.save()
    for rows in (pathway.programmes, pathway.aims, pathway.wheel_positions, pathway.suspensions):
        _close(rows, ends_on)
    _line(pathway, "pathway.ended", ends_on, why=code)
    return pathway


# What they share ---------------------------------------------------------------------------------------------------


def programme_of(pathway: Pathway, day: date) -> ProgrammeVersion:
    """The programme that the pathway follows on that day; before or after it, the first or last one."""
    rows = pathway.programmes.select_related("programme")
    row = rows.filter(starts_on__lte=day).order_by("-starts_on", "-id").first() or rows.order_by("starts_on", "id").first()
    version: ProgrammeVersion = row.programme
    return version


def _locked_referral(referral: Referral) -> Referral:
    return Referral.objects.select_for_update(of=("self",)).select_related("programme").get(pk=referral.pk)  # type: ignore[no-any-return]


def _open_referral(referral: Referral, actor: Actor) -> Referral:
    locked = _locked_referral(referral)
    demand(actor, locked, "pathways.referral.handle")
    if locked.state not in OPEN:
        raise RuleBroken(_("Over deze aanmelding is al beslist. Heropen ze eerst."))
    return locked


def _locked_pathway(pathway: Pathway) -> Pathway:
    return Pathway.objects.select_for_update().get(pk=pathway.pk)  # type: ignore[no-any-return]


def _running(pathway: Pathway, actor: Actor) -> Pathway:
    locked = _locked_pathway(pathway)
    demand(actor, locked, "pathways.pathway.guide")
    if locked.state == "ended":
        raise RuleBroken(_("Dit traject is afgerond."))
    return locked


def _newest(rows: Any) -> Any:
    return rows.order_by("-starts_on", "-id").first()


def _close(rows: Any, last_day: date) -> None:
    """End what still holds; a fact that began after the last day holds on no day, but stays in view."""
    for row in rows.select_for_update().filter(ends_on=None):
        row.ends_on = max(last_day, row.starts_on - timedelta(days=1))
        row.save(update_fields=["ends_on"])


def _decide(
    referral: Referral, actor: Actor, code: str, reason: str, on: date | None, went_to: str = ""
) -> None:
    day = on or timezone.localdate()
    _not_future(day, "on")
    if day < referral.received_on:
        raise RuleBroken(_("Beslissen kan pas na de aanmelding."), field="on")
    referral.decided_on, referral.decision_code = day, code
    referral.decision_reason, referral.went_to = reason.strip() or None, went_to.strip()[:200]
    referral.handled_by = referral.handled_by or staff_member(actor)
    referral.save()


def _check_way_in(actor: Actor, programme: ProgrammeVersion, by: str) -> None:
    _own_programme(programme)
    if by not in Referral.BY:
        raise RuleBroken(_("Kies voor wie je dit invult."), field="by")
    if actor.roles:
        return  # staff and imports write down what came in, by whatever way
    if not Service.objects.get(pk=programme.service_id).intake_open:
        raise RuleBroken(_("Deze dienst neemt nu geen nieuwe mensen op."))
    way = programme.rules.referral
    if not (way.by_person if by == "self" else way.by_helper):
        raise RuleBroken(way.note.say(get_language() or "nl"), field="by")


def _referrer_kind(programme: ProgrammeVersion, by: str, referrer: Organisation | None) -> str:
    """For the figures: who refers, as a kind of the programme, never a name."""
    if by == "self":
        return "self"
    name = referrer.name.casefold() if referrer else ""
    kinds = [kind.kind for kind in programme.rules.referral.referrers]
    return next((kind for kind in kinds if kind in name), "helper")[:20]


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


def _own_programme(programme: ProgrammeVersion) -> None:
    if programme.service_id != current().service_id:
        raise RuleBroken(_("Dit programma is van een andere dienst."), field="programme")


def _can_coach(coach: StaffMember, actor: Actor) -> None:
    """A coach has that role today; what comes out of an older file keeps the coach of then."""
    if actor.has("system"):
        return
    today = timezone.localdate()
    roles = Membership.objects.filter(
        user_id=coach.user_id, service_id=coach.service_id, role__in=("coach", "coordinator"), starts_on__lte=today
    ).exclude(ends_on__lt=today)
    if not roles.exists():
        raise RuleBroken(_("Deze collega is geen begeleider."), field="coach")


def _known_aim(programme: ProgrammeVersion, aim: str) -> None:
    if aim not in {item.id for item in programme.rules.aims}:
        raise RuleBroken(_("Dit programma kent dit doel niet."), field="aim")


def _known_segment(programme: ProgrammeVersion, segment: str, field: str) -> None:
    if segment not in {item.id for item in programme.rules.wheel.segments}:
        raise RuleBroken(_("Kies een plaats op het wiel."), field=field)


def _one_of_a_kind(person: Person, kind: str) -> None:
    running = PathwayProgramme.objects.filter(
        pathway__person=person, pathway__state__in=("active", "suspended"), ends_on=None, kind=kind
    )
    if running.exists():
        raise RuleBroken(_("Er loopt al een traject van deze soort."), field="programme")


def _within(pathway: Pathway, day: date, field: str = "starts_on") -> None:
    _not_future(day, field)
    if day < pathway.starts_on:
        raise RuleBroken(
            _("Het traject begon op %(day)s. Kies die dag of later.") % {"day": pathway.starts_on.strftime("%d/%m/%Y")},
            field=field,
        )


def _not_future(day: date, field: str) -> None:
    if day > timezone.localdate():
        raise RuleBroken(_("Deze dag moet nog komen. Kies vandaag of vroeger."), field=field)


def _tell(referral: Referral, kind: str, on: date | None, **details: Any) -> None:
    events.record(kind, subject_id=referral.person_id, on=on, object_id=referral.pk, **details)


def _line(pathway: Pathway, kind: str, on: date, **details: Any) -> None:
    events.record(kind, subject_id=pathway.person_id, on=on, object_id=pathway.pk, **details)
