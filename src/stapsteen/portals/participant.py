"""What a participant sees: only the own record, in plain words."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stapsteen.core import halfdays
from stapsteen.core.access import reachable
from stapsteen.followup import queries as followup
from stapsteen.hours import months
from stapsteen.hours.durations import show_minutes
from stapsteen.hours.queries import confirmed_minutes
from stapsteen.pathways.models import Pathway
from stapsteen.people.models import Person
from stapsteen.portals import person as parts


def my_path(request: Any, me: Person, today: date) -> dict[str, Any]:
    """Everything on the page; a fixed number of queries."""
    found = parts.ways(me, request.actor)
    way = found[0] if found else None
    return {
        "me": me,
        "first_name": me.first_name,
        "steps": steps(me, way, today),
        "wheel": parts.wheel(way) if way else None,
        "coach": way.pathway.coach if way and way.running else None,
        "places": [place(p) for p in way.placements if p.state == "active"] if way else [],
        "agreements": agreements(request),
        "hours": my_hours(me, today),
    }


def steps(me: Person, way: parts.Way | None, today: date) -> list[dict[str, Any]]:
    """The path: what happened (done), where I am (current), what comes (next)."""
    referral = me.referrals.order_by("-received_on", "-id").first()
    found: list[dict[str, Any]] = []
    if referral is not None:
        found.append({"label": _("Aangemeld"), "date": referral.received_on})
    if way is None:
        talk = {"label": _("We leren elkaar kennen"), "state": "current"}
        return [*({**step, "state": "done"} for step in found), talk]
    found.append({"label": _("Gestart met jouw begeleider"), "date": way.pathway.starts_on})
    found += [
        {"label": _("Begonnen bij %(host)s") % {"host": p.host.organisation.name}, "date": p.starts_on}
        for p in sorted(way.placements, key=lambda p: p.starts_on)
        if p.state in ("active", "ended")
    ]
    held = [e for e in way.pathway.evaluations.all() if e.state == "held" and e.held_on]
    found += [{"label": _("Samen gepraat"), "date": e.held_on} for e in held]
    done = [{**step, "state": "done"} for step in sorted(found, key=lambda step: step["date"])]
    return done + _ahead(way, today)


def _ahead(way: parts.Way, today: date) -> list[dict[str, Any]]:
    """What comes: a place, the next talk; or the end."""
    pathway: Pathway = way.pathway
    if pathway.state == "ended":
        return [{"label": _("Afgerond"), "date": pathway.ends_on, "state": "done"}]
    if pathway.state == "suspended":
        return [{"label": _("Even pauze"), "state": "current"}]
    if any(p.state == "active" for p in way.placements):
        now = [{"label": _("Je bent bezig"), "state": "current"}]
    elif any(p.state == "proposed" for p in way.placements):
        now = [{"label": _("We maken afspraken over jouw plek"), "state": "current"}]
    else:
        now = [{"label": _("We zoeken een plek die bij jou past"), "state": "current"}]
    talks = followup.open_moments(pathway, today, ahead=366)
    return now + [
        {"label": _("Samen praten: hoe gaat het?"), "date": max(d.day, today), "state": "next"}
        for d in talks[:1]
    ]


def place(placement: Any) -> dict[str, str]:
    return {
        "host": placement.host.organisation.name,
        "task": placement.task.title,
        "when": halfdays.in_words(placement.half_days),
    }


def agreements(request: Any) -> list[dict[str, str]]:
    """The own agreements that went out or hold, newest first."""
    rows = reachable(request.actor, "placements.agreement.own").select_related(
        "placement__host__organisation"
    )
    return [
        {
            "label": row.placement.host.organisation.name,
            "url": parts.url(request.service, "placements.agreement_own", agreement=row.pk),
        }
        for row in rows.order_by("-created_at")
    ]


def my_hours(me: Person, today: date) -> list[dict[str, str]]:
    """Confirmed hours of this month and the two before."""
    this = months.first_of(today)
    wanted = [this, months.before(this), months.before(months.before(this))]
    found = confirmed_minutes(person_ids=[me.pk], first=wanted[-1])
    return [
        {"month": date_format(month, "F Y"), "hours": show_minutes(found[me.pk, month])}
        for month in wanted
        if (me.pk, month) in found
    ]
