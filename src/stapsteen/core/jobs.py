"""Jobs: work that doesn't belong in a request. Deferred in the same transaction as the data; arguments are ids only.

@job("core.send_mail")
def send_mail(mail_id: str) -> None: ...           # no service: touches Shared rows only

@service_job("imports.run")
def run(import_id: str) -> None: ...               # runs inside the service's scope

defer("imports.run", service_id=..., import_id=...)
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Q
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Status
from procrastinate.sql import queries

from stapsteen.core.scope import open_scope, system

Work = Callable[..., Any]
MOST = 5
"""So often a job is tried, whether it failed or its worker was killed under it."""
SILENT = timedelta(minutes=2)
"""A worker that said nothing for so long is gone; it says something every ten seconds."""
RETRY = RetryStrategy(max_attempts=MOST, exponential_wait=5)
JOBS: dict[str, Work] = {}
log = logging.getLogger(__name__)


def job(name: str, *, every: str = "") -> Callable[[Work], Work]:
    """Register work without a service. `every` is a cron line; periodic work gets no arguments."""

    def register(work: Work) -> Work:
        JOBS[name] = work
        if every:

            @wraps(work)
            def ticked(timestamp: int) -> None:
                work()

            app.periodic(cron=every, periodic_id=name)(
                app.task(name=name, retry=RETRY, queueing_lock=name)(ticked)
            )
        else:
            app.task(name=name, retry=RETRY)(work)
        return work

    return register


def service_job(name: str, *, every: str = "") -> Callable[[Work], Work]:
    """Register work that runs in a service's scope; periodic work runs for each service, one after the other."""

    def register(work: Work) -> Work:
        if every:
            job(name, every=every)(wraps(work)(lambda: in_each_service(name, work)))
            return work

        @wraps(work)
        def scoped(service_id: str, **arguments: Any) -> Any:
            with open_scope(UUID(service_id), actor=system(name), purpose=name):
                return work(**arguments)

        job(name)(scoped)
        return work

    return register


def in_each_service(name: str, work: Work) -> list[Any]:
    """Run the work in every service's scope, in order of slug; each has its own transaction and log row."""
    results, services = [], apps.get_model("network", "Service").objects.order_by("slug")
    for service_id in services.values_list("id", flat=True):
        with open_scope(service_id, actor=system(name), purpose=name):
            results.append(work())
    return results


def defer(name: str, **arguments: Any) -> int:
    """Queue a registered job in this transaction; UUIDs become text. Returns the job's number."""
    plain = {key: str(value) if isinstance(value, UUID) else value for key, value in arguments.items()}
    return int(app.configure_task(name).defer(**plain))


def take_up_again() -> int:
    """Jobs under which the worker was killed wait again, so that nothing that was promised stays undone.

    So every job can begin anew: it writes all or nothing, and looks first whether it was done. Returns how many wait again.
    """
    gone = Q(worker=None) | Q(worker__last_heartbeat__lt=timezone.now() - SILENT)
    stranded = list(ProcrastinateJob.objects.filter(gone, status=Status.DOING.value))
    again = [each for each in stranded if each.attempts < MOST]
    for each in again:
        app.job_manager.retry_job_by_id(each.pk, retry_at=timezone.now())
    for each in stranded:
        if each not in again:
            _give_up(each.pk)
    return len(again)


def _give_up(number: int) -> None:
    connector = app.connector.get_sync_connector()
    connector.execute_query(
        queries["finish_job"], job_id=number, status=Status.FAILED.value, delete_job=False
    )
    log.error("job %s took its worker down %s times: not tried again", number, MOST)
