"""Pages about places: choosing one, the place itself, its agreement, start and end."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stapsteen.core import halfdays
from stapsteen.core.pages import load, page, show, submit
from stapsteen.hosts.models import SECTORS
from stapsteen.hosts.queries import host_url
from stapsteen.hosts.views import address, week
from stapsteen.pathways.actions import programme_of
from stapsteen.pathways.models import Pathway
from stapsteen.people.queries import person_url
from stapsteen.placements import actions, compose, queries
from stapsteen.placements.agreement_document import AgreementDocument, Language, render_agreement
from stapsteen.placements.fit import Option
from stapsteen.placements.forms import (
    CancelForm,
    EndForm,
    PickFilterForm,
    ProposeForm,
    SignForm,
    StartForm,
    TermsForm,
    duration_words,
    earliest_start,
)
from stapsteen.placements.models import CANCEL_CODES, END_CODES, Agreement, Placement, Signature
from stapsteen.placements.states import AGREEMENT, PLACEMENT
from stapsteen.placements.terms import read_terms

PER_PAGE = 30
FORM = ("GET", "POST")
GROUPS = {
    "green": gettext_lazy("Past"),
    "orange": gettext_lazy("Vraag nog iets na"),
    "red": gettext_lazy("Past nu niet"),
}
BADGES = {"green": "success", "orange": "warning", "red": "error"}

# Choosing a place ------------------------------------------------------------------------------------------------------


@page("<slug:service>/trajecten/<uuid:pathway>/plek/", rule="pathways.pathway.guide", loads="pathway")
def place_pick(request: Any, pathway: Pathway) -> HttpResponse:
    """Open tasks of active hosts, each with what fits and what doesn't; the coach chooses."""
    towns = list(queries.towns_of_active_hosts())
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


def about(request: Any, person: Any) -> dict[str, Any]:
    """What each page about one person shows on top."""
    return {
        "person": person,
        "person_name": str(person),
        "person_url": person_url(request.service, person.pk),
    }


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
    town = organisation.municipality.name if organisation.municipality else ""
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
    form = ProposeForm(request.POST or None, task_half_days=one.task.half_days, overlap=one.overlap)
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


# One place -------------------------------------------------------------------------------------------------------------


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


def frame(request: Any, placement: Placement) -> dict[str, Any]:
    return {
        **about(request, placement.person),
        "placement": placement,
        "organisation": placement.host.organisation,
        "placement_url": queries.placement_url(request.service, placement.pk),
        "state": str(PLACEMENT.states[placement.state]),
        "badge": queries.STATE_BADGES[placement.state],
    }


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


def agreement_card(request: Any, agreement: Agreement) -> dict[str, Any]:
    """A version with who signed it, and what can be done with it."""
    signed = {row.party: row for row in agreement.signatures.all()}
    return {
        "agreement": agreement,
        "state": str(AGREEMENT.states[agreement.state]),
        "badge": queries.AGREEMENT_BADGES[agreement.state],
        "parties": [party_line(party, signed.get(party)) for party in agreement.parties],
        "pdf_url": address(request, "placements.agreement_pdf", agreement=agreement.pk),
        "send_url": address(request, "placements.agreement_send", agreement=agreement.pk),
        "sign_url": address(request, "placements.agreement_sign", agreement=agreement.pk),
    }


def party_line(party: str, row: Signature | None) -> dict[str, Any]:
    """Who, and how and when that party signed."""
    who = Signature.PARTIES[party]
    if row is None:
        return {"row": None, "text": _("%(who)s: nog niet getekend") % {"who": who}}
    said = {"who": who, "day": row.signed_on.strftime("%d/%m/%Y"), "how": Signature.HOW[row.how]}
    return {"row": row, "text": _("%(who)s: %(day)s, %(how)s") % said}


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
    if submit(form, act):
        messages.success(request, done)
        return redirect(queries.placement_url(request.service, placement.pk))
    context = {
        **frame(request, placement),
        "form": form,
        "title": title,
        "text": text,
        "save": save,
        "danger": danger,
    }
    return show(request, "placements/placement_form.html", context)


@page(
    "<slug:service>/plekken/<uuid:placement>/start/",
    rule="placements.placement.guide",
    loads="placement",
    methods=FORM,
)
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


@page(
    "<slug:service>/plekken/<uuid:placement>/stoppen/",
    rule="placements.placement.guide",
    loads="placement",
    methods=FORM,
)
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


@page(
    "<slug:service>/plekken/<uuid:placement>/niet-door/",
    rule="placements.placement.guide",
    loads="placement",
    methods=FORM,
)
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


# The agreement -----------------------------------------------------------------------------------------------------------


@page(
    "<slug:service>/plekken/<uuid:placement>/nota/",
    rule="placements.placement.guide",
    loads="placement",
    methods=FORM,
)
def agreement_edit(request: Any, placement: Placement) -> HttpResponse:
    """The terms: of the draft, or of the next version when one went out already."""
    placement = queries.whole(placement)
    newest = queries.newest(placement)
    terms = read_terms(newest.kept["terms"] if newest else {})
    rules = programme_of(placement.pathway, placement.starts_on).rules
    form = TermsForm(request.POST or None, placement=placement, rules=rules, terms=terms)
    if submit(form, lambda data: keep_terms(request, placement, newest, form.to_terms(data))):
        messages.success(request, _("De nota is bewaard. Lees ze na en maak ze klaar om te tekenen."))
        return redirect(queries.placement_url(request.service, placement.pk))
    next_version = newest is not None and newest.state in ("out", "signed")
    context = {**frame(request, placement), "form": form, "next_version": next_version, "newest": newest}
    return show(request, "placements/agreement_edit.html", context)


def keep_terms(
    request: Any, placement: Placement, newest: Agreement | None, terms: dict[str, Any]
) -> Agreement:
    if newest is not None and newest.state in ("out", "signed"):
        return actions.replace_agreement(agreement=newest, actor=request.actor, terms=terms)
    return actions.draft_agreement(placement=placement, actor=request.actor, terms=terms)


@page(
    "<slug:service>/afspraken/<uuid:agreement>/versturen/",
    rule="placements.agreement.guide",
    loads="agreement",
    methods=("POST",),
)
def agreement_send(request: Any, agreement: Agreement) -> HttpResponse:
    """Freeze this version, so that it can be signed."""
    actions.send_agreement(agreement=agreement, actor=request.actor)
    messages.success(request, _("De nota ligt vast. Nu kan iedereen tekenen."))
    return redirect(address(request, "placements.agreement_sign", agreement=agreement.pk))


@page(
    "<slug:service>/afspraken/<uuid:agreement>/afspraken.pdf",
    rule="placements.agreement.guide",
    loads="agreement",
)
def agreement_pdf(request: Any, agreement: Agreement) -> HttpResponse:
    """The PDF, with the plain-language version behind it; no name in the file's name."""
    return pdf_answer(request, agreement)


def pdf_answer(request: Any, agreement: Agreement) -> HttpResponse:
    document = compose.document(queries.whole_agreement(agreement))
    asked = request.GET.get("taal", "")
    language = cast("Language", asked if asked in ("nl", "fr", "en") else document.language)
    answer = HttpResponse(render_agreement(document, language), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{document.filename(language)}"'
    return answer


@page(
    "<slug:service>/afspraken/<uuid:agreement>/tekenen/",
    rule="placements.agreement.guide",
    loads="agreement",
    methods=FORM,
)
def agreement_sign(request: Any, agreement: Agreement) -> HttpResponse:
    """Each party reads and signs: on this screen, on paper, or from a link that is mailed."""
    agreement = queries.whole_agreement(agreement)
    if party := request.POST.get("link"):
        actions.invite_to_sign(agreement=agreement, actor=request.actor, party=party)
        messages.success(request, _("De link is gemaild."))
        return redirect(request.path)
    document = compose.document(agreement)
    form = SignForm(request.POST or None, agreement=agreement, on_paper=document.host.welfare_sector)
    if submit(form, lambda data: actions.sign_agreement(agreement=agreement, actor=request.actor, **data)):
        return after_signing(request, agreement)
    context = {
        **frame(request, agreement.placement),
        "agreement": agreement,
        "card": agreement_card(request, agreement),
        "missing": queries.missing_parties(agreement) if agreement.state == "out" else [],
        "form": form,
        **plain(document),
    }
    return show(request, "placements/agreement_sign.html", context)


def after_signing(request: Any, agreement: Agreement) -> HttpResponse:
    if Agreement.objects.get(pk=agreement.pk).state == "signed":
        messages.success(request, _("Iedereen heeft getekend."))
        return redirect(queries.placement_url(request.service, agreement.placement_id))
    messages.success(request, _("Getekend. Wie tekent er nu?"))
    return redirect(request.path)


def plain(document: AgreementDocument) -> dict[str, Any]:
    """What the plain-language page shows of a document."""
    slots = [
        {
            "day": halfdays.DAYS[slot.weekday - 1],
            "from": slot.start.strftime("%H:%M"),
            "until": slot.end.strftime("%H:%M"),
        }
        for slot in document.roster
    ]
    return {
        "document": document,
        "slots": slots,
        "signed": [line for line in document.signatures if line.signed_on],
    }


# For the person and the host -----------------------------------------------------------------------------------------------


@page(
    "<slug:service>/mijn-pad/afspraken/<uuid:agreement>/",
    rule="placements.agreement.own",
    loads="agreement",
    methods=FORM,
)
def agreement_own(request: Any, agreement: Agreement) -> HttpResponse:
    """The participant's own agreement in plain words, to sign on the screen; in welfare and care that is on paper."""
    agreement = queries.whole_agreement(agreement)
    if request.method == "POST":
        actions.sign_agreement(agreement=agreement, actor=request.actor, party="person", how="screen")
        messages.success(request, _("Bedankt. Je hebt getekend."))
        return redirect(request.path)
    document = compose.document(agreement)
    done = any(row.party == "person" for row in agreement.signatures.all())
    waits = agreement.state == "out" and not done
    context = {
        **plain(document),
        "agreement": agreement,
        "done": done,
        "can_sign": waits and not document.host.welfare_sector,
        "on_paper": waits and document.host.welfare_sector,
        "pdf_url": address(request, "placements.agreement_own_pdf", agreement=agreement.pk),
    }
    return show(request, "placements/agreement_own.html", context)


@page(
    "<slug:service>/mijn-pad/afspraken/<uuid:agreement>/afspraken.pdf",
    rule="placements.agreement.own",
    loads="agreement",
)
def agreement_own_pdf(request: Any, agreement: Agreement) -> HttpResponse:
    """The participant's own agreement as PDF."""
    return pdf_answer(request, agreement)


@page("afspraken-tekenen/<str:token>/", rule="placements.agreement.sign", methods=FORM)
def agreement_link(request: Any) -> HttpResponse:
    """Read and sign from a mailed link, without an account."""
    agreement = queries.whole_agreement(linked(request))
    party = request.actor.link.data["party"]
    done = any(row.party == party for row in agreement.signatures.all())
    if request.method == "POST" and not done:
        actions.sign_agreement(agreement=agreement, actor=request.actor, party=party, how="link")
        messages.success(request, _("Bedankt. Je hebt getekend."))
        return redirect(request.path)
    context = {
        **plain(compose.document(agreement)),
        "agreement": agreement,
        "party": Signature.PARTIES[party],
        "done": done,
        "can_sign": agreement.state == "out" and not done,
        "pdf_url": reverse(
            "placements.agreement_link_pdf", kwargs={"token": request.resolver_match.kwargs["token"]}
        ),
    }
    return show(request, "placements/agreement_link.html", context)


@page("afspraken-tekenen/<str:token>/afspraken.pdf", rule="placements.agreement.sign")
def agreement_link_pdf(request: Any) -> HttpResponse:
    """The same as PDF."""
    return pdf_answer(request, linked(request))


def linked(request: Any) -> Agreement:
    """The one agreement of the link."""
    found: Agreement = load(request.actor, "placements.agreement.sign", request.actor.link.data["agreement"])
    return found
