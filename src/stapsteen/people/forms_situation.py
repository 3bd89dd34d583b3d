"""Forms about a person's situation and the people around."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stapsteen.core.edits import Edit
from stapsteen.core.fields import MailField, today_field
from stapsteen.people.models import Status, Supporter
from stapsteen.people.statuses import of_area


class StatusForm(forms.Form):
    """What holds from a day on: grouped by area."""

    value = forms.ChoiceField(label=_("Wat geldt nu?"))
    starts_on = today_field(label=_("Geldt sinds"))
    beside = forms.BooleanField(
        label=_("De vorige uitkering loopt ook door"),
        help_text=_("Bijvoorbeeld een leefloon dat een andere uitkering aanvult."),
        required=False,
    )
    note = forms.CharField(
        label=_("Opmerking"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=2_000
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [(label, list(of_area(area).items())) for area, label in Status.AREAS.items()]
        self.fields["value"].choices = [("", _("Kies")), *groups]  # type: ignore[attr-defined]


class SupporterForm(Edit, forms.Form):
    """Someone around the person."""

    own_fields = ("kind", "name", "organisation", "phone", "email", "may_call", "helps_with")

    kind = forms.ChoiceField(label=_("Wie is dit?"), choices=[("", _("Kies")), *Supporter.KINDS.items()])
    name = forms.CharField(label=_("Naam"), max_length=120, required=False)
    organisation = forms.CharField(label=_("Dienst of organisatie"), max_length=120, required=False)
    phone = forms.CharField(
        label=_("Telefoon"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = MailField(label=_("E-mailadres"), required=False)
    may_call = forms.ChoiceField(
        label=_("Mogen we bellen of mailen?"),
        help_text=_("Vraag dit aan de persoon zelf."),
        choices=list(Supporter.MAY_CALL.items()),
        initial="ask",
        widget=forms.RadioSelect,
    )
    helps_with = forms.CharField(
        label=_("Waarbij helpt die?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2_000,
    )

    def __init__(self, *args: Any, supporter: Supporter | None = None, **kwargs: Any) -> None:
        super().__init__(*args, record=supporter, **kwargs)
