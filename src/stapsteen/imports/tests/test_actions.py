"""The sample from upload to rows; what goes wrong takes everything back; what is remembered; what is erased."""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stapsteen.core.erasure import erase
from stapsteen.core.errors import RuleBroken
from stapsteen.core.models import Event, History, StoredFile
from stapsteen.core.scope import Actor, system
from stapsteen.core.tasks import delete_old_files
from stapsteen.hosts.models import Host, HostContact, HostNote, Organisation, Task
from stapsteen.hours.models import HourLine
from stapsteen.imports import actions, jobs, leftovers, work
from stapsteen.imports.models import ImportedRow, ImportRun, SavedMapping
from stapsteen.imports.reader import Decision, ImportRefused
from stapsteen.imports.reader.tests.books import PEOPLE, SAMPLE, book
from stapsteen.imports.write import RowBroken
from stapsteen.network.models import Municipality, StaffMember
from stapsteen.network.places import municipality
from stapsteen.pathways.actions import receive_referral, settle_referral
from stapsteen.pathways.models import Aim, Pathway, Referral
from stapsteen.people.models import Address, Note, Person, SensitiveFact
from stapsteen.placements.models import Placement
from stapsteen.testing.world import client_of, inside, make_programme, make_staff, programme_of, run_jobs

pytestmark = pytest.mark.django_db
EXPECTED = {
    "umbrellas": 6, "organisations": 12, "hosts_active": 11, "talks": 9, "tasks": 25, "persons": 64, "referrals": 64,
    "pathways": 37, "ended": 6, "proposed": 1, "places_noted": 30, "notes": 83, "facts": 82, "hour_lines": 217,
    "leftovers": 21,
}  # fmt: skip
STATES = {"accepted": 37, "in_talks": 27}
LEFT = {"Klanten": 9, "Organisaties": 10, "uren 2026": 2}
JOB = system("imports.write")


def upload(actor: Actor, data: bytes, name: str = "klanten.xlsx") -> ImportRun:
    run = actions.upload_workbook(actor=actor, name=name, data=data, read_later=False)
    return actions.read_run(run=run, actor=actor)


def bring_in(actor: Actor, run: ImportRun, **options: Any) -> ImportRun:
    coach, programme = actions.default_options(actor)
    assert coach is not None
    assert programme is not None
    values = {"coach": coach, "programme": programme, **options}
    run = actions.start_import(run=run, actor=actor, write_later=False, **values)
    return actions.write_run(run=run, actor=JOB, watched=False)


def imported(actor: Actor, data: bytes, **options: Any) -> ImportRun:
    return bring_in(actor, upload(actor, data), **options)


def everything() -> dict[str, int]:
    models = (Person, Organisation, Host, HostContact, HostNote, Task, Referral, Pathway, Placement, HourLine, Note,
              SensitiveFact, Address, ImportedRow)  # fmt: skip
    return {model.__name__: model.objects.count() for model in models}


@pytest.fixture
def towns(db: None) -> None:
    """The municipalities that the sample names."""
    for nis in ("13040", "11002", "13004", "11057"):
        found = municipality(nis)
        assert found is not None
        Municipality.objects.get_or_create(nis=nis, defaults={"name": found.name})


def test_the_sample_comes_in_whole(
    service: Any, coach: StaffMember, coordinator: StaffMember, towns: None
) -> None:
    with inside(service, coordinator) as actor:
        run = imported(actor, SAMPLE.read_bytes())
        assert run.state == "done"
        assert (run.file, run.work, run.progress) == (None, None, 100)
        assert run.counts["totals"] == {
            "read": 132,
            "ready": 129,
            "repaired": 112,
            "refused": 2,
            "duplicate": 1,
        }
        assert run.counts["made"] == EXPECTED
        assert Person.objects.count() == 64
        assert Counter(Referral.objects.values_list("state", flat=True)) == STATES
        assert Counter(Pathway.objects.values_list("state", flat=True)) == {"active": 31, "ended": 6}
        assert HourLine.objects.filter(source="import", is_month_total=True, day=None).count() == 217
        assert StoredFile.objects.exclude(name=leftovers.name_of(run)).count() == 0


def test_one_person_whole(service: Any, coach: StaffMember, coordinator: StaffMember, towns: None) -> None:
    with inside(service, coordinator) as actor:
        imported(actor, SAMPLE.read_bytes())
        leyla = Person.objects.get(first_name="Leyla", last_name="Yıldız")
        assert (leyla.birth_date, leyla.dutch_listening, leyla.dutch_speaking) == (
            dt.date(1996, 8, 15),
            "1.2",
            "1.2",
        )
        home = leyla.addresses.get()
        assert (home.street, home.town, home.municipality.name) == ("Stefansteeg 28", "Hoboken", "Antwerpen")
        referral, pathway = leyla.referrals.get(), leyla.pathways.get()
        assert (referral.received_on, referral.state, referral.by) == (
            dt.date(2023, 12, 22),
            "accepted",
            "helper",
        )
        assert (pathway.starts_on, pathway.state, pathway.coach) == (dt.date(2024, 3, 19), "active", coach)
        assert Aim.objects.get(pathway=pathway).aim == "possible_stepping_stone"
        facts = {fact.kind: fact.text for fact in leyla.sensitive_facts.all()}
        assert facts["referrer"] == "gevangenis Turnhout"
        assert sum(line.minutes for line in HourLine.objects.filter(person=leyla)) == 7980
        (note, hours) = sorted(leyla.notes.filter(kind="import"), key=lambda found: found.pk)
        assert hours.text.splitlines() == [
            "Uit klanten.xlsx, blad uren 2026, rij 2",
            "uren bij: WZC De Zilverlinde",
        ]
        assert "gestart bij: WZC De Zilverlinde (19/03/2024)" in note.text
        assert "gevangenis" not in note.text
        kinds = set(Event.objects.filter(subject_id=leyla.pk).values_list("kind", flat=True))
        assert {"referral.received", "pathway.started", "imports.hours", "person.note"} <= kinds


def test_one_organisation_whole(
    service: Any, coach: StaffMember, coordinator: StaffMember, towns: None
) -> None:
    with inside(service, coordinator) as actor:
        imported(actor, SAMPLE.read_bytes())
        pleintje = Organisation.objects.get(name="Buurthuis 't Pleintje")
        assert (pleintje.umbrella.name, pleintje.legal_kind, pleintje.sectors, pleintje.municipality.name) == (
            "Samenlevingsopbouw", "vzw", ["administration"], "Beerse",
        )  # fmt: skip
        host = Host.objects.get(organisation=pleintje)
        assert (host.state, host.insurance_until, host.talk_wanted) == (
            "active",
            dt.date(2026, 4, 14),
            "wish",
        )
        contact = host.contacts.get()
        assert (contact.name, contact.email) == ("Rachida Hermans", "info2@example.org")
        assert pleintje.capacities.get().places == 2
        assert {task.title: task.seats for task in pleintje.tasks.all()} == {"onthaal": 2, "flyers vouwen": 1}
        told = str([note.text for note in HostNote.objects.all()])
        assert "verslaving" not in told
        assert "psychiatrie" not in told


def test_a_second_import_doubles_nothing(
    service: Any, coach: StaffMember, coordinator: StaffMember, towns: None
) -> None:
    with inside(service, coordinator) as actor:
        imported(actor, SAMPLE.read_bytes())
        before = everything()
        again = imported(actor, SAMPLE.read_bytes())
        assert everything() == before
        assert [(s["read"], s["ready"], s["refused"], s["duplicate"]) for s in again.counts["sheets"]] == [
            (65, 0, 0, 65), (12, 0, 0, 12), (25, 0, 0, 25), (30, 0, 2, 28),
        ]  # fmt: skip


def test_ended_pathways_keep_their_dates_and_reason(
    service: Any, coach: StaffMember, coordinator: StaffMember
) -> None:
    rows = [
        ["Naam", "Voornaam", "geb.datum", "aanmelding", "gestart bij", "start", "stop", "reden stop"],
        ["Maes", "Tine", dt.date(1969, 10, 2), dt.date(2024, 1, 5), "", dt.date(2024, 2, 1), dt.date(2025, 3, 1), "werk"],
        ["Aerts", "Jan", dt.date(1970, 10, 2), dt.date(2024, 1, 5), "", dt.date(2024, 2, 1), dt.date(2025, 3, 1), "verhuisd"],
        ["Cools", "An", dt.date(1971, 10, 2), dt.date(2024, 1, 5), "", None, dt.date(2025, 3, 1), "wil niet"],
    ]  # fmt: skip
    with inside(service, coordinator) as actor:
        imported(actor, book({"Klanten": rows}))
        ended = {p.person.last_name: p for p in Pathway.objects.select_related("person")}
        assert {
            name: (p.starts_on, p.ends_on, p.end_code, p.stepped_up, p.end_reason)
            for name, p in ended.items()
        } == {
            "Maes": (dt.date(2024, 2, 1), dt.date(2025, 3, 1), "stepped_up", True, "werk"),
            "Aerts": (dt.date(2024, 2, 1), dt.date(2025, 3, 1), "moved", False, "verhuisd"),
        }
        assert Referral.objects.get(person__last_name="Cools").state == "withdrawn"


def test_without_a_start_somebody_is_asking_or_already_guided(
    service: Any, coach: StaffMember, coordinator: StaffMember
) -> None:
    def rows(first_name: str) -> bytes:
        return book(
            {
                "Klanten": [
                    ["Naam", "Voornaam", "geb.datum", "aanmelding", "traject"],
                    ["Maes", first_name, dt.date(1969, 10, 2), dt.date(2025, 1, 5), "finaliteit"],
                ]
            }
        )

    with inside(service, coordinator) as actor:
        imported(actor, rows("Tine"))
        imported(actor, rows("Joris"), without_start="guided")
        assert {
            person.first_name: (person.referrals.get().state, [p.starts_on for p in person.pathways.all()])
            for person in Person.objects.all()
        } == {"Tine": ("in_talks", []), "Joris": ("accepted", [dt.date(2025, 1, 5)])}


def test_a_clear_place_becomes_a_proposal(service: Any, coach: StaffMember, coordinator: StaffMember) -> None:
    sheets = {
        "Klanten": [
            ["Naam", "Voornaam", "geb.datum", "beschikbaar", "gestart bij", "start"],
            ["Maes", "Tine", dt.date(1969, 10, 2), "ma vm", "Bib", dt.date(2025, 2, 1)],
            ["Aerts", "Jan", dt.date(1970, 10, 2), "di vm", "Bib", dt.date(2025, 2, 1)],
        ],
        "Organisaties": [["Organisatie", "gemeente", "max. aantal met begeleiding"], ["Bib", "Turnhout", 1]],
        "Taken": [
            ["organisatie", "taak", "wanneer", "plaatsen"],
            ["Bib", "boeken terugzetten", "ma vm, di vm", 2],
        ],
    }
    with inside(service, coordinator) as actor:
        run = imported(actor, book(sheets))
        placement = Placement.objects.get()
        assert (placement.person.first_name, placement.state, placement.half_days) == ("Tine", "proposed", 1)
        assert (run.counts["made"]["proposed"], run.counts["made"]["places_noted"]) == (1, 1)
        assert "nog te kiezen" in Person.objects.get(first_name="Jan").notes.get().text


def test_a_row_that_a_rule_refuses_takes_everything_back(
    service: Any, coach: StaffMember, coordinator: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    with inside(service, coordinator) as actor:
        run = upload(actor, book({"Klanten": PEOPLE}))
        chosen, programme = actions.default_options(actor)
        assert chosen is not None
        assert programme is not None
        actions.start_import(run=run, actor=actor, coach=chosen, programme=programme)
    from stapsteen.imports.write import persons

    real = persons.actions.create_person

    def second_fails(**values: Any) -> Person:
        if values["first_name"] == "Tine":
            raise RuleBroken("Dit mag niet.")
        return real(**values)

    monkeypatch.setattr(persons.actions, "create_person", second_fails)
    assert run_jobs() == 1
    with inside(service):
        run = ImportRun.objects.get()
        assert (run.state, run.failure) == (
            "preview", "Rij 3 van blad Klanten lukt niet: Dit mag niet. Er is niets ingelezen.",
        )  # fmt: skip
        assert everything() == dict.fromkeys(everything(), 0)
        assert run.file is not None
    url = f"/vinac/inlezen/{run.pk}/"
    browser = client_of(coordinator)
    assert "Sla deze rij over en lees opnieuw" in browser.get(url).content.decode()
    assert browser.post(url, {"overslaan": "1"}).status_code == 302
    run_jobs()
    with inside(service, coordinator) as actor:
        run = ImportRun.objects.get()
        assert (run.counts["totals"]["ready"], run.counts["totals"]["refused"]) == (1, 1)
        with pytest.raises(RuleBroken, match="geen rij"):
            actions.skip_broken(run=run, actor=actor)


def test_anything_unforeseen_takes_everything_back_too(
    service: Any, coach: StaffMember, coordinator: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    with inside(service, coordinator) as actor:
        run = upload(actor, book({"Klanten": PEOPLE}))
        chosen, programme = actions.default_options(actor)
        assert chosen is not None
        assert programme is not None
        actions.start_import(run=run, actor=actor, coach=chosen, programme=programme)

    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(leftovers, "keep_leftovers", broken)
    run_jobs()
    with inside(service):
        assert ImportRun.objects.get().state == "preview"
        assert Person.objects.count() == 0


def test_who_is_already_there_is_filled_in_and_not_doubled(
    service: Any, coach: StaffMember, coordinator: StaffMember
) -> None:
    rows = [
        ["Naam", "Voornaam", "geb.datum", "Tel", "mail"],
        ["Peeters", "Piotr", dt.date(1987, 2, 5), "0470 12 34 18", "nieuw@example.org"],
    ]
    with inside(service, coordinator) as actor:
        known = Person.objects.create(
            first_name="Piotr", last_name="Peeters", birth_date=dt.date(1987, 2, 5), email="oud@example.org"
        )
        run = imported(actor, book({"Klanten": rows}))
        assert (run.counts["totals"]["duplicate"], Person.objects.count()) == (1, 1)
        known.refresh_from_db()
        assert (known.phone, known.email) == ("+32470123418", "oud@example.org")
        assert "nieuw@example.org" in known.notes.get().text
        before = everything()
        imported(actor, book({"Klanten": rows}))
        assert everything() == before


def test_an_answer_changes_what_is_imported(
    service: Any, coach: StaffMember, coordinator: StaffMember
) -> None:
    rows = [
        PEOPLE[0],
        ["Peeters", "Piotr", "31/02/1987", "Beerse"],
        ["Maes", "Tine", dt.date(1969, 10, 2), "Nergenshuizen"],
    ]
    with inside(service, coordinator) as actor:
        run = upload(actor, book({"Klanten": rows}))
        ids = {problem["code"]: problem["id"] for problem in work.load(run)["problems"]}
        answers = {
            ids["date_impossible"]: Decision("value", "28/02/1987"), ids["town_unknown"]: Decision("skip"),
        }  # fmt: skip
        actions.decide(run=run, actor=actor, answers=answers)
    run_jobs()
    with inside(service, coordinator) as actor:
        run = ImportRun.objects.get()
        assert run.counts["totals"] == {"read": 2, "ready": 1, "repaired": 0, "refused": 1, "duplicate": 0}
        bring_in(actor, run)
        assert Person.objects.get().birth_date == dt.date(1987, 2, 28)


def test_answers_must_make_sense(service: Any, coordinator: StaffMember) -> None:
    with inside(service, coordinator) as actor:
        run = upload(actor, book({"Klanten": [PEOPLE[0], ["Peeters", "Piotr", "31/02/1987", "Beerse"]]}))
        (problem,) = [p for p in work.load(run)["problems"] if p["code"] == "date_impossible"]
        for key, answer in (
            ("Klanten!A99:no_name", Decision("skip")),
            (problem["id"], Decision("value", " ")),
            (problem["id"], Decision("choose", "iets")),
            (problem["id"], Decision("weg", "")),  # type: ignore[arg-type]
        ):
            with pytest.raises(RuleBroken):
                actions.decide(run=run, actor=actor, answers={key: answer})
        assert ImportRun.objects.get().state == "preview"


def test_a_corrected_column_is_remembered(service: Any, coordinator: StaffMember) -> None:
    rows = [["Naam", "Voornaam", "geb.datum", "Kenmerk"], ["Peeters", "Piotr", dt.date(1987, 2, 5), "Beerse"]]
    with inside(service, coordinator) as actor:
        run = upload(actor, book({"Klanten": rows}))
        assert work.load(run)["plans"][0]["columns"][3]["field"] is None
        actions.correct_mapping(run=run, actor=actor, sheet="Klanten", kind="persons", columns={3: "town"})
    run_jobs()
    with inside(service, coordinator) as actor:
        assert work.load(ImportRun.objects.get())["plans"][0]["columns"][3]["field"] == "town"
        assert SavedMapping.objects.count() == 1
        next_file = upload(
            actor, book({"Blad1": [*rows, ["Maes", "Tine", dt.date(1969, 10, 2), "Turnhout"]]})
        )
        assert work.load(next_file)["plans"][0]["columns"][3]["field"] == "town"
        assert actions.forget_mapping(actor=actor) == 1
        third = upload(actor, book({"Blad1": rows}))
        assert work.load(third)["plans"][0]["columns"][3]["field"] is None


def test_a_sheet_can_be_another_kind_or_left_out(service: Any, coordinator: StaffMember) -> None:
    with inside(service, coordinator) as actor:
        run = upload(actor, book({"Klanten": PEOPLE}))
        actions.correct_mapping(run=run, actor=actor, sheet="Klanten", kind="ignored", columns={})
    run_jobs()
    with inside(service, coordinator) as actor:
        run = ImportRun.objects.get()
        assert run.counts["sheets"][0]["kind"] == "ignored"
        for sheet, kind, columns in (
            ("Ander", "persons", {}),
            ("Klanten", "iets", {}),
            ("Klanten", "ignored", {0: "surname"}),
        ):
            with pytest.raises(RuleBroken):
                actions.correct_mapping(run=run, actor=actor, sheet=sheet, kind=kind, columns=columns)


def test_one_field_is_for_one_column(service: Any, coordinator: StaffMember) -> None:
    with inside(service, coordinator) as actor:
        run = upload(actor, book({"Klanten": PEOPLE}))
        with pytest.raises(RuleBroken, match="twee keer"):
            actions.correct_mapping(
                run=run, actor=actor, sheet="Klanten", kind="persons", columns={0: "surname", 1: "surname"}
            )


def test_the_other_service_sees_nothing(
    service: Any, other_service: Any, coach: StaffMember, coordinator: StaffMember
) -> None:
    with inside(service, coordinator) as actor:
        imported(actor, book({"Klanten": PEOPLE}))
    with inside(other_service):
        assert (ImportRun.objects.count(), Person.objects.count(), ImportedRow.objects.count()) == (0, 0, 0)
        assert StoredFile.objects.count() == 0


def test_the_same_file_can_come_into_another_service(
    service: Any, other_service: Any, coach: StaffMember, coordinator: StaffMember
) -> None:
    make_staff(other_service, "coach")
    second = make_staff(other_service, "coordinator")
    for where, staff in ((service, coordinator), (other_service, second)):
        with inside(where, staff) as actor:
            imported(actor, book({"Klanten": PEOPLE}))
            assert Person.objects.count() == 2


def test_stopping_a_running_import_takes_it_back(
    service: Any, coach: StaffMember, coordinator: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody presses Stop while the job writes: its last move finds another state, so nothing stays."""
    with inside(service, coordinator) as actor:
        run = upload(actor, book({"Klanten": PEOPLE}))
        chosen, programme = actions.default_options(actor)
        assert chosen is not None
        assert programme is not None
        actions.start_import(run=run, actor=actor, coach=chosen, programme=programme)
    real = leftovers.keep_leftovers

    def stopped_meanwhile(*args: Any, **values: Any) -> int:
        actions.halt_import(run=ImportRun.objects.get(), actor=JOB)
        return real(*args, **values)

    monkeypatch.setattr(leftovers, "keep_leftovers", stopped_meanwhile)
    run_jobs()
    with inside(service):
        assert Person.objects.count() == 0


def test_cancelling_deletes_the_file_for_good(service: Any, coordinator: StaffMember) -> None:
    with inside(service, coordinator) as actor:
        run = upload(actor, book({"Klanten": PEOPLE}))
        run = actions.cancel_run(run=run, actor=actor)
        assert (run.state, run.file, run.work) == ("cancelled", None, None)
        assert StoredFile.objects.count() == 0
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM core_history WHERE \"table\" = 'core_storedfile' AND old ? 'content'"
            )
            assert cursor.fetchone() == (0,)


def test_a_file_whose_time_is_over_is_told(
    service: Any, coach: StaffMember, coordinator: StaffMember
) -> None:
    with inside(service, coordinator) as actor:
        waiting = actions.upload_workbook(
            actor=actor, name="k.xlsx", data=book({"Klanten": PEOPLE}), read_later=False
        )
        read = upload(actor, book({"Klanten": PEOPLE}))
        StoredFile.objects.update(delete_on=dt.date(2020, 1, 1))
        assert delete_old_files() == 3
        waiting = actions.read_run(run=waiting, actor=actor)
        assert (waiting.state, waiting.refusal) == (
            "refused",
            "Het bestand is er niet meer. Kies het opnieuw.",
        )
        chosen, programme = actions.default_options(actor)
        assert chosen is not None
        assert programme is not None
        actions.start_import(run=read, actor=actor, coach=chosen, programme=programme)
    run_jobs()
    with inside(service):
        told = ImportRun.objects.get(pk=read.pk)
        assert (told.state, told.failure) == ("preview", "Het bestand is er niet meer. Kies het opnieuw.")


def test_only_an_import_settles_a_referral_and_only_with_a_pathway(
    service: Any, coordinator: StaffMember
) -> None:
    with inside(service, coordinator) as actor:
        referral = receive_referral(
            actor=actor,
            programme=programme_of(service),
            by="self",
            question="Iets",
            person={"first_name": "Noor"},
        )
        with pytest.raises(RuleBroken, match="rol"):
            settle_referral(referral=referral, actor=actor, on=referral.received_on)
        with pytest.raises(RuleBroken, match="nog geen traject"):
            settle_referral(referral=referral, actor=JOB, on=referral.received_on)


def test_a_cancelled_run_is_left_alone_by_its_job(service: Any, coordinator: StaffMember) -> None:
    with inside(service, coordinator) as actor:
        run = actions.upload_workbook(actor=actor, name="k.xlsx", data=book({"Klanten": PEOPLE}))
        actions.cancel_run(run=run, actor=actor)
    assert run_jobs() == 1
    jobs.write(str(service.pk), str(run.pk))
    with inside(service):
        assert ImportRun.objects.get().state == "cancelled"


def test_a_job_that_comes_twice_or_too_late_changes_nothing(service: Any, coordinator: StaffMember) -> None:
    with inside(service, coordinator) as actor:
        run = upload(actor, book({"Klanten": PEOPLE}))
        before = (run.state, run.counts, run.failure, History.objects.count())
        again = actions.read_run(run=run, actor=JOB)
        assert (again.state, again.counts, again.failure, History.objects.count()) == before
        again = actions.undo_start(run=run, actor=JOB, failure="Te laat.", place=("Klanten", 2))
        assert (again.state, again.counts, again.failure, History.objects.count()) == before


def test_a_file_that_can_no_longer_be_read_is_refused_in_words(
    service: Any, coordinator: StaffMember
) -> None:
    """A stricter reader came between the upload and the job, or what was kept is damaged."""
    with inside(service, coordinator) as actor:
        sheet = book({"Klanten": PEOPLE})
        run = actions.upload_workbook(actor=actor, name="k.xlsx", data=sheet, read_later=False)
        run.file.content = b" "
        run.file.save()
        run = actions.read_run(run=run, actor=JOB)
        assert (run.state, run.refusal) == ("refused", ImportRefused("empty_file").message_nl)
        assert Person.objects.count() == 0


def test_leftovers_are_what_could_not_be_read(
    service: Any, coach: StaffMember, coordinator: StaffMember, towns: None
) -> None:
    with inside(service, coordinator) as actor:
        run = imported(actor, SAMPLE.read_bytes())
        given = openpyxl.load_workbook(io.BytesIO(leftovers.spreadsheet(run)))
        assert {sheet.title: sheet.max_row - 1 for sheet in given} == LEFT
        hours = [[cell.value for cell in row] for row in given["uren 2026"].iter_rows()]
        assert [row[0] for row in hours] == ["Naam", "El Amrani Tine", "Okafor José"]
        assert hours[0][-1] == "waarom"
        assert "96.08.15-098.69" not in str(list(given["Klanten"].values))


def test_an_erased_person_leaves_no_trace_in_an_import(
    service: Any, coach: StaffMember, coordinator: StaffMember
) -> None:
    rows = [
        ["Naam", "Voornaam", "geb.datum", "mail", "opmerking"],
        ["Kanarievogel", "Tine", dt.date(1969, 10, 2), "geen adres", "iets over Kanarievogel"],
        ["Maes", "Jan", dt.date(1970, 10, 2), "ook geen", ""],
    ]
    hours = [["Naam", "jan 2026", "feb 2026"], ["Kanarievogel Tine", 12, "weet niet"]]
    with inside(service, coordinator) as actor:
        run = imported(actor, book({"Klanten": rows, "Uren": hours}), without_start="open")
        assert b"Kanarievogel" in sheet_text(run)
        person = Person.objects.get(last_name="Kanarievogel")
        assert ImportedRow.objects.filter(person=person).exclude(fingerprint="").count() >= 3
        erase(subject_id=person.pk, reason="asked")
        assert b"Kanarievogel" not in sheet_text(run)
        assert b"Maes" in sheet_text(run)
        assert set(ImportedRow.objects.filter(person=person).values_list("fingerprint", flat=True)) == {""}
        with connection.cursor() as cursor:
            for table in (
                "core_history",
                "core_storedfile",
                "imports_importrun",
                "imports_importedrow",
                "core_event",
            ):
                cursor.execute(f"SELECT count(*) FROM {table} x WHERE x::text LIKE %s", ["%Kanarievogel%"])
                assert cursor.fetchone() == (0,), table


def sheet_text(run: ImportRun) -> bytes:
    given = openpyxl.load_workbook(io.BytesIO(leftovers.spreadsheet(run)))
    return str([list(sheet.values) for sheet in given]).encode()


def test_two_erased_persons_of_one_file(service: Any, coach: StaffMember, coordinator: StaffMember) -> None:
    with inside(service, coordinator) as actor:
        imported(actor, book({"Klanten": PEOPLE}))
        for person in list(Person.objects.all()):
            erase(subject_id=person.pk, reason="asked")
        assert set(ImportedRow.objects.values_list("fingerprint", flat=True)) == {""}


def test_only_who_runs_the_caseload_may_upload(service: Any, coach: StaffMember) -> None:
    with inside(service, coach) as actor:
        with pytest.raises(RuleBroken, match="rol"):
            actions.upload_workbook(actor=actor, name="k.xlsx", data=book({"Klanten": PEOPLE}))
        with pytest.raises(RuleBroken, match="rol"):
            actions.forget_mapping(actor=actor)


def test_another_services_programme_is_refused(
    service: Any, other_service: Any, coach: StaffMember, coordinator: StaffMember
) -> None:
    foreign = make_programme(other_service, "vinac")
    with inside(service, coordinator) as actor:
        run = upload(actor, book({"Klanten": PEOPLE}))
        with pytest.raises(RuleBroken, match="andere dienst"):
            actions.start_import(run=run, actor=actor, coach=coach, programme=foreign)
        with pytest.raises(RuleBroken, match="startdatum"):
            own = actions.programmes_of_service()[0]
            actions.start_import(run=run, actor=actor, coach=coach, programme=own, without_start="soms")


def test_a_row_that_broke_names_its_place() -> None:
    from stapsteen.imports.reader import PersonRecord

    record = PersonRecord(
        fingerprint="a", source_fingerprint="b", sheet="Klanten", row=7, surname="X", first_name="Y"
    )
    broken = RowBroken(record, "Te lang.")
    assert str(broken) == "Klanten 7: Te lang."
    assert actions.failure_text(broken) == "Rij 7 van blad Klanten lukt niet: Te lang. Er is niets ingelezen."


def test_the_work_per_person_stays_the_same(
    service: Any, coach: StaffMember, coordinator: StaffMember
) -> None:
    """2,000 persons come in in under a minute: about fifty statements each, whatever the size of the file."""

    def statements(first: int, persons: int) -> int:
        rows: list[list[object]] = [
            [
                "Naam",
                "Voornaam",
                "geb.datum",
                "aanmelding",
                "traject",
                "start",
                "aandachtspunten",
                "opmerking",
            ]
        ]
        for number in range(first, first + persons):
            born = dt.date(1960, 1, 1) + dt.timedelta(days=number * 5)
            rows.append(
                [
                    f"Naam{number:04d}",
                    "Noor",
                    born,
                    dt.date(2024, 1, 5),
                    "opstap",
                    dt.date(2024, 3, 1),
                    "rustig",
                    f"iets {number}",
                ]
            )
        run = upload(actor, book({"Klanten": rows}))
        with CaptureQueriesContext(connection) as captured:
            bring_in(actor, run)
        return len(captured)

    with inside(service, coordinator) as actor:
        few, many = statements(0, 10), statements(100, 40)
    assert (many - few) / 30 < 50
