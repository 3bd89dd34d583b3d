"""The check of the translations finds what is missing, fuzzy or doesn't fit its source."""

import polib
import pytest

from tools import check_messages


@pytest.mark.parametrize(
    ("entry", "problems"),
    [
        (polib.POEntry(msgid="Vandaag", msgstr="Aujourd’hui"), []),
        (polib.POEntry(msgid="Vandaag", msgstr=""), ["no translation"]),
        (polib.POEntry(msgid="Vandaag", msgstr="Hier", flags=["fuzzy"]), ["fuzzy"]),
        (polib.POEntry(msgid="Dag %(naam)s", msgstr="Bonjour"), ["a placeholder of the source is missing"]),
        (polib.POEntry(msgid="Dag", msgstr="Bonjour %(nom)s"), ["a placeholder that the source hasn't"]),
        (polib.POEntry(msgid="Dag {naam}", msgstr="Bonjour {naam}"), []),
        (
            polib.POEntry(
                msgid="één dag", msgid_plural="%(n)s dagen", msgstr_plural={0: "un jour", 1: "%(n)s jours"}
            ),
            [],
        ),
        (
            polib.POEntry(msgid="een", msgid_plural="%(n)s", msgstr_plural={0: "un", 1: ""}),
            ["no translation"],
        ),
    ],
)
def test_problems_of_an_entry(entry: polib.POEntry, problems: list[str]) -> None:
    assert list(check_messages.problems_of(entry)) == problems


def test_a_plural_has_as_many_forms_as_its_language() -> None:
    entry = polib.POEntry(
        msgid="%(n)s taak", msgid_plural="%(n)s taken", msgstr_plural={0: "%(n)s a", 1: "%(n)s b"}
    )
    assert list(check_messages.problems_of(entry, 2)) == []
    assert list(check_messages.problems_of(entry, 3)) == ["2 forms of the plural, 3 are needed"]
    catalogue = polib.POFile()
    assert check_messages.forms_of(catalogue) == 0
    catalogue.metadata = {"Plural-Forms": "nplurals=2; plural=(n > 1);"}
    assert check_messages.forms_of(catalogue) == 2
