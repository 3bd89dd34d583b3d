"""The proof of a million reads: how long sealing and verifying take, and how much memory they need."""

from __future__ import annotations

import logging
import sys
import time
from pathlib import Path
from uuid import UUID, uuid4

from _database import scratch_database

ENTRIES, AT_A_TIME = 1_000_000, 50_000
LIMIT_SECONDS, LIMIT_MEGABYTES = 60, 100


WRITE = """
INSERT INTO core_readentry (id, service_id, actor, capacity, purpose, subjects, records)
SELECT id, %s, %s, 'coach', 'people.person_list', (%s::uuid[])[first : first + many - 1], ARRAY['people.person']
FROM (SELECT id, (n * 37) %% 9000 + 1 AS first, (ARRAY[1, 1, 1, 1, 1, 1, 1, 1, 10, 50])[n %% 10 + 1] AS many
  FROM unnest(%s::uuid[]) WITH ORDINALITY AS made (id, n)) AS page
"""


def write(service_id: UUID, entries: int) -> None:
    """So many pages that were looked at, one to fifty persons each, as the application's role."""
    from django.db import connection

    from stapsteen.core.ids import uuid7

    people, ids = [uuid4() for _ in range(10_000)], [uuid7() for _ in range(entries)]
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [service_id, f"user:{people[0]}", people, ids])


def learn() -> None:
    """What the server does by itself every few minutes."""
    from stapsteen.testing.world import owner_connection

    with owner_connection(migrating=True) as owner:
        owner.execute("ANALYZE core_readentry, core_readseal")


class Measured:
    """Seconds, seconds of this process's own work, and the memory that came on top, of what stands in the block."""

    def __enter__(self) -> Measured:
        Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
        self.before, self.work, self.begin = memory("VmRSS"), time.process_time(), time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds, self.own = time.perf_counter() - self.begin, time.process_time() - self.work
        self.megabytes = memory("VmHWM") - self.before

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s (own work {self.own:.1f} s), {self.megabytes:.0f} MB more memory"


def memory(which: str) -> float:
    """VmRSS: in use now, VmHWM: the most since the peak was forgotten; in MB."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(which))
    return int(line.split()[1]) / 1024


def main() -> int:
    with scratch_database():
        import structlog

        from stapsteen.core import readlog
        from stapsteen.testing.world import inside, make_service

        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
        service = make_service("bench")
        for _ in range(ENTRIES // AT_A_TIME):
            with inside(service):
                write(service.pk, AT_A_TIME)
        learn()
        sealed, runs = 0, []
        with Measured() as sealing:
            while sealed < ENTRIES:
                with Measured() as run, inside(service):
                    done = readlog.seal_entries()
                sealed += done
                runs.append(run.seconds)
                if not done:
                    time.sleep(1)  # somebody else's transaction is still open in this server
        with Measured() as idle, inside(service):
            readlog.seal_entries()
        with Measured() as verifying, inside(service):
            verdict = readlog.verify()
    print(f"sealing {sealed} entries: {sealing}; {len(runs)} runs, the slowest {max(runs):.2f} s")
    print(f"a run with nothing to seal, all entries of today: {idle}")
    print(f"verifying: {verifying}; {len(verdict.faults)} faults, {verdict.waiting} waiting")
    whole = (verdict.sealed, verdict.waiting, verdict.faults) == (ENTRIES, 0, ())
    return 0 if whole and verifying.seconds < LIMIT_SECONDS and verifying.megabytes < LIMIT_MEGABYTES else 1


if __name__ == "__main__":
    sys.exit(main())
