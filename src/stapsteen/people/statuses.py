"""What a benefit, a residence status or work means for volunteering: who must hear it first, and what can't be.

Each consequence carries its source. The law is the volunteer law of 3 July 2005; what each institution asks beside it
was checked on 22 November 2026. A status that changes can bring a new duty: that is why statuses are dated.
Volunteering is never a condition for a benefit (Constitutional Court, judgment 86/2018), so nothing here counts
attendance and nothing goes to who pays.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LAW = "wet van 3 juli 2005 betreffende de rechten van vrijwilligers"


@dataclass(frozen=True)
class Consequence:
    """What follows from a status.

    `kind`: "duty" must be done before the start, "stop" volunteering isn't possible, "note" is good to know.
    `tell`: who must hear it ("rva", "health_fund", "ocmw", "fedasil"), "" for nobody. `working_days`: how long they
    have; 0 when no term is known. `per_organisation`: again for each host. `source`: where it is written.
    """

    code: str
    kind: str
    text: str | Promise
    source: str
    tell: str = ""
    working_days: int = 0
    per_organisation: bool = False


@dataclass(frozen=True)
class Value:
    """A status that somebody can have, in one area (people.models.Status.AREAS)."""

    area: str
    label: str | Promise
    follows: tuple[Consequence, ...] = ()


C45B = Consequence(
    code="c45b", kind="duty", tell="rva", working_days=12,
    text=_(
        "Dien formulier C45B in vóór de start, via de vakbond of de Hulpkas. "
        "De RVA heeft 12 werkdagen. Geen antwoord betekent: het mag."
    ),
    source="RVA, infobladen E39 (1/1/2022) en T42 (1/1/2024)",
)  # fmt: skip
C45B_AGAIN = Consequence(
    code="c45b_again", kind="note",
    text=_("Verandert de taak of de gastorganisatie? Dan is een nieuw formulier C45B nodig."),
    source="RVA, infoblad T42 (1/1/2024)",
)  # fmt: skip
ADVISER = Consequence(
    code="adviser", kind="duty", tell="health_fund", per_organisation=True,
    text=_("Meld vooraf aan de adviserend arts van het ziekenfonds. Er is één formulier per organisatie."),
    source="RIZIV/INAMI (adviserend arts); formulier per organisatie: Tips & Advies, 24/11/2022",
)  # fmt: skip
TELL_OCMW = Consequence(
    code="tell_ocmw", kind="duty", tell="ocmw",
    text=_("Laat het vooraf weten aan het OCMW. De bereidheid om te werken moet blijven."),
    source="FOD Sociale Zekerheid, news.belgium.be 5/5/2006; POD MI, omzendbrief 26/7/2018",
)  # fmt: skip
NOT_A_CONDITION = Consequence(
    code="not_a_condition", kind="note",
    text=_("Vrijwilligerswerk mag geen voorwaarde zijn voor het leefloon."),
    source="Grondwettelijk Hof, arrest 86/2018; POD MI, omzendbrief 26/7/2018",
)  # fmt: skip
NO_SPI = Consequence(
    code="no_spi", kind="note",
    text=_("De vrijstelling SPI geldt voor loon uit werk of opleiding, niet voor vrijwilligerswerk."),
    source="KB van 11 juli 2002, artikel 35",
)  # fmt: skip
TELL_FEDASIL = Consequence(
    code="tell_fedasil", kind="duty", tell="fedasil",
    text=_("Meld vooraf aan Fedasil. Fedasil kan het beperken of weigeren."),
    source="vreemdelingenrecht.be, vrijwilligerswerk",
)  # fmt: skip
NO_STAY = Consequence(
    code="no_stay", kind="stop",
    text=_("Zonder wettig verblijf of recht op opvang kan vrijwilligerswerk niet. Zoek samen een andere stap."),
    source=f"{LAW}; vreemdelingenrecht.be, vrijwilligerswerk",
)  # fmt: skip
NO_COPIES = Consequence(
    code="no_copies", kind="note",
    text=_("Bewaar geen kopie van verblijfspapieren. Ja of nee is genoeg."),
    source="Caritas (2014): de wet legt organisaties geen controle op",
)  # fmt: skip
OWN_EMPLOYER = Consequence(
    code="own_employer", kind="note",
    text=_("Wie bij iemand werkt, kan daar niet hetzelfde doen als vrijwilliger."),
    source=f"{LAW}, artikel 3, 1°, d",
)  # fmt: skip
NO_RULE_KNOWN = Consequence(
    code="no_rule_known", kind="note",
    text=_("We kennen hier geen meldplicht. Vraag het na als je twijfelt."),
    source="niet gevonden in de bronnen (22/11/2026)",
)  # fmt: skip

STATUSES: dict[str, Value] = {
    "unemployment": Value("benefit", _("werkloosheidsuitkering (RVA)"), (C45B, C45B_AGAIN)),
    "swt": Value("benefit", _("werkloosheid met bedrijfstoeslag (SWT)"), (C45B, C45B_AGAIN)),
    "time_credit": Value("benefit", _("tijdskrediet of verlof met uitkering (RVA)")),
    "sickness": Value("benefit", _("ziekte-uitkering (ziekenfonds)"), (ADVISER,)),
    "invalidity": Value("benefit", _("invaliditeitsuitkering (ziekenfonds)"), (ADVISER,)),
    "leefloon": Value("benefit", _("leefloon (OCMW)"), (TELL_OCMW, NOT_A_CONDITION, NO_SPI)),
    "ocmw_equivalent": Value("benefit", _("steun die gelijk is aan een leefloon (OCMW)"), (TELL_OCMW, NOT_A_CONDITION)),
    "disability_allowance": Value("benefit", _("tegemoetkoming voor een handicap (FOD)"), (NO_RULE_KNOWN,)),
    "pension": Value("benefit", _("pensioen"), (NO_RULE_KNOWN,)),
    "asylum_allowance": Value("benefit", _("daguitkering tijdens de asielaanvraag (Fedasil)"), (TELL_FEDASIL,)),
    "other_benefit": Value("benefit", _("een andere uitkering"), (NO_RULE_KNOWN,)),
    "no_benefit": Value("benefit", _("geen uitkering")),
    "belgian": Value("residence", _("Belg")),
    "eu": Value("residence", _("burger van de Europese Unie, met verblijfsrecht")),
    "permit": Value("residence", _("verblijfsdocument"), (NO_COPIES,)),
    "reception": Value("residence", _("asielzoeker met recht op opvang"), (NO_COPIES,)),
    "no_stay": Value("residence", _("geen wettig verblijf"), (NO_STAY,)),
    "no_work": Value("work", _("geen werk")),
    "contract": Value("work", _("lopende arbeidsovereenkomst"), (OWN_EMPLOYER,)),
    "self_employed": Value("work", _("zelfstandige")),
    "student": Value("work", _("leerling of student")),
}  # fmt: skip
"""Key (kept in Status.value) -> what it is and what follows. Source of the table: facts file, sections 1 and 2."""


def of_area(area: str) -> dict[str, str | Promise]:
    """Key -> label of one area."""
    return {key: value.label for key, value in STATUSES.items() if value.area == area}
