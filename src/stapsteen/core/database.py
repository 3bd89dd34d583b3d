"""What the guarantees need in the database itself, applied after every migrate from the models. Idempotent.

Row-level security and its policies, grants for the application's role (no default grants: an undeclared table can't
be reached), composite keys, indexes that lead with the service, history triggers, state guards, the erasing function.
`audit()` looks at the live catalogue and names everything that isn't as it should be; a test demands that it's empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from psycopg import sql

from stapsteen.core import scope, states

THIRD_PARTY = {
    "django_session": "web sessions are read before a service is known; they hold a user id, no name",
    "django_content_type": "Django's list of models",
    "django_migrations": "Django's list of migrations",
    "auth_group": "unused table of Django's login part",
    "auth_permission": "unused table of Django's login part",
    "auth_group_permissions": "unused table of Django's login part",
    "account_emailaddress": "e-mail addresses are read at login, before a service is known; no name",
    "account_emailconfirmation": "belongs to the e-mail addresses",
    "procrastinate_jobs": "the worker takes jobs of all services; arguments are ids only",
    "procrastinate_events": "belongs to the jobs",
    "procrastinate_periodic_defers": "belongs to the jobs",
    "procrastinate_workers": "belongs to the jobs",
}
UNRECORDED = {
    "core_history",
    "core_sharedhistory",
    "core_readentry",
    "core_readseal",
    "core_event",
    "core_attempt",
    "core_sentform",
    "pathways_referraldraft",
}
"""Tables without a history: logs, and what is kept for days or weeks only and must then be gone."""
ISOLATE = "service_id = nullif(current_setting('stapsteen.service', true), '')::uuid"
MIGRATING = "current_setting('stapsteen.migrating', true) = 'on'"

RECORD_CHANGE = """
CREATE OR REPLACE FUNCTION stapsteen_record_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE changed jsonb := '{}'; who text := coalesce(current_setting('stapsteen.actor', true), '');
  reason text := coalesce(current_setting('stapsteen.why', true), '');
BEGIN
  IF TG_OP = 'DELETE' THEN changed := to_jsonb(OLD);
  ELSIF TG_OP = 'UPDATE' THEN
    SELECT coalesce(jsonb_object_agg(o.key, o.value), '{}') INTO changed
      FROM jsonb_each(to_jsonb(OLD)) o JOIN jsonb_each(to_jsonb(NEW)) n USING (key) WHERE o.value <> n.value;
    IF changed = '{}' THEN RETURN NULL; END IF;
  END IF;
  IF TG_TABLE_NAME = 'core_storedfile' THEN changed := changed - 'content'; END IF; -- a file that is deleted, is gone
  IF TG_ARGV[0] = 'scoped' THEN
    INSERT INTO core_history (id, service_id, "table", row_id, action, at, actor, why, old)
    VALUES (gen_random_uuid(), (CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END).service_id, TG_TABLE_NAME,
      (CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END).id, lower(TG_OP), clock_timestamp(), who, reason, changed);
  ELSE
    INSERT INTO core_sharedhistory (id, "table", row_id, action, at, actor, why, old)
    VALUES (gen_random_uuid(), TG_TABLE_NAME, (CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END).id, lower(TG_OP),
      clock_timestamp(), who, reason, changed);
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION stapsteen_guard_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NOT NEW.state = ANY (string_to_array(TG_ARGV[0], ',')) THEN
      RAISE EXCEPTION 'state % of % is no beginning', NEW.state, TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END IF;
  ELSIF NEW.state <> OLD.state AND NOT (OLD.state || '>' || NEW.state) = ANY (string_to_array(TG_ARGV[1], ',')) THEN
    RAISE EXCEPTION 'no way from % to % in %', OLD.state, NEW.state, TG_TABLE_NAME USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
"""


def house_models() -> list[type[scope.HouseModel]]:
    return [m for m in apps.get_models(include_auto_created=True) if issubclass(m, scope.HouseModel)]


def secure() -> None:
    """Bring the database in line with the models; run as the owner, who sees all rows while migrating."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(RECORD_CHANGE)
        cursor.execute("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM " + _app_role())
        cursor.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        for model in house_models():
            for statement in _statements(model):
                cursor.execute(statement)
        for table in THIRD_PARTY:
            if table in connection.introspection.table_names(cursor):
                cursor.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{table}" TO {_app_role()}')
        cursor.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO " + _app_role())
        from stapsteen.core import erasure, moving

        cursor.execute(erasure.function_sql(_app_role()))
        cursor.execute(moving.function_sql(_app_role()))


def _app_role() -> str:
    return sql.Identifier(settings.APP_ROLE).as_string(None)


def _statements(model: type[scope.HouseModel]) -> Iterator[str]:
    table, label = f'"{model._meta.db_table}"', model._meta.db_table
    written_by_trigger = label in {"core_history", "core_sharedhistory", "core_erasure"}
    rights = "SELECT" if written_by_trigger else "SELECT, INSERT"
    if not written_by_trigger and not getattr(model, "append_only", False):
        rights += ", UPDATE, DELETE"
    yield f"GRANT {rights} ON {table} TO {_app_role()}"
    if issubclass(model, scope.Scoped):
        yield from _isolation(table)
        yield from _service_keys(model, table)
    if label not in UNRECORDED:
        kind = "scoped" if issubclass(model, scope.Scoped) else "shared"
        yield f"DROP TRIGGER IF EXISTS record_change ON {table}"
        yield (
            f"CREATE TRIGGER record_change AFTER INSERT OR UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION stapsteen_record_change('{kind}')"
        )
    if machine := states.MACHINES.get(model._meta.label):
        yield f"DROP TRIGGER IF EXISTS guard_state ON {table}"
        yield (
            f"CREATE TRIGGER guard_state BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION "
            f"stapsteen_guard_state('{','.join(machine.beginnings)}', '{','.join(sorted(machine.ways))}')"
        )


def _isolation(table: str) -> Iterator[str]:
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
    for policy in ("isolate", "migrate", "record"):
        yield f"DROP POLICY IF EXISTS {policy} ON {table}"
    yield f"CREATE POLICY isolate ON {table} TO {_app_role()} USING ({ISOLATE}) WITH CHECK ({ISOLATE})"
    yield f"CREATE POLICY migrate ON {table} TO CURRENT_USER USING ({MIGRATING}) WITH CHECK ({MIGRATING})"
    if table == '"core_history"':
        yield f"CREATE POLICY record ON {table} FOR INSERT TO CURRENT_USER WITH CHECK (true)"


def _service_keys(model: type[scope.Scoped], table: str) -> Iterator[str]:
    """Unique (service_id, id), composite foreign keys to it, and indexes led by service_id."""
    name = model._meta.db_table
    yield _unless_constraint(f"key_{name}", f"ALTER TABLE {table} ADD CONSTRAINT %s UNIQUE (service_id, id)")
    for field in scoped_links(model):
        target = f'"{field.related_model._meta.db_table}"'
        yield _unless_constraint(
            f"link_{name}_{field.column}",
            f'ALTER TABLE {table} ADD CONSTRAINT %s FOREIGN KEY (service_id, "{field.column}") '
            f"REFERENCES {target} (service_id, id) DEFERRABLE INITIALLY DEFERRED",
        )
    for columns in indexed(model):
        listed = ", ".join(f'"{column}"' for column in columns)
        yield f'CREATE INDEX IF NOT EXISTS "ix_{name}_{"_".join(columns)}" ON {table} (service_id, {listed})'


def indexed(model: type[scope.Scoped]) -> list[tuple[str, ...]]:
    links: list[tuple[str, ...]] = [
        (field.attname,)
        for field in model._meta.local_fields
        if field.is_relation and field.name != "service"
    ]
    return sorted({*links, *model.index_by})


def scoped_links(model: type[scope.Scoped]) -> list[Any]:
    return [
        field
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey) and issubclass(field.related_model, scope.Scoped)
    ]


def _unless_constraint(name: str, statement: str) -> str:
    name = name[:63]
    quoted = (statement % f'"{name}"').replace("'", "''")
    return (
        f"DO $do$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = '{name}') "
        f"THEN EXECUTE '{quoted}'; END IF; END $do$"
    )


def audit() -> list[str]:
    """Every way in which models or live catalogue break guarantee 1, in words; empty when all is well."""
    return [*_audit_models(), *_audit_roles(), *_audit_tables(), *_audit_indexes(), *_audit_keys()]


def _audit_models() -> Iterator[str]:
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if model._meta.auto_created and not table.startswith("auth_"):
            yield f"{table}: an automatic many-to-many table has no service"
        if not issubclass(model, scope.Scoped | scope.Shared) and table not in THIRD_PARTY:
            yield f"{model.__name__}: neither Scoped nor on the SHARED list"
        if issubclass(model, scope.Shared) and not model.shared_because:
            yield f"{model.__name__}: Shared without a reason"
        if issubclass(model, scope.Scoped):
            for field in scoped_links(model):
                if not isinstance(field, scope.ScopedForeignKey):
                    yield f"{model.__name__}.{field.name}: a plain foreign key to a Scoped model"


def _rows(query: str, params: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _audit_roles() -> Iterator[str]:
    for super_, bypass in _rows(
        "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = %s", [settings.APP_ROLE]
    ):
        if super_ or bypass:
            yield f"role {settings.APP_ROLE} goes past row-level security"
    for (owned,) in _rows(
        "SELECT c.relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner JOIN pg_namespace n "
        "ON n.oid = c.relnamespace WHERE r.rolname = %s AND n.nspname = 'public'",
        [settings.APP_ROLE],
    ):
        yield f"role {settings.APP_ROLE} owns {owned}"


def _audit_tables() -> Iterator[str]:
    rows = _rows(
        "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, ARRAY(SELECT polname::text FROM pg_policy p "
        "WHERE p.polrelid = c.oid ORDER BY 1), EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid "
        "AND t.tgname = 'record_change' AND t.tgenabled = 'O') FROM pg_class c JOIN pg_namespace n "
        "ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"
    )
    live = {name: rest for name, *rest in rows}
    for model in house_models():
        enabled, forced, policies, recorded = live.pop(model._meta.db_table, (False, False, [], False))
        if issubclass(model, scope.Scoped) and not (
            enabled and forced and {"isolate", "migrate"} <= set(policies)
        ):
            yield f"{model._meta.db_table}: row-level security isn't enabled, forced and with its policies"
        if not recorded and model._meta.db_table not in UNRECORDED:
            yield f"{model._meta.db_table}: no history trigger"
    for name in sorted(live.keys() - THIRD_PARTY.keys()):
        yield f"{name}: a table that no model declares"


def _audit_indexes() -> Iterator[str]:
    for table, index, first in _rows(
        "SELECT c.relname, i.relname, (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = x.indrelid "
        "AND a.attnum = x.indkey[0]) FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid "
        "JOIN pg_class i ON i.oid = x.indexrelid WHERE NOT x.indisprimary"
    ):
        if table in {m._meta.db_table for m in scope.scoped_models()} and first != "service_id":
            yield f"{table}: index {index} doesn't lead with service_id"


def _audit_keys() -> Iterator[str]:
    scoped = {m._meta.db_table for m in scope.scoped_models()}
    found = set()
    for table, target, columns in _rows(
        "SELECT c.relname, f.relname, ARRAY(SELECT a.attname::text FROM unnest(k.conkey) u JOIN pg_attribute a "
        "ON a.attrelid = k.conrelid AND a.attnum = u) FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid "
        "JOIN pg_class f ON f.oid = k.confrelid WHERE k.contype = 'f'"
    ):
        if {table, target} <= scoped and "service_id" not in columns:
            yield f"{table}: foreign key {columns} to {target} without service_id"
        found |= {(table, column) for column in columns}
    for model in scope.scoped_models():
        for field in scoped_links(model):
            if (model._meta.db_table, field.column) not in found:
                yield f"{model._meta.db_table}.{field.column}: no foreign key in the database"
