"""What was proposed to one person and decided before, with the reasons of then; and what is still open (requirement E4)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from stapsteen.core.access import reachable
from stapsteen.hosts.models import Task
from stapsteen.hosts.views import address
from stapsteen.matching.facts import OPEN, Seeker, shown_no_more
from stapsteen.matching.models import REFUSE_CODES, Proposal
from stapsteen.matching.states import PROPOSAL
from stapsteen.pathways.models import Pathway
from stapsteen.placements.models import Placement
from stapsteen.placements.queries import placement_url

MOST = 20
DECIDED = ("accepted", "changed", "refused")


def open_proposal(request: Any, pathway: Pathway) -> dict[str, str]:
    """The proposal of a search that waits for a decision; {} when there is none."""
    rows = reachable(request.actor, "matching.proposal.decide").filter(
        pathway=pathway, state="open", task__isnull=False
    )
    row = rows.select_related("task", "host__organisation").order_by("-created_at", "-id").first()
    if row is None:
        return {}
    return {**titled(row), "url": address(request, "matching.proposal_decide", proposal=row.pk)}


def places_now(request: Any, one: Seeker) -> list[dict[str, str]]:
    """The places that this person has or that were proposed: one more may be sought, but it must be known."""
    keys = [row.pk for row in one.person.placements.all() if row.state in OPEN]
    if not keys:
        return []
    rows = Placement.objects.filter(pk__in=keys).select_related("task", "host__organisation")
    return [
        {**titled(row), "url": placement_url(request.service, row.pk)}
        for row in rows.order_by("starts_on", "id")
    ]


def titled(row: Any) -> dict[str, str]:
    return {"title": row.task.title, "organisation": row.host.organisation.name}


def decided(pathway: Pathway) -> list[dict[str, Any]]:
    """What a human decided, newest first, each with what was known and said then."""
    rows = Proposal.objects.filter(pathway=pathway, state__in=DECIDED, task__isnull=False)
    found = list(
        rows.select_related("task", "host__organisation", "decided_by__user").order_by("-decided_at", "-id")[
            :MOST
        ]
    )
    passed = {row.pk: key for row in found if (key := shown_no_more(row)) is not None}
    names = dict(Task.objects.filter(pk__in=passed.values()).values_list("pk", "title")) if passed else {}
    return [decided_row(row, names.get(passed[row.pk], "") if row.pk in passed else "") for row in found]


def decided_row(row: Proposal, no_more: str) -> dict[str, Any]:
    """`no_more`: the title of the task that isn't shown to this person any more because of this decision."""
    kept = row.kept
    return {
        **titled(row),
        "key": str(row.pk),
        "state": str(PROPOSAL.states[row.state]),
        "day": timezone.localdate(row.decided_at) if row.decided_at else None,
        "who": str(row.decided_by) if row.decided_by else "",
        "why": str(REFUSE_CODES.get(row.code, "")),
        "passed": bool(row.code) and row.state == "accepted",
        "no_more": no_more,
        "pros": [reason["text"] for reason in kept.get("reasons", []) if reason["good"]],
        "cons": [reason["text"] for reason in kept.get("reasons", []) if not reason["good"]],
        "version": kept.get("version", ""),
    }
