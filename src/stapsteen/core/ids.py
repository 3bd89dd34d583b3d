"""UUIDv7 in Python: PostgreSQL has it only from 18 on, and we also run on 15 (RFC 9562, section 5.7)."""

import secrets
import time
from uuid import UUID


def uuid7() -> UUID:
    """48 bits of milliseconds, 12 bits of the fraction of the millisecond, then random: sorts by time."""
    nanoseconds = time.time_ns()
    milliseconds, rest = divmod(nanoseconds, 1_000_000)
    fraction = rest * 4096 // 1_000_000
    value = (milliseconds & (1 << 48) - 1) << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62
    return UUID(int=value | secrets.randbits(62))
