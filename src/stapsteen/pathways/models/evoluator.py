"""Evoluator: own axes and goals, scored together at several moments, drawn as a spider (document 004).

Any number of axes, any scale, several raters. No text of a licensed instrument is in it.
"""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stapsteen.core.crypto import EncryptedTextField
from stapsteen.core.dated import Dated
from stapsteen.core.scope import Scoped, ScopedForeignKey, Sensitive
from stapsteen.pathways.models.pathway import Pathway
from stapsteen.people.models import Appointment, Person


class AxisTemplate(Scoped):
    """Axes to begin from, imported or written by the service: a name and, per axis, its name, low and high end, domain."""

    name = models.CharField(max_length=120)
    axes = models.JSONField(default=list)
    source = models.CharField(max_length=200, default="", blank=True)
    stopped_on = models.DateField(null=True, blank=True)

    class Meta(Scoped.Meta):
        ordering = ("name", "id")


class Axis(Dated, Sensitive):
    """What the person wants to see move, in own words, from when until when it counts; from a life domain or none.

    `lowest` and `highest` are the ends of its scale; `low` and `high` say in words what they mean.
    """

    open_columns = frozenset({"domain", "order", "starts_on", "ends_on"})
    kept_after_erasure = ("domain", "order", "lowest", "highest", "starts_on", "ends_on")
    index_by = (("pathway_id", "starts_on"),)

    person = ScopedForeignKey(Person, related_name="+")
    pathway = ScopedForeignKey(Pathway, related_name="axes")
    domain = models.CharField(max_length=40, default="", blank=True)
    name = EncryptedTextField()
    low = EncryptedTextField(null=True)
    high = EncryptedTextField(null=True)
    lowest = models.PositiveSmallIntegerField(default=1)
    highest = models.PositiveSmallIntegerField(default=5)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta(Sensitive.Meta):
        ordering = ("order", "id")


class Moment(Sensitive):
    """A day on which all scored together. States: open (being filled in), closed."""

    open_columns = frozenset({"state", "held_on", "number"})
    kept_after_erasure = ("held_on", "number")
    index_by = (("pathway_id", "held_on"),)

    person = ScopedForeignKey(Person, related_name="+")
    pathway = ScopedForeignKey(Pathway, related_name="moments")
    state = models.CharField(max_length=20, default="open")
    number = models.PositiveSmallIntegerField()
    held_on = models.DateField(default=timezone.localdate)
    note = EncryptedTextField(null=True)

    class Meta(Sensitive.Meta):
        ordering = ("number", "id")
        constraints = (models.UniqueConstraint(fields=["service", "pathway", "number"], name="moment_once"),)


class Score(Sensitive):
    """What one rater gives an axis at a moment, on the axis' scale; `value_sealed` None: rather not said."""

    RATERS = {"participant": _("de persoon"), "coach": _("de begeleider"), "host": _("de gastorganisatie")}
    kept_after_erasure = ("rater",)

    person = ScopedForeignKey(Person, related_name="+")
    moment = ScopedForeignKey(Moment, related_name="scores")
    axis = ScopedForeignKey(Axis, related_name="scores")
    rater = models.CharField(max_length=12, choices=list(RATERS.items()))
    value_sealed = EncryptedTextField(null=True)
    note = EncryptedTextField(null=True)

    class Meta(Sensitive.Meta):
        constraints = (
            models.UniqueConstraint(fields=["service", "moment", "axis", "rater"], name="score_once"),
        )

    @property
    def value(self) -> int | None:
        return int(self.value_sealed) if self.value_sealed else None

    @value.setter
    def value(self, points: int | None) -> None:
        self.value_sealed = None if points is None else str(points)


class Goal(Sensitive):
    """What the person wants to reach, in own words, on an axis or beside them. States: open, reached, set_aside."""

    open_columns = frozenset({"state", "set_on", "closed_on"})
    kept_after_erasure = ("set_on", "closed_on")
    index_by = (("pathway_id", "set_on"),)

    person = ScopedForeignKey(Person, related_name="+")
    pathway = ScopedForeignKey(Pathway, related_name="goals")
    axis = ScopedForeignKey(Axis, null=True, blank=True, related_name="goals")
    state = models.CharField(max_length=20, default="open")
    text = EncryptedTextField()
    set_on = models.DateField(default=timezone.localdate)
    closed_on = models.DateField(null=True, blank=True)

    class Meta(Sensitive.Meta):
        ordering = ("set_on", "id")


class GoalAction(Sensitive):
    """Who does what by when; or somewhere to try: an offer of the social map, a course, a club, the first time together.

    States: open, done, dropped. A step on the wheel that came of it is a place on the wheel of its own.
    """

    WHO = {
        "participant": _("ik"),
        "coach": _("mijn begeleider"),
        "together": _("samen"),
        "other": _("iemand anders"),
    }
    KINDS = {"do": _("iets doen"), "try_offer": _("iets uitproberen")}
    OUTCOMES = {
        "goes_on": _("het beviel, en het gaat door"),
        "liked": _("het beviel, één keer"),
        "not_for_me": _("het was niets voor mij"),
        "not_gone": _("er niet geraakt"),
    }
    open_columns = frozenset({"state", "kind", "who", "due_on", "done_on", "outcome", "accompanied"})
    kept_after_erasure = ("kind", "who", "due_on", "done_on", "outcome", "accompanied")
    index_by = (("pathway_id", "due_on"), ("state", "due_on"))

    person = ScopedForeignKey(Person, related_name="+")
    pathway = ScopedForeignKey(Pathway, related_name="actions")
    goal = ScopedForeignKey(Goal, null=True, blank=True, related_name="actions")
    appointment = ScopedForeignKey(Appointment, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=20, default="open")
    kind = models.CharField(max_length=10, choices=list(KINDS.items()), default="do")
    text = EncryptedTextField()
    who = models.CharField(max_length=12, choices=list(WHO.items()), default="together")
    who_else = models.CharField(max_length=120, default="", blank=True)
    offer = models.CharField(max_length=160, default="", blank=True)
    accompanied = models.BooleanField(default=False)
    due_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=list(OUTCOMES.items()), default="", blank=True)
    outcome_note = EncryptedTextField(null=True)

    class Meta(Sensitive.Meta):
        ordering = ("due_on", "id")
