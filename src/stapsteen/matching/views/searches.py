"""The whole caseload: start a search, follow it, decide on each proposal. A human decides (requirements E2 and E4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stapsteen.core import halfdays
from stapsteen.core.access import may, reachable
from stapsteen.core.pages import page, show, submit
from stapsteen.hosts.models import Host, Task
from stapsteen.hosts.queries import guidance_left, host_url
from stapsteen.hosts.views import address, week
from stapsteen.matching import actions, facts, ranking
from stapsteen.matching.exports import board_workbook
from stapsteen.matching.forms import AcceptForm, RefuseForm
from stapsteen.matching.models import REFUSE_CODES, Proposal, Search
from stapsteen.matching.states import PROPOSAL, SEARCH
from stapsteen.network.models import StaffMember
from stapsteen.pathways.models import Pathway
from stapsteen.people.queries import person_url
from stapsteen.placements.models import Placement
from stapsteen.placements.queries import placement_url

FORM = ("GET", "POST")
PER_PAGE = 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BADGES = {"queued": "info", "busy": "info", "done": "success", "failed": "error", "stopped": "neutral"}
DECIDED = {
    "open": "wish", "accepted": "success", "changed": "info", "refused": "neutral", "lapsed": "neutral",
    "unplaced": "warning",
}  # fmt: skip
PARTS = ("mensen", "organisaties", "zonder")


@page("<slug:service>/voorstellen/", rule="matching.search.view", methods=FORM)
def search_list(request: Any) -> HttpResponse:
    """Start a search; below it the earlier ones."""
    on, runs = actions.settings_now().on, may(request.actor, "matching.search.run")
    if request.method == "POST":
        search = actions.start_search(actor=request.actor)
        return redirect(address(request, "matching.search_detail", search=search.pk))
    found = Paginator(Search.objects.select_related("asked_by"), PER_PAGE).get_page(request.GET.get("pagina"))
    context = {
        "page": found,
        "columns": [
            _("Wanneer"), _("Stand"), {"label": _("Mensen"), "align": "end"},
            {"label": _("Voorgesteld"), "align": "end"}, {"label": _("Zonder plek"), "align": "end"}, _("Door"),
        ],
        "rows": [search_row(request, row) for row in found],
        "waiting": facts.waiting(Pathway.objects.all()).count(),
        "busy": Search.objects.filter(state__in=("queued", "busy")).first(),
        "can_start": on and runs,
        "on": on,
        "settings_url": address(request, "matching.settings_edit")
        if may(request.actor, "matching.settings.edit")
        else "",
        "how_url": address(request, "matching.how"),
    }  # fmt: skip
    busy: Any = context["busy"]
    context["busy_url"] = address(request, "matching.search_detail", search=busy.pk) if busy else ""
    return show(request, "matching/search_list.html", context)


def search_row(request: Any, row: Search) -> list[Any]:
    url = address(request, "matching.search_detail", search=row.pk)
    when = timezone.localtime(row.created_at).strftime("%d/%m/%Y %H:%M")
    state = {"text": str(SEARCH.states[row.state]), "badge": BADGES[row.state]}
    counts = [row.counts.get(key, "–") for key in ("people", "proposed", "unplaced")]
    return [{"text": when, "href": url}, state, *counts, row.asked_by.name if row.asked_by else "–"]


@page("<slug:service>/voorstellen/<uuid:search>/", rule="matching.search.view", loads="search", methods=FORM)
def search_detail(request: Any, search: Search) -> HttpResponse:
    """Where the search stands; once it is done the board: per person, per organisation, and who was left without."""
    if request.method == "POST":
        actions.stop_search(search=search, actor=request.actor)
        return redirect(request.path)
    context: dict[str, Any] = {
        "search": search,
        "state": str(SEARCH.states[search.state]),
        "badge": BADGES[search.state],
        "busy": search.state in ("queued", "busy"),
        "can_stop": may(request.actor, "matching.search.run"),
        "list_url": address(request, "matching.search_list"),
    }
    if search.state != "done":
        return show(request, "matching/search_state.html", context)
    return show(request, "matching/search_board.html", {**context, **board(request, search)})


@page("<slug:service>/voorstellen/<uuid:search>/uitvoer.xlsx", rule="matching.search.view", loads="search")
def search_sheet(request: Any, search: Search) -> HttpResponse:
    """The board as a spreadsheet, of the people that the actor guides."""
    rows = proposals(request, search)
    placed = [proposal_card(request, row) for row in rows if row.state != "unplaced"]
    left = [left_card(request, row) for row in rows if row.state == "unplaced"]
    name = f"voorstel-{timezone.localtime(search.created_at):%Y-%m-%d}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(board_workbook(placed, left), content_type=XLSX, headers=headers)


def board(request: Any, search: Search) -> dict[str, Any]:
    part = request.GET.get("deel", PARTS[0])
    part = part if part in PARTS else PARTS[0]
    rows = proposals(request, search)
    coaches = sorted(
        set(rows.order_by().values_list("pathway__coach_id", "pathway__coach__name")), key=lambda one: one[1]
    )
    asked = request.GET.get("begeleider", "")
    chosen = next((key for key, _name in coaches if str(key) == asked), None)
    coach = str(chosen or "")
    rows = rows.filter(pathway__coach_id=chosen) if chosen else rows
    counts = Counter(rows.order_by().values_list("state", flat=True))
    parts = {
        "mensen": rows.exclude(state="unplaced"),
        "organisaties": rows.filter(state="open"),
        "zonder": rows.filter(state="unplaced"),
    }
    shown = Paginator(parts[part], PER_PAGE).get_page(request.GET.get("pagina"))
    return {
        "part": part,
        "tabs": tabs(request, part, coach, parts),
        "page": shown,
        "cards": still_cards(request, list(shown)) if part == "mensen" else [],
        "left": [left_card(request, row) for row in shown] if part == "zonder" else [],
        "hosts": host_rows(request, parts[part]) if part == "organisaties" else [],
        "host_columns": host_columns(),
        "coaches": [(str(key), name) for key, name in coaches] if len(coaches) > 1 else [],
        "coach": coach,
        "stats": [
            (_("Mensen zonder plek"), search.counts["people"], ""),
            (_("Voorstellen"), search.counts["proposed"], kept_words(search)),
            (_("Nog te beslissen"), counts["open"], ""),
            (_("Zonder voorstel"), search.counts["unplaced"], ""),
        ],
        "advice": advice(search),
        "sheet_url": address(request, "matching.search_sheet", search=search.pk),
        "only_own": not may(request.actor, "matching.search.run"),
    }


def proposals(request: Any, search: Search) -> QuerySet[Proposal]:
    """Those whose person the actor guides (a coordinator: all), who waits longest first. Whoever is loaded is logged as
    seen: a page loads whom it shows."""
    mine = reachable(request.actor, "matching.proposal.decide").filter(search=search)
    rows = mine.select_related(
        "person",
        "pathway__coach__user",
        "host__organisation",
        "task__organisation__municipality",
        "task__site__municipality",
        "subtask",
    )
    ordered: QuerySet[Proposal] = rows.order_by("-weeks", "created_at", "pk")
    return ordered


def kept_words(search: Search) -> str:
    before, kept = search.counts.get("before", 0), search.counts.get("kept", 0)
    if not before:
        return ""
    return _("%(kept)s van %(before)s zoals de vorige keer") % {"kept": kept, "before": before}


def tabs(request: Any, part: str, coach: str, parts: dict[str, QuerySet[Proposal]]) -> list[dict[str, Any]]:
    more = f"&begeleider={coach}" if coach else ""
    hosts = parts["organisaties"].order_by().values("host_id").distinct().count()
    labels = {
        "mensen": (_("Per persoon"), parts["mensen"].count()),
        "organisaties": (_("Per organisatie"), hosts),
        "zonder": (_("Zonder plek"), parts["zonder"].count()),
    }
    return [
        {"label": label, "url": f"{request.path}?deel={name}{more}", "current": name == part, "count": count}
        for name, (label, count) in labels.items()
    ]


def still_cards(request: Any, rows: list[Proposal]) -> list[dict[str, Any]]:
    """The cards; an open proposal that can't be any more (a seat was taken meanwhile) says so."""
    gone = ranking.no_longer(rows, timezone.localdate())
    return [{**proposal_card(request, row), "gone": row.pk in gone} for row in rows]


def proposal_card(request: Any, row: Proposal) -> dict[str, Any]:
    kept = row.kept
    task: Any = row.task
    host: Any = row.host
    place = task.town
    return {
        "key": str(row.pk),
        "name": str(row.person),
        "person_url": person_url(request.service, row.person_id),
        "coach": str(row.pathway.coach),
        "waits": ngettext("wacht %(n)s week", "wacht %(n)s weken", row.weeks) % {"n": row.weeks},
        "title": task.title,
        "part": str(row.subtask) if row.subtask else "",
        "organisation": host.organisation.name,
        "host_url": host_url(request.service, host.pk),
        "town": place.name if place else "",
        "pros": [reason["text"] for reason in kept.get("reasons", []) if reason["good"]],
        "cons": [reason["text"] for reason in kept.get("reasons", []) if not reason["good"]],
        "state": str(PROPOSAL.states[row.state]),
        "badge": DECIDED[row.state],
        "open": row.state == "open",
        "why": str(REFUSE_CODES[row.code]) if row.code in REFUSE_CODES else "",
        "decide_url": address(request, "matching.proposal_decide", proposal=row.pk),
        "other_url": address(request, "matching.place_search", pathway=row.pathway_id),
        "placement_url": placement_url(request.service, row.placement_id) if row.placement_id else "",
    }


def left_card(request: Any, row: Proposal) -> dict[str, Any]:
    """Who was left without, and why: nothing is possible, or others go first at what is."""
    kept = row.kept
    possible = int(kept.get("possible", 0))
    if possible:
        why = ngettext(
            "Er is %(n)s taak die past. Die gaat in dit voorstel naar wie langer wacht of er meer aan heeft.",
            "Er zijn %(n)s taken die passen. Die gaan in dit voorstel naar wie langer wacht of er meer aan heeft.",
            possible,
        ) % {"n": possible}
    else:
        why = _("Er is nu geen taak die past.")
    return {
        "name": str(row.person),
        "person_url": person_url(request.service, row.person_id),
        "coach": str(row.pathway.coach),
        "waits": ngettext("wacht %(n)s week", "wacht %(n)s weken", row.weeks) % {"n": row.weeks},
        "why": why,
        "near": [near_words(group) for group in kept.get("near", [])],
        "url": address(request, "matching.place_search", pathway=row.pathway_id),
    }


def near_words(group: dict[str, Any]) -> str:
    count = ngettext("%(n)s taak meer", "%(n)s taken meer", group["count"]) % {"n": group["count"]}
    return f"{group['title']}: {count}"


def host_columns() -> list[Any]:
    return [
        _("Organisatie"),
        {"label": _("Kan nu nog dragen"), "align": "end"},
        {"label": _("Vraagt dit voorstel"), "align": "end"},
        {"label": _("Blijft over"), "align": "end"},
        _("Taken"),
    ]


def host_rows(request: Any, open_ones: Iterable[Proposal]) -> list[list[Any]]:
    """Per organisation what it would carry, in people with guidance; what was decided already counts in what is left."""
    by_host: dict[Any, list[Proposal]] = {}
    for row in open_ones:
        by_host.setdefault(row.host, []).append(row)
    left = guidance_left({host.organisation_id for host in by_host}, timezone.localdate())
    rows = []
    for host, group in sorted(by_host.items(), key=lambda one: one[0].organisation.name):
        weight = sum(weight_of(row) for row in group)
        room = left[host.organisation_id].left or 0
        titles = ", ".join(sorted({str(row.task) for row in group}))
        name = {"text": host.organisation.name, "href": host_url(request.service, host.pk)}
        rows.append([name, room, weight, room - weight, titles])
    return rows


def weight_of(row: Proposal) -> int:
    """What this person asks of the host's guidance, as when it was searched."""
    kinds = len(row.kept.get("known", {}).get("support", []))
    return next(weight for least, weight in facts.WEIGHTS if kinds >= least)


def advice(search: Search) -> list[str]:
    """What is short, in words; each was tried before it was told."""
    short = {
        "guidance": _("Begeleiding is wat ontbreekt bij %(what)s. Eén begeleide plaats meer:"),
        "seats": _("Plaatsen zijn wat ontbreekt: %(what)s. Eén plaats meer:"),
        "asks": _("%(what)s kreeg deze maand al veel vragen. Eén vraag meer:"),
        "coach": _("Tijd is wat ontbreekt bij %(what)s. Twee uur per week meer:"),
    }
    names = named(search)
    return [
        f"{short[row['kind']] % {'what': names[row['key']]}} {helped(row['people'])}"
        for row in search.advice
        if row["key"] in names
    ]


def helped(people: int) -> str:
    words = ngettext(
        "dan vindt %(n)s persoon meer een plek.", "dan vinden %(n)s mensen meer een plek.", people
    )
    return words % {"n": people}


def named(search: Search) -> dict[str, str]:
    """The name of each host (with its town), task and coach in the advice."""
    keys: dict[str, list[str]] = {}
    for row in search.advice:
        keys.setdefault(row["kind"], []).append(row["key"])
    hosts = Host.objects.filter(pk__in=[*keys.get("guidance", []), *keys.get("asks", [])])
    tasks = Task.objects.filter(pk__in=keys.get("seats", []))
    found = {
        str(host.pk): with_town(host.organisation, host.organisation.municipality)
        for host in hosts.select_related("organisation__municipality")
    }
    found |= {
        str(task.pk): f"{task.title} ({with_town(task.organisation, task.town)})"
        for task in tasks.select_related("organisation__municipality", "site__municipality")
    }
    return found | {str(row.pk): row.name for row in StaffMember.objects.filter(pk__in=keys.get("coach", []))}


def with_town(organisation: Any, town: Any) -> str:
    return f"{organisation.name}, {town.name}" if town else organisation.name


# One proposal --------------------------------------------------------------------------------------------------------------


@page(
    "<slug:service>/voorstellen/besluit/<uuid:proposal>/",
    rule="matching.proposal.decide",
    loads="proposal",
    methods=FORM,
)
def proposal_decide(request: Any, proposal: Proposal) -> HttpResponse:
    """Accept, with the day and half-days as you want them; or refuse with one tap; or go and choose something else."""
    if proposal.task_id is None or proposal.search_id is None:
        return redirect(address(request, "matching.place_search", pathway=proposal.pathway_id))
    row = proposals(request, proposal.search).get(pk=proposal.pk)
    task: Any = row.task
    back = f"{address(request, 'matching.search_detail', search=row.search_id)}#v-{row.pk}"
    refusing = request.method == "POST" and "weiger" in request.POST
    accept = AcceptForm(
        request.POST if request.method == "POST" and not refusing else None,
        task_half_days=task.half_days,
        overlap=row.half_days,
        weight=weight_of(row),
    )
    refuse = RefuseForm(request.POST if refusing else None)
    made: list[Placement] = []
    if submit(
        accept, lambda data: made.append(actions.accept_proposal(proposal=row, actor=request.actor, **data))
    ):
        messages.success(request, _("Aanvaard. De plek is voorgesteld. Maak nu de afsprakennota."))
        return redirect(placement_url(request.service, made[0].pk))
    if submit(refuse, lambda data: actions.refuse_proposal(proposal=row, actor=request.actor, **data)):
        messages.success(request, _("Geweigerd. De plek blijft vrij voor iemand anders."))
        return redirect(back)
    context = {
        "row": row,
        "card": proposal_card(request, row),
        "week": week(task.half_days),
        "when": halfdays.in_words(task.half_days) or _("op elk moment"),
        "form": accept,
        "refuse": refuse,
        "codes": list(REFUSE_CODES.items()),
        "gone": row.pk in ranking.no_longer([row], timezone.localdate()),
        "back": back,
    }
    return show(request, "matching/proposal_decide.html", context)
