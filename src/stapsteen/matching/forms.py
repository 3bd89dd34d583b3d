"""Forms of the search for places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stapsteen.matching.models import REFUSE_CODES
from stapsteen.matching.weighing import Weighing
from stapsteen.placements.forms import ProposeForm

AMOUNTS = [("0", _("minder")), ("1", _("gewoon")), ("2", _("meer"))]
WEIGHED = {"dichtbij": "near", "wens": "wish", "snel": "soon"}


def weighing_of(query: Mapping[str, str]) -> Weighing:
    """From the address; anything odd counts as usual."""
    given = {ours: query.get(name, "1") for name, ours in WEIGHED.items()}
    return Weighing(**{name: int(value) if value in ("0", "1", "2") else 1 for name, value in given.items()})


class WeighForm(forms.Form):
    """What counts more for this person; the list moves at once."""

    dichtbij = forms.ChoiceField(
        label=_("Dichtbij"), choices=AMOUNTS, required=False, widget=forms.RadioSelect
    )
    wens = forms.ChoiceField(
        label=_("Wat de persoon graag doet"), choices=AMOUNTS, required=False, widget=forms.RadioSelect
    )
    snel = forms.ChoiceField(
        label=_("Snel beginnen"), choices=AMOUNTS, required=False, widget=forms.RadioSelect
    )

    def __init__(self, weighing: Weighing) -> None:
        super().__init__(initial={name: str(getattr(weighing, ours)) for name, ours in WEIGHED.items()})


class ChooseForm(ProposeForm):
    """As placements' own form; whoever doesn't choose the first of the list says why, one tap.

    `first`: what stands first in words; "" when that is what is chosen, or when nothing fits: then there is nothing to say.
    """

    code = forms.ChoiceField(
        label=_("Waarom niet de eerste van de lijst?"),
        choices=list(REFUSE_CODES.items()),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, weight: int, first: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["weight"] = str(weight)
        self.order_fields(["code"])
        self.fields["code"].help_text = gettext(
            "Eerst staat: %(first)s. Eén tik. Bij een duidelijke reden tonen we die taak niet meer voor deze persoon."
        ) % {"first": first}
        if not first:
            del self.fields["code"]


class AcceptForm(ProposeForm):
    """Accept a proposal of a search, with its day and half-days as the coach wants them."""

    def __init__(self, *args: Any, weight: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["weight"] = str(weight)


class RefuseForm(forms.Form):
    code = forms.ChoiceField(
        label=_("Waarom niet?"), choices=list(REFUSE_CODES.items()), widget=forms.RadioSelect
    )


class SettingsForm(forms.Form):
    on = forms.BooleanField(
        label=_("Zoek en stel voor"),
        help_text=_("Uit: niemand krijgt een voorstel. Begeleiders kiezen zelf uit de lijst van taken."),
        required=False,
    )
    coach_hours = forms.IntegerField(
        label=_("Uren per week om mensen naar een nieuwe plek te brengen"),
        help_text=_("Per begeleider. Een licht traject telt één uur, een gewoon twee, een zwaar drie."),
        min_value=1,
        max_value=60,
    )
    learning = forms.BooleanField(
        label=_("Leer uit eerdere plekken"),
        help_text=_("Kan pas als er genoeg gekend is en als het op latere plekken beter blijkt."),
        required=False,
    )
