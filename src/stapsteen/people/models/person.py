"""Persons of one service, their addresses, sensitive facts and notes."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stapsteen.core.crypto import EncryptedTextField
from stapsteen.core.dated import Dated
from stapsteen.core.scope import ScopedForeignKey, Sensitive
from stapsteen.network.models import Municipality, User
from stapsteen.people.sealed import EncryptedListField

REACH = {
    "call": _("bellen"),
    "sms": _("sms"),
    "mail": _("e-mail"),
    "letter": _("brief"),
    "helper": _("via een helper"),
}
DUTCH_LEVELS = {
    "0": _("geen"),
    "1.1": _("1.1 (A1)"),
    "1.2": _("1.2 (A2)"),
    "2": _("2 (B1)"),
    "3": _("3 (B2)"),
    "4": _("4 (C1)"),
    "native": _("moedertaal"),
    "unknown": _("nog niet gekend"),
}
"""Steps of Dutch as a second language (network/programme/schema.py), and two words beside them."""
COMPANY = {
    "alone": _("liefst alleen"),
    "peers": _("met mensen die hetzelfde meemaakten"),
    "mixed": _("in een gemengde groep"),
    "any": _("maakt niet uit"),
}
MOBILITY = {
    "foot": _("te voet"),
    "bike": _("met de fiets"),
    "transit": _("met bus, tram of trein"),
    "car": _("met de auto"),
    "company": _("alleen als er iemand meegaat"),
}
SUPPORT = {
    "language": _("hulp met de taal"),
    "closeness": _("iemand die dichtbij blijft"),
    "structure": _("vaste uren en vaste taken"),
    "explaining": _("taken stap voor stap tonen"),
    "rest": _("rustige plek en rustig tempo"),
    "start": _("langer samen opstarten"),
    "physical": _("lichter lichamelijk werk"),
}
"""Which support somebody needs at a place; the same words say what a host can give (requirements C1 and D3). Never
origin, religion or another protected ground."""
SECTORS = {
    "social": _("Sociaal"),
    "technical": _("Techniek"),
    "catering": _("Horeca"),
    "animals": _("Dieren"),
    "administration": _("Administratie en onthaal"),
    "environment": _("Milieu"),
    "care": _("Zorg"),
    "culture": _("Cultuur en vrije tijd"),
    "other": _("Andere"),
}
"""Kinds of work: what a person wishes and what a task is."""
PHYSICAL = {
    "lifting": _("tillen"),
    "standing": _("lang staan"),
    "walking": _("veel stappen"),
    "stairs": _("trappen doen"),
    "outdoors": _("buiten werken, ook bij slecht weer"),
    "hands": _("fijn werk met de handen"),
}
ALLERGENS = {
    "dust": _("stof"),
    "pollen": _("gras en pollen"),
    "animals": _("dieren"),
    "food": _("noten, gluten of melk"),
    "cleaning": _("poetsproducten"),
    "latex": _("latex"),
}
AVOID = {**PHYSICAL, **{f"allergen_{code}": word for code, word in ALLERGENS.items()}}
"""What can't be at somebody's place, in the words in which a task says what it asks (requirement D4). Never why."""
ERASE_REASONS = {
    "asked": _("De persoon vraagt het"),
    "retention": _("De bewaartermijn is voorbij"),
    "mistake": _("Per vergissing ingevoerd"),
    "duplicate": _("Staat twee keer in de lijst"),
}


class Person(Sensitive):
    """Someone who is guided, or was referred. Surname, address and exact birth date may be missing (year only)."""

    subject_field = "pk"
    open_columns = frozenset({"erased_at", "created_at"})
    kept_after_erasure = ("erased_at", "created_at", "half_days", "mobility", "sectors", "support")
    index_by = (("last_name", "first_name"), ("birth_date",))

    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80, default="", blank=True)
    birth_date = models.DateField(null=True, blank=True)
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    phone = models.CharField(max_length=40, default="", blank=True)
    email = models.EmailField(default="", blank=True)
    language = models.CharField(max_length=40, default="", blank=True)
    dutch_listening = models.CharField(max_length=20, default="", blank=True)
    dutch_speaking = models.CharField(max_length=20, default="", blank=True)
    dutch_reading = models.CharField(max_length=20, default="", blank=True)
    dutch_writing = models.CharField(max_length=20, default="", blank=True)
    reach_by = models.CharField(max_length=10, choices=list(REACH.items()), default="call")
    interpreter = models.CharField(max_length=40, default="", blank=True)
    half_days = models.IntegerField(default=0)
    interests = models.TextField(default="", blank=True)
    talents = models.TextField(default="", blank=True)
    wishes = models.TextField(default="", blank=True)
    sectors = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    own_experience = EncryptedTextField(null=True)
    company = models.CharField(max_length=10, choices=list(COMPANY.items()), default="", blank=True)
    mobility = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    travel_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    attention_points = EncryptedTextField(null=True)
    no_gos = EncryptedTextField(null=True)
    avoid = EncryptedListField(null=True)
    support = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    support_note = EncryptedTextField(null=True)
    insz = EncryptedTextField(null=True)
    insz_index = models.CharField(max_length=64, default="", blank=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    erased_at = models.DateTimeField(null=True, editable=False)
    merged_into = ScopedForeignKey("self", null=True, blank=True, related_name="merged")

    class Meta(Sensitive.Meta):
        ordering = ("last_name", "first_name")

    def __str__(self) -> str:
        if self.erased_at:
            return str(_("Gewiste persoon"))
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def initial_name(self) -> str:
        """First name and initial: what a host sees."""
        return f"{self.first_name} {self.last_name[:1]}.".strip() if self.last_name else self.first_name

    @property
    def avoids(self) -> frozenset[str]:
        """Keys of AVOID; whoever may read no_gos may read these."""
        return frozenset(self.avoid or ())

    def age_on(self, day: date) -> int | None:
        """Full years on that day; None when only the year or nothing is known."""
        if self.birth_date is None:
            return None
        before = (day.month, day.day) < (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - before


class Address(Dated, Sensitive):
    """Where the person really lives, from and until: what counts for every service's region."""

    person = ScopedForeignKey(Person, related_name="addresses")
    street = models.CharField(max_length=160, default="", blank=True)
    postal_code = models.CharField(max_length=10, default="", blank=True)
    town = models.CharField(max_length=80, default="", blank=True)
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    kept_after_erasure = ("starts_on", "ends_on")


class SensitiveFact(Dated, Sensitive):
    """Health, addiction, criminal record, residence, a referrer that tells too much: encrypted, each with its purpose.

    GDPR articles 9 and 10; who may read which kind stands in people/access.py.
    """

    KINDS = {
        "health": _("Gezondheid"),
        "addiction": _("Verslaving"),
        "criminal_record": _("Strafblad"),
        "residence": _("Verblijf"),
        "referrer": _("Doorverwijzer"),
        "attention": _("Aandachtspunt"),
    }
    person = ScopedForeignKey(Person, related_name="sensitive_facts")
    kind = models.CharField(max_length=20, choices=list(KINDS.items()))
    text = EncryptedTextField()
    purpose = models.CharField(max_length=200)
    recorded_by = models.CharField(max_length=60, default="")
    kept_after_erasure = ("starts_on", "ends_on", "kind")
