"""What must be known of a person in ten seconds: aim, wheel, next meeting, what is due, what warns, whom to call."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stapsteen.core import ui
from stapsteen.core.access import RULES, reachable
from stapsteen.core.scope import Actor
from stapsteen.network.models import Service
from stapsteen.people import queries_agenda as agendas
from stapsteen.people.models import Appointment, Person
from stapsteen.people.queries_situation import supporters_of
from stapsteen.portals import person as parts
from stapsteen.portals.profile import MARKED, marked

SIGNALS_SHOWN = 3
URGENCY = ("error", "warning", "info")
ACTIONS_AHEAD = timedelta(days=7)


def glance(
    service: Service, actor: Actor, person: Person, way: parts.Way | None, warnings: list[dict[str, str]]
) -> dict[str, Any]:
    """The top of the person's page; a fixed number of queries, whatever the history."""
    now = timezone.now()
    meeting = agendas.next_meeting(actor, person, now)
    rows = sorted(warnings, key=lambda row: URGENCY.index(row["kind"]))
    return {
        "aim": way.now.aim_word if way else "",
        "kind": way.programme if way else "",
        "coach": way.pathway.coach.name if way else "",
        "place": way.now.place_word if way else "",
        "wish": way.now.wish_word if way else "",
        "wheel": small_wheel(way) if way else None,
        "wheel_url": parts.url(service, "pathways.wheel", pathway=way.pathway.pk)
        if way and way.guide
        else "",
        "meeting": meeting_line(service, meeting) if meeting else None,
        "plan_url": parts.url(service, "people.appointment_plan", person=person.pk),
        "todo": todo(service, actor, person, way, timezone.localdate(now)),
        "signals": rows[:SIGNALS_SHOWN],
        "more_signals": rows[SIGNALS_SHOWN:],
        "callers": callers(actor, person, timezone.localdate(now)),
    }


def small_wheel(way: parts.Way) -> dict[str, Any]:
    """The wheel's outlines without words: those stand beside it."""
    shown = parts.wheel(way)
    return {
        "size": ui.num(ui.WHEEL_SIZE),
        "wedges": ui.wheel(shown["segments"], shown["current"], shown["wish"], shown["history"]),
        "stones": ui.wheel_stones(shown["segments"], shown["current"], shown["wish"]),
    }


def meeting_line(service: Service, meeting: Appointment) -> dict[str, str]:
    place = agendas.place_word(meeting)
    return {
        "when": agendas.when_words(meeting),
        "what": ", ".join(filter(None, [str(Appointment.KINDS[meeting.kind]), place])),
        "who": meeting.staff.name,
        "url": agendas.appointment_url(service, meeting.pk),
    }


def todo(
    service: Service, actor: Actor, person: Person, way: parts.Way | None, today: date
) -> list[dict[str, str]]:
    """What somebody must do for this person: the talk that comes, meetings to note, actions that were agreed."""
    found = []
    if way and way.running and (due := parts.next_talk(way, today)):
        hold = parts.url(service, "followup.evaluation_hold", pathway=way.pathway.pk) if way.guide else ""
        when = parts.due_words(due.day, today)
        late = "warning" if due.day < today else ""
        found.append({"text": _("Volgende evaluatie: %(when)s") % {"when": when}, "url": hold, "kind": late})
    for row in unnoted(actor, person):
        text = _("Nog te noteren: afspraak van %(when)s") % {"when": agendas.when_words(row)}
        found.append({"text": text, "url": agendas.appointment_url(service, row.pk), "kind": "warning"})
    if count := due_actions(actor, person, today):
        text = ngettext("%(n)s afgesproken actie", "%(n)s afgesproken acties", count) % {"n": count}
        here = reverse("portals.person", kwargs={"service": service.slug, "person": person.pk})
        found.append({"text": text, "url": f"{here}?deel=samen", "kind": ""})
    return found


def unnoted(actor: Actor, person: Person) -> list[Appointment]:
    """Meetings of days that are past, of which nobody said how they went: the two newest."""
    begun = agendas.begin_of(timezone.localdate())
    rows = reachable(actor, "people.appointment.keep").filter(
        person=person, state="planned", starts_at__lt=begun
    )
    return list(rows.order_by("-starts_at", "-id")[:2])


def due_actions(actor: Actor, person: Person, today: date) -> int:
    """How many agreed actions are due within a week."""
    if RULES["pathways.action.keep"].find(actor) is None:
        return 0
    rows = reachable(actor, "pathways.action.keep").filter(
        person=person, state="open", pathway__state="active"
    )
    return int(rows.filter(due_on__lte=today + ACTIONS_AHEAD).count())


def callers(actor: Actor, person: Person, today: date) -> list[dict[str, Any]]:
    """Whom to call about this person, with whether we may; representative and budget manager also without number."""
    around, _former = supporters_of(actor, person, today)
    return [marked(row) for row in around if row.kind in MARKED or row.phone]
