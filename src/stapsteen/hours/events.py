"""What a month of hours adds to a person's timeline."""

from django.utils.translation import gettext_lazy as _

from stapsteen.core.events import define

define("hours.entered", _("Uren van %(month)s ingevuld: %(hours)s uur"), icon="clock")
define("hours.confirmed", _("Uren van %(month)s bevestigd: %(hours)s uur"), icon="check")
define("hours.corrected", _("Uren van %(day)s verbeterd: %(hours)s uur erbij of eraf"), icon="pencil")
define("hours.sent_back", _("Uren van %(month)s opnieuw gevraagd"), icon="clock")
define("hours.call_asked", _("De gastorganisatie vroeg om te bellen"), icon="phone")
define("hours.call_done", _("Gebeld met de gastorganisatie"), icon="phone")
