"""The lines that this room writes on a person's timeline."""

from django.utils.translation import gettext_lazy as _

from stapsteen.core.events import define
from stapsteen.people.models import Appointment, Consent, Note, SensitiveFact, Status, Supporter

define("person.added", _("Gegevens voor het eerst genoteerd"), icon="person")
define("person.updated", _("Gegevens aangepast"), icon="pencil")
define("person.moved", _("Nieuw adres"), icon="home")
define("person.note", _("%(what)s toegevoegd"), icon="message", what=Note.KINDS)
define("person.note_corrected", _("%(what)s verbeterd"), icon="pencil", what=Note.KINDS)
define(
    "person.sensitive_fact", _("Gevoelig gegeven genoteerd (%(what)s)"), icon="lock", what=SensitiveFact.KINDS
)
define("person.merged", _("Samengevoegd met een dubbele fiche"), icon="people")
define("person.unmerged", _("Samenvoeging ongedaan gemaakt"), icon="swap")
define("person.consent", _("Toestemming gegeven: %(what)s"), icon="check", what=Consent.PURPOSES)
define(
    "person.consent_withdrawn", _("Toestemming ingetrokken: %(what)s"), icon="close", what=Consent.PURPOSES
)
define("person.status", _("Status genoteerd: %(what)s"), icon="clipboard", what=Status.AREAS)
define("person.status_ended", _("Status afgesloten: %(what)s"), icon="clipboard", what=Status.AREAS)
define(
    "person.supporter", _("Iemand rond de persoon genoteerd: %(what)s"), icon="people", what=Supporter.KINDS
)
define(
    "person.supporter_ended", _("Niet meer rond de persoon: %(what)s"), icon="people", what=Supporter.KINDS
)
define("person.appointment", _("Afspraak gemaakt: %(what)s"), icon="calendar", what=Appointment.KINDS)
define(
    "person.appointment_moved", _("Afspraak verplaatst: %(what)s"), icon="calendar", what=Appointment.KINDS
)
define("person.appointment_held", _("Afspraak ging door: %(what)s"), icon="check", what=Appointment.KINDS)
define("person.appointment_missed", _("Niet gekomen: %(what)s"), icon="calendar", what=Appointment.KINDS)
define("person.appointment_cancelled", _("Afspraak afgezegd: %(what)s"), icon="close", what=Appointment.KINDS)
define("person.attempt", _("Geprobeerd, niet bereikt (%(what)s)"), icon="phone", what=Note.KINDS)
define("person.card_printed", _("Kaart afgedrukt"), icon="print")
define("person.card_stopped", _("Kaart gestopt"), icon="lock")
