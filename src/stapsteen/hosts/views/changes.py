"""What can be changed about one host, each on a page of its own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from stapsteen.core.edits import form_page
from stapsteen.core.pages import page, show, submit
from stapsteen.hosts import actions, queries
from stapsteen.hosts.forms import (
    CapacityForm,
    ContactForm,
    EditOrganisationForm,
    HostAgreementForm,
    HostNoteForm,
    KeyPersonForm,
    MoveForm,
    RefusalForm,
    SiteForm,
)
from stapsteen.hosts.models import Host, KeyPerson, Refusal, Site
from stapsteen.hosts.states import HOST
from stapsteen.hosts.views.common import FORM, about, address, host_form, host_page


@host_page("contact")
def contact_set(request: Any, host: Host) -> HttpResponse:
    """A new contact from a day on."""
    return host_form(
        request,
        host,
        ContactForm(request.POST or None, host=host),
        lambda data: actions.set_contact(host=host, actor=request.actor, **data),
        title=_("Contactpersoon"),
        done=_("De contactpersoon is bewaard."),
        text=_("Elke organisatie heeft voor ons één contactpersoon. De vorige blijft zichtbaar."),
    )


@host_page("draagkracht")
def capacity_set(request: Any, host: Host) -> HttpResponse:
    """What the organisation says it can carry, from a day on."""
    return host_form(
        request,
        host,
        form := CapacityForm(request.POST or None, host=host),
        lambda _data: actions.state_capacity(
            organisation=host.organisation, actor=request.actor, **form.said()
        ),
        title=_("Draagkracht"),
        done=_("De draagkracht is bewaard."),
        text=_("Dit geldt voor alle diensten van het netwerk samen."),
    )


@host_page("afspraken")
def host_agreement(request: Any, host: Host) -> HttpResponse:
    """The agreement between service and organisation: signed, insured, a talk needed."""
    return host_form(
        request,
        host,
        HostAgreementForm(request.POST or None, record=host),
        lambda data: actions.set_host_agreement(host=host, actor=request.actor, **data),
        title=_("Afspraken en verzekering"),
        done=_("De afspraken zijn bewaard."),
        text=_("Eén contactpersoon, een verzekering, elke maand de uren, en mee evalueren."),
    )


@host_page("gegevens")
def host_edit(request: Any, host: Host) -> HttpResponse:
    """The organisation's own data, the same for all services of the network."""
    organisation = host.organisation
    return host_form(
        request,
        host,
        EditOrganisationForm(request.POST or None, organisation=organisation),
        lambda data: actions.update_organisation(organisation=organisation, actor=request.actor, **data),
        title=_("Gegevens van de organisatie"),
        done=_("De gegevens zijn bewaard."),
        text=_("Alle diensten van het netwerk zien deze gegevens."),
        template="hosts/host_edit.html",
    )


@host_page("stand")
def host_move(request: Any, host: Host) -> HttpResponse:
    """A step on the host's path; pausing and stopping ask why first."""
    action = request.POST.get("actie") or request.GET.get("actie", "")
    if action not in HOST.by_action:
        raise Http404
    label = str(HOST.by_action[action].label)
    form = MoveForm(request.POST or None, action=action)
    if request.method == "POST" and submit(
        form, lambda data: actions.move_host(host=host, actor=request.actor, action=action, **data)
    ):
        messages.success(request, _("De stand is gewijzigd."))
        return redirect(queries.host_url(request.service, host.pk))
    titles = {"pause": _("Pauzeer deze organisatie"), "stop": _("Stop met deze organisatie")}
    context = {
        **about(request, host),
        "form": form,
        "title": titles.get(action, label),
        "label": label,
        "action": action,
    }
    return show(request, "hosts/host_move.html", context)


@host_page("notitie")
def note_add(request: Any, host: Host) -> HttpResponse:
    """A visit or a remark."""
    return host_form(
        request,
        host,
        HostNoteForm(request.POST or None),
        lambda data: actions.add_host_note(host=host, actor=request.actor, **data),
        title=_("Bezoek of notitie"),
        done=_("De notitie is bewaard."),
    )


@host_page("nee")
def refusal_add(request: Any, host: Host) -> HttpResponse:
    """A no of the host: it ends the matter for every service of the network."""
    tasks = list(host.organisation.tasks.filter(closed_on=None).order_by("title", "id"))
    form = RefusalForm(request.POST or None, tasks=tasks)
    return host_form(
        request,
        host,
        form,
        lambda _data: actions.record_refusal(
            organisation=host.organisation, actor=request.actor, **form.said()
        ),
        title=_("De organisatie zegt nee"),
        done=_("Dat is bewaard. Niemand stelt dit nog voor."),
        text=_(
            "Een nee is een nee, voor alle diensten. Je hoeft niet te vragen waarom. Wie er al is, blijft."
        ),
    )


@page(
    "<slug:service>/gastorganisaties/nee/<uuid:refusal>/terug/",
    rule="hosts.refusal.edit",
    loads="refusal",
    methods=("POST",),
)
def refusal_end(request: Any, refusal: Refusal) -> HttpResponse:
    """The host takes its no back."""
    actions.take_back_refusal(refusal=refusal, actor=request.actor)
    messages.success(request, _("De organisatie nam haar nee terug."))
    return redirect(back_to(request, refusal.organisation_id))


def back_to(request: Any, organisation_id: Any) -> str:
    """The host's page of this service, or the list where the service doesn't work with the organisation."""
    host = queries.own_hosts([organisation_id]).get(organisation_id)
    return queries.host_url(request.service, host.pk) if host else address(request, "hosts.host_list")


@host_page("sleutelfiguur")
def key_person_add(request: Any, host: Host) -> HttpResponse:
    """Someone at the host who stays near."""
    return host_form(
        request,
        host,
        KeyPersonForm(request.POST or None),
        lambda data: actions.add_key_person(host=host, actor=request.actor, **data),
        title=_("Nieuwe sleutelfiguur"),
        done=_("De sleutelfiguur is bewaard."),
        text=_("Iemand van de organisatie die in de buurt blijft. Er kunnen er meer zijn."),
    )


@page(
    "<slug:service>/gastorganisaties/sleutelfiguur/<uuid:key_person>/stopt/",
    rule="hosts.key_person.edit",
    loads="key_person",
    methods=("POST",),
)
def key_person_end(request: Any, key_person: KeyPerson) -> HttpResponse:
    """No longer there."""
    actions.end_key_person(key_person=key_person, actor=request.actor)
    messages.success(request, _("De sleutelfiguur stopt vandaag."))
    return redirect(queries.host_url(request.service, key_person.host_id))


@host_page("plek")
def site_add(request: Any, host: Host) -> HttpResponse:
    """A place where the organisation works."""
    return host_form(
        request,
        host,
        SiteForm(request.POST or None),
        lambda data: actions.keep_site(organisation=host.organisation, actor=request.actor, **data),
        title=_("Nieuwe plek"),
        done=_("De plek is bewaard."),
        text=_("Een adres waar de organisatie werkt. Ze staat dan op de kaart."),
    )


@page("<slug:service>/gastorganisaties/plek/<uuid:site>/", rule="hosts.site.edit", loads="site", methods=FORM)
def site_edit(request: Any, site: Site) -> HttpResponse:
    """Change a place, or say that nobody works there any more."""
    back = back_to(request, site.organisation_id)
    if request.POST.get("weg"):
        actions.close_site(site=site, actor=request.actor)
        messages.success(request, _("De plek staat er niet meer."))
        return redirect(back)
    form = SiteForm(request.POST or None, site=site)
    keep = {"organisation": site.organisation, "actor": request.actor, "site": site}
    return form_page(
        request,
        form,
        lambda data: actions.keep_site(**keep, **data),
        done=_("De plek is bewaard."),
        back=back,
        template="hosts/site_edit.html",
        context={"site": site, "back": back},
    )


@page(
    "<slug:service>/gastorganisaties/<uuid:host>/vraag/",
    rule="hosts.host.edit",
    loads="host",
    methods=("POST",),
)
def capacity_ask(request: Any, host: Host) -> HttpResponse:
    """Mail the contact a link to say what the organisation can carry."""
    address_of = actions.ask_host(host=host, actor=request.actor)
    messages.success(request, _("De vraag is gemaild naar %(to)s.") % {"to": address_of})
    return redirect(queries.host_url(request.service, host.pk))
