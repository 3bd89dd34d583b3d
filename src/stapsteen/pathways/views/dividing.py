"""Dividing among coaches: what each carries, who gets whom, and how much a pathway asks."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stapsteen.core.access import may
from stapsteen.core.pages import load, page, show, submit
from stapsteen.network.actions_service import set_weight_limit
from stapsteen.network.models import StaffMember
from stapsteen.pathways import actions, queries
from stapsteen.pathways.forms_referral import AssignForm, LimitForm, WeightForm
from stapsteen.pathways.models import Pathway, Referral
from stapsteen.pathways.states import REFERRAL
from stapsteen.pathways.views.intake import LIGHT_BADGES, referral_url
from stapsteen.pathways.views.pathway import turn

FORM = ("GET", "POST")


@page("<slug:service>/verdelen/", rule="pathways.referral.handle", methods=FORM)
def divide(request: Any) -> HttpResponse:
    """Each coach's load and weight beside who waits for one."""
    loads = queries.coaches_with_load()
    asked = request.POST.get("referral", "")
    form = AssignForm(request.POST or None, loads=loads)
    if request.method == "POST":
        referral: Referral = load(request.actor, "pathways.referral.handle", asked)
        if submit(form, lambda data: actions.assign_coach(referral=referral, actor=request.actor, **data)):
            messages.success(request, _("De begeleider is gekozen."))
            return redirect("pathways.divide", service=request.service.slug)
    rows = queries.queue(request.actor)
    context = {
        "loads": [load_line(request, row) for row in loads],
        "waiting": [
            waiting_line(request, row, loads, form if str(row.pk) == asked else None) for row in rows
        ],
        "form": form if form.is_bound else None,
    }
    return show(request, "pathways/divide.html", context)


def load_line(request: Any, load: queries.Load) -> dict[str, Any]:
    """A coach with numbers in words."""
    running = ngettext("%(n)s traject", "%(n)s trajecten", load.running) % {"n": load.running}
    soon = ngettext("%(n)s start binnenkort", "%(n)s starten binnenkort", load.soon) % {"n": load.soon}
    limit = load.coach.weight_limit
    keys = {"service": request.service.slug, "colleague": load.coach.pk}
    url = reverse("pathways.limit_edit", kwargs=keys)
    return {
        "name": load.coach.name, "running": running, "soon": soon if load.soon else "",
        "weight": load.total, "bar": min(load.total, limit or load.total),
        "limit": limit, "over": load.over, "url": url if may(request.actor, "pathways.limit.keep") else "",
    }  # fmt: skip


def waiting_line(
    request: Any, referral: Referral, loads: list[Any], form: AssignForm | None
) -> dict[str, Any]:
    wait = queries.waiting(referral)
    initial = {"coach": str(referral.coach_id) if referral.coach_id else ""}
    return {
        "referral": referral, "url": referral_url(request, referral), "wait": wait.words,
        "light": LIGHT_BADGES[wait.light], "state": str(REFERRAL.states[referral.state]),
        "form": form or AssignForm(initial=initial, loads=loads, auto_id=f"id_{referral.pk.hex}_%s"),
    }  # fmt: skip


@page(
    "<slug:service>/verdelen/<uuid:colleague>/", rule="pathways.limit.keep", loads="colleague", methods=FORM
)
def limit_edit(request: Any, colleague: StaffMember) -> HttpResponse:
    """How much weight a colleague carries at most; the page of dividing warns above it."""
    form = LimitForm(request.POST or None, initial={"weight_limit": colleague.weight_limit})
    if submit(form, lambda data: set_weight_limit(colleague=colleague, actor=request.actor, **data)):
        messages.success(request, _("De afspraak is bewaard."))
        return redirect("pathways.divide", service=request.service.slug)
    return show(request, "pathways/limit_edit.html", {"form": form, "colleague": colleague})


@page(
    "<slug:service>/trajecten/<uuid:pathway>/gewicht/",
    rule="pathways.pathway.guide",
    loads="pathway",
    methods=FORM,
)
def weight_edit(request: Any, pathway: Pathway) -> HttpResponse:
    """How much of the coach this pathway asks."""
    form = WeightForm(request.POST or None, initial={"weight": pathway.weight})
    return turn(
        request, pathway, form, lambda data: actions.set_weight(pathway=pathway, actor=request.actor, **data),
        title=_("Gewicht van het traject"), done=_("Het gewicht is bewaard."),
        lede=_("Zo verdelen jullie eerlijk. De persoon ziet dit niet."),
    )  # fmt: skip
