"""Guarantee 1, tenancy: which service's rows can be seen now, and by whom.

A scope is one transaction in which PostgreSQL's row-level security lets one service through. Without a scope
a Scoped table gives no rows and takes none; in Python, any statement that names such a table raises NoScope.
Scopes are siblings, never nested: a page over several services opens one after the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar, Self
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction

from stapsteen.core.errors import NoScope, UnloggedRead
from stapsteen.core.ids import uuid7
from stapsteen.core.links import Link


@dataclass(frozen=True)
class Actor:
    """Who acts, in which capacity. `user_id` is None for a visitor, a signed link, a job or a command."""

    capacity: str
    user_id: UUID | None = None
    roles: frozenset[str] = frozenset()
    organisation_id: UUID | None = None
    can_sanction: bool = False
    """The organisation can take somebody's benefit or cut it: attendance and reasons never reach it (requirement B6)."""
    link: Link | None = field(default=None, compare=False)
    card_id: UUID | None = None
    """A participant without a login, who opened the own pages with a card: what it reaches follows from the card."""

    def has(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)

    def __str__(self) -> str:
        if self.card_id:
            return f"card:{self.card_id}"
        return f"user:{self.user_id}" if self.user_id else self.capacity


def system(name: str) -> Actor:
    """The actor of a job or command: may do what its action says, and is named in log and history."""
    return Actor(capacity=f"system:{name}", roles=frozenset({"system"}))


@dataclass
class Scope:
    service_id: UUID
    actor: Actor
    purpose: str
    subjects: set[UUID] = field(default_factory=set)
    models: set[str] = field(default_factory=set)
    keys: dict[int, bytes] = field(default_factory=dict, repr=False)
    """The service's keys, once they were needed: a page with many sealed texts reads them once."""
    made_key: bool = False
    """The service's first key was made in this scope."""

    def saw(self, model: str, subject: UUID) -> None:
        self.models.add(model)
        self.subjects.add(subject)


_current: ContextVar[Scope | None] = ContextVar("stapsteen_scope", default=None)


def current() -> Scope:
    """The open scope; NoScope when there is none."""
    if (scope := _current.get()) is None:
        raise NoScope("No service's scope is open: open one with open_scope().")
    return scope


def is_open() -> bool:
    return _current.get() is not None


def _tell_database(service: str, actor: str, why: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('stapsteen.service', %s, true), set_config('stapsteen.actor', %s, true), "
            "set_config('stapsteen.why', %s, true)",
            [service, actor, why],
        )


@contextmanager
def open_scope(service_id: UUID, *, actor: Actor, purpose: str, readonly: bool = False) -> Iterator[Scope]:
    """One transaction for one service; at its end the read log gets its row, in that same transaction.

    With `readonly` the database refuses every write, lock and deferred job until the log row is written.
    """
    if is_open():
        raise NoScope("Scopes are never nested: close the first one, then open the next.")
    from stapsteen.core.readlog import write_entry

    scope = Scope(service_id, actor, purpose)
    with transaction.atomic():
        _tell_database(str(service_id), str(actor), purpose)
        token = _current.set(scope)
        try:
            with _read_only() if readonly else transaction.atomic():
                yield scope
            write_entry(scope)
            _tell_database("", "", "")  # on an error the rollback takes the setting back
        finally:
            _current.reset(token)


@contextmanager
def _read_only() -> Iterator[None]:
    """A savepoint that can only read; read-write comes back when it is released."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        yield


def guard_connection(connection: Any, **_: object) -> None:
    """Hang the guard on a new connection, once; the owner's migrations see all rows by their own policy."""
    if _guard not in connection.execute_wrappers:
        connection.execute_wrappers.append(_guard)
    if settings.AS_OWNER:
        with connection.connection.cursor() as cursor:
            cursor.execute("SELECT set_config('stapsteen.migrating', 'on', false)")


def _guard(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Outside a scope no statement may name a Scoped table: it would silently see nothing."""
    if not is_open() and not settings.AS_OWNER and (named := scoped_tables()(str(sql))):
        raise NoScope(f"{named.group(0)} was touched outside a scope.")
    return execute(sql, params, many, context)


@cache
def scoped_tables() -> Callable[[str], re.Match[str] | None]:
    names = "|".join(sorted(re.escape(model._meta.db_table) for model in scoped_models()))
    return re.compile(rf'"(?:{names})"').search


def scoped_models() -> list[type[Scoped]]:
    return [model for model in apps.get_models(include_auto_created=True) if issubclass(model, Scoped)]


class HouseQuerySet(models.QuerySet[Any]):
    """Reads that the log can follow: columns of sensitive persons come as whole objects or not at all."""

    def _values(self, *fields: Any, **expressions: Any) -> Self:
        clone = super()._values(*fields, **expressions)  # type: ignore[misc]
        refuse_sensitive(clone.query)
        return clone

    def _annotate(self, args: Any, kwargs: Any, select: bool = True) -> Self:
        clone = super()._annotate(args, kwargs, select=select)  # type: ignore[misc]
        refuse_sensitive(clone.query)
        return clone

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        probe = self._chain().query  # type: ignore[attr-defined]
        for index, expression in enumerate([*args, *kwargs.values()]):
            probe.add_annotation(expression, f"probe_{index}", select=True)
        refuse_sensitive(probe)
        return super().aggregate(*args, **kwargs)

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> Any:
        objs = list(objs)
        for obj in objs:
            if isinstance(obj, Scoped):
                obj.service_id = obj.service_id or current().service_id
        return super().bulk_create(objs, *args, **kwargs)

    def raw(self, *args: Any, **kwargs: Any) -> Any:
        raise UnloggedRead("raw() passes by the read log.")

    def extra(self, *args: Any, **kwargs: Any) -> Any:
        raise UnloggedRead("extra() passes by the read log.")


def refuse_sensitive(query: Any) -> None:
    """Raise when the query gives out a column that its sensitive model doesn't list as open."""
    for expression in [*query.select, *query.annotations.values()]:
        for part in expression.flatten() if hasattr(expression, "flatten") else [expression]:
            target: Any = getattr(part, "target", None)
            model = getattr(target, "model", None)
            if isinstance(model, type) and issubclass(model, Sensitive) and not model.is_open(target):
                raise UnloggedRead(f"{model.__name__}.{target.name} can only be read as a whole object.")


class HouseManager(models.Manager.from_queryset(HouseQuerySet)):  # type: ignore[misc]
    use_in_migrations = False


class HouseModel(models.Model):
    """What every model of ours has: a UUIDv7 key and the watched manager."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    objects = HouseManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        default_manager_name = "objects"


class Shared(HouseModel):
    """Read by all services, or before a service is known. `shared_because` says why it may be; no person in it."""

    shared_because: ClassVar[str] = ""

    class Meta(HouseModel.Meta):
        abstract = True


class Scoped(HouseModel):
    """Rows of one service. core.database gives each such table its policies, keys, triggers and grants."""

    service = models.ForeignKey(
        "network.Service", on_delete=models.PROTECT, db_index=False, related_name="+", editable=False
    )
    append_only: ClassVar[bool] = False
    index_by: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """Indexes beside those of the foreign keys, as column names without the leading service_id."""

    class Meta(HouseModel.Meta):
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.service_id = self.service_id or current().service_id
        if self.service_id != current().service_id:
            raise NoScope(f"This {type(self).__name__} belongs to another service.")
        super().save(*args, **kwargs)


class Sensitive(Scoped):
    """Rows about a person: each one that is loaded is noted for the read log, under the person's id.

    `subject_field` names the column with the person's id; `open_columns` the columns without personal value,
    which lists and figures may read by themselves (keys and foreign keys always may).
    """

    subject_field: ClassVar[str] = "person_id"
    open_columns: ClassVar[frozenset[str]] = frozenset()

    class Meta(Scoped.Meta):
        abstract = True

    @classmethod
    def is_open(cls, column: models.Field[Any, Any]) -> bool:
        return (
            column.primary_key
            or column.is_relation
            or column.attname in {cls.subject_field, *cls.open_columns}
        )

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any, *, fetch_mode: Any = None) -> Self:
        instance = super().from_db(db, field_names, values, fetch_mode=fetch_mode)
        subject = "id" if cls.subject_field == "pk" else cls.subject_field
        if subject not in instance.__dict__:
            raise UnloggedRead(f"Load {cls.__name__} with {subject}: the read log needs it.")
        current().saw(cls._meta.label_lower, instance.__dict__[subject])
        return instance


class ScopedForeignKey(models.ForeignKey[Any, Any]):
    """A link inside one service: core.database makes it (service_id, x_id), so that it can't cross services.

    PostgreSQL's foreign-key checks pass by row-level security; a plain key would take another service's id.
    """

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        kwargs["db_index"] = False
        super().__init__(to, on_delete, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("db_constraint", None)
        kwargs.pop("db_index", None)
        return name, path, args, kwargs
