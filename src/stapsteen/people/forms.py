"""Forms of the people room, and the fields for births and half-days that other rooms use too."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stapsteen.core.fields import today_field
from stapsteen.core.halfdays import DAYS, PARTS, SHORT_DAYS, to_mask, to_pairs
from stapsteen.people.models import ERASE_REASONS, SensitiveFact

EMPTY = ("", _("Kies"))


@dataclass(frozen=True)
class Birth:
    """A birth as far as it is known: a day, a year, or neither."""

    day: date | None = None
    year: int | None = None

    def __bool__(self) -> bool:
        return self.year is not None


class BirthField(forms.CharField):
    """'31/12/1990', or only '1990'. Cleans to a Birth."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 20)
        options.setdefault("help_text", _("Bijvoorbeeld 31/12/1990. Ken je de dag niet? Dan alleen 1990."))
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Birth):
            return value.day.strftime("%d/%m/%Y") if value.day else value.year or ""
        return value

    def clean(self, value: Any) -> Any:
        text = super().clean(value).strip()
        birth = read_birth(text) if text else Birth()
        today = timezone.localdate()
        if (birth.year and not 1900 <= birth.year <= today.year) or (birth.day and birth.day > today):
            raise ValidationError(_("Dit jaar kan niet. Kijk het na."))
        return birth


def read_birth(text: str) -> Birth:
    """Raises ValidationError for what is neither a day nor a year."""
    if re.fullmatch(r"\d{4}", text):
        return Birth(year=int(text))
    if parts := re.fullmatch(r"(\d{1,2})\D+(\d{1,2})\D+(\d{4})", text):
        day, month, year = (int(part) for part in parts.groups())
    elif parts := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text):
        year, month, day = (int(part) for part in parts.groups())
    else:
        raise ValidationError(_("Schrijf de dag zo: 31/12/1990. Of alleen het jaar: 1990."))
    try:
        return Birth(date(year, month, day), year)
    except ValueError:
        raise ValidationError(_("Deze dag bestaat niet. Kijk ze na.")) from None


class HalfDaysWidget(forms.MultiWidget):
    """A table of tick boxes: a row per day, a column per part."""

    template_name = "people/half_days.html"

    def __init__(self) -> None:
        super().__init__([forms.CheckboxInput(attrs={"class": "st-choice__input"}) for number in range(21)])

    def decompress(self, value: int | None) -> list[bool]:
        pairs = set(to_pairs(value or 0))
        return [(day, part) in pairs for day in range(7) for part in range(3)]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        boxes = context["widget"]["subwidgets"]
        for index, box in enumerate(boxes):
            box["words"] = f"{DAYS[index // 3]} {PARTS[index % 3]}"
            box["attrs"]["class"] = "st-choice__input"
        context["parts"] = PARTS
        context["rows"] = [
            {"day": DAYS[day], "short": SHORT_DAYS[day], "boxes": boxes[day * 3 : day * 3 + 3]}
            for day in range(7)
        ]
        return context


class HalfDaysField(forms.MultiValueField):
    """Half-days of a week as the mask of core/halfdays.py."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        boxes = [forms.BooleanField(required=False) for _ in range(21)]
        super().__init__(boxes, widget=HalfDaysWidget(), require_all_fields=False, **options)

    def compress(self, data_list: list[bool]) -> int:
        return to_mask([divmod(index, 3) for index, ticked in enumerate(data_list) if ticked])


class PersonFilterForm(forms.Form):
    """The list's filters, as they stand in the address."""

    q = forms.CharField(label=_("Zoek"), required=False, max_length=80, help_text="")
    phase = forms.ChoiceField(label=_("Fase"), required=False)
    coach = forms.ChoiceField(label=_("Begeleider"), required=False)
    town = forms.ChoiceField(label=_("Gemeente"), required=False)
    sort = forms.ChoiceField(label=_("Volgorde"), required=False)

    def __init__(self, *args: Any, choices: dict[str, list[tuple[str, Any]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, options in choices.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]


class AddressForm(forms.Form):
    """Where the person lives from a day on."""

    starts_on = today_field(label=_("Woont daar sinds"))
    street = forms.CharField(label=_("Straat en nummer"), max_length=160, required=False)
    postal_code = forms.CharField(
        label=_("Postcode"),
        max_length=10,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    town = forms.CharField(label=_("Gemeente"), max_length=80)


class SensitiveForm(forms.Form):
    kind = forms.ChoiceField(label=_("Waarover gaat het?"), choices=[EMPTY, *SensitiveFact.KINDS.items()])
    text = forms.CharField(
        label=_("Wat moet je weten?"),
        help_text=_("Schrijf alleen wat nodig is."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5_000,
    )
    purpose = forms.CharField(
        label=_("Waarvoor heb je dit nodig?"),
        help_text=_("Bijvoorbeeld: een taak zoeken zonder zwaar tillen."),
        max_length=200,
    )
    starts_on = today_field(label=_("Geldt sinds"))


class EraseForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Waarom wis je deze gegevens?"), choices=list(ERASE_REASONS.items()), widget=forms.RadioSelect
    )
    sure = forms.BooleanField(label=_("Ik weet dat dit niet terug kan."))
