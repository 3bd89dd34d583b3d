"""Evaluation moments, held as a talk of three (document 001). When they are due is derived from the programme's rhythm, the
aim, the pauses and what was held (followup.queries); a row exists once a moment was planned, held or dropped."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from stapsteen.core.crypto import EncryptedTextField
from stapsteen.core.dated import Dated
from stapsteen.core.scope import ScopedForeignKey, Sensitive
from stapsteen.pathways.models import Pathway
from stapsteen.people.models import Person


class Evaluation(Sensitive):
    """One moment that answers the rhythm's `due_on`; `planned_on` when an appointment was made; once held, what was said."""

    DECISIONS = {
        "go_on": _("Doorgaan zoals nu"),
        "change": _("Iets aanpassen"),
        "other_place": _("Een andere plek zoeken"),
        "step_up": _("Klaar voor een volgende stap"),
        "end": _("Afronden"),
    }
    DROP_CODES = {
        "absent": _("De persoon kan of wil nu niet"),
        "host": _("De gastorganisatie kan nu niet"),
        "not_needed": _("Nu niet nodig"),
        "other": _("Andere reden"),
    }
    open_columns = frozenset({"state", "due_on", "planned_on", "held_on", "decision"})
    kept_after_erasure = ("due_on", "planned_on", "held_on", "decision", "reason_code")
    index_by = (("state", "due_on"), ("pathway_id", "due_on"))

    person = ScopedForeignKey(Person, related_name="evaluations")
    pathway = ScopedForeignKey(Pathway, related_name="evaluations")
    state = models.CharField(max_length=20, default="planned")
    due_on = models.DateField()
    planned_on = models.DateField(null=True, blank=True)
    held_on = models.DateField(null=True, blank=True)
    voice_person = EncryptedTextField(null=True)
    voice_host = EncryptedTextField(null=True)
    voice_coach = EncryptedTextField(null=True)
    decision = models.CharField(max_length=20, choices=list(DECISIONS.items()), default="", blank=True)
    reason_code = models.CharField(max_length=30, default="", blank=True)

    class Meta(Sensitive.Meta):
        ordering = ("due_on", "id")


class GoingOn(Dated, Sensitive):
    """Why a pathway goes on past its guideline or maximum, and when that is looked at again (requirement G4)."""

    LIMITS = {"guideline": _("de richtduur"), "maximum": _("de maximumduur")}
    open_columns = frozenset({"limit", "starts_on", "ends_on", "review_on"})
    kept_after_erasure = ("limit", "starts_on", "ends_on", "review_on")

    person = ScopedForeignKey(Person, related_name="going_on")
    pathway = ScopedForeignKey(Pathway, related_name="going_on")
    limit = models.CharField(max_length=20, choices=list(LIMITS.items()))
    reason = EncryptedTextField()
    review_on = models.DateField()

    class Meta(Sensitive.Meta):
        ordering = ("starts_on", "id")
