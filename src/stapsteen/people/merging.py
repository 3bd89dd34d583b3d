"""What hangs on a person: what goes along to another record, what stays behind, and what must come back with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import models

from stapsteen.core import moving
from stapsteen.core.models import Event
from stapsteen.core.moving import Place, Rows
from stapsteen.people.models import Merge, NotTheSame, Person


def places() -> dict[str, Place]:
    """Where a person's id stands: 'table.column' -> model and column. Who was merged with whom stays as it was."""
    return {name: place for name, place in moving.places().items() if place[0] is not Merge}


def rows_of(person: Person) -> Rows:
    """All that hangs on the person."""
    found = {
        name: set(model.objects.filter(**{column: person.pk}).values_list("pk", flat=True))
        for name, (model, column) in places().items()
    }
    return {name: keys for name, keys in found.items() if keys}


def clashing(rows: Rows, kept: Person) -> Rows:
    """The rows that the kept record already has in the same place (attendance at one session): they stay behind."""
    found: Rows = {}
    for name, keys in rows.items():
        model, column = places()[name]
        for others in _unique_with(model, column):
            taken = {_values(row, others) for row in model.objects.filter(**{column: kept.pk})}
            found.setdefault(name, set()).update(
                row.pk for row in model.objects.filter(pk__in=keys) if _values(row, others) in taken
            )
    pair = NotTheSame.objects.filter(models.Q(person=kept) | models.Q(other=kept)).values_list(
        "pk", flat=True
    )
    for name in ("people_notthesame.person_id", "people_notthesame.other_id"):
        found[name] = found.get(name, set()) | (rows.get(name, set()) & set(pair))
    return {name: keys for name, keys in found.items() if keys}


def _unique_with(model: Any, column: str) -> Iterator[tuple[str, ...]]:
    """The other columns of each unique constraint in which the person stands."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            columns = [model._meta.get_field(name).attname for name in constraint.fields]
            if column in columns:
                yield tuple(name for name in columns if name not in {column, "service_id"})


def _values(row: Any, columns: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in columns)


# Back again ----------------------------------------------------------------------------------------------------------


def with_what_hangs_on(rows: Rows, person: Person) -> Rows:
    """The rows that still hang on the person, with what was added to them since: a talk in a pathway, hours in a place."""
    found = {name: keys & _still(name, person) for name, keys in rows.items() if name in places()}
    while added := _hanging(found, person):
        for name, keys in added.items():
            found.setdefault(name, set()).update(keys)
    return {name: keys for name, keys in found.items() if keys}


def _still(name: str, person: Person) -> set[UUID]:
    model, column = places()[name]
    return set(model.objects.filter(**{column: person.pk}).values_list("pk", flat=True))


def _hanging(rows: Rows, person: Person) -> Rows:
    """One step further: rows of the person with a link to one of `rows`, not among them yet."""
    by_model = _by_model(rows)
    everything = {key for keys in rows.values() for key in keys}
    added: Rows = {}
    for name, (model, column) in places().items():
        mine = model.objects.filter(**{column: person.pk}).exclude(pk__in=rows.get(name, ()))
        linked = models.Q(object_id__in=everything) if model is Event else models.Q(pk__in=())
        for field in _links(model):
            if keys := by_model.get(field.related_model):
                linked |= models.Q(**{f"{field.attname}__in": keys})
        if keys := set(mine.filter(linked).values_list("pk", flat=True)):
            added[name] = keys
    return added


def tied(rows: Rows, person: Person) -> bool:
    """Whether one of `rows` has come to hang on something else of the person too: then they can't be taken apart."""
    by_model = _by_model(rows)
    for name, keys in rows.items():
        model, _column = places()[name]
        for field in _links(model):
            used = model.objects.filter(pk__in=keys).exclude(**{field.attname: None})
            beside = set(used.values_list(field.attname, flat=True)) - by_model.get(
                field.related_model, set()
            )
            if beside and field.related_model.objects.filter(pk__in=beside, person_id=person.pk).exists():
                return True
    return False


def _by_model(rows: Rows) -> dict[Any, set[UUID]]:
    found: dict[Any, set[UUID]] = {}
    for name, keys in rows.items():
        found.setdefault(places()[name][0], set()).update(keys)
    return found


def _links(model: Any) -> list[Any]:
    """Links to other rows of a person."""
    bound = {other for other, column in places().values() if column == "person_id"}
    return [field for field in model._meta.local_fields if field.is_relation and field.related_model in bound]
