"""The demo's life maps, spiders, goals and actions: for whoever follows a programme that works with them.

Everybody and everything said here is invented; the words belong to no instrument.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from stapsteen.network.models import ProgrammeVersion
from stapsteen.pathways import actions as pathways
from stapsteen.pathways.models import Axis, GoalAction, Pathway
from stapsteen.portals.demo.agenda import Agenda, workday

type Moment = tuple[date, Callable[[], Any]]

SAID: dict[str, tuple[tuple[int, str, str, str, str], ...]] = {
    "housing": (
        (2, "Het is klein en vochtig. Ik slaap in de zetel.", "De buren zijn vriendelijk.",
         "De huisbaas niet, mijn zus wel.", "Een eigen kamer."),
        (4, "Ik woon hier graag. Het is stil.", "Ik heb een tuintje.", "De conciërge.", "Zo laten."),
    ),
    "money": (
        (2, "Op het einde van de maand is het op.", "De huur is altijd betaald.",
         "De budgetbegeleider.", "Eens iets kunnen kopen zonder schrik."),
        (3, "Het gaat, als er niets stuk gaat.", "Ik schrijf alles op.",
         "Mijn broer leent soms iets.", "Een klein potje voor later."),
    ),
    "body": (
        (3, "Mijn rug doet niet altijd mee.", "Wandelen gaat goed.",
         "De huisarts.", "Weer een half uur kunnen fietsen."),
        (4, "Ik voel me fit genoeg.", "Ik stap elke dag.", "Niemand, dat hoeft ook niet.", ""),
    ),
    "mind": (
        (2, "Ik pieker veel, vooral 's nachts.", "In de tuin word ik rustig.",
         "Mijn zus belt elke week.", "Slapen zonder piekeren."),
        (3, "Er zijn goede en slechte dagen.", "Muziek helpt.",
         "De mensen van het buurthuis.", "Meer goede dagen."),
    ),
    "family": (
        (3, "Mijn zoon zie ik om de twee weken.", "Dan koken we samen.", "Mijn moeder.", "Hem elke week zien."),
        (2, "We spreken niet meer met elkaar.", "Mijn nicht belt soms.",
         "Mijn nicht.", "Weer contact met mijn broer."),
    ),
    "people": (
        (1, "Ik ken hier bijna niemand.", "De bakker kent mijn naam.",
         "Niemand.", "Iemand om koffie mee te drinken."),
        (2, "Mijn vrienden wonen ver.", "We sturen berichten.", "Een oude collega.", "Hier mensen leren kennen."),
    ),
    "days": (
        (2, "De dagen zijn lang. De tv staat altijd aan.", "Ik kook graag.",
         "De coach.", "Een reden om op te staan."),
        (3, "Twee dagen heb ik iets, de rest niet.", "Op dinsdag zwem ik.",
         "Mijn buurvrouw.", "Iets op donderdag."),
    ),
    "work-learning": (
        (2, "Het is acht jaar geleden dat ik werkte.", "Ik kan goed schilderen.",
         "VDAB, maar dat was moeilijk.", "Iets doen waar ik goed in ben."),
        (3, "Ik leer graag, maar niet in een klas.", "Met mijn handen gaat het.",
         "Niemand nu.", "Een korte opleiding proberen."),
    ),
    "language-paperwork": (
        (2, "Brieven leg ik opzij. Dan wordt het een stapel.", "Bellen lukt.",
         "De coach leest mee.", "Geen stapel meer."),
        (4, "Papieren lukken, Nederlands ook.", "Ik help zelf mijn neef.", "", ""),
    ),
    "getting-around": (
        (1, "Alleen de bus nemen durf ik niet.", "Te voet naar de winkel gaat.",
         "Mijn zus rijdt soms.", "Alleen met de bus naar de markt."),
        (4, "Ik heb een fiets en ik ken de weg.", "Alles lukt met de fiets.", "", ""),
    ),
}  # fmt: skip
"""Per domain of LINK: scale, own words, what goes well, who helps, wish. Habits stay unsaid: that is allowed."""

AXES = {
    "people": ("Mensen zien", "ik zie bijna niemand", "elke week zie ik iemand"),
    "days": ("Een reden om op te staan", "de dagen zijn leeg", "mijn week is goed gevuld"),
    "getting-around": ("Alleen de bus nemen", "ik durf nog niet", "ik doe dit vlot alleen"),
    "mind": ("Rustig slapen", "ik pieker elke nacht", "ik slaap bijna altijd goed"),
    "language-paperwork": ("Mijn papieren bijhouden", "alles ligt op een stapel", "ik open elke brief zelf"),
    "money": ("Rondkomen", "het is altijd te vroeg op", "ik heb een klein potje"),
    "family": ("Contact met mijn familie", "we spreken niet", "we zien elkaar vaak"),
    "housing": ("Goed wonen", "ik wil hier weg", "ik woon hier graag"),
    "work-learning": ("Doen waar ik goed in ben", "ik doe er niets mee", "ik gebruik het elke week"),
    "body": ("Bewegen", "ik zit vooral stil", "ik beweeg elke dag"),
}
QUESTIONS = (
    "Hoe kom ik weer onder de mensen, zonder dat het me te veel wordt?",
    "Ik wil weer iets hebben om voor op te staan.",
    "Hoe krijg ik rust in mijn hoofd en in mijn papieren?",
    "Ik wil dingen weer alleen durven.",
)
GOALS = (
    (
        "Elke week één keer onder de mensen zijn",
        "Dorpsrestaurant",
        "Samen eens gaan eten in het dorpsrestaurant",
    ),
    ("Alleen met de bus naar de markt", "Wandelgroep", "De wandelgroep van het buurthuis uitproberen"),
    ("Op dinsdag en donderdag iets te doen hebben", "Repair Café", "Gaan kijken in het Repair Café"),
    ("Mijn brieven elke vrijdag openen", "Digipunt", "Hulp vragen aan het digipunt in de bib"),
)
STEPS = (
    "De busuren samen opzoeken", "Bellen om te vragen of er plaats is", "Een map kopen voor de papieren",
    "De buurvrouw vragen of ze meegaat", "Het formulier samen invullen",
)  # fmt: skip
OPINIONS = (
    "De soep was lekker en niemand stelde lastige vragen.", "Ik mocht meteen meehelpen.",
    "Het was druk, maar de coach bleef erbij.", "Volgende week ga ik weer.",
)  # fmt: skip
OWN_AXES = (
    ("Op tijd komen", "ik kom vaak te laat", "ik ben er altijd"),
    ("Iets durven vragen", "ik zwijg", "ik vraag het gewoon"),
    ("Me nuttig voelen", "niemand mist mij", "ze rekenen op mij"),
    ("Nederlands praten", "ik luister alleen", "ik praat mee"),
    ("Volhouden", "na een uur is het op", "een halve dag lukt"),
    ("Nee zeggen", "ik doe alles wat ze vragen", "ik zeg wat ik kan"),
)
"""For who has no life map: what people at a host want to see moving."""
SEEN = (
    "Ik zie je vaker lachen.", "Je belde zelf. Dat vind ik sterk.", "Hier ben je strenger voor jezelf dan ik.",
    "Vorige maand lukte dit nog niet.",
)  # fmt: skip
"""What the coach writes beside a point."""
AGREED = (
    "",
    "We gaan zo verder.",
    "Eerst de bus.",
    "Een halve dag erbij, vanaf volgende maand.",
    "Elke week even bellen.",
)
HALF_A_YEAR, MOST_LOOKING = 190, 5
NOTES = ("Vorige week deed ik het twee keer.", "Het lukt als er iemand meegaat.", "Dit is nog moeilijk.")


def together(a: Agenda, pathway: Pathway, first: date, until: date, *, surely: bool = False) -> list[Moment]:
    """Map, question, axes, goals and actions on their days; nothing where the programme doesn't work with them.

    Where the rhythm asks for the spider (LINK), everybody has one and the talks bring the moments. Elsewhere some have,
    `surely` whoever can log in: three moments of their own, and one of two a life map.
    """
    version = pathways.programme_of(pathway, first)
    if not (version.rules.explorator.enabled and version.rules.evaluator.enabled):
        return []
    if "evaluator" in talk_forms(version):
        found = _from_the_start(a, pathway, first)
    elif _takes_part(a, first, until, surely=surely):
        found = _on_the_way(a, pathway, first, until, with_map=surely or a.looked % 4 == 1)
    else:
        return []
    return [(max(day, first), do) for day, do in found if day <= until]


def talk_forms(version: ProgrammeVersion) -> set[str]:
    """What is filled in at the talks that the programme's rhythm asks for."""
    return {form for rhythm in version.rules.rhythm for form in rhythm.forms}


def _takes_part(a: Agenda, first: date, until: date, *, surely: bool) -> bool:
    """Every other one of who is still on the way after half a year, until there are enough."""
    if surely:
        return True
    if (until - first).days < HALF_A_YEAR or until < a.today - timedelta(days=30):
        return False
    a.looked += 1
    return a.looked % 2 == 1 and a.looked <= MOST_LOOKING


def _from_the_start(a: Agenda, pathway: Pathway, first: date) -> list[Moment]:
    """LINK: the map in two sittings, then goals; the talks bring the moments."""
    after = partial(_later, first)
    return [
        (first, partial(_sitting, a, pathway, half=0)),
        (after(2), partial(_sitting, a, pathway, half=1)),
        (after(2), partial(_question, a, pathway)),
        (after(16), partial(_goal, a, pathway)),
        (after(45), partial(_tried, a, pathway)),
        (after(75), partial(_goal, a, pathway)),
        (after(115), partial(_tried, a, pathway)),
    ]


def _on_the_way(a: Agenda, pathway: Pathway, first: date, until: date, *, with_map: bool) -> list[Moment]:
    """Three moments: soon after the start, halfway, and lately; with a goal after the first and the second."""
    days = (until - first).days
    after = partial(_later, first)
    axes = (
        [(after(4), partial(_sitting, a, pathway, half=half)) for half in (0, 1)]
        + [(after(5), partial(_question, a, pathway))]
        if with_map
        else [(after(5), partial(_axes, a, pathway))]
    )
    moments = [
        (after(on), partial(score, a, pathway)) for on in (9, days // 2, days - a.aside.randint(5, 25))
    ]
    return [
        *axes, *moments,
        (after(14), partial(_goal, a, pathway)), (after(50), partial(_tried, a, pathway)),
        (after(days // 2 + 3), partial(_goal, a, pathway)), (after(days // 2 + 40), partial(_tried, a, pathway)),
    ]  # fmt: skip


def _later(first: date, days: int) -> date:
    return workday(first + timedelta(days=days))


def _sitting(a: Agenda, pathway: Pathway, *, half: int) -> None:
    """Half of the domains in one sitting, at home or in the office."""
    mapping = pathway.explorators.filter(state="open").first() or pathways.begin_explorator(
        pathway=pathway, actor=a.actor
    )
    asked = {domain.id for domain in pathways.programme_of(pathway, timezone.localdate()).rules.domains}
    keys = [key for key in SAID if key in asked]
    middle = len(keys) // 2
    for key in keys[:middle] if half == 0 else keys[middle:]:
        scale, own, well, helps, wish = _pick(a, SAID[key])
        pathways.describe_domain(
            explorator=mapping, actor=a.actor, domain=key, scale=None if a.aside.random() < 0.08 else scale,
            own_words=own, goes_well=well, who_helps=helps, wish=wish,
        )  # fmt: skip


def _question(a: Agenda, pathway: Pathway) -> None:
    """The map is done; what is hardest becomes an axis, in the person's words."""
    mapping = pathway.explorators.get(state="open")
    rows = sorted(mapping.domains.all(), key=lambda row: (row.scale or 3, row.domain))
    chosen = [row.domain for row in rows][: a.aside.randint(3, 6)]
    pathways.finish_explorator(
        explorator=mapping, actor=a.actor, my_question=_pick(a, QUESTIONS), work_on=chosen
    )
    for key in chosen:
        name, low, high = AXES[key]
        pathways.add_axis(pathway=pathway, actor=a.actor, name=name, low=low, high=high, domain=key)


def _axes(a: Agenda, pathway: Pathway) -> None:
    """Without a map: what this person wants to see moving, in own words; the last one belongs to no domain."""
    asked = {domain.id for domain in pathways.programme_of(pathway, timezone.localdate()).rules.domains}
    known = [(words, key) for key, words in AXES.items() if key in asked]
    chosen = a.aside.sample(known, a.aside.randint(2, min(4, len(known)))) + [
        (words, "") for words in a.aside.sample(OWN_AXES, a.aside.randint(1, 2))
    ]
    for (name, low, high), key in chosen:
        pathways.add_axis(pathway=pathway, actor=a.actor, name=name, low=low, high=high, domain=key)


def score(a: Agenda, pathway: Pathway) -> None:
    """A moment: the person first, then the coach; most axes move on, some not, one or two back."""
    today = timezone.localdate()
    axes = list(pathways.axes_on(pathway, today))
    if not axes or pathway.moments.filter(state="open").exists():
        return
    moment = pathways.begin_moment(pathway=pathway, actor=a.actor)
    mine = {axis.pk: pathways.Point(_point(a, axis, moment.number), _note(a)) for axis in axes}
    pathways.give_scores(moment=moment, actor=a.actor, rater="participant", points=mine)
    first = a.aside.randrange(len(axes))
    theirs = {
        axis.pk: pathways.Point(
            _beside(a, axis, mine[axis.pk].value), _pick(a, SEEN) if first == number else ""
        )
        for number, axis in enumerate(axes)
    }
    pathways.give_scores(moment=moment, actor=a.actor, rater="coach", points=theirs)
    pathways.close_moment(moment=moment, actor=a.actor, note=_pick(a, AGREED))


def _point(a: Agenda, axis: Axis, number: int) -> int | None:
    """Low at the start; later what it was, with a step in any direction; bigger steps on a longer scale."""
    step = 2 if axis.highest > 5 else 1
    if number == 1:
        return int(_pick(a, (1, 1, 2, 2, 3))) * step
    before = axis.scores.filter(rater="participant").order_by("-moment__number").first()
    value = before.value if before else 2 * step
    moved = None if value is None else value + int(_pick(a, (1, 1, 1, 2, 0, 0, -1))) * step
    return None if moved is None else min(axis.highest, max(axis.lowest, moved))


def _beside(a: Agenda, axis: Axis, value: int | None) -> int:
    """The coach sees most of it the same, some of it a point higher or lower."""
    return min(axis.highest, max(axis.lowest, (value or 2) + int(_pick(a, (0, 0, 0, 1, 1, -1)))))


def _pick(a: Agenda, options: Any) -> Any:
    """Drawn apart from the rest of the demo, so that a word more here changes nobody's story."""
    return a.aside.choice(options)


def _note(a: Agenda) -> str:
    return _pick(a, NOTES) if a.aside.random() < 0.25 else ""


def _goal(a: Agenda, pathway: Pathway) -> None:
    """A goal on one of the axes, a first step, and something to try together."""
    taken = {goal.text for goal in pathway.goals.all()}
    text, offer, what = _pick(a, [row for row in GOALS if row[0] not in taken])
    axes = list(pathways.axes_on(pathway, timezone.localdate()))
    goal = pathways.set_goal(pathway=pathway, actor=a.actor, text=text, axis=_pick(a, axes) if axes else None)
    day = timezone.localdate()
    step = pathways.plan_action(
        pathway=pathway, actor=a.actor, text=_pick(a, STEPS), who=_pick(a, ("participant", "together", "coach")),
        goal=goal, due_on=day + timedelta(days=a.aside.randint(7, 21)),
    )  # fmt: skip
    trial = pathways.plan_action(
        pathway=pathway, actor=a.actor, text=what, who="together", kind="try_offer", goal=goal, offer=offer,
        accompanied=True, due_on=day + timedelta(days=24),
    )  # fmt: skip
    when = timezone.make_aware(datetime.combine(workday(day + timedelta(days=24)), time(10, 30)))
    pathways.plan_visit(action=trial, actor=a.actor, starts_at=when, where=offer)
    if (a.today - day).days > 24:
        pathways.finish_action(action=step, actor=a.actor)


def _tried(a: Agenda, pathway: Pathway) -> None:
    """It was tried: mostly it goes on, and that is a step on the wheel when the person sees it so."""
    for action in list(GoalAction.objects.filter(pathway=pathway, state="open", kind="try_offer")):
        outcome = _pick(a, ("goes_on", "goes_on", "liked", "not_for_me"))
        pathways.finish_action(
            action=action, actor=a.actor, outcome=outcome,
            outcome_note="" if outcome == "not_for_me" else _pick(a, OPINIONS),
        )  # fmt: skip
