"""The agreement as PDF: it says what was agreed, in three languages, readable for everyone. No database."""

from __future__ import annotations

import copy
import io
import re
from datetime import UTC, datetime, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from pypdf import PdfReader, PdfWriter

from stapsteen.core import pdf
from stapsteen.placements.agreement_document import (
    AgreementDocument,
    Language,
    Slot,
    render_agreement,
    template_data,
    week_grid,
)
from tools import verapdf

LANGS: tuple[Language, ...] = ("nl", "fr", "en")

FULL: dict[str, Any] = {
    "number": "AF-2026-0142",
    "version": 2,
    "made_at": "2026-11-22T10:00:00+01:00",
    "service": {
        "name": "Sociale Activering",
        "address": "Kwekerijstraat 82, 2140 Borgerhout",
        "coach": {"name": "An Peeters", "phone": "0470 12 34 56", "email": "an.peeters@voorbeeld.be"},
        "privacy_contact": "privacy@voorbeeld.be",
    },
    "person": {
        "first_name": "Yağmur",
        "last_name": "Şahin-D'Hondt",
        "address": "Turnhoutsebaan 12, Borgerhout",
    },
    "host": {
        "name": "Woonzorgcentrum De Linde",
        "place": "Cafetaria",
        "address": "Lindelei 4, 2100 Deurne",
        "contact": {"name": "Marc Claes", "role": "Vrijwilligersverantwoordelijke", "phone": "03 123 45 67"},
        "key_person": {"name": "Fatima El Amrani", "phone": "03 123 45 68"},
        "stand_in": {"name": "Jos Wouters"},
    },
    "starts_on": "2026-12-01",
    "ends_on": "2027-05-31",
    "tasks": [
        {"title": "Koffie brengen", "details": "Ook een praatje maken."},
        {"title": "Tafels klaarzetten"},
    ],
    "excluded_tasks": ["Werken met geld"],
    "roster": [
        {"weekday": 1, "start": "09:00", "end": "12:00"},
        {"weekday": 4, "start": "10:00", "end": "15:00", "weeks": "even", "note": "bingo"},
    ],
    "build_up": [
        {"starts_on": "2026-12-01", "hours_per_week": "3", "support": "Je begeleider komt mee."},
        {"starts_on": "2027-01-04", "hours_per_week": "5.5"},
    ],
    "attention_points": [{"point": "Allergie voor noten", "arrangement": "De keuken weet het."}],
    "allowances": [
        {"kind": "per_hour", "amount": "1", "payer": "service", "note": "Elke maand."},
        {"kind": "public_transport", "payer": "service"},
        {"kind": "clothing", "amount": "40", "payer": "host"},
        {"kind": "own_vehicle", "amount": "0.4326", "payer": "other", "payer_name": "OCMW Deurne"},
    ],
    "ceiling": {"year": 2026, "per_day": "44.02", "per_year": "1760.83"},
    "insurances": [
        {
            "kind": "liability",
            "taken_by": "host",
            "insurer": "Ethias",
            "policy": "45.1",
            "valid_until": "2027-12-31",
        },
        {"kind": "accidents", "taken_by": "host", "insurer": "Ethias"},
    ],
    "information_note": {"aim": "Een warme thuis geven.", "legal_status": "vzw", "secrecy": "professional"},
    "evaluations": [{"planned_on": "2027-04-01", "note": "halverwege"}],
    "evaluation_rhythm": "elke vier maanden",
    "other": "Je eet gratis mee op maandag.",
    "signatures": [
        {"party": "person", "name": "Yağmur Şahin-D'Hondt", "state": "paper", "signed_on": "2026-11-24"},
        {"party": "service", "name": "An Peeters", "state": "screen", "signed_on": "2026-11-23"},
        {"party": "host", "name": "Marc Claes"},
    ],
}

LITTLE: dict[str, Any] = {
    "number": "AF-1",
    "version": 1,
    "made_at": "2026-11-22T10:00:00+01:00",
    "kind": "care_work",
    "service": {"name": "Dienst", "coach": {"name": "An"}},
    "person": {"first_name": "Jo", "last_name": "Li"},
    "host": {"name": "Vzw Ana", "contact": {"name": "Bo"}},
    "starts_on": "2026-12-01",
    "tasks": [{"title": "Fietsen herstellen"}],
    "roster_note": "In overleg.",
    "insurances": [{"kind": "liability", "taken_by": "service", "insurer": "Ethias"}],
    "signatures": [
        {"party": p, "name": n} for p, n in (("person", "Jo Li"), ("service", "An"), ("host", "Bo"))
    ],
}

HOSTILE = (
    "#panic() *vet* $x^2$ _schuin_ `code` \"dubbel\" 'enkel' \\ @label <l> [blok] {name} // -- ~ = kop {"
)


def data_with(base: dict[str, Any] = FULL, **changes: Any) -> dict[str, Any]:
    return copy.deepcopy(base) | changes


def document(base: dict[str, Any] = FULL, **changes: Any) -> AgreementDocument:
    return AgreementDocument.model_validate(data_with(base, **changes))


def long_document() -> AgreementDocument:
    story = "Je doet dit samen met een collega, rustig en op jouw tempo. " * 8
    return document(
        tasks=[{"title": f"Taak {number}", "details": story} for number in range(1, 19)],
        attention_points=[{"point": f"Punt {number}", "arrangement": story} for number in range(1, 19)],
    )


def named(first_name: str, last_name: str) -> AgreementDocument:
    name = f"{first_name} {last_name}"
    signatures = [FULL["signatures"][0] | {"name": name}, *FULL["signatures"][1:]]
    return document(person={"first_name": first_name, "last_name": last_name}, signatures=signatures)


def represented() -> AgreementDocument:
    return document(
        person=FULL["person"] | {"representative": "Mr. Els Baert"},
        signatures=[
            *FULL["signatures"],
            {"party": "representative", "name": "Mr. Els Baert", "state": "link", "signed_on": "2026-11-25"},
        ],
    )


CASES = {
    "full": document,
    "little": lambda: document(LITTLE),
    "long": long_document,
    "turkish": lambda: named("İbrahim", "Öztürk-Çağlayan Işık"),
    "transliterated": lambda: named("ʿAbd al-Raḥmān", "Ṣāliḥ aṭ-Ṭūsī"),
    "apostrophe": lambda: named("N’Deye", "D'hooghe-'t Kint"),
    "arabic": lambda: named("محمد", "الأحمد"),
    "represented": represented,
    "hostile": lambda: document(other=HOSTILE, tasks=[{"title": HOSTILE}]),
}


@cache
def made(case: str, lang: Language) -> bytes:
    return render_agreement(CASES[case](), lang)


def reader(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def text_of(content: bytes) -> str:
    """All text, every run of white space as one blank."""
    return " ".join(" ".join(page.extract_text() for page in reader(content).pages).split())


def fonts_of(content: bytes) -> set[str]:
    """Names of the fonts in the file, without the subset prefix."""
    fonts = [
        font.get_object() for page in reader(content).pages for font in page["/Resources"]["/Font"].values()
    ]
    return {str(font["/BaseFont"]).rpartition("+")[2] for font in fonts}


# ------------------------------------------------------------------------------------- every case, every language


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("case", CASES)
def test_every_case_compiles_tagged_and_in_its_language(case: str, lang: Language) -> None:
    root = reader(made(case, lang)).trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == (f"{lang}-BE", True)


@pytest.mark.parametrize(("flavour", "cases"), [("ua1", tuple(CASES)), ("2a", ("full", "arabic"))])
def test_verapdf_finds_the_documents_accessible_and_archivable(
    flavour: str, cases: tuple[str, ...], tmp_path: Path
) -> None:
    paths = [tmp_path / f"{case}-{lang}.pdf" for case in cases for lang in LANGS]
    for path in paths:
        case, _, lang = path.stem.partition("-")
        path.write_bytes(made(case, lang))  # type: ignore[arg-type]
    results = verapdf.check(paths, flavour)
    assert [(r.path.name, r.failures) for r in results if not r.compliant] == []
    assert min(r.assertions for r in results) > 1000


def test_verapdf_refuses_a_file_without_tags(tmp_path: Path) -> None:
    writer = PdfWriter()
    writer.add_blank_page(width=100, height=100)
    writer.write(tmp_path / "bare.pdf")
    (result,) = verapdf.check([tmp_path / "bare.pdf"])
    assert not result.compliant
    assert result.failures


def test_verapdf_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(verapdf, "JAVA_FOLDER", tmp_path)
    with pytest.raises(verapdf.VeraPdfMissing, match="apt-get install libjaxb-java"):
        verapdf.check([tmp_path / "some.pdf"])


def test_verapdf_says_that_java_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(verapdf.VeraPdfMissing, match="apt-get install default-jdk-headless"):
        verapdf.check([tmp_path / "some.pdf"])


def test_without_our_fonts_there_is_no_pdf(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pdf, "FONTS", tmp_path)
    pdf._fonts.cache_clear()
    with pytest.raises(pdf.PdfError, match="No TTF fonts"):
        render_agreement(document(), "nl")
    pdf._fonts.cache_clear()


def test_same_document_same_bytes() -> None:
    pdf.languages.cache_clear()
    assert render_agreement(document(), "nl") == made("full", "nl")


# ------------------------------------------------------------------------------------------------- what it says

EXPECTED: dict[Language, list[str]] = {
    "nl": [
        "Afsprakennota",
        "Vrijwilligerswerk bij Woonzorgcentrum De Linde",
        "9.00–12.00",
        "Gemiddeld 5,5 uur per week.",
        "1 euro per uur",
        "de echte kost",
        "tot 40 euro per jaar",
        "0,4326 euro per kilometer",
        "44,02 euro per dag en 1760,83 euro per jaar",
        "Deze afspraken gelden van 1 december 2026 tot en met 31 mei 2027.",
        "Stoppen mag altijd.",
        "wet van 3 juli 2005",
        "Getekend op papier op 24 november 2026",
        "Getekend op het scherm op 23 november 2026",
        "Wat spreken we af?",
        "Op donderdag van 10 uur tot 15 uur, in even weken.",
        "Vanaf 4 januari 2027: 5,5 uur per week.",
        "Bel naar Fatima El Amrani: 03 123 45 68.",
        "OCMW Deurne betaalt.",
        "Dat mag altijd. Je moet niet zeggen waarom. Je krijgt geen straf.",
    ],
    "fr": [
        "Convention à trois",
        "Ceci est une traduction. L’original est en néerlandais.",
        "9h00–12h00",
        "1 euro par heure",
        "jusqu’à 40 euros par an",
        "0,4326 euro par kilomètre",
        "du 1er décembre 2026 au 31 mai 2027",
        "Vous pouvez toujours arrêter.",
        "Signé sur papier le 24 novembre 2026",
        "Que décidons-nous ?",
        "Le jeudi de 10h à 15h, les semaines paires.",
    ],
    "en": [
        "Agreement of three",
        "This is a translation. The original is in Dutch.",
        "9:00–12:00",
        "1 euro an hour",
        "up to 40 euros a year",
        "from 1 December 2026 up to and including 31 May 2027",
        "You can always stop.",
        "Signed on paper on 24 November 2026",
        "What do we agree?",
        "On Thursday from 10:00 to 15:00, in even weeks.",
    ],
}


@pytest.mark.parametrize("lang", LANGS)
def test_the_document_says_what_was_agreed(lang: Language) -> None:
    text = text_of(made("full", lang))
    typed = ["Yağmur Şahin-D'Hondt", "Koffie brengen", "Allergie voor noten", "Je eet gratis mee op maandag."]
    typed += ["45.1", "an.peeters@voorbeeld.be"]
    assert [line for line in EXPECTED[lang] + typed if line not in text] == []


def test_hash_version_and_pages_stand_in_the_document() -> None:
    text = text_of(made("full", "nl"))
    digest = document().sha256()
    assert " ".join(digest[i : i + 8] for i in range(0, 64, 8)) in text
    assert f"AF-2026-0142 · versie 2 · SHA-256 {digest[:12]} Pagina 1 van 5" in text


def test_what_is_missing_is_left_out_or_said() -> None:
    text = text_of(made("little", "nl"))
    said = [
        "Arbeidszorg bij Vzw Ana",
        "In overleg.",
        "Er is geen vergoeding afgesproken.",
        "Er is geen einddatum.",
        "Je kiest je sleutelfiguur zelf",
        "Zeg het aan Bo.",
    ]
    assert [line for line in said if line not in text] == []
    assert [word for word in ("None", "Informatienota", "Aandachtspunten", "Opbouw") if word in text] == []


def test_law_notes_follow_the_organisation() -> None:
    note = {
        "aim": "Buren helpen.",
        "legal_status": "de_facto",
        "responsible_person": "Ria Maes",
        "secrecy": "discretion",
    }
    signatures = [{"party": p, "name": "X"} for p in ("person", "service", "host")]
    host = FULL["host"] | {"welfare_sector": True}
    text = text_of(render_agreement(document(information_note=note, host=host, signatures=signatures), "nl"))
    assert "Verantwoordelijke: Ria Maes." in text
    assert "dan kan je zelf aansprakelijk zijn" in text
    assert "decreet van 3 april 2009" in text


def test_hostile_text_appears_as_typed() -> None:
    text = text_of(made("hostile", "nl"))
    assert text.count(HOSTILE) == 3  # other agreements, task, task in plain language


def test_ten_kilobytes_without_a_blank_stay_whole_and_on_the_page() -> None:
    word = "x" * 10_000
    content = render_agreement(document(other=word), "nl")
    text = "".join(page.extract_text() for page in reader(content).pages)
    assert max(len(run) for run in re.findall(r"x+", text)) < 200
    assert sum(len(run) for run in re.findall(r"x{5,}", text)) == 10_000


def test_line_ends_are_kept() -> None:
    content = render_agreement(document(other="Eerste regel\r\nTweede regel"), "nl")
    text = "\n".join(page.extract_text() for page in reader(content).pages)
    assert re.search(r"Eerste regel\s*\nTweede regel", text)


@pytest.mark.parametrize("case", ["full", "turkish", "apostrophe"])
def test_common_names_stand_in_our_own_font(case: str) -> None:
    assert {name.partition("-")[0] for name in fonts_of(made(case, "nl"))} == {"AtkinsonHyperlegibleNext"}


def test_other_scripts_fall_back_to_a_font_of_ours() -> None:
    assert any(name.startswith("DejaVuSans") for name in fonts_of(made("arabic", "nl")))


def test_metadata_and_file_name_hold_no_name() -> None:
    content = made("full", "nl")
    metadata = str(reader(content).metadata) + str(reader(content).xmp_metadata.stream.get_data(), "utf-8")
    assert reader(content).metadata["/Title"] == "Afsprakennota vrijwilligerswerk AF-2026-0142"
    assert document().filename("fr") == "AF-2026-0142-v2-fr.pdf"
    assert [name for name in ("Yağmur", "ahin", "Peeters", "Claes") if name in metadata] == []


def test_creation_date_is_the_document_s() -> None:
    assert reader(made("full", "nl")).metadata.creation_date == datetime(2026, 11, 22, 9, tzinfo=UTC)


def test_long_content_runs_over_pages_with_its_table_headers() -> None:
    text = text_of(made("long", "nl"))
    assert len(reader(made("long", "nl")).pages) > 8
    assert text.count("Wat spreken we daarover af?") > 1
    assert all(f"Punt {number} " in text for number in range(1, 19))


# ------------------------------------------------------------------------------------------------------ texts


def shape(lang: str) -> dict[str, Any]:
    """Every key with what has to be the same in all languages: type, number of items, fillings."""
    flat = {}
    for section, entries in pdf.texts(lang).items():
        for key, value in entries.items():
            fillings = (
                sorted(set(re.findall(r"\{(\w+)\}", str(value)))) if isinstance(value, str) else len(value)
            )
            flat[f"{section}.{key}"] = fillings
    return flat


def test_all_languages_have_the_same_texts() -> None:
    assert pdf.languages() == ("en", "fr", "nl")
    dutch = shape("nl")
    # Dutch and French drop the minutes of a whole hour, English keeps them.
    dutch["house.time_whole"] = ["hour", "minute"]
    english, french = shape("en"), shape("fr") | {"house.time_whole": ["hour", "minute"]}
    assert (english, french) == (dutch, dutch)


@pytest.mark.parametrize("lang", LANGS)
def test_no_text_is_empty_and_plain_sentences_are_short(lang: Language) -> None:
    texts = pdf.texts(lang)
    assert [key for section in texts.values() for key, value in section.items() if not value] == []
    sentences = [s for line in texts["plain"].values() for s in re.split(r"(?<=[.?!:])\s", line)]
    assert [sentence for sentence in sentences if len(sentence.split(" ")) > 12] == []


# ------------------------------------------------------------------------------------------------- the roster


def slots(*times: tuple[str, str]) -> tuple[Slot, ...]:
    return tuple(Slot(weekday=1, start=time.fromisoformat(a), end=time.fromisoformat(b)) for a, b in times)


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ((), [(0, 1, 0), (1, 1, 0), (2, 1, 0)]),
        ((("09:00", "12:00"),), [(0, 1, 1), (1, 1, 0), (2, 1, 0)]),
        ((("09:00", "13:30"),), [(0, 1, 1), (1, 1, 0), (2, 1, 0)]),
        ((("09:00", "13:31"),), [(0, 2, 1), (2, 1, 0)]),
        ((("12:00", "13:00"),), [(0, 1, 1), (1, 1, 0), (2, 1, 0)]),
        ((("09:00", "15:00"), ("15:00", "17:00")), [(0, 2, 2), (2, 1, 0)]),
        ((("09:00", "21:00"),), [(0, 3, 1)]),
        ((("18:00", "21:00"), ("09:00", "10:00"), ("11:00", "12:00")), [(0, 1, 2), (1, 1, 0), (2, 1, 1)]),
    ],
)
def test_week_grid(times: tuple[tuple[str, str], ...], expected: list[tuple[int, int, int]]) -> None:
    monday, *others = week_grid(slots(*times))
    assert [(cell["row"], cell["span"], len(cell["slots"])) for cell in monday] == expected
    assert others == [[{"row": row, "span": 1, "slots": []} for row in range(3)]] * 6


def test_hours_per_week_halve_alternating_weeks() -> None:
    assert document().hours_per_week() == Decimal("5.5")
    assert template_data(document(LITTLE))["hours_per_week"] == "0"


# --------------------------------------------------------------------------------------------------- the hash


def test_hash_is_of_the_content_and_not_of_the_signatures() -> None:
    unsigned = [{"party": s["party"], "name": s["name"]} for s in FULL["signatures"]]
    assert document(signatures=unsigned).sha256() == document().sha256()
    assert document(version=3).sha256() != document().sha256()
    assert document(other="Je eet gratis mee op dinsdag.").sha256() != document().sha256()


def test_hash_survives_storage_and_spelling() -> None:
    stored = AgreementDocument.model_validate_json(document().model_dump_json())
    assert stored == document()
    respelled = document(
        made_at="2026-11-22T09:00:00.5Z",
        ceiling={"year": 2026, "per_day": "44.0200", "per_year": "1760.83"},
        person=FULL["person"] | {"first_name": "Yag\u0306mur "},
    )
    assert respelled.sha256() == document().sha256()


def test_hash_of_a_known_document_stays_the_same() -> None:
    # Kept agreements are checked against their hash for years: changing this needs a new schema_version.
    assert document(LITTLE).sha256() == "916a8e749211e24e502b78faf9d6ad5f44c6d57d4ec87945ceb51bb34cb1302e"


# ------------------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"information_note": None}, "needs the information note"),
        ({"insurances": [{"kind": "accidents", "taken_by": "host", "insurer": "E"}]}, "liability insurance"),
        ({"ends_on": "2026-11-30"}, "comes before"),
        ({"signatures": FULL["signatures"][:2]}, "one signature of each"),
        ({"signatures": [*FULL["signatures"], FULL["signatures"][0]]}, "one signature of each"),
        ({"person": FULL["person"] | {"representative": "Els"}}, "person, service, host, representative"),
        ({"roster": []}, "roster_note"),
        ({"roster": FULL["roster"] + [FULL["roster"][0]]}, "overlap"),
        ({"roster": [{"weekday": 1, "start": "12:00", "end": "12:00"}]}, "ends after it starts"),
        ({"build_up": FULL["build_up"][::-1]}, "follow each other"),
        ({"number": "Jansen/1"}, "pattern"),
        ({"made_at": "2026-11-22T10:00:00"}, "timezone"),
        ({"tasks": []}, "at least 1"),
        ({"other": "a\u202eb"}, r"U\+202E"),
        ({"other": "a\x07b"}, r"U\+0007"),
        ({"allowances": [{"kind": "per_hour", "payer": "service"}]}, "needs an amount"),
        ({"allowances": [{"kind": "clothing", "payer": "other"}]}, "payer_name"),
        ({"allowances": [{"kind": "other", "payer": "host"}]}, "what it is"),
        ({"information_note": {"aim": "x", "legal_status": "de_facto"}}, "responsible person"),
        ({"information_note": {"aim": "x", "legal_status": "other"}}, "legal_status_text"),
        (
            {"signatures": [*FULL["signatures"][:2], {"party": "host", "name": "M", "state": "link"}]},
            "has a date",
        ),
        ({"birth_date": "1990-01-01"}, "Extra inputs"),
    ],
)
def test_a_document_that_does_not_hold_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        document(**changes)


def test_the_welfare_sector_signs_on_paper() -> None:
    host = FULL["host"] | {"welfare_sector": True}
    on_screen = FULL["signatures"][0] | {"state": "screen"}
    with pytest.raises(ValidationError, match="decree of 3 April 2009"):
        document(host=host, signatures=[on_screen, *FULL["signatures"][1:]])
    assert document(host=host).host.welfare_sector  # the service itself may sign on screen


def test_a_character_that_no_font_can_draw_is_named() -> None:
    with pytest.raises(pdf.Unprintable) as caught:
        render_agreement(document(other="mooi 中 weer"), "nl")
    assert caught.value.text == "中"


@pytest.mark.parametrize("template", ["nothing", "../pdf/agreement", "house.typ", "", "texts/nl"])
def test_unknown_templates_are_refused(template: str) -> None:
    with pytest.raises(pdf.PdfError, match="No PDF template"):
        pdf.render(template, {"made_at": "2026-01-01T00:00:00Z"}, lang="nl")


@pytest.mark.parametrize(
    ("data", "lang", "message"),
    [
        ({"made_at": "2026-01-01T00:00:00Z"}, "de", "No PDF texts in language 'de'"),
        ({}, "nl", "needs `made_at`"),
        ({"made_at": "2026-01-01T00:00:00"}, "nl", "needs an offset"),
        ({"made_at": "2026-01-01T00:00:00Z", "x": Decimal(1)}, "nl", "plain JSON"),
        ({"made_at": "2026-01-01T00:00:00Z", "x": float("nan")}, "nl", "plain JSON"),
        ({"made_at": "2026-01-01T00:00:00Z"}, "nl", "document"),
    ],
)
def test_bad_data_is_refused(data: dict[str, Any], lang: str, message: str) -> None:
    with pytest.raises(pdf.PdfError, match=message):
        pdf.render("agreement", data, lang=lang)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            '#set document(title: "x")\n#set text(font: "Comic Sans MS")\n= Kop',
            "unknown font family: comic sans ms",
        ),
        ('#set document(title: "x")\n#set text(font: "Libertinus Serif")\n= Kop', "unknown font family"),
        ("= Kop", "title"),
        ('#set document(title: "x")\n#read("../secret.txt")', "access|root|outside"),
        ('#set document(title: "x")\n#set text(font: "DejaVu Sans")\n= Kop\n=== Te diep', "heading"),
    ],
)
def test_a_template_with_a_fault_makes_no_pdf(source: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "faulty.typ").write_text(source)
    with pytest.raises(pdf.PdfError, match=message):
        pdf.compile_pdf(folder / "faulty.typ", inputs={}, made_at=datetime(2026, 1, 1, tzinfo=UTC))
