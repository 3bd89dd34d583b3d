"""Forms around a referral: messages, who may refer, handing over, dividing among coaches, a draft's mail."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stapsteen.core.fields import MailField, today_field
from stapsteen.hosts.models import Organisation
from stapsteen.network.models import Service, StaffMember
from stapsteen.network.queries import programmes_on
from stapsteen.pathways.actions.referrers import clusters_of, kinds_of
from stapsteen.pathways.forms import choices
from stapsteen.pathways.models import Handover, Pathway
from stapsteen.pathways.queries import coaches_with_load, programme_name
from stapsteen.people.forms import EMPTY
from stapsteen.people.models import Consent


class DraftMailForm(forms.Form):
    email = MailField(
        label=_("Mail de link naar jezelf"),
        help_text=_("We bewaren dit adres niet."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class MessageForm(forms.Form):
    """A short question or answer."""

    text = forms.CharField(
        label=_("Je bericht"),
        help_text=_("Schrijf niets over gezondheid, aanwezigheid of uren."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2_000,
    )


class RightForm(forms.Form):
    """An organisation that may refer: one of the network, or a new name."""

    organisation = forms.ChoiceField(label=_("Welke organisatie?"), required=False)
    new_name = forms.CharField(label=_("Of een nieuwe organisatie"), max_length=160, required=False)
    programme_slug = forms.ChoiceField(label=_("Voor welk programma?"), required=False)
    cluster = forms.ChoiceField(label=_("In welke cluster?"))
    kind = forms.ChoiceField(
        label=_("Welke soort?"),
        help_text=_(
            "Bij een gevangenis, psychiatrie, verslavingszorg of opvangcentrum gaat de naam op slot."
        ),
        required=False,
    )
    starts_on = today_field(label=_("Vanaf"))

    def __init__(self, *args: Any, service: Service, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        versions = programmes_on(service)
        rows = Organisation.objects.filter(network_id=service.network_id).order_by("name")
        self.organisations = {str(row.pk): row for row in rows}
        choices(self, "organisation", [EMPTY, *((key, row.name) for key, row in self.organisations.items())])
        offers = [(version.slug, programme_name(version)) for version in versions]
        choices(self, "programme_slug", [("", _("Alle programma’s")), *offers])
        choices(self, "kind", [("", _("Niet gezegd")), *kinds_of(versions).items()])
        if found := clusters_of(versions):
            choices(self, "cluster", [EMPTY, *found.items()])
        else:
            del self.fields["cluster"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        chosen, name = cleaned.get("organisation"), cleaned.get("new_name", "").strip()
        if not chosen and not name:
            self.add_error("organisation", _("Kies een organisatie, of typ een nieuwe naam."))
        if chosen and name:
            self.add_error("new_name", _("Kies een organisatie of typ een naam, niet allebei."))
        return cleaned


class HandoverForm(forms.Form):
    """The offer, with what the person agrees to."""

    to_name = forms.CharField(label=_("Naar welke dienst?"), max_length=160)
    to_contact = forms.CharField(
        label=_("Wie is daar je contact?"),
        help_text=_("Naam, telefoon of mail."),
        max_length=200,
        required=False,
    )
    agreed = forms.BooleanField(
        label=_("De persoon vindt goed dat we iets doorgeven"),
        help_text=_("Vraag het aan de persoon zelf. Het mag altijd weer stoppen."),
        required=False,
    )
    own_words = forms.CharField(
        label=_("Wat zei de persoon?"),
        help_text=_("In eigen woorden."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2_000,
        required=False,
    )
    how = forms.ChoiceField(
        label=_("Hoe gaf de persoon toestemming?"), choices=list(Consent.HOW.items()), initial="spoken"
    )
    told = forms.CharField(
        label=_("Wat mag de andere dienst weten?"),
        help_text=_("Alleen wat nodig is. Nooit aanwezigheid, uren of redenen van stoppen."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4_000,
        required=False,
    )


class HandoverTalkForm(forms.Form):
    talk_on = today_field(label=_("Wanneer praatten jullie samen?"))
    agreed = forms.BooleanField(label=_("De persoon vindt goed dat we iets doorgeven"), required=False)
    own_words = forms.CharField(
        label=_("Wat zei de persoon?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2_000,
        required=False,
    )
    told = forms.CharField(
        label=_("Wat mag de andere dienst weten?"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4_000,
        required=False,
    )  # fmt: skip

    def __init__(self, *args: Any, handover: Handover, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["told"].initial = handover.told
        if handover.consent and handover.consent.withdrawn_at is None:
            del self.fields["agreed"], self.fields["own_words"]


class OutcomeForm(forms.Form):
    on = today_field(label=_("Op welke dag?"))
    outcome = forms.CharField(
        label=_("Hoe gaat het?"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4_000
    )


class WeightForm(forms.Form):
    weight = forms.TypedChoiceField(
        label=_("Hoeveel vraagt dit traject van jou?"), coerce=int, choices=list(Pathway.WEIGHTS.items()),
        widget=forms.RadioSelect,
    )  # fmt: skip


class AssignForm(forms.Form):
    """Which coach for a referral; the least loaded first."""

    coach = forms.ChoiceField(label=_("Begeleider"), required=False)

    def __init__(self, *args: Any, loads: list[Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.loads = {str(load.coach.pk): load for load in loads or coaches_with_load()}
        options = [(key, f"{load.coach.name} ({load.total})") for key, load in self.loads.items()]
        choices(self, "coach", [("", _("Nog niemand")), *options])

    def clean_coach(self) -> StaffMember | None:
        chosen = self.cleaned_data["coach"]
        coach: StaffMember | None = self.loads[chosen].coach if chosen else None
        return coach


class LimitForm(forms.Form):
    weight_limit = forms.IntegerField(
        label=_("Hoeveel gewicht kan deze collega samen dragen?"),
        help_text=_("Licht telt 1, gewoon 2, zwaar 3. Leeg: geen afspraak."),
        min_value=1,
        max_value=999,
        required=False,
    )
