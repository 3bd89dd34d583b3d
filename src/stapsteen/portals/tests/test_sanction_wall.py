"""Requirement B6, walked: whoever acts for an organisation that can sanction never gets attendance, hours, evaluations,
or reasons: on no page, by no mail, export, job or link, whatever consents and partner marks say.

The world is made as open as it can be: every consent given, the organisation set as standing partner and its expert asked
for every part, straight into the database, past the actions that refuse it. Each value that may never arrive is a canary.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stapsteen.core import pages
from stapsteen.core.jobs import JOBS
from stapsteen.core.models import Event, OutgoingMail
from stapsteen.core.pages import PAGES, Page
from stapsteen.core.scope import Sensitive, scoped_models
from stapsteen.followup.models import Evaluation
from stapsteen.hosts.models import Organisation
from stapsteen.hours.models import HourLine, SheetPerson
from stapsteen.network.models import Membership
from stapsteen.pathways.actions import end_pathway, record_yes, refuse_referral
from stapsteen.pathways.models import (
    Attendance,
    ExpertRequest,
    GroupMember,
    Pathway,
    Referral,
    Session,
    Suspension,
)
from stapsteen.people.models import Consent, Note, Person
from stapsteen.placements.models import Placement
from stapsteen.testing.canary import CANARY, fill
from stapsteen.testing.walk import (
    House,
    build,
    for_this_file,
    link_tokens,
    portions,
    quick_templates,
    sent_with,
    services_looked_up_once,
)
from stapsteen.testing.world import client_of, inside, make_staff, run_jobs

pytestmark = pytest.mark.django_db
pages.discover()
MINUTES = 7741  # 129 h 01 min: seen nowhere else
NEVER = (CANARY, "129:01", "129 u", "verwittigd", "afwezig")
FAR_DAY = date(2024, 2, 29)
"""The day of every absence, hour and evaluation; a date that stands nowhere else."""
DAYS = ("2024-02-29", "29/02/2024", "29 februari 2024", "29 feb", "februari 2024")
KNOWN = {
    "Appointment.minutes", "Attendance.answer", "Evaluation.reason_code", "Evaluation.voice_coach",
    "Evaluation.voice_host", "Evaluation.voice_person", "GoingOn.reason", "GroupMember.learned", "HourLine.minutes",
    "IntakeTalk.minutes", "Note.minutes", "Pathway.end_reason", "Person.travel_minutes", "Placement.end_reason",
    "Placement.minutes_per_half_day", "Referral.decision_reason", "SheetPerson.remark", "Suspension.reason",
}  # fmt: skip
"""What was thought of, as model and column."""
PORTIONS = portions()


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: Any) -> Iterator[House]:
    with for_this_file(django_db_blocker):
        made = build("vinac")
        with inside(made.service):
            _fill_with_canaries(made)
            _open_every_door(made)
        yield made


def _fill_with_canaries(house: House) -> None:
    """Attendance, hours, evaluations' voices, reasons to stop, to pause, to refuse, to cancel."""
    ids = house.own.ids
    person = Person.objects.get(pk=ids["person"])
    group = Session.objects.get(pk=ids["session"]).group
    session = Session.objects.create(group=group, day=FAR_DAY, topic=CANARY)
    member = GroupMember.objects.create(person=person, group=group, starts_on=FAR_DAY, learned=CANARY)
    Attendance.objects.create(person=person, session=session, member=member, answer="absent")
    Attendance.objects.create(
        person=person, session_id=ids["session"], member_id=ids["member"], answer="excused"
    )
    placement = Placement.objects.get(pk=ids["placement"])
    placement.end_reason = CANARY
    placement.save()
    about = {"person": person, "placement": placement, "month": FAR_DAY.replace(day=1)}
    HourLine.objects.create(**about, day=FAR_DAY, minutes=MINUTES, source="host", entered_by=CANARY)
    SheetPerson.objects.filter(person=person).update(remark=None)
    for row in SheetPerson.objects.filter(person=person):
        row.remark = CANARY
        row.save()
    evaluation = fill(
        Evaluation, person_id=person.pk, pathway_id=ids["pathway"], due_on=FAR_DAY, held_on=FAR_DAY
    )
    Evaluation.objects.filter(pk=evaluation.pk).update(state="held")
    Suspension.objects.create(
        person=person, pathway_id=ids["pathway"], starts_on=FAR_DAY, ends_on=FAR_DAY, reason=CANARY
    )
    Note.objects.create(person=person, text=CANARY, author=CANARY, happened_on=FAR_DAY)
    for kind in ("state.moved", "pathway.ended"):
        Event.objects.create(
            subject_id=person.pk, kind=kind, happened_on=FAR_DAY, actor="x", details={"why": CANARY}
        )


def _open_every_door(house: House) -> None:
    """Past the actions: mark the organisations of referrer and expert, and give them all that could be given."""
    person_id, pathway_id = house.own.ids["person"], house.own.ids["pathway"]
    organisations = {}
    for role in ("referrer", "expert"):
        membership = Membership.objects.get(user_id=house.staff[role].user_id, role=role)
        organisations[role] = membership.organisation_id
    Organisation.objects.filter(pk__in=organisations.values()).update(can_sanction=True)
    for organisation in (*organisations.values(), house.own.ids["referral"]):
        for purpose in Consent.PURPOSES:
            Consent.objects.create(
                person_id=person_id, purpose=purpose, recipient_id=organisation,
                starts_on=timezone.localdate() - timedelta(days=3),
            )  # fmt: skip
    Pathway.objects.filter(pk=pathway_id).update(partner_id=organisations["expert"])
    ExpertRequest.objects.filter(person_id=person_id).update(state="accepted")
    referral = Referral.objects.get(pk=house.own.ids["referral"])
    referral.by, referral.referrer_id, referral.helper_email = (
        "helper",
        organisations["referrer"],
        "els@ocmw.example.org",
    )
    referral.save()


def clients_of(house: House) -> dict[str, Client]:
    """The two who act for such an organisation, one who has both roles, and one who is a participant's helper there."""
    organisation = Membership.objects.get(user_id=house.staff["referrer"].user_id).organisation_id
    both = make_staff(
        house.service, "referrer", "expert", email="both@ocmw.example.org", organisation_id=organisation
    )
    return {
        "referrer": client_of(house.staff["referrer"]),
        "expert": client_of(house.staff["expert"]),
        "both": client_of(both),
        "nobody": client_of(None),
    }


def address(page: Page, house: House) -> str:
    names = re.findall(r"<(?:\w+:)?(\w+)>", page.route)
    own = house.own
    fixed = {
        "service": house.service.slug, "slug": "volunteering", **own.ids,
        "token": link_tokens(house, own).get(page.rule, "x"),
    }  # fmt: skip
    return reverse(page.name, kwargs={name: fixed.get(name, uuid4()) for name in names})


def readable(answer: Any) -> str:
    """The answer as text; what lies zipped in a spreadsheet too."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            content = b"\n".join(packed.read(name) for name in packed.namelist())
    return content.decode(errors="replace") + "".join(f"{k}: {v}\n" for k, v in answer.headers.items())


def leaked(text: str) -> list[str]:
    """The minutes only where they stand by themselves: the same four figures inside a nonce or an id say nothing."""
    found = [word for word in (*NEVER, *DAYS) if word in text]
    return [*found, str(MINUTES)] if re.search(rf"(?<![\w/+=-]){MINUTES}(?![\w/+=-])", text) else found


SIDES = {
    "portals.person": (
        {},
        {"deel": "uren"},
        {"deel": "evaluaties"},
        {"deel": "tijdlijn", "alles": "1"},
        {"deel": "notities"},
    )
}
"""Pages that show another side by what stands behind the question mark."""
HOST_LINKS = frozenset({"hours.month.fill", "placements.agreement.sign"})
"""Links that only a host's contact gets; the host enters these hours and signs itself."""
COLLEAGUE_LINKS = frozenset({"people.calendar.feed"})


@pytest.mark.parametrize("portion", PORTIONS)
@services_looked_up_once()
@quick_templates()
def test_no_page_gives_it_to_who_can_sanction(house: House, portion: str) -> None:
    """Every page, GET and POST, with every side of it; as each of them, and by link."""
    found: dict[str, list[str]] = {}
    for who, client in clients_of(house).items():
        for name in PORTIONS[portion]:
            page = PAGES[name]
            if page.rule in HOST_LINKS | COLLEAGUE_LINKS:
                continue
            url, data = address(page, house), sent_with(name, house.own)
            asked = [("post", data), *(("get", {**data, **more}) for more in SIDES.get(name, ({},)))]
            for method, given in asked:
                with transaction.atomic():
                    text = readable(getattr(client, method)(url, given))
                    transaction.set_rollback(True)
                if words := leaked(text):
                    found[f"{who} {method} {name} {given}"] = words
    assert found == {}


def test_the_walk_can_fail(house: House) -> None:
    """The same eyes see the canaries where a coach sees them: hours, talks, reasons, attendance."""
    client = client_of(house.staff["coach"])
    ids = house.own.ids
    seen = "".join(
        readable(client.get(address(PAGES["portals.person"], house), {"deel": side}))
        for side in ("", "tijdlijn", "uren", "evaluaties", "notities")
    )
    seen += readable(client.get(address(PAGES["pathways.group_detail"], house)))
    assert ids["person"]
    assert {CANARY, "29 februari 2024"} <= set(leaked(seen))


def test_no_mail_gives_it_whatever_happens(house: House) -> None:
    """Told yes, refused, ended, with the reasons full of canaries; and every periodic job run."""
    from stapsteen.core import tasks  # noqa: F401 -- registers the rooms' jobs

    with inside(house.service) as actor:
        referral = Referral.objects.get(pk=house.own.ids["referral"])
        record_yes(referral=referral, actor=actor, tell_helper=True)
        refuse_referral(referral=referral, actor=actor, code="no_wish", reason=CANARY, went_to="")
        Placement.objects.filter(person_id=house.own.ids["person"]).update(state="cancelled")
        pathway = Pathway.objects.get(pk=house.own.ids["pathway"])
        end_pathway(
            pathway=pathway, actor=actor, ends_on=timezone.localdate(), code="health", reason=CANARY, destination=CANARY
        )  # fmt: skip
    run_jobs()
    for name in sorted(JOBS):
        if JOBS[name].__code__.co_argcount == 0:
            with transaction.atomic():
                JOBS[name]()
    run_jobs()
    assert len(mail.outbox) == OutgoingMail.objects.exclude(sent_at=None).count()
    texts = {f"{sent.to}": leaked(f"{sent.subject}\n{sent.body}") for sent in mail.outbox}
    assert {to: words for to, words in texts.items() if words} == {}
    names = {sent.to[0]: "Noor" in sent.body or "Peeters" in sent.body for sent in mail.outbox}
    assert not any(names.values())


def test_after_the_end_the_referrer_still_hears_no_reason(house: House) -> None:
    with inside(house.service) as actor:
        referral = Referral.objects.get(pk=house.own.ids["referral"])
        refuse_referral(referral=referral, actor=actor, code="no_wish", reason=CANARY, went_to="")
    client = client_of(house.staff["referrer"])
    page = readable(client.get(address(PAGES["portals.referrer"], house)))
    link = readable(Client().get(address(PAGES["pathways.referral_status"], house)))
    assert (leaked(page), leaked(link)) == ([], [])
    assert ("elders" in page.split("<main")[1], "Afgehandeld" in page) == (False, True)


def test_a_standing_mark_or_a_request_opens_nothing(house: House) -> None:
    """The rules themselves: no person, no pathway, no request."""
    client = client_of(house.staff["expert"])
    shut = [
        "portals.person",
        "portals.who_sees",
        "pathways.wheel",
        "pathways.expert_request",
        "people.note_add",
    ]
    assert [client.get(address(PAGES[name], house)).status_code for name in shut] == [404] * len(shut)


def test_every_table_that_may_never_arrive_is_in_this_walk() -> None:
    """A new model with attendance, hours, evaluations or reasons in its columns must be thought of here."""
    telling = re.compile(r"reason|voice|attend|absen|minutes|answer$|remark|learned")
    named = {
        f"{model.__name__}.{field.name}"
        for model in scoped_models()
        if issubclass(model, Sensitive)
        for field in model._meta.local_fields
        if telling.search(field.name)
    }
    assert named == KNOWN
