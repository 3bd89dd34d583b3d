"""The job that searches for a whole caseload. Each step opens its own scope; what breaks off is told in a second one."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from stapsteen.core.errors import RuleBroken
from stapsteen.core.jobs import job
from stapsteen.core.scope import open_scope, system
from stapsteen.matching import actions
from stapsteen.matching.models import Search

SEARCH = "matching.search"
log = logging.getLogger(__name__)


@job(SEARCH)
def search(service_id: str, search_id: str) -> None:
    """Search, or say that it failed. Not tried again by itself: a person looks first."""

    def inside(act: Any, **more: Any) -> Any:
        with open_scope(UUID(service_id), actor=system(SEARCH), purpose=SEARCH):
            row = Search.objects.get(pk=UUID(search_id))
            return act(search=row, actor=system(SEARCH), **more)

    if not inside(actions.begin_search):
        return
    try:
        inside(actions.run_search)
    except RuleBroken as broken:
        inside(actions.fail_search, failure=str(broken.message))
    except Exception:
        inside(
            actions.fail_search, failure=_("Er ging iets mis. Er is niets voorgesteld. Probeer het opnieuw.")
        )
        log.exception("search failed")
