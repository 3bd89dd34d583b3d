"""What stands around every page: the menu of what this actor may open, the services to switch to, search."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from stapsteen.core import scope
from stapsteen.core.access import RULES
from stapsteen.core.pages import PAGES
from stapsteen.network.house import services_of, staff_member
from stapsteen.network.roles import EXPERT, GUIDING
from stapsteen.network.views import home_url


def menu() -> list[tuple[str, str, str, str]]:
    """(page, label, icon, prefix of the pages that belong to it), in the order of a coach's day."""
    return [
        ("portals.today", _("Vandaag"), "sun", "portals.today"),
        ("people.person_list", _("Mensen"), "people", "portals.person"),
        ("people.agenda", _("Agenda"), "calendar", "people.appointment"),
        ("pathways.intake_queue", _("Aanmeldingen"), "clipboard", "pathways.referral"),
        ("hours.sheet_list", _("Uren"), "clock", "hours."),
        ("followup.overview", _("Evaluaties"), "message", "followup."),
        ("pathways.group_list", _("Groepen"), "handshake", "pathways.group"),
        ("matching.search_list", _("Voorstellen"), "pin", "matching.search"),
        ("hosts.host_list", _("Gastorganisaties"), "building", "hosts.host"),
        ("hosts.task_list", _("Taken"), "star", "hosts.task"),
        ("matching.supply", _("Vraag en aanbod"), "swap", "matching.supply"),
        ("figures.service_figures", _("Cijfers"), "chart", "figures."),
        ("imports.run_list", _("Inlezen"), "upload", "imports."),
        ("network.settings_page", _("Instellingen"), "gear", "network."),
        ("portals.participant", _("Mijn pad"), "path", "portals.participant"),
        ("portals.referrer", _("Mijn aanmeldingen"), "clipboard", "portals.referrer"),
        ("portals.expert", _("Mijn vragen"), "message", "pathways.expert_request"),
    ]


def chrome(request: Any) -> dict[str, Any]:
    """Around a member's page the menu; around a public one the service's name. Costs at most three queries."""
    page, service = getattr(request, "page", None), getattr(request, "service", None)
    around: dict[str, Any] = {}
    if service is not None:
        around["service_url"] = reverse("network.service_page", kwargs={"service": service.slug})
        around["accent_css_url"] = reverse("network.accent", kwargs={"service": service.slug})
    if page is None or service is None or page.shell.audience != "member" or request.actor is None:
        return around
    slug = {"service": service.slug}
    around["nav"] = [
        {
            "label": label,
            "url": reverse(name, kwargs=slug),
            "icon": icon,
            "current": _is_current(page.name, name, prefix),
        }
        for name, label, icon, prefix in menu()
        if name in PAGES and _opens(PAGES[name].rule, request.actor)
    ]
    if request.actor.card_id:
        return around | {
            "home_url": reverse("portals.participant", kwargs=slug),
            "done_url": reverse("people.card_done", kwargs=slug),
        }
    home = home_url(request.user, service, request.actor.roles)
    around["services"] = [
        {
            "name": other.name,
            "url": home if other == service else home_url(request.user, other),
            "current": other == service,
        }
        for other in services_of(request.user)
    ]
    around["home_url"] = home
    if RULES["portals.search"].find(request.actor):
        around["search_url"] = reverse("portals.search", kwargs=slug)
    if scope.is_open():
        around["who"] = str(staff_member(request.actor) or "")
    return around


def _opens(rule: str, actor: Any) -> bool:
    """Whether the page has something for this actor. A partner's expert has own persons, or none: then nothing is offered."""
    answer = RULES[rule].find(actor)
    if isinstance(answer, QuerySet) and actor.has(EXPERT) and not actor.has(*GUIDING):
        return scope.is_open() and answer.exists()
    return answer is not None and answer is not False


def _is_current(shown: str, name: str, prefix: str) -> bool:
    return shown == name or shown.startswith(prefix)
