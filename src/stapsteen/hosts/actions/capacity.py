"""What a host says it can carry, what it says no to, and how often it is asked (D3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils.translation import gettext as _

from stapsteen.core.dated import succeed
from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor
from stapsteen.hosts.actions.common import MOST_PLACES, known, locked, today
from stapsteen.hosts.models import GuidanceCapacity, HostAsk, Organisation, Refusal, SupportPlaces, Task
from stapsteen.people.access import demand
from stapsteen.people.models import SUPPORT


def state_capacity(
    *,
    organisation: Organisation,
    actor: Actor,
    places: int,
    paused: bool = False,
    starts_on: date | None = None,
    note: str = "",
    supports: Mapping[str, int] | None = None,
) -> GuidanceCapacity:
    """What the host says it can carry from that day on; 0 is a "no". Less than there are now is its right too (D3).

    `supports`: kind of support -> how many people who need it at once, 0 for no; kinds that were not spoken about stay
    out. None keeps what the host said before about kinds of support. From the link the host itself says it. With 0
    places in all they say what can be once it has room again: who says "not now" needn't say no to each kind.
    """
    demand(actor, organisation, "hosts.organisation.edit", "hosts.organisation.say")
    if not 0 <= places <= MOST_PLACES:
        raise RuleBroken(_("Kies een aantal tussen 0 en %(most)s.") % {"most": MOST_PLACES}, field="places")
    organisation = locked(organisation)
    limits = _limits(supports, places) if supports is not None else _said_before(organisation)
    statement: GuidanceCapacity = succeed(
        organisation.capacities,
        starts_on=starts_on or today(),
        places=places,
        paused=paused,
        note=note.strip(),
        said_by="link" if actor.link is not None else "talk",
    )
    SupportPlaces.objects.bulk_create(
        SupportPlaces(statement=statement, kind=kind, places=number)
        for kind, number in sorted(limits.items())
    )
    return statement


def _limits(supports: Mapping[str, int], places: int) -> dict[str, int]:
    for kind, number in supports.items():
        known(kind, SUPPORT, "supports")
        if not 0 <= number <= MOST_PLACES:
            raise RuleBroken(
                _("Kies een aantal tussen 0 en %(most)s.") % {"most": MOST_PLACES}, field=f"support_{kind}"
            )
        if number > places > 0:
            raise RuleBroken(too_many(places), field=f"support_{kind}")
    return dict(supports)


def too_many(places: int) -> str:
    return _("Dit is meer dan %(places)s, het aantal mensen samen.") % {"places": places}


def _said_before(organisation: Organisation) -> dict[str, int]:
    before = organisation.capacities.filter(ends_on=None).prefetch_related("supports").first()
    return before.limits if before is not None else {}


def record_refusal(
    *,
    organisation: Organisation,
    actor: Actor,
    support: str = "",
    task: Task | None = None,
    starts_on: date | None = None,
) -> Refusal:
    """The host says no: to everybody, to one kind of support, or for one task. No proposal passes by it (document 003).

    Who is there already stays. A reason isn't asked: one about a protected ground must not be written down.
    """
    demand(actor, organisation, "hosts.organisation.edit", "hosts.organisation.say")
    organisation = locked(organisation)
    if support:
        known(support, SUPPORT, "support")
    if task is not None and task.organisation_id != organisation.pk:
        raise RuleBroken(_("Deze taak hoort bij een andere organisatie."), field="task")
    if organisation.refusals.filter(support=support, task=task, ends_on=None).exists():
        raise RuleBroken(_("Dit nee staat er al."))
    refusal: Refusal = Refusal.objects.create(
        organisation=organisation, support=support, task=task, starts_on=starts_on or today()
    )
    return refusal


def take_back_refusal(*, refusal: Refusal, actor: Actor, on: date | None = None) -> Refusal:
    """Only the host takes its no back; whoever writes it down says so with this. From `on` it no longer holds."""
    demand(actor, refusal.organisation, "hosts.organisation.edit", "hosts.organisation.say")
    refusal = Refusal.objects.select_for_update(of=("self",)).get(pk=refusal.pk)
    if refusal.ends_on is not None:
        raise RuleBroken(_("Dit nee werd al teruggenomen."))
    refusal.ends_on = (on or today()) - timedelta(days=1)
    refusal.save(update_fields=["ends_on"])
    return refusal


def record_ask(*, organisation: Organisation, actor: Actor, about: str, on: date | None = None) -> HostAsk:
    """Something is asked of the host, by any service. RuleBroken past its number for the calendar month (D3)."""
    demand(actor, organisation, "hosts.organisation.edit")
    known(about, HostAsk.ABOUT, "about")
    organisation, day = locked(organisation), on or today()
    asked = organisation.asks.filter(asked_on__year=day.year, asked_on__month=day.month).count()
    if asked >= organisation.asks_per_month:
        raise RuleBroken(
            _("Deze organisatie kreeg deze maand al %(asked)s vragen. Wacht tot volgende maand.")
            % {"asked": asked}
        )
    ask: HostAsk = HostAsk.objects.create(organisation=organisation, about=about, asked_on=day)
    return ask
