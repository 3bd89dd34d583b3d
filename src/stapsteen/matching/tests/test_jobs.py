"""The search as a job: deferred, done, and telling when it breaks off."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import system
from stapsteen.matching import actions
from stapsteen.matching.models import Proposal, Search
from stapsteen.matching.tests.factories import make_place, make_seeker
from stapsteen.testing.world import inside, make_staff, run_jobs

SYSTEM = system("test")
pytestmark = pytest.mark.django_db


@pytest.fixture
def search(service: Any) -> Any:
    coordinator, coach = make_staff(service, "coordinator"), make_staff(service, "coach")
    with inside(service, coordinator) as actor:
        make_seeker(coach)
        make_place()
        return service, actions.start_search(actor=actor)


def test_the_job_proposes(search: Any) -> None:
    run_jobs()
    with inside(search[0]):
        assert Search.objects.get().state == "done"
        assert Proposal.objects.get().state == "open"


def test_a_search_that_was_killed_half_way_is_done_anew(search: Any) -> None:
    """Taken up, and then the worker was gone: the job comes again and finds a search that is busy."""
    service, row = search
    with inside(service):
        assert actions.begin_search(search=row, actor=SYSTEM)
        Search.objects.filter(pk=row.pk).update(progress=60)
        assert actions.begin_search(search=row, actor=SYSTEM)
        assert Search.objects.get().progress == 0
    run_jobs()
    with inside(service):
        assert (Search.objects.get().state, Proposal.objects.count()) == ("done", 1)


def test_a_stopped_search_isnt_taken_up(search: Any) -> None:
    service, row = search
    with inside(service) as actor:
        actions.stop_search(search=row, actor=actor)
    run_jobs()
    with inside(service):
        assert (Search.objects.get().state, Proposal.objects.count()) == ("stopped", 0)


@pytest.mark.parametrize(
    ("error", "told"),
    [(RuleBroken("Dat mag niet."), "Dat mag niet."), (ValueError("x"), "Er ging iets mis")],
)
def test_what_breaks_off_is_told_and_keeps_nothing(
    search: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    told: str,
) -> None:
    def fails(*_args: Any, **_more: Any) -> None:
        raise error

    monkeypatch.setattr(actions.caseload, "propose", fails)
    with caplog.at_level(logging.CRITICAL):
        run_jobs()
    with inside(search[0]):
        row = Search.objects.get()
        assert (row.state, row.failure[: len(told)], Proposal.objects.count()) == ("failed", told, 0)
