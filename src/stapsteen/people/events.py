"""The lines that this room writes on a person's timeline."""

from django.utils.translation import gettext_lazy as _

from stapsteen.core.events import define
from stapsteen.people.models import Consent, Note, SensitiveFact

define("person.added", _("Gegevens voor het eerst genoteerd"), icon="person")
define("person.updated", _("Gegevens aangepast"), icon="pencil")
define("person.moved", _("Nieuw adres"), icon="home")
define("person.note", _("%(what)s toegevoegd"), icon="message", what=Note.KINDS)
define(
    "person.sensitive_fact", _("Gevoelig gegeven genoteerd (%(what)s)"), icon="lock", what=SensitiveFact.KINDS
)
define("person.consent", _("Toestemming gegeven: %(what)s"), icon="check", what=Consent.PURPOSES)
define(
    "person.consent_withdrawn", _("Toestemming ingetrokken: %(what)s"), icon="close", what=Consent.PURPOSES
)
