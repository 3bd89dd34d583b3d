"""The public side: refer yourself or someone else, and follow it without an account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from stapsteen.core import limits, links
from stapsteen.core.access import reachable
from stapsteen.core.pages import page, show, submit
from stapsteen.core.scope import open_scope, system
from stapsteen.network.models import Service
from stapsteen.network.programme.eligibility import RuleResult, summary
from stapsteen.network.queries import programmes_on, who_covers
from stapsteen.pathways import fit, queries
from stapsteen.pathways.actions import FOLLOW, mail_received, receive_referral
from stapsteen.pathways.models import Referral
from stapsteen.pathways.public_forms import (
    DetailsForm,
    FitForm,
    SendForm,
    WayForm,
    answer_lines,
    begin,
    person_values,
    referral_values,
    still_good,
    typed,
)

REFERRALS_AN_HOUR = 20
"""From one address: a whole town hall may share one, and nobody refers more than that by hand."""


class Steps:
    """One visit of the form: which way in, the three parts bound to what was typed, and the step that comes next."""

    def __init__(self, request: Any, way: WayForm) -> None:
        self.request, self.way = request, way
        self.by, self.programme = way.cleaned_data["door"], way.programmes[way.cleaned_data["aanbod"]]
        posted = request.POST if request.method == "POST" else None
        self.fits = FitForm(posted, programme=self.programme)
        given = posted if posted is not None and "first_name" in posted else None
        self.details = DetailsForm(given, programme=self.programme, service=request.service, by=self.by)

    def hidden(self, *forms: Any) -> list[tuple[str, str]]:
        """What was typed in the other steps."""
        begun = still_good(self.request.POST.get("begun", "")) if self.request.method == "POST" else begin()
        return [("begun", begun), *(pair for form in forms if form.is_bound for pair in typed(form))]

    def context(self, number: int, *forms: Any, **more: Any) -> dict[str, Any]:
        return {
            "step": _("Stap %(number)s van 4") % {"number": number},
            "hidden": self.hidden(*forms),
            "by": self.by,
            "programme_name": queries.programme_name(self.programme),
            "note": self.programme.rules.referral.note.say(queries.language()),
            **more,
        }

    def fit(self) -> HttpResponse:
        more = {"form": self.fits, "rules": []}
        return show(self.request, "pathways/referral_form_fit.html", self.context(1, self.details, **more))

    def peek(self) -> HttpResponse:
        """The rules that can be told already, while the form is filled in."""
        self.fits.is_valid()
        told = [told_rule(result) for result in self.fits.results() if not result.missing]
        context = self.context(1, self.details, rules=told, form=FitForm(programme=self.programme))
        return render(self.request, "pathways/referral_form_fit.html", context)

    def verdict(self) -> HttpResponse:
        if not self.fits.is_valid():
            return self.fit()
        results = self.fits.results()
        context = self.context(
            2, self.fits, self.details, rules=[told_rule(result) for result in results], outcome=summary(results),
            elsewhere=self._other_services(results),
        )  # fmt: skip
        return render(self.request, "pathways/referral_form_verdict.html", context)

    def _other_services(self, results: list[RuleResult]) -> list[Service]:
        """Who does cover the town, when this service doesn't."""
        place = self.fits.place()
        outside = any(r.rule.topic == "residence" and r.verdict == "not_met" for r in results)
        if not outside or place is None:
            return []
        found = [row for row in who_covers(self.fits.cleaned_data["town"]) if row.match.nis == place.nis]
        return [service for row in found for service in row.services if service.pk != self.request.service.pk]

    def ask_details(self) -> HttpResponse:
        if not self.fits.is_valid():
            return self.fit()
        return show(
            self.request, "pathways/referral_form_details.html", self.context(3, self.fits, form=self.details)
        )

    def review(self, send: SendForm | None = None) -> HttpResponse:
        if not (self.fits.is_valid() and self.details.is_bound and self.details.is_valid()):
            return self.ask_details()
        context = self.context(
            4, self.fits, self.details, fit_lines=answer_lines(self.fits), details_lines=answer_lines(self.details),
            form=send or SendForm(), call=self.request.service.phone if send else "",
        )  # fmt: skip
        return show(self.request, "pathways/referral_form_review.html", context)

    def send(self) -> HttpResponse:
        if not (self.fits.is_valid() and self.details.is_bound and self.details.is_valid()):
            return self.review()
        made: list[Referral] = []
        form = SendForm(self.request.POST)
        if submit(form, lambda _data: made.append(self._receive())):
            address = reverse("pathways.referral_thanks", kwargs={"service": self.request.service.slug})
            return redirect(f"{address}?{urlencode({'ref': made[0].reference, 'door': self.by})}")
        return self.review(form)

    def _receive(self) -> Referral:
        limits.allow(self.request, "referral", most=REFERRALS_AN_HOUR, per=timedelta(hours=1))
        return receive_referral(
            actor=self.request.actor,
            programme=self.programme,
            person=person_values(self.fits, self.details),
            answers=self.fits.answers(),
            verdicts=fit.as_stored(self.fits.results()),
            **referral_values(self.details, self.request.service),
        )


def told_rule(result: RuleResult) -> dict[str, str]:
    """A rule as the visitor reads it."""
    language = queries.language()
    return {
        "light": fit.light(result.verdict, result.effect),
        "word": fit.verdict_word(result.verdict, result.effect),
        "explanation": result.explain(language),
        "elsewhere": result.where_to_go(language),
    }


STEPS: dict[str, Callable[[Steps], HttpResponse]] = {
    "fit": Steps.fit,
    "peek": Steps.peek,
    "verdict": Steps.verdict,
    "details": Steps.ask_details,
    "review": Steps.review,
    "send": Steps.send,
}


@page("<slug:service>/aanmelden/", rule="pathways.refer", methods=("GET", "POST"))
def referral_form(request: Any) -> HttpResponse:
    """Refer yourself or someone else. Nothing is told about who is known already."""
    programmes = queries.accepting(request.service) if request.service.intake_open else []
    if not programmes:
        return render(request, "pathways/referral_closed.html", {})
    way = WayForm(programmes=programmes)
    way = WayForm({**way.only, **request.GET.dict()}, programmes=programmes)
    if not way.is_valid():
        asked = {"aanbod", "door"} & request.GET.keys() - way.only.keys()
        return ask_way(
            request, way if asked or ("door" in way.errors and way.data.get("door")) else None, programmes
        )
    steps = Steps(request, way)
    return STEPS.get(request.POST.get("go", "fit"), Steps.fit)(steps)


def ask_way(request: Any, answered: WayForm | None, programmes: list[Any]) -> HttpResponse:
    """For whom and for what, when the address doesn't say; the choices that aren't any stay away."""
    form = answered or WayForm(programmes=programmes)
    notes = [
        {"name": queries.programme_name(version), "text": version.rules.referral.note.say(queries.language())}
        for version in programmes
    ]
    return show(request, "pathways/referral_form_way.html", {"form": form, "notes": notes})


@page("<slug:service>/aanmelden/bedankt/", rule="pathways.refer")
def referral_thanks(request: Any) -> HttpResponse:
    """It came in: what happens next, and a reference without a name."""
    reference = request.GET.get("ref", "")
    known = len(reference) == 6 and all(sign in "0123456789ABCDEF" for sign in reference)
    names = {queries.programme_name(version) for version in programmes_on(request.service)}
    context = {
        "reference": reference if known else "",
        "by": "helper" if request.GET.get("door") == "helper" else "self",
        "programmes": sorted(names),
    }
    return render(request, "pathways/referral_thanks.html", context)


@page("volg-aanmelding/<str:token>/", rule=FOLLOW, methods=("GET", "POST"))
def referral_status(request: Any) -> HttpResponse:
    """How far a referral is, for who has the link from the mail; as much as the person agreed to (requirement B4)."""
    referral = reachable(request.actor, FOLLOW).select_related("referrer").get()
    context = {
        "reference": referral.reference,
        "word": queries.status_word(referral),
        "told": queries.told(referral),
    }
    return render(request, "pathways/referral_status.html", {**context, "received_on": referral.received_on})


def send_again(link: links.Link) -> None:
    """A fresh link, to the helper of then."""
    with open_scope(UUID(link.data["service"]), actor=system("renew_link"), purpose=FOLLOW):
        referral = Referral.objects.filter(pk=link.id("referral")).exclude(helper_email="").first()
        if referral is not None:
            mail_received(referral)


links.RENEW[FOLLOW] = send_again
