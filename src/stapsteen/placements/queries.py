"""Reads about places and agreements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.hosts.models import Host, Task
from stapsteen.hosts.queries import (
    at_moment,
    in_town,
    insurance_warnings,
    matches,
    open_prefetch,
    open_tasks,
    towns_of,
)
from stapsteen.network.models import Service
from stapsteen.pathways.models import Pathway
from stapsteen.placements.fit import Option, option, seeker_of
from stapsteen.placements.models import Agreement, Placement, Signature

STATE_BADGES = {"proposed": "info", "active": "success", "ended": "neutral", "cancelled": "neutral"}
AGREEMENT_BADGES = {"draft": "neutral", "out": "info", "signed": "success", "replaced": "neutral"}
ORDER = {"green": 0, "orange": 1, "red": 2}


def placement_url(service: Service, placement_id: Any) -> str:
    return reverse("placements.placement_detail", kwargs={"service": service.slug, "placement": placement_id})


# Choosing a task -------------------------------------------------------------------------------------------------------


def active_hosts() -> dict[Any, Host]:
    """Organisation -> the service's host, for hosts that are active."""
    return {host.organisation_id: host for host in Host.objects.filter(state="active")}


def options(
    pathway: Pathway, day: date, *, q: str = "", sector: str = "", town: str = "", moment: int = 0
) -> list[Option]:
    """Open tasks of active hosts with their reasons: what fits first, then by name. Six queries for any number."""
    hosts = active_hosts()
    tasks = open_tasks(Task.objects.filter(organisation_id__in=list(hosts)), day)
    if sector:
        tasks = tasks.filter(sector=sector)
    if town:
        tasks = in_town(tasks, town)
    if moment:
        tasks = at_moment(tasks, moment)
    tasks = tasks.select_related("organisation__municipality", "site__municipality").prefetch_related(
        *open_prefetch(day)
    )
    seeker = seeker_of(pathway, list(pathway.person.placements.all()))
    found = [
        option(task, hosts[task.organisation_id], seeker, day)
        for task in tasks.order_by("organisation__name", "title", "id")
        if matches(q, f"{task.title} {task.description} {task.organisation.name}")
    ]
    return sorted(found, key=lambda one: (ORDER[one.light], one.task.organisation.name, one.task.title))


def one_option(pathway: Pathway, task: Task, day: date) -> Option | None:
    """The same for one task; None when its organisation is no active host of the service, or the task is closed."""
    host = Host.objects.filter(state="active", organisation_id=task.organisation_id).first()
    rows = open_tasks(Task.objects.filter(pk=task.pk), day)
    rows = rows.select_related("organisation__municipality", "site__municipality")
    whole = rows.prefetch_related(*open_prefetch(day)).first()
    if host is None or whole is None:
        return None
    return option(whole, host, seeker_of(pathway, list(pathway.person.placements.all())), day)


def towns_of_open_tasks() -> Any:
    """The towns where their open tasks are done, by name."""
    active = Host.objects.filter(state="active").values("organisation_id")
    return towns_of(open_tasks(Task.objects.filter(organisation_id__in=active), timezone.localdate()))


# One place -------------------------------------------------------------------------------------------------------------


def whole(placement: Placement) -> Placement:
    """The placement with everything that its page shows, in a fixed number of queries."""
    rows = Placement.objects.select_related(
        "person", "pathway__coach__user", "task", "part", "use"
    ).prefetch_related(
        _host_apart("host"), Prefetch("agreements", Agreement.objects.prefetch_related("signatures"))
    )
    found: Placement = rows.get(pk=placement.pk)
    return found


def whole_agreement(agreement: Agreement) -> Agreement:
    """The agreement with all that its document needs."""
    rows = Agreement.objects.select_related(
        "placement__person", "placement__pathway__coach__user", "placement__task", "placement__part"
    ).prefetch_related("signatures", _host_apart("placement__host"))
    found: Agreement = rows.get(pk=agreement.pk)
    return found


def _host_apart(path: str) -> Any:
    """The host with its organisation and contacts, by queries of its own: the database takes fifteen milliseconds
    to plan a join of nine tables."""
    rows = Host.objects.select_related("organisation__municipality", "organisation__part_of")
    return Prefetch(path, rows.prefetch_related("contacts"))


def newest(placement: Placement) -> Agreement | None:
    """The newest version, whatever its state."""
    return max(placement.agreements.all(), key=lambda row: row.version, default=None)


def in_force(placement: Placement) -> Agreement | None:
    """The version that everyone signed and that holds now."""
    signed = [row for row in placement.agreements.all() if row.state == "signed"]
    return max(signed, key=lambda row: row.version, default=None)


@dataclass(frozen=True)
class Step:
    """A step before the start: done, current or next; `text` says more."""

    label: str
    state: str
    text: str = ""


def steps_to_start(placement: Placement, today: date) -> list[Step]:
    """What still stands between the proposal and the first day (requirement F6)."""
    version = newest(placement)
    out = version is not None and version.state in ("out", "signed")
    signed = in_force(placement) is not None
    missing = missing_parties(version) if version is not None and version.state == "out" else []
    text = _("Nog niet: %(who)s") % {"who": ", ".join(missing)} if missing else ""
    cautions = [
        caution.text for caution in insurance_warnings(placement.host, max(today, placement.starts_on))
    ]
    rows = [
        (_("Plek voorgesteld"), True, ""),
        (_("Afsprakennota gemaakt"), version is not None, ""),
        (_("Klaar om te tekenen"), out, ""),
        (_("Getekend door iedereen"), signed, text),
        (_("Verzekering in orde"), not cautions, "; ".join(cautions)),
        (_("Gestart"), placement.state in ("active", "ended"), ""),
    ]
    first_open = next((index for index, row in enumerate(rows) if not row[1]), len(rows))
    return [
        Step(label, "done" if done else "current" if index == first_open else "next", more)
        for index, (label, done, more) in enumerate(rows)
    ]


def missing_parties(agreement: Agreement) -> list[str]:
    """Who must still sign, in words."""
    signed = {row.party for row in agreement.signatures.all()}
    return [str(Signature.PARTIES[party]) for party in agreement.parties if party not in signed]
