"""Forms about an organisation and its sites."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stapsteen.core.edits import Edit
from stapsteen.core.fields import MailField
from stapsteen.hosts import queries
from stapsteen.hosts.actions import MOST_PLACES
from stapsteen.hosts.forms.fields import NumberField, TownField, set_choices, words
from stapsteen.hosts.models import LEGAL_KINDS, ORGANISATION_ROLES, SECTORS, Organisation, Site


class OrganisationForm(Edit, forms.Form):
    """What all services of the network know of an organisation."""

    own_fields: tuple[str, ...] = (
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
    note = words(
        _("Wat moeten collega’s weten?"),
        most=2_000,
        help_text=_("Alle diensten van het netwerk lezen dit. Schrijf niets over mensen."),
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
    contact_email = MailField(label=_("E-mailadres van de contactpersoon"), required=False)
    contact_phone = forms.CharField(label=_("Telefoon van de contactpersoon"), max_length=40, required=False)
    anyway = forms.BooleanField(label=_("Dit is echt een andere organisatie"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.doubles: list[Organisation] = []
        if self.data.get("anyway", "") in ("", "False"):  # the second is what the hidden field sends
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


class EditOrganisationForm(OrganisationForm):
    """An organisation that is there already: also its roles, and how often the network may ask it something."""

    own_fields = (*OrganisationForm.own_fields, "roles", "asks_per_month")

    roles = forms.MultipleChoiceField(
        label=_("Wat is deze organisatie voor het netwerk?"),
        choices=list(ORGANISATION_ROLES.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    asks_per_month = forms.IntegerField(
        label=_("Hoeveel vragen per maand mag ze krijgen?"),
        help_text=_("Van alle diensten van het netwerk samen."),
        min_value=1,
        max_value=30,
    )


class SiteForm(Edit, forms.Form):
    own_fields = ("name", "address", "municipality")

    name = forms.CharField(label=_("Naam van de plek"), max_length=120)
    address = forms.CharField(label=_("Straat en nummer"), max_length=200, required=False)
    municipality = TownField(label=_("Gemeente of postcode"))

    def __init__(self, *args: Any, site: Site | None = None, **kwargs: Any) -> None:
        super().__init__(*args, record=site, **kwargs)
