"""What people in the demo ask, say and write down. All of it invented; `{n}` is the first name."""

from __future__ import annotations

QUESTIONS: dict[str, tuple[str, ...]] = {
    "care": (
        "{n} zorgde jarenlang voor de zieke moeder. Nu is het stil in huis. {n} wil graag weer iets doen voor ouderen.",
        "Ik kan goed luisteren en ik heb tijd. Ik wil graag iets doen in een rusthuis, een paar uur per week.",
        "{n} praat graag met oudere mensen en oefent zo ook Nederlands. Een rustige plek met een vast gezicht zou fijn zijn.",
    ),
    "catering": (
        "{n} kookt graag en veel. In een keuken of cafetaria zou {n} zich snel thuis voelen.",
        "Vroeger werkte ik in een frituur. Door mijn rug lukt dat niet meer voltijds. Twee voormiddagen wel.",
        "{n} is graag onder de mensen. Koffie schenken en een praatje maken, dat is wat {n} zoekt.",
    ),
    "technical": (
        "{n} herstelt thuis alles wat kapot gaat. Er is nood aan een reden om buiten te komen.",
        "Ik ben vroeger fietsenmaker geweest. Ik wil mijn handen weer gebruiken en mensen leren kennen.",
        "{n} stopte lang geleden met school. Sleutelen gaat vanzelf, praten iets minder. Een kleine ploeg graag.",
    ),
    "animals": (
        "{n} komt moeilijk buiten, behalve voor de hond. Met dieren werken is een oude droom.",
        "Ik word rustig van dieren. Mensen vind ik soms druk. Is er iets in een asiel of een kinderboerderij?",
    ),
    "administration": (
        "{n} werkte twintig jaar aan een onthaal en mist dat. Voltijds werken kan nu niet.",
        "Ik ken goed Excel en ik spreek vijf talen. Thuis zitten maakt mij moe. Ik wil helpen op een bureau.",
    ),
    "environment": (
        "{n} heeft groene vingers en slaapt beter na een dag buiten. Dokter en begeleider vinden het een goed idee.",
        "Op de boerderij van mijn ouders deed ik alles. Ik wil weer in de grond werken, op mijn tempo.",
    ),
    "social": (
        "{n} kent zelf het leven met weinig geld en wil daar iets mee doen voor anderen.",
        "Ik kreeg veel hulp toen ik aankwam in België. Nu wil ik iets terugdoen voor andere gezinnen.",
        "{n} is alleen met twee kinderen. Overdag is er tijd. Contact met andere ouders zou deugd doen.",
    ),
    "culture": (
        "{n} leest alles wat los en vast zit. Iets doen in de bibliotheek zou een droom zijn.",
        "Ik maak graag foto's en muziek. Ik zoek een plek waar ik dat met anderen kan doen.",
    ),
}
"""Why someone comes, by the sector that fits; written by the person or by a helper."""

LINK_QUESTIONS = (
    "{n} gamet tot diep in de nacht en ziet bijna niemand meer. Zelf wil {n} daar uit geraken, maar niet weten hoe.",
    "Er is veel tegelijk: schulden, een kleine woning en weinig slaap. {n} wil stap voor stap weer onder de mensen.",
    "Ik zie soms het bos niet meer. Ik wil weten waar ik moet beginnen, samen met iemand.",
    "{n} staat er alleen voor met een kindje en kent hier niemand. De wens: één vaste plek in de week waar iemand wacht.",
    "{n} probeerde drie opleidingen en stopte telkens. Er is nood aan iemand die mee gaat en niet snel opgeeft.",
    "Na de scheiding viel alles stil. Ik wil weer sporten, en misschien ooit werken.",
    "{n} durft de bus niet alleen te nemen. Daardoor gaat alles voorbij: de Nederlandse les, de dokter, vrienden.",
)

OF_NEWCOMERS = ("Nederlands", "tolk", "woorden", "talen", "België")
"""A text with one of these words isn't about someone who grew up with Dutch."""

TRIED = (
    "Intake bij het OCMW, dat was een goed contact. Voor een gewoon traject gaat het nog te snel.",
    "VDAB-oriëntatie, gestopt na drie weken. Groep was te groot.",
    "Nederlandse les, niveau 1.2 behaald. Daarna thuis gebleven met de kinderen.",
    "Inloop in het buurthuis, één keer. Alleen binnengaan was te moeilijk.",
    "Gesprekken bij het CAW. Die lopen verder.",
    "Vrijwilligerswerk op eigen houtje gezocht. Geen antwoord gekregen op drie mails.",
    "",
)

FIRST_TALKS = (
    "Goed gesprek van een uur, thuis aan de keukentafel. {n} weet goed wat wel en wat niet. Drukte is lastig.",
    "{n} kwam samen met de maatschappelijk werker. De eerste tien minuten stil, daarna niet meer te stoppen.",
    "We maakten een wandeling in plaats van te zitten. Zo praatte {n} veel makkelijker. Wens: iets met een vast uur.",
    "{n} wil zelf, dat is duidelijk. De vrees is vooral om te laat te komen. We spreken een rustig beginuur af.",
    "Gesprek met tolk via de telefoon. {n} heeft veel ervaring van vroeger en wil die tonen.",
    "{n} vertelde over vroeger werk, met trots. Nu telt vooral: opnieuw een reden om op te staan.",
    "Kennismaking op ons bureau. {n} vroeg meteen wat de gastorganisatie zou weten. Goed uitgelegd: alleen wat nodig is.",
    "{n} twijfelt nog, maar wil wel gaan kijken. Dat is genoeg voor vandaag.",
)
ATTEMPTS = (
    "Geen antwoord. Bericht ingesproken met mijn nummer.",
    "Sms gestuurd. Ik probeer het overmorgen opnieuw.",
    "Nummer klopt, maar stond af. De helper laat weten dat we bellen.",
)
SECOND_TALKS = (
    "Tweede gesprek, al veel losser. Samen naar foto's van plekken gekeken. Twee blijven over.",
    "We zijn samen de bus genomen naar een mogelijke plek, om de weg te kennen.",
    "{n} had een lijstje gemaakt met wat telt: dichtbij, niet te druk, dezelfde mensen.",
)

ACCEPT_REASONS = (
    "Eigen wens is duidelijk. Past bij onze werking.",
    "Andere trajecten gaan te snel. Hier is tijd.",
    "Gemotiveerd, en de helper blijft in de buurt.",
)
REFUSALS: tuple[tuple[str, str, str], ...] = (
    (
        "elsewhere_better",
        "Wil vooral Nederlands leren. Dat kan beter in een oefengroep.",
        "Oefengroep Nederlands in de bibliotheek",
    ),
    (
        "help_first",
        "Eerst rust en een woning. Daarna is {n} hier weer welkom.",
        "CAW, dienst wonen. We belden samen.",
    ),
    (
        "other_region",
        "Woont sinds kort in een andere gemeente.",
        "De dienst van de nieuwe gemeente, met een warme overdracht",
    ),
    (
        "elsewhere_better",
        "Vond intussen zelf de weg naar een opleiding. Mooi zo.",
        "Opleiding logistiek assistent",
    ),
    (
        "condition",
        "Heeft nog een lopend contract. De mutualiteit kan nu meer doen.",
        "Terug-naar-werkcoördinator van de mutualiteit",
    ),
)
WITHDRAWALS = (
    "Belde zelf: nu even geen ruimte in het hoofd. Later misschien.",
    "De maatschappelijk werker laat weten dat de persoon verhuist.",
)

SEARCHING = (
    "Samen overlopen wat kan. {n} kiest voor iets met een vaste collega in de buurt.",
    "Twee organisaties gebeld. Bij één is er volgende maand plaats.",
    "{n} was moe vandaag. We houden het kort en bellen volgende week.",
    "Gaan kijken, zonder iets te beslissen. {n} vond de mensen vriendelijk en de ruimte wat groot.",
    "{n} stuurde zelf een bericht om te vragen hoe het zat. Een grote stap.",
)
FIRST_DAYS = (
    "Eerste dag samen gedaan. Na een uur zei {n} dat ik gerust mocht gaan.",
    "{n} was een halfuur te vroeg. Er stond koffie klaar, dat deed deugd.",
    "Spannend begin. De collega gaf uitleg, stap voor stap, en dat hielp.",
    "De eerste keer alleen met de bus. Goed gelukt, met een sms bij aankomst.",
)
GOING_WELL = (
    "Kort langsgegaan. {n} wordt er bij naam geroepen en lacht.",
    "Telefoontje met de gastorganisatie: tevreden, komt altijd op tijd.",
    "{n} leerde een nieuwe vrijwilliger hoe alles werkt. Trots!",
    "Geen nieuws is goed nieuws. {n} zegt dat de week nu een ritme heeft.",
    "{n} bracht zelfgemaakte koekjes mee voor de ploeg.",
    "Slaapt beter sinds de start, vertelt {n}. De dokter merkt het ook.",
    "{n} durft nu zelf te zeggen wanneer iets te veel is.",
    "Samen het rooster bekeken. Een halve dag meer mag, maar hoeft niet.",
)
HARDER = (
    "Drie keer afwezig. Op bezoek gegaan: zorgen over de huur. We bellen samen het OCMW.",
    "Een misverstand met een collega. Samen gepraat, het is uitgeklaard.",
    "{n} vond het te druk sinds de verbouwing. Voorlopig in het kleine zaaltje, dat helpt.",
    "Moeilijke weken. {n} wil niet stoppen, wel even minder. De organisatie begrijpt het.",
    "De bus rijdt niet meer rechtstreeks. We zoeken een andere weg of een fiets.",
)
PAUSES = (
    "Operatie aan de knie. De plek blijft vrij.",
    "Zorgt enkele weken voor een ziek kind.",
    "Even rust nodig, in overleg met de dokter.",
)
WHAT_HELPED = (
    "De eerste keren ging iemand mee.",
    "Een vaste collega die altijd goeiendag zegt.",
    "Kleine stappen, en niemand die duwt.",
    "De Nederlandse les in de voormiddag.",
    "Een fiets van de kringwinkel.",
    "De praatgroep op donderdag.",
)
STEP_BACK = (
    "De winter was zwaar. Dat mag. We beginnen opnieuw met korte bezoeken.",
    "Na de verhuis even minder contact. Het gaat weer beter.",
)
LINK_NOTES = (
    "Explorator samen ingevuld op drie avonden. Wonen en slapen komen eerst.",
    "Samen naar de eerste yogales in het dorp geweest. {n} bleef het hele uur.",
    "Mee naar de dokter geweest. {n} deed zelf het woord.",
    "Kaartje gestuurd na twee gemiste afspraken. {n} belde terug.",
    "Op het bankje voor de bibliotheek gezeten. Volgende keer gaan we binnen.",
    "{n} ging alleen naar het repair café. Dat stond al een jaar op het lijstje.",
    "Overleg met de psycholoog en de budgetbeheerder, {n} zat erbij en koos het tempo.",
    "Een halfuur gewandeld met de hond. Daarna de brieven geopend, de ene na de andere.",
)
DESK_NOTES = (
    "Kwam langs aan het loket. Kent de buurt goed en wil vooral iets met mensen doen.",
    "Telefoon: kan vanaf volgende maand, liefst in de namiddag.",
    "Voorgesteld aan twee verenigingen. Ze spreken zelf af.",
    "Was op de vrijwilligersmarkt en vulde daar het kaartje in.",
)

VOICE_PERSON = (
    "Ik kom graag. De collega's zijn vriendelijk en ik weet wat ik moet doen.",
    "In het begin was ik bang. Nu wil ik meer dagen komen.",
    "Het is soms druk, dan ga ik even buiten. Dat mag van iedereen.",
    "Ik leer elke week nieuwe woorden. Ik ben minder moe dan thuis.",
    "Ik zou later graag betaald werk doen. Nog niet nu.",
    "Mijn dochter is fier. Ik ook een beetje.",
)
VOICE_HOST = (
    "Een echte hulp voor de ploeg. We zouden niet meer zonder willen.",
    "Komt op tijd en verwittigt altijd. Nieuwe taken leggen we best één voor één uit.",
    "De anderen vragen ernaar als het een week niet lukt.",
    "Het tempo ligt wat lager en dat is prima. Het werk is net.",
    "We zien groei: praat meer, lacht meer, vraagt zelf om werk.",
    "Door de drukte konden we soms te weinig uitleg geven. We spreken een vaste collega af.",
)
VOICE_COACH = (
    "Goede plek, zo verder. Over vier maanden kijken we naar een halve dag extra.",
    "We letten samen op de grenzen: drie uur is genoeg.",
    "Klaar om voorzichtig naar een opleiding te kijken. Ik maak een afspraak.",
    "Ik kom minder vaak langs. De vaste collega blijft dichtbij.",
    "Nederlands ging sterk vooruit. De volgende stap is een taak aan het onthaal.",
)

ENDINGS: dict[str, tuple[str, ...]] = {
    "stepped_up": (
        "Start als logistiek medewerker, drie dagen per week. Samen gevierd met taart.",
        "Begint een opleiding. De organisatie schreef een mooie brief mee.",
        "Stapte samen met ons over naar de dienst die helpt naar werk. Warm onthaal daar.",
    ),
    "goal_reached": (
        "Is helemaal thuis op de plek en heeft ons niet meer nodig. Blijft als gewone vrijwilliger.",
        "Heeft weer mensen om zich heen. Dat was de vraag.",
    ),
    "stopped_by_person": ("Wil de tijd nu aan de kleinkinderen geven. Met een goed gevoel afgerond.",),
    "health": ("De gezondheid laat het nu niet toe. De deur blijft open.",),
    "moved": ("Verhuisd naar Gent. We gaven het adres van de dienst daar mee.",),
    "lost_contact": (
        "Drie brieven en vijf telefoons zonder antwoord. Dossier gesloten, terugkomen kan altijd.",
    ),
    "other_offer": ("Verder bij een ontmoetingshuis in de buurt. Samen gaan kennismaken.",),
}
HOST_NO = "Net een nieuwe ploeg. Ze zeggen liever eerlijk neen dan het half te doen."
NEW_TERMS = "Een halve dag meer vertrouwen: de persoon sluit nu zelf de winkel af."
PLACE_ENDINGS = {
    "change_by_person": "Wil liever buiten werken dan in de keuken. Goed dat dit gezegd werd.",
    "change_by_host": "De organisatie verbouwt en heeft een tijd te weinig handen voor uitleg.",
    "goal_reached": "Kan dit nu zonder begeleiding.",
    "pathway_ended": "Het traject is afgerond.",
}

HOST_NOTES: tuple[tuple[str, str], ...] = (
    ("visit", "Rondleiding gekregen. Kleine ploeg, rustige sfeer, koffie om tien uur met iedereen."),
    (
        "visit",
        "Koffie met het hele team. Ze willen graag, en vragen om niet meer dan twee mensen tegelijk.",
    ),
    (
        "visit",
        "Even binnen geweest. Het loopt goed. Ze vragen wat sneller een antwoord van ons.",
    ),
    ("note", "Verbouwing tot het voorjaar. Daarna terug bellen."),
    ("note", "Zegt eerlijk neen voor deze zomer: te weinig personeel. Dat is duidelijk en goed zo."),
    ("visit", "Nieuwe verantwoordelijke leren kennen. Zelfde openheid als vroeger."),
)
SHEET_REMARKS = (
    "Vrolijke maand, veel geholpen bij het feest.",
    "Een week ziek geweest, wel zelf gebeld.",
)
FACTS: tuple[tuple[str, str, str], ...] = (
    ("attention", "Kan niet lang rechtstaan. Een stoel in de buurt volstaat.", "Een taak kiezen die past"),
    (
        "health",
        "Suikerziekte. Heeft om tien uur een pauze nodig om te eten.",
        "Rooster met een pauze afspreken",
    ),
    ("attention", "Allergisch voor wespen. Heeft altijd een pen bij.", "Werken in de tuin veilig maken"),
    ("health", "Hoort slecht links. Mensen spreken best aan de rechterkant.", "Uitleg goed kunnen geven"),
    (
        "residence",
        "Verblijf is tijdelijk. Kaart geldig tot volgende zomer.",
        "Op tijd nakijken of alles in orde is",
    ),
)
POINTS: tuple[tuple[str, str], ...] = (
    ("Op tijd komen", "Bij vertraging belt de persoon zelf voor het begin."),
    ("Tempo", "We leggen één taak tegelijk uit en vragen na of het lukt."),
    ("Zwaar tillen", "Nooit alleen, en nooit meer dan tien kilo."),
    ("Drukte", "Als het te druk wordt, mag de persoon even naar buiten."),
)
