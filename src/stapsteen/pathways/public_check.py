"""One check over all services that cover where someone lives; and "call me" for who doesn't know or doesn't fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from stapsteen.core import limits
from stapsteen.core.pages import page, show, submit
from stapsteen.network.models import ProgrammeVersion, Service
from stapsteen.network.outside import help_for, listening_for
from stapsteen.network.places import Match
from stapsteen.network.programme.eligibility import RuleResult, summary
from stapsteen.network.queries import programmes_on, who_covers
from stapsteen.pathways import fit, queries
from stapsteen.pathways.actions import receive_referral
from stapsteen.pathways.check_forms import CallForm, CheckDoorForm
from stapsteen.pathways.models import Referral
from stapsteen.pathways.public_forms import FitForm, SendForm, begin, person_values, still_good, typed
from stapsteen.pathways.public_views import REFERRALS_AN_HOUR, told_rule

ORDER = {"fits": 0, "talk": 1, "incomplete": 1, "elsewhere": 2}
LIGHTS = {"fits": "green", "talk": "orange", "incomplete": "grey", "elsewhere": "red"}


@dataclass(frozen=True)
class Answer:
    """How one programme of one service answers: rule by rule, with the way in that there is."""

    service: Service
    programme: ProgrammeVersion
    results: list[RuleResult]
    door: str

    @property
    def outcome(self) -> str:
        return summary(self.results)

    @property
    def may_enter(self) -> bool:
        way = self.programme.rules.referral
        return self.service.intake_open and (way.by_person if self.door == "self" else way.by_helper)

    def card(self) -> dict[str, Any]:
        """For the page."""
        language = queries.language()
        words = {
            "fits": _("Past"),
            "talk": _("Bespreken we"),
            "incomplete": _("Weten we nog niet"),
            "elsewhere": _("Past niet"),
        }
        form = reverse("pathways.referral_form", kwargs={"service": self.service.slug})
        call = reverse("pathways.call_ask", kwargs={"service": self.service.slug})
        query = urlencode({"aanbod": self.programme.slug, "door": self.door})
        return {
            "service": self.service,
            "programme_name": queries.programme_name(self.programme),
            "summary": self.programme.rules.meta.summary.say(language),
            "light": LIGHTS[self.outcome],
            "word": words[self.outcome],
            "fits": self.outcome != "elsewhere",
            "rules": [told_rule(result) for result in self.results],
            "action": f"{form}?{query}" if self.may_enter else "",
            "call": f"{call}?{urlencode({'aanbod': self.programme.slug})}"
            if self.service.intake_open
            else "",
            "note": self.programme.rules.referral.note.say(language),
        }


def covering(place: Match, text: str) -> list[tuple[Service, ProgrammeVersion]]:
    """Each programme that someone can be referred to, of each service that covers the place (constant per service)."""
    found = [row for row in who_covers(text) if row.match.nis == place.nis]
    services = {service.pk: service for row in found for service in row.services}
    return [
        (service, version)
        for service in sorted(services.values(), key=lambda one: one.name)
        for version in queries.accepting(service)
    ]


class Check:
    """One visit: the first questions, then those of every programme that is for this place, together."""

    def __init__(self, request: Any) -> None:
        self.request = request
        posted = request.POST if request.method == "POST" else None
        self.first = CheckDoorForm(posted, initial={"town": request.GET.get("q", "")[:80]})
        self.known = posted is not None and self.first.is_valid()
        self.place = self.first.place() if self.known else None
        text = self.first.cleaned_data["town"] if self.known else ""
        self.offers = covering(self.place, text) if self.place else []
        answered = posted if posted is not None and posted.get("go") in ("check", "peek") else None
        versions = [version for _service, version in self.offers]
        self.more = FitForm(answered, programmes=versions, ask_town_too=False)
        if not self.more.fields:  # nothing more is asked anywhere
            self.more = FitForm(posted, programmes=versions, ask_town_too=False)

    def answers(self) -> Iterator[Answer]:
        """Every programme with what is known so far."""
        self.more.is_valid()
        door = self.first.cleaned_data["door"]
        for service, version in self.offers:
            known = {**self.more.answers(), **self.first.home(fit.area_of(service.pk))}
            yield Answer(service, version, fit.public_results(version, known), door)

    def cards(self) -> list[dict[str, Any]]:
        """Fitting ones first, then those where one can't join now."""
        rows = sorted(self.answers(), key=lambda row: (ORDER[row.outcome], not row.may_enter))
        return [row.card() for row in rows]


@page("past-het/", rule="network.anyone", methods=("GET", "POST"))
def fit_check(request: Any) -> HttpResponse:
    """Does something fit me? Asked once, answered by every service that covers where I live."""
    check = Check(request)
    go = request.POST.get("go", "")
    if not check.known or check.place is None or go == "first":
        return show(request, "pathways/fit_check.html", {"form": check.first})
    town = check.place.name
    context: dict[str, Any] = {
        "town": town, "by": check.first.cleaned_data["door"], "listening": listening_for(check.place.nis),
        "help": help_for(check.place.nis, town),
    }  # fmt: skip
    if not check.offers:
        return render(request, "pathways/fit_nothing.html", context)
    ready = check.more.is_bound and check.more.is_valid()
    if go == "peek":
        told = [card for card in check.cards() if any(rule["light"] != "grey" for rule in card["rules"])]
        context |= {"form": FitForm(programmes=[]), "hidden": typed(check.first), "cards": told}
        return render(request, "pathways/fit_questions.html", context)
    if not ready:
        context |= {"form": check.more, "hidden": typed(check.first), "cards": []}
        return show(request, "pathways/fit_questions.html", context)
    cards = check.cards()
    context |= {
        "cards": cards, "any": any(card["fits"] for card in cards), "hidden_first": typed(check.first),
        "hidden": [*typed(check.first), *typed(check.more), ("begun", begin())],
    }  # fmt: skip
    return render(request, "pathways/fit_answer.html", context)


@page("<slug:service>/bel-me/", rule="pathways.refer", methods=("GET", "POST"))
def call_ask(request: Any) -> HttpResponse:
    """Nothing but: call me. Intake finds it in its queue, with what was answered before."""
    programmes = programmes_on(request.service)
    if not programmes or not request.service.intake_open:
        return render(request, "pathways/referral_closed.html", {})
    chosen = request.GET.get("aanbod", "")
    programme = next((version for version in programmes if version.slug == chosen), programmes[0])
    sending = request.POST.get("go") == "bel"
    form, guard = CallForm(request.POST if sending else None), SendForm(request.POST if sending else None)
    fits = FitForm(request.POST if "town" in request.POST else None, programme=programme)
    if sending and guard.is_valid():
        made: list[Referral] = []
        if submit(form, lambda _data: made.append(_receive_call(request, programme, form, fits))):
            address = reverse("pathways.referral_thanks", kwargs={"service": request.service.slug})
            return redirect(f"{address}?{urlencode({'ref': made[0].reference, 'door': 'self'})}")
    begun = still_good(request.POST.get("begun", "")) if request.method == "POST" else begin()
    carried = typed(fits) if fits.is_bound else []
    context = {"form": form, "guard": guard, "hidden": [("begun", begun), *carried]}
    return show(request, "pathways/call_ask.html", context)


def _receive_call(request: Any, programme: ProgrammeVersion, form: CallForm, fits: FitForm) -> Referral:
    limits.allow(request, "referral", most=REFERRALS_AN_HOUR, per=timedelta(hours=1))
    person = {
        "first_name": form.cleaned_data["first_name"],
        "phone": form.cleaned_data["phone"],
        "reach_by": "call",
    }
    known: dict[str, Any] = {}
    if fits.is_bound and fits.is_valid():
        person = {**person_values(fits, form), **person}
        known = {"answers": fits.answers(), "verdicts": fit.as_stored(fits.results())}
    return receive_referral(
        actor=request.actor, programme=programme, by="self", question=form.question(), person=person, call_only=True, **known
    )  # fmt: skip
