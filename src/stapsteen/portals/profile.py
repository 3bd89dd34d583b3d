"""The side "Profiel" of a person's page: what is known, part by part, each with the way to change it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stapsteen.core import ui
from stapsteen.core.access import RULES
from stapsteen.core.halfdays import DAYS, PARTS, SHORT_DAYS, bit, in_words
from stapsteen.core.scope import Actor
from stapsteen.network.models import Service
from stapsteen.pathways.queries_funder import gaps, without_record
from stapsteen.people.also_known import also_known
from stapsteen.people.dutch import per_skill
from stapsteen.people.models import (
    AVOID,
    COMPANY,
    MOBILITY,
    REACH,
    SECTORS,
    SUPPORT,
    Person,
    Status,
    Supporter,
)
from stapsteen.people.queries import current_address, town_of
from stapsteen.people.queries_situation import (
    Following,
    following,
    held_on,
    situation,
    status_line,
    status_word,
    supporters_of,
)
from stapsteen.placements.models import Placement
from stapsteen.portals.person import age_words, url

MARKED = ("representative", "budget_manager")
"""Who must be known before anything is signed or paid: named on top of the person's page."""


def profile(service: Service, actor: Actor, person: Person, today: date) -> dict[str, Any]:
    """All that the page shows; a constant number of queries."""
    statuses = situation(actor, person)
    around, _former = supporters_of(actor, person, today)
    return {
        "identity": identity(person, today),
        "talents": filled(
            (_("Goed in"), person.talents),
            (_("Doet graag"), person.interests),
            (_("Wil graag"), person.wishes),
            (_("Soort werk"), words_of(SECTORS, person.sectors)),
            (_("Met wie"), COMPANY.get(person.company, "")),
            (_("Eigen ervaring die telt"), person.own_experience),
        ),
        "week": week(person.half_days),
        "free": in_words(person.half_days),
        "travel": filled(
            (_("Vervoer"), words_of(MOBILITY, person.mobility)),
            (_("Hoe ver"), travel_words(person.travel_minutes)),
        ),
        "dutch": dutch(person),
        "care": filled(
            (_("Let op"), person.attention_points),
            (_("Kan echt niet"), person.no_gos),
            (_("Plek zonder"), words_of(AVOID, person.avoid or ())),
            (_("Steun op een plek"), words_of(SUPPORT, person.support)),
            (_("Meer over die steun"), person.support_note),
        ),
        "statuses": None
        if statuses is None
        else [status_line(row) for row in statuses if held_on(row, today)],
        "around": around,
        "also_known": also_known(actor, person),
        "settle_url": url(service, "people.double_settle", person=person.pk),
        "funder": funder_gaps(service, actor, person),
        "edit": edit_links(service, person),
    }


def funder_gaps(service: Service, actor: Actor, person: Person) -> list[dict[str, str]]:
    """What the funder's record of the person's pathways still misses, and where to fill it in; for who guides them."""
    if RULES["pathways.pathway.guide"].find(actor) is None:
        return []
    rows = gaps(list(without_record(actor).filter(person=person)))
    return [
        {"words": gap.words, "url": url(service, "pathways.funder_record", pathway=gap.pathway.pk)}
        for gap in rows
    ]


def filled(*items: tuple[str, Any]) -> list[tuple[str, Any]]:
    """The terms with a value."""
    return [(term, value) for term, value in items if value]


def words_of(known: Mapping[str, Any], codes: Iterable[str]) -> str:
    return ", ".join(str(known[code]) for code in codes if code in known)


def identity(person: Person, today: date) -> list[tuple[str, Any]]:
    home = current_address(person)
    lives = (
        ", ".join(part for part in (home.street, f"{home.postal_code} {town_of(home)}".strip()) if part)
        if home
        else ""
    )
    interpreter = _("ja: %(language)s") % {"language": person.interpreter} if person.interpreter else ""
    return filled(
        (_("Leeftijd"), age_words(person, today)),
        (_("Woont"), lives),
        (_("Telefoon"), person.phone),
        (_("E-mailadres"), person.email),
        (_("Best bereikbaar via"), REACH.get(person.reach_by, "")),
        (_("Taal"), person.language),
        (_("Tolk nodig"), interpreter),
    )


def travel_words(minutes: int | None) -> str:
    text = ngettext("hoogstens %(n)s minuut enkele reis", "hoogstens %(n)s minuten enkele reis", minutes or 0)
    return text % {"n": minutes} if minutes else ""


def week(mask: int) -> dict[str, Any]:
    """The days with a free half-day, and for each part whether it is free."""
    rows: list[dict[str, Any]] = [
        {
            "day": DAYS[day],
            "short": SHORT_DAYS[day],
            "free": [bool(mask & bit(day, part)) for part in range(3)],
        }
        for day in range(7)
    ]
    return {"parts": PARTS, "rows": [row for row in rows if any(row["free"])]}


def dutch(person: Person) -> list[tuple[Any, str]]:
    """Each skill with its step, and the European level beside it."""
    return [
        (
            line["skill"],
            _("NT2 %(step)s, Europees %(level)s") % line if line["level"] != "–" else line["step"],
        )
        for line in per_skill(person)
    ]


def edit_links(service: Service, person: Person) -> dict[str, str]:
    return {
        "who": url(service, "people.person_edit", person=person.pk),
        "talents": url(service, "people.talents_edit", person=person.pk),
        "days": url(service, "people.days_edit", person=person.pk),
        "dutch": url(service, "people.dutch_edit", person=person.pk),
        "care": url(service, "people.care_edit", person=person.pk),
        "situation": url(service, "people.situation", person=person.pk),
        "around": url(service, "people.supporters", person=person.pk),
        "sensitive": url(service, "people.sensitive", person=person.pk),
    }


# What the person's page takes from here -------------------------------------------------------------------------------


def marked_facts(actor: Actor, person: Person, today: date) -> list[dict[str, Any]]:
    """Representative and budget manager for the strip on top, with whether we may call them."""
    around, _former = supporters_of(actor, person, today)
    return [marked(row) for row in around if row.kind in MARKED]


def marked(row: Supporter) -> dict[str, Any]:
    """Who it is, with the number when we may call, else why not."""
    text = f"{Supporter.KINDS[row.kind]}: {row.name or row.organisation}"
    if row.may_call == "yes" and row.phone:
        return {"icon": "people", "text": f"{text}, {row.phone}", "href": ui.tel(row.phone)}
    why = _("niet bellen") if row.may_call == "no" else _("eerst vragen om te bellen")
    return {"icon": "people", "text": f"{text} ({why})"}


def status_warnings(
    actor: Actor, person: Person, placements: list[Placement], today: date
) -> list[dict[str, str]]:
    """What a status asks before a place starts, or forbids; only for who may see statuses.

    Settled by the start of a running place: a status that began later asks it again.
    """
    statuses = [row for row in situation(actor, person) or [] if held_on(row, today)]
    begun = [row.starts_on for row in placements if row.state == "active"]
    return [
        {"kind": "error" if item.consequence.kind == "stop" else "warning", "text": words(item), "url": ""}
        for item in following(statuses)
        if item.consequence.kind != "note" and not _settled(item.status, begun, item.consequence.kind)
    ]


def _settled(status: Status, begun: list[date], kind: str) -> bool:
    return kind == "duty" and any(day >= status.starts_on for day in begun)


def words(item: Following) -> str:
    status = status_word(item.status)
    return f"{status[:1].upper()}{status[1:]}. {item.consequence.text}"
