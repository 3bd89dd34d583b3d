"""The five services: who runs them, where they work, who works there, who refers, how many people in which phase."""

from __future__ import annotations

from stapsteen.portals.demo import hosts
from stapsteen.portals.demo.plans import ReferrerPlan, ServicePlan, StaffPlan

NETWORKS = {"kempen": "Netwerk Kempen", "antwerpen": "Netwerk Antwerpen", "haspengouw": "Netwerk Haspengouw"}


def team(slug: str, names: dict[str, str], more: tuple[StaffPlan, ...] = ()) -> tuple[StaffPlan, ...]:
    """One colleague per role, `<role>.<service>@demo.example`."""
    plans = [
        StaffPlan(f"{key}.{slug}", name, (key.rstrip("-23"),), f"014 00 1{number} {number}0")
        for number, (key, name) in enumerate(names.items(), start=1)
    ]
    return (*plans, *more)


VINAC = ServicePlan(
    slug="vinac",
    name="VINAC",
    owner="Stadsregio Turnhout",
    network="kempen",
    programmes=("vinac",),
    towns=(("13040", ()), ("13004", ()), ("13031", ()), ("13046", ())),
    summary={
        "nl": "Vrijwilligers in Actie. We zoeken samen een plek die bij je past. Neem gerust je tijd, tot drie jaar.",
        "fr": "Bénévoles en action. Nous cherchons ensemble une place qui te convient. Prends ton temps, jusqu'à trois ans.",
        "en": "Volunteers in action. Together we look for a place that suits you. Take your time, up to three years.",
    },
    email="vinac@demo.example",
    phone="014 00 10 00",
    address="Demoplein 1, 2300 Turnhout",
    accent="#0b5d53",
    wait_weeks=2,
    staff=team(
        "vinac",
        {
            "coach": "Marijke Dierckx",
            "intake": "Nele Vandeput",
            "coordinator": "Joris Van Gestel",
            "desk": "Carine Lenaerts",
            "administrator": "Tom Broeckx",
            "policy": "An Sterckx",
            "expert": "Hanne Willems",
        },
        (
            StaffPlan("coach-2.vinac", "Bram Heylen", ("coach",), "014 00 18 80"),
            StaffPlan("collega.kempen", "Inge Van Roey", ("coach",), "014 00 19 90"),
        ),
    ),
    referrers=(
        ReferrerPlan("OCMW Turnhout", "ocmw", can_sanction=True),
        ReferrerPlan("OCMW Beerse", "ocmw", can_sanction=True),
        ReferrerPlan("VDAB Kempen", "other", can_sanction=True),
        ReferrerPlan("GTB Kempen", "vzw"),
        ReferrerPlan("Dagcentrum De Kade", "vzw", sensitive=True),
    ),
    hosts=hosts.KEMPEN_TURNHOUT,
    crowd={
        "new_today": 1, "new_self": 1, "waiting_long": 2, "in_talks": 2, "ready": 1, "asking_yes": 1, "refused": 2,
        "not_reached": 1, "withdrawn": 1, "reopened": 1, "no_place": 7, "stands_still": 1, "proposed": 1, "to_sign": 2,
        "at_work": 13, "evaluation_due": 1, "evaluation_overdue": 2, "paused": 1, "changed_place": 2, "aim_changed": 1,
        "near_maximum": 1, "host_no": 1, "new_terms": 1, "stepped_up": 2, "ended": 4, "came_back": 1,
    },
)  # fmt: skip

ANTWERP = ServicePlan(
    slug="sociale-activering",
    name="Sociale Activering",
    owner="OCMW Antwerpen",
    network="antwerpen",
    programmes=("volunteering", "care-work"),
    towns=(("11002", ()),),
    summary={
        "nl": "Vrijwilligerswerk en arbeidszorg. We zoeken een zinvolle plek en gaan de eerste keren mee.",
        "fr": "Bénévolat et travail adapté. Nous cherchons une place qui a du sens et venons avec toi au début.",
        "en": "Volunteering and care work. We look for a meaningful place and come along the first times.",
    },
    email="sociale-activering@demo.example",
    phone="03 000 10 00",
    address="Demostraat 82, 2140 Antwerpen",
    accent="#8a1f3d",
    wait_weeks=3,
    staff=team(
        "sociale-activering",
        {
            "coach": "Saskia Moens",
            "intake": "Wout Cuypers",
            "coordinator": "Mieke De Backer",
            "desk": "Karim Ziani",
            "administrator": "Peter Lauwers",
            "policy": "Els Baeten",
            "expert": "Lotte Segers",
        },
        (
            StaffPlan("coach-2.sociale-activering", "Hassan Bakkali", ("coach",), "03 000 18 80"),
            StaffPlan("coach-3.sociale-activering", "Griet Somers", ("coach",), "03 000 19 90"),
        ),
    ),
    referrers=tuple(  # 21 centres in 5 clusters (document 001, slide 2); the names are invented
        ReferrerPlan(f"Sociaal centrum {name}", "ocmw", can_sanction=True, cluster=f"cluster-{cluster}")
        for cluster, names in enumerate(
            (
                ("De Brug", "Het Anker", "Zonneplein", "De Kaai", "Wilgenhof"),
                ("De Lantaarn", "Groenhof", "Rozenhoek", "De Hoeve"),
                ("Havenzicht", "De Molen", "Parkzijde", "Kastanje"),
                ("Het Baken", "Vlinderstraat", "De Spil", "Merelhof"),
                ("De Wijzer", "Oosterlicht", "Lindenplein", "De Akker"),
            ),
            start=1,
        )
        for name in names
    ),
    hosts=hosts.ANTWERP,
    streets=("Turnhoutsebaan", "Carnotstraat", "Abdijstraat", "Bredabaan", "Herentalsebaan", "Gallifortlei"),
    flemish=7,
    crowd={
        "new_today": 1, "waiting_long": 2, "in_talks": 2, "ready": 1, "asking_yes": 1, "refused": 2, "withdrawn": 1,
        "no_place": 4, "proposed": 1, "to_sign": 1, "at_work": 24, "care_at_work": 7, "care_ended": 1,
        "evaluation_due": 2, "evaluation_overdue": 2, "paused": 1, "changed_place": 1, "aim_changed": 1,
        "changed_kind": 1, "new_terms": 1, "stepped_up": 3, "ended": 4,
    },
)  # fmt: skip

HASPENGOUW = ServicePlan(
    slug="vrijwilligersnetwerk",
    name="Vrijwilligersnetwerk Haspengouw",
    owner="Gemeente Nieuwerkerken en stad Hasselt",
    network="haspengouw",
    programmes=("volunteer-centre",),
    towns=(("71045", ()), ("71072", ("3720", "3721", "3722", "3723", "3724")), ("73098", ())),
    summary={
        "nl": "Iedereen kan iets betekenen. Wij brengen inwoners en verenigingen bij elkaar.",
        "fr": "Chacun peut apporter quelque chose. Nous rapprochons habitants et associations.",
        "en": "Everyone can mean something. We bring residents and associations together.",
    },
    email="vrijwilligersnetwerk@demo.example",
    phone="011 00 10 00",
    address="Demolaan 5, 3850 Nieuwerkerken",
    accent="#8f5a00",
    wait_weeks=1,
    staff=team(
        "vrijwilligersnetwerk",
        {
            "coach": "Leen Bollen",
            "coach-2": "Steven Thijs",
            "intake": "Sandra Vrancken",
            "coordinator": "Geert Loix",
            "desk": "Mia Vanherle",
            "administrator": "Frank Schepers",
            "policy": "Kristien Bex",
            "expert": "Ruben Nijs",
        },
    ),
    referrers=(
        ReferrerPlan("OCMW Nieuwerkerken", "ocmw", can_sanction=True),
        ReferrerPlan("VDAB Haspengouw", "other", can_sanction=True),
        ReferrerPlan("Lokaal opvanginitiatief Zuid", "local_government", sensitive=True),
        ReferrerPlan("Psychiatrisch dagcentrum Het Veld", "vzw", sensitive=True),
    ),
    hosts=hosts.HASPENGOUW,
    flemish=14,
    crowd={
        "new_today": 1, "new_self": 2, "waiting_long": 1, "in_talks": 1, "ready": 1, "asking_yes": 1, "refused": 1,
        "withdrawn": 1, "no_place": 5, "proposed": 1, "to_sign": 1, "desk_at_work": 11, "evaluation_due": 1,
        "evaluation_overdue": 1, "paused": 1, "changed_place": 1, "stepped_up": 1, "ended": 2,
    },
)  # fmt: skip

MOL = ServicePlan(
    slug="begeleid-vrijwilligen",
    name="Begeleid Vrijwilligen",
    owner="Lokaal bestuur Mol",
    network="kempen",
    programmes=("volunteering",),
    towns=(("13025", ()),),
    summary={
        "nl": "Vrijwilligen met iemand naast je. Bij de gemeente of bij een vereniging in Mol.",
        "fr": "Du bénévolat avec quelqu'un à tes côtés. À la commune ou dans une association de Mol.",
        "en": "Volunteering with someone beside you. At the town or at an association in Mol.",
    },
    email="begeleid-vrijwilligen@demo.example",
    phone="014 00 20 00",
    address="Demomarkt 3, 2400 Mol",
    accent="#1f4e8c",
    wait_weeks=2,
    staff=team(
        "begeleid-vrijwilligen",
        {
            "coach": "Liesbet Geuens",
            "intake": "Dorien Cools",
            "coordinator": "Filip Verellen",
            "desk": "Anja Maes",
            "administrator": "Kurt Slegers",
            "policy": "Rik Vangeel",
            "expert": "Sara Nuyts",
        },
        (StaffPlan("collega.kempen", "Inge Van Roey", ("coach",), "014 00 19 90"),),
    ),
    referrers=(
        ReferrerPlan("OCMW Mol, sociale dienst", "ocmw", can_sanction=True),
        ReferrerPlan("Psychiatrisch ziekenhuis, dagbesteding", "vzw", sensitive=True),
        ReferrerPlan("Huis van het Nederlands Kempen", "vzw"),
    ),
    hosts=hosts.KEMPEN_MOL,
    shared_hosts=("Kringwinkel De Zwaluw", "Natuurwerk Kempen"),
    flemish=12,
    crowd={
        "new_today": 1, "new_self": 1, "waiting_long": 1, "in_talks": 2, "ready": 1, "asking_yes": 1, "refused": 1,
        "not_reached": 1, "no_place": 6, "stands_still": 1, "proposed": 1, "to_sign": 1, "at_work": 10, "host_no": 1,
        "evaluation_due": 1, "evaluation_overdue": 1, "paused": 1, "changed_place": 1, "stepped_up": 1, "ended": 3,
    },
)  # fmt: skip

LINK = ServicePlan(
    slug="link",
    name="LINK",
    owner="Welzijnsvereniging KINA",
    network="antwerpen",
    programmes=("link",),
    towns=tuple((nis, ()) for nis in ("11009", "11016", "11022", "11035", "11038", "11039", "11050", "11054", "11055")),
    summary={
        "nl": "Stap voor stap vooruit, op jouw tempo. Een coach gaat met je mee, ook buiten.",
        "fr": "Avancer pas à pas, à ton rythme. Un coach t'accompagne, dehors aussi.",
        "en": "Forward step by step, at your own pace. A coach goes along, outside too.",
    },
    email="link@demo.example",
    phone="03 000 20 00",
    address="Demodreef 12, 2980 Zoersel",
    accent="#5b3a8c",
    wait_weeks=4,
    staff=team(
        "link",
        {
            "coach": "Jana Verbruggen",
            "coach-2": "Pieter Ceulemans",
            "coach-3": "Amal Tahiri",
            "intake": "Ruth Hermans",
            "coordinator": "Veerle Bogaerts",
            "desk": "Jo Stevens",
            "administrator": "Dries Coppens",
            "policy": "Lut Van Dyck",
            "expert": "Maarten Proost",
        },
    ),
    referrers=(
        ReferrerPlan("OCMW Zoersel", "ocmw", can_sanction=True),
        ReferrerPlan("OCMW Brecht", "ocmw", can_sanction=True),
        ReferrerPlan("VDAB Antwerpen-Noord", "other", can_sanction=True),
        ReferrerPlan("CAW Voorkempen", "vzw"),
        ReferrerPlan("Mobiel team geestelijke gezondheid", "vzw", sensitive=True),
    ),
    hosts=hosts.LINK,
    shared_hosts=("Fietsatelier Het Spaakwiel",),
    crowd={
        "new_today": 1, "new_self": 1, "waiting_long": 3, "in_talks": 3, "ready": 1, "asking_yes": 2, "refused": 3,
        "not_reached": 1, "withdrawn": 1, "on_the_way": 12, "stands_still": 1, "evaluation_overdue": 1, "paused": 1,
        "at_work": 4, "proposed": 1, "stepped_up": 2, "ended_without_place": 4,
    },
)  # fmt: skip

SERVICES = (VINAC, ANTWERP, HASPENGOUW, MOL, LINK)
