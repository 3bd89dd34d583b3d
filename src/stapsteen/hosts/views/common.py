"""What several pages of this room share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from stapsteen.core.edits import form_page
from stapsteen.core.pages import View, page
from stapsteen.hosts import queries
from stapsteen.hosts.models import Host

FORM = ("GET", "POST")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PER_PAGE = 50


def address(request: Any, name: str, **keys: Any) -> str:
    return reverse(name, kwargs={"service": request.service.slug, **keys})


def about(request: Any, host: Host) -> dict[str, Any]:
    """What each page about one host shows on top."""
    organisation = host.organisation
    return {
        "host": host,
        "organisation": organisation,
        "host_url": queries.host_url(request.service, host.pk),
        "list_url": address(request, "hosts.host_list"),
        "urls": {
            name: address(request, f"hosts.{name}", host=host.pk)
            for name in (
                "contact_set",
                "capacity_set",
                "host_agreement",
                "host_edit",
                "host_move",
                "note_add",
                "task_add",
                "talk_add",
                "review_add",
                "agreement_new",
                "capacity_ask",
                "refusal_add",
                "key_person_add",
                "site_add",
            )
        },
    }


def host_page(part: str) -> Callable[[View], View]:
    """A page at `part` of a host's address, for who may change how the service works with that host."""
    route = f"<slug:service>/gastorganisaties/<uuid:host>/{part}/"
    return page(route, rule="hosts.host.edit", loads="host", methods=FORM)


def host_form(
    request: Any,
    host: Host,
    form: Any,
    act: Any,
    *,
    title: str,
    done: str,
    text: str = "",
    template: str = "hosts/host_form.html",
    extra: dict[str, Any] | None = None,
    back: str = "",
) -> HttpResponse:
    """A page with one form about the host: saved, back to the host (or to `back`); broken, the form again."""
    context = {**about(request, host), "title": title, "text": text, **(extra or {})}
    back = back or queries.host_url(request.service, host.pk)
    return form_page(request, form, act, done=done, back=back, template=template, context=context)


def map_points(request: Any, name: str, town: str, towns: Any) -> list[dict[str, Any]]:
    """The list's municipalities as points that filter it (the other filters stay); `town` is the one chosen now."""
    kept = request.GET.copy()
    kept.pop("pagina", None)
    points = []
    for point in queries.points(towns):
        kept["gemeente"] = str(point.key)
        url = f"{address(request, name)}?{kept.urlencode()}"
        points.append({"point": point, "url": url, "chosen": str(point.key) == town})
    return points
