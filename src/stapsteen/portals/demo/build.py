"""Fill an empty installation with the five services: set up, live through the years, settle, log in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from stapsteen.core import readlog
from stapsteen.core.scope import Actor, open_scope, system
from stapsteen.hosts import actions as hosts
from stapsteen.hosts.models import HostContact, Organisation
from stapsteen.hours import actions as hours
from stapsteen.hours import mails, months
from stapsteen.hours.models import HourLine, Timesheet
from stapsteen.network import roles
from stapsteen.network.actions import cover, create_service, give_role, save_programme
from stapsteen.network.models import Membership, Municipality, Network, Service, User
from stapsteen.people.actions.cards import print_card
from stapsteen.people.models import SUPPORT, Person
from stapsteen.placements import actions as placements
from stapsteen.portals.demo import texts
from stapsteen.portals.demo.agenda import PURPOSE, Agenda, KnownHost, workday
from stapsteen.portals.demo.clock import set_day, story_time
from stapsteen.portals.demo.earlier import earlier_places
from stapsteen.portals.demo.haste import in_one_go
from stapsteen.portals.demo.hosting import finish_hosts
from stapsteen.portals.demo.looking_rules import looks_together, switched_on
from stapsteen.portals.demo.meeting import meeting_stories
from stapsteen.portals.demo.months import earlier_months, kept_month, last_month
from stapsteen.portals.demo.phases import PHASES
from stapsteen.portals.demo.plans import HostPlan, ServicePlan, TaskPlan, half_days
from stapsteen.portals.demo.profile import finish_profiles
from stapsteen.portals.demo.referring import finish_referring, refer_by_list
from stapsteen.portals.demo.rights import finish_rights
from stapsteen.portals.demo.searching import search_places
from stapsteen.portals.demo.services import NETWORKS, SERVICES

PASSWORD = "stapsteen-demo"  # noqa: S105 - printed on the start page of every demo
DEMO = system("demo")
SHOWN = ("coach", "intake", "coordinator", "desk", "administrator", "policy", "expert")
Say = Callable[[str], None]


def logins_file() -> Path:
    return Path(settings.DATA_DIR) / "demo-logins.json"


def seed(
    only: tuple[str, ...] = (),
    say: Say = lambda _line: None,
    *,
    before_search: Callable[[], None] = lambda: None,
    before_commit: Callable[[], None] = lambda: None,
) -> list[dict[str, str]]:
    """Make the services (all, or those named) with their history up to today; gives the logins."""
    import_pages()
    plans = [plan for plan in SERVICES if not only or plan.slug in only]
    with transaction.atomic(), in_one_go(), story_time(), _unprinted():
        agendas = _history(plans, say)
        before_search()
        logins = _present(agendas, say)
        before_commit()
    return logins


def import_pages() -> None:
    """Every room's pages, events and rules are known."""
    import_module(settings.ROOT_URLCONF)


def seal() -> None:
    """The read log of making the demo, sealed once: the first link of each chain."""
    for service in Service.objects.order_by("slug"):
        with open_scope(service.pk, actor=DEMO, purpose=PURPOSE):
            readlog.seal_entries()


def keep_logins(logins: list[dict[str, str]]) -> None:
    logins_file().parent.mkdir(parents=True, exist_ok=True)
    logins_file().write_text(json.dumps(logins, ensure_ascii=False, indent=1))


def _history(plans: list[ServicePlan], say: Say) -> list[Agenda]:
    """Up to the end of last month."""
    now, today = timezone.now(), timezone.localdate()
    agendas = []
    for plan in plans:
        with _timed(say, f"{plan.name}: {sum(plan.crowd.values()) + 1} mensen, van toen tot vorige maand"):
            a = set_up(plan, now, today)
            invite(a)
            a.run(months.first_of(today) - timedelta(days=1))
            agendas.append(a)
    set_day(months.first_of(today), now)
    hours.ask_month(month=months.before(months.first_of(today)))
    return agendas


def _present(agendas: list[Agenda], say: Say) -> list[dict[str, str]]:
    """This month, and how it stands today."""
    for a in agendas:
        with _timed(say, f"{a.plan.name}: deze maand"):
            a.add(last_month(a))
            a.run(a.today)
            settle(a)
    set_day(agendas[-1].today, agendas[-1].now)
    password = make_password(PASSWORD)
    User.objects.filter(email__endswith="@demo.example").update(password=password)
    return [login for a in agendas for login in logins_of(a)]


@contextmanager
def _unprinted() -> Iterator[None]:
    """Sending an agreement prints it once, to see that it can be printed. For a hundred of them that takes too long
    here; opening one in the demo prints it as always."""
    real = vars(placements)["render_agreement"]
    vars(placements)["render_agreement"] = lambda *_: b""
    try:
        yield
    finally:
        vars(placements)["render_agreement"] = real


@contextmanager
def _timed(say: Say, what: str) -> Iterator[None]:
    began = monotonic()
    yield
    say(f"{what} ({monotonic() - began:.1f} s)")


def invite(a: Agenda) -> None:
    """Everyone's story onto the agenda, the phases mixed, so that each coach gets some of each."""
    names = [name for name, count in a.plan.crowd.items() for _one in range(count)]
    a.rng.shuffle(names)
    with open_scope(a.service.pk, actor=DEMO, purpose=PURPOSE):
        a.add(PHASES["link_participant" if a.plan.slug == "link" else "participant"](a))
        for name in names:
            a.add(PHASES[name](a))
    for month in earlier_months(a):
        a.add(kept_month(a, month))
    for story in meeting_stories(a):
        a.add(story)


# Setting up ----------------------------------------------------------------------------------------------------------


def set_up(plan: ServicePlan, now: Any, today: date) -> Agenda:
    """The service with its region, rules, colleagues, referrers and hosts, some years ago."""
    begin = date(today.year - 5, 1, 2)
    set_day(begin, now)
    network, _made = Network.objects.get_or_create(
        slug=plan.network, defaults={"name": NETWORKS[plan.network]}
    )
    service = create_service(
        slug=plan.slug, name=plan.name, owner_name=plan.owner, network=network, summary=plan.summary, email=plan.email,
        phone=plan.phone, address=plan.address, accent=plan.accent, expected_wait_weeks=plan.wait_weeks,
    )  # fmt: skip
    for nis, codes in plan.towns:
        cover(service=service, municipality=Municipality.objects.get(nis=nis), postal_codes=codes)
    for slug in plan.programmes:
        _programme(service, slug, begin, today)
    a = Agenda(plan, service, now, today)
    with open_scope(service.pk, actor=DEMO, purpose=PURPOSE):
        _staff(a)
        a.referrers = [
            hosts.register_organisation(
                actor=DEMO, network=network, name=row.name, legal_kind=row.kind, roles=("referrer",),
                can_sanction=row.can_sanction, sensitive_referrer=row.sensitive,
            )
            for row in plan.referrers
        ]  # fmt: skip
        refer_by_list(a)
        _referrer_login(a)
    set_day(workday(today - timedelta(days=1150)), now)
    with open_scope(service.pk, actor=a.actors["coordinator"], purpose=PURPOSE):
        for row in plan.hosts:
            _host(a, row, network)
        for name in plan.shared_hosts:
            _shared_host(a, name, network)
    return a


def _programme(service: Service, slug: str, begin: date, today: date) -> None:
    """The preset, then the service's own version; Mol put its own place in it, and changed it again four months ago."""
    text = (settings.ROOT / "programmes" / f"{slug}.toml").read_text()
    if service.slug == "begeleid-vrijwilligen":
        for ours, theirs in MOL_WORDS:
            text = text.replace(ours, theirs)
    save_programme(service=service, actor=DEMO, text=text, valid_from=begin)
    if looks_together(service.slug):
        text = switched_on(text, service.slug)
        save_programme(service=service, actor=DEMO, text=text, valid_from=begin + timedelta(days=365))
    if service.slug == "begeleid-vrijwilligen":
        for ours, theirs in MOL_CHANGE:
            if ours not in text:
                raise ValueError(f"the preset no longer says {ours!r}")
            text = text.replace(ours, theirs, 1)
        save_programme(service=service, actor=DEMO, text=text, valid_from=today - timedelta(days=120))


MOL_WORDS = (
    ('nis = "11002"\nname = "Antwerpen"', 'nis = "13025"\nname = "Mol"'),
    ("Je woont in Antwerpen.", "Je woont in Mol."),
    ("Tu habites à Anvers.", "Tu habites à Mol."),
    ("You live in Antwerp.", "You live in Mol."),
    ("Deze dienst is voor wie in Antwerpen woont.", "Deze dienst is voor wie in Mol woont."),
    ("Ce service est pour les habitants d'Anvers.", "Ce service est pour les habitants de Mol."),
    ("This service is for people who live in Antwerp.", "This service is for people who live in Mol."),
    ("Atlas in Antwerpen", "het Huis van het Nederlands"),
    ("Atlas in Antwerp", "the Huis van het Nederlands"),
    ("Atlas à Anvers", "la Maison du néerlandais"),
)
MOL_CHANGE = (
    ("by_person = false", "by_person = true"),
    (
        "Ga naar het sociaal centrum in je buurt. Je maatschappelijk werker meldt je aan.",
        "Meld jezelf aan, of vraag het aan je maatschappelijk werker.",
    ),
    ("every_months = 4", "every_months = 3"),
)
"""Since four months people in Mol may come by themselves, and talks are every three months."""


def _staff(a: Agenda) -> None:
    for row in a.plan.staff:
        for role in row.roles:
            member = give_role(
                actor=DEMO, email=f"{row.user}@demo.example", name=row.name, role=role, phone=row.phone
            )
        key = row.user.removesuffix(f".{a.plan.slug}")
        a.staff[key] = member
        a.actors[key] = Actor("+".join(sorted(row.roles)), user_id=member.user_id, roles=frozenset(row.roles))
    Membership.objects.filter(service=a.service).update(
        starts_on=timezone.localdate()
    )  # auto_now_add keeps the real day


def _referrer_login(a: Agenda) -> None:
    give_role(
        actor=DEMO, email=f"referrer.{a.plan.slug}@demo.example", name="Kathleen Smets", role="referrer",
        organisation_id=a.referrers[0].pk,
    )  # fmt: skip


def _host(a: Agenda, row: HostPlan, network: Network) -> None:
    """An organisation with tasks, capacity, contact and the path it went."""
    actor = a.actor
    others = {"umbrella": row.umbrella, "part_of": row.part_of}
    organisation = hosts.register_organisation(
        actor=actor, network=network, name=row.name, legal_kind=row.kind, sectors=row.sectors,
        roles=("umbrella",) if row.ends == "none" else ("host",), municipality=Municipality.objects.get(nis=row.town),
        address=f"{a.pick(a.plan.streets)} {a.rng.randint(1, 90)}",
        **{key: Organisation.objects.get(network=network, name=name) for key, name in others.items() if name},
    )  # fmt: skip
    if row.ends == "none":
        return
    tasks = [_task(a, organisation, task, row) for task in row.tasks]
    if row.ends not in ("prospect", "talking"):
        hosts.state_capacity(
            organisation=organisation,
            actor=actor,
            places=row.places,
            supports=carried(row.places, len(row.name)),
        )
    _work_with(a, row, organisation, tasks)


def _task(a: Agenda, organisation: Organisation, task: TaskPlan, row: HostPlan) -> Any:
    """A task with what it asks and gives, and its parts that ask less."""
    made = hosts.open_task(
        organisation=organisation, actor=a.actor, title=task.title, half_days=half_days(task.when), seats=task.seats,
        sector=task.sector, description=task.description, dutch_level=task.dutch_level, heavy=task.heavy,
        guidance=task.guidance, kind="care_work" if row.programme == "care-work" else task.kind,
        allergens=task.allergens, support=task.support, travel=("bike", "transit"),
        **({"physical": task.physical} if task.physical else {}),
    )  # fmt: skip
    for title, lifts in task.parts:
        hosts.keep_subtask(task=made, actor=a.actor, title=title, lifts=lifts)
    return made


def carried(places: int, number: int) -> dict[str, int]:
    """What a host says of kinds of support: some of most, each host another one that wasn't spoken about; never a no,
    since the people of the demo are placed before anybody asks."""
    kinds = [kind for index, kind in enumerate(SUPPORT) if (index + number) % 4]
    return dict.fromkeys(kinds, places) if places else {}


def _shared_host(a: Agenda, name: str, network: Network) -> None:
    """An organisation that another service of the network brought in: its tasks and capacity are there already."""
    organisation = Organisation.objects.filter(network=network, name=name).first()
    row = next(row for plan in SERVICES for row in plan.hosts if row.name == name)
    if organisation is not None:
        _work_with(a, row, organisation, list(organisation.tasks.order_by("id")))


def _work_with(a: Agenda, row: HostPlan, organisation: Organisation, tasks: list[Any]) -> None:
    host = hosts.work_with(organisation=organisation, actor=a.actor)
    mail = f"contact@{slugify(row.name)}.example" if row.mail else ""
    hosts.set_contact(
        host=host,
        actor=a.actor,
        name=row.contact,
        email=mail,
        phone=f"0470 12 {a.rng.randint(80, 99)} {a.rng.randint(10, 99)}",
    )
    for action in PATHS[row.ends]:
        reason = "Te weinig personeel om mensen goed te begeleiden." if action in ("pause", "stop") else ""
        hosts.move_host(host=host, actor=a.actor, action=action, reason=reason)
    if row.ends in ("active", "paused"):
        signed = timezone.localdate()
        far = a.today + timedelta(days=400)
        hosts.set_host_agreement(host=host, actor=a.actor, insurance_until=far, agreement_signed_on=signed)
        a.hosts[row.name] = KnownHost(row, host, tasks)
    kind, text = texts.HOST_NOTES[3] if row.ends == "prospect" else a.pick(texts.HOST_NOTES)
    hosts.add_host_note(host=host, actor=a.actor, kind=kind, text=text)


PATHS = {
    "active": ("talk", "activate"),
    "talking": ("talk",),
    "prospect": (),
    "paused": ("talk", "activate", "pause"),
    "stopped": ("talk", "activate", "stop"),
}


# How it stands today -------------------------------------------------------------------------------------------------


def settle(a: Agenda) -> None:
    """Last things that hold today: insurances, a visit, the participant's login."""
    set_day(a.today, a.now)
    lately = workday(a.today - timedelta(days=6))
    with open_scope(a.service.pk, actor=a.actors["coordinator"], purpose=PURPOSE):
        for number, known in enumerate(a.hosts.values()):
            until = a.today + timedelta(days=known.plan.insured)
            hosts.set_host_agreement(host=known.host, actor=a.actor, insurance_until=until)
            if number % 3 == 0:
                kind, text = a.pick(texts.HOST_NOTES[:3])
                hosts.add_host_note(host=known.host, actor=a.actor, kind=kind, text=text, happened_on=lately)
    finish_hosts(a)
    _correct(a)
    finish_referring(a)
    finish_profiles(a)
    finish_rights(a)
    search_places(a)
    earlier_places(a)  # after its room was made
    with open_scope(a.service.pk, actor=DEMO, purpose=PURPOSE):
        person = Person.objects.get(pk=a.cast["participant"])
        email = f"participant.{a.plan.slug}@demo.example"
        member = give_role(actor=DEMO, email=email, name=str(person), role="participant")
        person.user_id = member.user_id
        person.save(update_fields=["user"])


def _correct(a: Agenda) -> None:
    """A day that turned out otherwise after the month was confirmed: a visible correction."""
    month = earlier_months(a)[-1]
    with open_scope(a.service.pk, actor=DEMO, purpose=PURPOSE):
        rows = HourLine.objects.filter(month=month, minutes__gt=120, corrects=None).select_related(
            "timesheet"
        )
        line = rows.order_by("day", "id").first()
    if line is None:
        return
    actor = next(actor for key, actor in a.actors.items() if a.staff[key].pk == line.timesheet.coach_id)
    with open_scope(a.service.pk, actor=actor, purpose=PURPOSE):
        hours.correct_hours(placement=line.placement, actor=actor, day=line.day, minutes=line.minutes - 60)


# Logins --------------------------------------------------------------------------------------------------------------


def logins_of(a: Agenda) -> list[dict[str, str]]:
    """One login per role, the host's contact with a link; and the colleague who works in two services."""
    base = {"service": a.plan.slug, "service_name": a.plan.name}

    def row(role: str, user: str, name: str = "") -> dict[str, str]:
        shown = name or str(roles.ROLES[role])
        return {
            **base,
            "role": role,
            "role_name": shown,
            "user": f"{user}@demo.example",
            "password": PASSWORD,
        }

    keys = [staff.user for staff in a.plan.staff]
    found = [row(role, f"{role}.{a.plan.slug}") for role in SHOWN if f"{role}.{a.plan.slug}" in keys]
    if "collega.kempen" in keys:
        found.insert(1, row("coach", "collega.kempen", "Trajectbegeleider in twee diensten"))
    found += [row(role, f"{role}.{a.plan.slug}") for role in ("participant", "referrer")]
    found += [{**base, "role": "participant_card", **card} for card in _card(a)]
    link = _host_link(a)
    if link:
        found.append({**base, "role": "host_contact", "role_name": str(roles.ROLES["host_contact"]), **link})
    return found


def _card(a: Agenda) -> list[dict[str, str]]:
    """The printed card of the person who also has a login: what the square on it says, and its digits."""
    with open_scope(a.service.pk, actor=a.actors["coordinator"], purpose=PURPOSE):
        person = Person.objects.filter(user__email=f"participant.{a.plan.slug}@demo.example").first()
        if person is None:
            return []
        _kept, secret, pin = print_card(person=person, actor=a.actors["coordinator"])
    path = reverse("people.card_open", kwargs={"service": a.plan.slug, "secret": secret})
    shown = f"Deelnemer met kaart ({pin[:3]} {pin[3:]})"
    return [
        {
            "role_name": shown,
            "pin": pin,
            "link": settings.BASE_URL + path,
            "made_of": json.dumps({"path": path}),
        }
    ]


def _host_link(a: Agenda) -> dict[str, str]:
    """The link of the monthly mail of a host that still has to answer, preferably with several people."""
    month = months.before(months.first_of(a.today))
    with open_scope(a.service.pk, actor=DEMO, purpose=PURPOSE):
        rows = list(
            Timesheet.objects.filter(month=month)
            .select_related("host__organisation")
            .prefetch_related("people")
        )
        rows.sort(key=lambda sheet: (sheet.state != "asked", -len(sheet.people.all()), str(sheet.pk)))
        for sheet in rows:
            contact = HostContact.objects.filter(host=sheet.host, ends_on=None).exclude(email="").first()
            if contact is not None:
                made_of = {
                    "organisation": str(sheet.host.organisation_id),
                    "month": months.write_month(month),
                    "address": contact.email,
                }
                return {
                    "link": mails.month_url(sheet.host.organisation_id, month, contact.email),
                    "made_of": json.dumps(made_of),
                }
    return {}


def _link_again(parts: dict[str, str]) -> str:
    """The link at the address where the demo runs now: that of a card, or of a host's month."""
    if "path" in parts:
        return str(settings.BASE_URL) + parts["path"]
    month = date.fromisoformat(parts["month"] + "-01")
    return mails.month_url(UUID(parts["organisation"]), month, parts["address"])


def fresh_logins() -> list[dict[str, str]]:
    """The logins of the file, with links for the address at which the demo runs now; the file is brought up to date."""
    if not logins_file().exists():
        return []
    found: list[dict[str, str]] = json.loads(logins_file().read_text())
    for login in found:
        if "made_of" in login:
            login["link"] = _link_again(json.loads(login["made_of"]))
    keep_logins(found)
    return [{key: value for key, value in login.items() if key != "made_of"} for login in found]
