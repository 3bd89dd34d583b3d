"""The tables of a programme file: frozen pydantic models, strict, no unknown keys.

A programme is data (requirement A3): the differences between services stand in `programmes/*.toml`, never in code.
Every text is a table {nl, fr, en}. Every rule names the document it comes from. `docs/programmes.md` explains each key.
No Django here: this package is imported by models, pages, jobs and tests alike.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Language = Literal["nl", "fr", "en"]
LANGUAGES: tuple[Language, ...] = ("nl", "fr", "en")

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$", max_length=60)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Nis = Annotated[str, StringConstraints(pattern=r"^[0-9]{5}$")]
Postcode = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{3}$")]
Months = Annotated[int, Field(ge=1, le=120)]
Age = Annotated[int, Field(ge=0, le=120)]

AimId = Literal["stepping_stone", "possible_stepping_stone", "end_in_itself"]
Kind = Literal["volunteering", "care_work", "activation", "volunteer_centre"]
Verdict = Literal["met", "not_met", "unknown", "ask"]
Effect = Literal["excludes", "ask_further", "prefer_elsewhere"]
Stage = Literal["public", "intake"]
Topic = Literal[
    "residence", "age", "school", "stay", "work", "language", "wish", "voluntary", "offer", "help", "daytime",
    "problems", "health", "addiction", "criminal_record",
]  # fmt: skip
#: Never on a public form (requirement B1; GDPR art. 9 and 10): intake asks them, and only there.
INTAKE_ONLY_TOPICS: frozenset[Topic] = frozenset({"health", "addiction", "criminal_record", "problems"})

#: Steps of Dutch as a second language, low to high. Roughly 1.1 = A1, 1.2 = A2, 2 = B1, 3 = B2, 4 = C1.
Nt2 = Literal["0", "1.1", "1.2", "2", "3", "4"]
NT2_STEPS: tuple[Nt2, ...] = ("0", "1.1", "1.2", "2", "3", "4")

#: What a public form can ask beside birth, home and Dutch, with the answers it takes.
PUBLIC_ANSWERS: dict[str, frozenset[str]] = {
    "residence_document": frozenset({"yes", "no", "temporary", "unknown"}),
    "employment_contract": frozenset({"yes", "no", "unknown"}),
    "compulsory_education": frozenset({"yes", "no", "unknown"}),
}


class Part(BaseModel):
    """Base of every table in a programme file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, validate_default=True)


class Text(Part):
    """One text in the three languages; none may be empty."""

    nl: Words
    fr: Words
    en: Words

    def say(self, language: str) -> str:
        """The text in `language` ('nl', 'fr-be', ...); Dutch for a language that the file doesn't hold."""
        code = language.split("-")[0].lower()
        return {"nl": self.nl, "fr": self.fr, "en": self.en}.get(code, self.nl)


STANDARD_LABELS: dict[str, Text] = {
    "yes": Text(nl="Ja", fr="Oui", en="Yes"),
    "no": Text(nl="Nee", fr="Non", en="No"),
    "unknown": Text(nl="Ik weet het niet", fr="Je ne sais pas", en="I don't know"),
}


class Source(Part):
    """Where a rule comes from: one of the five documents, the law, or a decision of our own where they are silent."""

    document: Literal["000", "001", "002", "003", "004", "law", "decision"]
    place: Words


class Named(Part):
    """A thing with an id, a name and, where it helps, a sentence about it."""

    id: Slug
    name: Text
    about: Text | None = None
    source: Source


class Meta(Part):
    """Head of the file. `version` goes up by one with every change; a pathway keeps the version it began with.

    `funder`: who pays and counts what, so that its questions are asked at the start (pathways/funder.py).
    """

    slug: Slug
    version: Annotated[int, Field(ge=1)]
    kind: Kind
    name: Text
    summary: Text
    sources: Annotated[tuple[Literal["000", "001", "002", "003", "004"], ...], Field(min_length=1)]
    funder: Literal["esf+"] | None = None


class Area(Part):
    """A municipality that the preset suggests to cover. With `postcodes`: only that part (a former municipality)."""

    nis: Nis
    name: Words
    postcodes: tuple[Postcode, ...] = ()


# --- eligibility ------------------------------------------------------------------------------------------------------


class LivesIn(Part):
    """Actual residence lies in the area that the service covers (domicile doesn't count)."""

    type: Literal["lives_in"]


class AgeBetween(Part):
    """From the birthday `from_birthday` on, until the day before the birthday `until_birthday`. At least one."""

    type: Literal["age"]
    from_birthday: Age | None = None
    until_birthday: Age | None = None


class LawAge(Part):
    """Law on volunteers of 3 July 2005: from the year of turning 16; `possible_from_birthday` (15) needs a question."""

    type: Literal["law_age"]
    from_year_turning: Age
    possible_from_birthday: Age


class Schooling(Part):
    """Between two birthdays: not (any more) in compulsory education. Outside these ages the rule doesn't apply."""

    type: Literal["schooling"]
    from_birthday: Age
    until_birthday: Age


class Dutch(Part):
    """At least this step in each skill; below it is a question, never a refusal."""

    type: Literal["dutch"]
    at_least: Nt2
    skills: Annotated[tuple[Literal["listening", "speaking", "reading", "writing"], ...], Field(min_length=1)]


class Choice(Part):
    """One answer that can be chosen and what it means. yes/no/unknown have standard labels."""

    value: Slug
    verdict: Verdict
    label: Text | None = None

    @property
    def words(self) -> Text:
        return self.label or STANDARD_LABELS[self.value]


class Chosen(Part):
    """A question with fixed answers. `answer` is a field of the public form, or a key of the intake's answers."""

    type: Literal["choice"]
    answer: Slug
    choices: Annotated[tuple[Choice, ...], Field(min_length=2)]


Condition = Annotated[
    LivesIn | AgeBetween | LawAge | Schooling | Dutch | Chosen,
    Field(discriminator="type"),
]


class Explanation(Part):
    """What the person reads, in easy words (A2), per verdict. `ask`, `not_applicable` where the rule can end so."""

    met: Text
    not_met: Text
    unknown: Text
    ask: Text | None = None
    not_applicable: Text | None = None


class Elsewhere(Part):
    """Where someone goes instead: nobody leaves with only a no."""

    kind: Literal[
        "other_service", "education", "employment_service", "ocmw", "social_map", "language_school", "care",
        "work_mediation", "volunteer_centre", "legal_help",
    ]  # fmt: skip
    text: Text


class Rule(Part):
    """One eligibility rule: who asks it where, when it is met, what it does and how it is explained.

    `during_pathway`: what happens when a running pathway no longer meets it. Nothing ever stops by itself.
    """

    id: Slug
    topic: Topic
    asked_at: Stage
    effect: Effect
    during_pathway: Literal["nothing", "ask_coach"] = "nothing"
    source: Source
    question: Text
    condition: Condition
    explain: Explanation
    elsewhere: Elsewhere | None = None


# --- referral ---------------------------------------------------------------------------------------------------------


class Referrer(Part):
    """A kind of organisation that refers. `can_sanction`: never gets attendance, hours, evaluations, reasons (B6)."""

    kind: Slug
    name: Text
    can_sanction: bool
    source: Source


class Cluster(Part):
    """A group of centres that may refer; a service fills in the names of its own centres."""

    id: Slug
    name: Text
    centres: tuple[Words, ...] = ()


class Centres(Part):
    """Referral by named centres only: how many there are, in which clusters."""

    count: Annotated[int, Field(ge=1)]
    clusters: Annotated[tuple[Cluster, ...], Field(min_length=1)]
    source: Source


class Referral(Part):
    """Who may refer, and what is asked of them first. `note` tells the public how to get in."""

    by_person: bool
    by_helper: bool
    social_map_first: bool = False
    note: Text
    source: Source
    referrers: tuple[Referrer, ...] = ()
    centres: Centres | None = None


class Intake(Part):
    """After how many days in a stage someone waits long, and after how many too long (the traffic light of the queue)."""

    received_on_time_days: Annotated[int, Field(ge=1, le=365)] = 7
    received_late_days: Annotated[int, Field(ge=1, le=365)] = 14
    talks_on_time_days: Annotated[int, Field(ge=1, le=365)] = 28
    talks_late_days: Annotated[int, Field(ge=1, le=365)] = 56


# --- the pathway ------------------------------------------------------------------------------------------------------


class Aim(Part):
    """What the pathway is for. `next_step` says what follows when it is reached (warm handover, ...)."""

    id: AimId
    name: Text
    about: Text
    next_step: Text | None = None
    source: Source


class Phase(Named):
    """A stretch of the pathway, in order. With `aims`: only for these."""

    aims: tuple[AimId, ...] = ()


class Rhythm(Part):
    """When evaluation is due for these aims: at `first_months` after the start, then every `every_months`.

    An empty `first_months` means: every `every_months` from the start. 0 in `first_months` is the start itself.
    """

    id: Slug
    aims: Annotated[tuple[AimId, ...], Field(min_length=1)]
    kind: Literal["evaluation", "check_in", "moment"]
    counts_from: Literal["first_host_day", "pathway_start"]
    first_months: tuple[Annotated[int, Field(ge=0, le=120)], ...] = ()
    every_months: Months
    talk: Annotated[tuple[Literal["participant", "host", "coach", "partner"], ...], Field(min_length=1)]
    forms: tuple[Slug, ...] = ()
    source: Source

    @property
    def interval(self) -> tuple[tuple[int, ...], int]:
        """Two rhythms with the same interval are the same calendar: changing between them moves nothing."""
        return self.first_months, self.every_months


class Duration(Part):
    """Guideline and maximum, in months from the start of the pathway; a suspension prolongs neither."""

    guideline_months: Months | None = None
    maximum_months: Months | None = None
    warn_months: Months | None = None
    longer_with_reason: bool = True
    note: Text | None = None
    source: Source | None = None


class Allowance(Part):
    """One thing that is paid. `flat_rate` has an amount in euro cents; `as_agreed` gets its amount in the agreement
    with the person; `real_costs` are paid on proof.

    `counts_to_ceiling`: eats up the yearly flat-rate ceiling of the volunteer law. Where the law is silent it counts,
    and `needs_legal_check` makes the payment page warn.
    """

    id: Slug
    name: Text
    paid_for: Literal["hour", "public_transport", "clothing"]
    basis: Literal["flat_rate", "as_agreed", "real_costs"]
    amount_cents: Annotated[int, Field(ge=1, le=100_000)] | None = None
    optional: bool = False
    legal_basis: Literal["volunteer_flat_rate", "volunteer_transport", "ocmw_aid", "care_work_compensation"]
    counts_to_ceiling: bool
    needs_legal_check: bool
    source: Source

    @property
    def amount(self) -> Decimal | None:
        """Euro per unit, or None when real costs are paid."""
        return None if self.amount_cents is None else Decimal(self.amount_cents) / 100


class Wheel(Part):
    """Participation wheel: ordered segments. A step back is fine; `ambition_steps` is what a service strives for."""

    name: Text
    note: Text
    ambition_steps: Annotated[int, Field(ge=1)] | None = None
    source: Source
    segments: Annotated[tuple[Named, ...], Field(min_length=2)]


class Domain(Named):
    """A life domain of the Explorator. `sensitive`: kept in the locked compartment."""

    sensitive: bool = False


class Explorator(Part):
    """Mapping all life domains together, so that the real question becomes clear."""

    enabled: bool


class Evaluator(Part):
    """Goals on chosen axes, scored together at several moments, drawn as a spider diagram."""

    enabled: bool
    moments: Annotated[int, Field(ge=2, le=12)] | None = None
    scale_min: Annotated[int, Field(ge=0, le=10)] | None = None
    scale_max: Annotated[int, Field(ge=2, le=10)] | None = None
    axes_chosen_with_participant: bool = True
    source: Source | None = None


class Form(Part):
    """A form that the programme uses: who fills it in, when, and what it must hold."""

    id: Slug
    name: Text
    used_at: Literal[
        "referral", "intake", "agreement", "host_agreement", "hours", "evaluation", "handover", "end"
    ]
    filled_by: Annotated[
        tuple[Literal["participant", "host", "coach", "referrer", "partner"], ...], Field(min_length=1)
    ]
    help_from: Literal["coach"] | None = None
    source: Source
    contents: tuple[Named, ...] = ()


# --- hosts, partners, follow-up ---------------------------------------------------------------------------------------


class Hosts(Part):
    """What the programme asks of host organisations. No `kinds`: every kind is welcome."""

    kinds: tuple[Literal["association", "local_government", "company"], ...] = ()
    places: Annotated[int, Field(ge=1)] | None = None
    key_person: bool
    presence_fades: bool
    expectations: tuple[Named, ...] = ()
    sectors: tuple[Named, ...] = ()


class Partner(Part):
    """A partner organisation. `follows_up`: evaluates its own persons for the service. `workings`: sub-workings."""

    name: Words
    lead: bool = False
    follows_up: bool = False
    can_sanction: bool = False
    expertise: Text | None = None
    workings: tuple[Words, ...] = ()
    source: Source


class Voluntary(Part):
    """Voluntary by nature. Both marks are fixed: obliging it by GPMI was struck out (Const. Court 86/2018)."""

    own_choice: Literal[True]
    gpmi_kept_apart: Literal[True]
    text: Text
    source: Source


class Reminder(Part):
    """`days_before` the day that something falls due, the one who must act gets a line in Today."""

    about: Literal["evaluation", "check_in", "insurance", "hours"]
    days_before: Annotated[int, Field(ge=0, le=365)]


class FollowUp(Part):
    """Nobody is forgotten: when someone counts as standing still, and what is asked after the end."""

    stand_still_weeks: Annotated[int, Field(ge=1, le=52)]
    hours_monthly: bool
    result_after_days: Annotated[int, Field(ge=1, le=365)]
    result_after_months: Months
    handover_check_months: tuple[Months, ...]
    reminders: tuple[Reminder, ...] = ()


class Activity(Named):
    """Something a volunteer desk does for residents and organisations; `every_months` where it returns."""

    every_months: Months | None = None


class Desk(Part):
    """What the programme runs beside pathways: vacancy bank, mediation, events."""

    vacancy_bank: bool
    mediation: bool
    one_logo: bool
    activities: tuple[Activity, ...] = ()
