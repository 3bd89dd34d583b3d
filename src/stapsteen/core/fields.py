"""Form fields that every room uses."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

DAY_FORMATS: Final = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %m %Y"]
FIRST_YEAR, LAST_YEAR = 1900, 2199
"""A day outside these years is a slip of the finger; inside them the house can count days on both sides."""


class DayField(forms.DateField):
    """A day from the browser's calendar, or typed as 31/12/2026."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(input_formats=DAY_FORMATS, **options)
        self.error_messages["invalid"] = _("Schrijf de dag zo: 31/12/2026.")

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is not None and not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise ValidationError(_("Dit jaar kan niet. Kijk het na."))


class MailField(forms.EmailField):
    """An address as long as the database takes it: Django's form takes a longer one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 254, **options})


def today_field(**options: Any) -> DayField:
    """A day that is today unless told otherwise."""
    return DayField(initial=timezone.localdate, **options)
