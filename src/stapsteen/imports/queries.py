"""What the pages ask about runs and previews."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stapsteen.core import scope
from stapsteen.core.access import reachable
from stapsteen.core.scope import Actor
from stapsteen.imports.models import ImportRun
from stapsteen.imports.words import SEVERITIES, SEVERITY_BADGES, say_problem, say_suggestion


def runs(actor: Actor) -> Any:
    """All runs of the service, newest first."""
    return reachable(actor, "imports.run").order_by("-created_at", "-id")


@dataclass(frozen=True)
class ProblemRow:
    """A problem as the page shows it, with what can be answered."""

    id: str
    place: str
    column: str
    value: str
    text: str
    suggestion: str
    severity: str
    severity_word: Any
    badge: str
    can_answer: bool
    suggested: str
    choices: list[tuple[str, str]]
    answer: str
    typed: str


def looked_at(run: ImportRun) -> None:
    """The preview shows persons who have no record yet: the read log says that this file was looked at."""
    scope.current().saw("imports.importrun", run.pk)


def problems(content: dict[str, Any], *, severity: str = "", sheet: str = "") -> list[dict[str, Any]]:
    """The problems of the preview, the gravest first, otherwise in the order of the file."""
    order = list(SEVERITIES)
    chosen = [
        problem
        for problem in content["problems"]
        if severity in ("", problem["severity"]) and sheet in ("", problem["sheet"])
    ]
    return sorted(chosen, key=lambda problem: order.index(problem["severity"]))


def problem_row(problem: dict[str, Any], decisions: dict[str, Any]) -> ProblemRow:
    action, value = decisions.get(problem["id"], ("", ""))
    choices = [(f"choose:{choice['key']}", choice["label"]) for choice in problem["choices"]]
    return ProblemRow(
        id=problem["id"],
        place=f"{problem['sheet']}, {problem['cell'] or problem['row'] or ''}".rstrip(", "),
        column=problem["column"] or "",
        value=problem["value"],
        text=say_problem(problem),
        suggestion=say_suggestion(problem),
        severity=problem["severity"],
        severity_word=SEVERITIES[problem["severity"]],
        badge=SEVERITY_BADGES[problem["severity"]],
        can_answer=bool(problem["row"]),
        suggested=problem["suggested_value"] or "",
        choices=choices,
        answer=f"choose:{value}" if action == "choose" else action,
        typed=value if action == "value" else "",
    )


def counts_by_severity(content: dict[str, Any]) -> dict[str, int]:
    return {
        severity: sum(problem["severity"] == severity for problem in content["problems"])
        for severity in SEVERITIES
    }
