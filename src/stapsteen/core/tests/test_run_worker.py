"""The command that the worker's process runs."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from procrastinate import App, PsycopgConnector


def test_the_worker_does_all_jobs_over_a_connection_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only its endless loop is replaced. What succeeded leaves no row behind: a job's arguments name people's ids."""
    ran: list[tuple[type, dict[str, Any]]] = []

    def loop(app: App, **options: Any) -> None:
        ran.append((type(app.connector), options))

    monkeypatch.setattr(App, "run_worker", loop)
    call_command("run_worker")
    wanted = {"concurrency": 2, "listen_notify": True, "delete_jobs": "successful"}
    assert ran == [(PsycopgConnector, wanted)]
