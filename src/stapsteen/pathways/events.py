"""The lines that this room writes on a person's timeline."""

from django.utils.translation import gettext_lazy as _

from stapsteen.core.events import define
from stapsteen.pathways.models import (
    END_CODES,
    REFUSAL_CODES,
    Aim,
    ExpertAdvice,
    GoalAction,
    Group,
    IntakeTalk,
    Pathway,
    Referral,
)

KINDS_OF_PROGRAMME = {
    "volunteering": _("vrijwilligerswerk"),
    "care_work": _("arbeidszorg"),
    "activation": _("activering"),
    "volunteer_centre": _("vrijwilligerscentrale"),
}

WEIGHTS = {str(key): words for key, words in Pathway.WEIGHTS.items()}

define("referral.received", _("Aangemeld door %(by)s"), icon="mail", by=Referral.BY)
define("referral.taken_in", _("Aanmelding opgenomen"), icon="person")
define("referral.talk", _("%(what)s"), icon="phone", what=IntakeTalk.KINDS)
define("referral.no_answer", _("Contact geprobeerd, niet bereikt"), icon="phone")
define("referral.yes", _("De persoon wil dit zelf"), icon="check")
define("referral.conditions", _("Voorwaarden besproken"), icon="clipboard")
define("referral.accepted", _("Beslist: er start een traject"), icon="check")
define("referral.refused", _("Naar elders: %(why)s"), icon="arrow-right", why=REFUSAL_CODES)
define("referral.withdrawn", _("Aanmelding ingetrokken"), icon="close")
define("referral.reopened", _("Aanmelding heropend"), icon="swap")
define("referral.assigned", _("Begeleider gekozen"), icon="person")
define("referral.asked", _("Bericht aan de doorverwijzer"), icon="message")
define("referral.answered", _("Bericht van de doorverwijzer"), icon="message")
define("handover.offered", _("Warme overdracht voorgesteld"), icon="handshake")
define("handover.talked", _("Samen gepraat met de andere dienst"), icon="handshake")
define("handover.taken_over", _("De andere dienst nam over"), icon="handshake")
define("handover.not_taken", _("De andere dienst nam niet over"), icon="swap")
define("handover.checked", _("Gevraagd hoe het nu gaat"), icon="phone")
define("pathway.weight", _("Vraagt van de begeleider: %(what)s"), icon="person", what=WEIGHTS)
define("pathway.started", _("Traject gestart (%(what)s)"), icon="flag", what=KINDS_OF_PROGRAMME)
define("pathway.aim", _("Doel: %(aim)s"), icon="star", aim=Aim.AIMS)
define("pathway.wheel", _("Plaats op het wiel genoteerd"), icon="path")
define("pathway.kind", _("Verder in %(what)s"), icon="swap", what=KINDS_OF_PROGRAMME)
define("pathway.coach", _("Andere begeleider"), icon="person")
define("pathway.suspended", _("Traject gepauzeerd"), icon="pause")
define("pathway.resumed", _("Traject hervat"), icon="path")
define("pathway.ended", _("Traject afgerond: %(why)s"), icon="flag", why=END_CODES)
define("explorator.begun", _("Kaart van het leven begonnen"), icon="sun")
define("explorator.sitting", _("Samen aan de kaart van het leven gewerkt"), icon="sun")
define("explorator.finished", _("Kaart van het leven klaar: de vraag is duidelijk"), icon="star")
define("explorator.reopened", _("Verder aan de kaart van het leven"), icon="sun")
define("evoluator.axis", _("As gekozen voor het spindiagram"), icon="pencil")
define("evoluator.moment", _("Spindiagram: moment %(number)s"), icon="chart")
define("goal.set", _("Doel gekozen"), icon="flag")
define("goal.reached", _("Doel bereikt"), icon="star")
define("goal.set_aside", _("Doel opzij gelegd"), icon="pause")
define("goal.reopened", _("Doel weer opgenomen"), icon="flag")
define("action.planned", _("Actie afgesproken: %(what)s"), icon="clipboard", what=GoalAction.KINDS)
define("action.done", _("Actie gedaan"), icon="check")
define("action.tried", _("Iets uitgeprobeerd: %(how)s"), icon="check", how=GoalAction.OUTCOMES)
define("funder.frozen", _("Gegevens voor de subsidiegever vastgelegd"), icon="lock")
define("group.joined", _("In een groep gestapt: %(what)s"), icon="people", what=Group.KINDS)
define("group.finished", _("Groep afgewerkt: %(what)s"), icon="star", what=Group.KINDS)
define("group.left", _("Met de groep gestopt: %(what)s"), icon="people", what=Group.KINDS)
define("expert.asked", _("Een expert van een partner meegevraagd"), icon="people")
define("expert.accepted", _("De expert kijkt mee"), icon="eye")
define("expert.declined", _("De expert kan niet meekijken"), icon="close")
define("expert.advice", _("Van de expert: %(what)s"), icon="message", what=ExpertAdvice.KINDS)
define("expert.ended", _("De expert kijkt niet meer mee"), icon="lock")
define("pathway.partner", _("Een vaste partner volgt mee op"), icon="handshake")
define("pathway.partner_ended", _("De vaste partner volgt niet meer op"), icon="handshake")
