"""The engine behind the rules: ages by year only, missing answers, summaries."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from stapsteen.network.programme import Answers, Area, check, missing, preset, presets, summary
from stapsteen.network.programme.eligibility import has_reached

LINK, VOLUNTEERING, VINAC = preset("link"), preset("volunteering"), preset("vinac")
TODAY = date(2026, 11, 22)
DAYS = st.dates(min_value=date(1920, 1, 1), max_value=date(2026, 11, 22))


def verdicts(results: list) -> dict[str, str]:  # type: ignore[type-arg]
    return {result.id: result.verdict for result in results}


def test_nothing_answered_is_incomplete_and_names_what_is_missing() -> None:
    results = check(LINK, Answers(), TODAY)
    assert set(verdicts(results).values()) == {"unknown"}
    assert summary(results) == "incomplete"
    assert missing(results) == ("lives_in", "born", "residence_document", "employment_contract")


def test_public_stage_shows_public_rules_only() -> None:
    assert [r.id for r in check(LINK, Answers(), TODAY)] == [
        "lives-in-region", "from-16", "school-first", "valid-stay", "no-contract",
    ]  # fmt: skip
    assert len(check(LINK, Answers(), TODAY, stage="intake")) == len(LINK.rules)


def test_one_excluding_rule_is_enough_for_elsewhere_even_when_incomplete() -> None:
    results = check(LINK, Answers(employment_contract="yes"), TODAY)
    assert summary(results) == "elsewhere"


def test_who_does_not_know_either_gets_a_talk() -> None:
    answers = Answers(
        born=date(1990, 1, 1), lives_in="11055", residence_document="unknown", employment_contract="no"
    )
    results = check(LINK, answers, TODAY)
    assert missing(results) == ()
    assert summary(results) == "talk"


def test_little_dutch_is_a_talk_not_a_refusal() -> None:
    answers = Answers(born=date(1990, 1, 1), lives_in="11002", dutch_listening="0", dutch_speaking="0")
    assert summary(check(VOLUNTEERING, answers, TODAY)) == "talk"


def test_a_service_covers_its_own_area() -> None:
    answers = Answers(lives_in="11040")
    assert verdicts(check(LINK, answers, TODAY))["lives-in-region"] == "not_met"
    wider = [*LINK.covers, Area(nis="11040", name="Schoten")]
    assert verdicts(check(LINK, answers, TODAY, covers=wider))["lives-in-region"] == "met"
    assert verdicts(check(LINK, answers, TODAY, covers=[]))["lives-in-region"] == "not_met"


@pytest.mark.parametrize(
    ("year", "verdict"),
    [(2009, "met"), (2010, "unknown"), (2011, "not_met")],
)
def test_year_only_is_unknown_when_the_birthday_decides(year: int, verdict: str) -> None:
    results = {r.id: r for r in check(LINK, Answers(birth_year=year), TODAY)}
    assert results["from-16"].verdict == verdict
    assert results["from-16"].missing == (("born",) if verdict == "unknown" else ())


@pytest.mark.parametrize(("year", "verdict"), [(1960, "not_met"), (1961, "unknown"), (1962, "met")])
def test_year_only_at_65(year: int, verdict: str) -> None:
    assert verdicts(check(VOLUNTEERING, Answers(birth_year=year), TODAY))["under-65"] == verdict


@pytest.mark.parametrize(("year", "verdict"), [(2010, "met"), (2011, "unknown"), (2012, "not_met")])
def test_law_age_by_year_only(year: int, verdict: str) -> None:
    assert verdicts(check(VINAC, Answers(birth_year=year), TODAY))["old-enough"] == verdict


@pytest.mark.parametrize(
    ("year", "school", "verdict", "gaps"),
    [
        (2008, None, "unknown", ("compulsory_education",)), (2008, "no", "met", ()), (2008, "yes", "not_met", ()),
        (2008, "unknown", "unknown", ()), (2007, "yes", "met", ()), (None, None, "unknown", ("born",)),
        (None, "no", "met", ()),
    ],
)  # fmt: skip
def test_school_by_year_only(
    year: int | None, school: str | None, verdict: str, gaps: tuple[str, ...]
) -> None:
    answers = Answers.model_validate({"birth_year": year, "compulsory_education": school})
    results = {r.id: r for r in check(LINK, answers, TODAY)}
    assert (results["school-first"].verdict, results["school-first"].missing) == (verdict, gaps)


def test_on_the_last_day_of_the_year_year_only_is_never_unknown() -> None:
    for year in (2009, 2010, 2011):
        assert verdicts(check(LINK, Answers(birth_year=year), date(2026, 12, 31)))["from-16"] != "unknown"


def test_born_on_29_february_turns_65_on_28_february() -> None:
    assert not has_reached(65, date(1960, 2, 29), date(2025, 2, 27))
    assert has_reached(65, date(1960, 2, 29), date(2025, 2, 28))


@given(DAYS, DAYS)
def test_year_only_never_contradicts_the_full_date(born: date, today: date) -> None:
    if born > today:
        return
    for programme in presets().values():
        full = verdicts(check(programme, Answers(born=born), today))
        vague = verdicts(check(programme, Answers(birth_year=born.year), today))
        for rule in ("from-16", "under-65", "old-enough"):
            if rule in vague and vague[rule] != "unknown":
                assert vague[rule] == full[rule]


@given(DAYS, st.integers(0, 400))
def test_age_turns_once(born: date, days: int) -> None:
    """Once reached, an age stays reached."""
    day = date(born.year + 16, 1, 1) + timedelta(days=days)
    assert has_reached(16, born, day + timedelta(days=1)) >= has_reached(16, born, day)


def test_explanations_in_three_languages_dutch_otherwise() -> None:
    (result, *_) = check(LINK, Answers(lives_in="11055"), TODAY)
    said = [result.explain(language) for language in ("nl", "fr", "en", "fr-be", "uk")]
    assert len(set(said)) == 3
    assert said[0] == said[4]
    assert said[1] == said[3]


def test_where_to_go_only_when_not_met() -> None:
    met, missed = (check(LINK, Answers(lives_in=nis), TODAY)[0] for nis in ("11055", "13040"))
    assert met.where_to_go("nl") == ""
    assert missed.where_to_go("fr").startswith("Va au partenariat")


@pytest.mark.parametrize(
    "wrong",
    [
        {"lives_in": "1105"}, {"postcode": "037"}, {"birth_year": 1066}, {"employment_contract": "maybe"},
        {"dutch_speaking": "A2"}, {"health": "ill"}, {"born": date(1990, 1, 1), "birth_year": 1991},
    ],
)  # fmt: skip
def test_wrong_answers_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Answers.model_validate(wrong)


def test_birth_in_the_future_is_refused() -> None:
    with pytest.raises(ValueError, match="geboren na vandaag"):
        check(LINK, Answers(born=TODAY + timedelta(days=1)), TODAY)


def test_an_answer_that_the_question_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="'perhaps' is geen antwoord op de vraag 'own-wish'"):
        check(LINK, Answers(intake={"own_wish": "perhaps"}), TODAY, stage="intake")


def test_intake_answers_never_reach_the_public_stage() -> None:
    private = Answers(intake={"active_problems": "active"})
    assert check(VOLUNTEERING, private, TODAY) == check(VOLUNTEERING, Answers(), TODAY)
