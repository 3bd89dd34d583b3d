"""What the actions from referral to end keep and refuse."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from stapsteen.core.errors import RuleBroken
from stapsteen.core.events import sentence
from stapsteen.core.models import Event
from stapsteen.core.scope import Actor
from stapsteen.network.models import ProgrammeVersion, Service
from stapsteen.pathways.actions import (
    accept_referral,
    change_aim,
    change_coach,
    change_kind,
    end_pathway,
    move_on_wheel,
    note_talk,
    programme_of,
    recognise_person,
    record_yes,
    refuse_referral,
    reopen_referral,
    resume_pathway,
    set_conditions,
    start_pathway,
    suspend_pathway,
    take_in_referral,
    withdraw_referral,
)
from stapsteen.pathways.models import IntakeTalk, Pathway, Referral, Suspension
from stapsteen.pathways.tests.factories import (
    any_programme,
    days_ago,
    make_accepted,
    make_pathway,
    make_referral,
    make_talked,
)
from stapsteen.people.actions import erase_person
from stapsteen.people.models import Consent, Person
from stapsteen.people.tests.factories import make_person
from stapsteen.testing.refusals import refused
from stapsteen.testing.world import actor_of, inside, make_programme, make_service, make_staff, run_jobs

pytestmark = pytest.mark.django_db
VISITOR = Actor("visitor")
TODAY = timezone.localdate


def broken(call: Any, **values: Any) -> str | None:
    """The field of the rule that breaks."""
    with pytest.raises(RuleBroken) as caught:
        call(**values)
    return caught.value.field


def kinds(person_id: Any) -> list[str]:
    return list(Event.objects.filter(subject_id=person_id).order_by("id").values_list("kind", flat=True))


# Referral ----------------------------------------------------------------------------------------------------------


def test_a_referral_makes_a_person_and_mails_the_helper_without_a_name(service: Any) -> None:
    with inside(service):
        referral = make_referral(VISITOR, helper_organisation="OCMW", answers={"birth_year": 1980})
        assert (referral.state, referral.person.first_name, referral.received_on) == (
            "received",
            "Amina",
            TODAY(),
        )
        assert (referral.person_said_yes_on, referral.referrer_kind) == (None, "helper")
        assert kinds(referral.person_id) == ["person.added", "referral.received"]
        reference = referral.reference
    run_jobs()
    (sent,) = mail.outbox
    assert sent.to == ["els@example.org"]
    assert reference in sent.subject
    assert "Amina" not in sent.subject + sent.body
    assert "Peeters" not in sent.subject + sent.body
    assert "/volg-aanmelding/" in sent.body


def test_who_asks_alone_said_yes_by_asking(service: Any) -> None:
    with inside(service) as actor:
        referral = make_referral(actor, by="self", helper_name="", helper_email="")
        assert (referral.person_said_yes_on, referral.referrer_kind) == (TODAY(), "self")
    assert run_jobs() == 0


def test_the_programme_says_who_may_refer(service: Any) -> None:
    with inside(service):
        assert broken(make_referral, actor=VISITOR, by="self") == "by"  # Antwerp: only a centre refers
        assert make_referral(by="self").by == "self"  # staff writes down what came in
        assert Referral.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"by": "neighbour"}, "by"),
        ({"question": " "}, "question"),
        ({"helper_email": "", "helper_phone": ""}, "helper_email"),
        ({"received_on": date(2999, 1, 1)}, "received_on"),
        ({"person": {"first_name": ""}}, "first_name"),
    ],
)
def test_what_a_referral_cannot_be(service: Any, values: dict[str, Any], field: str) -> None:
    with inside(service):
        assert broken(make_referral, actor=VISITOR, **values) == field
        assert (Referral.objects.count(), Person.objects.count()) == (0, 0)


def test_a_closed_service_takes_no_visitors(service: Any) -> None:
    Service.objects.filter(pk=service.pk).update(intake_open=False)
    with inside(service):
        with pytest.raises(RuleBroken, match="geen nieuwe"):
            make_referral(VISITOR)
        assert make_referral().state == "received"


def test_another_services_programme_is_refused(service: Any, other_service: Any) -> None:
    with inside(service):
        assert broken(make_referral, programme=any_programme(other_service.pk)) == "programme"


def test_the_whole_way_to_a_pathway(service: Any, intake: Any, coach: Any) -> None:
    with inside(service, intake) as actor:
        pathway = make_accepted(coach, actor)
        referral = Referral.objects.get()
        assert (referral.state, referral.handled_by_id, referral.decided_on) == (
            "accepted",
            intake.pk,
            TODAY(),
        )
        assert (pathway.coach_id, pathway.referral_id, pathway.state) == (coach.pk, referral.pk, "active")
        assert [row.aim for row in pathway.aims.all()] == ["end_in_itself"]
        assert [row.segment for row in pathway.wheel_positions.all()] == ["few-contacts"]
        assert [row.kind for row in pathway.programmes.all()] == ["volunteering"]
        assert kinds(pathway.person_id) == [
            "person.added", "referral.received", "referral.taken_in", "referral.talk", "referral.yes",
            "referral.conditions", "referral.accepted", "pathway.started",
        ]  # fmt: skip
        lines = [sentence(event.kind, event.details) for event in Event.objects.order_by("id")]
        assert lines[1] == "Aangemeld door een helper of dienst"
        assert lines[-1] == "Traject gestart (vrijwilligerswerk)"


def test_no_start_without_yes_or_talk(service: Any, coach: Any) -> None:
    with inside(service) as actor:
        referral = take_in_referral(referral=make_referral(), actor=actor)
        given = {
            "referral": referral, "actor": actor, "coach": coach, "starts_on": TODAY(), "aim": "end_in_itself",
            "segment": "few-contacts",
        }  # fmt: skip
        with pytest.raises(RuleBroken, match="zelf wil"):
            accept_referral(**given)
        record_yes(referral=referral, actor=actor, tell_helper=True)
        with pytest.raises(RuleBroken, match="gesprek"):
            accept_referral(**given)
        note_talk(referral=referral, actor=actor, kind="attempt", held_on=TODAY(), reached=False)
        with pytest.raises(RuleBroken, match="gesprek"):
            accept_referral(**given)
        note_talk(referral=referral, actor=actor, kind="talk", held_on=TODAY(), text="Thuis bezocht")
        with pytest.raises(RuleBroken, match="voorwaarden"):
            accept_referral(**given)
        assert Consent.objects.get().recipient_id == referral.pk
        assert Pathway.objects.count() == 0


@pytest.mark.parametrize("wish", ["compulsory", "asked_by_gpmi", "no"])
def test_who_must_come_gets_a_talk_and_no_start(service: Any, coach: Any, wish: str) -> None:
    with inside(service) as actor:
        referral = make_talked()
        set_conditions(referral=referral, actor=actor, conditions={"own_wish": wish})
        with pytest.raises(RuleBroken, match="eigen wens"):
            accept_referral(
                referral=referral, actor=actor, coach=coach, starts_on=TODAY(), aim="end_in_itself",
                segment="few-contacts", reason="Toch maar",
            )  # fmt: skip


def test_a_rule_that_is_not_met_needs_a_reason(service: Any, coach: Any) -> None:
    with inside(service) as actor:
        referral = make_talked(answers={"lives_in": "71022"})
        given = {
            "referral": referral, "actor": actor, "coach": coach, "starts_on": TODAY(), "aim": "end_in_itself",
            "segment": "few-contacts",
        }  # fmt: skip
        assert broken(accept_referral, **given) == "reason"
        assert broken(accept_referral, **{**given, "reason": "x", "starts_on": days_ago(1)}) == "starts_on"
        assert broken(accept_referral, **{**given, "reason": "x", "aim": "fame"}) == "aim"
        assert broken(accept_referral, **{**given, "reason": "x", "segment": "the-moon"}) == "segment"
        assert broken(accept_referral, **{**given, "reason": "x", "wish": "the-moon"}) == "wish"
        assert broken(accept_referral, **{**given, "reason": "x", "on": date(2999, 1, 1)}) == "on"
        accept_referral(**given, reason="Verhuist volgende maand naar hier")
        assert Referral.objects.get().decision_reason == "Verhuist volgende maand naar hier"


def test_a_coach_has_that_role(service: Any, intake: Any, coordinator: Any) -> None:
    with inside(service, coordinator) as actor:
        assert broken(make_pathway, coach=intake, actor=actor) == "coach"
        assert make_pathway(coordinator, actor).coach_id == coordinator.pk


def test_another_programme_at_the_decision(coach: Any, service: Any) -> None:
    care = make_programme(service, "care-work")
    with inside(service) as actor:
        referral = make_talked(programme=_programme(service, "volunteering"))
        pathway = accept_referral(
            referral=referral, actor=actor, coach=coach, starts_on=TODAY(), aim="end_in_itself", segment="few-contacts",
            programme=care, reason="Past beter",
        )  # fmt: skip
        assert pathway.programmes.get().kind == "care_work"
        assert Referral.objects.get().programme_id == care.pk


def test_talks_are_dated_and_only_before_the_decision(service: Any) -> None:
    with inside(service) as actor:
        referral = make_referral()
        given = {"referral": referral, "actor": actor}
        note_talk(**given, kind="attempt", held_on=TODAY(), reached=False, text="Voicemail")
        assert IntakeTalk.objects.get().text == "Voicemail"
        assert broken(note_talk, **given, kind="party", held_on=TODAY()) == "kind"
        assert broken(note_talk, **given, kind="talk", held_on=TODAY(), reached=False) == "kind"
        assert broken(note_talk, **given, kind="talk", held_on=TODAY() + timedelta(days=1)) == "held_on"
        withdraw_referral(**given, reason="Werk gevonden")
        for call, values in [
            (note_talk, {"kind": "talk", "held_on": TODAY()}),
            (record_yes, {}),
            (set_conditions, {"conditions": {}}),
        ]:
            with pytest.raises(RuleBroken, match="al beslist"):
                call(**given, **values)


def test_a_talk_is_held_at_a_place_of_the_list(service: Any) -> None:
    with inside(service) as actor:
        given = {"referral": make_referral(), "actor": actor, "held_on": TODAY()}
        told = refused(note_talk, **given, kind="talk", place="moon")
        assert told == ("place", "Kies een plaats uit de lijst.")
        assert refused(note_talk, **given, kind="chat") == ("kind", "Kies een poging of een gesprek.")


def test_the_yes_is_not_of_tomorrow(service: Any) -> None:
    with inside(service) as actor:
        assert broken(record_yes, referral=make_referral(), actor=actor, on=date(2999, 1, 1)) == "on"


def test_a_yes_that_is_noted_again_is_one_consent(service: Any) -> None:
    with inside(service) as actor:
        referral = make_referral()
        for on in (days_ago(1), TODAY()):
            record_yes(referral=referral, actor=actor, on=on, tell_helper=True)
        assert Referral.objects.get().person_said_yes_on == TODAY()
        assert [row.starts_on for row in Consent.objects.all()] == [days_ago(1)]


def test_conditions_are_the_programmes_own_questions(service: Any) -> None:
    with inside(service) as actor:
        referral = make_referral()
        set_conditions(
            referral=referral, actor=actor, conditions={"own_wish": "own_wish", "active_problems": "stable"}
        )
        set_conditions(referral=referral, actor=actor, conditions={"own_wish": ""})
        assert Referral.objects.get().conditions == {"active_problems": "stable"}
        assert (
            broken(set_conditions, referral=referral, actor=actor, conditions={"own_wish": "perhaps"})
            == "own_wish"
        )
        with pytest.raises(RuleBroken, match="shoe_size"):
            set_conditions(referral=referral, actor=actor, conditions={"shoe_size": "42"})


def test_a_refusal_says_why_and_where_to(service: Any) -> None:
    with inside(service) as actor:
        given = {"referral": make_referral(), "actor": actor}
        assert broken(refuse_referral, **given, code="mood", reason="x", went_to="y") == "code"
        assert broken(refuse_referral, **given, code="other_region", reason=" ", went_to="y") == "reason"
        assert broken(refuse_referral, **given, code="other_region", reason="x") == "went_to"
        assert broken(refuse_referral, **given, code="no_wish", reason="x", on=days_ago(1)) == "on"
        refuse_referral(**given, code="other_region", reason="Woont in Mol", went_to="De dienst van Mol")
        row = Referral.objects.get()
        assert (row.state, row.decision_reason, row.went_to) == (
            "refused",
            "Woont in Mol",
            "De dienst van Mol",
        )
        assert (
            sentence("referral.refused", {"why": "other_region"}) == "Naar elders: Woont in een andere regio"
        )
        reopen_referral(**given)
        row = Referral.objects.get()
        assert (row.state, row.decided_on, row.decision_code, row.went_to) == ("in_talks", None, "", "")


def test_no_wish_needs_nowhere_to_go(service: Any) -> None:
    with inside(service) as actor:
        refuse_referral(referral=make_referral(), actor=actor, code="no_wish", reason="Wil dit niet")
        assert Referral.objects.get().state == "refused"


def test_who_was_erased_is_not_reopened(service: Any, coordinator: Any) -> None:
    with inside(service, coordinator) as actor:
        referral = withdraw_referral(referral=make_referral(), actor=actor)
        erase_person(person=referral.person, actor=actor, reason="asked")
        with pytest.raises(RuleBroken, match="gewist"):
            reopen_referral(referral=referral, actor=actor)
        with pytest.raises(RuleBroken, match="gewist"):
            make_pathway(coordinator, person=referral.person)


def test_nobody_with_something_open_is_erased(service: Any, coordinator: Any) -> None:
    with inside(service, coordinator) as actor:
        referral = make_referral()
        with pytest.raises(RuleBroken, match="aanmelding"):
            erase_person(person=referral.person, actor=actor, reason="asked")
        pathway = make_pathway(coordinator)
        with pytest.raises(RuleBroken, match="traject"):
            erase_person(person=pathway.person, actor=actor, reason="asked")


def test_a_coach_decides_nothing_about_referrals(service: Any, coach: Any) -> None:
    with inside(service) as actor:
        referral = make_referral()
        with pytest.raises(RuleBroken, match="rol"):
            take_in_referral(referral=referral, actor=actor_of(coach))
        with pytest.raises(RuleBroken, match="rol"):
            note_talk(referral=referral, actor=actor_of(coach), kind="attempt", held_on=TODAY())
        take_in_referral(referral=referral, actor=actor)
        with pytest.raises(RuleBroken, match="In gesprek"):
            take_in_referral(referral=referral, actor=actor)


def test_someone_we_know_is_recognised(service: Any, coordinator: Any) -> None:
    with inside(service, coordinator) as actor:
        known, referral = make_person(), make_referral()
        note_talk(referral=referral, actor=actor, kind="attempt", held_on=TODAY())
        double = referral.person_id
        recognise_person(referral=referral, actor=actor, person=known)
        assert Referral.objects.get().person_id == known.pk
        assert IntakeTalk.objects.get().person_id == known.pk
        assert Person.objects.get(pk=double).merged_into_id == known.pk
        assert Person.objects.get(pk=double).erased_at is None
        assert set(kinds(known.pk)) == {
            "person.added", "person.merged", "referral.received", "referral.talk",
        }  # fmt: skip
        with pytest.raises(RuleBroken, match="al bij deze"):
            recognise_person(referral=referral, actor=actor, person=known)


# Pathway -----------------------------------------------------------------------------------------------------------


def test_one_running_pathway_of_a_kind(service: Any, coach: Any) -> None:
    care = make_programme(service, "care-work")
    with inside(service) as actor:
        person = make_pathway(coach, programme=any_programme()).person
        volunteering = Pathway.objects.get().programmes.get().programme
        assert broken(make_pathway, coach=coach, person=person, programme=volunteering) in {"programme"}
        second = next(p for p in (care, _programme(service, "volunteering")) if p.pk != volunteering.pk)
        make_pathway(coach, person=person, programme=second)
        end_pathway(pathway=Pathway.objects.order_by("id")[0], actor=actor, ends_on=TODAY(), code="other")
        make_pathway(coach, person=person, programme=volunteering, starts_on=TODAY())
        assert Pathway.objects.count() == 3


def _programme(service: Any, slug: str) -> Any:
    from stapsteen.testing.world import programme_of as one

    return one(service, slug)


def test_a_participant_starts_nothing(service: Any, coach: Any) -> None:
    participant = make_staff(service, "participant")
    with inside(service), pytest.raises(RuleBroken, match="rol"):
        make_pathway(coach, actor_of(participant))


def test_aims_and_places_are_dated_and_kept(service: Any, coach: Any) -> None:
    with inside(service, coach) as actor:
        pathway = make_pathway(coach, wish="joining-in")
        change_aim(pathway=pathway, actor=actor, aim="stepping_stone", starts_on=days_ago(10))
        rows = [(row.aim, row.starts_on, row.ends_on) for row in pathway.aims.order_by("starts_on")]
        assert rows == [("end_in_itself", days_ago(30), days_ago(11)), ("stepping_stone", days_ago(10), None)]
        for field, values in [
            ("aim", {"aim": "stepping_stone", "starts_on": TODAY()}),
            ("aim", {"aim": "fame", "starts_on": TODAY()}),
            ("starts_on", {"aim": "end_in_itself", "starts_on": days_ago(31)}),
            ("starts_on", {"aim": "end_in_itself", "starts_on": days_ago(11)}),
            ("starts_on", {"aim": "end_in_itself", "starts_on": TODAY() + timedelta(days=1)}),
        ]:
            assert broken(change_aim, pathway=pathway, actor=actor, **values) == field
        move_on_wheel(
            pathway=pathway,
            actor=actor,
            segment="joining-in",
            starts_on=days_ago(5),
            what_helped="De buurvrouw",
        )
        move_on_wheel(
            pathway=pathway, actor=actor, segment="few-contacts", wish="paid-work", starts_on=TODAY()
        )
        places = [
            (row.segment, row.wish, row.what_helped) for row in pathway.wheel_positions.order_by("starts_on")
        ]
        assert places == [
            ("few-contacts", "joining-in", None), ("joining-in", "", "De buurvrouw"), ("few-contacts", "paid-work", None),
        ]  # fmt: skip
        assert (
            broken(move_on_wheel, pathway=pathway, actor=actor, segment="moon", starts_on=TODAY())
            == "segment"
        )
        assert (
            broken(
                move_on_wheel,
                pathway=pathway,
                actor=actor,
                segment="learning",
                wish="moon",
                starts_on=TODAY(),
            )
            == "wish"
        )


def test_a_place_on_the_wheel_is_said_by_somebody(service: Any, coach: Any) -> None:
    with inside(service) as actor:
        given = {"pathway": make_pathway(coach), "actor": actor, "starts_on": TODAY()}
        told = refused(move_on_wheel, **given, segment="learning", said_by="neighbour")
        assert told == ("said_by", "Kies wie dit zegt.")


def test_a_change_of_kind_is_neither_end_nor_start(service: Any, coach: Any) -> None:
    care = make_programme(service, "care-work")
    volunteering = _programme(service, "volunteering")
    with inside(service, coach) as actor:
        pathway = make_pathway(coach, programme=volunteering)
        change_kind(pathway=pathway, actor=actor, programme=care, starts_on=days_ago(3))
        assert [(row.kind, row.ends_on) for row in pathway.programmes.order_by("starts_on")] == [
            ("volunteering", days_ago(4)), ("care_work", None),
        ]  # fmt: skip
        assert Pathway.objects.get().state == "active"
        assert [programme_of(pathway, days_ago(n)).kind for n in (99, 4, 3, 0)] == [
            "volunteering", "volunteering", "care_work", "care_work",
        ]  # fmt: skip
        make_pathway(coach, person=pathway.person, programme=volunteering)
        assert (
            broken(change_kind, pathway=pathway, actor=actor, programme=volunteering, starts_on=TODAY())
            == "programme"
        )


def test_a_newer_version_of_the_same_programme(service: Any, coach: Any) -> None:
    old = _programme(service, "volunteering")
    newer = ProgrammeVersion.objects.create(
        service=service, slug=old.slug, number=2, text=old.text, kind=old.kind, valid_from=TODAY()
    )
    with inside(service, coach) as actor:
        pathway = make_pathway(coach, programme=old)
        change_kind(pathway=pathway, actor=actor, programme=newer, starts_on=TODAY())
        assert programme_of(pathway, TODAY()).number == 2


def test_a_programme_without_the_aim_is_refused(service: Any, coach: Any, other_service: Any) -> None:
    centre = make_programme(service, "volunteer-centre")
    with inside(service, coach) as actor:
        pathway = make_pathway(
            coach, programme=_programme(service, "volunteering"), aim="possible_stepping_stone"
        )
        assert broken(change_kind, pathway=pathway, actor=actor, programme=centre, starts_on=TODAY()) == "aim"
        foreign = any_programme(other_service.pk)
        assert (
            broken(change_kind, pathway=pathway, actor=actor, programme=foreign, starts_on=TODAY())
            == "programme"
        )


def test_another_coach_takes_over(service: Any, coach: Any) -> None:
    second = make_staff(service, "coach", email="tweede@example.org")
    with inside(service, coach) as actor:
        pathway = make_pathway(coach)
        assert broken(change_coach, pathway=pathway, actor=actor, coach=coach) == "coach"
        assert change_coach(pathway=pathway, actor=actor, coach=second).coach_id == second.pk
        with pytest.raises(RuleBroken, match="rol"):
            change_coach(pathway=pathway, actor=actor, coach=coach)


def test_a_pause_and_on_again(service: Any, coach: Any) -> None:
    with inside(service, coach) as actor:
        pathway = make_pathway(coach)
        assert broken(suspend_pathway, pathway=pathway, actor=actor, starts_on=days_ago(31)) == "starts_on"
        suspend_pathway(pathway=pathway, actor=actor, starts_on=days_ago(20), reason="Operatie")
        assert Pathway.objects.get().state == "suspended"
        assert broken(resume_pathway, pathway=pathway, actor=actor, on=days_ago(21)) == "on"
        assert broken(resume_pathway, pathway=pathway, actor=actor, on=date(2999, 1, 1)) == "on"
        resume_pathway(pathway=pathway, actor=actor, on=days_ago(10))
        pause = Suspension.objects.get()
        assert (pause.ends_on, pause.reason, Pathway.objects.get().state) == (
            days_ago(11),
            "Operatie",
            "active",
        )
        assert broken(suspend_pathway, pathway=pathway, actor=actor, starts_on=days_ago(11)) == "starts_on"
        suspend_pathway(pathway=pathway, actor=actor, starts_on=days_ago(10))
        assert Suspension.objects.count() == 2


def test_an_end_closes_all_that_held(service: Any, coach: Any) -> None:
    with inside(service, coach) as actor:
        pathway = make_pathway(coach)
        suspend_pathway(pathway=pathway, actor=actor, starts_on=days_ago(5))
        assert broken(end_pathway, pathway=pathway, actor=actor, ends_on=TODAY(), code="bored") == "code"
        assert (
            broken(end_pathway, pathway=pathway, actor=actor, ends_on=days_ago(31), code="other") == "ends_on"
        )
        assert (
            broken(end_pathway, pathway=pathway, actor=actor, ends_on=date(2999, 1, 1), code="other")
            == "ends_on"
        )
        end_pathway(
            pathway=pathway,
            actor=actor,
            ends_on=days_ago(6),
            code="goal_reached",
            reason="Werkt!",
            destination="job",
        )
        ended = Pathway.objects.get()
        assert (ended.state, ended.ends_on, ended.end_reason, ended.stepped_up) == (
            "ended",
            days_ago(6),
            "Werkt!",
            True,
        )
        for rows in (ended.programmes, ended.aims, ended.wheel_positions, ended.suspensions):
            assert [row.ends_on for row in rows.all()] == [days_ago(6)]
        for call, values in [
            (change_aim, {"aim": "stepping_stone", "starts_on": TODAY()}),
            (move_on_wheel, {"segment": "learning", "starts_on": TODAY()}),
            (change_coach, {"coach": coach}),
            (end_pathway, {"ends_on": TODAY(), "code": "other"}),
            (suspend_pathway, {"starts_on": TODAY()}),
        ]:
            with pytest.raises(RuleBroken):
                call(pathway=pathway, actor=actor, **values)


@pytest.mark.parametrize(
    ("code", "destination", "marked", "stepped_up"),
    [
        ("stopped_by_person", "home", False, False),
        ("goal_reached", "training", False, True),
        ("stepped_up", "", False, True),
        ("other", "Naar het buitenland", True, True),
    ],
)
def test_what_counts_as_a_step_up(
    service: Any, coach: Any, code: str, destination: str, marked: bool, stepped_up: bool
) -> None:
    with inside(service, coach) as actor:
        pathway = end_pathway(
            pathway=make_pathway(coach),
            actor=actor,
            ends_on=TODAY(),
            code=code,
            destination=destination,
            stepped_up=marked,
        )
        assert (pathway.stepped_up, pathway.destination) == (stepped_up, destination)


def test_another_coach_guides_nothing_here(service: Any, coach: Any) -> None:
    second = make_staff(service, "coach", email="tweede@example.org")
    with inside(service):
        pathway = make_pathway(coach)
        stranger = actor_of(second)
        for call, values in [
            (change_aim, {"aim": "stepping_stone", "starts_on": TODAY()}),
            (move_on_wheel, {"segment": "learning", "starts_on": TODAY()}),
            (change_kind, {"programme": any_programme(), "starts_on": TODAY()}),
            (suspend_pathway, {"starts_on": TODAY()}),
            (end_pathway, {"ends_on": TODAY(), "code": "other"}),
        ]:
            with pytest.raises(RuleBroken, match="rol"):
                call(pathway=pathway, actor=stranger, **values)


def test_links_own_conditions(coach: Any) -> None:
    link = make_service("link-x", "link")
    guide = make_staff(link, "coach")
    with inside(link) as actor:
        referral = make_talked(answers={"lives_in": "13040"})
        given = {
            "referral": referral, "actor": actor, "coach": guide, "starts_on": TODAY(), "aim": "stepping_stone",
            "segment": "few-contacts",
        }  # fmt: skip
        set_conditions(referral=referral, actor=actor, conditions={"other_help": "", "regular_offer": ""})
        with pytest.raises(RuleBroken, match=r"hulpverlener die jou helpt.*andere hulp heb je"):
            accept_referral(**given)
        set_conditions(
            referral=referral, actor=actor, conditions={"other_help": "no", "regular_offer": "not_enough"}
        )
        assert broken(accept_referral, **given) == "reason"
        set_conditions(referral=referral, actor=actor, conditions={"other_help": "yes"})
        assert accept_referral(**given).state == "active"


def test_a_start_belongs_to_the_open_service(service: Any, other_service: Any, coach: Any) -> None:
    with inside(service) as actor:
        assert (
            broken(
                start_pathway,
                person=make_person(),
                actor=actor,
                coach=coach,
                programme=any_programme(other_service.pk),
                starts_on=TODAY(),
                aim="stepping_stone",
                segment="few-contacts",
            )
            == "programme"
        )
