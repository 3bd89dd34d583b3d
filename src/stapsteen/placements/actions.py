"""Every write about placements and their agreements.

The seat and the guidance are reserved when a place is *proposed*, not when it starts: between the two lie talks and
signatures, and two coaches must not promise the same seat. Cancelling gives the reservation back, ending ends it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core import events, halfdays, links
from stapsteen.core.access import may, reachable
from stapsteen.core.errors import RuleBroken
from stapsteen.core.mail import queue_mail
from stapsteen.core.scope import Actor, open_scope, system
from stapsteen.hosts.actions import (
    check_person_no,
    free_capacity,
    keep_person_no,
    move_use,
    record_ask,
    take_capacity,
)
from stapsteen.hosts.models import CapacityUse, Host, SubTask, Task
from stapsteen.hosts.queries import contact_on
from stapsteen.network.models import Service
from stapsteen.pathways.models import Pathway
from stapsteen.people.access import demand
from stapsteen.placements import compose
from stapsteen.placements.agreement_document import AgreementDocument, render_agreement
from stapsteen.placements.models import CANCEL_CODES, END_CODES, Agreement, Placement, Signature
from stapsteen.placements.states import AGREEMENT, PLACEMENT
from stapsteen.placements.terms import read_terms

OPEN = ("proposed", "active")
SHORTEST, LONGEST = 15, 12 * 60
HEAVIEST = 3
DAY = "%d/%m/%Y"


@transaction.atomic
def propose_placement(
    *,
    pathway: Pathway,
    actor: Actor,
    host: Host,
    task: Task,
    starts_on: date,
    half_days: int,
    minutes_per_half_day: int = 180,
    weight: int = 1,
    part: SubTask | None = None,
    ask: bool = False,
) -> Placement:
    """Propose a place and reserve its seat and guidance over the whole network (requirements D3, F2).

    `ask`: the host is asked now, so it counts among the questions that it gets this month; too many are refused.

    `part`: the sub-task that the person does; the agreement names it, instead of the whole task.
    `half_days` is a mask within the task's; `weight` is what the person asks of the host's guidance, 1 to 3.
    A host that said no for this person isn't asked again in this pathway (document 003).
    """
    pathway = Pathway.objects.select_for_update().get(pk=pathway.pk)
    demand(actor, pathway, "pathways.pathway.guide")
    _pathway_runs(pathway, starts_on)
    task = Task.objects.select_related("organisation").get(pk=task.pk)
    host = _ready_host(host, task)
    _check_roster(pathway, task, half_days, minutes_per_half_day)
    _check_earlier(pathway, host, task)
    if not 1 <= weight <= HEAVIEST:
        raise RuleBroken(_("Kies hoeveel begeleiding nodig is."), field="weight")
    if part is not None and part.task_id != task.pk:
        raise RuleBroken(_("Dit deel hoort bij een andere taak. Kies opnieuw."), field="part")
    check_person_no(host=host, person=pathway.person)
    if ask:
        record_ask(organisation=host.organisation, actor=actor, about="person")
    use = take_capacity(task=task, starts_on=starts_on, weight=weight, support=pathway.person.support)
    placement: Placement = Placement.objects.create(
        person_id=pathway.person_id,
        pathway=pathway,
        host=host,
        task=task,
        part=part,
        use=use,
        starts_on=starts_on,
        half_days=half_days,
        minutes_per_half_day=minutes_per_half_day,
    )
    _line(placement, "placement.proposed", None)
    return placement


def _pathway_runs(pathway: Pathway, day: date) -> None:
    if pathway.state != "active":
        raise RuleBroken(_("Dit traject loopt nu niet. Hervat het eerst."))
    if day < pathway.starts_on:
        raise RuleBroken(
            _("Het traject begon op %(day)s. Kies die dag of later.")
            % {"day": pathway.starts_on.strftime(DAY)},
            field="starts_on",
        )


def _ready_host(host: Host, task: Task) -> Host:
    host = Host.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=host.pk)
    if host.organisation_id != task.organisation_id:
        raise RuleBroken(_("Deze taak is van een andere organisatie."), field="task")
    if host.state != "active":
        raise RuleBroken(_("Deze organisatie is nu niet actief. Kies een andere plek."), field="task")
    return host


def _check_roster(pathway: Pathway, task: Task, half_days: int, minutes: int) -> None:
    if not 0 < half_days <= halfdays.ALL:
        raise RuleBroken(_("Kies minstens één halve dag."), field="half_days")
    if task.half_days and (outside := half_days & ~task.half_days):
        raise RuleBroken(
            _("Deze taak is er niet op %(days)s.") % {"days": halfdays.in_words(outside)}, field="half_days"
        )
    if not SHORTEST <= minutes <= LONGEST:
        raise RuleBroken(_("Kies een duur tussen een kwartier en 12 uur."), field="minutes_per_half_day")
    for other in pathway.person.placements.filter(state__in=OPEN):
        if both := half_days & other.half_days:
            raise RuleBroken(
                _("Op %(days)s heeft deze persoon al een plek.") % {"days": halfdays.in_words(both)},
                field="half_days",
            )


def _check_earlier(pathway: Pathway, host: Host, task: Task) -> None:
    if pathway.placements.filter(task_id=task.pk, state__in=OPEN).exists():
        raise RuleBroken(_("Deze persoon heeft deze taak al."), field="task")
    if pathway.placements.filter(host=host, end_code="host_no", state="cancelled").exists():
        raise RuleBroken(
            _("Deze organisatie zei al nee voor deze persoon. Kies een andere plek."), field="task"
        )


@transaction.atomic
def start_placement(*, placement: Placement, actor: Actor, on: date | None = None) -> Placement:
    """The first day (today, or the planned day if that has passed).

    Before it lie the signed agreement with its information note (law of 3 July 2005, decree of 3 April 2009) and a
    liability insurance that covers the day.
    """
    placement = _locked(placement)
    PLACEMENT.move(placement, "start", actor)
    day = on or min(placement.starts_on, timezone.localdate())
    _not_future(day, "on")
    _pathway_runs(placement.pathway, day)
    signed = placement.agreements.filter(state="signed").order_by("-version")[0]
    last = max(row.signed_on for row in signed.signatures.all())
    if last > day:
        raise RuleBroken(
            _("De afsprakennota is getekend op %(day)s. Kies die dag of later.")
            % {"day": last.strftime(DAY)},
            field="on",
        )
    _insured(placement.host, compose.document(signed), day)
    if placement.use is not None:
        move_use(use=placement.use, starts_on=day)
    placement.starts_on = day
    placement.save(update_fields=["state", "starts_on"])
    _line(placement, "placement.started", day)
    return placement


def _insured(host: Host, agreed: AgreementDocument, day: date) -> None:
    """The liability insurance covers the day; one that the host takes is read from the host, not from the note."""
    if not any(cover.taken_by == "host" for cover in agreed.insurances):
        return
    if host.insurance_until is None:
        raise RuleBroken(_("Vul bij de organisatie in tot wanneer haar verzekering loopt."), field="on")
    if host.insurance_until < day:
        raise RuleBroken(
            _("De verzekering van de organisatie liep tot %(day)s. Vraag eerst een nieuwe.")
            % {"day": host.insurance_until.strftime(DAY)},
            field="on",
        )


@transaction.atomic
def end_placement(*, placement: Placement, actor: Actor, on: date, code: str, reason: str = "") -> Placement:
    """The last day at the host and why; the pathway goes on (requirement F4). The seat is free the day after."""
    placement = _locked(placement)
    PLACEMENT.move(placement, "end", actor)
    if code not in END_CODES:
        raise RuleBroken(_("Kies een reden uit de lijst."), field="code")
    _not_future(on, "on")
    if on < placement.starts_on:
        raise RuleBroken(
            _("De plek begon op %(day)s. Kies die dag of later.")
            % {"day": placement.starts_on.strftime(DAY)},
            field="on",
        )
    placement.ends_on, placement.end_code, placement.end_reason = on, code, reason.strip() or None
    placement.save(update_fields=["state", "ends_on", "end_code", "end_reason"])
    if placement.use is not None:
        free_capacity(use=placement.use, last_day=on)
    _line(placement, "placement.ended", on, why=code)
    return placement


@transaction.atomic
def cancel_placement(
    *, placement: Placement, actor: Actor, on: date | None = None, reason: str = "", code: str = "other"
) -> Placement:
    """A proposal that doesn't go through; the reservation is given back. "host_no" ends the matter (document 003)."""
    placement = _locked(placement)
    PLACEMENT.move(placement, "cancel", actor)
    if code not in CANCEL_CODES:
        raise RuleBroken(_("Kies een reden uit de lijst."), field="code")
    day = on or timezone.localdate()
    _not_future(day, "on")
    placement.end_code, placement.end_reason = code, reason.strip() or None
    placement.save(update_fields=["state", "end_code", "end_reason"])
    if placement.use is not None:
        free_capacity(use=placement.use, last_day=None)
    if code == "host_no":
        keep_person_no(host=placement.host, person=placement.person, on=day)
    for agreement in placement.agreements.filter(state__in=("draft", "out")):
        _replace(agreement, actor)
    _line(placement, "placement.cancelled", day, why=code)
    return placement


# The three-party agreement -------------------------------------------------------------------------------------------


@transaction.atomic
def draft_agreement(*, placement: Placement, actor: Actor, terms: Mapping[str, Any]) -> Agreement:
    """The first version, or other terms for the version that is still being drafted (terms.Terms, all optional).

    A version that went out is never edited: `replace_agreement` makes the next one.
    """
    placement = _locked(placement)
    demand(actor, placement, "placements.placement.guide")
    if placement.state not in OPEN:
        raise RuleBroken(_("Deze plek is afgesloten."))
    newest = placement.agreements.order_by("-version").first()
    if newest is not None and newest.state in ("out", "signed"):
        raise RuleBroken(_("De nota is al verstuurd. Maak een nieuwe versie."))
    if newest is None or newest.state == "replaced":
        return _new_version(placement, terms, version=1 if newest is None else newest.version + 1)
    newest.content = _checked(placement, terms, newest.version)
    newest.save(update_fields=["content"])
    return newest


def _new_version(placement: Placement, terms: Mapping[str, Any], *, version: int) -> Agreement:
    agreement: Agreement = Agreement.objects.create(
        person_id=placement.person_id,
        placement=placement,
        version=version,
        content=_checked(placement, terms, version),
    )
    return agreement


def _checked(placement: Placement, terms: Mapping[str, Any], version: int) -> str:
    """The draft's content; the terms must already make a whole document."""
    read = read_terms(terms)
    compose.compose(placement, read, version, timezone.now())
    return json.dumps({"terms": read.plain()})


@transaction.atomic
def send_agreement(*, agreement: Agreement, actor: Actor) -> Agreement:
    """Freeze the content with its hash: from now on this is what is signed. It must be printable."""
    agreement = _locked_agreement(agreement)
    AGREEMENT.move(agreement, "send", actor)
    placement = agreement.placement
    if placement.state not in OPEN:
        raise RuleBroken(_("Deze plek is afgesloten."))
    read = read_terms(agreement.kept["terms"])
    frozen = compose.compose(placement, read, agreement.version, timezone.now())
    render_agreement(frozen, frozen.language)
    agreement.content = json.dumps({"terms": read.plain(), "document": frozen.model_dump(mode="json")})
    agreement.sha256 = frozen.sha256()
    agreement.save(update_fields=["state", "content", "sha256"])
    _line(placement, "agreement.sent", None, version=agreement.version)
    return agreement


@transaction.atomic
def sign_agreement(
    *,
    agreement: Agreement,
    actor: Actor,
    party: str,
    how: str,
    signed_on: date | None = None,
    signed_by: str = "",
) -> Agreement:
    """One party signs this version; with the last one it is complete and replaces the version before.

    In the welfare sector person and host sign on paper (decree of 3 April 2009).
    """
    agreement = _locked_agreement(agreement)
    demand(
        actor,
        agreement,
        "placements.agreement.guide",
        "placements.agreement.sign",
        "placements.agreement.own",
    )
    only_own = actor.link is None and not may(actor, "placements.agreement.guide", agreement)
    if only_own and (party, how) != ("person", "screen"):
        raise RuleBroken(_("Je kan alleen voor jezelf tekenen."), field="party")
    if actor.link is not None and (party, how) != (actor.link.data["party"], "link"):
        raise RuleBroken(_("Met deze link kan je alleen voor jezelf tekenen."), field="party")
    if agreement.state != "out":
        raise RuleBroken(_("Deze versie kan nu niet getekend worden. Herlaad de pagina."))
    frozen = compose.document(agreement)
    day = signed_on or timezone.localdate()
    _check_signature(agreement, frozen, party, how, day)
    name = signed_by.strip() or next(line.name for line in frozen.signatures if line.party == party)
    Signature.objects.create(
        person_id=agreement.person_id,
        agreement=agreement,
        party=party,
        how=how,
        signed_on=day,
        signed_by=name,
    )
    _line(agreement.placement, "agreement.signed_by", day, party=party, how=how)
    if agreement.signatures.count() == len(agreement.parties):
        _complete(agreement)
    return agreement


def _check_signature(
    agreement: Agreement, frozen: AgreementDocument, party: str, how: str, day: date
) -> None:
    if party not in agreement.parties:
        raise RuleBroken(_("Kies wie er tekent."), field="party")
    if how not in Signature.HOW:
        raise RuleBroken(_("Kies hoe er getekend wordt."), field="how")
    if agreement.signatures.filter(party=party).exists():
        raise RuleBroken(_("Deze partij heeft al getekend."), field="party")
    if frozen.host.welfare_sector and party != "service" and how != "paper":
        raise RuleBroken(
            _("In welzijn en zorg tekenen de persoon en de organisatie op papier. Dat vraagt het decreet."),
            field="how",
        )
    _not_future(day, "signed_on")


def _complete(agreement: Agreement) -> None:
    """The last signature completes the version by itself, whoever set it; what was signed before no longer holds."""
    AGREEMENT.move(agreement, "complete", system("agreement_complete"))
    agreement.save(update_fields=["state"])
    for older in agreement.placement.agreements.filter(state="signed").exclude(pk=agreement.pk):
        _replace(older, system("agreement_complete"))
    _line(agreement.placement, "agreement.complete", None, version=agreement.version)


@transaction.atomic
def replace_agreement(*, agreement: Agreement, actor: Actor, terms: Mapping[str, Any]) -> Agreement:
    """A changed promise: the next version, to be signed again by everyone.

    A version that was only out or in draft is replaced at once; a signed one holds until the new one is signed.
    """
    agreement = _locked_agreement(agreement)
    demand(actor, agreement, "placements.agreement.guide")
    placement = agreement.placement
    if placement.state not in OPEN:
        raise RuleBroken(_("Deze plek is afgesloten."))
    newest = placement.agreements.order_by("-version")[0]
    if newest.pk != agreement.pk:
        raise RuleBroken(_("Er is al een nieuwere versie. Pas die aan."))
    if agreement.kept["document"] is not None and _same(agreement, terms):
        raise RuleBroken(_("Er is niets veranderd. Een nieuwe versie is niet nodig."))
    if agreement.state in ("draft", "out"):
        _replace(agreement, actor)
    new = _new_version(placement, terms, version=agreement.version + 1)
    _line(placement, "agreement.replaced", None, version=new.version)
    return new


def _same(agreement: Agreement, terms: Mapping[str, Any]) -> bool:
    """Whether these terms promise just what the frozen version promises."""
    frozen = compose.document(agreement)
    now = compose.compose(agreement.placement, read_terms(terms), frozen.version, frozen.made_at)
    return now.sha256() == frozen.sha256()


def _replace(agreement: Agreement, actor: Actor) -> None:
    AGREEMENT.move(agreement, "replace", actor)
    agreement.save(update_fields=["state"])


@transaction.atomic
def invite_to_sign(*, agreement: Agreement, actor: Actor, party: str) -> Agreement:
    """Mail the person or the host a link to read and sign this version; the mail says only that there is something."""
    agreement = _locked_agreement(agreement)
    demand(actor, agreement, "placements.agreement.guide")
    if agreement.state != "out":
        raise RuleBroken(_("Deze versie kan nu niet getekend worden. Herlaad de pagina."))
    frozen = compose.document(agreement)
    _check_signature(agreement, frozen, party, "link", timezone.localdate())
    to, language = _address(agreement, party)
    mail_link(agreement, party=party, to=to, language=language)
    return agreement


def _address(agreement: Agreement, party: str) -> tuple[str, str]:
    """Where the party reads mail, and in which language."""
    placement = agreement.placement
    if party == "person":
        to, language = placement.person.email, "nl"
    elif party == "host":
        contact = contact_on(placement.host, timezone.localdate())
        to, language = (contact.email, contact.language) if contact else ("", "nl")
    else:
        raise RuleBroken(_("Een link kan alleen naar de persoon of de organisatie."), field="party")
    if not to:
        raise RuleBroken(_("We kennen het e-mailadres niet. Vul het eerst in."), field="party")
    return to, language


def mail_link(agreement: Agreement, *, party: str, to: str, language: str) -> None:
    """A fresh link; it carries to whom it went, so that an expired one is renewed to the same address."""
    purpose = "placements.agreement.sign"
    ids: dict[str, UUID | str] = {
        "service": agreement.service_id,
        "agreement": agreement.pk,
        "party": party,
        "to": to,
        "language": language,
    }
    queue_mail(
        to=to,
        template="agreement_sign",
        context={
            "service": Service.objects.get(pk=agreement.service_id),
            "url": links.url("placements.agreement_link", purpose, **ids),
        },
        language=language,
        subject_id=agreement.person_id,
    )


def renew_link(link: links.Link) -> None:
    """Sent to the receiver of the old one, whoever asks.

    Nothing when the version can no longer be signed, or when that address is no longer the person's or the contact's.
    """
    reader = Actor(f"link:{link.purpose}", link=link)
    with open_scope(UUID(link.data["service"]), actor=system("renew_sign_link"), purpose="renew_sign_link"):
        agreement = reachable(reader, "placements.agreement.sign").filter(state="out").first()
        if agreement is not None:
            mail_link(agreement, party=link.data["party"], to=link.data["to"], language=link.data["language"])


links.RENEW["placements.agreement.sign"] = renew_link

# What they share -----------------------------------------------------------------------------------------------------


# The host comes by a query of its own: planning a join of nine tables takes the database fifteen milliseconds.


def _locked(placement: Placement) -> Placement:
    rows = Placement.objects.select_for_update(of=("self",)).select_related(
        "person", "pathway__coach__user", "task"
    )
    apart = (
        Prefetch("host", Host.objects.select_related("organisation")),
        Prefetch("use", CapacityUse.objects.select_related("organisation")),
    )
    return rows.prefetch_related(*apart).get(pk=placement.pk)


def _locked_agreement(agreement: Agreement) -> Agreement:
    rows = Agreement.objects.select_for_update(of=("self",)).select_related(
        "placement__person", "placement__pathway__coach__user", "placement__task"
    )
    apart = Prefetch("placement__host", Host.objects.select_related("organisation"))
    return rows.prefetch_related(apart).get(pk=agreement.pk)


def _not_future(day: date, field: str) -> None:
    if day > timezone.localdate():
        raise RuleBroken(_("Deze dag moet nog komen. Kies vandaag of vroeger."), field=field)


def _line(placement: Placement, kind: str, on: date | None, **details: Any) -> None:
    events.record(kind, subject_id=placement.person_id, on=on, object_id=placement.pk, **details)
