"""What there is to do at a host, what it asks, and the parts of it that ask less. No person in any of it."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stapsteen.core.scope import Shared
from stapsteen.hosts.models.organisations import Organisation, Site
from stapsteen.network.models import Municipality
from stapsteen.network.programme.schema import NT2_STEPS
from stapsteen.people.models import AVOID, SECTORS

DUTCH_SKILLS = {
    "listening": _("luisteren"),
    "speaking": _("spreken"),
    "reading": _("lezen"),
    "writing": _("schrijven"),
}
TRAVEL = {
    "foot": _("te voet"),
    "bike": _("met de fiets"),
    "transit": _("met bus, tram of trein"),
    "car": _("met de auto"),
}
"""How the place can be reached; the same codes as people.models.MOBILITY."""


class Task(Shared):
    """Something to do at a host: when, for how many, what it asks. No person in it (requirement D4).

    Dutch per skill is a step of NT2, "" asks nothing. `travel`: how one gets there; empty: not known. `once`: on
    `starts_on` alone (to `ends_on`), not every week. `confirmed_on`: the day that the host or a colleague last said that
    all of it still holds. What stands in `public_*` may be shown to everybody up to and with `published_until`.
    """

    shared_because = "tasks belong to the network"

    GUIDANCE = {"none": _("zelfstandig"), "some": _("beperkte begeleiding"), "much": _("veel begeleiding")}
    KINDS = {"volunteering": _("vrijwilligerswerk"), "care_work": _("arbeidszorg")}
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="tasks")
    site = models.ForeignKey(Site, on_delete=models.SET_NULL, null=True, blank=True, related_name="tasks")
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=list(KINDS.items()), default="volunteering")
    description = models.TextField(default="", blank=True)
    sector = models.CharField(max_length=20, choices=list(SECTORS.items()), default="other")
    half_days = models.IntegerField(default=0)
    seats = models.PositiveSmallIntegerField(default=1)
    once = models.BooleanField(default=False)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    dutch_listening = models.CharField(max_length=20, default="", blank=True)
    dutch_speaking = models.CharField(max_length=20, default="", blank=True)
    dutch_reading = models.CharField(max_length=20, default="", blank=True)
    dutch_writing = models.CharField(max_length=20, default="", blank=True)
    physical = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    allergens = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    travel = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    guidance = models.CharField(max_length=10, choices=list(GUIDANCE.items()), default="some")
    support = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    note = models.TextField(default="", blank=True)
    public_text = models.TextField(default="", blank=True)
    public_contact = models.CharField(max_length=160, default="", blank=True)
    published_until = models.DateField(null=True, blank=True)
    confirmed_on = models.DateField(default=timezone.localdate)
    closed_on = models.DateField(null=True, blank=True)

    class Meta(Shared.Meta):
        ordering = ("organisation__name", "title")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="task_period_forward",
            ),
            models.CheckConstraint(
                condition=Q(once=False) | Q(starts_on__isnull=False), name="task_once_has_day"
            ),
        )

    @property
    def town(self) -> Municipality | None:
        """Where it is done: the municipality of its site, else of its organisation."""
        where: Municipality | None = (self.site or self.organisation).municipality
        return where

    def __str__(self) -> str:
        return self.title

    def open_on(self, day: date) -> bool:
        """Not closed and not past on that day; the same rule as queries.open_tasks."""
        last = self.starts_on if self.once and self.ends_on is None else self.ends_on
        return (self.closed_on is None or self.closed_on > day) and (last is None or last >= day)

    @property
    def dutch_level(self) -> str:
        """The highest step that listening or speaking asks; "" when neither asks anything."""
        asked = [step for step in (self.dutch_listening, self.dutch_speaking) if step]
        return max(asked, key=NT2_STEPS.index, default="")

    @property
    def heavy(self) -> bool:
        return not {"lifting", "standing"}.isdisjoint(self.physical)


LIFTS = {
    **{f"dutch_{skill}": word for skill, word in DUTCH_SKILLS.items()},
    **AVOID,
}
"""Requirements that a sub-task can lift: dutch_<skill>, or a key of people.models.AVOID."""


class SubTask(Shared):
    """A part of a task for which some of its requirements fall away, so that one missing skill doesn't exclude (D4).

    Document 003: "deeltaken waarin bijvoorbeeld de kennis van het Nederlands niet zo belangrijk is".
    """

    shared_because = "part of a task of the network"

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="subtasks")
    title = models.CharField(max_length=120)
    lifts = ArrayField(models.CharField(max_length=30), default=list, blank=True)

    class Meta(Shared.Meta):
        ordering = ("task", "title", "id")
        constraints = (models.UniqueConstraint(fields=["task", "title"], name="subtask_once"),)

    def __str__(self) -> str:
        return self.title
