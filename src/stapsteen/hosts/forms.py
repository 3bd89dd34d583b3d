"""Forms of the hosts room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stapsteen.core.edits import Edit, lock
from stapsteen.core.errors import RuleBroken
from stapsteen.core.halfdays import DAYS, PARTS, bit, in_words
from stapsteen.hosts import queries
from stapsteen.hosts.actions import MOST_PLACES, enterprise_number
from stapsteen.hosts.models import LEGAL_KINDS, SECTORS, Host, HostNote, Organisation, Task
from stapsteen.hosts.states import HOST
from stapsteen.network.models import Municipality
from stapsteen.network.programme.schema import NT2_STEPS
from stapsteen.people.actions import municipality_of
from stapsteen.people.forms import DayField, HalfDaysField, today_field
from stapsteen.people.models import DUTCH_LEVELS

LANGUAGES = [(code, name) for code, name in settings.LANGUAGES]
ALL = ("", _("Alle"))


def moment_choices() -> list[tuple[str, str]]:
    """Every half-day of the week, as a choice."""
    return [(str(bit(day, part)), f"{DAYS[day]} {PARTS[part]}") for day in range(7) for part in range(3)]


def set_choices(form: forms.Form, name: str, choices: Any) -> None:
    """Give a field its choices; here, since Django's types don't know which field it is."""
    form.fields[name].choices = choices  # type: ignore[attr-defined]


class TownField(forms.CharField):
    """A town or postal code as people write it; cleans to a Municipality or None."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 120)
        super().__init__(required=False, **options)

    def prepare_value(self, value: Any) -> Any:
        return value.name if isinstance(value, Municipality) else value

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value)).strip()
        if not text:
            return None
        found = municipality_of(text)
        if found is None:
            raise ValidationError(_("Deze gemeente kennen we niet. Schrijf de naam of de postcode."))
        return found


class NumberField(forms.CharField):
    """A KBO number, with or without dots; cleans to ten digits or ""."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=20, required=False, **options)

    def clean(self, value: Any) -> Any:
        try:
            return enterprise_number(str(super().clean(value)))
        except RuleBroken as broken:
            raise ValidationError(str(broken.message)) from None


class HostFilterForm(forms.Form):
    q = forms.CharField(label=_("Zoek"), required=False, max_length=80)
    stand = forms.ChoiceField(label=_("Stand"), required=False)
    sector = forms.ChoiceField(label=_("Sector"), required=False, choices=[ALL, *SECTORS.items()])
    gemeente = forms.ChoiceField(label=_("Gemeente"), required=False)
    vrij = forms.BooleanField(label=_("Alleen met vrije plaats"), required=False)

    def __init__(self, *args: Any, towns: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "gemeente", [ALL, *((str(town.pk), town.name) for town in towns)])
        states = [("", gettext("Niet gestopt")), *HOST.states.items(), ("all", gettext("Alle"))]
        set_choices(self, "stand", states)


class TaskFilterForm(forms.Form):
    q = forms.CharField(label=_("Zoek"), required=False, max_length=80)
    sector = forms.ChoiceField(label=_("Sector"), required=False, choices=[ALL, *SECTORS.items()])
    gemeente = forms.ChoiceField(label=_("Gemeente"), required=False)
    moment = forms.ChoiceField(label=_("Wanneer"), required=False)
    vrij = forms.BooleanField(label=_("Alleen met vrije plaats"), required=False)

    def __init__(self, *args: Any, towns: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "gemeente", [ALL, *((str(town.pk), town.name) for town in towns)])
        set_choices(self, "moment", [ALL, *moment_choices()])


class OrganisationForm(Edit, forms.Form):
    """What all services of the network know of an organisation."""

    own_fields = (
        "name", "legal_kind", "sectors", "municipality", "address", "enterprise_number", "part_of", "umbrella", "note"
    )  # fmt: skip

    name = forms.CharField(label=_("Naam van de organisatie"), max_length=160)
    legal_kind = forms.ChoiceField(label=_("Soort"), choices=list(LEGAL_KINDS.items()), initial="vzw")
    sectors = forms.MultipleChoiceField(
        label=_("Sectoren"),
        choices=list(SECTORS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    municipality = TownField(label=_("Gemeente of postcode"))
    address = forms.CharField(label=_("Straat en nummer"), max_length=200, required=False)
    enterprise_number = NumberField(label=_("Ondernemingsnummer"), help_text=_("Bijvoorbeeld 0471.938.850"))
    part_of = forms.ChoiceField(
        label=_("Deelwerking van"),
        required=False,
        help_text=_("Alleen als dit een deel van een organisatie is."),
    )
    umbrella = forms.ChoiceField(label=_("Koepel"), required=False)
    note = forms.CharField(
        label=_("Wat moeten collega’s weten?"),
        help_text=_("Alle diensten van het netwerk lezen dit. Schrijf niets over mensen."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=2000,
    )

    def __init__(self, *args: Any, organisation: Organisation | None = None, **kwargs: Any) -> None:
        if organisation is not None:
            kwargs["initial"] = {
                "part_of": organisation.part_of_id or "",
                "umbrella": organisation.umbrella_id or "",
            }
        super().__init__(*args, record=organisation, **kwargs)
        own = str(organisation.pk) if organisation else ""
        others = [("", gettext("Geen")), *(row for row in queries.organisation_choices() if row[0] != own)]
        set_choices(self, "part_of", others)
        set_choices(self, "umbrella", others)

    def clean_part_of(self) -> Organisation | None:
        return self._chosen("part_of")

    def clean_umbrella(self) -> Organisation | None:
        return self._chosen("umbrella")

    def _chosen(self, name: str) -> Organisation | None:
        key = self.cleaned_data[name]
        return Organisation.objects.get(pk=key) if key else None


class NewHostForm(OrganisationForm):
    """A new organisation with what makes it usable at once: whom to call and how many people it can guide."""

    places = forms.IntegerField(
        label=_("Hoeveel mensen kan ze tegelijk begeleiden?"),
        help_text=_("Vraag het aan de organisatie zelf. Weet ze het nog niet? Laat dit leeg."),
        min_value=0,
        max_value=MOST_PLACES,
        required=False,
    )
    contact_name = forms.CharField(label=_("Contactpersoon"), max_length=120, required=False)
    contact_email = forms.EmailField(label=_("E-mailadres van de contactpersoon"), required=False)
    contact_phone = forms.CharField(label=_("Telefoon van de contactpersoon"), max_length=40, required=False)
    anyway = forms.BooleanField(label=_("Dit is echt een andere organisatie"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.doubles: list[Organisation] = []
        if "anyway" not in self.data:
            self.fields["anyway"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("contact_name") and not (data.get("contact_email") or data.get("contact_phone")):
            self.add_error("contact_email", _("Vul een e-mailadres of een telefoonnummer in."))
        if (data.get("contact_email") or data.get("contact_phone")) and not data.get("contact_name"):
            self.add_error("contact_name", _("Vul de naam van de contactpersoon in."))
        if data.get("name") and not data.get("anyway"):
            self.doubles = queries.similar_organisations(data["name"])
        if self.doubles:
            self.fields["anyway"].widget = forms.CheckboxInput()
            names = ", ".join(f"“{other.name}”" for other in self.doubles[:3])
            self.add_error(
                "name",
                gettext("Dit lijkt op %(names)s. Kies die, of vink aan dat dit een andere is.")
                % {"names": names},
            )
        return data


class HostWords(Edit, forms.Form):
    """What holds from a day on; comes up empty or with what held. Another's word meanwhile is shown, never taken over."""

    takes_over = False

    def __init__(self, *args: Any, host: Host, **kwargs: Any) -> None:
        super().__init__(*args, record=host, **kwargs)


class ContactForm(HostWords):
    own_fields = ("name", "email", "phone", "language")

    def __init__(self, *args: Any, host: Host, **kwargs: Any) -> None:
        empty = dict.fromkeys(("name", "email", "phone"), "") | {"language": "nl"}
        super().__init__(*args, host=host, **{**kwargs, "initial": empty})

    def shown(self, name: str) -> Any:
        return getattr(self.record.contacts.filter(ends_on=None).first(), name, None)

    name = forms.CharField(label=_("Naam"), max_length=120)
    email = forms.EmailField(
        label=_("E-mailadres"), required=False, help_text=_("Hierheen gaat de vraag naar de uren.")
    )
    phone = forms.CharField(label=_("Telefoon"), max_length=40, required=False)
    language = forms.ChoiceField(label=_("Taal van onze mails"), choices=LANGUAGES, initial="nl")
    starts_on = today_field(label=_("Vanaf"))


class CapacityForm(HostWords):
    own_fields = ("places", "paused", "note")

    def hold(self) -> None:
        lock(self.record.organisation)

    def shown(self, name: str) -> Any:
        return getattr(self.record.organisation.capacities.filter(ends_on=None).first(), name, None)

    def in_words(self, name: str, value: Any) -> str:
        return super().in_words(
            name, (gettext("ja") if value else gettext("nee")) if name == "paused" else value
        )

    places = forms.IntegerField(
        label=_("Hoeveel mensen tegelijk?"),
        help_text=_("Wat de organisatie zelf zegt. Nul betekent: nee."),
        min_value=0,
        max_value=MOST_PLACES,
    )
    paused = forms.BooleanField(label=_("Nu even niemand nieuw"), required=False)
    starts_on = today_field(label=_("Vanaf"))
    note = forms.CharField(label=_("Toelichting"), max_length=200, required=False)


class HostAgreementForm(Edit, forms.Form):
    own_fields = ("agreement_signed_on", "insurance_until", "talk_wanted")
    agreement_signed_on = DayField(label=_("Afspraken getekend op"), required=False)
    insurance_until = DayField(
        label=_("Verzekering loopt tot en met"),
        required=False,
        help_text=_("Burgerlijke aansprakelijkheid. We waarschuwen 60 dagen vooraf."),
    )
    talk_wanted = forms.ChoiceField(
        label=_("Is er een gesprek nodig?"),
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Een wens over afkomst, geloof of leeftijd schrijven we nooit op. We praten erover."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = [(code, gettext("Ja, over %(what)s") % {"what": word}) for code, word in Host.TALKS.items()]
        set_choices(self, "talk_wanted", [("", gettext("Nee")), *words])


class MoveForm(forms.Form):
    reason = forms.CharField(
        label=_("Waarom?"), widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=1000
    )


class HostNoteForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Wat was dit?"),
        choices=[(code, word) for code, word in HostNote.KINDS.items() if code != "import"],
        widget=forms.RadioSelect,
        initial="visit",
    )
    happened_on = today_field(label=_("Op welke dag"))
    text = forms.CharField(
        label=_("Wat kwam ter sprake?"),
        help_text=_("Over de organisatie. Schrijf niets over de mensen die er werken."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5000,
    )


class TaskForm(Edit, forms.Form):
    own_fields = (
        "title", "sector", "half_days", "seats", "description", "dutch_level", "guidance", "heavy", "note"
    )  # fmt: skip

    def __init__(self, *args: Any, task: Task | None = None, **kwargs: Any) -> None:
        super().__init__(*args, record=task, **kwargs)

    def hold(self) -> None:
        """First the organisation, as everything that touches its tasks does."""
        if self.record is not None:
            lock(self.record.organisation)
        super().hold()

    def in_words(self, name: str, value: Any) -> str:
        return in_words(value) if name == "half_days" else super().in_words(name, value)

    title = forms.CharField(label=_("Wat is de taak?"), max_length=120)
    sector = forms.ChoiceField(label=_("Sector"), choices=list(SECTORS.items()), initial="other")
    half_days = HalfDaysField(
        label=_("Wanneer kan het?"), help_text=_("Niets aangevinkt? Dan kan het op elk moment.")
    )
    seats = forms.IntegerField(
        label=_("Voor hoeveel mensen tegelijk?"), min_value=1, max_value=MOST_PLACES, initial=1
    )
    description = forms.CharField(
        label=_("Wat doe je precies?"),
        help_text=_("Zet elke deeltaak op een regel. Zo kan iemand ook maar een deel doen."),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        max_length=4000,
    )
    dutch_level = forms.ChoiceField(
        label=_("Hoeveel Nederlands is nodig?"),
        required=False,
        choices=[
            ("", _("Maakt niet uit")),
            *((step, DUTCH_LEVELS[step]) for step in NT2_STEPS if step != "0"),
        ],
    )
    guidance = forms.ChoiceField(
        label=_("Hoeveel begeleiding is er?"),
        choices=list(Task.GUIDANCE.items()),
        widget=forms.RadioSelect,
        initial="some",
    )
    heavy = forms.BooleanField(label=_("Zwaar werk: tillen of lang staan"), required=False)
    note = forms.CharField(
        label=_("Wat moeten collega’s weten?"),
        help_text=_("Geen wensen over afkomst, geloof of leeftijd. Schrijf niets over mensen."),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=2000,
    )
