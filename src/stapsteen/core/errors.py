"""The errors that carry meaning through the house."""

from __future__ import annotations

from django.utils.functional import Promise


class RuleBroken(Exception):
    """A domain rule doesn't hold; `message` is translated and says what happened and what to do."""

    def __init__(self, message: str | Promise, *, field: str | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.field = field


class NoScope(RuntimeError):
    """A Scoped model was touched while no service's scope was open."""


class UnloggedRead(RuntimeError):
    """A sensitive column was asked for in a way that the read log can't see."""
