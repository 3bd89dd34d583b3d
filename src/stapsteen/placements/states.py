"""Placement and agreement (requirements F2, F4)."""

from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from stapsteen.core.states import Machine, Transition
from stapsteen.placements.models import Agreement, Placement, Signature


def agreement_signed(placement: Placement) -> str | None:
    """Law of 3 July 2005 and the decree of 3 April 2009: the note and the agreement come before the start."""
    if not placement.agreements.filter(state="signed").exists():
        return translate("Laat eerst de afsprakennota tekenen.")
    return None


def all_signed(agreement: Agreement) -> str | None:
    """The person (and the legal representative, if any), the host and the service."""
    signed = set(agreement.signatures.values_list("party", flat=True))
    if missing := [str(Signature.PARTIES[party]) for party in agreement.parties if party not in signed]:
        return translate("Nog niet getekend: %(who)s.") % {"who": ", ".join(missing)}
    return None


PLACEMENT = Machine(
    model="placements.Placement",
    states={
        "proposed": _("Voorgesteld"),
        "active": _("Bezig"),
        "ended": _("Gestopt"),
        "cancelled": _("Niet doorgegaan"),
    },
    beginnings=("proposed",),
    transitions=(
        Transition(
            "start", ("proposed",), "active", "placements.placement.guide", _("Start"), (agreement_signed,)
        ),
        Transition("cancel", ("proposed",), "cancelled", "placements.placement.guide", _("Gaat niet door")),
        Transition("end", ("active",), "ended", "placements.placement.guide", _("Stop de plek")),
    ),
)
AGREEMENT = Machine(
    model="placements.Agreement",
    states={
        "draft": _("In opmaak"),
        "out": _("Klaar om te tekenen"),
        "signed": _("Getekend"),
        "replaced": _("Vervangen"),
    },
    beginnings=("draft",),
    transitions=(
        Transition("send", ("draft",), "out", "placements.agreement.guide", _("Klaar om te tekenen")),
        Transition(
            "complete",
            ("out",),
            "signed",
            "placements.agreement.guide",
            _("Volledig getekend"),
            (all_signed,),
        ),
        Transition(
            "replace", ("draft", "out", "signed"), "replaced", "placements.agreement.guide", _("Vervang")
        ),
    ),
)
