"""Forms of the check over all services, and of who only wants to be called."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from stapsteen.pathways.town_forms import TownPart


class CallForm(forms.Form):
    """Nothing but: call me. For who doesn't know, or doesn't fit."""

    WHEN = {"any": _("Maakt niet uit"), "morning": _("Voormiddag"), "afternoon": _("Namiddag")}
    first_name = forms.CharField(label=_("Je voornaam"), max_length=80)
    phone = forms.CharField(
        label=_("Je telefoonnummer"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    when = forms.ChoiceField(
        label=_("Wanneer bellen we best?"),
        choices=list(WHEN.items()),
        widget=forms.RadioSelect,
        initial="any",
    )
    text = forms.CharField(
        label=_("Wat wil je vragen?"),
        help_text=_("Schrijf niets over je gezondheid: daar praten we later over."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1_000,
        required=False,
    )

    def question(self) -> str:
        """What intake reads."""
        data = self.cleaned_data
        when = translate("Bel mij.") + (
            ""
            if data["when"] == "any"
            else f" {translate('Liefst:')} {str(self.WHEN[data['when']]).lower()}."
        )
        return f"{when}\n{data['text']}".strip()


class CheckDoorForm(TownPart):
    """The first questions of the check over all services: for whom, and where do you live?"""

    door = forms.ChoiceField(
        label=_("Voor wie kijk je?"),
        choices=[("self", _("Voor mezelf")), ("helper", _("Ik help iemand anders"))],
        widget=forms.RadioSelect,
        initial="self",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask_town(_("Waar woon je echt?"))
