"""What happens to people in the demo: from the referral to the end of the pathway, in all phases.

Each story is told backwards from today (`ago`) and lived forwards by the agenda.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from stapsteen.core import halfdays
from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor
from stapsteen.followup.actions import hold_evaluation
from stapsteen.hosts.models import Host, Task
from stapsteen.network.models import Municipality
from stapsteen.network.programme.rhythm import due_dates
from stapsteen.pathways import actions as pathways
from stapsteen.pathways import fit
from stapsteen.pathways.models import Aim, Pathway, Referral
from stapsteen.people.actions import add_note, record_sensitive_fact
from stapsteen.placements import actions as placements
from stapsteen.placements.compose import is_welfare
from stapsteen.placements.models import Placement
from stapsteen.portals.demo import looking, texts
from stapsteen.portals.demo.agenda import Agenda, Story, suiting, workday
from stapsteen.portals.demo.haste import with_a_way_back
from stapsteen.portals.demo.names import Name
from stapsteen.portals.demo.referring import OWN_CHOICES

WHEEL = ("few-contacts", "people-around", "joining-in", "helping-out", "learning", "paid-work")
RECENT = 35
"""Days within which a helper's address is kept, so that the demo's post box holds mails of this month only."""


@dataclass
class Someone:
    """A person before the referral: what the form asks."""

    name: Name
    born: date
    half_days: int
    sector: str
    question: str
    town: Municipality
    postal_code: str
    street: str
    programme: str
    coach: str = ""
    """Known from the decision on."""
    looks: bool = False
    """Surely fills in map, spider and wheel: the person who can log in."""

    @property
    def first(self) -> str:
        return self.name.first

    def says(self, text: str) -> str:
        return text.replace("{n}", self.first)


def someone(a: Agenda, programme: str = "", sector: str = "") -> Someone:
    """An invented person of the service's region."""
    name = a.names.draw()
    town, codes = a.pick(a.towns)
    chosen = sector or a.pick(a.sectors)
    days = a.rng.sample(range(5), a.rng.randint(3, 5))
    born = date(
        a.rng.randint(a.today.year - 61, a.today.year - 21), a.rng.randint(1, 12), a.rng.randint(1, 28)
    )
    asks = texts.LINK_QUESTIONS if a.plan.slug == "link" else texts.QUESTIONS[chosen]
    return Someone(
        name=name,
        born=born,
        half_days=halfdays.to_mask((day, part) for day in days for part in (0, 1)),
        sector=chosen,
        question=a.pick(suiting(asks, name)).replace("{n}", name.first),
        town=town,
        postal_code=a.pick(list(codes or town.postal_codes)),
        street=f"{a.pick(a.plan.streets)} {a.rng.randint(1, 140)}",
        programme=programme or a.plan.programmes[0],
    )


# Referral ------------------------------------------------------------------------------------------------------------


def come_in(a: Agenda, p: Someone, day: date, by: str = "", who: str | Actor = "intake") -> Story:
    """The referral, as the form would keep it: with the rules explained."""
    rules_of = a.programme(p.programme, day)
    by = by or (
        "helper" if p.question.find(p.first) >= 0 or not rules_of.rules.referral.by_person else "self"
    )
    yield day, who
    level = "4" if p.name.dutch == "native" else p.name.dutch
    answers = {
        "born": p.born.isoformat(), "lives_in": p.town.nis, "postcode": p.postal_code, "residence_document": "yes",
        "employment_contract": "no", "dutch_listening": level, "dutch_speaking": level,
    }  # fmt: skip
    referrer = a.referrers[0] if a.rng.random() < 0.25 or day == a.today else a.pick(a.referrers)
    helper: dict[str, Any] = {}
    if by == "helper":
        recent = (a.today - day).days <= RECENT
        helper = {
            "referrer": referrer, "helper_name": a.pick(HELPERS),
            "helper_phone": f"0470 12 {a.rng.randint(10, 29)} {a.rng.randint(10, 99)}",
            "helper_email": f"helper{a.rng.randint(1, 9)}@{a.plan.slug}.example" if recent else "",
        }  # fmt: skip
    return pathways.receive_referral(
        actor=a.actor,
        programme=rules_of,
        by=by,
        question=p.question,
        person=_form(p, a),
        tried=a.pick(suiting(texts.TRIED, p.name)),
        answers=answers,
        verdicts=fit.as_stored(fit.public_results(rules_of, answers, day)),
        received_on=day,
        **helper,
    )


HELPERS = ("Leen", "Tom", "Khadija", "Wouter", "Ann", "Johan", "Sanne", "Mehdi")


def _form(p: Someone, a: Agenda) -> dict[str, Any]:
    return {
        "first_name": p.name.first, "last_name": p.name.last, "birth_date": p.born, "phone": p.name.phone,
        "language": p.name.language, "dutch_listening": p.name.dutch, "dutch_speaking": p.name.dutch,
        "reach_by": a.pick(("call", "call", "sms", "sms", "helper", "letter")), "half_days": p.half_days,
        "interests": INTERESTS[p.sector], "street": p.street, "postal_code": p.postal_code, "town": p.town.name,
        "municipality": p.town,
    }  # fmt: skip


INTERESTS = {
    "care": "ouderen, wandelen, luisteren",
    "catering": "koken, bakken, gezelschap",
    "technical": "herstellen, fietsen, radio's",
    "animals": "honden, paarden, buiten zijn",
    "administration": "computer, talen, mensen ontvangen",
    "environment": "tuin, planten, buiten werken",
    "social": "kinderen, koffie, anderen helpen",
    "culture": "lezen, muziek, foto's",
}


def talked(a: Agenda, p: Someone, day: date, *, conditions: bool = True, by: str = "") -> Story:
    """Received, taken in, a try, a talk: everything but the decision. Eight to ten days."""
    referral = yield from come_in(a, p, day, by)
    yield workday(day + timedelta(days=2)), "intake"
    referral = pathways.take_in_referral(referral=referral, actor=a.actor)
    if a.rng.random() < 0.4:
        yield workday(day + timedelta(days=3)), "intake"
        _talk(a, p, referral, "attempt", texts.ATTEMPTS, reached=False)
    yield workday(day + timedelta(days=7)), "intake"
    _talk(a, p, referral, "talk", texts.FIRST_TALKS)
    if referral.by == "helper":
        pathways.record_yes(
            referral=referral, actor=a.actor, tell_helper=a.rng.random() < 0.6, own_choice=a.pick(OWN_CHOICES)
        )
    if conditions:
        wishes = fit.fitting_conditions(referral.programme.rules)
        pathways.set_conditions(referral=referral, actor=a.actor, conditions=wishes)
    return referral


def _talk(
    a: Agenda, p: Someone, referral: Referral, kind: str, words: tuple[str, ...], reached: bool = True
) -> None:
    pathways.note_talk(
        referral=referral,
        actor=a.actor,
        kind=kind,
        held_on=timezone.localdate(),
        reached=reached,
        text=p.says(a.draw(words, p.name)),
    )


def accepted(a: Agenda, p: Someone, start: date, *, aim: str = "", segment: str = "") -> Story:
    """A pathway that begins on `start`, after a referral two weeks before."""
    begun = start - timedelta(days=14)
    referral = yield from talked(a, p, workday(begun))
    if a.plan.slug == "vinac":
        yield workday(begun + timedelta(days=10)), "intake"
        _talk(a, p, referral, "talk", texts.SECOND_TALKS)
    yield workday(start), "coordinator"
    p.coach = min(a.coaches, key=lambda key: a.caseload[key])
    a.caseload[p.coach] += 1
    return pathways.accept_referral(
        referral=referral,
        actor=a.actor,
        coach=a.staff[p.coach],
        starts_on=timezone.localdate(),
        aim=aim if aim in _aims(a, p) else _aim(a, p),
        segment=segment or a.pick(WHEEL[:3]),
        wish=a.pick(WHEEL[3:5]),
        reason=a.pick(texts.ACCEPT_REASONS),
    )


def _aims(a: Agenda, p: Someone) -> set[str]:
    return {aim.id for aim in a.programme(p.programme, a.today).rules.aims}


def _aim(a: Agenda, p: Someone) -> str:
    """About 55 % end in itself, 30 % possible, 15 % stepping stone (document 001, slide 15)."""
    known = _aims(a, p)
    shares = {"end_in_itself": 55, "possible_stepping_stone": 30, "stepping_stone": 15}
    able = [aim for aim in shares if aim in known]
    return a.rng.choices(able, [shares[aim] for aim in able])[0]


# A place -------------------------------------------------------------------------------------------------------------


def find_place(a: Agenda, p: Someone, pathway: Pathway, starts_on: date) -> Placement | None:
    """Ask the hosts, quietest and best fitting first, until one has room; None when nobody has."""
    for host, task in _choices(a, p, pathway, starts_on):
        roster = _roster(a, p, task)
        if not roster:
            continue
        minutes = a.pick((150, 180, 180, 180, 210))
        try:
            with with_a_way_back():
                return placements.propose_placement(
                    pathway=pathway, actor=a.actor, host=host, task=task, starts_on=starts_on, half_days=roster,
                    minutes_per_half_day=minutes,
                )  # fmt: skip
        except RuleBroken:
            continue  # full, paused, or no longer active: the next host
    return None


def _choices(a: Agenda, p: Someone, pathway: Pathway, day: date) -> list[tuple[Host, Task]]:
    earlier = set(pathway.placements.values_list("host_id", flat=True))
    found = []
    for number, known in enumerate(a.hosts.values()):
        if known.plan.programme != p.programme and (known.plan.programme or p.programme == "care-work"):
            continue
        if known.host.pk in earlier:
            continue
        for task in known.tasks:
            fits = 0 if task.sector == p.sector else 1
            found.append((known.people + 2 * fits, number, known.host, task))
    found.sort(key=lambda row: row[:2])
    return [(host, task) for _rank, _number, host, task in found]


def _roster(a: Agenda, p: Someone, task: Task) -> int:
    """One to three half-days that suit both."""
    pairs = halfdays.to_pairs(p.half_days & task.half_days if task.half_days else p.half_days)
    wanted = 3 if p.programme == "care-work" else a.pick((1, 1, 2, 2, 3))
    by_day = {day: (day, part) for day, part in a.rng.sample(pairs, len(pairs))}
    return halfdays.to_mask(sorted(by_day.values())[:wanted])


def placed(a: Agenda, p: Someone, pathway: Pathway, start: date) -> Story:
    """From the search to the first day: proposal, agreement, three signatures. Three weeks."""
    yield workday(start - timedelta(days=18)), p.coach
    add_note(
        person=pathway.person, actor=a.actor, kind="contact", text=p.says(a.draw(texts.SEARCHING, p.name))
    )
    yield workday(start - timedelta(days=11)), p.coach
    placement = find_place(a, p, pathway, workday(start))
    if placement is None:
        return None
    host = a.host_of(placement)
    host.people += 1
    yield workday(start - timedelta(days=5)), p.coach
    agreement = send(a, p, placement)
    yield workday(start), p.coach
    for party in agreement.parties:
        sign(a, placement, agreement, party)
    placement = placements.start_placement(placement=placement, actor=a.actor)
    add_note(
        person=pathway.person, actor=a.actor, kind="visit", text=p.says(a.draw(texts.FIRST_DAYS, p.name))
    )
    return placement


def send(a: Agenda, p: Someone, placement: Placement) -> Any:
    """The agreement, with one or two points to mind, ready to be signed."""
    points = a.rng.sample(texts.POINTS, a.rng.randint(0, 2))
    terms = {"attention_points": [{"point": point, "arrangement": said} for point, said in points]}
    draft = placements.draft_agreement(placement=placement, actor=a.actor, terms=terms)
    return placements.send_agreement(agreement=draft, actor=a.actor)


def sign(a: Agenda, placement: Placement, agreement: Any, party: str) -> None:
    welfare = is_welfare(placement.host.organisation)
    how = "paper" if welfare else "screen"
    placements.sign_agreement(agreement=agreement, actor=a.actor, party=party, how=how)


# Going on ------------------------------------------------------------------------------------------------------------


def followed(
    a: Agenda, p: Someone, pathway: Pathway, first: date, until: date, *, skip: int = 0, words: Any = None
) -> Story:
    """Notes, steps on the wheel and evaluations between two days. `skip`: this many of the last talks aren't held."""
    for day, do in sorted(_moments(a, p, pathway, first, until, skip, words), key=lambda row: row[0]):
        yield day, p.coach
        do()


type Moment = tuple[date, Callable[[], Any]]


def _moments(
    a: Agenda, p: Someone, pathway: Pathway, first: date, until: date, skip: int, words: Any
) -> list[Moment]:
    days = (until - first).days
    found = looking.together(a, pathway, first, until, surely=p.looks)
    found += [_visit(a, p, pathway, first, days, words) for _each in range(max(1, min(9, days // 45)))]
    if days > 60 and (a.rng.random() < 0.75 or p.looks):
        found += _steps(a, p, pathway, first, days)
    found += _talks(a, p, pathway, first, until, skip)
    if a.rng.random() < 0.12:
        found.append((workday(first + timedelta(days=4)), partial(_fact, a, pathway)))
    return [(day, do) for day, do in found if first <= day <= min(until, a.today)]


def _visit(a: Agenda, p: Someone, pathway: Pathway, first: date, days: int, words: Any) -> Moment:
    day = workday(first + timedelta(days=a.rng.randint(3, max(4, days - 1))))
    text = p.says(a.draw(words or (texts.HARDER if a.rng.random() < 0.2 else texts.GOING_WELL), p.name))
    return day, lambda: add_note(person=pathway.person, actor=a.actor, kind=_kind(text), text=text)


def _kind(text: str) -> str:
    """A visit, a contact or just a note, as the words say."""
    kinds = {
        "visit": ("langs", "bezoek", "Samen", "samen", "Mee naar", "gewandeld"),
        "contact": ("elefoon", "belde", "vertelt", "zegt"),
    }
    return next((kind for kind, words in kinds.items() if any(word in text for word in words)), "note")


def _fact(a: Agenda, pathway: Pathway) -> None:
    kind, text, purpose = a.pick(texts.FACTS)
    record_sensitive_fact(person=pathway.person, actor=a.actor, kind=kind, text=text, purpose=purpose)


def _steps(a: Agenda, p: Someone, pathway: Pathway, first: date, days: int) -> list[Moment]:
    """One to three steps on the wheel; the second one may be back."""
    whens = sorted(a.rng.sample(range(40, max(44, days)), 1 if days < 200 else a.pick((1, 2, 3))))
    return [
        (workday(first + timedelta(days=when)), partial(_step, a, p, pathway, back=number == 1))
        for number, when in enumerate(whens)
    ]


def _step(a: Agenda, p: Someone, pathway: Pathway, *, back: bool) -> None:
    place = WHEEL.index(pathway.wheel_positions.order_by("-starts_on", "-id")[0].segment)
    to = max(0, place - 1) if back else min(4, place + 1)
    pathways.move_on_wheel(
        pathway=pathway,
        actor=a.actor,
        segment=WHEEL[to],
        starts_on=timezone.localdate(),
        wish=WHEEL[min(5, to + 1)],
        what_helped=a.draw(texts.STEP_BACK if back else texts.WHAT_HELPED, p.name),
    )


def _talks(a: Agenda, p: Someone, pathway: Pathway, first: date, until: date, skip: int) -> list[Moment]:
    """The evaluation talks that the programme's rhythm asks for, a few days late as in real life."""
    version = pathways.programme_of(pathway, first)
    aims = list(Aim.objects.filter(pathway=pathway).order_by("starts_on", "id"))
    from_start = version.rules.rhythm_for(aims[0].aim).counts_from == "pathway_start"
    moments = due_dates(version.rules, aims[-1].aim, pathway.starts_on if from_start else first, until)
    due = [m.due for m in moments if m.due is not None and m.due < until - timedelta(days=8)]
    kept = due[: len(due) - skip] if skip else due
    return [
        (
            workday(max(day, first) + timedelta(days=a.rng.randint(2, 7))),
            partial(evaluate, a, p, pathway, day),
        )
        for day in kept
    ]


def evaluate(a: Agenda, p: Someone, pathway: Pathway, due_on: date) -> None:
    """A talk of three, or of two where there is no host; with the spider, where the programme has one."""
    if "evaluator" in looking.talk_forms(pathways.programme_of(pathway, timezone.localdate())):
        looking.score(a, pathway)
    with_host = pathway.placements.filter(state="active").exists()
    hold_evaluation(
        pathway=pathway,
        actor=a.actor,
        due_on=due_on,
        held_on=timezone.localdate(),
        voice_person=a.draw(texts.VOICE_PERSON, p.name),
        voice_host=a.draw(texts.VOICE_HOST, p.name) if with_host else "",
        voice_coach=a.draw(texts.VOICE_COACH, p.name),
        decision=a.pick(("go_on", "go_on", "go_on", "change")),
    )


def finish(a: Agenda, p: Someone, pathway: Pathway, day: date, code: str, destination: str) -> Story:
    """The last day at the host and of the pathway."""
    yield workday(day), p.coach
    a.caseload[p.coach] -= 1
    for placement in pathway.placements.filter(state__in=("active", "proposed")):
        if placement.state == "active":
            placements.end_placement(
                placement=placement,
                actor=a.actor,
                on=timezone.localdate(),
                code="pathway_ended",
                reason=texts.PLACE_ENDINGS["pathway_ended"],
            )
            a.host_of(placement).people -= 1
        else:
            placements.cancel_placement(placement=placement, actor=a.actor)
    pathways.end_pathway(
        pathway=pathway,
        actor=a.actor,
        ends_on=timezone.localdate(),
        code=code,
        destination=destination,
        reason=a.pick(texts.ENDINGS[code]),
    )
