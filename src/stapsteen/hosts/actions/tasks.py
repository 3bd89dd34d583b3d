"""Tasks and their parts (D4), care-work places among them (D5)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from stapsteen.core import halfdays
from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor
from stapsteen.hosts import capacity
from stapsteen.hosts.actions.common import MOST_PLACES, known, locked, today
from stapsteen.hosts.actions.use import running
from stapsteen.hosts.models import (
    ALLERGENS,
    DUTCH_SKILLS,
    LIFTS,
    PHYSICAL,
    SECTORS,
    TRAVEL,
    CapacityUse,
    Organisation,
    SubTask,
    Task,
)
from stapsteen.network.programme.schema import NT2_STEPS
from stapsteen.people.access import demand
from stapsteen.people.models import SUPPORT

FIELDS = frozenset(
    {
        "title", "half_days", "seats", "sector", "description", "guidance", "note", "kind", "once", "starts_on",
        "ends_on", "physical", "allergens", "travel", "support", "site", "public_text", "public_contact",
        "published_until", *(f"dutch_{skill}" for skill in DUTCH_SKILLS),
    }
)  # fmt: skip
LISTS: dict[str, Any] = {"physical": PHYSICAL, "allergens": ALLERGENS, "travel": TRAVEL, "support": SUPPORT}


def open_task(
    *,
    organisation: Organisation,
    actor: Actor,
    title: str,
    dutch_level: str = "",
    heavy: bool = False,
    **fields: Any,
) -> Task:
    """Something to do at the organisation; the fields of Task. `half_days` 0: any moment.

    Dutch is a step of NT2 per skill, "" asks nothing; `dutch_level` stands for listening and speaking both, as earlier
    files have it, and `heavy` for lifting. What counts as a part that asks less is a SubTask (D4, document 003).
    """
    demand(actor, organisation, "hosts.organisation.edit")
    _only_known(fields)
    task = Task(organisation=organisation, title=title, confirmed_on=today())
    _fill(task, {**_of_old(dutch_level, heavy), **fields})
    return _keep_task(task)


def update_task(*, task: Task, actor: Actor, **fields: Any) -> Task:
    """Change what is given. Fewer seats than are taken is refused; people already there keep their half-days."""
    demand(actor, task, "hosts.task.edit")
    _only_known(fields)
    locked(task.organisation)
    task = Task.objects.select_for_update(no_key=True, of=("self",)).get(pk=task.pk)
    _fill(task, fields)
    taken = capacity.seats_taken(running(CapacityUse.objects.filter(task=task), today()), today())
    if task.seats < taken:
        raise RuleBroken(
            _("Er zijn al %(taken)s plaatsen bezet of gepland. Minder kan nu niet.") % {"taken": taken},
            field="seats",
        )
    task.confirmed_on = today()
    return _keep_task(task)


def _only_known(fields: dict[str, Any]) -> None:
    if unknown := fields.keys() - FIELDS:
        raise TypeError(f"A task has no {sorted(unknown)}.")


def _of_old(dutch_level: str, heavy: bool) -> dict[str, Any]:
    asked = {"dutch_listening": dutch_level, "dutch_speaking": dutch_level} if dutch_level else {}
    return {**asked, **({"physical": ["lifting"]} if heavy else {})}


def _fill(task: Task, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(task, name, list(value) if name in LISTS else value)


def _keep_task(task: Task) -> Task:
    """Check every rule of a task and save it."""
    task.title = " ".join(task.title.split())
    task.description, task.note = task.description.strip(), task.note.strip()
    task.public_text, task.public_contact = task.public_text.strip(), task.public_contact.strip()
    if not task.title:
        raise RuleBroken(_("Geef de taak een naam."), field="title")
    if not 1 <= task.seats <= MOST_PLACES:
        raise RuleBroken(_("Kies een aantal tussen 1 en %(most)s.") % {"most": MOST_PLACES}, field="seats")
    if not 0 <= task.half_days <= halfdays.ALL:
        raise RuleBroken(_("Kies halve dagen uit de week."), field="half_days")
    _codes(task)
    _period(task)
    _public(task)
    if task.site is not None and task.site.organisation_id != task.organisation_id:
        raise RuleBroken(_("Die plek hoort bij een andere organisatie."), field="site")
    task.save()
    return task


def _codes(task: Task) -> None:
    known(task.sector, SECTORS, "sector")
    known(task.guidance, Task.GUIDANCE, "guidance")
    known(task.kind, Task.KINDS, "kind")
    for name, choices in LISTS.items():
        for code in getattr(task, name):
            known(code, choices, name)
    for skill in DUTCH_SKILLS:
        if level := getattr(task, f"dutch_{skill}"):
            known(level, NT2_STEPS, f"dutch_{skill}")


def _period(task: Task) -> None:
    if task.once and task.starts_on is None:
        raise RuleBroken(_("Op welke dag is deze taak?"), field="starts_on")
    if task.starts_on and task.ends_on and task.ends_on < task.starts_on:
        raise RuleBroken(_("De laatste dag ligt vóór de eerste."), field="ends_on")


def _public(task: Task) -> None:
    """What everybody may read says what to do and whom to ask; otherwise it isn't shown."""
    if task.published_until is None:
        return
    if not task.public_text:
        raise RuleBroken(_("Schrijf een tekst die iedereen mag lezen."), field="public_text")
    if not task.public_contact:
        raise RuleBroken(_("Vul in wie mensen kunnen vragen."), field="public_contact")
    if task.ends_on and task.published_until > task.ends_on:
        raise RuleBroken(_("De taak is dan al voorbij."), field="published_until")


def close_task(*, task: Task, actor: Actor, on: date | None = None) -> Task:
    """No new people on this task from that day on; who is there stays."""
    demand(actor, task, "hosts.task.edit", "hosts.task.say")
    task = Task.objects.select_for_update(no_key=True, of=("self",)).get(pk=task.pk)
    if task.closed_on is not None:
        raise RuleBroken(_("Deze taak is al gesloten."))
    task.closed_on = on or today()
    task.save(update_fields=["closed_on"])
    return task


def reopen_task(*, task: Task, actor: Actor) -> Task:
    """The task can be chosen again."""
    demand(actor, task, "hosts.task.edit")
    task = Task.objects.select_for_update(no_key=True, of=("self",)).get(pk=task.pk)
    if task.closed_on is None:
        raise RuleBroken(_("Deze taak is al open."))
    task.closed_on, task.confirmed_on = None, today()
    task.save(update_fields=["closed_on", "confirmed_on"])
    return task


def confirm_task(*, task: Task, actor: Actor, on: date | None = None) -> Task:
    """Host or colleague says: all of this still holds. A task that nobody looked at for long is asked about (D4)."""
    demand(actor, task, "hosts.task.edit", "hosts.task.say")
    task = Task.objects.select_for_update(no_key=True, of=("self",)).get(pk=task.pk)
    task.confirmed_on = on or today()
    task.save(update_fields=["confirmed_on"])
    return task


def keep_subtask(
    *,
    task: Task,
    actor: Actor,
    title: str,
    lifts: tuple[str, ...] | list[str] = (),
    subtask: SubTask | None = None,
) -> SubTask:
    """A part of the task, new or changed, and which requirements fall away for it (document 003).

    A part that lifts nothing is refused: it would promise a chance that isn't there.
    """
    demand(actor, task, "hosts.task.edit")
    task = Task.objects.select_for_update(no_key=True, of=("self",)).get(pk=task.pk)
    subtask = subtask or SubTask(task=task)
    subtask.title, subtask.lifts = " ".join(title.split()), sorted(set(lifts))
    if not subtask.title:
        raise RuleBroken(_("Geef de deeltaak een naam."), field="title")
    for code in subtask.lifts:
        known(code, LIFTS, "lifts")
    if not subtask.lifts:
        raise RuleBroken(_("Kies wat er bij deze deeltaak niet nodig is."), field="lifts")
    if task.subtasks.filter(title__iexact=subtask.title).exclude(pk=subtask.pk).exists():
        raise RuleBroken(_("Deze taak heeft al een deeltaak met die naam."), field="title")
    subtask.save()
    return subtask


def remove_subtask(*, subtask: SubTask, actor: Actor) -> None:
    """The part is no longer there."""
    demand(actor, subtask.task, "hosts.task.edit")
    subtask.delete()
