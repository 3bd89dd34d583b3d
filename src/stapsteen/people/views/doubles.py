"""Doubles: who may be the same person, both side by side, merge and undo (requirement B7)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core.access import reachable
from stapsteen.core.pages import load, page, show, submit
from stapsteen.people import comparing, queries
from stapsteen.people.actions import merge_persons, tell_apart, undo_merge
from stapsteen.people.also_known import settle
from stapsteen.people.doubles import Double, doubles_of
from stapsteen.people.forms_consents import MergeForm
from stapsteen.people.models import Merge, Person
from stapsteen.people.views.persons import person_context

OF_PERSON = "<slug:service>/mensen/<uuid:person>/"
PAIR = OF_PERSON + "dubbel/<uuid:double>/"
MOST_FOUND = 12


@page(OF_PERSON + "dubbel/", rule="people.person.merge", loads="person")
def doubles(request: Any, person: Person) -> HttpResponse:
    """Who may be the same person, found or looked up; and what was merged before."""
    q = request.GET.get("q", "").replace("\0", "").strip()[:80]
    alike = doubles_of(person)
    mine = reachable(request.actor, "people.person.merge").filter(pk__in=[row.person.pk for row in alike])
    seen = set(mine.values_list("pk", flat=True))
    context = person_context(
        request, person, q=q,
        found=[found_line(request, person, double, double.person.pk in seen) for double in alike],
        looked_up=[
            {"person": row, "url": pair_url(request, "merge", person, row)}
            for row in queries.list_people(request.actor, q=q).exclude(pk=person.pk)[:MOST_FOUND]
        ] if q else [],
        merges=[
            {"row": row, "day": timezone.localdate(row.merged_at)}
            for row in Merge.objects.filter(person=person, undone_at=None).select_related("double").order_by("-merged_at")
        ],
    )  # fmt: skip
    return show(request, "people/doubles.html", context)


def found_line(request: Any, person: Person, double: Double, seen: bool) -> dict[str, Any]:
    """Somebody whom this colleague may not see, is only said to be there."""
    return {
        "name": str(double.person) if seen else "",
        "reasons": double.reasons,
        "likely": double.likely,
        "url": pair_url(request, "merge", person, double.person) if seen else "",
        "apart_url": pair_url(request, "doubles_apart", person, double.person) if seen else "",
    }


def pair_url(request: Any, name: str, person: Person, double: Person) -> str:
    keys = {"service": request.service.slug, "person": person.pk, "double": double.pk}
    return reverse(f"people.{name}", kwargs=keys)


def other_of(request: Any, person: Person, double: Any) -> Person:
    if person.pk == double:
        raise Http404
    other: Person = load(request.actor, "people.person.merge", double)
    return other


@page(PAIR, rule="people.person.merge", loads="person", methods=("GET", "POST"))
def merge(request: Any, person: Person, double: Any) -> HttpResponse:
    """Both side by side; per part that differs, which value stays."""
    other = other_of(request, person, double)
    rows = comparing.compare(person, other)
    form = MergeForm(request.POST or None, parts=[row.choice for row in rows if row.differs])
    if submit(form, lambda data: merge_persons(kept=person, double=other, actor=request.actor, choices=data)):
        messages.success(request, _("De twee fiches zijn nu één. Je kunt dit ongedaan maken."))
        return redirect(queries.person_url(request.service, person.pk))
    context = person_context(
        request, person, other=other, form=form,
        columns=[_("Gegeven"), _("Deze fiche blijft"), _("Deze fiche gaat erin op")],
        rows=[[row.label, row.mine or "–", row.theirs or "–"] for row in rows],
        back=reverse("people.doubles", kwargs={"service": request.service.slug, "person": person.pk}),
        turn_url=pair_url(request, "merge", other, person),
        apart_url=pair_url(request, "doubles_apart", person, other),
    )  # fmt: skip
    return show(request, "people/merge.html", context)


@page(PAIR + "niet/", rule="people.person.merge", loads="person", methods=("POST",))
def doubles_apart(request: Any, person: Person, double: Any) -> HttpResponse:
    """These two are different people."""
    tell_apart(person=person, other=other_of(request, person, double), actor=request.actor)
    messages.success(request, _("Genoteerd: dit zijn twee verschillende mensen."))
    return redirect("people.doubles", service=request.service.slug, person=person.pk)


@page(OF_PERSON + "ook-bekend/", rule="people.person.view", loads="person", methods=("POST",))
def double_settle(request: Any, person: Person) -> HttpResponse:
    """Of two addresses or statuses that came together: which one holds."""
    if (choice := request.POST.get("actie")) not in ("geldt", "niet"):
        raise Http404
    settle(person=person, actor=request.actor, row=request.POST.get("row", ""), holds=choice == "geldt")
    messages.success(request, _("Genoteerd."))
    return redirect(f"{queries.person_url(request.service, person.pk)}?deel=profiel")


@page(OF_PERSON + "dubbel-ongedaan/", rule="people.person.merge", loads="person", methods=("POST",))
def merge_undo(request: Any, person: Person) -> HttpResponse:
    """Two records again."""
    done = load(request.actor, "people.merge.undo", request.POST.get("merge", ""))
    double = undo_merge(merge=done, actor=request.actor)
    messages.success(request, _("De twee fiches staan weer apart."))
    seen = reachable(request.actor, "people.person.view").filter(pk=double.pk).exists()
    return redirect(queries.person_url(request.service, double.pk if seen else person.pk))
