"""Forms about evaluations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stapsteen.core.fields import DayField, today_field
from stapsteen.followup.models import Evaluation


def words(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, widget=forms.Textarea(attrs={"rows": 4}), max_length=20_000
    )


class HoldForm(forms.Form):
    held_on = today_field(label=_("Wanneer spraken jullie?"))
    voice_person = words(_("Wat zegt de persoon?"))
    voice_host = words(_("Wat zegt de gastorganisatie?"))
    voice_coach = words(_("Wat zie jij als begeleider?"))
    decision = forms.ChoiceField(
        label=_("Wat beslisten jullie samen?"),
        choices=list(Evaluation.DECISIONS.items()),
        widget=forms.RadioSelect,
        initial="go_on",
    )

    def __init__(self, *args: Any, has_host: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_host:
            del self.fields["voice_host"]


class PlanForm(forms.Form):
    planned_on = DayField(label=_("Op welke dag spreken jullie af?"))


class DropForm(forms.Form):
    reason_code = forms.ChoiceField(
        label=_("Waarom gaat dit gesprek niet door?"),
        choices=list(Evaluation.DROP_CODES.items()),
        widget=forms.RadioSelect,
    )


class GoOnForm(forms.Form):
    reason = words(_("Waarom gaat het traject door?"))
    review_on = DayField(
        label=_("Wanneer bekijken jullie het opnieuw?"),
        help_text=_("Tot die dag vragen we het niet meer."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True


class OverviewForm(forms.Form):
    wat = forms.ChoiceField(
        label=_("Toon"),
        required=False,
        choices=[("", _("Alles")), ("overdue", _("Te laat")), ("coming", _("Komt eraan"))],
    )
    begeleider = forms.ChoiceField(label=_("Begeleider"), required=False)

    def __init__(self, *args: Any, coaches: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["begeleider"].choices = [("", _("Iedereen")), *coaches]  # type: ignore[attr-defined]
        if len(coaches) < 2:
            del self.fields["begeleider"]
