"""What several actions of this room share."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core.errors import RuleBroken
from stapsteen.hosts.models import Organisation


class Unset:
    """Stands for "not given": what isn't given stays as it is."""


UNSET: Final = Unset()
DAY = "%d/%m/%Y"
MOST_PLACES = 500


def known(value: str, choices: Any, field: str) -> None:
    """RuleBroken for a code that isn't one of the choices."""
    if value not in choices:
        raise RuleBroken(_("“%(value)s” kennen we niet. Kies uit de lijst.") % {"value": value}, field=field)


def not_future(day: date, field: str) -> None:
    if day > today():
        raise RuleBroken(_("Deze dag ligt in de toekomst."), field=field)


def locked(organisation: Organisation) -> Organisation:
    """The organisation's row, locked: what reads or changes its capacity goes one after the other."""
    found: Organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    return found


def today() -> date:
    return timezone.localdate()
