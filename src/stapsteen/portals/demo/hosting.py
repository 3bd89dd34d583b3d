"""How the demo's hosts stand today: talks, looks back, agreements, key people, a no, tasks that nobody looked at."""

from __future__ import annotations

from datetime import date, timedelta

from stapsteen.core.scope import open_scope
from stapsteen.hosts import actions
from stapsteen.hosts.models import Host, HostContact
from stapsteen.network.models import Municipality
from stapsteen.portals.demo.agenda import PURPOSE, Agenda, KnownHost, workday

WORRIES = (
    "Wie springt in als de vaste begeleider ziek is?",
    "Of er genoeg tijd is om alles rustig te tonen.",
    "Dat ze te laat horen dat iemand stopt.",
    "",
)
AGREED = (
    "We beginnen met één persoon, en bellen na twee weken.",
    "De sleutelfiguur is er altijd op de eerste dag.",
    "Eerst een rondleiding, dan pas beslissen.",
)
WELL = (
    "De mensen worden herkend en gegroet. De ploeg ziet wat het oplevert.",
    "Twee mensen bleven het hele jaar. De taken in kleine stappen werken goed.",
    "Het uitje met de hele ploeg, vrijwilligers inbegrepen.",
)
HARD = (
    "In de zomer was er weinig personeel.",
    "Soms kwam een antwoord van ons laat.",
    "Het was zoeken wie wat mag vragen.",
)
WISHES = ("Niet meer dan nu.", "Graag iemand voor de woensdag.", "Vroeger horen wanneer iemand komt kijken.")
KEY_PEOPLE = ("Mieke Claes", "Yusuf Demir", "Greet Wouters", "Tom Aerts", "Fatima El Amrani", "Luc Baeten")
SPREAD = ("social_economy", "vzw", "company")
"""Kinds of organisation that can be in two towns; a town's library or home for the elderly isn't."""
INSURERS = ("Ethias", "KBC Verzekeringen", "AG Insurance", "Provinciale verzekering vrijwilligerswerk")


def finish_hosts(a: Agenda) -> None:
    """Today, by the coordinator."""
    with open_scope(a.service.pk, actor=a.actors["coordinator"], purpose=PURPOSE):
        for number, known in enumerate(a.hosts.values()):
            _talked(a, known, number)
            _agreed(a, known, number)
            _tasks(a, known, number)
        for known in [known for known in a.hosts.values() if known.plan.kind in SPREAD][::4]:
            _second_place(a, known)
        _said_no(a)


def _days_ago(a: Agenda, days: int) -> date:
    return workday(a.today - timedelta(days=days))


def _talked(a: Agenda, known: KnownHost, number: int) -> None:
    """An intake talk each; a look back within the year for three of four; somebody who stays near."""
    actor = a.actors["coordinator"]
    author = a.staff["coordinator"].name
    actions.hold_talk(
        host=known.host, actor=actor, openness=("open", "careful")[number % 2], team=("yes", "doubts", "yes")[number % 3],
        worries=WORRIES[number % 4], agreed=AGREED[number % 3], held_on=_days_ago(a, 700 + 9 * number), author=author,
    )  # fmt: skip
    if number % 4:
        actions.look_back(
            host=known.host, actor=actor, went_well=WELL[number % 3], was_hard=HARD[(number + 1) % 3],
            wishes=WISHES[number % 3], held_on=_days_ago(a, 30 + 17 * (number % 15)), author=author,
        )  # fmt: skip
    for who in range(1 + number % 2):
        name = KEY_PEOPLE[(number + who) % len(KEY_PEOPLE)]
        actions.add_key_person(
            host=known.host, actor=actor, name=name, phone=f"0470 12 {70 + number % 30} {10 + who}",
            starts_on=_days_ago(a, 300),
        )  # fmt: skip


def _agreed(a: Agenda, known: KnownHost, number: int) -> None:
    """Signed with an end for most, one that ends soon, one that still waits; none for a host that isn't insured today."""
    actor = a.actors["coordinator"]
    insured = a.today + timedelta(days=known.plan.insured)
    if known.plan.insured < 0 or known.plan.ends != "active":
        return
    agreement = actions.draw_up_agreement(
        host=known.host, actor=actor, starts_on=a.today, ends_on=a.today + timedelta(days=40 if number == 1 else 730),
        insurer=INSURERS[number % 4], policy=f"{4000 + 37 * number}.{number:02}", insurance_until=insured,
    )  # fmt: skip
    if number == 2:
        return
    contact = HostContact.objects.get(host=known.host, ends_on=None)
    how = ("paper", "link")[number % 2]
    actions.sign_host_agreement(agreement=agreement, actor=actor, how=how, signed_by=contact.name)


def _tasks(a: Agenda, known: KnownHost, number: int) -> None:
    """Looked at lately; at every fifth host nobody did for long."""
    actor = a.actors["coordinator"]
    days = 250 if number % 5 == 3 else 20 + 11 * (number % 9)
    for task in known.tasks:
        actions.confirm_task(task=task, actor=actor, on=_days_ago(a, days))
    if known.tasks and number % 4 == 1 and known.tasks[0].closed_on is None:
        actions.update_task(
            task=known.tasks[0], actor=actor, published_until=a.today + timedelta(days=60),
            public_text=f"{known.tasks[0].title}. We tonen alles rustig. Kom eens kijken.",
            public_contact=known.plan.contact,
        )  # fmt: skip


def _second_place(a: Agenda, known: KnownHost) -> None:
    """It works in another town of the region as well; of several tasks the last is done there."""
    organisation, actor = known.host.organisation, a.actors["coordinator"]
    own = organisation.municipality.nis if organisation.municipality else ""
    other = next((nis for nis, _ in a.plan.towns if nis != own), None)
    if other is None or organisation.sites.exists():
        return
    town = Municipality.objects.get(nis=other)
    site = actions.keep_site(
        organisation=organisation, actor=actor, name=f"Vestiging {town.name}", municipality=town,
        address=f"{a.plan.streets[len(organisation.name) % len(a.plan.streets)]} {3 + len(town.name)}",
    )  # fmt: skip
    if len(known.tasks) > 1:
        actions.update_task(task=known.tasks[-1], actor=actor, site=site)


def _said_no(a: Agenda) -> None:
    """Two hosts said no: one to a kind of support, one for a task. Who is there stays."""
    hosts = [known for known in a.hosts.values() if known.plan.ends == "active" and known.tasks]
    actor = a.actors["coordinator"]
    for known, support in zip(hosts[3:5], ("start", ""), strict=False):
        host = Host.objects.select_related("organisation").get(pk=known.host.pk)
        if host.organisation.refusals.exists():
            continue
        task = None if support else known.tasks[-1]
        actions.record_refusal(
            organisation=host.organisation,
            actor=actor,
            support=support,
            task=task,
            starts_on=_days_ago(a, 45),
        )
