"""Every write of an import: upload, read, correct, answer, start, write, and what ends it.

The job that reads and the job that writes call `read_run` and `write_run`; the command calls the same.
Import of all good rows happens in one transaction, or nothing happens (issue 2, section 6).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from datetime import date, timedelta
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core.access import may
from stapsteen.core.errors import RuleBroken
from stapsteen.core.jobs import defer
from stapsteen.core.models import StoredFile
from stapsteen.core.progress import meter
from stapsteen.core.scope import Actor, current
from stapsteen.imports import leftovers, work
from stapsteen.imports.models import KEEP_DAYS, ImportedRow, ImportRun, SavedMapping
from stapsteen.imports.reader import KINDS, Decision, ImportPlan, ImportRefused, field_names, open_workbook
from stapsteen.imports.reader.read import refuse_formulas
from stapsteen.imports.reader.recognise import recognise
from stapsteen.imports.reading import plans_of, read_for_service, remember
from stapsteen.imports.states import RUN
from stapsteen.imports.write import Options, RowBroken, Writing, write_plan
from stapsteen.network.house import staff_member
from stapsteen.network.models import Membership, ProgrammeVersion, Service, StaffMember
from stapsteen.network.queries import programmes_on

MAX_BYTES = 10 * 1024 * 1024
ANSWERS = ("accept", "value", "note", "skip", "choose")
WITHOUT_START = ("open", "guided")
CHOOSABLE = (*KINDS, "ignored")
MONTH = "month:"


class Refused(RuleBroken):
    """The whole file is refused; `code` is a key of reader.REFUSALS."""

    def __init__(self, refusal: ImportRefused) -> None:
        super().__init__(_(refusal.message_nl), field="file")
        self.code = refusal.code


class FileGone(RuleBroken):
    """The file was kept for KEEP_DAYS, and they are over."""


# Upload and read -----------------------------------------------------------------------------------------------------


@transaction.atomic
def upload_workbook(*, actor: Actor, name: str, data: bytes, read_later: bool = True) -> ImportRun:
    """Keep the file, encrypted, for at most KEEP_DAYS, and have it read. Refused: no spreadsheet, too big, macros, ...

    What can be told without knowing the service is told now, so that a wrong file is never kept.
    """
    _demand(actor)
    refuse_file(name, data)
    colleague = staff_member(actor)
    run: ImportRun = ImportRun.objects.create(
        name=PurePath(name).name[:200] or _("bestand"),
        started_by=colleague.name if colleague else "",
        file=StoredFile.objects.create(
            name="source", content_type="application/octet-stream", content=data, delete_on=_delete_on()
        ),
    )
    if read_later:
        defer("imports.read", service_id=run.service_id, run_id=run.pk)
    return run


def refuse_file(name: str, data: bytes) -> None:
    """Refused, with a sentence that says what to do, for a file that can't or may not be read."""
    if len(data) > MAX_BYTES:
        raise Refused(ImportRefused("too_big"))
    try:
        workbook = open_workbook(data, PurePath(name).name)
        refuse_formulas(workbook, recognise(workbook))
    except ImportRefused as refusal:
        raise Refused(refusal) from refusal


@transaction.atomic
def read_run(*, run: ImportRun, actor: Actor) -> ImportRun:
    """Recognise and read the file against what the service knows; the preview is kept, the corrections remembered."""
    run = _locked(run)
    if run.state != "uploaded":
        return run  # cancelled meanwhile, or read by the job before
    content = work.load(run)
    try:
        workbook = open_workbook(source(run), run.name)
        plans = plans_of(workbook, run.mapping)
        plan = read_for_service(workbook, plans, work.decisions(content))
    except ImportRefused as refusal:
        return _refuse(run, actor, refusal.message_nl)
    except FileGone as gone:
        return _refuse(run, actor, str(gone.message))
    RUN.move(run, "read", actor)
    remember(plans, run.mapping)
    work.save(run, {**content, **work.describe(workbook, plans, plan)}, _delete_on())
    run.counts, run.progress, run.refusal = numbers(plan, before=leftovers.waiting_of(run, plan)), 0, ""
    run.save()
    return run


def numbers(plan: ImportPlan, *, before: int) -> dict[str, Any]:
    """The counts of a plan: per sheet as in the issue, and what importing it will make.

    `before`: how many of its leftovers wait already from an earlier file.
    """
    names = ("read", "ready", "repaired", "refused", "duplicate")
    sheets = [
        {"sheet": s.sheet, "kind": s.kind, **{name: getattr(s, name) for name in names}} for s in plan.sheets
    ]
    return {
        "sheets": sheets,
        "totals": {name: sum(int(sheet[name]) for sheet in sheets) for name in names},
        "will": {
            "persons": len(plan.persons),
            "organisations": len(plan.organisations),
            "tasks": len(plan.tasks),
            "hours": sum(record.minutes > 0 for record in plan.hours),
            "leftovers": sum(len(sheet.rows) for sheet in plan.leftovers) - before,
            "leftovers_before": before,
            "started": sum(person.start is not None for person in plan.persons),
        },
    }


def source(run: ImportRun) -> bytes:
    """The file as it was uploaded. FileGone when its time was over."""
    if run.file is None:
        raise FileGone(_("Het bestand is er niet meer. Kies het opnieuw."))
    return bytes(run.file.content)


def _refuse(run: ImportRun, actor: Actor, why: str) -> ImportRun:
    RUN.move(run, "refuse", actor)
    run.refusal = why[:300]
    run.save()
    _delete_files(run)
    return run


# Correct and answer --------------------------------------------------------------------------------------------------


@transaction.atomic
def correct_mapping(
    *,
    run: ImportRun,
    actor: Actor,
    sheet: str,
    kind: str,
    columns: Mapping[int, str],
    year: int | None = None,
) -> ImportRun:
    """This sheet is of another kind, or a column means another field ('' keeps it as a note). Remembered; read again."""
    run = _locked(run)
    RUN.move(run, "reread", actor)
    known = next((plan for plan in work.load(run)["plans"] if plan["sheet"] == sheet), None)
    if known is None:
        raise RuleBroken(_("Dit blad zit niet in het bestand."), field="sheet")
    if kind not in CHOOSABLE:
        raise RuleBroken(_("Kies wat er op dit blad staat."), field="kind")
    fields = {} if kind != known["kind"] else {str(index): field for index, field in columns.items()}
    for field in fields.values():
        if field and field not in field_names(kind) and not field.startswith(MONTH):
            raise RuleBroken(_("Dit veld bestaat niet."), field="columns")
    result = (
        {str(column["index"]): column["field"] for column in known["columns"]}
        if kind == known["kind"]
        else {}
    )
    named = [field for field in {**result, **fields}.values() if field]
    if len(named) != len(set(named)):
        raise RuleBroken(_("Je koos een veld twee keer. Kies per kolom een ander veld."), field="columns")
    run.mapping = {**run.mapping, sheet: {"kind": kind, "columns": fields, "year": year}}
    return _again(run)


@transaction.atomic
def decide(*, run: ImportRun, actor: Actor, answers: Mapping[str, Decision]) -> ImportRun:
    """Answers to problems, by the problem's id: accept, another value, keep as a note, skip the row, or a choice."""
    run = _locked(run)
    RUN.move(run, "reread", actor)
    content = work.load(run)
    known = {problem["id"]: problem for problem in content["problems"]}
    for key, answer in answers.items():
        _check_answer(known.get(key), answer)
        content["decisions"][key] = [answer.action, answer.value]
    work.save(run, content, _delete_on())
    return _again(run)


def _check_answer(problem: dict[str, Any] | None, answer: Decision) -> None:
    if problem is None:
        raise RuleBroken(_("Dit probleem bestaat niet meer. Herlaad de pagina."))
    if answer.action not in ANSWERS:
        raise RuleBroken(_("Kies wat je met deze rij wilt doen."))
    if answer.action == "value" and not answer.value.strip():
        raise RuleBroken(_("Vul de andere waarde in voor cel %(cell)s.") % {"cell": problem["cell"]})
    keys = {choice["key"] for choice in problem["choices"]}
    if answer.action == "choose" and answer.value not in keys:
        raise RuleBroken(_("Kies uit de lijst voor cel %(cell)s.") % {"cell": problem["cell"]})


@transaction.atomic
def forget_answers(*, run: ImportRun, actor: Actor) -> ImportRun:
    """All answers of this file are taken back; what was corrected about columns stays."""
    run = _locked(run)
    RUN.move(run, "reread", actor)
    content = work.load(run)
    work.save(run, {**content, "decisions": {}}, _delete_on())
    return _again(run)


def _again(run: ImportRun) -> ImportRun:
    run.failure = ""
    run.save()
    defer("imports.read", service_id=run.service_id, run_id=run.pk)
    return run


@transaction.atomic
def forget_mapping(*, actor: Actor) -> int:
    """How this service corrected its headings is forgotten; how many forms that were."""
    _demand(actor)
    forgotten, _per_model = SavedMapping.objects.all().delete()
    return int(forgotten)


@transaction.atomic
def forget_one_mapping(*, mapping: SavedMapping, actor: Actor) -> None:
    """How the columns of one form were corrected is forgotten; the next file is guessed again."""
    _demand(actor)
    mapping.delete()


# Import --------------------------------------------------------------------------------------------------------------


@transaction.atomic
def start_import(
    *,
    run: ImportRun,
    actor: Actor,
    coach: StaffMember,
    programme: ProgrammeVersion,
    without_start: str = "open",
    write_later: bool = True,
) -> ImportRun:
    """Go: the job writes all good rows. `coach` guides whoever has no coach of our own in the file.

    `without_start`: what somebody without a start date is: 'open' a question that is still open, 'guided' a pathway
    from the day of the referral.
    """
    run = _locked(run)
    RUN.move(run, "start", actor)
    if programme.service_id != run.service_id:
        raise RuleBroken(_("Dit programma is van een andere dienst."), field="programme")
    if without_start not in WITHOUT_START:
        raise RuleBroken(_("Kies wat we doen zonder startdatum."), field="without_start")
    run.options = {
        "coach": str(coach.pk), "programme": str(programme.pk), "without_start": without_start
    }  # fmt: skip
    colleague = staff_member(actor)
    run.started_by = colleague.name if colleague else run.started_by
    run.progress, run.failure = 0, ""
    run.save()
    if write_later:
        defer("imports.write", service_id=run.service_id, run_id=run.pk)
    return run


def default_options(actor: Actor) -> tuple[StaffMember | None, ProgrammeVersion | None]:
    """Who guides when the file doesn't say: the importing colleague when that is a coach, else the first coach."""
    coaches = coaches_of_service()
    colleague = staff_member(actor)
    mine = colleague if actor.has("coach") else None
    programmes = programmes_of_service()
    return mine or (coaches[0] if coaches else None), programmes[0] if programmes else None


def coaches_of_service() -> list[StaffMember]:
    today = timezone.localdate()
    roles = Membership.objects.filter(
        service_id=current().service_id, role__in=("coach", "coordinator"), starts_on__lte=today
    ).exclude(ends_on__lt=today)
    order = {user: role for role, user in sorted(roles.values_list("role", "user_id"), reverse=True)}
    found = StaffMember.objects.filter(user_id__in=order).order_by("name")
    return sorted(found, key=lambda colleague: order[colleague.user_id] != "coach")


def programmes_of_service() -> list[ProgrammeVersion]:
    return programmes_on(Service.objects.get(pk=current().service_id))


@transaction.atomic
def write_run(*, run: ImportRun, actor: Actor, watched: bool = True) -> ImportRun:
    """Write every good row, or nothing: RowBroken says which row a rule refuses. Files are deleted at the end.

    The run's own row is only touched in the end: until then its progress is written from beside (imports.progress).
    Somebody who stops the run meanwhile makes that last move fail, which takes everything back.
    """
    if run.state != "importing":
        return run
    workbook = open_workbook(source(run), run.name)
    plan = read_for_service(workbook, plans_of(workbook, run.mapping), work.decisions(work.load(run)))
    with meter(run) if watched else nullcontext(_nobody) as tell:
        writing = _writing(run, actor, plan, tell)
        write_plan(writing)
        before = leftovers.waiting_of(run, plan)
        kept = leftovers.keep_leftovers(writing, delete_on=_delete_on())
    locked = _locked(run)
    RUN.move(locked, "finish", actor)
    locked.counts = {**numbers(plan, before=before), "made": {**writing.made, "leftovers": kept}}
    locked.progress, locked.finished_at = 100, timezone.now()
    locked.save()
    _delete_files(locked)
    return locked


def _nobody(percent: int) -> None:
    del percent


def _writing(run: ImportRun, actor: Actor, plan: ImportPlan, tell: Callable[[int], None]) -> Writing:
    known = frozenset(ImportedRow.objects.exclude(fingerprint="").values_list("fingerprint", flat=True))
    options = Options(
        coach=StaffMember.objects.get(pk=UUID(run.options["coach"])),
        programme=ProgrammeVersion.objects.get(pk=UUID(run.options["programme"])),
        without_start=run.options["without_start"],
    )
    service = Service.objects.select_related("network").get(pk=run.service_id)
    return Writing(run, plan, service, actor, options, tell, known)


@transaction.atomic
def undo_start(
    *, run: ImportRun, actor: Actor, failure: str, place: tuple[str, int] | None = None
) -> ImportRun:
    """The import was taken back: say why, and at which (sheet, row), so that somebody can mend or skip that row."""
    run = _locked(run)
    if run.state != "importing":
        return run
    RUN.move(run, "halt", actor)
    run.counts = {**run.counts, "broken": list(place) if place else None}
    run.failure, run.progress = failure[:500], 0
    run.save()
    return run


@transaction.atomic
def skip_broken(*, run: ImportRun, actor: Actor) -> ImportRun:
    """Leave out the row at which the last import broke; it comes back with the leftovers. The file is read again."""
    run = _locked(run)
    RUN.move(run, "reread", actor)
    if not run.counts.get("broken"):
        raise RuleBroken(_("Er is geen rij om over te slaan."))
    sheet, row = run.counts["broken"]
    content = work.load(run)
    content["decisions"][f"{sheet}!{row}:rule"] = ["skip", ""]
    work.save(run, content, _delete_on())
    return _again(run)


def failure_text(broken: RowBroken) -> str:
    return _("Rij %(row)s van blad %(sheet)s lukt niet: %(why)s Er is niets ingelezen.") % {
        "row": broken.row,
        "sheet": broken.sheet,
        "why": broken.why,
    }


@transaction.atomic
def halt_import(*, run: ImportRun, actor: Actor) -> ImportRun:
    """Stop a running import: nothing of it stays."""
    run = _locked(run)
    RUN.move(run, "halt", actor)
    run.failure, run.progress = _("Je stopte het inlezen. Er is niets ingelezen."), 0
    run.save()
    return run


@transaction.atomic
def cancel_run(*, run: ImportRun, actor: Actor) -> ImportRun:
    """This file isn't imported after all; it is deleted at once."""
    run = _locked(run)
    RUN.move(run, "cancel", actor)
    run.save()
    _delete_files(run)
    return run


# What they share -----------------------------------------------------------------------------------------------------


def _locked(run: ImportRun) -> ImportRun:
    locked: ImportRun = (
        ImportRun.objects.select_for_update(of=("self",)).select_related("file", "work").get(pk=run.pk)
    )
    return locked


def _delete_files(run: ImportRun) -> None:
    """Source and work file go; core's history keeps no content of files."""
    files = [key for key in (run.file_id, run.work_id) if key is not None]
    run.file = run.work = None
    run.save(update_fields=["file", "work"])
    StoredFile.objects.filter(pk__in=files).delete()


def _delete_on() -> date:
    return timezone.localdate() + timedelta(days=KEEP_DAYS)


def _demand(actor: Actor) -> None:
    if not may(actor, "imports.run"):
        raise RuleBroken(_("Je mag dit niet doen met jouw rol."))
