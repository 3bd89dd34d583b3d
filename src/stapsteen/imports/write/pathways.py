"""The pathway that a row tells of: start, aim, coach, end; and the place at a host, as a proposal.

A file of before Stapsteen has no signed agreement, so nobody is put to work by an import: where task and half-days
are clear, the place stands ready as a proposal (its guidance is taken, the agreement still has to be made), and in any
case the note on the person says where and since when.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core.errors import RuleBroken
from stapsteen.hosts.models import Organisation, Task
from stapsteen.imports.reader import PersonRecord
from stapsteen.imports.reader.text import fold
from stapsteen.imports.write.frame import Writing
from stapsteen.imports.write.lines import at_once, together
from stapsteen.imports.write.organisations import activate, host_of
from stapsteen.imports.write.savepoints import savepoint
from stapsteen.network.models import StaffMember
from stapsteen.pathways.actions import (
    end_pathway,
    settle_referral,
    start_pathway,
    take_in_referral,
    withdraw_referral,
)
from stapsteen.pathways.models import Pathway, Referral
from stapsteen.people.models import Person
from stapsteen.placements.actions import propose_placement

if TYPE_CHECKING:
    from stapsteen.imports.write.persons import Kept

AIM = "possible_stepping_stone"
"""The most open aim, for who has none in the file; the note says that it wasn't there."""
END_WORDS = (
    ("deceased", "", ("overleden", "decede", "deceased")),
    ("stepped_up", "training", ("opleiding", "cursus", "school", "stage", "formation", "training")),
    ("stepped_up", "job", ("werk", "job", "tewerkgesteld", "emploi", "artikel 60", "contract")),
    ("stepped_up", "employment_service", ("vdab", "gtb")),
    ("moved", "", ("verhuis", "demenage", "moved")),
    ("health", "", ("ziek", "gezondheid", "opname", "malad", "sick", "health")),
    ("lost_contact", "", ("niet meer gezien", "geen contact", "komt niet", "onbereikbaar", "lost")),
    ("stopped_by_person", "", ("stopt zelf", "wil niet", "wil stoppen", "op eigen vraag")),
    ("goal_reached", "", ("doel bereikt", "afgerond", "klaar")),
    ("other_offer", "", ("andere dienst", "doorverwezen", "arbeidszorg", "dagcentrum")),
)  # fmt: skip
DOING, WAITING = "helping-out", "people-around"


def write_pathway(
    writing: Writing, record: PersonRecord, person: Person, referral: Referral | None, kept: Kept
) -> None:
    """Pathway, end and place of one person. Without a start there is only the question (or what the form chose)."""
    start = _start(writing, record, referral)
    if start is None:
        _still_asking(writing, record, referral, kept)
        return
    ends = record.stop if record.stop and start <= record.stop <= timezone.localdate() else None
    with at_once() if ends else nullcontext():  # the end closes the first rows
        pathway = _begin(writing, record, person, referral, start, kept)
    if ends:
        _end(writing, record, pathway, ends)
    elif record.stop is not None or record.stop_reason:
        _tell_stop(record, kept)
    _place(writing, record, pathway, kept)


def _start(writing: Writing, record: PersonRecord, referral: Referral | None) -> date | None:
    if record.start is not None:
        return record.start
    guided = writing.options.without_start == "guided" and record.stop is None
    if not guided:
        return None
    return referral.received_on if referral is not None else timezone.localdate()


def _still_asking(writing: Writing, record: PersonRecord, referral: Referral | None, kept: Kept) -> None:
    """Not started: the question is still open, or was taken back. The aim that somebody wrote down is kept."""
    if record.aim:
        aims = {item.id: str(item.name.nl) for item in writing.options.programme.rules.aims}
        kept.add(_("doel"), aims.get(record.aim, record.aim))
    kept.add(_("trajectbegeleider"), record.coach)
    kept.add(_("gestart bij"), record.host_name)
    if (
        record.stop is not None
        and referral is not None
        and referral.received_on <= record.stop <= timezone.localdate()
    ):
        withdraw_referral(referral=referral, actor=writing.actor, reason=record.stop_reason, on=record.stop)
        writing.made["withdrawn"] += 1
        return
    _tell_stop(record, kept)
    if referral is not None and record.aim:
        take_in_referral(referral=referral, actor=writing.actor, on=referral.received_on)


def _tell_stop(record: PersonRecord, kept: Kept) -> None:
    kept.add(_("stop"), f"{record.stop:%d/%m/%Y}" if record.stop else "")
    if record.stop_reason:
        kept.sensitive.append(f"{_('reden van de stop')}: {record.stop_reason}")


def _begin(
    writing: Writing, record: PersonRecord, person: Person, referral: Referral | None, start: date, kept: Kept
) -> Pathway:
    rules = writing.options.programme.rules
    aims = {item.id for item in rules.aims}
    aim = record.aim if record.aim in aims else AIM if AIM in aims else rules.aims[0].id
    if record.aim != aim:
        kept.add(_("doel"), record.aim or _("staat niet in het bestand, nog na te vragen"))
    elif not record.aim_sure:
        kept.add(_("doel"), _("met een vraagteken in het bestand, nog na te vragen"))
    segments = [item.id for item in rules.wheel.segments]
    wanted = DOING if record.host_name else WAITING
    segment = wanted if wanted in segments else segments[0]
    kept.add(_("participatiewiel"), _("staat niet in het bestand, de plaats is een schatting"))
    pathway = start_pathway(
        person=person,
        actor=writing.actor,
        coach=_coach(writing, record, kept),
        programme=writing.options.programme,
        starts_on=start,
        aim=aim,
        segment=segment,
        referral=referral,
    )
    if referral is not None:
        settle_referral(referral=referral, actor=writing.actor, on=min(start, timezone.localdate()))
    writing.pathways[person.pk] = pathway
    writing.made["pathways"] += 1
    return pathway


def _coach(writing: Writing, record: PersonRecord, kept: Kept) -> StaffMember:
    """The colleague whom the file names, when there is just one of that name; else the one that the form chose."""
    if fold(record.coach):
        named = [colleague for colleague in colleagues(writing) if _names(colleague, record.coach)]
        if len(named) == 1:
            return named[0]
        kept.add(_("trajectbegeleider"), record.coach)
    return writing.options.coach


def colleagues(writing: Writing) -> list[StaffMember]:
    if not writing.staff:
        writing.staff = list(StaffMember.objects.order_by("name"))
    return writing.staff


def _names(colleague: StaffMember, text: str) -> bool:
    mine, theirs = set(fold(colleague.name).split()), set(fold(text).split())
    return theirs <= mine


def end_code(reason: str) -> tuple[str, str]:
    """(key of END_CODES, key of DESTINATIONS) that the words mean; ('other', '') for anything else."""
    plain = fold(reason)
    for code, destination, words in END_WORDS:
        if any(word in plain for word in words):
            return code, destination
    return "other", ""


def _end(writing: Writing, record: PersonRecord, pathway: Pathway, last_day: date) -> None:
    code, destination = end_code(record.stop_reason)
    end_pathway(
        pathway=pathway,
        actor=writing.actor,
        ends_on=last_day,
        code=code,
        reason=record.stop_reason,
        destination=destination,
    )
    pathway.state = "ended"
    writing.made["ended"] += 1


# The place -----------------------------------------------------------------------------------------------------------


def second_place(
    writing: Writing, record: PersonRecord, first: PersonRecord, person: Person, kept: Kept
) -> None:
    """A second row of the same person with another host: a second place beside the first, on what is still free.

    A place that stopped, or that started in a pathway which ended, stays what the reader made of it: a note.
    """
    pathway = writing.pathways.get(person.pk)
    other = record.host_name and record.host != first.host
    if pathway is None or not other or record.stop is not None or not record.start:
        return
    _place(writing, replace(record, half_days=record.half_days or first.half_days), pathway, kept)


def _place(writing: Writing, record: PersonRecord, pathway: Pathway, kept: Kept) -> None:
    """Where the person works, by the file: always told in the note, and proposed when task and half-days are clear."""
    if not record.host_name:
        return
    since = f" ({record.start:%d/%m/%Y})" if record.start else ""
    kept.add(_("gestart bij"), f"{record.host_name}{since}")
    organisation = writing.organisation(record.host)
    today = timezone.localdate()
    if organisation is None or pathway.state != "active" or record.start is None:
        return
    if record.start <= today:
        activate(writing, organisation, record.start)
    free = record.half_days & ~writing.busy.get(pathway.pk, 0)
    fitting = [task for task in _tasks(writing, organisation) if _shared(task, free)]
    first_day = max(record.start, today)
    if len(fitting) == 1 and _propose(writing, pathway, fitting[0], first_day, _shared(fitting[0], free)):
        writing.made["proposed"] += 1
        kept.add(_("plek"), _("staat klaar als voorstel, kijk taak en halve dagen na"))
    else:
        writing.made["places_noted"] += 1
        kept.add(_("plek"), _("nog te kiezen: de taak of de plaats is niet duidelijk"))


def _tasks(writing: Writing, organisation: Organisation) -> list[Task]:
    if organisation.pk not in writing.tasks:
        writing.tasks[organisation.pk] = list(
            organisation.tasks.filter(closed_on=None).select_related("organisation").order_by("title")
        )
    return writing.tasks[organisation.pk]


def _shared(task: Task, free: int) -> int:
    """The half-days on which both can; a task at any moment fits every half-day."""
    return free & (task.half_days or free)


def _propose(writing: Writing, pathway: Pathway, task: Task, first_day: date, half_days: int) -> bool:
    """From today on (or the planned day): a proposal of the past can't be signed. False when there is no room."""
    try:
        with savepoint(), together():
            propose_placement(
                pathway=pathway,
                actor=writing.actor,
                host=host_of(writing, task.organisation),
                task=task,
                starts_on=first_day,
                half_days=half_days,
            )
    except RuleBroken:
        return False
    writing.busy[pathway.pk] = writing.busy.get(pathway.pk, 0) | half_days
    return True
