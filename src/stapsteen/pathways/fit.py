"""Does this referral fit its programme? The programme's rules, asked with what is known; intake decides (GDPR art. 22)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from stapsteen.network.models import Coverage, ProgrammeVersion
from stapsteen.network.programme.eligibility import Answers, RuleResult, check
from stapsteen.network.programme.schema import Area, Chosen, Programme, Rule
from stapsteen.pathways.models import Referral

PUBLIC_KEYS = frozenset({"residence_document", "employment_contract", "compulsory_education"})
"""Answers that are fields of the public form; all other keys belong to intake."""


def area_of(service_id: Any) -> list[Area]:
    """What the service covers: its own list, which goes before the preset's."""
    rows = Coverage.objects.filter(service_id=service_id).select_related("municipality")
    return [
        Area(nis=row.municipality.nis, name=row.municipality.name, postcodes=tuple(row.postal_codes))
        for row in rows
    ]


def answers_from(stored: dict[str, Any], conditions: dict[str, str] | None = None) -> Answers:
    """Stored answers (JSON: the birth as ISO date) and intake's conditions as one set of answers."""
    values = {
        key: value for key, value in stored.items() if key in Answers.model_fields and value not in (None, "")
    }
    if isinstance(values.get("born"), str):
        values["born"] = date.fromisoformat(values["born"])
    asked = conditions or {}
    values.update({key: value for key, value in asked.items() if key in PUBLIC_KEYS})
    values["intake"] = {key: value for key, value in asked.items() if key not in PUBLIC_KEYS}
    return Answers(**values)


def public_results(
    programme: ProgrammeVersion, stored: dict[str, Any], today: date | None = None
) -> list[RuleResult]:
    """What the public form explains, rule by rule. Raises ValueError for a birth after today."""
    return check(
        programme.rules,
        answers_from(stored),
        today or timezone.localdate(),
        covers=area_of(programme.service_id),
    )


def intake_results(referral: Referral, today: date | None = None) -> list[RuleResult]:
    """Every rule of the programme with what the form and intake know; a start on the person's own yes counts as such."""
    programme = referral.programme.rules
    conditions = {**_own_wish(programme, referral), **referral.conditions}
    return check(
        programme, answers_from(referral.answers, conditions), today or timezone.localdate(),
        stage="intake", covers=area_of(referral.service_id),
    )  # fmt: skip


def _own_wish(programme: Programme, referral: Referral) -> dict[str, str]:
    """Who asked it themselves, or said yes at the first contact, wants it (requirement B6)."""
    if referral.by != "self" and referral.person_said_yes_on is None:
        return {}
    return {
        rule.condition.answer: best(rule) for rule in intake_rules(programme) if rule.topic == "voluntary"
    }


def intake_rules(programme: Programme) -> list[Any]:
    """The questions with fixed answers that only intake asks."""
    return [
        rule for rule in programme.rules if rule.asked_at == "intake" and isinstance(rule.condition, Chosen)
    ]


def best(rule: Rule) -> str:
    """The answer with which this rule is met."""
    choices = rule.condition.choices if isinstance(rule.condition, Chosen) else ()
    return next(choice.value for choice in choices if choice.verdict == "met")


def fitting_conditions(programme: Programme) -> dict[str, str]:
    """Answers with which every intake question is met: someone for whom the programme is meant."""
    return {rule.condition.answer: best(rule) for rule in intake_rules(programme)}


def must_be_answered(results: Iterable[RuleResult]) -> list[RuleResult]:
    """Intake's own conditions that exclude and still have no answer."""
    return [r for r in results if r.rule.asked_at == "intake" and r.effect == "excludes" and r.missing]


def against_will(results: Iterable[RuleResult]) -> RuleResult | None:
    """The rule of voluntariness, when it isn't the person's own wish: a talk, never a start (Const. Court 86/2018)."""
    return next((r for r in results if r.rule.topic == "voluntary" and r.verdict in ("ask", "not_met")), None)


def not_fitting(results: Iterable[RuleResult]) -> list[RuleResult]:
    """Rules that exclude and aren't met: a start in spite of them needs a reason."""
    return [r for r in results if r.effect == "excludes" and r.verdict == "not_met"]


def as_stored(results: Iterable[RuleResult]) -> list[dict[str, str]]:
    """The verdicts as the sender saw them, in the sender's language."""
    language = get_language() or "nl"
    return [
        {
            "rule": r.id,
            "verdict": r.verdict,
            "effect": r.effect,
            "explanation": r.explain(language),
            "elsewhere": r.where_to_go(language),
        }
        for r in results
    ]


VERDICT_LIGHTS = {"met": "green", "ask": "orange", "unknown": "grey", "not_met": "red"}


def verdict_word(verdict: str, effect: str) -> str:
    """The verdict in a word; only a rule that excludes says that it doesn't fit."""
    if verdict == "met":
        return _("Past")
    if verdict == "not_met":
        return _("Past niet") if effect == "excludes" else _("Bespreken we")
    return _("Bespreken we") if verdict == "ask" else _("Weten we nog niet")


def light(verdict: str, effect: str) -> str:
    """The traffic light beside the word."""
    return "orange" if verdict == "not_met" and effect != "excludes" else VERDICT_LIGHTS[verdict]
