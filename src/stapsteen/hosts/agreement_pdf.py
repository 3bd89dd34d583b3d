"""The agreement between service and host, in words: on the page and as a PDF (requirement D2).

What stands in it was frozen when it was drawn up (`HostAgreement.content`); only the signature comes later.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from django.utils.translation import gettext as _

from stapsteen.core import pdf
from stapsteen.hosts.models import HostAgreement


def render_host_agreement(agreement: HostAgreement, lang: str = "nl") -> bytes:
    """The PDF; the same version gives the same bytes until it is signed."""
    return pdf.render("host_agreement", template_data(agreement), lang=lang)


def template_data(agreement: HostAgreement) -> dict[str, Any]:
    """What `pdf/host_agreement.typ` gets."""
    return {
        "made_at": datetime.combine(agreement.made_on, time(12), UTC).isoformat(),
        "made_on": agreement.made_on.isoformat(),
        "version": agreement.version,
        "starts_on": agreement.starts_on.isoformat(),
        "ends_on": agreement.ends_on.isoformat() if agreement.ends_on else None,
        "signed_on": agreement.signed_on.isoformat() if agreement.signed_on else None,
        "signed_by": agreement.signed_by,
        **agreement.content,
    }


def filename(agreement: HostAgreement) -> str:
    """Without a name: a file's name is seen by whoever looks over a shoulder."""
    return f"afspraken-organisatie-{agreement.made_on:%Y-%m-%d}-v{agreement.version}.pdf"


def in_words(agreement: HostAgreement) -> dict[str, list[str]]:
    """What the host does, what the service does, and the facts; one sentence each, for the page."""
    content, day = agreement.content, "%d/%m/%Y"
    until = datetime.fromisoformat(content["insurance"]["until"]).strftime(day)
    insurer = " ".join(
        part for part in (content["insurance"]["insurer"], content["insurance"]["policy"]) if part
    )
    period = _("De afspraken gelden vanaf %(day)s.") % {"day": agreement.starts_on.strftime(day)}
    if agreement.ends_on:
        period += " " + _("Ze lopen tot en met %(day)s.") % {"day": agreement.ends_on.strftime(day)}
    host = {
        "contact": _("Er is één vaste contactpersoon: %(name)s.") % {"name": content["contact"]["name"]},
        "insurance": _("Er is een verzekering voor burgerlijke aansprakelijkheid, tot en met %(day)s.")
        % {"day": until},
        "hours": _("De organisatie geeft elke maand de uren door."),
        "evaluation": _("De organisatie evalueert mee, met onze formulieren."),
    }
    return {
        "host": [host[code] for code in content["expectations"]],
        "service": [
            _("De dienst begeleidt de persoon en komt langs."),
            _("De dienst vraagt nooit meer dan de organisatie aankan. Een nee is een nee."),
            _("De dienst helpt als het moeilijk loopt."),
        ],
        "facts": [
            period,
            *([_("Verzekeraar: %(name)s.") % {"name": insurer}] if insurer else []),
            *([content["extra"]] if content["extra"] else []),
        ],
    }
