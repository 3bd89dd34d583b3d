"""Pages of the hours: the host's month, the coach's list and sheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stapsteen.core.pages import each_service, load, page, show, submit
from stapsteen.core.scope import Actor
from stapsteen.hours import actions, months, queries
from stapsteen.hours.access import enter_sheet
from stapsteen.hours.durations import show_minutes
from stapsteen.hours.forms import Answer, CorrectForm, MonthForm, SendBackForm, SheetFilter
from stapsteen.hours.mails import services_of
from stapsteen.hours.models import SheetPerson, Timesheet
from stapsteen.hours.queries import PersonMonth
from stapsteen.hours.states import TIMESHEET
from stapsteen.network.models import Service
from stapsteen.placements.models import Placement

# The host's month ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """What one service asks of the host, as plain values: shown after its scope is closed."""

    service: Service
    organisation: str
    remarks: list[str]
    people: list[PersonMonth]


def read_part(actor: Actor, service: Service) -> Part:
    """In the service's scope: its sheets that this link reaches."""
    sheets = list(enter_sheet(actor).select_related("host__organisation"))  # type: ignore[union-attr]
    people = queries.people_of(sheets, timezone.localdate())
    return Part(
        service=service,
        organisation=sheets[0].host.organisation.name if sheets else "",
        remarks=[sheet.remark for sheet in sheets if sheet.remark and sheet.state == "asked"],
        people=[person for sheet in sheets for person in people[sheet.pk]],
    )


@page("uren-invullen/<str:token>/", rule="hours.month.fill", methods=("GET", "POST"), spans=True)
def month_fill(request: Any) -> HttpResponse:
    """All people of all services on one page; each service's part in a scope and a log row of its own."""
    actor = request.actor
    services = services_of(actor.link.id("organisation"))
    parts = [p for p in each_service(request, services, lambda s: read_part(actor, s)) if p.people]
    if not parts:
        raise Http404
    form = month_form(request, [person for part in parts for person in part.people])
    if not form.wants_room and submit(form, lambda _data: save_parts(request, parts, form)):
        return redirect(f"{request.path}?klaar=1")
    return show_month(request, parts, form)


def month_form(request: HttpRequest, people: list[PersonMonth]) -> MonthForm:
    """The people still to fill in, or everyone when something is changed; on sending, those that the page showed."""
    today = timezone.localdate()
    if request.method == "POST":
        posted = [p for p in people if f"how_{p.key.hex}" in request.POST]
        return MonthForm(posted, today, request.POST)
    editing = "aanpassen" in request.GET
    return MonthForm([p for p in people if editing or p.answered_at is None], today)


def save_parts(request: Any, parts: Sequence[Part], form: MonthForm) -> None:
    """Service after service; one that refuses takes all back, so that the page never half saves."""
    asked = {part.service.pk: part for part in parts}
    each_service(
        request,
        [part.service for part in parts],
        lambda service: save_people(request.actor, asked[service.pk].people, form),
    )


def save_people(actor: Actor, people: Sequence[PersonMonth], form: MonthForm) -> None:
    """Each sheet that is still open gets the answers about its people."""
    for sheet_id in sorted({person.sheet for person in people}):
        if answers := form.answers_of(sheet_id):
            save_sheet(load(actor, "hours.sheet.enter", sheet_id), actor, answers)


def save_sheet(sheet: Timesheet, actor: Actor, answers: list[Answer]) -> None:
    entries = SheetPerson.objects.filter(timesheet=sheet).select_related("placement__pathway").in_bulk()
    for answer in answers:
        entry = entries[answer.person.key]
        if (answer.remark.strip(), answer.call) != (entry.remark or "", entry.call_asked_at is not None):
            actions.tell_coach(entry=entry, actor=actor, remark=answer.remark, call=answer.call)
    said = {answer.person.key for answer in answers if not answer.later}
    lines = [
        (entries[answer.person.key].placement, day, minutes)
        for answer in answers
        if not answer.later
        for day, minutes in sorted(answer.minutes.items())
    ]
    later = [entry.placement for key, entry in entries.items() if key not in said]
    if said:
        actions.enter_hours(timesheet=sheet, actor=actor, lines=lines, later=later)


def show_month(request: HttpRequest, parts: Sequence[Part], form: MonthForm) -> HttpResponse:
    people = [person for part in parts for person in part.people]
    waiting = [p for p in people if p.answered_at is None and not p.confirmed]
    context = {
        "month_name": date_format(people[0].month, "F Y"),
        "organisation": parts[0].organisation,
        "sections": [section(part, form) for part in parts],
        "several": len(parts) > 1,
        "form": form,
        "done": not form.people,
        "waiting": len(waiting),
        "saved": "klaar" in request.GET,
        "locked": all(person.confirmed for person in people),
        "total": show_minutes(sum(person.minutes for person in people)),
    }
    if form.is_bound and form.wants_room:
        form.errors.clear()
    return show(request, "hours/month_fill.html", context)


def section(part: Part, form: MonthForm) -> dict[str, Any]:
    """One service on the host's page: who is still to fill in, and who is done."""
    in_form = {person.key for person in form.people}
    to_fill = [person for person in part.people if person.key in in_form]
    return {
        "service": part.service,
        "remarks": part.remarks,
        "blocks": [form.block(person) for person in to_fill],
        "ready": [ready(person) for person in part.people if person not in to_fill],
    }


def ready(person: PersonMonth) -> dict[str, Any]:
    """A person whose month was said, as text."""
    came = [day for day in person.days if day.entered]
    return {
        "name": person.name,
        "task": person.task,
        "total": show_minutes(person.minutes),
        "days": ", ".join(f"{date_format(day.day, 'j/n')}: {show_minutes(day.entered or 0)}" for day in came),
        "confirmed": person.confirmed,
    }


# The coach -----------------------------------------------------------------------------------------------------------

KINDS = {"open": "neutral", "asked": "info", "entered": "warning", "confirmed": "success"}


@page("<slug:service>/uren/", rule="hours.sheet.list", methods=("GET", "POST"))
def sheet_list(request: Any) -> HttpResponse:
    """The sheets of a month (?maand=2026-10, the last full month by default), by state."""
    today = timezone.localdate()
    month = months.read_month(request.GET.get("maand", "")) or months.before(months.first_of(today))
    if request.method == "POST":
        return act_on_month(request, month)
    rows = queries.sheet_rows(request.actor, month, today)
    state = request.GET.get("stand", "")
    form = SheetFilter(request.GET or None)
    chosen = [row for row in rows if state in ("", row.sheet.state)]
    fine = [
        r for r in rows if r.sheet.state == "entered" and r.people and all(map(actions.as_agreed, r.people))
    ]
    context = {
        "month": month,
        "month_name": date_format(month, "F Y"),
        "earlier": months.write_month(months.before(month)),
        "later": months.write_month(months.after(month)) if months.after(month) <= today else "",
        "this": months.write_month(month),
        "counts": state_tabs(rows, month, state),
        "rows": [table_row(request.service.slug, row) for row in chosen],
        "fine": len(fine),
        "form": form,
        "none": not rows,
        "columns": [
            _("Gastorganisatie"),
            _("Begeleider"),
            {"label": _("Personen"), "align": "end"},
            {"label": _("Uren"), "align": "end"},
            _("Stand"),
        ],
    }
    return show(request, "hours/sheet_list.html", context)


def act_on_month(request: Any, month: date) -> HttpResponse:
    """The two things that go for a whole month: put everyone on a sheet, confirm what is as agreed."""
    if request.POST.get("do") == "confirm":
        count = actions.confirm_matching(month=month, actor=request.actor)
        text = ngettext("%(n)s blad bevestigd.", "%(n)s bladen bevestigd.", count) % {"n": count}
    else:
        count = actions.make_sheets(month=month, actor=request.actor)
        text = ngettext("%(n)s persoon erbij.", "%(n)s personen erbij.", count) % {"n": count}
    messages.success(request, text)
    return redirect(request.get_full_path())


def state_tabs(rows: list[queries.SheetRow], month: date, state: str) -> list[dict[str, Any]]:
    here = f"?maand={months.write_month(month)}"
    tabs = [{"label": _("Alle"), "url": here, "current": not state, "count": len(rows)}]
    return tabs + [
        {"label": label, "url": f"{here}&stand={code}", "current": state == code, "count": count}
        for code, label, count in queries.state_counts(rows)
    ]


def table_row(slug: str, row: queries.SheetRow) -> list[Any]:
    sheet = row.sheet
    url = reverse("hours.sheet_detail", kwargs={"service": slug, "timesheet": sheet.pk})
    look = _("wijkt af van het rooster") if row.differs and sheet.state in ("entered", "confirmed") else ""
    if row.calls:
        look = ", ".join(filter(None, [look, _("vraagt om te bellen")]))
    return [
        {"text": sheet.host.organisation.name, "href": url, "sub": look},
        sheet.coach.name,
        len(row.people),
        show_minutes(row.minutes) if sheet.state in ("entered", "confirmed") else "–",
        {"text": str(TIMESHEET.states[sheet.state]), "badge": KINDS[sheet.state]},
    ]


@page(
    "<slug:service>/uren/<uuid:timesheet>/",
    rule="hours.sheet.confirm",
    loads="timesheet",
    methods=("GET", "POST"),
)
def sheet_detail(request: Any, timesheet: Timesheet) -> HttpResponse:
    """Per person the days beside the roster; confirm, or say that the host was phoned."""
    if request.method == "POST":
        return act_on_sheet(request, timesheet)
    people = queries.people_of([timesheet], timezone.localdate())[timesheet.pk]
    open_to = {t.action for t in TIMESHEET.open_to(timesheet, request.actor)}
    contact = timesheet.host.contacts.filter(ends_on=None).first()
    context = {
        "sheet": timesheet,
        "month_name": date_format(timesheet.month, "F Y"),
        "list_url": f"{reverse('hours.sheet_list', args=[request.service.slug])}?maand={timesheet.month:%Y-%m}",
        "state": {"label": str(TIMESHEET.states[timesheet.state]), "kind": KINDS[timesheet.state]},
        "people": [person_card(person) for person in people],
        "columns": [
            _("Dag"),
            {"label": _("Rooster"), "align": "end"},
            {"label": _("Ingevuld"), "align": "end"},
            {"label": _("Verschil"), "align": "end"},
        ],
        "correction_columns": [_("Wie"), _("Dag"), {"label": _("Uren"), "align": "end"}, _("Door"), _("Op")],
        "contact": contact,
        "complete": all(person.answered_at for person in people),
        "differs": any(person.differs for person in people),
        "calls": [person for person in people if person.call_asked],
        "may_confirm": "confirm" in open_to,
        "may_enter": "enter" in open_to,
        "may_send_back": "send_back" in open_to,
        "total": show_minutes(sum(person.minutes for person in people)),
        "corrections": [correction_row(line) for line in queries.corrections(timesheet)],
    }
    return show(request, "hours/sheet_detail.html", context)


def act_on_sheet(request: Any, sheet: Timesheet) -> HttpResponse:
    if request.POST.get("do") == "called":
        actions.note_call(timesheet=sheet, actor=request.actor)
        messages.success(request, _("Genoteerd: je belde."))
    else:
        actions.confirm_sheet(timesheet=sheet, actor=request.actor)
        messages.success(request, _("Bevestigd. Deze uren tellen nu mee."))
    return redirect(request.path)


def person_card(person: PersonMonth) -> dict[str, Any]:
    foot = [_("Samen"), show_minutes(person.agreed), show_minutes(person.minutes), ""] if person.days else []
    return {
        "person": person,
        "rows": [day_row(day) for day in person.days],
        "foot": foot,
        "hours": show_minutes(person.minutes),
        "fine": person.answered_at is not None and not person.differs,
    }


def day_row(day: queries.Day) -> dict[str, Any]:
    """A table row: day, roster, entered, difference in words; what differs stands out."""
    entered = "–" if day.entered is None else show_minutes(day.entered)
    difference = (day.entered or 0) - day.agreed
    words = ""
    if day.entered == 0 and day.agreed:
        words = _("niet gekomen")
    elif day.entered is not None and difference:
        words = f"{'+' if difference > 0 else ''}{show_minutes(difference)}"
    notes = ", ".join(filter(None, [words, _("verbeterd") if day.corrected else ""]))
    cells = [date_format(day.day, "D j F"), show_minutes(day.agreed) if day.agreed else "–", entered, notes]
    return {"cells": cells, "kind": "warning" if day.entered is not None and difference else ""}


def correction_row(line: Any) -> list[Any]:
    sign = "+" if line.minutes > 0 else ""
    return [
        line.person.initial_name,
        date_format(line.day, "j F"),
        f"{sign}{show_minutes(line.minutes)}",
        line.entered_by,
        date_format(timezone.localtime(line.created_at), "j F Y"),
    ]


@page(
    "<slug:service>/uren/<uuid:timesheet>/invullen/",
    rule="hours.sheet.confirm",
    loads="timesheet",
    methods=("GET", "POST"),
)
def sheet_enter(request: Any, timesheet: Timesheet) -> HttpResponse:
    """The coach enters for the host: a paper list, a phone call."""
    people = queries.people_of([timesheet], timezone.localdate())[timesheet.pk]
    form = MonthForm(people, timezone.localdate(), request.POST if request.method == "POST" else None)
    if not form.wants_room and submit(
        form, lambda _data: save_sheet(timesheet, request.actor, list(form.answers.values()))
    ):
        return redirect("hours.sheet_detail", service=request.service.slug, timesheet=timesheet.pk)
    context = {
        "sheet": timesheet,
        "month_name": date_format(timesheet.month, "F Y"),
        "form": form,
        "blocks": [form.block(person) for person in form.people],
    }
    if form.is_bound and form.wants_room:
        form.errors.clear()
    return show(request, "hours/sheet_enter.html", context)


@page(
    "<slug:service>/uren/<uuid:timesheet>/terug/",
    rule="hours.sheet.confirm",
    loads="timesheet",
    methods=("GET", "POST"),
)
def sheet_send_back(request: Any, timesheet: Timesheet) -> HttpResponse:
    """Ask the host to look again; the host gets a mail with a link."""
    form = SendBackForm(request.POST or None)
    if submit(form, lambda d: actions.send_back_sheet(timesheet=timesheet, actor=request.actor, **d)):
        messages.success(request, _("Gevraagd. De gastorganisatie krijgt een mail."))
        return redirect("hours.sheet_detail", service=request.service.slug, timesheet=timesheet.pk)
    context = {"sheet": timesheet, "month_name": date_format(timesheet.month, "F Y"), "form": form}
    return show(request, "hours/sheet_send_back.html", context)


@page(
    "<slug:service>/uren/<uuid:timesheet>/verbeteren/",
    rule="hours.sheet.confirm",
    loads="timesheet",
    methods=("GET", "POST"),
)
def sheet_correct(request: Any, timesheet: Timesheet) -> HttpResponse:
    """Change a day of a confirmed sheet: a new line that stays visible."""
    people = queries.people_of([timesheet], timezone.localdate())[timesheet.pk]
    form = CorrectForm(people, request.POST or None, initial={"day": timesheet.month})
    if submit(form, lambda d: correct(request.actor, d)):
        messages.success(request, _("Verbeterd. De oude lijn blijft zichtbaar."))
        return redirect("hours.sheet_detail", service=request.service.slug, timesheet=timesheet.pk)
    context = {"sheet": timesheet, "month_name": date_format(timesheet.month, "F Y"), "form": form}
    return show(request, "hours/sheet_correct.html", context)


def correct(actor: Actor, given: dict[str, Any]) -> None:
    placement: Placement = load(actor, "placements.placement.guide", UUID(given["person"]))
    actions.correct_hours(placement=placement, actor=actor, day=given["day"], minutes=given["minutes"])
