"""Fields and choices that several forms of this room share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from stapsteen.core.errors import RuleBroken
from stapsteen.core.halfdays import DAYS, PARTS, bit
from stapsteen.hosts.actions import enterprise_number
from stapsteen.network.models import Municipality
from stapsteen.network.programme.schema import NT2_STEPS
from stapsteen.people.actions import municipality_of
from stapsteen.people.models import DUTCH_LEVELS

LANGUAGES = [(code, name) for code, name in settings.LANGUAGES]
ALL = ("", _("Alle"))


def moment_choices() -> list[tuple[str, str]]:
    """Every half-day of the week, as a choice."""
    return [(str(bit(day, part)), f"{DAYS[day]} {PARTS[part]}") for day in range(7) for part in range(3)]


def set_choices(form: forms.Form, name: str, choices: Any) -> None:
    """Give a field its choices; here, since Django's types don't know which field it is."""
    form.fields[name].choices = choices  # type: ignore[attr-defined]


class TownField(forms.CharField):
    """A town or postal code as people write it; cleans to a Municipality or None."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 120)
        super().__init__(required=False, **options)

    def prepare_value(self, value: Any) -> Any:
        return value.name if isinstance(value, Municipality) else value

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value)).strip()
        if not text:
            return None
        found = municipality_of(text)
        if found is None:
            raise ValidationError(_("Deze gemeente kennen we niet. Schrijf de naam of de postcode."))
        return found


class NumberField(forms.CharField):
    """A KBO number, with or without dots; cleans to ten digits or ""."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=20, required=False, **options)

    def clean(self, value: Any) -> Any:
        try:
            return enterprise_number(str(super().clean(value)))
        except RuleBroken as broken:
            raise ValidationError(str(broken.message)) from None


def dutch_choices(nothing: Any) -> list[tuple[str, Any]]:
    """The steps of Dutch that a task can ask; `nothing` is the word for none."""
    return [("", nothing), *((step, DUTCH_LEVELS[step]) for step in NT2_STEPS if step != "0")]


def ticks(label: Any, choices: dict[str, Any], **options: Any) -> forms.MultipleChoiceField:
    """Several codes out of a list, as tick boxes."""
    return forms.MultipleChoiceField(
        label=label,
        choices=list(choices.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        **options,
    )


def words(
    label: Any, *, rows: int = 3, most: int = 4_000, required: bool = False, **options: Any
) -> forms.CharField:
    """Some lines of text, at most so many signs."""
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, widget=area, required=required, max_length=most, **options)
