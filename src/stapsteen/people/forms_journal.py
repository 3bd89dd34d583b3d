"""Forms of the journal and the diary."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stapsteen.core.edits import Edit
from stapsteen.core.fields import DayField, today_field
from stapsteen.network.models import StaffMember
from stapsteen.people.actions.appointments import LONGEST, SHORTEST
from stapsteen.people.actions.journal import MOST_MINUTES
from stapsteen.people.models import Appointment, Note

PLACES = [("", _("Niet genoteerd")), *Note.PLACES.items()]
WRITTEN = {key: words for key, words in Note.KINDS.items() if key != "import"}
TIME_FORMATS = ["%H:%M", "%H.%M", "%H:%M:%S", "%Hu%M", "%H"]


def minutes_field(**options: Any) -> forms.IntegerField:
    options.setdefault("required", False)
    options.setdefault("label", _("Hoeveel minuten?"))
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "step": "5"})
    return forms.IntegerField(min_value=1, max_value=MOST_MINUTES, widget=widget, **options)


class NoteForm(forms.Form):
    """A line in the journal; who wasn't reached needs no words."""

    kind = forms.ChoiceField(
        label=_("Wat is dit?"), choices=list(WRITTEN.items()), initial="note", widget=forms.RadioSelect
    )
    happened_on = today_field(label=_("Op welke dag"))
    place = forms.ChoiceField(label=_("Waar?"), choices=PLACES, required=False)
    missed = forms.BooleanField(label=_("Ik kreeg niemand te pakken"), required=False)
    text = forms.CharField(
        label=_("Notitie"),
        required=False,
        help_text=_("Schrijf geen gezondheid of strafblad hier. Dat hoort bij de gevoelige gegevens."),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=20_000,
    )
    minutes = minutes_field()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["reached"] = not data.pop("missed", False)
        return data


class CorrectNoteForm(Edit, NoteForm):
    """A note that is there, in better words of who wrote it."""

    own_fields = ("kind", "happened_on", "place", "text", "minutes")

    def __init__(self, *args: Any, note: Note, **kwargs: Any) -> None:
        super().__init__(*args, record=note, **{**kwargs, "initial": {"missed": not note.reached}})
        self.fields["kind"].choices = list({**WRITTEN, note.kind: Note.KINDS[note.kind]}.items())  # type: ignore[attr-defined]


class OfflineNoteForm(NoteForm):
    """The same, sent by a phone, with the key under which it comes in only once."""

    sent_as = forms.UUIDField()


class JournalFilterForm(forms.Form):
    """What the list of notes is filtered by."""

    deel = forms.CharField(widget=forms.HiddenInput, required=False, initial="notities")
    q = forms.CharField(label=_("Woorden"), required=False, max_length=80)
    soort = forms.ChoiceField(label=_("Soort"), required=False)
    wie = forms.ChoiceField(label=_("Geschreven door"), required=False)

    def __init__(self, *args: Any, authors: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [("", _("Alle")), *Note.KINDS.items(), ("attempt", _("Niet bereikt"))]
        self.fields["soort"].choices = kinds  # type: ignore[attr-defined]
        self.fields["wie"].choices = [("", _("Iedereen")), *((name, name) for name in authors)]  # type: ignore[attr-defined]


class AppointmentForm(Edit, forms.Form):
    """When, where and with whom; an existing appointment fills it in. A day and its hour are one moment."""

    own_fields = ("day", "time", "minutes", "place", "where", "about", "staff")
    together = (("day", "time", "minutes"),)

    kind = forms.ChoiceField(
        label=_("Wat voor afspraak?"), choices=list(Appointment.KINDS.items()), initial="talk"
    )
    day = DayField(label=_("Dag"))
    time = forms.TimeField(
        label=_("Uur"),
        input_formats=TIME_FORMATS,
        widget=forms.TimeInput(attrs={"type": "time", "step": "300"}, format="%H:%M"),
        error_messages={"invalid": _("Schrijf het uur zo: 14:30.")},
    )
    minutes = forms.IntegerField(
        label=_("Hoeveel minuten?"),
        initial=60,
        min_value=SHORTEST,
        max_value=LONGEST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "step": "5"}),
    )
    place = forms.ChoiceField(label=_("Waar?"), choices=PLACES, required=False)
    where = forms.CharField(
        label=_("Adres of plek"),
        required=False,
        max_length=200,
        help_text=_("Staat nooit in je gewone agenda."),
    )
    staff = forms.ChoiceField(label=_("Met wie van ons?"))
    about = forms.CharField(
        label=_("Waarover gaat het?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2_000,
    )

    def __init__(
        self, *args: Any, colleagues: list[StaffMember], me: StaffMember | None, appointment: Appointment | None = None,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, record=appointment, **kwargs)
        known = {str(row.pk): row for row in [*colleagues, *([appointment.staff] if appointment else [])]}
        self.colleagues = known
        self.fields["staff"].choices = [(key, row.name) for key, row in known.items()]  # type: ignore[attr-defined]
        if appointment is None:
            self.fields["staff"].initial = str(me.pk) if me else ""
        else:
            del self.fields["kind"]

    def shown(self, name: str) -> Any:
        return initial_of(self.record)[name]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "day" in data and "time" in data:
            moment = datetime.combine(data.pop("day"), data.pop("time"))
            data["starts_at"] = timezone.make_aware(moment)
            if data["starts_at"] > timezone.now() + timedelta(days=730):
                raise ValidationError({"day": _("Dit is te ver weg. Kijk het jaar na.")})
        if "staff" in data:
            data["staff"] = self.colleagues[data["staff"]]
        return data


def initial_of(appointment: Appointment) -> dict[str, Any]:
    start = timezone.localtime(appointment.starts_at)
    return {
        "day": start.date(), "time": start.time().replace(second=0, microsecond=0),
        "minutes": appointment.minutes, "place": appointment.place,
        "where": appointment.where or "", "about": appointment.about or "", "staff": str(appointment.staff_id),
    }  # fmt: skip


class OutcomeForm(forms.Form):
    """How the meeting went."""

    action = forms.ChoiceField(
        label=_("Hoe liep het?"),
        choices=[
            ("hold", _("Het ging door")),
            ("miss", _("De persoon kwam niet")),
            ("cancel", _("Afgezegd")),
        ],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("Notitie"),
        required=False,
        help_text=_("Komt bij de notities van de persoon."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=20_000,
    )
    minutes = minutes_field()
