"""Forms about how a service works with a host: contact, capacity, agreement, talks, looks back, notes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from stapsteen.core.edits import Edit, lock
from stapsteen.core.fields import DayField, MailField, today_field
from stapsteen.hosts.actions import MOST_PLACES, too_many
from stapsteen.hosts.forms.fields import LANGUAGES, set_choices, words
from stapsteen.hosts.models import Host, HostNote, HostReview, HostTalk, Organisation, Task
from stapsteen.people.forms import HalfDaysField
from stapsteen.people.models import SUPPORT

MOST_WITH_SUPPORT = 10
"""The longest list of numbers for one kind of support; a host that carries more says so in its total."""


class SupportFields(forms.Form):
    """A question per kind of support: how many people who need it at once. Not spoken about, no, or a number.

    Only the kinds of people.models.SUPPORT: a wish about origin, religion or another protected ground has no field (D3).
    """

    def offer_numbers(self, limits: dict[str, int], *, unknown: Any) -> None:
        """The choices of each kind, up to what was said before at least."""
        for kind in SUPPORT:
            most = max([MOST_WITH_SUPPORT, limits.get(kind, 0)])
            numbers = [
                (str(n), ngettext("%(n)s mens", "%(n)s mensen", n) % {"n": n}) for n in range(1, most + 1)
            ]
            choices = [("", unknown), ("0", gettext("Nee, dat kan niet")), *numbers]
            set_choices(self, f"support_{kind}", choices)

    @property
    def support_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in SUPPORT_NAMES]

    def clean(self) -> dict[str, Any]:
        """All kinds of support above the whole at once; what nobody touched follows when the whole became less."""
        cleaned: dict[str, Any] = super().clean() or {}
        places = cleaned.get("places") or 0
        for name in SUPPORT_NAMES if places else ():
            if int(cleaned.get(name) or 0) <= places:
                continue
            if name in self.changed_data:
                self.add_error(name, too_many(places))
            else:
                cleaned[name] = str(places)
        return cleaned

    def said(self) -> dict[str, Any]:
        """What `state_capacity` takes: `supports` holds the kinds that were answered."""
        data = self.cleaned_data
        supports = {kind: int(data[f"support_{kind}"]) for kind in SUPPORT if data[f"support_{kind}"] != ""}
        plain = {name: value for name, value in data.items() if name not in SUPPORT_NAMES}
        return {**plain, "supports": supports}


SUPPORT_NAMES = tuple(f"support_{kind}" for kind in SUPPORT)
SupportFields.declared_fields.update(  # as if written in the class, one per kind
    {
        f"support_{kind}": forms.ChoiceField(label=capfirst(label), required=False)
        for kind, label in SUPPORT.items()
    }
)


def limits_of(organisation: Organisation) -> dict[str, int]:
    """What the organisation says now per kind of support."""
    statement = organisation.capacities.filter(ends_on=None).prefetch_related("supports").first()
    return statement.limits if statement is not None else {}


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
    email = MailField(
        label=_("E-mailadres"), required=False, help_text=_("Hierheen gaat de vraag naar de uren.")
    )
    phone = forms.CharField(label=_("Telefoon"), max_length=40, required=False)
    language = forms.ChoiceField(label=_("Taal van onze mails"), choices=LANGUAGES, initial="nl")
    starts_on = today_field(label=_("Vanaf"))


class CapacityForm(SupportFields, HostWords):
    own_fields = ("places", "paused", "note", *SUPPORT_NAMES)
    field_order = ("places", "paused", *SUPPORT_NAMES, "starts_on", "note")

    def __init__(self, *args: Any, host: Host, **kwargs: Any) -> None:
        self.limits = limits_of(host.organisation)
        super().__init__(*args, host=host, **kwargs)
        self.offer_numbers(self.limits, unknown=gettext("Nog niet besproken"))

    def hold(self) -> None:
        lock(self.record.organisation)
        self.limits = limits_of(self.record.organisation)

    def shown(self, name: str) -> Any:
        if name.startswith("support_"):
            said = self.limits.get(name.removeprefix("support_"))
            return "" if said is None else str(said)
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
    """A step on the host's path; a stop says why (D6)."""

    reason = words(_("Waarom?"), most=1_000)

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = action == "stop"
        self.fields["reason"].error_messages["required"] = gettext("Vul in waarom de samenwerking stopt.")


class HostNoteForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Wat was dit?"),
        choices=[(code, word) for code, word in HostNote.KINDS.items() if code != "import"],
        widget=forms.RadioSelect,
        initial="visit",
    )
    happened_on = today_field(label=_("Op welke dag"))
    text = words(
        _("Wat kwam ter sprake?"),
        rows=4,
        most=5_000,
        required=True,
        help_text=_("Over de organisatie. Schrijf niets over de mensen die er werken."),
    )


class SayForm(SupportFields, forms.Form):
    """What the host's contact fills in from the link, on a phone: numbers, kinds of support, tasks. Words of A2."""

    field_order = ("places", "paused", *SUPPORT_NAMES, "call")
    ANSWERS = (
        ("stands", _("Ja, dit klopt nog")),
        ("over", _("Nee, deze taak stopt")),
    )
    places = forms.IntegerField(
        label=_("Hoeveel mensen kun je samen begeleiden?"),
        help_text=_("Nul is ook goed. Nul is: nu even niet."),
        min_value=0,
        max_value=MOST_PLACES,
        error_messages={"required": _("Vul een getal in. Nul is ook goed.")},
    )
    paused = forms.BooleanField(label=_("Ik wil een pauze. Er komt nu niemand bij."), required=False)
    call = forms.BooleanField(label=_("Bel mij. Ik wil er over praten."), required=False)

    def __init__(self, *args: Any, limits: dict[str, int], tasks: list[Task], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tasks = tasks
        self.offer_numbers(limits, unknown=gettext("Ik weet het niet"))
        for kind, number in limits.items():
            self.initial.setdefault(f"support_{kind}", str(number))
        for task in tasks:
            self.fields[self.name_of(task)] = forms.ChoiceField(
                label=task.title,
                choices=self.ANSWERS,
                widget=forms.RadioSelect,
                initial="stands",
                error_messages={"required": gettext("Kies een antwoord bij deze taak.")},
            )

    @staticmethod
    def name_of(task: Task) -> str:
        return f"task_{task.pk.hex}"

    @property
    def task_fields(self) -> list[forms.BoundField]:
        return [self[self.name_of(task)] for task in self.tasks]

    def answers(self) -> dict[Task, str]:
        return {task: self.cleaned_data[self.name_of(task)] for task in self.tasks}


class RefusalForm(forms.Form):
    """A no: to everybody, to a kind of support, or for a task. No reason: it ends the matter."""

    what = forms.ChoiceField(label=_("Waar zegt de organisatie nee tegen?"), widget=forms.RadioSelect)
    starts_on = today_field(label=_("Vanaf"))

    def __init__(self, *args: Any, tasks: list[Task], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tasks = {f"task:{task.pk}": task for task in tasks}
        supports = [
            (f"support:{kind}", gettext("Deze steun: %(support)s") % {"support": label})
            for kind, label in SUPPORT.items()
        ]
        own = [
            (key, gettext("Deze taak: %(task)s") % {"task": task.title}) for key, task in self.tasks.items()
        ]
        set_choices(self, "what", [("all", gettext("Iedereen: er komt niemand nieuw")), *supports, *own])

    def said(self) -> dict[str, Any]:
        what = self.cleaned_data["what"]
        return {
            "starts_on": self.cleaned_data["starts_on"],
            "support": what.removeprefix("support:") if what.startswith("support:") else "",
            "task": self.tasks.get(what),
        }


class KeyPersonForm(forms.Form):
    name = forms.CharField(label=_("Naam"), max_length=120)
    phone = forms.CharField(label=_("Telefoon"), max_length=40, required=False)
    email = MailField(label=_("E-mailadres"), required=False)
    half_days = HalfDaysField(label=_("Wanneer is deze persoon er?"))
    starts_on = today_field(label=_("Vanaf"))


class TalkForm(forms.Form):
    """The intake talk with a host (D6)."""

    held_on = today_field(label=_("Op welke dag"))
    openness = forms.ChoiceField(
        label=_("Staan ze open voor mensen die wat steun nodig hebben?"),
        choices=list(HostTalk.OPENNESS.items()),
        widget=forms.RadioSelect,
    )
    team = forms.ChoiceField(
        label=_("Wil het team dit?"),
        help_text=_("Vraag het aan wie elke dag naast de persoon staat."),
        choices=list(HostTalk.TEAM.items()),
        widget=forms.RadioSelect,
    )
    worries = words(
        _("Welke zorgen hebben ze?"),
        help_text=_("Schrijf niets over mensen, en geen wensen over afkomst, geloof of leeftijd."),
    )
    agreed = words(_("Wat spreken jullie af?"))


class ReviewForm(forms.Form):
    """The yearly look back, on one sheet (D6)."""

    held_on = today_field(label=_("Op welke dag"))
    went_well = words(_("Wat ging goed?"))
    was_hard = words(_("Wat was moeilijk?"), help_text=_("Schrijf niets over mensen die er werken."))
    wishes = words(_("Wat wil de organisatie volgend jaar?"))
    decision = forms.ChoiceField(
        label=_("Hoe gaan jullie verder?"),
        choices=list(HostReview.DECISIONS.items()),
        widget=forms.RadioSelect,
        initial="go_on",
    )


class DrawUpForm(forms.Form):
    """A new version of the agreement between service and host (D2)."""

    starts_on = today_field(label=_("De afspraken gelden vanaf"))
    ends_on = DayField(
        label=_("Tot en met"),
        required=False,
        help_text=_("Leeg: tot iemand stopt. Anders waarschuwen we op tijd."),
    )
    insurer = forms.CharField(label=_("Verzekeraar"), max_length=120, required=False)
    policy = forms.CharField(label=_("Polisnummer"), max_length=60, required=False)
    insurance_until = DayField(
        label=_("Verzekering loopt tot en met"),
        help_text=_("Burgerlijke aansprakelijkheid. De wet verplicht dit."),
    )
    extra = words(_("Nog iets dat jullie afspreken"), most=2_000)

    def __init__(self, *args: Any, host: Host, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "initial": self.last_time(host)})

    @staticmethod
    def last_time(host: Host) -> dict[str, Any]:
        """What the newest version says and seldom changes, so that nobody types it again."""
        newest = host.agreements.order_by("-version").first()
        told = newest.content if newest is not None else {}
        kept = {name: told.get("insurance", {}).get(name, "") for name in ("insurer", "policy")}
        return {"insurance_until": host.insurance_until, **kept, "extra": told.get("extra", "")}


class SignOnPaperForm(forms.Form):
    signed_by = forms.CharField(label=_("Wie tekende voor de organisatie?"), max_length=120)
    signed_on = today_field(label=_("Getekend op"))


class SignForm(forms.Form):
    """The contact signs from the link."""

    signed_by = forms.CharField(label=_("Jouw naam"), max_length=120)
    agree = forms.BooleanField(
        label=_("Ik heb alles gelezen. Mijn organisatie gaat akkoord."),
        error_messages={"required": _("Vink dit aan als je akkoord gaat.")},
    )
