"""How one service works with an organisation: its path, contact, key people, talks, looks back and notes (D1, D6)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from stapsteen.core import halfdays
from stapsteen.core.dated import succeed
from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor
from stapsteen.hosts.actions.capacity import state_capacity
from stapsteen.hosts.actions.common import known, locked, not_future, today
from stapsteen.hosts.actions.organisations import register_organisation
from stapsteen.hosts.models import (
    Host,
    HostContact,
    HostNote,
    HostReview,
    HostTalk,
    KeyPerson,
    Organisation,
    PersonNo,
)
from stapsteen.hosts.states import HOST
from stapsteen.network.models import Network
from stapsteen.people.access import demand
from stapsteen.people.actions import author_name
from stapsteen.people.models import Person


def work_with(*, organisation: Organisation, actor: Actor) -> Host:
    """The service starts to know this organisation as a possible host. A second time gives the same host."""
    demand(actor, organisation, "hosts.organisation.edit")
    organisation = locked(organisation)
    if "host" not in organisation.roles:
        organisation.roles = [*organisation.roles, "host"]
        organisation.save(update_fields=["roles"])
    return Host.objects.get_or_create(organisation=organisation)[0]


def add_host(
    *,
    actor: Actor,
    network: Network,
    places: int | None = None,
    contact_name: str = "",
    contact_email: str = "",
    contact_phone: str = "",
    **organisation: Any,
) -> Host:
    """Register an organisation and work with it at once, with what it said and whom to call, when that is known."""
    made = register_organisation(actor=actor, network=network, **organisation)
    host = work_with(organisation=made, actor=actor)
    if places is not None:
        state_capacity(organisation=made, actor=actor, places=places)
    if contact_name:
        set_contact(host=host, actor=actor, name=contact_name, email=contact_email, phone=contact_phone)
    return host


def move_host(*, host: Host, actor: Actor, action: str, reason: str = "", on: date | None = None) -> Host:
    """One step on the host's own path (D6). Stopping and pausing keep why; a "no" ends the matter (document 003)."""
    host = Host.objects.select_for_update().get(pk=host.pk)
    HOST.move(host, action, actor)
    if action == "stop" and not reason.strip():
        raise RuleBroken(_("Vul in waarom de samenwerking stopt."), field="reason")
    not_future(day := on or today(), "on")
    host.state_reason, host.state_since = reason.strip(), day
    host.save(update_fields=["state", "state_reason", "state_since"])
    return host


def set_contact(
    *,
    host: Host,
    actor: Actor,
    name: str,
    email: str = "",
    phone: str = "",
    language: str = "nl",
    starts_on: date | None = None,
) -> HostContact:
    """The one contact of the host for this service from that day on; the one before stays in view (D1)."""
    demand(actor, host, "hosts.host.edit")
    host = Host.objects.select_for_update().get(pk=host.pk)
    if not name.strip():
        raise RuleBroken(_("Vul de naam van de contactpersoon in."), field="name")
    if not email.strip() and not phone.strip():
        raise RuleBroken(_("Vul een e-mailadres of een telefoonnummer in."), field="email")
    if language not in {"nl", "fr", "en"}:
        raise RuleBroken(_("Kies een taal uit de lijst."), field="language")
    contact: HostContact = succeed(
        host.contacts,
        starts_on=starts_on or today(),
        name=" ".join(name.split()),
        email=email.strip().lower(),
        phone=phone.strip(),
        language=language,
    )
    return contact


def add_host_note(
    *,
    host: Host,
    actor: Actor,
    text: str,
    kind: str = "note",
    happened_on: date | None = None,
    author: str = "",
) -> HostNote:
    """A visit, a talk, a remark about the organisation; never about a guided person."""
    demand(actor, host, "hosts.host.edit")
    known(kind, HostNote.KINDS, "kind")
    if not text.strip():
        raise RuleBroken(_("Schrijf eerst iets op."), field="text")
    not_future(day := happened_on or today(), "happened_on")
    note: HostNote = HostNote.objects.create(
        host=host, kind=kind, happened_on=day, text=text.strip(), author=author or author_name(actor)
    )
    if kind == "visit":
        host = Host.objects.select_for_update().get(pk=host.pk)
        if host.state == "prospect":
            move_host(host=host, actor=actor, action="visit", on=day)
    return note


def add_key_person(
    *,
    host: Host,
    actor: Actor,
    name: str,
    phone: str = "",
    email: str = "",
    half_days: int = 0,
    starts_on: date | None = None,
) -> KeyPerson:
    """Someone at the host who stays near the people that come; as many as there are (D1, document 000)."""
    demand(actor, host, "hosts.host.edit")
    if not name.strip():
        raise RuleBroken(_("Vul de naam in."), field="name")
    if not 0 <= half_days <= halfdays.ALL:
        raise RuleBroken(_("Kies halve dagen uit de week."), field="half_days")
    key: KeyPerson = KeyPerson.objects.create(
        host=host,
        name=" ".join(name.split()),
        phone=phone.strip(),
        email=email.strip().lower(),
        half_days=half_days,
        starts_on=starts_on or today(),
    )
    return key


def end_key_person(*, key_person: KeyPerson, actor: Actor, on: date | None = None) -> KeyPerson:
    """No longer there from the day after; stays in view as someone of before."""
    demand(actor, key_person.host, "hosts.host.edit")
    day = on or today()
    if key_person.ends_on is not None:
        raise RuleBroken(_("Deze sleutelfiguur stopte al."))
    key_person.ends_on = max(day, key_person.starts_on)
    key_person.save(update_fields=["ends_on"])
    return key_person


def hold_talk(
    *,
    host: Host,
    actor: Actor,
    openness: str,
    team: str,
    worries: str = "",
    agreed: str = "",
    held_on: date | None = None,
    author: str = "",
) -> HostTalk:
    """The intake talk: openness, does the team want this, worries. A prospect is then in talks (D6, document 003)."""
    demand(actor, host, "hosts.host.edit")
    host = Host.objects.select_for_update().get(pk=host.pk)
    known(openness, HostTalk.OPENNESS, "openness")
    known(team, HostTalk.TEAM, "team")
    not_future(day := held_on or today(), "held_on")
    talk: HostTalk = HostTalk.objects.create(
        host=host, held_on=day, openness=openness, team=team, worries=worries.strip(), agreed=agreed.strip(),
        author=author or author_name(actor),
    )  # fmt: skip
    if host.state in HOST.by_action["talk"].source:
        move_host(host=host, actor=actor, action="talk", on=day)
    return talk


def look_back(
    *,
    host: Host,
    actor: Actor,
    went_well: str = "",
    was_hard: str = "",
    wishes: str = "",
    decision: str = "go_on",
    held_on: date | None = None,
    author: str = "",
) -> HostReview:
    """The yearly look back together (D6). About the organisation; stopping itself is a step of its own."""
    demand(actor, host, "hosts.host.edit")
    known(decision, HostReview.DECISIONS, "decision")
    not_future(day := held_on or today(), "held_on")
    if not (went_well.strip() or was_hard.strip() or wishes.strip()):
        raise RuleBroken(_("Schrijf bij minstens één vraag iets op."), field="went_well")
    review: HostReview = HostReview.objects.create(
        host=host, held_on=day, went_well=went_well.strip(), was_hard=was_hard.strip(), wishes=wishes.strip(),
        decision=decision, author=author or author_name(actor),
    )  # fmt: skip
    return review


def keep_person_no(*, host: Host, person: Person, on: date | None = None) -> PersonNo:
    """The host said no to this person: called by whoever hears it while proposing a place. No reason is kept (D3)."""
    no: PersonNo = PersonNo.objects.get_or_create(
        host=host, person=person, defaults={"said_on": on or today()}
    )[0]
    return no


def check_person_no(*, host: Host, person: Person) -> None:
    """RuleBroken when this host said no to this person before, in any pathway: that ends the matter (document 003)."""
    if PersonNo.objects.filter(host=host, person=person).exists():
        raise RuleBroken(
            _("Deze organisatie zei al nee voor deze persoon. Kies een andere plek."), field="task"
        )
