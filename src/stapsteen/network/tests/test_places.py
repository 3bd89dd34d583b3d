"""A text finds its municipality: names, old names, villages, postal codes, typing errors."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stapsteen.network import places
from stapsteen.network.places import find_town


def first(text: str) -> tuple[str, str, str]:
    match = find_town(text)[0]
    return match.name, match.locality, match.how


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Turnhout", ("Turnhout", "", "name")),
        (" ZANDHOVEN ", ("Zandhoven", "", "name")),
        ("beerse", ("Beerse", "", "name")),
        ("Oud Turnhout", ("Oud-Turnhout", "", "name")),
        ("stad Antwerpen", ("Antwerpen", "", "name")),
        ("St.-Niklaas", ("Sint-Niklaas", "", "name")),
        ("Anvers", ("Antwerpen", "", "french")),
        ("Ghent", ("Gent", "", "french")),
        ("Kortessem", ("Hasselt", "Kortessem", "former")),
        ("Borsbeek", ("Antwerpen", "Borsbeek", "former")),
        ("Bilzen", ("Bilzen-Hoeselt", "Bilzen", "former")),
        ("Hoboken ", ("Antwerpen", "Hoboken", "locality")),
        ("2660 Hoboken", ("Antwerpen", "Hoboken", "locality")),
        ("Hoboken (Antwerpen)", ("Antwerpen", "Hoboken", "locality")),
        ("Borgerhout-Antwerpen", ("Antwerpen", "Borgerhout", "locality")),
        ("Merksem", ("Antwerpen", "Merksem", "locality")),
        ("Tongerlo (Bree)", ("Bree", "Tongerlo", "locality")),
        ("Tongerlo 2260", ("Westerlo", "Tongerlo", "locality")),
        ("B-2300", ("Turnhout", "", "postal")),
        ("3721", ("Hasselt", "Vliermaalroot", "postal")),
        ("Turnhot", ("Turnhout", "", "fuzzy")),
    ],
)
def test_what_people_write_finds_the_municipality(text: str, expected: tuple[str, str, str]) -> None:
    assert first(text) == expected


def test_unknown_or_empty_text_finds_nothing() -> None:
    assert find_town("Tilburg") == []
    assert find_town("") == []
    assert find_town("9999") == []


def test_a_shared_postal_code_gives_both() -> None:
    assert {match.name for match in find_town("1804")} == {"Vilvoorde", "Zemst"}


def test_only_a_guess_scores_below_one() -> None:
    assert find_town("Turnhout")[0].score == 1
    assert all(match.score < 1 for match in find_town("Vosselar"))


def test_a_former_municipality_covers_its_own_codes_only() -> None:
    assert places.former_postal_codes("kortessem") == ("3720", "3721", "3722", "3723", "3724")
    assert find_town("Kortessem")[0].postal_codes == places.former_postal_codes("Kortessem")
    assert places.former_postal_codes("Turnhout") == ()


def test_former_codes_are_exactly_the_codes_of_the_merged_municipalities() -> None:
    with (places.DATA / "mergers-2025.csv").open(encoding="utf-8") as source:
        mergers = list(csv.DictReader(source))
    merged = {row["nis"]: set[str]() for row in mergers}
    for row in mergers:
        merged[row["nis"]] |= set(places.former_postal_codes(row["former_name"]))
    for nis, codes in merged.items():
        town = places.municipality(nis)
        assert town is not None
        assert codes == set(town.postal_codes)


def test_every_village_lies_in_exactly_one_municipality() -> None:
    with (places.DATA / "localities.csv").open(encoding="utf-8") as source:
        codes = {row["postal_code"] for row in csv.DictReader(source)}
    assert {code for code in codes if len(places.towns_of_postal_code(code)) != 1} == set()


def test_there_are_565_municipalities() -> None:
    assert len(places.all_municipalities()) == 565


@given(st.text(max_size=300))
def test_no_text_breaks_the_lookup(text: str) -> None:
    for match in find_town(text):
        assert places.municipality(match.nis) is not None
        assert 0 < match.score <= 1
