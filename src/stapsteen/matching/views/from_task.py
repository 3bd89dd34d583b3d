"""From a task: who wished for this and can then, in order of waiting (requirement E1)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stapsteen.core import halfdays
from stapsteen.core.access import reachable
from stapsteen.core.pages import load, page, show
from stapsteen.hosts.views import address
from stapsteen.matching import facts, wishers

FROM_TASK = "taak"
"""In the address of a choice: the coach came from the task, and goes back there."""


@page("<slug:service>/taken/<uuid:task>/wie/", rule="matching.task.seekers")
def task_wishers(request: Any, task: UUID) -> HttpResponse:
    """Who wished for this and can then, in order of waiting. No score, no ranking of people."""
    row = load(request.actor, "hosts.task.view", task)
    day = timezone.localdate()
    offers = facts.offers(day, task=row)
    wishing = reachable(request.actor, "pathways.pathway.guide").filter(
        person__sectors__contains=[row.sector]
    )
    who = facts.seekers(facts.waiting(wishing), day) if offers else []
    found = wishers.wishers(who, offers, day)
    context = {
        "task": row,
        "organisation": row.organisation.name,
        "back": address(request, "hosts.task_edit", task=row.pk),
        "list_url": address(request, "hosts.task_list"),
        "open": bool(offers),
        "columns": [_("Persoon"), _("Wacht"), _("Kan op"), _("Wie begeleidt")],
        "rows": [wisher_row(request, one) for one in found],
        "found": ngettext("%(n)s persoon", "%(n)s mensen", len(found)) % {"n": len(found)},
    }
    return show(request, "matching/task_wishers.html", context)


def wisher_row(request: Any, one: wishers.Wisher) -> list[Any]:
    weeks = one.seeker.weeks(timezone.localdate())
    url = reverse(
        "matching.place_choose",
        kwargs={"service": request.service.slug, "pathway": one.seeker.pathway.pk, "task": one.offer.task.pk},
    )
    part = _("Deeltaak: %(part)s") % {"part": one.offer.part} if one.offer.part else ""
    return [
        {"text": str(one.seeker.person), "href": f"{url}?van={FROM_TASK}", "sub": part},
        ngettext("%(n)s week", "%(n)s weken", weeks) % {"n": weeks},
        halfdays.in_words(one.overlap) or _("Vraag na wanneer de persoon kan"),
        str(one.seeker.pathway.coach),
    ]
