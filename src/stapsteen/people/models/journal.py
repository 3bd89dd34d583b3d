"""The journal and what stands in the diary: notes, appointments, and the coach's calendar feed."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stapsteen.core.crypto import EncryptedTextField
from stapsteen.core.scope import Scoped, ScopedForeignKey, Sensitive
from stapsteen.network.models import StaffMember
from stapsteen.people.models.person import Person


class Note(Sensitive):
    """A line in the person's journal: a contact, an observation, or what an import had no field for.

    `reached`: outreach goes on after intake, also when nobody opens. `sent_as`: the key under which a phone sends a
    note that was written offline, so that it comes in exactly once. `written_by` alone may correct it; nobody, when it came
    out of a file. `corrected_on`: the last time; what it said before stays in the history.
    """

    KINDS = {
        "note": _("Notitie"),
        "contact": _("Contact"),
        "visit": _("Bezoek"),
        "import": _("Uit een vroeger bestand"),
    }
    PLACES = {
        "home": _("bij de persoon thuis"),
        "office": _("op kantoor"),
        "host": _("bij de gastorganisatie"),
        "outside": _("ergens anders, buiten"),
        "phone": _("aan de telefoon"),
        "online": _("via scherm of bericht"),
    }
    index_by = (("person_id", "happened_on"),)
    open_columns = frozenset({"kind", "happened_on", "place", "reached", "minutes", "corrected_on"})
    kept_after_erasure = (
        "kind", "happened_on", "created_at", "place", "reached", "minutes", "sent_as", "corrected_on"
    )  # fmt: skip

    person = ScopedForeignKey(Person, related_name="notes")
    kind = models.CharField(max_length=10, choices=list(KINDS.items()), default="note")
    happened_on = models.DateField(default=timezone.localdate)
    place = models.CharField(max_length=10, choices=list(PLACES.items()), default="", blank=True)
    reached = models.BooleanField(default=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    text = EncryptedTextField()
    author = models.CharField(max_length=120, default="")
    written_by = ScopedForeignKey(StaffMember, null=True, blank=True, related_name="+")
    corrected_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_as = models.UUIDField(null=True, blank=True, editable=False)

    class Meta(Sensitive.Meta):
        ordering = ("-happened_on", "-id")
        constraints = (models.UniqueConstraint(fields=["service", "sent_as"], name="note_sent_once"),)


class Appointment(Sensitive):
    """A meeting to come, or that was: who with, when, where. States: people/states.py."""

    open_columns = frozenset({"state", "starts_at", "minutes", "kind", "place"})
    kept_after_erasure = ("starts_at", "minutes", "kind", "place")
    index_by = (("person_id", "starts_at"), ("staff_id", "starts_at"))

    KINDS = {
        "talk": _("Gesprek"),
        "visit": _("Bezoek"),
        "introduction": _("Kennismaking bij een gastorganisatie"),
        "evaluation": _("Evaluatie"),
        "first_time": _("Samen een eerste keer gaan"),
        "other": _("Andere afspraak"),
    }
    person = ScopedForeignKey(Person, related_name="appointments")
    staff = ScopedForeignKey(StaffMember, related_name="appointments")
    state = models.CharField(max_length=20, default="planned")
    kind = models.CharField(max_length=20, choices=list(KINDS.items()), default="talk")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=60)
    place = models.CharField(max_length=10, choices=list(Note.PLACES.items()), default="", blank=True)
    where = EncryptedTextField(null=True)
    about = EncryptedTextField(null=True)

    class Meta(Sensitive.Meta):
        ordering = ("starts_at", "id")


class CalendarFeed(Scoped):
    """The secret of a coach's calendar feed. A new one makes the former address useless."""

    staff = ScopedForeignKey(StaffMember, related_name="calendar_feeds")
    secret = models.UUIDField()
    made_at = models.DateTimeField(default=timezone.now)
    stopped_at = models.DateTimeField(null=True, blank=True)
