"""Partner experts who are asked along on one person, and what the funder counts (requirements A5 and C7)."""

from __future__ import annotations

import json

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stapsteen.core.crypto import EncryptedTextField
from stapsteen.core.dated import Dated
from stapsteen.core.scope import ScopedForeignKey, Sensitive
from stapsteen.network.models import StaffMember
from stapsteen.pathways.models.pathway import Pathway
from stapsteen.people.models import Consent, Person


class ExpertRequest(Dated, Sensitive):
    """A partner's expert is asked along, with the person's consent, for a period and for named parts only.

    States: asked, accepted, declined, ended. The expert sees `parts` while the consent and the period hold, nothing more.
    Never an expert of an organisation that can sanction (requirement B6).
    """

    PARTS = {
        "profile": _("wie het is, talenten en wensen"),
        "dutch": _("Nederlands per vaardigheid"),
        "wheel": _("het participatiewiel"),
        "goals": _("doelen en acties"),
        "explorator": _("de kaart van het leven (Explorator)"),
        "spider": _("het spindiagram (Evoluator)"),
    }
    open_columns = frozenset({"state", "starts_on", "ends_on"})
    kept_after_erasure = ("starts_on", "ends_on", "parts", "asked_at")
    index_by = (("expert_id", "starts_on"), ("person_id", "starts_on"))

    person = ScopedForeignKey(Person, related_name="expert_requests")
    pathway = ScopedForeignKey(Pathway, related_name="expert_requests")
    expert = ScopedForeignKey(StaffMember, related_name="expert_requests")
    asked_by = ScopedForeignKey(StaffMember, null=True, related_name="+")
    consent = ScopedForeignKey(Consent, related_name="+")
    state = models.CharField(max_length=20, default="asked")
    question = EncryptedTextField()
    parts = ArrayField(models.CharField(max_length=20), default=list)
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta(Sensitive.Meta):
        ordering = ("-starts_on", "-id")


class ExpertAdvice(Sensitive):
    """What an expert gives: advice, or a package of tasks that would fit (Huis van het Nederlands does; document 001)."""

    KINDS = {"advice": _("advies"), "task_package": _("voorstel van een takenpakket")}
    open_columns = frozenset({"kind", "at"})
    kept_after_erasure = ("kind", "at")

    person = ScopedForeignKey(Person, related_name="+")
    request = ScopedForeignKey(ExpertRequest, related_name="advices")
    kind = models.CharField(max_length=20, choices=list(KINDS.items()))
    text = EncryptedTextField()
    author = models.CharField(max_length=120, default="")
    at = models.DateTimeField(default=timezone.now)

    class Meta(Sensitive.Meta):
        ordering = ("at", "id")


class FunderRecord(Sensitive):
    """What the funder counts at the start of a pathway (ESF+), each with "not said"; frozen, then only for reports.

    States: open, frozen. Source of the fields: Regulation (EU) 2021/1057, annex I; keys in pathways/funder.py.
    """

    open_columns = frozenset({"state", "frozen_at"})
    kept_after_erasure = ("frozen_at",)

    person = ScopedForeignKey(Person, related_name="+")
    pathway = ScopedForeignKey(Pathway, related_name="funder_records")
    state = models.CharField(max_length=20, default="open")
    answers_sealed = EncryptedTextField(null=True)
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta(Sensitive.Meta):
        constraints = (models.UniqueConstraint(fields=["service", "pathway"], name="funder_record_once"),)

    @property
    def answers(self) -> dict[str, str]:
        """Field -> chosen key; a field that isn't there is still missing."""
        return json.loads(self.answers_sealed) if self.answers_sealed else {}

    @answers.setter
    def answers(self, given: dict[str, str]) -> None:
        self.answers_sealed = json.dumps(given)
