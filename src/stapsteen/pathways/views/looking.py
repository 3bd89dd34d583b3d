"""What the pages of Explorator, Evoluator, goals and wheel share: whose they are, and the way between them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from stapsteen.pathways import looking, queries
from stapsteen.pathways.models import Pathway
from stapsteen.people.queries import person_url

FORM = ("GET", "POST")
OF_PATHWAY = "<slug:service>/trajecten/<uuid:pathway>/"


def about(request: Any, pathway: Pathway, here: str) -> dict[str, Any]:
    """Whose page this is, my question, and the tabs; `here` is the tab that is open."""
    now = queries.standing(pathway)
    return {
        "pathway": pathway,
        "person": pathway.person,
        "person_url": person_url(request.service, pathway.person_id) + "?deel=samen",
        "now": now,
        "programme_name": queries.programme_name(now.programme),
        "question": pathway.my_question or "",
        "running": pathway.state != "ended",
        "looking_tabs": looking_tabs(request, pathway, now.programme.rules, here),
    }


def looking_tabs(request: Any, pathway: Pathway, rules: Any, here: str) -> list[dict[str, Any]]:
    """The sides of looking together that this programme uses, or that hold something from before."""
    offered = [
        ("explorator", _("Kaart van het leven"), rules.explorator.enabled or pathway.explorators.exists()),
        ("evoluator", _("Spindiagram"), rules.evaluator.enabled or pathway.moments.exists()),
        ("goals", _("Doelen en acties"), True),
        ("wheel", _("Wiel"), pathway.state != "ended" or here == "wheel"),
    ]
    return [
        {"label": label, "url": page_of(request, name, pathway), "current": name == here}
        for name, label, there in offered
        if there
    ]


def page_of(request: Any, name: str, pathway: Pathway) -> str:
    return reverse(f"pathways.{name}", kwargs={"service": request.service.slug, "pathway": pathway.pk})


def hidden_for(request: Any, pathway: Pathway) -> set[str]:
    return looking.hidden_domains(request.actor, pathway)


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """Opened in the browser; the file's name says nothing about the person."""
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
