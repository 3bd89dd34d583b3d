"""Programmes as data: schema, reading and writing TOML, eligibility, evaluation rhythm. Pure Python, no Django."""

from .dump import Change, diff, to_toml
from .eligibility import Answers, RuleResult, ask_coach, check, missing, summary
from .load import PRESETS, Problem, ProgrammeError, load_programme, preset, presets
from .rhythm import (
    AfterEnd,
    AimChange,
    DurationDates,
    Moment,
    Suspension,
    add_months,
    after_end,
    due_dates,
    duration_dates,
    next_due,
    remind_on,
    stands_still_from,
)
from .schema import LANGUAGES, NT2_STEPS, STANDARD_LABELS, Area, Programme, Rule, Text

__all__ = [
    "LANGUAGES",
    "NT2_STEPS",
    "PRESETS",
    "STANDARD_LABELS",
    "AfterEnd",
    "AimChange",
    "Answers",
    "Area",
    "Change",
    "DurationDates",
    "Moment",
    "Problem",
    "Programme",
    "ProgrammeError",
    "Rule",
    "RuleResult",
    "Suspension",
    "Text",
    "add_months",
    "after_end",
    "ask_coach",
    "check",
    "diff",
    "due_dates",
    "duration_dates",
    "load_programme",
    "missing",
    "next_due",
    "preset",
    "presets",
    "remind_on",
    "stands_still_from",
    "summary",
    "to_toml",
]
