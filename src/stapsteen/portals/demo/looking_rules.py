"""How each service of the demo switches on looking together (life map, spider) in its own version of a programme.

The sources know both for LINK only, and so do the presets. A service may change its programme, and in the demo each did,
a year after it began and before the first pathway: so a visitor sees the same thing working in five ways.
"""

from __future__ import annotations

from functools import cache

from django.conf import settings

OFF = "[explorator]\nenabled = false\n\n[evaluator]\nenabled = false\n"
ON = """[explorator]
enabled = true

[evaluator]
enabled = true
moments = 3
scale_min = 1
scale_max = {most}
axes_chosen_with_participant = true
source = {{ document = "decision", place = "Overgenomen van LINK, document 004" }}

"""
ALL = (
    "housing", "money", "body", "mind", "family", "people", "days", "work-learning", "language-paperwork", "getting-around",
)  # fmt: skip
CHOSEN: dict[str, tuple[str, ...]] = {
    "vinac": (
        "money",
        "body",
        "mind",
        "people",
        "days",
        "work-learning",
        "language-paperwork",
        "getting-around",
    ),
    "sociale-activering": ALL,
    "vrijwilligersnetwerk": ("people", "days", "work-learning", "language-paperwork", "getting-around"),
    "begeleid-vrijwilligen": (
        "body",
        "mind",
        "family",
        "people",
        "days",
        "language-paperwork",
        "getting-around",
    ),
}
"""The life domains that a service asks about; a volunteer centre has no business with money or health."""
MOST = {"sociale-activering": 10}
"""The highest point of the scale, where it isn't 5."""


def looks_together(service: str) -> bool:
    """Whether this service changed its programmes for it; LINK's preset has it already."""
    return service in CHOSEN


def switched_on(text: str, service: str) -> str:
    """The programme's text with life map and spider, and this service's domains. ValueError: the preset changed."""
    for expected in (OFF, "\ndomains = []\n"):
        if text.count(expected) != 1:
            raise ValueError(f"the preset no longer says {expected!r} once")
    on = ON.format(most=MOST.get(service, 5)) + "\n".join(domain_texts()[key] for key in CHOSEN[service])
    return text.replace("\ndomains = []\n", "\n").replace(OFF, on)


@cache
def domain_texts() -> dict[str, str]:
    """The domains of LINK's preset as text, by id; each ends in a newline."""
    text = (settings.ROOT / "programmes" / "link.toml").read_text()
    parts = text[: text.index("# --- forms ---")].split("[[domains]]\n")[1:]
    return {part.split('"')[1]: f"[[domains]]\n{part.rstrip()}\n" for part in parts}
