"""Referral, pathway and all that is kept in it (requirements A5, B3, C2-C4, C7, G5, G6)."""

from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from stapsteen.core.states import Machine, Transition
from stapsteen.pathways.funder import missing
from stapsteen.pathways.models import Explorator, FunderRecord, Handover, Moment, Pathway, Referral


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


def some_domain(explorator: Explorator) -> str | None:
    """A mapping without any domain shows nothing."""
    if not explorator.domains.exists():
        return translate("Bespreek eerst minstens één domein.")
    return None


def some_score(moment: Moment) -> str | None:
    """A moment without any score shows nothing."""
    if not moment.scores.exists():
        return translate("Geef eerst minstens één punt op een as.")
    return None


def all_answered(record: FunderRecord) -> str | None:
    """Frozen once every question has an answer; "not said" is one (requirement C7)."""
    if missing(record.answers):
        return translate("Er ontbreken nog antwoorden. “Wil ik niet zeggen” is ook een antwoord.")
    return None


def agreed_to_pass_on(handover: Handover) -> str | None:
    """Nothing about the person goes to another service without the person's consent (requirement G5)."""
    if handover.told and (handover.consent is None or handover.consent.withdrawn_at is not None):
        return translate("De persoon gaf nog geen toestemming om gegevens door te geven.")
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
EXPLORATOR = Machine(
    model="pathways.Explorator",
    states={"open": _("Bezig"), "finished": _("Klaar")},
    beginnings=("open",),
    transitions=(
        Transition("finish", ("open",), "finished", "pathways.explorator.fill", _("Klaar"), (some_domain,)),
        Transition("reopen", ("finished",), "open", "pathways.explorator.fill", _("Werk verder")),
    ),
)
MOMENT = Machine(
    model="pathways.Moment",
    states={"open": _("Bezig"), "closed": _("Klaar")},
    beginnings=("open",),
    transitions=(
        Transition("close", ("open",), "closed", "pathways.moment.score", _("Klaar"), (some_score,)),
        Transition("reopen", ("closed",), "open", "pathways.moment.score", _("Verbeter")),
    ),
)
GOAL = Machine(
    model="pathways.Goal",
    states={"open": _("Loopt"), "reached": _("Bereikt"), "set_aside": _("Opzij gelegd")},
    beginnings=("open",),
    transitions=(
        Transition("reach", ("open",), "reached", "pathways.goal.keep", _("Bereikt")),
        Transition("set_aside", ("open",), "set_aside", "pathways.goal.keep", _("Leg opzij")),
        Transition("reopen", ("reached", "set_aside"), "open", "pathways.goal.keep", _("Neem weer op")),
    ),
)
GOAL_ACTION = Machine(
    model="pathways.GoalAction",
    states={"open": _("Te doen"), "done": _("Gedaan"), "dropped": _("Gaat niet door")},
    beginnings=("open",),
    transitions=(
        Transition("finish", ("open",), "done", "pathways.action.keep", _("Gedaan")),
        Transition("finish_self", ("open",), "done", "pathways.action.own", _("Dit deed ik")),
        Transition("drop", ("open",), "dropped", "pathways.action.keep", _("Gaat niet door")),
        Transition("reopen", ("done", "dropped"), "open", "pathways.action.keep", _("Toch nog te doen")),
    ),
)
EXPERT_REQUEST = Machine(
    model="pathways.ExpertRequest",
    states={
        "asked": _("Gevraagd"),
        "accepted": _("Kijkt mee"),
        "declined": _("Kan niet"),
        "ended": _("Afgesloten"),
    },
    beginnings=("asked",),
    transitions=(
        Transition("accept", ("asked",), "accepted", "pathways.expert.answer", _("Ik kijk mee")),
        Transition("decline", ("asked",), "declined", "pathways.expert.answer", _("Ik kan niet")),
        Transition("end", ("asked", "accepted"), "ended", "pathways.expert.ask", _("Sluit af")),
    ),
)
FUNDER_RECORD = Machine(
    model="pathways.FunderRecord",
    states={"open": _("In te vullen"), "frozen": _("Vastgelegd")},
    beginnings=("open",),
    transitions=(
        Transition("freeze", ("open",), "frozen", "pathways.funder.fill", _("Leg vast"), (all_answered,)),
    ),
)
HANDOVER = Machine(
    model="pathways.Handover",
    states={
        "offered": _("Voorgesteld"),
        "talked": _("Samen gepraat"),
        "taken_over": _("Overgenomen"),
        "not_taken": _("Niet overgenomen"),
    },
    beginnings=("offered",),
    transitions=(
        Transition("talk", ("offered",), "talked", "pathways.handover.keep", _("Noteer het gesprek")),
        Transition(
            "take_over",
            ("offered", "talked"),
            "taken_over",
            "pathways.handover.keep",
            _("Overgenomen"),
            (agreed_to_pass_on,),
        ),
        Transition(
            "refuse", ("offered", "talked"), "not_taken", "pathways.handover.keep", _("Niet overgenomen")
        ),
        Transition("reopen", ("not_taken",), "offered", "pathways.handover.keep", _("Probeer opnieuw")),
    ),
)
