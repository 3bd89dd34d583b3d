"""What a service shows of itself: its files for everyone, and the pages where an administrator changes it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from stapsteen.core.models import StoredFile
from stapsteen.core.pages import page, show, submit
from stapsteen.network import actions_service as actions
from stapsteen.network import outside
from stapsteen.network.forms_service import FunderForm, OutsideForm, ServiceForm
from stapsteen.network.models import OutsideService, Service
from stapsteen.network.outside import shipped

FORM = ("GET", "POST")


def public_files(service: Service) -> set[str]:
    """The ids of the files that everyone may see: the brochure and the funders' logos."""
    return {str(service.brochure_file), *(row["logo"] for row in service.funders)} - {"None", ""}


@page("<slug:service>/bestand/<uuid:file>/", rule="network.service.visit")
def service_file(request: Any, file: UUID) -> HttpResponse:
    """A logo or the brochure; any other file isn't there."""
    if str(file) not in public_files(request.service):
        raise Http404
    found = StoredFile.objects.filter(pk=file).first()
    if found is None:
        raise Http404
    answer = HttpResponse(bytes(found.content), content_type=found.content_type)
    answer.headers["Content-Disposition"] = f'inline; filename="{found.name}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


@page("<slug:service>/instellingen/dienst/", rule="network.service.change", methods=FORM)
def service_edit(request: Any) -> HttpResponse:
    """What the public page shows: texts, contact, wait or intake stop, brochure, film."""
    form = ServiceForm(request.POST or None, request.FILES or None, service=request.service)
    act = actions.update_service
    if submit(form, lambda _d: act(service=request.service, actor=request.actor, **form.values())):
        messages.success(request, _("Bewaard. Zo ziet iedereen het nu."))
        return redirect("network.settings_page", service=request.service.slug)
    return show(request, "network/service_edit.html", {"form": form})


@page("<slug:service>/instellingen/subsidie/", rule="network.service.change", methods=FORM)
def funder_edit(request: Any) -> HttpResponse:
    """Who pays, with logos; one can be added or taken away."""
    form = FunderForm(request.POST or None, request.FILES or None)
    act = actions.add_funder
    if submit(form, lambda _d: act(service=request.service, actor=request.actor, **form.values())):
        messages.success(request, _("De subsidiegever staat op de pagina."))
        return redirect("network.funder_edit", service=request.service.slug)
    return show(request, "network/funder_edit.html", {"form": form, "funders": funders(request.service)})


@page("<slug:service>/instellingen/subsidie/weg/", rule="network.service.change", methods=("POST",))
def funder_remove(request: Any) -> HttpResponse:
    """One funder goes from the page."""
    actions.remove_funder(service=request.service, actor=request.actor, name=request.POST.get("name", ""))
    messages.success(request, _("De subsidiegever staat niet meer op de pagina."))
    return redirect("network.funder_edit", service=request.service.slug)


def funders(service: Service) -> list[dict[str, str]]:
    """Name, website and address of the logo."""
    return [
        {
            "name": row["name"],
            "url": row["url"],
            "logo": reverse("network.service_file", kwargs={"service": service.slug, "file": row["logo"]})
            if row["logo"]
            else "",
        }
        for row in service.funders
    ]


@page("<slug:service>/instellingen/andere-diensten/", rule="network.service.change")
def outside_list(request: Any) -> HttpResponse:
    """Where people are sent who don't fit here: own additions, and what ships with the house."""
    language = request.LANGUAGE_CODE
    rows = list(OutsideService.objects.filter(service=request.service).order_by("name", "id"))
    own = [
        [
            {"text": row.name, "href": _outside_url(request, row)},
            row.what.get(language) or row.what.get("nl", ""),
            row.phone or row.url,
        ]
        for row in rows
        if not row.hidden
    ]
    ours = {row.name: row for row in rows}
    ready = [_shipped_line(request, row, ours) for row in (*outside.SHIPPED, *outside.LISTENING)]
    context = {"own": own, "shipped": ready, "columns": [_("Naam"), _("Wat doen ze?"), _("Bereikbaar via")]}
    return show(request, "network/outside_list.html", context)


def _shipped_line(request: Any, row: outside.Help, ours: dict[str, OutsideService]) -> dict[str, Any]:
    """A shipped one: as it is, hidden by this service, or with another number in its place."""
    slug, mine = {"service": request.service.slug}, ours.get(row.name)
    return {
        "row": row,
        "state": "" if mine is None else _("verborgen") if mine.hidden else _("door jullie vervangen"),
        "replace_url": f"{reverse('network.outside_add', kwargs=slug)}?vast={quote(row.name)}"
        if mine is None or mine.hidden
        else _outside_url(request, mine),
        "hide_url": reverse("network.outside_hide", kwargs=slug) if mine is None else "",
        "show_url": _outside_url(request, mine) if mine else "",
    }


@page(
    "<slug:service>/instellingen/andere-diensten/verberg/", rule="network.service.change", methods=("POST",)
)
def outside_hide(request: Any) -> HttpResponse:
    """A shipped one that doesn't hold here any more."""
    actions.hide_outside(service=request.service, actor=request.actor, name=request.POST.get("name", ""))
    messages.success(request, _("Deze dienst tonen we niet meer."))
    return redirect("network.outside_list", service=request.service.slug)


def _outside_url(request: Any, row: OutsideService) -> str:
    return reverse("network.outside_edit", kwargs={"service": request.service.slug, "outside": row.pk})


@page("<slug:service>/instellingen/andere-diensten/nieuw/", rule="network.service.change", methods=FORM)
def outside_add(request: Any) -> HttpResponse:
    """Another service where people can go."""
    return _outside_form(request, None)


@page(
    "<slug:service>/instellingen/andere-diensten/<uuid:outside>/", rule="network.outside.change", loads="outside",
    methods=FORM,
)  # fmt: skip
def outside_edit(request: Any, outside: OutsideService) -> HttpResponse:
    """Change it, or take it away."""
    if request.POST.get("actie") == "weg":
        actions.remove_outside(row=outside, actor=request.actor)
        back = shipped(outside.name) is not None
        messages.success(
            request,
            _("De vaste dienst staat er weer.") if back else _("De dienst staat niet meer op de lijst."),
        )
        return redirect("network.outside_list", service=request.service.slug)
    return _outside_form(request, outside)


def _outside_form(request: Any, row: OutsideService | None) -> HttpResponse:
    """The form; ?vast= begins with a shipped one, to put another in its place."""
    ready = shipped(request.GET.get("vast", ""))
    if ready:
        row = OutsideService.objects.filter(service=request.service, name=ready.name).first()
    form = OutsideForm(request.POST or None, row=row, ready=ready)
    act = actions.save_outside
    if submit(form, lambda _d: act(service=request.service, actor=request.actor, row=row, **form.values())):
        messages.success(request, _("Bewaard. Wie hier niet past, ziet deze dienst."))
        return redirect("network.outside_list", service=request.service.slug)
    return show(request, "network/outside_edit.html", {"form": form, "outside": row})
