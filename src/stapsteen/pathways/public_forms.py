"""The public referral form, in three parts: does it fit, who and what, send. Nothing is kept before it is sent, unless asked.

What was typed travels along as hidden fields from step to step, so that it works without JavaScript, without a session
and with the back button. Never asks health, addiction or a criminal record (requirement B1).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core import signing
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from stapsteen.core.fields import MailField
from stapsteen.hosts.models import Organisation
from stapsteen.network.models import Coverage, ProgrammeVersion, Service
from stapsteen.network.programme.eligibility import RuleResult, check, missing
from stapsteen.network.programme.schema import (
    AgeBetween,
    Choice,
    Chosen,
    Dutch,
    LawAge,
    LivesIn,
    Rule,
    Schooling,
)
from stapsteen.pathways import fit
from stapsteen.pathways.actions.referrers import centres_only, rights_for
from stapsteen.pathways.models import ReferrerRight
from stapsteen.pathways.queries import programme_name, referrers_of
from stapsteen.pathways.town_forms import TownPart
from stapsteen.people.forms import Birth, BirthField
from stapsteen.people.models import REACH

LEAST_SECONDS = 3
LONGEST = timedelta(hours=24)
SALT = "stapsteen.referral-form"
DUTCH = [
    ("0", _("Niet")),
    ("1.1", _("Een beetje (1.1)")),
    ("1.2", _("Een eenvoudig gesprek lukt (1.2)")),
    ("2", _("Goed (2)")),
    ("4", _("Heel goed, of het is mijn taal")),
    ("unknown", _("Ik weet het niet")),
]
SKILLS = {
    "listening": _("Hoe goed begrijp je Nederlands?"),
    "speaking": _("Hoe goed spreek je Nederlands?"),
    "reading": _("Hoe goed lees je Nederlands?"),
    "writing": _("Hoe goed schrijf je Nederlands?"),
}


class WayForm(forms.Form):
    """For whom, and for which programme; in the address, so that a link can choose already."""

    aanbod = forms.ChoiceField(label=_("Waarvoor meld je aan?"), widget=forms.RadioSelect)
    door = forms.ChoiceField(label=_("Voor wie vul je dit in?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, programmes: list[ProgrammeVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programmes = {version.slug: version for version in programmes}
        self.field("aanbod").choices = [
            (slug, programme_name(version)) for slug, version in self.programmes.items()
        ]
        ways = [version.rules.referral for version in programmes]
        doors = [("self", _("Voor mezelf"))] if any(way.by_person for way in ways) else []
        doors += [("helper", _("Ik help iemand anders"))] if any(way.by_helper for way in ways) else []
        self.field("door").choices = doors
        self.only = {
            name: self.field(name).choices[0][0] for name in self.fields if len(self.field(name).choices) == 1
        }

    def field(self, name: str) -> Any:
        return self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        version, door = self.programmes.get(cleaned.get("aanbod", "")), cleaned.get("door")
        if version and door:
            way = version.rules.referral
            if not (way.by_person if door == "self" else way.by_helper):
                self.add_error("door", way.note.say(get_language() or "nl"))
        return cleaned


class FitForm(TownPart):
    """The questions of the public rules: where you live, birth, and what a programme asks more.

    Of several programmes each question is asked once, with all the answers that one of them has; the town apart
    (`ask_town_too` False), where it was asked before.
    """

    def __init__(
        self,
        *args: Any,
        programme: ProgrammeVersion | None = None,
        programmes: list[ProgrammeVersion] | None = None,
        ask_town_too: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.programmes = programmes if programmes is not None else [programme] if programme else []
        self.with_town = ask_town_too
        for version in self.programmes:
            for rule in version.rules.rules_at("public"):
                self._ask(rule, version)

    @property
    def programme(self) -> ProgrammeVersion:
        return self.programmes[0]

    def _ask(self, rule: Rule, version: ProgrammeVersion) -> None:
        say = rule.question.say(get_language() or "nl")
        match rule.condition:
            case LivesIn():
                if self.with_town and "town" not in self.fields:
                    self.ask_town(say)
            case AgeBetween() | LawAge():
                self.fields.setdefault("birth", BirthField(label=say))
            case Schooling():
                self._ask_school(rule, say, version)
            case Dutch(skills=skills):
                for skill in skills:
                    self.fields[f"dutch_{skill}"] = forms.ChoiceField(
                        label=SKILLS[skill], choices=DUTCH, widget=forms.RadioSelect
                    )
            case Chosen(answer=answer, choices=choices):
                self._ask_choice(answer, say, choices)

    def _ask_choice(self, answer: str, say: str, choices: tuple[Choice, ...]) -> None:
        """With the answers that another programme gave the same question before."""
        known: Any = self.fields.get(answer)
        options = list(known.choices) if known else []
        values = {value for value, _words in options}
        language = get_language() or "nl"
        options += [
            (choice.value, choice.words.say(language)) for choice in choices if choice.value not in values
        ]
        options.sort(key=lambda option: option[0] == "unknown")
        self.fields[answer] = forms.ChoiceField(
            label=known.label if known else say, choices=options, widget=forms.RadioSelect
        )

    def _ask_school(self, rule: Rule, say: str, version: ProgrammeVersion) -> None:
        """Only for who is of that age."""
        birth = self._typed_birth()
        if not birth or not isinstance(rule.condition, Chosen | Schooling):
            return
        answers = fit.answers_from({"born": birth.day, "birth_year": birth.year})
        results = check(version.rules, answers, timezone.localdate(), covers=[])
        if "compulsory_education" in missing(results):
            options = [("yes", _("Ja")), ("no", _("Nee")), ("unknown", _("Ik weet het niet"))]
            self.fields["compulsory_education"] = forms.ChoiceField(
                label=say, choices=options, widget=forms.RadioSelect,
                error_messages={"required": _("Je bent jong. Daarom vragen we dit ook.")},
            )  # fmt: skip

    def _typed_birth(self) -> Birth:
        try:
            typed = self.data.get(self.add_prefix("birth"), "") if self.is_bound else ""
            birth: Birth = BirthField(required=False).clean(typed)
        except forms.ValidationError:
            return Birth()
        return birth

    def answers(self) -> dict[str, Any]:
        """What is known, as eligibility asks it and as it is stored (JSON)."""
        data = self.cleaned_data
        birth: Birth = data.get("birth") or Birth()
        known = {
            name: data[name]
            for name in self.fields
            if name not in {"town", "town_nis", "birth"} and data.get(name)
        }
        known |= (
            {"born": birth.day.isoformat()} if birth.day else {"birth_year": birth.year} if birth.year else {}
        )
        return known | (self.home(fit.area_of(self.programme.service_id)) if self.with_town else {})

    def results(self) -> list[RuleResult]:
        """The rules with what was answered so far."""
        return fit.public_results(self.programme, self.answers())


class DetailsForm(forms.Form):
    """Who it is and what the question is."""

    first_name = forms.CharField(label=_("Voornaam"), max_length=80)
    last_name = forms.CharField(label=_("Achternaam"), max_length=80, required=False)
    phone = forms.CharField(
        label=_("Telefoonnummer"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    email = MailField(label=_("E-mailadres"), required=False)
    reach_by = forms.ChoiceField(
        label=_("Hoe bereiken we jou het best?"),
        choices=list(REACH.items()),
        widget=forms.RadioSelect,
        initial="call",
    )
    language = forms.CharField(label=_("Welke taal spreek je het liefst?"), max_length=40, required=False)
    question = forms.CharField(
        label=_("Wat wil je graag?"),
        help_text=_(
            "Een paar woorden is genoeg. Schrijf niets over je gezondheid: daar praten we later over."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4_000,
    )
    tried = forms.CharField(
        label=_("Welke hulp heb je al geprobeerd?"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4_000,
        required=False,
    )  # fmt: skip
    helper_name = forms.CharField(label=_("Jouw naam"), max_length=120)
    referrer = forms.ChoiceField(label=_("Voor welke organisatie werk je?"), required=False)
    helper_organisation = forms.CharField(label=_("Andere organisatie"), max_length=120, required=False)
    helper_email = MailField(label=_("Jouw e-mailadres"), required=False)
    helper_phone = forms.CharField(
        label=_("Jouw telefoonnummer"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    knows = forms.BooleanField(
        label=_("De persoon weet dat ik dit doorgeef."),
        error_messages={"required": _("Vraag het eerst aan de persoon.")},
    )
    HELPER = ("helper_name", "referrer", "helper_organisation", "helper_email", "helper_phone", "knows")

    def __init__(
        self, *args: Any, programme: ProgrammeVersion, service: Service, by: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        if not programme.rules.referral.social_map_first:
            del self.fields["tried"]
        if by == "self":
            for name in self.HELPER:
                del self.fields[name]
            self.fields["reach_by"].choices = [item for item in REACH.items() if item[0] != "helper"]  # type: ignore[attr-defined]
        else:
            self._for_helper(programme, service)

    def _for_helper(self, programme: ProgrammeVersion, service: Service) -> None:
        words = {
            "first_name": _("Voornaam van de persoon"),
            "last_name": _("Achternaam van de persoon"),
            "phone": _("Telefoonnummer van de persoon"),
            "email": _("E-mailadres van de persoon"),
            "reach_by": _("Hoe bereiken we de persoon het best?"),
            "language": _("Welke taal spreekt de persoon het liefst?"),
            "question": _("Wat wil de persoon graag?"),
        }
        for name, label in words.items():
            self.fields[name].label = label
        self.fields["question"].help_text = _(
            "Een paar woorden is genoeg. Schrijf niets over gezondheid of strafblad."
        )
        if "tried" in self.fields:
            self.fields["tried"].label = _("Welke hulp is al geprobeerd?")
        self._ask_referrer(programme, service)

    def _ask_referrer(self, programme: ProgrammeVersion, service: Service) -> None:
        """The organisations that may refer; where only centres of the list may, these, in their clusters."""
        rights = list(rights_for(programme))
        field: Any = self.fields["referrer"]
        if centres_only(programme):
            field.label, field.required = _("Voor welk centrum werk je?"), True
            field.choices = [("", _("Kies jouw centrum")), *in_clusters(programme, rights)]
            del self.fields["helper_organisation"]
            return
        rows = {str(right.organisation_id): right.organisation for right in rights} or {
            str(row.pk): row for row in referrers_of(service)
        }
        if rows:
            names = sorted(((key, row.name) for key, row in rows.items()), key=lambda pair: pair[1])
            field.choices = [("", _("Kies, of laat leeg")), *names]
        else:
            del self.fields["referrer"]
            self.fields["helper_organisation"].label = _("Voor welke organisatie werk je?")

    def groups(self) -> list[dict[str, Any]]:
        """The fields as the page shows them: about the person, the question, about who helps."""
        asked: list[str] = [name for name in ("question", "tried") if name in self.fields]
        helps = [name for name in self.HELPER if name in self.fields]
        about = [name for name in self.fields if name not in {*asked, *helps}]
        parts: list[tuple[Any, list[str]]] = [
            (_("De persoon") if self.by == "helper" else _("Jij"), about),
            (_("De vraag"), asked),
            (_("Jij, die helpt"), helps),
        ]
        return [{"title": title, "fields": [self[name] for name in names]} for title, names in parts if names]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.by == "self" and not (cleaned.get("phone") or cleaned.get("email") or self.errors):
            self.add_error(
                "phone", translate("Geef een telefoonnummer of een e-mailadres. Dan kunnen we antwoorden.")
            )
        if self.by == "helper" and not (
            cleaned.get("helper_email") or cleaned.get("helper_phone") or self.errors
        ):
            self.add_error(
                "helper_email", translate("Geef je e-mailadres of telefoonnummer. Dan kunnen we antwoorden.")
            )
        return cleaned


def in_clusters(
    programme: ProgrammeVersion, rights: list[ReferrerRight]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """(cluster, its centres) in the programme's order; a cluster without centres is left out."""
    language = get_language() or "nl"
    centres = programme.rules.referral.centres
    groups: list[tuple[str, list[tuple[str, str]]]] = []
    for cluster in centres.clusters if centres else ():
        mine = [
            (str(right.organisation_id), right.organisation.name)
            for right in rights
            if right.cluster == cluster.id
        ]
        if mine:
            groups.append((cluster.name.say(language), mine))
    return groups


class SendForm(forms.Form):
    """Against robots, without a puzzle: a field that people don't see, and a time that people need."""

    website = forms.CharField(required=False, label=_("Laat dit leeg"))
    begun = forms.CharField(required=False)

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(translate("Er ging iets mis. Maak het veld “Laat dit leeg” leeg."))
        return ""

    def clean_begun(self) -> str:
        signer = signing.TimestampSigner(salt=SALT)
        try:
            signer.unsign(self.cleaned_data["begun"], max_age=LONGEST)
        except signing.BadSignature:
            raise forms.ValidationError(
                translate("Dit stond te lang open. Kijk alles na en verstuur opnieuw.")
            ) from None
        try:
            signer.unsign(self.cleaned_data["begun"], max_age=LEAST_SECONDS)
        except signing.SignatureExpired:
            return ""
        raise forms.ValidationError(translate("Dat ging heel snel. Kijk alles na en verstuur opnieuw."))


def begin() -> str:
    """The moment that the form was opened, signed."""
    return signing.TimestampSigner(salt=SALT).sign("begun")


def typed(form: forms.Form) -> list[tuple[str, str]]:
    """What was typed in a form, to send along hidden to the next step."""
    return [
        (form.add_prefix(name), value)
        for name in form.fields
        for value in form.data.getlist(form.add_prefix(name))  # type: ignore[attr-defined]
    ]


def answer_lines(form: forms.Form) -> list[tuple[Any, Any]]:
    """Each question with its answer in words, for the page where everything is checked."""
    lines = []
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name)
        if isinstance(field, forms.ChoiceField):
            value = dict(field.choices).get(value, "")  # type: ignore[arg-type]
        elif isinstance(field, BirthField):
            value = field.prepare_value(value)
        elif isinstance(field, forms.BooleanField):
            value = translate("Ja") if value else translate("Nee")
        if value:
            lines.append((field.label, value))
    return lines


def person_values(fits: FitForm, details: forms.Form) -> dict[str, Any]:
    """The keywords of create_person from what was typed."""
    data, birth, place = details.cleaned_data, fits.cleaned_data.get("birth") or Birth(), fits.place()
    names = ("first_name", "last_name", "phone", "email", "reach_by", "language")
    levels = {
        f"dutch_{skill}": fits.cleaned_data.get(f"dutch_{skill}", "") for skill in ("listening", "speaking")
    }
    values = {name: data.get(name, "") for name in names} | levels
    values |= {"birth_date": birth.day, "birth_year": birth.year}
    if place:
        town = Coverage.objects.filter(municipality__nis=place.nis).select_related("municipality").first()
        values |= {"town": place.locality or place.name, "postal_code": fits.answers().get("postcode", "")}
        values |= {"municipality": town.municipality if town else None}
    return values


def referral_values(details: DetailsForm, service: Service) -> dict[str, Any]:
    """The keywords of receive_referral that this part holds."""
    data = details.cleaned_data
    names = ("helper_name", "helper_organisation", "helper_email", "helper_phone", "tried", "question")
    chosen = data.get("referrer")
    referrer = (
        Organisation.objects.filter(pk=chosen, network_id=service.network_id).first() if chosen else None
    )
    return {name: data[name] for name in names if name in data} | {"by": details.by, "referrer": referrer}


def still_good(begun: str) -> str:
    """The signed moment, or a new one when it is too old or not ours."""
    try:
        signing.TimestampSigner(salt=SALT).unsign(begun, max_age=LONGEST)
    except signing.BadSignature:
        return begin()
    return begun
