"""Reads about partners' experts: what one may see of a person, who was asked, and every look (requirement A5)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stapsteen.core.access import reachable
from stapsteen.core.halfdays import in_words
from stapsteen.core.models import ReadEntry
from stapsteen.core.scope import Actor
from stapsteen.pathways import looking, queries
from stapsteen.pathways.models import ExpertRequest, Pathway
from stapsteen.people.consents import now_holds
from stapsteen.people.dutch import per_skill
from stapsteen.people.models import COMPANY, MOBILITY, SECTORS, SUPPORT, Person

MOST_LOOKS = 20
SHOWN = ("profile", "dutch", "wheel", "ring", "ring_summary", "domains", "spokes", "series", "spider_summary")


def is_open(asked: ExpertRequest, day: date | None = None) -> bool:
    """Whether the expert can still open it: state, period and consent."""
    today = day or timezone.localdate()
    in_period = asked.starts_on <= today and (asked.ends_on is None or asked.ends_on >= today)
    return asked.state in ("asked", "accepted") and in_period and now_holds(asked.consent)


def requests_of(pathway: Pathway) -> list[tuple[ExpertRequest, list[str]]]:
    """Everyone who was asked along on a pathway, newest first, with the moments of looking, in words; four queries."""
    rows = pathway.expert_requests.select_related("expert", "consent").prefetch_related("advices")
    found = list(rows.order_by("-asked_at", "-id"))
    if not found:
        return []
    actors = {f"user:{row.expert.user_id}" for row in found}
    entries = ReadEntry.objects.filter(
        at__gte=min(row.asked_at for row in found), actor__in=actors, subjects__contains=[pathway.person_id],
        purpose="pathways.expert_request",
    ).order_by("-at")  # fmt: skip
    looks: dict[str, list[Any]] = {}
    for entry in entries[: MOST_LOOKS * len(found)]:
        looks.setdefault(entry.actor, []).append(entry.at)
    return [(row, _moments(looks.get(f"user:{row.expert.user_id}", []), row)) for row in found]


def _moments(found: list[Any], asked: ExpertRequest) -> list[str]:
    mine = [at for at in found if at >= asked.asked_at][:MOST_LOOKS]
    return [date_format(timezone.localtime(at), "j F Y, H:i") for at in mine]


def own_requests(actor: Actor) -> list[ExpertRequest]:
    """What the expert is asked for now, newest first."""
    rows = reachable(actor, "pathways.expert.answer").select_related("person", "asked_by")
    return list(rows.order_by("-asked_at", "-id"))


def own_persons(partner: Any) -> list[Pathway]:
    """The running pathways that a standing partner follows up."""
    rows = Pathway.objects.filter(partner_id=partner, state__in=queries.RUNNING, person__erased_at=None)
    return list(
        rows.select_related("person", "coach").order_by("person__last_name", "person__first_name", "id")
    )


def shared(asked: ExpertRequest) -> dict[str, Any]:
    """Only the parts that the person agreed to; sensitive life domains stay closed in each of them."""
    pathway, parts = asked.pathway, set(asked.parts)
    found: dict[str, Any] = {**dict.fromkeys(SHOWN), "name": asked.person.initial_name, "goals": []}
    if "profile" in parts:
        found["profile"] = profile(asked.person)
    if "dutch" in parts:
        found["dutch"] = [[row["skill"], row["step"], row["level"]] for row in per_skill(asked.person)]
    if "wheel" in parts:
        now = queries.standing(pathway)
        found["wheel"] = {
            "segments": now.segments,
            "current": now.place.segment if now.place else "",
            "wish": now.place.wish if now.place else "",
            "history": queries.wheel_history(pathway),
        }
    if "goals" in parts:
        found["goals"] = looking.ambitions(pathway)
    if "explorator" in parts and (mapping := next(iter(looking.exploratories(pathway)), None)):
        domains = looking.life_domains(mapping, sees_all=False)
        found["ring"] = looking.ring_domains(domains)
        found["ring_summary"] = looking.ring_summary(domains)
        found["domains"] = [[d.label, d.scale_word, (d.shown.wish if d.shown else "") or ""] for d in domains]
    if "spider" in parts:
        found.update(_spider(pathway))
    return found


def _spider(pathway: Pathway) -> dict[str, Any]:
    hidden = {domain.id for domain in looking.programme_today(pathway).rules.domains if domain.sensitive}
    evolution = looking.evolution(pathway, hide=hidden)
    spokes, series = looking.over_time(evolution)
    if not (evolution.closed and spokes):
        return {}
    return {"spokes": spokes, "series": series, "spider_summary": looking.spider_summary(evolution)}


def profile(person: Person) -> list[tuple[str, str]]:
    """Who it is, without address, telephone or anything that is locked."""
    facts = [
        (_("Geboortejaar"), str(person.birth_year or "")),
        (_("Taal"), person.language),
        (_("Goed in"), person.talents),
        (_("Doet graag"), person.interests),
        (_("Wil graag"), person.wishes),
        (_("Soort werk"), ", ".join(str(SECTORS[key]) for key in person.sectors if key in SECTORS)),
        (_("Vrij op"), in_words(person.half_days)),
        (_("Met wie"), str(COMPANY.get(person.company, ""))),
        (_("Vervoer"), ", ".join(str(MOBILITY[key]) for key in person.mobility if key in MOBILITY)),
        (_("Steun op een plek"), ", ".join(str(SUPPORT[key]) for key in person.support if key in SUPPORT)),
    ]
    return [(term, value) for term, value in facts if value]
