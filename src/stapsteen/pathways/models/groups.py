"""Pre-pathways and training: groups, their sessions, who takes part and who was there (requirement C6)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from stapsteen.core.crypto import EncryptedTextField
from stapsteen.core.dated import Dated
from stapsteen.core.scope import Scoped, ScopedForeignKey, Sensitive
from stapsteen.network.models import StaffMember
from stapsteen.people.models import Person


class Group(Scoped):
    """A pre-pathway or a training in group: motivation, attitude, social skills, Dutch, or a course (documents 001, 002)."""

    KINDS = {
        "motivation": _("Motivatie"),
        "attitude": _("Houding"),
        "social_skills": _("Sociale vaardigheden"),
        "dutch": _("Nederlands"),
        "training": _("Vorming"),
    }
    index_by = (("starts_on",),)

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=list(KINDS.items()))
    about = models.TextField(default="", blank=True)
    place = models.CharField(max_length=160, default="", blank=True)
    places = models.PositiveSmallIntegerField(default=10)
    led_by = ScopedForeignKey(StaffMember, null=True, blank=True, related_name="+")
    led_by_other = models.CharField(max_length=120, default="", blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta(Scoped.Meta):
        ordering = ("-starts_on", "name")

    def __str__(self) -> str:
        return self.name


class Session(Scoped):
    """One meeting of a group."""

    index_by = (("group_id", "day"), ("day",))

    group = ScopedForeignKey(Group, related_name="sessions")
    day = models.DateField()
    begins = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    topic = models.CharField(max_length=160, default="", blank=True)
    cancelled = models.BooleanField(default=False)

    class Meta(Scoped.Meta):
        ordering = ("day", "begins", "id")


class GroupMember(Dated, Sensitive):
    """Somebody takes part in a group, from and until; with what they got out of it, in own words."""

    open_columns = frozenset({"starts_on", "ends_on", "finished"})
    kept_after_erasure = ("starts_on", "ends_on", "finished")
    index_by = (("group_id", "starts_on"), ("person_id", "starts_on"))

    person = ScopedForeignKey(Person, related_name="group_memberships")
    group = ScopedForeignKey(Group, related_name="members")
    finished = models.BooleanField(default=False)
    learned = EncryptedTextField(null=True)


class Attendance(Sensitive):
    """Was somebody there? Never shown to who can sanction (requirement B6)."""

    ANSWERS = {"present": _("aanwezig"), "excused": _("verwittigd"), "absent": _("afwezig")}
    kept_after_erasure = ("answer",)

    person = ScopedForeignKey(Person, related_name="+")
    session = ScopedForeignKey(Session, related_name="attendances")
    member = ScopedForeignKey(GroupMember, related_name="attendances")
    answer = models.CharField(max_length=10, choices=list(ANSWERS.items()))

    class Meta(Sensitive.Meta):
        constraints = (
            models.UniqueConstraint(fields=["service", "session", "person"], name="attendance_once"),
        )
