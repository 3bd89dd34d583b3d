"""Guarantee 3, reads are logged: a row in the page's own transaction, sealed into a chain by a job.

No value of a person is in it, so that erasing a person leaves every seal valid. The chain's last digest goes to the
server's log once a day and at every seal job, as an anchor outside of the database against cutting off the tail.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from django.db import connection
from django.db.models import Min

from stapsteen.core import scope as scopes
from stapsteen.core.models import ReadEntry, ReadSeal

log = structlog.get_logger()
START = b"\0" * 32
BATCH = 5_000
LATE = timedelta(days=1)
"""An entry is its transaction's last statement, so none comes this late; a nightly job looks back without end."""
COLUMNS = "id::text, service_id::text, at, tx::text, actor, capacity, purpose, array_to_json(subjects)::text, records"
# The oldest transaction that runs in this database. A snapshot names those of the whole server; whoever surely works in
# another database there never writes here, and a long one would hold the seals back. A lock names its transaction by the
# low half of its number, and none at all for one that just ended: that counts as ours.
OLDEST = """LEAST(pg_snapshot_xmax(pg_current_snapshot()), pg_current_xact_id_if_assigned(), (
SELECT running FROM pg_snapshot_xip(pg_current_snapshot()) running WHERE NOT EXISTS (
SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.mode = 'ExclusiveLock' AND l.granted
AND l.transactionid::text::bigint = running::text::bigint & 4294967295 AND a.datname <> current_database())
ORDER BY running LIMIT 1))"""
# Without a seal, and no running transaction can still come before it: older than all of them, or an earlier server's.
WAITING = f"""NOT EXISTS (SELECT FROM core_readseal s WHERE s.service_id = e.service_id AND s.entry_id = e.id)
AND (e.tx < {OLDEST} OR e.tx >= pg_snapshot_xmax(pg_current_snapshot())
AND e.tx IS DISTINCT FROM pg_current_xact_id_if_assigned())"""
encode = json.JSONEncoder(separators=(",", ":")).encode
Row = tuple[Any, ...]
"""One entry, in the order of COLUMNS."""


def write_entry(scope: scopes.Scope) -> None:
    """The log row of a scope that loaded sensitive rows; an error here refuses the page."""
    if not scope.models:
        return
    ReadEntry.objects.create(
        actor=str(scope.actor),
        capacity=scope.actor.capacity,
        purpose=scope.purpose,
        subjects=sorted(scope.subjects),
        records=sorted(scope.models),
    )


def canonical(entry: Row) -> bytes:
    """The bytes that are sealed: every column of the entry as JSON without blanks, the names in order of the alphabet."""
    key, service, at, tx, actor, capacity, purpose, subjects, records = entry
    who = f'"actor":{encode(actor)},"at":"{at.isoformat()}","capacity":{encode(capacity)},"id":"{key}"'
    what = f'"purpose":{encode(purpose)},"records":{encode(records)},"service":"{service}"'
    return f'{{{who},{what},"subjects":{subjects},"tx":"{tx}"}}'.encode()


def link(previous: bytes, entry: Row) -> bytes:
    return hashlib.sha256(previous + canonical(entry)).digest()


def _unsealed(last: ReadSeal | None, late: timedelta) -> list[Row]:
    """The next entries to seal, oldest first; none that is that much older than the one that was sealed last."""
    newest = ReadEntry.objects.filter(pk=last.entry_id).first() if last else None
    recent, since = ("AND e.at > %s", [newest.at - late]) if newest else ("", [])
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {COLUMNS} FROM core_readentry e WHERE {WAITING} {recent} ORDER BY e.tx, e.id LIMIT %s",
            [*since, BATCH],
        )
        return cursor.fetchall()


def seal_entries(late: timedelta = LATE) -> int:
    """Link what was committed since the last time into the chain of the open scope's service; how many."""
    service = str(scopes.current().service_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"seal/{service}"])
    last = ReadSeal.objects.order_by("-sequence").first()
    digest, sequence = (bytes(last.digest), last.sequence) if last else (START, 0)
    seals = []
    for entry in _unsealed(last, late):
        digest, sequence = link(digest, entry), sequence + 1
        seals.append(ReadSeal(sequence=sequence, entry_id=entry[0], digest=digest))
    ReadSeal.objects.bulk_create(seals)
    if seals:
        log.info("read_log_sealed", service=service, sequence=sequence, digest=digest.hex())
    return len(seals)


@dataclass(frozen=True)
class Verdict:
    sealed: int
    waiting: int
    faults: tuple[str, ...]
    digest: str


def _chain() -> Iterator[tuple[int, Any, bytes, Row | None]]:
    """Number, entry's id, digest and entry of each seal in order, a few thousand in memory at a time.

    By ranges and keys, without a join: the plan is the same just after a restore, when nothing is known of the tables.
    """
    seals = ReadSeal.objects.order_by("sequence")
    first = seals.aggregate(least=Min("sequence"))["least"]
    while first is not None:
        page, at = "FROM core_readseal WHERE sequence >= %s AND sequence < %s", [first, first + BATCH]
        with connection.cursor() as cursor:
            rows = cursor.execute(f"SELECT sequence, entry_id::text, digest {page} ORDER BY 1", at).fetchall()
            own = f"SELECT {COLUMNS} FROM core_readentry WHERE id = ANY(ARRAY(SELECT entry_id {page}))"
            entries = {row[0]: row for row in cursor.execute(own, at)}
        for sequence, entry_id, digest in rows:
            yield sequence, entry_id, bytes(digest), entries.get(entry_id)
        first = seals.filter(sequence__gte=first + BATCH).aggregate(least=Min("sequence"))["least"]


def verify(anchor: tuple[int, str] | None = None) -> Verdict:
    """Walk the chain of the open scope's service; every edit, deletion or reorder is a fault.

    `anchor` is (sequence, hex digest) kept outside of the database: it finds a tail that was cut off.
    """
    faults: list[str] = []
    digest, count, found = START, 0, 0
    seen = anchor in (None, (0, START.hex()))  # of a log that was still empty
    for sequence, entry_id, sealed, entry in _chain():
        count += 1
        if sequence != count:
            faults.append(f"seal {count} is missing (found {sequence})")
            count = sequence
        found += entry is not None
        if entry is None:
            faults.append(f"entry {entry_id} of seal {sequence} is gone")
        elif link(digest, entry) != sealed:
            faults.append(f"entry {entry_id} of seal {sequence} was changed or moved")
        digest = sealed
        seen = seen or (sequence, digest.hex()) == anchor
    if anchor is not None and not seen:
        faults.append(f"the anchor at seal {anchor[0]} isn't in the chain: its tail was cut off or rewritten")
    waiting = ReadEntry.objects.count() - found
    return Verdict(sealed=count, waiting=waiting, faults=tuple(faults), digest=digest.hex())
