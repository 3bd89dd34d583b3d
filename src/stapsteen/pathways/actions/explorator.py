"""Explorator: all life domains looked at together, in several sittings, until the real question is clear (document 004)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core import events
from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor
from stapsteen.pathways.actions.pathway import not_future, programme_of
from stapsteen.pathways.models import Explorator, ExploratorDomain, Pathway
from stapsteen.pathways.states import EXPLORATOR
from stapsteen.people.access import demand

WORDS = ("own_words", "goes_well", "who_helps", "wish")


@transaction.atomic
def begin_explorator(*, pathway: Pathway, actor: Actor, on: date | None = None) -> Explorator:
    """A new mapping; a former one stays as it was. One at a time, and only where the programme uses it."""
    pathway = Pathway.objects.select_for_update().get(pk=pathway.pk)
    demand(actor, pathway, "pathways.pathway.guide")
    day = on or timezone.localdate()
    not_future(day, "on")
    if pathway.state == "ended":
        raise RuleBroken(_("Dit traject is afgerond."))
    if not programme_of(pathway, day).rules.explorator.enabled:
        raise RuleBroken(_("Dit programma werkt niet met een kaart van het leven."))
    if pathway.explorators.filter(state="open").exists():
        raise RuleBroken(_("Er is al een kaart bezig. Werk daarin verder."))
    begun: Explorator = Explorator.objects.create(person_id=pathway.person_id, pathway=pathway, begun_on=day)
    _line(begun, "explorator.begun", day)
    return begun


@transaction.atomic
def describe_domain(
    *,
    explorator: Explorator,
    actor: Actor,
    domain: str,
    scale: int | None = None,
    own_words: str = "",
    goes_well: str = "",
    who_helps: str = "",
    wish: str = "",
    work_on: bool = False,
    spoken_on: date | None = None,
    rule: str = "pathways.explorator.fill",
) -> ExploratorDomain:
    """What was said about one life domain, on that day. `scale`: 1 to 5; None is "rather not said".

    A domain may be looked at again in a later sitting; what it said before stays in the history. `rule`: through which the
    actor reaches the map; the participant's own page names its own.
    """
    explorator = _open(explorator, actor, rule)
    order = _place_of(explorator, domain)
    day = spoken_on or timezone.localdate()
    not_future(day, "spoken_on")
    if scale is not None and scale not in ExploratorDomain.SCALE:
        raise RuleBroken(_("Kies een punt van 1 tot 5."), field="scale")
    first_today = not explorator.domains.filter(spoken_on=day).exists()
    row = explorator.domains.select_for_update().filter(domain=domain).first()
    row = row or ExploratorDomain(person_id=explorator.person_id, explorator=explorator, domain=domain)
    row.order, row.scale, row.work_on, row.spoken_on = order, scale, work_on, day
    for name, text in zip(WORDS, (own_words, goes_well, who_helps, wish), strict=True):
        setattr(row, name, text.strip() or None)
    row.save()
    if first_today:
        _line(explorator, "explorator.sitting", day)
    return row


@transaction.atomic
def finish_explorator(
    *,
    explorator: Explorator,
    actor: Actor,
    my_question: str,
    work_on: Collection[str] = (),
    on: date | None = None,
) -> Explorator:
    """The real question in the person's own words, and the domains to work on (document 004: the question becomes clear).

    The question goes to the pathway, where it stands on top of everything that follows.
    """
    explorator = _locked(explorator)
    EXPLORATOR.move(explorator, "finish", actor)
    question = my_question.strip()
    if not question:
        raise RuleBroken(_("Schrijf eerst de vraag in eigen woorden."), field="my_question")
    rows = list(explorator.domains.select_for_update())
    if unknown := set(work_on) - {row.domain for row in rows}:
        raise RuleBroken(
            _("Bespreek dit domein eerst: %(which)s.") % {"which": ", ".join(sorted(unknown))},
            field="work_on",
        )
    for row in rows:
        if row.work_on != (row.domain in work_on):
            row.work_on = row.domain in work_on
            row.save(update_fields=["work_on"])
    explorator.my_question, explorator.finished_on = question, on or timezone.localdate()
    not_future(explorator.finished_on, "on")
    explorator.save()
    pathway = Pathway.objects.select_for_update().get(pk=explorator.pathway_id)
    pathway.my_question = question
    pathway.save()
    _line(explorator, "explorator.finished", explorator.finished_on, domains=len(work_on))
    return explorator


@transaction.atomic
def reopen_explorator(*, explorator: Explorator, actor: Actor) -> Explorator:
    """Further with the same mapping; not while a later one is open."""
    explorator = _locked(explorator)
    EXPLORATOR.move(explorator, "reopen", actor)
    if Explorator.objects.filter(pathway_id=explorator.pathway_id, state="open").exists():
        raise RuleBroken(_("Er is al een kaart bezig. Werk daarin verder."))
    explorator.finished_on = None
    explorator.save()
    _line(explorator, "explorator.reopened", timezone.localdate())
    return explorator


def _locked(explorator: Explorator) -> Explorator:
    return Explorator.objects.select_for_update().get(pk=explorator.pk)


def _open(explorator: Explorator, actor: Actor, rule: str) -> Explorator:
    locked = _locked(explorator)
    demand(actor, locked, rule)
    if locked.state != "open":
        raise RuleBroken(_("Deze kaart is klaar. Kies eerst “Werk verder”."))
    return locked


def _place_of(explorator: Explorator, domain: str) -> int:
    """Where the domain stands in the programme of the day that the mapping began."""
    known = [row.id for row in programme_of(explorator.pathway, explorator.begun_on).rules.domains]
    if domain not in known:
        raise RuleBroken(_("Dit programma kent dit domein niet."), field="domain")
    return known.index(domain)


def _line(explorator: Explorator, kind: str, on: date, **details: Any) -> None:
    events.record(kind, subject_id=explorator.person_id, on=on, object_id=explorator.pathway_id, **details)
