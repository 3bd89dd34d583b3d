"""What a coach fills in for an agreement. Everything has a default: with no terms at all there is still a whole note.

Kept as plain JSON beside the frozen document, so that the next version starts from what was filled in.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from stapsteen.core.errors import RuleBroken

LegalStatus = Literal["", "vzw", "ivzw", "foundation", "public", "de_facto", "other"]
Short = Annotated[str, Field(max_length=300)]
Long = Annotated[str, Field(max_length=5_000)]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class TaskLine(Part):
    """One task; no lines at all: the task of the placement with its sub-tasks."""

    title: Annotated[str, Field(min_length=1, max_length=300)]
    details: Long = ""


class Step(Part):
    """From that day, so many hours a week; who is near then."""

    starts_on: date
    hours_per_week: Annotated[Decimal, Field(gt=0, le=60, decimal_places=2)]
    support: Long = ""


class Point(Part):
    """What to mind in this work, and what was agreed about it."""

    point: Annotated[str, Field(min_length=1, max_length=1_000)]
    arrangement: Long = ""


class Granted(Part):
    """An allowance of the programme's scheme, by its id; `amount` in euro where the scheme says "as agreed"."""

    id: str
    amount: Annotated[Decimal, Field(gt=0, le=10_000, decimal_places=2)] | None = None


class Terms(Part):
    """The terms of one version. Empty texts and None take what the records say (see compose.py)."""

    language: Literal["nl", "fr", "en"] = "nl"
    ends_on: date | None = None
    tasks: tuple[TaskLine, ...] = ()
    excluded_tasks: tuple[Short, ...] = ()
    morning_from: time = time(9)
    afternoon_from: time = time(13)
    evening_from: time = time(18)
    roster_note: Long = ""
    build_up: tuple[Step, ...] = ()
    attention_points: tuple[Point, ...] = ()
    allowances: tuple[Granted, ...] | None = None
    insurance_by: Literal["host", "service"] = "host"
    insurer: Short = ""
    policy: Short = ""
    aim: Long = ""
    legal_status: LegalStatus = ""
    legal_status_text: Short = ""
    responsible_person: Short = ""
    secrecy: Literal["discretion", "professional"] = "discretion"
    secrecy_note: Long = ""
    welfare_sector: bool | None = None
    representative: Short = ""
    key_person: Short = ""
    key_person_phone: Short = ""
    other: Long = ""

    def plain(self) -> dict[str, Any]:
        """As JSON, defaults left out: what was filled in."""
        return self.model_dump(mode="json", exclude_defaults=True)


def read_terms(given: Mapping[str, Any]) -> Terms:
    """The terms, checked; RuleBroken names the first field that doesn't hold."""
    try:
        return Terms.model_validate(dict(given))
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0])
        raise RuleBroken(
            _("Dit klopt niet in de nota: %(field)s.") % {"field": field}, field=field
        ) from error
