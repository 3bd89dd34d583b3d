"""The whole caseload: start a search, follow it, decide on each proposal. A human decides (requirements E2 and E4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stapsteen.core import halfdays
from stapsteen.core.access import may, reachable
from stapsteen.core.pages import page, show, submit
from stapsteen.core.scope import Actor
from stapsteen.hosts.models import Host, Task
from stapsteen.hosts.queries import guidance_left, host_url
from stapsteen.hosts.views import address, week
from stapsteen.matching import actions, facts, learned, ranking
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
KEPT = ("begeleider", "stand", "pagina")
"""What the address of a board says, so that a decision leads back to the same list."""
STANDS = {"open": gettext_lazy("Nog te beslissen"), "beslist": gettext_lazy("Al beslist")}
REASONS = 2
"""So many reasons stand on a card beside what to watch; the others are one tap away."""
OPENS = {
    "minutes": gettext_lazy("De weg mag langer duren"),
    "way": gettext_lazy("De persoon geraakt er op een andere manier"),
    "half_days": gettext_lazy("De persoon kan op een ander moment"),
    "dutch": gettext_lazy("De persoon leert meer Nederlands, of de taak vraagt minder"),
    "avoid": gettext_lazy("De taak kan zonder wat de persoon niet kan"),
    "seats": gettext_lazy("Er komt een plaats vrij"),
    "guidance": gettext_lazy("De organisatie kan nog iemand begeleiden"),
    "support": gettext_lazy("De organisatie kan deze steun geven"),
    "unsaid": gettext_lazy("De organisatie zegt hoeveel mensen ze kan begeleiden"),
    "paused": gettext_lazy("De pauze van de organisatie is voorbij"),
    "coach": gettext_lazy("De begeleider heeft meer tijd voor nieuwe plekken"),
    "asks": gettext_lazy("De organisatie mag deze maand nog een vraag krijgen"),
}
"""What would open a task (ranking.what_would_open, shortage.in_the_way), over everybody without a proposal."""


@page("<slug:service>/voorstellen/", rule="matching.search.view", methods=FORM)
def search_list(request: Any) -> HttpResponse:
    """Start a search; below it the earlier ones."""
    on, runs = actions.settings_now().on, may(request.actor, "matching.search.run")
    if request.method == "POST":
        search = actions.start_search(actor=request.actor)
        return redirect(address(request, "matching.search_detail", search=search.pk))
    searches = (
        Search.objects.select_related("asked_by")
        .annotate(open_ones=Count("proposals", filter=Q(proposals__state="open")))
        .order_by("-created_at", "-pk")
    )
    found = Paginator(searches, PER_PAGE).get_page(request.GET.get("pagina"))
    context = {
        "page": found,
        "columns": [
            _("Wanneer"), _("Stand"), {"label": _("Mensen"), "align": "end"},
            {"label": _("Voorgesteld"), "align": "end"}, {"label": _("Nog te beslissen"), "align": "end"},
            {"label": _("Zonder plek"), "align": "end"}, _("Door"),
        ],
        "rows": [search_row(request, row) for row in found],
        "waiting": facts.waiting(Pathway.objects.filter(starts_on__lte=timezone.localdate())).count(),
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


def search_row(request: Any, row: Any) -> list[Any]:
    """`row`: a search with how many of its proposals are open."""
    url = address(request, "matching.search_detail", search=row.pk)
    when = timezone.localtime(row.created_at).strftime("%d/%m/%Y %H:%M")
    state = {"text": str(SEARCH.states[row.state]), "badge": BADGES[row.state]}
    people, proposed, left = (row.counts.get(key, "–") for key in ("people", "proposed", "unplaced"))
    to_decide = {"text": row.open_ones, "badge": "wish"} if row.open_ones else 0
    who = row.asked_by.name if row.asked_by else "–"
    return [{"text": when, "href": url}, state, people, proposed, to_decide, left, who]


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
    rows, only_own = proposals(request, search), not may(request.actor, "matching.search.run")
    coaches = sorted(
        set(rows.order_by().values_list("pathway__coach_id", "pathway__coach__name")), key=lambda one: one[1]
    )
    asked = request.GET.get("begeleider", "")
    chosen = next((key for key, _name in coaches if str(key) == asked), None)
    coach = str(chosen or "")
    rows = rows.filter(pathway__coach_id=chosen) if chosen else rows
    counts = Counter(rows.order_by().values_list("state", flat=True))
    stand = request.GET.get("stand", "")
    stand = stand if stand in STANDS else ""
    proposed = rows.exclude(state="unplaced")
    parts = {
        "mensen": of_stand(proposed, stand),
        "organisaties": rows.filter(state="open"),
        "zonder": rows.filter(state="unplaced"),
    }
    shown = Paginator(parts[part], PER_PAGE).get_page(request.GET.get("pagina"))
    return {
        "part": part,
        "tabs": tabs(request, part, coach, {**parts, "mensen": proposed}),
        "page": shown,
        "cards": still_cards(request, list(shown)) if part == "mensen" else [],
        "left": [left_card(request, row) for row in shown] if part == "zonder" else [],
        "hosts": host_rows(request, parts[part]) if part == "organisaties" else [],
        "host_columns": host_columns(),
        "coaches": [(str(key), name) for key, name in coaches] if len(coaches) > 1 else [],
        "coach": coach,
        "stands": list(STANDS.items()) if part == "mensen" and proposed.exists() else [],
        "stand": stand,
        "filtered": bool(coach or stand),
        "stats": stats(search, counts, whole=not (chosen or only_own)),
        "advice": advice(search, request.actor if only_own else None),
        "tried": bool(search.counts.get("tried") and search.counts["unplaced"] and not search.advice),
        "opens": opens(search),
        "newer_url": newer_url(request, search),
        "sheet_url": address(request, "matching.search_sheet", search=search.pk),
        "only_own": only_own,
    }


def stats(search: Search, counts: Counter[str], *, whole: bool) -> list[tuple[str, int, str]]:
    """Of the people of this board: `counts` by state; `whole`: everybody's, so that the time before can stand beside it."""
    everybody, left = sum(counts.values()), counts["unplaced"]
    return [
        (_("Mensen zonder plek"), everybody, ""),
        (_("Voorstellen"), everybody - left, kept_words(search) if whole else ""),
        (_("Nog te beslissen"), counts["open"], ""),
        (_("Zonder voorstel"), left, ""),
    ]


def of_stand(rows: QuerySet[Proposal], stand: str) -> QuerySet[Proposal]:
    """All of these, or only what is still to decide or what was decided."""
    if stand == "open":
        return rows.filter(state="open")
    return rows.exclude(state="open") if stand else rows


def newer_url(request: Any, search: Search) -> str:
    """The newest search that is done, "" when it is this one: what is open stands there."""
    newest = Search.objects.filter(state="done").first()
    same = newest is None or newest.pk == search.pk
    return "" if same else address(request, "matching.search_detail", search=newest.pk)


def opens(search: Search) -> list[str]:
    """What would open a task for how many people without a proposal, most first."""
    found = search.counts.get("opens", {})
    rows = sorted(
        ((people, str(OPENS[key])) for key, people in found.items() if key in OPENS), key=opens_most
    )
    return [f"{label}: {people_words(people)}" for people, label in rows]


def opens_most(row: tuple[int, str]) -> tuple[int, str]:
    return -row[0], row[1]


def people_words(people: int) -> str:
    return ngettext("%(n)s persoon", "%(n)s mensen", people) % {"n": people}


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
    pros = [reason["text"] for reason in kept.get("reasons", []) if reason["good"]]
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
        "pros": pros,
        "first_pros": pros[:REASONS],
        "more_pros": pros[REASONS:],
        "cons": [reason["text"] for reason in kept.get("reasons", []) if not reason["good"]],
        "state": str(PROPOSAL.states[row.state]),
        "badge": DECIDED[row.state],
        "open": row.state == "open",
        "refused": row.state == "refused",
        "why": str(REFUSE_CODES[row.code]) if row.code in REFUSE_CODES else "",
        "decide_url": with_kept(request, address(request, "matching.proposal_decide", proposal=row.pk)),
        "other_url": address(request, "matching.place_search", pathway=row.pathway_id),
        "placement_url": placement_url(request.service, row.placement_id) if row.placement_id else "",
    }


def with_kept(request: Any, url: str, *, mark: str = "") -> str:
    """With what the address of the board said."""
    kept = urlencode({name: request.GET[name] for name in KEPT if request.GET.get(name)})
    return f"{url}{'?' if kept else ''}{kept}{mark}"


def left_card(request: Any, row: Proposal) -> dict[str, Any]:
    """Who was left without, and why: nothing is possible, or others go first at what is."""
    kept = row.kept
    why = why_left(int(kept.get("possible", 0)), kept.get("missing", "taken"), str(row.pathway.coach))
    return {
        "name": str(row.person),
        "person_url": person_url(request.service, row.person_id),
        "coach": str(row.pathway.coach),
        "waits": ngettext("wacht %(n)s week", "wacht %(n)s weken", row.weeks) % {"n": row.weeks},
        "why": why,
        "near": [near_words(group) for group in kept.get("near", [])],
        "url": address(request, "matching.place_search", pathway=row.pathway_id),
    }


def why_left(possible: int, missing: str, coach: str) -> str:
    """`missing`: what all tasks that fit lack (shortage.in_the_way)."""
    if not possible:
        return _("Er is nu geen taak die past.")
    fits = ngettext("Er is %(n)s taak die past.", "Er zijn %(n)s taken die passen.", possible) % {
        "n": possible
    }
    told = {
        "coach": _("Maar de tijd van %(coach)s voor nieuwe plekken is op.") % {"coach": coach},
        "asks": _("Maar daar werd deze maand al genoeg gevraagd."),
        "guidance": _("Maar de begeleiding daar gaat in dit voorstel naar anderen."),
        "seats": _("Maar de plaatsen daar gaan in dit voorstel naar anderen."),
    }
    others = _("Die gaan in dit voorstel naar wie langer wacht of er meer aan heeft.")
    return f"{fits} {told.get(missing, others)}"


def near_words(group: dict[str, Any]) -> str:
    count = ngettext("%(n)s taak meer", "%(n)s taken meer", group["count"]) % {"n": group["count"]}
    return f"{group['title']}: {count}"


def host_columns() -> list[Any]:
    return [
        _("Organisatie"),
        _("Wie zou komen"),
        {"label": _("Kan nu nog dragen"), "align": "end"},
        {"label": _("Vraagt dit voorstel"), "align": "end"},
        {"label": _("Blijft over"), "align": "end"},
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
        who = {"text": ", ".join(sorted(str(row.person) for row in group)), "sub": titles}
        rows.append([name, who, room, weight, what_stays(room - weight)])
    return rows


def what_stays(room: int) -> Any:
    """Room that is left, marked when it is all taken or, because something changed meanwhile, too little."""
    if room > 0:
        return room
    return {"text": room, "badge": "error" if room else "warning", "sub": _("te veel") if room else _("vol")}


def weight_of(row: Proposal) -> int:
    """What this person asks of the host's guidance, as when it was searched."""
    kinds = len(row.kept.get("known", {}).get("support", []))
    return next(weight for least, weight in facts.WEIGHTS if kinds >= least)


def advice(search: Search, own: Actor | None = None) -> list[str]:
    """What is short, in words; each was tried before it was told. `own`: a coach, who doesn't read of colleagues' time."""
    mine = {str(row.pk) for row in StaffMember.objects.filter(user_id=own.user_id)} if own else set[str]()
    names = named(search)
    return [
        f"{short_words(row['kind'], names[row['key']], row.get('more', 1))} {helped(row['people'])}"
        for row in search.advice
        if row["key"] in names and (row["kind"] != "coach" or own is None or row["key"] in mine)
    ]


def short_words(kind: str, what: str, more: int) -> str:
    told = {
        "guidance": ngettext(
            "Begeleiding is wat ontbreekt bij %(what)s. Begeleiding voor %(n)s mens meer:",
            "Begeleiding is wat ontbreekt bij %(what)s. Begeleiding voor %(n)s mensen meer:",
            more,
        ),
        "seats": _("Plaatsen zijn wat ontbreekt: %(what)s. Eén plaats meer:"),
        "place": _("Een begeleide plaats is wat ontbreekt: %(what)s. Eén begeleide plaats meer:"),
        "asks": _("%(what)s kreeg deze maand al veel vragen. Eén vraag meer:"),
        "coach": _("Tijd is wat ontbreekt bij %(what)s. %(n)s uur per week meer:"),
    }
    return told[kind] % {"what": what, "n": more}


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
    tasks = Task.objects.filter(pk__in=[*keys.get("seats", []), *keys.get("place", [])])
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
    """Accept, with the day and half-days as you want them; or refuse with one tap; or go and choose something else. What
    was refused can be decided on again, while nothing took its place."""
    if proposal.task_id is None or proposal.search_id is None:
        return redirect(address(request, "matching.place_search", pathway=proposal.pathway_id))
    row = proposals(request, proposal.search).get(pk=proposal.pk)
    task: Any = row.task
    board_url = address(request, "matching.search_detail", search=row.search_id)
    back = with_kept(request, board_url, mark=f"#v-{row.pk}")
    if request.method == "POST" and "opnieuw" in request.POST:
        actions.reopen_proposal(proposal=row, actor=request.actor)
        messages.success(request, _("Je kan opnieuw beslissen over dit voorstel."))
        return redirect(with_kept(request, request.path))
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
        "learned": learned.told({row.host_id}, row.person.support)[row.host_id] if row.host_id else [],
        "week": week(task.half_days),
        "when": halfdays.in_words(task.half_days) or _("op elk moment"),
        "form": accept,
        "refuse": refuse,
        "codes": list(REFUSE_CODES.items()),
        "again": actions.may_reopen(row),
        "gone": row.pk in ranking.no_longer([row], timezone.localdate()),
        "back": back,
    }
    return show(request, "matching/proposal_decide.html", context)
