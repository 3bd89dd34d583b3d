"""Erasing a person: no canary is left anywhere, figures and seals hold, an older backup is told."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import override_settings

from stapsteen.core import erasure, events, readlog
from stapsteen.core.jobs import defer
from stapsteen.core.models import Erasure, Event, OutgoingMail, StoredFile
from stapsteen.core.scope import Sensitive, scoped_models
from stapsteen.people.models import Note, Person, SensitiveFact
from stapsteen.testing.canary import CANARY, fill, find_canaries
from stapsteen.testing.world import inside, make_person, owner_connection

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_ledger(tmp_path: Path) -> Any:
    with override_settings(DATA_DIR=tmp_path):
        yield


def person_with_everything() -> Person:
    """One row in every table that can hold something about a person, each text with a canary in it."""
    person = fill(Person)
    for model, column in erasure.bound_models():
        if model is not Person:
            fill(model, **{column: person.pk})
    Person.objects.filter(pk=person.pk).update(first_name=f"{CANARY} twice")
    OutgoingMail.objects.create(to=f"{CANARY}@example.org", subject=CANARY, body=CANARY, subject_id=person.pk)
    defer("core.send_mail", mail_id=f"{person.pk} {CANARY}")
    return person


@pytest.mark.django_db(transaction=True)
def test_no_canary_is_left_and_every_seal_verifies(service: Any) -> None:
    with inside(service):
        person = person_with_everything()
    with inside(service):
        list(Person.objects.all())
    with inside(service):
        readlog.seal_entries()
    with owner_connection(migrating=True) as owner:
        before = find_canaries(owner)
    assert {"people_person", "core_history", "core_outgoingmail", "procrastinate_jobs"} <= set(before)
    with inside(service):
        erasure.erase(subject_id=person.pk, reason="request")
    with owner_connection(migrating=True) as owner:
        assert find_canaries(owner) == []
    with inside(service):
        assert readlog.verify().faults == ()
        assert Erasure.objects.get().subject_id == person.pk
        assert Person.objects.filter(pk=person.pk).exists()
        assert not StoredFile.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_sealed_facts_are_gone_too_and_others_stay(service: Any) -> None:
    with inside(service):
        gone, stays = make_person("Gone"), make_person("Stays")
        for person in (gone, stays):
            SensitiveFact.objects.create(
                person=person, kind="health", text="x", purpose="p", starts_on=date(2025, 1, 1)
            )
            Note.objects.create(person=person, text="kept?")
            events.record("state.moved", subject_id=person.pk, number=3)
        erasure.erase(subject_id=gone.pk, reason="request")
        assert [f.text for f in SensitiveFact.objects.filter(person=gone)] == [""]
        assert [n.text for n in Note.objects.filter(person=stays)] == ["kept?"]
        assert {e.subject_id: e.details for e in Event.objects.all()} == {
            gone.pk: {},
            stays.pk: {"number": 3},
        }
        assert Person.objects.get(pk=stays.pk).first_name == "Stays"


def test_another_services_person_cannot_be_erased(service: Any, other_service: Any) -> None:
    with inside(service):
        person = make_person()
    with inside(other_service):
        erasure.erase(subject_id=person.pk, reason="request")
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT stapsteen_erase(%s, %s, NULL, 'x', 'x')", [service.pk, person.pk])
    with inside(service):
        assert Person.objects.get().first_name == "Noor"


@pytest.mark.django_db(transaction=True)
def test_a_restored_backup_replays_the_ledger(service: Any, tmp_path: Path, capsys: Any) -> None:
    with inside(service):
        person, second = make_person(), make_person()
        erasure.erase(subject_id=person.pk, reason="request")
    ledger = tmp_path / erasure.LEDGER
    assert [json.loads(line)["subject"] for line in ledger.read_text().splitlines()] == [str(person.pk)]
    with inside(service):  # as an older backup would bring it back
        Person.objects.filter(pk=person.pk).update(first_name="Back again")
    call_command("replay_erasures", "--ledger", str(ledger))
    assert "1 of 1" in capsys.readouterr().out
    with inside(service):
        again = Person.objects.get(pk=person.pk)
        assert (again.first_name, again.erased_at is None) == ("", False)
        assert Person.objects.get(pk=second.pk).first_name == "Noor"
    call_command("replay_erasures", "--ledger", str(ledger))
    assert "0 of 2" in capsys.readouterr().out


def test_a_broken_ledger_names_its_line(tmp_path: Path) -> None:
    ledger = tmp_path / "bad.jsonl"
    ledger.write_text("not json\n")
    with pytest.raises(CommandError, match="line 1"):
        call_command("replay_erasures", "--ledger", str(ledger))
    call_command("replay_erasures", "--ledger", str(tmp_path / "absent.jsonl"))


def test_every_text_about_a_person_stands_in_a_table_that_knows_the_person() -> None:
    """A Sensitive model without a person's column would be passed by."""
    bound = {model for model, _ in erasure.bound_models()}
    passed_by = [m.__name__ for m in scoped_models() if issubclass(m, Sensitive) and m not in bound]
    assert passed_by == ["History"]  # its old values are cleared row by row


def test_a_column_that_cannot_be_emptied_must_be_declared() -> None:
    from django.db import models

    with pytest.raises(TypeError, match="kept_after_erasure"):
        erasure._empty(models.DateField())


@pytest.mark.django_db(transaction=True)
def test_a_participants_login_is_forgotten_with_its_history(service: Any, coordinator: Any) -> None:
    from stapsteen.core.models import SharedHistory
    from stapsteen.network.models import Membership, User
    from stapsteen.people.actions import erase_person

    user = User.objects.create_user(f"{CANARY}@example.org", "x")
    Membership.objects.create(user=user, service=service, role="participant")
    with inside(service, coordinator) as actor:
        person = make_person()
        Person.objects.filter(pk=person.pk).update(user=user)
        erase_person(person=person, actor=actor, reason="asked")
    with owner_connection(migrating=True) as owner:
        assert find_canaries(owner) == []
    assert User.objects.get(pk=user.pk).email == erasure.forgotten_address(user.pk)
    assert all(change.old == {} for change in SharedHistory.objects.filter(row_id=user.pk))


def test_the_history_of_a_login_that_lives_on_stays(service: Any, coordinator: Any) -> None:
    from stapsteen.core.models import SharedHistory
    from stapsteen.network.models import Membership, User

    with inside(service):
        person = make_person()
        User.objects.filter(pk=coordinator.user_id).update(language="fr")
        Person.objects.filter(pk=person.pk).update(user_id=coordinator.user_id)
        erasure.erase(subject_id=person.pk, reason="request", user_id=coordinator.user_id)
    assert Membership.objects.filter(user_id=coordinator.user_id).exists()
    kept = SharedHistory.objects.get(row_id=coordinator.user_id, action="update")
    assert kept.old == {"language": "nl"}
