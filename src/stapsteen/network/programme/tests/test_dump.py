"""Writing TOML and telling versions apart."""

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stapsteen.network.programme import Programme, Text, diff, load_programme, preset, presets, to_toml
from stapsteen.network.programme.dump import _scalar

LINK = preset("link")


def with_(programme: Programme, **changes: object) -> Programme:
    return Programme.model_validate(dict(programme) | changes)


@pytest.mark.parametrize("programme", presets().values(), ids=presets().keys())
def test_round_trip_and_stable(programme: Programme) -> None:
    text = to_toml(programme)
    again = load_programme(text)
    assert again == programme
    assert to_toml(again) == text
    assert diff(programme, again) == []


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=60))
def test_any_text_survives(words: str) -> None:
    assert tomllib.loads(f"x = {_scalar(words)}\n")["x"] == words


@given(
    st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=60).filter(lambda s: s.strip())
)
def test_edited_texts_survive_the_round_trip(words: str) -> None:
    meta = LINK.meta.model_copy(update={"name": Text(nl=words, fr=words, en=words)})
    edited = with_(LINK, meta=meta)
    assert load_programme(to_toml(edited)) == edited


def test_diff_of_a_number() -> None:
    edited = with_(LINK, duration=LINK.duration.model_copy(update={"guideline_months": 9}))
    assert [str(change) for change in diff(LINK, edited)] == ["Duur > richtduur (maanden): 6 wordt 9"]


def test_diff_of_a_key_that_appears_or_goes() -> None:
    edited = with_(LINK, duration=LINK.duration.model_copy(update={"guideline_months": None}))
    assert [str(change) for change in diff(LINK, edited)] == ["Duur > richtduur (maanden): weg (was 6)"]
    assert [str(change) for change in diff(edited, LINK)] == ["Duur > richtduur (maanden): nieuw (6)"]


def test_diff_of_a_rule_by_its_id() -> None:
    rules = tuple(
        rule.model_copy(update={"condition": rule.condition.model_copy(update={"from_birthday": 18})})
        if rule.id == "from-16"
        else rule
        for rule in LINK.rules
    )
    assert [str(change) for change in diff(LINK, with_(LINK, rules=rules))] == [
        "Voorwaarden > from-16 > voorwaarde > vanaf leeftijd: 16 wordt 18"
    ]


def test_diff_of_a_removed_partner_and_a_moved_segment() -> None:
    segments = LINK.wheel.segments
    wheel = LINK.wheel.model_copy(update={"segments": (segments[1], segments[0], *segments[2:])})
    edited = with_(LINK, partners=LINK.partners[:-1], wheel=wheel)
    changes = diff(LINK, edited)
    assert [(change.where, change.what) for change in changes] == [
        ("Wiel > segmenten", "moved"), ("Partners > VDAB", "removed"),
    ]  # fmt: skip
    assert "VDAB" in str(changes[1])


def test_diff_of_a_text_shows_the_words() -> None:
    meta = LINK.meta.model_copy(
        update={"name": Text(nl="LINK Voorkempen", fr="LINK", en="LINK"), "version": 2}
    )
    assert [str(change) for change in diff(LINK, with_(LINK, meta=meta))] == [
        "Hoofding > versie: 1 wordt 2",
        "Hoofding > naam > Nederlands: “LINK” wordt “LINK Voorkempen”",
    ]


def test_inconsistent_edits_cannot_exist() -> None:
    with pytest.raises(ValueError, match="heeft geen ritme"):
        with_(LINK, rhythm=(LINK.rhythm[0].model_copy(update={"aims": ("stepping_stone",)}),))
