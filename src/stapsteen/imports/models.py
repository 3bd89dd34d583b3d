"""Imports of a service's own spreadsheet: one run per file, what it made, and what could not be read."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from stapsteen.core.models import StoredFile
from stapsteen.core.scope import Scoped, ScopedForeignKey
from stapsteen.people.models import Person


class ImportRun(Scoped):
    """Uploaded, recognised, previewed, imported. The source file is deleted once the run is finished."""

    file = ScopedForeignKey(StoredFile, null=True, related_name="+", on_delete=models.SET_NULL)
    leftovers = ScopedForeignKey(StoredFile, null=True, related_name="+", on_delete=models.SET_NULL)
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=20, default="uploaded")
    mapping = models.JSONField(default=dict)
    decisions = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    progress = models.PositiveSmallIntegerField(default=0)
    refusal = models.CharField(max_length=300, default="", blank=True)
    started_by = models.CharField(max_length=60, default="")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta(Scoped.Meta):
        ordering = ("-created_at",)


class SavedMapping(Scoped):
    """How this service corrected the recognition of its own headings; used again for the next file."""

    fingerprint = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)

    class Meta(Scoped.Meta):
        constraints = (models.UniqueConstraint(fields=["service", "fingerprint"], name="mapping_once"),)


class ImportedRow(Scoped):
    """That a row was imported before: its fingerprint (a keyed hash) and what it became."""

    run = ScopedForeignKey(ImportRun, related_name="rows")
    fingerprint = models.CharField(max_length=64)
    kind = models.CharField(max_length=20)
    record_id = models.UUIDField(null=True)
    person = ScopedForeignKey(Person, null=True, related_name="+")
    kept_after_erasure = ("kind", "record_id")

    class Meta(Scoped.Meta):
        constraints = (models.UniqueConstraint(fields=["service", "kind", "fingerprint"], name="row_once"),)
