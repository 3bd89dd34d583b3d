"""Two colleagues in the same form at once, on every page that changes something: neither loses a word, both see it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from stapsteen.core.edits import SEEN
from stapsteen.hosts.actions import close_task
from stapsteen.hosts.models import Host, HostContact, Organisation, Task
from stapsteen.hosts.tests.factories import make_host, make_task
from stapsteen.pathways import actions
from stapsteen.pathways.actions import Point
from stapsteen.pathways.models import (
    Attendance,
    Axis,
    Explorator,
    ExploratorDomain,
    Goal,
    Group,
    Moment,
    Score,
    Session,
    WheelPosition,
)
from stapsteen.pathways.tests.factories import days_ago, make_pathway
from stapsteen.people.actions import add_supporter, close_appointment, plan_appointment
from stapsteen.people.models import Appointment, Supporter
from stapsteen.testing.world import client_of, inside, make_service, make_staff

pytestmark = pytest.mark.django_db
MERGED = "Een collega wijzigde intussen ook iets."


@dataclass(frozen=True)
class Two:
    """Two colleagues who may change the same things, and a client of each."""

    service: Any
    coach: Any
    one: Any
    other: Any

    def url(self, name: str, **keys: Any) -> str:
        return reverse(name, kwargs={"service": self.service.slug, **keys})


@pytest.fixture
def two() -> Two:
    service = make_service("link", "link")
    coach, second = make_staff(service, "coach"), make_staff(service, "coordinator")
    return Two(service, coach, client_of(coach), client_of(second))


def opened(client: Any, url: str) -> dict[str, Any]:
    """The form as the browser has it: every field with its value, the hidden ones as they stand in the page."""
    answer = client.get(url)
    assert answer.status_code == 200
    form, data = answer.context["form"], {}
    for name in form.fields:
        value = form[name].value()
        if name == SEEN:
            found = re.findall(rf'name="{SEEN}" value="([^"]*)"', answer.text)
            assert [found[0]] == list({*found}) == [escape(value)]
            data[name] = value
        elif hasattr(form.fields[name].widget, "decompress"):
            ticked = form.fields[name].widget.decompress(value)
            data |= {f"{name}_{at}": "on" for at, on in enumerate(ticked) if on}
        elif value not in (None, False):
            data[name] = plain(value)
    return data


def plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return [str(one) for one in value] if isinstance(value, list) else str(value)


@dataclass(frozen=True)
class Case:
    """A page, two of its fields with what each colleague writes, and how to read what is kept."""

    url: str
    fields: tuple[str, str]
    mine: tuple[str, str]
    theirs: tuple[str, str]
    kept: Callable[[], tuple[Any, Any]]


def goal_case(two: Two, actor: Any) -> Case:
    pathway = make_pathway(two.coach)
    axis = actions.add_axis(pathway=pathway, actor=actor, name="Durven")
    goal = actions.set_goal(pathway=pathway, actor=actor, text="De bus nemen")
    return Case(
        two.url("pathways.goal_edit", goal=goal.pk), ("text", "axis"), ("Alleen de bus nemen", ""),
        ("Samen de bus nemen", str(axis.pk)), lambda: (Goal.objects.get().text, str(Goal.objects.get().axis_id or "")),
    )  # fmt: skip


def domain_case(two: Two, actor: Any) -> Case:
    mapping = actions.begin_explorator(pathway=make_pathway(two.coach), actor=actor)
    actions.describe_domain(
        explorator=mapping, actor=actor, domain="housing", own_words="Klein", wish="Groter"
    )

    def kept() -> tuple[Any, Any]:
        row = ExploratorDomain.objects.get()
        return row.own_words, row.wish

    return Case(
        two.url("pathways.explorator_domain", explorator=mapping.pk, domain="housing"), ("own_words", "wish"),
        ("Klein maar fijn", "Een tuin"), ("Vochtig", "Een balkon"), kept,
    )  # fmt: skip


def axis_case(two: Two, actor: Any) -> Case:
    axis = actions.add_axis(pathway=make_pathway(two.coach), actor=actor, name="Durven", low="Nooit")

    def kept() -> tuple[Any, Any]:
        row = Axis.objects.get(pk=axis.pk)
        return row.name, row.low

    return Case(
        two.url("pathways.axis_edit", axis=axis.pk), ("name", "low"), ("Durf", "Bijna nooit"), ("Moed", "Soms"), kept
    )  # fmt: skip


def organisation_case(two: Two, actor: Any) -> Case:
    host = make_host("Dinamo", address="Dorp 1", note="Lift")

    def kept() -> tuple[Any, Any]:
        row = Organisation.objects.get()
        return row.address, row.note

    return Case(
        two.url("hosts.host_edit", host=host.pk), ("address", "note"), ("Dorp 2", "Lift stuk"), ("Dorp 3", "Trap"), kept
    )  # fmt: skip


def host_case(two: Two, actor: Any) -> Case:
    host = make_host("Dinamo")

    def kept() -> tuple[Any, Any]:
        row = Host.objects.get()
        return row.insurance_until.isoformat() if row.insurance_until else "", row.talk_wanted

    return Case(
        two.url("hosts.host_agreement", host=host.pk), ("insurance_until", "talk_wanted"), ("2031-01-01", "wish"),
        ("2032-01-01", "capacity"), kept,
    )  # fmt: skip


def task_case(two: Two, actor: Any) -> Case:
    task = make_task(make_host("Dinamo").organisation, "Koken", description="Soep")

    def kept() -> tuple[Any, Any]:
        row = Task.objects.get()
        return row.title, row.description

    return Case(
        two.url("hosts.task_edit", task=task.pk), ("title", "description"), ("Kok", "Taart"), ("Bakken", "Brood"), kept
    )  # fmt: skip


def appointment_case(two: Two, actor: Any) -> Case:
    person = make_pathway(two.coach).person
    made = plan_appointment(
        person=person,
        actor=actor,
        staff=two.coach,
        starts_at=timezone.now() + timedelta(days=3),
        where="Kerk",
    )

    def kept() -> tuple[Any, Any]:
        row = Appointment.objects.get()
        return row.where, row.about

    return Case(
        two.url("people.appointment_move", appointment=made.pk), ("where", "about"), ("Plein", "Wonen"),
        ("Markt", "Werk"), kept,
    )  # fmt: skip


def supporter_case(two: Two, actor: Any) -> Case:
    row = add_supporter(person=make_pathway(two.coach).person, actor=actor, kind="family", name="Rita")

    def kept() -> tuple[Any, Any]:
        found = Supporter.objects.get()
        return found.name, found.phone

    return Case(
        two.url("people.supporter_edit", supporter=row.pk), ("name", "phone"), ("Rita B.", "014 11 11 11"),
        ("Rita C.", "014 22 22 22"), kept,
    )  # fmt: skip


def group_case(two: Two, actor: Any) -> Case:
    group = actions.open_group(
        actor=actor, name="Koken", kind="training", starts_on=days_ago(3), led_by=two.coach
    )

    def kept() -> tuple[Any, Any]:
        row = Group.objects.get()
        return row.name, row.place

    return Case(
        two.url("pathways.group_edit", group=group.pk), ("name", "place"), ("Bakken", "Zaal 1"), ("Braden", "Zaal 2"), kept
    )  # fmt: skip


def session_case(two: Two, actor: Any) -> Case:
    group = actions.open_group(
        actor=actor, name="Koken", kind="training", starts_on=days_ago(3), led_by=two.coach
    )
    actions.plan_sessions(group=group, actor=actor, first=days_ago(1), topic="Soep")

    def kept() -> tuple[Any, Any]:
        row = Session.objects.get()
        return row.topic, row.day.isoformat()

    return Case(
        two.url("pathways.session_edit", session=Session.objects.get().pk), ("topic", "day"),
        ("Taart", days_ago(2).isoformat()), ("Brood", days_ago(0).isoformat()), kept,
    )  # fmt: skip


CASES = [
    goal_case, domain_case, axis_case, organisation_case, host_case, task_case, appointment_case, supporter_case,
    group_case, session_case,
]  # fmt: skip


@pytest.mark.parametrize("make", CASES)
def test_other_fields_are_both_kept_and_told(two: Two, make: Callable[[Two, Any], Case]) -> None:
    with inside(two.service, two.coach) as actor:
        case = make(two, actor)
    first, second = case.fields
    mine, theirs = opened(two.one, case.url), opened(two.other, case.url)
    assert two.other.post(case.url, {**theirs, second: case.theirs[1]}).status_code == 302
    answer = two.one.post(case.url, {**mine, first: case.mine[0]}, follow=True)
    with inside(two.service, two.coach):
        assert case.kept() == (case.mine[0], case.theirs[1])
    assert sum(MERGED in str(message) for message in answer.context["messages"]) == 1


@pytest.mark.parametrize("make", CASES)
def test_the_same_field_shows_both_texts_and_keeps_the_others(
    two: Two, make: Callable[[Two, Any], Case]
) -> None:
    with inside(two.service, two.coach) as actor:
        case = make(two, actor)
    at = 0 if case.mine[0] else 1
    name = case.fields[at]
    mine, theirs = opened(two.one, case.url), opened(two.other, case.url)
    assert two.other.post(case.url, {**theirs, name: case.theirs[at]}).status_code == 302
    answer = two.one.post(case.url, {**mine, name: case.mine[at]})
    form = answer.context["form"]
    assert (answer.status_code, list(form.errors), form[name].value()) == (422, [name], case.mine[at])
    assert form.errors[name][0].startswith("Hier staat intussen: “")
    with inside(two.service, two.coach):
        assert case.kept()[at] == case.theirs[at]
    again = {**mine, SEEN: form[SEEN].value(), name: case.mine[at]}
    assert two.one.post(case.url, again).status_code == 302
    with inside(two.service, two.coach):
        assert case.kept()[at] == case.mine[at]


def test_what_belongs_together_is_never_mixed(two: Two) -> None:
    """One moves the day, the other the hour: nobody chose that moment."""
    with inside(two.service, two.coach) as actor:
        case = appointment_case(two, actor)
    mine, theirs = opened(two.one, case.url), opened(two.other, case.url)
    later = (date.fromisoformat(theirs["day"]) + timedelta(days=1)).isoformat()
    assert two.other.post(case.url, {**theirs, "day": later}).status_code == 302
    answer = two.one.post(case.url, {**mine, "time": "08:15"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["day"])
    with inside(two.service, two.coach):
        kept = timezone.localtime(Appointment.objects.get().starts_at)
        assert (kept.date().isoformat(), kept.strftime("%H:%M")) == (later, theirs["time"])


# Points, the wheel, attendance ---------------------------------------------------------------------------------------


@pytest.fixture
def scoring(two: Two) -> tuple[str, list[str]]:
    """A moment with two axes: the address of the coach's points, and the axes' keys."""
    with inside(two.service, two.coach) as actor:
        pathway = make_pathway(two.coach)
        axes = [actions.add_axis(pathway=pathway, actor=actor, name=name) for name in ("Durven", "Slapen")]
        moment = actions.begin_moment(pathway=pathway, actor=actor)
        actions.give_scores(
            moment=moment, actor=actor, rater="coach", points={axis.pk: Point(2, "Begin") for axis in axes}
        )
    return two.url("pathways.moment_score", moment=moment.pk, rater="coach"), [axis.pk.hex for axis in axes]


def points(two: Two) -> list[tuple[int | None, str | None]]:
    with inside(two.service, two.coach):
        return [(row.value, row.note) for row in Score.objects.order_by("axis__order")]


def test_two_give_points_at_once(two: Two, scoring: tuple[str, list[str]]) -> None:
    """Each another axis: both stand. The same axis: the point and its why come back together."""
    url, (first, second) = scoring
    mine, theirs = opened(two.one, url), opened(two.other, url)
    given = {**theirs, f"value_{first}": "4", f"note_{first}": "Alleen geweest"}
    assert two.other.post(url, given).status_code == 302
    answer = two.one.post(url, {**mine, f"value_{second}": "5", f"note_{second}": "Vast"}, follow=True)
    assert sum(MERGED in str(message) for message in answer.context["messages"]) == 1
    assert points(two) == [(4, "Alleen geweest"), (5, "Vast")]
    answer = two.one.post(url, {**mine, f"note_{first}": "Met mij erbij"})
    errors = answer.context["form"].errors
    assert sorted(errors) == [f"note_{first}", f"value_{first}"]
    assert "“Alleen geweest”" in errors[f"note_{first}"][0]
    assert "“4”" in errors[f"value_{first}"][0]
    assert points(two) == [(4, "Alleen geweest"), (5, "Vast")]


def test_points_for_a_moment_that_was_closed_meanwhile_come_back(
    two: Two, scoring: tuple[str, list[str]]
) -> None:
    url, (first, _second) = scoring
    mine = opened(two.one, url)
    with inside(two.service, two.coach) as actor:
        actions.close_moment(moment=Moment.objects.get(), actor=actor, note="Klaar")
    answer = two.one.post(url, {**mine, f"note_{first}": "Nog iets"})
    assert (answer.status_code, answer.context["form"].non_field_errors()) == (
        422, ["Dit moment is klaar. Kies eerst “Verbeter”."],
    )  # fmt: skip
    assert "Nog iets" in answer.text
    closing = url.split("punten/")[0]
    answer = two.one.post(closing, {"note": "Mijn afspraak"})
    assert (answer.status_code, "Mijn afspraak" in answer.text, "Klaar" in answer.text) == (422, True, True)


def test_two_move_the_wheel(two: Two) -> None:
    """The second sees where the first put the person, and both steps stay in the way so far."""
    with inside(two.service, two.coach):
        pathway = make_pathway(two.coach, segment="few-contacts")
    url = two.url("pathways.wheel", pathway=pathway.pk)
    mine, theirs = opened(two.one, url), opened(two.other, url)
    assert two.other.post(url, {**theirs, "segment": "people-around"}).status_code == 302
    unchanged = two.one.post(url, {**mine, "what_helped": "De buurvrouw"})
    assert (unchanged.status_code, list(unchanged.context["form"].errors)) == (422, ["segment"])
    assert "De buurvrouw" in unchanged.text
    again = {**mine, SEEN: unchanged.context["form"][SEEN].value(), "what_helped": "De buurvrouw"}
    assert two.one.post(url, again).status_code == 302
    with inside(two.service, two.coach):
        way = [(row.segment, row.what_helped) for row in WheelPosition.objects.order_by("id")]
    assert way == [("few-contacts", None), ("people-around", None), ("few-contacts", "De buurvrouw")]


def test_two_note_who_was_there(two: Two) -> None:
    with inside(two.service, two.coach) as actor:
        group = actions.open_group(actor=actor, name="Koken", kind="training", starts_on=days_ago(9))
        for _number in range(2):
            person = make_pathway(two.coach).person
            actions.join_group(group=group, actor=actor, person=person, starts_on=days_ago(9))
        actions.plan_sessions(group=group, actor=actor, first=days_ago(1))
        url = two.url("pathways.attendance", session=Session.objects.get().pk)
    mine, theirs = opened(two.one, url), opened(two.other, url)
    first, second = sorted(
        name for name in two.one.get(url).context["form"].fields if name.startswith("lid_")
    )
    assert two.other.post(url, {**theirs, first: "present"}).status_code == 302
    assert two.one.post(url, {**mine, second: "excused"}).status_code == 302
    with inside(two.service, two.coach):
        assert sorted(row.answer for row in Attendance.objects.all()) == ["excused", "present"]
    answer = two.one.post(url, {**mine, first: "excused"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [first])


@pytest.mark.parametrize(
    ("name", "mine", "theirs", "field"),
    [
        ("contact_set", {"name": "Rita", "phone": "1"}, {"name": "Marc", "phone": "1"}, "name"),
        ("capacity_set", {"places": "3"}, {"places": "5"}, "places"),
    ],
)
def test_a_newer_word_of_a_host_is_shown_before_it_is_followed(
    two: Two, name: str, mine: dict[str, str], theirs: dict[str, str], field: str
) -> None:
    with inside(two.service, two.coach):
        host = make_host("Dinamo", places=2)
    url = two.url(f"hosts.{name}", host=host.pk)
    first, second = opened(two.one, url), opened(two.other, url)
    assert two.other.post(url, {**second, **theirs}).status_code == 302
    answer = two.one.post(url, {**first, **mine})
    assert answer.status_code == 422
    assert f"“{theirs[field]}”" in answer.context["form"].errors[field][0]
    again = {**first, **mine, SEEN: answer.context["form"][SEEN].value()}
    assert two.one.post(url, again).status_code == 302
    if name == "contact_set":
        with inside(two.service, two.coach):
            assert HostContact.objects.get(ends_on=None).name == "Rita"


# Closed or gone meanwhile --------------------------------------------------------------------------------------------


def test_a_meeting_that_was_noted_meanwhile_keeps_what_i_typed(two: Two) -> None:
    with inside(two.service, two.coach) as actor:
        made = plan_appointment(
            person=make_pathway(two.coach).person, actor=actor, staff=two.coach, starts_at=timezone.now()
        )
        close_appointment(appointment=made, actor=actor, action="hold", text="Ging goed")
    url = two.url("people.appointment", appointment=made.pk)
    answer = two.one.post(url, {"action": "hold", "text": "Wij spraken over wonen"})
    assert (answer.status_code, "Wij spraken over wonen" in answer.text) == (422, True)


def test_an_action_that_was_finished_meanwhile_shows_both_texts(two: Two) -> None:
    with inside(two.service, two.coach) as actor:
        action = actions.plan_action(
            pathway=make_pathway(two.coach), actor=actor, text="Bellen", who="together"
        )
        actions.finish_action(action=action, actor=actor, outcome_note="Ze nam op")
    url = two.url("pathways.action_finish", action=action.pk)
    answer = two.one.post(url, {"done_on": days_ago(0).isoformat(), "outcome_note": "Ze was er niet"})
    assert (answer.status_code, "Ze nam op" in answer.text, "Ze was er niet" in answer.text) == (
        422,
        True,
        True,
    )


def test_a_map_that_was_finished_meanwhile_keeps_what_i_typed(two: Two) -> None:
    with inside(two.service, two.coach) as actor:
        case = domain_case(two, actor)
    mine = opened(two.one, case.url)
    with inside(two.service, two.coach) as actor:
        actions.finish_explorator(explorator=Explorator.objects.get(), actor=actor, my_question="Wonen")
    answer = two.one.post(case.url, {**mine, "wish": "Een tuin"})
    assert (answer.status_code, "Een tuin" in answer.text, "Deze kaart is klaar" in answer.text) == (
        422,
        True,
        True,
    )


def test_a_task_that_was_closed_meanwhile_still_takes_its_words(two: Two) -> None:
    with inside(two.service, two.coach) as actor:
        case = task_case(two, actor)
    mine = opened(two.one, case.url)
    with inside(two.service, two.coach) as actor:
        close_task(task=Task.objects.get(), actor=actor)
    assert two.one.post(case.url, {**mine, "description": "Taart"}).status_code == 302
    with inside(two.service, two.coach):
        assert case.kept()[1] == "Taart"
        assert Task.objects.get().closed_on is not None


def test_what_is_gone_meanwhile_says_so_and_gives_my_words_back(two: Two) -> None:
    with inside(two.service, two.coach) as actor:
        case = goal_case(two, actor)
    mine = opened(two.one, case.url)
    with inside(two.service, two.coach):
        Goal.objects.all().delete()
    answer = two.one.post(case.url, {**mine, "text": "Alleen met de bus"})
    assert answer.status_code == 404
    assert "Dit is niet bewaard." in answer.text
    assert "Alleen met de bus" in answer.text
