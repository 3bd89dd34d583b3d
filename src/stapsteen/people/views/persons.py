"""Pages about persons: the list, the profile, address, notes, sensitive facts, erasing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stapsteen.core.access import reachable
from stapsteen.core.pages import load, page, show, submit
from stapsteen.core.scope import Actor
from stapsteen.people import queries
from stapsteen.people.actions import (
    end_sensitive_fact,
    erase_person,
    move_address,
    record_sensitive_fact,
)
from stapsteen.people.exports import people_workbook
from stapsteen.people.forms import (
    AddressForm,
    EraseForm,
    PersonFilterForm,
    SensitiveForm,
)
from stapsteen.people.models import Person, SensitiveFact
from stapsteen.people.queries_situation import readers_of

PER_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def filters(request: Any) -> tuple[PersonFilterForm, dict[str, str]]:
    """The filter form as the address fills it; a value that isn't a choice counts as no filter."""
    form = PersonFilterForm(request.GET, choices=queries.filter_choices(request.actor))
    form.is_valid()
    chosen = {name: form.cleaned_data.get(name, "") for name in form.fields}
    return PersonFilterForm(initial=chosen, choices=queries.filter_choices(request.actor)), chosen


@page("<slug:service>/mensen/", rule="people.person.list")
def person_list(request: Any) -> HttpResponse:
    """Everyone the colleague works with, to search and filter."""
    form, chosen = filters(request)
    shown = Paginator(queries.list_people(request.actor, **chosen), PER_PAGE).get_page(
        request.GET.get("pagina")
    )
    context = {
        "form": form,
        "page": shown,
        "rows": [table_row(request, queries.row(person)) for person in shown],
        "columns": [_("Naam"), _("Fase"), _("Begeleider"), _("Gemeente"), _("Sinds")],
        "found": ngettext("%(n)s persoon", "%(n)s mensen", shown.paginator.count)
        % {"n": shown.paginator.count},
        "filtered": any(value for name, value in chosen.items() if name != "sort"),
        "export_url": export_url(request, chosen),
    }
    return show(request, "people/person_list.html", context)


def table_row(request: Any, row: queries.PersonRow) -> list[Any]:
    return [
        {"text": str(row.person), "href": queries.person_url(request.service, row.person.pk)},
        {"text": row.phase_word, "badge": queries.PHASE_BADGES[row.phase]},
        row.coach.name if row.coach else "",
        row.town,
        row.since.strftime("%d/%m/%Y") if row.since else "",
    ]


def export_url(request: Any, chosen: dict[str, str]) -> str:
    address = reverse("people.person_export", kwargs={"service": request.service.slug})
    kept = urlencode({name: value for name, value in chosen.items() if value})
    return f"{address}?{kept}" if kept else address


@page("<slug:service>/mensen/uitvoer.xlsx", rule="people.person.list")
def person_export(request: Any) -> HttpResponse:
    """The filtered list as a spreadsheet; the read log names everyone in it."""
    _form, chosen = filters(request)
    rows = [queries.row(person) for person in queries.list_people(request.actor, **chosen)]
    answer = HttpResponse(people_workbook(rows), content_type=XLSX)
    answer.headers["Content-Disposition"] = (
        f'attachment; filename="mensen-{timezone.localdate():%Y-%m-%d}.xlsx"'
    )
    return answer


def person_context(request: Any, person: Person, **more: Any) -> dict[str, Any]:
    """What each page about one person shows on top."""
    return {"person": person, "person_url": queries.person_url(request.service, person.pk), **more}


@page(
    "<slug:service>/mensen/<uuid:person>/adres/",
    rule="people.person.view",
    loads="person",
    methods=("GET", "POST"),
)
def address_move(request: Any, person: Person) -> HttpResponse:
    """A new address from a day on; the former ones stay in view."""
    form = AddressForm(request.POST or None)
    if submit(form, lambda data: move_address(person=person, actor=request.actor, **data)):
        messages.success(request, _("Het nieuwe adres is bewaard."))
        return redirect(queries.person_url(request.service, person.pk))
    addresses = person.addresses.select_related("municipality").order_by("-starts_on", "-id")
    former = [
        [
            {"text": ", ".join(part for part in (row.street, row.postal_code, queries.town_of(row)) if part)},
            row.starts_on.strftime("%d/%m/%Y"),
            row.ends_on.strftime("%d/%m/%Y") if row.ends_on else _("nu"),
        ]
        for row in addresses
    ]
    context = person_context(
        request, person, form=form, rows=former, columns=[_("Adres"), _("Van"), _("Tot en met")]
    )
    return show(request, "people/address_move.html", context)


@page(
    "<slug:service>/mensen/<uuid:person>/gevoelig/",
    rule="people.sensitive.person",
    loads="person",
    methods=("GET", "POST"),
)
def sensitive(request: Any, person: Person) -> HttpResponse:
    """Sensitive facts: what still holds, what held, and a form for another one."""
    form = SensitiveForm(request.POST or None)
    if submit(form, lambda data: record_sensitive_fact(person=person, actor=request.actor, **data)):
        messages.success(request, _("Het gevoelige gegeven is bewaard."))
        return redirect("people.sensitive", service=request.service.slug, person=person.pk)
    facts = facts_of(request.actor, person)
    current = [fact for fact in facts if fact.ends_on is None]
    context = person_context(
        request, person, form=form, facts=current, groups=by_kind(current), readers=readers_of(person),
        former=[fact for fact in facts if fact.ends_on is not None],
    )  # fmt: skip
    return show(request, "people/sensitive.html", context)


def by_kind(facts: list[SensitiveFact]) -> list[dict[str, Any]]:
    """The facts under their kind, in the order of the list of kinds."""
    return [
        {"kind": label, "facts": [fact for fact in facts if fact.kind == kind]}
        for kind, label in SensitiveFact.KINDS.items()
        if any(fact.kind == kind for fact in facts)
    ]


def facts_of(actor: Actor, person: Person) -> list[SensitiveFact]:
    return list(reachable(actor, "people.sensitive.view").filter(person=person).order_by("-starts_on", "-id"))


@page(
    "<slug:service>/mensen/<uuid:person>/gevoelig/voorbij/",
    rule="people.sensitive.person",
    loads="person",
    methods=("POST",),
)
def sensitive_end(request: Any, person: Person) -> HttpResponse:
    """It no longer holds."""
    fact = load(request.actor, "people.sensitive.view", request.POST.get("fact", ""))
    end_sensitive_fact(fact=fact, actor=request.actor)
    messages.success(request, _("Dit geldt niet meer. Het staat nu bij vroeger."))
    return redirect("people.sensitive", service=request.service.slug, person=person.pk)


@page(
    "<slug:service>/mensen/<uuid:person>/wissen/",
    rule="people.person.erase",
    loads="person",
    methods=("GET", "POST"),
)
def person_erase(request: Any, person: Person) -> HttpResponse:
    """Erase everything about the person, with a reason."""
    form = EraseForm(request.POST or None)
    if submit(form, lambda data: erase_person(person=person, actor=request.actor, reason=data["reason"])):
        messages.success(request, _("De gegevens zijn gewist."))
        return redirect("people.person_list", service=request.service.slug)
    return show(request, "people/person_erase.html", person_context(request, person, form=form))
