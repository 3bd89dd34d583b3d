"""One place: where, when, what still has to happen; its start and its end."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core import halfdays
from stapsteen.core.edits import form_page
from stapsteen.core.pages import page, show
from stapsteen.hosts.queries import host_url
from stapsteen.hosts.views import address, week
from stapsteen.placements import actions, queries
from stapsteen.placements.forms import CancelForm, EndForm, StartForm, duration_words, earliest_start
from stapsteen.placements.models import CANCEL_CODES, END_CODES, Placement
from stapsteen.placements.views.agreement import agreement_card
from stapsteen.placements.views.common import frame, placement_page


@page("<slug:service>/plekken/<uuid:placement>/", rule="placements.placement.guide", loads="placement")
def placement_detail(request: Any, placement: Placement) -> HttpResponse:
    """The place: where, when, what still has to happen, and every version of the agreement."""
    placement = queries.whole(placement)
    newest = queries.newest(placement)
    context = {
        **frame(request, placement),
        "steps": [vars(step) for step in queries.steps_to_start(placement, timezone.localdate())],
        "facts": placement_facts(request, placement),
        "week": week(placement.half_days),
        "when": halfdays.in_words(placement.half_days),
        "agreements": [agreement_card(request, row) for row in placement.agreements.all()],
        "newest": newest,
        "can_start": placement.state == "proposed" and queries.in_force(placement) is not None,
        "is_open": placement.state in actions.OPEN,
        "names": placement_urls(request, placement),
    }
    return show(request, "placements/placement_detail.html", context)


def placement_urls(request: Any, placement: Placement) -> dict[str, str]:
    names = ("agreement_edit", "placement_start", "placement_end", "placement_cancel")
    return {name: address(request, f"placements.{name}", placement=placement.pk) for name in names}


def placement_facts(request: Any, placement: Placement) -> list[Any]:
    hours, rest = divmod(placement.minutes_per_half_day, 60)
    codes = {**END_CODES, **CANCEL_CODES}
    facts: list[Any] = [
        {
            "term": _("Organisatie"),
            "value": placement.host.organisation.name,
            "href": host_url(request.service, placement.host_id),
        },
        (_("Taak"), placement.task.title),
        *([(_("Deel van de taak"), placement.part.title)] if placement.part else []),
        (_("Eerste dag"), placement.starts_on.strftime("%d/%m/%Y")),
        (_("Per halve dag"), duration_words(hours, rest)),
    ]
    if placement.ends_on:
        facts.append((_("Laatste dag"), placement.ends_on.strftime("%d/%m/%Y")))
    if placement.end_code:
        facts.append((_("Waarom"), codes[placement.end_code]))
    if placement.end_reason:
        facts.append((_("Uitleg"), placement.end_reason))
    return facts


def placement_form(
    request: Any,
    placement: Placement,
    form: Any,
    act: Any,
    *,
    title: str,
    done: str,
    save: str,
    text: str = "",
    danger: bool = False,
) -> HttpResponse:
    """A page with one form about the place."""
    return form_page(
        request,
        form,
        act,
        done=done,
        back=queries.placement_url(request.service, placement.pk),
        template="placements/placement_form.html",
        context={**frame(request, placement), "title": title, "text": text, "save": save, "danger": danger},
    )


@placement_page("start")
def placement_start(request: Any, placement: Placement) -> HttpResponse:
    """The first day at the host."""
    return placement_form(
        request,
        placement,
        StartForm(request.POST or None, initial={"on": earliest_start(placement.starts_on)}),
        lambda data: actions.start_placement(placement=placement, actor=request.actor, **data),
        title=_("Start de plek"),
        done=_("De plek is gestart."),
        save=_("Start de plek"),
    )


@placement_page("stoppen")
def placement_end(request: Any, placement: Placement) -> HttpResponse:
    """The last day at the host and why; the pathway goes on."""
    return placement_form(
        request,
        placement,
        EndForm(request.POST or None),
        lambda data: actions.end_placement(placement=placement, actor=request.actor, **data),
        title=_("Stop de plek"),
        done=_("De plek is gestopt. Het traject loopt verder."),
        save=_("Stop de plek"),
        text=_("Het traject loopt verder. Je kan daarna een andere plek zoeken."),
        danger=True,
    )


@placement_page("niet-door")
def placement_cancel(request: Any, placement: Placement) -> HttpResponse:
    """The proposal doesn't go through; the seat is free again."""
    return placement_form(
        request,
        placement,
        CancelForm(request.POST or None),
        lambda data: actions.cancel_placement(placement=placement, actor=request.actor, **data),
        title=_("Deze plek gaat niet door"),
        done=_("De plek gaat niet door. De plaats is weer vrij."),
        save=_("Gaat niet door"),
        text=_("Zegt de organisatie nee? Dan vragen we haar niet opnieuw voor deze persoon."),
    )
