"""Hanging rows on another person: one privileged function in the database, made from the models.

Hours and events are append-only for the application; when two records turn out to be one person, their rows go along all
the same, each with its own id, so that history and seals still hold. Only listed rows move, only inside one service.
"""

from __future__ import annotations

import json
from uuid import UUID

from django.db import connection

from stapsteen.core import erasure, scope

Rows = dict[str, set[UUID]]
"""'table.column' -> ids of rows whose column holds a person."""
Place = tuple[type[scope.Scoped], str]


def places() -> dict[str, Place]:
    """Where a person's id stands: 'table.column' -> model and column."""
    bound = ((model, column) for model, column in erasure.bound_models() if column != "id")
    return {f"{model._meta.db_table}.{column}": (model, column) for model, column in bound}


def function_sql(app_role: str) -> str:
    """The function's text, made from the models at every migrate."""
    steps = "\n  ".join(
        f'UPDATE "{model._meta.db_table}" SET "{column}" = p_to WHERE service_id = p_service AND "{column}" = p_from '  # noqa: S608 -- our own names
        f"AND id IN (SELECT key::uuid FROM jsonb_array_elements_text(p_rows -> '{name}') key);"
        for name, (model, column) in places().items()
    )
    return f"""
CREATE OR REPLACE FUNCTION stapsteen_move(p_service uuid, p_from uuid, p_to uuid, p_rows jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $move$
BEGIN
  IF p_service::text IS DISTINCT FROM current_setting('stapsteen.service', true) THEN
    RAISE EXCEPTION 'move only inside the scope of the service';
  END IF;
  PERFORM set_config('stapsteen.migrating', 'on', true);
  {steps}
  PERFORM set_config('stapsteen.migrating', '', true);
END $move$;
REVOKE ALL ON FUNCTION stapsteen_move(uuid, uuid, uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION stapsteen_move(uuid, uuid, uuid, jsonb) TO {app_role};
"""


def move(rows: Rows, *, source: UUID, target: UUID) -> None:
    """Hang these rows of `source` on `target`; a row that no longer hangs on `source` stays where it is."""
    listed = {name: sorted(map(str, keys)) for name, keys in rows.items() if keys}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT stapsteen_move(%s, %s, %s, %s)",
            [scope.current().service_id, source, target, json.dumps(listed)],
        )
