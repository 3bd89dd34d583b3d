"""The agreement between service and host: draw up, read, sign on paper or from a link, as a PDF (D2)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from stapsteen.core.pages import load, page, show, submit
from stapsteen.hosts import actions, queries
from stapsteen.hosts.agreement_pdf import filename, in_words, render_host_agreement
from stapsteen.hosts.forms import DrawUpForm, SignForm, SignOnPaperForm
from stapsteen.hosts.models import Host, HostAgreement
from stapsteen.hosts.states import HOST_AGREEMENT
from stapsteen.hosts.views.common import FORM, about, address, host_page


@host_page("afsprakennota")
def agreement_new(request: Any, host: Host) -> HttpResponse:
    """A new version: the four expectations are the same for all; the insurance and the period are filled in."""
    form, made = DrawUpForm(request.POST or None, host=host), []
    if submit(
        form, lambda data: made.append(actions.draw_up_agreement(host=host, actor=request.actor, **data))
    ):
        messages.success(request, _("De afspraken staan klaar om te tekenen."))
        return redirect(address(request, "hosts.agreement_detail", host_agreement=made[0].pk))
    context = {
        **about(request, host),
        "form": form,
        "title": _("Afspraken tussen dienst en organisatie"),
        "text": _("Voor alle organisaties dezelfde vier afspraken. Vul de verzekering aan."),
    }
    return show(request, "hosts/host_form.html", context)


@page(
    "<slug:service>/gastorganisaties/afspraken/<uuid:host_agreement>/",
    rule="hosts.agreement.view",
    loads="host_agreement",
    methods=FORM,
)
def agreement_detail(request: Any, host_agreement: HostAgreement) -> HttpResponse:
    """Read it; mail the link to sign, or say that it was signed on paper."""
    agreement = host_agreement
    if request.POST.get("mail"):
        to = actions.mail_agreement(agreement=agreement, actor=request.actor)
        messages.success(request, _("De link is gemaild naar %(to)s.") % {"to": to})
        return redirect(request.path)
    contact = agreement.content.get("contact", {}).get("name", "")
    form = SignOnPaperForm(request.POST or None, initial={"signed_by": contact})
    if submit(form, lambda data: sign(request, agreement, how="paper", **data)):
        messages.success(request, _("De afspraken zijn getekend."))
        return redirect(queries.host_url(request.service, agreement.host_id))
    context = {
        **about(request, agreement.host),
        "agreement": agreement,
        "state": HOST_AGREEMENT.states[agreement.state],
        "words": in_words(agreement),
        "form": form if agreement.state == "out" else None,
        "pdf_url": address(request, "hosts.agreement_pdf", host_agreement=agreement.pk),
    }
    return show(request, "hosts/agreement_detail.html", context)


def sign(request: Any, agreement: HostAgreement, *, how: str, **data: Any) -> None:
    actions.sign_host_agreement(agreement=agreement, actor=request.actor, how=how, **data)


@page(
    "<slug:service>/gastorganisaties/afspraken/<uuid:host_agreement>/pdf/",
    rule="hosts.agreement.view",
    loads="host_agreement",
)
def agreement_pdf(request: Any, host_agreement: HostAgreement) -> HttpResponse:
    """The agreement as a PDF."""
    return pdf_answer(host_agreement)


def pdf_answer(agreement: HostAgreement) -> HttpResponse:
    answer = HttpResponse(render_host_agreement(agreement), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{filename(agreement)}"'
    return answer


@page("gastafspraken/<str:token>/", rule="hosts.agreement.read", methods=FORM)
def agreement_read(request: Any) -> HttpResponse:
    """The host's contact reads and signs, without an account."""
    agreement = linked(request)
    form = SignForm(request.POST or None)
    if agreement.state == "out" and submit(
        form, lambda data: sign(request, agreement, how="link", signed_by=data["signed_by"])
    ):
        return redirect(request.path)
    context = {
        "agreement": agreement,
        "words": in_words(agreement),
        "form": form,
        "signed": agreement.state == "signed",
        "pdf_url": reverse(
            "hosts.agreement_read_pdf", kwargs={"token": request.resolver_match.kwargs["token"]}
        ),
    }
    return show(request, "hosts/agreement_read.html", context)


@page("gastafspraken/<str:token>/pdf/", rule="hosts.agreement.read")
def agreement_read_pdf(request: Any) -> HttpResponse:
    """The same as a PDF, from the link."""
    return pdf_answer(linked(request))


def linked(request: Any) -> HostAgreement:
    """The one agreement of the link; a version that was replaced is no longer there to read."""
    found: HostAgreement = load(request.actor, "hosts.agreement.sign", request.actor.link.data["agreement"])
    if found.state == "replaced":
        raise Http404
    return found
