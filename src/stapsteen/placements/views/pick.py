"""Choosing a place for somebody."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stapsteen.core import halfdays
from stapsteen.core.pages import load, page, show, submit
from stapsteen.hosts.models import SECTORS
from stapsteen.hosts.queries import host_url
from stapsteen.hosts.views import address, week
from stapsteen.pathways.models import Pathway
from stapsteen.placements import actions, queries
from stapsteen.placements.fit import Option
from stapsteen.placements.forms import PickFilterForm, PickForm
from stapsteen.placements.models import Placement
from stapsteen.placements.views.common import FORM, about

PER_PAGE = 30
GROUPS = {
    "green": gettext_lazy("Past"),
    "orange": gettext_lazy("Vraag nog iets na"),
    "red": gettext_lazy("Past nu niet"),
}
BADGES = {"green": "success", "orange": "warning", "red": "error"}


@page("<slug:service>/trajecten/<uuid:pathway>/plek/", rule="pathways.pathway.guide", loads="pathway")
def place_pick(request: Any, pathway: Pathway) -> HttpResponse:
    """Open tasks of active hosts, each with what fits and what doesn't; the coach chooses."""
    towns = list(queries.towns_of_open_tasks())
    form = PickFilterForm(request.GET, towns=towns)
    form.is_valid()
    chosen = {name: form.cleaned_data.get(name, "") for name in form.fields}
    found = queries.options(
        pathway,
        timezone.localdate(),
        q=chosen["q"],
        sector=chosen["sector"],
        town=chosen["gemeente"],
        moment=int(chosen["moment"] or 0),
    )
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("pagina"))
    context = {
        **about(request, pathway.person),
        "form": PickFilterForm(initial=chosen, towns=towns),
        "page": shown,
        "groups": groups(request, pathway, list(shown)),
        "found": ngettext("%(n)s taak", "%(n)s taken", len(found)) % {"n": len(found)},
        "filtered": any(chosen.values()),
        "runs": pathway.state == "active",
        "available": halfdays.in_words(pathway.person.half_days),
        "list_url": address(request, "placements.place_pick", pathway=pathway.pk),
        "hosts_url": address(request, "hosts.host_list"),
    }
    return show(request, "placements/place_pick.html", context)


def groups(request: Any, pathway: Pathway, options: list[Option]) -> list[dict[str, Any]]:
    """The options under their heading: fits, ask something, doesn't fit now."""
    return [
        {
            "label": label,
            "light": light,
            "options": [option_card(request, pathway, one) for one in options if one.light == light],
        }
        for light, label in GROUPS.items()
        if any(one.light == light for one in options)
    ]


def option_card(request: Any, pathway: Pathway, one: Option) -> dict[str, Any]:
    task, organisation = one.task, one.task.organisation
    town = task.town.name if task.town else ""
    return {
        "title": task.title,
        "organisation": organisation.name,
        "host_url": host_url(request.service, one.host.pk),
        "sub": " · ".join(
            part for part in (town, str(SECTORS[task.sector]), str(task.GUIDANCE[task.guidance])) if part
        ),
        "heavy": task.heavy,
        "reasons": one.reasons,
        "subtasks": [line for line in task.description.splitlines() if line.strip()],
        "week": week(task.half_days),
        "when": halfdays.in_words(task.half_days) or _("op elk moment"),
        "blocked": one.blocked or pathway.state != "active",
        "url": address(request, "placements.place_propose", pathway=pathway.pk, task=task.pk),
    }


@page(
    "<slug:service>/trajecten/<uuid:pathway>/plek/<uuid:task>/",
    rule="pathways.pathway.guide",
    loads="pathway",
    methods=FORM,
)
def place_propose(request: Any, pathway: Pathway, task: Any) -> HttpResponse:
    """First day, half-days and duration; then the place is proposed and its seat reserved."""
    wanted = load(request.actor, "hosts.task.view", task)
    one = queries.one_option(pathway, wanted, timezone.localdate())
    if one is None:
        raise Http404
    form = PickForm(
        request.POST or None,
        task_half_days=one.task.half_days,
        overlap=one.overlap,
        parts=one.task.subtasks.all(),
    )
    made: list[Placement] = []
    if submit(
        form,
        lambda data: made.append(
            actions.propose_placement(
                pathway=pathway, actor=request.actor, host=one.host, task=one.task, ask=True, **data
            )
        ),
    ):
        messages.success(request, _("De plek is voorgesteld. Maak nu de afsprakennota."))
        return redirect(queries.placement_url(request.service, made[0].pk))
    context = {
        **about(request, pathway.person),
        "form": form,
        "card": option_card(request, pathway, one),
        "back": address(request, "placements.place_pick", pathway=pathway.pk),
    }
    return show(request, "placements/place_propose.html", context)
