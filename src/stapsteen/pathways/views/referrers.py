"""Who may refer, messages with who referred, and a referral as its own referrer sees it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stapsteen.core.pages import page, show, submit
from stapsteen.hosts.actions import register_organisation
from stapsteen.hosts.models import Organisation
from stapsteen.network.queries import programmes_on
from stapsteen.pathways import actions, queries
from stapsteen.pathways.actions.referrers import clusters_of, kinds_of
from stapsteen.pathways.forms_referral import MessageForm, RightForm
from stapsteen.pathways.models import Referral, ReferrerRight
from stapsteen.pathways.views.intake import referral_url, step

FORM = ("GET", "POST")
SETTINGS = "<slug:service>/instellingen/aanmelders/"


# Who may refer ---------------------------------------------------------------------------------------------------------


@page(SETTINGS, rule="pathways.right.keep")
def right_list(request: Any) -> HttpResponse:
    """Organisations that may refer, per cluster; those that no longer may, below."""
    versions = programmes_on(request.service)
    rows = list(
        ReferrerRight.objects.select_related("organisation").order_by("cluster", "organisation__name")
    )
    running = [row for row in rows if row.ends_on is None]
    named = {"clusters": clusters_of(versions), "kinds": kinds_of(versions)}
    offers = {version.slug: queries.programme_name(version) for version in versions}
    columns = [_("Organisatie"), _("Programma"), _("Cluster"), _("Soort"), _("Sinds"), _("Wat kan je doen")]
    if not named["clusters"]:
        columns.remove(_("Cluster"))
    context = {
        "columns": columns,
        "rows": [right_row(request, row, offers, **named) for row in running],
        "ended": [row for row in rows if row.ends_on is not None],
        "expected": [
            version.rules.referral.centres.count for version in versions if version.rules.referral.centres
        ],
        "centres": sum(bool(row.cluster) for row in running),
    }
    return show(request, "pathways/right_list.html", context)


def right_row(
    request: Any,
    row: ReferrerRight,
    offers: dict[str, str],
    *,
    clusters: dict[str, str],
    kinds: dict[str, str],
) -> list[Any]:
    end = reverse("pathways.right_end", kwargs={"service": request.service.slug, "right": row.pk})
    cells: list[Any] = [row.organisation.name, offers.get(row.programme_slug, _("Alle programma’s"))]
    if clusters:
        cells.append(clusters.get(row.cluster, ""))
    return [
        *cells, kinds.get(row.kind, ""), date_format(row.starts_on, "j F Y"), {"text": _("Stop"), "href": end}
    ]  # fmt: skip


@page(f"{SETTINGS}nieuw/", rule="pathways.right.keep", methods=FORM)
def right_add(request: Any) -> HttpResponse:
    """An organisation may refer from now on."""
    form = RightForm(request.POST or None, service=request.service)
    if submit(form, lambda data: _give(request, form, data)):
        messages.success(request, _("Deze organisatie mag nu aanmelden."))
        return redirect("pathways.right_list", service=request.service.slug)
    return show(request, "pathways/right_add.html", {"form": form})


def _give(request: Any, form: RightForm, data: dict[str, Any]) -> None:
    """With a new name, the organisation is made first."""
    values = {key: data[key] for key in ("programme_slug", "kind", "cluster", "starts_on") if key in data}
    organisation = form.organisations.get(data["organisation"])
    if organisation is None:
        organisation = register_organisation(
            actor=request.actor, network=request.service.network, name=data["new_name"], roles=("referrer",),
            sensitive_referrer=data["kind"] in ReferrerRight.SENSITIVE_KINDS,
        )  # fmt: skip
    actions.give_right(organisation=organisation, actor=request.actor, **values)


@page(f"{SETTINGS}<uuid:right>/stop/", rule="pathways.right.keep", loads="right", methods=FORM)
def right_end(request: Any, right: ReferrerRight) -> HttpResponse:
    """It may no longer refer; what came in stays."""
    if request.method == "POST":
        actions.end_right(right=right, actor=request.actor)
        messages.success(request, _("Deze organisatie mag niet meer aanmelden."))
        return redirect("pathways.right_list", service=request.service.slug)
    organisation = Organisation.objects.get(pk=right.organisation_id)
    return show(request, "pathways/right_end.html", {"organisation": organisation})


# Messages --------------------------------------------------------------------------------------------------------------


@page(
    "<slug:service>/aanmeldingen/<uuid:referral>/bericht/", rule="pathways.referral.handle", loads="referral",
    methods=FORM,
)  # fmt: skip
def message_send(request: Any, referral: Referral) -> HttpResponse:
    """A question or an answer to who referred; the mail only says that there is one."""
    return step(
        request, referral, MessageForm(request.POST or None),
        lambda data: actions.write_to_referrer(referral=referral, actor=request.actor, **data),
        title=_("Bericht aan de doorverwijzer"), done=_("Je bericht is verstuurd."), send=_("Verstuur"),
        lede=_("In de mail staat alleen dat er een bericht is. De naam staat er niet in."),
    )  # fmt: skip


@page(
    "<slug:service>/aanmeldingen/<uuid:referral>/gelezen/", rule="pathways.referral.handle", loads="referral",
    methods=("POST",),
)  # fmt: skip
def message_read(request: Any, referral: Referral) -> HttpResponse:
    """A colleague read it; an answer isn't always needed."""
    actions.read_messages(referral=referral, actor=request.actor)
    return redirect(referral_url(request, referral))


# The referrer's own side -----------------------------------------------------------------------------------------------


@page(
    "<slug:service>/mijn-aanmeldingen/<uuid:referral>/", rule="pathways.referral.follow", loads="referral",
    methods=FORM,
)  # fmt: skip
def own_referral(request: Any, referral: Referral) -> HttpResponse:
    """One own referral: how far it is, as far as the person agrees, and messages about it."""
    rows = Referral.objects.select_related("person", "programme", "referrer")
    referral = rows.prefetch_related("messages", "person__consents").get(pk=referral.pk)
    form = MessageForm(request.POST or None)
    if submit(form, lambda data: actions.write_to_service(referral=referral, actor=request.actor, **data)):
        messages.success(request, _("Je bericht is verstuurd."))
        return redirect(request.path)
    context = {"card": queries.own_card(referral), "form": form}
    return show(request, "pathways/own_referral.html", context)
