"""What the funder counts at the start of a pathway (requirement C7): filled in with the person, then frozen."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core import events
from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor
from stapsteen.pathways.actions.pathway import programme_of
from stapsteen.pathways.funder import QUESTIONS
from stapsteen.pathways.models import FunderRecord, Pathway
from stapsteen.pathways.states import FUNDER_RECORD
from stapsteen.people.access import demand


@transaction.atomic
def fill_funder_record(*, pathway: Pathway, actor: Actor, answers: dict[str, str]) -> FunderRecord:
    """Keep the answers that were given so far; an empty one is still missing. Refused once frozen.

    `answers`: field of pathways/funder.py -> one of its keys ("not_said" is one). Only where the programme that the
    pathway began with names a funder.
    """
    locked = Pathway.objects.select_for_update().get(pk=pathway.pk)
    demand(actor, locked, "pathways.pathway.guide")
    if not counts_for_funder(locked):
        raise RuleBroken(_("Bij dit programma telt geen subsidiegever."))
    for name, value in answers.items():
        if name not in QUESTIONS or (value and value not in QUESTIONS[name][1]):
            raise RuleBroken(_("Kies een antwoord uit de lijst."), field=name)
    rows = FunderRecord.objects.select_for_update().filter(pathway=locked)
    record: FunderRecord = rows.first() or FunderRecord(person_id=locked.person_id, pathway=locked)
    if record.state == "frozen":
        raise RuleBroken(_("Dit ligt al vast. Het kan niet meer veranderen."))
    record.service_id = locked.service_id
    record.answers = {name: value for name, value in (record.answers | answers).items() if value}
    record.save()
    return record


@transaction.atomic
def freeze_funder_record(*, record: FunderRecord, actor: Actor) -> FunderRecord:
    """From now on nobody changes it, and nobody reads it as one person's: only the counts for the funder do."""
    locked: FunderRecord = FunderRecord.objects.select_for_update().get(pk=record.pk)
    FUNDER_RECORD.move(locked, "freeze", actor)
    locked.frozen_at = timezone.now()
    locked.save()
    events.record("funder.frozen", subject_id=locked.person_id, object_id=locked.pathway_id)
    return locked


def counts_for_funder(pathway: Pathway) -> bool:
    """Whether the programme that the pathway began with names a funder (`meta.funder`)."""
    return programme_of(pathway, pathway.starts_on).rules.meta.funder is not None
