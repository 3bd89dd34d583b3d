"""The lines that this room writes on a person's timeline."""

from django.utils.translation import gettext_lazy as _

from stapsteen.core.events import define
from stapsteen.matching.models import REFUSE_CODES

define("proposal.refused", _("Voorstel voor een plek geweigerd: %(why)s"), icon="close", why=REFUSE_CODES)
define("proposal.reopened", _("Weigering van het voorstel teruggenomen"), icon="path")
define("search.objected", _("Wil niet dat een programma meezoekt naar een plek"), icon="close")
define("search.wanted_again", _("Het programma mag weer meezoeken naar een plek"), icon="check")
define(
    "proposal.passed",
    _("Andere plek gekozen dan de eerste van de lijst: %(why)s"),
    icon="arrow-right",
    why=REFUSE_CODES,
)
