"""Guarantee 5, states move by table: buttons, database check, history and the diagram come from one table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stapsteen.core import events
from stapsteen.core.access import RULES, may
from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor

Condition = Callable[[Any], str | Promise | None]
"""Takes the object; returns why the transition can't be made now, or None."""


@dataclass(frozen=True)
class Transition:
    """`action` moves any state of `source` to `target`, for whom `rule` lets through, when each of `needs` holds."""

    action: str
    source: tuple[str, ...]
    target: str
    rule: str
    label: str | Promise
    needs: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Machine:
    """The states of one model (its field is always called `state`) and the only ways between them."""

    model: str
    states: dict[str, str | Promise]
    beginnings: tuple[str, ...]
    transitions: tuple[Transition, ...]
    by_action: dict[str, Transition] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_action", {t.action: t for t in self.transitions})
        named = {
            *self.beginnings,
            *(t.target for t in self.transitions),
            *(s for t in self.transitions for s in t.source),
        }
        if unknown := named - self.states.keys():
            raise ValueError(f"{self.model}: unknown states {sorted(unknown)}")
        MACHINES[self.model] = self

    @property
    def ways(self) -> set[str]:
        return {f"{source}>{t.target}" for t in self.transitions for source in t.source}

    def move(self, obj: Any, action: str, actor: Actor) -> None:
        """Set the new state on a locked object (the action saves it); RuleBroken when table, rule or need forbids."""
        transition = self.by_action[action]
        if obj.state not in transition.source:
            raise RuleBroken(
                _(
                    "Dit kan nu niet: de stand is “%(state)s”. Misschien was een collega je voor. Herlaad de pagina."
                )
                % {"state": self.states[obj.state]}
            )
        if not may(actor, transition.rule, obj):
            raise RuleBroken(_("Je mag dit niet doen met jouw rol."))
        for need in transition.needs:
            if reason := need(obj):
                raise RuleBroken(reason)
        obj.state = transition.target

    def open_to(self, obj: Any, actor: Actor) -> list[Transition]:
        """The buttons: what this actor can do with the object now."""
        return [t for t in self.transitions if obj.state in t.source and may(actor, t.rule, obj)]

    def diagram(self) -> str:
        """The table as a Mermaid state diagram, for docs/states.md."""
        lines = ["stateDiagram-v2", *(f"    [*] --> {state}" for state in self.beginnings)]
        for t in self.transitions:
            lines += [f"    {source} --> {t.target}: {t.action}" for source in t.source]
        return "\n".join(lines)

    def check(self) -> None:
        """Start-up check: every rule it names exists."""
        for t in self.transitions:
            if t.rule not in RULES:
                raise LookupError(f"{self.model}.{t.action}: unknown rule {t.rule}")


MACHINES: dict[str, Machine] = {}
events.define("state.moved", _("Stand gewijzigd"))
