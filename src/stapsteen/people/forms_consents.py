"""Forms about consents and doubles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stapsteen.core.fields import DayField
from stapsteen.people.models import Consent

ASKED_ELSEWHERE = ("tell_referrer", "ask_expert", "handover")
"""Purposes that are asked where they are needed, for one recipient that the page knows."""


class ConsentForm(forms.Form):
    purpose = forms.ChoiceField(label=_("Waarvoor?"), widget=forms.RadioSelect)
    recipient = forms.CharField(
        label=_("Voor wie?"), max_length=160, required=False, help_text=_("Bijvoorbeeld: dokter Maes.")
    )
    own_words = forms.CharField(
        label=_("Wat zei de persoon?"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000,
        required=False, help_text=_("Schrijf het zoals de persoon het zei."),
    )  # fmt: skip
    how = forms.ChoiceField(
        label=_("Hoe?"), choices=list(Consent.HOW.items()), widget=forms.RadioSelect, initial="spoken"
    )
    ends_on = DayField(
        label=_("Tot en met wanneer?"), required=False, help_text=_("Leeg: tot de persoon het intrekt.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].choices = [  # type: ignore[attr-defined]
            (key, words) for key, words in Consent.PURPOSES.items() if key not in ASKED_ELSEWHERE
        ]


class MergeForm(forms.Form):
    """Per part that differs: which value stays. `parts`: (name, label, kept value, double's value, default, joinable)."""

    def __init__(
        self, *args: Any, parts: Iterable[tuple[str, Any, str, str, str, bool]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, label, mine, theirs, default, joinable in parts:
            nothing = _("niets ingevuld")
            choices: list[tuple[str, Any]] = [("kept", mine or nothing), ("double", theirs or nothing)]
            if joinable and mine and theirs:
                choices.append(("both", _("Allebei")))
            self.fields[name] = forms.ChoiceField(
                label=label, choices=choices, initial=default, widget=forms.RadioSelect
            )
