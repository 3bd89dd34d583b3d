"""The demo's consents, partners, experts and doubles: invented persons and colleagues; the partners are real organisations
that the sources name (documents 001 and 004)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from stapsteen.core.scope import Actor, open_scope, system
from stapsteen.hosts.actions import register_organisation
from stapsteen.network.actions import give_role
from stapsteen.network.models import StaffMember
from stapsteen.pathways import actions as pathways
from stapsteen.pathways.models import ExpertRequest, Pathway
from stapsteen.people import actions as people
from stapsteen.people.models import Person
from stapsteen.portals.demo.agenda import PURPOSE, Agenda, workday
from stapsteen.portals.demo.clock import set_day

DEMO = system("demo")
LANGUAGE_HOUSE = "Huis van het Nederlands"
STANDING = {"sociale-activering": ("vzw ANA", "Pegode")}
"""Partners that follow up persons of their own."""
ASKED = (
    ("Welk Nederlands past het best? En wat kan op de plek zelf?", ("profile", "dutch", "goals"),
     "Ja, zij mag meekijken. Ik wil graag beter praten."),
    ("Ken je een plek waar iemand rustig kan starten?", ("profile", "wheel", "spider"),
     "Goed, maar alleen tot de zomer."),
)  # fmt: skip
ADVICE = (
    "advice",
    "Een praatgroep op dinsdag sluit goed aan. Op de plek: korte zinnen, taken tonen, één vaste collega.",
)
PACKAGE = "Start met de planten en de tafels, twee keer per week, naast een vaste collega. Na een maand: mee aan de balie."
CONSENTS = (
    ("photo", "", "Een foto van mijn handen is goed, mijn gezicht niet."),
    ("share_host", "", "Ze mogen weten dat ik traag begin."),
    ("call_supporter", "mijn zus Mia", "Bel haar gerust als ik niet opneem."),
)


def finish_rights(a: Agenda) -> None:
    """How it stands today, as coach and coordinator left it."""
    set_day(workday(a.today - timedelta(days=20)), a.now)
    with open_scope(a.service.pk, actor=DEMO, purpose=PURPOSE):
        partners = _partners(a)
        expert = _expert(a, partners[0])
        rows = list(
            Pathway.objects.filter(state="active", starts_on__lte=a.ago(60))
            .exclude(person_id=a.cast.get("participant"))
            .order_by("starts_on", "id")
            .select_related("person")[:12]
        )
    with open_scope(a.service.pk, actor=a.actors["coordinator"], purpose=PURPOSE):
        for number, pathway in enumerate(rows):
            _consents(a, pathway.person, number)
        _stand_by(a, rows, partners)
        asked = [_ask(a, pathway, expert, number) for number, pathway in enumerate(rows[:2])]
    _answer(a, expert, asked, partners[0])
    set_day(workday(a.today - timedelta(days=4)), a.now)
    with open_scope(a.service.pk, actor=a.actors["coordinator"], purpose=PURPOSE):
        _doubles(a, rows)
    set_day(a.today, a.now)


def _partners(a: Agenda) -> list[Any]:
    names = STANDING.get(a.plan.slug, (f"{LANGUAGE_HOUSE} ({a.plan.slug})",))
    return [
        register_organisation(actor=DEMO, network=a.service.network, name=name, roles=("partner",))
        for name in names
    ]


def _expert(a: Agenda, partner: Any) -> StaffMember:
    """The expert of the plan acts for the first partner; a standing partner beside it has a colleague too."""
    row = next(row for row in a.plan.staff if "expert" in row.roles)
    return give_role(
        actor=DEMO, email=f"{row.user}@demo.example", name=row.name, role="expert", phone=row.phone,
        organisation_id=partner.pk,
    )  # fmt: skip


def _consents(a: Agenda, person: Person, number: int) -> None:
    purpose, recipient, words = CONSENTS[number % len(CONSENTS)]
    if number % 4 != 3:
        people.give_consent(
            person=person, actor=a.actor, purpose=purpose, recipient=recipient, own_words=words,
            how=("spoken", "written")[number % 2],
        )  # fmt: skip


def _stand_by(a: Agenda, rows: list[Pathway], partners: list[Any]) -> None:
    if a.plan.slug in STANDING:
        for number, pathway in enumerate(rows[2:8]):
            pathways.set_partner(pathway=pathway, actor=a.actor, partner=partners[number % len(partners)])


def _ask(a: Agenda, pathway: Pathway, expert: StaffMember, number: int) -> ExpertRequest:
    question, parts, words = ASKED[number]
    return pathways.ask_expert(
        pathway=pathway, actor=a.actor, expert=expert, question=question, parts=parts, own_words=words,
        ends_on=a.today + timedelta(days=45 + 30 * number),
    )  # fmt: skip


def _answer(a: Agenda, expert: StaffMember, asked: list[ExpertRequest], partner: Any) -> None:
    """The first is looked at and advised on; the second still waits."""
    actor = Actor("expert", user_id=expert.user_id, roles=frozenset({"expert"}), organisation_id=partner.pk)
    set_day(workday(a.today - timedelta(days=12)), a.now)
    for first in asked[:1]:
        with open_scope(a.service.pk, actor=actor, purpose="pathways.expert_request"):
            pathways.answer_expert(asked=first, actor=actor, accept=True)
            pathways.give_advice(asked=first, actor=actor, kind=ADVICE[0], text=ADVICE[1])
            pathways.give_advice(asked=first, actor=actor, kind="task_package", text=PACKAGE)


def _doubles(a: Agenda, rows: list[Pathway]) -> None:
    """Somebody who was written down twice, to compare; and two that became one again, to undo."""
    for number, pathway in enumerate(rows[2:4]):
        known = Person.objects.get(pk=pathway.person_id)
        twice = people.create_person(
            actor=a.actor, first_name=known.first_name, last_name=known.last_name.replace("e", "ee", 1),
            birth_year=known.birth_year, phone=known.phone, town=a.towns[0][0].name,
        )  # fmt: skip
        if number == 1:
            people.merge_persons(kept=known, double=twice, actor=a.actor)
