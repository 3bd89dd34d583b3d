"""The second place of a person, the second time of a file, and the columns that are remembered."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from stapsteen.imports import leftovers
from stapsteen.imports.models import SavedMapping
from stapsteen.imports.reader.tests.books import book
from stapsteen.imports.tests.test_actions import imported, upload
from stapsteen.imports.words import field_word
from stapsteen.network.models import StaffMember
from stapsteen.people.models import Person
from stapsteen.placements.models import Placement
from stapsteen.testing.world import client_of, inside, make_staff

pytestmark = pytest.mark.django_db
BORN, START = dt.date(1969, 10, 2), dt.date(2025, 3, 1)
HOSTS = [
    ["Organisatie", "contactpersoon", "telefoon", "max. aantal met begeleiding"],
    ["De Linde", "Rita Maes", "014/42 11 25", 3],
    ["Fietspunt", "An Aerts", "014/42 11 26", 3],
]
TASKS = [["Organisatie", "Taak", "Wanneer", "Aantal plaatsen"], ["De Linde", "Koffie schenken", "ma VM", 2],
         ["Fietspunt", "Banden plakken", "di VM", 2]]  # fmt: skip
COLUMNS = ["Naam", "Voornaam", "geb.datum", "beschikbaarheid", "gastorganisatie", "start", "stop"]


def two_places(*second: object) -> bytes:
    """Tine at De Linde, and on a second row what is given: half-days, host, start, stop."""
    rows = [
        COLUMNS,
        ["Maes", "Tine", BORN, "ma VM, di VM", "De Linde", START, None],
        ["Maes", "Tine", BORN, *second],
    ]
    return book({"Organisaties": HOSTS, "Taken": TASKS, "Klanten": rows})


def places() -> list[tuple[str, str]]:
    rows = Placement.objects.select_related("host__organisation", "task").order_by("host__organisation__name")
    return [(row.host.organisation.name, row.task.title) for row in rows]


def notes() -> str:
    return "\n".join(note.text for note in Person.objects.get().notes.all())


def test_a_second_row_with_another_host_is_a_second_place(
    service: Any, coach: StaffMember, coordinator: StaffMember
) -> None:
    with inside(service, coordinator) as actor:
        run = imported(actor, two_places("ma VM, di VM", "Fietspunt", START, None))
        assert places() == [("De Linde", "Koffie schenken"), ("Fietspunt", "Banden plakken")]
        assert (run.counts["made"]["persons"], run.counts["made"]["proposed"]) == (1, 2)
        assert "gestart bij: Fietspunt (01/03/2025)\nplek: staat klaar als voorstel" in notes()
        imported(actor, two_places("ma VM, di VM", "Fietspunt", START, None))
        assert len(places()) == 2


@pytest.mark.parametrize(
    ("second", "told"),
    [
        (("ma VM", "Fietspunt", START, None), "plek: nog te kiezen"),
        (("di VM", "Fietspunt", START, dt.date(2025, 9, 1)), "Fietspunt"),
        (("di VM", "De Linde", START, None), "De Linde"),
    ],
    ids=["no task fits what is free", "it stopped", "the same host"],
)
def test_otherwise_it_stays_a_note(
    service: Any, coach: StaffMember, coordinator: StaffMember, second: tuple[object, ...], told: str
) -> None:
    with inside(service, coordinator) as actor:
        imported(actor, two_places(*second))
        assert places() == [("De Linde", "Koffie schenken")]
        assert told in notes()


def test_the_preview_says_that_there_is_a_second_place(service: Any, coordinator: StaffMember) -> None:
    from stapsteen.imports import work

    with inside(service, coordinator) as actor:
        run = upload(actor, two_places("di VM", "Fietspunt", START, None))
        found = [problem for problem in work.load(run)["problems"] if problem["code"] == "second_place"]
        assert [(problem["row"], problem["params"]) for problem in found] == [(3, {"host": "Fietspunt"})]


def unread(*mails: str) -> bytes:
    rows = [["Maes", f"Tine{number}", BORN, mail] for number, mail in enumerate(mails)]
    return book({"Klanten": [["Naam", "Voornaam", "geb.datum", "e-mail"], *rows]})


def test_what_waits_already_is_not_given_back_again(
    service: Any, coach: StaffMember, coordinator: StaffMember
) -> None:
    with inside(service, coordinator) as actor:
        first = imported(actor, unread("geen adres"))
        assert (leftovers.kept_rows(first), first.counts["will"]["leftovers_before"]) == (1, 0)
        again = upload(actor, unread("geen adres", "ook geen"))
        assert (again.counts["will"]["leftovers"], again.counts["will"]["leftovers_before"]) == (1, 1)
        again = imported(actor, unread("geen adres", "ook geen"))
        assert (leftovers.kept_rows(first), leftovers.kept_rows(again)) == (1, 1)
        assert again.counts["made"]["leftovers"] == 1
    url = reverse("imports.run_detail", kwargs={"service": service.slug, "run": again.pk})
    assert "1 rij wacht al bij een eerder bestand." in client_of(coordinator).get(url).content.decode()


# Remembered columns ----------------------------------------------------------------------------------------------


def remembered(service: Any, *names: str) -> list[SavedMapping]:
    with inside(service):
        return [
            SavedMapping.objects.create(
                fingerprint=name,
                mapping={"fingerprint": name, "kind": "persons", "columns": {name: "town", "x": ""}},
            )
            for name in names
        ]


def test_what_is_remembered_can_be_seen_and_forgotten(service: Any, coordinator: StaffMember) -> None:
    one, two = remembered(service, "woonst", "plaats")
    client, url = client_of(coordinator), reverse("imports.mapping_list", kwargs={"service": service.slug})
    assert url in client.get(reverse("imports.run_list", kwargs={"service": service.slug})).content.decode()
    shown = client.get(url)
    assert [card["rows"] for card in shown.context["forms"]] == [
        [["plaats", "Gemeente"], ["x", "Geen veld: bewaar als nota"]],
        [["woonst", "Gemeente"], ["x", "Geen veld: bewaar als nota"]],
    ]
    assert client.post(url, {"vergeet": str(one.pk)}).status_code == 302
    with inside(service):
        assert list(SavedMapping.objects.all()) == [two]
    assert client.post(url, {"vergeet": str(one.pk)}).status_code == 404
    assert client.post(url, {"alles": "1"}).status_code == 302
    assert "Nog niets onthouden" in client.get(url).content.decode()


def test_only_of_the_own_service_and_for_who_imports(
    service: Any, other_service: Any, coordinator: StaffMember
) -> None:
    [theirs] = remembered(other_service, "woonst")
    url = reverse("imports.mapping_list", kwargs={"service": service.slug})
    assert client_of(coordinator).post(url, {"vergeet": str(theirs.pk)}).status_code == 404
    assert client_of(make_staff(service, "coach")).get(url).status_code == 404
    with inside(other_service):
        assert SavedMapping.objects.count() == 1


def test_a_field_in_words() -> None:
    assert [field_word(field) for field in ("town", "", "month:3", "month:33", "old_name")] == [
        "Gemeente", "Geen veld: bewaar als nota", "maart", "month:33", "old_name",
    ]  # fmt: skip
