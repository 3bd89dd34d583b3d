"""Who may see persons. A coach: the own caseload. Intake: whoever is being talked with. A coordinator: the service's."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core import links
from stapsteen.core.access import RULES, Answer, may, role_rule, rule
from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor, current
from stapsteen.network import roles
from stapsteen.network.models import Membership
from stapsteen.people.models import (
    Appointment,
    CalendarFeed,
    Consent,
    Merge,
    Note,
    Person,
    SensitiveFact,
    Status,
    Supporter,
)

OPEN_REFERRALS = ("received", "in_talks")
LIVE: dict[str, Any] = {"erased_at": None, "merged_into": None}
"""The records that are somebody: not erased, not gone into another record."""
OF_LIVE: dict[str, Any] = {f"person__{name}": value for name, value in LIVE.items()}


def standing_partner(actor: Actor) -> UUID | None:
    """The organisation whose own persons an expert follows up (requirement A5); never one that can sanction (B6)."""
    return actor.organisation_id if actor.has(roles.EXPERT) and not actor.can_sanction else None


def reach(actor: Actor, to_person: str) -> Q | None:
    """The condition on a model whose link to the person is `to_person` ('' for Person itself); None: nothing."""
    if actor.has("system", roles.COORDINATOR):
        return Q()
    mine = Q(pk__in=())
    if actor.has(roles.COACH):
        mine |= Q(pathways__coach__user_id=actor.user_id)
    if actor.has(roles.INTAKE):
        mine |= Q(referrals__state__in=OPEN_REFERRALS) | Q(referrals__handled_by__user_id=actor.user_id)
    if partner := standing_partner(actor):
        mine |= Q(pathways__partner_id=partner)
    if not actor.has(roles.COACH, roles.INTAKE) and partner is None:
        return None
    persons = Person.objects.filter(mine).values("pk")
    return Q(**{f"{to_person}__in" if to_person else "pk__in": persons})


@rule("people.person.view")
def view_person(actor: Actor) -> Answer:
    """Coach: own caseload; intake: open referrals and own ones; standing partner: its own; coordinator: all."""
    condition = reach(actor, "")
    return None if condition is None else Person.objects.filter(condition, **LIVE)


@rule("people.person.list")
def list_persons(actor: Actor) -> Answer:
    """Staff that works with persons."""
    return True if actor.has("system", *roles.GUIDING) else None


@rule("people.note.view")
def view_note(actor: Actor) -> Answer:
    """Whoever may see the person."""
    condition = reach(actor, "person")
    return None if condition is None else Note.objects.filter(condition)


@rule("people.note.correct")
def correct_note(actor: Actor) -> Answer:
    """Who wrote it, as long as that colleague may see the person."""
    condition = None if actor.user_id is None else reach(actor, "person")
    return (
        None
        if condition is None
        else Note.objects.filter(condition, written_by__user_id=actor.user_id, **OF_LIVE)
    )


@rule("people.sensitive.view")
def view_sensitive(actor: Actor) -> Answer:
    """Coach of the person and intake; a coordinator only what follows from a role in the case."""
    if actor.has("system"):
        return SensitiveFact.objects.all()
    condition = reach(Actor(actor.capacity, actor.user_id, actor.roles - {roles.COORDINATOR}), "person")
    return None if condition is None else SensitiveFact.objects.filter(condition)


@rule("people.sensitive.person")
def person_with_facts(actor: Actor) -> Answer:
    """The person whose sensitive facts somebody may see and add: coach of the person and intake."""
    here: Answer = Person.objects.filter(**LIVE)
    if actor.has("system"):
        return here
    condition = reach(Actor(actor.capacity, actor.user_id, actor.roles - {roles.COORDINATOR}), "")
    return None if condition is None else Person.objects.filter(condition, **LIVE)


@rule("people.person.erase")
def erase_person(actor: Actor) -> Answer:
    """Coordinator."""
    return Person.objects.filter(**LIVE) if actor.has("system", roles.COORDINATOR) else None


def own(actor: Actor, to_person: str = "") -> Q | None:
    """The condition on a model that gives the participant what is the own, through `to_person` ('' for Person itself).

    Known by a login, or by a card: one that was stopped opens nothing any more, from that second on.
    """
    if not actor.has(roles.PARTICIPANT):
        return None
    if actor.card_id is not None:
        mine = Person.objects.filter(access_cards__pk=actor.card_id, access_cards__stopped_at=None, **LIVE)
    else:
        mine = Person.objects.filter(user_id=actor.user_id, **LIVE).exclude(user_id=None)
    return Q(**{f"{to_person}__in" if to_person else "pk__in": mine.values("pk")})


@rule("people.person.own")
def own_person(actor: Actor) -> Answer:
    """The participant: the own record."""
    mine = own(actor)
    return None if mine is None else Person.objects.filter(mine)


@rule("people.card.open", "visitor")
def open_card(actor: Actor) -> Answer:
    """Everybody: who has the card must also know its PIN."""
    return True


@rule("people.card.keep")
def keep_card(actor: Actor) -> Answer:
    """Whoever may see the person prints the card anew or stops it."""
    return view_person(actor)


def demand(actor: Actor, obj: Any, *rules: str) -> None:
    """RuleBroken unless one of the rules lets this actor reach the object: for actions that move no state."""
    if not any(may(actor, name, obj) for name in rules):
        raise RuleBroken(_("Je mag dit niet doen met jouw rol."))


def demand_all(actor: Actor, objs: Iterable[Any], name: str) -> None:
    """RuleBroken unless the rule lets this actor reach every one of these objects; one query, however many."""
    answer, keys = RULES[name].find(actor), {obj.pk for obj in objs}
    if answer is True or not keys:
        return
    if not isinstance(answer, QuerySet) or keys - set(
        answer.filter(pk__in=keys).values_list("pk", flat=True)
    ):
        raise RuleBroken(_("Je mag dit niet doen met jouw rol."))


def of_person(name: str, model: Any, words: str, *, sensitive: bool = False) -> None:
    """A rule for rows of a person: whoever may see the person reaches them; `sensitive` leaves out a mere coordinator."""

    def find(actor: Actor) -> Answer:
        if actor.has("system"):
            return model.objects.all()
        seen_by = (
            Actor(actor.capacity, actor.user_id, actor.roles - {roles.COORDINATOR}) if sensitive else actor
        )
        condition = reach(seen_by, "person")
        return None if condition is None else model.objects.filter(condition, **OF_LIVE)

    find.__doc__ = words
    rule(name)(find)


of_person("people.appointment.keep", Appointment, "Whoever may see the person.")
of_person(
    "people.status.view", Status, "Coach of the person and intake: statuses tell a lot.", sensitive=True
)
of_person("people.supporter.view", Supporter, "Whoever may see the person.")
of_person("people.consent.view", Consent, "Whoever may see the person.")


@rule("people.consent.own")
def own_consent(actor: Actor) -> Answer:
    """The participant: the own consents, to read and to withdraw."""
    own = own_person(actor)
    return Consent.objects.filter(person__in=own.values("pk")) if isinstance(own, QuerySet) else None


FEED = "people.calendar.feed"
links.LASTING.add(FEED)
role_rule("people.calendar.own", None, *roles.GUIDING)
role_rule("people.note.offline", None, *roles.GUIDING)


@rule(FEED, "link")
def calendar_feed(actor: Actor) -> Answer:
    """Who has the secret address of a colleague's calendar, until it is stopped or the colleague leaves: no names in it."""
    if actor.link is None:
        return None
    today = timezone.localdate()
    here = Membership.objects.filter(
        service_id=current().service_id, role__in=roles.GUIDING, starts_on__lte=today
    )
    staying = here.exclude(ends_on__lt=today).values("user_id")
    feeds: Answer = CalendarFeed.objects.filter(
        secret=actor.link.id("secret"), stopped_at=None, staff__user_id__in=staying
    )
    return feeds


@rule("people.person.merge")
def merge_person(actor: Actor) -> Answer:
    """Staff that may see the person; two records are merged by who may see both."""
    return view_person(actor) if actor.has("system", *roles.GUIDING) else None


@rule("people.merge.undo")
def undo_merge(actor: Actor) -> Answer:
    """Who may see the person into whom the other record went."""
    condition = reach(actor, "person") if actor.has("system", *roles.GUIDING) else None
    return None if condition is None else Merge.objects.filter(condition, person__erased_at=None)
