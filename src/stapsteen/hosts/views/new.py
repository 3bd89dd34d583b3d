"""A host that is new for the service."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from stapsteen.core.pages import load, page, show, submit
from stapsteen.hosts import actions, queries
from stapsteen.hosts.forms import NewHostForm
from stapsteen.hosts.models import Host, Organisation
from stapsteen.hosts.views.common import FORM, address


@page("<slug:service>/gastorganisaties/nieuw/", rule="hosts.host.add", methods=FORM)
def host_add(request: Any) -> HttpResponse:
    """Choose an organisation that the network knows, or register a new one."""
    if key := request.POST.get("organisation"):
        return choose_organisation(request, key)
    form = NewHostForm(request.POST or None, initial={"name": request.GET.get("q", "")})
    made: list[Host] = []
    if submit(form, lambda data: made.append(register(request, data))):
        messages.success(request, _("De organisatie staat in je lijst."))
        return redirect(queries.host_url(request.service, made[0].pk))
    q = request.GET.get("q", "").strip()
    known = form.doubles or (queries.similar_organisations(q) if q else [])
    own = queries.own_hosts([organisation.pk for organisation in known])
    context = {
        "form": form,
        "q": q,
        "known": [known_card(request, organisation, own.get(organisation.pk)) for organisation in known],
        "list_url": address(request, "hosts.host_list"),
    }
    return show(request, "hosts/host_add.html", context)


def register(request: Any, data: dict[str, Any]) -> Host:
    given = {name: value for name, value in data.items() if name != "anyway"}
    return actions.add_host(actor=request.actor, network=request.service.network, **given)


def choose_organisation(request: Any, key: str) -> HttpResponse:
    try:
        organisation = load(request.actor, "hosts.organisation.edit", key)
    except ValueError:
        raise Http404 from None
    host = actions.work_with(organisation=organisation, actor=request.actor)
    messages.success(request, _("De organisatie staat in je lijst."))
    return redirect(queries.host_url(request.service, host.pk))


def known_card(request: Any, organisation: Organisation, host: Host | None) -> dict[str, Any]:
    return {
        "organisation": organisation,
        "sub": " · ".join(
            part
            for part in (
                str(organisation.get_legal_kind_display()),
                organisation.municipality.name if organisation.municipality else "",
                organisation.enterprise_number,
            )
            if part
        ),
        "host_url": queries.host_url(request.service, host.pk) if host else "",
    }
