"""What the funder counts at the start (ESF+ common output indicators, Regulation (EU) 2021/1057, annex I, section 1.1).

The Flemish call's own field list isn't public in a form that we found, so the mapping to an export is data
(figures). Age bands come from the birth date, not from a question. Each question can be answered "not said".
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

NOT_SAID = "not_said"
_YES_NO = {"yes": _("ja"), "no": _("nee"), NOT_SAID: _("wil ik niet zeggen")}

QUESTIONS = {
    "gender": (
        _("Hoe wil je geteld worden?"),
        {"f": _("vrouw"), "m": _("man"), "x": _("non-binair"), NOT_SAID: _("wil ik niet zeggen")},
    ),
    "work": (
        _("Heb je werk, of zoek je werk?"),
        {
            "unemployed": _("werkzoekend, korter dan een jaar"),
            "long_term": _("werkzoekend, een jaar of langer"),
            "inactive": _("geen werk, en niet werkzoekend"),
            "employed": _("aan het werk, ook als zelfstandige"),
            NOT_SAID: _("wil ik niet zeggen"),
        },
    ),
    "education": (
        _("Welk diploma heb je?"),
        {
            "isced_0_2": _("lager onderwijs of eerste graad secundair"),
            "isced_3_4": _("secundair onderwijs"),
            "isced_5_8": _("hoger onderwijs"),
            NOT_SAID: _("wil ik niet zeggen"),
        },
    ),
    "disability": (_("Heb je een handicap?"), _YES_NO),
    "third_country": (_("Heb je de nationaliteit van een land buiten de Europese Unie?"), _YES_NO),
    "foreign_background": (_("Ben jij of is een van je ouders in het buitenland geboren?"), _YES_NO),
    "minority": (_("Hoor je bij een minderheid, zoals Roma?"), _YES_NO),
    "homeless": (_("Ben je dakloos, of is je woonst onzeker?"), _YES_NO),
}
"""Field -> question and answers, in the order of the page."""


def missing(answers: dict[str, str]) -> list[str]:
    """The fields without an answer."""
    return [name for name in QUESTIONS if not answers.get(name)]


SHORT = {
    "gender": _("man, vrouw of non-binair"),
    "work": _("werk"),
    "education": _("diploma"),
    "disability": _("handicap"),
    "third_country": _("nationaliteit buiten de EU"),
    "foreign_background": _("buitenlandse herkomst"),
    "minority": _("minderheid"),
    "homeless": _("dakloos of onzekere woonst"),
}
"""Field -> its name, for the list of what is missing and for the report."""
