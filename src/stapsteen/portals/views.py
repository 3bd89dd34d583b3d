"""Home pages per role."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stapsteen.core.access import RULES, reachable
from stapsteen.core.models import OutgoingMail
from stapsteen.core.pages import page, show
from stapsteen.pathways.experts import own_persons, own_requests
from stapsteen.pathways.models import Referral
from stapsteen.pathways.queries import referrals_of, status_word
from stapsteen.pathways.states import EXPERT_REQUEST
from stapsteen.people.access import standing_partner
from stapsteen.portals import my_map_views, own_views, person_views, who_sees_views
from stapsteen.portals import participant as own
from stapsteen.portals import person as parts
from stapsteen.portals.search import search as find
from stapsteen.portals.today import Day, sections

__all__ = ["my_map_views", "own_views", "person_views", "who_sees_views"]
MAILS = 15


# Staff ---------------------------------------------------------------------------------------------------------------


@page("<slug:service>/vandaag/", rule="portals.today")
def today(request: Any) -> HttpResponse:
    """What is due, what waits, what stands still; each line ends in the action itself."""
    day = timezone.localdate()
    found = sections(Day(request.actor, request.service, day))
    context = {
        "date_words": date_format(day, "l j F"),
        "sections": found,
        "count": sum(len(section.items) + section.rest for section in found),
    }
    return show(request, "portals/today.html", context)


@page("<slug:service>/zoeken/", rule="portals.search")
def search(request: Any) -> HttpResponse:
    """Persons, organisations and tasks at once; spelling may differ."""
    q = request.GET.get("q", "").replace("\0", "").strip()[:80]
    groups = find(request, q)
    context = {
        "groups": groups,
        "search_query": q,
        "lede": _("Je vindt wie en wat je zelf mag zien. De spelling hoeft niet juist te zijn."),
    }
    return show(request, "portals/search.html", context)


@page("<slug:service>/beleid/", rule="portals.policy")
def policy(request: Any) -> HttpResponse:
    """Policy looks at figures, and at nothing else."""
    return redirect("figures.service_figures", service=request.service.slug)


@page("<slug:service>/expert/", rule="portals.expert")
def expert(request: Any) -> HttpResponse:
    """A partner's expert: what somebody asks, and the persons that the partner follows up (requirement A5)."""
    partner = standing_partner(request.actor)
    asks = RULES["pathways.expert.answer"].find(request.actor) is not None
    context = {
        "asked": [
            {
                "row": row,
                "url": parts.url(request.service, "pathways.expert_request", asked=row.pk),
                "state": str(EXPERT_REQUEST.states[row.state]),
                "kind": "info" if row.state == "asked" else "success",
            }
            for row in (own_requests(request.actor) if asks else [])
        ],
        "columns": [_("Naam"), _("Begeleider"), _("Sinds")],
        "rows": [
            [
                {
                    "text": str(row.person),
                    "href": parts.url(request.service, "portals.person", person=row.person_id),
                },
                row.coach.name,
                row.starts_on.strftime("%d/%m/%Y"),
            ]
            for row in (own_persons(partner) if partner else [])
        ],
    }
    return show(request, "portals/expert.html", context)


# Participant and referrer --------------------------------------------------------------------------------------------


@page("<slug:service>/mijn-pad/", rule="people.person.own")
def participant(request: Any) -> HttpResponse:
    """My path: what happened and what comes, where I am, my agreement, my hours, my coach."""
    me = reachable(request.actor, "people.person.own").first()
    context: dict[str, Any] = own.my_path(request, me, timezone.localdate()) if me else {"me": None}
    pathway = own_views.running(request) if me else None
    context["tiles"] = own_views.tiles(request, pathway) if me else []
    context["papers"] = my_map_views.own_papers(request) if pathway else None
    return show(request, "portals/participant.html", context)


@page("<slug:service>/mijn-aanmeldingen/", rule="portals.referrer")
def referrer(request: Any) -> HttpResponse:
    """What became of the own organisation's referrals, as far as the person lets it be known (requirements B4, B6)."""
    rows = (
        referrals_of(request.actor)
        if RULES["pathways.referral.follow"].find(request.actor) is not None
        else []
    )
    context = {
        "columns": [_("Wie"), _("Aangemeld op"), _("Hoe gaat het verder?")],
        "rows": [referral_row(request, row) for row in rows],
        "form_url": parts.url(request.service, "pathways.referral_form"),
    }
    return show(request, "portals/referrer.html", context)


def referral_row(request: Any, row: Referral) -> list[Any]:
    """A line of the referrer's list; a message of the service that isn't answered yet stands beside it."""
    news = (
        [_("nieuw bericht")] if any(m.to_referrer and m.read_at is None for m in row.messages.all()) else []
    )
    address = parts.url(request.service, "pathways.own_referral", referral=row.pk)
    return [
        {"text": row.person.initial_name, "href": address, "sub": " · ".join([row.reference, *news])},
        date_format(row.received_on, "j F Y"),
        status_word(row),
    ]


# The demo ------------------------------------------------------------------------------------------------------------


@page("demo/post/", rule="portals.demo")
def demo_mails(request: HttpRequest) -> HttpResponse:
    """The mails that the demo wrote, newest first, with their links; nothing leaves the machine."""
    mails = OutgoingMail.objects.filter(created_at__gte=timezone.now() - timedelta(days=400))
    shown = Paginator(mails.order_by("-created_at", "-id"), MAILS).get_page(request.GET.get("pagina"))
    context = {"mails": shown, "home": reverse("network.home")}
    return show(request, "portals/demo_mails.html", context)
