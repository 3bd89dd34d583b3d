"""The phases in which people of the demo stand today: one small story each, put together from stories.py."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from stapsteen.core.scope import Actor
from stapsteen.followup.actions import plan_evaluation
from stapsteen.network.programme.rhythm import due_dates
from stapsteen.pathways import actions as pathways
from stapsteen.people.actions import add_note
from stapsteen.placements import actions as placements
from stapsteen.portals.demo import texts
from stapsteen.portals.demo.agenda import Agenda, Story, suiting, workday
from stapsteen.portals.demo.stories import (
    WHEEL,
    accepted,
    come_in,
    find_place,
    finish,
    followed,
    placed,
    send,
    sign,
    someone,
    talked,
)

VISITOR = Actor("visitor")
OWN_WORDS = ("Ik zit te veel alleen thuis. Ik wil iets doen met mijn dagen, liefst samen met anderen.",)

# Referrals -----------------------------------------------------------------------------------------------------------


def new_today(a: Agenda) -> Story:
    """Came in this morning through the public form, by a helper."""
    p = someone(a, programme=a.pick(a.plan.programmes))
    yield from come_in(a, p, a.today, by="helper", who=VISITOR)


def new_self(a: Agenda) -> Story:
    p = someone(a)
    own = tuple(text for text in texts.QUESTIONS[p.sector] if "{n}" not in text)
    p.question = a.pick(suiting(own, p.name) or OWN_WORDS)
    yield from come_in(a, p, a.ago(1), by="self", who=VISITOR)


def waiting_long(a: Agenda) -> Story:
    """Nobody took it up yet, longer than the service promises."""
    p = someone(a, programme=a.pick(a.plan.programmes))
    yield from come_in(a, p, a.ago(a.plan.wait_weeks * 7 + a.rng.randint(3, 12)))


def in_talks(a: Agenda) -> Story:
    yield from talked(a, someone(a), a.ago(a.around(12, 3)), conditions=False)


def ready(a: Agenda) -> Story:
    """Everything is known: only the decision is missing."""
    yield from talked(a, someone(a), a.ago(13))


def asking_yes(a: Agenda) -> Story:
    """A helper's referral; the person wasn't reached yet."""
    p = someone(a)
    day = a.ago(9)
    referral = yield from come_in(a, p, day, by="helper")
    yield workday(day + timedelta(days=2)), "intake"
    pathways.take_in_referral(referral=referral, actor=a.actor)
    for days, text in zip((3, 6), texts.ATTEMPTS, strict=False):
        yield workday(day + timedelta(days=days)), "intake"
        pathways.note_talk(
            referral=referral,
            actor=a.actor,
            kind="attempt",
            held_on=workday(day + timedelta(days=days)),
            reached=False,
            text=text,
        )


def refused(a: Agenda) -> Story:
    """To something that fits better, with a warm handover."""
    p = someone(a)
    day = a.ago(a.rng.randint(25, 300))
    referral = yield from talked(a, p, day, conditions=False)
    yield workday(day + timedelta(days=10)), "intake"
    code, reason, went_to = a.pick(texts.REFUSALS)
    pathways.refuse_referral(
        referral=referral, actor=a.actor, code=code, reason=p.says(reason), went_to=went_to
    )


def not_reached(a: Agenda) -> Story:
    p = someone(a)
    day = a.ago(a.rng.randint(40, 200))
    referral = yield from come_in(a, p, day, by="helper")
    yield workday(day + timedelta(days=1)), "intake"
    pathways.take_in_referral(referral=referral, actor=a.actor)
    for days, text in zip((2, 6, 15), texts.ATTEMPTS, strict=True):
        on = workday(day + timedelta(days=days))
        yield on, "intake"
        pathways.note_talk(
            referral=referral, actor=a.actor, kind="attempt", held_on=on, reached=False, text=text
        )
    yield workday(day + timedelta(days=30)), "intake"
    reason = "Drie keer geprobeerd, brief gestuurd. De aanmelder weet het."
    pathways.refuse_referral(referral=referral, actor=a.actor, code="not_reached", reason=reason)


def withdrawn(a: Agenda) -> Story:
    p = someone(a)
    day = a.ago(a.rng.randint(15, 120))
    referral = yield from come_in(a, p, day)
    yield workday(day + timedelta(days=6)), "intake"
    pathways.withdraw_referral(referral=referral, actor=a.actor, reason=a.pick(texts.WITHDRAWALS))


def reopened(a: Agenda) -> Story:
    """Help came first; now there is room, so the referral is open again."""
    p = someone(a)
    day = a.ago(110)
    referral = yield from talked(a, p, day)
    yield workday(day + timedelta(days=12)), "intake"
    code, reason, went_to = texts.REFUSALS[1]
    pathways.refuse_referral(
        referral=referral, actor=a.actor, code=code, reason=p.says(reason), went_to=went_to
    )
    yield a.ago(4), "intake"
    pathways.reopen_referral(referral=referral, actor=a.actor)


# On the way to a place -----------------------------------------------------------------------------------------------


def no_place(a: Agenda) -> Story:
    p = someone(a)
    pathway = yield from accepted(a, p, a.ago(a.around(24, 5)))
    yield a.ago(a.rng.randint(3, 12)), p.coach
    add_note(
        person=pathway.person, actor=a.actor, kind="contact", text=p.says(a.draw(texts.SEARCHING, p.name))
    )


def stands_still(a: Agenda) -> Story:
    """Nothing moved for more than six weeks."""
    p = someone(a)
    pathway = yield from accepted(a, p, a.ago(96))
    yield a.ago(74), p.coach
    add_note(
        person=pathway.person, actor=a.actor, kind="contact", text=p.says(a.draw(texts.SEARCHING, p.name))
    )


def proposed(a: Agenda) -> Story:
    p = someone(a)
    pathway = yield from accepted(a, p, a.ago(31))
    yield a.ago(2), p.coach
    find_place(a, p, pathway, a.today + timedelta(days=9))


def to_sign(a: Agenda) -> Story:
    """The agreement is out; the host signed, the person still has to."""
    p = someone(a)
    pathway = yield from accepted(a, p, a.ago(38))
    yield a.ago(9), p.coach
    placement = find_place(a, p, pathway, a.today + timedelta(days=3))
    if placement is None:
        return
    yield a.ago(5), p.coach
    agreement = send(a, p, placement)
    yield a.ago(1), p.coach
    sign(a, placement, agreement, "host")


def host_no(a: Agenda) -> Story:
    """The host said no for this person: clear, and the search goes on (document 003)."""
    p = someone(a)
    pathway = yield from accepted(a, p, a.ago(44))
    yield a.ago(24), p.coach
    placement = find_place(a, p, pathway, a.ago(6))
    if placement is not None:
        yield a.ago(15), p.coach
        placements.cancel_placement(placement=placement, actor=a.actor, code="host_no", reason=texts.HOST_NO)


# At a host -----------------------------------------------------------------------------------------------------------


def working(
    a: Agenda, months: float, *, programme: str = "", skip: int = 0, aim: str = "", looks: bool = False
) -> Story:
    """Someone with a place since so many months, followed up until today."""
    p = someone(a, programme)
    p.looks = looks
    first = a.ago(round(months * 30.4))
    pathway = yield from accepted(a, p, workday(first - timedelta(days=a.rng.randint(24, 45))), aim=aim)
    placement = yield from placed(a, p, pathway, first)
    yield from followed(a, p, pathway, first, a.today, skip=skip)
    return p, pathway, placement


def at_work(a: Agenda) -> Story:
    short = a.plan.slug == "link"
    yield from working(
        a, a.pick((2, 3, 4, 5, 6) if short else (1.5, 2, 3, 4.6, 5.5, 7, 9, 10, 13, 15, 18, 22, 26, 29))
    )


def desk_at_work(a: Agenda) -> Story:
    """A volunteer centre mediates and then mostly lets go."""
    p = someone(a)
    first = a.ago(round(a.pick((1.5, 3, 5, 8, 11, 14)) * 30.4))
    pathway = yield from accepted(a, p, workday(first - timedelta(days=24)), segment=a.pick(WHEEL[2:4]))
    yield from placed(a, p, pathway, first)
    yield from followed(a, p, pathway, first, a.today, words=texts.DESK_NOTES[:2] + texts.GOING_WELL[:4])


def care_at_work(a: Agenda) -> Story:
    yield from working(a, a.pick((3.5, 6, 8, 11, 14, 20)), programme="care-work")


def participant(a: Agenda) -> Story:
    """The person who can log in: half a year on the way, everything well kept."""
    _p, pathway, _placement = yield from working(a, 7, aim="possible_stepping_stone", looks=True)
    a.cast["participant"] = pathway.person_id


def link_participant(a: Agenda) -> Story:
    _p, pathway = yield from walking(a, 205, looks=True)
    a.cast["participant"] = pathway.person_id


def evaluation_due(a: Agenda) -> Story:
    """The talk is in about a week, four months after the first day; the appointment is made."""
    p, pathway, placement = yield from working(a, 3.8, aim="stepping_stone")
    yield a.today, p.coach
    version = pathways.programme_of(pathway, a.today)
    if placement is not None:
        coming = due_dates(version.rules, "stepping_stone", placement.starts_on, a.today + timedelta(days=40))
        due = next((moment.due for moment in coming if moment.due is not None and moment.due > a.today), None)
        if due is not None and "stepping_stone" in {aim.aim for aim in pathway.aims.all()}:
            plan_evaluation(pathway=pathway, actor=a.actor, due_on=due, planned_on=due)


def evaluation_overdue(a: Agenda) -> Story:
    yield from working(a, 5, aim="stepping_stone", skip=1)


def paused(a: Agenda) -> Story:
    p, pathway, _placement = yield from _until(a, 6, 26)
    yield a.ago(18), p.coach
    pathways.suspend_pathway(pathway=pathway, actor=a.actor, starts_on=a.ago(18), reason=a.pick(texts.PAUSES))


def _until(a: Agenda, months: float, days_ago: int, *, aim: str = "", programme: str = "") -> Story:
    """Like working(), but followed up only until so many days ago."""
    p = someone(a, programme)
    first = a.ago(round(months * 30.4))
    pathway = yield from accepted(a, p, workday(first - timedelta(days=a.rng.randint(24, 40))), aim=aim)
    placement = yield from placed(a, p, pathway, first)
    yield from followed(a, p, pathway, first, a.ago(days_ago))
    return p, pathway, placement


def changed_place(a: Agenda) -> Story:
    p, pathway, placement = yield from _until(a, 9, 105)
    yield a.ago(100), p.coach
    if placement is not None:
        code = a.pick(("change_by_person", "change_by_host"))
        placements.end_placement(
            placement=placement, actor=a.actor, on=a.ago(100), code=code, reason=texts.PLACE_ENDINGS[code]
        )
        a.host_of(placement).people -= 1
    yield from placed(a, p, pathway, a.ago(70))
    yield from followed(a, p, pathway, a.ago(68), a.today)


def aim_changed(a: Agenda) -> Story:
    p, pathway, _placement = yield from _until(a, 12, 60, aim="possible_stepping_stone")
    yield a.ago(55), p.coach
    pathways.change_aim(pathway=pathway, actor=a.actor, aim="stepping_stone", starts_on=a.ago(55))


def changed_kind(a: Agenda) -> Story:
    """From care work to volunteering: neither an end nor a start."""
    p, pathway, placement = yield from _until(a, 14, 130, programme="care-work")
    yield a.ago(126), p.coach
    if placement is not None:
        placements.end_placement(placement=placement, actor=a.actor, on=a.ago(126), code="change_of_kind")
        a.host_of(placement).people -= 1
    version = a.programme("volunteering", a.ago(126))
    pathways.change_kind(pathway=pathway, actor=a.actor, programme=version, starts_on=a.ago(126))
    p.programme = "volunteering"
    yield from placed(a, p, pathway, a.ago(98))
    yield from followed(a, p, pathway, a.ago(96), a.today)


def new_terms(a: Agenda) -> Story:
    """A changed promise: the second version of the agreement, signed by all again."""
    p, _pathway, placement = yield from _until(a, 8, 75)
    yield a.ago(62), p.coach
    if placement is None:
        return
    signed = placement.agreements.get(state="signed")
    draft = placements.replace_agreement(agreement=signed, actor=a.actor, terms={"other": texts.NEW_TERMS})
    agreement = placements.send_agreement(agreement=draft, actor=a.actor)
    yield a.ago(55), p.coach
    for party in agreement.parties:
        sign(a, placement, agreement, party)


def near_maximum(a: Agenda) -> Story:
    """Almost three years: time to look ahead together."""
    yield from working(a, 33.3, aim="end_in_itself")


# Over ----------------------------------------------------------------------------------------------------------------


def stepped_up(a: Agenda) -> Story:
    p, pathway, _placement = yield from _until(a, a.pick((11, 14, 17)), 70, aim="stepping_stone")
    destination = a.pick(("job", "training", "employment_service"))
    yield from finish(a, p, pathway, a.ago(a.rng.randint(20, 66)), "stepped_up", destination)


def ended(a: Agenda, programme: str = "") -> Story:
    days = a.pick((45, 150, 290, 380, 460, 600))
    p, pathway, _placement = yield from _until(
        a, days / 30 + a.pick((3, 6, 10)), days + 6, programme=programme
    )
    code, destination = a.pick(ENDS)
    yield from finish(a, p, pathway, a.ago(days), code, destination)


ENDS = (
    ("goal_reached", "volunteering"), ("goal_reached", "volunteering"), ("stopped_by_person", "home"), ("health", "home"),
    ("moved", "unknown"), ("lost_contact", "unknown"), ("other_offer", "other_service"),
)  # fmt: skip


def care_ended(a: Agenda) -> Story:
    yield from ended(a, "care-work")


def came_back(a: Agenda) -> Story:
    """Stopped a year ago for health; started again this spring: a new pathway."""
    p, pathway, _placement = yield from _until(a, 20, 330)
    yield from finish(a, p, pathway, a.ago(320), "health", "home")
    yield a.ago(130), "coordinator"
    a.caseload[p.coach] += 1
    again = pathways.start_pathway(
        person=pathway.person, actor=a.actor, coach=a.staff[p.coach], programme=a.programme(p.programme, a.ago(130)),
        starts_on=a.ago(130), aim="end_in_itself", segment="people-around", wish="helping-out",
    )  # fmt: skip
    yield from placed(a, p, again, a.ago(98))
    yield from followed(a, p, again, a.ago(96), a.today)


# Without a host ------------------------------------------------------------------------------------------------------


def walking(a: Agenda, days: int, *, looks: bool = False) -> Story:
    """A pathway of small steps on the wheel, without a host organisation (document 004)."""
    p = someone(a)
    p.looks = looks
    first = a.ago(days)
    pathway = yield from accepted(a, p, first, segment=a.pick(WHEEL[:2]))
    yield from followed(a, p, pathway, first, a.today, words=texts.LINK_NOTES)
    return p, pathway


def on_the_way(a: Agenda) -> Story:
    """From a few weeks to past the guideline of six months."""
    yield from walking(a, a.pick((25, 50, 80, 110, 140, 165, 175, 200, 240)))


def ended_without_place(a: Agenda) -> Story:
    days = a.pick((40, 120, 240))
    p = someone(a)
    first = a.ago(days + a.rng.randint(130, 230))
    pathway = yield from accepted(a, p, first, segment=a.pick(WHEEL[:2]))
    yield from followed(a, p, pathway, first, a.ago(days + 5), words=texts.LINK_NOTES)
    code, destination = a.pick(ENDS)
    yield from finish(a, p, pathway, a.ago(days), code, destination)


PHASES: dict[str, Callable[[Agenda], Story]] = {
    story.__name__: story
    for story in (
        new_today, new_self, waiting_long, in_talks, ready, asking_yes, refused, not_reached, withdrawn, reopened, no_place,
        stands_still, proposed, to_sign, at_work, desk_at_work, care_at_work, participant, link_participant, evaluation_due,
        evaluation_overdue, paused, changed_place, aim_changed, changed_kind, near_maximum, stepped_up, ended, care_ended,
        host_no, new_terms, came_back, on_the_way, ended_without_place,
    )
}  # fmt: skip
