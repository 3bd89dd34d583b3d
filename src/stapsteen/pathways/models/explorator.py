"""Explorator: all life domains together, in several sittings, until the real question is clear (document 004)."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stapsteen.core.crypto import EncryptedTextField
from stapsteen.core.scope import ScopedForeignKey, Sensitive
from stapsteen.pathways.models.pathway import Pathway
from stapsteen.people.models import Person


class Explorator(Sensitive):
    """One mapping of a life. A later one starts anew and leaves this one as it was. States: open, finished."""

    open_columns = frozenset({"state", "begun_on", "finished_on"})
    kept_after_erasure = ("begun_on", "finished_on")
    index_by = (("pathway_id", "begun_on"),)

    person = ScopedForeignKey(Person, related_name="explorators")
    pathway = ScopedForeignKey(Pathway, related_name="explorators")
    state = models.CharField(max_length=20, default="open")
    begun_on = models.DateField(default=timezone.localdate)
    finished_on = models.DateField(null=True, blank=True)
    my_question = EncryptedTextField(null=True)

    class Meta(Sensitive.Meta):
        ordering = ("-begun_on", "-id")


class ExploratorDomain(Sensitive):
    """One life domain in it: how it goes in own words and on a scale, what goes well, who helps already, the wish.

    `domain` is an id of the programme's domains. `scale`: 1 (hard) to 5 (good); None: not asked, or rather not said.
    All words are encrypted, also those of domains that aren't marked sensitive: people tell here what they tell.
    """

    SCALE = {1: _("heel moeilijk"), 2: _("moeilijk"), 3: _("gaat wel"), 4: _("goed"), 5: _("heel goed")}
    open_columns = frozenset({"domain", "spoken_on", "work_on"})
    kept_after_erasure = ("domain", "spoken_on", "work_on", "order")

    person = ScopedForeignKey(Person, related_name="+")
    explorator = ScopedForeignKey(Explorator, related_name="domains")
    domain = models.CharField(max_length=40)
    spoken_on = models.DateField(default=timezone.localdate)
    scale_sealed = EncryptedTextField(null=True)
    own_words = EncryptedTextField(null=True)
    goes_well = EncryptedTextField(null=True)
    who_helps = EncryptedTextField(null=True)
    wish = EncryptedTextField(null=True)
    work_on = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta(Sensitive.Meta):
        ordering = ("order", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["service", "explorator", "domain"], name="explorator_domain_once"
            ),
        )

    @property
    def scale(self) -> int | None:
        return int(self.scale_sealed) if self.scale_sealed else None

    @scale.setter
    def scale(self, value: int | None) -> None:
        self.scale_sealed = None if value is None else str(value)
