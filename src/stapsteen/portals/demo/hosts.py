"""Hosts of the demo with their tasks. The names are invented."""

from __future__ import annotations

from typing import Any

from stapsteen.portals.demo.plans import HostPlan as H
from stapsteen.portals.demo.plans import TaskPlan as T

WEEK = "ma1 ma2 di1 di2 wo1 wo2 do1 do2 vr1 vr2"

CAFETARIA = T(
    "Cafetaria: koffie en een praatje", "catering", "ma2 di2 wo2 do2 vr2", 2, "Koffie schenken\nTafels afruimen\nAfwassen",
    dutch_level="1.2", physical=("standing",), allergens=("food",), support=("explaining", "closeness"),
    parts=(("Afwassen en rekken vullen", ("dutch_listening", "dutch_speaking")), ("Aan de kassa zitten", ("standing",))),
)  # fmt: skip
ANIMATION = T(
    "Meehelpen bij activiteiten",
    "care",
    "di2 wo2 do2",
    2,
    "Bewoners ophalen\nSpel begeleiden",
    dutch_level="1.2",
    support=("closeness",),
    parts=(("Bewoners ophalen", ("dutch_speaking",)),),
)
WALKS = T(
    "Wandelen met bewoners", "care", "ma1 wo1 vr1", 2, "Rolstoel duwen\nMee naar de markt", dutch_level="1.1"
)
LINEN = T(
    "Linnen plooien en ronddragen", "care", "ma1 di1 do1 vr1", 1, guidance="much", physical=("standing", "walking"),
    support=("structure", "explaining"), parts=(("Linnen plooien aan tafel", ("standing", "walking")),),
)  # fmt: skip
SORTING = T(
    "Kleding sorteren en prijzen", "technical", WEEK, 2, "Sorteren\nLabelen\nRekken vullen", physical=("lifting",),
    allergens=("dust",), support=("structure", "language"), parts=(("Labels maken", ("lifting", "allergen_dust")),),
)  # fmt: skip
REPAIR = T("Toestellen nakijken en herstellen", "technical", "di1 di2 do1 do2", 1, dutch_level="1.1")
VAN = T("Meerijden met de ophaalwagen", "technical", "wo1 wo2 vr1 vr2", 1, heavy=True)
BIKES = T(
    "Fietsen nakijken en herstellen",
    "technical",
    "ma1 ma2 wo1 wo2 do1",
    2,
    "Banden\nRemmen\nKuisen",
    guidance="much",
)
KENNELS = T(
    "Hokken en verblijven verzorgen", "animals", "ma1 di1 wo1 do1 vr1 za1", 2, "Voederen\nPoetsen", heavy=True
)
DOG_WALKS = T("Honden wandelen", "animals", "ma2 wo2 vr2 za1", 2)
ANIMALS = T("Dieren voederen op de kinderboerderij", "animals", "ma1 di1 do1 za1", 2, guidance="much")
FRONT_DESK = T(
    "Onthaal: bezoekers helpen",
    "administration",
    WEEK,
    1,
    "Telefoon\nBezoekers ontvangen",
    dutch_level="2",
    parts=(("Koffie klaarzetten en post halen", ("dutch_listening", "dutch_speaking")),),
)
PAPERS = T("Affiches en brieven klaarmaken", "administration", "ma1 di1 do1", 1, dutch_level="1.2")
GARDEN = T(
    "Moestuin en kruidentuin",
    "environment",
    "ma1 di1 wo1 do1 vr1",
    2,
    "Zaaien\nWieden\nOogsten",
    guidance="much",
)
GREEN = T("Paden en hagen onderhouden", "environment", "di1 di2 vr1 vr2", 2, heavy=True)
SHOP = T("Rekken vullen in de sociale kruidenier", "social", "di1 do1 do2 vr1", 2, dutch_level="1.1")
WELCOME = T("Mensen ontvangen in de inloop", "social", "ma2 di2 wo2 do2 vr1", 2, dutch_level="1.2")
HOMEWORK = T("Huiswerk maken met kinderen", "social", "ma3 di3 do3 wo2", 1, dutch_level="2")
KITCHEN = T("Koken voor de buurttafel", "catering", "di1 do1", 2, "Groenten snijden\nKoken\nAfwassen")
BREAD = T("Belegde broodjes maken", "catering", "ma1 wo1 vr1", 1, guidance="much")
BOOKS = T("Boeken terugzetten en plastificeren", "culture", "ma1 di2 wo2 vr2", 2)
READING = T("Voorlezen aan peuters", "culture", "wo1 za1", 1, dutch_level="3")
STAGE = T("Zaal klaarzetten voor voorstellingen", "culture", "do2 vr2 vr3 za2", 1)
COMPANY = T("Gezelschap bij mensen met een handicap", "care", "ma2 wo2 do2", 1, guidance="much")
ODD_JOBS = T("Klusjes in en om het huis", "technical", "ma1 di1 wo1", 1, guidance="much")

CARE: dict[str, Any] = {"part_of": "Maatwerk De Zes Ambachten", "programme": "care-work"}

KEMPEN_TURNHOUT = (
    H(
        "Kringwinkel De Zwaluw",
        "social_economy",
        "13040",
        ("technical",),
        5,
        "Kim Proost",
        (SORTING, REPAIR, VAN),
        insured=220,
    ),
    H(
        "WZC Lindenhof",
        "care_home",
        "13040",
        ("care", "catering"),
        4,
        "Ria Swinnen",
        (CAFETARIA, ANIMATION, LINEN),
        insured=38,
    ),
    H(
        "Buurthuis De Kapel",
        "vzw",
        "13040",
        ("social", "administration"),
        4,
        "Els Wuyts",
        (FRONT_DESK, KITCHEN, HOMEWORK),
    ),
    H(
        "Dierenasiel Kattenbos",
        "vzw",
        "13004",
        ("animals",),
        3,
        "Wendy Boeckx",
        (KENNELS, DOG_WALKS),
        insured=300,
    ),
    H("Natuurwerk Kempen", "vzw", "13031", ("environment",), 4, "Jan Hermans", (GREEN,), insured=150),
    H(
        "Bioboerderij De Akkerrand",
        "company",
        "13046",
        ("environment", "animals"),
        3,
        "Bert Nuyens",
        (GARDEN, ANIMALS),
        insured=90,
    ),
    H("Bibliotheek Turnhout", "local_government", "13040", ("culture",), 2, "Tine Roefs", (BOOKS, READING)),
    H(
        "Dagcentrum Het Steunpunt",
        "vzw",
        "13004",
        ("care",),
        2,
        "Nico Mattheus",
        (COMPANY, BREAD),
        insured=21,
    ),
    H(
        "Sociale kruidenier De Mand",
        "vzw",
        "13040",
        ("social",),
        3,
        "Hilde Cornelissen",
        (SHOP,),
        insured=260,
    ),
    H(
        "Lokaal dienstencentrum De Linde",
        "ocmw",
        "13040",
        ("catering", "social"),
        3,
        "Sonja Verlinden",
        (CAFETARIA, WELCOME),
        mail=False,
    ),
    H("Fietspunt Vosselaar", "social_economy", "13046", ("technical",), 2, "Guy Eelen", (BIKES,), insured=-9),
    H(
        "Cultuurhuis De Zolder",
        "local_government",
        "13031",
        ("culture",),
        1,
        "Lore Cox",
        (STAGE,),
        ends="talking",
    ),
    H("Jeugdhuis De Zandbak", "vzw", "13040", ("social",), 0, "Sam Vos", (), ends="prospect"),
    H("Rusthuis Sint-Corneel", "care_home", "13004", ("care",), 2, "Annick Pauwels", (WALKS,), ends="paused"),
)

_CARE_HOMES = (
    ("WZC Scheldetuin", "Nancy Ceulers", (CAFETARIA, ANIMATION), 340),
    ("WZC Parkzicht", "Ilse Roels", (WALKS, CAFETARIA), 45),
    ("WZC De Bijlhoek", "Conny Maes", (ANIMATION, LINEN), 200),
    ("WZC Zonneveld", "Sandra Op de Beeck", (CAFETARIA,), 410),
    ("WZC Het Gulden Hof", "Yves Claessens", (ANIMATION, WALKS), 120),
    ("WZC Kanaalzicht", "Peggy Dom", (CAFETARIA, LINEN), 300),
    ("WZC Rozenlaan", "Karin Stappaerts", (WALKS,), 12),
)
_COMMUNITY = (
    ("Buurtwerk Noordwijk", "Youssef Amari", (WELCOME, KITCHEN)),
    ("Buurtwerk Kielpark", "Sofie Nauwelaerts", (HOMEWORK, WELCOME)),
    ("Buurtwerk Luchtbal-Oost", "Tom Raes", (KITCHEN,)),
)
_CENTRES = (
    ("Dienstencentrum De Populier", "Greet Buys", (CAFETARIA, FRONT_DESK)),
    ("Dienstencentrum Hofplein", "Marleen Torfs", (CAFETARIA,)),
    ("Dienstencentrum De Inktpot", "Chris Van Hove", (WELCOME, PAPERS)),
)
_WELFARE = (
    ("Inloopcentrum De Steiger", "Ann Mariën", (WELCOME, ODD_JOBS)),
    ("Kledingpunt 't Kastje", "Bea Dillen", (SORTING,)),
)
ANTWERP = (
    H("Zorgkoepel Scheldestad: woonzorgcentra", "other", "11002", ("care",), 0, "", ends="none"),
    H("Zorgkoepel Scheldestad: dienstencentra", "other", "11002", ("care",), 0, "", ends="none"),
    H("Samenlevingsopbouw Scheldestad", "vzw", "11002", ("social",), 0, "", ends="none"),
    H("Welzijnskoepel Scheldestad", "vzw", "11002", ("social",), 0, "", ends="none"),
    H("Private rusthuizen", "other", "11002", ("care",), 0, "", ends="none"),
    *(
        H(n, "care_home", "11002", ("care",), 4, c, t, "Zorgkoepel Scheldestad: woonzorgcentra", insured=d)
        for n, c, t, d in _CARE_HOMES
    ),
    *(H(n, "vzw", "11002", ("social",), 3, c, t, "Samenlevingsopbouw Scheldestad") for n, c, t in _COMMUNITY),
    *(
        H(n, "ocmw", "11002", ("catering",), 3, c, t, "Zorgkoepel Scheldestad: dienstencentra", insured=250)
        for n, c, t in _CENTRES
    ),
    *(H(n, "vzw", "11002", ("social",), 3, c, t, "Welzijnskoepel Scheldestad") for n, c, t in _WELFARE),
    H("Rusthuis Villa Begonia", "care_home", "11002", ("care",), 2, "Dom Laen", (WALKS,), "Private rusthuizen", insured=55),
    H("Kringwinkel De Herkansing", "social_economy", "11002", ("technical",), 4, "Rudi Vloebergh", (SORTING, REPAIR, VAN)),
    H("Fietsatelier Het Spaakwiel", "social_economy", "11002", ("technical",), 4, "Kris Loos", (BIKES,), insured=310),
    H("Dierenasiel Scheldepoot", "vzw", "11002", ("animals",), 3, "Katleen Wens", (KENNELS, DOG_WALKS), insured=170),
    H("Kinderboerderij De Wei", "local_government", "11002", ("animals", "environment"), 3, "Jef Michiels", (ANIMALS, GARDEN)),
    H("Bioboerderij De Brandnetel", "company", "11002", ("environment",), 3, "Hanne Stoop", (GARDEN,), insured=75),
    H("Bibliotheek Parkkwartier", "local_government", "11002", ("culture",), 2, "Goele Rens", (BOOKS, READING)),
    H("Sociale kruidenier De Korf", "vzw", "11002", ("social",), 3, "Nadia Benali", (SHOP,)),
    H("Districtshuis Deurne-Oost", "local_government", "11002", ("administration",), 2, "Steven Cop", (FRONT_DESK, PAPERS)),
    H("Speelotheek De Tol", "vzw", "11002", ("social", "culture"), 2, "Joke Sas", (BOOKS,), insured=130),
    H("Ontmoetingsplek Tafel", "association", "11002", ("catering", "social"), 3, "Rita Boen", (KITCHEN, WELCOME), mail=False),
    H("Theaterhuis De Kleine Zaal", "vzw", "11002", ("culture",), 1, "Lies Faes", (STAGE,), insured=-16),
    H("Groendienst district Zuidrand", "local_government", "11002", ("environment",), 3, "Dirk Verbist", (GREEN,)),
    H("Wereldkeuken Harmonie", "vzw", "11002", ("catering",), 2, "Aminata Diallo", (KITCHEN,), insured=365),
    H("Repair Café Zurenborg-Zuid", "association", "11002", ("technical",), 2, "Walter Huys", (REPAIR,)),
    H("Stadsbos Natuurgroep", "association", "11002", ("environment",), 0, "Paul Haest", (GREEN,), ends="talking"),
    H("Museumwinkel De Kaai", "vzw", "11002", ("culture",), 0, "Eva Pinxten", (), ends="prospect"),
    H("Opvanghuis De Nachtlamp", "vzw", "11002", ("social",), 2, "Tim Luyten", (ODD_JOBS,), ends="stopped"),
    H("Maatwerk De Zes Ambachten", "vzw", "11002", ("technical",), 0, "Luk Brees", ends="none"),
    H("De Houtmand", "vzw", "11002", ("technical",), 6, "Erik Celis", (
        T("Houtwerk: planken schuren en paletten maken", "technical", WEEK, 6, guidance="much"),), **CARE),
    H("Tuinploeg Het Erf", "vzw", "11002", ("environment",), 6, "Sigrid Bal", (
        T("Tuinploeg en huisraadpakketten", "environment", WEEK, 6, guidance="much"),), **CARE),
    H("Fietswerkplaats De Ketting", "vzw", "11002", ("technical",), 6, "Ronny Van Eyck", (
        T("Fietsen demonteren en herstellen", "technical", WEEK, 6, guidance="much"),), **CARE),
    H("Magazijn De Stapel", "vzw", "11002", ("technical",), 6, "Carla Peters", (
        T("Magazijn: sorteren en inpakken", "technical", WEEK, 6, guidance="much"),), **CARE),
    H("Bistro De Pollepel", "vzw", "11002", ("catering",), 6, "Ines Da Silva", (
        T("Bistro: keuken en bediening", "catering", WEEK, 5, guidance="much"),), **CARE),
    H("Verhuisdienst De Kruiwagen", "vzw", "11002", ("technical",), 6, "Mo Chaib", (
        T("Verhuizen en woningen opfrissen", "technical", WEEK, 6, heavy=True, guidance="much"),), **CARE),
)  # fmt: skip

HASPENGOUW = (
    H("WZC De Bloesem", "care_home", "71045", ("care", "catering"), 4, "Ingrid Moors", (CAFETARIA, WALKS), insured=44),
    H("Fruitmuseum Haspenhof", "association", "73098", ("culture", "environment"), 3, "Jos Willems", (FRONT_DESK, GARDEN)),
    H("Bibliotheek Nieuwerkerken", "local_government", "71045", ("culture",), 2, "Nadine Claes", (BOOKS, READING)),
    H("Natuurgroep Mombeekvallei", "association", "71072", ("environment",), 3, "Erwin Dirix", (GREEN,), insured=330),
    H("Welzijnsschakel De Brug", "association", "71072", ("social",), 3, "Gerda Nelissen", (SHOP, HOMEWORK)),
    H("Dorpsrestaurant Kortessem", "ocmw", "71072", ("catering",), 3, "Wim Poesmans", (KITCHEN, BREAD), insured=190),
    H("Speelplein Klimop", "local_government", "71045", ("social",), 3, "Lotte Gaens", (
        T("Knutselnamiddag begeleiden", "social", "wo2 za2", 2, dutch_level="1.2"),)),
    H("Manege Zonnehoeve", "vzw", "71045", ("animals",), 2, "Sarah Vanmuysen", (ANIMALS, DOG_WALKS), insured=80),
    H("Rolstoelclub Samen Uit", "association", "73098", ("care",), 2, "Paul Gielen", (COMPANY,), mail=False),
    H("Kringloopcentrum Zuid", "social_economy", "71072", ("technical",), 3, "Bart Lenaers", (SORTING, REPAIR)),
    H("Heemkring De Oude Pastorie", "association", "71045", ("culture",), 1, "Roger Put", (PAPERS,), ends="talking"),
    H("Voetbalclub Eendracht", "association", "73098", ("catering",), 0, "Ludo Meys", (), ends="prospect"),
)  # fmt: skip

KEMPEN_MOL = (
    H(
        "WZC De Heide",
        "care_home",
        "13025",
        ("care", "catering"),
        4,
        "Gina Wouters",
        (CAFETARIA, ANIMATION, WALKS),
        insured=30,
    ),
    H(
        "Gemeente Mol, dienst groen",
        "local_government",
        "13025",
        ("environment",),
        2,
        "Staf Bynens",
        (GREEN,),
    ),
    H(
        "Gemeente Mol, onthaal",
        "local_government",
        "13025",
        ("administration",),
        2,
        "Lies Daems",
        (FRONT_DESK, PAPERS),
    ),
    H(
        "Sociale kruidenier 't Winkeltje",
        "ocmw",
        "13025",
        ("social",),
        4,
        "Margo Sels",
        (SHOP, WELCOME),
        insured=280,
    ),
    H("Dierenweide De Plas", "local_government", "13025", ("animals",), 2, "Roel Geerts", (ANIMALS,)),
    H(
        "Ontmoetingscentrum De Spoel",
        "local_government",
        "13025",
        ("culture",),
        2,
        "Ilse Baeten",
        (STAGE, BREAD),
        insured=58,
    ),
    H(
        "Fietsherberg De Trapper",
        "social_economy",
        "13025",
        ("technical",),
        2,
        "Dave Mols",
        (BIKES,),
        insured=210,
    ),
    H("Kindercrèche De Hommels", "vzw", "13025", ("social",), 1, "Vicky Kenis", (READING,), ends="paused"),
    H("Seniorenclub De Herfst", "association", "13025", ("care",), 0, "Maria Van Hout", (), ends="talking"),
)

LINK = (
    H(
        "Belevingsboerderij De Wilg",
        "vzw",
        "11055",
        ("environment", "animals"),
        3,
        "Stefan Hens",
        (GARDEN, ANIMALS),
        insured=35,
    ),
    H("Bibliotheek Zandhoven", "local_government", "11054", ("culture",), 2, "Ellen Bries", (BOOKS,)),
    H(
        "Buurtkeuken Brecht",
        "association",
        "11009",
        ("catering",),
        3,
        "Josée Van Looveren",
        (KITCHEN,),
        insured=240,
    ),
    H("WZC Heidehof", "care_home", "11022", ("care",), 2, "Barbara Gorrens", (WALKS, CAFETARIA)),
    H("Repair Café Schilde", "association", "11039", ("technical",), 2, "Fons Maes", (REPAIR,), mail=False),
    H(
        "Jeugdwerking Essen",
        "local_government",
        "11016",
        ("social",),
        1,
        "Niels Nelen",
        (HOMEWORK,),
        ends="talking",
    ),
)
