"""Forms about what a service shows of itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stapsteen.core.fields import MailField
from stapsteen.network.actions_service import LARGEST_BROCHURE, LARGEST_PICTURE
from stapsteen.network.models import OutsideService, Service
from stapsteen.network.outside import Help
from stapsteen.network.places import municipality

LANGUAGE_LABELS = {"nl": _("In het Nederlands"), "fr": _("In het Frans"), "en": _("In het Engels")}


class ServiceForm(forms.Form):
    """The public page of the service: texts, contact, wait, brochure and film."""

    name = forms.CharField(label=_("Naam van de dienst"), max_length=120)
    owner_name = forms.CharField(label=_("Van wie is de dienst?"), max_length=160)
    summary_nl = forms.CharField(
        label=_("Wat doen jullie? In het Nederlands"),
        help_text=_("Een of twee korte zinnen. Spreek de lezer aan met “je”."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1_000,
    )
    summary_fr = forms.CharField(
        label=_("Wat doen jullie? In het Frans"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1_000,
        required=False,
    )  # fmt: skip
    summary_en = forms.CharField(
        label=_("Wat doen jullie? In het Engels"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1_000,
        required=False,
    )  # fmt: skip
    phone = forms.CharField(label=_("Telefoon"), max_length=40, required=False)
    email = MailField(label=_("E-mailadres"), required=False)
    address = forms.CharField(label=_("Adres"), max_length=200, required=False)
    intake_open = forms.BooleanField(
        label=_("Er kunnen nieuwe mensen bij"),
        help_text=_("Zet dit uit bij een intakestop. De aanmelding is dan dicht."),
        required=False,
    )
    expected_wait_weeks = forms.IntegerField(
        label=_("Hoeveel weken wacht iemand meestal?"), min_value=0, max_value=104
    )
    brochure = forms.FileField(
        label=_("Folder als pdf"), required=False, max_length=200, allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}), help_text=_("Hoogstens 10 MB."),
    )  # fmt: skip
    brochure_url = forms.URLField(
        label=_("Of een link naar de folder"), required=False, assume_scheme="https"
    )
    film_url = forms.URLField(label=_("Link naar een filmpje"), required=False, assume_scheme="https")
    accent = forms.CharField(label=_("Kleur"), max_length=7, help_text=_("Bijvoorbeeld #0b5d53."))

    def __init__(self, *args: Any, service: Service, **kwargs: Any) -> None:
        names = [name for name in self.base_fields if not name.startswith("summary") and name != "brochure"]
        initial = {name: getattr(service, name) for name in names}
        initial |= {f"summary_{code}": service.summary.get(code, "") for code in LANGUAGE_LABELS}
        super().__init__(*args, **{**kwargs, "initial": initial})

    def values(self) -> dict[str, Any]:
        """The keywords of update_service."""
        data = dict(self.cleaned_data)
        data["summary"] = _in_languages(data, "summary")
        file = data.pop("brochure")
        return data | {"brochure": file.read(LARGEST_BROCHURE + 1) if file else None}


class FunderForm(forms.Form):
    name = forms.CharField(label=_("Wie geeft subsidie?"), max_length=120)
    url = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    logo = forms.FileField(
        label=_("Logo"), help_text=_("PNG of JPEG. Hoogstens 1 MB."), required=False, max_length=200,
        allow_empty_file=True, widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
    )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """The keywords of add_funder."""
        file = self.cleaned_data["logo"]
        return {**self.cleaned_data, "logo": file.read(LARGEST_PICTURE + 1) if file else None}


class OutsideForm(forms.Form):
    """Another service, that doesn't use Stapsteen."""

    name = forms.CharField(label=_("Naam van de dienst"), max_length=120)
    what_nl = forms.CharField(
        label=_("Wat doen ze? In het Nederlands"), help_text=_("Een korte zin."), max_length=200
    )
    what_fr = forms.CharField(label=_("Wat doen ze? In het Frans"), max_length=200, required=False)
    what_en = forms.CharField(label=_("Wat doen ze? In het Engels"), max_length=200, required=False)
    phone = forms.CharField(label=_("Telefoon"), max_length=40, required=False)
    url = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    towns = forms.CharField(
        label=_("Voor welke gemeenten?"),
        help_text=_("Zet een komma tussen de namen. Laat je dit leeg? Dan geldt het waar jullie werken."),
        max_length=1_000,
        required=False,
    )
    source = forms.CharField(
        label=_("Waar vond je dit?"), help_text=_("Bijvoorbeeld de website van de dienst."), max_length=200,
        required=False,
    )  # fmt: skip

    def __init__(
        self, *args: Any, row: OutsideService | None = None, ready: Help | None = None, **kwargs: Any
    ) -> None:
        initial: dict[str, Any] = {}
        if ready is not None:
            initial = {
                "name": ready.name, "what_nl": str(ready.what), "phone": ready.phone, "url": ready.url,
                "source": ready.source,
            }  # fmt: skip
        elif row is not None:
            initial = {name: getattr(row, name) for name in ("name", "phone", "url", "source")}
            initial |= {f"what_{code}": row.what.get(code, "") for code in LANGUAGE_LABELS}
            towns = [town for nis in row.municipalities if (town := municipality(nis))]
            initial["towns"] = ", ".join(town.name for town in towns)
        super().__init__(*args, **{**kwargs, "initial": initial})

    def values(self) -> dict[str, Any]:
        """The keywords of save_outside."""
        data = dict(self.cleaned_data)
        return data | {"what": _in_languages(data, "what")}


def _in_languages(data: dict[str, Any], name: str) -> dict[str, str]:
    """Take the texts per language out of the data: {"nl": ..., "fr": ...}, without what is empty."""
    texts = {code: data.pop(f"{name}_{code}") for code in LANGUAGE_LABELS}
    return {code: text for code, text in texts.items() if text}
