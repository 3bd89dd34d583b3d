"""Imports of a service's own spreadsheet: one run per file, what it made, and what could not be read.

Values of persons stand nowhere in these tables: the source file, the work file (preview and answers) and the
leftovers are encrypted files (core.StoredFile) that are deleted when the run is done, or after KEEP_DAYS.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from stapsteen.core.models import StoredFile
from stapsteen.core.scope import Scoped, ScopedForeignKey
from stapsteen.people.models import Person

KEEP_DAYS = 30


class ImportRun(Scoped):
    """Uploaded, recognised, previewed, imported. Its files are deleted once the run is finished.

    `mapping`: {sheet: {"kind", "columns": {index: field or None}, "year"}}, what the user corrected in this file.
    `counts`: {"sheets": [...], "totals": {...}, "will": {...}, "made": {...}}, numbers only.
    `options`: {"coach", "programme", "without_start"}, how to import. `progress` is 0 to 100 of the job that runs.
    `failure`: why the last attempt to import was undone; the row is named, its values are not.
    """

    index_by = (("created_at",),)

    file = ScopedForeignKey(StoredFile, null=True, related_name="+", on_delete=models.SET_NULL)
    work = ScopedForeignKey(StoredFile, null=True, related_name="+", on_delete=models.SET_NULL)
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=20, default="uploaded")
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    progress = models.PositiveSmallIntegerField(default=0)
    refusal = models.CharField(max_length=300, default="", blank=True)
    failure = models.CharField(max_length=500, default="", blank=True)
    started_by = models.CharField(max_length=120, default="")
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta(Scoped.Meta):
        ordering = ("-created_at",)


class SavedMapping(Scoped):
    """How this service corrected the recognition of its own headings; used again for the next file."""

    fingerprint = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta(Scoped.Meta):
        constraints = (models.UniqueConstraint(fields=["service", "fingerprint"], name="mapping_once"),)


class ImportedRow(Scoped):
    """That a row was imported before: its fingerprint (a keyed hash) and what it became.

    Erasing a person clears the fingerprints, so that nobody can find out that the person stood in a file.
    """

    run = ScopedForeignKey(ImportRun, related_name="rows")
    fingerprint = models.CharField(max_length=64)
    kind = models.CharField(max_length=20)
    record_id = models.UUIDField(null=True)
    person = ScopedForeignKey(Person, null=True, related_name="+")
    kept_after_erasure = ("kind", "record_id")

    class Meta(Scoped.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=["service", "kind", "fingerprint"], condition=~Q(fingerprint=""), name="row_once"
            ),
        )
