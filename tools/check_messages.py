"""Are all texts translated? Dutch is the source; French and English must be complete, without fuzzy ones.

python tools/check_messages.py           lists what is missing; exit code 1 when anything is
python tools/check_messages.py --write   brings locale/*/LC_MESSAGES/django.po up to date with the texts
"""

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tools import participant_messages

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "locale"
LANGUAGES = ("fr", "en")
IGNORE = [
    "locale",
    ".venv",
    "var",
    "node_modules",
    "e2e",
    "bench",
    "tools",
    "docs",
    "static",
    "conftest.py",
    "*/tests/*",
]
PLACEHOLDER = re.compile(r"%(?:\((\w+)\))?[sdif]|\{(\w*)\}")


def extract(target: Path, language: str) -> polib.POFile:
    """All texts of the checkout, merged into what `target` already holds for this language."""
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.core.management.commands.makemessages import Command, TranslatableFile

    class IntoTarget(Command):
        """Django's own also finds the folder `locale` of the checkout, and prefers it to the one that is asked for."""

        def find_files(self, root: str) -> list[TranslatableFile]:
            self.locale_paths = [str(target)]
            return super().find_files(root)

    if not settings.configured:
        settings.configure(LOCALE_PATHS=[], INSTALLED_APPS=[], USE_I18N=True)
        django.setup()
    settings.LOCALE_PATHS = [str(target)]
    call_command(
        IntoTarget(),
        locale=[language],
        ignore_patterns=IGNORE,
        no_wrap=True,
        add_location="file",
        verbosity=0,
    )
    return polib.pofile(str(target / language / "LC_MESSAGES" / "django.po"))


def placeholders(text: str) -> set[str]:
    return {match.group(0) for match in PLACEHOLDER.finditer(text)}


def forms_of(catalogue: polib.POFile) -> int:
    """How many forms of a plural this language has, as its catalogue's head says."""
    found = re.search(r"nplurals=(\d+)", catalogue.metadata.get("Plural-Forms", ""))
    return int(found.group(1)) if found else 0


def problems_of(entry: polib.POEntry, forms: int = 0) -> Iterator[str]:
    """What is wrong with one entry that the software uses. `forms`: how many a plural must have; 0: not looked at."""
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if entry.fuzzy:
        yield "fuzzy"
    if not texts or not all(texts):
        yield "no translation"
        return
    if forms and entry.msgid_plural and len(texts) != forms:
        yield f"{len(texts)} forms of the plural, {forms} are needed"
    allowed = placeholders(entry.msgid) | placeholders(entry.msgid_plural or "")
    if any(placeholders(text) - allowed for text in texts):
        yield "a placeholder that the source hasn't"
    if not entry.msgid_plural and placeholders(entry.msgid) - placeholders(entry.msgstr):
        yield "a placeholder of the source is missing"


def check(language: str, locale: Path = LOCALE) -> list[str]:
    """One line per problem: language, where the text stands, the text, what is wrong."""
    with tempfile.TemporaryDirectory() as temporary:
        target = Path(temporary)
        existing = locale / language / "LC_MESSAGES" / "django.po"
        (target / language / "LC_MESSAGES").mkdir(parents=True)
        if existing.exists():
            shutil.copy(existing, target / language / "LC_MESSAGES" / "django.po")
        catalogue = extract(target, language)
    lines, forms = [], forms_of(catalogue)
    for entry in catalogue:
        if not entry.obsolete:
            where = entry.occurrences[0][0] if entry.occurrences else "?"
            lines += [
                f"{language}: {where}: {entry.msgid!r}: {problem}" for problem in problems_of(entry, forms)
            ]
    return lines


def check_own_pages(language: str, locale: Path = LOCALE) -> list[str]:
    """The same for a language that only the participant's own pages have, against the list of their texts."""
    file = locale / language / "LC_MESSAGES" / "django.po"
    entries = {entry.msgid: entry for entry in polib.pofile(str(file))} if file.exists() else {}
    lines = []
    for msgid, (plural, where) in participant_messages.texts().items():
        entry = entries.get(msgid, polib.POEntry(msgid=msgid, msgid_plural=plural))
        lines += [f"{language}: {where}: {msgid!r}: {problem}" for problem in problems_of(entry)]
    return lines


def write_own_pages(language: str, locale: Path = LOCALE) -> None:
    """Bring the catalogue up to date: new texts enter empty, those that are no longer shown go."""
    file = locale / language / "LC_MESSAGES" / "django.po"
    catalogue = polib.pofile(str(file), wrapwidth=0)
    texts = participant_messages.texts()
    for entry in [entry for entry in catalogue if entry.msgid not in texts]:
        catalogue.remove(entry)
    known = {entry.msgid: entry for entry in catalogue}
    for msgid, (plural, where) in texts.items():
        if msgid not in known:
            known[msgid] = polib.POEntry(msgid=msgid, msgid_plural=plural)
            catalogue.append(known[msgid])
        known[msgid].occurrences = [(where, "")]
    catalogue.save(str(file))


def main(words: list[str]) -> int:
    import os

    os.chdir(ROOT)
    if words == ["--write"]:
        LOCALE.mkdir(exist_ok=True)
        for language in LANGUAGES:
            extract(LOCALE, language)
        for language in participant_messages.LANGUAGES:
            write_own_pages(language)
        return 0
    lines = [line for language in LANGUAGES for line in check(language)]
    lines += [line for language in participant_messages.LANGUAGES for line in check_own_pages(language)]
    print("\n".join(lines[:200]))
    if lines:
        print(
            f"{len(lines)} problems in the translations. New texts enter with: python tools/check_messages.py --write"
        )
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
