"""Partners: the coach asks an expert along and sees every look; the expert sees what was shared, and nothing else (A5)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core.access import may
from stapsteen.core.pages import page, show, submit
from stapsteen.pathways import actions, experts, queries
from stapsteen.pathways.forms_experts import AdviceForm, ExpertForm, PartnerForm, experts_of
from stapsteen.pathways.models import ExpertRequest, Pathway
from stapsteen.pathways.states import EXPERT_REQUEST
from stapsteen.pathways.views.goals import ambition_line
from stapsteen.pathways.views.looking import FORM, OF_PATHWAY, page_of
from stapsteen.people.queries import person_url

OF_REQUEST = "<slug:service>/expert/<uuid:asked>/"
BADGES = {"asked": "info", "accepted": "success", "declined": "neutral", "ended": "neutral"}


def about(request: Any, pathway: Pathway) -> dict[str, Any]:
    now = queries.standing(pathway)
    return {
        "pathway": pathway,
        "person": pathway.person,
        "person_url": person_url(request.service, pathway.person_id),
        "programme_name": queries.programme_name(now.programme),
        "list_url": page_of(request, "expert_list", pathway),
    }


@page(OF_PATHWAY + "partners/", rule="pathways.partner.set", loads="pathway")
def expert_list(request: Any, pathway: Pathway) -> HttpResponse:
    """Who was asked along, what they advised, and each time that they looked."""
    rows = experts.requests_of(pathway)
    running = pathway.state != "ended"
    context = {
        **about(request, pathway),
        "rows": [line(request, row, looks) for row, looks in rows],
        "partner": pathway.partner,
        "ask_url": page_of(request, "expert_ask", pathway) if running else "",
        "partner_url": page_of(request, "partner_edit", pathway) if running else "",
    }
    return show(request, "pathways/expert_list.html", context)


def line(request: Any, asked: ExpertRequest, looks: list[Any]) -> dict[str, Any]:
    over = not experts.is_open(asked)
    state = (
        _("Dicht") if over and asked.state in ("asked", "accepted") else EXPERT_REQUEST.states[asked.state]
    )
    return {
        "asked": asked,
        "badge": {"label": str(state), "kind": "neutral" if over else BADGES[asked.state]},
        "why": _("De persoon trok de toestemming in.") if asked.consent.withdrawn_at else "",
        "parts": [str(ExpertRequest.PARTS[part]) for part in asked.parts],
        "advices": [
            {"date": timezone.localdate(row.at), "title": row.get_kind_display().capitalize(), "text": row.text,
             "who": row.author, "icon": "message", "kind": "success"}
            for row in asked.advices.all()
        ],
        "looks": looks,
        "end_url": reverse("pathways.expert_end", kwargs={"service": request.service.slug, "asked": asked.pk})
        if asked.state in ("asked", "accepted")
        else "",
    }  # fmt: skip


@page(OF_PATHWAY + "partners/vraag/", rule="pathways.partner.set", loads="pathway", methods=FORM)
def expert_ask(request: Any, pathway: Pathway) -> HttpResponse:
    """Ask an expert along, with the person's consent."""
    offered = experts_of(request.service)
    form = ExpertForm(request.POST or None, experts=offered)
    if submit(form, lambda data: actions.ask_expert(pathway=pathway, actor=request.actor, **data)):
        messages.success(request, _("De expert krijgt een mail zonder namen."))
        return redirect(page_of(request, "expert_list", pathway))
    return show(
        request,
        "pathways/expert_ask.html",
        {**about(request, pathway), "form": form, "nobody": not offered},
    )


@page(
    "<slug:service>/expertvragen/<uuid:asked>/einde/", rule="pathways.expert.ask", loads="asked",
    methods=("POST",),
)  # fmt: skip
def expert_end(request: Any, asked: ExpertRequest) -> HttpResponse:
    """The expert looks along no longer."""
    actions.end_expert(asked=asked, actor=request.actor)
    messages.success(request, _("De expert ziet nu niets meer."))
    return redirect(page_of(request, "expert_list", asked.pathway))


@page(OF_PATHWAY + "partners/vast/", rule="pathways.partner.set", loads="pathway", methods=FORM)
def partner_edit(request: Any, pathway: Pathway) -> HttpResponse:
    """The standing partner of this pathway."""
    form = PartnerForm(request.POST or None, pathway=pathway, service=request.service)
    if submit(form, lambda data: actions.set_partner(pathway=pathway, actor=request.actor, **data)):
        messages.success(request, _("De vaste partner is bewaard."))
        return redirect(page_of(request, "expert_list", pathway))
    return show(request, "pathways/partner_edit.html", {**about(request, pathway), "form": form})


# The expert ----------------------------------------------------------------------------------------------------------


@page(OF_REQUEST, rule="pathways.expert.answer", loads="asked", methods=FORM)
def expert_request(request: Any, asked: ExpertRequest) -> HttpResponse:
    """The question, what was shared, and the advice given; POST adds advice."""
    form = AdviceForm(request.POST or None)
    if submit(form, lambda data: actions.give_advice(asked=asked, actor=request.actor, **data)):
        messages.success(request, _("Je advies is bewaard. De begeleider ziet het meteen."))
        return redirect("pathways.expert_request", service=request.service.slug, asked=asked.pk)
    come = asked.state == "accepted"
    context = {
        "asked": asked,
        "come": come,
        "parts": [str(ExpertRequest.PARTS[part]) for part in asked.parts],
        "asked_by": asked.asked_by.name if asked.asked_by else "",
        "form": form if come else None,
        "advices": [{"date": timezone.localdate(row.at), "title": row.get_kind_display().capitalize(),
                     "text": row.text, "icon": "message"} for row in asked.advices.all()],
        "answer_url": reverse(
            "pathways.expert_answer", kwargs={"service": request.service.slug, "asked": asked.pk}
        ),
        **(shared(request, asked) if come else {}),
    }  # fmt: skip
    return show(request, "pathways/expert_request.html", context)


def shared(request: Any, asked: ExpertRequest) -> dict[str, Any]:
    found = experts.shared(asked)
    today = timezone.localdate()
    return {**found, "goals": [ambition_line(request, row, False, today) for row in found["goals"]]}


@page(OF_REQUEST + "antwoord/", rule="pathways.expert.answer", loads="asked", methods=("POST",))
def expert_answer(request: Any, asked: ExpertRequest) -> HttpResponse:
    """Come along or not."""
    answer = request.POST.get("answer", "")
    if answer not in ("accept", "decline"):
        raise Http404
    changed = actions.answer_expert(asked=asked, actor=request.actor, accept=answer == "accept")
    if may(request.actor, "pathways.expert.answer", changed):
        messages.success(request, _("Fijn dat je meekijkt."))
        return redirect("pathways.expert_request", service=request.service.slug, asked=asked.pk)
    messages.success(request, _("We laten het weten aan de begeleider."))
    return redirect("portals.expert", service=request.service.slug)
