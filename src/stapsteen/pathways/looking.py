"""Reads of what person and coach look at together: Explorator, Evoluator, goals and their actions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stapsteen.core import pictures
from stapsteen.core.access import may
from stapsteen.core.scope import Actor
from stapsteen.network.models import ProgrammeVersion
from stapsteen.pathways.actions import programme_of
from stapsteen.pathways.models import (
    Axis,
    Explorator,
    ExploratorDomain,
    Goal,
    GoalAction,
    Moment,
    Pathway,
    Score,
)
from stapsteen.pathways.queries import language

SPIDER_AXES = 3
"""From this many axes on there is a spider; one or two are drawn as bars."""


def programme_today(pathway: Pathway) -> ProgrammeVersion:
    return programme_of(pathway, pathway.ends_on or timezone.localdate())


def sees_sensitive(actor: Actor, pathway: Pathway) -> bool:
    """Whether the actor may read what is said about a sensitive domain: coach and intake, not a mere coordinator."""
    return may(actor, "people.sensitive.person", pathway.person) or may_as_own(actor, pathway)


def may_as_own(actor: Actor, pathway: Pathway) -> bool:
    """The person's own record is never hidden from the person."""
    return may(actor, "people.person.own", pathway.person)


# Explorator --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LifeDomain:
    """A domain of the programme with what was said about it. `hidden`: this actor may not read it."""

    key: str
    label: str
    about: str
    sensitive: bool
    row: ExploratorDomain | None
    hidden: bool

    @property
    def shown(self) -> ExploratorDomain | None:
        return None if self.hidden else self.row

    @property
    def scale(self) -> int | None:
        return self.shown.scale if self.shown else None

    @property
    def scale_word(self) -> str:
        if self.hidden:
            return _("afgeschermd")
        if self.row is None:
            return _("nog niet besproken")
        word = ExploratorDomain.SCALE.get(self.scale or 0)
        return f"{self.scale}: {word}" if word else _("besproken, geen punt")


def exploratories(pathway: Pathway) -> list[Explorator]:
    """All mappings of a pathway, newest first."""
    return list(pathway.explorators.order_by("-begun_on", "-id"))


def life_domains(explorator: Explorator, *, sees_all: bool = True) -> list[LifeDomain]:
    """Every domain of the programme of then, in its order, with what was said; two queries.

    `sees_all`: also what is said about sensitive domains.
    """
    rows = {row.domain: row for row in explorator.domains.all()}
    version = programme_of(explorator.pathway, explorator.begun_on)
    return [
        LifeDomain(
            key=domain.id,
            label=domain.name.say(language()),
            about=domain.about.say(language()) if domain.about else "",
            sensitive=domain.sensitive,
            row=rows.get(domain.id),
            hidden=domain.sensitive and not sees_all,
        )
        for domain in version.rules.domains
    ]


def ring_domains(
    domains: Sequence[LifeDomain], url: Callable[[LifeDomain], str] = lambda _domain: ""
) -> list[pictures.Domain]:
    """For ui_ring; `url` gives '' where a domain leads nowhere."""
    return [
        pictures.Domain(
            key=domain.key, label=domain.label, level=domain.scale, spoken=domain.row is not None,
            chosen=bool(domain.row and domain.row.work_on), hidden=domain.hidden, url=url(domain),
        )
        for domain in domains
    ]  # fmt: skip


def ring_summary(domains: Sequence[LifeDomain]) -> str:
    """The picture in a sentence or two."""
    spoken = sum(domain.row is not None for domain in domains)
    chosen = [domain.label for domain in domains if domain.row and domain.row.work_on]
    text = ngettext(
        "%(n)s van de %(all)s domeinen is besproken.", "%(n)s van de %(all)s domeinen zijn besproken.", spoken
    ) % {"n": spoken, "all": len(domains)}
    return f"{text} " + _("Hieraan werken: %(which)s.") % {"which": ", ".join(chosen)} if chosen else text


def next_domain(domains: Sequence[LifeDomain], after: str = "") -> LifeDomain | None:
    """The next one that nobody spoke about yet, round the ring from `after`; None when all were."""
    keys = [domain.key for domain in domains]
    start = keys.index(after) + 1 if after in keys else 0
    turn = [*domains[start:], *domains[:start]]
    return next((domain for domain in turn if domain.row is None and not domain.hidden), None)


# Evoluator ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Evolution:
    """A pathway's axes, moments in order, and scores; read in three queries."""

    axes: list[Axis]
    moments: list[Moment]
    scores: dict[tuple[UUID, UUID, str], Score]

    @property
    def closed(self) -> list[Moment]:
        return [moment for moment in self.moments if moment.state == "closed"]

    @property
    def open(self) -> Moment | None:
        return next((moment for moment in self.moments if moment.state == "open"), None)

    def running(self, day: date) -> list[Axis]:
        return [
            axis
            for axis in self.axes
            if axis.starts_on <= day and (axis.ends_on is None or axis.ends_on >= day)
        ]

    def value(self, moment: Moment, axis: Axis, rater: str) -> int | None:
        score = self.scores.get((moment.pk, axis.pk, rater))
        return score.value if score else None

    def note(self, moment: Moment, axis: Axis, rater: str) -> str:
        score = self.scores.get((moment.pk, axis.pk, rater))
        return (score.note if score else "") or ""

    def raters(self, moment: Moment) -> list[str]:
        """Who gave points at this moment, in the order of Score.RATERS."""
        given = {rater for key, _axis, rater in self.scores if key == moment.pk}
        return [rater for rater in Score.RATERS if rater in given]

    def scored_axes(self) -> list[Axis]:
        """Axes that count now or that somebody scored at a closed moment."""
        closed = {moment.pk for moment in self.closed}
        scored = {axis for moment, axis, _rater in self.scores if moment in closed}
        running = {axis.pk for axis in self.running(timezone.localdate())}
        return [axis for axis in self.axes if axis.pk in scored | running]


def evolution(pathway: Pathway, *, hide: Collection[str] = ()) -> Evolution:
    """All of it; `hide` are domains of which the axes stay closed to this reader."""
    axes = [axis for axis in pathway.axes.order_by("order", "id") if axis.domain not in hide]
    moments = list(pathway.moments.order_by("number"))
    known = {axis.pk for axis in axes}
    rows = Score.objects.filter(moment__pathway=pathway)
    return Evolution(
        axes, moments, {(row.moment_id, row.axis_id, row.rater): row for row in rows if row.axis_id in known}
    )


def hidden_domains(actor: Actor, pathway: Pathway) -> set[str]:
    """Sensitive domains that this actor may not read."""
    if sees_sensitive(actor, pathway):
        return set()
    return {domain.id for domain in programme_today(pathway).rules.domains if domain.sensitive}


def spokes(axes: Sequence[Axis]) -> list[pictures.Spoke]:
    return [pictures.Spoke(axis.name, axis.lowest, axis.highest) for axis in axes]


def moment_words(moment: Moment) -> str:
    return _("Moment %(n)s, %(day)s") % {"n": moment.number, "day": date_format(moment.held_on, "j F Y")}


def over_time(
    found: Evolution, rater: str = "participant"
) -> tuple[list[pictures.Spoke], list[pictures.Series]]:
    """For ui_spider: one rater at all closed moments, oldest first."""
    axes = found.scored_axes()
    series = [
        pictures.Series(moment_words(moment), [found.value(moment, axis, rater) for axis in axes])
        for moment in found.closed
    ]
    return spokes(axes), series


def side_by_side(found: Evolution, moment: Moment) -> tuple[list[pictures.Spoke], list[pictures.Series]]:
    """For ui_spider: all raters at one moment; the person last, so on top."""
    axes = found.running(moment.held_on)
    series = [
        pictures.Series(str(Score.RATERS[rater]), [found.value(moment, axis, rater) for axis in axes])
        for rater in reversed(found.raters(moment))
    ]
    return spokes(axes), series


def progress(found: Evolution, rater: str = "participant") -> str:
    """One sentence: on how many axes it went forward between the first and the last score; '' before there are two."""
    pairs = [pair for axis in found.scored_axes() if (pair := _first_and_last(found, axis, rater))]
    if not pairs:
        return ""
    better = sum(last > first for first, last in pairs)
    return ngettext(
        "Op %(n)s van de %(all)s assen ging het vooruit sinds het begin.",
        "Op %(n)s van de %(all)s assen ging het vooruit sinds het begin.",
        better,
    ) % {"n": better, "all": len(pairs)}


def _first_and_last(found: Evolution, axis: Axis, rater: str) -> tuple[int, int] | None:
    values = [value for moment in found.closed if (value := found.value(moment, axis, rater)) is not None]
    return (values[0], values[-1]) if len(values) > 1 else None


def differences(found: Evolution, moment: Moment) -> str:
    """How far person and coach see it differently, in a sentence: a reason to talk, not a fault. '' without both."""
    both = [
        (axis, mine, theirs)
        for axis in found.running(moment.held_on)
        if (mine := found.value(moment, axis, "participant")) is not None
        and (theirs := found.value(moment, axis, "coach")) is not None
    ]
    apart = [axis.name for axis, mine, theirs in both if mine != theirs]
    if not both:
        return ""
    if not apart:
        return _("Jullie geven overal hetzelfde punt.")
    return _("Jullie kijken er anders naar bij: %(which)s. Praat daar samen over.") % {
        "which": ", ".join(apart)
    }


def spider_summary(found: Evolution) -> str:
    """What the picture over time shows."""
    if not found.closed:
        return _("Er is nog geen moment klaar.")
    count = len(found.closed)
    moments = ngettext("%(n)s moment.", "%(n)s momenten.", count) % {"n": count}
    return " ".join(filter(None, [moments, progress(found)]))


# Goals -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ambition:
    """A goal with its actions, open ones first."""

    goal: Goal | None
    actions: list[GoalAction]


def ambitions(pathway: Pathway) -> list[Ambition]:
    """Goals (open ones first) with their actions; actions beside any goal come last, under None. Two queries."""
    goals = list(pathway.goals.select_related("axis").order_by("set_on", "id"))
    actions = list(pathway.actions.select_related("appointment").order_by("due_on", "id"))
    actions.sort(key=lambda action: action.state != "open")
    goals.sort(key=lambda goal: goal.state != "open")
    found = [Ambition(goal, [a for a in actions if a.goal_id == goal.pk]) for goal in goals]
    loose = [action for action in actions if action.goal_id is None]
    return [*found, Ambition(None, loose)] if loose else found


def who_does(action: GoalAction) -> str:
    return action.who_else if action.who == "other" else str(GoalAction.WHO[action.who])


# All of it, small --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Glance:
    """What there is of each, for the person's page: a fixed number of queries."""

    question: str
    explorator: bool
    mapping: Explorator | None
    domains: list[LifeDomain]
    evaluator: bool
    found: Evolution
    ambitions: list[Ambition]


def glance(pathway: Pathway, actor: Actor) -> Glance:
    """Everything that person and coach look at together, as far as the programme uses it or it is there already."""
    rules = programme_today(pathway).rules
    mapping = next(iter(exploratories(pathway)), None)
    sees_all = sees_sensitive(actor, pathway)
    return Glance(
        question=pathway.my_question or "",
        explorator=rules.explorator.enabled or mapping is not None,
        mapping=mapping,
        domains=life_domains(mapping, sees_all=sees_all) if mapping else [],
        evaluator=rules.evaluator.enabled,
        found=evolution(pathway, hide=hidden_domains(actor, pathway)),
        ambitions=ambitions(pathway),
    )
