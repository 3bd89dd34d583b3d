"""Every write about organisations, hosts, tasks and guidance capacity."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from stdnum.be import vat
from stdnum.exceptions import ValidationError as BadNumber

from stapsteen.core import halfdays
from stapsteen.core.dated import succeed
from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor
from stapsteen.hosts import capacity
from stapsteen.hosts.access import network_of_service
from stapsteen.hosts.models import (
    LEGAL_KINDS,
    ORGANISATION_ROLES,
    SECTORS,
    CapacityUse,
    GuidanceCapacity,
    Host,
    HostContact,
    HostNote,
    Organisation,
    Task,
)
from stapsteen.hosts.states import HOST
from stapsteen.network.models import Municipality, Network
from stapsteen.network.programme.schema import NT2_STEPS
from stapsteen.people.access import demand
from stapsteen.people.actions import author_name


class Unset:
    """Stands for "not given": what isn't given stays as it is."""


UNSET: Final = Unset()
DAY = "%d/%m/%Y"
MOST_PLACES = 500


def register_organisation(
    *,
    actor: Actor,
    network: Network,
    name: str,
    legal_kind: str = "vzw",
    umbrella: Organisation | None = None,
    part_of: Organisation | None = None,
    roles: tuple[str, ...] | list[str] = ("host",),
    sectors: tuple[str, ...] | list[str] = (),
    municipality: Municipality | None = None,
    address: str = "",
    enterprise_number: str = "",
    can_sanction: bool = False,
    sensitive_referrer: bool = False,
    note: str = "",
) -> Organisation:
    """Add an organisation to the network. A name stands once; a KBO number once, sub-workings aside (document 001).

    The KBO number is checked (97 minus the first eight digits modulo 97) and kept as ten digits.
    """
    demand(actor, None, "hosts.host.add")
    if not network_of_service().filter(network_id=network.pk).exists():
        raise RuleBroken(_("Dit netwerk is niet van deze dienst."))
    organisation = Organisation(
        network=network,
        name=name,
        legal_kind=legal_kind,
        umbrella=umbrella,
        part_of=part_of,
        roles=list(roles),
        sectors=list(sectors),
        municipality=municipality,
        address=address.strip(),
        enterprise_number=enterprise_number,
        can_sanction=can_sanction,
        sensitive_referrer=sensitive_referrer,
        note=note.strip(),
    )
    return _keep_organisation(organisation)


def update_organisation(*, organisation: Organisation, actor: Actor, **fields: Any) -> Organisation:
    """Change what is given; the same rules as at registration. All services of the network see it."""
    demand(actor, organisation, "hosts.organisation.edit")
    allowed = {
        "name", "legal_kind", "umbrella", "part_of", "roles", "sectors", "municipality", "address",
        "enterprise_number", "can_sanction", "sensitive_referrer", "note",
    }  # fmt: skip
    if unknown := fields.keys() - allowed:
        raise TypeError(f"An organisation has no {sorted(unknown)}.")
    organisation = _locked(organisation)
    for name, value in fields.items():
        setattr(organisation, name, list(value) if name in {"roles", "sectors"} else value)
    return _keep_organisation(organisation)


def _keep_organisation(organisation: Organisation) -> Organisation:
    """Check every rule of an organisation and save it."""
    organisation.name = " ".join(organisation.name.split())
    if not organisation.name:
        raise RuleBroken(_("Vul de naam van de organisatie in."), field="name")
    _known(organisation.legal_kind, LEGAL_KINDS, "legal_kind")
    for role in organisation.roles:
        _known(role, ORGANISATION_ROLES, "roles")
    for sector in organisation.sectors:
        _known(sector, SECTORS, "sectors")
    _same_network(organisation)
    organisation.enterprise_number = enterprise_number(organisation.enterprise_number)
    _not_double(organisation)
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError:
        raise RuleBroken(
            _("Een organisatie met deze naam bestaat al in het netwerk."), field="name"
        ) from None
    return organisation


def _known(value: str, choices: dict[str, Any], field: str) -> None:
    if value not in choices:
        raise RuleBroken(_("“%(value)s” kennen we niet. Kies uit de lijst.") % {"value": value}, field=field)


def _same_network(organisation: Organisation) -> None:
    for field in ("umbrella", "part_of"):
        other = getattr(organisation, field)
        if other is None:
            continue
        if other.network_id != organisation.network_id:
            raise RuleBroken(_("Die organisatie zit in een ander netwerk."), field=field)
        if other.pk == organisation.pk:
            raise RuleBroken(_("Een organisatie is geen deel van zichzelf."), field=field)


def _not_double(organisation: Organisation) -> None:
    others = Organisation.objects.filter(network_id=organisation.network_id).exclude(pk=organisation.pk)
    if others.filter(name__iexact=organisation.name).exists():
        raise RuleBroken(_("Een organisatie met deze naam bestaat al in het netwerk."), field="name")
    if organisation.enterprise_number and organisation.part_of_id is None:
        same = others.filter(enterprise_number=organisation.enterprise_number, part_of=None).first()
        if same is not None:
            raise RuleBroken(
                _("Dit nummer is al van %(name)s. Is dit een deelwerking? Kies dan waar ze bij hoort.")
                % {"name": same.name},
                field="enterprise_number",
            )


def enterprise_number(text: str) -> str:
    """Ten digits of a valid KBO number, or "" for nothing. RuleBroken for one that can't be."""
    if not text.strip():
        return ""
    try:
        return str(vat.validate(text.strip()))
    except BadNumber:
        raise RuleBroken(
            _("Dit ondernemingsnummer klopt niet. Een nummer heeft 10 cijfers, bijvoorbeeld 0471.938.850."),
            field="enterprise_number",
        ) from None


def work_with(*, organisation: Organisation, actor: Actor) -> Host:
    """The service starts to know this organisation as a possible host. A second time gives the same host."""
    demand(actor, organisation, "hosts.organisation.edit")
    organisation = _locked(organisation)
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


def move_host(*, host: Host, actor: Actor, action: str, reason: str = "") -> Host:
    """One step on the host's own path (D6). Stopping and pausing keep why; a "no" ends the matter (document 003)."""
    host = Host.objects.select_for_update().get(pk=host.pk)
    HOST.move(host, action, actor)
    if action == "stop" and not reason.strip():
        raise RuleBroken(_("Vul in waarom de samenwerking stopt."), field="reason")
    host.state_reason = reason.strip()
    host.save(update_fields=["state", "state_reason"])
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
        starts_on=starts_on or timezone.localdate(),
        name=" ".join(name.split()),
        email=email.strip().lower(),
        phone=phone.strip(),
        language=language,
    )
    return contact


def state_capacity(
    *,
    organisation: Organisation,
    actor: Actor,
    places: int,
    paused: bool = False,
    starts_on: date | None = None,
    note: str = "",
) -> GuidanceCapacity:
    """What the host says it can carry from that day on; 0 is a "no". Less than there are now is its right too (D3)."""
    demand(actor, organisation, "hosts.organisation.edit")
    if not 0 <= places <= MOST_PLACES:
        raise RuleBroken(_("Kies een aantal tussen 0 en %(most)s.") % {"most": MOST_PLACES}, field="places")
    organisation = _locked(organisation)
    statement: GuidanceCapacity = succeed(
        organisation.capacities,
        starts_on=starts_on or timezone.localdate(),
        places=places,
        paused=paused,
        note=note.strip(),
    )
    return statement


def set_host_agreement(
    *,
    host: Host,
    actor: Actor,
    insurance_until: date | Unset | None = UNSET,
    agreement_signed_on: date | Unset | None = UNSET,
    talk_wanted: str | Unset = UNSET,
) -> Host:
    """The uniform agreement between service and host (D2, document 001 slide 18). What isn't given stays.

    `insurance_until` is the last covered day. `talk_wanted` is a code of Host.TALKS: a wish about origin, religion or
    another protected ground starts a talk and is itself never written down (D3).
    """
    demand(actor, host, "hosts.host.edit")
    host = Host.objects.select_for_update().get(pk=host.pk)
    given = {
        "insurance_until": insurance_until,
        "agreement_signed_on": agreement_signed_on,
        "talk_wanted": talk_wanted,
    }
    changed = {name: value for name, value in given.items() if value is not UNSET}
    signed = changed.get("agreement_signed_on")
    if isinstance(signed, date) and signed > timezone.localdate():
        raise RuleBroken(_("Deze dag ligt in de toekomst."), field="agreement_signed_on")
    if talk := changed.get("talk_wanted"):
        _known(str(talk), Host.TALKS, "talk_wanted")
    for name, value in changed.items():
        setattr(host, name, value)
    host.save(update_fields=[*changed])
    return host


def open_task(
    *,
    organisation: Organisation,
    actor: Actor,
    title: str,
    half_days: int = 0,
    seats: int = 1,
    sector: str = "other",
    description: str = "",
    dutch_level: str = "",
    heavy: bool = False,
    guidance: str = "some",
    note: str = "",
) -> Task:
    """Something to do at the organisation. `half_days` 0: any moment. `dutch_level`: a step of NT2, "" asks nothing.

    Each line of `description` is a sub-task, so that a missing skill need not exclude (D4, document 003).
    """
    demand(actor, organisation, "hosts.organisation.edit")
    task = Task(
        organisation=organisation,
        title=title,
        half_days=half_days,
        seats=seats,
        sector=sector,
        description=description,
        dutch_level=dutch_level,
        heavy=heavy,
        guidance=guidance,
        note=note,
    )
    return _keep_task(task)


def update_task(*, task: Task, actor: Actor, **fields: Any) -> Task:
    """Change what is given. Fewer seats than are taken is refused; people already there keep their half-days."""
    demand(actor, task, "hosts.task.edit")
    allowed = {
        "title", "half_days", "seats", "sector", "description", "dutch_level", "heavy", "guidance", "note"
    }  # fmt: skip
    if unknown := fields.keys() - allowed:
        raise TypeError(f"A task has no {sorted(unknown)}.")
    _locked(task.organisation)
    task = Task.objects.select_for_update(no_key=True, of=("self",)).get(pk=task.pk)
    for name, value in fields.items():
        setattr(task, name, value)
    taken = capacity.seats_taken(_running(CapacityUse.objects.filter(task=task), today()), today())
    if task.seats < taken:
        raise RuleBroken(
            _("Er zijn al %(taken)s plaatsen bezet of gepland. Minder kan nu niet.") % {"taken": taken},
            field="seats",
        )
    return _keep_task(task)


def _keep_task(task: Task) -> Task:
    """Check every rule of a task and save it."""
    task.title = " ".join(task.title.split())
    task.description, task.note = task.description.strip(), task.note.strip()
    if not task.title:
        raise RuleBroken(_("Geef de taak een naam."), field="title")
    if not 1 <= task.seats <= MOST_PLACES:
        raise RuleBroken(_("Kies een aantal tussen 1 en %(most)s.") % {"most": MOST_PLACES}, field="seats")
    if not 0 <= task.half_days <= halfdays.ALL:
        raise RuleBroken(_("Kies halve dagen uit de week."), field="half_days")
    _known(task.sector, SECTORS, "sector")
    _known(task.guidance, Task.GUIDANCE, "guidance")
    if task.dutch_level:
        _known(task.dutch_level, dict.fromkeys(NT2_STEPS), "dutch_level")
    task.save()
    return task


def close_task(*, task: Task, actor: Actor, on: date | None = None) -> Task:
    """No new people on this task from that day on; who is there stays."""
    demand(actor, task, "hosts.task.edit")
    task = Task.objects.select_for_update(no_key=True, of=("self",)).get(pk=task.pk)
    if task.closed_on is not None:
        raise RuleBroken(_("Deze taak is al gesloten."))
    task.closed_on = on or today()
    task.save(update_fields=["closed_on"])
    return task


def reopen_task(*, task: Task, actor: Actor) -> Task:
    """The task can be chosen again."""
    demand(actor, task, "hosts.task.edit")
    task = Task.objects.select_for_update(no_key=True, of=("self",)).get(pk=task.pk)
    if task.closed_on is None:
        raise RuleBroken(_("Deze taak is al open."))
    task.closed_on = None
    task.save(update_fields=["closed_on"])
    return task


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
    _known(kind, HostNote.KINDS, "kind")
    if not text.strip():
        raise RuleBroken(_("Schrijf eerst iets op."), field="text")
    if (day := happened_on or today()) > today():
        raise RuleBroken(_("Deze dag ligt in de toekomst."), field="happened_on")
    note: HostNote = HostNote.objects.create(
        host=host, kind=kind, happened_on=day, text=text.strip(), author=author or author_name(actor)
    )
    return note


# Guidance that is used: called by whoever places a person -----------------------------------------------------------


def take_capacity(*, task: Task, starts_on: date, weight: int) -> CapacityUse:
    """Reserve a seat and guidance from that day on, for all services of the network at once; anonymous.

    The organisation's row is locked first: of two coaches who take the last seat at the same moment, one gets it.
    """
    organisation = _locked(task.organisation)
    _check_room(task, organisation, starts_on, weight, apart=None)
    use: CapacityUse = CapacityUse.objects.create(
        organisation=organisation, task=task, weight=weight, starts_on=starts_on
    )
    return use


def move_use(*, use: CapacityUse, starts_on: date) -> CapacityUse:
    """Another first day: an earlier one needs room on the days that are added."""
    organisation = _locked(use.organisation)
    if starts_on < use.starts_on and use.task is not None:
        _check_room(use.task, organisation, starts_on, use.weight, apart=use)
    use.starts_on = starts_on
    use.save(update_fields=["starts_on"])
    return use


def free_capacity(*, use: CapacityUse, last_day: date | None) -> CapacityUse:
    """The use ends with `last_day`; None: it never held."""
    _locked(use.organisation)
    use.ends_on = last_day if last_day is not None else use.starts_on - timedelta(days=1)
    use.save(update_fields=["ends_on"])
    return use


def _check_room(
    task: Task, organisation: Organisation, day: date, weight: int, *, apart: CapacityUse | None
) -> None:
    """RuleBroken when task or organisation has no room on some day from `day` on; `apart` isn't counted."""
    task = Task.objects.get(pk=task.pk)
    uses = [row for row in _running(organisation.uses.all(), day) if apart is None or row.pk != apart.pk]
    if task.closed_on is not None and task.closed_on <= day:
        raise RuleBroken(_("Deze taak is gesloten. Kies een andere taak."), field="task")
    if capacity.seats_taken([row for row in uses if row.task_id == task.pk], day) >= task.seats:
        raise RuleBroken(_("Alle plaatsen van deze taak zijn bezet of gepland."), field="task")
    found = capacity.room(uses, list(organisation.capacities.all()), day, weight)
    if not found.free:
        raise RuleBroken(no_room_text(found), field="task")


def no_room_text(found: capacity.Room) -> str:
    """Why there is no room, and what to do."""
    texts = {
        "unknown": _(
            "Vraag eerst hoeveel mensen deze organisatie tegelijk aankan. Vul dat in bij de organisatie."
        ),
        "paused": _("Deze organisatie pauzeert. Kies een andere plek."),
        "no": _("Deze organisatie zegt nee tegen nieuwe mensen. Kies een andere plek."),
        "full": _("Deze organisatie is vol op %(day)s. Ze beschermt zo haar begeleiding."),
    }
    return (
        texts[found.why] % {"day": found.day.strftime(DAY)} if "%(" in texts[found.why] else texts[found.why]
    )


def _running(uses: Any, day: date) -> list[CapacityUse]:
    return [row for row in uses if row.ends_on is None or row.ends_on >= day]


def _locked(organisation: Organisation) -> Organisation:
    """The organisation's row, locked: what reads or changes its capacity goes one after the other."""
    locked: Organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    return locked


def today() -> date:
    return timezone.localdate()
