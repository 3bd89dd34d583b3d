"""The profile in five short parts; each knows what stood there when it was opened, so that two who write at once see it."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from stapsteen.core.halfdays import in_words
from stapsteen.people.actions.persons import LONGEST_TRAVEL
from stapsteen.people.dutch import SKILLS
from stapsteen.people.forms import Birth, BirthField, HalfDaysField
from stapsteen.people.models import COMPANY, DUTCH_LEVELS, MOBILITY, REACH, SUPPORT, Person

LANGUAGE_LEVELS = [("", _("Kies")), *DUTCH_LEVELS.items()]


def lines(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ProfilePart(forms.Form):
    """One part of the profile. `seen` holds a mark per field of what stood there when the page was opened.

    What somebody else wrote meanwhile stays when this page didn't touch that field; where both wrote, the page comes
    back with both texts and nothing is kept yet.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        self.person = person
        initial = {name: self.stored(person, name) for name in self.base_fields if name != "seen"}
        super().__init__(*args, **{**kwargs, "initial": initial | {"seen": self.marks(person)}})
        self.order_fields([name for name in self.fields if name != "seen"])

    def stored(self, person: Person, name: str) -> Any:
        value = getattr(person, name)
        return "" if value is None and name != "travel_minutes" else value

    def marks(self, person: Person) -> str:
        names = [name for name in self.base_fields if name != "seen"]
        return json.dumps({name: mark(person, name, self.stored(person, name)) for name in names})

    def clean(self) -> dict[str, Any]:
        """The fields without `seen`; under a lock on the person, so that nobody writes in between."""
        cleaned: dict[str, Any] = super().clean() or {}
        seen = read_marks(cleaned.pop("seen", ""))
        now = Person.objects.select_for_update().get(pk=self.person.pk)
        both = [name for name in cleaned if name in seen and not self._mine(now, name, cleaned, seen[name])]
        for name in both:
            self.add_error(name, self._other_text(now, name))
        if both:
            sent: Any = self.data.copy()  # type: ignore[attr-defined]
            sent["seen"] = self.marks(now)
            self.data = sent
        return self.fields_of(cleaned)

    def _mine(self, now: Person, name: str, cleaned: dict[str, Any], was: str) -> bool:
        """Whether what was typed can be kept; takes over the colleague's value where this page didn't touch it."""
        stored = self.stored(now, name)
        if mark(now, name, stored) == was or same(stored, cleaned[name]):
            return True
        if mark(now, name, cleaned[name]) == was:
            cleaned[name] = stored
            return True
        return False

    def _other_text(self, now: Person, name: str) -> str:
        words = in_plain_words(self.fields[name], self.stored(now, name))
        return _now("Een collega schreef hier intussen: “%(text)s”. Kijk na en bewaar opnieuw.") % {
            "text": words
        }

    def fields_of(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """What update_person takes."""
        return cleaned


def mark(person: Person, name: str, value: Any) -> str:
    """Says whether a value is still the same, without telling it."""
    return salted_hmac(
        "people.profile.seen", f"{person.pk}/{name}/{_flat(value)}", algorithm="sha256"
    ).hexdigest()[:16]


def _flat(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ",".join(sorted(value))
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def same(one: Any, other: Any) -> bool:
    return _flat(one) == _flat(other)


def read_marks(text: str) -> dict[str, str]:
    """What the page sent back; nothing readable means that nothing is compared."""
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def in_plain_words(field: forms.Field, value: Any) -> str:
    """A field's value as a reader knows it: labels for choices, words for half-days."""
    if isinstance(field, HalfDaysField):
        return in_words(value) or "–"
    if isinstance(field, forms.ChoiceField):
        labels = {str(key): str(label) for key, label in field.choices}  # type: ignore[misc, union-attr]
        chosen = value if isinstance(value, list | tuple) else [value]
        return ", ".join(labels.get(str(key), str(key)) for key in chosen if key) or "–"
    if isinstance(value, Birth):
        return value.day.strftime("%d/%m/%Y") if value.day else str(value.year or "–")
    return str(value or "–")


class WhoForm(ProfilePart):
    """Who it is, and how to reach them."""

    first_name = forms.CharField(label=_("Voornaam"), max_length=80)
    last_name = forms.CharField(label=_("Achternaam"), max_length=80, required=False)
    birth = BirthField(label=_("Geboren"), required=False)
    phone = forms.CharField(
        label=_("Telefoon"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.EmailField(label=_("E-mailadres"), required=False)
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

    def stored(self, person: Person, name: str) -> Any:
        return (
            Birth(person.birth_date, person.birth_year) if name == "birth" else super().stored(person, name)
        )

    def fields_of(self, cleaned: dict[str, Any]) -> dict[str, Any]:
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
    support = forms.MultipleChoiceField(
        label=_("Welke steun is nodig op een plek?"), choices=list(SUPPORT.items()), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    support_note = forms.CharField(
        label=_("Meer over die steun"), required=False, widget=lines(), max_length=5_000
    )
