"""Jobs whose worker was killed under them."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Status
from procrastinate.sql import queries

from stapsteen.core.jobs import MOST

SILENT = timedelta(minutes=2)
"""A worker that said nothing for so long is gone; it says something every ten seconds."""
log = logging.getLogger(__name__)


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
