"""Every problem that reading can meet: how grave it is, what is said, what is proposed.

Sentences are in Dutch with named places; the page translates them (`_` only marks them).
Severity: 'repaired' the row is ready with the proposal applied; 'refused' the row isn't imported until
someone decides; 'info' the row is ready as it stands. `unread` means that the cell's own value did not reach
its field: it stays as a note and comes back in the spreadsheet of leftovers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

type Severity = Literal["repaired", "refused", "info"]


def _(text: str) -> str:
    """Mark for translation."""
    return text


@dataclass(frozen=True, slots=True)
class Text:
    severity: Severity
    problem: str
    suggestion: str
    unread: bool = False


KEPT: Final = _("Leeg laten. De tekst blijft als nota.")

TEXTS: Final[dict[str, Text]] = {
    "date_text": Text("repaired", _("De datum staat als tekst."), "%(date)s"),
    "date_short_year": Text("repaired", _("Het jaar heeft maar twee cijfers."), "%(date)s"),
    "date_guess": Text("repaired", _("De datum is niet zeker."), "%(date)s"),
    "date_month_first": Text("repaired", _("De maand staat voor de dag."), "%(date)s"),
    "date_serial": Text("repaired", _("De datum staat als getal."), "%(date)s"),
    "date_impossible": Text("repaired", _("Deze datum bestaat niet."), KEPT, unread=True),
    "date_unclear": Text("repaired", _("Dit is geen datum."), KEPT, unread=True),
    "birth_year_only": Text(
        "repaired", _("Hier staat alleen een geboortejaar."), _("Het jaar %(date)s bewaren, zonder dag.")
    ),
    "birth_implausible": Text("repaired", _("Deze geboortedatum kan niet kloppen."), KEPT, unread=True),
    "insz_not_kept": Text(
        "info",
        _("Jouw dienst bewaart geen rijksregisternummer."),
        _("We nemen de nummers niet over. We controleren er alleen de geboortedatum mee."),
    ),
    "insz_wrong": Text(
        "repaired",
        _("Dit rijksregisternummer klopt niet."),
        _("Leeg laten. Vraag het nummer na."),
        unread=True,
    ),
    "insz_birth_differs": Text(
        "info",
        _("De geboortedatum past niet bij het rijksregisternummer. Daar staat %(date)s."),
        _("De geboortedatum uit de kolom blijft staan. Kijk dit na."),
    ),
    "insz_birth_missing": Text(
        "info",
        _("De geboortedatum ontbreekt. In het rijksregisternummer staat %(date)s."),
        _("Vul de geboortedatum in als ze klopt."),
    ),
    "no_name": Text("refused", _("In deze rij staat geen naam."), _("Vul de naam in.")),
    "name_case": Text("repaired", _("De naam staat in hoofdletters of kleine letters."), "%(name)s"),
    "name_order": Text(
        "repaired",
        _("Het is niet zeker wat de familienaam is."),
        _("Familienaam %(surname)s, voornaam %(first_name)s"),
    ),
    "town_former": Text("repaired", _("%(locality)s hoort nu bij %(town)s."), "%(town)s"),
    "town_locality": Text("repaired", _("%(locality)s is een deel van %(town)s."), "%(town)s"),
    "town_spelling": Text("repaired", _("Deze gemeente is niet juist geschreven."), "%(town)s"),
    "town_several": Text("repaired", _("Er zijn meer plaatsen met deze naam."), "%(town)s"),
    "town_unknown": Text("repaired", _("Deze gemeente kennen we niet."), KEPT, unread=True),
    "town_code_differs": Text(
        "info", _("De postcode hoort niet bij %(town)s."), _("De gemeente blijft staan. Kijk de postcode na.")
    ),
    "phone_guess": Text("repaired", _("Dit telefoonnummer mist de eerste nul."), "%(phone)s"),
    "phone_unclear": Text("repaired", _("Dit is geen telefoonnummer."), KEPT, unread=True),
    "mail_odd": Text(
        "repaired",
        _("In dit e-mailadres staan vreemde tekens."),
        _("Bedoel je %(mail)s? Bevestig het. Tot dan blijft het een nota."),
        unread=True,
    ),
    "mail_unclear": Text("repaired", _("Dit is geen e-mailadres."), KEPT, unread=True),
    "level_unsure": Text(
        "repaired", _("Het niveau Nederlands is niet zeker."), _("%(level)s, nog na te vragen")
    ),
    "level_vague": Text(
        "repaired",
        _("Dit is geen niveau Nederlands."),
        _("Leeg laten en navragen. De tekst blijft als nota."),
        unread=True,
    ),
    "choice_unclear": Text(
        "repaired",
        _("Dit past niet helemaal bij een keuze uit de lijst."),
        _("Wat past, nemen we over. De tekst blijft als nota."),
        unread=True,
    ),
    "aim_maybe": Text("repaired", _("Het doel heeft een vraagteken."), "%(aim)s"),
    "aim_unclear": Text("repaired", _("Dit doel kennen we niet."), KEPT, unread=True),
    "halfdays_unsure": Text("repaired", _("De halve dagen zijn niet helemaal duidelijk."), "%(halfdays)s"),
    "halfdays_unclear": Text("repaired", _("Hier lezen we geen halve dagen in."), KEPT, unread=True),
    "referrers_sensitive": Text(
        "info",
        _("%(count)s doorverwijzers verraden iets gevoeligs."),
        _("We bewaren ze versleuteld, niet als gewone tekst."),
    ),
    "double_person": Text(
        "info",
        _("Deze persoon staat ook in rij %(other_row)s van %(other_sheet)s."),
        _("Eén persoon maken. Wat verschilt, blijft als nota."),
    ),
    "second_place": Text(
        "info",
        _("Deze persoon heeft hier een tweede plek: %(host)s."),
        _("Past één taak, dan wordt dit een tweede voorstel. Anders staat het in een nota."),
    ),
    "double_known": Text("info", _("Deze persoon staat al in Stapsteen."), _("Niet nog eens toevoegen.")),
    "double_possible": Text(
        "refused",
        _("Dit kan dezelfde persoon zijn als %(other)s."),
        _("Kies: dezelfde persoon of iemand anders."),
    ),
    "double_similar": Text(
        "info",
        _("%(other)s heeft dezelfde geboortedatum en bijna dezelfde naam."),
        _("Kijk na of dit twee personen zijn."),
    ),
    "same_name": Text(
        "info",
        _("Rij %(other_row)s heeft dezelfde naam, maar een andere geboortedatum."),
        _("We maken twee personen."),
    ),
    "host_spelling": Text(
        "repaired", _("Deze organisatie is anders geschreven dan in de lijst."), "%(host)s"
    ),
    "host_unknown": Text("repaired", _("Deze organisatie staat niet in de lijst."), KEPT, unread=True),
    "host_several": Text(
        "repaired",
        _("Er zijn meer organisaties met deze naam."),
        _("Kies de juiste. Tot dan blijft het een nota."),
        unread=True,
    ),
    "host_new": Text("info", _("Deze organisatie is nieuw."), _("We maken de organisatie aan.")),
    "stop_before_start": Text(
        "repaired",
        _("De stopdatum (%(stop)s) valt voor de startdatum (%(start)s)."),
        _("Start en stop leeg laten. Ze blijven als nota."),
        unread=True,
    ),
    "start_future": Text("info", _("De startdatum ligt in de toekomst."), _("De start blijft gepland.")),
    "start_before_referral": Text("info", _("De start ligt voor de aanmelding."), _("Kijk de datums na.")),
    "referral_future": Text("info", _("De aanmelding ligt in de toekomst."), _("Kijk de datum na.")),
    "stop_future": Text("info", _("De stopdatum ligt in de toekomst."), _("De stop blijft gepland.")),
    "start_missing": Text(
        "info", _("Er staat een organisatie, maar geen startdatum."), _("Vul de startdatum later aan.")
    ),
    "host_missing": Text(
        "info", _("Er staat een startdatum, maar geen organisatie."), _("Vul de organisatie later aan.")
    ),
    "talk_with_host": Text(
        "info",
        _("Zo'n wens bewaren we niet. Praat erover met de organisatie."),
        _("We zetten een gesprek klaar bij deze organisatie."),
        unread=True,
    ),
    "insurance_unknown": Text(
        "repaired",
        _("Er staat geen einddatum van de verzekering."),
        _("Leeg laten. Vraag de datum na."),
        unread=True,
    ),
    "insurance_expired": Text(
        "info", _("Deze verzekering is al afgelopen."), _("Vraag een nieuwe einddatum.")
    ),
    "count_range": Text("repaired", _("Hier staat geen vast aantal."), "%(count)s"),
    "count_text": Text("repaired", _("Het aantal staat als tekst."), "%(count)s"),
    "count_unclear": Text("repaired", _("Dit is geen aantal."), KEPT, unread=True),
    "kbo_wrong": Text("repaired", _("Dit ondernemingsnummer klopt niet."), KEPT, unread=True),
    "double_organisation": Text(
        "info", _("Deze organisatie staat ook in rij %(other_row)s."), _("Eén organisatie maken.")
    ),
    "organisation_known": Text(
        "info", _("Deze organisatie staat al in Stapsteen."), _("Niet nog eens toevoegen.")
    ),
    "task_missing": Text("refused", _("In deze rij staat geen taak."), _("Vul de taak in.")),
    "organisation_missing": Text(
        "refused", _("In deze rij staat geen organisatie."), _("Vul de organisatie in.")
    ),
    "organisation_unknown": Text(
        "refused",
        _("Deze organisatie staat niet in de lijst."),
        _("Kies een organisatie of zet ze eerst in de lijst."),
    ),
    "organisation_several": Text(
        "refused", _("Er zijn meer organisaties met deze naam."), _("Kies de juiste organisatie.")
    ),
    "double_task": Text("info", _("Deze taak staat ook in rij %(other_row)s."), _("Eén taak maken.")),
    "yesno_unclear": Text("repaired", _("Hier staat geen ja of nee."), KEPT, unread=True),
    "person_missing": Text("refused", _("In deze rij staat geen naam."), _("Vul de naam in.")),
    "person_unknown": Text(
        "refused",
        _("Deze persoon staat niet in de lijst."),
        _("Kies een persoon of zet hem eerst in de lijst."),
    ),
    "person_several": Text(
        "refused", _("Er zijn %(count)s personen met deze naam."), _("Kies de juiste persoon.")
    ),
    "year_missing": Text("refused", _("We weten niet over welk jaar deze uren gaan."), _("Kies het jaar.")),
    "hours_text": Text("repaired", _("De uren staan als tekst."), _("%(hours)s uur")),
    "hours_guess": Text("repaired", _("Het aantal uren is niet zeker."), _("%(hours)s uur")),
    "hours_times": Text("repaired", _("De uren staan als een som."), _("%(hours)s uur")),
    "hours_absence": Text("repaired", _("Hier staat een reden, geen uren."), _("Geen uren in deze maand.")),
    "hours_unclear": Text(
        "repaired", _("Dit zijn geen uren."), _("Geen uren overnemen. Kijk dit na."), unread=True
    ),
    "hours_many": Text("info", _("Dit is meer dan 200 uur in een maand."), _("Kijk dit na.")),
    "hours_future": Text(
        "repaired", _("Deze maand moet nog komen."), _("Niet overnemen. Kijk het jaar na."), unread=True
    ),
    "hours_outside": Text(
        "info",
        _("Uren buiten de periode bij de organisatie: %(months)s."),
        _("Kijk start en stop van deze persoon na."),
    ),
    "hours_no_start": Text(
        "info",
        _("Deze persoon heeft uren, maar is nergens gestart."),
        _("Vul de organisatie en de startdatum aan."),
    ),
    "hours_twice": Text(
        "refused",
        _("Voor deze persoon staan er al andere uren in %(month)s."),
        _("Tel ze samen of schrap één rij."),
    ),
    "hours_changed": Text(
        "info",
        _("Deze maand is al ingelezen, met een ander aantal."),
        _("Verbeter de uren op de urenpagina."),
    ),
    "month_unclear": Text("refused", _("Hier lezen we geen maand in."), _("Vul de maand in.")),
    "no_hours": Text("info", _("In deze rij staan geen uren."), _("Niets om over te nemen.")),
    "sum_differs": Text(
        "info", _("Het totaal is niet de som: we tellen %(sum)s uur."), _("De maanden gelden.")
    ),
    "total_row": Text("info", _("Dit is een rij met een totaal."), _("We slaan deze rij over.")),
    "total_agrees": Text(
        "info",
        _("Totaal %(total)s klopt met %(different)s verschillende, in %(read)s rijen."),
        _("We slaan deze rij over."),
    ),
    "total_differs": Text(
        "info",
        _("Totaal %(total)s klopt niet: we lezen %(read)s rijen, waarvan %(different)s verschillende."),
        _("Kijk na of er rijen ontbreken."),
    ),
    "formula_empty": Text("repaired", _("Deze formule heeft geen resultaat."), KEPT, unread=True),
    "already_imported": Text(
        "info", _("%(count)s rijen waren al ingelezen."), _("We voegen ze niet nog eens toe.")
    ),
    "row_skipped": Text("refused", _("Je sloeg deze rij over."), _("Niet overnemen.")),
}
