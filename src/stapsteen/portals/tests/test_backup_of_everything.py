"""A backup of the real tables, each with rows: all of it comes back, and nobody who was erased since does."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from stapsteen.cli import backup, backupfile, cluster, pgtools, restore
from stapsteen.core import database, erasure, readlog
from stapsteen.core.jobs import defer
from stapsteen.core.models import OutgoingMail
from stapsteen.core.scope import scoped_models
from stapsteen.followup.actions import hold_evaluation
from stapsteen.followup.models import Evaluation
from stapsteen.hours.models import Timesheet
from stapsteen.hours.tests.factories import make_confirmed
from stapsteen.network.models import Membership, User
from stapsteen.pathways.tests.factories import make_accepted
from stapsteen.people import actions as people
from stapsteen.people.models import Person, SensitiveFact
from stapsteen.placements.tests.factories import make_active_placement
from stapsteen.testing import database as testing
from stapsteen.testing.canary import CANARY, fill, find_canaries
from stapsteen.testing.world import client_of, inside, make_person, owner_connection, seal_all

pytestmark = pytest.mark.django_db(transaction=True)

NO_ROWS = {
    # Filled by others than our models.
    "auth_group": "nobody uses it",
    "auth_permission": "nobody uses it, and the tests' emptying takes Django's own rows along",
    "auth_group_permissions": "nobody uses it",
    "account_emailaddress": "allauth makes these when somebody changes an address",
    "account_emailconfirmation": "allauth",
    "django_session": "made at a login; here the test client logs in after the backup",
    "django_content_type": "the tests' emptying takes Django's own rows along",
    "procrastinate_periodic_defers": "a worker's",
    "procrastinate_workers": "a worker's",
    "procrastinate_events": "a worker's, but for what its triggers write",
}
SECRET = "Suikerziekte"


def address(role: str, name: str) -> str:
    """A role's address of one database on the tests' server."""
    owner = urlsplit(os.environ["DATABASE_OWNER_URL"])
    return owner._replace(netloc=f"{role}@{owner.netloc.rpartition('@')[2]}", path=f"/{name}").geturl()


def content(dsn: str) -> dict[str, list[str]]:
    """Every table's rows as text, sorted: compared as they are, not by the program's own checksum."""
    with pgtools.connect(dsn) as seen:
        return {
            table: [row[0] for row in seen.execute(f"SELECT t::text FROM {table} t ORDER BY 1")]
            for table in pgtools.tables(seen)
        }


def walk(service: Any, coach: Any) -> Person:
    """One whole way, through the actions: referral, pathway, place, agreement, hours, a talk of three, a secret."""
    with inside(service, coach) as actor:
        pathway = make_accepted(coach)
        make_active_placement(coach, pathway=pathway)
        fact = {"kind": "health", "text": SECRET, "purpose": "ziek worden op het werk"}
        people.record_sensitive_fact(person=pathway.person, actor=actor, **fact)
        talk = {
            "due_on": timezone.localdate(),
            "held_on": timezone.localdate(),
            "voice_person": "Het gaat goed.",
        }
        hold_evaluation(pathway=pathway, actor=actor, **talk)
    with inside(service):
        make_confirmed(coach, "Amina", "Bart")
    return pathway.person


def person_in_every_table(service: Any) -> Person:
    """Someone with a row, full of a recognisable word, in every table that can hold a person."""
    with inside(service):
        user = User.objects.create_user(f"login-{CANARY}@example.org", "x")
        Membership.objects.create(user=user, service=service, role="participant")
        person = fill(Person, user=user, erased_at=None)
        for model, column in erasure.bound_models():
            if model is not Person:
                fill(model, **{column: person.pk})
        Person.objects.filter(pk=person.pk).update(last_name=f"{CANARY} twice")
        OutgoingMail.objects.create(to=f"{CANARY}@example.org", subject=CANARY, body="", subject_id=person.pk)
        defer("core.send_mail", mail_id=f"{person.pk}")
    return person


def fill_the_rest(service: Any) -> None:
    """A row in every other table of ours; one erasure was before the backup."""
    with inside(service):
        erasure.erase(subject_id=make_person().pk, reason="request")
        for model in database.house_models():
            if not model.objects.exists():
                fill(model, word="plain")


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """A new database beside the tests' own; the commands are told of this installation and its data folder."""
    name, here = f"restored_{os.getpid()}", connection.settings_dict["NAME"]
    monkeypatch.setenv("DATABASE_URL", address(cluster.APP, here))
    monkeypatch.setenv("STAPSTEEN_BACKUP_URL", address(cluster.ADMIN, here))
    monkeypatch.setenv("STAPSTEEN_BACKUP_KEY", backupfile.new_key())
    monkeypatch.setenv("STAPSTEEN_DATA_DIR", str(tmp_path / "data"))
    with psycopg.connect(address(cluster.OWNER, cluster.DATABASE), autocommit=True) as owner:
        owner.execute(f"CREATE DATABASE {name}")
        with override_settings(DATA_DIR=tmp_path / "data"):
            yield name
        testing.drop_over(owner, name)


@contextmanager
def django_on(name: str) -> Iterator[None]:
    """Django as the application's role on the other database."""
    here = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = here


def make_backup(folder: Path) -> Path:
    wanted = Namespace(to=folder, passphrase_file=None, with_keys=False, keep=None, make_key=False)
    assert backup.run(wanted) == 0
    (made,) = folder.iterdir()
    return made


def restore_all(path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """The whole command; gives what stood in the new database at its comparison, before later erasures are redone."""
    loaded: dict[str, list[str]] = {}
    compare = restore.verify_rows

    def look(target: restore.Target, wanted: pgtools.Sums) -> None:
        loaded.update(content(address(cluster.ADMIN, name)))
        compare(target, wanted)

    monkeypatch.setattr(restore, "verify_rows", look)
    into = address(cluster.OWNER, name)
    assert restore.run(Namespace(file=path, into=into, passphrase_file=None, keys_to=None, yes=False)) == 0
    return loaded


def test_all_comes_back_and_nobody_who_was_erased_since(
    service: Any,
    other_service: Any,
    coach: Any,
    empty: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    person, gone = walk(service, coach), person_in_every_table(service)
    with inside(other_service):
        stranger = make_person("Vreemde").pk
    seal_all(service, 1)
    fill_the_rest(service)
    with inside(service):
        before = readlog.verify()
    assert (before.faults, before.sealed > 0) == ((), True)
    source = content(address(cluster.ADMIN, connection.settings_dict["NAME"]))
    assert {table.removeprefix("public.") for table, rows in source.items() if not rows} <= NO_ROWS.keys()

    path = make_backup(tmp_path / "backups")
    whole = path.read_bytes()
    assert [word for word in (b"Amina", CANARY.encode(), SECRET.encode(), b"PGDMP") if word in whole] == []
    with inside(service):
        people.clear(person=gone, reason="request")
    loaded = restore_all(path, empty, monkeypatch)

    assert loaded.keys() == source.keys()
    assert [table for table, rows in source.items() if loaded[table] != rows] == []
    with django_on(empty):
        with owner_connection(migrating=True) as owner:
            assert find_canaries(owner) == []
        assert database.audit() == []
        with inside(service):
            after = readlog.verify((before.sealed, before.digest))
            assert (after.faults, after.sealed) == ((), before.sealed)
            assert SensitiveFact.objects.get(person=person).text == SECRET
            assert Evaluation.objects.get(person=person).voice_person == "Het gaat goed."
            assert Person.objects.get(pk=gone.pk).erased_at is not None
            assert not Person.objects.filter(pk=stranger).exists()
            assert Timesheet.objects.filter(state="confirmed").count() == 1
        page = reverse("portals.person", kwargs={"service": service.slug, "person": person.pk})
        shown = client_of(coach).get(page)
        assert (shown.status_code, "Amina Peeters" in shown.content.decode()) == (200, True)
    closed_to_the_application(empty)


def closed_to_the_application(name: str) -> None:
    """Without a service the application's role sees no row of any service, and it can't edit what is append-only."""
    with psycopg.connect(address(cluster.APP, name), autocommit=True) as app:
        for model in scoped_models():
            assert app.execute(f'SELECT count(*) FROM "{model._meta.db_table}"').fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("UPDATE core_readentry SET actor = ''")
