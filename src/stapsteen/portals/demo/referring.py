"""The demo's referrers, messages, handovers and dividing: who may refer, what is asked both ways, who carries how much."""

from __future__ import annotations

from datetime import timedelta

from stapsteen.core.links import Link
from stapsteen.core.scope import Actor, open_scope, system
from stapsteen.network import actions_service as network
from stapsteen.network.queries import programmes_on
from stapsteen.pathways import actions as pathways
from stapsteen.pathways.actions.referrers import clusters_of
from stapsteen.pathways.models import Pathway, Referral
from stapsteen.portals.demo.agenda import PURPOSE, Agenda, workday
from stapsteen.portals.demo.clock import set_day

DEMO = system("demo")
WEIGHT_LIMIT = 44
FUNDERS = {
    "link": (("Europees Sociaal Fonds Plus (ESF+)", "https://www.europawse.be/"),),
    "vinac": (("Stadsregio Turnhout", "https://www.stadsregioturnhout.be/"),),
}
"""Who the sources name."""
OUTSIDE = {
    "nl": "Kom binnen voor koffie en een gesprek. Je hoeft niets af te spreken.",
    "fr": "Entre pour un café et une conversation. Pas besoin de rendez-vous.",
    "en": "Come in for coffee and a talk. No appointment needed.",
}
OWN_CHOICES = (
    "Ik wil weer onder de mensen komen. Thuis komen de muren op mij af.",
    "Niemand verplicht mij. Ik wil zelf iets doen met mijn dagen.",
    "Ik wil mijn Nederlands oefenen met gewone mensen.",
    "Vroeger werkte ik graag. Ik wil voelen dat ik nog iets kan.",
    "Mijn dochter zei: jij kan goed koken, doe er iets mee. Dat wil ik.",
)
QUESTIONS = (
    "Op welk uur bereiken we de persoon het best?",
    "Wie kan er mee naar het eerste gesprek?",
    "Is er iemand die kan tolken?",
)
ANSWERS = (
    "Bel best na 14 uur. Een sms vooraf helpt.",
    "Ik kom zelf mee, op dinsdag of donderdag.",
    "Een vriendin tolkt. Ik vraag of ze kan.",
)
OTHER_SERVICES = (
    ("CAW", "onthaal, 0800 13 500", "Zoekt hulp bij het wonen. Wil graag een vaste begeleider."),
    ("VDAB", "wijkwerking", "Wil een opleiding groenzorg. Spreekt goed Nederlands."),
    ("Huis van het Nederlands", "", ""),
)


def refer_by_list(a: Agenda) -> None:
    """Who may refer; where the programme has clusters, in one of them (Mol fills in none). In the open scope."""
    needed = clusters_of(programmes_on(a.service))
    for plan, organisation in zip(a.plan.referrers, a.referrers, strict=True):
        if needed and not plan.cluster:
            continue
        pathways.give_right(
            organisation=organisation, actor=DEMO, cluster=plan.cluster,
            kind="psychiatry" if plan.sensitive and "opvang" not in plan.name.lower() else
            "reception_centre" if plan.sensitive else "",
        )  # fmt: skip


def finish_referring(a: Agenda) -> None:
    """What stands open today, as the coordinator and intake left it."""
    for act in (_show_service, _limits, _weights, _divide, _messages):
        set_day(a.today, a.now)
        with open_scope(a.service.pk, actor=a.actors["coordinator"], purpose=PURPOSE):
            act(a)
    _hand_over(a)
    set_day(a.today, a.now)


def _show_service(a: Agenda) -> None:
    for name, url in FUNDERS.get(a.plan.slug, ()):
        network.add_funder(service=a.service, actor=DEMO, name=name, url=url)
    network.save_outside(
        service=a.service,
        actor=DEMO,
        name="Inloophuis De Luwte",
        what=OUTSIDE,
        phone=a.plan.phone[:3] + " 00 19 99",
    )


def _limits(a: Agenda) -> None:
    for key in a.coaches:
        network.set_weight_limit(colleague=a.staff[key], actor=DEMO, weight_limit=WEIGHT_LIMIT)


def _weights(a: Agenda) -> None:
    rows = Pathway.objects.filter(state__in=("active", "suspended")).order_by("starts_on", "id")
    for number, pathway in enumerate(rows):
        if number % 4 in (0, 3):
            weight = 1 if number % 4 == 0 else 3
            pathways.set_weight(pathway=pathway, actor=a.actor, weight=weight)


def _divide(a: Agenda) -> None:
    """The first of those in talks have somebody already."""
    rows = Referral.objects.filter(state="in_talks").order_by("received_on", "id")
    for number, referral in enumerate(rows[:2]):
        key = a.coaches[number % len(a.coaches)]
        pathways.assign_coach(referral=referral, actor=a.actor, coach=a.staff[key])


def _messages(a: Agenda) -> None:
    """A question to each who can be mailed; the first answered, which nobody read yet."""
    rows = (
        Referral.objects.filter(state__in=pathways.OPEN)
        .exclude(helper_email="")
        .order_by("received_on", "id")
    )
    for number, referral in enumerate(rows[:3]):
        pathways.write_to_referrer(referral=referral, actor=a.actor, text=QUESTIONS[number])
        if number == 0:
            link = Link(pathways.FOLLOW, {"referral": str(referral.pk)}, expired=False)
            helper = Actor(f"link:{pathways.FOLLOW}", link=link)
            pathways.write_to_service(referral=referral, actor=helper, text=ANSWERS[number])


def _hand_over(a: Agenda) -> None:
    """Of those who went elsewhere: one offered, one talked over, one taken over a month ago."""
    since = a.today - timedelta(days=50)
    with open_scope(a.service.pk, actor=a.actors["coordinator"], purpose=PURPOSE):
        rows = Referral.objects.filter(state="refused", person__erased_at=None, decided_on__lte=since)
        found = list(rows.order_by("-decided_on", "id")[: len(OTHER_SERVICES)])
    for number, (referral, other) in enumerate(zip(found, OTHER_SERVICES, strict=False)):
        _one_handover(a, referral, other, steps=number)


def _one_handover(a: Agenda, referral: Referral, other: tuple[str, str, str], *, steps: int) -> None:
    name, contact, told = other
    begun = workday(a.today - timedelta(days=40))
    set_day(begun, a.now)
    actor = a.actors["coordinator"]
    with open_scope(a.service.pk, actor=actor, purpose=PURPOSE):
        referral = Referral.objects.select_related("person").get(pk=referral.pk)
        handover = pathways.offer_handover(
            actor=actor, referral=referral, to_name=name, to_contact=contact, told=told, agreed=bool(told),
            own_words="Dat is goed. Dan moet ik het niet opnieuw uitleggen." if told else "",
        )  # fmt: skip
        if steps == 0:
            pathways.note_handover_talk(handover=handover, actor=actor, talk_on=begun)
            pathways.take_over(handover=handover, actor=actor)
        elif steps == 1:
            pathways.note_handover_talk(handover=handover, actor=actor, talk_on=begun)
