"""Who may see persons. A coach: the own caseload. Intake: whoever is being talked with. A coordinator: the service's."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from stapsteen.core.access import Answer, may, rule
from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor
from stapsteen.network import roles
from stapsteen.people.models import Appointment, Consent, Note, Person, SensitiveFact, Status, Supporter

OPEN_REFERRALS = ("received", "in_talks")


def reach(actor: Actor, to_person: str) -> Q | None:
    """The condition on a model whose link to the person is `to_person` ('' for Person itself); None: nothing."""
    if actor.has("system", roles.COORDINATOR):
        return Q()
    mine = Q(pk__in=())
    if actor.has(roles.COACH):
        mine |= Q(pathways__coach__user_id=actor.user_id)
    if actor.has(roles.INTAKE):
        mine |= Q(referrals__state__in=OPEN_REFERRALS) | Q(referrals__handled_by__user_id=actor.user_id)
    if not actor.has(roles.COACH, roles.INTAKE):
        return None
    persons = Person.objects.filter(mine).values("pk")
    return Q(**{f"{to_person}__in" if to_person else "pk__in": persons})


@rule("people.person.view")
def view_person(actor: Actor) -> Answer:
    """Coach: own caseload; intake: open referrals and own ones; coordinator: all."""
    condition = reach(actor, "")
    return None if condition is None else Person.objects.filter(condition, erased_at=None)


@rule("people.person.list")
def list_persons(actor: Actor) -> Answer:
    """Staff that works with persons."""
    return True if actor.has("system", *roles.GUIDING) else None


@rule("people.note.view")
def view_note(actor: Actor) -> Answer:
    """Whoever may see the person."""
    condition = reach(actor, "person")
    return None if condition is None else Note.objects.filter(condition)


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
    here: Answer = Person.objects.filter(erased_at=None)
    if actor.has("system"):
        return here
    condition = reach(Actor(actor.capacity, actor.user_id, actor.roles - {roles.COORDINATOR}), "")
    return None if condition is None else Person.objects.filter(condition, erased_at=None)


@rule("people.person.erase")
def erase_person(actor: Actor) -> Answer:
    """Coordinator."""
    return Person.objects.filter(erased_at=None) if actor.has("system", roles.COORDINATOR) else None


@rule("people.person.own")
def own_person(actor: Actor) -> Answer:
    """The participant: the own record."""
    return (
        Person.objects.filter(user_id=actor.user_id, erased_at=None) if actor.has(roles.PARTICIPANT) else None
    )


def demand(actor: Actor, obj: Any, *rules: str) -> None:
    """RuleBroken unless one of the rules lets this actor reach the object: for actions that move no state."""
    if not any(may(actor, name, obj) for name in rules):
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
        return None if condition is None else model.objects.filter(condition, person__erased_at=None)

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
