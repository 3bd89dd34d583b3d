"""Rules: who may, said once. A rule is a function of the actor that gives the objects it may reach.

    @rule("people.person.view")
    def view_person(actor):          # a queryset: these objects; None: nothing; True: a page without an object
        return Person.objects.all() if actor.has("coach") else None

The same rule guards the page, loads its object, filters lists and permits the transition.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import QuerySet

from stapsteen.core.scope import Actor

Answer = QuerySet[Any, Any] | bool | None
Audience = Literal["member", "visitor", "open", "user", "link"]


@dataclass(frozen=True)
class Rule:
    """`audience` says how the actor becomes known.

    member: logged in, with a role in the service of the URL. visitor: nobody in particular, service in the URL.
    open: nobody in particular, no service. user: logged in, no service yet. link: the signed token in the URL.
    """

    name: str
    audience: Audience
    find: Callable[[Any], Answer]
    needs: str = ""


RULES: dict[str, Rule] = {}


def rule(
    name: str, audience: Audience = "member"
) -> Callable[[Callable[[Any], Answer]], Callable[[Any], Answer]]:
    def register(find: Callable[[Any], Answer]) -> Callable[[Any], Answer]:
        if name in RULES:
            raise LookupError(f"Rule {name} is there twice.")
        RULES[name] = Rule(name, audience, find, (find.__doc__ or "").strip().split("\n")[0])
        return find

    return register


def may(actor: Actor, name: str, obj: Any = None) -> bool:
    """Whether the rule lets this actor reach this object (or, without one, the page)."""
    answer = RULES[name].find(actor)
    if obj is None or not isinstance(answer, QuerySet):
        return answer is not None and answer is not False
    return answer.filter(pk=obj.pk).exists()


def reachable(actor: Actor, name: str) -> QuerySet[Any, Any]:
    """The objects that the rule gives this actor; an empty list where it gives none."""
    answer = RULES[name].find(actor)
    if not isinstance(answer, QuerySet):
        raise TypeError(f"Rule {name} gives no objects to {actor.capacity}.")
    return answer


def role_rule(name: str, model: Callable[[], QuerySet[Any, Any]] | None, *roles: str) -> Rule:
    """The common case: whoever has one of the roles reaches all the service's objects (or the page)."""

    def find(actor: Actor) -> Answer:
        if not actor.has("system", *roles):
            return None
        return True if model is None else model()

    find.__doc__ = ", ".join(roles).replace("_", " ").capitalize() + "."
    rule(name)(find)
    return RULES[name]
