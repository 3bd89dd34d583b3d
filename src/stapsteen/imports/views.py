"""Pages of an import: the list with the upload form, and one page per run that follows its state."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stapsteen.core.access import may, reachable
from stapsteen.core.errors import RuleBroken
from stapsteen.core.pages import PAGES, load, page, show, submit
from stapsteen.imports import actions, leftovers, queries, work
from stapsteen.imports.forms import (
    ProblemFilter,
    SheetForm,
    StartForm,
    UploadForm,
    answers_of,
    corrected_columns,
)
from stapsteen.imports.models import ImportRun, SavedMapping
from stapsteen.imports.states import RUN
from stapsteen.imports.words import KIND_WORDS, field_word, made_word

FORM = ("GET", "POST")
PER_PAGE = 50
RUNS_PER_PAGE = 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BADGES = {
    "uploaded": "info",
    "preview": "warning",
    "importing": "info",
    "done": "success",
    "refused": "error",
    "cancelled": "neutral",
}
PARTS = ("overzicht", "kolommen", "nakijken")


def address(request: Any, name: str, **keys: Any) -> str:
    return reverse(name, kwargs={"service": request.service.slug, **keys})


def to_run(request: Any, run: ImportRun, part: str = "") -> HttpResponse:
    url = address(request, "imports.run_detail", run=run.pk)
    return redirect(f"{url}?deel={part}" if part else url)


@page("<slug:service>/inlezen/", rule="imports.run", methods=FORM)
def run_list(request: Any) -> HttpResponse:
    """Choose a file; below it the earlier ones."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    made: list[ImportRun] = []

    def upload(data: dict[str, Any]) -> None:
        file = data["file"]
        made.append(actions.upload_workbook(actor=request.actor, name=file.name, data=read_at_most(file)))

    if submit(form, upload):
        return to_run(request, made[0])
    shown = Paginator(queries.runs(request.actor), RUNS_PER_PAGE).get_page(request.GET.get("pagina"))
    rows = [run_line(request, run) for run in shown]
    context = {
        "form": form,
        "page": shown,
        "rows": rows,
        "mapping_url": address(request, "imports.mapping_list"),
    }
    return show(request, "imports/run_list.html", context)


@page("<slug:service>/inlezen/kolommen/", rule="imports.mapping", methods=FORM)
def mapping_list(request: Any) -> HttpResponse:
    """How this service corrected its columns, used for the next file with these headings; to see and to forget."""
    if request.method == "POST":
        if "alles" in request.POST:
            actions.forget_mapping(actor=request.actor)
        else:
            found = load(request.actor, "imports.mapping", request.POST.get("vergeet", ""))
            actions.forget_one_mapping(mapping=found, actor=request.actor)
        messages.success(request, _("Vergeten. Het volgende bestand raden we opnieuw."))
        return redirect(request.path)
    saved = reachable(request.actor, "imports.mapping").order_by("-changed_at", "-id")
    shown = Paginator(saved, RUNS_PER_PAGE).get_page(request.GET.get("pagina"))
    context = {
        "list_url": address(request, "imports.run_list"),
        "page": shown,
        "forms": [mapping_card(mapping) for mapping in shown],
        "columns": [_("Kolom"), _("Lezen we als")],
    }
    return show(request, "imports/mapping_list.html", context)


def mapping_card(saved: SavedMapping) -> dict[str, Any]:
    kind = saved.mapping["kind"]
    return {
        "mapping": saved,
        "kind": KIND_WORDS[kind],
        "rows": [[heading, field_word(field)] for heading, field in sorted(saved.mapping["columns"].items())],
    }


def read_at_most(file: Any) -> bytes:
    """One byte more than allowed is enough to know that it's too big."""
    data: bytes = file.read(actions.MAX_BYTES + 1)
    return data


def run_line(request: Any, run: ImportRun) -> dict[str, Any]:
    totals = run.counts.get("totals", {})
    return {
        "run": run,
        "url": address(request, "imports.run_detail", run=run.pk),
        "state": RUN.states[run.state],
        "badge": BADGES[run.state],
        "rows": ngettext("%(n)s rij", "%(n)s rijen", totals["read"]) % {"n": totals["read"]}
        if totals
        else "",
    }


@page("<slug:service>/inlezen/<uuid:run>/", rule="imports.run", loads="run", methods=FORM)
def run_detail(request: Any, run: ImportRun) -> HttpResponse:
    """Where this file stands: being read, to be looked at, being imported, or done."""
    if run.state != "preview":
        return running(request, run)
    queries.looked_at(run)
    part = request.GET.get("deel", PARTS[0])
    if part not in PARTS:
        raise Http404
    content = work.load(run)
    return {"overzicht": overview, "kolommen": columns, "nakijken": problems}[part](request, run, content)


def running(request: Any, run: ImportRun) -> HttpResponse:
    """Reading or importing (the page looks again by itself), or ended."""
    if request.method == "POST":
        actions.halt_import(run=run, actor=request.actor)
        return to_run(request, run)
    context = {
        "run": run,
        "busy": run.state in ("uploaded", "importing"),
        "made": made_lines(request, run),
        "sheets": sheet_lines(run),
        "kept": leftovers.kept_rows(run) if run.state == "done" else 0,
        "kept_before": run.counts.get("will", {}).get("leftovers_before", 0),
        "next_steps": next_steps(run),
    }
    return show(request, "imports/run_state.html", around(request, run, context))


def around(request: Any, run: ImportRun, context: dict[str, Any]) -> dict[str, Any]:
    """What each page of a run has: the way back, its state, its addresses."""
    return {
        "list_url": address(request, "imports.run_list"),
        "cancel_url": address(request, "imports.run_cancel", run=run.pk),
        "leftovers_url": address(request, "imports.run_leftovers", run=run.pk),
        "state_word": RUN.states[run.state],
        "state_badge": BADGES[run.state],
        **context,
    }


# Looking and correcting ----------------------------------------------------------------------------------------------


def tabs(request: Any, run: ImportRun, content: dict[str, Any], current: str) -> list[dict[str, Any]]:
    url = address(request, "imports.run_detail", run=run.pk)
    rows = [problem for problem in content["problems"] if problem["severity"] != "info"]
    labels = {"overzicht": _("Overzicht"), "kolommen": _("Kolommen"), "nakijken": _("Na te kijken")}
    counts = {"nakijken": len(rows)}
    return [
        {
            "label": label,
            "url": f"{url}?deel={part}",
            "current": part == current,
            "count": counts.get(part),
        }
        for part, label in labels.items()
    ]


def overview(request: Any, run: ImportRun, content: dict[str, Any]) -> HttpResponse:
    """What will happen, and the button that makes it happen."""
    if "overslaan" in request.POST:
        actions.skip_broken(run=run, actor=request.actor)
        return to_run(request, run)
    form = StartForm(
        request.POST or None,
        coaches=actions.coaches_of_service(),
        programmes=actions.programmes_of_service(),
        first=actions.default_options(request.actor),
    )
    if submit(form, lambda data: actions.start_import(run=run, actor=request.actor, **data)):
        return to_run(request, run)
    will = run.counts["will"]
    context = {
        "run": run,
        "form": form,
        "tabs": tabs(request, run, content, "overzicht"),
        "sheets": sheet_lines(run),
        "will": will,
        "anything": any(will[name] for name in ("persons", "organisations", "tasks", "hours")),
        "refused": run.counts["totals"]["refused"],
        "broken": run.counts.get("broken"),
        "can_start": bool(actions.coaches_of_service() and actions.programmes_of_service()),
    }
    return show(request, "imports/run_overview.html", around(request, run, context))


def sheet_lines(run: ImportRun) -> list[dict[str, Any]]:
    return [{**sheet, "kind": KIND_WORDS[sheet["kind"]]} for sheet in run.counts.get("sheets", ())]


def columns(request: Any, run: ImportRun, content: dict[str, Any]) -> HttpResponse:
    """How each sheet is read: its kind, and a field per column."""
    forms = [sheet_form(request, run, plan, number) for number, plan in enumerate(content["plans"])]
    for form in forms:
        if form.is_bound and submit(form, partial(correct, request, run, form)):
            messages.success(request, _("We onthouden dit ook voor het volgende bestand."))
            return to_run(request, run, "kolommen")
    failed = next((form for form in forms if form.is_bound), None)
    context = {
        "run": run,
        "tabs": tabs(request, run, content, "kolommen"),
        "forms": forms,
        "failed": failed,
    }
    return show(request, "imports/run_columns.html", around(request, run, context))


def sheet_form(request: Any, run: ImportRun, plan: dict[str, Any], number: int) -> SheetForm:
    corrected = corrected_columns(run, plan["sheet"])
    columns = [{**column, "corrected": column["index"] in corrected} for column in plan["columns"]]
    mine = request.method == "POST" and request.POST.get("sheet") == plan["sheet"]
    return SheetForm(request.POST if mine else None, plan={**plan, "columns": columns, "number": number})


def correct(request: Any, run: ImportRun, form: SheetForm, data: dict[str, Any]) -> None:
    actions.correct_mapping(
        run=run,
        actor=request.actor,
        sheet=data["sheet"],
        kind=data["kind"],
        columns=form.columns(),
        year=data.get("year"),
    )


def problems(request: Any, run: ImportRun, content: dict[str, Any]) -> HttpResponse:
    """Every problem, cell by cell, with what is proposed and what else can be done."""
    if request.method == "POST":
        return answer(request, run, content)
    return problem_page(request, run, content, "")


def answer(request: Any, run: ImportRun, content: dict[str, Any]) -> HttpResponse:
    if "wis" in request.POST:
        actions.forget_answers(run=run, actor=request.actor)
        return to_run(request, run, "nakijken")
    found = answers_of(request.POST, {problem["id"]: problem for problem in content["problems"]})
    if not found:
        return problem_page(
            request, run, content, _("Je veranderde nog niets. Kies eerst wat er anders moet.")
        )
    try:
        actions.decide(run=run, actor=request.actor, answers=found)
    except RuleBroken as broken:
        return problem_page(request, run, content, str(broken.message))
    return to_run(request, run, "nakijken")


def problem_page(request: Any, run: ImportRun, content: dict[str, Any], error: str) -> HttpResponse:
    sheets = [plan["sheet"] for plan in content["plans"] if plan["kind"] != "ignored"]
    form = ProblemFilter(request.GET, sheets=sheets)
    chosen = form.cleaned_data if form.is_valid() else {"ernst": "", "blad": ""}
    found = queries.problems(content, severity=chosen["ernst"], sheet=chosen["blad"])
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("pagina"))
    context = {
        "run": run,
        "tabs": tabs(request, run, content, "nakijken"),
        "filter": ProblemFilter(initial={**chosen, "deel": "nakijken"}, sheets=sheets),
        "found": ngettext("%(n)s melding", "%(n)s meldingen", len(found)) % {"n": len(found)},
        "page": shown,
        "rows": [queries.problem_row(problem, content["decisions"]) for problem in shown],
        "answered": len(content["decisions"]),
        "error": error,
        "here": f"{address(request, 'imports.run_detail', run=run.pk)}?deel=nakijken",
    }
    answer = show(request, "imports/run_problems.html", around(request, run, context))
    answer.status_code = 422 if error else 200
    return answer


# The end -------------------------------------------------------------------------------------------------------------


@page("<slug:service>/inlezen/<uuid:run>/annuleer/", rule="imports.run", loads="run", methods=FORM)
def run_cancel(request: Any, run: ImportRun) -> HttpResponse:
    """Not this file after all: it is deleted at once."""
    if request.method == "POST":
        actions.cancel_run(run=run, actor=request.actor)
        messages.success(request, _("Het bestand is gewist. Er is niets ingelezen."))
        return redirect(address(request, "imports.run_list"))
    context = {"run": run, "run_url": address(request, "imports.run_detail", run=run.pk)}
    return show(request, "imports/run_cancel.html", around(request, run, context))


@page("<slug:service>/inlezen/<uuid:run>/rest.xlsx", rule="imports.run", loads="run")
def run_leftovers(request: Any, run: ImportRun) -> HttpResponse:
    """What could not be read, as a spreadsheet that can be mended and read again."""
    answer = HttpResponse(leftovers.spreadsheet(run), content_type=XLSX)
    answer.headers["Content-Disposition"] = (
        f'attachment; filename="niet-gelezen-{run.created_at:%Y-%m-%d}.xlsx"'
    )
    return answer


MADE_PAGES = {
    "persons": "people.person_list",
    "persons_known": "people.person_list",
    "referrals": "pathways.intake_queue",
    "pathways": "",
    "ended": "",
    "organisations": "hosts.host_list",
    "umbrellas": "",
    "tasks": "hosts.task_list",
    "proposed": "",
    "hour_lines": "",
    "notes": "",
    "host_notes": "",
    "facts": "",
}
"""What an import can make, in the order of the result page, and the list where it is found."""


def made_lines(request: Any, run: ImportRun) -> list[dict[str, Any]]:
    """What the import made, each with its page."""
    made = run.counts.get("made", {})
    found = []
    for name, link in MADE_PAGES.items():
        if count := made.get(name):
            page_of = PAGES.get(link)
            open_to = page_of is not None and may(request.actor, page_of.rule)
            href = address(request, link) if open_to else ""
            found.append({"label": made_word(name, count), "value": count, "href": href})
    return found


def next_steps(run: ImportRun) -> list[str]:
    """What somebody still has to do, since a file can't."""
    made = run.counts.get("made", {})
    found = []
    if made.get("proposed"):
        found.append(_("Kijk bij de voorgestelde plekken de taak en de halve dagen na."))
    if made.get("places_noted"):
        found.append(
            ngettext(
                "Bij %(n)s persoon staat de plek in een nota. Kies daar zelf de taak.",
                "Bij %(n)s mensen staat de plek in een nota. Kies daar zelf de taak.",
                made["places_noted"],
            )
            % {"n": made["places_noted"]}
        )
    if made.get("pathways"):
        found.append(_("Zet iedereen op de juiste plaats van het participatiewiel."))
    if made.get("talks"):
        found.append(
            ngettext(
                "Praat met %(n)s organisatie over een wens.",
                "Praat met %(n)s organisaties over een wens.",
                made["talks"],
            )
            % {"n": made["talks"]}
        )
    return found
