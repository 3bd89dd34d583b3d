"""What the tags of every kind share: the library, the kinds with their icons, and what is wrong with a parameter."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template

register = template.Library()

Item = Mapping[str, Any]
KIND_ICONS = {
    "info": "info",
    "success": "check",
    "warning": "warning",
    "error": "error",
    "neutral": "",
    "wish": "flag",
    "accent": "",
}
TRAFFIC = {"green": "success", "orange": "warning", "red": "error", "grey": "neutral"}
MESSAGE_KINDS = {
    "debug": "info",
    "info": "info",
    "success": "success",
    "warning": "warning",
    "error": "error",
}


class WrongParameter(ValueError):
    """A component got a value that it doesn't know; the message names the choices."""


def one_of(value: str, choices: Iterable[str], what: str) -> str:
    """The value, when it is one of the choices. Raises WrongParameter."""
    allowed = list(choices)
    if value not in allowed:
        raise WrongParameter(f"{what} {value!r}: choose from {', '.join(allowed)}")
    return value
