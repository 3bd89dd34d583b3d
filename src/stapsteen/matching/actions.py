"""Every write of the search for places: searching, choosing, refusing. A human decides; what was seen and decided is kept.

Accepting calls `placements`: the seat and the guidance are taken there, and every rule is held once more (requirement E4).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core import events
from stapsteen.core.access import may
from stapsteen.core.errors import RuleBroken
from stapsteen.core.jobs import defer
from stapsteen.core.progress import meter
from stapsteen.core.scope import Actor
from stapsteen.matching import caseload, facts, ranking, shortage
from stapsteen.matching.caseload import Table
from stapsteen.matching.facts import Offer, Seeker
from stapsteen.matching.learned import fit_of, learned_now
from stapsteen.matching.models import REFUSE_CODES, SOMETHING_ELSE, Objection, Proposal, Search, Settings
from stapsteen.matching.reasons import reasons
from stapsteen.matching.states import PROPOSAL, SEARCH
from stapsteen.matching.weighing import USUAL, Weighing, version
from stapsteen.network.house import staff_member
from stapsteen.pathways.models import Pathway
from stapsteen.people.access import demand
from stapsteen.people.models import Person
from stapsteen.placements.actions import propose_placement
from stapsteen.placements.models import Placement

MOST_HOURS = 60
OPENS = 5
"""So many things that would help people without a proposal are counted in a search."""


# Settings ----------------------------------------------------------------------------------------------------------------


def settings_now() -> Settings:
    """The service's row, or the defaults (not saved)."""
    return Settings.objects.first() or Settings()


@transaction.atomic
def keep_settings(*, actor: Actor, on: bool, coach_hours: int, learning: bool) -> Settings:
    """Switch the search on or off and say how much time coaches have. Learning only where it proved itself (E3)."""
    row = Settings.objects.select_for_update().first() or Settings()
    if not may(actor, "matching.settings.edit"):
        raise RuleBroken(_("Je mag dit niet doen met jouw rol."))
    if not 1 <= coach_hours <= MOST_HOURS:
        raise RuleBroken(_("Kies tussen 1 en 60 uren."), field="coach_hours")
    if learning and not row.model.get("verdict", {}).get("enough"):
        raise RuleBroken(
            _("Er is nog te weinig geweten om van te leren. De vaste regels blijven gelden."),
            field="learning",
        )
    row.on, row.coach_hours, row.learning = on, coach_hours, learning
    row.save()
    return row


def _switched_on() -> Settings:
    row = settings_now()
    if not row.on:
        raise RuleBroken(_("Zoeken naar plekken staat uit voor deze dienst. Kies uit de lijst van taken."))
    return row


# Objecting -----------------------------------------------------------------------------------------------------------------


def objects(person: Person) -> bool:
    """Whether this person doesn't want a programme to search along."""
    return bool(Objection.objects.filter(person=person, ends_on=None).exists())


@transaction.atomic
def object_to_search(*, pathway: Pathway, actor: Actor) -> Objection:
    """From now on nobody is searched for or ranked here for this person; open proposals lapse (GDPR article 21)."""
    demand(actor, pathway, "pathways.pathway.guide")
    person = Person.objects.select_for_update().get(pk=pathway.person_id)
    if objects(person):
        raise RuleBroken(_("Dit stond al genoteerd."))
    for row in Proposal.objects.select_for_update().filter(person=person, state="open"):
        PROPOSAL.move(row, "lapse", actor)
        _decided(row, actor, "")
    events.record("search.objected", subject_id=person.pk)
    made: Objection = Objection.objects.create(person=person, starts_on=timezone.localdate())
    return made


@transaction.atomic
def end_objection(*, pathway: Pathway, actor: Actor) -> None:
    """The person wants it again."""
    demand(actor, pathway, "pathways.pathway.guide")
    row = Objection.objects.select_for_update().filter(person_id=pathway.person_id, ends_on=None).first()
    if row is None:
        raise RuleBroken(_("Dit stond al genoteerd."))
    row.ends_on = max(row.starts_on, timezone.localdate())
    row.save(update_fields=["ends_on"])
    events.record("search.wanted_again", subject_id=pathway.person_id)


# One person --------------------------------------------------------------------------------------------------------------


@transaction.atomic
def choose_task(
    *,
    pathway: Pathway,
    actor: Actor,
    offer: Offer,
    starts_on: date,
    half_days: int,
    minutes_per_half_day: int = 180,
    weight: int = 1,
    code: str = "",
    weighing: Weighing = USUAL,
    seen: Sequence[UUID] = (),
) -> Placement:
    """The coach chooses a task for one person: it is proposed to the host, and the choice is kept with its reasons.

    `seen`: the tasks of the list in its order. Who passes by the first says why, one tap (`code`). Open proposals of a
    search for this person are decided with it: accepted when it is the same task, otherwise changed.
    """
    _switched_on()
    demand(actor, pathway, "pathways.pathway.guide")
    if objects(pathway.person):
        raise RuleBroken(_("De persoon wil niet dat een programma meezoekt. Kies uit de lijst van taken."))
    position = seen.index(offer.task.pk) + 1 if offer.task.pk in seen else None
    if position != 1 and seen and code not in REFUSE_CODES:
        raise RuleBroken(_("Zeg waarom je niet de eerste van de lijst kiest."), field="code")
    one = _seeker(pathway)  # before the place takes some of the free moments
    placement = propose_placement(
        pathway=pathway,
        actor=actor,
        host=offer.host,
        task=offer.task,
        starts_on=starts_on,
        half_days=half_days,
        minutes_per_half_day=minutes_per_half_day,
        weight=weight,
        part=offer.part,
        ask=True,
    )
    code = "" if position == 1 else code
    passed = {seen[0]: code} if code and seen else {}
    if not _settle_open(pathway, actor, offer, placement, half_days, passed):
        more = {
            "version": version(learned_now()),
            "weighing": asdict(weighing),
            "seen": [str(key) for key in seen],
        }
        row = _proposal(one, offer, more)
        row.half_days, row.position = half_days, position
        row.save()
        _accept(row, actor, placement, code)
    if code:
        events.record("proposal.passed", subject_id=pathway.person_id, object_id=pathway.pk, why=code)
    return placement


@transaction.atomic
def show_again(*, pathway: Pathway, actor: Actor, proposal: str) -> Proposal:
    """A task that was refused or passed by may stand in this person's list again; the decision itself stays as it was.

    `proposal`: the id of the decision, as the page gave it.
    """
    demand(actor, pathway, "pathways.pathway.guide")
    rows = Proposal.objects.select_for_update().filter(facts.PASSED, pathway=pathway)
    row: Proposal | None = next((row for row in rows if str(row.pk) == proposal), None)
    if row is None or facts.shown_no_more(row) is None:
        raise RuleBroken(_("Deze taak staat al in de lijst. Herlaad de pagina."))
    row.trace = json.dumps({**row.kept, facts.AGAIN: True}, ensure_ascii=False)
    row.save(update_fields=["trace"])
    return row


def _seeker(pathway: Pathway) -> Seeker:
    [one] = facts.seekers(Pathway.objects.filter(pk=pathway.pk), timezone.localdate())
    return one


def _settle_open(
    pathway: Pathway,
    actor: Actor,
    offer: Offer,
    placement: Placement,
    half_days: int,
    passed: Mapping[UUID, str],
) -> bool:
    """Open proposals of this pathway end with the coach's own choice. True when one of them was for this very task.

    `passed`: task -> why it was passed by; of another proposed task nobody said anything.
    """
    same = False
    for row in Proposal.objects.select_for_update().filter(pathway=pathway, state="open"):
        if row.task_id == offer.task.pk and not same:
            row.half_days, same = half_days, True
            _accept(row, actor, placement, "")
        else:
            PROPOSAL.move(row, "change", actor)
            _decided(row, actor, passed.get(row.task_id, SOMETHING_ELSE))
    return same


def _accept(row: Proposal, actor: Actor, placement: Placement, code: str) -> None:
    PROPOSAL.move(row, "accept", actor)
    row.placement = placement
    _decided(row, actor, code)


def _decided(row: Proposal, actor: Actor, code: str) -> None:
    row.code, row.decided_by, row.decided_at = code, staff_member(actor), timezone.now()
    row.save()


def _proposal(
    one: Seeker, offer: Offer | None, more: Mapping[str, Any], search: Search | None = None
) -> Proposal:
    """Not saved yet: what was known, what each rule said, and with which weights."""
    day = timezone.localdate()
    said = [asdict(reason) for reason in reasons(one, offer, day)] if offer else []
    trace = {"known": known(one), "reasons": said, **more}
    if offer is not None:
        trace["fit"] = fit_of(one, offer)
    return Proposal(
        person_id=one.pathway.person_id,
        pathway=one.pathway,
        search=search,
        host=offer.host if offer else None,
        task=offer.task if offer else None,
        subtask=offer.part if offer else None,
        state="open" if offer else "unplaced",
        half_days=caseload.half_days_for(one, offer) if offer else 0,
        weeks=one.weeks(day),
        trace=json.dumps(trace, ensure_ascii=False),
    )


def known(one: Seeker) -> dict[str, Any]:
    """The facts about the person that the rules looked at: nothing else was read."""
    return {
        "half_days": one.half_days,
        "dutch": one.dutch,
        "avoid": sorted(one.avoid),
        "support": list(one.person.support),
        "sectors": list(one.person.sectors),
        "mobility": list(one.person.mobility),
        "travel_minutes": one.person.travel_minutes,
        "town": one.home.name if one.home else "",
        "kind": one.kind,
    }


# A proposal of a search ----------------------------------------------------------------------------------------------------


@transaction.atomic
def accept_proposal(
    *,
    proposal: Proposal,
    actor: Actor,
    starts_on: date,
    half_days: int,
    minutes_per_half_day: int = 180,
    weight: int = 1,
) -> Placement:
    """As proposed, or with other half-days: the place is proposed to the host and stays whatever is searched later."""
    row = _locked(proposal)
    task: Any = row.task
    placement = propose_placement(
        pathway=row.pathway,
        actor=actor,
        host=row.host,
        task=task,
        starts_on=starts_on,
        half_days=half_days,
        minutes_per_half_day=minutes_per_half_day,
        weight=weight,
        part=row.subtask,
        ask=True,
    )
    row.half_days = half_days
    _accept(row, actor, placement, "")
    return placement


@transaction.atomic
def refuse_proposal(*, proposal: Proposal, actor: Actor, code: str) -> Proposal:
    """One tap says why. But for "not now" the same task isn't proposed to this person again in this pathway."""
    row = _locked(proposal)
    if code not in REFUSE_CODES:
        raise RuleBroken(_("Kies een reden uit de lijst."), field="code")
    PROPOSAL.move(row, "refuse", actor)
    _decided(row, actor, code)
    events.record("proposal.refused", subject_id=row.person_id, object_id=row.pathway_id, why=code)
    return row


def may_reopen(proposal: Proposal) -> bool:
    """Whether a refusal can be taken back: the person still waits, and nothing else was proposed since."""
    if proposal.state != "refused" or not proposal.search_id:
        return False
    since = Proposal.objects.filter(pathway=proposal.pathway_id, created_at__gt=proposal.created_at)
    waits = facts.waiting(Pathway.objects.filter(pk=proposal.pathway_id))
    return bool(not since.exists() and waits.exists())


@transaction.atomic
def reopen_proposal(*, proposal: Proposal, actor: Actor) -> Proposal:
    """A refusal by mistake: the same proposal is to decide again. That it was refused stays on the timeline."""
    row = _row(proposal)
    if not may_reopen(row):
        raise RuleBroken(_("Dit kan niet meer: er is intussen iets anders voorgesteld of gekozen."))
    PROPOSAL.move(row, "reopen", actor)
    row.code, row.decided_by, row.decided_at = "", None, None
    row.save()
    events.record("proposal.reopened", subject_id=row.person_id, object_id=row.pathway_id)
    return row


def _row(proposal: Proposal) -> Proposal:
    rows = Proposal.objects.select_for_update(of=("self",)).select_related(
        "host__organisation", "task", "pathway"
    )
    row: Proposal = rows.get(pk=proposal.pk)
    return row


def _locked(proposal: Proposal) -> Proposal:
    row = _row(proposal)
    if row.state != "open":
        raise RuleBroken(_("Over dit voorstel is al beslist. Herlaad de pagina."))
    return row


# The whole caseload --------------------------------------------------------------------------------------------------------


@transaction.atomic
def start_search(*, actor: Actor, later: bool = True) -> Search:
    """Search a place for everybody who has none; one search at a time. Runs as a job."""
    _switched_on()
    if not may(actor, "matching.search.run"):
        raise RuleBroken(_("Je mag dit niet doen met jouw rol."))
    if Search.objects.filter(state__in=("queued", "busy")).exists():
        raise RuleBroken(_("Er loopt al een zoektocht. Wacht tot die klaar is, of stop ze."))
    search: Search = Search.objects.create(asked_by=staff_member(actor))
    if later:
        defer("matching.search", service_id=search.service_id, search_id=search.pk)
    return search


@transaction.atomic
def stop_search(*, search: Search, actor: Actor) -> Search:
    """Nothing was proposed yet; what was proposed before stays."""
    row: Search = Search.objects.select_for_update().get(pk=search.pk)
    SEARCH.move(row, "stop", actor)
    row.finished_at = timezone.now()
    row.save()
    return row


@transaction.atomic
def fail_search(*, search: Search, actor: Actor, failure: str) -> Search:
    """The search broke off; why is told, nothing was proposed."""
    row: Search = Search.objects.select_for_update().get(pk=search.pk)
    if row.state in ("queued", "busy"):
        SEARCH.move(row, "fail", actor)
        row.failure, row.finished_at = failure, timezone.now()
        row.save()
    return row


@transaction.atomic
def begin_search(*, search: Search, actor: Actor) -> bool:
    """The job takes it up, anew when it was killed half-way; False when the search was stopped or done meanwhile."""
    row: Search = Search.objects.select_for_update().get(pk=search.pk)
    if row.state not in ("queued", "busy"):
        return False
    if row.state == "queued":
        SEARCH.move(row, "begin", actor)
    row.progress = 0
    row.save()
    return True


@transaction.atomic
def run_search(*, search: Search, actor: Actor, advise: bool = True) -> Search:
    """Solve and keep the proposals, or nothing. Proposals of earlier searches that nobody decided on lapse.

    The people that had an open proposal keep it where nothing better came: it counts a little more (stability).
    `advise`: also look for what is short, which takes as long again.
    """
    day = timezone.localdate()
    row: Search = Search.objects.get(pk=search.pk)
    settings, learned = settings_now(), learned_now()
    with meter(row) as tell:

        def tell_rest(share: float) -> None:
            tell(60 + int(35 * share))

        who = facts.seekers(facts.waiting(Pathway.objects.filter(starts_on__lte=day)), day)
        what = facts.offers(day)
        tell(10)
        previous = {
            one.pathway_id: one.task_id
            for one in Proposal.objects.filter(state="open", task__isnull=False).order_by("created_at", "id")
        }
        table = caseload.lay_table(who, what, day, settings.coach_hours, learned)
        tell(20)
        found = caseload.propose(table, previous)
        tell(60)
        short = shortage.advise(table, previous, found, tell_rest) if advise else []
    row = Search.objects.select_for_update().get(pk=search.pk)
    if row.state != "busy":
        return row  # stopped meanwhile: nothing is kept
    _keep(row, actor, table, found, previous, tried=advise)
    SEARCH.move(row, "finish", actor)
    row.day, row.progress, row.finished_at = day, 100, timezone.now()
    row.worth, row.bound = found.value, found.bound
    row.model = {"version": version(learned)}
    row.advice = [{**asdict(one), "key": str(one.key)} for one in short]
    row.save()
    return row


def _keep(
    search: Search,
    actor: Actor,
    table: Table,
    found: caseload.Found,
    previous: Mapping[UUID, UUID],
    *,
    tried: bool,
) -> None:
    """Proposals and who was left without, with what stands in the way; the earlier open ones lapse."""
    for old in Proposal.objects.select_for_update().filter(state="open"):
        PROPOSAL.move(old, "lapse", actor)
        _decided(old, actor, "")
    who, what, kept = table.who, table.what, 0
    ground = ranking.Ground.lay(what, table.day, learned=table.learned)
    in_the_way, opens = shortage.in_the_way(table, found), Counter[str]()
    for number, one in enumerate(who):
        offer = what[found.chosen[number]] if number in found.chosen else None
        more: dict[str, Any] = {"version": version(table.learned)}
        if offer is None:
            ranked, missing = ranking.rank(one, ground), in_the_way.get(number, "")
            more |= _left_without(ranked, missing)
            opens.update({missing, *(group.key.split(":")[0] for group in ranked.near)} - {"", "taken"})
        elif previous.get(one.pathway.pk) == offer.task.pk:
            kept += 1
        _proposal(one, offer, more, search).save()
    search.counts = {
        "people": len(who),
        "tasks": len({offer.task.pk for offer in what}),
        "hosts": len({offer.host.pk for offer in what}),
        "proposed": len(found.chosen),
        "unplaced": len(who) - len(found.chosen),
        "kept": kept,
        "before": len(previous),
        "opens": dict(opens.most_common(OPENS)),
        "tried": tried,
    }


def _left_without(ranked: ranking.Ranking, missing: str) -> dict[str, Any]:
    """What the board tells about somebody without a proposal. `missing`: see shortage.in_the_way."""
    near = [{"key": group.key, "title": group.title, "count": group.count} for group in ranked.near[:3]]
    return {"possible": len(ranked.choices), "missing": missing, "near": near}
