"""The agreement of a place, for the service: its terms, sending it, and signing on this screen."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from stapsteen.core.edits import form_page
from stapsteen.core.pages import page, show, submit
from stapsteen.hosts.views import address
from stapsteen.pathways.actions import programme_of
from stapsteen.placements import actions, compose, queries
from stapsteen.placements.forms import SignForm, TermsForm
from stapsteen.placements.models import Agreement, Placement, Signature
from stapsteen.placements.states import AGREEMENT
from stapsteen.placements.terms import read_terms
from stapsteen.placements.views.common import FORM, frame, pdf_answer, placement_page, plain


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


@placement_page("nota")
def agreement_edit(request: Any, placement: Placement) -> HttpResponse:
    """The terms: of the draft, or of the next version when one went out already."""
    placement = queries.whole(placement)
    newest = queries.newest(placement)
    terms = read_terms(newest.kept["terms"] if newest else {})
    rules = programme_of(placement.pathway, placement.starts_on).rules
    form = TermsForm(request.POST or None, placement=placement, rules=rules, terms=terms)
    next_version = newest is not None and newest.state in ("out", "signed")
    return form_page(
        request,
        form,
        lambda data: keep_terms(request, placement, newest, form.to_terms(data)),
        done=_("De nota is bewaard. Lees ze na en maak ze klaar om te tekenen."),
        back=queries.placement_url(request.service, placement.pk),
        template="placements/agreement_edit.html",
        context={**frame(request, placement), "next_version": next_version, "newest": newest},
    )


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
