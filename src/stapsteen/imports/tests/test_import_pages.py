"""An import through the pages: upload, look, correct, answer, go, result; refusals; who may."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stapsteen.imports import work
from stapsteen.imports.models import ImportRun
from stapsteen.imports.reader import REFUSALS
from stapsteen.imports.reader.tests.books import PEOPLE, SAMPLE, book, with_part
from stapsteen.imports.tests.test_actions import upload
from stapsteen.network.models import StaffMember
from stapsteen.people.models import Person
from stapsteen.testing.world import client_of, inside, make_staff, run_jobs

pytestmark = pytest.mark.django_db
LIST = "/vinac/inlezen/"
GOOD = book({"Klanten": PEOPLE})


def sent(client: Client, data: bytes, name: str = "klanten.xlsx", url: str = LIST) -> Any:
    return client.post(url, {"file": SimpleUploadedFile(name, data)})


def uploaded(client: Client, data: bytes) -> str:
    """The address of the run, read by its job."""
    answer = sent(client, data)
    assert answer.status_code == 302, answer.content
    run_jobs()
    return str(answer["Location"])


@pytest.fixture
def client(coordinator: StaffMember) -> Client:
    return client_of(coordinator)


def test_the_sample_from_upload_to_result(service: Any, coach: StaffMember, client: Client) -> None:
    assert b"Nog niets ingelezen" in client.get(LIST).content
    answer = sent(client, SAMPLE.read_bytes())
    url = answer["Location"]
    waiting = client.get(url).content.decode()
    assert 'data-hx-trigger="every 2s"' in waiting
    assert '<meta http-equiv="refresh" content="4">' in waiting
    run_jobs()
    seen = client.get(url).content.decode()
    assert "64 mensen komen erbij" in seen
    assert "2 rijen lezen we niet in" in seen
    form = {"coach": coach.pk, "programme": programme_in(seen), "without_start": "open"}
    assert client.post(url, form)["Location"] == url
    assert "Wordt ingelezen" in client.get(url).content.decode()
    run_jobs()
    done = client.get(url).content.decode()
    assert "Het bestand is ingelezen" in done
    assert "21 rijen bevatten iets wat we niet konden lezen" in done
    assert "data-hx-trigger" not in done
    given = client.get(f"{url}rest.xlsx")
    assert openpyxl.load_workbook(io.BytesIO(given.content)).sheetnames == [
        "Klanten",
        "Organisaties",
        "uren 2026",
    ]
    with inside(service):
        assert Person.objects.count() == 64


def programme_in(page: str) -> str:
    """The hidden programme of the form, or the first choice."""
    import re

    found = re.search(r'name="programme" value="([0-9a-f-]{36})"', page)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "leeg.xlsx", "empty_file"),
        (b"%PDF-1.7\n1 0 obj", "brief.pdf", "not_a_spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "oud.xls", "old_xls"),
        (GOOD, "lijst.xlsm", "macros"),
        (with_part(GOOD, "xl/vbaProject.bin", b"macro"), "lijst.xlsx", "macros"),
        (with_part(GOOD, "xl/externalLinks/externalLink1.xml", b"<a/>"), "lijst.xlsx", "external_links"),
        (with_part(GOOD, "xl/worksheets/sheet2.xml", b"<row/>" * 20_000_000), "lijst.xlsx", "zip_bomb"),
        (GOOD[: len(GOOD) // 2], "half.xlsx", "broken"),
        (book({"Blad1": []}), "leeg.xlsx", "empty"),
        (
            book({"Klanten": [["Naam", "Voornaam", "geb.datum"], ["=A1", "=B1", "=C1"]]}),
            "formules.xlsx",
            "formulas",
        ),
        (b"Naam;Voornaam;geb.datum\n" + b"Maes;Tine;2/10/1969\n" * 200_000, "lang.csv", "too_many_rows"),
        (b"Naam;Voornaam\n" + b"Maes;Tine en nog veel meer tekst\n" * 400_000, "groot.csv", "too_big"),
    ],
)
def test_a_bad_file_is_refused_in_clear_words(
    service: Any, client: Client, data: bytes, name: str, code: str
) -> None:
    answer = sent(client, data, name)
    assert answer.status_code == 422
    assert REFUSALS[code] in answer.content.decode().replace("&#x27;", "'")
    with inside(service):
        assert ImportRun.objects.count() == 0


def test_without_a_file_the_form_says_so(service: Any, client: Client) -> None:
    answer = client.post(LIST, {})
    assert answer.status_code == 422
    assert "Kies eerst een bestand." in answer.content.decode()


def test_a_wrong_column_is_corrected(service: Any, client: Client) -> None:
    rows = [["Naam", "Voornaam", "geb.datum", "Kenmerk"], ["Peeters", "Piotr", dt.date(1987, 2, 5), "Beerse"]]
    url = uploaded(client, book({"Klanten": rows}))
    page = client.get(f"{url}?deel=kolommen").content.decode()
    assert "D: Kenmerk" in page
    form = {
        "sheet": "Klanten", "kind": "persons",
        "column_0": "surname", "column_1": "first_name", "column_2": "birth_date", "column_3": "town",
    }  # fmt: skip
    answer = client.post(f"{url}?deel=kolommen", form)
    assert answer.status_code == 302
    run_jobs()
    with inside(service):
        columns = work.load(ImportRun.objects.get())["plans"][0]["columns"]
        assert [column["field"] for column in columns] == ["surname", "first_name", "birth_date", "town"]
        assert ImportRun.objects.get().mapping["Klanten"]["columns"] == {"3": "town"}


def test_a_field_twice_comes_back_with_why(service: Any, client: Client) -> None:
    url = uploaded(client, GOOD)
    form = {
        "sheet": "Klanten", "kind": "persons",
        "column_0": "surname", "column_1": "surname", "column_2": "birth_date", "column_3": "town",
    }  # fmt: skip
    answer = client.post(f"{url}?deel=kolommen", form)
    assert answer.status_code == 422
    assert "twee keer" in answer.content.decode()


def test_problems_are_answered_on_the_page(service: Any, client: Client) -> None:
    rows = [
        PEOPLE[0],
        ["Peeters", "Piotr", "31/02/1987", "Beerse"],
        ["Maes", "Tine", dt.date(1969, 10, 2), "Nergenshuizen"],
    ]
    url = uploaded(client, book({"Klanten": rows})) + "?deel=nakijken"
    page = client.get(url).content.decode()
    assert "Deze datum bestaat niet." in page
    assert client.get(f"{url}&ernst=refused").content.decode().count('name="nummer"') == 0
    form = {
        "nummer": ["1", "2"],
        "id-1": "Klanten!C2:date_impossible", "doe-1": "", "waarde-1": "28/02/1987",
        "id-2": "Klanten!D3:town_unknown", "doe-2": "skip", "waarde-2": "",
    }  # fmt: skip
    assert client.post(url, form).status_code == 302
    run_jobs()
    with inside(service):
        assert ImportRun.objects.get().counts["totals"]["refused"] == 1
    assert "Wis mijn 2 keuzes" in client.get(url).content.decode()
    assert client.post(url, {"wis": "1"}).status_code == 302
    run_jobs()
    with inside(service):
        assert ImportRun.objects.get().counts["totals"]["refused"] == 0


def test_an_answer_that_says_nothing_is_told(service: Any, client: Client) -> None:
    url = uploaded(client, book({"Klanten": [PEOPLE[0], ["Peeters", "Piotr", "31/02/1987", "Beerse"]]}))
    for form, said in (
        ({"nummer": "1", "id-1": "Klanten!C2:date_impossible", "doe-1": ""}, "Je veranderde nog niets"),
        (
            {"nummer": "1", "id-1": "Klanten!C2:date_impossible", "doe-1": "value"},
            "Vul de andere waarde in voor cel C2",
        ),
        ({"nummer": "1", "id-1": "Klanten!C9:date_impossible", "doe-1": "skip"}, "bestaat niet meer"),
    ):
        answer = client.post(f"{url}?deel=nakijken", form)
        assert answer.status_code == 422
        assert said in answer.content.decode()


def test_choosing_between_namesakes(service: Any, client: Client) -> None:
    sheets = {
        "Klanten": [
            PEOPLE[0],
            ["Maes", "Tine", dt.date(1969, 10, 2), "Turnhout"],
            ["Maes", "Tine", dt.date(1980, 1, 1), "Beerse"],
        ],
        "Uren": [["Naam", "jan 2026"], ["Maes Tine", 12]],
    }
    url = uploaded(client, book(sheets)) + "?deel=nakijken"
    page = client.get(f"{url}&ernst=refused").content.decode()
    assert "Maes Tine, 02/10/1969, Turnhout" in page
    with inside(service):
        (problem,) = [
            p for p in work.load(ImportRun.objects.get())["problems"] if p["code"] == "person_several"
        ]
    form = {"nummer": "1", "id-1": problem["id"], "doe-1": f"choose:{problem['choices'][0]['key']}"}
    assert client.post(url, form).status_code == 302
    run_jobs()
    with inside(service):
        assert ImportRun.objects.get().counts["will"]["hours"] == 1


def test_an_unknown_part_isnt_there(service: Any, client: Client) -> None:
    assert client.get(f"{uploaded(client, GOOD)}?deel=iets").status_code == 404


def test_cancelling_asks_first(service: Any, client: Client) -> None:
    url = uploaded(client, GOOD)
    assert "Ja, wis het bestand" in client.get(f"{url}annuleer/").content.decode()
    assert client.post(f"{url}annuleer/", {"confirm": "1"})["Location"] == LIST
    assert "Je annuleerde dit bestand" in client.get(url).content.decode()
    assert client.post(f"{url}annuleer/", {"confirm": "1"}).status_code == 422


def test_a_running_import_can_be_stopped(service: Any, coach: StaffMember, client: Client) -> None:
    url = uploaded(client, GOOD)
    form = {
        "coach": coach.pk,
        "programme": programme_in(client.get(url).content.decode()),
        "without_start": "open",
    }
    client.post(url, form)
    assert "Stop het inlezen" in client.get(url).content.decode()
    assert client.post(url, {})["Location"] == url
    assert run_jobs() == 1
    assert "Je stopte het inlezen. Er is niets ingelezen." in client.get(url).content.decode()
    with inside(service):
        assert Person.objects.count() == 0


def test_a_service_without_coach_hears_what_to_do(service: Any) -> None:
    from stapsteen.network.models import Membership

    administrator = client_of(make_staff(service, "administrator"))
    url = uploaded(administrator, GOOD)
    assert not Membership.objects.filter(role__in=("coach", "coordinator"), service=service).exists()
    assert "nog geen trajectbegeleider" in administrator.get(url).content.decode()


@pytest.mark.parametrize(("role", "status"), [("coordinator", 200), ("administrator", 200), ("coach", 404), ("intake", 404),
                                              ("desk", 404), ("policy", 404), ("participant", 404)])  # fmt: skip
def test_who_may_import(service: Any, role: str, status: int) -> None:
    first = make_staff(service, "coordinator", email="eerste@vinac.example.org")
    with inside(service, first) as actor:
        run = upload(actor, GOOD)
    visitor = client_of(make_staff(service, role, email=f"{role}2@vinac.example.org"))
    for url in (LIST, f"{LIST}{run.pk}/", f"{LIST}{run.pk}/annuleer/", f"{LIST}{run.pk}/rest.xlsx"):
        assert visitor.get(url).status_code == status, url
    assert sent(visitor, GOOD).status_code == (302 if status == 200 else 404)


def test_another_service_doesnt_see_the_run(
    service: Any, other_service: Any, coordinator: StaffMember
) -> None:
    with inside(service, coordinator) as actor:
        run = upload(actor, GOOD)
    stranger = client_of(make_staff(other_service, "coordinator"))
    assert stranger.get(f"/link/inlezen/{run.pk}/").status_code == 404
    assert stranger.get(f"{LIST}{run.pk}/").status_code == 404


def test_the_list_costs_the_same_with_more_runs(
    service: Any, coordinator: StaffMember, client: Client
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(LIST).status_code == 200
        return len(captured)

    for number in range(3):
        with inside(service, coordinator) as actor:
            upload(actor, GOOD, f"lijst{number}.xlsx")
        if number == 0:
            client.get(LIST)
            one = queries()
    assert queries() == one


def test_thousands_of_problems_come_in_pages(service: Any, client: Client) -> None:
    rows: list[list[object]] = [["Naam", "Voornaam", "geb.datum"]]
    rows += [[f"Naam{number}", "Noor", "31/02/1987"] for number in range(120)]
    url = uploaded(client, book({"Klanten": rows})) + "?deel=nakijken"
    assert client.get(url).content.decode().count('name="nummer"') == 50
    last = client.get(f"{url}&pagina=3").content.decode()
    assert last.count('name="nummer"') == 20
    assert "120 meldingen" in last
