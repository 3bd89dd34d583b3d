"""A whole programme: `Programme`, put together from the tables in `parts`. Other rooms import from here."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from stapsteen.network.programme.consistency import Inconsistency, problems
from stapsteen.network.programme.parts import (
    INTAKE_ONLY_TOPICS,
    LANGUAGES,
    NT2_STEPS,
    PUBLIC_ANSWERS,
    STANDARD_LABELS,
    Activity,
    Age,
    AgeBetween,
    Aim,
    AimId,
    Allowance,
    Area,
    Centres,
    Choice,
    Chosen,
    Cluster,
    Condition,
    Desk,
    Domain,
    Duration,
    Dutch,
    Effect,
    Elsewhere,
    Evaluator,
    Explanation,
    Explorator,
    FollowUp,
    Form,
    Hosts,
    Intake,
    Kind,
    Language,
    LawAge,
    LivesIn,
    Meta,
    Months,
    Named,
    Nis,
    Nt2,
    Part,
    Partner,
    Phase,
    Postcode,
    Referral,
    Referrer,
    Reminder,
    Rhythm,
    Rule,
    Schooling,
    Slug,
    Source,
    Stage,
    Text,
    Topic,
    Verdict,
    Voluntary,
    Wheel,
    Words,
)

__all__ = [
    "INTAKE_ONLY_TOPICS",
    "LANGUAGES",
    "NT2_STEPS",
    "PUBLIC_ANSWERS",
    "STANDARD_LABELS",
    "Activity",
    "Age",
    "AgeBetween",
    "Aim",
    "AimId",
    "Allowance",
    "Area",
    "Centres",
    "Choice",
    "Chosen",
    "Cluster",
    "Condition",
    "Desk",
    "Domain",
    "Duration",
    "Dutch",
    "Effect",
    "Elsewhere",
    "Evaluator",
    "Explanation",
    "Explorator",
    "FollowUp",
    "Form",
    "Hosts",
    "Inconsistency",
    "Intake",
    "Kind",
    "Language",
    "LawAge",
    "LivesIn",
    "Meta",
    "Months",
    "Named",
    "Nis",
    "Nt2",
    "Part",
    "Partner",
    "Phase",
    "Postcode",
    "Programme",
    "Referral",
    "Referrer",
    "Reminder",
    "Rhythm",
    "Rule",
    "Schooling",
    "Slug",
    "Source",
    "Stage",
    "Text",
    "Topic",
    "Verdict",
    "Voluntary",
    "Wheel",
    "Words",
    "problems",
]


class Programme(Part):
    """A whole programme file. Inconsistent programmes can't exist: `_consistent` refuses them with every problem."""

    format: Literal[1]
    meta: Meta
    for_whom: Annotated[tuple[Named, ...], Field(min_length=1)]
    covers: tuple[Area, ...] = ()
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]
    referral: Referral
    intake: Intake = Intake()
    aims: Annotated[tuple[Aim, ...], Field(min_length=1)]
    phases: Annotated[tuple[Phase, ...], Field(min_length=1)]
    rhythm: Annotated[tuple[Rhythm, ...], Field(min_length=1)]
    duration: Duration
    allowances: tuple[Allowance, ...] = ()
    wheel: Wheel
    explorator: Explorator
    domains: tuple[Domain, ...] = ()
    evaluator: Evaluator
    forms: tuple[Form, ...] = ()
    hosts: Hosts
    partners: tuple[Partner, ...] = ()
    voluntary: Voluntary
    follow_up: FollowUp
    pre_pathways: tuple[Named, ...] = ()
    desk: Desk | None = None
    principles: tuple[Named, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        found = tuple(problems(self))
        if found:
            raise PydanticCustomError(
                "inconsistent", "{first}", {"first": found[0].reason, "problems": found}
            )
        return self

    def rule(self, rule_id: str) -> Rule:
        """The rule with this id; KeyError when there is none."""
        return {rule.id: rule for rule in self.rules}[rule_id]

    def aim(self, aim_id: str) -> Aim:
        """The aim with this id; KeyError when the programme doesn't use it."""
        return {aim.id: aim for aim in self.aims}[aim_id]  # type: ignore[index]

    def rhythm_for(self, aim_id: str) -> Rhythm:
        """The rhythm of this aim; KeyError when the programme doesn't use it."""
        for rhythm in self.rhythm:
            if aim_id in rhythm.aims:
                return rhythm
        raise KeyError(aim_id)

    def rules_at(self, stage: Stage) -> tuple[Rule, ...]:
        """Rules that are known at a stage: the public form knows its own, intake knows all."""
        return tuple(rule for rule in self.rules if stage == "intake" or rule.asked_at == "public")
