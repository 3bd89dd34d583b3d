"""Headers on every answer, and what every template may ask for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from stapsteen.core import pages

PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers["Permissions-Policy"] = PERMISSIONS
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if request.path == "/aanmelden/logout/" and request.method == "POST":
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    return middleware


def page_context(request: Any) -> dict[str, Any]:
    """Always given, so that a template never meets an undefined variable."""
    chrome: dict[str, Any] = {}
    for around in pages.CHROME:
        chrome |= around(request)
    return {
        **EMPTY,
        **chrome,
        "demo": settings.DEMO,
        "service": getattr(request, "service", None),
        "actor": getattr(request, "actor", None),
        "page_name": getattr(getattr(request, "page", None), "name", ""),
        "languages": settings.LANGUAGES,
    }


EMPTY: dict[str, Any] = {
    "nav": [],
    "services": [],
    "public_nav": [],
    "who": "",
    "home_url": "/",
    "done_url": "",
    "reading_aid": False,
    "read_aloud": False,
    "service_url": "",
    "search_url": "",
    "search_query": "",
    "accent_css_url": "",
}
