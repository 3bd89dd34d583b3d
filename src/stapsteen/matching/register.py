"""The entry for the register of algorithms: what the search for places does, true to the code (requirement E4).

Fields as in the Dutch and Flemish registers of algorithms. docs/algoritmeregister.md holds the same words; a test keeps
the two alike. AI Act (Regulation (EU) 2024/1689): annex III, point 4(a); guidance of the Commission's service desk on
ranking for jobs. Volunteers aren't named there: we act as if they were.
"""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

from stapsteen.matching.engine.learning import ENOUGH_LATER, ENOUGH_OUTCOMES
from stapsteen.matching.weighing import RULES_VERSION


class Entry(NamedTuple):
    """One field of the register: its name, and what it says in sentences."""

    term: str
    lines: list[str]


def entries(owner: str, contact: str) -> list[Entry]:
    """All fields. `owner`: who is responsible for the service; `contact`: an e-mail address, or ''."""
    return [
        Entry(_("Naam"), [_("Zoeken naar een plek (Stapsteen)")]),
        Entry(_("Versie"), [_("Vaste regels: %(version)s") % {"version": RULES_VERSION}]),
        Entry(_("Eigenaar"), [owner]),
        Entry(_("Contact"), [contact or _("De coördinator van de dienst")]),
        Entry(_("Doel"), _purpose()),
        Entry(_("Grondslag"), _basis()),
        Entry(_("Wat het doet"), _work()),
        Entry(_("Welke gegevens"), [*looked_at(), _("Van de taak: alles wat de organisatie erover zei.")]),
        Entry(_("Welke gegevens nooit"), [", ".join(never()) + "."]),
        Entry(_("Rol van de mens"), _human()),
        Entry(_("Eerlijkheid"), _fairness()),
        Entry(_("Leren uit vroeger"), _learning()),
        Entry(_("Risico"), _risk()),
        Entry(_("Toezicht"), _oversight()),
        Entry(_("Vragen en bezwaar"), _objection()),
        Entry(_("Techniek en leverancier"), _technique()),
    ]


def looked_at() -> list[str]:
    """The facts about a person that are read; the same as actions.known."""
    return [
        _("Wanneer iemand kan, per halve dag."),
        _("Het Nederlands dat iemand begrijpt, spreekt, leest en schrijft."),
        _("Het soort werk dat iemand wenst."),
        _("Wat een plek niet mag vragen, bijvoorbeeld tillen. Nooit waarom."),
        _("De steun die iemand op een plek nodig heeft."),
        _("De gemeente, het vervoer en hoelang de weg mag duren."),
        _("Hoelang iemand al wacht."),
        _("Het soort traject: vrijwilligerswerk of arbeidszorg."),
    ]


def never() -> list[str]:
    """What the search doesn't read at all."""
    return [
        _("leeftijd"),
        _("geslacht"),
        _("afkomst"),
        _("nationaliteit"),
        _("geloof"),
        _("verblijf"),
        _("gezondheid of diagnose"),
        _("verslaving"),
        _("strafblad"),
        _("uitkering"),
    ]


def _purpose() -> list[str]:
    return [
        _("Mensen die een plek zoeken en taken bij organisaties sneller samenbrengen."),
        _("Een begeleider krijgt per persoon een korte lijst van taken, met redenen in woorden."),
        _("Een coördinator krijgt een voorstel voor iedereen die wacht."),
    ]


def _basis() -> list[str]:
    return [
        _("De opdracht van de dienst en de afspraak met de persoon (AVG, artikel 6)."),
        _("De dienst vult hier haar eigen besluit of decreet in."),
    ]


def _work() -> list[str]:
    return [
        _("Eerst vallen taken weg die zeker niet kunnen."),
        _(
            "Dat zijn: geen vrije plaats, geen begeleiding over, een ander moment, te veel Nederlands gevraagd."
        ),
        _("Ook: te ver, iets wat niet gaat, of een organisatie die nee zei."),
        _("Wegvallen is geen straf en telt nergens mee."),
        _("Van de taken die overblijven schat het hoe goed ze passen."),
        _("Het kijkt naar de weg, de wens, het Nederlands, de steun, een deeltaak en het begin."),
        _("Die schatting hoort bij één persoon en één taak samen. Ze staat nergens op het scherm."),
        _(
            "Voor iedereen samen zoekt het de beste verdeling binnen wat organisaties en begeleiders aankunnen."
        ),
    ]


def _human() -> list[str]:
    return [
        _("Een begeleider of coördinator beslist over elk voorstel: aanvaarden, veranderen of weigeren."),
        _("De begeleider kan altijd een andere taak kiezen, ook buiten de lijst."),
        _("De persoon en de organisatie zeggen allebei ja of nee. Zonder ja is er geen plek."),
        _("Wat een mens besliste, verandert het programma niet meer."),
    ]


def _fairness() -> list[str]:
    return [
        _("Mensen krijgen geen score en staan niet in een rangorde."),
        _("Wie langer wacht, telt zwaarder mee, tot een jaar."),
        _(
            "Het telt hoeveel beter een plek is dan wat die persoon anders kan vinden. Zo gaan makkelijke situaties niet voor."
        ),
        _("Wie meer steun vraagt, krijgt een eerlijk deel van de plekken."),
        _("Wat de vorige keer voorgesteld werd, blijft liever staan."),
        _("Wat nog niet gekend is, wordt gevraagd. Het sluit niemand uit."),
    ]


def _learning() -> list[str]:
    numbers = {"enough": ENOUGH_OUTCOMES, "later": ENOUGH_LATER}
    return [
        _("Staat uit, tot een dienst het aanzet."),
        _("Dat kan pas na %(enough)s gekende afloop, en als het klopt op %(later)s latere.") % numbers,
        _("Het leert over de weg, de wens, taal en steun. Nooit over wie iemand is."),
    ]


def _risk() -> list[str]:
    return [
        _("Hoog risico: we volgen de AI-verordening (EU) 2024/1689, bijlage III, punt 4, onder a."),
        _("Die noemt werk. Vrijwilligers staan er niet bij. We doen alsof het wel zo is."),
        _("De plichten gelden vanaf 2 december 2027."),
        _("De dienst maakt vooraf een gegevensbeschermingseffectbeoordeling en een toets op grondrechten."),
    ]


def _oversight() -> list[str]:
    return [
        _(
            "Van elk voorstel blijft bewaard: de gekende feiten, elke regel, de versie en wat een mens besliste."
        ),
        _("Wie de gegevens van een persoon bekeek, staat in een logboek dat niemand kan wijzigen."),
        _("Een coördinator of beheerder kan het zoeken voor de hele dienst uitzetten."),
        _("De Gegevensbeschermingsautoriteit houdt toezicht op het gebruik van gegevens."),
    ]


def _objection() -> list[str]:
    return [
        _("Vraag je begeleider waarom een plek wel of niet werd voorgesteld. Die toont de redenen."),
        _("Wil je niet dat een programma meezoekt? Je begeleider kiest dan zelf uit de lijst van taken."),
        _(
            "Niet akkoord? Schrijf naar de dienst. Blijft het fout, dan naar de Gegevensbeschermingsautoriteit."
        ),
    ]


def _technique() -> list[str]:
    return [
        _("Vaste regels en rekenen binnen grenzen, met de vrije programma’s HiGHS, NumPy en Numba."),
        _("Alles draait op de server van de dienst. Er gaat niets naar een ander bedrijf."),
        _("De broncode is open (EUPL-1.2). Hoe het rekent, staat in beslissing 12 van de documentatie."),
    ]


def markdown() -> str:
    """The entry as docs/algoritmeregister.md holds it, for a service that isn't named."""
    found = entries(
        "Het lokaal bestuur of de organisatie van de dienst", "Het e-mailadres op de pagina van de dienst"
    )
    head = (
        "# Algoritmeregister: zoeken naar een plek\n\n"
        "Deze tekst staat ook op de pagina “Zo zoeken we een plek” van elke dienst. Ze komt uit `matching/register.py`; een\n"
        "test houdt beide gelijk. Bronnen: AI-verordening (EU) 2024/1689, bijlage III en artikelen 14, 26, 27 en 86; AVG,\n"
        "artikelen 6, 9, 21, 22 en 35.\n"
    )
    parts = [f"\n## {entry.term}\n\n" + "".join(f"- {line}\n" for line in entry.lines) for entry in found]
    return head + "".join(parts)
