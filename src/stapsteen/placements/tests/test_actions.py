"""Every write about places and agreements, and every rule that can break."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from stapsteen.core import halfdays, links, pdf
from stapsteen.core.access import may
from stapsteen.core.errors import RuleBroken
from stapsteen.core.models import Event, OutgoingMail
from stapsteen.core.scope import Actor
from stapsteen.hosts import actions as host_actions
from stapsteen.hosts.models import CapacityUse
from stapsteen.hosts.tests.factories import make_host, make_task
from stapsteen.pathways.actions import suspend_pathway
from stapsteen.pathways.tests.factories import make_pathway
from stapsteen.people.actions import update_person
from stapsteen.people.tests.factories import make_person
from stapsteen.placements import actions, compose
from stapsteen.placements.models import Agreement, Placement, Signature
from stapsteen.placements.states import AGREEMENT
from stapsteen.placements.tests.factories import (
    MONDAY_MORNING,
    make_active_placement,
    make_agreement,
    make_placement,
    sign_all,
)
from stapsteen.testing.world import inside, make_programme, make_service, make_staff

pytestmark = pytest.mark.django_db
TUESDAY_EVENING = halfdays.bit(1, 2)


def days(number: int) -> date:
    return timezone.localdate() + timedelta(days=number)


def broken(call, **kwargs):
    """The field and the message of the rule that the call breaks."""
    with pytest.raises(RuleBroken) as caught:
        call(**kwargs)
    return caught.value.field, str(caught.value.message)


def lines(person_id):
    return list(
        Event.objects.filter(subject_id=person_id).order_by("at", "id").values_list("kind", flat=True)
    )


# Proposing


def test_a_part_belongs_to_its_task(service, coach):
    with inside(service, coach) as actor:
        host = make_host(places=3)
        task, other = make_task(host.organisation), make_task(host.organisation, "Other")
        part = host_actions.keep_subtask(
            task=other, actor=actor, title="Groenten snijden", lifts=["dutch_reading"]
        )
        found = broken(
            actions.propose_placement,
            pathway=make_pathway(coach),
            actor=actor,
            host=host,
            task=task,
            starts_on=days(0),
            half_days=MONDAY_MORNING,
            part=part,
        )
        assert found == ("part", "Dit deel hoort bij een andere taak. Kies opnieuw.")


def test_a_proposal_reserves_seat_and_guidance_at_once(service, coach):
    with inside(service, coach) as actor:
        host = make_host(places=3)
        task = make_task(host.organisation)
        placement = actions.propose_placement(
            pathway=make_pathway(coach),
            actor=actor,
            host=host,
            task=task,
            starts_on=days(7),
            half_days=MONDAY_MORNING,
            minutes_per_half_day=150,
            weight=2,
        )
        kept = Placement.objects.get(pk=placement.pk)
        use = CapacityUse.objects.get()
        assert (kept.state, kept.minutes_per_half_day) == ("proposed", 150)
        assert (use.starts_on, use.ends_on, use.weight, use.task_id) == (days(7), None, 2, task.pk)
        assert kept.use_id == use.pk
        assert lines(kept.person_id)[-1] == "placement.proposed"


@pytest.mark.parametrize(
    ("change", "field", "text"),
    [
        ({"half_days": 0}, "half_days", "minstens één"),
        ({"half_days": halfdays.ALL + 1}, "half_days", "minstens één"),
        ({"half_days": MONDAY_MORNING | TUESDAY_EVENING}, "half_days", "niet op dinsdag avond"),
        ({"minutes_per_half_day": 14}, "minutes_per_half_day", "duur"),
        ({"minutes_per_half_day": 721}, "minutes_per_half_day", "duur"),
        ({"weight": 0}, "weight", "begeleiding"),
        ({"weight": 4}, "weight", "begeleiding"),
        ({"starts_on": date(2020, 1, 1)}, "starts_on", "Het traject begon"),
    ],
)
def test_a_proposal_is_refused(service, coach, change, field, text):
    with inside(service, coach):
        got, message = broken(make_placement, coach=coach, **change)
        assert (got, text in message) == (field, True)
        assert (Placement.objects.count(), CapacityUse.objects.count()) == (0, 0)


def test_a_task_at_any_moment_takes_any_half_day(service, coach):
    with inside(service, coach):
        host = make_host()
        placement = make_placement(
            coach, host=host, task=make_task(host.organisation, half_days=0), half_days=TUESDAY_EVENING
        )
        assert placement.half_days == TUESDAY_EVENING


def test_the_task_belongs_to_the_host(service, coach):
    with inside(service, coach):
        host, other = make_host(), make_host()
        stray = make_task(other.organisation)
        assert broken(make_placement, coach=coach, host=host, task=stray)[0] == "task"


@pytest.mark.parametrize("step", ["pause", "stop"])
def test_no_proposal_at_a_host_that_pauses_or_stopped(service, coach, step):
    with inside(service, coach) as actor:
        host = make_host()
        host_actions.move_host(host=host, actor=actor, action=step, reason="Even niet")
        assert broken(make_placement, coach=coach, host=host) == (
            "task",
            "Deze organisatie is nu niet actief. Kies een andere plek.",
        )


def test_a_prospect_isnt_a_host_yet(service, coach):
    with inside(service, coach):
        assert broken(make_placement, coach=coach, host=make_host(active=False))[0] == "task"


def test_a_full_host_is_protected_over_two_services_of_one_network(service, coach):
    """Requirement D3: load is summed over the network, also when each service alone is below it."""
    neighbour = make_service("link", network=service.network)
    other_coach = make_staff(neighbour, "coach")
    with inside(service, coach):
        host = make_host(places=2)
        organisation, task = host.organisation, make_task(host.organisation, seats=9)
        make_placement(coach, host=host, task=task, weight=1)
    with inside(neighbour, other_coach):
        theirs = make_host(organisation=organisation)
        make_placement(other_coach, host=theirs, task=task)
        assert broken(make_placement, coach=other_coach, host=theirs, task=task) == (
            "task",
            f"Deze organisatie is vol op {days(0):%d/%m/%Y}. Ze beschermt zo haar begeleiding.",
        )
        assert Placement.objects.count() == 1


def test_the_last_seat_of_a_task_goes_once(service, coach):
    with inside(service, coach):
        host = make_host(places=9)
        task = make_task(host.organisation, seats=1)
        make_placement(coach, host=host, task=task)
        assert broken(make_placement, coach=coach, host=host, task=task) == (
            "task",
            "Alle plaatsen van deze taak zijn bezet of gepland.",
        )


def test_only_the_coach_of_the_pathway_proposes(service, coach, intake):
    stranger = make_staff(service, "coach", email="ander@vinac.example.org")
    with inside(service, coach):
        pathway = make_pathway(coach)
        host = make_host()
    for staff in (stranger, intake):
        with inside(service, staff) as actor:
            got = broken(make_placement, coach=coach, actor=actor, pathway=pathway, host=host)
            assert got == (None, "Je mag dit niet doen met jouw rol.")


def test_no_proposal_while_the_pathway_pauses(service, coach):
    with inside(service, coach) as actor:
        pathway = make_pathway(coach)
        suspend_pathway(pathway=pathway, actor=actor, starts_on=days(0))
        assert "loopt nu niet" in broken(make_placement, coach=coach, pathway=pathway)[1]


def test_one_half_day_one_place(service, coach):
    with inside(service, coach):
        pathway = make_pathway(coach)
        host = make_host(places=9)
        task, other = make_task(host.organisation), make_task(host.organisation, half_days=halfdays.ALL)
        make_placement(coach, pathway=pathway, host=host, task=task)
        given = {"coach": coach, "pathway": pathway, "host": host}
        assert broken(make_placement, **given, task=other, half_days=MONDAY_MORNING | TUESDAY_EVENING) == (
            "half_days",
            "Op maandag voormiddag heeft deze persoon al een plek.",
        )
        assert broken(make_placement, **given, task=task, half_days=halfdays.bit(4, 0)) == (
            "task",
            "Deze persoon heeft deze taak al.",
        )
        assert make_placement(**given, task=other, half_days=TUESDAY_EVENING).state == "proposed"


# A no, and cancelling


def test_a_no_of_the_host_ends_the_matter_for_this_person(service, coach):
    with inside(service, coach) as actor:
        pathway, host = make_pathway(coach), make_host()
        placement = make_placement(coach, pathway=pathway, host=host)
        agreement = make_agreement(placement, sent=False)
        cancelled = actions.cancel_placement(
            placement=placement, actor=actor, code="host_no", reason="Geen klik"
        )
        assert (cancelled.state, cancelled.end_code, cancelled.end_reason) == (
            "cancelled",
            "host_no",
            "Geen klik",
        )
        assert Agreement.objects.get(pk=agreement.pk).state == "replaced"
        assert broken(make_placement, coach=coach, pathway=pathway, host=host) == (
            "task",
            "Deze organisatie zei al nee voor deze persoon. Kies een andere plek.",
        )
        assert make_placement(coach, host=host).state == "proposed"
        assert "afgesloten" in broken(actions.draft_agreement, placement=placement, actor=actor, terms={})[1]


def test_cancelling_gives_seat_and_guidance_back(service, coach):
    with inside(service, coach) as actor:
        host = make_host(places=1)
        task = make_task(host.organisation, seats=1)
        placement = make_placement(coach, host=host, task=task, starts_on=days(5))
        assert broken(actions.cancel_placement, placement=placement, actor=actor, code="weather")[0] == "code"
        assert broken(actions.cancel_placement, placement=placement, actor=actor, on=days(1))[0] == "on"
        actions.cancel_placement(placement=placement, actor=actor)
        assert CapacityUse.objects.get().ends_on == days(4)
        assert make_placement(coach, host=host, task=task, starts_on=days(5)).state == "proposed"


# Starting


def test_no_start_before_the_agreement_is_signed(service, coach):
    """Law of 3 July 2005 and decree of 3 April 2009: the note and the agreement come before the start."""
    with inside(service, coach) as actor:
        placement = make_placement(coach)
        no = (None, "Laat eerst de afsprakennota tekenen.")
        assert broken(actions.start_placement, placement=placement, actor=actor) == no
        agreement = make_agreement(placement)
        assert broken(actions.start_placement, placement=placement, actor=actor) == no
        for party in ("person", "host"):
            agreement = actions.sign_agreement(agreement=agreement, actor=actor, party=party, how="screen")
        assert broken(actions.start_placement, placement=placement, actor=actor) == no
        actions.sign_agreement(agreement=agreement, actor=actor, party="service", how="screen")
        assert actions.start_placement(placement=placement, actor=actor).state == "active"
        assert lines(placement.person_id)[-6:] == [
            "agreement.sent",
            "agreement.signed_by",
            "agreement.signed_by",
            "agreement.signed_by",
            "agreement.complete",
            "placement.started",
        ]


def test_the_start_isnt_before_the_last_signature(service, coach):
    with inside(service, coach) as actor:
        placement = make_placement(coach, starts_on=days(-5))
        sign_all(make_agreement(placement), signed_on=days(-2))
        assert broken(actions.start_placement, placement=placement, actor=actor, on=days(-3))[0] == "on"
        assert broken(actions.start_placement, placement=placement, actor=actor, on=days(1))[0] == "on"
        started = actions.start_placement(placement=placement, actor=actor, on=days(-2))
        assert (started.starts_on, CapacityUse.objects.get().starts_on) == (days(-2), days(-2))


def test_a_place_planned_for_later_can_start_today(service, coach):
    with inside(service, coach) as actor:
        placement = make_placement(coach, starts_on=days(10))
        sign_all(make_agreement(placement))
        assert actions.start_placement(placement=placement, actor=actor).starts_on == days(0)


def test_an_earlier_start_needs_room_on_the_days_before(service, coach):
    with inside(service, coach) as actor:
        host = make_host(places=1)
        task = make_task(host.organisation)
        first = make_active_placement(coach, host=host, task=task, starts_on=days(-5))
        actions.end_placement(placement=first, actor=actor, on=days(0), code="goal_reached")
        second = make_placement(coach, host=host, task=task, starts_on=days(1))
        sign_all(make_agreement(second))
        assert broken(actions.start_placement, placement=second, actor=actor)[0] == "task"


@pytest.mark.parametrize(
    ("insured_for", "text"),
    [(None, "tot wanneer haar verzekering"), (-1, "verzekering van de organisatie liep tot")],
)
def test_no_start_without_insurance(service, coach, insured_for, text):
    with inside(service, coach) as actor:
        placement = make_placement(coach, host=make_host(insured_for=insured_for))
        sign_all(make_agreement(placement))
        field, message = broken(actions.start_placement, placement=placement, actor=actor)
        assert (field, text in message) == ("on", True)


def test_the_expiry_date_is_the_last_covered_day(service, coach):
    with inside(service, coach) as actor:
        placement = make_placement(coach, host=make_host(insured_for=0))
        sign_all(make_agreement(placement))
        assert actions.start_placement(placement=placement, actor=actor).state == "active"


def test_the_service_may_insure(service, coach):
    with inside(service, coach) as actor:
        placement = make_placement(coach, host=make_host(insured_for=None))
        sign_all(make_agreement(placement, terms={"insurance_by": "service", "insurer": "Ethias"}))
        assert actions.start_placement(placement=placement, actor=actor).state == "active"


# Ending


def test_ending_keeps_why_and_frees_the_day_after(service, coach):
    with inside(service, coach) as actor:
        host = make_host(places=1)
        task = make_task(host.organisation, seats=1)
        placement = make_active_placement(coach, host=host, task=task, starts_on=days(-5))
        given = {"placement": placement, "actor": actor}
        assert broken(actions.end_placement, **given, on=days(1), code="other")[0] == "on"
        assert broken(actions.end_placement, **given, on=days(-6), code="other")[0] == "on"
        assert broken(actions.end_placement, **given, on=days(0), code="boredom")[0] == "code"
        ended = actions.end_placement(**given, on=days(0), code="change_by_person", reason="Liever buiten")
        assert (ended.state, ended.ends_on, ended.end_code, ended.end_reason) == (
            "ended",
            days(0),
            "change_by_person",
            "Liever buiten",
        )
        assert ended.pathway.state == "active"
        assert broken(make_placement, coach=coach, host=host, task=task, starts_on=days(0))[0] == "task"
        assert make_placement(coach, host=host, task=task, starts_on=days(1)).state == "proposed"
        assert "stand is" in broken(actions.end_placement, **given, on=days(0), code="other")[1]


def test_a_place_of_one_day(service, coach):
    with inside(service, coach) as actor:
        placement = make_active_placement(coach)
        ended = actions.end_placement(placement=placement, actor=actor, on=days(0), code="other")
        assert (ended.starts_on, ended.ends_on) == (days(0), days(0))


# The agreement


def test_with_no_terms_at_all_the_note_is_whole(service, coach):
    with inside(service, coach):
        host = make_host("Buurthuis Dinamo", sectors=["social"])
        task = make_task(
            host.organisation, "Cafetaria", description="Koffie zetten\nTafels dekken", sector="catering"
        )
        placement = make_placement(coach, host=host, task=task, half_days=MONDAY_MORNING | halfdays.bit(3, 1))
        note = compose.document(make_agreement(placement))
        assert (note.person.first_name, note.host.name, note.host.contact.name) == (
            "Amina",
            "Buurthuis Dinamo",
            "An Peeters",
        )
        assert [(slot.weekday, f"{slot.start:%H:%M}", f"{slot.end:%H:%M}") for slot in note.roster] == [
            (1, "09:00", "12:00"),
            (4, "13:00", "16:00"),
        ]
        assert [(line.title, line.details) for line in note.tasks] == [
            ("Cafetaria", "Koffie zetten\nTafels dekken")
        ]
        assert [(line.kind, str(line.amount)) for line in note.allowances] == [("per_hour", "1.00")]
        assert (note.insurances[0].kind, note.insurances[0].valid_until) == ("liability", days(365))
        assert note.information_note.aim == "Buurthuis Dinamo werkt rond: horeca."
        assert note.information_note.legal_status == "vzw"
        assert note.evaluation_rhythm == "elke 12 maanden"
        assert note.service.coach.name == coach.name


def test_terms_are_used(service, coach):
    terms = {
        "tasks": [{"title": "Koffie"}],
        "excluded_tasks": ["Geld tellen", ""],
        "afternoon_from": "14:30",
        "build_up": [{"starts_on": "2026-12-01", "hours_per_week": "3", "support": "Samen"}],
        "attention_points": [{"point": "Op tijd komen", "arrangement": "Bel als je later bent"}],
        "allowances": [{"id": "clothing", "amount": "40"}, {"id": "public-transport"}],
        "legal_status": "other",
        "legal_status_text": "coöperatie",
        "aim": "Samen koken",
        "welfare_sector": True,
        "key_person": "Fatima",
        "other": "Soep op maandag",
    }
    with inside(service, coach):
        placement = make_placement(coach, half_days=halfdays.bit(2, 1))
        note = compose.document(make_agreement(placement, terms=terms))
        assert note.roster[0].start.hour == 14
        assert note.excluded_tasks == ("Geld tellen",)
        assert [(line.kind, line.amount) for line in note.allowances] == [
            ("clothing", 40),
            ("public_transport", None),
        ]
        assert (note.host.welfare_sector, note.host.key_person.name, note.other) == (
            True,
            "Fatima",
            "Soep op maandag",
        )
        assert note.information_note.legal_status_text == "coöperatie"
        assert note.attention_points[0].arrangement == "Bel als je later bent"
        assert Agreement.objects.get().kept["terms"]["aim"] == "Samen koken"


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"colour": "blue"}, "colour"),
        ({"build_up": [{"starts_on": "x", "hours_per_week": 2}]}, "build_up"),
        ({"build_up": [{"starts_on": "2026-12-01", "hours_per_week": 61}]}, "build_up"),
        ({"allowances": [{"id": "car"}]}, "allowances"),
        ({"morning_from": "23:00"}, "morning_from"),
        ({"morning_from": "21:00"}, "morning_from"),
        ({"attention_points": [{"point": "x\u202ey"}]}, None),
        ({"ends_on": "2020-01-01"}, None),
    ],
)
def test_terms_that_dont_hold(service, coach, terms, field):
    with inside(service, coach) as actor:
        placement = make_placement(coach)
        assert broken(actions.draft_agreement, placement=placement, actor=actor, terms=terms)[0] == field
        assert Agreement.objects.count() == 0


def test_a_block_until_the_last_minute_of_the_day(service, coach):
    """24:00 isn't a time of that day: 23:59 is the latest end."""
    with inside(service, coach):
        host = make_host()
        task = make_task(host.organisation, half_days=halfdays.ALL)
        placement = make_placement(
            coach, host=host, task=task, half_days=TUESDAY_EVENING, minutes_per_half_day=60
        )
        given = {"placement": placement, "sent": False}
        assert broken(make_agreement, **given, terms={"evening_from": "23:00"}) == (
            "evening_from",
            "Een blok eindigt vóór middernacht. Begin vroeger.",
        )
        note = compose.document(make_agreement(**given, terms={"evening_from": "22:59"}))
        assert f"{note.roster[0].end:%H:%M}" == "23:59"


def test_morning_and_afternoon_of_one_day_dont_run_together(service, coach):
    with inside(service, coach):
        placement = make_placement(
            coach, half_days=MONDAY_MORNING | halfdays.bit(0, 1), minutes_per_half_day=240
        )
        given = {"placement": placement, "sent": False}
        assert broken(make_agreement, **given, terms={"morning_from": "09:01"})[0] == "afternoon_from"
        assert len(compose.document(make_agreement(**given, terms={"morning_from": "09:00"})).roster) == 2


def test_whoever_is_under_18_signs_with_a_representative(service, coach):
    with inside(service, coach) as actor:
        young = make_person(birth_date=date(days(0).year - 17, 1, 1))
        placement = make_placement(coach, pathway=make_pathway(coach, person=young))
        given = {"placement": placement, "actor": actor}
        assert broken(actions.draft_agreement, **given, terms={})[0] == "representative"
        agreement = make_agreement(placement, terms={"representative": "Moeder Peeters"})
        assert agreement.parties == ["person", "representative", "host", "service"]
        for party in ("person", "host", "service"):
            agreement = actions.sign_agreement(agreement=agreement, actor=actor, party=party, how="screen")
        assert agreement.state == "out"
        done = actions.sign_agreement(agreement=agreement, actor=actor, party="representative", how="link")
        assert done.state == "signed"


def test_a_note_needs_a_contact_and_takes_one_name(service, coach):
    """Somebody whose only name is a first name signs under that one."""
    with inside(service, coach) as actor:
        nameless = make_placement(coach, pathway=make_pathway(coach, person=make_person(last_name="")))
        assert actions.draft_agreement(placement=nameless, actor=actor, terms={}).state == "draft"
        lonely = make_placement(coach, host=make_host(contact=""))
        assert "contactpersoon" in broken(actions.draft_agreement, placement=lonely, actor=actor, terms={})[1]


def test_care_work_needs_no_information_note(service, coach):
    care = make_programme(service, "care-work")
    with inside(service, coach):
        pathway = make_pathway(coach, programme=care, aim="stepping_stone")
        note = compose.document(make_agreement(make_placement(coach, pathway=pathway)))
        assert (note.kind, note.information_note) == ("care_work", None)


def test_what_went_out_is_frozen(service, coach):
    with inside(service, coach) as actor:
        placement = make_placement(coach)
        agreement = make_agreement(placement, sent=False)
        assert (
            actions.draft_agreement(placement=placement, actor=actor, terms={"other": "Soep"}).pk
            == agreement.pk
        )
        agreement = actions.send_agreement(agreement=agreement, actor=actor)
        update_person(person=placement.person, actor=actor, first_name="Iemand anders")
        note = compose.document(Agreement.objects.get(pk=agreement.pk))
        assert (note.person.first_name, note.other, note.sha256()) == ("Amina", "Soep", agreement.sha256)
        assert (
            "al verstuurd" in broken(actions.draft_agreement, placement=placement, actor=actor, terms={})[1]
        )
        assert "stand is" in broken(actions.send_agreement, agreement=agreement, actor=actor)[1]


def test_content_that_was_changed_behind_our_back_is_seen(service, coach):
    with inside(service, coach):
        agreement = make_agreement(make_placement(coach))
        agreement.content = agreement.content.replace("1.00", "2.00")
        agreement.save(update_fields=["content"])
        with pytest.raises(compose.Changed):
            compose.document(Agreement.objects.get(pk=agreement.pk))


def test_a_sign_that_cant_be_printed_is_named(service, coach):
    with inside(service, coach) as actor:
        agreement = make_agreement(make_placement(coach), terms={"other": "Lees 漢"}, sent=False)
        assert "niet op papier" in broken(actions.send_agreement, agreement=agreement, actor=actor)[1]
        assert Agreement.objects.get(pk=agreement.pk).state == "draft"


# Signing


def test_each_party_signs_once(service, coach):
    with inside(service, coach) as actor:
        agreement = make_agreement(make_placement(coach))
        given = {"agreement": agreement, "actor": actor, "how": "screen"}
        actions.sign_agreement(**given, party="person")
        assert broken(actions.sign_agreement, **given, party="person")[0] == "party"
        assert broken(actions.sign_agreement, **given, party="neighbour")[0] == "party"
        assert broken(actions.sign_agreement, **given, party="representative")[0] == "party"
        assert broken(actions.sign_agreement, **{**given, "how": "fax"}, party="host")[0] == "how"
        assert broken(actions.sign_agreement, **given, party="host", signed_on=days(1))[0] == "signed_on"
        actions.sign_agreement(**given, party="host", signed_by="De directeur")
        note = compose.document(Agreement.objects.get(pk=agreement.pk))
        assert [(row.party, row.state, row.name) for row in note.signatures] == [
            ("person", "screen", "Amina Peeters"),
            ("host", "screen", "De directeur"),
            ("service", "open", coach.name),
        ]
        assert note.sha256() == agreement.sha256


def test_a_draft_cant_be_signed(service, coach):
    with inside(service, coach) as actor:
        agreement = make_agreement(make_placement(coach), sent=False)
        given = {"agreement": agreement, "actor": actor, "party": "person", "how": "screen"}
        assert "kan nu niet getekend" in broken(actions.sign_agreement, **given)[1]


def test_in_the_welfare_sector_person_and_host_sign_on_paper(service, coach):
    """Decree of 3 April 2009."""
    with inside(service, coach) as actor:
        agreement = make_agreement(make_placement(coach, host=make_host(legal_kind="care_home")))
        given = {"agreement": agreement, "actor": actor}
        for party in ("person", "host"):
            for how in ("screen", "link"):
                assert broken(actions.sign_agreement, **given, party=party, how=how)[0] == "how"
            actions.sign_agreement(**given, party=party, how="paper")
        assert actions.sign_agreement(**given, party="service", how="screen").state == "signed"


def test_only_who_guides_signs(service, coach, intake):
    with inside(service, coach):
        agreement = make_agreement(make_placement(coach))
    visitor = Actor("visitor")
    with inside(service, intake) as actor:
        for who in (actor, visitor):
            given = {"agreement": agreement, "actor": who, "party": "person", "how": "screen"}
            assert broken(actions.sign_agreement, **given)[1] == "Je mag dit niet doen met jouw rol."
        assert Signature.objects.count() == 0


# New versions


def test_a_changed_promise_is_signed_again_and_the_old_one_holds_until_then(service, coach):
    with inside(service, coach) as actor:
        placement = make_active_placement(coach)
        first = placement.agreements.get()
        second = actions.replace_agreement(agreement=first, actor=actor, terms={"other": "Ook op feestdagen"})
        assert (second.version, second.state, Agreement.objects.get(pk=first.pk).state) == (
            2,
            "draft",
            "signed",
        )
        assert (
            "nieuwere versie" in broken(actions.replace_agreement, agreement=first, actor=actor, terms={})[1]
        )
        second = actions.send_agreement(agreement=second, actor=actor)
        assert Agreement.objects.get(pk=first.pk).state == "signed"
        sign_all(second)
        states = dict(Agreement.objects.values_list("version", "state"))
        assert states == {1: "replaced", 2: "signed"}
        assert lines(placement.person_id)[-1] == "agreement.complete"


def test_a_version_that_nobody_signed_yet_is_replaced_at_once(service, coach):
    with inside(service, coach) as actor:
        first = make_agreement(make_placement(coach))
        second = actions.replace_agreement(agreement=first, actor=actor, terms={"other": "Anders"})
        assert (Agreement.objects.get(pk=first.pk).state, second.version) == ("replaced", 2)


def test_nothing_changed_needs_no_new_version(service, coach):
    with inside(service, coach) as actor:
        first = make_agreement(make_placement(coach), terms={"other": "Soep"})
        same = {"agreement": first, "actor": actor, "terms": {"other": " Soep "}}
        assert "niets veranderd" in broken(actions.replace_agreement, **same)[1]


def test_no_new_version_of_a_place_that_ended(service, coach):
    with inside(service, coach) as actor:
        placement = make_active_placement(coach)
        agreement = placement.agreements.get()
        actions.end_placement(placement=placement, actor=actor, on=days(0), code="other")
        given = {"agreement": agreement, "actor": actor, "terms": {"other": "X"}}
        assert "afgesloten" in broken(actions.replace_agreement, **given)[1]


# Rare roads


def test_a_host_with_people_cant_stop(service, coach):
    with inside(service, coach) as actor:
        placement = make_placement(coach)
        given = {"host": placement.host, "actor": actor, "action": "stop", "reason": "Klaar"}
        assert "Er zijn nog mensen" in broken(host_actions.move_host, **given)[1]
        actions.cancel_placement(placement=placement, actor=actor)
        assert host_actions.move_host(**given).state == "stopped"


def test_a_place_from_before_the_sums_starts_and_ends_without_them(service, coach):
    """Imported places may hold no use."""
    with inside(service, coach) as actor:
        placement, other = make_placement(coach), make_placement(coach)
        Placement.objects.update(use=None)
        sign_all(make_agreement(placement))
        actions.start_placement(placement=placement, actor=actor)
        ended = actions.end_placement(placement=placement, actor=actor, on=days(0), code="other")
        assert (ended.state, ended.use_id) == ("ended", None)
        assert actions.cancel_placement(placement=other, actor=actor).state == "cancelled"
        assert set(CapacityUse.objects.values_list("ends_on", flat=True)) == {None}


def test_a_draft_of_a_place_that_ended_isnt_sent(service, coach):
    with inside(service, coach) as actor:
        placement = make_active_placement(coach)
        given = {"agreement": placement.agreements.get(), "actor": actor, "terms": {"other": "X"}}
        draft = actions.replace_agreement(**given)
        actions.end_placement(placement=placement, actor=actor, on=days(0), code="other")
        assert "afgesloten" in broken(actions.send_agreement, agreement=draft, actor=actor)[1]


def test_a_pdf_that_fails_for_another_reason_isnt_hidden(service, coach, monkeypatch):
    def fail(*_):
        raise pdf.PdfError("broken template")

    with inside(service, coach) as actor:
        agreement = make_agreement(make_placement(coach), sent=False)
        monkeypatch.setattr(actions, "render_agreement", fail)
        with pytest.raises(pdf.PdfError):
            actions.send_agreement(agreement=agreement, actor=actor)


def test_a_link_signs_only_for_its_own_party(service, coach):
    with inside(service, coach):
        agreement = make_agreement(make_placement(coach))
    purpose = "placements.agreement.sign"
    data = {"agreement": str(agreement.pk), "party": "host", "to": "contact@host.example.org"}
    link = links.Link(purpose, data, expired=False)
    with inside(service):
        given = {"agreement": agreement, "actor": Actor(f"link:{purpose}", link=link)}
        for party, how in (("person", "link"), ("service", "link"), ("host", "paper")):
            assert broken(actions.sign_agreement, **given, party=party, how=how)[0] == "party"
        actions.sign_agreement(**given, party="host", how="link")
        assert Signature.objects.get().party == "host"
        other = make_agreement(make_placement(coach))
        assert (
            broken(actions.sign_agreement, **{**given, "agreement": other}, party="host", how="link")[0]
            is None
        )


def test_a_link_is_mailed_and_renewed_only_while_the_version_is_out(service, coach):
    with inside(service, coach) as actor:
        agreement = make_agreement(make_placement(coach))
        sign_all(agreement)
        given = {"agreement": agreement, "actor": actor, "party": "host"}
        assert "kan nu niet getekend" in broken(actions.invite_to_sign, **given)[1]
    data = {
        "service": str(service.pk),
        "agreement": str(agreement.pk),
        "party": "host",
        "to": "a@b.be",
        "language": "nl",
    }
    actions.renew_link(links.Link("placements.agreement.sign", data, expired=True))
    assert OutgoingMail.objects.count() == 0


def test_the_rhythm_in_words(service, coach):
    care = make_programme(service, "care-work")
    with inside(service, coach):
        pathway = make_pathway(coach, programme=care, aim="stepping_stone")
        note = compose.document(make_agreement(make_placement(coach, pathway=pathway), sent=False))
        assert note.evaluation_rhythm == "elke 3 maanden"
        aimless = make_placement(coach)
        aimless.pathway.aims.all().delete()
        assert compose.document(make_agreement(aimless, sent=False)).evaluation_rhythm is None


def test_link_says_all_its_moments_in_words(service, coach):
    """Document 004: at the start, after 3 and 6 months, then every 3."""
    link = make_programme(service, "link")
    with inside(service, coach):
        aim, segment = link.rules.aims[0].id, link.rules.wheel.segments[0].id
        pathway = make_pathway(coach, programme=link, aim=aim, segment=segment)
        note = compose.document(make_agreement(make_placement(coach, pathway=pathway), sent=False))
        assert note.evaluation_rhythm == "na 3, 6 maanden, daarna elke 3 maanden"


def test_only_who_guides_reaches_a_place(service, coach, coordinator, intake):
    with inside(service, coach):
        placement = make_placement(coach)
        agreement = make_agreement(placement)
    for staff, reached in ((coach, True), (coordinator, True), (intake, False)):
        with inside(service, staff) as actor:
            assert may(actor, "placements.placement.guide", placement) is reached
            assert may(actor, "placements.agreement.guide", agreement) is reached
            assert not may(actor, "placements.agreement.own", agreement)
            assert not may(actor, "placements.agreement.sign", agreement)


def test_the_table_itself_keeps_an_unsigned_version_from_being_complete(service, coach):
    with inside(service, coach) as actor:
        agreement = make_agreement(make_placement(coach))
        actions.sign_agreement(agreement=agreement, actor=actor, party="host", how="paper")
        with pytest.raises(RuleBroken, match="Nog niet getekend: de vrijwilliger, de dienst"):
            AGREEMENT.move(agreement, "complete", actor)
