"""Does someone fit? Rule by rule, with the reason in plain words. Pure: answers and a day in, results out.

A rule never decides about a person by itself: it explains. Intake (people) decides, with a reason (GDPR art. 22).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from stapsteen.network.programme.rhythm import add_months
from stapsteen.network.programme.schema import (
    NT2_STEPS,
    AgeBetween,
    Area,
    Chosen,
    Dutch,
    Effect,
    Elsewhere,
    LawAge,
    LivesIn,
    Nis,
    Nt2,
    Postcode,
    Programme,
    Rule,
    Schooling,
    Slug,
    Stage,
    Text,
    Verdict,
)

YesNo = Literal["yes", "no", "unknown"]
Summary = Literal["fits", "talk", "elsewhere", "incomplete"]


class Answers(BaseModel):
    """What is known of someone. None means "not answered yet"; 'unknown' means "asked, and they don't know".

    `lives_in` is the NIS code of the actual residence (where the person will live during the pathway), `postcode` is
    only needed where a service covers part of a municipality. `intake` holds answers of intake-only questions by
    their key; the public form leaves it empty.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    born: date | None = None
    birth_year: int | None = Field(default=None, ge=1900, le=2200)
    lives_in: Nis | None = None
    postcode: Postcode | None = None
    residence_document: Literal["yes", "no", "temporary", "unknown"] | None = None
    employment_contract: YesNo | None = None
    compulsory_education: YesNo | None = None
    dutch_listening: Nt2 | Literal["unknown"] | None = None
    dutch_speaking: Nt2 | Literal["unknown"] | None = None
    dutch_reading: Nt2 | Literal["unknown"] | None = None
    dutch_writing: Nt2 | Literal["unknown"] | None = None
    intake: dict[Slug, Slug] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_birth(self) -> Self:
        if self.born and self.birth_year and self.born.year != self.birth_year:
            raise ValueError("geboortedatum en geboortejaar spreken elkaar tegen")
        return self

    def births(self) -> tuple[date, date] | None:
        """First and last day on which the person can be born, both included; None when nothing is known."""
        if self.born:
            return self.born, self.born
        if self.birth_year:
            return date(self.birth_year, 1, 1), date(self.birth_year, 12, 31)
        return None

    def chosen(self, key: str) -> str | None:
        """Answer to a question with fixed answers: a field of the public form, else a key of the intake's answers."""
        if key in ("residence_document", "employment_contract", "compulsory_education"):
            value: str | None = getattr(self, key)
            return value
        return self.intake.get(key)


@dataclass(frozen=True)
class RuleResult:
    """How one rule ends for one person.

    `missing` names the answers still to be given (fields of `Answers`, or keys of `intake`). Empty with verdict
    'unknown' means that the person doesn't know either: a talk will tell.
    `elsewhere` is filled only when the rule isn't met.
    """

    rule: Rule
    verdict: Verdict
    explanation: Text
    missing: tuple[str, ...] = ()
    elsewhere: Elsewhere | None = None

    @property
    def id(self) -> str:
        return self.rule.id

    @property
    def effect(self) -> Effect:
        return self.rule.effect

    def explain(self, language: str = "nl") -> str:
        """The explanation in a language."""
        return self.explanation.say(language)

    def where_to_go(self, language: str = "nl") -> str:
        """Where someone goes instead, in a language; empty when the rule is met or open."""
        return self.elsewhere.text.say(language) if self.elsewhere else ""


def check(
    programme: Programme,
    answers: Answers,
    today: date,
    *,
    stage: Stage = "public",
    covers: Sequence[Area] | None = None,
) -> list[RuleResult]:
    """Every rule of this stage, in the order of the file. Public: only what a public form may ask; intake: all.

    `covers` is the service's own area; without it the preset's. Raises ValueError for a birth after `today` or an
    answer that a question doesn't have.
    """
    births = answers.births()
    if births and births[0] > today:
        raise ValueError("geboren na vandaag")
    area = tuple(programme.covers if covers is None else covers)
    return [_result(rule, answers, today, area) for rule in programme.rules_at(stage)]


def summary(results: Sequence[RuleResult]) -> Summary:
    """One word for a list of results.

    elsewhere: a rule that excludes isn't met. incomplete: something is still to be answered. talk: to be talked over
    (also when another place is preferred: that is never a refusal). fits: every rule of this stage is met.
    """
    if any(result.verdict == "not_met" and result.effect == "excludes" for result in results):
        return "elsewhere"
    if any(result.missing for result in results):
        return "incomplete"
    return "fits" if all(result.verdict == "met" for result in results) else "talk"


def missing(results: Sequence[RuleResult]) -> tuple[str, ...]:
    """Answers still to be given, each once, in order: what a form asks next."""
    return tuple(dict.fromkeys(name for result in results for name in result.missing))


def ask_coach(programme: Programme, answers: Answers, today: date) -> list[RuleResult]:
    """Rules that someone inside a pathway no longer meets: the coach is asked. Nothing stops by itself."""
    watched = {rule.id for rule in programme.rules if rule.during_pathway == "ask_coach"}
    results = check(programme, answers, today, stage="intake")
    return [result for result in results if result.id in watched and result.verdict == "not_met"]


# --- one rule ---------------------------------------------------------------------------------------------------------

#: Verdict (or 'not_applicable'), and the answers that are missing.
_Ending = tuple[Verdict | Literal["not_applicable"], tuple[str, ...]]


def _result(rule: Rule, answers: Answers, today: date, area: Sequence[Area]) -> RuleResult:
    ending, gaps = _judge(rule, answers, today, area)
    text = getattr(rule.explain, ending)
    if text is None:  # the schema's cross checks make this impossible
        raise ValueError(f"rule {rule.id} has no explanation for {ending}")
    verdict: Verdict = "met" if ending == "not_applicable" else ending
    return RuleResult(rule, verdict, text, gaps, rule.elsewhere if verdict == "not_met" else None)


def _judge(rule: Rule, answers: Answers, today: date, area: Sequence[Area]) -> _Ending:
    match rule.condition:
        case LivesIn():
            return _lives_in(answers, area)
        case AgeBetween() as ages:
            return _age(ages, answers, today)
        case LawAge() as law:
            return _law_age(law, answers, today)
        case Schooling() as school:
            return _schooling(school, answers, today)
        case Dutch() as dutch:
            return _dutch(dutch, answers)
        case Chosen() as chosen:
            return _chosen(rule, chosen, answers)


def _lives_in(answers: Answers, area: Sequence[Area]) -> _Ending:
    if answers.lives_in is None:
        return "unknown", ("lives_in",)
    covered = next((part for part in area if part.nis == answers.lives_in), None)
    if covered is None:
        return "not_met", ()
    if not covered.postcodes:
        return "met", ()
    if answers.postcode is None:
        return "unknown", ("postcode",)
    return ("met" if answers.postcode in covered.postcodes else "not_met"), ()


def has_reached(age: int, born: date, on: date) -> bool:
    """From the birthday itself. Born on 29 February: 28 February in a common year (the last day of the month)."""
    return add_months(born, 12 * age) <= on


def _reached(age: int, answers: Answers, on: date) -> bool | None:
    """Has this age been reached? None when only the year of birth is known and the birthday decides."""
    births = answers.births()
    if births is None:
        return None
    first, last = (has_reached(age, day, on) for day in births)
    return first if first == last else None


def _age(ages: AgeBetween, answers: Answers, today: date) -> _Ending:
    low = True if ages.from_birthday is None else _reached(ages.from_birthday, answers, today)
    high = False if ages.until_birthday is None else _reached(ages.until_birthday, answers, today)
    if low is False or high is True:
        return "not_met", ()
    if low is None or high is None:
        return "unknown", ("born",)
    return "met", ()


def _law_age(law: LawAge, answers: Answers, today: date) -> _Ending:
    """From 1 January of the year of turning 16; from the 15th birthday with two years of secondary school: ask."""
    births = answers.births()
    if births is None:
        return "unknown", ("born",)
    if today.year - births[0].year >= law.from_year_turning:
        return "met", ()
    possible = _reached(law.possible_from_birthday, answers, today)
    if possible is None:
        return "unknown", ("born",)
    return ("ask" if possible else "not_met"), ()


def _schooling(school: Schooling, answers: Answers, today: date) -> _Ending:
    low, high = (_reached(age, answers, today) for age in (school.from_birthday, school.until_birthday))
    if low is False or high is True:
        return "not_applicable", ()
    match answers.compulsory_education:
        case "no":
            return "met", ()
        case "yes":
            return "not_met", ()
        case "unknown":
            return "unknown", ()
        case None:
            needs_birth = answers.births() is None
            return "unknown", ("born",) if needs_birth else ("compulsory_education",)


def _dutch(dutch: Dutch, answers: Answers) -> _Ending:
    levels = {skill: getattr(answers, f"dutch_{skill}") for skill in dutch.skills}
    floor = NT2_STEPS.index(dutch.at_least)
    if any(level not in (None, "unknown") and NT2_STEPS.index(level) < floor for level in levels.values()):
        return "ask", ()
    gaps = tuple(f"dutch_{skill}" for skill, level in levels.items() if level is None)
    if gaps or "unknown" in levels.values():
        return "unknown", gaps
    return "met", ()


def _chosen(rule: Rule, chosen: Chosen, answers: Answers) -> _Ending:
    value = answers.chosen(chosen.answer)
    if value is None:
        return "unknown", (chosen.answer,)
    verdicts = {choice.value: choice.verdict for choice in chosen.choices}
    if value in verdicts:
        return verdicts[value], ()
    if value == "unknown":
        return "unknown", ()
    raise ValueError(f"'{value}' is geen antwoord op de vraag '{rule.id}'")
