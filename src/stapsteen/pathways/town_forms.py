"""Where someone lives, as people type it: the part of the public forms that asks it."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from stapsteen.network.places import Match, find_town
from stapsteen.network.programme.schema import Area


class TownPart(forms.Form):
    """A town as people type it, and which one they mean when the text can mean several."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places: list[Match] = []

    def ask_town(self, label: Any) -> None:
        self.fields["town"] = forms.CharField(
            label=label, max_length=80, help_text=_("Typ je gemeente, je dorp of je postcode.")
        )
        self._ask_which_town()

    def _ask_which_town(self) -> None:
        """When the text can mean several towns, or comes near one: which one?"""
        typed = self.data.get(self.add_prefix("town"), "") if self.is_bound else ""
        self.places = find_town(str(typed)) if str(typed).strip() else []
        if self.places and not self._certain():
            choices = [(place.nis, _town_words(place)) for place in self.places]
            self.fields["town_nis"] = forms.ChoiceField(
                label=_("Welke gemeente bedoel je?"), choices=[*choices, ("other", _("Een andere gemeente"))],
                widget=forms.RadioSelect, error_messages={"required": _("Kies welke gemeente je bedoelt.")},
            )  # fmt: skip

    def _certain(self) -> bool:
        return self.places[0].score == 1 and len({place.nis for place in self.places}) == 1

    def clean_town(self) -> str:
        town: str = self.cleaned_data["town"]
        if not self.places:
            raise forms.ValidationError(translate("We kennen deze gemeente niet. Typ de postcode."))
        return town

    def clean_town_nis(self) -> str:
        chosen: str = self.cleaned_data["town_nis"]
        if chosen == "other":
            raise forms.ValidationError(translate("Typ hierboven je gemeente of je postcode."))
        return chosen

    def place(self) -> Match | None:
        """The town that is meant."""
        chosen = self.cleaned_data.get("town_nis") or (self.places[0].nis if self.places else "")
        return next((place for place in self.places if place.nis == chosen), None)

    def home(self, area: list[Area]) -> dict[str, str]:
        """The town as eligibility asks it, with the postcode where that decides in this area; {} when it isn't known."""
        place = self.place() if "town" in self.cleaned_data else None
        if place is None or (self.fields.get("town_nis") and not self.cleaned_data.get("town_nis")):
            return {}
        code = self._postcode(place, area)
        return {"lives_in": place.nis} | ({"postcode": code} if code else {})

    def _postcode(self, place: Match, area: list[Area]) -> str:
        """The code that was typed, else the village's own when all its codes lie on the same side of the border."""
        typed = re.search(r"(?<!\d)[1-9]\d{3}(?!\d)", self.cleaned_data.get("town", ""))
        if typed and typed.group() in place.postal_codes:
            return typed.group()
        covered = {code for part in area if part.nis == place.nis for code in part.postcodes}
        inside = [code for code in place.postal_codes if code in covered]
        one_side = len(inside) in (0, len(place.postal_codes))
        return place.postal_codes[0] if covered and one_side and place.postal_codes else ""


def _town_words(place: Match) -> str:
    return f"{place.locality} ({place.name})" if place.locality else place.name
