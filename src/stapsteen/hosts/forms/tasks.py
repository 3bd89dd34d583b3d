"""Forms about tasks and their parts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stapsteen.core.edits import Edit, lock
from stapsteen.core.fields import DayField
from stapsteen.core.halfdays import in_words
from stapsteen.hosts.actions import MOST_PLACES
from stapsteen.hosts.forms.fields import dutch_choices, set_choices, ticks, words
from stapsteen.hosts.models import (
    ALLERGENS,
    DUTCH_SKILLS,
    LIFTS,
    PHYSICAL,
    SECTORS,
    TRAVEL,
    Organisation,
    Site,
    SubTask,
    Task,
)
from stapsteen.people.forms import HalfDaysField
from stapsteen.people.models import SUPPORT


def dutch_field(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=dutch_choices(_("Maakt niet uit")))


class TaskForm(Edit, forms.Form):
    own_fields = (
        "title", "kind", "sector", "site", "half_days", "once", "starts_on", "ends_on", "seats", "description",
        *(f"dutch_{skill}" for skill in DUTCH_SKILLS), "physical", "allergens", "travel", "guidance", "support", "note",
        "public_text", "public_contact", "published_until",
    )  # fmt: skip
    together = (("once", "starts_on", "ends_on"), ("public_text", "public_contact", "published_until"))

    def __init__(
        self, *args: Any, organisation: Organisation, task: Task | None = None, **kwargs: Any
    ) -> None:
        if task is not None:
            kwargs["initial"] = {"site": task.site_id or ""}
        super().__init__(*args, record=task, **kwargs)
        rows = Site.objects.filter(organisation=organisation, closed_on=None)
        self.sites: dict[str, Site] = {str(site.pk): site for site in rows}
        choices = [
            ("", gettext("Op het adres van de organisatie")),
            *((key, site.name) for key, site in self.sites.items()),
        ]
        set_choices(self, "site", choices)

    def clean_site(self) -> Site | None:
        return self.sites.get(self.cleaned_data["site"])

    def hold(self) -> None:
        """First the organisation, as everything that touches its tasks does."""
        if self.record is not None:
            lock(self.record.organisation)
        super().hold()

    def in_words(self, name: str, value: Any) -> str:
        if name == "half_days":
            return in_words(value)
        if name == "once":
            return gettext("ja") if value else gettext("nee")
        return super().in_words(name, value)

    title = forms.CharField(label=_("Wat is de taak?"), max_length=120)
    sector = forms.ChoiceField(label=_("Sector"), choices=list(SECTORS.items()), initial="other")
    kind = forms.ChoiceField(
        label=_("Soort"),
        choices=list(Task.KINDS.items()),
        widget=forms.RadioSelect,
        initial="volunteering",
    )
    site = forms.ChoiceField(label=_("Waar?"), required=False)
    half_days = HalfDaysField(
        label=_("Wanneer kan het?"), help_text=_("Niets aangevinkt? Dan kan het op elk moment.")
    )
    once = forms.BooleanField(label=_("Dit is één keer, niet elke week"), required=False)
    starts_on = DayField(label=_("Eerste dag"), required=False, help_text=_("Leeg: het kan nu al."))
    ends_on = DayField(label=_("Laatste dag"), required=False, help_text=_("Leeg: het blijft duren."))
    seats = forms.IntegerField(
        label=_("Voor hoeveel mensen tegelijk?"), min_value=1, max_value=MOST_PLACES, initial=1
    )
    description = words(_("Wat doe je precies?"), rows=4)
    dutch_listening = dutch_field(_("Nederlands begrijpen"))
    dutch_speaking = dutch_field(_("Nederlands spreken"))
    dutch_reading = dutch_field(_("Nederlands lezen"))
    dutch_writing = dutch_field(_("Nederlands schrijven"))
    physical = ticks(_("Wat vraagt het van je lichaam?"), PHYSICAL)
    allergens = ticks(_("Waar kom je mee in contact?"), ALLERGENS)
    travel = ticks(
        _("Hoe raak je er?"), TRAVEL, help_text=_("Vink alles aan wat kan. Niets aangevinkt: niet gekend.")
    )
    guidance = forms.ChoiceField(
        label=_("Hoeveel begeleiding is er?"),
        choices=list(Task.GUIDANCE.items()),
        widget=forms.RadioSelect,
        initial="some",
    )
    support = ticks(_("Welke steun is er bij deze taak?"), SUPPORT)
    note = words(
        _("Wat moeten collega’s weten?"),
        rows=2,
        most=2_000,
        help_text=_("Geen wensen over afkomst, geloof of leeftijd. Schrijf niets over mensen."),
    )
    public_text = words(_("Tekst die iedereen mag lezen"), rows=4, most=2_000)
    public_contact = forms.CharField(
        label=_("Wie kunnen mensen iets vragen?"),
        help_text=_("Een naam met een telefoonnummer of e-mailadres."),
        required=False,
        max_length=160,
    )
    published_until = DayField(
        label=_("Toon aan iedereen tot en met"), required=False, help_text=_("Leeg: we tonen dit niet.")
    )


class SubTaskForm(Edit, forms.Form):
    """A part of a task, and what isn't needed for it: only what the task asks can fall away."""

    own_fields = ("title", "lifts")

    title = forms.CharField(label=_("Wat is de deeltaak?"), max_length=120)
    lifts = ticks(
        _("Wat is hier niet nodig?"),
        LIFTS,
        help_text=_("Zo kan ook iemand komen die dit (nog) niet kan of verdraagt."),
    )

    def __init__(self, *args: Any, task: Task, subtask: SubTask | None = None, **kwargs: Any) -> None:
        super().__init__(*args, record=subtask, **kwargs)
        asked = asked_by(task)
        kept = subtask.lifts if subtask is not None else []
        choices = [(code, word) for code, word in lift_words().items() if code in asked or code in kept]
        set_choices(self, "lifts", choices)
        self.fields["lifts"].required = bool(choices)
        self.fields["lifts"].error_messages["required"] = gettext(
            "Kies wat er bij deze deeltaak niet nodig is."
        )


def asked_by(task: Task) -> set[str]:
    """The codes of LIFTS that this task asks."""
    dutch = {f"dutch_{skill}" for skill in DUTCH_SKILLS if getattr(task, f"dutch_{skill}")}
    return dutch | set(task.physical) | {f"allergen_{code}" for code in task.allergens}


def lift_words() -> dict[str, str]:
    """Each requirement as a thing that isn't needed or isn't there."""
    words = {code: str(word).capitalize() for code, word in LIFTS.items()}
    for skill, word in DUTCH_SKILLS.items():
        words[f"dutch_{skill}"] = gettext("Nederlands %(skill)s") % {"skill": word}
    for code, word in ALLERGENS.items():
        words[f"allergen_{code}"] = gettext("Geen contact met %(what)s") % {"what": word}
    return words
