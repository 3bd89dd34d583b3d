"""What is written for each oddity of a row: nothing lost, nothing made up, nothing overwritten."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError
from django.utils import timezone

from stapsteen.core.errors import RuleBroken
from stapsteen.hosts.models import Host, HostNote, Organisation, Task
from stapsteen.hours.models import HourLine
from stapsteen.imports.models import ImportRun
from stapsteen.imports.reader import PersonRecord
from stapsteen.imports.reader.tests.books import book
from stapsteen.imports.tests.test_actions import bring_in, everything, imported, upload
from stapsteen.imports.write import RowBroken
from stapsteen.imports.write.frame import at
from stapsteen.imports.write.pathways import end_code
from stapsteen.imports.write.tasks import guidance, step_of
from stapsteen.network.models import Municipality, StaffMember
from stapsteen.pathways.models import Pathway
from stapsteen.people.models import Person
from stapsteen.placements.models import Placement
from stapsteen.testing.world import inside, make_staff

pytestmark = pytest.mark.django_db
BORN = dt.date(1969, 10, 2)


def persons(headings: list[str], *rows: list[object]) -> bytes:
    return book({"Klanten": [["Naam", "Voornaam", "geb.datum", *headings], *rows]})


def note_of(person: Person) -> str:
    return "\n".join(note.text for note in person.notes.order_by("id"))


def facts_of(person: Person) -> dict[str, str]:
    return {fact.kind: fact.text for fact in person.sensitive_facts.all()}


def test_a_colleague_in_the_file_stays_the_coach(
    service: Any, coach: StaffMember, coordinator: StaffMember
) -> None:
    second = make_staff(service, "coach", email="second@vinac.example.org")
    with inside(service):
        StaffMember.objects.filter(pk=second.pk).update(name="Rita Wouters")
    data = persons(
        ["trajectbegeleider", "start"],
        ["Maes", "Tine", BORN, "Rita", dt.date(2025, 1, 2)],
        ["Aerts", "Jan", BORN, "Onbekend Iemand", dt.date(2025, 1, 2)],
    )
    with inside(service, coordinator) as actor:
        imported(actor, data)
        found = {row.person.first_name: row for row in Pathway.objects.select_related("person", "coach")}
        assert (found["Tine"].coach, found["Jan"].coach) == (second, coach)
        assert "trajectbegeleider: Onbekend Iemand" in note_of(found["Jan"].person)
        assert "doel: staat niet in het bestand, nog na te vragen" in note_of(found["Tine"].person)


def test_a_stop_that_is_still_to_come_stays_a_note(
    service: Any, coach: StaffMember, coordinator: StaffMember
) -> None:
    later = timezone.localdate() + dt.timedelta(days=90)
    data = persons(
        ["start", "stop", "reden stop"], ["Maes", "Tine", BORN, dt.date(2025, 1, 2), later, "einde contract"]
    )
    with inside(service, coordinator) as actor:
        imported(actor, data)
        pathway = Pathway.objects.get()
        assert (pathway.state, pathway.ends_on) == ("active", None)
        assert f"stop: {later:%d/%m/%Y}" in note_of(pathway.person)
        assert facts_of(pathway.person)["attention"] == "reden van de stop: einde contract"


def test_a_referral_still_to_come_stays_a_note(
    service: Any, coach: StaffMember, coordinator: StaffMember
) -> None:
    later = timezone.localdate() + dt.timedelta(days=30)
    data = persons(
        ["aanmelding", "doorverwezen door", "traject"], ["Maes", "Tine", BORN, later, "OCMW", "opstap"]
    )
    with inside(service, coordinator) as actor:
        imported(actor, data)
        person = Person.objects.get()
        assert (person.referrals.count(), person.pathways.count()) == (0, 0)
        told = note_of(person)
        assert f"aanmelding: {later:%d/%m/%Y}" in told
        assert "doorverwezen door: OCMW" in told
        assert "doel: Opstap" in told


def test_the_referrer_of_the_network_is_linked(
    service: Any, coach: StaffMember, coordinator: StaffMember
) -> None:
    with inside(service, coordinator) as actor:
        ocmw = Organisation.objects.create(network=service.network, name="OCMW", roles=["referrer"])
        imported(
            actor,
            persons(["aanmelding", "doorverwezen door"], ["Maes", "Tine", BORN, dt.date(2025, 1, 2), "OCMW"]),
        )
        referral = Person.objects.get().referrals.get()
        assert (referral.referrer, referral.helper_organisation, referral.by) == (ocmw, "OCMW", "helper")


def test_a_name_alone_and_long_values_lose_nothing(
    service: Any, coach: StaffMember, coordinator: StaffMember
) -> None:
    long = "Van " + "Zeerlangenaamstraten" * 6
    data = book(
        {"Klanten": [["Familienaam", "Voornaam", "geb.datum", "Gemeente"], [long, None, BORN, "Turnhout"]]}
    )
    with inside(service, coordinator) as actor:
        imported(actor, data)
        person = Person.objects.get()
        assert (person.first_name, person.last_name) == (long[:80], "")
        assert f"naam: {long}" in note_of(person)
        assert "voornaam: staat niet in het bestand" in note_of(person)


def test_levels_of_dutch() -> None:
    assert [step_of(text) for text in ("1.1", "1.2", "2", "2.1", "2.2", "3", "3.1", "4", "", "0")] == [
        "1.1", "1.2", "2", "2", "2", "3", "3", "4", "", "",
    ]  # fmt: skip
    assert [guidance(text) for text in ("veel", "beperkt", "geen", "2", "")] == [
        "much",
        "some",
        "none",
        "some",
        "some",
    ]


def test_why_somebody_stopped() -> None:
    words = ("werk", "gestart opleiding", "verhuisd", "ziek", "niet meer gezien", "overleden", "zomaar", "")
    assert [end_code(word) for word in words] == [
        ("stepped_up", "job"), ("stepped_up", "training"), ("moved", ""), ("health", ""), ("lost_contact", ""),
        ("deceased", ""), ("other", ""), ("other", ""),
    ]  # fmt: skip


def organisations(*rows: list[object]) -> bytes:
    headings = ["Organisatie", "koepel", "soort", "sector", "gemeente", "contactpersoon", "telefoon", "e-mail",
                "verzekering BA tot", "max. aantal met begeleiding", "ondernemingsnummer", "website"]  # fmt: skip
    return book({"Organisaties": [headings, *rows]})


def test_an_organisation_that_the_network_knows_is_completed_once(
    service: Any, coach: StaffMember, coordinator: StaffMember
) -> None:
    row: list[object] = ["WZC De Linde", "Zorgbedrijf", "woonzorgcentrum", "zorg", "Turnhout", "Rita Maes", "014/42 11 25",
                         "rita@example.org", dt.date(2027, 1, 1), 3, None, "www.linde.example"]  # fmt: skip
    with inside(service, coordinator) as actor:
        known = Organisation.objects.create(network=service.network, name="WZC De Linde", roles=["partner"])
        run = imported(actor, organisations(row))
        assert run.counts["made"]["organisations_known"] == 1
        host = Host.objects.get(organisation=known)
        assert (host.insurance_until, host.contacts.get().name, known.capacities.get().places) == (
            dt.date(2027, 1, 1), "Rita Maes", 3,
        )  # fmt: skip
        assert "website: www.linde.example" in host.notes.get().text
        before = everything()
        imported(actor, organisations(row))
        assert everything() == before


def test_what_the_service_knows_better_isnt_overwritten(
    service: Any, coach: StaffMember, coordinator: StaffMember
) -> None:
    first: list[object] = [
        "De Linde",
        None,
        "vzw",
        "zorg",
        "Turnhout",
        "Rita Maes",
        "014/42 11 25",
        None,
        dt.date(2027, 1, 1),
        3,
        None,
        None,
    ]
    other: list[object] = [
        "De Linde",
        None,
        "vzw",
        "zorg",
        "Turnhout",
        "An Aerts",
        "014/42 11 26",
        None,
        dt.date(2026, 1, 1),
        5,
        None,
        None,
    ]
    with inside(service, coordinator) as actor:
        imported(actor, organisations(first))
        imported(actor, organisations([*other[:-1], "www.linde.example"]))
        host = Host.objects.get()
        assert (host.insurance_until, host.contacts.get().name) == (dt.date(2027, 1, 1), "Rita Maes")
        assert Organisation.objects.get(name="De Linde").capacities.get().places == 3


def test_two_towns_with_the_same_house(service: Any, coach: StaffMember, coordinator: StaffMember) -> None:
    with inside(service, coordinator) as actor:
        Municipality.objects.get_or_create(nis="13004", defaults={"name": "Beerse"})
        imported(
            actor,
            organisations(
                [
                    "Buurthuis",
                    None,
                    "vzw",
                    None,
                    "Turnhout",
                    "Rita Maes",
                    None,
                    None,
                    None,
                    None,
                    "0471938850",
                    None,
                ],
                [
                    "Buurthuis",
                    None,
                    "vzw",
                    None,
                    "Beerse",
                    None,
                    "014/42 11 25",
                    None,
                    None,
                    None,
                    "0471938850",
                    None,
                ],
            ),
        )
        assert set(Organisation.objects.values_list("name", flat=True)) == {"Buurthuis", "Buurthuis (Beerse)"}
        assert Organisation.objects.get(name="Buurthuis").enterprise_number == "0471938850"
        told = "\n".join(HostNote.objects.order_by("id").values_list("text", flat=True))
        assert "contactpersoon: Rita Maes" in told
        assert "telefoon: +3214421125" in told
        assert "ondernemingsnummer: 0471938850" in told


def test_unknown_words_of_an_organisation_stay_readable(
    service: Any, coach: StaffMember, coordinator: StaffMember
) -> None:
    with inside(service, coordinator) as actor:
        Organisation.objects.create(network=service.network, name="Koepel Oost", roles=["umbrella"])
        imported(
            actor,
            organisations(["Huis", "koepel oost", "coöperatie", "ruimtevaart", "Turnhout"] + [None] * 7),
        )
        huis = Organisation.objects.get(name="Huis")
        assert (huis.umbrella.name, huis.legal_kind, huis.sectors) == ("Koepel Oost", "other", [])
        told = HostNote.objects.get().text
        assert "soort: coöperatie" in told
        assert "sector: ruimtevaart" in told


def test_a_later_file_finds_what_an_earlier_one_made(
    service: Any, coach: StaffMember, coordinator: StaffMember
) -> None:
    tasks = book(
        {"Taken": [["organisatie", "taak", "wanneer", "plaatsen"], ["Huis", "koffie zetten", "ma vm", 1]]}
    )
    hours = book({"Uren": [["Naam", "jan 2026"], ["Maes Tine", 12]]})
    with inside(service, coordinator) as actor:
        imported(actor, organisations(["Huis", None, "vzw", "zorg", "Turnhout"] + [None] * 7))
        imported(actor, persons(["Gemeente"], ["Maes", "Tine", BORN, "Turnhout"]))
        imported(actor, tasks)
        imported(actor, hours)
        assert Task.objects.get().organisation.name == "Huis"
        assert Task.objects.get().sector == "care"
        line = HourLine.objects.get()
        assert (line.person.first_name, line.minutes, line.month) == ("Tine", 720, dt.date(2026, 1, 1))


def test_a_task_that_somebody_typed_in_isnt_doubled(
    service: Any, coach: StaffMember, coordinator: StaffMember
) -> None:
    tasks = book({"Taken": [["organisatie", "taak", "wanneer"], ["Huis", "Koffie zetten", "ma vm"]]})
    with inside(service, coordinator) as actor:
        huis = Organisation.objects.create(network=service.network, name="Huis", roles=["host"])
        Task.objects.create(organisation=huis, title="koffie zetten", half_days=1)
        imported(actor, tasks)
        assert Task.objects.count() == 1


def test_without_room_the_place_stays_a_note(
    service: Any, coach: StaffMember, coordinator: StaffMember
) -> None:
    sheets = {
        "Klanten": [
            ["Naam", "Voornaam", "geb.datum", "beschikbaar", "gestart bij", "start"],
            ["Maes", "Tine", BORN, "ma vm", "Bib", dt.date(2025, 2, 1)],
        ],
        "Organisaties": [
            ["Organisatie", "gemeente", "max. aantal met begeleiding"],
            ["Bib", "Turnhout", "geen"],
        ],
        "Taken": [["organisatie", "taak", "wanneer", "plaatsen"], ["Bib", "boeken", "ma vm", 2]],
    }
    with inside(service, coordinator) as actor:
        imported(actor, book(sheets))
        assert Placement.objects.count() == 0
        assert "gestart bij: Bib (01/02/2025)" in note_of(Person.objects.get())
        assert Host.objects.get().state == "active"


def test_an_absence_is_a_sensitive_fact(service: Any, coach: StaffMember, coordinator: StaffMember) -> None:
    sheets = {
        "Klanten": [["Naam", "Voornaam", "geb.datum"], ["Maes", "Tine", BORN], ["Aerts", "Jan", BORN]],
        "Uren": [
            ["Naam", "jan 2026", "feb 2026", "opmerking"],
            ["Maes Tine", 8, "ziek", "medische reden"],
            ["Aerts Jan", 8, "verlof", ""],
        ],
    }
    with inside(service, coordinator) as actor:
        imported(actor, book(sheets))
        tine, jan = Person.objects.get(first_name="Tine"), Person.objects.get(first_name="Jan")
        assert facts_of(tine) == {
            "health": "Geen uren: 2026-02 ziek",
            "attention": "opmerking: medische reden",
        }
        assert facts_of(jan) == {"attention": "Geen uren: 2026-02 verlof"}
        assert HourLine.objects.count() == 2


def test_two_rows_of_one_known_person(service: Any, coach: StaffMember, coordinator: StaffMember) -> None:
    data = persons(
        ["Tel", "interesses", "start", "reden stop"],
        ["Maes", "Tine", BORN, "0470 12 34 18", "dieren", dt.date(2025, 1, 2), "ziek"],
        ["Maes", "Tine", BORN, "0470 12 34 19", "koken", None, None],
    )
    with inside(service, coordinator) as actor:
        person = Person.objects.create(
            first_name="Tine", last_name="Maes", birth_date=BORN, phone="+32470999999"
        )
        imported(actor, data)
        person.refresh_from_db()
        assert (Person.objects.count(), person.phone) == (1, "+32470999999")
        assert "phone: +32470123418" in note_of(person)
        assert "start: 02/01/2025" in note_of(person)
        before = everything()
        imported(actor, data)
        assert everything() == before


def test_a_service_with_a_basis_keeps_the_national_number(
    service: Any, coach: StaffMember, coordinator: StaffMember
) -> None:
    data = persons(["RRN"], ["Yıldız", "Leyla", dt.date(1996, 8, 15), "96.08.15-098.69"])
    with inside(service, coordinator) as actor:
        imported(actor, data)
        assert Person.objects.get().insz is None
        type(service).objects.filter(pk=service.pk).update(insz_basis="KB van 5 juni 2004")
        Person.objects.update(last_name="Iemand", birth_date=None)
        run = upload(actor, persons(["RRN"], ["Özil", "Leyla", dt.date(1996, 8, 15), "96.08.15-098.69"]))
        bring_in(actor, run)
        assert Person.objects.get(last_name="Özil").insz == "96081509869"


def test_a_rule_or_the_database_that_refuses_names_the_row() -> None:
    record = PersonRecord(
        fingerprint="a", source_fingerprint="b", sheet="Klanten", row=7, surname="X", first_name="Y"
    )
    for error, why in (
        (RuleBroken("Mag niet."), "Mag niet."),
        (DatabaseError(), "De databank neemt deze rij niet aan."),
    ):
        with pytest.raises(RowBroken) as caught, at(record):
            raise error
        assert (caught.value.sheet, caught.value.row, caught.value.why) == ("Klanten", 7, why)


def test_nothing_but_the_run_is_left_of_a_file_with_nothing_new(
    service: Any, coach: StaffMember, coordinator: StaffMember
) -> None:
    with inside(service, coordinator) as actor:
        imported(actor, persons([], ["Maes", "Tine", BORN]))
        imported(actor, persons([], ["Maes", "Tine", BORN]))
        assert [run.counts["made"].get("persons", 0) for run in ImportRun.objects.order_by("created_at")] == [
            1,
            0,
        ]
