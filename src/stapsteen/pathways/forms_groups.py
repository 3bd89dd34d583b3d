"""Forms of groups, sessions and attendance."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from stapsteen.core.edits import Edit
from stapsteen.core.fields import DayField, today_field
from stapsteen.network.models import StaffMember
from stapsteen.pathways.actions.groups import MOST_PLACES, MOST_SESSIONS
from stapsteen.pathways.models import Attendance, Group, Session
from stapsteen.pathways.queries_groups import Member, answers, fullness, leader
from stapsteen.people.forms_journal import TIME_FORMATS


def hour_field(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        input_formats=TIME_FORMATS,
        widget=forms.TimeInput(attrs={"type": "time", "step": "300"}, format="%H:%M"),
        error_messages={"invalid": _("Schrijf het uur zo: 14:30.")},
    )


def number_field(label: Any, initial: int, most: int) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(label=label, initial=initial, min_value=1, max_value=most, widget=widget)


class GroupForm(Edit, forms.Form):
    own_fields = (
        "name", "kind", "about", "place", "places", "led_by", "led_by_other", "starts_on", "ends_on"
    )  # fmt: skip
    together = (("starts_on", "ends_on"), ("led_by", "led_by_other"))
    name = forms.CharField(label=_("Naam van de groep"), max_length=120)
    kind = forms.ChoiceField(label=_("Soort"), choices=[("", _("Kies")), *Group.KINDS.items()])
    about = forms.CharField(
        label=_("Waarover gaat het?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2_000,
    )
    place = forms.CharField(label=_("Plaats"), required=False, max_length=160)
    places = number_field(_("Voor hoeveel mensen?"), 10, MOST_PLACES)
    led_by = forms.ChoiceField(label=_("Begeleid door"), required=False)
    led_by_other = forms.CharField(label=_("Of door iemand van elders"), required=False, max_length=120)
    starts_on = today_field(label=_("Begint op"))
    ends_on = DayField(label=_("Laatste dag"), required=False)

    def __init__(
        self, *args: Any, colleagues: list[StaffMember], group: Group | None = None, **kwargs: Any
    ) -> None:
        if group is not None:
            kwargs["initial"] = {"led_by": str(group.led_by_id or "")}
        super().__init__(*args, record=group, **kwargs)
        known = {
            str(row.pk): row for row in [*colleagues, *([group.led_by] if group and group.led_by else [])]
        }
        self.colleagues = known
        options = [("", _("Niemand van ons")), *((key, row.name) for key, row in known.items())]
        self.fields["led_by"].choices = options  # type: ignore[attr-defined]

    def clean_led_by(self) -> StaffMember | None:
        return self.colleagues.get(self.cleaned_data["led_by"])


class SeriesForm(forms.Form):
    """Several meetings at once."""

    first = today_field(label=_("Eerste keer"))
    times = number_field(_("Hoeveel keer?"), 1, MOST_SESSIONS)
    every_weeks = number_field(_("Om de hoeveel weken?"), 1, 8)
    begins = hour_field(_("Van"))
    ends = hour_field(_("Tot"))
    topic = forms.CharField(label=_("Onderwerp"), required=False, max_length=160)


class SessionForm(Edit, forms.Form):
    own_fields = ("day", "begins", "ends", "topic", "cancelled")
    together = (("day", "begins", "ends"),)
    day = DayField(label=_("Dag"))
    begins = hour_field(_("Van"))
    ends = hour_field(_("Tot"))
    topic = forms.CharField(label=_("Onderwerp"), required=False, max_length=160)
    cancelled = forms.BooleanField(label=_("Gaat niet door"), required=False)

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, record=session, **kwargs)


class JoinForm(forms.Form):
    """Somebody for this group; `people` [(key, name)]."""

    person = forms.ChoiceField(label=_("Wie komt erbij?"))
    starts_on = today_field(label=_("Vanaf"))

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [("", _("Kies")), *people]  # type: ignore[attr-defined]


class PickGroupForm(forms.Form):
    """A group for this person; each says how full it is."""

    group = forms.ChoiceField(label=_("Welke groep?"), widget=forms.RadioSelect)
    starts_on = today_field(label=_("Vanaf"))

    def __init__(self, *args: Any, groups: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = {str(row.pk): row for row in groups}
        self.fields["group"].choices = [(key, offer(row)) for key, row in self.groups.items()]  # type: ignore[attr-defined]

    def clean_group(self) -> Group:
        found: Group = self.groups[self.cleaned_data["group"]]
        return found


def offer(group: Any) -> str:
    words, _badge = fullness(group.taken, group.places)
    return ", ".join(filter(None, [group.name, str(Group.KINDS[group.kind]).lower(), leader(group), words]))


class LeaveForm(forms.Form):
    finished = forms.TypedChoiceField(
        label=_("Hoe liep het af?"),
        choices=[("ja", _("De groep is afgewerkt")), ("nee", _("Gestopt voor het einde"))],
        coerce=lambda value: value == "ja",
        widget=forms.RadioSelect,
    )
    ends_on = today_field(label=_("Laatste dag"))
    learned = forms.CharField(
        label=_("Wat nam je mee?"),
        required=False,
        help_text=_("In de woorden van de persoon zelf."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5_000,
    )


def answer_field(member: Member) -> forms.ChoiceField:
    options = list(Attendance.ANSWERS.items())
    return forms.ChoiceField(
        label=str(member.row.person), required=False, choices=options, widget=forms.RadioSelect
    )


class AttendanceForm(Edit, forms.Form):
    """Who was there: a choice per member, and the subject. `rest`: who has no answer was present."""

    topic = forms.CharField(label=_("Waarover ging het?"), required=False, max_length=160)

    def __init__(self, *args: Any, session: Session, members: list[Member], **kwargs: Any) -> None:
        self.members = members
        each = {f"lid_{member.row.pk}": answer_field(member) for member in members}
        self.base_fields = {**self.base_fields, **each}  # type: ignore[misc]
        self.own_fields = ("topic", *each)
        self.answers: dict[UUID, str] | None = None
        super().__init__(*args, record=session, **kwargs)

    def shown(self, name: str) -> Any:
        if name == "topic":
            return self.record.topic
        if self.answers is None:  # read once, after the lock
            self.answers = answers(self.record)
        return self.answers.get(UUID(name.removeprefix("lid_")), "")

    def given(self, rest: bool) -> dict[UUID, str]:
        """Member id -> answer; with `rest` who has none was present."""
        filled = {m.row.pk: self.cleaned_data[f"lid_{m.row.pk}"] for m in self.members}
        return {key: answer or ("present" if rest else "") for key, answer in filled.items()}

    def rows(self) -> list[forms.BoundField]:
        return [self[f"lid_{member.row.pk}"] for member in self.members]
