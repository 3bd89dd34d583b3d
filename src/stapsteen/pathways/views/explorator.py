"""Explorator: the whole life in one picture, one domain on a page, and the question that comes out of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stapsteen.core.edits import tell_merged
from stapsteen.core.pages import page, show, submit
from stapsteen.pathways import actions, looking, looking_pdf
from stapsteen.pathways.forms_looking import DomainForm, FinishForm
from stapsteen.pathways.models import Explorator, Pathway
from stapsteen.pathways.states import EXPLORATOR
from stapsteen.pathways.views.looking import FORM, OF_PATHWAY, about, pdf_answer

OF_MAP = "<slug:service>/explorator/<uuid:explorator>/"


@page(OF_PATHWAY + "explorator/", rule="pathways.pathway.guide", loads="pathway", methods=FORM)
def explorator(request: Any, pathway: Pathway) -> HttpResponse:
    """The newest mapping, or a beginning; POST begins one."""
    enabled = looking.programme_today(pathway).rules.explorator.enabled
    found = looking.exploratories(pathway)
    if not enabled and not found:
        raise Http404
    if request.method == "POST":
        begun = actions.begin_explorator(pathway=pathway, actor=request.actor)
        return redirect(at(request, "explorator_detail", begun))
    if found:
        return show_map(request, found[0], found)
    return show(request, "pathways/explorator_begin.html", about(request, pathway, "explorator"))


@page(OF_MAP, rule="pathways.explorator.fill", loads="explorator")
def explorator_detail(request: Any, explorator: Explorator) -> HttpResponse:
    """One mapping, perhaps an older one."""
    return show_map(request, explorator, looking.exploratories(explorator.pathway))


def show_map(request: Any, mapping: Explorator, found: list[Explorator]) -> HttpResponse:
    domains = domains_for(request, mapping)
    fillable = mapping.state == "open"
    ahead = looking.next_domain(domains) if fillable else None

    def link(domain: looking.LifeDomain) -> str:
        return (
            ""
            if domain.hidden or not fillable
            else at(request, "explorator_domain", mapping, domain=domain.key)
        )

    context = {
        **about(request, mapping.pathway, "explorator"),
        "mapping": mapping,
        "ring": looking.ring_domains(domains, link),
        "summary": looking.ring_summary(domains),
        "rows": [domain_row(domain, link(domain)) for domain in domains],
        "columns": [_("Domein"), _("Hoe gaat het?"), _("Wens"), _("Besproken op")],
        "fillable": fillable,
        "newest": mapping.pk == found[0].pk,
        "next_url": at(request, "explorator_domain", mapping, domain=ahead.key) if ahead else "",
        "next_label": ahead.label if ahead else "",
        "begun": any(domain.row for domain in domains),
        "finish_url": at(request, "explorator_finish", mapping),
        "reopen_url": at(request, "explorator_reopen", mapping),
        "pdf_url": at(request, "explorator_pdf", mapping),
        "begin_url": reverse("pathways.explorator", kwargs=of(request, mapping.pathway)),
        "state": str(EXPLORATOR.states[mapping.state]),
        "others": [
            {"label": date_format(other.begun_on, "j F Y"), "url": at(request, "explorator_detail", other)}
            for other in found
            if other.pk != mapping.pk
        ],
    }
    return show(request, "pathways/explorator.html", context)


def domain_row(domain: looking.LifeDomain, url: str) -> dict[str, Any]:
    """A line of the table behind the picture."""
    row, sign = domain.shown, ""
    if domain.row and domain.row.work_on:
        sign = _("hieraan werken")
    name = {"text": domain.label, "href": url, "sub": sign, "icon": "lock" if domain.sensitive else ""}
    day = date_format(domain.row.spoken_on, "j F Y") if domain.row else "–"
    return {"cells": [name, domain.scale_word, (row.wish if row else "") or "–", day], "kind": ""}


@page(OF_MAP + "domein/<slug:domain>/", rule="pathways.explorator.fill", loads="explorator", methods=FORM)
def explorator_domain(request: Any, explorator: Explorator, domain: str) -> HttpResponse:
    """One domain: own words, scale, what goes well, who helps, the wish. Then on to the next, or back to the picture."""
    domains = domains_for(request, explorator)
    here = next((one for one in domains if one.key == domain and not one.hidden), None)
    if here is None or (explorator.state != "open" and request.method == "GET"):
        raise Http404
    form = DomainForm(request.POST or None, explorator=explorator, domain=here)
    if submit(
        form,
        lambda data: actions.describe_domain(
            explorator=explorator, actor=request.actor, domain=domain, **data
        ),
    ):
        messages.success(request, _("Bewaard: %(domain)s.") % {"domain": here.label})
        tell_merged(request, form)
        ahead = (
            looking.next_domain(domains_for(request, explorator), domain) if "next" in request.POST else None
        )
        if ahead:
            return redirect(at(request, "explorator_domain", explorator, domain=ahead.key))
        return redirect(at(request, "explorator_detail", explorator))
    context = {
        **about(request, explorator.pathway, "explorator"),
        "domain": here,
        "number": domains.index(here) + 1,
        "all": len(domains),
        "form": form,
        "map_url": at(request, "explorator_detail", explorator),
        "on": looking.next_domain(domains, domain) is not None,
    }
    return show(request, "pathways/explorator_domain.html", context)


@page(OF_MAP + "klaar/", rule="pathways.explorator.fill", loads="explorator", methods=FORM)
def explorator_finish(request: Any, explorator: Explorator) -> HttpResponse:
    """My question, and what to work on."""
    if explorator.state != "open" and request.method == "GET":
        raise Http404
    domains = domains_for(request, explorator)
    form = FinishForm(request.POST or None, explorator=explorator, domains=domains)
    if submit(
        form, lambda data: actions.finish_explorator(explorator=explorator, actor=request.actor, **data)
    ):
        messages.success(request, _("De kaart is klaar. De vraag staat nu bovenaan."))
        tell_merged(request, form)
        return redirect(at(request, "explorator_detail", explorator))
    context = {
        **about(request, explorator.pathway, "explorator"),
        "form": form,
        "wishes": [(one.label, one.shown.wish) for one in domains if one.shown and one.shown.wish],
        "map_url": at(request, "explorator_detail", explorator),
    }
    return show(request, "pathways/explorator_finish.html", context)


@page(OF_MAP + "verder/", rule="pathways.explorator.fill", loads="explorator", methods=("POST",))
def explorator_reopen(request: Any, explorator: Explorator) -> HttpResponse:
    actions.reopen_explorator(explorator=explorator, actor=request.actor)
    messages.success(request, _("Je kunt verder werken aan de kaart."))
    return redirect(at(request, "explorator_detail", explorator))


@page(OF_MAP + "pdf/", rule="pathways.explorator.fill", loads="explorator")
def explorator_pdf(request: Any, explorator: Explorator) -> HttpResponse:
    """The mapping on paper, for the person."""
    content = looking_pdf.explorator_pdf(explorator, domains_for(request, explorator), request.service)
    return pdf_answer(content, "kaart-van-het-leven")


def domains_for(request: Any, mapping: Explorator) -> list[looking.LifeDomain]:
    return looking.life_domains(mapping, sees_all=looking.sees_sensitive(request.actor, mapping.pathway))


def of(request: Any, pathway: Pathway) -> dict[str, Any]:
    return {"service": request.service.slug, "pathway": pathway.pk}


def at(request: Any, name: str, mapping: Explorator, **more: Any) -> str:
    """A page of this mapping."""
    kwargs = {"service": request.service.slug, "explorator": mapping.pk, **more}
    return reverse(f"pathways.{name}", kwargs=kwargs)
