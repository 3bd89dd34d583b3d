"""Guarantee 1, tenancy: in the database and in Python, and the traps that were found before we began."""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.test import override_settings

from stapsteen.core import database, scope
from stapsteen.core.errors import NoScope
from stapsteen.core.models import OutgoingMail
from stapsteen.core.scope import Actor, open_scope, system
from stapsteen.network.models import Municipality
from stapsteen.people.models import Note, Person
from stapsteen.testing.world import inside, make_person, make_service, owner_connection

pytestmark = pytest.mark.django_db


def test_python_refuses_to_read_without_a_scope(service: Any) -> None:
    with pytest.raises(NoScope):
        Person.objects.count()
    with pytest.raises(NoScope):
        list(Person.objects.all())
    with pytest.raises(NoScope):
        Person(first_name="Noor").save()


def test_a_queryset_made_inside_is_refused_outside(service: Any) -> None:
    with inside(service):
        persons = Person.objects.all()
    with pytest.raises(NoScope):
        list(persons)


def test_joins_and_raw_cursors_outside_a_scope_are_refused(service: Any) -> None:
    from stapsteen.hosts.models import Organisation

    with pytest.raises(NoScope):
        Organisation.objects.filter(hosts__state="active").count()
    with connection.cursor() as cursor, pytest.raises(NoScope):
        cursor.execute('SELECT count(*) FROM "people_person"')


def test_scopes_are_never_nested(service: Any) -> None:
    with inside(service), pytest.raises(NoScope), inside(service):
        pass


def test_one_service_never_sees_or_changes_another_ones(service: Any, other_service: Any) -> None:
    with inside(service):
        mine = make_person()
    with inside(other_service):
        assert Person.objects.count() == 0
        assert Person.objects.filter(pk=mine.pk).update(first_name="X") == 0
        with pytest.raises(NoScope):
            mine.save()
        mine.service_id = other_service.pk
        with pytest.raises(DatabaseError), transaction.atomic():
            mine.save()
    with inside(service):
        assert Person.objects.get().first_name == "Noor"


def test_rows_of_another_service_cannot_be_inserted(service: Any, other_service: Any) -> None:
    with inside(service), pytest.raises(DatabaseError), transaction.atomic():
        Person.objects.bulk_create([Person(first_name="X", service_id=other_service.pk)])


def test_shared_rows_are_made_at_once_without_a_service(db: None) -> None:
    made = Municipality.objects.bulk_create([Municipality(nis=nis, name=nis) for nis in ("91001", "91002")])
    assert Municipality.objects.filter(pk__in=[row.pk for row in made]).count() == 2


def test_a_link_cannot_cross_services(service: Any, other_service: Any) -> None:
    with inside(service):
        mine = make_person()
    with inside(other_service), pytest.raises(IntegrityError), transaction.atomic():
        Note.objects.create(person_id=mine.pk, text="x")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_setting_is_gone_after_a_scope(service: Any) -> None:
    with inside(service):
        make_person()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('stapsteen.service', true)")
        assert cursor.fetchone()[0] in {"", None}


def test_an_error_inside_leaves_nothing_behind(service: Any) -> None:
    with pytest.raises(ZeroDivisionError), inside(service):
        make_person()
        _ = 1 / 0
    assert not scope.is_open()
    with inside(service):
        assert Person.objects.count() == 0


def test_read_only_scope_refuses_writes_locks_and_switching_back(service: Any) -> None:
    with inside(service):
        person = make_person()
    with open_scope(service.pk, actor=system("test"), purpose="test", readonly=True):
        for statement in (
            lambda: make_person("Y"),
            lambda: Person.objects.select_for_update().get(pk=person.pk),
            lambda: connection.cursor().execute("SET TRANSACTION READ WRITE"),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                statement()
    with inside(service):
        assert Person.objects.count() == 1


def test_the_application_role_cannot_loosen_the_guarantees(service: Any) -> None:
    statements = [
        "TRUNCATE people_person",
        "ALTER TABLE people_person DISABLE ROW LEVEL SECURITY",
        "DROP POLICY isolate ON people_person",
        "ALTER TABLE people_person DISABLE TRIGGER record_change",
        "SET ROLE stapsteen_owner",
        "DROP TABLE people_note",
        "UPDATE core_history SET actor = 'x'",
        "DELETE FROM core_readentry",
        "UPDATE core_readseal SET sequence = 1",
        "INSERT INTO core_history SELECT * FROM core_history",
        "UPDATE hours_hourline SET minutes = 0",
        "SELECT * FROM pg_authid",
    ]
    with inside(service):
        for statement in statements:
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_without_context_the_database_gives_nothing(service: Any) -> None:
    with inside(service):
        make_person()
    settings = connection.settings_dict
    with psycopg.connect(dbname=settings["NAME"], host=settings["HOST"], user=settings["USER"]) as plain:
        assert plain.execute("SELECT count(*) FROM people_person").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            plain.execute(
                "INSERT INTO network_staffmember (id, service_id, user_id, name, phone) "
                f"VALUES (gen_random_uuid(), '{service.pk}', gen_random_uuid(), 'x', '')"
            )


@pytest.mark.django_db(transaction=True)
def test_a_data_migration_touches_all_rows_of_all_services(service: Any, other_service: Any) -> None:
    for each in (service, other_service):
        with inside(each):
            make_person()
    with owner_connection(migrating=False) as blind:
        assert blind.execute("UPDATE people_person SET language = 'x'").rowcount == 0
    with owner_connection(migrating=True) as owner:
        assert owner.execute("UPDATE people_person SET language = 'nl'").rowcount == 2


@pytest.mark.django_db(transaction=True)
def test_a_new_foreign_key_really_checks_the_rows(service: Any) -> None:
    with inside(service):
        make_person()
    wrong = (
        "ALTER TABLE people_person ADD COLUMN probe uuid DEFAULT gen_random_uuid()",
        "ALTER TABLE people_person ADD CONSTRAINT probe FOREIGN KEY (service_id, probe) "
        "REFERENCES network_staffmember (service_id, id)",
    )
    with owner_connection(migrating=True) as owner:
        owner.execute(wrong[0])
        try:
            with pytest.raises(psycopg.errors.ForeignKeyViolation):
                owner.execute(wrong[1])
        finally:
            owner.execute("ALTER TABLE people_person DROP COLUMN probe")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("harm", "mend", "named"),
    [
        ("DROP POLICY isolate ON people_note", None, "people_note: row-level security"),
        ("ALTER TABLE people_note NO FORCE ROW LEVEL SECURITY", None, "people_note: row-level security"),
        ("ALTER TABLE people_note DISABLE ROW LEVEL SECURITY", None, "people_note: row-level security"),
        ("CREATE INDEX probe ON people_note (person_id)", "DROP INDEX probe", "index probe doesn't lead"),
        ("DROP TRIGGER record_change ON people_note", None, "people_note: no history trigger"),
        (
            "ALTER TABLE people_note DROP CONSTRAINT link_people_note_person_id",
            None,
            "people_note.person_id: no foreign",
        ),
        ("CREATE TABLE probe (id int)", "DROP TABLE probe", "probe: a table that no model declares"),
        (
            "ALTER TABLE people_note ADD CONSTRAINT probe FOREIGN KEY (person_id) REFERENCES people_person (id)",
            "ALTER TABLE people_note DROP CONSTRAINT probe",
            "without service_id",
        ),
    ],
)
def test_the_audit_finds_each_harm_and_secure_mends_it(
    db: None, harm: str, mend: str | None, named: str
) -> None:
    with owner_connection(migrating=True) as owner:
        owner.execute(harm)
        try:
            assert [fault for fault in database.audit() if named in fault] != []
        finally:
            if mend:
                owner.execute(mend)
            else:
                secure_as_owner()
    assert database.audit() == []


def secure_as_owner() -> None:
    from conftest import _become

    _become("owner")
    try:
        database.secure()
    finally:
        _become("app")


def test_the_audit_names_an_application_role_that_owns_or_goes_past_the_guard(db: None) -> None:
    """As if the application had been given the owner's role, or that of who runs the server."""
    owner = urlsplit(os.environ["DATABASE_OWNER_URL"]).username
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolsuper ORDER BY 1 LIMIT 1")
        (strong,) = cursor.fetchone()
    with override_settings(APP_ROLE=owner):
        assert f"role {owner} owns people_note" in database.audit()
    with override_settings(APP_ROLE=strong):
        assert f"role {strong} goes past row-level security" in database.audit()
    assert database.audit() == []


class Loose:
    """What a model looks like to the audit."""

    _meta = SimpleNamespace(db_table="loose_table", auto_created=False)


class Linking:
    _meta = SimpleNamespace(db_table="people_note_tags", auto_created=Note)


def test_the_audit_names_models_that_no_service_guards(
    monkeypatch: pytest.MonkeyPatch, settings: Any, db: None
) -> None:
    monkeypatch.setattr(database.apps, "get_models", lambda **_: [Loose, Linking, OutgoingMail, Note])
    monkeypatch.setattr(OutgoingMail, "shared_because", "")
    monkeypatch.setattr(
        database, "scoped_links", lambda model: [models.ForeignKey(Person, models.CASCADE, name="person")]
    )
    assert list(database._audit_models()) == [
        "Loose: neither Scoped nor on the SHARED list",
        "people_note_tags: an automatic many-to-many table has no service",
        "Linking: neither Scoped nor on the SHARED list",
        "OutgoingMail: Shared without a reason",
        "Note.person: a plain foreign key to a Scoped model",
    ]


@pytest.mark.django_db(transaction=True)
def test_a_table_of_others_that_is_not_made_yet_is_no_error(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A migration of one room alone, before those of Django's parts."""
    monkeypatch.setitem(database.THIRD_PARTY, "not_made_yet", "made by a later migration")
    secure_as_owner()
    assert database.audit() == []


def test_jobs_get_their_scope_from_the_service_they_name(service: Any, other_service: Any) -> None:
    from stapsteen.core.jobs import in_each_service

    with inside(service):
        make_person()
    assert sorted(in_each_service("count", Person.objects.count)) == [0, 1]
    assert Actor("x").has("coach") is False


def test_services_made_later_are_isolated_as_well(service: Any) -> None:
    with inside(service):
        make_person()
    with inside(make_service("later")):
        assert Person.objects.count() == 0
