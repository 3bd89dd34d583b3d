"""The person's page: to know a person in ten seconds, and the rest one tap away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stapsteen.core import halfdays
from stapsteen.core.access import RULES, may, reachable
from stapsteen.core.pages import page, show
from stapsteen.followup import queries as followup
from stapsteen.followup.models import Evaluation
from stapsteen.hours.durations import show_minutes
from stapsteen.pathways.models import Group
from stapsteen.pathways.queries_groups import followed_by
from stapsteen.people import queries_agenda as agendas
from stapsteen.people.doubles import doubles_of
from stapsteen.people.models import Appointment, Person
from stapsteen.people.queries import PHASE_BADGES, PHASES, phase_of
from stapsteen.people.states import APPOINTMENT
from stapsteen.people.views.appointments import STATE_BADGES
from stapsteen.people.views.journal import filtered, note_lines
from stapsteen.portals import person as parts
from stapsteen.portals import profile as profiles
from stapsteen.portals.glance import glance
from stapsteen.portals.together import together

LINES, NEWEST = 60, 5
PER_PAGE = 25


@page("<slug:service>/mensen/<uuid:person>/", rule="people.person.view", loads="person")
def person(request: Any, person: Person) -> HttpResponse:
    """The person in ten seconds; ?deel= shows one side of SIDES."""
    side = request.GET.get("deel", "")
    side = side if side in SIDES else ""
    context = {
        "person": person,
        "head": head(request, person, side),
        "badges": badges(person),
        "side": side,
        "tabs": tabs(request, person, side),
        "links": person_links(request, person),
        **SIDES[side][1](request, person),
    }
    return show(request, f"portals/person{'_' + side if side else ''}.html", context)


def head(request: Any, person: Person, side: str) -> dict[str, Any]:
    """Who it is, with representative and budget manager; on the first side those stand among whom to call."""
    today = timezone.localdate()
    found = parts.header(person, today)
    marked = profiles.marked_facts(request.actor, person, today) if side else []
    return {**found, "facts": [*found["facts"], *marked]}


def tabs(request: Any, person: Person, side: str) -> list[dict[str, Any]]:
    """The sides, and after them the pages that are a side of their own."""
    here = parts.url(request.service, "portals.person", person=person.pk)
    found = [
        {"label": str(label), "url": f"{here}?deel={key}" if key else here, "current": side == key}
        for key, (label, _context) in SIDES.items()
    ]
    more = [(parts.url(request.service, name, person=person.pk), label) for name, label in PAGE_SIDES]
    return [*found, *({"label": str(label), "url": to, "current": False} for to, label in more if to)]


def badges(person: Person) -> list[dict[str, str]]:
    phase = phase_of(person)
    return [{"label": str(PHASES[phase]), "kind": PHASE_BADGES[phase]}]


def person_links(request: Any, person: Person) -> dict[str, str]:
    """Addresses of the pages about this person; '' for what this actor may not open."""
    names = {
        "note": "people.note_add",
        "meet": "people.appointment_plan",
        "group": "pathways.group_pick",
        "edit": "people.person_edit",
        "sensitive": "people.sensitive",
        "consents": "people.consents",
        "who": "portals.who_sees",
        "doubles": "people.doubles",
        "erase": "people.person_erase",
    }
    links = {key: parts.url(request.service, name, person=person.pk) for key, name in names.items()}
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
    may_merge = RULES["people.person.merge"].find(request.actor) is not None
    may_handle = referral is not None and may(request.actor, "pathways.referral.handle", referral)
    warnings = [
        *profiles.status_warnings(request.actor, person, current.placements if current else [], today),
        *(parts.warnings(current, today, request.service) if current else []),
    ]
    return {
        "glance": glance(request.service, request.actor, person, current, warnings),
        "way": card(request, current) if current else None,
        "more_ways": [card(request, way) for way in found if way is not current],
        "doubles": len(doubles_of(person)) if may_merge else 0,
        "partners_url": parts.url(request.service, "pathways.expert_list", pathway=current.pathway.pk)
        if current and may(request.actor, "pathways.partner.set", current.pathway)
        else "",
        "calls": [call_line(request, entry) for entry in parts.calls(person)],
        "referral_url": parts.url(request.service, "pathways.referral_detail", referral=referral.pk)
        if referral and may_handle
        else "",
        "referral": referral,
        "timeline": parts.timeline(person, most=NEWEST),
        "groups": [
            group_line(request, member)
            for member in followed_by(request.actor, person)
            if member.row.ends_on is None
        ],
        "free": halfdays.in_words(person.half_days),
    }


def card(request: Any, way: parts.Way) -> dict[str, Any]:
    """A pathway with its places, for the template."""
    shown = [p for p in way.placements if p.state != "cancelled"]
    shown.sort(key=lambda p: (p.state in ("active", "proposed"), p.starts_on), reverse=True)
    return {
        "way": way,
        "facts": parts.way_facts(way),
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
    most = LINES * 10 if "alles" in request.GET else LINES
    found = parts.timeline(person, most=most + 1, notes=notes_of(request, person))
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
    """The journal, filtered; with the same filters as a spreadsheet or on paper."""
    form, found, some = filtered(request, person)
    shown = Paginator(found.notes, PER_PAGE).get_page(request.GET.get("pagina"))
    kept = {name: value for name in ("q", "soort", "wie") if (value := request.GET.get(name, ""))}
    asked = f"?{urlencode(kept)}" if kept else ""
    count = ngettext("%(n)s notitie", "%(n)s notities", len(found.notes)) % {"n": len(found.notes)}
    return {
        "form": form,
        "notes": note_lines(request, shown),
        "page": shown,
        "filtered": some,
        "any": bool(found.total),
        "found": count,
        "print_url": parts.url(request.service, "people.note_print", person=person.pk) + asked,
        "export_url": parts.url(request.service, "people.note_export", person=person.pk) + asked,
    }


def together_side(request: Any, person: Person) -> dict[str, Any]:
    return together(person, request.actor, request.service)


def meetings_side(request: Any, person: Person) -> dict[str, Any]:
    """All meetings: to come, still to be noted, and how the others went."""
    rows = agendas.meetings_of(request.actor, person)
    return {
        "meetings": [meeting_row(request, row) for row in rows],
        "columns": [_("Wanneer"), _("Wat"), _("Stand")],
    }


def meeting_row(request: Any, row: Appointment) -> list[Any]:
    what = ", ".join(filter(None, [str(Appointment.KINDS[row.kind]), agendas.place_word(row)]))
    when = f"{agendas.when_words(row)} {timezone.localtime(row.starts_at).year}"
    return [
        {"text": when, "href": agendas.appointment_url(request.service, row.pk)},
        {"text": what, "sub": row.staff.name},
        {"text": str(APPOINTMENT.states[row.state]), "badge": STATE_BADGES[row.state]},
    ]


def groups_side(request: Any, person: Person) -> dict[str, Any]:
    """Pre-pathways and training: what runs, and what somebody took along from the others."""
    return {"groups": [group_line(request, member) for member in followed_by(request.actor, person)]}


def group_line(request: Any, member: Any) -> dict[str, Any]:
    row = member.row
    return {
        "name": row.group.name,
        "kind": str(Group.KINDS[row.group.kind]),
        "url": parts.url(request.service, "pathways.group_detail", group=row.group_id),
        "since": row.starts_on,
        "until": row.ends_on,
        "words": member.words,
        "state": _("loopt") if row.ends_on is None else _("afgewerkt") if row.finished else _("gestopt"),
        "badge": "success" if row.ends_on is None else "neutral",
        "learned": row.learned or "",
    }


SIDES: dict[str, tuple[Any, Callable[[Any, Person], dict[str, Any]]]] = {
    "": (gettext_lazy("Nu"), now_side),
    "samen": (gettext_lazy("Samen kijken"), together_side),
    "profiel": (gettext_lazy("Profiel"), profile_side),
    "notities": (gettext_lazy("Notities"), notes_side),
    "tijdlijn": (gettext_lazy("Tijdlijn"), timeline_side),
    "afspraken": (gettext_lazy("Afspraken"), meetings_side),
    "groepen": (gettext_lazy("Groepen"), groups_side),
    "uren": (gettext_lazy("Uren"), hours_side),
    "evaluaties": (gettext_lazy("Evaluaties"), evaluations_side),
}
PAGE_SIDES = (
    ("people.supporters", gettext_lazy("Mensen rond")),
    ("people.consents", gettext_lazy("Toestemmingen")),
)
"""Pages of their own that stand among the sides: page and label."""
