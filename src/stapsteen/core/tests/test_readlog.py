"""Guarantee 3: no page without its log row; the chain finds every edit, deletion and reorder."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, models
from django.db.models import Count, F, Max, Value
from django.db.models.functions import Concat, Upper

from stapsteen.core import readlog
from stapsteen.core.errors import UnloggedRead
from stapsteen.core.models import Event, ReadEntry, ReadSeal
from stapsteen.core.scope import Actor, open_scope, system
from stapsteen.people.models import Note, Person
from stapsteen.testing import database as testing
from stapsteen.testing.world import inside, make_person, owner_connection, seal_all

pytestmark = pytest.mark.django_db


def test_loading_persons_writes_one_row_with_their_ids(service: Any) -> None:
    with inside(service):
        ids = {make_person().pk, make_person().pk}
    with open_scope(service.pk, actor=Actor("coach"), purpose="people.list", readonly=True):
        list(Person.objects.all())
    with inside(service):
        entry = ReadEntry.objects.get(purpose="people.list")
        assert (set(entry.subjects), entry.records, entry.capacity) == (ids, ["people.person"], "coach")


def test_a_note_is_logged_under_its_person(service: Any) -> None:
    with inside(service):
        person = make_person()
        Note.objects.create(person=person, text="x")
    with open_scope(service.pk, actor=system("t"), purpose="notes"):
        list(Note.objects.all())
    with inside(service):
        assert ReadEntry.objects.get(purpose="notes").subjects == [person.pk]


def test_a_page_without_persons_writes_nothing(service: Any) -> None:
    with open_scope(service.pk, actor=system("t"), purpose="count"):
        Person.objects.count()
    with inside(service):
        assert not ReadEntry.objects.filter(purpose="count").exists()


def test_no_log_row_no_page(service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with inside(service):
        make_person()

    def broken(**_: Any) -> None:
        raise OSError("disk full")

    shown = []
    monkeypatch.setattr(ReadEntry.objects, "create", broken)
    with pytest.raises(OSError, match="disk full"), open_scope(service.pk, actor=system("t"), purpose="p"):
        shown.append(Person.objects.get().first_name)
        Person.objects.update(first_name="changed")
    monkeypatch.undo()
    with inside(service):
        assert Person.objects.get().first_name == "Noor"


@pytest.mark.parametrize(
    "read",
    [
        lambda: Person.objects.values("first_name"),
        lambda: Person.objects.values_list("first_name", flat=True),
        lambda: Person.objects.values(),
        lambda: Person.objects.values(name=F("first_name")),
        lambda: Person.objects.annotate(name=Upper("first_name")),
        lambda: Person.objects.annotate(name=Concat("first_name", Value("x"))).values("name"),
        lambda: Person.objects.aggregate(Max("first_name")),
        lambda: Person.objects.aggregate(n=Max(Upper("last_name"))),
        lambda: Note.objects.values("person__first_name"),
        lambda: Note.objects.annotate(name=F("person__first_name")),
        lambda: Note.objects.values_list("text"),
        lambda: Person.objects.raw("SELECT * FROM people_person"),
        lambda: Person.objects.extra(select={"x": "first_name"}),
        lambda: Event.objects.values("details"),
        lambda: Person.objects.alias(n=Upper("first_name")).annotate(m=F("n")),
    ],
    ids=range(15),
)
def test_columns_of_persons_cannot_be_read_past_the_log(service: Any, read: Any) -> None:
    with inside(service):
        make_person()
        with pytest.raises(UnloggedRead):
            list(read())


def test_keys_dates_and_counts_may(service: Any) -> None:
    with inside(service):
        person = make_person()
        assert list(Person.objects.values_list("pk", flat=True)) == [person.pk]
        assert Person.objects.aggregate(n=Count("pk")) == {"n": 1}
        assert Note.objects.values("kind").annotate(n=Count("pk")).count() == 0


def test_deferring_the_persons_id_is_refused(service: Any) -> None:
    with inside(service):
        Note.objects.create(person=make_person(), text="x")
        with pytest.raises(UnloggedRead):
            list(Note.objects.only("kind"))


def read_as(service: Any, purpose: str) -> None:
    with open_scope(service.pk, actor=system("t"), purpose=purpose):
        list(Person.objects.all())


def sealed(service: Any, rows: int = 4) -> None:
    with inside(service):
        make_person()
    for number in range(rows):
        read_as(service, f"page {number}")
    assert seal_all(service, rows) == rows


def verdict(service: Any, anchor: Any = None) -> tuple[str, ...]:
    with inside(service):
        return readlog.verify(anchor).faults


def test_what_is_sealed_is_json_in_one_form(service: Any) -> None:
    """Seals of years ago must go on to fit: sorted names, no blanks, nothing but ASCII."""
    with inside(service):
        ids = sorted([make_person().pk, make_person().pk])
        entry = ReadEntry.objects.create(
            actor='user:"é', capacity="coach", purpose="a\\b\n", subjects=ids, records=["x.y", "z"]
        )
        entry.refresh_from_db()
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {readlog.COLUMNS} FROM core_readentry e WHERE e.id = %s", [entry.pk])
            (row,) = cursor.fetchall()
    form = {
        "id": str(entry.pk), "service": str(service.pk), "at": entry.at.isoformat(), "tx": str(entry.tx),
        "actor": entry.actor, "capacity": "coach", "purpose": "a\\b\n", "subjects": [str(pk) for pk in ids],
        "records": ["x.y", "z"],
    }  # fmt: skip
    assert readlog.canonical(row) == json.dumps(form, sort_keys=True, separators=(",", ":")).encode()


@pytest.mark.django_db(transaction=True)
def test_a_whole_chain_verifies_and_grows(service: Any) -> None:
    sealed(service)
    assert verdict(service) == ()
    read_as(service, "later")
    with inside(service):
        assert readlog.verify().waiting == 1
    assert seal_all(service, 1) == 1
    with inside(service):
        assert readlog.seal_entries() == 0
    assert verdict(service) == ()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE core_readentry SET actor = 'someone else' WHERE purpose = 'page 1'",
        "UPDATE core_readentry SET subjects = '{}' WHERE purpose = 'page 2'",
        "UPDATE core_readentry SET at = at - interval '1 second' WHERE purpose = 'page 0'",
        "DELETE FROM core_readentry WHERE purpose = 'page 2'",
        "DELETE FROM core_readseal WHERE sequence = 2",
        "UPDATE core_readseal SET digest = '\\x00' WHERE sequence = 3",
        "UPDATE core_readseal a SET entry_id = (SELECT entry_id FROM core_readseal b WHERE b.sequence = 5 - a.sequence)",
    ],
)
def test_every_edit_deletion_or_reorder_is_found(service: Any, harm: str) -> None:
    sealed(service)
    with owner_connection(migrating=True) as owner:
        if "SET entry_id" in harm:
            owner.execute("ALTER TABLE core_readseal DROP CONSTRAINT read_seal_entry")
        owner.execute(harm)
        if "SET entry_id" in harm:
            owner.execute(
                "ALTER TABLE core_readseal ADD CONSTRAINT read_seal_entry UNIQUE (service_id, entry_id)"
            )
    assert verdict(service) != ()


@pytest.mark.django_db(transaction=True)
def test_a_tail_that_was_cut_off_is_found_by_the_anchor(service: Any) -> None:
    sealed(service)
    with inside(service):
        last = ReadSeal.objects.order_by("-sequence").first()
        anchor = (last.sequence, bytes(last.digest).hex())
    assert verdict(service, anchor) == ()
    with owner_connection(migrating=True) as owner:
        owner.execute("DELETE FROM core_readseal WHERE sequence = 4")
        owner.execute("DELETE FROM core_readentry WHERE purpose = 'page 3'")
    assert verdict(service) == ()
    assert verdict(service, anchor) != ()


@pytest.mark.django_db(transaction=True)
def test_the_command_exits_with_1_when_something_was_changed(service: Any, capsys: Any) -> None:
    sealed(service)
    call_command("verify_log")
    assert f"{service.pk}:4:" in capsys.readouterr().out
    with owner_connection(migrating=True) as owner:
        owner.execute("DELETE FROM core_readentry WHERE purpose = 'page 2'")
    with pytest.raises(SystemExit):
        call_command("verify_log")
    assert "is gone" in capsys.readouterr().err


@pytest.mark.django_db(transaction=True)
def test_the_command_seals_first_when_asked(service: Any, capsys: Any) -> None:
    sealed(service)
    read_as(service, "later")
    for _ in range(300):
        call_command("verify_log", "--seal")
        if (said := capsys.readouterr().out.split(f"{service.pk}:")[1]).startswith("5:"):
            break
        time.sleep(0.1)  # a transaction of another test beside us holds it back
    assert said.startswith("5:")
    assert "waiting=0" in said


@pytest.mark.django_db(transaction=True)
def test_entries_of_a_running_transaction_wait_for_the_next_seal(service: Any) -> None:
    """A late commit would else come before what is already sealed."""
    sealed(service, rows=1)
    settings = connection.settings_dict
    import psycopg

    with psycopg.connect(dbname=settings["NAME"], host=settings["HOST"], user=settings["USER"]) as slow:
        slow.execute("SELECT set_config('stapsteen.service', %s, true)", [str(service.pk)])
        slow.execute("SELECT pg_current_xact_id()")
        read_as(service, "quick")
        with inside(service):
            assert readlog.seal_entries() == 0
        slow.rollback()
    assert seal_all(service, 1) == 1
    assert verdict(service) == ()


@pytest.mark.django_db(transaction=True)
def test_a_transaction_in_another_database_of_the_server_holds_nothing_back(
    service: Any, django_db_setup: Any
) -> None:
    """Not even one that began before, under another role."""
    with testing.connect(django_db_setup) as elsewhere, elsewhere.transaction():
        elsewhere.execute("SELECT pg_current_xact_id()")
        with inside(service):
            make_person()
        read_as(service, "quick")
        assert seal_all(service, 1, seconds=10) == 1
    assert verdict(service) == ()


def write_as_owner(
    service: Any, purpose: str, *, at: str = "now()", tx: str = "pg_current_xact_id()"
) -> None:
    with owner_connection(migrating=True) as owner:
        owner.execute(
            "INSERT INTO core_readentry (id, service_id, at, tx, actor, capacity, purpose, subjects, records) "
            f"VALUES (gen_random_uuid(), %s, {at}, {tx}, 'a', 'c', %s, '{{}}', '{{}}')",
            [service.pk, purpose],
        )


@pytest.mark.django_db(transaction=True)
def test_entries_of_an_earlier_server_are_sealed_too(service: Any) -> None:
    """A backup that is restored on a new server brings transaction numbers along that are still to come there."""
    sealed(service)
    write_as_owner(service, "before the backup", tx="'9000000000000000'")
    assert seal_all(service, 1) == 1
    read_as(service, "after it")
    assert seal_all(service, 1) == 1
    assert verdict(service) == ()


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_came_very_late_is_sealed_at_night(service: Any) -> None:
    from procrastinate.contrib.django import app

    import stapsteen.core.tasks  # noqa: F401

    sealed(service)
    write_as_owner(service, "two days late", at="now() - interval '2 days'")
    read_as(service, "now")
    assert seal_all(service, 1) == 1
    with inside(service):
        assert (readlog.seal_entries(), readlog.verify().waiting) == (0, 1)
    for _ in range(300):
        app.tasks["core.seal_late_entries"].func(1_700_000_000)
        with inside(service):
            if readlog.verify().waiting == 0:
                break
        time.sleep(0.1)
    with inside(service):
        assert (readlog.verify().sealed, readlog.verify().faults) == (6, ())


@pytest.mark.django_db(transaction=True)
def test_the_end_of_a_log_that_was_empty_is_an_anchor_too(service: Any) -> None:
    with inside(service):
        empty = readlog.verify()
    assert verdict(service, (empty.sealed, empty.digest)) == ()
    sealed(service)
    assert verdict(service, (empty.sealed, empty.digest)) == ()
    assert verdict(service, (0, "ff" * 32)) != ()


def test_every_model_with_a_person_is_sensitive() -> None:
    """A Scoped model that hangs on a person and isn't Sensitive would be read without a trace."""
    from stapsteen.core.erasure import person_model
    from stapsteen.core.scope import Sensitive, scoped_models

    person = person_model()
    plain = [
        model.__name__
        for model in scoped_models()
        if not issubclass(model, Sensitive)
        and any(
            isinstance(f, models.ForeignKey) and f.related_model is person for f in model._meta.local_fields
        )
    ]
    assert plain == ["ImportedRow"]  # a keyed hash and ids: shows nothing of a person
