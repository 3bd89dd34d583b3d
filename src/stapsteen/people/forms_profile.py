"""The profile in five short parts; each knows what stood there when it was opened, so that two who write at once see it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stapsteen.core.edits import Edit
from stapsteen.core.fields import MailField
from stapsteen.core.halfdays import in_words
from stapsteen.people.actions.persons import LONGEST_TRAVEL
from stapsteen.people.dutch import SKILLS
from stapsteen.people.forms import Birth, BirthField, HalfDaysField
from stapsteen.people.models import AVOID, COMPANY, DUTCH_LEVELS, MOBILITY, REACH, SECTORS, SUPPORT, Person

LANGUAGE_LEVELS = [("", _("Kies")), *DUTCH_LEVELS.items()]


def lines(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ProfilePart(Edit, forms.Form):
    """One part of the profile; two who write at once lose nothing (core/edits.py)."""

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        self.own_fields = tuple(self.base_fields)
        super().__init__(*args, record=person, **kwargs)

    def shown(self, name: str) -> Any:
        value = getattr(self.record, name)
        return "" if value is None and name != "travel_minutes" else value

    def in_words(self, name: str, value: Any) -> str:
        if isinstance(self.fields[name], HalfDaysField):
            return in_words(value)
        return super().in_words(name, value)


class WhoForm(ProfilePart):
    """Who it is, and how to reach them."""

    first_name = forms.CharField(label=_("Voornaam"), max_length=80)
    last_name = forms.CharField(label=_("Achternaam"), max_length=80, required=False)
    birth = BirthField(label=_("Geboren"), required=False)
    phone = forms.CharField(
        label=_("Telefoon"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = MailField(label=_("E-mailadres"), required=False)
    reach_by = forms.ChoiceField(label=_("Best bereikbaar via"), choices=list(REACH.items()))
    language = forms.CharField(label=_("Taal die de persoon spreekt"), max_length=40, required=False)
    interpreter = forms.CharField(
        label=_("Tolk nodig"), help_text=_("Schrijf in welke taal. Laat leeg als er geen nodig is."),
        max_length=40, required=False,
    )  # fmt: skip
    insz = forms.CharField(label=_("Rijksregisternummer"), max_length=20, required=False)

    def __init__(self, *args: Any, person: Person, with_insz: bool, **kwargs: Any) -> None:
        super().__init__(*args, person=person, **kwargs)
        if not with_insz:
            del self.fields["insz"]

    def shown(self, name: str) -> Any:
        born = Birth(self.record.birth_date, self.record.birth_year)
        return born if name == "birth" else super().shown(name)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        birth = cleaned.pop("birth", None) or Birth()
        return {**cleaned, "birth_date": birth.day, "birth_year": birth.year}


class TalentsForm(ProfilePart):
    """What somebody likes, can and wishes, in own words."""

    talents = forms.CharField(
        label=_("Waar is de persoon goed in?"), required=False, widget=lines(), max_length=5_000
    )
    interests = forms.CharField(
        label=_("Wat doet de persoon graag?"), required=False, widget=lines(), max_length=5_000
    )
    wishes = forms.CharField(
        label=_("Wat zou de persoon willen doen?"), required=False, widget=lines(), max_length=5_000
    )
    sectors = forms.MultipleChoiceField(
        label=_("Welk soort werk past daarbij?"), choices=list(SECTORS.items()), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    company = forms.ChoiceField(
        label=_("Met wie het liefst?"), choices=[("", _("nog niet gevraagd")), *COMPANY.items()], required=False,
        widget=forms.RadioSelect,
    )  # fmt: skip
    own_experience = forms.CharField(
        label=_("Eigen ervaring die telt"),
        help_text=_("Wat de persoon meemaakte en wil inzetten. Alleen als de persoon dat zelf kiest."),
        required=False, widget=lines(), max_length=5_000,
    )  # fmt: skip


class DaysForm(ProfilePart):
    """When somebody can, and how they get there."""

    half_days = HalfDaysField(label=_("Wanneer kan de persoon?"))
    mobility = forms.MultipleChoiceField(
        label=_("Hoe komt de persoon ergens?"), choices=list(MOBILITY.items()), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    travel_minutes = forms.IntegerField(
        label=_("Hoe lang mag het duren, enkele reis?"), help_text=_("In minuten. Bijvoorbeeld 30."), min_value=1,
        max_value=LONGEST_TRAVEL, required=False,
    )  # fmt: skip


class DutchForm(ProfilePart):
    """Dutch per skill: the step of Dutch as a second language, with the European level beside it (a rough comparison)."""

    dutch_listening = forms.ChoiceField(
        label=SKILLS["dutch_listening"], choices=LANGUAGE_LEVELS, required=False
    )
    dutch_speaking = forms.ChoiceField(
        label=SKILLS["dutch_speaking"], choices=LANGUAGE_LEVELS, required=False
    )
    dutch_reading = forms.ChoiceField(label=SKILLS["dutch_reading"], choices=LANGUAGE_LEVELS, required=False)
    dutch_writing = forms.ChoiceField(label=SKILLS["dutch_writing"], choices=LANGUAGE_LEVELS, required=False)


class CareForm(ProfilePart):
    """What to keep in mind at a place, and which support is needed."""

    attention_points = forms.CharField(
        label=_("Waar let je op?"), help_text=_("Bijvoorbeeld: tempo, stiptheid, een allergie."), required=False,
        widget=lines(), max_length=5_000,
    )  # fmt: skip
    no_gos = forms.CharField(
        label=_("Wat kan echt niet?"), help_text=_("Bijvoorbeeld: geen nachtwerk, geen honden."), required=False,
        widget=lines(), max_length=5_000,
    )  # fmt: skip
    avoid = forms.MultipleChoiceField(
        label=_("Wat mag een plek niet vragen?"), help_text=_("Vink aan wat niet gaat. Schrijf niet waarom."),
        choices=list(AVOID.items()), required=False, widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    support = forms.MultipleChoiceField(
        label=_("Welke steun is nodig op een plek?"), choices=list(SUPPORT.items()), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    support_note = forms.CharField(
        label=_("Meer over die steun"), required=False, widget=lines(), max_length=5_000
    )
