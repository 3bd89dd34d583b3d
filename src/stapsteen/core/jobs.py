"""Jobs: work that doesn't belong in a request. Deferred in the same transaction as the data; arguments are ids only.

@job("core.send_mail")
def send_mail(mail_id: str) -> None: ...           # no service: touches Shared rows only

@service_job("imports.run")
def run(import_id: str) -> None: ...               # runs inside the service's scope

defer("imports.run", service_id=..., import_id=...)
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.apps import apps
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from stapsteen.core.scope import open_scope, system

Work = Callable[..., Any]
MOST = 5  # times that a job is tried, whether it failed or its worker was killed under it
RETRY = RetryStrategy(max_attempts=MOST, exponential_wait=5)
JOBS: dict[str, Work] = {}


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
