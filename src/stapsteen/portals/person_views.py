"""The person's page: to know a person in ten seconds, and the rest one tap away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core import halfdays
from stapsteen.core.access import RULES, may, reachable
from stapsteen.core.pages import page, show
from stapsteen.followup import queries as followup
from stapsteen.followup.models import Evaluation
from stapsteen.hours.durations import show_minutes
from stapsteen.people.doubles import doubles_of
from stapsteen.people.models import Note, Person
from stapsteen.people.queries import PHASE_BADGES, PHASES, phase_of
from stapsteen.portals import person as parts
from stapsteen.portals import profile as profiles
from stapsteen.portals.together import together

LINES, NEWEST = 60, 5
SIDES = ("", "samen", "profiel", "tijdlijn", "uren", "evaluaties", "notities")


@page("<slug:service>/mensen/<uuid:person>/", rule="people.person.view", loads="person")
def person(request: Any, person: Person) -> HttpResponse:
    """The person in ten seconds; ?deel= shows one side: timeline, hours, evaluations, notes."""
    side = request.GET.get("deel", "")
    side = side if side in SIDES else ""
    context = {
        "person": person,
        "head": head(request, person),
        "badges": badges(person),
        "side": side,
        "tabs": tabs(side),
        "links": person_links(request, person),
        **SIDE_CONTEXT[side](request, person),
    }
    return show(request, f"portals/person{'_' + side if side else ''}.html", context)


def head(request: Any, person: Person) -> dict[str, Any]:
    """Who it is, with representative and budget manager."""
    today = timezone.localdate()
    found = parts.header(person, today)
    return {**found, "facts": [*found["facts"], *profiles.marked_facts(request.actor, person, today)]}


def tabs(side: str) -> list[dict[str, Any]]:
    labels = [
        _("Nu"),
        _("Samen kijken"),
        _("Profiel"),
        _("Tijdlijn"),
        _("Uren"),
        _("Evaluaties"),
        _("Notities"),
    ]
    return [
        {"label": label, "url": f"?deel={key}" if key else "?", "current": side == key}
        for key, label in zip(SIDES, labels, strict=True)
    ]


def badges(person: Person) -> list[dict[str, str]]:
    phase = phase_of(person)
    return [{"label": str(PHASES[phase]), "kind": PHASE_BADGES[phase]}]


def person_links(request: Any, person: Person) -> dict[str, str]:
    """Addresses of the pages about this person; '' for what this actor may not open."""
    links = {
        "note": parts.url(request.service, "people.note_add", person=person.pk),
        "edit": parts.url(request.service, "people.person_edit", person=person.pk),
        "sensitive": parts.url(request.service, "people.sensitive", person=person.pk),
        "erase": parts.url(request.service, "people.person_erase", person=person.pk),
    }
    links["consents"] = parts.url(request.service, "people.consents", person=person.pk)
    links["who"] = parts.url(request.service, "portals.who_sees", person=person.pk)
    links["doubles"] = parts.url(request.service, "people.doubles", person=person.pk)
    if RULES["people.person.merge"].find(request.actor) is None:
        links["doubles"] = ""
    if not may(request.actor, "people.sensitive.person", person):
        links["sensitive"] = ""
    if RULES["people.person.erase"].find(request.actor) is None:
        links["erase"] = ""
    return links


def now_side(request: Any, person: Person) -> dict[str, Any]:
    today = timezone.localdate()
    found = parts.ways(person, request.actor)
    current = found[0] if found and found[0].running else None
    referral = parts.open_referral(person)
    may_handle = referral is not None and may(request.actor, "pathways.referral.handle", referral)
    return {
        "way": card(request, current) if current else None,
        "more_ways": [card(request, way) for way in found if way is not current],
        "warnings": [
            *profiles.status_warnings(request.actor, person, current.placements if current else [], today),
            *(parts.warnings(current, today, request.service) if current else []),
        ],
        "doubles": len(doubles_of(person))
        if RULES["people.person.merge"].find(request.actor) is not None
        else 0,
        "partners_url": parts.url(request.service, "pathways.expert_list", pathway=current.pathway.pk)
        if current and may(request.actor, "pathways.partner.set", current.pathway)
        else "",
        "calls": [call_line(request, entry) for entry in parts.calls(person)],
        "next": parts.due_words(due.day, today) if current and (due := next_talk(current)) else "",
        "referral_url": parts.url(request.service, "pathways.referral_detail", referral=referral.pk)
        if referral and may_handle
        else "",
        "referral": referral,
        "timeline": parts.timeline(person, most=NEWEST),
        "free": halfdays.in_words(person.half_days),
    }


def next_talk(way: parts.Way) -> followup.Due | None:
    """The first evaluation to come, at most a year ahead."""
    found = followup.open_moments(way.pathway, timezone.localdate(), ahead=366)
    return found[0] if found else None


def card(request: Any, way: parts.Way) -> dict[str, Any]:
    """A pathway with its places, for the template."""
    shown = [p for p in way.placements if p.state != "cancelled"]
    shown.sort(key=lambda p: (p.state in ("active", "proposed"), p.starts_on), reverse=True)
    return {
        "way": way,
        "facts": parts.way_facts(way),
        "wheel": parts.wheel(way),
        "buttons": parts.buttons(request.service, way),
        "places": [parts.place_card(request.service, placement, way.guide) for placement in shown],
    }


def call_line(request: Any, entry: Any) -> dict[str, str]:
    return {
        "host": entry.timesheet.host.organisation.name,
        "url": parts.url(request.service, "hours.sheet_detail", timesheet=entry.timesheet_id)
        if may(request.actor, "hours.sheet.confirm", entry.timesheet)
        else "",
    }


def profile_side(request: Any, person: Person) -> dict[str, Any]:
    return profiles.profile(request.service, request.actor, person, timezone.localdate())


def timeline_side(request: Any, person: Person) -> dict[str, Any]:
    texts: dict[UUID, str] = {note.pk: note.text for note in notes_of(request, person)}
    most = LINES * 10 if "alles" in request.GET else LINES
    found = parts.timeline(person, most=most + 1, notes=texts)
    return {"timeline": found[:most], "more": len(found) > most}


def hours_side(request: Any, person: Person) -> dict[str, Any]:
    found = parts.hours_per_month(person, timezone.localdate())
    return {
        "months": parts.month_rows(found),
        "waiting": any(month.waiting for month in found),
        "bars": parts.month_bars(found),
        "columns": [
            _("Maand"),
            {"label": _("Bevestigd"), "align": "end"},
            {"label": _("Nog te bevestigen"), "align": "end"},
        ],
        "total": show_minutes(sum(month.confirmed for month in found)),
    }


def evaluations_side(request: Any, person: Person) -> dict[str, Any]:
    today = timezone.localdate()
    found = parts.ways(person, request.actor)
    current = found[0] if found and found[0].running else None
    rows = person.evaluations.exclude(state="planned").order_by("-due_on", "-id")
    waiting = followup.open_moments(current.pathway, today, ahead=366) if current else []
    return {
        "talks": [talk(row) for row in rows],
        "waiting": [parts.due_words(due.day, today) for due in waiting[:3]],
        "hold_url": parts.url(request.service, "followup.evaluation_hold", pathway=current.pathway.pk)
        if current and current.guide
        else "",
    }


def talk(row: Evaluation) -> dict[str, Any]:
    """A talk that was held or dropped, as text."""
    held = row.state == "held"
    voices = [
        (_("De persoon"), row.voice_person),
        (_("De gastorganisatie"), row.voice_host),
        (_("De begeleider"), row.voice_coach),
    ]
    return {
        "day": row.held_on if held else row.due_on,
        "word": str(Evaluation.DECISIONS.get(row.decision, "")) if held else _("Vervallen"),
        "voices": [{"who": who, "text": text} for who, text in voices if text],
    }


def notes_of(request: Any, person: Person) -> Any:
    return reachable(request.actor, "people.note.view").filter(person=person).distinct()


def notes_side(request: Any, person: Person) -> dict[str, Any]:
    shown = Paginator(notes_of(request, person).order_by("-happened_on", "-id"), 25).get_page(
        request.GET.get("pagina")
    )
    return {"notes": [note_line(note) for note in shown], "page": shown}


def note_line(note: Note) -> dict[str, Any]:
    return {
        "date": note.happened_on,
        "title": str(Note.KINDS.get(note.kind, "")),
        "text": note.text,
        "icon": {"contact": "phone", "visit": "pin", "import": "upload"}.get(note.kind, "message"),
        "who": note.author,
    }


def together_side(request: Any, person: Person) -> dict[str, Any]:
    return together(person, request.actor, request.service)


SIDE_CONTEXT = {
    "": now_side,
    "samen": together_side,
    "profiel": profile_side,
    "tijdlijn": timeline_side,
    "uren": hours_side,
    "evaluaties": evaluations_side,
    "notities": notes_side,
}
