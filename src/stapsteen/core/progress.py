"""How far a long job is, for whoever looks meanwhile.

Such a job is one transaction: nothing in it is seen before its end. So the percentage is written over a second
connection, in a short transaction of its own. The job leaves that row alone until its last moment, or it would wait
for itself (then the write gives up after a second and is left out).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection
from psycopg import sql

from stapsteen.core import scope

STEP = 5
"""Per cent between two writes: at most 20 of them."""


@contextmanager
def meter(row: Any) -> Iterator[Callable[[int], None]]:
    """Gives `tell(percent)` for a Scoped row with a `progress` column; writes when STEP more than before is done."""
    second = connection.copy()
    last = 0

    def tell(percent: int) -> None:
        nonlocal last
        if min(99, percent) >= last + STEP:
            last = min(99, percent)
            _write(second, row, last)

    try:
        yield tell
    finally:
        second.close()


def _write(second: Any, row: Any, percent: int) -> None:
    current = scope.current()
    update = sql.SQL("UPDATE {} SET progress = %s WHERE id = %s").format(sql.Identifier(row._meta.db_table))
    try:
        with second.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(
                "SELECT set_config('stapsteen.service', %s, true), set_config('stapsteen.actor', %s, true), "
                "set_config('stapsteen.why', 'progress', true), set_config('lock_timeout', '1s', true)",
                [str(current.service_id), str(current.actor)],
            )
            cursor.execute(update.as_string(None), [percent, row.pk])
            cursor.execute("COMMIT")
    except OperationalError:
        second.close()  # somebody holds the row: this step is left out, the next one tries again
