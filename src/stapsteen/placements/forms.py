"""Forms of the placements room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from stapsteen.core import halfdays
from stapsteen.core.fields import DayField, today_field
from stapsteen.hosts.forms import ALL, LANGUAGES, moment_choices, set_choices
from stapsteen.hosts.models import SECTORS, KeyPerson, SubTask
from stapsteen.hosts.queries import near_on
from stapsteen.network.programme.schema import Programme
from stapsteen.people.forms import HalfDaysField
from stapsteen.placements.compose import LEGAL_STATUS, is_welfare
from stapsteen.placements.models import CANCEL_CODES, END_CODES, Agreement, Placement, Signature
from stapsteen.placements.terms import Terms

CHOOSE = ("", _("Kies"))
DURATIONS = [(minutes, minutes // 60, minutes % 60) for minutes in range(60, 361, 30)]
BUILD_UP = 3
LEGAL = {
    "vzw": _("vzw"),
    "ivzw": _("ivzw"),
    "foundation": _("stichting"),
    "public": _("openbaar bestuur"),
    "de_facto": _("feitelijke vereniging"),
    "other": _("andere"),
}


class PickFilterForm(forms.Form):
    q = forms.CharField(label=_("Zoek"), required=False, max_length=80)
    sector = forms.ChoiceField(label=_("Sector"), required=False, choices=[ALL, *SECTORS.items()])
    gemeente = forms.ChoiceField(label=_("Gemeente"), required=False)
    moment = forms.ChoiceField(label=_("Wanneer"), required=False)

    def __init__(self, *args: Any, towns: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "gemeente", [ALL, *((str(town.pk), town.name) for town in towns)])
        set_choices(self, "moment", [ALL, *moment_choices()])


def duration_words(hours: int, minutes: int) -> str:
    return (
        gettext("%(h)s uur %(m)s") % {"h": hours, "m": minutes}
        if minutes
        else gettext("%(h)s uur") % {"h": hours}
    )


class ProposeForm(forms.Form):
    use_required_attribute = False  # one of the half-days, not each of them

    starts_on = DayField(label=_("Eerste dag"))
    half_days = HalfDaysField(label=_("Op welke halve dagen?"), required=True)
    minutes_per_half_day = forms.TypedChoiceField(label=_("Hoelang per halve dag?"), coerce=int)
    weight = forms.TypedChoiceField(
        label=_("Hoeveel begeleiding vraagt dit van de organisatie?"),
        help_text=_("Zo raakt een organisatie niet overbelast."),
        widget=forms.RadioSelect,
        choices=[
            ("1", _("Gewone begeleiding")),
            ("2", _("Veel: telt als twee mensen")),
            ("3", _("Heel veel: telt als drie mensen")),
        ],
        coerce=int,
    )

    def __init__(self, *args: Any, task_half_days: int, overlap: int, **kwargs: Any) -> None:
        first = {
            "starts_on": timezone.localdate(),
            "half_days": overlap,
            "minutes_per_half_day": 180,
            "weight": "1",
        }
        kwargs["initial"] = first
        super().__init__(*args, **kwargs)
        set_choices(
            self, "minutes_per_half_day", [(m, duration_words(hour, rest)) for m, hour, rest in DURATIONS]
        )
        if task_half_days:
            words = halfdays.in_words(task_half_days)
            self.fields["half_days"].help_text = gettext("Deze taak is er op: %(days)s.") % {"days": words}


class PickForm(ProposeForm):
    """By hand, from the list of tasks: a task with sub-tasks may be done in part."""

    part = forms.ModelChoiceField(
        label=_("Welk deel van de taak?"),
        queryset=SubTask.objects.none(),
        empty_label=_("De hele taak"),
        required=False,
    )

    def __init__(self, *args: Any, parts: QuerySet[SubTask], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        part: Any = self.fields["part"]
        part.queryset = parts
        self.order_fields(["part"])
        if not parts:
            del self.fields["part"]


class StartForm(forms.Form):
    on = today_field(label=_("Eerste dag"))


class EndForm(forms.Form):
    on = today_field(label=_("Laatste dag"))
    code = forms.ChoiceField(label=_("Waarom stopt deze plek?"), choices=[CHOOSE, *END_CODES.items()])
    reason = forms.CharField(
        label=_("Wil je er iets bij schrijven?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=2000,
    )


class CancelForm(forms.Form):
    code = forms.ChoiceField(
        label=_("Waarom gaat het niet door?"), choices=list(CANCEL_CODES.items()), widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Wil je er iets bij schrijven?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=2000,
    )


class SignForm(forms.Form):
    party = forms.ChoiceField(label=_("Wie tekent nu?"), widget=forms.RadioSelect)
    how = forms.ChoiceField(label=_("Hoe?"), widget=forms.RadioSelect)
    signed_by = forms.CharField(
        label=_("Naam van wie tekent"),
        help_text=_("Alleen als iemand anders tekent dan in de nota staat."),
        max_length=120,
        required=False,
    )
    signed_on = today_field(label=_("Op welke dag"))

    def __init__(self, *args: Any, agreement: Agreement, on_paper: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        signed = {row.party for row in agreement.signatures.all()}
        waiting = [party for party in agreement.parties if party not in signed]
        set_choices(self, "party", [(party, Signature.PARTIES[party]) for party in waiting])
        set_choices(self, "how", [(how, word) for how, word in Signature.HOW.items() if how != "link"])
        self.initial = {"party": waiting[0] if waiting else "", "how": "paper" if on_paper else "screen"}


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class TermsForm(forms.Form):
    """The terms of an agreement, in plain fields. `to_terms` gives what placements.terms.Terms takes."""

    tasks = forms.CharField(
        label=_("Wat doe je?"), help_text=_("Eén taak per regel."), widget=forms.Textarea(attrs={"rows": 4})
    )
    excluded_tasks = forms.CharField(
        label=_("Wat hoef je niet te doen?"),
        help_text=_("Eén taak per regel."),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
    )
    morning_from = forms.TimeField(
        label=_("Voormiddag begint om"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    afternoon_from = forms.TimeField(
        label=_("Namiddag begint om"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    evening_from = forms.TimeField(
        label=_("Avond begint om"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    roster_note = forms.CharField(
        label=_("Nog iets over de uren?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=5000,
    )
    ends_on = DayField(label=_("Laatste dag, als die er is"), required=False)
    attention_points = forms.CharField(
        label=_("Aandachtspunten"),
        help_text=_(
            "Eén per regel. Na een dubbelepunt komt de afspraak. Bijvoorbeeld: Op tijd komen: bel als je later bent."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    insurance_by = forms.ChoiceField(
        label=_("Wie verzekert?"),
        choices=[("host", _("De organisatie")), ("service", _("De dienst"))],
        widget=forms.RadioSelect,
    )
    insurer = forms.CharField(label=_("Verzekeraar"), max_length=300, required=False)
    policy = forms.CharField(label=_("Polisnummer"), max_length=300, required=False)
    aim = forms.CharField(
        label=_("Waarvoor staat de organisatie?"),
        help_text=_("Dit hoort in de informatienota. De wet vraagt dat."),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=5000,
    )
    legal_status = forms.ChoiceField(label=_("Rechtsvorm van de organisatie"), choices=list(LEGAL.items()))
    legal_status_text = forms.CharField(label=_("Welke andere rechtsvorm?"), max_length=300, required=False)
    responsible_person = forms.CharField(
        label=_("Verantwoordelijke van de feitelijke vereniging"), max_length=300, required=False
    )
    secrecy = forms.ChoiceField(
        label=_("Zwijgen over wat je hoort"),
        choices=[("discretion", _("Discretie")), ("professional", _("Beroepsgeheim"))],
        widget=forms.RadioSelect,
    )
    secrecy_note = forms.CharField(
        label=_("Uitleg daarbij"), widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=5000
    )
    welfare_sector = forms.BooleanField(
        label=_("De organisatie werkt in welzijn of zorg"),
        help_text=_("Dan tekenen de persoon en de organisatie op papier."),
        required=False,
    )
    representative = forms.CharField(
        label=_("Ouder, voogd of bewindvoerder die mee tekent"), max_length=300, required=False
    )
    key_person = forms.CharField(
        label=_("Sleutelfiguur"),
        help_text=_("Bij wie kan de persoon op de plek terecht?"),
        max_length=300,
        required=False,
    )
    key_person_phone = forms.CharField(
        label=_("Telefoon van de sleutelfiguur"), max_length=40, required=False
    )
    other = forms.CharField(
        label=_("Andere afspraken"), widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=5000
    )
    language = forms.ChoiceField(label=_("Taal van de nota"), choices=LANGUAGES)

    def __init__(
        self, *args: Any, placement: Placement, rules: Programme, terms: Terms, **kwargs: Any
    ) -> None:
        self.placement, self.rules = placement, rules
        near = near_on(placement.host, placement.half_days, timezone.localdate())
        kwargs["initial"] = starting_values(placement, rules, terms, near)
        super().__init__(*args, **kwargs)
        if near:
            names = gettext("Bij de organisatie: %(names)s.") % {"names": "; ".join(map(reached, near))}
            self.fields["key_person"].help_text += f" {names}"
        for number in range(BUILD_UP):
            self.fields[f"step_{number}_on"] = DayField(label=_("Vanaf"), required=False)
            self.fields[f"step_{number}_hours"] = forms.DecimalField(
                label=_("Uren per week"), min_value=0, max_value=60, decimal_places=2, required=False
            )
            self.fields[f"step_{number}_support"] = forms.CharField(
                label=_("Wie is er dan bij?"), max_length=300, required=False
            )
        for line in rules.allowances:
            self.fields[f"grant_{line.id}"] = forms.BooleanField(
                label=line.name.say(get_language() or "nl"), required=False
            )
            if line.basis == "as_agreed":
                self.fields[f"amount_{line.id}"] = forms.DecimalField(
                    label=_("Hoeveel euro?"), min_value=0, max_value=10_000, decimal_places=2, required=False
                )
        if rules.meta.kind == "care_work":
            for name in (
                "aim",
                "legal_status",
                "legal_status_text",
                "responsible_person",
                "secrecy",
                "secrecy_note",
            ):
                del self.fields[name]
        for part, name in enumerate(("morning_from", "afternoon_from", "evening_from")):
            if not any(one == part for _day, one in halfdays.to_pairs(placement.half_days)):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for number in range(BUILD_UP):
            given = [bool(data.get(f"step_{number}_{part}")) for part in ("on", "hours")]
            if any(given) != all(given) or (data.get(f"step_{number}_support") and not all(given)):
                self.add_error(f"step_{number}_on", _("Vul de dag en de uren in."))
        return data

    @property
    def steps(self) -> list[list[Any]]:
        """The build-up rows as bound fields."""
        return [
            [self[f"step_{number}_{part}"] for part in ("on", "hours", "support")]
            for number in range(BUILD_UP)
        ]

    @property
    def grants(self) -> list[tuple[Any, Any]]:
        """Each allowance with its amount field, or None."""
        return [
            (self[f"grant_{line.id}"], self[f"amount_{line.id}"] if line.basis == "as_agreed" else None)
            for line in self.rules.allowances
        ]

    @property
    def times(self) -> list[Any]:
        return [
            self[name] for name in ("morning_from", "afternoon_from", "evening_from") if name in self.fields
        ]

    def to_terms(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """As terms; only what this form shows."""
        plain = {
            name: data[name]
            for name in (
                "roster_note", "ends_on", "insurance_by", "insurer", "policy", "aim", "legal_status", "legal_status_text",
                "responsible_person", "secrecy", "secrecy_note", "welfare_sector", "representative", "key_person",
                "key_person_phone", "other", "language", "morning_from", "afternoon_from", "evening_from",
            )
            if name in data
        }  # fmt: skip
        points = [line.partition(":") for line in lines(data["attention_points"])]
        return {
            **plain,
            "tasks": [{"title": line} for line in lines(data["tasks"])],
            "excluded_tasks": lines(data["excluded_tasks"]),
            "attention_points": [
                {"point": point.strip(), "arrangement": after.strip()} for point, _colon, after in points
            ],
            "build_up": [
                {
                    "starts_on": data[f"step_{number}_on"],
                    "hours_per_week": data[f"step_{number}_hours"],
                    "support": data[f"step_{number}_support"],
                }
                for number in range(BUILD_UP)
                if data[f"step_{number}_on"]
            ],
            "allowances": [
                {"id": line.id, "amount": data.get(f"amount_{line.id}")}
                for line in self.rules.allowances
                if data[f"grant_{line.id}"]
            ],
        }


def starting_values(
    placement: Placement, rules: Programme, terms: Terms, near: Sequence[KeyPerson]
) -> dict[str, Any]:
    """What the form shows first: the terms of the version before, and else what the records say."""
    organisation = placement.host.organisation
    whole = lines(placement.task.description) or [placement.task.title]
    own_tasks = [placement.part.title] if placement.part else whole
    if near and terms == Terms():
        terms = Terms(key_person=near[0].name, key_person_phone=near[0].phone)
    granted = {grant.id: grant.amount for grant in terms.allowances or ()}
    chosen = (
        granted.keys() if terms.allowances is not None else {a.id for a in rules.allowances if not a.optional}
    )
    values = terms.model_dump()
    steps = {
        f"step_{number}_{part}": value
        for number, step in enumerate(terms.build_up)
        for part, value in (("on", step.starts_on), ("hours", step.hours_per_week), ("support", step.support))
    }
    return {
        **values,
        **steps,
        "tasks": "\n".join([line.title for line in terms.tasks] or own_tasks),
        "excluded_tasks": "\n".join(terms.excluded_tasks),
        "attention_points": "\n".join(
            f"{line.point}: {line.arrangement}" if line.arrangement else line.point
            for line in terms.attention_points
        ),
        "legal_status": terms.legal_status or LEGAL_STATUS.get(organisation.legal_kind, "other"),
        "welfare_sector": is_welfare(organisation) if terms.welfare_sector is None else terms.welfare_sector,
        **{f"grant_{line.id}": line.id in chosen for line in rules.allowances},
        **{f"amount_{key}": amount for key, amount in granted.items()},
    }


def reached(key: KeyPerson) -> str:
    """The name, when somebody is there, and the number."""
    return ", ".join(part for part in (key.name, halfdays.in_words(key.half_days), key.phone) if part)


def earliest_start(day: date) -> date:
    """The first day that a start form proposes."""
    return min(day, timezone.localdate())
