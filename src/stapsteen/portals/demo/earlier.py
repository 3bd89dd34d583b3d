"""What earlier places teach, in the demo too (requirement E3): enough people with the same support were at one organisation."""

from __future__ import annotations

from collections import Counter
from copy import copy
from datetime import date, timedelta
from random import Random

from stapsteen.core.scope import open_scope
from stapsteen.matching import facts
from stapsteen.pathways.models import Pathway
from stapsteen.people.actions import update_person
from stapsteen.portals.demo.agenda import PURPOSE, Agenda, KnownHost, Story, workday
from stapsteen.portals.demo.stories import accepted, finish, placed, someone

AT = "Sociale kruidenier De Mand"
STAYED = (True, True, False, True, True, True)
"""Six people, one after the other, on the one seat that nobody else's story takes. One stopped early."""
FIRST, LONG, SHORT, BETWEEN = 900, 128, 35, 14
"""Days: ago, that the first began; at the place; and until the next one comes."""


def earlier_places(a: Agenda) -> None:
    """At one of VINAC's organisations, with the support that most of those who wait need: so that a coach sees the count.

    On an agenda of its own: what is drawn here changes nobody else's story.
    """
    if a.plan.slug != "vinac":
        return
    known = a.hosts[AT]
    aside = copy(a)
    aside.rng, aside.day, aside.hosts = Random("vroeger vinac"), date.min, {AT: known}  # noqa: S311 - always the same
    with open_scope(a.service.pk, actor=a.actors["coordinator"], purpose=PURPOSE):
        kind, ago = most_needed(), FIRST
        for stays in STAYED:
            days = LONG if stays else SHORT
            aside.add(once_here(aside, known, kind, a.ago(ago), a.ago(ago - days)))
            ago -= days + BETWEEN
    aside.run(a.today)


def most_needed() -> str:
    needs = Counter(
        kind
        for row in facts.waiting(Pathway.objects.select_related("person").order_by("starts_on", "id"))
        for kind in row.person.support
    )
    return max(sorted(needs), key=lambda kind: needs[kind])


def once_here(a: Agenda, known: KnownHost, kind: str, first: date, last: date) -> Story:
    """From the referral to the end, with this support agreed on before the place began."""
    p = someone(a, sector=known.tasks[0].sector)
    p.half_days |= known.tasks[0].half_days
    pathway = yield from accepted(a, p, workday(first - timedelta(days=32)))
    yield workday(first - timedelta(days=25)), p.coach
    update_person(person=pathway.person, actor=a.actor, support=[kind])
    pathway = Pathway.objects.select_related("person").get(pk=pathway.pk)
    yield from placed(a, p, pathway, first)
    stayed = (last - first).days > 2 * SHORT
    code, destination = ("goal_reached", "volunteering") if stayed else ("stopped_by_person", "home")
    yield from finish(a, p, pathway, last, code, destination)
