"""The lines that this room writes on a person's timeline."""

from django.utils.translation import gettext_lazy as _

from stapsteen.core.events import define
from stapsteen.placements.models import CANCEL_CODES, END_CODES, Signature

define("placement.proposed", _("Plek voorgesteld"), icon="building")
define("placement.started", _("Gestart op de plek"), icon="handshake")
define("placement.cancelled", _("Plek ging niet door: %(why)s"), icon="close", why=CANCEL_CODES)
define("placement.ended", _("Plek gestopt: %(why)s"), icon="stop", why=END_CODES)
define("agreement.sent", _("Afsprakennota klaar om te tekenen (versie %(version)s)"), icon="document")
define(
    "agreement.signed_by",
    _("Afsprakennota getekend door %(party)s, %(how)s"),
    icon="pencil",
    party=Signature.PARTIES,
    how=Signature.HOW,
)
define("agreement.complete", _("Afsprakennota volledig getekend (versie %(version)s)"), icon="check")
define("agreement.replaced", _("Nieuwe versie van de afsprakennota: versie %(version)s"), icon="document")
