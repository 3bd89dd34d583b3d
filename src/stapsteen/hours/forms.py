"""The forms of a month: the host's page (and the coach's, for paper), sending back, a correction, the list's filter."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stapsteen.core.fields import DayField
from stapsteen.hours import months
from stapsteen.hours.durations import day_minutes, read_minutes, show_minutes
from stapsteen.hours.queries import PersonMonth
from stapsteen.hours.states import TIMESHEET

DAYS, NONE, LATER = "days", "none", "later"
MOST_EXTRA = 31
NOT_UNDERSTOOD = gettext_lazy("Dit begrijpen we niet. Schrijf bijvoorbeeld 3 of 3,5 of 3u30.")
TOO_LONG = gettext_lazy("Zoveel uur heeft deze dag niet.")


class HoursField(forms.CharField):
    """Hours as people write them; cleans to minutes, None when empty. `day`: the most that fits in it."""

    def __init__(self, *, day: date | None = None, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)
        self.most = day_minutes(day) if day else None
        self.widget.attrs.update({"class": "st-hours-input st-w-s", "autocomplete": "off", "size": "5"})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        if (minutes := read_minutes(text)) is None:
            raise forms.ValidationError(NOT_UNDERSTOOD, code="not_understood")
        if self.most is not None and minutes > self.most:
            raise forms.ValidationError(TOO_LONG, code="too_long")
        return minutes


@dataclass(frozen=True)
class Answer:
    """What was said about one person: minutes per day, or nothing yet (`later`)."""

    person: PersonMonth
    minutes: dict[date, int]
    later: bool
    remark: str
    call: bool


def day_label(day: date) -> str:
    return date_format(day, "D j F")


class MonthForm(forms.Form):
    """One block of fields per person; what the roster says is filled in already.

    Names: how_K, dYYYYMMDD_K, extra_K_N with extrahours_K_N, remark_K, call_K; K is the person's key on the sheet.
    `add_day` posts the key of someone who needs more room.
    """

    def __init__(
        self, people: Sequence[PersonMonth], today: date, data: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data)
        self.people = [person for person in people if not person.confirmed]
        self.today = today
        for person in self.people:
            self._add(person)

    @property
    def wants_room(self) -> bool:
        """Somebody pressed "one more day": show the form again, save nothing."""
        return bool(self.data.get("add_day"))

    def _add(self, person: PersonMonth) -> None:
        key = person.key.hex
        choices = [(DAYS, _("Zoals hieronder")), (NONE, _("Niet gekomen deze maand"))]
        if person.answered_at is None:
            choices.append((LATER, _("Dit vul ik later in")))
        self.fields[f"how_{key}"] = forms.ChoiceField(
            choices=choices, initial=DAYS, widget=forms.RadioSelect, label=_("Hoe was deze maand?")
        )
        for day in person.days:
            minutes = day.agreed if day.entered is None else day.entered
            self.fields[f"d{day.day:%Y%m%d}_{key}"] = HoursField(
                day=day.day, required=False, label=day_label(day.day), initial=show_minutes(minutes)
            )
        for number in range(self._room(person)):
            self._add_extra(person, number)
        self.fields[f"remark_{key}"] = forms.CharField(
            required=False,
            max_length=1000,
            initial=person.remark,
            label=_("Iets te melden?"),
            widget=forms.Textarea(attrs={"rows": 2}),
        )
        self.fields[f"call_{key}"] = forms.BooleanField(
            required=False, initial=person.call_asked, label=_("Bel mij even")
        )

    def _room(self, person: PersonMonth) -> int:
        """How many empty days to offer: one, more without a roster, and what was asked before."""
        pattern, key = re.compile(rf"extra_{person.key.hex}_(\d{{1,2}})"), person.key.hex
        posted = [int(found[1]) + 1 for name in self.data if (found := pattern.fullmatch(name))]
        room = max([1 if person.days else 3, *posted]) + (2 if self.data.get("add_day") == key else 0)
        return min(room, MOST_EXTRA, len(self._free_days(person)))

    def _free_days(self, person: PersonMonth) -> list[date]:
        shown = {day.day for day in person.days}
        return [
            day for day in months.days_of(person.month) if day not in shown and self._possible(person, day)
        ]

    def _possible(self, person: PersonMonth, day: date) -> bool:
        return person.first <= day <= self.today and (person.last is None or day <= person.last)

    def _add_extra(self, person: PersonMonth, number: int) -> None:
        days = [("", _("Kies een dag"))] + [(d.isoformat(), day_label(d)) for d in self._free_days(person)]
        key = f"{person.key.hex}_{number}"
        self.fields[f"extra_{key}"] = forms.ChoiceField(choices=days, required=False, label=_("Nog een dag"))
        self.fields[f"extrahours_{key}"] = HoursField(required=False, label=_("Uren"))

    def clean(self) -> dict[str, Any]:
        self.answers = {person.key: self._answer(person) for person in self.people}
        return {}

    def _answer(self, person: PersonMonth) -> Answer:
        key, given = person.key.hex, self.cleaned_data
        how = given.get(f"how_{key}", DAYS)
        minutes = {day.day: 0 for day in person.days}
        if how == DAYS:
            minutes = {day: given.get(f"d{day:%Y%m%d}_{key}") or 0 for day in minutes}
            minutes |= self._extras(person)
            if not minutes:
                self.add_error(f"how_{key}", _("Vul minstens één dag in, of kies “Niet gekomen deze maand”."))
        return Answer(
            person=person,
            minutes=minutes,
            later=how == LATER,
            remark=given.get(f"remark_{key}", ""),
            call=given.get(f"call_{key}", False),
        )

    def _extras(self, person: PersonMonth) -> dict[date, int]:
        found: dict[date, int] = {}
        for number in range(self._room(person)):
            key = f"{person.key.hex}_{number}"
            text, minutes = self.cleaned_data.get(f"extra_{key}"), self.cleaned_data.get(f"extrahours_{key}")
            if text and minutes is None and f"extrahours_{key}" not in self.errors:
                self.add_error(f"extrahours_{key}", _("Hoeveel uur was dat?"))
            elif minutes is not None and not text and f"extra_{key}" not in self.errors:
                self.add_error(f"extra_{key}", _("Welke dag was dat?"))
            elif text and minutes is not None:
                day = date.fromisoformat(text)
                if day in found:
                    self.add_error(f"extra_{key}", _("Deze dag staat er twee keer."))
                elif minutes > day_minutes(day):
                    self.add_error(f"extrahours_{key}", TOO_LONG)
                found[day] = minutes
        return found

    def block(self, person: PersonMonth) -> dict[str, Any]:
        """The fields of one person, for the template."""
        key = person.key.hex
        extras = [
            (self[f"extra_{key}_{number}"], self[f"extrahours_{key}_{number}"])
            for number in range(self._room(person))
        ]
        remark, call = self[f"remark_{key}"], self[f"call_{key}"]
        return {
            "person": person,
            "key": key,
            "how": self[f"how_{key}"],
            "days": [self[f"d{day.day:%Y%m%d}_{key}"] for day in person.days],
            "extras": extras,
            "more": len(extras) < min(MOST_EXTRA, len(self._free_days(person))),
            "extras_open": not person.days
            or any(day.errors or day.value() or hours.errors for day, hours in extras),
            "remark": remark,
            "call": call,
            "remark_open": bool(remark.errors or remark.value() or call.value()),
        }

    def answers_of(self, sheet: UUID) -> list[Answer]:
        return [answer for answer in self.answers.values() if answer.person.sheet == sheet]


class SendBackForm(forms.Form):
    remark = forms.CharField(
        label=gettext_lazy("Wat moet de gastorganisatie nakijken?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("De gastorganisatie leest dit op haar pagina."),
    )


class CorrectForm(forms.Form):
    """A day of someone on a confirmed sheet, and what it should count."""

    person = forms.ChoiceField(label=gettext_lazy("Wie?"))
    day = DayField(label=gettext_lazy("Welke dag?"))
    minutes = HoursField(
        label=gettext_lazy("Hoeveel uur moet er staan?"),
        help_text=gettext_lazy("Bijvoorbeeld 3 of 3,5 of 3u30. Schrijf 0 als er niemand kwam."),
    )

    def __init__(self, people: Sequence[PersonMonth], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [(str(p.placement), f"{p.full_name} ({p.task})") for p in people]  # type: ignore[attr-defined]


class SheetFilter(forms.Form):
    stand = forms.ChoiceField(label=gettext_lazy("Stand"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stand"].choices = [("", _("Alle")), *TIMESHEET.states.items()]  # type: ignore[attr-defined]
