"""The proof of a million reads: how long sealing and verifying take, and how much memory they need."""

from __future__ import annotations

import resource
import sys
import time
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


def memory() -> float:
    """The most this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    with scratch_database():
        from stapsteen.core import readlog
        from stapsteen.testing.world import inside, make_service

        service = make_service("bench")
        for _ in range(ENTRIES // AT_A_TIME):
            with inside(service):
                write(service.pk, AT_A_TIME)
            learn()
        before, seals, done = memory(), [], 1
        while done:
            begin = time.perf_counter()
            with inside(service):
                done = readlog.seal_entries()
            seals.append(time.perf_counter() - begin)
        sealing = memory()
        begin = time.perf_counter()
        with inside(service):
            verdict = readlog.verify()
        spent, verifying = time.perf_counter() - begin, memory()
    *full, idle = seals
    print(
        f"sealing {verdict.sealed} entries: {sum(full):.1f} s in {len(full)} runs, the slowest {max(full):.2f} s"
    )
    print(f"a run with nothing to seal: {idle * 1000:.0f} ms; more memory: {sealing - before:.0f} MB")
    print(f"verifying: {spent:.1f} s, {len(verdict.faults)} faults, {verdict.waiting} waiting", end="; ")
    print(f"more memory: {verifying - sealing:.0f} MB")
    whole = verdict.sealed == ENTRIES and not verdict.faults and not verdict.waiting
    return 0 if whole and spent < LIMIT_SECONDS and verifying - before < LIMIT_MEGABYTES else 1


if __name__ == "__main__":
    sys.exit(main())
