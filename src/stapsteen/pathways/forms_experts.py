"""Forms about partners: ask an expert along, give advice, a standing partner."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stapsteen.core.fields import DayField
from stapsteen.hosts.models import Organisation
from stapsteen.network import roles
from stapsteen.network.models import Membership, Service, StaffMember
from stapsteen.pathways.models import ExpertAdvice, ExpertRequest, Pathway
from stapsteen.people.models import Consent

USUAL_DAYS = 60


def experts_of(service: Service) -> dict[str, tuple[StaffMember, str]]:
    """Colleagues of partners who can be asked: key -> who, and for which organisation. None that can sanction."""
    today = timezone.localdate()
    rows = Membership.objects.filter(service=service, role=roles.EXPERT, starts_on__lte=today)
    held = {row.user_id: row.organisation_id for row in rows.exclude(ends_on__lt=today)}
    names = dict(
        Organisation.objects.filter(pk__in=held.values(), can_sanction=False).values_list("pk", "name")
    )
    staff = StaffMember.objects.filter(user_id__in=held).order_by("name")
    return {str(row.pk): (row, names[held[row.user_id]]) for row in staff if held[row.user_id] in names}


class ExpertForm(forms.Form):
    expert = forms.ChoiceField(label=_("Wie vraag je mee?"), widget=forms.RadioSelect)
    question = forms.CharField(
        label=_("Wat wil je weten?"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
    parts = forms.MultipleChoiceField(
        label=_("Wat mag de expert zien?"), choices=list(ExpertRequest.PARTS.items()),
        widget=forms.CheckboxSelectMultiple, help_text=_("Kies alleen wat nodig is. De rest blijft dicht."),
    )  # fmt: skip
    ends_on = DayField(label=_("Tot en met wanneer?"), help_text=_("Daarna gaat alles vanzelf dicht."))
    own_words = forms.CharField(
        label=_("Wat zei de persoon hierover?"), widget=forms.Textarea(attrs={"rows": 2}), max_length=1000,
        help_text=_("In eigen woorden. Zonder akkoord vraag je niemand mee."),
    )  # fmt: skip
    how = forms.ChoiceField(
        label=_("Hoe zei de persoon het?"), choices=list(Consent.HOW.items()), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, experts: dict[str, tuple[StaffMember, str]], **kwargs: Any) -> None:
        usual = timezone.localdate() + timedelta(days=USUAL_DAYS)
        kwargs["initial"] = {"ends_on": usual, "how": "spoken", **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.experts = experts
        self.fields["expert"].choices = [(key, f"{who} ({name})") for key, (who, name) in experts.items()]  # type: ignore[attr-defined]

    def clean_expert(self) -> StaffMember:
        return self.experts[self.cleaned_data["expert"]][0]


class AdviceForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Wat geef je?"), choices=list(ExpertAdvice.KINDS.items()), widget=forms.RadioSelect,
        initial="advice",
    )  # fmt: skip
    text = forms.CharField(
        label=_("Je advies of voorstel"), widget=forms.Textarea(attrs={"rows": 6}), max_length=5000
    )


class PartnerForm(forms.Form):
    partner = forms.ChoiceField(
        label=_("Vaste partner"), required=False,
        help_text=_("De experten van deze partner zien en doen hetzelfde als de begeleider in dit traject."),
    )  # fmt: skip

    def __init__(self, *args: Any, pathway: Pathway, service: Service, **kwargs: Any) -> None:
        kwargs["initial"] = {"partner": str(pathway.partner_id or "")}
        super().__init__(*args, **kwargs)
        partners = Organisation.objects.filter(
            network_id=service.network_id, roles__contains=["partner"], can_sanction=False
        )
        self.partners = {str(row.pk): row for row in partners.order_by("name")}
        self.fields["partner"].choices = [  # type: ignore[attr-defined]
            ("", _("Geen")), *((key, row.name) for key, row in self.partners.items()),
        ]  # fmt: skip

    def clean_partner(self) -> Organisation | None:
        return self.partners.get(self.cleaned_data["partner"])
