"""Forms of an import: the file, how a sheet is read, what a file can't say, and the filter of the problems."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stapsteen.imports.models import ImportRun
from stapsteen.imports.reader import Decision
from stapsteen.imports.words import KIND_WORDS, SEVERITIES, field_choices
from stapsteen.network.models import ProgrammeVersion, StaffMember

YEARS = (2000, 2100)
ACCEPT = ".xlsx,.csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet,text/csv"


class UploadForm(forms.Form):
    """The spreadsheet. Whether it can be read is for the action to say."""

    file = forms.FileField(
        label=_("Rekenblad"),
        help_text=_("Een bestand dat eindigt op .xlsx of .csv. Hoogstens 10 MB."),
        allow_empty_file=True,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        error_messages={"required": _("Kies eerst een bestand."), "invalid": _("Kies eerst een bestand.")},
    )


class SheetForm(forms.Form):
    """What stands on one sheet, and which field each column is."""

    sheet = forms.CharField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Wat staat op dit blad?"), choices=list(KIND_WORDS.items()))
    year = forms.IntegerField(
        label=_("Over welk jaar gaan de uren?"), required=False, min_value=YEARS[0], max_value=YEARS[1]
    )

    def __init__(self, data: Any = None, *, plan: dict[str, Any]) -> None:
        initial = {"sheet": plan["sheet"], "kind": plan["kind"], "year": plan["year"]}
        super().__init__(data, initial=initial, auto_id=f"id_{plan['number']}_%s")
        self.plan = plan
        if plan["kind"] != "hours":
            del self.fields["year"]
        choices = field_choices(plan["kind"])
        for column in plan["columns"]:
            self.fields[f"column_{column['index']}"] = forms.ChoiceField(
                label=f"{column['letter']}: {column['heading']}",
                required=False,
                choices=choices,
                initial=column["field"] or "",
            )

    @property
    def column_fields(self) -> list[Any]:
        return [
            {"field": self[f"column_{column['index']}"], "sample": ", ".join(column["sample"])}
            for column in self.plan["columns"]
        ]

    def columns(self) -> dict[int, str]:
        """Column index -> field, of those that differ from how the sheet is read now or were corrected before."""
        wanted = {
            column["index"]: self.cleaned_data[f"column_{column['index']}"] for column in self.plan["columns"]
        }
        return {
            column["index"]: wanted[column["index"]]
            for column in self.plan["columns"]
            if wanted[column["index"]] != (column["field"] or "") or column["corrected"]
        }


class StartForm(forms.Form):
    """What the file can't say."""

    coach: Any = forms.ModelChoiceField(
        label=_("Wie begeleidt de mensen?"),
        help_text=_("Staat er een collega in het bestand? Dan blijft het die collega."),
        queryset=None,
        empty_label=None,
    )
    programme: Any = forms.ModelChoiceField(
        label=_("Welk programma volgen ze?"), queryset=None, empty_label=None
    )
    without_start = forms.ChoiceField(
        label=_("Iemand zonder startdatum: wat is dat?"),
        choices=[
            ("open", _("Een aanmelding die nog open staat")),
            ("guided", _("Iemand die al begeleid wordt, vanaf de aanmelding")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        coaches: list[StaffMember],
        programmes: list[ProgrammeVersion],
        first: tuple[StaffMember | None, ProgrammeVersion | None],
    ) -> None:
        coach, programme = first
        super().__init__(data, initial={"coach": coach, "programme": programme, "without_start": "open"})
        self._give("coach", StaffMember.objects.filter(pk__in=[row.pk for row in coaches]))
        self._give("programme", ProgrammeVersion.objects.filter(pk__in=[row.pk for row in programmes]))
        names = {row.pk: str(row.rules.meta.name.nl) for row in programmes}
        self.fields["programme"].label_from_instance = lambda row: names[row.pk]  # type: ignore[attr-defined]
        if len(programmes) == 1:
            self.fields["programme"].widget = forms.HiddenInput()

    def _give(self, name: str, rows: Any) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]


class ProblemFilter(forms.Form):
    deel = forms.CharField(widget=forms.HiddenInput, required=False, initial="nakijken")
    ernst = forms.ChoiceField(
        label=_("Toon"), required=False, choices=[("", _("Alles")), *SEVERITIES.items()]
    )
    blad = forms.ChoiceField(label=_("Blad"), required=False)

    def __init__(self, *args: Any, sheets: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["blad"].choices = [("", _("Alle bladen")), *((name, name) for name in sheets)]  # type: ignore[attr-defined]


def answers_of(data: Any, problems: dict[str, dict[str, Any]]) -> dict[str, Decision]:
    """The answers of a page of problems: what was left as proposed, isn't an answer."""
    found: dict[str, Decision] = {}
    for number in data.getlist("nummer"):
        key = data.get(f"id-{number}", "")
        action, typed = data.get(f"doe-{number}", ""), data.get(f"waarde-{number}", "").strip()
        if typed and action in ("", "value"):
            found[key] = Decision("value", typed)
        elif action == "accept":
            found[key] = Decision("accept", problems.get(key, {}).get("suggested_value") or "")
        elif action.startswith("choose:"):
            found[key] = Decision("choose", action.removeprefix("choose:"))
        elif action:
            found[key] = Decision(action, "")
    return found


def corrected_columns(run: ImportRun, sheet: str) -> set[int]:
    """Columns of the sheet that the user corrected in this file."""
    return {int(index) for index in run.mapping.get(sheet, {}).get("columns", {})}
