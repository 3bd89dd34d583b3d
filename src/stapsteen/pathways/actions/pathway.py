"""Writes about a running pathway: start, aim, wheel, kind, coach, pause, end. States move by the table in states.py."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core import events
from stapsteen.core.dated import succeed
from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor, current
from stapsteen.network.models import Membership, ProgrammeVersion, StaffMember
from stapsteen.pathways.models import (
    END_CODES,
    STEPPED_UP,
    Aim,
    Pathway,
    PathwayProgramme,
    Referral,
    Suspension,
    WheelPosition,
)
from stapsteen.pathways.states import PATHWAY
from stapsteen.people.access import demand
from stapsteen.people.models import Person


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
    return begin(
        person=person, actor=actor, coach=coach, programme=programme, starts_on=starts_on, aim=aim, segment=segment,
        wish=wish, referral=referral,
    )  # fmt: skip


def begin(
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
    if person.erased_at is not None or person.merged_into_id is not None:
        raise RuleBroken(_("De gegevens van deze persoon zijn gewist."))
    own_programme(programme)
    _can_coach(coach, actor)
    _known_aim(programme, aim)
    _known_segment(programme, segment, "segment")
    if wish:
        _known_segment(programme, wish, "wish")
    _one_of_a_kind(person, programme.kind)
    pathway: Pathway = Pathway.objects.create(
        person=person, referral=referral, coach=coach, starts_on=starts_on
    )
    base = {"person": person, "pathway": pathway, "starts_on": starts_on}
    for row in (
        PathwayProgramme(programme=programme, kind=programme.kind, **base),
        Aim(aim=aim, **base),
        WheelPosition(segment=segment, wish=wish, **base),
    ):
        events.keep.get()(row)
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
    *,
    pathway: Pathway,
    actor: Actor,
    segment: str,
    starts_on: date,
    wish: str = "",
    what_helped: str = "",
    said_by: str = "together",
    rule: str = "pathways.pathway.guide",
) -> WheelPosition:
    """Where the person stands from that day on: forward, back or the same place again, all are welcome (document 004).

    `rule`: through which the actor reaches the pathway; the participant's own page names its own.
    """
    if said_by not in WheelPosition.SAID_BY:
        raise RuleBroken(_("Kies wie dit zegt."), field="said_by")
    pathway = _running(pathway, actor, rule)
    _within(pathway, starts_on)
    programme = programme_of(pathway, starts_on)
    _known_segment(programme, segment, "segment")
    if wish:
        _known_segment(programme, wish, "wish")
    place: WheelPosition = succeed(
        WheelPosition.objects.filter(pathway=pathway), starts_on=starts_on, person_id=pathway.person_id,
        pathway=pathway, segment=segment, wish=wish, what_helped=what_helped.strip() or None, said_by=said_by,
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
    own_programme(programme)
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
    not_future(on, "on")
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


def programme_of(pathway: Pathway, day: date) -> ProgrammeVersion:
    """The programme that the pathway follows on that day; before or after it, the first or last one."""
    rows = pathway.programmes.select_related("programme")
    begun = rows.filter(starts_on__lte=day).order_by("-starts_on", "-id").first()
    row: Any = begun or rows.order_by("starts_on", "id").first()
    version: ProgrammeVersion = row.programme
    return version


def _locked_pathway(pathway: Pathway) -> Pathway:
    return Pathway.objects.select_for_update().get(pk=pathway.pk)


def _running(pathway: Pathway, actor: Actor, rule: str = "pathways.pathway.guide") -> Pathway:
    locked = _locked_pathway(pathway)
    demand(actor, locked, rule)
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


def own_programme(programme: ProgrammeVersion) -> None:
    if programme.service_id != current().service_id:
        raise RuleBroken(_("Dit programma is van een andere dienst."), field="programme")


def _can_coach(coach: StaffMember, actor: Actor) -> None:
    """A coach has that role today; what comes out of an older file keeps the coach of then."""
    if actor.has("system"):
        return
    today = timezone.localdate()
    roles = Membership.objects.filter(
        user_id=coach.user_id,
        service_id=coach.service_id,
        role__in=("coach", "coordinator"),
        starts_on__lte=today,
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
        person=person, pathway__state__in=("active", "suspended"), ends_on=None, kind=kind
    )
    if running.exists():
        raise RuleBroken(_("Er loopt al een traject van deze soort."), field="programme")


def _within(pathway: Pathway, day: date, field: str = "starts_on") -> None:
    not_future(day, field)
    if day < pathway.starts_on:
        raise RuleBroken(
            _("Het traject begon op %(day)s. Kies die dag of later.")
            % {"day": pathway.starts_on.strftime("%d/%m/%Y")},
            field=field,
        )


def not_future(day: date, field: str) -> None:
    if day > timezone.localdate():
        raise RuleBroken(_("Deze dag moet nog komen. Kies vandaag of vroeger."), field=field)


def _line(pathway: Pathway, kind: str, on: date, **details: Any) -> None:
    events.record(kind, subject_id=pathway.person_id, on=on, object_id=pathway.pk, **details)
