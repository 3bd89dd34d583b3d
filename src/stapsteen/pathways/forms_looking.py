"""Forms of Explorator, Evoluator, goals and their actions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stapsteen.core.edits import Edit
from stapsteen.core.fields import DayField, today_field
from stapsteen.pathways.actions import Point
from stapsteen.pathways.forms import choices
from stapsteen.pathways.looking import Evolution, LifeDomain
from stapsteen.pathways.models import (
    Axis,
    AxisTemplate,
    Explorator,
    ExploratorDomain,
    Goal,
    GoalAction,
    Moment,
)
from stapsteen.people.forms import EMPTY

LONG = 20_000
NOT_SAID = ("-", _("Zeg ik liever niet"))
OFFERS = (
    _("Buurthuis"), _("Dorpsrestaurant"), _("Praattafel Nederlands"), _("Bibliotheek"), _("Basiseducatie (Ligo)"),
    _("Avondschool (CVO)"), _("Computerles"), _("Sportclub"), _("Wandelgroep"), _("Samentuin"), _("Repair Café"),
    _("Koor of muziekgroep"),
)  # fmt: skip
"""Kinds of places to try, until the social map gives the real ones."""


def point(value: str) -> int | None:
    """A point out of a radio button; None for "rather not said"."""
    return None if value == NOT_SAID[0] else int(value)


def words(label: Any, help_text: Any = "", rows: int = 3) -> forms.CharField:
    """An open question, never obligatory."""
    return forms.CharField(
        label=label, help_text=help_text, required=False, max_length=LONG,
        widget=forms.Textarea(attrs={"rows": rows}),
    )  # fmt: skip


WHO_SCORES = {
    "participant": _("Wat zegt de persoon?"),
    "coach": _("Wat zeg jij als begeleider?"),
    "host": _("Wat zegt de gastorganisatie?"),
}


# Explorator --------------------------------------------------------------------------------------------------------


class DomainForm(Edit, forms.Form):
    """What was said about one domain; `explorator` is the mapping it belongs to, also before anything was said."""

    own_fields = ("scale", "own_words", "goes_well", "who_helps", "wish", "work_on")
    scale = forms.TypedChoiceField(
        label=_("Hoe gaat het?"), required=False, coerce=point, empty_value=None, widget=forms.RadioSelect,
        choices=[*((value, f"{value}: {word}") for value, word in ExploratorDomain.SCALE.items()), NOT_SAID],
    )  # fmt: skip
    own_words = words(_("In eigen woorden"), _("Schrijf op wat de persoon zegt, zoals die het zegt."))
    goes_well = words(_("Wat gaat goed?"), rows=2)
    who_helps = words(_("Wie helpt al?"), rows=2)
    wish = words(_("Wat is de wens?"), rows=2)
    work_on = forms.BooleanField(label=_("Hier wil ik aan werken"), required=False)
    spoken_on = today_field(label=_("Besproken op"))

    def __init__(self, *args: Any, explorator: Explorator, domain: LifeDomain, **kwargs: Any) -> None:
        self.domain, self.row = domain.key, domain.shown
        initial = {"scale": self.row.scale or NOT_SAID[0]} if self.row else {}
        super().__init__(*args, record=explorator, **{**kwargs, "initial": initial})

    def hold(self) -> None:
        super().hold()
        self.row = self.record.domains.filter(domain=self.domain).first()

    def shown(self, name: str) -> Any:
        value = getattr(self.row, name) if self.row else None
        return bool(value) if name == "work_on" else value


class FinishForm(Edit, forms.Form):
    """The question that came out of it; before there is one, the pathway's own."""

    own_fields = ("my_question", "work_on")
    my_question = forms.CharField(
        label=_("Wat is mijn echte vraag?"),
        help_text=_("In de woorden van de persoon. Deze vraag staat voortaan bovenaan."),
        widget=forms.Textarea(attrs={"rows": 3}), max_length=LONG,
    )  # fmt: skip
    work_on = forms.MultipleChoiceField(
        label=_("Waaraan willen we werken?"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, explorator: Explorator, domains: Sequence[LifeDomain], **kwargs: Any
    ) -> None:
        super().__init__(*args, record=explorator, **kwargs)
        choices(self, "work_on", [(domain.key, domain.label) for domain in domains if domain.row])

    def shown(self, name: str) -> Any:
        if name == "my_question":
            return self.record.my_question or self.record.pathway.my_question or ""
        return [row.domain for row in self.record.domains.all() if row.work_on]


# Evoluator ---------------------------------------------------------------------------------------------------------


class AxisForm(forms.Form):
    name = forms.CharField(
        label=_("Wat willen we zien bewegen?"), help_text=_("In eigen woorden. Bijvoorbeeld: alleen de bus nemen."),
        max_length=120,
    )  # fmt: skip
    low = forms.CharField(
        label=_("Wat betekent het laagste punt?"), required=False, max_length=120,
        help_text=_("Bijvoorbeeld: ik durf nog niet."),
    )  # fmt: skip
    high = forms.CharField(
        label=_("Wat betekent het hoogste punt?"), required=False, max_length=120,
        help_text=_("Bijvoorbeeld: ik doe dit vlot alleen."),
    )  # fmt: skip
    lowest = forms.IntegerField(label=_("Laagste punt"), min_value=0, max_value=100)
    highest = forms.IntegerField(label=_("Hoogste punt"), min_value=2, max_value=110)
    domain = forms.ChoiceField(label=_("Bij welk domein hoort dit?"), required=False)

    def __init__(self, *args: Any, domains: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices(self, "domain", [("", _("Bij geen domein")), *domains])
        if not domains:
            del self.fields["domain"]


class AxisWordsForm(Edit, AxisForm):
    """The same for an axis that is there; its domain stays."""

    own_fields = ("name", "low", "high", "lowest", "highest")
    together = (("lowest", "highest"),)

    def __init__(self, *args: Any, axis: Axis, **kwargs: Any) -> None:
        super().__init__(*args, record=axis, domains=(), **kwargs)


class MomentForm(forms.Form):
    held_on = today_field(label=_("Op welke dag?"))


class ScoreForm(Edit, forms.Form):
    """One rater's points: per axis a group of radio buttons and a note. A point and its why belong together."""

    def __init__(
        self, *args: Any, axes: Sequence[Axis], found: Evolution, moment: Moment, rater: str, **kwargs: Any
    ) -> None:
        self.axes, self.rater = list(axes), rater
        self.given = {axis.pk: found.scores.get((moment.pk, axis.pk, rater)) for axis in self.axes}
        self.base_fields = {name: field for axis in self.axes for name, field in score_fields(axis).items()}  # type: ignore[misc]
        self.together = tuple((value_name(axis), note_name(axis)) for axis in self.axes)
        self.own_fields = tuple(self.base_fields)
        initial = {}
        if rater in found.raters(moment):  # who gave points and left one out, said "rather not"
            values = {value_name(axis): found.value(moment, axis, rater) for axis in self.axes}
            initial = {name: NOT_SAID[0] for name, value in values.items() if value is None}
        super().__init__(*args, record=moment, **{**kwargs, "initial": initial})

    def hold(self) -> None:
        super().hold()
        self.given = {score.axis_id: score for score in self.record.scores.filter(rater=self.rater)}

    def shown(self, name: str) -> Any:
        what, _sign, key = name.partition("_")
        score = self.given.get(UUID(key))
        return getattr(score, what) if score else None

    def pairs(self) -> list[tuple[Any, Any]]:
        """Per axis its two fields, for the template."""
        return [(self[value_name(axis)], self[note_name(axis)]) for axis in self.axes]

    def points(self, data: dict[str, Any]) -> dict[UUID, Point]:
        return {axis.pk: Point(data[value_name(axis)], data[note_name(axis)]) for axis in self.axes}


def score_fields(axis: Axis) -> dict[str, forms.Field]:
    points = range(axis.lowest, axis.highest + 1)
    value = forms.TypedChoiceField(
        label=axis.name, required=False, coerce=point, empty_value=None, widget=forms.RadioSelect,
        choices=[*((point, str(point)) for point in points), NOT_SAID], help_text=scale_words(axis),
    )  # fmt: skip
    return {value_name(axis): value, note_name(axis): words(_("Waarom dit punt?"), rows=2)}


def value_name(axis: Axis) -> str:
    return f"value_{axis.pk.hex}"


def note_name(axis: Axis) -> str:
    return f"note_{axis.pk.hex}"


def scale_words(axis: Axis) -> str:
    """'1: ik durf nog niet. 5: vlot alleen.'; '' when nobody put the ends in words."""
    ends = [(axis.lowest, axis.low), (axis.highest, axis.high)]
    return " ".join(f"{point}: {text.rstrip('.')}." for point, text in ends if text)


class CloseForm(Edit, forms.Form):
    own_fields = ("note",)
    note = words(_("Wat is er afgesproken?"), _("Wat jullie samen zagen, en wat de volgende stap is."))


class TemplateChoiceForm(forms.Form):
    template = forms.ChoiceField(label=_("Welke lijst?"))

    def __init__(self, *args: Any, templates: Sequence[AxisTemplate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.templates = {str(row.pk): row for row in templates}
        choices(self, "template", [EMPTY, *((key, row.name) for key, row in self.templates.items())])

    def clean_template(self) -> AxisTemplate:
        return self.templates[self.cleaned_data["template"]]


class AxisTemplateForm(forms.Form):
    name = forms.CharField(label=_("Naam van de lijst"), max_length=120)
    lines = forms.CharField(
        label=_("Assen"), help_text=_("Eén as per regel. Met uiteinden: naam; laagste punt; hoogste punt."),
        widget=forms.Textarea(attrs={"rows": 8}), max_length=LONG,
    )  # fmt: skip
    source = forms.CharField(
        label=_("Waar komt dit vandaan?"), required=False, max_length=200,
        help_text=_("Alleen eigen woorden of vrije teksten. Geen tekst van een betalende vragenlijst."),
    )  # fmt: skip

    def axes(self) -> list[dict[str, Any]]:
        found = []
        for line in self.cleaned_data["lines"].splitlines():
            if line.strip():
                name, *ends = [part.strip() for part in line.split(";")]
                found.append({"name": name, "low": "".join(ends[:1]), "high": "".join(ends[1:2])})
        return found


class AxisImportForm(forms.Form):
    file = forms.FileField(label=_("Bestand (.toml of .csv)"))
    name = forms.CharField(
        label=_("Naam van de lijst"), required=False, max_length=120,
        help_text=_("Laat leeg voor de naam uit het bestand."),
    )  # fmt: skip


# Goals -------------------------------------------------------------------------------------------------------------


class GoalForm(Edit, forms.Form):
    own_fields = ("text", "axis")
    text = forms.CharField(
        label=_("Wat wil ik bereiken?"), help_text=_("In eigen woorden. Klein is ook goed."),
        widget=forms.Textarea(attrs={"rows": 2}), max_length=LONG,
    )  # fmt: skip
    axis = forms.ChoiceField(label=_("Bij welke as?"), required=False)

    def __init__(self, *args: Any, axes: Sequence[Axis], goal: Goal | None = None, **kwargs: Any) -> None:
        initial = {"axis": str(goal.axis_id or "")} if goal else kwargs.get("initial")
        super().__init__(*args, record=goal, **{**kwargs, "initial": initial})
        self.axes_by_key = {str(axis.pk): axis for axis in axes}
        choices(
            self,
            "axis",
            [("", _("Bij geen as")), *((key, axis.name) for key, axis in self.axes_by_key.items())],
        )
        if not axes:
            del self.fields["axis"]

    def clean_axis(self) -> Axis | None:
        return self.axes_by_key.get(self.cleaned_data["axis"])


class ActionForm(forms.Form):
    text = forms.CharField(
        label=_("Wat gaan we doen?"), widget=forms.Textarea(attrs={"rows": 2}), max_length=LONG,
        help_text=_("Eén kleine, duidelijke stap."),
    )  # fmt: skip
    who = forms.ChoiceField(
        label=_("Wie doet dit?"),
        choices=list(GoalAction.WHO.items()),
        widget=forms.RadioSelect,
        initial="together",
    )
    who_else = forms.CharField(label=_("Wie dan wel?"), required=False, max_length=120)
    due_on = DayField(label=_("Tegen wanneer?"), required=False)
    goal = forms.ChoiceField(label=_("Voor welk doel?"), required=False)
    kind = forms.ChoiceField(
        label=_("Wat is het?"), choices=list(GoalAction.KINDS.items()), widget=forms.RadioSelect, initial="do"
    )
    offer = forms.CharField(
        label=_("Wat proberen we uit?"), required=False, max_length=160,
        help_text=_("Bij iets uitproberen: een club, een les, een plek in de buurt."),
        widget=forms.TextInput(attrs={"list": "offers"}),
    )  # fmt: skip
    accompanied = forms.BooleanField(label=_("De eerste keer gaan we samen"), required=False)

    def __init__(self, *args: Any, goals: Sequence[Goal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goals = {str(goal.pk): goal for goal in goals}
        short = [
            (key, goal.text if len(goal.text) < 70 else f"{goal.text[:68]}…")
            for key, goal in self.goals.items()
        ]
        choices(self, "goal", [("", _("Bij geen doel")), *short])
        if not goals:
            del self.fields["goal"]

    def clean_goal(self) -> Goal | None:
        return self.goals.get(self.cleaned_data["goal"])


class VisitForm(forms.Form):
    day = DayField(label=_("Op welke dag?"))
    time = forms.TimeField(
        label=_("Hoe laat?"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    where = forms.CharField(label=_("Waar spreken we af?"), required=False, max_length=200)

    def starts_at(self) -> datetime:
        """Belgian wall-clock time."""
        naive = datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"])
        return timezone.make_aware(naive)


class ActionDoneForm(forms.Form):
    done_on = today_field(label=_("Op welke dag?"))
    outcome = forms.ChoiceField(
        label=_("Hoe was het?"), choices=list(GoalAction.OUTCOMES.items()), widget=forms.RadioSelect
    )
    outcome_note = words(_("Wat zegt de persoon ervan?"))

    def __init__(self, *args: Any, action: GoalAction, own: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if action.kind != "try_offer":
            del self.fields["outcome"]
        if own:  # the person's own page: today, and in the own words
            del self.fields["done_on"]
            self.fields["outcome_note"].label = _("Wil je er iets bij schrijven?")
