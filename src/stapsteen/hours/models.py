"""Hours: a sheet per host and month, filled in by the host, confirmed by the coach. Lines are append-only."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stapsteen.core.crypto import EncryptedTextField
from stapsteen.core.scope import Scoped, ScopedForeignKey, Sensitive
from stapsteen.hosts.models import Host
from stapsteen.network.models import StaffMember
from stapsteen.people.models import Person
from stapsteen.placements.models import Placement


class Timesheet(Scoped):
    """One host, one month, the people of one coach. `month` is its first day. The host sees all its sheets as one page.

    `remark` is the last word on the sheet as a whole: why the coach sent it back, or what the host added.
    """

    index_by = (("month", "state"),)
    host = ScopedForeignKey(Host, related_name="timesheets")
    coach = ScopedForeignKey(StaffMember, related_name="timesheets")
    month = models.DateField()
    state = models.CharField(max_length=20, default="open")
    asked_on = models.DateField(null=True, blank=True)
    reminded_on = models.DateField(null=True, blank=True)
    entered_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    remark = EncryptedTextField(null=True)

    class Meta(Scoped.Meta):
        ordering = ("-month",)
        constraints = (
            models.UniqueConstraint(fields=["service", "host", "coach", "month"], name="sheet_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="sheet_month_is_first_day"),
        )


class SheetPerson(Sensitive):
    """Someone on a sheet. `answered_at`: the host said how the month went, even when nobody came.

    `call_asked_at`: the host asks the coach to phone about this person, until the coach has done it.
    """

    open_columns = frozenset({"month", "answered_at", "call_asked_at"})
    kept_after_erasure = ("month", "answered_at", "call_asked_at")
    index_by = (("timesheet_id",), ("call_asked_at",))

    person = ScopedForeignKey(Person, related_name="+")
    placement = ScopedForeignKey(Placement, related_name="sheet_people")
    timesheet = ScopedForeignKey(Timesheet, related_name="people")
    month = models.DateField()
    answered_at = models.DateTimeField(null=True, blank=True)
    call_asked_at = models.DateTimeField(null=True, blank=True)
    remark = EncryptedTextField(null=True)

    class Meta(Sensitive.Meta):
        constraints = (
            models.UniqueConstraint(fields=["service", "placement", "month"], name="placement_once_a_month"),
        )


class HourLine(Sensitive):
    """Minutes on a day (or, from an old file, over a month). A correction is a new line that may be negative.

    Sums over (placement, day) are what counts; nothing is ever overwritten.
    """

    SOURCES = {"host": _("gastorganisatie"), "coach": _("begeleider"), "import": _("vroeger bestand")}
    append_only = True
    open_columns = frozenset({"day", "month", "minutes", "source", "is_month_total", "created_at"})
    kept_after_erasure = ("day", "month", "minutes", "source", "is_month_total", "created_at", "entered_by")
    index_by = (("month",), ("placement_id", "month"))

    person = ScopedForeignKey(Person, related_name="+")
    placement = ScopedForeignKey(Placement, null=True, related_name="hour_lines")
    timesheet = ScopedForeignKey(Timesheet, null=True, related_name="lines")
    month = models.DateField()
    day = models.DateField(null=True)
    is_month_total = models.BooleanField(default=False)
    minutes = models.IntegerField()
    source = models.CharField(max_length=10, choices=list(SOURCES.items()))
    corrects = ScopedForeignKey("self", null=True, related_name="+")
    entered_by = models.CharField(max_length=120, default="")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta(Sensitive.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(is_month_total=True) | Q(day__isnull=False), name="line_has_day"
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=-24 * 60 * 31) & Q(minutes__lte=24 * 60 * 31), name="line_size"
            ),
        )
