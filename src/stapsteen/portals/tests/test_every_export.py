"""What leaves as a spreadsheet: whatever somebody typed as a name or a note, no cell of any export is a formula."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from openpyxl import load_workbook

from stapsteen.core import pages
from stapsteen.core.pages import PAGES, Page
from stapsteen.hosts.models import HostContact, Organisation, Task
from stapsteen.pathways.models import Group
from stapsteen.people.models import Note, Person
from stapsteen.portals.tests.test_access_walk import url_of
from stapsteen.testing.walk import House, build
from stapsteen.testing.world import client_of, inside

pytestmark = pytest.mark.django_db
pages.discover()
EVIL = "=cmd|' /C calc'!A0"
EXPORTS = sorted(name for name, page in PAGES.items() if page.route.rstrip("/").endswith((".xlsx", ".csv")))
ITS_OWN_TESTS = {"imports.run_leftovers"}
"""Holds what was in the file that was read; imports/reader/tests looks at it."""


def typed_everywhere(house: House) -> None:
    with inside(house.service):
        Person.objects.update(first_name=EVIL, last_name="@SUM(A1)")
        Note.objects.update(author=EVIL)
        for note in Note.objects.all():
            note.text = EVIL
            note.save()
        HostContact.objects.update(name=EVIL, phone="+1+1")
        Group.objects.update(name=EVIL)
        for model, column in ((Organisation, "name"), (Task, "title")):
            for number, row in enumerate(model.objects.all()):
                model.objects.filter(pk=row.pk).update(**{column: f"{EVIL}{number}"})


def cells_of(page: Page, content: bytes) -> list[tuple[Any, str]]:
    """(value, kind) of every cell that holds something; in a file of lines a formula is known by its first sign."""
    if page.route.rstrip("/").endswith(".csv"):
        words = [
            cell
            for line in csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
            for cell in line
        ]
        return [(word, "f" if word[:1] in "=+-@\t\r" else "s") for word in words if word]
    sheets = load_workbook(io.BytesIO(content)).worksheets
    return [
        (cell.value, cell.data_type)
        for sheet in sheets
        for row in sheet
        for cell in row
        if cell.value is not None
    ]


def test_no_cell_of_any_export_is_a_formula() -> None:
    house = build("vinac")
    typed_everywhere(house)
    client, found = client_of(house.staff["coordinator"]), {}
    for name in EXPORTS:
        if name not in ITS_OWN_TESTS:
            answer = client.get(url_of(PAGES[name], house, house.own, "vinac"))
            assert answer.status_code == 200, name
            found[name] = cells_of(PAGES[name], answer.content)
    assert {name: cells for name, cells in found.items() if any(kind == "f" for _value, kind in cells)} == {}
    told = {
        name for name, cells in found.items() if any(str(value).startswith(EVIL) for value, _kind in cells)
    }
    assert told >= {
        "hosts.host_export",
        "pathways.attendance_export",
        "people.note_export",
        "people.person_export",
    }
