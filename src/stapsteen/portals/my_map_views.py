"""My folder on paper: for the person on the own pages, for the coach on the person's page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from stapsteen.core import pdf
from stapsteen.core.pages import page
from stapsteen.pathways.models import Pathway
from stapsteen.pathways.views.looking import OF_PATHWAY, pdf_answer
from stapsteen.portals.my_map_pdf import my_map_pdf, paper_language
from stapsteen.portals.own_views import RULE, nothing_yet, running


@page("<slug:service>/mijn-pad/map/", rule=RULE)
def own_map(request: Any) -> HttpResponse:
    """All my sheets; ?leeg=1 gives them empty, ?taal= in another language."""
    pathway = running(request)
    return nothing_yet(request, _("Mijn map op papier")) if pathway is None else sheets(request, pathway)


@page(OF_PATHWAY + "map/", rule="pathways.pathway.guide", loads="pathway")
def pathway_map(request: Any, pathway: Pathway) -> HttpResponse:
    """The same sheets, printed by the coach."""
    return sheets(request, pathway)


def sheets(request: Any, pathway: Pathway) -> HttpResponse:
    lang = paper_language(request.GET.get("taal", ""))
    blank = request.GET.get("leeg") == "1"
    content = my_map_pdf(pathway, actor=request.actor, service=request.service, lang=lang, blank=blank)
    answer = pdf_answer(content, "map-leeg" if blank else "map")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def papers(address: str) -> dict[str, Any]:
    """The ways to the sheets for a page: in the reader's language, and in each language that they are in."""
    mine = (get_language() or "nl")[:2] in pdf.languages()
    names = dict(settings.LANGUAGES)
    return {
        "filled": address,
        "blank": f"{address}?leeg=1",
        "in_my_language": mine,
        "others": [
            {"code": code, "name": names[code], "filled": f"{address}?taal={code}", "blank": f"{address}?taal={code}&leeg=1"}
            for code in pdf.languages()
        ],
    }  # fmt: skip


def own_papers(request: Any) -> dict[str, Any]:
    return papers(reverse("portals.own_map", kwargs={"service": request.service.slug}))


def pathway_papers(service: Any, pathway: Pathway) -> dict[str, Any]:
    return papers(reverse("portals.pathway_map", kwargs={"service": service.slug, "pathway": pathway.pk}))
