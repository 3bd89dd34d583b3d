"""The person in ten seconds: who, where on the way, where at work, what is due. Composes the queries of all rooms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stapsteen.core import halfdays, icons, ui
from stapsteen.core.access import RULES
from stapsteen.core.events import KINDS, sentence
from stapsteen.core.models import Event
from stapsteen.core.pages import PAGES
from stapsteen.core.scope import Actor
from stapsteen.followup import queries as followup
from stapsteen.hours import months
from stapsteen.hours.durations import show_minutes
from stapsteen.hours.models import HourLine, SheetPerson
from stapsteen.hours.queries import confirmed_minutes
from stapsteen.network.models import Service, StaffMember
from stapsteen.pathways.models import Pathway, Referral
from stapsteen.pathways.queries import Standing, programme_name, standing
from stapsteen.people.models import REACH, Note, Person
from stapsteen.people.queries import current_address, town_of
from stapsteen.placements.models import Placement
from stapsteen.placements.states import PLACEMENT

RUNNING = ("active", "suspended")
HISTORY_MONTHS = 12


def url(service: Service, name: str, **keys: Any) -> str:
    """The page's address; '' when there is no such page, so that its button isn't shown."""
    return reverse(name, kwargs={"service": service.slug, **keys}) if name in PAGES else ""


def age_words(person: Person, today: date) -> str:
    """'41 jaar', 'geboren in 1985' or ''."""
    age = person.age_on(today)
    if age is not None:
        return _("%(n)s jaar") % {"n": age}
    return _("geboren in %(year)s") % {"year": person.birth_year} if person.birth_year else ""


def header(person: Person, today: date) -> dict[str, Any]:
    """Who it is, for the strip on top."""
    home = current_address(person)
    facts = [
        {"icon": "pin", "text": town_of(home)},
        {"icon": "phone", "text": person.phone, "href": ui.tel(person.phone)},
        {"icon": "mail", "text": person.email, "href": f"mailto:{person.email}"},
        {"icon": "message", "text": person.language},
    ]
    reach = "" if person.reach_by == "call" else _("liefst: %(how)s") % {"how": REACH[person.reach_by]}
    return {
        "sub": ", ".join(filter(None, [age_words(person, today), reach])),
        "facts": [fact for fact in facts if fact["text"]],
    }


# The way -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Way:
    """A pathway as its card shows it."""

    pathway: Pathway
    now: Standing
    programme: str
    placements: list[Placement]
    guide: bool

    @property
    def running(self) -> bool:
        return self.pathway.state in RUNNING


def ways(person: Person, actor: Actor) -> list[Way]:
    """The person's pathways, what runs first, then the newest; a fixed number of queries."""
    rows = person.pathways.select_related("person", "coach").prefetch_related(
        *followup.HISTORY, "wheel_positions", "placements__host__organisation", "placements__task",
        "placements__agreements__signatures",
    )  # fmt: skip
    found = sorted(rows, key=lambda row: (row.state in RUNNING, row.starts_on, row.pk), reverse=True)
    rule = RULES["pathways.pathway.guide"].find(actor)
    guided = (
        set(rule.filter(person=person).values_list("pk", flat=True)) if isinstance(rule, QuerySet) else set()
    )
    return [_way(pathway, pathway.pk in guided) for pathway in found]


def _way(pathway: Pathway, guide: bool) -> Way:
    now = standing(pathway)
    return Way(
        pathway=pathway,
        now=now,
        programme=programme_name(now.programme),
        placements=list(pathway.placements.all()),
        guide=guide,
    )


def buttons(service: Service, way: Way) -> list[dict[str, Any]]:
    """What the coach can do with the pathway now: label, address, icon."""
    if not way.guide or not way.running:
        return []
    key = way.pathway.pk
    paused = way.pathway.state == "suspended"
    offered = [
        ("matching.place_search", _("Zoek een plek"), "building", not paused),
        ("followup.evaluation_hold", _("Evaluatie"), "message", True),
        ("pathways.wheel", _("Wiel"), "path", True),
        ("pathways.aim_change", _("Ander doel"), "star", True),
        ("pathways.coach_change", _("Andere begeleider"), "person", True),
        ("pathways.weight_edit", _("Gewicht"), "chart", True),
        ("pathways.pathway_hand_over", _("Warme overdracht"), "handshake", True),
        ("pathways.pathway_resume", _("Hervat"), "path", paused),
        ("pathways.pathway_pause", _("Pauzeer"), "pause", not paused),
        ("pathways.pathway_end", _("Rond af"), "flag", True),
    ]
    return [
        {"label": label, "url": url(service, name, pathway=key), "icon": icon}
        for name, label, icon, open_now in offered
        if open_now and name in PAGES
    ]


def way_facts(way: Way) -> list[tuple[Any, Any]]:
    pathway = way.pathway
    facts = [
        (_("Soort"), way.programme),
        (_("Doel"), way.now.aim_word or "–"),
        (_("Begeleider"), pathway.coach.name),
        (_("Gestart"), date_format(pathway.starts_on, "j F Y")),
    ]
    if pathway.ends_on:
        facts.append((_("Afgerond"), date_format(pathway.ends_on, "j F Y")))
    return facts


def wheel(way: Way) -> dict[str, Any]:
    """For ui_wheel; places that another programme named are left out."""
    known = {segment["key"] for segment in way.now.segments}
    rows = sorted(way.pathway.wheel_positions.all(), key=lambda row: (row.starts_on, str(row.pk)))
    place = way.now.place
    return {
        "segments": way.now.segments,
        "current": place.segment if place and place.segment in known else "",
        "wish": place.wish if place and place.wish in known else "",
        "history": [{"key": row.segment, "date": row.starts_on} for row in rows if row.segment in known],
    }


PLACE_BADGES = {"proposed": "info", "active": "success", "ended": "neutral", "cancelled": "neutral"}


def place_card(service: Service, placement: Placement, guide: bool) -> dict[str, Any]:
    """A place: where, what, when; its state and what it waits for. `guide`: the actor may open it."""
    ends = f" – {date_format(placement.ends_on, 'j F Y')}" if placement.ends_on else ""
    return {
        "host": placement.host.organisation.name,
        "task": placement.task.title,
        "when": halfdays.in_words(placement.half_days),
        "dates": _("vanaf %(day)s") % {"day": date_format(placement.starts_on, "j F Y")} + ends,
        "state": str(PLACEMENT.states[placement.state]),
        "kind": PLACE_BADGES[placement.state],
        "waits": str(waits_for(placement)[0]) if placement.state == "proposed" else "",
        "url": url(service, "placements.placement_detail", placement=placement.pk) if guide else "",
    }


def waits_for(placement: Placement) -> tuple[str, str]:
    """What a proposed place waits for, and what to do: from its newest agreement (fetched along)."""
    newest = max(placement.agreements.all(), key=lambda row: row.version, default=None)
    if newest is None:
        return _("Er is nog geen afsprakennota."), _("Maak de nota")
    if newest.state == "draft":
        return _("De afsprakennota is in opmaak."), _("Verstuur de nota")
    if newest.state == "out":
        signed = {row.party for row in newest.signatures.all()}
        given = {"n": len(signed), "all": len(newest.parties)}
        return _("%(n)s van de %(all)s handtekeningen zijn er.") % given, _("Laat tekenen")
    return _("Alles is getekend."), _("Start de plek")


# What is due ---------------------------------------------------------------------------------------------------------


def due_words(day: date, today: date) -> str:
    """'3 dagen te laat', 'vandaag', 'op 3 november 2026'."""
    late = (today - day).days
    if late > 0:
        return ngettext("%(n)s dag te laat", "%(n)s dagen te laat", late) % {"n": late}
    return _("vandaag") if late == 0 else _("op %(day)s") % {"day": date_format(day, "j F Y")}


def next_talk(way: Way, today: date) -> followup.Due | None:
    """The first evaluation to come, at most a year ahead."""
    found = followup.open_moments(way.pathway, today, ahead=366)
    return found[0] if found else None


def warnings(way: Way, today: date, service: Service) -> list[dict[str, str]]:
    """What needs attention in a running pathway: kind, text and, where a page decides it, its address; urgent first."""
    if not way.running:
        return []
    decide = url(service, "followup.go_on", pathway=way.pathway.pk) if way.guide else ""
    found = [
        _warning("warning", _("Evaluatie: %(when)s.") % {"when": due_words(due.day, today)})
        for due in followup.due_evaluations([way.pathway], today)
        if due.day <= today
    ]
    for limit in followup.limits([way.pathway], today):
        kind = "info" if followup.is_answered(limit, today) else "warning"
        found.append(_warning(kind, followup.limit_words(limit), decide))
    for still in followup.stands_still([way.pathway], today):
        text = ngettext("Al %(n)s week niets genoteerd.", "Al %(n)s weken niets genoteerd.", still.weeks)
        found.append(_warning("warning", text % {"n": still.weeks}))
    if not any(p.state in ("active", "proposed") for p in way.placements):
        found.append(_warning("info", _("Er is nu geen plek.")))
    return found + [
        insurance for p in way.placements if p.state == "active" for insurance in _insurance(p, today)
    ]


def _warning(kind: str, text: str, address: str = "") -> dict[str, str]:
    return {"kind": kind, "text": text, "url": address}


def _insurance(placement: Placement, today: date) -> Iterable[dict[str, str]]:
    until = placement.host.insurance_until
    if until is not None and until < today:
        text = _("De verzekering van %(host)s liep tot %(day)s.")
        given = {"host": placement.host.organisation.name, "day": date_format(until, "j F Y")}
        yield _warning("error", text % given)


def calls(person: Person) -> list[SheetPerson]:
    """Months in which a host asks to be phoned about this person."""
    rows = SheetPerson.objects.filter(person=person, call_asked_at__isnull=False)
    return list(rows.select_related("timesheet__host__organisation"))


def open_referral(person: Person) -> Referral | None:
    return person.referrals.filter(state__in=("received", "in_talks")).order_by("-received_on").first()


# Timeline and months -------------------------------------------------------------------------------------------------


def timeline(person: Person, *, most: int, notes: QuerySet[Note] | None = None) -> list[dict[str, Any]]:
    """The newest lines, in words, with who did it; `notes`: those whose text may be shown with their line."""
    rows = list(Event.objects.filter(subject_id=person.pk).order_by("-happened_on", "-at", "-id")[:most])
    told = (
        notes.filter(pk__in=[row.object_id for row in rows if row.kind in ("person.note", "person.attempt")])
        if notes is not None
        else ()
    )
    texts: dict[UUID, str] = {note.pk: note.text for note in told}
    names = {str(c.user_id): c.name for c in StaffMember.objects.all()} if rows else {}
    return [
        {
            "date": row.happened_on,
            "title": sentence(row.kind, row.details),
            "text": texts.get(row.object_id, "") if row.object_id else "",
            "icon": icon_of(row.kind),
            "who": names.get(row.actor.removeprefix("user:"), ""),
        }
        for row in rows
    ]


def icon_of(kind: str) -> str:
    name = KINDS[kind].icon if kind in KINDS else ""
    return name if name in icons.ICONS else "path"


@dataclass(frozen=True)
class Month:
    """A month's hours: confirmed, and entered but not confirmed yet, in minutes."""

    month: date
    confirmed: int
    waiting: int


def hours_per_month(person: Person, today: date) -> list[Month]:
    """The last twelve months with hours, newest first; two queries."""
    first = months.first_of(today - timedelta(days=31 * (HISTORY_MONTHS - 1)))
    confirmed = confirmed_minutes(person_ids=[person.pk], first=first)
    entered: dict[date, int] = {}
    lines = HourLine.objects.filter(person=person, month__gte=first, timesheet__isnull=False)
    for row in lines.exclude(timesheet__state="confirmed").values("month", "minutes"):
        entered[row["month"]] = entered.get(row["month"], 0) + row["minutes"]
    known = {month for _person, month in confirmed} | entered.keys()
    return [
        Month(month, confirmed.get((person.pk, month), 0), entered.get(month, 0))
        for month in sorted(known, reverse=True)
    ]


def month_rows(found: list[Month]) -> list[list[Any]]:
    return [
        [
            date_format(m.month, "F Y"),
            show_minutes(m.confirmed),
            show_minutes(m.waiting) if m.waiting else "–",
        ]
        for m in found
    ]


def month_bars(found: list[Month]) -> list[dict[str, Any]]:
    """Oldest first, for ui_chart_bar."""
    return [
        {
            "label": date_format(m.month, "M Y"),
            "value": m.confirmed / 60,
            "text": show_minutes(m.confirmed),
            "kind": "",
        }
        for m in reversed(found)
    ]
