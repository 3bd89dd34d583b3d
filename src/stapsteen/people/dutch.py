"""Dutch per skill, on two scales: the steps of Dutch as a second language (NT2) and the European one (CEFR)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from stapsteen.people.models import DUTCH_LEVELS, Person

SKILLS = {
    "dutch_listening": _("Begrijpen"),
    "dutch_speaking": _("Spreken"),
    "dutch_reading": _("Lezen"),
    "dutch_writing": _("Schrijven"),
}
"""Field of Person -> the skill."""
CEFR = {"1.1": "A1", "1.2": "A2", "2": "B1", "3": "B2", "4": "C1"}
"""NT2 step -> European level. Only rough: the two scales weren't made for each other (Taalunie, 17 September 2013)."""
NT2_OF = {level: step for step, level in CEFR.items()}


def step_and_level(value: str) -> tuple[str, str]:
    """('1.2', 'A2'); for what isn't a step its word, and no level; ('', '') for nothing."""
    if value in CEFR:
        return value, CEFR[value]
    return (str(DUTCH_LEVELS[value]), "") if value in DUTCH_LEVELS else ("", "")


def per_skill(person: Person) -> list[dict[str, Any]]:
    """A line per skill that something is known of: skill, step, level."""
    lines = []
    for name, skill in SKILLS.items():
        step, level = step_and_level(getattr(person, name))
        if step:
            lines.append({"skill": skill, "step": step, "level": level or "–"})
    return lines
