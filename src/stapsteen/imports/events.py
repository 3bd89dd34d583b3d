"""What an import adds to a person's timeline, beside the lines of the actions it calls."""

from django.utils.translation import gettext_lazy as _

from stapsteen.core.events import define

define(
    "imports.hours",
    _("Uren uit een vroeger bestand: %(hours)s uur, van %(first)s tot %(last)s"),
    icon="clock",
)
