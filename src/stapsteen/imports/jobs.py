"""The two jobs of an import. Each opens its own scope; a write that fails is told in a second one."""

from __future__ import annotations

import logging
from uuid import UUID

from django.utils.translation import gettext as _

from stapsteen.core.errors import RuleBroken
from stapsteen.core.jobs import job, service_job
from stapsteen.core.scope import open_scope, system
from stapsteen.imports import actions
from stapsteen.imports.models import ImportRun
from stapsteen.imports.write import RowBroken

READ, WRITE = "imports.read", "imports.write"
log = logging.getLogger(__name__)


@service_job(READ)
def read(run_id: str) -> None:
    """Recognise, read and keep the preview."""
    actions.read_run(run=_run(run_id), actor=system(READ))


@job(WRITE)
def write(service_id: str, run_id: str) -> None:
    """Import, or take everything back and say why. Not tried again by itself: a person looks first."""
    try:
        with open_scope(UUID(service_id), actor=system(WRITE), purpose=WRITE):
            actions.write_run(run=_run(run_id), actor=system(WRITE))
    except RowBroken as broken:
        _tell(service_id, run_id, actions.failure_text(broken), (broken.sheet, broken.row))
    except RuleBroken as broken:
        _tell(service_id, run_id, str(broken.message))
    except Exception:
        _tell(service_id, run_id, _("Er ging iets mis. Er is niets ingelezen. Probeer het opnieuw."))
        log.exception("import failed")


def _tell(service_id: str, run_id: str, failure: str, place: tuple[str, int] | None = None) -> None:
    with open_scope(UUID(service_id), actor=system(WRITE), purpose=WRITE):
        actions.undo_start(run=_run(run_id), actor=system(WRITE), failure=failure, place=place)


def _run(run_id: str) -> ImportRun:
    run: ImportRun = ImportRun.objects.select_related("file", "work").get(pk=UUID(run_id))
    return run
