"""Rows full of a recognisable word, and where that word is still found in the whole database."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from uuid import uuid4

import psycopg
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.utils import timezone

from stapsteen.core.crypto import EncryptedBytesField, EncryptedTextField
from stapsteen.core.dated import Dated
from stapsteen.core.scope import Scoped
from stapsteen.core.states import MACHINES
from stapsteen.people.sealed import EncryptedListField

CANARY = "kanarievogel"


def fill(model: Any, *, word: str = CANARY, **given: Any) -> Any:
    """A row with the word in every text, made directly; links that must be there are filled the same way."""
    values = dict(given)
    for field in model._meta.local_fields:
        by_itself = field.primary_key or (field.name == "service" and issubclass(model, Scoped))
        if field.attname in values or field.name in values or by_itself:
            continue
        if field.is_relation:
            if not field.null:
                values[field.attname] = _linked(field.related_model, given, word)
        elif not field.has_default() or field.get_internal_type() in {"CharField", "TextField", "EmailField"}:
            values[field.attname] = _value(model, field, word)
    if issubclass(model, Dated):
        values["ends_on"] = values["starts_on"]
    return model.objects.create(**values)


def _linked(model: Any, given: dict[str, Any], word: str) -> Any:
    """An existing row where there is one, so that the links agree on the person."""
    found = model.objects.order_by("-pk").first()
    person = {
        key: value for key, value in given.items() if key == "person_id" and hasattr(model, "person_id")
    }
    return (found or fill(model, word=word if person else "plain", **person)).pk


def _value(model: Any, field: models.Field[Any, Any], word: str) -> Any:
    if field.attname == "state":
        return MACHINES[model._meta.label].beginnings[0]
    if isinstance(field, EncryptedBytesField):
        return word.encode()
    if isinstance(field, EncryptedListField):
        return [word]
    if isinstance(field, EncryptedTextField):
        return word
    if isinstance(field, models.JSONField):
        return {"word": word}
    if isinstance(field, ArrayField):
        return []
    if isinstance(field, models.DateTimeField):
        return timezone.now()
    if isinstance(field, models.DateField):
        return date(2025, 3, 1)
    if isinstance(field, models.TimeField):
        return time(9, 30)
    if isinstance(field, models.BooleanField):
        return True
    if isinstance(field, models.EmailField):
        return f"{word}@example.org"
    if isinstance(field, models.CharField | models.TextField):
        if field.attname in getattr(model, "kept_after_erasure", ()):
            return "code"  # declared to hold no value of the person
        return word[: field.max_length or 99]
    if isinstance(field, models.IntegerField):
        return 1
    if isinstance(field, models.FloatField):
        return 0.5
    if isinstance(field, models.UUIDField):
        return None if field.null else uuid4()
    raise TypeError(f"{field}: say what a canary looks like here")


def find_canaries(owner: psycopg.Connection[Any]) -> list[str]:
    """The tables where a row still holds the word, read as the owner who sees all rows; sealed values are opened by
    nobody here, so their tables are searched for the sealed bytes' absence in the tests of encryption."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    found = []
    for table in sorted(tables):
        row = owner.execute(
            f'SELECT count(*) FROM "{table}" t WHERE t::text ILIKE %s',  # noqa: S608 -- names of our own tables
            [f"%{CANARY[:10]}%"],
        ).fetchone()
        if row and row[0]:
            found.append(table)
    return found
