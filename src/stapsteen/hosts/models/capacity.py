"""What a host can carry, what it said no to, and how often it was asked. No person in any of it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stapsteen.core.dated import Dated
from stapsteen.core.scope import Shared
from stapsteen.hosts.models.organisations import Organisation
from stapsteen.hosts.models.tasks import Task
from stapsteen.people.models import SUPPORT


class GuidanceCapacity(Dated, Shared):
    """How many people with guidance the host can carry at once; its own statement, dated (requirement D3)."""

    WAYS = {"talk": _("in een gesprek"), "link": _("zelf, via de link")}
    shared_because = "used by all services of the network; no person in it"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="capacities")
    places = models.PositiveSmallIntegerField()
    paused = models.BooleanField(default=False)
    note = models.CharField(max_length=200, default="", blank=True)
    said_by = models.CharField(max_length=10, choices=list(WAYS.items()), default="talk")

    @property
    def limits(self) -> dict[str, int]:
        """Kind of support -> how many people at once; prefetch `supports` for more than one statement."""
        return {row.kind: row.places for row in self.supports.all()}


class SupportPlaces(Shared):
    """Within one statement: how many people who need this support at once; 0 is a no to that support (D3).

    A kind that isn't here wasn't spoken about: then a talk comes first. `kind` is a key of people.models.SUPPORT, the
    same words in which a person's need is said; never origin, religion or another protected ground.
    """

    shared_because = "part of an organisation's statement; no person in it"

    statement = models.ForeignKey(GuidanceCapacity, on_delete=models.CASCADE, related_name="supports")
    kind = models.CharField(max_length=20, choices=list(SUPPORT.items()))
    places = models.PositiveSmallIntegerField()

    class Meta(Shared.Meta):
        ordering = ("statement", "kind")
        constraints = (models.UniqueConstraint(fields=["statement", "kind"], name="support_said_once"),)


class CapacityUse(Dated, Shared):
    """An anonymous use of a host's guidance: every service of the network can sum it, nobody learns who it is."""

    shared_because = "anonymous: host, task, weight, support, from and until"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="uses")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, related_name="uses")
    weight = models.PositiveSmallIntegerField(default=1)
    support = ArrayField(models.CharField(max_length=20), default=list, blank=True)


class Refusal(Dated, Shared):
    """A host's "no" that holds for everybody: to all, to one support, or for one task. It ends the matter (document 003).

    No proposal passes by it; only the host takes it back. A "no" for one person is a PersonNo, inside the service.
    Why isn't asked: a reason about a protected ground must not be written down.
    """

    shared_because = "what an organisation said to the network; no person in it"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="refusals")
    task = models.ForeignKey(Task, on_delete=models.CASCADE, null=True, blank=True, related_name="refusals")
    support = models.CharField(max_length=20, choices=list(SUPPORT.items()), default="", blank=True)

    class Meta(Shared.Meta):
        ordering = ("-starts_on", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "task", "support"],
                condition=Q(ends_on=None),
                nulls_distinct=False,
                name="refusal_once",
            ),
        )


class HostAsk(Shared):
    """That the network asked something of a host on a day: counted per month, so that nobody is asked too often (D3)."""

    ABOUT = {
        "capacity": _("of de draagkracht en de taken nog kloppen"),
        "person": _("of er plaats is voor iemand"),
        "task": _("of er een taak kan komen"),
    }
    shared_because = "anonymous: host, day and what it was about; summed over all services"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="asks")
    about = models.CharField(max_length=10, choices=list(ABOUT.items()))
    asked_on = models.DateField(default=timezone.localdate)

    class Meta(Shared.Meta):
        ordering = ("-asked_on", "-id")
        indexes = (models.Index(fields=["organisation", "asked_on"], name="asks_of_a_month"),)
