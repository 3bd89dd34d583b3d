"""A service with one of everything, twice: the own case of who looks, and another's; for walking all pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from django.db import transaction
from django.http import HttpResponse
from django.template.base import Template
from django.test.utils import _TestState
from django.utils import timezone

from stapsteen.core import links
from stapsteen.core.models import StoredFile
from stapsteen.core.pages import PAGES
from stapsteen.core.scope import Actor
from stapsteen.followup.models import Evaluation
from stapsteen.hosts.models import (
    Host,
    HostAgreement,
    HostContact,
    KeyPerson,
    Organisation,
    Refusal,
    Site,
    SubTask,
    Task,
)
from stapsteen.hours.access import fingerprint
from stapsteen.hours.models import SheetPerson, Timesheet
from stapsteen.hours.months import write_month
from stapsteen.imports.models import ImportRun
from stapsteen.matching.models import Proposal, Search
from stapsteen.network.house import NetworkHouse
from stapsteen.network.models import Membership, OutsideService, Service, StaffMember
from stapsteen.network.roles import ROLES
from stapsteen.pathways.actions.drafts import DRAFT, keep_draft
from stapsteen.pathways.funder import NOT_SAID, QUESTIONS
from stapsteen.pathways.models import (
    Aim,
    Axis,
    AxisTemplate,
    ExpertRequest,
    Explorator,
    ExploratorDomain,
    FunderRecord,
    Goal,
    GoalAction,
    Group,
    GroupMember,
    Handover,
    Moment,
    Pathway,
    PathwayProgramme,
    Referral,
    ReferrerRight,
    Score,
    Session,
    WheelPosition,
)
from stapsteen.people.models import (
    Appointment,
    CalendarFeed,
    Consent,
    Merge,
    Note,
    Person,
    SensitiveFact,
    Status,
    Supporter,
)
from stapsteen.placements.models import Agreement, Placement
from stapsteen.testing.world import (
    inside,
    make_municipality,
    make_service,
    make_staff,
    make_user,
    programme_of,
)

ORGANISATION_OF_REFERRER = "OCMW"


@dataclass
class Case:
    """The ids that a URL may name, by the name of its parameter."""

    ids: dict[str, Any] = field(default_factory=dict)


@dataclass
class House:
    service: Service
    staff: dict[str, StaffMember]
    own: Case
    other: Case


def build(slug: str) -> House:
    """Everybody has a role; `own` is the case of the coach, intake, participant and referrer of this house."""
    service = make_service(slug)
    look_together(service)
    referrer = Organisation.objects.create(
        network=service.network, name=ORGANISATION_OF_REFERRER, roles=["referrer"], legal_kind="ocmw"
    )
    partner = Organisation.objects.create(network=service.network, name="Huis", roles=["partner"])
    acts_for = {"referrer": referrer.pk, "expert": partner.pk}
    staff = {role: make_staff(service, role, organisation_id=acts_for.get(role)) for role in ROLES}
    second = make_staff(service, "coach", email=f"second@{slug}.example.org")
    stranger = make_staff(service, "intake", email=f"second-intake@{slug}.example.org")
    strange_expert = make_staff(
        service, "expert", email=f"second-expert@{slug}.example.org", organisation_id=partner.pk
    )
    with inside(service):
        own = make_case(
            service,
            coach=staff["coach"],
            intake=staff["intake"],
            user=staff["participant"],
            referrer=referrer,
            expert=staff["expert"],
        )
        other = make_case(
            service, coach=second, intake=stranger, user=None, referrer=None, expert=strange_expert
        )
    return House(service, staff, own, other)


SPIDER_ON = """[evaluator]
enabled = true
moments = 3
scale_min = 1
scale_max = 5
source = { document = "004", place = "Evoluator" }"""
HOUSING = """
[[domains]]
id = "housing"
source = { document = "decision", place = "walk" }
name.nl = "Wonen"
name.fr = "Logement"
name.en = "Housing"
"""


def look_together(service: Service) -> None:
    """The programme of the walk uses Explorator and Evoluator, so that their pages can be opened."""
    version = programme_of(service)
    text = re.sub(r"(?m)^domains = .*$", "", version.text)
    text = text.replace("[evaluator]\nenabled = false", SPIDER_ON)
    text = text.replace("[meta]\n", '[meta]\nfunder = "esf+"\n')
    version.text = text.replace("[explorator]\nenabled = false", "[explorator]\nenabled = true") + HOUSING
    version.save()


def looked_together(person: Person, pathway: Pathway, today: date) -> dict[str, Any]:
    """An open life map, an axis, a closed and an open moment, a goal with something to try, a list of axes."""
    about = {"person": person, "pathway": pathway}
    mapping = Explorator.objects.create(**about)
    ExploratorDomain.objects.create(person=person, explorator=mapping, domain="housing")
    axis = Axis.objects.create(**about, name="Bus", starts_on=today - timedelta(days=9))
    first = Moment.objects.create(**about, number=1)
    Score.objects.create(person=person, moment=first, axis=axis, rater="participant")
    Moment.objects.filter(pk=first.pk).update(state="closed")
    goal = Goal.objects.create(**about, text="x")
    action = GoalAction.objects.create(
        **about, goal=goal, text="x", kind="try_offer", offer="Buurthuis", due_on=today
    )
    template = AxisTemplate.objects.create(name="Lijst", axes=[{"name": "Bus"}])
    found = {
        "explorator": mapping, "axis": axis, "moment": Moment.objects.create(**about, number=2), "goal": goal,
        "action": action, "template": template,
    }  # fmt: skip
    return {**{name: row.pk for name, row in found.items()}, "domain": "housing", "rater": "participant"}


def make_case(
    service: Service,
    *,
    coach: StaffMember,
    intake: StaffMember,
    user: Any,
    referrer: Any,
    expert: StaffMember,
) -> Case:
    today = timezone.localdate()
    begun = today - timedelta(days=40)
    person = Person.objects.create(
        first_name="Noor",
        last_name="Peeters",
        birth_date=date(1985, 5, 5),
        user_id=user.user_id if user else None,
    )
    programme = programme_of(service)
    referral = Referral.objects.create(
        person=person, programme=programme, by="self", question="Ik wil mensen zien.", referrer=referrer
    )
    Referral.objects.filter(pk=referral.pk).update(handled_by=intake)
    pathway = _pathway(person, coach, programme, begun, referral)
    host_case = _host(service)
    placement = Placement.objects.create(
        person=person,
        pathway=pathway,
        host_id=host_case["host"],
        task_id=host_case["task"],
        starts_on=begun,
        half_days=1,
    )
    agreement = _agreement(placement)
    sheet = Timesheet.objects.create(
        host_id=host_case["host"],
        coach=coach,
        month=(today.replace(day=1) - timedelta(days=1)).replace(day=1),
    )
    SheetPerson.objects.create(person=person, timesheet=sheet, placement=placement, month=sheet.month)
    Timesheet.objects.filter(pk=sheet.pk).update(state="asked")
    evaluation = Evaluation.objects.create(person=person, pathway=pathway, due_on=today)
    run = ImportRun.objects.create(
        name="klanten.xlsx",
        file=StoredFile.objects.create(name="klanten.xlsx", content_type="x", content=b""),
    )
    note = Note.objects.create(person=person, text="Belde.", written_by=coach)
    fact = SensitiveFact.objects.create(person=person, kind="health", text="x", purpose="p", starts_on=begun)
    status = Status.objects.create(person=person, area="benefit", value="leefloon", starts_on=begun)
    supporter = Supporter.objects.create(person=person, kind="family", name="Mia", starts_on=begun)
    record = FunderRecord(person=person, pathway=pathway, service_id=service.pk)
    record.answers = dict.fromkeys(QUESTIONS, NOT_SAID)
    record.save()
    membership = Membership.objects.get(user_id=coach.user_id, service=service)
    objects = {
        "person": person, "referral": referral, "pathway": pathway, "placement": placement, "agreement": agreement,
        "timesheet": sheet, "evaluation": evaluation, "run": run, "note": note, "fact": fact, "membership": membership,
        "status": status, "supporter": supporter,
    }  # fmt: skip
    search = Search.objects.create(counts={"people": 1, "proposed": 1, "unplaced": 0})
    for state in ("busy", "done"):
        Search.objects.filter(pk=search.pk).update(state=state)
    proposal = Proposal.objects.create(
        person=person, pathway=pathway, search=search, host_id=host_case["host"], task_id=host_case["task"]
    )
    objects |= {"search": search, "proposal": proposal}
    met = Appointment.objects.create(person=person, staff=coach, starts_at=timezone.now())
    group = Group.objects.create(name="Koken", kind="training", starts_on=begun, led_by=coach)
    session = Session.objects.create(group=group, day=today)
    member = GroupMember.objects.create(person=person, group=group, starts_on=begun)
    objects |= {"appointment": met, "group": group, "session": session, "member": member}
    around = _around_referral(service, referral, coach, host_case["organisation"])
    around |= looked_together(person, pathway, today)
    around |= _say_and_doubles(referral, pathway, coach, expert)
    return Case({**{name: obj.pk for name, obj in objects.items()}, **host_case, **around})


def _around_referral(
    service: Service, referral: Referral, coach: StaffMember, organisation: Any
) -> dict[str, Any]:
    """Who may refer, a handover, a draft of the form, a logo, another service."""
    today = timezone.localdate()
    handover = Handover.objects.create(person_id=referral.person_id, referral=referral, to_name="CAW")
    right = ReferrerRight.objects.create(organisation_id=organisation, starts_on=today)
    draft = keep_draft(actor=Actor("visitor"), query={}, pairs=[("first_name", "Noor")], step="fit")
    logo = StoredFile.objects.create(name="logo", content_type="image/png", content=b"x")
    service.funders = [*service.funders, {"name": uuid4().hex, "url": "", "logo": str(logo.pk)}]
    service.save(update_fields=["funders"])
    outside = OutsideService.objects.create(service=service, name=uuid4().hex, phone="1")
    return {
        "handover": handover.pk, "right": right.pk, "draft": draft.pk, "file": logo.pk, "outside": outside.pk,
        "colleague": coach.pk,
    }  # fmt: skip


def _pathway(
    person: Person, coach: StaffMember, programme: Any, begun: date, referral: Any = None
) -> Pathway:
    """Running, with all that a pathway always has."""
    base = {"person": person, "starts_on": begun}
    pathway: Pathway = Pathway.objects.create(coach=coach, referral=referral, **base)
    PathwayProgramme.objects.create(pathway=pathway, programme=programme, kind=programme.kind, **base)
    Aim.objects.create(pathway=pathway, aim=programme.rules.aims[0].id, **base)
    WheelPosition.objects.create(pathway=pathway, segment=programme.rules.wheel.segments[0].id, **base)
    return pathway


def _say_and_doubles(
    referral: Referral, pathway: Pathway, coach: StaffMember, expert: StaffMember
) -> dict[str, Any]:
    """Consents, an expert who looks along, somebody who may be the same person, and a merge that can be undone."""
    person, today = referral.person, timezone.localdate()
    consent, photo = (
        Consent.objects.create(person=person, purpose=purpose, starts_on=today)
        for purpose in ("ask_expert", "photo")
    )
    asked = ExpertRequest.objects.create(
        person=person, pathway=pathway, expert=expert, consent=consent, question="x", starts_on=today,
        ends_on=today, parts=list(ExpertRequest.PARTS),
    )  # fmt: skip
    ExpertRequest.objects.filter(pk=asked.pk).update(state="accepted")
    double = Person.objects.create(first_name="Noor", last_name="Peters")
    _pathway(double, coach, referral.programme, today)
    Referral.objects.create(person=double, programme=referral.programme, by="self", question="x")
    gone = Person.objects.create(first_name="Noor", last_name="Peters", merged_into=person)
    merge = Merge.objects.create(person=person, double=gone, moved={"rows": {}, "back": {}, "fields": {}})
    return {"asked": asked.pk, "consent": photo.pk, "double": double.pk, "merge": merge.pk}


def _host(service: Service) -> dict[str, Any]:
    organisation = Organisation.objects.create(
        network=service.network, name=f"WZC {uuid4().hex[:6]}", roles=["host"], sectors=["social"]
    )
    host = Host.objects.create(organisation=organisation)
    Host.objects.filter(pk=host.pk).update(state="active")
    HostContact.objects.create(host=host, name="Rita", email=contact_of(service.slug))
    task = Task.objects.create(organisation=organisation, title="Koffie schenken", half_days=7, seats=2)
    return {"host": host.pk, "task": task.pk, "organisation": organisation.pk, **_beside(host, task)}


def _beside(host: Host, task: Task) -> dict[str, Any]:
    """A no, somebody who stays near, a site, a part of the task, and an agreement that waits for its signature."""
    from stapsteen.hosts.actions import draw_up_agreement

    today, organisation = timezone.localdate(), host.organisation
    actor = Actor("system:test", roles=frozenset({"system"}))
    no = Refusal.objects.create(organisation=organisation, support="language", starts_on=today)
    key = KeyPerson.objects.create(host=host, name="Rita")
    site = Site.objects.create(organisation=organisation, name="Loods", municipality=make_municipality())
    part = SubTask.objects.create(task=task, title="Afwassen", lifts=["dutch_speaking"])
    agreement: HostAgreement = draw_up_agreement(
        host=host, actor=actor, starts_on=today, insurance_until=today + timedelta(days=400)
    )
    contact = HostContact.objects.get(host=host)
    return {
        "refusal": no.pk, "key_person": key.pk, "site": site.pk, "subtask": part.pk, "host_agreement": agreement.pk,
        "host_contact": contact.pk,
    }  # fmt: skip


def _agreement(placement: Placement) -> Agreement:
    """A real agreement that went out to be signed, made by the action itself."""
    from stapsteen.placements.actions import draft_agreement, send_agreement

    actor = Actor("system:test", roles=frozenset({"system"}))
    agreement = draft_agreement(placement=placement, actor=actor, terms={})
    return send_agreement(agreement=agreement, actor=actor)


@contextmanager
def quick_templates() -> Iterator[None]:
    """Pages without what Django's test client notes of every template: a walk asks for thousands and reads none of it."""
    template: Any = Template
    state: Any = _TestState
    noting, template._render = template._render, state.saved_data.template_render
    try:
        yield
    finally:
        template._render = noting


@contextmanager
def for_this_file(blocker: Any) -> Iterator[None]:
    """What is made inside stays for all tests of a file, each in its own savepoint, and is taken back after them.

    For a fixture of a whole module: building a house takes as long as twenty pages. `blocker`: pytest's django_db_blocker.
    """
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def services_looked_up_once() -> Iterator[None]:
    """The service of an address is fetched once, and every request gets a copy of its own: a tenth of a walk's time. Who may
    enter it is still asked of the database in each request."""
    fetch, known = NetworkHouse.service, dict[str, Any]()

    def service(self: NetworkHouse, slug: str) -> Any:
        if slug not in known:
            known[slug] = fetch(self, slug)
        return copy(known[slug])

    with patch.object(NetworkHouse, "service", service):
        yield


@contextmanager
def bare_not_found() -> Iterator[None]:
    """A 404 without its page: a walk over who gets what is answered so thousands of times. The page has its own tests
    (core/tests/test_not_found_pages.py)."""
    from stapsteen.core import health

    def bare(_request: Any, _template: str, _context: Any, *, status: int) -> HttpResponse:
        return HttpResponse(status=status)

    with patch.object(health, "render", bare):
        yield


def portions(size: int = 8) -> dict[str, list[str]]:
    """All pages, a room in portions of that many: test workers share them."""
    found: dict[str, list[str]] = {}
    for name in sorted(PAGES):
        room = name.split(".")[0]
        number = sum(len(names) for key, names in found.items() if key.split()[0] == room) // size + 1
        found.setdefault(f"{room} {number}", []).append(name)
    return found


def link_tokens(house: House, case: Case) -> dict[str, str]:
    """A valid token for each rule that is opened by a link."""
    month = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
    return {
        "hours.month.fill": links.make(
            "hours.month.fill",
            organisation=case.ids["organisation"],
            month=write_month(month),
            contact=fingerprint(contact_of(house.service.slug)),
        ),
        "placements.agreement.sign": links.make(
            "placements.agreement.sign",
            service=house.service.pk,
            agreement=case.ids["agreement"],
            party="host",
            to=contact_of(house.service.slug),
            language="nl",
        ),
        "people.calendar.feed": links.make(
            "people.calendar.feed", service=house.service.pk, secret=feed_secret(house)
        ),
        "pathways.referral.status": links.make(
            "pathways.referral.status", service=house.service.pk, referral=case.ids["referral"]
        ),
        "hosts.capacity.say": links.make(
            "hosts.capacity.say", service=house.service.pk, contact=case.ids["host_contact"]
        ),
        "hosts.agreement.read": links.make(
            "hosts.agreement.read",
            service=house.service.pk,
            agreement=case.ids["host_agreement"],
            contact=case.ids["host_contact"],
        ),
        DRAFT: links.make(DRAFT, service=house.service.pk, draft=case.ids["draft"]),
    }


def feed_secret(house: House) -> Any:
    """The secret of a calendar feed of the coach, made when it is first asked for."""
    with inside(house.service):
        staff = StaffMember.objects.get(user_id=house.staff["coach"].user_id)
        found = CalendarFeed.objects.filter(staff=staff).first()
        return (found or CalendarFeed.objects.create(staff=staff, secret=uuid4())).secret


def contact_of(slug: str) -> str:
    return f"rita@{slug}.example.org"


def sent_with(page: str, case: Case) -> dict[str, Any]:
    """What a page wants beside its URL before it does anything: a button's name, a second id."""
    return {
        "hosts.host_move": {"actie": "stop"},
        "pathways.goal_move": {"move": "reach"},
        "pathways.referral_recognise": {"person": case.ids["person"]},
        "pathways.expert_answer": {"answer": "accept"},
        "people.consent_withdraw": {"consent": case.ids["consent"]},
        "people.merge_undo": {"merge": case.ids["merge"]},
        "people.double_settle": {"actie": "geldt"},
        "portals.consent_take_back": {"consent": case.ids["consent"]},
        "people.sensitive_end": {"fact": case.ids["fact"]},
        "people.situation_end": {"status": case.ids["status"]},
    }.get(page, {})


def visitor(slug: str) -> Any:
    return make_user(f"nobody@{slug}.example.org")
