"""The staff's pages from the intake queue to the end of a pathway."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stapsteen.core.access import may
from stapsteen.core.pages import load, page, show, submit
from stapsteen.hosts.models import Organisation
from stapsteen.pathways import actions, fit, public_views, queries
from stapsteen.pathways.actions.referrers import SENSITIVE_KIND
from stapsteen.pathways.forms import (
    ConditionsForm,
    QueueFilterForm,
    RefuseForm,
    StartForm,
    TalkForm,
    WithdrawForm,
    YesForm,
)
from stapsteen.pathways.models import REFUSAL_CODES, Referral
from stapsteen.pathways.states import REFERRAL
from stapsteen.people.doubles import doubles_of
from stapsteen.people.queries import person_url

PER_PAGE = 50
LIGHT_BADGES = {"green": "success", "orange": "warning", "red": "error", "grey": "neutral"}
BUTTONS = {
    "take_in": ("pathways.referral_take_in", "post", "primary"),
    "accept": ("pathways.referral_accept", "get", "primary"),
    "refuse": ("pathways.referral_refuse", "get", "secondary"),
    "withdraw": ("pathways.referral_withdraw", "get", "tertiary"),
    "reopen": ("pathways.referral_reopen", "post", "secondary"),
}
FORM = ("GET", "POST")

# The queue ---------------------------------------------------------------------------------------------------------


@page("<slug:service>/aanmeldingen/", rule="pathways.referral.handle")
def intake_queue(request: Any) -> HttpResponse:
    """Who waits for an answer, who waits longest first."""
    form = QueueFilterForm(request.GET, service=request.service)
    form.is_valid()
    chosen = form.cleaned_data
    state = chosen["stand"] if chosen.get("stand") in queries.STATES else ""
    rows = queries.queue(
        request.actor, state=state, programme=chosen.get("aanbod", ""), mine=chosen.get("mijn", False),
        light=chosen.get("licht", ""),
    )  # fmt: skip
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("pagina"))
    total = shown.paginator.count
    context = {
        "form": QueueFilterForm(initial={**chosen, "stand": state}, service=request.service),
        "page": shown,
        "tabs": tabs(request, state),
        "columns": [
            _("Naam"),
            _("Wacht"),
            _("Stand"),
            _("Aangemeld door"),
            _("Programma"),
            _("Wie volgt op"),
            _("Begeleider"),
        ],
        "rows": [queue_row(request, referral) for referral in shown],
        "found": ngettext("%(n)s aanmelding", "%(n)s aanmeldingen", total) % {"n": total},
        "handovers": queries.open_handovers(request.actor).count(),
        "filtered": any(chosen.get(name) for name in ("aanbod", "licht", "mijn")) or state == "decided",
    }
    return show(request, "pathways/intake_queue.html", context)


def tabs(request: Any, state: str) -> list[dict[str, Any]]:
    here = reverse("pathways.intake_queue", kwargs={"service": request.service.slug})
    counts = queries.state_counts(request.actor)
    open_ones = {
        "label": _("Alle open"),
        "url": here,
        "current": not state,
        "count": counts["received"] + counts["in_talks"],
    }
    words = {"received": _("Nieuw"), "in_talks": _("In gesprek"), "decided": _("Beslist")}
    return [
        open_ones,
        *(
            {
                "label": words[name],
                "url": f"{here}?{urlencode({'stand': name})}",
                "current": state == name,
                "count": count,
            }
            for name, count in counts.items()
        ),
    ]


def queue_row(request: Any, referral: Any) -> list[Any]:
    """A line of the queue; `unread` was annotated on the referral."""
    wait = queries.waiting(referral)
    tried = len(referral.talks.all())
    contacts = ngettext("%(n)s contact", "%(n)s contacten", tried) % {"n": tried}
    sender = (
        str(referral.referrer) if referral.referrer else referral.helper_organisation or referral.helper_name
    )
    news = [_("nieuw bericht")] if referral.unread else []
    news += [_("vraagt om te bellen")] if referral.call_only else []
    state = str(REFERRAL.states[referral.state])
    return [
        {
            "text": str(referral.person),
            "href": referral_url(request, referral),
            "sub": " · ".join([*news, contacts]),
            "icon": "message" if referral.unread else "phone" if referral.call_only else "",
        },
        {"text": wait.words, "badge": LIGHT_BADGES[wait.light]},
        {"text": state, "sub": since_words(referral)} if referral.state == "in_talks" else state,
        {"text": str(Referral.BY[referral.by]), "sub": sender},
        queries.programme_name(referral.programme),
        referral.handled_by.name if referral.handled_by else _("nog niemand"),
        referral.coach.name if referral.coach else "",
    ]


def since_words(referral: Referral) -> str:
    """How long ago it came in, beside how long it is in this stage."""
    return _("aangemeld op %(day)s") % {"day": date_format(referral.received_on, "j F Y")}


def referral_url(request: Any, referral: Referral) -> str:
    return reverse(
        "pathways.referral_detail", kwargs={"service": request.service.slug, "referral": referral.pk}
    )


# One referral ------------------------------------------------------------------------------------------------------


@page("<slug:service>/aanmeldingen/<uuid:referral>/", rule="pathways.referral.handle", loads="referral")
def referral_detail(request: Any, referral: Referral) -> HttpResponse:
    """All that came in, what was said, and what can be done now."""
    referral = queries.referral_with_all(referral)
    is_open = referral.state in actions.OPEN
    context = about(
        request, referral,
        wait=queries.waiting(referral),
        is_open=is_open,
        buttons=[button(request, referral, t) for t in REFERRAL.open_to(referral, request.actor)],
        rules=[intake_rule(result) for result in fit.intake_results(referral)],
        contact=contact_facts(referral),
        sender=sender_facts(request, referral),
        messages_shown=[queries.message_line(row, ours=True) for row in referral.messages.all()],
        unread=any(not row.to_referrer and row.read_at is None for row in referral.messages.all()),
        can_write=can_write(referral),
        handovers=[
            {"url": handover_url(request, row), "name": row.to_name, "next": queries.handover_next(row)}
            for row in referral.handovers.all()
        ],
        can_hand_over=is_open or referral.state == "refused",
        talks=[talk_line(talk) for talk in referral.talks.all()],
        talk_form=TalkForm() if is_open else None,
        yes_form=YesForm() if referral.state == "in_talks" and referral.person_said_yes_on is None else None,
        conditions_form=ConditionsForm(referral=referral) if is_open else None,
        doubles=doubles(request, referral) if is_open else [],
        decision=REFUSAL_CODES.get(referral.decision_code, ""),
        pathways=[
            {"url": person_url(request.service, referral.person_id), "starts_on": row.starts_on}
            for row in referral.pathways.all()
        ],
    )  # fmt: skip
    return show(request, "pathways/referral_detail.html", context)


def about(request: Any, referral: Referral, **more: Any) -> dict[str, Any]:
    """What each page about one referral shows on top."""
    here = referral_url(request, referral)
    badge = {
        "label": REFERRAL.states[referral.state],
        "kind": "info" if referral.state in actions.OPEN else "neutral",
    }
    seen = may(request.actor, "people.person.view", referral.person)
    return {
        "referral": referral,
        "person": referral.person,
        "person_url": person_url(request.service, referral.person_id) if seen else "",
        "badges": [badge],
        "back": here,
        "programme_name": queries.programme_name(referral.programme),
        **more,
    }


def button(request: Any, referral: Referral, transition: Any) -> dict[str, Any]:
    """A transition as the page shows it; what still has to be done first stands beside it."""
    name, method, kind = BUTTONS[transition.action]
    reasons = [reason for need in transition.needs if (reason := need(referral))]
    return {
        "label": transition.label,
        "url": reverse(name, kwargs={"service": request.service.slug, "referral": referral.pk}),
        "method": method,
        "kind": kind,
        "reasons": reasons,
    }


def intake_rule(result: Any) -> dict[str, str]:
    return public_views.told_rule(result) | {"question": result.rule.question.say(queries.language())}


def contact_facts(referral: Referral) -> list[tuple[Any, Any]]:
    person, answers = referral.person, fit.answers_from(referral.answers)
    born = person.birth_date.strftime("%d/%m/%Y") if person.birth_date else person.birth_year
    home = person.addresses.select_related("municipality").order_by("-starts_on", "-id").first()
    town = " ".join(part for part in (home.postal_code, home.town) if part) if home else answers.postcode
    facts = [
        (_("Geboren"), born), (_("Woont in"), town), (_("Telefoon"), person.phone), (_("E-mailadres"), person.email),
        (_("Best bereikbaar via"), person.get_reach_by_display()), (_("Taal"), person.language),
    ]  # fmt: skip
    return [(term, value) for term, value in facts if value]


def sender_facts(request: Any, referral: Referral) -> list[tuple[Any, Any]]:
    """Who referred. What says too much about the person is shown only to who may see its sensitive facts."""
    locked = referral.referrer_kind == SENSITIVE_KIND
    open_to_me = not locked or may(request.actor, "people.sensitive.person", referral.person)
    facts = [
        (_("Door"), Referral.BY[referral.by]), (_("Naam"), referral.helper_name),
        (_("Organisatie"), _organisation(referral, open_to_me)),
        (_("Andere organisatie") if referral.referrer else _("Organisatie"), referral.helper_organisation),
        (_("E-mailadres"), referral.helper_email if open_to_me else ""),
        (_("Telefoon"), referral.helper_phone if open_to_me else ""),
        (_("Ontvangen op"), referral.received_on.strftime("%d/%m/%Y")),
        (_("Begeleider"), referral.coach), (_("Referentie"), referral.reference),
    ]  # fmt: skip
    return [(term, value) for term, value in facts if value]


def _organisation(referral: Referral, open_to_me: bool) -> Any:
    if referral.referrer_kind != SENSITIVE_KIND:
        return referral.referrer
    if not open_to_me or not referral.referrer_sealed:
        return _("Staat bij de gevoelige gegevens")
    return Organisation.objects.get(pk=referral.referrer_sealed)


def can_write(referral: Referral) -> bool:
    """Whether who referred can be reached here: by mail, or with an own login."""
    reached = referral.helper_email or referral.referrer_id or referral.referrer_index
    return referral.by != "self" and bool(reached) and referral.person.erased_at is None


def handover_url(request: Any, handover: Any) -> str:
    return reverse(
        "pathways.handover_detail", kwargs={"service": request.service.slug, "handover": handover.pk}
    )


def talk_line(talk: Any) -> dict[str, Any]:
    title = talk.get_kind_display() if talk.reached else _("Contactpoging, niet bereikt")
    minutes = _("%(n)s minuten") % {"n": talk.minutes} if talk.minutes else ""
    title = ", ".join(str(part) for part in (title, talk.get_place_display(), minutes) if part)
    return {
        "date": talk.held_on, "title": title, "text": talk.text or "", "who": talk.author,
        "icon": "message" if talk.kind == "talk" else "phone", "kind": "success" if talk.reached else "warning",
    }  # fmt: skip


def doubles(request: Any, referral: Referral) -> list[dict[str, Any]]:
    """People whom this may be; a link only to who the colleague may see."""
    lines = []
    for person in (double.person for double in doubles_of(referral.person)):
        seen = may(request.actor, "people.person.view", person)
        lines.append(
            {
                "person": person if seen else None,
                "url": person_url(request.service, person.pk) if seen else "",
            }
        )
    return lines


def step(
    request: Any, referral: Referral, form: Any, act: Callable[[dict[str, Any]], Any], *, title: str, done: str,
    lede: str = "", send: str = "", kind: str = "primary", template: str = "pathways/referral_step.html",
    then: str = "", **more: Any,
) -> HttpResponse:  # fmt: skip
    """A page with one form about a referral; when it went well, on to `then`, else back to the referral."""
    if submit(form, act):
        messages.success(request, done)
        return redirect(then or referral_url(request, referral))
    context = about(request, referral, form=form, title=title, lede=lede, send=send, kind=kind, **more)
    return show(request, template, context)


@page(
    "<slug:service>/aanmeldingen/<uuid:referral>/opnemen/", rule="pathways.referral.handle", loads="referral",
    methods=("POST",),
)  # fmt: skip
def referral_take_in(request: Any, referral: Referral) -> HttpResponse:
    """A colleague takes it up."""
    actions.take_in_referral(referral=referral, actor=request.actor)
    messages.success(request, _("Jij volgt deze aanmelding nu op."))
    return redirect(referral_url(request, referral))


@page(
    "<slug:service>/aanmeldingen/<uuid:referral>/heropenen/", rule="pathways.referral.handle", loads="referral",
    methods=("POST",),
)  # fmt: skip
def referral_reopen(request: Any, referral: Referral) -> HttpResponse:
    """Back in talks."""
    actions.reopen_referral(referral=referral, actor=request.actor)
    messages.success(request, _("De aanmelding is weer open."))
    return redirect(referral_url(request, referral))


@page(
    "<slug:service>/aanmeldingen/<uuid:referral>/bekend/", rule="pathways.referral.handle", loads="referral",
    methods=("POST",),
)  # fmt: skip
def referral_recognise(request: Any, referral: Referral) -> HttpResponse:
    """This is someone we know: one record instead of two."""
    person = load(request.actor, "people.person.view", request.POST.get("person", ""))
    actions.recognise_person(referral=referral, actor=request.actor, person=person)
    messages.success(request, _("De aanmelding staat nu bij de bekende persoon."))
    return redirect(referral_url(request, referral))


@page(
    "<slug:service>/aanmeldingen/<uuid:referral>/gesprek/", rule="pathways.referral.handle", loads="referral",
    methods=FORM,
)  # fmt: skip
def talk_add(request: Any, referral: Referral) -> HttpResponse:
    """A contact attempt or a talk."""
    return step(
        request, referral, TalkForm(request.POST or None),
        lambda data: actions.note_talk(referral=referral, actor=request.actor, **data),
        title=_("Contact of gesprek"), done=_("Het contact is genoteerd."),
    )  # fmt: skip


@page(
    "<slug:service>/aanmeldingen/<uuid:referral>/ja/",
    rule="pathways.referral.handle",
    loads="referral",
    methods=FORM,
)
def yes_record(request: Any, referral: Referral) -> HttpResponse:
    """The person's own yes."""
    return step(
        request, referral, YesForm(request.POST or None),
        lambda data: actions.record_yes(referral=referral, actor=request.actor, **data),
        title=_("De persoon wil dit zelf"), done=_("Het ja van de persoon is genoteerd."),
        lede=_("Meedoen is vrij. Noteer dit pas als de persoon het zelf zei."),
    )  # fmt: skip


@page(
    "<slug:service>/aanmeldingen/<uuid:referral>/voorwaarden/", rule="pathways.referral.handle", loads="referral",
    methods=FORM,
)  # fmt: skip
def conditions_edit(request: Any, referral: Referral) -> HttpResponse:
    """The programme's questions that only intake asks."""
    return step(
        request, referral, ConditionsForm(request.POST or None, referral=referral),
        lambda data: actions.set_conditions(referral=referral, actor=request.actor, conditions=data),
        title=_("Voorwaarden"), done=_("De voorwaarden zijn bewaard."),
    )  # fmt: skip


@page(
    "<slug:service>/aanmeldingen/<uuid:referral>/start/", rule="pathways.referral.handle", loads="referral",
    methods=FORM,
)  # fmt: skip
def referral_accept(request: Any, referral: Referral) -> HttpResponse:
    """Decide that a pathway starts: coach, first day, aim and place on the wheel."""
    referral = queries.referral_with_all(referral)
    form = StartForm(request.POST or None, referral=referral, service=request.service)
    return step(
        request, referral, form,
        lambda data: actions.accept_referral(referral=referral, actor=request.actor, **data),
        title=_("Start een traject"), done=_("Het traject is gestart."), send=_("Start het traject"),
        template="pathways/referral_accept.html",
        rules=[intake_rule(result) for result in fit.intake_results(referral) if result.verdict != "met"],
    )  # fmt: skip


@page(
    "<slug:service>/aanmeldingen/<uuid:referral>/elders/", rule="pathways.referral.handle", loads="referral",
    methods=FORM,
)  # fmt: skip
def referral_refuse(request: Any, referral: Referral) -> HttpResponse:
    """It goes elsewhere, warmly: on to the handover, when that is chosen."""
    form = RefuseForm(request.POST or None)

    def refuse(data: dict[str, Any]) -> None:
        values = {key: data[key] for key in ("code", "reason", "went_to")}
        actions.refuse_referral(referral=referral, actor=request.actor, **values)

    keys = {"service": request.service.slug, "referral": referral.pk}
    on = reverse("pathways.referral_hand_over", kwargs=keys) if request.POST.get("hand_over") else ""
    return step(
        request, referral, form, refuse, then=on,
        title=_("Naar elders"), done=_("De beslissing is bewaard."), send=_("Bewaar de beslissing"),
        lede=_("Breng de persoon zelf in contact met de andere dienst. Zo is dit geen eindpunt."),
    )  # fmt: skip


@page(
    "<slug:service>/aanmeldingen/<uuid:referral>/ingetrokken/", rule="pathways.referral.handle", loads="referral",
    methods=FORM,
)  # fmt: skip
def referral_withdraw(request: Any, referral: Referral) -> HttpResponse:
    """The person or the helper takes it back."""
    return step(
        request, referral, WithdrawForm(request.POST or None),
        lambda data: actions.withdraw_referral(referral=referral, actor=request.actor, **data),
        title=_("Aanmelding intrekken"), done=_("De aanmelding is ingetrokken."), send=_("Trek de aanmelding in"),
        lede=_("Dat mag altijd, ook zonder reden."),
    )  # fmt: skip
