"""The demo's data: every phase is there, a second time adds nothing, and it can be made on any day of the year."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone

from stapsteen.core.models import Event, OutgoingMail
from stapsteen.core.scope import open_scope, system
from stapsteen.followup.models import Evaluation
from stapsteen.hosts.models import Host, Organisation
from stapsteen.hours.models import HourLine, Timesheet
from stapsteen.network.models import Membership, ProgrammeVersion, Service, User
from stapsteen.network.programme.load import load_programme
from stapsteen.pathways.models import Aim, Moment, Pathway, Referral, Score, WheelPosition
from stapsteen.people.actions.cards import try_pin
from stapsteen.people.models import Person
from stapsteen.placements.models import Agreement, Placement
from stapsteen.portals.demo import build, months, texts
from stapsteen.portals.demo.clock import BELGIUM, set_day, story_time
from stapsteen.portals.demo.looking_rules import CHOSEN, switched_on
from stapsteen.portals.demo.names import ORIGINS, Names
from stapsteen.portals.demo.phases import PHASES
from stapsteen.portals.demo.plans import ServicePlan, half_days
from stapsteen.portals.demo.services import SERVICES

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("demo")
    before, settings.DATA_DIR = settings.DATA_DIR, folder
    yield folder
    settings.DATA_DIR = before


@pytest.fixture(scope="module")
def seeded(data_dir: Path, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The demo of VINAC with fewer people and months, made once for this file and taken back after it."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setattr(months, "KEPT_MONTHS", 2)
        patch.setitem(next(plan for plan in SERVICES if plan.slug == "vinac").crowd, "at_work", 5)
        call_command("seed_demo", only=["vinac"], stdout=StringIO(), stderr=StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def vinac(seeded: None) -> Iterator[Service]:
    """The demo of VINAC, with its scope open."""
    service = Service.objects.get(slug="vinac")
    with open_scope(service.pk, actor=system("test"), purpose="test"):
        yield service


def states(rows: Any) -> set[str]:
    return set(rows.values_list("state", flat=True))


def test_every_phase_exists(vinac: Service) -> None:
    today = timezone.localdate()
    assert states(Referral.objects) == {"received", "in_talks", "accepted", "refused", "withdrawn"}
    assert states(Pathway.objects) == {"active", "suspended", "ended"}
    assert states(Placement.objects) == {"proposed", "active", "ended", "cancelled"}
    assert states(Agreement.objects) >= {"out", "signed", "replaced"}
    assert states(Host.objects) >= {"prospect", "talking", "active", "paused"}
    assert states(Timesheet.objects) >= {"asked", "confirmed"}
    assert Referral.objects.filter(received_on=today).exists()
    assert Pathway.objects.filter(stepped_up=True).exists()
    assert Pathway.objects.filter(state="active", placements=None).exists()
    assert Pathway.objects.filter(starts_on__lt=today - timedelta(days=1000), state="active").exists()
    people = Counter(Pathway.objects.values_list("person_id", flat=True))
    assert max(people.values()) == 2  # someone came back
    assert Placement.objects.filter(end_code__startswith="change_by").exists()
    assert set(Evaluation.objects.values_list("state", flat=True)) == {"planned", "held"}
    assert HourLine.objects.filter(corrects__isnull=False).exists()


def test_the_figures_are_plausible(vinac: Service) -> None:
    assert 30 <= Person.objects.count() <= 60
    assert len(set(WheelPosition.objects.filter(ends_on=None).values_list("segment", flat=True))) >= 3
    aims = Counter(Aim.objects.filter(ends_on=None).values_list("aim", flat=True))
    assert set(aims) == {"end_in_itself", "possible_stepping_stone", "stepping_stone"}
    caseload = Counter(Pathway.objects.filter(state="active").values_list("coach_id", flat=True))
    assert len(caseload) == 3
    assert min(caseload.values()) >= 4
    assert all(-60 <= minutes <= 720 for minutes in HourLine.objects.values_list("minutes", flat=True))


def test_nothing_happens_later_than_today_and_events_follow_the_days(vinac: Service) -> None:
    today = timezone.localdate()
    days = list(Event.objects.order_by("id").values_list("happened_on", "at"))
    assert len(days) > 400
    assert max(day for day, _at in days) <= today
    assert all(day <= timezone.localdate(at) for day, at in days)  # nothing is written before it happened
    assert len({at.date() for _day, at in days}) > 100  # lived, not written in one go


def test_last_month_was_asked_by_one_mail_per_contact(vinac: Service) -> None:
    mails = [mail for mail in OutgoingMail.objects.all() if "/uren-invullen/" in mail.body]
    assert 5 <= len(mails) == len({mail.to for mail in mails})
    names = [person.last_name for person in Person.objects.all() if person.last_name]
    assert not [mail for mail in mails if any(name in mail.body for name in names)]


def test_who_works_in_two_towns_is_no_town_itself(vinac: Service) -> None:
    spread = Organisation.objects.filter(hosts__service=vinac, sites__isnull=False)
    kinds = set(spread.values_list("legal_kind", flat=True))
    assert kinds
    assert kinds <= {"social_economy", "vzw", "company"}


def test_a_second_time_adds_nothing(vinac: Service) -> None:
    before = (Person.objects.count(), Event.objects.count(), User.objects.count())
    said = StringIO()
    call_command("seed_demo", stdout=said)
    assert said.getvalue().strip() == "al gevuld"
    assert (Person.objects.count(), Event.objects.count(), User.objects.count()) == before


def test_a_login_per_role_that_works(vinac: Service) -> None:
    said = StringIO()
    call_command("demo_logins", "--json", stdout=said)
    logins = json.loads(said.getvalue())
    roles = {login["role"] for login in logins}
    assert roles == {
        "coach", "intake", "coordinator", "desk", "administrator", "policy", "expert", "participant", "referrer",
        "host_contact", "participant_card",
    }  # fmt: skip
    client = Client()
    assert client.login(email="coach.vinac@demo.example", password=build.PASSWORD)
    assert Person.objects.filter(user__email="participant.vinac@demo.example").count() == 1
    assert Membership.objects.get(role="referrer").organisation_id in set(
        Organisation.objects.values_list("id", flat=True)
    )
    link = next(login["link"] for login in logins if login["role"] == "host_contact")
    assert "/uren-invullen/" in link
    assert "made_of" not in said.getvalue()
    card = next(login for login in logins if login["role"] == "participant_card")
    opened = try_pin(secret=card["link"].rstrip("/").rsplit("/", 1)[1], pin=card["pin"])
    assert opened is not None


def test_the_service_of_mol_has_a_version_of_its_own() -> None:
    now = timezone.now()
    plan = next(plan for plan in SERVICES if plan.slug == "begeleid-vrijwilligen")
    with story_time():
        build.set_up(plan, now, timezone.localdate())
    versions = list(ProgrammeVersion.objects.filter(service__slug=plan.slug).order_by("number"))
    assert [version.number for version in versions] == [1, 2, 3]
    assert [version.rules.referral.by_person for version in versions] == [False, False, True]
    assert [version.rules.evaluator.enabled for version in versions] == [False, True, True]
    assert versions[2].valid_from <= timezone.localdate()
    assert "Antwerpen" not in [rule.explain.met.nl for rule in load_programme(versions[2].text).rules]


@pytest.mark.parametrize("plan", SERVICES, ids=lambda plan: plan.slug)
def test_every_service_looks_together_by_its_own_version(plan: ServicePlan) -> None:
    """The presets stay as their sources say: only LINK's has it."""
    for slug in plan.programmes:
        preset = (settings.ROOT / "programmes" / f"{slug}.toml").read_text()
        assert load_programme(preset).evaluator.enabled == (plan.slug == "link")
        if plan.slug != "link":
            rules = load_programme(switched_on(preset, plan.slug))
            assert (rules.explorator.enabled, rules.evaluator.enabled) == (True, True)
            assert tuple(domain.id for domain in rules.domains) == CHOSEN[plan.slug]


def test_a_preset_that_changed_is_no_silent_half(vinac: Service) -> None:
    with pytest.raises(ValueError, match="no longer says"):
        switched_on("[explorator]\nenabled = false\n", "vinac")


def test_some_have_three_moments_and_a_map_and_the_wheel_moves(vinac: Service) -> None:
    mine = Pathway.objects.get(person__user__email="participant.vinac@demo.example")
    assert three_moments(mine)
    assert mine.explorators.get().state == "finished"
    assert mine.wheel_positions.count() >= 2
    assert mine.goals.exists()
    moments = Counter(Moment.objects.filter(state="closed").values_list("pathway_id", flat=True))
    assert len(moments) >= 3
    assert set(moments.values()) == {3}
    values: dict[Any, dict[str, int | None]] = defaultdict(dict)
    for row in Score.objects.all():
        values[row.moment_id, row.axis_id][row.rater] = row.value
    assert any(both["participant"] != both["coach"] for both in values.values())
    assert any(row.note for row in Score.objects.all())


def three_moments(pathway: Pathway) -> bool:
    """In order, over at least three months, every axis scored by the person and the coach."""
    days = list(pathway.moments.filter(state="closed").order_by("number").values_list("held_on", flat=True))
    given = Counter(row.rater for row in Score.objects.filter(moment__pathway=pathway))
    full = pathway.axes.count() * 3
    return len(days) == 3 and (days[2] - days[0]).days > 90 and given == {"participant": full, "coach": full}


@pytest.mark.parametrize("day", [date(2028, 2, 29), date(2027, 1, 1)])
def test_it_can_be_made_on_any_day(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    """A leap day, a New Year's day: the smallest service, with fewer people."""
    moment = datetime.combine(day, time(15), BELGIUM)
    with story_time():
        set_day(day, moment)
        now = timezone.now()
        plan = next(plan for plan in SERVICES if plan.slug == "vrijwilligersnetwerk")
        agenda = build.set_up(plan, now, day)
        monkeypatch.setitem(agenda.plan.crowd, "desk_at_work", 1)
        monkeypatch.setattr(months, "KEPT_MONTHS", 1)
        build.invite(agenda)
        agenda.run(day)
        build.settle(agenda)
    with open_scope(agenda.service.pk, actor=system("test"), purpose="test"):
        assert Person.objects.count() > 15
        assert three_moments(Pathway.objects.get(person_id=agenda.cast["participant"]))
        assert Event.objects.order_by("-happened_on")[0].happened_on <= day


def test_all_phases_of_all_services_are_known() -> None:
    assert {name for plan in SERVICES for name in plan.crowd} <= set(PHASES)
    assert all(20 <= sum(plan.crowd.values()) + 1 <= 65 for plan in SERVICES)


def test_names_are_drawn_once_and_from_many_places() -> None:
    from random import Random

    names = Names(Random(1))
    drawn = [names.draw() for _number in range(60)]
    assert len({(name.first, name.last) for name in drawn}) == 60
    assert len({name.language for name in drawn}) >= 6
    assert len(ORIGINS) >= 10
    assert all(name.phone.startswith("0470 12 ") for name in drawn)


def test_there_are_enough_different_words() -> None:
    lists = [value for value in vars(texts).values() if isinstance(value, tuple)]
    sentences = {
        text for words in [*lists, *texts.QUESTIONS.values()] for text in words if isinstance(text, str)
    }
    assert len(sentences) >= 60


def test_half_days_in_short() -> None:
    assert half_days("ma1 zo3") == 1 | 1 << 20
    assert half_days("") == 0
    with pytest.raises(ValueError, match="not in tuple"):
        half_days("xx1")


def test_addresses_are_never_real(vinac: Service) -> None:
    assert all(email.endswith("@demo.example") for email in User.objects.values_list("email", flat=True))
    assert all(mail.to.endswith(".example") for mail in OutgoingMail.objects.all())
