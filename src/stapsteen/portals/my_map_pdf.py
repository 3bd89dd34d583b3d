"""My folder on paper: all that a person filled in so far, or the same sheets empty for a pen (requirement D2).

Everything on the own pages is also possible without a screen: this is where it is.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format

from stapsteen.core import halfdays, pdf, pictures, ui
from stapsteen.core.scope import Actor
from stapsteen.core.templatetags.ui import wheel_summary
from stapsteen.core.templatetags.ui_pictures import ring_parts, table
from stapsteen.network.models import Service
from stapsteen.pathways import looking, looking_pdf
from stapsteen.pathways.models import ExploratorDomain, Pathway
from stapsteen.pathways.queries import wheel_history
from stapsteen.people.consents import consents_of
from stapsteen.people.models import Appointment, Consent, Supporter
from stapsteen.placements.models import Placement
from stapsteen.portals import participant, who_sees
from stapsteen.portals import person as parts

EMPTY_AXES = 5
"""Arms of a spider to draw in by hand, where nobody chose axes yet."""
COMING = 5
DRAWN_ON = "#6b7672"
"""The lines of an empty spider: dark enough for a photocopy."""


def paper_language(asked: str = "") -> str:
    """The language of the sheets: the one asked for, else the reader's, else Dutch; only those with texts."""
    return asked if asked in pdf.languages() else looking_pdf.language()


def my_map_pdf(pathway: Pathway, *, actor: Actor, service: Service, lang: str, blank: bool = False) -> bytes:
    """The sheets as PDF/UA in that language. What this actor may not read stays off them. PdfError: no font can draw it."""
    with translation.override(lang):
        return pdf.render("my_map", folder(pathway, actor, service, blank=blank), lang=lang)


def folder(pathway: Pathway, actor: Actor, service: Service, *, blank: bool) -> dict[str, Any]:
    """What my_map.typ reads. Blank sheets carry the name, the programme's own words and nothing else of the person."""
    today = timezone.localdate()
    way = next(way for way in parts.ways(pathway.person, actor) if way.pathway.pk == pathway.pk)
    hide = looking.hidden_domains(actor, pathway)
    return {
        "made_at": timezone.localtime().isoformat(timespec="seconds"),
        "service": service.name,
        "person": str(pathway.person),
        "coach": pathway.coach.name,
        "phone": pathway.coach.phone,
        "blank": blank,
        "words": translation.get_language(),
        "question": pathway.my_question or "",
        "wheel": wheel(way, blank=blank),
        "life": life(pathway, hide, blank=blank),
        "spider": spider(pathway, hide, blank=blank),
        "purposes": [str(words) for words in Consent.PURPOSES.values()],
        **({} if blank else told(pathway, way, today)),
    }


def told(pathway: Pathway, way: parts.Way, today: date) -> dict[str, Any]:
    """What only filled-in sheets hold."""
    person = pathway.person
    return {
        "steps": [step(row) for row in participant.steps(person, way, today)],
        "goals": [looking_pdf.goal_data(row) for row in looking.ambitions(pathway)],
        "people": people(pathway, today),
        "meetings": meetings(pathway, today),
        "places": [place(row) for row in way.placements if row.state in ("proposed", "active")],
        "sees": [
            {"who": row.who, "capacity": row.capacity, "what": row.what, "until": iso(row.until)}
            for row in who_sees.sees(person)
        ],
        "consents": [consent(row) for row in consents_of(person)[0]],
    }


def iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def step(row: dict[str, Any]) -> dict[str, str]:
    return {"label": str(row["label"]), "date": iso(row.get("date")), "state": row["state"]}


# What is drawn -------------------------------------------------------------------------------------------------------


def wheel(way: parts.Way, *, blank: bool) -> dict[str, Any]:
    """The wheel as a picture and as a table; blank: without where the person is."""
    segments: Any = way.now.segments
    spot = None if blank else way.now.place
    labels = {segment["key"]: segment["label"] for segment in segments}
    current, wish = (spot.segment if spot else ""), (spot.wish if spot else "")
    current, wish = (key if key in labels else "" for key in (current, wish))
    summary = wheel_summary(labels.get(current, ""), labels.get(wish, ""))
    abouts = {row.id: row.about for row in way.now.programme.rules.wheel.segments}
    language = translation.get_language()
    return {
        "summary": summary,
        "picture": render_to_string(
            "portals/paper_wheel.svg",
            {"wedges": ui.wheel(segments, current, wish), "size": ui.num(ui.WHEEL_SIZE), "summary": summary},
        ),
        "segments": [
            {
                "label": labels[key], "now": key == current, "wish": key == wish,
                "about": about.say(language) if (about := abouts.get(key)) else "",
            }
            for key in labels
        ],
        "moves": [] if blank else [
            {"date": iso(move["date"]), "label": labels[move["key"]], "note": move["note"]}
            for move in wheel_history(way.pathway)
        ],
    }  # fmt: skip


def life(pathway: Pathway, hide: set[str], *, blank: bool) -> dict[str, Any] | None:
    """The newest life map; None where the programme has none. Blank: the domains with their scale and lines."""
    rules = looking.programme_today(pathway).rules
    newest = next(iter(looking.exploratories(pathway)), None)
    if blank:
        if not rules.explorator.enabled:
            return None
        domains: list[Any] = [{"label": row.name.say(translation.get_language())} for row in rules.domains]
        return {"domains": domains, "scale": [str(word) for word in ExploratorDomain.SCALE.values()]}
    if newest is None:
        return {"domains": []} if rules.explorator.enabled else None
    rows = [row for row in looking.life_domains(newest) if row.key not in hide]
    summary = looking.ring_summary(rows)
    return {
        "summary": summary,
        "picture": render_to_string(
            "components/ring_drawing.html",
            {
                **ring_parts(looking.ring_domains(rows)), "summary": summary,
                "sheet": f"<style>{looking_pdf.RING_STYLE}</style>",
            },
        ),
        "domains": [looking_pdf.domain_data(row) for row in rows if row.row],
    }  # fmt: skip


def spider(pathway: Pathway, hide: set[str], *, blank: bool) -> dict[str, Any] | None:
    """All moments in one picture with its table; blank: empty arms, with the axes' names where they were chosen."""
    evaluator = looking.programme_today(pathway).rules.evaluator
    found = looking.evolution(pathway, hide=hide)
    if not evaluator.enabled and (blank or not found.closed):
        return None
    if blank:
        return blank_spider(found, evaluator.scale_min or 1, evaluator.scale_max or 5)
    spokes, series = looking.over_time(found)
    drawn = pictures.spider(spokes, series) if len(spokes) >= looking.SPIDER_AXES and series else None
    return {
        "summary": looking.spider_summary(found),
        "picture": spider_picture(drawn, looking.spider_summary(found)),
        "samples": [
            {"label": thread.label, "picture": looking_pdf.sample(thread)} for thread in (drawn.threads if drawn else [])
        ],
        "moments": [one.label for one in series],
        "axes": [[str(cell) for cell in row] for row in table(spokes, series)],
    }  # fmt: skip


def blank_spider(found: looking.Evolution, lowest: int, highest: int) -> dict[str, Any]:
    axes: list[dict[str, Any]] = [
        {"name": axis.name, "low": axis.low or "", "high": axis.high or "", "lowest": axis.lowest, "highest": axis.highest}
        for axis in found.running(timezone.localdate())
    ] or [{"name": "", "low": "", "high": "", "lowest": lowest, "highest": highest}] * EMPTY_AXES  # fmt: skip
    spokes = [pictures.Spoke(axis["name"], axis["lowest"], axis["highest"]) for axis in axes]
    drawn = pictures.spider(spokes, []) if len(spokes) >= looking.SPIDER_AXES else None
    return {"picture": spider_picture(drawn, ""), "blank_axes": axes}


def spider_picture(drawn: pictures.Spider | None, summary: str) -> str:
    """'' with fewer than three axes; without a summary: to draw on."""
    if drawn is None:
        return ""
    style = (
        looking_pdf.SPIDER_STYLE if summary else looking_pdf.SPIDER_STYLE.replace(looking_pdf.HAIR, DRAWN_ON)
    )
    sheet = f"<style>{style}</style>"
    return render_to_string(
        "components/spider_drawing.html",
        {"drawing": drawn, "summary": summary, "sheet": sheet, "drawing_language": ""},
    )


# Who and when --------------------------------------------------------------------------------------------------------


def people(pathway: Pathway, today: date) -> list[dict[str, str]]:
    """The coach, then the people around."""
    coach = {
        "name": pathway.coach.name,
        "what": translation.gettext("Jouw begeleider"),
        "phone": pathway.coach.phone,
    }
    rows = Supporter.objects.filter(person=pathway.person).on(today)
    return [
        coach,
        *(
            {"name": row.name, "phone": row.phone, "what": ", ".join(filter(None, [row.get_kind_display(), row.organisation]))}
            for row in rows
        ),
    ]  # fmt: skip


def meetings(pathway: Pathway, today: date) -> list[dict[str, str]]:
    """The next appointments: when, and what with whom."""
    rows = Appointment.objects.filter(person=pathway.person, state="planned", starts_at__date__gte=today)
    return [
        {
            "when": date_format(timezone.localtime(row.starts_at), "l j F Y, H:i"),
            "what": ", ".join(
                filter(None, [row.get_kind_display(), row.get_place_display(), row.staff.name])
            ),
        }
        for row in rows.select_related("staff").order_by("starts_at")[:COMING]
    ]


def place(row: Placement) -> dict[str, Any]:
    """Where, what, since when, in which half-days, and when everybody had signed."""
    pairs = set(halfdays.to_pairs(row.half_days))
    signed = [one for one in row.agreements.all() if one.state == "signed"]
    days = [mark.signed_on for one in signed for mark in one.signatures.all() if mark.signed_on]
    return {
        "host": row.host.organisation.name,
        "task": row.task.title,
        "from": iso(row.starts_on),
        "until": iso(row.ends_on),
        "signed": iso(max(days)) if days else "",
        "week": [[(day, part) in pairs for day in range(7)] for part in range(3)],
    }


def consent(row: Consent) -> dict[str, str]:
    return {
        "label": str(row.get_purpose_display()), "recipient": row.recipient, "own_words": row.own_words or "",
        "since": iso(row.starts_on),
    }  # fmt: skip
