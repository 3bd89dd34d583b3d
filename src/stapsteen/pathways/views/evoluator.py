"""Evoluator: the spider over time, its axes, and the moments on which all score together."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stapsteen.core.edits import tell_merged
from stapsteen.core.pages import page, show, submit
from stapsteen.pathways import actions, looking, looking_pdf
from stapsteen.pathways.forms_looking import (
    WHO_SCORES,
    AxisForm,
    AxisWordsForm,
    CloseForm,
    MomentForm,
    ScoreForm,
    TemplateChoiceForm,
    scale_words,
    value_name,
)
from stapsteen.pathways.models import Axis, AxisTemplate, Moment, Pathway, Score
from stapsteen.pathways.queries import language
from stapsteen.pathways.views.looking import (
    FORM,
    OF_PATHWAY,
    about,
    hidden_for,
    page_of,
    pdf_answer,
)

OF_MOMENT = "<slug:service>/evoluator/<uuid:moment>/"
ASKED = ("participant", "coach")
"""Who is asked first; a host's view is an extra."""


def found_for(request: Any, pathway: Pathway) -> looking.Evolution:
    return looking.evolution(pathway, hide=hidden_for(request, pathway))


def enabled(pathway: Pathway) -> bool:
    return looking.programme_today(pathway).rules.evaluator.enabled


def must_be_on(pathway: Pathway) -> None:
    """404 where the programme doesn't use the spider."""
    if not enabled(pathway):
        raise Http404


@page(OF_PATHWAY + "evoluator/", rule="pathways.pathway.guide", loads="pathway")
def evoluator(request: Any, pathway: Pathway) -> HttpResponse:
    """All moments in one spider, one sentence, and what to do next."""
    found = found_for(request, pathway)
    if not enabled(pathway) and not found.moments:
        raise Http404
    spokes, series = looking.over_time(found)
    coach_series = looking.over_time(found, "coach")[1]
    may_go_on = enabled(pathway) and pathway.state != "ended"
    context = {
        **about(request, pathway, "evoluator"),
        "found": found,
        "spokes": spokes,
        "series": series if spokes else [],
        "coach_series": coach_series
        if any(any(v is not None for v in s.values) for s in coach_series)
        else [],
        "coach_summary": looking.progress(found, "coach"),
        "summary": looking.spider_summary(found),
        "moments": [moment_line(request, found, moment) for moment in reversed(found.moments)],
        "axes": found.running(timezone.localdate()),
        "expected": looking.programme_today(pathway).rules.evaluator.moments,
        "axes_url": page_of(request, "axes", pathway) if may_go_on else "",
        "begin_url": page_of(request, "moment_begin", pathway) if may_go_on and not found.open else "",
        "pdf_url": page_of(request, "evoluator_pdf", pathway) if found.closed else "",
    }
    return show(request, "pathways/evoluator.html", context)


def moment_line(request: Any, found: looking.Evolution, moment: Moment) -> dict[str, Any]:
    raters = [str(Score.RATERS[rater]) for rater in found.raters(moment)]
    return {
        "date": moment.held_on,
        "title": _("Moment %(n)s") % {"n": moment.number},
        "text": moment.note or "",
        "who": ", ".join(raters),
        "url": of_moment(request, "moment", moment),
        "icon": "chart" if moment.state == "closed" else "pencil",
        "kind": "neutral" if moment.state == "closed" else "warning",
    }


# Axes --------------------------------------------------------------------------------------------------------------


@page(OF_PATHWAY + "assen/", rule="pathways.pathway.guide", loads="pathway", methods=FORM)
def axes(request: Any, pathway: Pathway) -> HttpResponse:
    """The axes that count, and a new one in own words."""
    must_be_on(pathway)
    found = found_for(request, pathway)
    names = axis_domains(request, pathway)
    form = AxisForm(request.POST or None, domains=names, initial=first_axis(request, pathway, names))
    if submit(form, lambda data: actions.add_axis(pathway=pathway, actor=request.actor, **data)):
        messages.success(request, _("De as is bewaard."))
        return redirect(page_of(request, "axes", pathway))
    templates = list(AxisTemplate.objects.filter(stopped_on=None))
    running = found.running(timezone.localdate())
    taken = {axis.domain for axis in running}
    context = {
        **about(request, pathway, "evoluator"),
        "form": form,
        "axes": [axis_line(request, axis) for axis in running],
        "suggested": [
            {"label": label, "url": f"?domein={key}"}
            for key, label in chosen_domains(request, pathway)
            if key not in taken
        ],
        "template_form": TemplateChoiceForm(templates=templates) if templates else None,
        "template_url": page_of(request, "axes_from_template", pathway),
        "templates_url": reverse("pathways.axis_templates", kwargs={"service": request.service.slug}),
        "evoluator_url": page_of(request, "evoluator", pathway),
        "enough": len(running) >= looking.SPIDER_AXES,
    }
    return show(request, "pathways/axes.html", context)


def axis_domains(request: Any, pathway: Pathway) -> list[tuple[str, str]]:
    hidden, spoken = hidden_for(request, pathway), language()
    rows = looking.programme_today(pathway).rules.domains
    return [(row.id, row.name.say(spoken)) for row in rows if row.id not in hidden]


def chosen_domains(request: Any, pathway: Pathway) -> list[tuple[str, str]]:
    """The domains to work on, out of the newest Explorator."""
    newest = next(iter(looking.exploratories(pathway)), None)
    if newest is None:
        return []
    chosen = {row.domain for row in newest.domains.all() if row.work_on}
    return [pair for pair in axis_domains(request, pathway) if pair[0] in chosen]


def first_axis(request: Any, pathway: Pathway, names: list[tuple[str, str]]) -> dict[str, Any]:
    """What the form begins with: the programme's scale, and the domain that was tapped."""
    evaluator = looking.programme_today(pathway).rules.evaluator
    lowest, highest = evaluator.scale_min, evaluator.scale_max
    domain = request.GET.get("domein", "")
    name = dict(names).get(domain, "")
    return {
        "lowest": 1 if lowest is None else lowest, "highest": 5 if highest is None else highest,
        "domain": domain if name else "", "name": name,
    }  # fmt: skip


def axis_line(request: Any, axis: Axis) -> dict[str, Any]:
    kwargs = {"service": request.service.slug, "axis": axis.pk}
    return {
        "axis": axis,
        "scale": f"{axis.lowest} – {axis.highest}",
        "words": scale_words(axis),
        "edit_url": reverse("pathways.axis_edit", kwargs=kwargs),
        "end_url": reverse("pathways.axis_end", kwargs=kwargs),
    }


@page("<slug:service>/as/<uuid:axis>/", rule="pathways.axis.keep", loads="axis", methods=FORM)
def axis_edit(request: Any, axis: Axis) -> HttpResponse:
    """Better words for an axis."""
    _not_hidden(request, axis)
    form = AxisWordsForm(request.POST or None, axis=axis)
    if submit(form, lambda data: actions.word_axis(axis=axis, actor=request.actor, **data)):
        messages.success(request, _("De as is bewaard."))
        tell_merged(request, form)
        return redirect(page_of(request, "axes", axis.pathway))
    context = {
        **about(request, axis.pathway, "evoluator"), "form": form, "back": page_of(request, "axes", axis.pathway),
        "title": _("Woorden van de as"), "lede": _("De betekenis blijft dezelfde. Alleen de woorden worden beter."),
        "back_label": _("Terug naar de assen"),
    }  # fmt: skip
    return show(request, "pathways/looking_form.html", context)


@page("<slug:service>/as/<uuid:axis>/stop/", rule="pathways.axis.keep", loads="axis", methods=("POST",))
def axis_end(request: Any, axis: Axis) -> HttpResponse:
    _not_hidden(request, axis)
    actions.end_axis(axis=axis, actor=request.actor)
    messages.success(request, _("De as telt niet meer mee. Wat gegeven is, blijft te zien."))
    return redirect(page_of(request, "axes", axis.pathway))


def _not_hidden(request: Any, axis: Axis) -> None:
    if axis.domain in hidden_for(request, axis.pathway):
        raise Http404


@page(OF_PATHWAY + "assen/lijst/", rule="pathways.pathway.guide", loads="pathway", methods=("POST",))
def axes_from_template(request: Any, pathway: Pathway) -> HttpResponse:
    must_be_on(pathway)
    form = TemplateChoiceForm(request.POST, templates=list(AxisTemplate.objects.filter(stopped_on=None)))
    if submit(form, lambda data: actions.use_template(pathway=pathway, actor=request.actor, **data)):
        messages.success(request, _("De assen zijn toegevoegd. Zet ze nog in eigen woorden."))
    else:
        messages.error(request, _("Kies een lijst."))
    return redirect(page_of(request, "axes", pathway))


# Moments -----------------------------------------------------------------------------------------------------------


@page(OF_PATHWAY + "evoluator/nieuw/", rule="pathways.pathway.guide", loads="pathway", methods=FORM)
def moment_begin(request: Any, pathway: Pathway) -> HttpResponse:
    """A new moment: which day."""
    must_be_on(pathway)
    form = MomentForm(request.POST or None)
    begun: list[Moment] = []
    if submit(
        form, lambda data: begun.append(actions.begin_moment(pathway=pathway, actor=request.actor, **data))
    ):
        return redirect(score_url(request, begun[0], "participant"))
    context = {
        **about(request, pathway, "evoluator"), "form": form, "back": page_of(request, "evoluator", pathway),
        "back_label": _("Terug naar het spindiagram"), "title": _("Nieuw moment"), "send": _("Begin"),
        "lede": _("Eerst geeft de persoon punten, dan jij. Daarna kijken jullie samen."),
    }  # fmt: skip
    return show(request, "pathways/looking_form.html", context)


@page(OF_MOMENT, rule="pathways.moment.score", loads="moment", methods=FORM)
def moment(request: Any, moment: Moment) -> HttpResponse:
    """What person, coach and perhaps host gave, beside each other; POST closes it."""
    found = found_for(request, moment.pathway)
    form = CloseForm(request.POST or None, record=moment)
    if submit(form, lambda data: actions.close_moment(moment=moment, actor=request.actor, **data)):
        messages.success(request, _("Het moment is klaar."))
        tell_merged(request, form)
        return redirect(page_of(request, "evoluator", moment.pathway))
    spokes, series = looking.side_by_side(found, moment)
    context = {
        **about(request, moment.pathway, "evoluator"),
        "moment": moment,
        "title": _("Moment %(n)s") % {"n": moment.number},
        "day": date_format(moment.held_on, "j F Y"),
        "spokes": spokes,
        "series": series,
        "summary": looking.differences(found, moment) or _("Nog niet iedereen gaf punten."),
        "raters": [rater_line(request, found, moment, rater) for rater in Score.RATERS],
        "notes": notes_of(found, moment),
        "form": form,
        "is_open": moment.state == "open" or form.is_bound,
        "back": page_of(request, "evoluator", moment.pathway),
        "reopen_url": of_moment(request, "moment_reopen", moment) if moment is newest(found, moment) else "",
    }
    return show(request, "pathways/moment.html", context)


def newest(found: looking.Evolution, moment: Moment) -> Moment | None:
    """This moment when no later one is there."""
    return moment if found.moments and found.moments[-1].pk == moment.pk else None


def rater_line(request: Any, found: looking.Evolution, moment: Moment, rater: str) -> dict[str, Any]:
    done = rater in found.raters(moment)
    return {
        "who": str(Score.RATERS[rater]),
        "done": done,
        "asked": rater in ASKED,
        "url": score_url(request, moment, rater) if moment.state == "open" else "",
    }


def notes_of(found: looking.Evolution, moment: Moment) -> list[dict[str, Any]]:
    """Per axis the values and what each said about it."""
    lines = []
    for axis in found.running(moment.held_on):
        said = [
            {"who": str(Score.RATERS[rater]), "text": text}
            for rater in Score.RATERS
            if (text := found.note(moment, axis, rater))
        ]
        if said:
            lines.append({"axis": axis.name, "said": said})
    return lines


@page(OF_MOMENT + "punten/<slug:rater>/", rule="pathways.moment.score", loads="moment", methods=FORM)
def moment_score(request: Any, moment: Moment, rater: str) -> HttpResponse:
    """One rater's points. What another gave, or gave before, isn't shown here: everybody looks with own eyes first."""
    if rater not in Score.RATERS or (moment.state != "open" and request.method == "GET"):
        raise Http404
    found = found_for(request, moment.pathway)
    running = found.running(moment.held_on)
    form = ScoreForm(request.POST or None, axes=running, found=found, moment=moment, rater=rater)
    if submit(
        form,
        lambda data: actions.give_scores(
            moment=moment, actor=request.actor, rater=rater, points=form.points(data)
        ),
    ):
        messages.success(request, _("De punten zijn bewaard."))
        tell_merged(request, form)
        return redirect(after_score(request, found_for(request, moment.pathway), moment))
    context = {
        **about(request, moment.pathway, "evoluator"),
        "moment": moment,
        "title": WHO_SCORES[rater],
        "form": form,
        "rater": rater,
        "spokes": looking.spokes(running),
        "names": [value_name(axis) for axis in running],
        "back": of_moment(request, "moment", moment),
    }
    return show(request, "pathways/moment_score.html", context)


def after_score(request: Any, found: looking.Evolution, moment: Moment) -> str:
    """On to the next who is asked, then to what all gave."""
    given = found.raters(moment)
    waiting = next((rater for rater in ASKED if rater not in given), None)
    return score_url(request, moment, waiting) if waiting else of_moment(request, "moment", moment)


@page(OF_MOMENT + "verbeter/", rule="pathways.moment.score", loads="moment", methods=("POST",))
def moment_reopen(request: Any, moment: Moment) -> HttpResponse:
    actions.reopen_moment(moment=moment, actor=request.actor)
    messages.success(request, _("Je kunt de punten nu verbeteren."))
    return redirect(of_moment(request, "moment", moment))


@page(OF_PATHWAY + "evoluator/pdf/", rule="pathways.pathway.guide", loads="pathway")
def evoluator_pdf(request: Any, pathway: Pathway) -> HttpResponse:
    """The spider on paper, for the person."""
    found = found_for(request, pathway)
    if not found.closed:
        raise Http404
    content = looking_pdf.evoluator_pdf(pathway, found, looking.ambitions(pathway), request.service)
    return pdf_answer(content, "spindiagram")


def of_moment(request: Any, name: str, moment: Moment, **more: Any) -> str:
    return reverse(f"pathways.{name}", kwargs={"service": request.service.slug, "moment": moment.pk, **more})


def score_url(request: Any, moment: Moment, rater: str) -> str:
    return of_moment(request, "moment_score", moment, rater=rater)
