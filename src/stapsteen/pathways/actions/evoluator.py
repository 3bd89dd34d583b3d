"""Evoluator: own axes, and the moments on which all score them together (document 004, requirement C3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core import events
from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor
from stapsteen.pathways.actions.pathway import not_future, programme_of
from stapsteen.pathways.models import Axis, AxisTemplate, Moment, Pathway, Score
from stapsteen.pathways.states import MOMENT
from stapsteen.people.access import demand

WIDEST = 10
"""Most points above the lowest one of a scale: 0 to 10 still fits on a phone."""


@dataclass(frozen=True)
class Point:
    """What one rater says about one axis. `value` None: rather not said."""

    value: int | None
    note: str = ""


# Axes --------------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_axis(
    *,
    pathway: Pathway,
    actor: Actor,
    name: str,
    low: str = "",
    high: str = "",
    lowest: int | None = None,
    highest: int | None = None,
    domain: str = "",
    starts_on: date | None = None,
) -> Axis:
    """An axis in own words from that day on; the programme gives the scale unless told otherwise."""
    pathway = _guided(pathway, actor)
    day = starts_on or timezone.localdate()
    not_future(day, "starts_on")
    evaluator = _evaluator(pathway, day)
    ends = (
        evaluator.scale_min if lowest is None else lowest,
        evaluator.scale_max if highest is None else highest,
    )
    lowest, highest = (1 if ends[0] is None else ends[0]), (5 if ends[1] is None else ends[1])
    check_scale(lowest, highest)
    if not name.strip():
        raise RuleBroken(_("Geef de as een naam in eigen woorden."), field="name")
    axis: Axis = Axis.objects.create(
        person_id=pathway.person_id, pathway=pathway, domain=domain, starts_on=day, name=name.strip(),
        low=low.strip() or None, high=high.strip() or None, lowest=lowest, highest=highest,
        order=pathway.axes.count(),
    )  # fmt: skip
    _line(pathway, "evoluator.axis", day)
    return axis


@transaction.atomic
def use_template(
    *, pathway: Pathway, actor: Actor, template: AxisTemplate, starts_on: date | None = None
) -> list[Axis]:
    """All axes of a template, as a beginning: each can be put in own words afterwards."""
    return [
        add_axis(
            pathway=pathway, actor=actor, name=row["name"], low=row.get("low", ""), high=row.get("high", ""),
            lowest=row.get("lowest"), highest=row.get("highest"), domain=row.get("domain", ""),
            starts_on=starts_on,
        )
        for row in template.axes
    ]  # fmt: skip


@transaction.atomic
def word_axis(
    *,
    axis: Axis,
    actor: Actor,
    name: str,
    low: str = "",
    high: str = "",
    lowest: int | None = None,
    highest: int | None = None,
) -> Axis:
    """Better words for the same axis. Its scale stands fast once somebody scored: other points would mean something else."""
    axis = _kept(axis, actor)
    if not name.strip():
        raise RuleBroken(_("Geef de as een naam in eigen woorden."), field="name")
    ends = (axis.lowest if lowest is None else lowest, axis.highest if highest is None else highest)
    if ends != (axis.lowest, axis.highest):
        check_scale(*ends)
        if axis.scores.exists():
            raise RuleBroken(
                _("Er zijn al punten gegeven. Stop deze as en begin een nieuwe met de andere schaal."),
                field="highest",
            )
    axis.name, axis.low, axis.high = name.strip(), low.strip() or None, high.strip() or None
    axis.lowest, axis.highest = ends
    axis.save()
    return axis


@transaction.atomic
def end_axis(*, axis: Axis, actor: Actor, on: date | None = None) -> Axis:
    """No longer scored from that day on; what was scored stays."""
    axis = _kept(axis, actor)
    day = on or timezone.localdate()
    not_future(day, "on")
    if axis.ends_on is not None:
        raise RuleBroken(_("Deze as is al gestopt."))
    axis.ends_on = max(day, axis.starts_on) - timedelta(days=1)
    axis.save()
    return axis


def check_scale(lowest: int, highest: int) -> None:
    """At least three points and at most eleven, from 0 on."""
    if lowest < 0 or not 2 <= highest - lowest <= WIDEST:
        raise RuleBroken(
            _("Een schaal heeft 3 tot 11 punten, bijvoorbeeld 1 tot 5 of 0 tot 10."), field="highest"
        )


# Moments -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def begin_moment(*, pathway: Pathway, actor: Actor, held_on: date | None = None) -> Moment:
    """A day to score together; the next number. Not while another one is open, and not before the last one."""
    pathway = _guided(pathway, actor)
    day = held_on or timezone.localdate()
    not_future(day, "held_on")
    _evaluator(pathway, day)
    last = pathway.moments.order_by("-number").first()
    if last is not None and last.state == "open":
        raise RuleBroken(_("Er is al een moment bezig. Werk dat eerst af."))
    if last is not None and day < last.held_on:
        raise RuleBroken(
            _("Het vorige moment was op %(day)s. Kies die dag of later.")
            % {"day": last.held_on.strftime("%d/%m/%Y")},
            field="held_on",
        )
    if not axes_on(pathway, day).exists():
        raise RuleBroken(_("Kies eerst minstens één as."))
    number = 1 if last is None else last.number + 1
    moment: Moment = Moment.objects.create(
        person_id=pathway.person_id, pathway=pathway, number=number, held_on=day
    )
    return moment


@transaction.atomic
def give_scores(
    *,
    moment: Moment,
    actor: Actor,
    rater: str,
    points: Mapping[UUID, Point],
    rule: str = "pathways.moment.score",
) -> list[Score]:
    """One rater's points of this moment, by axis id; given again, they replace the former ones (the history keeps those).

    `rule`: through which the actor reaches the moment; the participant's own page names its own.
    """
    moment = _locked(moment)
    demand(actor, moment, rule)
    if moment.state != "open":
        raise RuleBroken(_("Dit moment is klaar. Kies eerst “Verbeter”."))
    if rater not in Score.RATERS:
        raise RuleBroken(_("Kies wie de punten geeft."), field="rater")
    axes = {axis.pk: axis for axis in axes_on(moment.pathway, moment.held_on)}
    given = {score.axis_id: score for score in moment.scores.select_for_update().filter(rater=rater)}
    kept = []
    for key, point in points.items():
        if key not in axes:
            raise RuleBroken(_("Deze as telt niet op dit moment."))
        _on_scale(axes[key], point.value)
        score = given.get(key) or Score(
            person_id=moment.person_id, moment=moment, axis=axes[key], rater=rater
        )
        score.value, score.note = point.value, point.note.strip() or None
        score.save()
        kept.append(score)
    return kept


@transaction.atomic
def close_moment(*, moment: Moment, actor: Actor, note: str = "") -> Moment:
    """Everybody said what they wanted. From now on it counts as the talk that the rhythm asks for."""
    moment = _locked(moment)
    MOMENT.move(moment, "close", actor)
    moment.note = note.strip() or moment.note
    moment.save()
    _line(moment.pathway, "evoluator.moment", moment.held_on, number=moment.number)
    return moment


@transaction.atomic
def reopen_moment(*, moment: Moment, actor: Actor) -> Moment:
    """To mend a point; only the newest one, so that the numbers stay in order of day."""
    moment = _locked(moment)
    MOMENT.move(moment, "reopen", actor)
    if Moment.objects.filter(pathway_id=moment.pathway_id, number__gt=moment.number).exists():
        raise RuleBroken(_("Er is al een later moment. Dit moment blijft zoals het was."))
    moment.save()
    return moment


def axes_on(pathway: Pathway, day: date) -> Any:
    """The axes that count on that day, in the person's order."""
    return Axis.objects.on(day).filter(pathway=pathway).order_by("order", "id")


def _on_scale(axis: Axis, value: int | None) -> None:
    if value is not None and not axis.lowest <= value <= axis.highest:
        raise RuleBroken(
            _("Kies een punt van %(lowest)s tot %(highest)s.")
            % {"lowest": axis.lowest, "highest": axis.highest},
            field=f"value_{axis.pk.hex}",
        )


def _evaluator(pathway: Pathway, day: date) -> Any:
    evaluator = programme_of(pathway, day).rules.evaluator
    if not evaluator.enabled:
        raise RuleBroken(_("Dit programma werkt niet met een spindiagram."))
    return evaluator


def _guided(pathway: Pathway, actor: Actor) -> Pathway:
    locked = Pathway.objects.select_for_update().get(pk=pathway.pk)
    demand(actor, locked, "pathways.pathway.guide")
    if locked.state == "ended":
        raise RuleBroken(_("Dit traject is afgerond."))
    return locked


def _kept(axis: Axis, actor: Actor) -> Axis:
    locked = Axis.objects.select_for_update().get(pk=axis.pk)
    demand(actor, locked, "pathways.axis.keep")
    return locked


def _locked(moment: Moment) -> Moment:
    return Moment.objects.select_for_update().get(pk=moment.pk)


def _line(pathway: Pathway, kind: str, on: date, **details: Any) -> None:
    events.record(kind, subject_id=pathway.person_id, on=on, object_id=pathway.pk, **details)
