"""The side of the person's page where person and coach look together: map, spider, wheel, goals, aims through time."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stapsteen.core.scope import Actor
from stapsteen.network.models import Service
from stapsteen.pathways import looking
from stapsteen.pathways.models import Pathway
from stapsteen.pathways.queries import aim_word, ambition_words, wheel_history
from stapsteen.people.models import Person
from stapsteen.portals import person as parts
from stapsteen.portals.my_map_views import pathway_papers


def together(person: Person, actor: Actor, service: Service) -> dict[str, Any]:
    """What there is, for whoever guides the pathway that runs (else the last one); a fixed number of queries."""
    found = [way for way in parts.ways(person, actor) if way.guide]
    if not found:
        return {"way": None}
    way = found[0]
    glance = looking.glance(way.pathway, actor)
    spokes, series = looking.over_time(glance.found)
    history = wheel_history(way.pathway)
    return {
        "way": way,
        "glance": glance,
        "look_urls": {name: parts.url(service, f"pathways.{name}", pathway=way.pathway.pk)
                  for name in ("explorator", "evoluator", "goals", "wheel", "aim_change")},
        "running": way.running,
        "ring": looking.ring_domains(glance.domains) if glance.domains else [],
        "ring_summary": looking.ring_summary(glance.domains) if glance.domains else "",
        "spokes": spokes,
        "series": series if spokes else [],
        "spider_summary": looking.spider_summary(glance.found),
        "wheel": {**parts.wheel(way), "history": history},
        "ambition": ambition_words(way.now.programme, history),
        "goals": [goal_line(row) for row in glance.ambitions],
        "aims": aims(way.pathway),
        "papers": pathway_papers(service, way.pathway),
    }  # fmt: skip


def goal_line(row: looking.Ambition) -> dict[str, Any]:
    """A goal with what is still to do, the late ones marked."""
    today = timezone.localdate()
    return {
        "text": row.goal.text if row.goal else _("Acties zonder doel"),
        "reached": bool(row.goal and row.goal.state == "reached"),
        "aside": bool(row.goal and row.goal.state == "set_aside"),
        "actions": [
            {
                "text": action.text,
                "who": looking.who_does(action),
                "due": parts.due_words(action.due_on, today) if action.due_on else "",
                "late": bool(action.due_on and action.due_on < today),
            }
            for action in row.actions
            if action.state == "open"
        ],
    }


def aims(pathway: Pathway) -> list[tuple[str, str]]:
    """What the pathway was for, newest first: (since when, aim); each in the words of the programme of then."""
    rows = sorted(pathway.aims.all(), key=lambda row: (row.starts_on, str(row.pk)), reverse=True)
    version = looking.programme_today(pathway)
    held = [row for row in rows if row.ends_on is None or row.ends_on >= row.starts_on]
    return [
        (_("vanaf %(day)s") % {"day": date_format(row.starts_on, "j F Y")}, aim_word(version, row.aim))
        for row in held
    ]
