"""Guarantee 3, reads are logged: a row in the page's own transaction, sealed into a chain by a job.

No value of a person is in it, so that erasing a person leaves every seal valid. The chain's last digest goes to the
server's log once a day and at every seal job, as an anchor outside of the database against cutting off the tail.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import connection

from stapsteen.core import scope as scopes
from stapsteen.core.models import ReadEntry, ReadSeal

log = structlog.get_logger()
START = b"\0" * 32
BATCH = 5_000


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


def canonical(entry: ReadEntry) -> bytes:
    """The bytes that are sealed: every column of the entry, in one fixed form."""
    columns: dict[str, Any] = {
        "id": str(entry.id),
        "service": str(entry.service_id),
        "at": entry.at.isoformat(),
        "tx": str(entry.tx),
        "actor": entry.actor,
        "capacity": entry.capacity,
        "purpose": entry.purpose,
        "subjects": [str(subject) for subject in entry.subjects],
        "records": entry.records,
    }
    return json.dumps(columns, sort_keys=True, separators=(",", ":")).encode()


def link(previous: bytes, entry: ReadEntry) -> bytes:
    return hashlib.sha256(previous + canonical(entry)).digest()


def _unsealed() -> Iterator[ReadEntry]:
    """Entries that no running transaction can still precede, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")
        (xmin,) = cursor.fetchone()
        cursor.execute(
            "SELECT e.id FROM core_readentry e WHERE e.tx < %s::xid8 AND NOT EXISTS "
            "(SELECT 1 FROM core_readseal s WHERE s.service_id = e.service_id AND s.entry_id = e.id) "
            "ORDER BY e.tx, e.id LIMIT %s",
            [xmin, BATCH],
        )
        ids = [row[0] for row in cursor.fetchall()]
    entries = ReadEntry.objects.in_bulk(ids)
    return (entries[key] for key in ids)


def seal_entries() -> int:
    """Link what was committed since the last time into the chain of the open scope's service; how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"seal/{scopes.current().service_id}"])
    last = ReadSeal.objects.order_by("-sequence").first()
    digest, sequence = (bytes(last.digest), last.sequence) if last else (START, 0)
    seals = []
    for entry in _unsealed():
        digest, sequence = link(digest, entry), sequence + 1
        seals.append(ReadSeal(sequence=sequence, entry_id=entry.id, digest=digest))
    ReadSeal.objects.bulk_create(seals)
    if seals:
        log.info(
            "read_log_sealed",
            service=str(scopes.current().service_id),
            sequence=sequence,
            digest=digest.hex(),
        )
    return len(seals)


@dataclass(frozen=True)
class Verdict:
    sealed: int
    waiting: int
    faults: tuple[str, ...]
    digest: str


def verify(anchor: tuple[int, str] | None = None) -> Verdict:
    """Walk the chain of the open scope's service; every edit, deletion or reorder is a fault.

    `anchor` is (sequence, hex digest) kept outside of the database: it finds a tail that was cut off.
    """
    faults: list[str] = []
    digest, count, seen = START, 0, False
    entries = {entry.id: entry for entry in ReadEntry.objects.all()}
    for seal in ReadSeal.objects.order_by("sequence"):
        count += 1
        if seal.sequence != count:
            faults.append(f"seal {count} is missing (found {seal.sequence})")
            count = seal.sequence
        entry = entries.pop(seal.entry_id, None)
        if entry is None:
            faults.append(f"entry {seal.entry_id} of seal {seal.sequence} is gone")
        elif link(digest, entry) != bytes(seal.digest):
            faults.append(f"entry {seal.entry_id} of seal {seal.sequence} was changed or moved")
        digest = bytes(seal.digest)
        seen = seen or (seal.sequence, digest.hex()) == anchor
    if anchor is not None and not seen:
        faults.append(f"the anchor at seal {anchor[0]} isn't in the chain: its tail was cut off or rewritten")
    return Verdict(sealed=count, waiting=len(entries), faults=tuple(faults), digest=digest.hex())
