"""Forms of the staff's pages, from queue to end. The public form stands in public_forms.py."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from stapsteen.core.edits import Edit, lock
from stapsteen.core.fields import today_field
from stapsteen.network.models import ProgrammeVersion, Service, StaffMember
from stapsteen.network.queries import programmes_on
from stapsteen.pathways import fit, queries
from stapsteen.pathways.models import (
    DESTINATIONS,
    END_CODES,
    REFUSAL_CODES,
    IntakeTalk,
    Pathway,
    Referral,
    WheelPosition,
)
from stapsteen.people.forms import EMPTY
from stapsteen.people.models import Note

LIGHTS = {"green": _("Op tijd"), "orange": _("Wacht lang"), "red": _("Wacht te lang")}


def choices(form: forms.Form, name: str, options: Any) -> None:
    """Give a field its choices; here, since Django's types don't know which field it is."""
    form.fields[name].choices = options  # type: ignore[attr-defined]


class QueueFilterForm(forms.Form):
    stand = forms.CharField(required=False, widget=forms.HiddenInput)
    aanbod = forms.ChoiceField(label=_("Programma"), required=False)
    licht = forms.ChoiceField(
        label=_("Wachttijd"), required=False, choices=[("", _("Alle")), *LIGHTS.items()]
    )
    mijn = forms.BooleanField(label=_("Alleen wat ik opvolg"), required=False)

    def __init__(self, *args: Any, service: Service, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offers = [(version.slug, queries.programme_name(version)) for version in programmes_on(service)]
        choices(self, "aanbod", [("", _("Alle")), *offers])
        if len(offers) < 2:
            del self.fields["aanbod"]


class TalkForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Wat was dit?"),
        choices=list(IntakeTalk.KINDS.items()),
        widget=forms.RadioSelect,
        initial="talk",
    )
    held_on = today_field(label=_("Op welke dag"))
    reached = forms.BooleanField(label=_("De persoon is bereikt"), required=False, initial=True)
    place = forms.ChoiceField(
        label=_("Waar?"), choices=[("", _("Niet genoteerd")), *Note.PLACES.items()], required=False
    )
    minutes = forms.IntegerField(label=_("Hoeveel minuten?"), min_value=1, max_value=600, required=False)
    text = forms.CharField(
        label=_("Wat kwam ter sprake?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=20_000,
    )


class YesForm(forms.Form):
    on = today_field(label=_("Wanneer zei de persoon ja?"))
    own_choice = forms.CharField(
        label=_("Waarom wil de persoon dit zelf?"),
        help_text=_("In eigen woorden. Schrijf het op zoals de persoon het zegt."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4_000,
        required=False,
    )
    tell_helper = forms.BooleanField(
        label=_("De doorverwijzer mag horen hoe het afloopt."),
        help_text=_("Alleen als de persoon dit goed vindt. Redenen geven we nooit door."),
        required=False,
    )


class ConditionsForm(forms.Form):
    """The questions that only intake asks, with the programme's own answers."""

    def __init__(self, *args: Any, referral: Referral, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "initial": referral.conditions})
        language = get_language() or "nl"
        for rule in fit.intake_rules(referral.programme.rules):
            options = [(choice.value, choice.words.say(language)) for choice in rule.condition.choices]
            self.fields[rule.condition.answer] = forms.ChoiceField(
                label=rule.question.say(language),
                choices=[*options, ("", _("Nog niet gevraagd"))],
                widget=forms.RadioSelect,
                required=False,
            )


class StartForm(forms.Form):
    """What a pathway needs at its start; the places and aims are those of the programme that was chosen."""

    programme = forms.ChoiceField(label=_("Programma"))
    coach = forms.ChoiceField(label=_("Wie begeleidt?"))
    starts_on = today_field(label=_("Eerste dag"))
    aim = forms.ChoiceField(label=_("Doel van het traject"), widget=forms.RadioSelect)
    segment = forms.ChoiceField(label=_("Waar staat de persoon nu op het wiel?"), choices=[])
    wish = forms.ChoiceField(label=_("Waar wil de persoon naartoe?"), required=False)
    reason = forms.CharField(
        label=_("Waarom start je?"),
        help_text=_("Nodig als een voorwaarde niet vervuld is."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, referral: Referral, service: Service, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.versions = {
            str(version.pk): version for version in [*programmes_on(service), referral.programme]
        }
        self.loads = {str(load.coach.pk): load for load in queries.coaches_with_load()}
        choices(self, "programme", [(key, queries.programme_name(row)) for key, row in self.versions.items()])
        choices(self, "coach", [EMPTY, *((key, str(load)) for key, load in self.loads.items())])
        self.fields["programme"].initial = str(referral.programme_id)
        self.fields["coach"].initial = str(referral.coach_id) if referral.coach_id else None
        version = self.versions.get(self.data.get("programme", ""), referral.programme)
        choices(self, "aim", queries.aim_choices(version))
        choices(self, "segment", [EMPTY, *queries.segment_choices(version)])
        choices(self, "wish", [("", _("Nog geen wens")), *queries.segment_choices(version)])
        if len(self.versions) == 1:
            self.fields["programme"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "programme" in cleaned:
            cleaned["programme"] = self.versions[cleaned["programme"]]
        if "coach" in cleaned:
            cleaned["coach"] = self.loads[cleaned["coach"]].coach
        return cleaned


class RefuseForm(forms.Form):
    code = forms.ChoiceField(label=_("Waarom naar elders?"), choices=[EMPTY, *REFUSAL_CODES.items()])
    reason = forms.CharField(
        label=_("Leg het uit"),
        help_text=_("De persoon mag dit lezen. Schrijf het zoals je het zou zeggen."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    went_to = forms.CharField(
        label=_("Waar kan de persoon wel naartoe?"),
        help_text=_("Een dienst, een contactpersoon, een afspraak."),
        max_length=200,
        required=False,
    )
    hand_over = forms.BooleanField(
        label=_("Ik breng de persoon zelf in contact (warme overdracht)"),
        help_text=_("Je plant dan meteen de volgende stap."),
        required=False,
    )


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Wat zei de persoon?"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class WheelForm(Edit, forms.Form):
    """A step from a day on: what a colleague noted meanwhile is shown first, and is never taken for this one's words."""

    own_fields = ("segment", "wish")
    takes_over = False
    segment = forms.ChoiceField(label=_("Waar sta je nu?"), widget=forms.RadioSelect)
    wish = forms.ChoiceField(label=_("Waar wil je naartoe?"), required=False)
    starts_on = today_field(label=_("Sinds wanneer"))
    what_helped = forms.CharField(
        label=_("Wat hielp?"),
        help_text=_("Een mens, een plek, een kleine stap. Alles telt."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    said_by = forms.ChoiceField(
        label=_("Wie zegt dit?"), choices=list(WheelPosition.SAID_BY.items()), widget=forms.RadioSelect,
        initial="together", required=False,
    )  # fmt: skip

    def __init__(
        self, *args: Any, now: queries.Standing, begin: dict[str, Any] | None = None, **kwargs: Any
    ) -> None:
        self.place = now.place
        super().__init__(*args, record=now.place, **{**kwargs, "initial": begin or {}})
        options = queries.segment_choices(now.programme)
        choices(self, "segment", options)
        choices(self, "wish", [("", _("Nog geen wens")), *options])

    def hold(self) -> None:
        """The pathway, so that no other step comes in between; then the newest step."""
        if self.record is not None:
            lock(self.record.pathway)
            self.place = queries.latest(self.record.pathway.wheel_positions.all())

    def shown(self, name: str) -> Any:
        return getattr(self.place, name)

    def clean_said_by(self) -> str:
        return str(self.cleaned_data["said_by"] or "together")


class AimForm(forms.Form):
    aim = forms.ChoiceField(label=_("Waarvoor is het traject nu?"), widget=forms.RadioSelect)
    starts_on = today_field(label=_("Vanaf"))

    def __init__(self, *args: Any, now: queries.Standing, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "initial": {"aim": now.aim}})
        choices(self, "aim", queries.aim_choices(now.programme))


class KindForm(forms.Form):
    programme = forms.ChoiceField(label=_("Verder in welk programma?"), widget=forms.RadioSelect)
    starts_on = today_field(label=_("Vanaf"))

    def __init__(self, *args: Any, service: Service, now: ProgrammeVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.versions = {
            str(version.pk): version for version in programmes_on(service) if version.slug != now.slug
        }
        choices(self, "programme", [(key, queries.programme_name(row)) for key, row in self.versions.items()])

    def clean_programme(self) -> ProgrammeVersion:
        return self.versions[self.cleaned_data["programme"]]


class CoachForm(forms.Form):
    coach = forms.ChoiceField(label=_("Wie begeleidt voortaan?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, pathway: Pathway, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        loads = [load for load in queries.coaches_with_load() if load.coach.pk != pathway.coach_id]
        self.coaches = {str(load.coach.pk): load.coach for load in loads}
        choices(self, "coach", [(str(load.coach.pk), str(load)) for load in loads])

    def clean_coach(self) -> StaffMember:
        return self.coaches[self.cleaned_data["coach"]]


class PauseForm(forms.Form):
    starts_on = today_field(label=_("Pauze vanaf"))
    reason = forms.CharField(
        label=_("Waarom?"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=5_000
    )


class ResumeForm(forms.Form):
    on = today_field(label=_("Terug vanaf"))


class EndForm(forms.Form):
    ends_on = today_field(label=_("Laatste dag"))
    code = forms.ChoiceField(label=_("Waarom stopt het traject?"), choices=[EMPTY, *END_CODES.items()])
    destination = forms.ChoiceField(
        label=_("Waar gaat de persoon naartoe?"), choices=[EMPTY, *DESTINATIONS.items()], required=False
    )
    stepped_up = forms.BooleanField(
        label=_("Dit is een opstap"),
        help_text=_("Werk, opleiding en een dienst voor werk tellen vanzelf als opstap."),
        required=False,
    )
    reason = forms.CharField(
        label=_("Wat is er bereikt?"),
        help_text=_("In de woorden van de persoon, als dat kan."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=20_000,
    )
