"""Is it alive, and what to say when a page isn't there."""

import re
from typing import Any, Final

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

_SECRET: Final = re.compile(r"^_|csrf|token|secret|passw|wachtwoord|^pin$|^insz$", re.IGNORECASE)


def health(request: HttpRequest) -> HttpResponse:
    """200 when the database answers as the application role; for the proxy and the launcher, no data."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ok": True})


def not_found(request: Any, exception: Any) -> HttpResponse:
    """The same page whether something doesn't exist or may not be seen."""
    request.service = None  # a stranger learns nothing, not even the service's look
    typed = typed_words(request)
    response = render(request, "404.html", {"typed": typed}, status=404)
    if typed:
        response.headers["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Renders without the request: Django's own page checks the form's key first, and so reads once more what can't be read."""
    return HttpResponseBadRequest(render_to_string("400.html"))


def typed_words(request: Any) -> list[str]:
    """What somebody known to us typed in a form of ours, whose record is gone: to copy. Never a secret.

    Another form isn't even read: it may be of any size, in any shape, and from anywhere.
    """
    page = getattr(request, "page", None)
    if request.method != "POST" or page is None or page.shell.audience != "member":
        return []
    return [value for name, value in request.POST.items() if len(value) > 2 and not _SECRET.search(name)]
