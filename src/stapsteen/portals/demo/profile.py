"""Profiles, situations and people around in the demo; for LINK also what the funder counts. All invented."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from stapsteen.core.scope import Actor, open_scope
from stapsteen.pathways.actions import counts_for_funder, fill_funder_record, freeze_funder_record
from stapsteen.pathways.funder import NOT_SAID, QUESTIONS
from stapsteen.pathways.models import Pathway
from stapsteen.people import actions
from stapsteen.people.models import Person
from stapsteen.portals.demo.agenda import PURPOSE, Agenda, workday
from stapsteen.portals.demo.clock import set_day

TALENTS = {
    "Kan goed luisteren. Wordt niet snel boos.": "care",
    "Heeft jaren gekookt voor een groot gezin.": "catering",
    "Werkt heel precies en maakt af wat begonnen is.": "administration",
    "Spreekt drie talen en legt makkelijk contact.": "social",
    "Is handig: herstelt fietsen en kleine toestellen.": "technical",
}
"""What somebody is good at, and the kind of work that goes with it."""
WISHES = {
    "Wil opnieuw onder de mensen komen.": ("social", "culture"),
    "Wil Nederlands oefenen tijdens het werk.": ("social",),
    "Zou graag iets met dieren doen.": ("animals", "environment"),
    "Wil weer een vast ritme in de week.": (),
}
AVOID = (
    "lifting",
    "standing",
    "stairs",
    "outdoors",
    "allergen_dust",
    "allergen_animals",
    "allergen_cleaning",
)
ATTENTION = (
    "Heeft even tijd nodig om op dreef te komen.",
    "Komt soms te laat als de bus niet rijdt.",
    "Vraagt niet snel hulp: ga zelf eens kijken.",
)
NO_GOS = ("Geen avonden.", "Geen taken alleen met geld.", "Niet in een heel drukke ruimte.")
EXPERIENCE = ("Weet hoe het is om in een nieuw land te beginnen en wil anderen daarin helpen.",)
BENEFITS = (
    "leefloon",
    "unemployment",
    "sickness",
    "invalidity",
    "disability_allowance",
    "leefloon",
    "unemployment",
)
AROUND = (
    ("representative", "mr. Van Olmen", "", "014 00 17 01", "ask", "Geld en papieren"),
    ("budget_manager", "Greet", "CAW De Brug", "014 00 17 02", "yes", "Budget per week"),
    ("professional", "Ilse", "OCMW", "014 00 17 03", "yes", "Huis en gezin"),
    ("family", "zus Fatiha", "", "0470 00 17 04", "ask", "Brengt en haalt met de auto"),
    ("friend", "buurman Raf", "", "0470 00 17 05", "no", ""),
)


def finish_profiles(a: Agenda) -> None:
    """Some weeks after each start, what coach and person filled in together; the newest profiles are still short."""
    rng = Random(f"profile {a.plan.slug}")  # noqa: S311 - the same demo every time
    set_day(a.today, a.now)
    with open_scope(a.service.pk, actor=a.actors["coordinator"], purpose=PURPOSE):
        running = list(
            Pathway.objects.filter(state__in=("active", "suspended"))
            .order_by("starts_on", "id")
            .values("pk", "starts_on", "coach_id")
        )
    for number, row in enumerate(running):
        day = min(workday(row["starts_on"] + timedelta(days=12)), a.today)
        if day < row["starts_on"] or number % 9 == 8:
            continue  # began just now, or nobody came to it yet
        actor = _coach(a, row["coach_id"])
        set_day(day, a.now)
        with open_scope(a.service.pk, actor=actor, purpose=PURPOSE):
            pathway = Pathway.objects.select_related("person").get(pk=row["pk"])
            _profile(rng, pathway.person, actor)
            _place_wished(Random(f"place {a.plan.slug} {number}"), pathway.person, actor)  # noqa: S311
            _situation(rng, pathway, actor, number)
            _funder(rng, pathway, actor, number)
            if number == 5 and pathway.person_id != a.cast.get("participant"):
                _hardly_known(pathway.person, actor)
    set_day(a.today, a.now)


WAYS = (
    ("foot", "bike"),
    ("bike",),
    ("bike", "transit"),
    ("transit",),
    ("foot", "transit"),
    ("car",),
    ("transit", "company"),
)


def _coach(a: Agenda, coach_id: Any) -> Actor:
    return next(actor for key, actor in a.actors.items() if a.staff[key].pk == coach_id)


def _profile(rng: Random, person: Person, actor: Actor) -> None:
    level = person.dutch_speaking
    actions.update_person(
        person=person,
        actor=actor,
        talents=rng.choice(list(TALENTS)),
        wishes=rng.choice(list(WISHES)),
        company=rng.choice(("alone", "peers", "mixed", "any")),
        own_experience=rng.choice(EXPERIENCE) if rng.random() < 0.2 else None,
        mobility=list(rng.choice(WAYS)),
        travel_minutes=rng.choice((20, 30, 45, 45, 60)),
        attention_points=rng.choice(ATTENTION) if rng.random() < 0.6 else None,
        no_gos=rng.choice(NO_GOS) if rng.random() < 0.3 else None,
        support=rng.sample(
            ("language", "closeness", "structure", "explaining", "rest", "start"), rng.randint(1, 2)
        ),
        dutch_reading=level,
        dutch_writing="1.1" if level in ("1.2", "2") else level,
        interpreter=person.language if level in ("0", "1.1") else "",
    )


def _place_wished(rng: Random, person: Person, actor: Actor) -> None:
    """The kinds of work that go with talents and wishes; of one in four also what a place can't ask."""
    person.refresh_from_db()
    wished = [TALENTS[person.talents], *rng.sample(WISHES[person.wishes], min(1, len(WISHES[person.wishes])))]
    if rng.random() < 0.3:
        wished.append(rng.choice(("environment", "culture", "technical", "other")))
    fits = [code for code in AVOID if not (code == "allergen_animals" and "animals" in wished)]
    avoid = rng.sample(fits, rng.randint(1, 2)) if rng.random() < 0.25 else []
    actions.update_person(person=person, actor=actor, sectors=wished, avoid=avoid)


def _situation(rng: Random, pathway: Pathway, actor: Actor, number: int) -> None:
    person = pathway.person
    actions.record_status(person=person, actor=actor, value=rng.choice(BENEFITS))
    actions.record_status(person=person, actor=actor, value="no_work")
    for kind, name, organisation, phone, may_call, helps_with in rng.sample(AROUND, (0, 1, 2)[number % 3]):
        actions.add_supporter(
            person=person, actor=actor, kind=kind, name=name, organisation=organisation, phone=phone,
            may_call=may_call, helps_with=helps_with,
        )  # fmt: skip


def _funder(rng: Random, pathway: Pathway, actor: Actor, number: int) -> None:
    """Most are frozen; of some a few answers miss."""
    if not counts_for_funder(pathway):
        return
    answers = {name: _answer(rng, list(choices)) for name, (_question, choices) in QUESTIONS.items()}
    answers["gender"] = rng.choice(("f", "f", "f", "m", "m", "m", NOT_SAID))
    if number % 6 == 3:
        answers = {name: answers[name] for name in list(answers)[:5]}
    record = fill_funder_record(pathway=pathway, actor=actor, answers=answers)
    if number % 6 != 3:
        freeze_funder_record(record=record, actor=actor)


def _answer(rng: Random, choices: list[str]) -> str:
    """Now and then somebody doesn't want to say."""
    return NOT_SAID if rng.random() < 0.1 else rng.choice(choices[:-1])


def _hardly_known(person: Person, actor: Actor) -> None:
    """Someone of whom neither surname nor birthday is known: only the year."""
    actions.update_person(
        person=person, actor=actor, last_name="", birth_date=None, birth_year=person.birth_year, email=""
    )
