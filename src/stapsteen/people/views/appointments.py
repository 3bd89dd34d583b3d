"""Pages of the diary: a colleague's own list, planning, moving, how it went, and the calendar feed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stapsteen.core.access import reachable
from stapsteen.core.edits import tell_merged
from stapsteen.core.pages import page, show, submit
from stapsteen.network.house import staff_member
from stapsteen.people import queries_agenda as agendas
from stapsteen.people.access import FEED
from stapsteen.people.actions import (
    close_appointment,
    make_feed,
    move_appointment,
    plan_appointment,
    stop_feed,
)
from stapsteen.people.forms_journal import AppointmentForm, OutcomeForm
from stapsteen.people.models import Appointment, Person
from stapsteen.people.queries import person_url
from stapsteen.people.states import APPOINTMENT

FORM = ("GET", "POST")
STATE_BADGES = {"planned": "info", "held": "success", "missed": "warning", "cancelled": "neutral"}


@page("<slug:service>/agenda/", rule="people.calendar.own")
def agenda(request: Any) -> HttpResponse:
    """A colleague's own meetings: still to be noted, today, the weeks to come. ?wie= shows a colleague's."""
    now = timezone.now()
    colleagues = agendas.colleagues()
    chosen = next((row for row in colleagues if str(row.pk) == request.GET.get("wie", "")), None)
    tomorrow = agendas.begin_of(timezone.localdate(now) + timedelta(days=1))
    ahead = list(agendas.coming(request.actor, now, now + timedelta(days=92), staff=chosen))
    context = {
        "waiting": [line(request, row) for row in agendas.to_note(request.actor, now, staff=chosen)],
        "today": [line(request, row) for row in ahead if row.starts_at < tomorrow],
        "days": by_day(request, [row for row in ahead if row.starts_at >= tomorrow]),
        "colleagues": [
            {"key": str(row.pk), "name": row.name, "current": row == chosen} for row in colleagues
        ],
        "chosen": chosen,
    }
    return show(request, "people/agenda.html", context)


def line(request: Any, row: Appointment) -> dict[str, Any]:
    """A meeting as the list shows it."""
    start = timezone.localtime(row.starts_at)
    return {
        "name": str(row.person),
        "person_url": person_url(request.service, row.person_id),
        "url": agendas.appointment_url(request.service, row.pk),
        "time": date_format(start, "H.i"),
        "day": date_format(start, "l j F"),
        "kind": str(Appointment.KINDS[row.kind]),
        "place": agendas.place_word(row),
    }


def by_day(request: Any, rows: list[Appointment]) -> list[dict[str, Any]]:
    days: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        shown = line(request, row)
        days.setdefault(shown["day"], []).append(shown)
    return [{"day": day, "lines": lines} for day, lines in days.items()]


@page(
    "<slug:service>/mensen/<uuid:person>/afspraak/", rule="people.person.view", loads="person", methods=FORM
)
def appointment_plan(request: Any, person: Person) -> HttpResponse:
    """A new meeting with this person."""
    form = AppointmentForm(
        request.POST or None, colleagues=agendas.colleagues(), me=staff_member(request.actor),
        initial={"kind": request.GET.get("soort", "talk")},
    )  # fmt: skip
    made: list[Appointment] = []
    if submit(form, lambda data: made.append(plan_appointment(person=person, actor=request.actor, **data))):
        messages.success(request, _("De afspraak is gemaakt."))
        warn_of_overlap(request, made[0])
        return redirect(person_url(request.service, person.pk))
    context = {"person": person, "person_url": person_url(request.service, person.pk), "form": form}
    return show(request, "people/appointment_plan.html", context)


def warn_of_overlap(request: Any, planned: Appointment) -> None:
    """Somebody is expected in two places: said, not forbidden."""
    for other in agendas.at_the_same_time(planned):
        messages.warning(request, agendas.overlap_words(planned, other))


@page(
    "<slug:service>/agenda/<uuid:appointment>/",
    rule="people.appointment.keep",
    loads="appointment",
    methods=FORM,
)
def appointment(request: Any, appointment: Appointment) -> HttpResponse:
    """One meeting: when, where, and how it went."""
    form = OutcomeForm(request.POST or None, initial={"action": "hold"})
    if not appointment_began(appointment):
        form.fields["action"].choices = [("cancel", _("Zeg deze afspraak af"))]  # type: ignore[attr-defined]
        form.initial["action"] = "cancel"
    if submit(form, lambda data: close_appointment(appointment=appointment, actor=request.actor, **data)):
        messages.success(request, _("Genoteerd."))
        return redirect(person_url(request.service, appointment.person_id))
    context = {
        **about(request, appointment),
        "form": form,
        "open": appointment.state == "planned",
        "began": appointment_began(appointment),
        "state": str(APPOINTMENT.states[appointment.state]),
        "badge": STATE_BADGES[appointment.state],
        "facts": facts(appointment),
        "overlaps": [
            agendas.overlap_words(appointment, other)
            for other in (agendas.at_the_same_time(appointment) if appointment.state == "planned" else [])
        ],
        "move_url": reverse(
            "people.appointment_move", kwargs={"service": request.service.slug, "appointment": appointment.pk}
        ),
    }
    return show(request, "people/appointment.html", context)


def appointment_began(appointment: Appointment) -> bool:
    """On the day itself it can already be noted."""
    return timezone.localdate(appointment.starts_at) <= timezone.localdate()


def about(request: Any, appointment: Appointment) -> dict[str, Any]:
    return {
        "appointment": appointment,
        "person": appointment.person,
        "person_url": person_url(request.service, appointment.person_id),
    }


def facts(row: Appointment) -> list[tuple[str, str]]:
    found = [
        (_("Wanneer"), f"{agendas.when_words(row)} ({_('%(n)s minuten') % {'n': row.minutes}})"),
        (_("Wat"), str(Appointment.KINDS[row.kind])),
        (_("Waar"), ", ".join(filter(None, [agendas.place_word(row), row.where or ""]))),
        (_("Met wie"), row.staff.name),
        (_("Waarover"), row.about or ""),
    ]
    return [(term, value) for term, value in found if value]


@page(
    "<slug:service>/agenda/<uuid:appointment>/verplaats/",
    rule="people.appointment.keep",
    loads="appointment",
    methods=FORM,
)
def appointment_move(request: Any, appointment: Appointment) -> HttpResponse:
    """Another moment, place or colleague."""
    form = AppointmentForm(
        request.POST or None, colleagues=agendas.colleagues(), me=None, appointment=appointment
    )
    moved: list[Appointment] = []
    if submit(
        form,
        lambda data: moved.append(move_appointment(appointment=appointment, actor=request.actor, **data)),
    ):
        messages.success(request, _("De afspraak is verplaatst."))
        warn_of_overlap(request, moved[0])
        tell_merged(request, form)
        return redirect("people.appointment", service=request.service.slug, appointment=appointment.pk)
    return show(request, "people/appointment_move.html", {**about(request, appointment), "form": form})


# The calendar feed ---------------------------------------------------------------------------------------------------


@page("<slug:service>/agenda/kalender/", rule="people.calendar.own", methods=FORM)
def feed_settings(request: Any) -> HttpResponse:
    """The secret address of one's own calendar: make, make anew, stop."""
    if request.method == "POST":
        stops = request.POST.get("actie") == "stop"
        if stops:
            stop_feed(actor=request.actor)
        else:
            make_feed(actor=request.actor)
        messages.success(request, _("Het adres werkt niet meer.") if stops else _("Het adres is klaar."))
        return redirect("people.feed_settings", service=request.service.slug)
    feed = agendas.feed_of(request.actor)
    context = {"feed": feed, "address": agendas.feed_url(feed) if feed else ""}
    return show(request, "people/feed_settings.html", context)


@page("agenda/<str:token>/stapsteen.ics", rule=FEED)
def feed(request: Any) -> HttpResponse:
    """The meetings for a calendar program; unchanged since it last asked: 304."""
    found = reachable(request.actor, FEED).first()
    if found is None:
        raise Http404
    with translation.override("nl"):
        content = agendas.calendar_of(found, request.service, timezone.now())
    etag = agendas.etag_of(content)
    if etag in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304, headers={"ETag": etag, "Cache-Control": "private, no-cache"})
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)
