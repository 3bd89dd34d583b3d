"""The agreement of a place in plain words, for the person and for the host: to read and to sign."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from stapsteen.core.pages import load, page, show
from stapsteen.hosts.views import address
from stapsteen.placements import actions, compose, queries
from stapsteen.placements.models import Agreement, Signature
from stapsteen.placements.views.common import FORM, pdf_answer, plain


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
