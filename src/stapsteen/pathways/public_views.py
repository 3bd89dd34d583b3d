"""The public side: refer yourself or someone else, and follow it without an account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from stapsteen.core import limits, links
from stapsteen.core.access import reachable
from stapsteen.core.pages import load, page, show, submit
from stapsteen.core.scope import open_scope, system
from stapsteen.network.models import Service
from stapsteen.network.outside import Help, help_for, listening_for
from stapsteen.network.programme.eligibility import RuleResult, summary
from stapsteen.network.queries import programmes_on, who_covers
from stapsteen.pathways import fit, queries
from stapsteen.pathways.actions import (
    DRAFT,
    FOLLOW,
    draft_url,
    forget_draft,
    keep_draft,
    mail_draft,
    mail_received,
    receive_referral,
    write_to_service,
)
from stapsteen.pathways.actions.drafts import draft_of, open_draft, token_of
from stapsteen.pathways.forms_referral import DraftMailForm, MessageForm
from stapsteen.pathways.models import Referral, ReferralDraft
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
DRAFTS_AN_HOUR, DRAFT_MAILS_AN_HOUR = 40, 5


class Steps:
    """One visit of the form: which way in, the three parts bound to what was typed, and the step that comes next."""

    def __init__(self, request: Any, way: WayForm) -> None:
        self.request, self.way = request, way
        self.by, self.programme = way.cleaned_data["door"], way.programmes[way.cleaned_data["aanbod"]]
        posted = request.POST if request.method == "POST" else None
        self.fits = FitForm(posted, programme=self.programme)
        given = posted if posted is not None and "first_name" in posted else None
        self.details = DetailsForm(given, programme=self.programme, service=request.service, by=self.by)
        if "verder" in request.POST:
            self._as_it_was(request.POST)

    def _as_it_was(self, posted: Any) -> None:
        """A draft that is opened again: the step that wasn't done shows what was typed, without complaints."""
        values = posted.dict()
        if posted.get("go") == "fit":
            self.fits = FitForm(initial=values, programme=self.programme)
        elif posted.get("go") == "details":
            self.details = DetailsForm(
                initial=values, programme=self.programme, service=self.request.service, by=self.by
            )

    def hidden(self, *forms: Any) -> list[tuple[str, str]]:
        """What was typed in the other steps."""
        begun = still_good(self.request.POST.get("begun", "")) if self.request.method == "POST" else begin()
        draft = self.request.POST.get("draft", "")
        kept = [("draft", draft)] if draft else []
        return [("begun", begun), *kept, *(pair for form in forms if form.is_bound for pair in typed(form))]

    def context(self, number: int, *forms: Any, **more: Any) -> dict[str, Any]:
        return {
            "step": _("Stap %(number)s van 4") % {"number": number},
            "hidden": self.hidden(*forms),
            "by": self.by,
            "programme_name": queries.programme_name(self.programme),
            "slug": self.programme.slug,
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
        place = self.fits.place() if "town" in self.fits.fields else None
        context = self.context(
            2, self.fits, self.details, rules=[told_rule(result) for result in results], outcome=summary(results),
            elsewhere=self._other_services(results), help=self._help(results),
            listening=listening_for(place.nis if place else ""),
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

    def _help(self, results: list[RuleResult]) -> list[Help]:
        """Where else to go, when it doesn't fit here."""
        place = self.fits.place() if "town" in self.fits.fields else None
        if summary(results) != "elsewhere":
            return []
        return help_for(place.nis, place.name) if place else help_for("")

    def keep(self) -> HttpResponse:
        """Keep what was typed, to go on later by a link."""
        posted = self.request.POST
        forms = [self.fits, self.details]
        pairs = [(name, posted[name]) for form in forms for name in form.fields if name in posted]
        query = {"aanbod": self.programme.slug, "door": self.by}
        step = posted.get("stap", "fit")
        limits.allow(self.request, "draft", most=DRAFTS_AN_HOUR, per=timedelta(hours=1))
        draft = keep_draft(
            actor=self.request.actor, query=query, pairs=pairs, step=step if step in KEPT_STEPS else "fit",
            draft=draft_of(posted.get("draft", "")),
        )  # fmt: skip
        return redirect(f"{draft_url(draft)}?bewaard=1")

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
        if draft := draft_of(self.request.POST.get("draft", "")):
            forget_draft(draft=draft, actor=self.request.actor)
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
    "keep": Steps.keep,
}
KEPT_STEPS = ("fit", "details", "review")


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


@page("aanmelding-verder/<str:token>/", rule=DRAFT, methods=("GET", "POST"))
def draft_resume(request: Any) -> HttpResponse:
    """A form that was kept: go on with it, mail the link to yourself, or throw it away."""
    draft = reachable(request.actor, DRAFT).first()
    if draft is None:
        return render(request, "pathways/draft_gone.html", {}, status=410)
    if request.POST.get("actie") == "wis":
        forget_draft(draft=draft, actor=request.actor)
        return render(request, "pathways/draft_gone.html", {"thrown_away": True})
    form = DraftMailForm(request.POST or None)
    if submit(form, lambda data: _mail_draft(request, draft, data["email"])):
        messages.success(request, _("De mail is onderweg."))
        return redirect(request.path)
    query, pairs, step = open_draft(draft)
    form_url = reverse("pathways.referral_form", kwargs={"service": request.service.slug})
    context = {
        "form": form, "action": f"{form_url}?{urlencode(query)}", "until": draft.delete_on, "step": step,
        "hidden": [*pairs, ("begun", begin()), ("draft", token_of(draft)), ("verder", "1")],
        "address": settings.BASE_URL + request.path, "just_kept": "bewaard" in request.GET,
    }  # fmt: skip
    return show(request, "pathways/draft_resume.html", context)


def _mail_draft(request: Any, draft: ReferralDraft, email: str) -> None:
    """A few times only: nobody's postbox is filled from here."""
    for key in ("", email.lower()):
        limits.allow(request, "draft-mail", most=DRAFT_MAILS_AN_HOUR, per=timedelta(hours=1), key=key)
    mail_draft(draft=draft, actor=request.actor, email=email)


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
    """How far the own referrals are, and messages about them, for who has the link from the mail; as much as each person
    agreed to (requirement B4)."""
    rows = queries.own_by_link(request.actor)
    form = MessageForm(request.POST or None)
    if request.method == "POST":
        chosen = load(request.actor, FOLLOW, request.POST.get("referral", ""))
        if submit(form, lambda data: _answer(request, chosen, data["text"])):
            messages.success(request, _("Je bericht is verstuurd."))
            return redirect(request.path)
    asked = request.POST.get("referral", "")
    cards = [
        queries.own_card(row)
        | {"form": form if str(row.pk) == asked else MessageForm(auto_id=f"id_{row.pk.hex}_%s")}
        for row in rows
    ]
    context = {"cards": cards, "form": form if form.is_bound else None}
    return show(request, "pathways/referral_status.html", context)


def _answer(request: Any, referral: Referral, text: str) -> None:
    limits.allow(request, "message", most=REFERRALS_AN_HOUR, per=timedelta(hours=1))
    write_to_service(referral=referral, actor=request.actor, text=text)


def send_again(link: links.Link) -> None:
    """A fresh link, to the helper of then."""
    with open_scope(UUID(link.data["service"]), actor=system("renew_link"), purpose=FOLLOW):
        referral = Referral.objects.filter(pk=link.id("referral")).exclude(helper_email="").first()
        if referral is not None:
            mail_received(referral)


links.RENEW[FOLLOW] = send_again
