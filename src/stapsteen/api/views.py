"""Version 1: which service covers a town (for everybody), and the persons that the caller may see."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from stapsteen.core.access import reachable
from stapsteen.core.pages import page
from stapsteen.network.models import Service
from stapsteen.network.queries import covered_towns, who_covers


@page("api/v1/diensten/", rule="network.anyone")
def services(request: HttpRequest) -> HttpResponse:
    """All services with the municipalities that they cover."""
    found = [
        {**about(service), "municipalities": [{"nis": t.nis, "name": t.name} for t in covered_towns(service)]}
        for service in Service.objects.order_by("slug")
    ]
    return JsonResponse({"services": found})


@page("api/v1/waar/", rule="network.anyone")
def where(request: HttpRequest) -> HttpResponse:
    """`?q=`: a name, former name, village or postal code. The towns that it may mean, best first, each with its services."""
    text = request.GET.get("q", "").strip()[:80]
    found = [
        {
            "nis": place.match.nis,
            "name": place.match.name,
            "locality": place.match.locality,
            "certainty": place.match.score,
            "services": [about(service) for service in place.services],
        }
        for place in (who_covers(text) if text else [])
    ]
    return JsonResponse({"towns": found})


@page("api/v1/<slug:service>/mensen/", rule="people.person.list")
def persons(request: Any) -> HttpResponse:
    """The persons that the caller may see, with what a calendar or mail program needs to recognise them."""
    found = [
        {
            "id": str(person.pk),
            "first_name": person.first_name,
            "last_name": person.last_name,
            "phone": person.phone,
        }
        for person in reachable(request.actor, "people.person.view").order_by(
            "last_name", "first_name", "id"
        )[:1000]
    ]
    return JsonResponse({"persons": found})


def about(service: Service) -> dict[str, Any]:
    return {
        "slug": service.slug,
        "name": service.name,
        "owner": service.owner_name,
        "open": service.intake_open,
        "expected_wait_weeks": service.expected_wait_weeks,
        "page": reverse("network.service_page", kwargs={"service": service.slug}),
    }
