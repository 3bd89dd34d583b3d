"""Is it alive, and what to say when a page isn't there."""

from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render


def health(request: HttpRequest) -> HttpResponse:
    """200 when the database answers as the application role; for the proxy and the launcher, no data."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ok": True})


def not_found(request: Any, exception: Any) -> HttpResponse:
    """The same page whether something doesn't exist or may not be seen."""
    request.service = None  # a stranger learns nothing, not even the service's look
    return render(request, "404.html", status=404)
