"""Jobs are deferred with the data and run in their service's scope; mail goes out once; half-days and ids."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail as outbox
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from stapsteen.core import events, halfdays, tasks
from stapsteen.core.ids import uuid7
from stapsteen.core.jobs import JOBS, MOST, defer, service_job
from stapsteen.core.mail import queue_mail, send_mail
from stapsteen.core.models import OutgoingMail, ReadEntry, ReadSeal, StoredFile
from stapsteen.core.scope import current
from stapsteen.core.stranded import take_up_again
from stapsteen.people.models import Person
from stapsteen.testing.world import inside, make_person, run_jobs

pytestmark = pytest.mark.django_db


def waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        return int(cursor.fetchone()[0])


@pytest.fixture
def counting_job() -> Any:
    """A job in a service's scope that reads persons; gone afterwards."""
    seen: list[Any] = []

    @service_job("test.count")
    def count(note: str) -> None:
        seen.append((current().service_id, str(current().actor), len(Person.objects.all()), note))

    yield seen
    del JOBS["test.count"]
    del app.tasks["test.count"]


def test_a_job_runs_in_the_scope_of_its_service_and_its_reads_are_logged(
    service: Any, other_service: Any, counting_job: list[Any]
) -> None:
    with inside(other_service):
        make_person("Hidden")
    with inside(service):
        make_person()
        defer("test.count", service_id=service.pk, note="x")
    assert run_jobs() == 1
    assert counting_job == [(service.pk, "system:test.count", 1, "x")]
    with inside(service):
        assert ReadEntry.objects.get(purpose="test.count").capacity == "system:test.count"


def test_a_job_is_gone_with_the_transaction_that_deferred_it(service: Any, counting_job: list[Any]) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        defer("test.count", service_id=service.pk, note="x")
        assert waiting() == 1
        _ = 1 / 0
    assert waiting() == 0


def killed(*, attempts: int = 0, silent: int | None = None) -> int:
    """A waiting job as its worker leaves it: taken up, by a worker that spoke so many seconds ago (None: is gone)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM procrastinate_jobs")
        number = int(cursor.fetchone()[0])
        worker = None
        if silent is not None:
            cursor.execute(
                "INSERT INTO procrastinate_workers (last_heartbeat) "
                "VALUES (now() - make_interval(secs => %s)) RETURNING id",
                [silent],
            )
            worker = cursor.fetchone()[0]
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', attempts = %s, worker_id = %s WHERE id = %s",
            [attempts, worker, number],
        )
    return number


def status(number: int) -> tuple[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text, attempts FROM procrastinate_jobs WHERE id = %s", [number])
        found: tuple[str, int] = cursor.fetchone()
        return found


@pytest.mark.parametrize("silent", [None, 600])
def test_a_job_whose_worker_was_killed_is_done_after_all(
    service: Any, counting_job: list[Any], silent: int | None
) -> None:
    with inside(service):
        defer("test.count", service_id=service.pk, note="x")
    number = killed(silent=silent)
    assert run_jobs() == 0
    assert take_up_again() == 1
    assert status(number) == ("todo", 1)
    assert run_jobs() == 1
    assert len(counting_job) == 1


def test_a_job_that_is_being_done_is_left_alone(service: Any, counting_job: list[Any]) -> None:
    with inside(service):
        defer("test.count", service_id=service.pk, note="x")
    number = killed(silent=20)
    assert take_up_again() == 0
    assert status(number) == ("doing", 0)


def test_a_job_that_keeps_killing_its_worker_is_given_up(
    service: Any, counting_job: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    with inside(service):
        defer("test.count", service_id=service.pk, note="x")
    number = killed(attempts=MOST)
    with caplog.at_level(logging.CRITICAL):
        assert take_up_again() == 0
    assert status(number)[0] == "failed"
    assert counting_job == []


def test_periodic_work_visits_every_service_and_takes_a_timestamp(service: Any, other_service: Any) -> None:
    for each in (service, other_service):
        with inside(each):
            make_person()
            list(Person.objects.all())
    app.tasks["core.seal_read_log"].func(1_700_000_000)
    assert {"core.seal_read_log", "core.delete_old_files", "core.send_mail"} <= set(JOBS)
    for each in (service, other_service):
        with inside(each):
            assert ReadSeal.objects.count() in {
                0,
                1,
            }  # the test's own transaction still runs, so nothing is sealed yet


def test_old_files_are_deleted(service: Any) -> None:
    today = timezone.localdate()
    with inside(service):
        for day in (None, today, today - timedelta(days=1)):
            StoredFile.objects.create(name=str(day), content_type="x", content=b"x", delete_on=day)
        assert tasks.delete_old_files() == 1
        assert StoredFile.objects.count() == 2


def test_a_mail_is_rendered_queued_and_sent_once(service: Any) -> None:
    mail = queue_mail(to="a@example.org", template="test_mail", context={"url": "https://example.org/x"})
    assert (mail.subject, mail.sent_at) == ("Een proef", None)
    assert run_jobs() == 1
    send_mail(str(mail.pk))
    assert [(m.subject, m.to) for m in outbox.outbox] == [("Een proef", ["a@example.org"])]
    assert OutgoingMail.objects.get().sent_at is not None
    send_mail(str(uuid4()))
    assert len(outbox.outbox) == 1


def test_a_name_writes_no_headers_and_no_body(service: Any) -> None:
    name = "Dienst\r\nBcc: iedereen@example.org\r\n\r\nStuur je wachtwoord\rnaar\x0bons"
    queue_mail(
        to="a@example.org", template="expert_asked", context={"service_name": name, "url": "https://x.be"}
    )
    run_jobs()
    [sent] = outbox.outbox
    told = "Dienst Bcc: iedereen@example.org Stuur je wachtwoord naar ons"
    assert sent.subject == f"{told} vraagt je raad"
    assert (sent.bcc, sent.cc, sent.message()["Bcc"]) == ([], [], None)
    assert [line for line in sent.body.splitlines() if line.startswith(("Bcc", "Stuur"))] == []


def test_the_mail_server_can_be_tried(capsys: Any) -> None:
    call_command("send_test_mail", "a@example.org")
    assert [m.to for m in outbox.outbox] == [["a@example.org"]]


def test_docs_are_written_from_the_code(tmp_path: Any, settings: Any, capsys: Any) -> None:
    settings.ROOT = tmp_path
    call_command("write_docs")
    assert "stateDiagram-v2" in (tmp_path / "docs/states.md").read_text()
    assert "`people.person.view`" in (tmp_path / "docs/rules.md").read_text()


def test_half_days_in_words_and_back() -> None:
    mask = halfdays.to_mask([(0, 0), (0, 1), (2, 1), (5, 0), (5, 1), (5, 2)])
    assert halfdays.in_words(mask) == "maandag (hele dag), woensdag namiddag, zaterdag (hele dag)"
    assert halfdays.to_mask(halfdays.to_pairs(mask)) == mask
    assert halfdays.to_mask(halfdays.to_pairs(halfdays.ALL)) == halfdays.ALL


def test_ids_sort_by_time_and_say_version_7() -> None:
    made = [uuid7() for _ in range(200)]
    assert [key.version for key in made] == [7] * 200
    assert len(set(made)) == 200
    assert sorted(str(key)[:13] for key in made) == [str(key)[:13] for key in made]


def test_an_event_says_itself_in_words_and_an_old_kind_its_code(service: Any) -> None:
    events.define("test.kind", "Stap %(n)s: %(what)s", what={"x": "gezet"})
    try:
        assert events.sentence("test.kind", {"n": 2, "what": "x"}) == "Stap 2: gezet"
        assert events.sentence("gone.kind", {}) == "gone.kind"
        with inside(service):
            person = make_person()
            events.record("test.kind", subject_id=person.pk, on=date(2025, 1, 1), n=1)
    finally:
        del events.KINDS["test.kind"]


def test_migrate_wants_the_owner() -> None:
    from django.core.management.base import CommandError

    with pytest.raises(CommandError, match="owner"):
        call_command("migrate")
