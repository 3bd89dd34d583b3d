"""Pages of what the funder counts: fill in at the start, freeze, and the list of what is still missing (C7)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stapsteen.core.access import reachable
from stapsteen.core.pages import page, show, submit
from stapsteen.pathways.actions import counts_for_funder, fill_funder_record, freeze_funder_record
from stapsteen.pathways.funder import QUESTIONS, missing
from stapsteen.pathways.models import FunderRecord, Pathway
from stapsteen.pathways.queries_funder import gaps, without_record
from stapsteen.people.queries import person_url

PER_PAGE = 50


class FunderForm(forms.Form):
    """A question per field; each can stay open for now, or be "not said"."""

    def __init__(self, *args: Any, answers: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "initial": answers})
        for name, (question, choices) in QUESTIONS.items():
            self.fields[name] = forms.ChoiceField(
                label=question, choices=list(choices.items()), required=False, widget=forms.RadioSelect
            )


def open_record(request: Any, pathway: Pathway) -> FunderRecord | None:
    """The record as long as it is open, None before the first answer; 404 without a funder and once frozen."""
    if not counts_for_funder(pathway):
        raise Http404
    if FunderRecord.objects.filter(pathway=pathway, state="frozen").exists():
        raise Http404
    found: FunderRecord | None = (
        reachable(request.actor, "pathways.funder.fill").filter(pathway=pathway).first()
    )
    return found


@page(
    "<slug:service>/trajecten/<uuid:pathway>/subsidiegever/",
    rule="pathways.pathway.guide",
    loads="pathway",
    methods=("GET", "POST"),
)
def funder_record(request: Any, pathway: Pathway) -> HttpResponse:
    """Filled in together with the person, at the start."""
    record = open_record(request, pathway)
    answers = record.answers if record else {}
    form = FunderForm(request.POST or None, answers=answers)
    if submit(form, lambda data: fill_funder_record(pathway=pathway, actor=request.actor, answers=data)):
        kept = FunderRecord.objects.get(pathway=pathway)
        if not missing(kept.answers):
            return redirect("pathways.funder_freeze", service=request.service.slug, pathway=pathway.pk)
        messages.success(request, _("Bewaard. Er ontbreken nog antwoorden."))
        return redirect(person_url(request.service, pathway.person_id))
    context = {
        "pathway": pathway, "person": pathway.person, "person_url": person_url(request.service, pathway.person_id),
        "form": form,
    }  # fmt: skip
    return show(request, "pathways/funder_record.html", context)


@page(
    "<slug:service>/trajecten/<uuid:pathway>/subsidiegever/vastleggen/",
    rule="pathways.pathway.guide",
    loads="pathway",
    methods=("GET", "POST"),
)
def funder_freeze(request: Any, pathway: Pathway) -> HttpResponse:
    """Are you sure: after this nothing changes, and nobody reads it as this person's."""
    record = open_record(request, pathway)
    if record is None or missing(record.answers):
        return redirect("pathways.funder_record", service=request.service.slug, pathway=pathway.pk)
    back = person_url(request.service, pathway.person_id)
    if request.method == "POST":
        freeze_funder_record(record=record, actor=request.actor)
        messages.success(request, _("Vastgelegd. Alleen de cijfers tellen dit nog mee."))
        return redirect(back)
    context = {
        "pathway": pathway, "person": pathway.person, "person_url": back,
        "back": reverse("pathways.funder_record", kwargs={"service": request.service.slug, "pathway": pathway.pk}),
        "points": [
            _("Daarna kun je niets meer wijzigen."),
            _("Niemand kan het nog bij deze persoon lezen."),
            _("Het telt alleen mee in de cijfers voor de subsidiegever."),
        ],
    }  # fmt: skip
    return show(request, "pathways/funder_freeze.html", context)


@page("<slug:service>/subsidiegever/ontbreekt/", rule="pathways.pathway.guide")
def funder_missing(request: Any) -> HttpResponse:
    """Whose record isn't frozen yet, and which fields miss."""
    shown = Paginator(without_record(request.actor).select_related("person", "coach"), PER_PAGE).get_page(
        request.GET.get("pagina")
    )
    rows = [
        [
            {
                "text": str(gap.pathway.person),
                "href": reverse(
                    "pathways.funder_record",
                    kwargs={"service": request.service.slug, "pathway": gap.pathway.pk},
                ),
            },
            gap.pathway.coach.name,
            date_format(gap.pathway.starts_on, "j F Y"),
            gap.words,
        ]
        for gap in gaps(list(shown))
    ]
    context = {
        "page": shown,
        "rows": rows,
        "columns": [_("Naam"), _("Begeleider"), _("Gestart"), _("Wat ontbreekt")],
    }
    return show(request, "pathways/funder_missing.html", context)
