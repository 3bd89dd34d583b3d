"""Forms of the network room."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from stapsteen.core.fields import DayField, MailField
from stapsteen.network.roles import ROLES


class WhereForm(forms.Form):
    q = forms.CharField(
        label=_("Waar woon je echt?"),
        help_text=_("Typ je gemeente, je dorp of je postcode."),
        max_length=80,
        required=False,
    )


class ProgrammeForm(forms.Form):
    text = forms.CharField(
        label=_("De regels van het programma"),
        help_text=_("Een fout wordt met regelnummer en reden gemeld. Er wordt dan niets bewaard."),
        widget=forms.Textarea(attrs={"rows": 28, "spellcheck": "false"}),
        max_length=200_000,
        strip=False,
    )
    valid_from = DayField(label=_("Geldt vanaf"), required=False)


class ColleagueForm(forms.Form):
    name = forms.CharField(label=_("Naam"), max_length=120)
    email = MailField(label=_("E-mailadres"))
    phone = forms.CharField(label=_("Telefoon"), max_length=40, required=False)
    role = forms.ChoiceField(label=_("Rol"), choices=list(ROLES.items()))
