"""The host's page: one page over all services, without an account."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stapsteen.core import links
from stapsteen.core.models import OutgoingMail, ReadEntry
from stapsteen.hosts.actions import set_contact
from stapsteen.hours import actions
from stapsteen.hours.access import fingerprint
from stapsteen.hours.mails import month_url
from stapsteen.hours.models import HourLine, SheetPerson, Timesheet
from stapsteen.hours.queries import people_of
from stapsteen.hours.tests.factories import HOST_MAIL, SYSTEM, place, some_host
from stapsteen.testing.world import inside, make_service, make_staff

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 1)


@pytest.fixture
def asked(service: Any, coach: Any) -> str:
    """Amina's month is asked of the host; the path of the link in the mail."""
    with inside(service):
        place(coach, *some_host())
    actions.ask_month(month=OCTOBER)
    return mailed_path()


def mailed_path(**which: Any) -> str:
    body = OutgoingMail.objects.filter(**which).latest("created_at").body
    return re.search(r"https?://[^/]+(/uren-invullen/\S+)", body)[1]  # type: ignore[index]


def form_of(response: Any) -> dict[str, Any]:
    """What a browser would send when nothing is changed."""
    return {field.html_name: field.value() or "" for field in response.context["form"]}


def entry_of(service: Any, name: str = "Amina") -> SheetPerson:
    with inside(service):
        entries = SheetPerson.objects.select_related("person", "timesheet", "placement")
        return next(entry for entry in entries if entry.person.first_name == name)


def test_the_link_opens_the_month_with_the_roster_filled_in(asked: str) -> None:
    response = Client().get(asked)
    page = response.content.decode()
    assert response.status_code == 200
    assert "De uren van oktober 2026" in page
    assert "Amina P." in page
    assert "Peeters" not in page.replace("An Peeters", "")
    assert "Peeters" not in re.search("<title>(.*?)</title>", page)[1]  # type: ignore[index]
    assert [field.value() for field in response.context["form"] if field.html_name.startswith("d2026")] == [
        "3"
    ] * 9


def test_sending_it_as_it_stands_enters_the_roster(asked: str, service: Any) -> None:
    client = Client()
    sent = client.post(asked, form_of(client.get(asked)))
    assert (sent.status_code, sent.headers["Location"]) == (302, f"{asked}?klaar=1")
    thanks = client.get(sent.headers["Location"]).content.decode()
    assert "Bedankt!" in thanks
    assert "Samen 27 uur" in thanks
    with inside(service):
        assert Timesheet.objects.get().state == "entered"
        assert {(line.source, line.entered_by) for line in HourLine.objects.all()} == {("host", "An Peeters")}


def test_sending_it_twice_doubles_nothing(asked: str, service: Any) -> None:
    one, other = Client(), Client()
    given = form_of(one.get(asked))
    again = form_of(other.get(asked))
    one.post(asked, given)
    other.post(asked, again)
    one.post(asked, given)
    with inside(service):
        assert (HourLine.objects.count(), sum(line.minutes for line in HourLine.objects.all())) == (
            9,
            27 * 60,
        )


def test_other_hours_a_day_more_and_nothing_on_a_day(asked: str, service: Any) -> None:
    key = entry_of(service).pk.hex
    client = Client()
    given = form_of(client.get(asked)) | {
        f"d20261001_{key}": "3u30",
        f"d20261005_{key}": "0",
        f"d20261008_{key}": "",
        f"extra_{key}_0": "2026-10-06",
        f"extrahours_{key}_0": "1:15",
        f"remark_{key}": "Het gaat goed.",
        f"call_{key}": "on",
    }
    assert client.post(asked, given).status_code == 302
    with inside(service):
        person = people_of([Timesheet.objects.get()], timezone.localdate())[Timesheet.objects.get().pk][0]
        assert [(d.day.day, d.entered) for d in person.days] == [
            (1, 210), (5, 0), (6, 75), (8, 0), (12, 180), (15, 180), (19, 180), (22, 180), (26, 180), (29, 180),
        ]  # fmt: skip
        assert (person.remark, person.call_asked) == ("Het gaat goed.", True)


def test_nobody_came(asked: str, service: Any) -> None:
    client = Client()
    given = form_of(client.get(asked)) | {f"how_{entry_of(service).pk.hex}": "none"}
    client.post(asked, given)
    with inside(service):
        assert set(HourLine.objects.values_list("minutes", flat=True)) == {0}
        assert Timesheet.objects.get().state == "entered"


def test_later_keeps_the_page_open(service: Any, coach: Any) -> None:
    with inside(service):
        host, task = some_host()
        place(coach, host, task)
        place(coach, host, task, first_name="Bilal")
    actions.ask_month(month=OCTOBER)
    path, client = mailed_path(), Client()
    given = form_of(client.get(path)) | {f"how_{entry_of(service, 'Bilal').pk.hex}": "later"}
    page = client.post(path, given, follow=True).content.decode()
    assert "Bewaard. Nog 1 persoon te doen." in page
    assert "Al ingevuld" in page
    with inside(service):
        assert Timesheet.objects.get().state == "asked"
    rest = form_of(client.get(path))
    assert {name.split("_")[1] for name in rest} == {entry_of(service, "Bilal").pk.hex}
    assert "Bedankt!" in client.post(path, rest, follow=True).content.decode()


def test_someone_who_came_on_the_sheet_meanwhile_is_not_said(asked: str, service: Any, coach: Any) -> None:
    client = Client()
    given = form_of(client.get(asked))
    with inside(service):
        host = Timesheet.objects.get().host
        place(coach, host, host.organisation.tasks.get(), first_name="Bilal")
        actions.make_sheets(month=OCTOBER, actor=SYSTEM)
    assert "Nog 1 persoon" in client.post(asked, given, follow=True).content.decode()
    assert entry_of(service, "Bilal").answered_at is None


def test_it_can_be_changed_until_it_is_confirmed(asked: str, service: Any) -> None:
    client, key = Client(), entry_of(service).pk.hex
    client.post(asked, form_of(client.get(asked)))
    assert "Pas iets aan" in client.get(asked).content.decode()
    changed = form_of(client.get(f"{asked}?aanpassen=1")) | {f"d20261001_{key}": "1"}
    assert client.post(f"{asked}?aanpassen=1", changed).status_code == 302
    with inside(service):
        assert sum(line.minutes for line in HourLine.objects.all()) == 25 * 60
        actions.confirm_sheet(timesheet=Timesheet.objects.get(), actor=SYSTEM)
    late = client.post(asked, changed | {f"d20261001_{key}": "2"}, follow=True).content.decode()
    assert "De uren zijn bevestigd" in late
    assert "Pas iets aan" not in late
    with inside(service):
        assert sum(line.minutes for line in HourLine.objects.all()) == 25 * 60


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("d20261001_K", "veel", "Dit begrijpen we niet"),
        ("d20261001_K", "24,5", "Zoveel uur heeft deze dag niet"),
        ("extra_K_0", "2026-10-06", "Hoeveel uur was dat?"),
        ("extrahours_K_0", "2", "Welke dag was dat?"),
        ("extra_K_0", "2026-11-01", "Selecteer een geldige keuze"),
        ("how_K", "iets", "Selecteer een geldige keuze"),
        ("remark_K", "x" * 1001, "1001"),
    ],
)
def test_a_mistake_comes_back_with_what_was_typed(
    asked: str, service: Any, field: str, value: str, text: str
) -> None:
    key, client = entry_of(service).pk.hex, Client()
    given = form_of(client.get(asked)) | {f"d20261029_{key}": "1u15", field.replace("K", key): value}
    response = client.post(asked, given)
    page = response.content.decode()
    assert response.status_code == 422
    assert text in page
    assert 'value="1u15"' in page
    with inside(service):
        assert HourLine.objects.count() == 0


def test_more_room_for_days_saves_nothing_and_keeps_what_was_typed(asked: str, service: Any) -> None:
    key, client = entry_of(service).pk.hex, Client()
    given = form_of(client.get(asked)) | {f"d20261001_{key}": "onzin", "add_day": key}
    response = client.post(asked, given)
    page = response.content.decode()
    assert response.status_code == 200
    assert 'value="onzin"' in page
    assert "Nog niet bewaard" not in page
    assert [name for name in response.context["form"].fields if name.startswith("extra_")] == [
        f"extra_{key}_{n}" for n in range(3)
    ]
    twice = form_of(client.get(asked)) | {
        f"{name}_{key}_{n}": value
        for n in (0, 1)
        for name, value in (("extra", "2026-10-06"), ("extrahours", "2"))
    }
    assert "Deze dag staat er twee keer" in client.post(asked, twice).content.decode()


def test_the_longest_day_in_an_extra_field(asked: str, service: Any) -> None:
    key, client = entry_of(service).pk.hex, Client()
    extra = {f"extra_{key}_0": "2026-10-06", f"extrahours_{key}_0": "25"}
    page = client.post(asked, form_of(client.get(asked)) | extra).content.decode()
    assert "Zoveel uur heeft deze dag niet" in page
    extra = {f"extra_{key}_0": "2026-10-25", f"extrahours_{key}_0": "25"}
    assert client.post(asked, form_of(client.get(asked)) | extra).status_code == 302


def test_someone_without_a_roster_needs_a_day_or_a_word(service: Any, coach: Any) -> None:
    with inside(service):
        placement = place(coach, *some_host())
        type(placement).objects.filter(pk=placement.pk).update(half_days=0)
    actions.ask_month(month=OCTOBER)
    path, client, key = mailed_path(), Client(), entry_of(service).pk.hex
    empty = client.post(path, form_of(client.get(path)))
    assert "Vul minstens één dag in" in empty.content.decode()
    given = form_of(client.get(path)) | {f"how_{key}": "none"}
    assert client.post(path, given).status_code == 302
    with inside(service):
        assert (HourLine.objects.count(), Timesheet.objects.get().state) == (0, "entered")


def two_services(service: Any) -> Any:
    """The same contact in a second service of the network; both have somebody there."""
    other = make_service("buur", network=service.network)
    first, second = make_staff(service, "coach"), make_staff(other, "coach")
    with inside(service):
        host, task = some_host()
        place(first, host, task)
        organisation = host.organisation
    with inside(other):
        host, task = some_host(organisation=organisation)
        place(second, host, task, first_name="Bilal", last_name="Demir")
    actions.ask_month(month=OCTOBER)
    return other


def log_rows(service: Any) -> list[Any]:
    with inside(service):
        return list(ReadEntry.objects.filter(purpose="hours.month_fill").values_list("actor", "subjects"))


def test_two_services_on_one_page_each_with_its_own_log_row(service: Any) -> None:
    other = two_services(service)
    page = Client().get(mailed_path()).content.decode()
    assert page.index("Bilal D.") < page.index("Amina P.")
    amina, bilal = entry_of(service), entry_of(other, "Bilal")
    assert log_rows(service) == [("link:hours.month.fill", seen(amina))]
    assert log_rows(other) == [("link:hours.month.fill", seen(bilal))]


def seen(entry: SheetPerson) -> list[Any]:
    return [entry.person_id]


def test_both_services_are_saved_or_none(service: Any, monkeypatch: Any) -> None:
    other = two_services(service)
    path, client = mailed_path(), Client()
    given = form_of(client.get(path))
    broken = given | {f"d20261001_{entry_of(service).pk.hex}": "x"}
    assert client.post(path, broken).status_code == 422
    for one in (service, other):
        with inside(one):
            assert HourLine.objects.count() == 0
    assert client.post(path, given).status_code == 302
    for one in (service, other):
        with inside(one):
            assert (HourLine.objects.count(), Timesheet.objects.get().state) == (9, "entered")


def test_a_service_with_another_contact_stays_unseen(service: Any) -> None:
    other = two_services(service)
    with inside(other):
        host = Timesheet.objects.get().host
        set_contact(host=host, actor=SYSTEM, name="Jo", email="jo@host.example.org")
    page = Client().get(mailed_path()).content.decode()
    assert "Amina P." in page
    assert "Bilal" not in page
    assert log_rows(other) == []


def test_the_link_of_a_former_contact_shows_nothing(asked: str, service: Any) -> None:
    client = Client()
    given = form_of(client.get(asked))
    with inside(service):
        set_contact(host=Timesheet.objects.get().host, actor=SYSTEM, name="Jo", email="jo@host.example.org")
    assert client.get(asked).status_code == 404
    assert client.post(asked, given).status_code == 404


def test_a_link_for_something_else_or_made_up_shows_nothing(asked: str, service: Any) -> None:
    with inside(service):
        organisation = Timesheet.objects.get().host.organisation_id
    other = links.make(
        "pathways.follow", organisation=organisation, month="2026-10", contact=fingerprint(HOST_MAIL)
    )
    november = links.make(
        "hours.month.fill", organisation=organisation, month="2026-11", contact=fingerprint(HOST_MAIL)
    )
    for token in (other, november, "x"):
        assert Client().get(f"/uren-invullen/{token}/").status_code == 404


def test_an_expired_link_sends_a_fresh_one_to_the_contact_of_record(asked: str, service: Any) -> None:
    with inside(service):
        set_contact(host=Timesheet.objects.get().host, actor=SYSTEM, name="Jo", email="jo@host.example.org")
    with time_machine.travel("2027-01-15T10:00:00+01:00"):
        client = Client()
        assert client.get(asked).status_code == 410
        for _ in range(2):
            assert client.post(asked).status_code == 410
        fresh = OutgoingMail.objects.exclude(to=HOST_MAIL)
        assert [mail.to for mail in fresh] == ["jo@host.example.org"]
        assert client.get(mailed_path(to="jo@host.example.org")).status_code == 200


def test_the_page_needs_as_many_queries_for_three_as_for_one(service: Any, coach: Any) -> None:
    with inside(service):
        host, task = some_host()
        place(coach, host, task)
    actions.ask_month(month=OCTOBER)
    path = month_url(host.organisation_id, OCTOBER, HOST_MAIL).partition("8000")[2]
    with CaptureQueriesContext(connection) as one:
        Client().get(path)
    with inside(service):
        for name in ("Bilal", "Carlo"):
            place(coach, host, task, first_name=name)
        actions.make_sheets(month=OCTOBER, actor=SYSTEM)
    with CaptureQueriesContext(connection) as three:
        assert Client().get(path).content.decode().count("st-hours__name") == 3
    assert len(three) == len(one)
