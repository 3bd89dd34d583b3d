"""Every rule that the five documents state stands in a preset. Names of tests say which document (000 to 004)."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from pydantic import BaseModel

from stapsteen.network.programme import (
    Answers,
    Programme,
    Rule,
    RuleResult,
    Text,
    ask_coach,
    check,
    due_dates,
    duration_dates,
    preset,
    presets,
    stands_still_from,
    summary,
)
from stapsteen.network.programme.schema import INTAKE_ONLY_TOPICS

TODAY = date(2026, 11, 22)
VINAC, VOLUNTEERING, CARE, CENTRE, LINK = (
    preset(slug) for slug in ("vinac", "volunteering", "care-work", "volunteer-centre", "link")
)

FITS_LINK = Answers(
    born=date(1990, 1, 1), lives_in="11055", residence_document="yes", employment_contract="no",
    intake={"other_help": "yes", "own_wish": "own_wish", "regular_offer": "not_enough"},
)  # fmt: skip
FITS_ANTWERP = Answers(
    born=date(1990, 1, 1), lives_in="11002", dutch_listening="1.2", dutch_speaking="1.2", residence_document="yes",
    intake={
        "active_problems": "none", "work_feasible": "not_now", "wants_meaningful_days": "yes", "own_wish": "own_wish",
    },
)  # fmt: skip
FITS_VINAC = Answers(
    born=date(1990, 1, 1), lives_in="13040", residence_document="yes",
    intake={"wants_to_contribute": "yes", "other_pathways": "fall_short", "own_wish": "own_wish"},
)  # fmt: skip


def result(programme: Programme, rule: str, today: date = TODAY, **answers: object) -> RuleResult:
    """How one rule ends, at intake (which knows every rule)."""
    found = check(programme, Answers.model_validate(answers), today, stage="intake")
    return {item.id: item for item in found}[rule]


def ids(items: object) -> list[str]:
    return [item.id for item in items]  # type: ignore[attr-defined]


# --- 000: VINAC -------------------------------------------------------------------------------------------------------


def test_000_covers_four_municipalities() -> None:
    assert [(area.nis, area.name) for area in VINAC.covers] == [
        ("13040", "Turnhout"), ("13004", "Beerse"), ("13031", "Oud-Turnhout"), ("13046", "Vosselaar"),
    ]  # fmt: skip
    assert result(VINAC, "lives-in-region", lives_in="13046").verdict == "met"
    assert result(VINAC, "lives-in-region", lives_in="11055").verdict == "not_met"


def test_000_guidance_up_to_three_years_warned_three_months_ahead() -> None:
    dates = duration_dates(VINAC, date(2024, 2, 29))
    assert (dates.guideline, dates.warn, dates.maximum) == (None, date(2026, 11, 29), date(2027, 2, 28))


def test_000_two_groups_both_welcome() -> None:
    assert ids(VINAC.for_whom) == ["needs-more-time", "work-not-now"]


def test_000_work_is_one_aim_among_equals() -> None:
    assert ids(VINAC.aims) == ["stepping_stone", "possible_stepping_stone", "end_in_itself"]
    assert "equal-aims" in ids(VINAC.principles)
    assert {VINAC.rhythm_for(aim.id).every_months for aim in VINAC.aims} == {4}


def test_000_wants_to_work_on_competences_and_contribute() -> None:
    assert result(VINAC, "wants-to-contribute", intake={"wants_to_contribute": "yes"}).verdict == "met"
    assert result(VINAC, "wants-to-contribute", intake={"wants_to_contribute": "no"}).verdict == "not_met"
    assert VINAC.rule("wants-to-contribute").effect == "ask_further"


def test_000_more_time_than_other_pathways_give() -> None:
    fits_elsewhere = result(VINAC, "other-pathways-fall-short", intake={"other_pathways": "fit"})
    assert fits_elsewhere.verdict == "not_met"
    assert fits_elsewhere.effect == "prefer_elsewhere"
    assert "VDAB" in fits_elsewhere.where_to_go("nl")


def test_000_referrals_from_ocmw_vdab_gtb() -> None:
    assert [referrer.kind for referrer in VINAC.referral.referrers] == ["ocmw", "vdab", "gtb"]


def test_000_exploratory_talks_and_less_and_less_presence() -> None:
    assert ids(VINAC.phases) == [
        "referral", "exploring-talks", "win-win", "tasks-agreed", "close-guidance", "growing-independence",
        "step-to-work",
    ]  # fmt: skip
    assert VINAC.hosts.presence_fades


def test_000_key_person_in_each_host_that_is_vzw_or_local_government() -> None:
    assert VINAC.hosts.key_person
    assert VINAC.hosts.kinds == ("association", "local_government")
    assert "key-person" in ids(VINAC.hosts.expectations)


def test_000_tasks_by_talent_agreed_by_three() -> None:
    form = next(form for form in VINAC.forms if form.id == "task-agreement")
    assert form.filled_by == ("participant", "host", "coach")
    assert "tasks" in ids(form.contents)


def test_000_own_means_no_allowance() -> None:
    assert "own-means" in ids(VINAC.principles)
    assert VINAC.allowances == ()


def test_000_someone_who_fits() -> None:
    assert summary(check(VINAC, FITS_VINAC, TODAY)) == "fits"
    assert summary(check(VINAC, FITS_VINAC, TODAY, stage="intake")) == "fits"


# --- 001: Sociale Activering Antwerpen --------------------------------------------------------------------------------


@pytest.mark.parametrize("programme", [VOLUNTEERING, CARE], ids=["volunteering", "care-work"])
class TestAntwerp:
    def test_001_referral_from_21_centres_in_5_clusters(self, programme: Programme) -> None:
        centres = programme.referral.centres
        assert centres is not None
        assert (centres.count, len(centres.clusters)) == (21, 5)
        assert not programme.referral.by_person
        assert programme.referral.by_helper

    @pytest.mark.parametrize(
        ("today", "verdict"),
        [(date(2026, 11, 21), "met"), (date(2026, 11, 22), "not_met"), (date(2026, 11, 23), "not_met")],
    )
    def test_001_until_the_65th_birthday(self, programme: Programme, today: date, verdict: str) -> None:
        assert result(programme, "under-65", today, born=date(1961, 11, 22)).verdict == verdict

    def test_001_turning_65_inside_a_pathway_asks_the_coach(self, programme: Programme) -> None:
        before = FITS_ANTWERP.model_copy(update={"born": date(1961, 11, 23)})
        after = FITS_ANTWERP.model_copy(update={"born": date(1961, 11, 22)})
        assert ask_coach(programme, before, TODAY) == []
        assert ids(ask_coach(programme, after, TODAY)) == ["under-65"]

    @pytest.mark.parametrize(
        ("answer", "verdict"),
        [("none", "met"), ("stable", "met"), ("active", "not_met"), ("unknown", "unknown")],
    )
    def test_001_no_active_addiction_or_mental_problem(
        self, programme: Programme, answer: str, verdict: str
    ) -> None:
        assert result(programme, "no-active-problems", intake={"active_problems": answer}).verdict == verdict
        assert programme.rule("no-active-problems").asked_at == "intake"

    @pytest.mark.parametrize(
        ("listening", "speaking", "verdict"),
        [
            ("1.2", "1.2", "met"), ("2", "4", "met"), ("1.1", "2", "ask"), ("2", "1.1", "ask"), ("0", "0", "ask"),
            ("1.1", None, "ask"), ("2", None, "unknown"), (None, None, "unknown"), ("unknown", "3", "unknown"),
        ],
    )  # fmt: skip
    def test_001_dutch_1_2_else_ask(
        self, programme: Programme, listening: str | None, speaking: str | None, verdict: str
    ) -> None:
        found = result(programme, "dutch-1-2", dutch_listening=listening, dutch_speaking=speaking)
        assert (found.verdict, found.effect) == (verdict, "ask_further")

    def test_001_reading_and_writing_dont_count(self, programme: Programme) -> None:
        answers = {
            "dutch_listening": "1.2",
            "dutch_speaking": "1.2",
            "dutch_reading": "0",
            "dutch_writing": "0",
        }
        assert result(programme, "dutch-1-2", **answers).verdict == "met"

    def test_001_work_not_feasible_for_now(self, programme: Programme) -> None:
        assert (
            result(programme, "work-not-feasible-now", intake={"work_feasible": "not_now"}).verdict == "met"
        )
        feasible = result(programme, "work-not-feasible-now", intake={"work_feasible": "yes"})
        assert (feasible.verdict, feasible.effect) == ("not_met", "prefer_elsewhere")

    def test_001_seeks_meaningful_days(self, programme: Programme) -> None:
        assert (
            result(programme, "wants-meaningful-days", intake={"wants_meaningful_days": "yes"}).verdict
            == "met"
        )

    def test_001_one_euro_per_hour_transport_clothing(self, programme: Programme) -> None:
        paid = [(item.paid_for, item.amount, item.optional) for item in programme.allowances]
        assert paid == [
            ("hour", Decimal(1), False),
            ("public_transport", None, True),
            ("clothing", None, True),
        ]

    def test_law_per_hour_and_clothing_count_transport_does_not(self, programme: Programme) -> None:
        assert [item.counts_to_ceiling for item in programme.allowances] == [True, False, True]
        assert programme.allowances[0].needs_legal_check

    def test_001_three_aims(self, programme: Programme) -> None:
        assert ids(programme.aims) == ["stepping_stone", "possible_stepping_stone", "end_in_itself"]

    def test_001_pre_pathways(self, programme: Programme) -> None:
        assert ids(programme.pre_pathways) == ["motivation", "attitude", "social-skills"]

    def test_001_neither_guideline_nor_maximum(self, programme: Programme) -> None:
        assert (programme.duration.guideline_months, programme.duration.maximum_months) == (None, None)

    def test_001_someone_who_fits(self, programme: Programme) -> None:
        assert summary(check(programme, FITS_ANTWERP, TODAY)) == "fits"
        assert summary(check(programme, FITS_ANTWERP, TODAY, stage="intake")) == "fits"

    def test_001_covers_antwerp(self, programme: Programme) -> None:
        assert [area.nis for area in programme.covers] == ["11002"]


def test_001_volunteering_every_four_months_and_a_yearly_check_in() -> None:
    months = {aim.id: VOLUNTEERING.rhythm_for(aim.id).every_months for aim in VOLUNTEERING.aims}
    assert months == {"stepping_stone": 4, "possible_stepping_stone": 4, "end_in_itself": 12}
    assert VOLUNTEERING.rhythm_for("end_in_itself").kind == "check_in"


def test_001_evaluation_is_a_form_of_each_and_a_talk_of_three() -> None:
    rhythm = VOLUNTEERING.rhythm_for("stepping_stone")
    forms = {form.id: form for form in VOLUNTEERING.forms}
    assert rhythm.talk == ("participant", "host", "coach")
    assert [forms[form].filled_by for form in rhythm.forms] == [("participant",), ("host",)]
    assert forms["evaluation-participant"].help_from == "coach"


def test_001_care_work_three_months_three_months_a_year() -> None:
    months = {aim.id: CARE.rhythm_for(aim.id).every_months for aim in CARE.aims}
    assert months == {"stepping_stone": 3, "possible_stepping_stone": 3, "end_in_itself": 12}
    assert all("partner" in rhythm.talk for rhythm in CARE.rhythm)


def test_001_phases_of_volunteering() -> None:
    assert ids(VOLUNTEERING.phases) == [
        "motivation-talk", "referral", "first-talk", "searching", "going-along", "agreement", "follow-up",
        "warm-handover",
    ]  # fmt: skip


def test_001_warm_handover_to_bwe_for_stepping_stone_only() -> None:
    assert VOLUNTEERING.phases[-1].aims == ("stepping_stone",)
    assert [aim.id for aim in VOLUNTEERING.aims if aim.next_step] == ["stepping_stone"]
    assert "BWE" in VOLUNTEERING.aims[0].next_step.nl  # type: ignore[union-attr]


def test_001_agreement_of_three_holds_tasks_roster_build_up_attention_points() -> None:
    form = next(form for form in VOLUNTEERING.forms if form.used_at == "agreement")
    assert form.filled_by == ("participant", "host", "coach")
    assert ids(form.contents) == ["tasks", "roster", "build-up", "attention-points"]


def test_001_uniform_agreement_with_hosts() -> None:
    form = next(form for form in VOLUNTEERING.forms if form.used_at == "host_agreement")
    assert ids(form.contents) == ["one-contact", "insurance", "monthly-hours", "ready-to-evaluate"]
    assert ids(VOLUNTEERING.hosts.expectations) == ids(form.contents)


def test_001_hours_every_month() -> None:
    assert VOLUNTEERING.follow_up.hours_monthly
    assert CARE.follow_up.hours_monthly


def test_001_change_of_place_on_request() -> None:
    assert "change-on-request" in ids(VOLUNTEERING.principles)


def test_001_sectors() -> None:
    assert ids(VOLUNTEERING.hosts.sectors) == [
        "social", "technical", "catering", "animals", "administration", "environment",
    ]  # fmt: skip


def test_001_care_work_at_vzw_ana_with_six_workings_and_35_places() -> None:
    (ana,) = CARE.partners
    assert (ana.name, ana.follows_up, len(ana.workings), CARE.hosts.places) == ("vzw ANA", True, 6, 35)


def test_001_care_work_differs_from_volunteering() -> None:
    assert ids(CARE.hosts.expectations) == ["close-guidance", "market-price"]
    assert "activities-first" in ids(VOLUNTEERING.principles)
    assert (CARE.meta.kind, VOLUNTEERING.meta.kind) == ("care_work", "volunteering")


def test_001_criminal_record_is_a_trend_not_a_rule() -> None:
    assert all(
        rule.topic != "criminal_record" for programme in presets().values() for rule in programme.rules
    )


# --- 002: volunteer centre --------------------------------------------------------------------------------------------


def test_002_for_all_residents_and_organisations() -> None:
    assert ids(CENTRE.for_whom) == ["residents", "organisations"]
    assert (CENTRE.referral.by_person, CENTRE.referral.by_helper) == (True, True)


def test_002_information_promotion_appreciation_mediation() -> None:
    assert CENTRE.desk is not None
    assert {"information", "promotion", "appreciation", "training"} <= set(ids(CENTRE.desk.activities))
    assert (CENTRE.desk.vacancy_bank, CENTRE.desk.mediation, CENTRE.desk.one_logo) == (True, True, True)


def test_002_intervision_every_three_months() -> None:
    assert CENTRE.desk is not None
    assert {item.id: item.every_months for item in CENTRE.desk.activities}["intervision"] == 3


def test_002_fair_and_evening() -> None:
    assert CENTRE.desk is not None
    assert {"fair", "evening"} <= set(ids(CENTRE.desk.activities))


def test_002_sent_on_by_vdab_ocmw_gtb_prison_reception() -> None:
    kinds = {referrer.kind for referrer in CENTRE.referral.referrers}
    assert {"vdab", "ocmw", "gtb", "prison", "reception_centre"} <= kinds


def test_002_specialised_partners() -> None:
    assert {partner.name for partner in CENTRE.partners} >= {"Pegode vzw", "Vonak vzw"}


@pytest.mark.parametrize(
    ("lives_in", "postcode", "verdict"),
    [
        ("71045", None, "met"),
        ("71072", "3722", "met"),
        ("71072", "3500", "not_met"),
        ("71072", None, "unknown"),
    ],
)
def test_002_former_kortessem_only_by_its_own_postcodes(
    lives_in: str, postcode: str | None, verdict: str
) -> None:
    found = result(CENTRE, "lives-here", lives_in=lives_in, postcode=postcode)
    assert found.verdict == verdict
    assert found.missing == (("postcode",) if verdict == "unknown" else ())


def test_002_outside_the_town_is_never_a_refusal() -> None:
    answers = Answers(born=date(1990, 1, 1), lives_in="11002")
    assert summary(check(CENTRE, answers, TODAY)) == "talk"


# --- 003: vulnerable volunteers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("programme", presets().values(), ids=presets().keys())
class TestVoluntary:
    def test_003_voluntary_by_nature_apart_from_gpmi(self, programme: Programme) -> None:
        assert programme.voluntary.own_choice
        assert programme.voluntary.gpmi_kept_apart

    @pytest.mark.parametrize(
        ("answer", "verdict"),
        [("own_wish", "met"), ("compulsory", "ask"), ("asked_by_gpmi", "ask"), ("no", "not_met")],
    )
    def test_003_only_who_chose_it_starts(self, programme: Programme, answer: str, verdict: str) -> None:
        assert result(programme, "own-wish", intake={"own_wish": answer}).verdict == verdict
        assert programme.rule("own-wish").asked_at == "intake"

    def test_003_nobody_gets_stuck_every_aim_has_a_rhythm(self, programme: Programme) -> None:
        assert all(programme.rhythm_for(aim.id).every_months <= 12 for aim in programme.aims)

    def test_stands_still_after_six_weeks(self, programme: Programme) -> None:
        assert stands_still_from(programme, date(2026, 1, 1)) == date(2026, 2, 12)


def test_003_no_is_no_and_sub_tasks() -> None:
    for programme in (VOLUNTEERING, CENTRE):
        assert {"no-is-no", "sub-tasks"} <= set(ids(programme.principles))


def test_003_hosts_say_what_they_can_carry_and_the_team_agrees() -> None:
    assert ids(CENTRE.hosts.expectations) == ["open-to-support", "limits", "team-agrees"]


def test_003_ocmw_antwerp_goes_along_guards_limits_mediates() -> None:
    assert {"we-go-along-and-mediate", "guard-limits"} <= set(ids(VOLUNTEERING.principles))


def test_003_psychiatry_and_house_of_dutch() -> None:
    assert "psychiatry" in {referrer.kind for referrer in CENTRE.referral.referrers}
    assert "Huis van het Nederlands" in {partner.name for partner in CENTRE.partners}


def test_003_lived_experience_is_an_asset() -> None:
    assert "lived-experience" in ids(CENTRE.principles)


def test_003_who_can_sanction_is_marked() -> None:
    marked = {r.kind for p in presets().values() for r in p.referral.referrers if r.can_sanction}
    assert {"ocmw", "vdab", "prison"} <= marked
    assert "gtb" not in marked


# --- 004: LINK --------------------------------------------------------------------------------------------------------


def test_004_covers_nine_municipalities() -> None:
    assert sorted(area.name for area in LINK.covers) == [
        "Brecht", "Essen", "Kalmthout", "Ranst", "Schelle", "Schilde", "Wijnegem", "Zandhoven", "Zoersel",
    ]  # fmt: skip
    assert sorted(area.nis for area in LINK.covers) == [
        "11009", "11016", "11022", "11035", "11038", "11039", "11050", "11054", "11055",
    ]  # fmt: skip


def test_004_outside_the_region_another_partnership() -> None:
    found = result(LINK, "lives-in-region", lives_in="13040")
    assert (found.verdict, found.effect) == ("not_met", "excludes")
    assert found.elsewhere is not None
    assert found.elsewhere.kind == "other_service"


@pytest.mark.parametrize(
    ("today", "verdict"),
    [(date(2026, 11, 21), "not_met"), (date(2026, 11, 22), "met"), (date(2026, 11, 23), "met")],
)
def test_004_older_than_16_is_from_the_16th_birthday(today: date, verdict: str) -> None:
    assert result(LINK, "from-16", today, born=date(2010, 11, 22)).verdict == verdict


def test_004_no_upper_age() -> None:
    assert result(LINK, "from-16", born=date(1930, 1, 1)).verdict == "met"


def test_004_16_or_17_in_compulsory_education_is_education_first_never_a_refusal() -> None:
    pupil = FITS_LINK.model_copy(update={"born": date(2009, 12, 1), "compulsory_education": "yes"})
    results = check(LINK, pupil, TODAY, stage="intake")
    school = {item.id: item for item in results}["school-first"]
    assert (school.verdict, school.effect) == ("not_met", "prefer_elsewhere")
    assert school.elsewhere is not None
    assert school.elsewhere.kind == "education"
    assert summary(results) == "talk"


def test_004_16_or_17_out_of_school_fits() -> None:
    early = FITS_LINK.model_copy(update={"born": date(2009, 12, 1), "compulsory_education": "no"})
    assert summary(check(LINK, early, TODAY, stage="intake")) == "fits"


def test_004_school_isnt_asked_of_adults() -> None:
    found = result(LINK, "school-first", born=date(2008, 11, 22))
    assert (found.verdict, found.missing) == ("met", ())
    assert "16 of 17" in found.explain("nl")


@pytest.mark.parametrize(
    ("answer", "verdict"), [("yes", "met"), ("no", "not_met"), ("temporary", "ask"), ("unknown", "unknown")]
)
def test_004_valid_residence_status(answer: str, verdict: str) -> None:
    assert result(LINK, "valid-stay", residence_document=answer).verdict == verdict


def test_004_any_running_contract_excludes_also_when_ill() -> None:
    found = result(LINK, "no-contract", employment_contract="yes")
    assert (found.verdict, found.effect) == ("not_met", "excludes")
    question = LINK.rule("no-contract").question.nl
    assert "ook als je nu niet gaat werken" in question.lower()
    assert "ziek" not in question


def test_004_no_contract_fits() -> None:
    assert result(LINK, "no-contract", employment_contract="no").verdict == "met"


def test_004_employment_contract_is_a_rule_of_link_only() -> None:
    assert [slug for slug, p in presets().items() if "no-contract" in ids(p.rules)] == ["link"]


def test_004_three_further_conditions_at_intake() -> None:
    further = [rule.id for rule in LINK.rules if rule.asked_at == "intake"]
    assert further == ["other-help-present", "own-wish", "regular-offer-explored"]


def test_004_link_is_not_the_only_helper() -> None:
    assert result(LINK, "other-help-present", intake={"other_help": "yes"}).verdict == "met"
    alone = result(LINK, "other-help-present", intake={"other_help": "no"})
    assert alone.verdict == "not_met"
    assert alone.where_to_go("nl")


@pytest.mark.parametrize("answer", ["compulsory", "asked_by_gpmi"])
def test_004_not_an_own_wish_is_a_talk_not_a_start(answer: str) -> None:
    answers = FITS_LINK.model_copy(update={"intake": FITS_LINK.intake | {"own_wish": answer}})
    assert summary(check(LINK, answers, TODAY, stage="intake")) == "talk"


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [("not_enough", "met"), ("not_explored", "ask"), ("fits", "not_met"), ("unknown", "unknown")],
)
def test_004_regular_offer_explored_but_not_enough(answer: str, verdict: str) -> None:
    assert result(LINK, "regular-offer-explored", intake={"regular_offer": answer}).verdict == verdict


def test_004_social_map_before_a_referral() -> None:
    assert LINK.referral.social_map_first
    assert (LINK.referral.by_person, LINK.referral.by_helper) == (True, True)


def test_004_guideline_of_six_months_longer_with_reason() -> None:
    dates = duration_dates(LINK, date(2025, 8, 31))
    assert (dates.guideline, dates.warn, dates.maximum) == (date(2026, 2, 28), None, None)
    assert LINK.duration.longer_with_reason


def test_004_three_moments_then_every_three_months() -> None:
    moments = due_dates(LINK, "stepping_stone", date(2026, 1, 31), date(2026, 12, 31))
    assert [moment.due for moment in moments] == [
        date(2026, 1, 31), date(2026, 4, 30), date(2026, 7, 31), date(2026, 10, 31),
    ]  # fmt: skip
    assert LINK.rhythm[0].counts_from == "pathway_start"


def test_004_spider_with_three_moments_on_chosen_axes() -> None:
    assert (LINK.evaluator.enabled, LINK.evaluator.moments, LINK.evaluator.axes_chosen_with_participant) == (
        True,
        3,
        True,
    )
    assert LINK.explorator.enabled
    assert [slug for slug, p in presets().items() if p.evaluator.enabled] == ["link"]


def test_004_wheel_from_few_contacts_to_paid_work_at_least_one_step() -> None:
    assert ids(LINK.wheel.segments) == [
        "few-contacts", "people-around", "joining-in", "helping-out", "learning", "paid-work",
    ]  # fmt: skip
    assert LINK.wheel.ambition_steps == 1
    assert "stap terug" in LINK.wheel.note.nl


def test_004_sensitive_domains_are_marked() -> None:
    assert [domain.id for domain in LINK.domains if domain.sensitive] == ["body", "mind", "habits"]


def test_004_six_partners_led_by_kina() -> None:
    assert len(LINK.partners) == 6
    assert [partner.name for partner in LINK.partners if partner.lead] == ["Welzijnsvereniging KINA p.v."]
    assert [partner.name for partner in LINK.partners if partner.can_sanction] == ["VDAB"]


def test_004_warm_handover_and_not_only_work() -> None:
    assert "warm-handover" in ids(LINK.phases)
    assert {"more-than-work", "at-the-wheel", "small-steps", "no-replacement"} <= set(ids(LINK.principles))


def test_004_someone_who_fits() -> None:
    assert summary(check(LINK, FITS_LINK, TODAY)) == "fits"
    assert summary(check(LINK, FITS_LINK, TODAY, stage="intake")) == "fits"


# --- all presets ------------------------------------------------------------------------------------------------------


def texts(value: object, where: str = "") -> Iterator[tuple[str, Text]]:
    if isinstance(value, Text):
        yield where, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from texts(getattr(value, name), f"{where}.{name}")
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from texts(item, f"{where}.{index}")


def rules() -> list[tuple[str, Rule]]:
    return [(f"{slug}:{rule.id}", rule) for slug, p in presets().items() for rule in p.rules]


def test_five_presets() -> None:
    assert sorted(presets()) == ["care-work", "link", "vinac", "volunteer-centre", "volunteering"]
    assert {p.meta.kind for p in presets().values()} == {
        "volunteering",
        "care_work",
        "volunteer_centre",
        "activation",
    }


def test_law_age_from_the_year_of_turning_16_or_15_after_two_years_of_secondary() -> None:
    for programme in (VINAC, VOLUNTEERING, CARE, CENTRE):
        verdicts = [
            result(programme, "old-enough", born=born).verdict
            for born in (date(2010, 12, 31), date(2011, 1, 1), date(2011, 11, 22), date(2011, 11, 23))
        ]
        assert verdicts == ["met", "ask", "ask", "not_met"]


def test_public_form_never_asks_health_addiction_or_criminal_record() -> None:
    """Requirement B1, by topic and by word."""
    forbidden = re.compile(r"ziek|gezond|verslav|strafblad|psych|medic|dokter|handicap", re.IGNORECASE)
    for name, rule in rules():
        if rule.asked_at == "public":
            assert rule.topic not in INTAKE_ONLY_TOPICS, name
            assert not forbidden.search(rule.question.nl), name


@pytest.mark.parametrize(("name", "rule"), rules(), ids=[name for name, _ in rules()])
def test_rule_speaks_in_sentences_of_at_most_twelve_words(name: str, rule: Rule) -> None:
    spoken = [text.nl for _, text in texts(rule.explain)] + [rule.question.nl]
    spoken += [rule.elsewhere.text.nl] if rule.elsewhere else []
    for sentence in re.split(r"(?<=[.?!])\s+", " ".join(spoken)):
        assert len(sentence.split()) <= 12, sentence


@pytest.mark.parametrize(("slug", "programme"), presets().items())
def test_texts_differ_per_language(slug: str, programme: Programme) -> None:
    """A text left untranslated would be the same in three languages; names of things may be."""
    same = [
        where
        for where, text in texts(programme)
        if text.nl == text.fr == text.en and len(text.nl.split()) > 2
    ]
    assert same == []


def test_municipalities_have_five_digit_nis_codes_and_names() -> None:
    for programme in presets().values():
        assert programme.covers
        assert len({area.nis for area in programme.covers}) == len(programme.covers)
