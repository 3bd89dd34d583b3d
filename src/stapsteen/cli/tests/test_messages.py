"""The check of the translations finds what is missing, fuzzy or doesn't fit its source."""

import subprocess
import sys
from pathlib import Path

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


def test_the_check_sees_what_is_missing_and_writes_nothing_in_the_checkout(tmp_path: Path) -> None:
    """Wherever the checkout and the folder for temporary files stand."""
    before = {path: path.read_bytes() for path in check_messages.LOCALE.rglob("django.po")}
    french = Path("fr", "LC_MESSAGES", "django.po")
    catalogue = polib.pofile(str(check_messages.LOCALE / french))
    lost = catalogue.find("Gastorganisaties")
    assert lost is not None
    catalogue.remove(lost)
    (tmp_path / french).parent.mkdir(parents=True)
    catalogue.save(str(tmp_path / french))
    lines = check_in_a_process_of_its_own(tmp_path)
    assert [line for line in lines if "'Gastorganisaties'" in line]
    assert len(lines) <= 2  # that one, and a text that it is mistaken for
    assert {path: path.read_bytes() for path in check_messages.LOCALE.rglob("django.po")} == before


def check_in_a_process_of_its_own(locale: Path) -> list[str]:
    """What the check says about French: it sets where Django finds its texts, which no other test should notice."""
    words = (
        "import sys; from pathlib import Path; from tools.check_messages import check; "
        "print(*check('fr', Path(sys.argv[1])), sep='\\n')"
    )
    done = subprocess.run(
        [sys.executable, "-c", words, locale],
        cwd=check_messages.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip().splitlines()
