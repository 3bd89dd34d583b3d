"""Referral and pathway (requirements B3, C4, G6)."""

from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from stapsteen.core.states import Machine, Transition
from stapsteen.pathways.models import Pathway, Referral


def person_agrees(referral: Referral) -> str | None:
    """A helper's referral starts nothing before the person said yes (requirement B1)."""
    if referral.by == "helper" and referral.person_said_yes_on is None:
        return translate("Vraag eerst aan de persoon of die dit zelf wil.")
    return None


def talked(referral: Referral) -> str | None:
    """No decision to start without at least one talk (documents 000, 001, 004)."""
    if not referral.talks.filter(kind="talk", reached=True).exists():
        return translate("Noteer eerst een gesprek met de persoon.")
    return None


def has_pathway(referral: Referral) -> str | None:
    """What started before Stapsteen, started: the talk and the conditions of then aren't in the file."""
    if not referral.pathways.exists():
        return translate("Er is nog geen traject voor deze aanmelding.")
    return None


def nothing_open(pathway: Pathway) -> str | None:
    """A pathway ends after its placements."""
    if pathway.placements.filter(state__in=("proposed", "active")).exists():
        return translate("Sluit eerst de plek bij de gastorganisatie af.")
    return None


REFERRAL = Machine(
    model="pathways.Referral",
    states={
        "received": _("Ontvangen"),
        "in_talks": _("In gesprek"),
        "accepted": _("Gestart"),
        "refused": _("Ging naar elders"),
        "withdrawn": _("Ingetrokken"),
    },
    beginnings=("received",),
    transitions=(
        Transition("take_in", ("received",), "in_talks", "pathways.referral.handle", _("Neem op")),
        Transition(
            "accept",
            ("in_talks",),
            "accepted",
            "pathways.referral.handle",
            _("Start een traject"),
            (person_agrees, talked),
        ),
        Transition(
            "refuse", ("received", "in_talks"), "refused", "pathways.referral.handle", _("Naar elders")
        ),
        Transition(
            "withdraw", ("received", "in_talks"), "withdrawn", "pathways.referral.handle", _("Ingetrokken")
        ),
        Transition("reopen", ("refused", "withdrawn"), "in_talks", "pathways.referral.handle", _("Heropen")),
        Transition(
            "settle",
            ("received", "in_talks"),
            "accepted",
            "pathways.referral.settle",
            _("Gestart volgens een vroeger bestand"),
            (has_pathway,),
        ),
    ),
)
PATHWAY = Machine(
    model="pathways.Pathway",
    states={"active": _("Lopend"), "suspended": _("Gepauzeerd"), "ended": _("Afgerond")},
    beginnings=("active",),
    transitions=(
        Transition("suspend", ("active",), "suspended", "pathways.pathway.guide", _("Pauzeer")),
        Transition("resume", ("suspended",), "active", "pathways.pathway.guide", _("Hervat")),
        Transition(
            "end", ("active", "suspended"), "ended", "pathways.pathway.guide", _("Rond af"), (nothing_open,)
        ),
    ),
)
