"""How long the figures page's numbers take, on the history of document 001 and on ten times as much."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import date

from _database import scratch_database

TIMES, ROUNDS = (1, 10), 7


def measured() -> dict[str, Callable[[], object]]:
    """What the page asks, by name."""
    from stapsteen.figures import queries
    from stapsteen.figures.queries import Period

    year = Period(date(2010, 1, 1), date(2010, 12, 31))
    years = [Period(date(number, 1, 1), date(number, 12, 31)) for number in range(2005, 2011)]
    return {
        "average per month, six years": lambda: queries.averages(years),
        "persons per month": lambda: queries.persons_per_month(year),
        "different persons": lambda: queries.active_persons(year),
        "started, stopped, stepped up": lambda: queries.flows(year),
        "last aims": lambda: queries.last_aims(year),
        "funnel": lambda: queries.funnel(year, today=year.last),
        "placements that last": lambda: queries.lasting_placements(year, today=year.last),
        "hosts": lambda: queries.hosts(year),
    }


def measure(times: int) -> tuple[int, dict[str, float]]:
    """Pathways stored, and the median milliseconds per figure, with the history so many times over."""
    from stapsteen.figures.tests.history_001 import History, copies, store
    from stapsteen.testing.world import inside, make_service, make_staff

    service = make_service(f"bench-{times}", "volunteering", "care-work")
    coach = make_staff(service, "coach")
    lives = copies(History().play(), times)
    with inside(service):
        store(lives, service=service, coach=coach)
    with inside(service):
        return len(lives), {name: median(query) for name, query in measured().items()}


def median(query: Callable[[], object]) -> float:
    spent = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        query()
        spent.append((time.perf_counter() - begin) * 1000)
    return statistics.median(spent)


def main() -> None:
    with scratch_database():
        (few, small), (many, large) = (measure(times) for times in TIMES)
    print(f"{'':32}{few:>7} pathways{many:>7} pathways{'ratio':>8}")
    for name, spent in small.items():
        print(f"{name:32}{spent:13.1f} ms{large[name]:13.1f} ms{large[name] / spent:8.1f}")
    one, ten = sum(small.values()), sum(large.values())
    print(f"{'the whole page':32}{one:13.1f} ms{ten:13.1f} ms{ten / one:8.1f}")


if __name__ == "__main__":
    main()
