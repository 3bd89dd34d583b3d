"""The words that carry figures, each defined once, with the query that counts it. docs/glossary.md lists the same.

Sources: mission ("Words that carry figures"), document 001 (slides 7, 15, 16, 17, 20) and document 000 ("Enkele cijfers").
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stapsteen.figures import queries


@dataclass(frozen=True)
class Word:
    """`meaning` is in English, for the glossary; `term` and `explained` are what the page shows."""

    name: str
    term: Promise
    meaning: str
    explained: Promise
    query: Callable[..., Any]


WORDS = (
    Word(
        "active",
        _("Actief"),
        "On a day: the pathway is open, with or without a host, and not paused. In a month or a year: active on at least "
        "one of its days (`persons_per_month`, `active_persons`). A pause over all its days of a month takes it out of "
        "that month. A person counts once per kind.",
        _(
            "Iemand is actief als het traject loopt. Een plek bij een gastorganisatie is niet nodig. "
            "Eén dag in de maand is genoeg. Een pauze van een hele maand telt niet mee. "
            "Iedereen telt één keer per soort."
        ),
        queries.active_on,
    ),
    Word(
        "average per month",
        _("Gemiddeld per maand"),
        "The mean, over the months of the period, of the persons active in each month, per kind. The running year ends "
        "today. The total is the sum of the kinds and is labelled so; different persons stand beside it.",
        _(
            "We tellen elke maand wie actief is. Daarvan nemen we het gemiddelde. "
            "De som telt de soorten op. Wie in twee soorten zit, telt daar twee keer. "
            "Bij verschillende mensen telt iedereen één keer."
        ),
        queries.average_per_month,
    ),
    Word(
        "different persons",
        _("Verschillende mensen"),
        "Persons active on at least one day of the period, each once per kind; over all kinds each once.",
        _("Mensen die in de periode minstens één dag actief waren. Iedereen telt één keer."),
        queries.active_persons,
    ),
    Word(
        "started",
        _("Gestart"),
        "Pathways whose first day is in the period, under the kind of that day. A change of kind is no start. "
        "A return after an end is a new start, also within days.",
        _(
            "Trajecten met een eerste dag in de periode. Een andere soort is geen nieuwe start. "
            "Wie stopt en terugkomt, start opnieuw."
        ),
        queries.flows,
    ),
    Word(
        "stopped",
        _("Gestopt"),
        "Pathways whose last day is in the period, under the kind of that day. A change of kind is no end.",
        _("Trajecten met een laatste dag in de periode. Een andere soort is geen einde."),
        queries.flows,
    ),
    Word(
        "stepped up",
        _("Opstap gemaakt"),
        "Stopped pathways whose end is a job, a training or an employment service.",
        _("Gestopte trajecten met een vervolg: werk, een opleiding of een dienst voor werk."),
        queries.flows,
    ),
    Word(
        "share per aim",
        _("Aandeel per doel"),
        "Over the different active persons of a kind: whose last aim of the period was this one.",
        _("Het laatste doel van de periode. Het aandeel is van alle verschillende mensen in die soort."),
        queries.last_aims,
    ),
    Word(
        "funnel",
        _("Van aanmelding tot start"),
        "Referrals by the day they came in: a person once at each referrer, in the total once. In talks: at least one "
        "talk with the person. Started: a pathway that came from the referral began.",
        _(
            "We kijken naar de dag van de aanmelding. Iemand telt één keer bij elke doorverwijzer. "
            "In het totaal telt iedereen één keer. Een gesprek is een echt gesprek met de persoon."
        ),
        queries.funnel,
    ),
    Word(
        "placement that lasts",
        _("Plek die blijft"),
        "A placement that was still there six months after its first day (same day number, or the month's last day). "
        "Counted by the period in which it began. Younger ones that still run stand apart, outside the share.",
        _(
            "De persoon is er zes maanden na de eerste dag nog. We tellen bij de periode van de eerste dag. "
            "Plekken die nog geen zes maanden lopen, staan apart."
        ),
        queries.lasting_placements,
    ),
    Word(
        "share per umbrella",
        _("Aandeel per koepel"),
        "Of the hosts with at least one placement running in the period: how many belong to the umbrella. "
        "The placements stand beside it.",
        _("We tellen gastorganisaties waar in de periode iemand een plek had. De plekken staan ernaast."),
        queries.hosts,
    ),
)
