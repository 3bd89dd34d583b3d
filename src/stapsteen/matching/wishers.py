"""From a task: who wished for this kind of work and can then, in order of waiting (requirement E1). Nobody is scored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from stapsteen.core import halfdays
from stapsteen.matching import facts
from stapsteen.matching.facts import Offer, Seeker
from stapsteen.matching.weighing import engine_model


@dataclass(frozen=True)
class Wisher:
    """Someone for whom no rule stands in the way. `overlap`: half-days that both can; 0 when nobody asked the person yet."""

    seeker: Seeker
    offer: Offer
    overlap: int


def wishers(who: Sequence[Seeker], offers: Sequence[Offer], day: date) -> list[Wisher]:
    """Of the seekers (longest waiting first) those who asked for this sector and can do the task or a part of it.

    Who said no wish at all isn't here: the task is for who wished for it; the coach searches from the person for the others.
    Of whom nobody asked when they can, that is told: what isn't known shuts nobody out (decision 13).
    """
    from stapsteen.matching.engine.score import look

    asking = [one for one in who if offers and offers[0].facts.sector in one.person.sectors]
    if not asking:
        return []
    people, tasks = facts.people_arrays(asking, offers), facts.task_arrays(offers, day)
    model = engine_model(list(facts.number_hosts(offers)), facts.NEEDS)
    found = []
    for number, one in enumerate(asking):
        marks, _chance = look(people, tasks, model, number)
        fits = [offer for offer, mark in zip(offers, marks, strict=True) if mark == 0]
        if fits:
            both = one.half_days & (fits[0].facts.half_days or halfdays.ALL)
            found.append(Wisher(one, fits[0], both))
    return found
