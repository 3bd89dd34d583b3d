"""What is known of the person's situation and of the people around: statuses and supporters, both dated."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from stapsteen.core.crypto import EncryptedTextField
from stapsteen.core.dated import Dated
from stapsteen.core.scope import ScopedForeignKey, Sensitive
from stapsteen.people.models.person import Person


class Status(Dated, Sensitive):
    """Benefit, residence or work, from and until: each change alters what must be told to whom before volunteering.

    `value` is a key of people/statuses.py, encrypted: a residence status is in the locked compartment, and the others
    say enough to be kept as carefully. What follows from each stands there too, with its source.
    """

    AREAS = {"benefit": _("Uitkering of inkomen"), "residence": _("Verblijf"), "work": _("Werk")}
    open_columns = frozenset({"area", "starts_on", "ends_on"})
    kept_after_erasure = ("area", "starts_on", "ends_on")
    index_by = (("person_id", "area", "starts_on"),)

    person = ScopedForeignKey(Person, related_name="statuses")
    area = models.CharField(max_length=10, choices=list(AREAS.items()))
    value = EncryptedTextField()
    note = EncryptedTextField(null=True)


class Supporter(Dated, Sensitive):
    """Someone around the person: representative, budget manager, helper, family; and whether we may call."""

    KINDS = {
        "representative": _("Bewindvoerder of vertegenwoordiger"),
        "budget_manager": _("Budgetbeheerder"),
        "professional": _("Hulpverlener"),
        "family": _("Familie"),
        "friend": _("Vriend of buur"),
        "volunteer": _("Vrijwilliger of buddy"),
    }
    MAY_CALL = {"yes": _("ja"), "ask": _("eerst vragen"), "no": _("nee")}
    kept_after_erasure = ("starts_on", "ends_on", "kind", "may_call")
    index_by = (("person_id", "starts_on"),)

    person = ScopedForeignKey(Person, related_name="supporters")
    kind = models.CharField(max_length=20, choices=list(KINDS.items()))
    name = models.CharField(max_length=120)
    organisation = models.CharField(max_length=120, default="", blank=True)
    phone = models.CharField(max_length=40, default="", blank=True)
    email = models.EmailField(default="", blank=True)
    may_call = models.CharField(max_length=5, choices=list(MAY_CALL.items()), default="ask")
    helps_with = EncryptedTextField(null=True)

    class Meta(Sensitive.Meta):
        ordering = ("kind", "name", "id")
