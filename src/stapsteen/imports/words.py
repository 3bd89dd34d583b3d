"""The words of an import on screen: kinds of sheet, fields, and the sentences of problems in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from stapsteen.imports.reader import TEXTS, field_names

KIND_WORDS = {
    "persons": _("Mensen"),
    "organisations": _("Organisaties"),
    "tasks": _("Taken"),
    "hours": _("Uren"),
    "ignored": _("Niet lezen"),
}
SEVERITIES = {
    "refused": _("Rij wordt niet ingelezen"),
    "repaired": _("Hersteld"),
    "info": _("Ter info"),
}
SEVERITY_BADGES = {"refused": "error", "repaired": "warning", "info": "info"}
FIELD_WORDS = {
    "surname": _("Familienaam"),
    "first_name": _("Voornaam"),
    "full_name": _("Naam en voornaam samen"),
    "birth_date": _("Geboortedatum"),
    "insz": _("Rijksregisternummer"),
    "street": _("Straat"),
    "house_number": _("Huisnummer"),
    "postal_code": _("Postcode"),
    "town": _("Gemeente"),
    "phone": _("Telefoon"),
    "email": _("E-mail"),
    "referrer": _("Doorverwijzer"),
    "referral_date": _("Datum van de aanmelding"),
    "dutch": _("Nederlands"),
    "aim": _("Doel van het traject"),
    "availability": _("Beschikbaar wanneer"),
    "interests": _("Interesses"),
    "wishes": _("Wensen"),
    "talents": _("Talenten"),
    "mobility": _("Vervoer"),
    "support": _("Steun die nodig is"),
    "benefit": _("Uitkering of inkomen"),
    "residence": _("Verblijf"),
    "health": _("Gezondheid"),
    "addiction": _("Verslaving"),
    "criminal_record": _("Strafblad"),
    "representative": _("Bewindvoerder of vertegenwoordiger"),
    "budget_manager": _("Budgetbeheerder"),
    "helper": _("Hulpverlener"),
    "reach_by": _("Best bereikbaar via"),
    "language": _("Taal die de persoon spreekt"),
    "interpreter": _("Tolk nodig"),
    "dutch_listening": _("Nederlands begrijpen"),
    "dutch_speaking": _("Nederlands spreken"),
    "dutch_reading": _("Nederlands lezen"),
    "dutch_writing": _("Nederlands schrijven"),
    "attention": _("Aandachtspunten"),
    "host": _("Gastorganisatie"),
    "host_contact": _("Contact bij de gastorganisatie"),
    "host_phone": _("Telefoon van de gastorganisatie"),
    "host_email": _("E-mail van de gastorganisatie"),
    "host_town": _("Gemeente van de gastorganisatie"),
    "start": _("Start"),
    "stop": _("Stop"),
    "stop_reason": _("Reden van de stop"),
    "coach": _("Trajectbegeleider"),
    "name": _("Naam van de organisatie"),
    "umbrella": _("Koepel"),
    "legal_kind": _("Soort organisatie"),
    "sector": _("Sector"),
    "contact": _("Contactpersoon"),
    "insurance_until": _("Verzekering tot"),
    "max_guided": _("Hoeveel mensen met begeleiding"),
    "rather_not": _("Liever niet (wordt een gesprek)"),
    "kbo": _("Ondernemingsnummer"),
    "website": _("Website"),
    "organisation": _("Organisatie"),
    "task": _("Taak"),
    "when": _("Wanneer"),
    "seats": _("Plaatsen"),
    "dutch_min": _("Nederlands dat nodig is"),
    "heavy": _("Zwaar werk"),
    "guidance": _("Begeleiding"),
    "description": _("Beschrijving"),
    "date": _("Dag"),
    "month": _("Maand"),
    "year": _("Jaar"),
    "hours": _("Uren"),
    "total": _("Totaal"),
}
MONTHS = (
    _("januari"), _("februari"), _("maart"), _("april"), _("mei"), _("juni"),
    _("juli"), _("augustus"), _("september"), _("oktober"), _("november"), _("december"),
)  # fmt: skip


def field_choices(kind: str) -> list[tuple[str, Any]]:
    """What a column of this kind of sheet can be; first of all a note."""
    months = (
        [(f"month:{number}", word) for number, word in enumerate(MONTHS, start=1)] if kind == "hours" else []
    )
    fields = [(name, FIELD_WORDS[name]) for name in field_names(kind)]  # type: ignore[arg-type]
    return [("", _("Geen veld: bewaar als nota")), *fields, *months]


def field_word(field: str) -> str:
    """The field that a column is read as, in words."""
    if field.startswith("month:"):
        number = field.split(":")[1]
        return str(MONTHS[int(number) - 1]) if number.isdigit() and 1 <= int(number) <= 12 else field
    return str(FIELD_WORDS.get(field, field)) if field else translate("Geen veld: bewaar als nota")


def say_problem(problem: dict[str, Any]) -> str:
    return translate(TEXTS[problem["code"]].problem) % problem["params"]


def say_suggestion(problem: dict[str, Any]) -> str:
    return translate(TEXTS[problem["code"]].suggestion) % problem["params"]


MADE_WORDS = {
    "persons": ngettext_lazy("nieuwe persoon", "nieuwe mensen"),
    "persons_known": ngettext_lazy("bekende persoon, aangevuld", "bekende mensen, aangevuld"),
    "referrals": ngettext_lazy("aanmelding", "aanmeldingen"),
    "pathways": ngettext_lazy("traject", "trajecten"),
    "ended": ngettext_lazy("traject daarvan is al afgerond", "trajecten daarvan zijn al afgerond"),
    "organisations": ngettext_lazy("organisatie", "organisaties"),
    "umbrellas": ngettext_lazy("koepel", "koepels"),
    "tasks": ngettext_lazy("taak", "taken"),
    "proposed": ngettext_lazy("plek als voorstel", "plekken als voorstel"),
    "hour_lines": ngettext_lazy("maand of dag met uren", "maanden of dagen met uren"),
    "notes": ngettext_lazy("nota bij een persoon", "nota's bij mensen"),
    "host_notes": ngettext_lazy("nota bij een organisatie", "nota's bij organisaties"),
    "statuses": ngettext_lazy("status", "statussen"),
    "around": ngettext_lazy("mens rond een persoon", "mensen rond een persoon"),
    "facts": ngettext_lazy("gevoelig gegeven, versleuteld", "gevoelige gegevens, versleuteld"),
}


def made_word(name: str, count: int) -> str:
    """What was made, in the number that fits."""
    return str(MADE_WORDS[name] % count)
