"""What earlier placements of this service teach (requirement E3): counts to tell, and a model that must prove itself first.

A count is told from five people on and with its uncertainty in words. The model learns from the fit as it was when the
choice was made (kept with the proposal), never from who somebody is, and is used only where it foretold later placements
better than the fit alone (engine/learning.py) and the service switched it on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core.access import may
from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor
from stapsteen.hosts.models import DUTCH_SKILLS
from stapsteen.matching import facts
from stapsteen.matching.engine import learning
from stapsteen.matching.engine.learning import Count, Ended, Outcome
from stapsteen.matching.facts import STEPS, Offer, Seeker
from stapsteen.matching.models import Proposal, Settings
from stapsteen.matching.weighing import Learned
from stapsteen.network.programme.rhythm import add_months
from stapsteen.people.models import SUPPORT
from stapsteen.placements.models import Placement

if TYPE_CHECKING:
    from stapsteen.matching.engine.learning import History

FIRST_EVALUATION = 4
"""Months after which the first evaluation lies behind in every programme of the sources (3 in care work and LINK, else 4)."""
NO_SUPPORT = ""
NEUTRAL = frozenset({"health", "task_ended", "change_of_kind", "other"})
"""Ends that say nothing about the fit between person and place."""
EARLIER = 0.75
"""Learned from the earliest three quarters, judged on the rest."""
SPOKEN = [NO_SUPPORT, *SUPPORT]


# How placements went -------------------------------------------------------------------------------------------------------


def how_it_went(row: dict[str, Any], today: date) -> Ended | None:
    """How a placement stands or ended; None while its first evaluation lies ahead."""
    past = (row["ends_on"] or today) >= add_months(row["starts_on"], FIRST_EVALUATION)
    if row["state"] == "active":
        return Ended.STAYED if past else None
    if row["pathway__stepped_up"] and row["end_code"] in ("goal_reached", "pathway_ended", "change_of_kind"):
        return Ended.STEPPED_UP
    if past:
        return Ended.STAYED
    left_well = row["end_code"] in NEUTRAL or row["end_code"] == "goal_reached"
    lost = row["end_code"] == "pathway_ended" and row["pathway__end_code"] not in (
        "stopped_by_person",
        "lost_contact",
    )
    return Ended.GOOD_EXIT if left_well or lost else Ended.DROPPED_OUT


def outcomes(today: date, hosts: Collection[UUID] | None = None) -> list[tuple[UUID, UUID, list[str], Ended]]:
    """(placement, host, kinds of support there, how it went) of every placement that says something. Open columns only."""
    rows = Placement.objects.filter(state__in=("active", "ended"), starts_on__lte=today)
    if hosts is not None:
        rows = rows.filter(host_id__in=list(hosts))
    columns = ("pk", "host_id", "state", "starts_on", "ends_on", "end_code", "use__support")
    found = []
    for row in rows.order_by("starts_on", "pk").values(*columns, "pathway__end_code", "pathway__stepped_up"):
        if (ended := how_it_went(row, today)) is not None:
            found.append((row["pk"], row["host_id"], list(row["use__support"] or []), ended))
    return found


def counted(today: date, hosts: Collection[UUID]) -> dict[tuple[UUID, str], Count]:
    """(host, kind of support) -> count, only where enough people are known. "" is who needed no support."""
    numbers = {key: number for number, key in enumerate(sorted(hosts))}
    told = [
        Outcome(numbers[host], SPOKEN.index(kind), ended)
        for _placement, host, kinds, ended in outcomes(today, hosts)
        for kind in [*kinds] or [NO_SUPPORT]
    ]
    by_number = {number: key for key, number in numbers.items()}
    return {(by_number[host], SPOKEN[need]): count for (host, need), count in learning.counts(told).items()}


def told(hosts: Collection[UUID], support: Iterable[str]) -> dict[UUID, list[str]]:
    """Host -> sentences about the support that this person needs; where too little is known, that is what is said."""
    if not hosts:
        return {}
    found = counted(timezone.localdate(), hosts)
    kinds = list(support) or [NO_SUPPORT]
    return {
        host: sentences(kinds, {kind: found[host, kind] for kind in kinds if (host, kind) in found})
        for host in hosts
    }


def sentences(kinds: Sequence[str], known: Mapping[str, Count]) -> list[str]:
    """The counts of one host, and for which of these kinds of support too little is known yet."""
    said = [in_words(kind, known[kind]) for kind in kinds if kind in known]
    unknown = [str(SUPPORT.get(kind, "")) for kind in kinds if kind not in known]
    if unknown and said:
        said.append(
            _("Over deze steun weten we hier nog te weinig: %(kinds)s.") % {"kinds": ", ".join(unknown)}
        )
    elif unknown:
        said.append(_("Hoe het hier eerder ging: daarover weten we nog te weinig."))
    return said


def in_words(kind: str, count: Count) -> str:
    """'Van 8 mensen die ... nodig hadden, bleven er 6 na de eerste evaluatie. Dat gaat er meestal goed.'"""
    who = (
        _(
            "Van %(people)s mensen die hier dit nodig hadden (%(kind)s), bleven er %(lasted)s na de eerste evaluatie."
        )
        if kind
        else _("Van %(people)s mensen zonder extra steun bleven er hier %(lasted)s na de eerste evaluatie.")
    )
    sentence = who % {"people": count.people, "kind": SUPPORT.get(kind, ""), "lasted": count.lasted}
    return f"{sentence} {certainty(count)}"


def certainty(count: Count) -> str:
    """The 95 % interval in words."""
    if count.lower >= 0.5:
        return _("Dat gaat hier meestal goed.")
    if count.upper <= 0.5:
        return _("Dat lukte hier vaak niet: bespreek wat er nodig is.")
    return _("Dat zijn er te weinig om er zeker van te zijn.")


# The model -----------------------------------------------------------------------------------------------------------------


def fit_of(one: Seeker, offer: Offer) -> list[float]:
    """The features of one pair, in the order of engine.learning.Features; what isn't known is as usual."""
    km = facts.distance(one, offer)
    margins = [
        STEPS.index(one.dutch[skill]) - STEPS.index(offer.needs.dutch[skill])
        for skill in DUTCH_SKILLS
        if skill in one.dutch and offer.needs.dutch.get(skill, "0") != "0"
    ]
    return [
        learning.TYPICAL[0] if km is None else round(km, 1),
        float(offer.facts.sector in one.person.sectors),
        float(max(0, min(margins, default=0))),
        float(max(0, (offer.guidance.left or 0) - one.weight)),
        float(offer.part is not None),
    ]


def learned_now() -> Learned | None:
    """The model that this service switched on; None: the fixed rules hold."""
    row = Settings.objects.first()
    if row is None or not row.learning or "model" not in row.model:
        return None
    kept = row.model
    hosts = {UUID(key): number for number, key in enumerate(kept["hosts"])}
    return Learned(learning.Model.from_json(kept["model"]), hosts, kept["version"])


@transaction.atomic
def learn(*, actor: Actor) -> Settings:
    """Learn anew and judge it on later placements; where it isn't good enough, learning is switched off by itself."""
    if not may(actor, "matching.settings.edit"):
        raise RuleBroken(_("Je mag dit niet doen met jouw rol."))
    row = Settings.objects.select_for_update().first() or Settings()
    keys, everything = history()
    row.model = judged(keys, everything)
    row.learning = row.learning and row.model["verdict"]["enough"]
    row.save()
    return row


def judged(keys: list[UUID], everything: History) -> dict[str, Any]:
    """What is kept: the verdict on the later quarter, and the model learned from all of it."""
    split = int(len(everything.lasted) * EARLIER)
    earlier, later = part_of(everything, slice(None, split)), part_of(everything, slice(split, None))
    if not split or not len(later.lasted):
        return {
            "verdict": {"enough": False, "outcomes": len(everything.lasted), "later": 0, "lacks": ["too_few"]}
        }
    verdict = learning.judge(learning.fit(earlier), later, learning.fit(earlier, hosts=False))
    return {
        "verdict": {
            **asdict(verdict),
            "lacks": [str(lack) for lack in verdict.lacks],
            "enough": verdict.enough,
        },
        "model": learning.fit(everything).as_json(),
        "hosts": [str(key) for key in keys],
        "version": f"geleerd-{timezone.localdate():%Y-%m-%d}",
    }


def history() -> tuple[list[UUID], History]:
    """Hosts, and every accepted choice whose outcome says something, in order of deciding."""
    import numpy as np

    known = {placement: (host, ended) for placement, host, _kinds, ended in outcomes(timezone.localdate())}
    rows = [
        (row, *known[row.placement_id])
        for row in Proposal.objects.filter(state="accepted").order_by("decided_at", "pk")
        if row.placement_id in known
    ]
    kept = [
        (row.kept["fit"], host, row.kept["known"]["support"], good)
        for row, host, ended in rows
        if (good := learning.lasted(ended)) is not None and "fit" in row.kept
    ]
    keys = sorted({host for _fit, host, _support, _good in kept})
    table = np.array([fit for fit, _host, _support, _good in kept], float).reshape(-1, 5)
    return keys, learning.History(
        learning.Features(*table.T),
        np.array([keys.index(host) for _fit, host, _support, _good in kept], np.int64),
        np.array([first_need(support) for _fit, _host, support, _good in kept], np.int64),
        np.array([good for _fit, _host, _support, good in kept], bool),
    )


def first_need(support: Sequence[str]) -> int:
    """Row of the kind of support that comes first in the list, as facts.need_of; 0 for none."""
    return next((number for number, kind in enumerate(SUPPORT, 1) if kind in support), 0)


def part_of(everything: History, some: slice) -> History:
    return learning.History(
        learning.Features(*(column[some] for column in everything.features)),
        everything.host[some],
        everything.support[some],
        everything.lasted[some],
    )
