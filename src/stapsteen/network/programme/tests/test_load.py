"""Wrong files name file, line and reason, in Dutch."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stapsteen.network.programme import PRESETS, ProgrammeError, load_programme, to_toml
from stapsteen.network.programme.lines import key_lines, line_of

GOOD = (PRESETS / "vinac.toml").read_text(encoding="utf-8")
LINK = (PRESETS / "link.toml").read_text(encoding="utf-8")
ANTWERP = (PRESETS / "volunteering.toml").read_text(encoding="utf-8")


def line_number(text: str, needle: str) -> int:
    return text.count("\n", 0, text.index(needle)) + 1


# text, replaced by, what the named line begins with (and what follows it), part of the reason, the file it is done to
WRONG: list[tuple[str, str, str, str, str]] = [
    ('version = 1', 'version = "1"', 'version = "1"', "hier hoort een geheel getal", GOOD),
    ('version = 1', 'version = 1.5', 'version = 1.5', "hier hoort een geheel getal", GOOD),
    ('version = 1', 'version = 0', 'version = 0', "moet 1 of meer zijn", GOOD),
    ('format = 1', 'format = 2', 'format = 2', "'2' kan niet; kies uit 1", GOOD),
    ('kind = "volunteering"', 'kind = "sport"', 'kind = "sport"', "'sport' kan niet", GOOD),
    ('slug = "vinac"', 'slug = "VINAC!"', 'slug = "VINAC!"', "alleen kleine letters", GOOD),
    ('maximum_months = 36', 'maximum_month = 36', 'maximum_month = 36', "deze sleutel bestaat niet", GOOD),
    ('nis = "13004"', 'nis = "1300"', 'nis = "1300"', "een NIS-code is 5 cijfers", GOOD),
    ('nis = "13004"', 'nis = "13040"', 'nis = "13040"\nname = "Beerse"', "staat hier twee keer", GOOD),
    ('name.fr = "Tremplin"\n', '', 'name.nl = "Opstap"', "de Franse tekst ontbreekt", GOOD),
    ('name.fr = "Tremplin"', 'name.fr = " "', 'name.fr = " "', "de Franse tekst is leeg", GOOD),
    ('id = "win-win"', 'id = "referral"', 'id = "referral"\nsource = { document = "000", place = "Concreet?',
     "staat hier twee keer", GOOD),
    ('condition.type = "lives_in"', 'condition.type = "sterrenbeeld"', 'condition.type = "sterrenbeeld"',
     "'sterrenbeeld' is geen soort voorwaarde", GOOD),
    ('condition.type = "lives_in"\n', 'condition.since = 3\n', 'condition.since = 3', "'type' ontbreekt", GOOD),
    ('condition.from_year_turning = 16', 'condition.from_year_turning = true',
     'condition.from_year_turning = true', "hier hoort een geheel getal", GOOD),
    ('key_person = true', 'key_person = "ja"', 'key_person = "ja"', "hier hoort true of false", GOOD),
    ('gpmi_kept_apart = true', 'gpmi_kept_apart = false', 'gpmi_kept_apart = false',
     "geen verplichting uit een GPMI", GOOD),
    ('own_choice = true', 'own_choice = false', 'own_choice = false', "altijd een eigen keuze", GOOD),
    ('aims = ["stepping_stone", "possible_stepping_stone", "end_in_itself"]', 'aims = ["stepping_stone"]',
     'id = "possible_stepping_stone"', "heeft geen ritme", GOOD),
    ('forms = ["evaluation-participant", "evaluation-host"]', 'forms = ["evaluation-participant", "thermometer"]',
     '"thermometer"', "het formulier 'thermometer' staat niet bij 'forms'", GOOD),
    ('warn_months = 3\n', '', '[duration]', "heeft 'warn_months' nodig", GOOD),
    ('warn_months = 3', 'warn_months = 40', 'warn_months = 40', "vóór een maximumduur", GOOD),
    ('sources = ["000", "003", "004"]', 'sources = ["000", "003"]', 'document = "004"', "staat niet bij 'meta.sources'",
     GOOD),
    ('id = "people-around"', 'id = "few-contacts"', 'id = "few-contacts"\nsource = { document = "decision"',
     "staat hier twee keer", GOOD),
    ('filled_by = ["host"]', 'filled_by = "host"', 'filled_by = "host"', "hier hoort een lijst", GOOD),
    ('ambition_steps = 1', 'ambition_steps = 6', 'ambition_steps = 6', "zoveel stappen kan niet", LINK),
    ('effect = "prefer_elsewhere"', 'effect = "excludes"',
     'effect = "excludes"\nsource = { document = "004", place = "Voor wie?: 16-17',
     "leerplicht is nooit een weigering", LINK),
    ('explain.not_applicable.nl', 'explain.niet.nl', 'explain.niet.nl', "deze sleutel bestaat niet", LINK),
    ('{ value = "no", verdict = "met" },', '{ value = "nee", verdict = "met" },', '{ value = "nee"',
     "heeft een 'label' nodig", LINK),
    ('scale_max = 5\n', '', '[evaluator]', "geef 'moments'", LINK),
    ('first_months = [0, 3, 6]', 'first_months = [0, 6, 3]', 'first_months = [0, 6, 3]', "van vroeg naar laat", LINK),
    ('topic = "problems"\nasked_at = "intake"', 'topic = "problems"\nasked_at = "public"',
     'asked_at = "public"\neffect = "excludes"\nsource = { document = "001", place = "Dia 6, Doelgroep: geen',
     "een openbaar formulier vraagt nooit naar gezondheid", ANTWERP),
    ('effect = "ask_further"\nsource = { document = "001", place = "Dia 6, Doelgroep: minimaal',
     'effect = "excludes"\nsource = { document = "001", place = "Dia 6, Doelgroep: minimaal',
     'effect = "excludes"\nsource = { document = "001", place = "Dia 6, Doelgroep: minimaal',
     "te weinig Nederlands sluit niemand uit", ANTWERP),
    ('amount_cents = 100\n', '', '[[allowances]]\nid = "one-euro-per-hour"', "heeft 'amount_cents' nodig", ANTWERP),
    ('counts_to_ceiling = true', 'counts_to_ceiling = false', 'counts_to_ceiling = false', "telt dit mee", ANTWERP),
    ('count = 21', 'count = 3', 'count = 3', "minder centra dan clusters", ANTWERP),
    ('document = "001", place = "Dia 2', 'document = "999", place = "Dia 2', 'document = "999"', "'999' kan niet",
     ANTWERP),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "needle", "reason", "base"),
    WRONG,
    ids=[f"{number}-{case[3]}" for number, case in enumerate(WRONG)],
)
def test_wrong_key_names_line_and_reason(old: str, new: str, needle: str, reason: str, base: str) -> None:
    text = base.replace(old, new, 1)
    assert text != base
    with pytest.raises(ProgrammeError) as caught:
        load_programme(text, name="proef.toml")
    lines = [problem.line for problem in caught.value.problems if reason in problem.reason]
    assert lines[:1] == [line_number(text, needle)], str(caught.value)
    assert f"proef.toml, regel {lines[0]} (" in str(caught.value)


# Exact lines, on texts small enough to count by hand.
EXACT = [
    ("format = 1\nformat = 1\n", 2, "tweede keer"),
    ("format = 1\n[meta\nslug = 'x'\n", 2, "haakje"),
    ('format = 1\nname = "open\n', 2, "teken dat niet mag"),
    ("format = 1\nslug = vinac\n", 2, "tekst hoort tussen aanhalingstekens"),
    ("format = 1\nslug\n", 2, "is-teken"),
    ("format = 1\n[meta]\n[meta]\n", 3, "tweede keer"),
    ("format = 1 version = 2\n", 1, "nieuwe regel"),
    ("format = 1\nlijst = [1, 2\n", 2, "haakje"),
    ("format = 1\nx = { a = 1, a = 2 }\n", 2, "tweede keer"),
    ("format = 1\n= 3\n", 2, "sleutel"),
]


@pytest.mark.parametrize(
    ("text", "line", "reason"), EXACT, ids=[f"{number}-{case[2]}" for number, case in enumerate(EXACT)]
)
def test_wrong_toml_names_the_line(text: str, line: int, reason: str) -> None:
    with pytest.raises(ProgrammeError) as caught:
        load_programme(text, name="proef.toml")
    (problem,) = caught.value.problems
    assert problem.line == line
    assert reason in problem.reason
    assert str(caught.value) == f"proef.toml, regel {line}: {problem.reason}"


def test_every_problem_is_named_at_once_in_order_of_line() -> None:
    text = GOOD.replace("version = 1", 'version = "x"').replace("key_person = true", "key_person = 3")
    with pytest.raises(ProgrammeError) as caught:
        load_programme(text)
    assert [problem.key for problem in caught.value.problems] == ["meta.version", "hosts.key_person"]
    assert [problem.line for problem in caught.value.problems] == [
        line_number(text, 'version = "x"'), line_number(text, "key_person = 3"),
    ]  # fmt: skip


def test_empty_text_names_what_is_missing() -> None:
    with pytest.raises(ProgrammeError) as caught:
        load_programme("")
    assert {"format", "meta", "rules", "aims"} <= {problem.key for problem in caught.value.problems}
    assert {problem.line for problem in caught.value.problems} == {1}


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ProgrammeError, match=r"weg\.toml, regel 1: het bestand is niet te lezen"):
        load_programme(tmp_path / "weg.toml")
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b"format = 1\n# caf\xe9\n")
    with pytest.raises(ProgrammeError, match=r"latin\.toml, regel 2: dit is geen UTF-8"):
        load_programme(latin)
    big = tmp_path / "big.toml"
    big.write_text("# x\n" * 200_000)
    with pytest.raises(ProgrammeError, match="te groot"):
        load_programme(big)
    with pytest.raises(ProgrammeError, match="te groot"):
        load_programme("# x\n" * 200_000)


def test_errors_are_values_and_dutch() -> None:
    """No English of pydantic leaks through for the errors above."""
    for old, new, _, _, base in WRONG:
        with pytest.raises(ProgrammeError) as caught:
            load_programme(base.replace(old, new, 1))
        assert "Input should" not in str(caught.value)
        assert "pydantic" not in str(caught.value)


# --- where keys stand -------------------------------------------------------------------------------------------------


def paths(value: object, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    found = {path} if path else set()
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        found |= paths(item, (*path, key))
    return found


@pytest.mark.parametrize("name", sorted(path.name for path in PRESETS.glob("*.toml")))
def test_every_key_of_a_preset_has_its_line(name: str) -> None:
    text = (PRESETS / name).read_text(encoding="utf-8")
    lines, rows = key_lines(text), text.split("\n")
    assert set(lines) == paths(tomllib.loads(text))
    for path, line in lines.items():
        last = next(str(part) for part in reversed(path) if isinstance(part, str))
        if isinstance(path[-1], str):
            assert last in rows[line - 1]


def test_lines_of_tricky_toml() -> None:
    text = (
        'a = """\n[no]\nb = 1\n"""\n"c d".e = [ # note ]\n  { f = "}]" },\n  \'x\',\n]\n'
        "[[g]]\nh = 1\n[[g.i]]\nj = 2\n[g.k]\nl=3\n[[g]]\nh=4\n"
    )
    lines = key_lines(text)
    assert set(lines) == paths(tomllib.loads(text))
    assert {".".join(map(str, path)): line for path, line in lines.items()} == {
        "a": 1, "c d": 5, "c d.e": 5, "c d.e.0": 6, "c d.e.0.f": 6, "c d.e.1": 7, "g": 9, "g.0": 9, "g.0.h": 10,
        "g.0.i": 11, "g.0.i.0": 11, "g.0.i.0.j": 12, "g.0.k": 13, "g.0.k.l": 14, "g.1": 15, "g.1.h": 16,
    }  # fmt: skip
    assert line_of(lines, ("g", 0, "missing")) == 9
    assert line_of(lines, ("nowhere",)) == 1


@given(st.lists(st.text(max_size=8), max_size=4), st.integers(0, 40))
def test_any_cut_of_a_preset_is_a_programme_error(extra: list[str], at: int) -> None:
    """Whatever is typed into the middle of a file: a ProgrammeError or a programme, never another error."""
    rows = LINK.split("\n")
    text = "\n".join([*rows[: at * 15], *extra, *rows[at * 15 :]])
    try:
        load_programme(text)
    except ProgrammeError as error:
        assert all(1 <= problem.line <= text.count("\n") + 1 for problem in error.problems)  # noqa: PT017


def test_round_trip_of_presets() -> None:
    for path in PRESETS.glob("*.toml"):
        programme = load_programme(path)
        assert load_programme(to_toml(programme)) == programme
