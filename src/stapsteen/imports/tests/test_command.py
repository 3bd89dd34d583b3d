"""`import_caseload`: the same path without the web, with the JSON that the issue asks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from stapsteen.core.errors import RuleBroken
from stapsteen.core.models import StoredFile
from stapsteen.imports.management.commands import import_caseload
from stapsteen.imports.models import ImportRun
from stapsteen.imports.reader.tests.books import PEOPLE, SAMPLE, book
from stapsteen.imports.write import persons
from stapsteen.network.models import StaffMember
from stapsteen.people.models import Person
from stapsteen.testing.world import inside

pytestmark = pytest.mark.django_db


def run(path: Path, capsys: Any, *words: str) -> tuple[int, dict[str, Any]]:
    """(exit code, JSON)."""
    code = 0
    try:
        call_command("import_caseload", str(path), "--service", "vinac", "--json", *words)
    except SystemExit as ended:
        code = int(ended.code or 0)
    return code, json.loads(capsys.readouterr().out)


def file(tmp_path: Path, data: bytes, name: str = "klanten.xlsx") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def test_a_dry_run_says_everything_and_writes_nothing(service: Any, capsys: Any) -> None:
    code, told = run(SAMPLE, capsys, "--dry-run")
    assert code == 0
    assert told["sheets"] == [
        {"sheet": "Klanten", "kind": "persons", "read": 65, "ready": 64, "repaired": 62, "refused": 0, "duplicate": 1},
        {
            "sheet": "Organisaties", "kind": "organisations", "read": 12, "ready": 12, "repaired": 9,
            "refused": 0, "duplicate": 0,
        },
        {"sheet": "taken", "kind": "tasks", "read": 25, "ready": 25, "repaired": 15, "refused": 0, "duplicate": 0},
        {"sheet": "uren 2026", "kind": "hours", "read": 30, "ready": 28, "repaired": 26, "refused": 2, "duplicate": 0},
    ]  # fmt: skip
    assert {"sheet", "row", "column", "value", "problem", "suggestion"} <= told["problems"][0].keys()
    assert len(told["problems"]) > 200
    with inside(service):
        assert (ImportRun.objects.count(), Person.objects.count(), StoredFile.objects.count()) == (0, 0, 0)


def test_the_good_rows_come_in(service: Any, coach: StaffMember, capsys: Any, tmp_path: Path) -> None:
    path = file(tmp_path, book({"Klanten": PEOPLE}))
    code, told = run(path, capsys)
    assert (code, told["imported"]["persons"], told["totals"]["ready"]) == (0, 2, 2)
    code, told = run(path, capsys)
    assert (code, told["imported"], told["totals"]["duplicate"]) == (0, {"hour_lines": 0, "leftovers": 0}, 2)
    with inside(service):
        assert Person.objects.count() == 2


def test_a_refused_file(service: Any, capsys: Any, tmp_path: Path) -> None:
    path = file(tmp_path, b"%PDF-1.7", "brief.pdf")
    for words in ((), ("--dry-run",)):
        code, told = run(path, capsys, *words)
        assert code == 1
        assert told == {
            "refused": "not_a_spreadsheet",
            "message": "Dit is geen rekenblad. Kies een bestand dat eindigt op .xlsx of .csv.",
        }


def test_for_people_it_is_a_few_lines(service: Any, coach: StaffMember, capsys: Any, tmp_path: Path) -> None:
    call_command("import_caseload", str(file(tmp_path, book({"Klanten": PEOPLE}))), "--service", "vinac")
    out = capsys.readouterr().out
    assert "Klanten (persons): 2 read, 2 ready" in out
    assert "imported: 2 persons" in out
    with pytest.raises(SystemExit):
        call_command("import_caseload", str(file(tmp_path, b"", "leeg.xlsx")), "--service", "vinac")
    assert "Dit bestand is leeg" in capsys.readouterr().err


def test_a_service_without_coach_imports_nothing(service: Any, capsys: Any, tmp_path: Path) -> None:
    code, told = run(file(tmp_path, book({"Klanten": PEOPLE})), capsys)
    assert (code, told["refused"]) == (1, "rule")
    with inside(service):
        assert (ImportRun.objects.get().state, StoredFile.objects.count()) == ("cancelled", 0)


def test_wrong_usage_is_two(service: Any, tmp_path: Path) -> None:
    for path, slug in ((SAMPLE, "nergens"), (tmp_path / "weg.xlsx", "vinac")):
        with pytest.raises(CommandError) as caught:
            call_command("import_caseload", str(path), "--service", slug)
        assert caught.value.returncode == 2


def test_a_row_that_a_rule_refuses_is_left_out(
    service: Any, coach: StaffMember, capsys: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = persons.actions.create_person

    def not_tine(**values: Any) -> Person:
        if values["first_name"] == "Tine":
            raise RuleBroken("Dit mag niet.")
        return real(**values)

    monkeypatch.setattr(persons.actions, "create_person", not_tine)
    code, told = run(file(tmp_path, book({"Klanten": PEOPLE})), capsys)
    assert (code, told["imported"]["persons"], told["imported"]["leftovers"]) == (0, 1, 1)
    assert told["totals"] == {"read": 2, "ready": 1, "repaired": 0, "refused": 1, "duplicate": 0}
    with inside(service):
        assert [person.first_name for person in Person.objects.all()] == ["Piotr"]


def test_when_no_row_can_be_written_it_gives_up(
    service: Any, coach: StaffMember, capsys: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(**values: Any) -> Person:
        raise RuleBroken("Dit mag niet.")

    monkeypatch.setattr(persons.actions, "create_person", never)
    monkeypatch.setattr(import_caseload, "MOST_SKIPPED", 1)
    code, told = run(file(tmp_path, book({"Klanten": PEOPLE})), capsys)
    assert (code, told["refused"]) == (1, "row")
    assert told["message"] == "Rij 2 van blad Klanten lukt niet: Dit mag niet. Er is niets ingelezen."
    with inside(service):
        assert (ImportRun.objects.get().state, Person.objects.count()) == ("cancelled", 0)
