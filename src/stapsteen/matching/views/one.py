"""For one person: the list with its reasons, three side by side, and the choice."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stapsteen.core import halfdays
from stapsteen.core.pages import page, show, submit
from stapsteen.hosts.models import DUTCH_SKILLS, LIFTS, SECTORS
from stapsteen.hosts.queries import host_url
from stapsteen.hosts.views import address, week
from stapsteen.matching import actions, facts, learned
from stapsteen.matching.facts import Seeker
from stapsteen.matching.forms import ChooseForm, WeighForm, weighing_of
from stapsteen.matching.models import Proposal
from stapsteen.matching.ranking import (
    NEAR_SHOWN,
    SHOWN,
    Askable,
    Choice,
    Ground,
    Near,
    Ranking,
    askable,
    rank,
)
from stapsteen.matching.reasons import Reason
from stapsteen.matching.travel import in_words as way_in_words
from stapsteen.matching.views.from_task import FROM_TASK
from stapsteen.matching.views.kept import decided, open_proposal, places_now
from stapsteen.matching.weighing import Weighing
from stapsteen.pathways.models import Pathway
from stapsteen.people.models import DUTCH_LEVELS, MOBILITY, SUPPORT
from stapsteen.people.queries import person_url
from stapsteen.placements.models import Placement
from stapsteen.placements.queries import placement_url

FORM = ("GET", "POST")
MOST_COMPARED = 3


def seeker_of(pathway: Pathway) -> Seeker:
    [one] = facts.seekers(Pathway.objects.filter(pk=pathway.pk), timezone.localdate())
    return one


def ranking_for(one: Seeker, weighing: Weighing) -> Ranking:
    day = timezone.localdate()
    return rank(one, Ground.lay(facts.offers(day), day, weighing, learned.learned_now()))


def frame(request: Any, one: Seeker, weighing: Weighing) -> dict[str, Any]:
    """What each of these pages shows about the person, and the way back to the list as it was weighed."""
    return {
        "person_name": str(one.person),
        "person_url": person_url(request.service, one.person.pk),
        "list_url": with_weighing(
            address(request, "matching.place_search", pathway=one.pathway.pk), weighing
        ),
    }


def with_weighing(url: str, weighing: Weighing, **more: Any) -> str:
    """The address with what differs from the usual weighing, and more."""
    chosen = {"dichtbij": weighing.near, "wens": weighing.wish, "snel": weighing.soon}
    query = urlencode({**{name: value for name, value in chosen.items() if value != 1}, **more}, doseq=True)
    return f"{url}?{query}" if query else url


# The list ----------------------------------------------------------------------------------------------------------------


@page(
    "<slug:service>/trajecten/<uuid:pathway>/zoek-plek/",
    rule="pathways.pathway.guide",
    loads="pathway",
    methods=FORM,
)
def place_search(request: Any, pathway: Pathway) -> HttpResponse:
    """The best tasks with what speaks for and against, what just misses, and whom one could ask."""
    if request.method == "POST":
        note(request, pathway)
        return redirect(request.path)
    if not actions.settings_now().on:
        messages.info(request, _("Zoeken naar plekken staat uit voor deze dienst. Kies zelf uit de lijst."))
        return redirect(address(request, "placements.place_pick", pathway=pathway.pk))
    weighing = weighing_of(request.GET)
    one = seeker_of(pathway)
    if actions.objects(pathway.person):
        context = {
            **frame(request, one, weighing),
            "plain_url": address(request, "placements.place_pick", pathway=pathway.pk),
        }
        return show(request, "matching/place_objected.html", context)
    found = ranking_for(one, weighing)
    every, ticked = request.GET.get("alles") == "1", set(request.GET.getlist("taak"))
    shown = found.choices if every else found.choices[:SHOWN]
    counts = learned.told({choice.offer.host.pk for choice in found.choices}, one.person.support)
    url = address(request, "matching.place_search", pathway=pathway.pk)
    context = {
        **frame(request, one, weighing),
        "form": WeighForm(weighing),
        "choices": [
            {**card(request, one, choice, weighing, counts), "ticked": str(choice.offer.task.pk) in ticked}
            for choice in shown
        ],
        "found": ngettext("%(n)s taak past", "%(n)s taken passen", len(found.choices))
        % {"n": len(found.choices)},
        "every": every,
        "more": len(shown) < len(found.choices),
        "near": [near_card(request, one, group, weighing) for group in found.near],
        "askable": [ask_card(request, one, host) for host in askable(one, found, timezone.localdate())],
        "can_do": can_do(one),
        "known": known_facts(one),
        "missing": missing(request, one),
        "places": places_now(request, one),
        "proposal": open_proposal(request, pathway),
        "decided": decided(pathway),
        "runs": pathway.state == "active",
        "reset_url": url,
        "compare_url": address(request, "matching.place_compare", pathway=pathway.pk),
        "weighed": weighing != Weighing(),
        "plain_url": address(request, "placements.place_pick", pathway=pathway.pk),
        "how_url": address(request, "matching.how"),
        "hosts_url": address(request, "hosts.host_list"),
    }
    return show(request, "matching/place_search.html", context)


def note(request: Any, pathway: Pathway) -> None:
    """What is said on the page itself: the person objects or not, or a task may be shown again."""
    if again := request.POST.get("toon"):
        actions.show_again(pathway=pathway, actor=request.actor, proposal=again)
        messages.success(request, _("Deze taak staat weer in de lijst, als ze past."))
        return
    act = actions.end_objection if "weer" in request.POST else actions.object_to_search
    act(pathway=pathway, actor=request.actor)
    messages.success(request, _("Genoteerd."))


def line(request: Any, one: Seeker, choice: Choice, weighing: Weighing) -> dict[str, Any]:
    """One task in one line: what, where, and the address to choose it."""
    offer, task = choice.offer, choice.offer.task
    url = address(request, "matching.place_choose", pathway=one.pathway.pk, task=task.pk)
    about = (offer.place.name if offer.place else "", str(SECTORS[offer.facts.sector]))
    return {
        "key": str(task.pk),
        "title": task.title,
        "part": str(offer.part) if offer.part else "",
        "organisation": offer.host.organisation.name,
        "sub": " · ".join(part for part in about if part),
        "url": with_weighing(url, weighing),
    }


def card(
    request: Any, one: Seeker, choice: Choice, weighing: Weighing, counts: dict[UUID, list[str]]
) -> dict[str, Any]:
    """One task as it is shown: never a score."""
    offer = choice.offer
    return {
        **line(request, one, choice, weighing),
        "host_url": host_url(request.service, offer.host.pk),
        "pros": [reason.text for reason in choice.reasons if reason.good and reason.code != "moment"],
        "cons": [reason.text for reason in choice.reasons if not reason.good],
        "learned": counts.get(offer.host.pk, []),
        "week": week(choice.overlap) if offer.facts.half_days or one.half_days else [],
        "when": moments(choice),
        "both": bool(one.half_days),
    }


def moments(choice: Choice) -> str:
    """When the task can be done by this person, in words."""
    if not choice.offer.facts.half_days:
        return _("op elk moment")
    return halfdays.in_words(choice.overlap) or _("nog geen moment samen")


def near_card(request: Any, one: Seeker, group: Near, weighing: Weighing) -> dict[str, Any]:
    """What would have to change, the first few tasks, and the others to fold out."""
    lines = [{**line(request, one, choice, weighing), "way": way_of(one, choice)} for choice in group.choices]
    return {
        "title": group.title,
        "count": ngettext("%(n)s taak meer", "%(n)s taken meer", group.count) % {"n": group.count},
        "choices": lines[:NEAR_SHOWN],
        "others": lines[NEAR_SHOWN:],
        "hidden": group.count - len(lines),
    }


def ask_card(request: Any, one: Seeker, host: Askable) -> dict[str, Any]:
    """The host, and a new task there that begins from what this person wants and can."""
    organisation = host.host.organisation
    wished = [code for code in one.person.sectors if code in organisation.sectors] or one.person.sectors
    draft: dict[str, Any] = {"sector": wished[:1], "half_dagen": [one.half_days] if one.half_days else []}
    draft["traject"] = [one.pathway.pk]
    sub = " · ".join(part for part in (", ".join(host.sectors), host.way) if part)
    return {
        "name": organisation.name,
        "url": host_url(request.service, host.host.pk),
        "sub": sub,
        "left": ngettext("Kan nog %(n)s persoon begeleiden", "Kan nog %(n)s mensen begeleiden", host.left)
        % {"n": host.left},
        "task_url": f"{address(request, 'hosts.task_add', host=host.host.pk)}?{urlencode(draft, doseq=True)}",
    }


def known_facts(one: Seeker) -> list[tuple[str, str]]:
    """What the list was made from, so that a coach can see and mend it."""
    person = one.person
    minutes = _(" (tot %(n)s minuten)") % {"n": person.travel_minutes} if person.travel_minutes else ""
    rows = [
        (_("Wil graag"), ", ".join(str(SECTORS[code]) for code in SECTORS if code in person.sectors)),
        (_("Kan op"), _("geen moment meer vrij") if one.busy else halfdays.in_words(one.half_days)),
        (_("Woont in"), one.home.name if one.home else ""),
        (_("Komt"), ", ".join(str(MOBILITY[code]) for code in MOBILITY if code in person.mobility) + minutes),
        (_("Nederlands"), dutch_words(one.dutch)),
        (_("Steun"), ", ".join(str(SUPPORT[code]) for code in SUPPORT if code in person.support)),
        (_("Gaat niet"), ", ".join(str(LIFTS[code]) for code in LIFTS if code in one.avoid)),
    ]
    return [(term, value) for term, value in rows if value]


def dutch_words(dutch: dict[str, str]) -> str:
    """'luisteren 2.1, spreken 1.2, ...'; one step for all four is said once."""
    if len(dutch) == len(DUTCH_SKILLS) and len(set(dutch.values())) == 1:
        return str(DUTCH_LEVELS[dutch["speaking"]])
    return ", ".join(f"{DUTCH_SKILLS[skill]} {DUTCH_LEVELS[step]}" for skill, step in dutch.items())


def can_do(one: Seeker) -> list[tuple[str, str]]:
    """What a task made for this person can begin from, in the person's own words. The search itself reads none of it."""
    rows = [(_("Goed in"), one.person.talents), (_("Wil graag"), one.person.wishes)]
    return [(term, words) for term, words in rows if words]


def missing(request: Any, one: Seeker) -> list[dict[str, str]]:
    """What isn't known yet, each with the page to fill it in: the list gets better of it."""
    asked = [
        (_("Welk werk de persoon graag doet"), one.person.sectors, "people.talents_edit"),
        (_("Wanneer de persoon kan"), one.half_days, "people.days_edit"),
        (_("Waar de persoon woont"), one.home, "people.person_edit"),
        (_("Hoe de persoon zich verplaatst"), one.person.mobility, "people.days_edit"),
        (_("Hoe het Nederlands gaat"), one.dutch, "people.dutch_edit"),
    ]
    return [
        {"text": words, "url": address(request, name, person=one.person.pk)}
        for words, known, name in asked
        if not known
    ]


# Side by side --------------------------------------------------------------------------------------------------------------


@page("<slug:service>/trajecten/<uuid:pathway>/vergelijk/", rule="pathways.pathway.guide", loads="pathway")
def place_compare(request: Any, pathway: Pathway) -> HttpResponse:
    """Up to three tasks side by side, as rows of the same questions."""
    if actions.objects(pathway.person):
        return redirect(address(request, "matching.place_search", pathway=pathway.pk))
    weighing = weighing_of(request.GET)
    one = seeker_of(pathway)
    found = ranking_for(one, weighing)
    asked = list(dict.fromkeys(request.GET.getlist("taak")))
    chosen = [choice for choice in found.choices if str(choice.offer.task.pk) in asked][:MOST_COMPARED]
    counts = learned.told({choice.offer.host.pk for choice in chosen}, one.person.support)
    cards = [card(request, one, choice, weighing, counts) for choice in chosen]
    context = {
        **frame(request, one, weighing),
        "list_url": with_weighing(
            address(request, "matching.place_search", pathway=pathway.pk), weighing, taak=asked
        ),
        "cards": cards,
        "rows": compare_rows(one, chosen, cards),
        "too_many": len(asked) > MOST_COMPARED,
    }
    return show(request, "matching/place_compare.html", context)


def compare_rows(
    one: Seeker, chosen: list[Choice], cards: list[dict[str, Any]]
) -> list[tuple[str, list[Any]]]:
    """Question -> what each of the tasks answers: a text, or a list of texts."""
    guidance = [choice.offer.task.GUIDANCE[choice.offer.facts.guidance] for choice in chosen]
    return [
        (_("Organisatie"), [row["organisation"] for row in cards]),
        (_("Waar"), [choice.offer.place.name if choice.offer.place else "–" for choice in chosen]),
        (_("Onderweg"), [way_of(one, choice) for choice in chosen]),
        (_("Wanneer beiden kunnen"), [row["when"] for row in cards]),
        (_("Begeleiding bij de taak"), [str(word) for word in guidance]),
        (_("Plaatsen vrij"), [str(choice.offer.facts.seats_left) for choice in chosen]),
        (
            _("Wat ervoor spreekt"),
            [[reason.text for reason in choice.reasons if tells_more(reason)] for choice in chosen],
        ),
        (_("Waar je op let"), [row["cons"] for row in cards]),
        (_("Wat we al weten"), [row["learned"] for row in cards]),
    ]


def tells_more(reason: Reason) -> bool:
    """Speaks for the place, and has no row of its own."""
    return reason.good and reason.code not in ("near", "moment", "any_moment")


def way_of(one: Seeker, choice: Choice) -> str:
    km = facts.distance(one, choice.offer)
    return "–" if km is None else way_in_words(km, one.person.mobility, choice.offer.facts.travel)


# Choosing ------------------------------------------------------------------------------------------------------------------


@page(
    "<slug:service>/trajecten/<uuid:pathway>/zoek-plek/<uuid:task>/",
    rule="pathways.pathway.guide",
    loads="pathway",
    methods=FORM,
)
def place_choose(request: Any, pathway: Pathway, task: UUID) -> HttpResponse:
    """First day, half-days, guidance; and who passes by the first of the list says why."""
    if actions.objects(pathway.person):
        return redirect(address(request, "matching.place_search", pathway=pathway.pk))
    weighing = weighing_of(request.GET)
    one = seeker_of(pathway)
    found = ranking_for(one, weighing)
    choice = chosen(found, task)
    if choice is None:
        messages.info(request, _("Deze taak past nu niet, of iemand was je voor. Kies een andere."))
        return redirect(frame(request, one, weighing)["list_url"])
    seen = [] if asked_for(request, pathway, task) else [each.offer.task.pk for each in found.choices]
    form = ChooseForm(
        request.POST or None,
        task_half_days=choice.offer.facts.half_days,
        overlap=choice.overlap,
        weight=one.weight,
        first="" if not seen or seen[0] == task else first_words(found),
    )
    made: list[Placement] = []

    def act(data: dict[str, Any]) -> None:
        made.append(
            actions.choose_task(
                pathway=pathway, actor=request.actor, offer=choice.offer, weighing=weighing, seen=seen, **data
            )
        )

    if submit(form, act):
        messages.success(request, _("De plek is voorgesteld. Maak nu de afsprakennota."))
        return redirect(placement_url(request.service, made[0].pk))
    counts = learned.told({choice.offer.host.pk}, one.person.support)
    context = {
        **frame(request, one, weighing),
        **way_back(request, task),
        "form": form,
        "card": card(request, one, choice, weighing, counts),
        "in_the_way": lower_first(found.in_the_way(task)),
    }
    return show(request, "matching/place_choose.html", context)


def asked_for(request: Any, pathway: Pathway, task: UUID) -> bool:
    """From the task itself, or as a search proposed: then no first of the list was passed by."""
    proposed = Proposal.objects.filter(pathway=pathway, state="open", task_id=task)
    return request.GET.get("van") == FROM_TASK or proposed.exists()


def first_words(found: Ranking) -> str:
    """The first of the list, to say why it isn't chosen."""
    offer = found.choices[0].offer
    return _("%(task)s bij %(host)s") % {"task": offer.task.title, "host": offer.host.organisation.name}


def way_back(request: Any, task: UUID) -> dict[str, str]:
    """Whoever came from the task goes back there; the others to their list, as frame() says."""
    if request.GET.get("van") != FROM_TASK:
        return {"back_label": _("Terug naar de lijst")}
    return {
        "list_url": address(request, "matching.task_wishers", task=task),
        "back_label": _("Terug naar wie dit wenste"),
    }


def lower_first(words: str) -> str:
    return words[:1].lower() + words[1:]


def chosen(found: Ranking, task: UUID) -> Choice | None:
    """This task among what fits or just misses."""
    everything = [*found.choices, *(choice for group in found.near for choice in group.choices)]
    return next((choice for choice in everything if choice.offer.task.pk == task), None)
