"""Erasing a person: one privileged, logged function in the database clears the values everywhere.

Tables, history, events, jobs, mails and files. What stays are keys, dates of pathways and states, so that figures of past
years still hold; the read log stays whole, since it holds ids only. Which columns are cleared comes from the models:
every column that isn't a key, a link, a state or declared in `kept_after_erasure` (GDPR article 17).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone

from stapsteen.core import scope

LEDGER = "erasures.jsonl"
FORGOTTEN = "'gewist-' || {} || '@invalid'"


def person_model() -> type[scope.Scoped]:
    return apps.get_model("people", "Person")


def bound_models() -> Iterator[tuple[type[scope.Scoped], str]]:
    """Every Scoped model with rows about one person, and the column that holds the person's id."""
    for model in scope.scoped_models():
        if model is person_model():
            yield model, "id"
            continue
        for field in model._meta.local_fields:
            if field.is_relation and field.related_model is person_model():
                yield model, field.attname
    for label in ("core.Event", "core.StoredFile"):
        yield apps.get_model(label), "subject_id"


def cleared(model: type[scope.Scoped]) -> dict[str, str]:
    """Column -> the SQL value it gets."""
    kept = {"id", "service_id", "state", *getattr(model, "kept_after_erasure", ())}
    return {
        field.attname: _empty(field)
        for field in model._meta.local_fields
        if not field.is_relation and field.attname not in kept
    }


def _empty(field: models.Field[Any, Any]) -> str:
    if field.null:
        return "NULL"
    if isinstance(field, models.BinaryField):
        return "''::bytea"
    if isinstance(field, models.JSONField):
        return "'{}'::jsonb"
    if isinstance(field, models.CharField | models.TextField):
        return "''"
    raise TypeError(
        f"{field}: say in kept_after_erasure that it may stay, or make it nullable so that it can go."
    )


def function_sql(app_role: str) -> str:
    """The function's text, made from the models at every migrate."""
    steps = []
    for model, column in bound_models():
        table = model._meta.db_table
        if table == "core_storedfile":
            steps.append(f"DELETE FROM {table} WHERE service_id = p_service AND {column} = p_subject;")
        elif values := cleared(model):
            sets = ", ".join(f'"{name}" = {value}' for name, value in values.items())
            steps.append(
                f'UPDATE "{table}" SET {sets} WHERE service_id = p_service AND "{column}" = p_subject;'
            )
        steps.append(
            f"UPDATE core_history SET old = '{{}}' WHERE service_id = p_service AND \"table\" = '{table}' AND "
            f'(row_id IN (SELECT id FROM "{table}" WHERE service_id = p_service AND "{column}" = p_subject)'
            f" OR old ->> '{column}' = p_subject::text);"
        )
    body = "\n  ".join(steps)
    return f"""
CREATE OR REPLACE FUNCTION
  stapsteen_erase(p_service uuid, p_subject uuid, p_user uuid, p_actor text, p_reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $erase$
BEGIN
  IF p_service::text IS DISTINCT FROM current_setting('stapsteen.service', true) THEN
    RAISE EXCEPTION 'erase only inside the scope of the service';
  END IF;
  PERFORM set_config('stapsteen.migrating', 'on', true);
  {body}
  UPDATE core_outgoingmail SET "to" = '', subject = '', body = '', failed = '' WHERE subject_id = p_subject;
  UPDATE core_sharedhistory SET old = '{{}}' WHERE "table" = 'core_outgoingmail' AND row_id IN
    (SELECT id FROM core_outgoingmail WHERE subject_id = p_subject);
  UPDATE core_sharedhistory SET old = '{{}}' WHERE (row_id = p_user OR old ->> 'user_id' = p_user::text)
    AND EXISTS (SELECT 1 FROM network_user WHERE id = p_user AND email = {FORGOTTEN.format("id")});
  DELETE FROM procrastinate_jobs WHERE args::text LIKE '%' || p_subject::text || '%' AND status <> 'doing';
  INSERT INTO core_erasure (id, service_id, subject_id, at, actor, reason)
    VALUES (gen_random_uuid(), p_service, p_subject, clock_timestamp(), p_actor, p_reason);
  PERFORM set_config('stapsteen.migrating', '', true);
END $erase$;
REVOKE ALL ON FUNCTION stapsteen_erase(uuid, uuid, uuid, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION stapsteen_erase(uuid, uuid, uuid, text, text) TO {app_role};
"""


def forgotten_address(user_id: UUID) -> str:
    """What stands in the place of the e-mail address of a user who was only the erased person."""
    return f"gewist-{user_id}@invalid"


def erase(*, subject_id: UUID, reason: str, user_id: UUID | None = None) -> None:
    """Erase one person of the open scope's service; `reason` is a code. The ledger outside of the database follows
    on commit, so that an older backup that is restored can be told. `user_id`: the person's login, whose history is
    cleared as well once its address was forgotten."""
    current = scope.current()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT stapsteen_erase(%s, %s, %s, %s, %s)",
            [current.service_id, subject_id, user_id, str(current.actor), reason],
        )
    line = {"service": str(current.service_id), "subject": str(subject_id), "reason": reason}
    transaction.on_commit(lambda: append_to_ledger({**line, "at": timezone.now().isoformat()}))


def append_to_ledger(line: dict[str, str]) -> None:
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with (settings.DATA_DIR / LEDGER).open("a") as ledger:
        ledger.write(json.dumps(line) + "\n")
