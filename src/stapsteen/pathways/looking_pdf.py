"""The life map and the spider on paper, for the person: the pictures of the pages, in the colours of print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

from stapsteen.core import pdf, pictures
from stapsteen.core.templatetags.ui_pictures import ring_parts, table
from stapsteen.network.models import Service
from stapsteen.pathways import looking
from stapsteen.pathways.models import Explorator, GoalAction, Pathway
from stapsteen.pathways.states import GOAL, GOAL_ACTION

INK, PAPER, HAIR = "#1d2926", "#ffffff", "#d9d1c3"
LETTERS = 'text{font-family:"Atkinson Hyperlegible Next";fill:#1d2926}'
RING_STYLE = (
    f"{LETTERS}.st-slice__back{{fill:#f3ede2}}.st-slice--spoken .st-slice__back{{fill:#d6e8e8}}"
    ".st-slice--1 .st-slice__fill{fill:#f4c3aa}.st-slice--2 .st-slice__fill{fill:#f6dcb4}"
    ".st-slice--3 .st-slice__fill{fill:#eee9bd}.st-slice--4 .st-slice__fill{fill:#c9e4c3}"
    ".st-slice--5 .st-slice__fill{fill:#9dd3bd}.st-slice__edge{fill:none;stroke:#ffffff;stroke-width:4}"
    ".st-slice__text{font-size:14.5px;font-weight:600}.st-slice__value{font-size:17px;font-weight:700}"
    ".st-ring__level{fill:none;stroke:#ffffff;stroke-width:1}.st-ring__flag{fill:#a9471f;stroke:#ffffff;stroke-width:2}"
)
SPIDER_STYLE = (
    f"{LETTERS}.st-spider__ring,.st-spider__arm{{fill:none;stroke:{HAIR};stroke-width:1.5}}"
    f".st-arm__badge{{fill:{INK}}}.st-arm__number{{fill:{PAPER};font-size:15px;font-weight:700}}"
    ".st-arm__text{font-size:16.5px;font-weight:600}.st-thread__line{fill:none}"
    ".st-thread--1 .st-thread__line{stroke:#0b5d53;stroke-width:4}"
    ".st-thread--1 .st-thread__line--closed{fill:#0b5d53;fill-opacity:0.12}.st-thread--1 .st-thread__mark{fill:#0b5d53}"
    ".st-thread--2 .st-thread__line{stroke:#a9471f;stroke-width:3;stroke-dasharray:9 7}"
    ".st-thread--2 .st-thread__mark{fill:#a9471f}"
    ".st-thread--3 .st-thread__line{stroke:#1b5673;stroke-width:2.5;stroke-dasharray:2 7}"
    ".st-thread--3 .st-thread__mark{fill:#ffffff;stroke:#1b5673;stroke-width:2.5}"
    ".st-thread--4 .st-thread__line{stroke:#857c6d;stroke-width:2;stroke-dasharray:12 5 2 5}"
    ".st-thread--4 .st-thread__mark{fill:#ffffff;stroke:#857c6d;stroke-width:2}"
    ".st-thread--5 .st-thread__line{stroke:#56736c;stroke-width:2;stroke-dasharray:5 4}"
    ".st-thread--5 .st-thread__mark{fill:none;stroke:#56736c;stroke-width:2.5}"
    ".st-thread--6 .st-thread__line{stroke:#56615c;stroke-width:1.5;stroke-dasharray:1 4}"
    ".st-thread--6 .st-thread__mark{fill:none;stroke:#56615c;stroke-width:2.5}"
)


def language() -> str:
    """The reader's language where documents have texts in it, else Dutch."""
    now = (get_language() or "nl")[:2]
    return now if now in pdf.languages() else "nl"


def explorator_pdf(explorator: Explorator, domains: Sequence[looking.LifeDomain], service: Service) -> bytes:
    """All domains with what was said, and the question on top. PdfError when a text can't be drawn."""
    summary = looking.ring_summary(domains)
    parts = ring_parts(looking.ring_domains(domains))
    data = {
        **_frame(explorator.pathway, service),
        "question": explorator.my_question or "",
        "begun_on": explorator.begun_on.isoformat(),
        "summary": summary,
        "picture": render_to_string(
            "components/ring_drawing.html",
            {**parts, "summary": summary, "sheet": f"<style>{RING_STYLE}</style>"},
        ),
        "domains": [domain_data(domain) for domain in domains if domain.row and not domain.hidden],
        "open": [domain.label for domain in domains if domain.row is None],
    }
    return pdf.render("explorator", data, lang=language())


def domain_data(domain: looking.LifeDomain) -> dict[str, Any]:
    row: Any = domain.row
    return {
        "label": domain.label,
        "scale": domain.scale_word,
        "work_on": row.work_on,
        "spoken_on": row.spoken_on.isoformat(),
        "own_words": row.own_words or "",
        "goes_well": row.goes_well or "",
        "who_helps": row.who_helps or "",
        "wish": row.wish or "",
    }


def evoluator_pdf(
    pathway: Pathway, found: looking.Evolution, ambitions: Sequence[looking.Ambition], service: Service
) -> bytes:
    """The spider with all moments, its table, and the goals with their actions."""
    spokes, series = looking.over_time(found)
    drawn = pictures.spider(spokes, series) if len(spokes) >= looking.SPIDER_AXES else None
    summary = looking.spider_summary(found)
    data = {
        **_frame(pathway, service),
        "question": pathway.my_question or "",
        "summary": summary,
        "picture": render_to_string(
            "components/spider_drawing.html",
            {
                "drawing": drawn,
                "summary": summary,
                "sheet": f"<style>{SPIDER_STYLE}</style>",
                "drawing_language": "",
            },
        )
        if drawn
        else "",
        "samples": [
            {"label": thread.label, "picture": sample(thread)} for thread in (drawn.threads if drawn else [])
        ],
        "moments": [one.label for one in series],
        "axes": [[str(cell) for cell in row] for row in table(spokes, series)],
        "notes": [
            {"moment": looking.moment_words(moment), "text": moment.note}
            for moment in found.closed
            if moment.note
        ],
        "goals": [goal_data(row) for row in ambitions],
    }
    return pdf.render("evoluator", data, lang=language())


def sample(thread: pictures.Thread) -> str:
    """The line and mark of one moment, for the key beside the picture."""
    mark = render_to_string("components/spider_mark.html", {"kind": thread.mark, "place": "28 10"})
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 56 20" width="56" height="20">'
        f'<style>{SPIDER_STYLE}</style><g class="st-thread--{thread.style}">'
        f'<path class="st-thread__line" d="M2 10H54"/>{mark}</g></svg>'
    )


def goal_data(row: looking.Ambition) -> dict[str, Any]:
    return {
        "text": row.goal.text if row.goal else "",
        "state": str(GOAL.states[row.goal.state]) if row.goal else "",
        "actions": [_action(action) for action in row.actions],
    }


def _action(action: GoalAction) -> dict[str, Any]:
    return {
        "text": action.text,
        "who": looking.who_does(action),
        "due_on": action.due_on.isoformat() if action.due_on else "",
        "state": str(GOAL_ACTION.states[action.state]),
        "outcome": str(GoalAction.OUTCOMES.get(action.outcome, "")),
    }


def _frame(pathway: Pathway, service: Service) -> dict[str, Any]:
    """What every document of a person begins with; the name stands on the paper, never in its title."""
    return {
        "made_at": timezone.localtime().isoformat(timespec="seconds"),
        "service": service.name,
        "person": str(pathway.person),
        "coach": pathway.coach.name,
    }
