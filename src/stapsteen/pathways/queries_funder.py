"""What is still missing for the funder: the names of the fields, never what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from stapsteen.core.access import reachable
from stapsteen.core.scope import Actor, current
from stapsteen.network.models import ProgrammeVersion
from stapsteen.pathways.funder import QUESTIONS, SHORT, missing
from stapsteen.pathways.models import FunderRecord, Pathway


@dataclass(frozen=True)
class Gap:
    """A running pathway whose record isn't frozen: which fields miss, or none (then it waits to be frozen)."""

    pathway: Pathway
    fields: tuple[str, ...]

    @property
    def words(self) -> str:
        if len(self.fields) == len(QUESTIONS):
            return _("nog niets ingevuld")
        return ", ".join(str(SHORT[name]) for name in self.fields) or _(
            "alles is ingevuld, nog niet vastgelegd"
        )


def funded_versions() -> list[Any]:
    """The ids of the open scope's programmes that name a funder; one query."""
    versions = ProgrammeVersion.objects.filter(service_id=current().service_id)
    return [version.pk for version in versions if version.rules.meta.funder]


def without_record(actor: Actor) -> Any:
    """The running pathways that the actor guides and whose record isn't frozen, the longest waiting first."""
    rows = reachable(actor, "pathways.pathway.guide").filter(
        state__in=("active", "suspended"), programmes__programme_id__in=funded_versions()
    )
    done = FunderRecord.objects.filter(state="frozen").values("pathway_id")
    return rows.exclude(pk__in=done).distinct().order_by("starts_on", "id")


def gaps(pathways: list[Pathway]) -> list[Gap]:
    """What misses for each; one query. Frozen records aren't read."""
    rows = FunderRecord.objects.filter(pathway__in=[row.pk for row in pathways], state="open")
    answers = {row.pathway_id: row.answers for row in rows}
    return [Gap(pathway, tuple(missing(answers.get(pathway.pk, {})))) for pathway in pathways]
