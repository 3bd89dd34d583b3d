"""What the host says itself, from a mailed link and without an account: what it can carry, and which tasks stand."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stapsteen.core.pages import page, show, submit
from stapsteen.hosts import actions, queries
from stapsteen.hosts.access import present_contact
from stapsteen.hosts.forms import SayForm
from stapsteen.hosts.models import GuidanceCapacity, HostContact, Task
from stapsteen.hosts.views.common import FORM
from stapsteen.people.models import SUPPORT


@page("gastplek/<str:token>/", rule="hosts.capacity.say", methods=FORM)
def capacity_say(request: Any) -> HttpResponse:
    """On a phone: how many people, which support, a pause, and whether each task still stands."""
    contact = of_link(request)
    organisation = contact.host.organisation
    statement = (
        organisation.capacities.on(timezone.localdate())
        .prefetch_related("supports")
        .order_by("-starts_on", "-id")
        .first()
    )
    tasks = list(queries.open_tasks(Task.objects.filter(organisation=organisation), timezone.localdate()))
    form = SayForm(
        request.POST or None,
        limits=statement.limits if statement else {},
        tasks=tasks,
        initial={"places": statement.places, "paused": statement.paused} if statement else {},
    )
    if submit(form, lambda _data: say(request, contact, form)):
        return redirect(f"{request.path}?klaar=1")
    context = {
        "form": form,
        "organisation": organisation,
        "saved": "klaar" in request.GET,
        "facts": said_facts(statement, tasks) if statement else [],
        "service_name": request.service.name,
    }
    return show(request, "hosts/capacity_say.html", context)


def said_facts(statement: GuidanceCapacity, tasks: list[Task]) -> list[tuple[str, str]]:
    """What the organisation says now, to read back after sending. Words of A2."""
    people = _people(statement.places) if statement.places else _("Nu even niemand")
    whole = _("Pauze. Er komt nu niemand bij.") if statement.paused else people
    limits = statement.limits
    kinds = [
        (capfirst(str(word)), _people(limits[kind]) if limits[kind] else _("Nee, dat kan niet"))
        for kind, word in SUPPORT.items()
        if kind in limits
    ]
    standing = [(_("Jullie taken"), ", ".join(task.title for task in tasks))] if tasks else []
    return [(_("Mensen samen"), whole), *kinds, *standing]


def _people(number: int) -> str:
    return ngettext("%(n)s mens", "%(n)s mensen", number) % {"n": number}


def of_link(request: Any) -> HostContact:
    """The contact to whom the link was mailed; somebody who is no longer the contact sees nothing."""
    found: HostContact | None = present_contact(request.actor).select_related("host__organisation").first()
    if found is None:
        raise Http404
    return found


def say(request: Any, contact: HostContact, form: SayForm) -> None:
    said = form.said()
    actions.say_capacity(
        contact=contact,
        actor=request.actor,
        places=said["places"],
        paused=said["paused"],
        supports=said["supports"],
        tasks=form.answers(),
        call=said["call"],
    )
