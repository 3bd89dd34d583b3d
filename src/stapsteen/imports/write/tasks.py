"""Tasks of the file. What says more than the fields of a task stays in its note."""

from __future__ import annotations

from django.utils.translation import gettext as _

from stapsteen.hosts import actions
from stapsteen.hosts.models import Organisation, Task
from stapsteen.imports.reader import TaskRecord
from stapsteen.imports.reader.text import fold
from stapsteen.imports.write.frame import RowBroken, Writing, at, lines
from stapsteen.imports.write.organisations import sector_code
from stapsteen.network.programme.schema import NT2_STEPS

LONGEST = 120
GUIDANCE = {
    "none": ("geen", "nee", "zelfstandig", "none", "aucun"),
    "some": ("beperkt", "weinig", "matig", "limited", "limite"),
    "much": ("veel", "intensief", "much", "beaucoup"),
}
STEPS = {"2.1": "2", "2.2": "2"}
"""Richtgraad 2 has two halves in some files; the house knows whole steps (B1)."""


def write_tasks(writing: Writing) -> None:
    for record in writing.plan.tasks:
        with at(record):
            organisation = writing.organisation(record.organisation)
            if organisation is None:
                raise RowBroken(record, _("De organisatie van deze taak is er niet."))
            task = _same(organisation, record) or _open(writing, organisation, record)
            writing.remember(record, "tasks", task)
        writing.step()


def _same(organisation: Organisation, record: TaskRecord) -> Task | None:
    """The task that somebody already typed in: same name, same half-days."""
    found: Task | None = organisation.tasks.filter(
        title__iexact=record.title[:LONGEST], half_days=record.half_days, closed_on=None
    ).first()
    return found


def _open(writing: Writing, organisation: Organisation, record: TaskRecord) -> Task:
    writing.made["tasks"] += 1
    return actions.open_task(
        organisation=organisation,
        actor=writing.actor,
        title=record.title[:LONGEST],
        half_days=record.half_days,
        seats=min(max(record.seats or 1, 1), actions.MOST_PLACES),
        sector=sector_code(record.sector) or _sector_of(organisation),
        description=record.description,
        dutch_level=step_of(record.dutch_step),
        heavy=bool(record.heavy),
        guidance=guidance(record.guidance),
        note="\n".join(_kept(record)),
    )


def _sector_of(organisation: Organisation) -> str:
    """The organisation's own sector, when it has just one."""
    return organisation.sectors[0] if len(organisation.sectors) == 1 else "other"


def step_of(text: str) -> str:
    """A step of Dutch that the house knows, or ''."""
    step = STEPS.get(text, text.split(".")[0] if text[:1] in ("3", "4") else text)
    return step if step in NT2_STEPS and step != "0" else ""


def guidance(text: str) -> str:
    """A code of Task.GUIDANCE; limited guidance when the file doesn't say it in words."""
    plain = fold(text).split()
    return next((code for code, words in GUIDANCE.items() if set(plain) & set(words)), "some")


def _kept(record: TaskRecord) -> list[str]:
    """Everything of the row that the fields don't say exactly."""
    plain = fold(record.guidance).split()
    said = any(set(plain) & set(words) for words in GUIDANCE.values())
    extra = [
        (_("wanneer"), "" if record.half_days_sure else record.half_days_text),
        (_("plaatsen tot"), str(record.seats_max) if record.seats_max not in (None, record.seats) else ""),
        (_("begeleiding"), "" if said else record.guidance),
        (_("sector"), "" if sector_code(record.sector) else record.sector),
        (_("Nederlands"), "" if record.dutch_sure else _("niveau niet zeker")),
        (_("taak"), record.title if len(record.title) > LONGEST else ""),
    ]
    return [*lines(list(record.notes)), *(f"{heading}: {text}" for heading, text in extra if text)]
