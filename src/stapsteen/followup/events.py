"""The lines that this room writes on a person's timeline."""

from django.utils.translation import gettext_lazy as _

from stapsteen.core.events import define
from stapsteen.followup.models import Evaluation, GoingOn

define("evaluation.planned", _("Evaluatie afgesproken"), icon="calendar")
define(
    "evaluation.held", _("Evaluatie gehouden: %(decision)s"), icon="message", decision=Evaluation.DECISIONS
)
define("evaluation.dropped", _("Evaluatie vervalt: %(why)s"), icon="close", why=Evaluation.DROP_CODES)
define("pathway.goes_on", _("Gaat door voorbij %(limit)s"), icon="flag", limit=GoingOn.LIMITS)
