"""The profile in five short parts, each a page with one form (requirement C1)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stapsteen.core.access import may
from stapsteen.core.edits import tell_merged
from stapsteen.core.pages import page, show, submit
from stapsteen.people import queries
from stapsteen.people.actions import update_person
from stapsteen.people.doubles import doubles_of
from stapsteen.people.forms_profile import CareForm, DaysForm, DutchForm, ProfilePart, TalentsForm, WhoForm
from stapsteen.people.models import Person

FORM = ("GET", "POST")
PARTS = {
    "people.person_edit": gettext_lazy("Wie en bereik"),
    "people.talents_edit": gettext_lazy("Talenten en wensen"),
    "people.days_edit": gettext_lazy("Dagen en vervoer"),
    "people.dutch_edit": gettext_lazy("Nederlands"),
    "people.care_edit": gettext_lazy("Waar let je op"),
}


def part_tabs(request: Any, person: Person) -> list[dict[str, Any]]:
    keys = {"service": request.service.slug, "person": person.pk}
    return [
        {"label": label, "url": reverse(name, kwargs=keys), "current": name == request.page.name}
        for name, label in PARTS.items()
    ]


def part(request: Any, person: Person, form: ProfilePart, lede: str = "", **more: Any) -> HttpResponse:
    """One part: its form; bad or changed meanwhile: it comes back with all that was typed; good: to the profile."""
    person_page = queries.person_url(request.service, person.pk)
    if submit(form, lambda data: update_person(person=person, actor=request.actor, **data)):
        messages.success(request, _("De gegevens zijn bewaard."))
        tell_merged(request, form)
        if request.page.name == "people.person_edit" and doubles_of(Person.objects.get(pk=person.pk)):
            messages.warning(request, _("Misschien staat deze persoon twee keer in de lijst. Kijk het na."))
        return redirect(f"{person_page}?deel=profiel")
    context = {
        "person": person, "person_url": person_page, "form": form, "title": PARTS[request.page.name], "lede": lede,
        "tabs": part_tabs(request, person), **more,
    }  # fmt: skip
    return show(request, "people/profile_part.html", context)


@page(
    "<slug:service>/mensen/<uuid:person>/gegevens/", rule="people.person.view", loads="person", methods=FORM
)
def person_edit(request: Any, person: Person) -> HttpResponse:
    """Who it is, and how to reach them."""
    form = WhoForm(request.POST or None, person=person, with_insz=bool(request.service.insz_basis))
    address = queries.current_address(person)
    return part(
        request, person, form, beside="who", address=address, town=queries.town_of(address),
        may_erase=may(request.actor, "people.person.erase", person),
    )  # fmt: skip


@page(
    "<slug:service>/mensen/<uuid:person>/gegevens/talenten/",
    rule="people.person.view",
    loads="person",
    methods=FORM,
)
def talents_edit(request: Any, person: Person) -> HttpResponse:
    """What somebody likes, can and wishes."""
    form = TalentsForm(request.POST or None, person=person)
    return part(request, person, form, _("Vul samen in, in de woorden van de persoon."))


@page(
    "<slug:service>/mensen/<uuid:person>/gegevens/dagen/",
    rule="people.person.view",
    loads="person",
    methods=FORM,
)
def days_edit(request: Any, person: Person) -> HttpResponse:
    """When somebody can, and how they get there."""
    return part(request, person, DaysForm(request.POST or None, person=person))


@page(
    "<slug:service>/mensen/<uuid:person>/gegevens/nederlands/",
    rule="people.person.view",
    loads="person",
    methods=FORM,
)
def dutch_edit(request: Any, person: Person) -> HttpResponse:
    """Dutch per skill."""
    lede = _("Het niveau NT2, met tussen haakjes het Europese niveau. De twee passen maar ruw op elkaar.")
    return part(request, person, DutchForm(request.POST or None, person=person), lede)


@page(
    "<slug:service>/mensen/<uuid:person>/gegevens/aandacht/",
    rule="people.person.view",
    loads="person",
    methods=FORM,
)
def care_edit(request: Any, person: Person) -> HttpResponse:
    """What to keep in mind."""
    lede = _(
        "Schrijf alleen wat een plek doet slagen. Gezondheid en strafblad horen bij de gevoelige gegevens."
    )
    return part(request, person, CareForm(request.POST or None, person=person), lede)
