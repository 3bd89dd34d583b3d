"""The agenda of a service in the demo: stories that go on day by day, each step by the one who would do it.

A story is a generator. It yields (day, who) and goes on when it is that day's turn, in the scope of that service, with
that colleague as actor and with that day's clock. So a place that is taken in March is taken in April.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Generator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from stapsteen.core.scope import Actor, current, open_scope
from stapsteen.hosts.models import Host, Task
from stapsteen.network.models import Municipality, ProgrammeVersion, Service, StaffMember
from stapsteen.network.queries import programmes_on
from stapsteen.portals.demo.clock import set_day
from stapsteen.portals.demo.haste import lines_together
from stapsteen.portals.demo.names import Name, Names
from stapsteen.portals.demo.plans import HostPlan, ServicePlan
from stapsteen.portals.demo.texts import OF_NEWCOMERS

type Step = tuple[date, "str | Actor"]
type Story = Generator[Step, None, Any]
PURPOSE = "demo"


def workday(day: date) -> date:
    """That day, or the Friday before a weekend: order between days is kept."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def suiting(words: tuple[str, ...], about: Name) -> tuple[str, ...]:
    """Without what is only said about people who learned Dutch later, for who did not."""
    if about.dutch != "native":
        return words
    return tuple(text for text in words if not any(word in text for word in OF_NEWCOMERS))


@dataclass
class KnownHost:
    """A host of the service, its tasks, and how many people of this service are there."""

    plan: HostPlan
    host: Host
    tasks: list[Task]
    people: int = 0


class Agenda:
    """One service while its demo is made: its plan, its colleagues, and what still has to happen."""

    def __init__(self, plan: ServicePlan, service: Service, now: datetime, today: date) -> None:
        self.plan, self.service, self.now, self.today = plan, service, now, today
        self.rng = Random(f"stapsteen {plan.slug}")  # noqa: S311 - the same demo every time
        self.aside = Random(f"samen {plan.slug}")  # noqa: S311 - what is looked at together, apart from the rest
        self.names = Names(self.rng, plan.flemish)
        self.staff: dict[str, StaffMember] = {}
        self.actors: dict[str, Actor] = {}
        self.towns = [(Municipality.objects.get(nis=nis), codes) for nis, codes in plan.towns]
        self.referrers: list[Any] = []
        self.hosts: dict[str, KnownHost] = {}
        self.cast: dict[str, Any] = {}
        """People with a part in the demo: the participant who can log in."""
        self.looked = 0
        """How many people could look at a spider together so far; not all of them do."""
        self.day = date.min
        self._heap: list[tuple[date, int, str | Actor, Story]] = []
        self.caseload: Counter[str] = Counter()
        """Open pathways per coach."""
        self._order = count()
        self._keys: dict[int, bytes] = {}
        """The service's keys, read once: here no scope takes back what one before it made."""
        self._decks: dict[tuple[Name, tuple[str, ...]], list[str]] = {}

    # Who and what -------------------------------------------------------------------------------------------------

    @property
    def actor(self) -> Actor:
        """Who acts in the step that runs now."""
        return current().actor

    @property
    def coaches(self) -> list[str]:
        return [key for key in self.actors if self.actors[key].has("coach")]

    def programme(self, slug: str, day: date) -> ProgrammeVersion:
        """The version that the service ran on that day."""
        return next(version for version in programmes_on(self.service, day) if version.slug == slug)

    def ago(self, days: int) -> date:
        return workday(self.today - timedelta(days=days))

    def around(self, days: int, spread: int) -> int:
        return days + self.rng.randint(-spread, spread)

    @property
    def sectors(self) -> list[str]:
        """Of every host's first task, so that wishes and places are in proportion."""
        return [
            plan.tasks[0].sector for plan in self.plan.hosts if plan.ends == "active" and not plan.programme
        ]

    def host_of(self, placement: Any) -> KnownHost:
        return next(known for known in self.hosts.values() if known.host.pk == placement.host_id)

    def pick[T](self, options: tuple[T, ...] | list[T]) -> T:
        return self.rng.choice(options)

    def draw(self, words: tuple[str, ...], about: Name) -> str:
        """One of the texts that suit the person, none of them twice until all were used."""
        words = suiting(words, about)
        deck = self._decks.setdefault((about, words), [])
        if not deck:
            deck.extend(self.rng.sample(words, len(words)))
        return deck.pop()

    # The days -----------------------------------------------------------------------------------------------------

    def add(self, story: Story) -> None:
        """Let a story begin: it runs up to its first day at once."""
        self._next(story)

    def _next(self, story: Story) -> None:
        try:
            day, who = next(story)
        except StopIteration:
            return
        if not self.day <= day <= self.today:
            raise ValueError(f"a step on {day}, told on {self.day}: that is before now, or still to come")
        heapq.heappush(self._heap, (day, next(self._order), who, story))

    def run(self, until: date) -> None:
        """Everything up to and with that day, in order; one scope for what one colleague does on one day."""
        with ExitStack() as open_now:
            at: tuple[date, Actor] | None = None
            while self._heap and self._heap[0][0] <= until:
                day, _number, who, story = heapq.heappop(self._heap)
                actor = self.actors[who] if isinstance(who, str) else who
                self.day = day
                set_day(day, self.now)
                if at != (day, actor) or actor.link is not None:
                    open_now.close()
                    scope = open_now.enter_context(open_scope(self.service.pk, actor=actor, purpose=PURPOSE))
                    scope.keys |= self._keys
                    at = (day, actor)
                with lines_together():
                    self._next(story)
                self._keys = scope.keys
