"""What the guarantees keep: read log and its seals, history, events, keys, files, mails, erasures."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from stapsteen.core.crypto import EncryptedBytesField
from stapsteen.core.scope import Scoped, Sensitive, Shared


class TransactionId(models.Field):  # type: ignore[type-arg]
    """PostgreSQL's xid8, filled in by the database: which transaction wrote the row."""

    def db_type(self, connection: Any) -> str:
        return "xid8"


class ReadEntry(Scoped):
    """One page, export or job that showed persons: who, in which capacity, why, and whose records (ids only)."""

    append_only = True
    index_by = (("at",),)

    at = models.DateTimeField(db_default=Now())
    tx = TransactionId(db_default=models.Func(function="pg_current_xact_id"), editable=False)
    actor = models.TextField()
    capacity = models.TextField()
    purpose = models.TextField()
    subjects = ArrayField(models.UUIDField())
    records = ArrayField(models.TextField())


class ReadSeal(Scoped):
    """The hash chain over the read log, one link per entry, made by a job after the entries are committed."""

    append_only = True
    sequence = models.BigIntegerField()
    entry_id = models.UUIDField()
    digest = models.BinaryField(max_length=32)

    class Meta(Scoped.Meta):
        constraints = (
            models.UniqueConstraint(fields=["service", "sequence"], name="read_seal_sequence"),
            models.UniqueConstraint(fields=["service", "entry_id"], name="read_seal_entry"),
        )


class History(Sensitive):
    """What a row was before a change; written by trigger only. `old` holds the changed columns' old values."""

    subject_field = "row_id"
    append_only = True
    index_by = (("table", "row_id"),)

    table = models.TextField()
    row_id = models.UUIDField()
    action = models.TextField()
    at = models.DateTimeField()
    actor = models.TextField()
    why = models.TextField()
    old = models.JSONField(encoder=DjangoJSONEncoder)


class SharedHistory(Shared):
    """The same for tables without persons (organisations, tasks, services)."""

    shared_because = "changes of shared rows; these hold no person"

    table = models.TextField()
    row_id = models.UUIDField()
    action = models.TextField()
    at = models.DateTimeField()
    actor = models.TextField()
    why = models.TextField()
    old = models.JSONField(encoder=DjangoJSONEncoder)


class Event(Sensitive):
    """A line on a person's timeline: a code with parameters that are codes, numbers, dates or ids: never text."""

    subject_field = "subject_id"
    open_columns = frozenset({"kind", "happened_on", "at"})
    kept_after_erasure = ("subject_id", "kind", "happened_on", "at", "actor", "object_id")
    append_only = True
    index_by = (("subject_id", "happened_on"), ("kind", "happened_on"))

    subject_id = models.UUIDField()
    kind = models.TextField()
    happened_on = models.DateField()
    at = models.DateTimeField(default=timezone.now)
    actor = models.TextField()
    object_id = models.UUIDField(null=True)
    details = models.JSONField(default=dict, encoder=DjangoJSONEncoder)


class ServiceKey(Scoped):
    """The key that encrypts one service's sensitive fields, itself wrapped by the installation's master key."""

    append_only = True
    number = models.PositiveIntegerField()
    wrapped = models.BinaryField()

    class Meta(Scoped.Meta):
        constraints = (models.UniqueConstraint(fields=["service", "number"], name="service_key_number"),)


class StoredFile(Scoped):
    """A file kept encrypted in the database: one thing to back up, one place to erase."""

    index_by = (("subject_id",),)
    name = models.TextField()
    content_type = models.TextField()
    content = EncryptedBytesField()
    subject_id = models.UUIDField(null=True)
    delete_on = models.DateField(null=True)
    created_at = models.DateTimeField(default=timezone.now)


class OutgoingMail(Shared):
    """A mail that waits for the worker or was sent; it says that there is something to read, never about whom."""

    shared_because = "sent after commit for all services at once; holds an address and a link, no name"

    to = models.EmailField()
    subject = models.TextField()
    body = models.TextField()
    subject_id = models.UUIDField(null=True)
    language = models.CharField(max_length=2, default="nl")
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    failed = models.TextField(default="")

    class Meta(Shared.Meta):
        indexes = (models.Index(fields=["sent_at", "created_at"], name="mail_waiting"),)


class Attempt(Shared):
    """One attempt on a page for everyone (core.limits). `who` is a keyed hash, gone after a day."""

    shared_because = "counted before a user is known; a hash of an address under a key of the day, no person"

    who = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta(Shared.Meta):
        indexes = (models.Index(fields=["who", "at"], name="attempt_counted"),)


class SentForm(Scoped):
    """That a form was answered, and where that led to: the same form again isn't done twice (core/resend.py)."""

    index_by = (("at",),)
    key = models.CharField(max_length=64)
    location = models.TextField(default="")
    at = models.DateTimeField(default=timezone.now)

    class Meta(Scoped.Meta):
        constraints = (models.UniqueConstraint(fields=["service", "key"], name="sent_form_once"),)


class Erasure(Scoped):
    """That a person was erased: id, when, by whom, why as a code. A restored backup replays these."""

    append_only = True
    subject_id = models.UUIDField()
    at = models.DateTimeField()
    actor = models.TextField()
    reason = models.TextField()
