"""Public pages (home, who covers my town, a service), the page after login, and running a service."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from stapsteen.core.access import may
from stapsteen.core.pages import PAGES, page, show, submit
from stapsteen.core.ui import accent_css
from stapsteen.network import outside, queries, roles
from stapsteen.network.actions import end_role, give_role, save_programme
from stapsteen.network.forms import ColleagueForm, ProgrammeForm, WhereForm
from stapsteen.network.house import memberships, services_of
from stapsteen.network.models import Membership, ProgrammeVersion, Service, StaffMember
from stapsteen.network.programme.dump import diff
from stapsteen.network.views_service import funders

HOME_OF_ROLE = (
    (tuple(role for role in roles.STAFF if role != roles.POLICY), "portals.today"),
    ((roles.POLICY,), "portals.policy"),
    ((roles.PARTICIPANT,), "portals.participant"),
    ((roles.REFERRER,), "portals.referrer"),
    ((roles.EXPERT,), "portals.expert"),
)


@page("", rule="network.anyone")
def home(request: HttpRequest) -> HttpResponse:
    """What Stapsteen is, who covers my town; in a demo the way in for every role."""
    services = Service.objects.select_related("network").order_by("name")
    context = {"services_here": services, "form": WhereForm(), "demo_services": demo_logins()}
    return render(request, "network/home.html", context)


def demo_logins() -> list[dict[str, Any]]:
    """The cards of the demo's start page, as the seed wrote them; none outside of a demo."""
    file = settings.DATA_DIR / "demo-logins.json"
    if not settings.DEMO or not file.exists():
        return []
    by_service: dict[str, list[dict[str, str]]] = {}
    for login in json.loads(file.read_text()):
        by_service.setdefault(login["service_name"], []).append(
            {"password": "", "user": "", "link": "", **login}
        )
    return [{"name": name, "logins": logins} for name, logins in by_service.items()]


@page("waar/", rule="network.anyone")
def where(request: HttpRequest) -> HttpResponse:
    """Which service covers my municipality? Also by an old name, a village or a postal code."""
    form = WhereForm(request.GET or None)
    text = form.cleaned_data["q"].strip() if form.is_bound and form.is_valid() else ""
    found = queries.who_covers(text) if text else []
    places = [
        {"place": row, "help": outside.help_for(row.match.nis, row.match.name) if not row.services else []}
        for row in found
    ]
    nis = found[0].match.nis if len(found) == 1 else ""
    context = {"form": form, "text": text, "found": places, "listening": outside.listening_for(nis)}
    return render(request, "network/where.html", context)


@page("<slug:service>/", rule="network.service.visit")
def service_page(request: Any) -> HttpResponse:
    """What the service does, for whom, where, how to reach it."""
    language = get_language() or "nl"
    programmes = [
        {
            "name": version.rules.meta.name.say(language),
            "summary": version.rules.meta.summary.say(language),
            "for_whom": [item.name.say(language) for item in version.rules.for_whom],
            "conditions": [
                rule.explain.met.say(language) for rule in version.rules.rules if rule.asked_at == "public"
            ],
            "how": version.rules.referral.note.say(language),
        }
        for version in queries.programmes_on(request.service)
    ]
    context = {
        "programmes": programmes,
        "towns": queries.covered_towns(request.service),
        "summary": request.service.summary.get(language) or request.service.summary.get("nl", ""),
        "brochure": brochure_address(request.service),
        "funders": funders(request.service),
    }
    return render(request, "network/service_page.html", context)


def brochure_address(service: Service) -> str:
    """The pdf that the service uploaded, else its link; '' for none."""
    if service.brochure_file:
        return reverse(
            "network.service_file", kwargs={"service": service.slug, "file": service.brochure_file}
        )
    return service.brochure_url


@page("<slug:service>/kleur.css", rule="network.service.visit", name="network.accent")
def accent(request: Any) -> HttpResponse:
    """The service's own colour, with contrast that was checked when it was saved."""
    answer = HttpResponse(accent_css(request.service.accent), content_type="text/css")
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


@page("start/", rule="network.user")
def start(request: Any) -> HttpResponse:
    """After login: to today's work; who works for several services chooses."""
    services = services_of(request.user)
    if len(services) == 1:
        return redirect(home_url(request.user, services[0]))
    choices = [{"service": service, "url": home_url(request.user, service)} for service in services]
    return render(request, "network/start.html", {"choices": choices})


def home_url(user: Any, service: Service, held: frozenset[str] | None = None) -> str:
    """Where somebody begins in a service. `held`: the roles there today, where they are known already."""
    if held is None:
        held = frozenset(memberships(user).filter(service=service).values_list("role", flat=True))
    for names, target in HOME_OF_ROLE:
        if held & set(names) and target in PAGES:
            return reverse(target, kwargs={"service": service.slug})
    return reverse("network.service_page", kwargs={"service": service.slug})


@page("<slug:service>/instellingen/", rule="network.service.run")
def settings_page(request: Any) -> HttpResponse:
    """Programmes and colleagues of the service."""
    language = get_language() or "nl"
    programmes = [
        {"version": version, "name": version.rules.meta.name.say(language)}
        for version in queries.programmes_on(request.service)
    ]
    names = dict(StaffMember.objects.values_list("user_id", "name"))
    rows = Membership.objects.filter(service=request.service, ends_on=None).select_related("user")
    may_change = may(request.actor, "network.service.change")
    found = sorted(rows, key=lambda row: (names.get(row.user_id, ""), row.role))
    context = {
        "programmes": programmes,
        "role_columns": [
            _("Naam"),
            _("E-mailadres"),
            _("Rol"),
            *([_("Wat kan je doen")] if may_change else []),
        ],
        "role_rows": [role_row(request, row, names.get(row.user_id, ""), may_change) for row in found],
        "towns": queries.covered_towns(request.service),
        "may_change": may_change,
    }
    return render(request, "network/settings_page.html", context)


def role_row(request: Any, row: Membership, name: str, may_change: bool) -> list[Any]:
    """A line of the table of roles; whoever may change them gets the way to end one."""
    cells: list[Any] = [name, row.user.email, str(roles.ROLES[row.role])]
    if may_change:
        url = reverse("network.role_end", kwargs={"service": request.service.slug, "membership": row.pk})
        cells.append({"text": _("Stop deze rol"), "href": url})
    return cells


@page(
    "<slug:service>/instellingen/programmas/<slug:slug>/",
    rule="network.service.change",
    methods=("GET", "POST"),
)
def programme_edit(request: Any, slug: str) -> HttpResponse:
    """Change the rules of a programme: a new version, for pathways that begin from then on."""
    versions = list(ProgrammeVersion.objects.filter(service=request.service, slug=slug).order_by("-number"))
    if not versions:
        raise Http404
    form = ProgrammeForm(request.POST or None, initial={"text": versions[0].text})
    if submit(form, lambda data: save_programme(service=request.service, actor=request.actor, **data)):
        messages.success(
            request, _("De nieuwe versie is bewaard. Lopende trajecten houden hun eigen versie.")
        )
        return redirect("network.programme_edit", service=request.service.slug, slug=slug)
    history = [
        {"version": newer, "changes": [str(change) for change in diff(older.rules, newer.rules)]}
        for newer, older in pairwise(versions)
    ]
    context = {"form": form, "slug": slug, "newest": versions[0], "first": versions[-1], "history": history}
    return show(request, "network/programme_edit.html", context)


@page("<slug:service>/instellingen/collega/", rule="network.service.change", methods=("GET", "POST"))
def colleague_add(request: Any) -> HttpResponse:
    """Give someone a role in this service."""
    form = ColleagueForm(request.POST or None)
    if submit(form, lambda data: give_role(actor=request.actor, **data)):
        messages.success(request, _("De rol is gegeven."))
        return redirect("network.settings_page", service=request.service.slug)
    return show(request, "network/colleague_add.html", {"form": form})


@page(
    "<slug:service>/instellingen/rol/<uuid:membership>/stop/",
    rule="network.membership.end",
    loads="membership",
    methods=("GET", "POST"),
)
def role_end(request: Any, membership: Membership) -> HttpResponse:
    """Take a role away, after a look at what that means."""
    if request.method == "POST":
        end_role(actor=request.actor, membership=membership)
        messages.success(request, _("De rol is gestopt."))
        return redirect("network.settings_page", service=request.service.slug)
    colleague = StaffMember.objects.filter(user_id=membership.user_id).first()
    context = {"membership": membership, "colleague": colleague, "role": roles.ROLES[membership.role]}
    return render(request, "network/role_end.html", context)
