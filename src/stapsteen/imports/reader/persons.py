"""Rows of persons: every cell of a row read, with what is wrong or unclear in it. Who is who: reader/doubles.py."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import replace
from typing import Any, Final

from stapsteen.imports.reader.cells import (
    belgian,
    read_date,
    read_dutch,
    read_half_days,
    read_mail,
    read_phone,
    read_place,
)
from stapsteen.imports.reader.dates import parse_birth_year
from stapsteen.imports.reader.doubles import Sorter, tells_apart
from stapsteen.imports.reader.lookup import People
from stapsteen.imports.reader.names import NameOrder, NameRead, name_key, read_name, split_name
from stapsteen.imports.reader.placing import Linker
from stapsteen.imports.reader.plan import PersonRecord
from stapsteen.imports.reader.profile import (
    BENEFIT,
    MOBILITY,
    NONE,
    REACH,
    RESIDENCE,
    SKILLS,
    SUPPORT,
    parse_minutes,
    parse_several,
    read_around,
    read_one,
    read_several,
)
from stapsteen.imports.reader.referrers import parse_referrer
from stapsteen.imports.reader.rows import Row, Run, finish
from stapsteen.imports.reader.text import fold
from stapsteen.imports.reader.values import Aim, InszRead, parse_aim, parse_insz

YOUNGEST: Final = 10  # years; nobody younger or older is in such a list
OLDEST: Final = 110
_AIMS: Final = {
    "stepping_stone": "opstap",
    "possible_stepping_stone": "mogelijke opstap",
    "end_in_itself": "finaliteit",
}


def read_persons(run: Run, rows: list[Row], linker: Linker, people: People) -> list[PersonRecord]:
    """The persons of a file; `people` learns all of them, also those that are double or known."""
    sorter = Sorter(run, people)
    for row in rows:
        record = _read(row, linker)
        if record is not None and not row.skipped and row.status == "ready":
            sorter.place(row, record)
        finish(row)
    _tell_columns(run, rows)
    return sorter.records()


def _read(row: Row, linker: Linker) -> PersonRecord | None:
    name = read_person_name(row)
    if name is None:
        row.problem("no_name", "surname" if "surname" in row.columns else "full_name")
        return None
    insz = _insz(row)
    birth_year = _birth_year(row)
    birth = None if birth_year else _birth(row, insz)
    place = read_place(row)
    referrer = parse_referrer(row.text("referrer"))
    dutch = read_dutch(row, "dutch")
    aim, aim_sure = _aim(row)
    half_days = read_half_days(row, "availability")
    host = linker.host(row)
    start, stop, referred = _dates(row, has_host=host is not None)
    record = PersonRecord(
        fingerprint="",
        source_fingerprint=row.source_fingerprint(),
        sheet=row.plan.sheet,
        row=row.number,
        surname=name.surname,
        first_name=name.first_name,
        birth_date=birth,
        birth_year=birth_year,
        insz=insz.number if insz and row.run.context.keep_insz else "",
        street=" ".join(part for part in (row.text("street"), row.text("house_number")) if part),
        postal_code=place.postal_code,
        locality=place.locality,
        municipality_nis=place.nis,
        municipality=place.name,
        phone=read_phone(row),
        email=read_mail(row),
        referrer_kind=referrer.kind,
        referrer=referrer.name,
        sensitive_referrer=referrer.sensitive,
        referral_date=referred,
        dutch_step=dutch.step,
        dutch_cefr=dutch.cefr,
        dutch_native=dutch.native,
        dutch_none=dutch.none,
        dutch_sure=dutch.sure,
        aim=aim,
        aim_sure=aim_sure,
        half_days=half_days.mask,
        half_days_sure=half_days.sure,
        half_days_text=row.text("availability"),
        interests=row.text("interests"),
        attention=row.text("attention"),
        coach=row.text("coach"),
        host=host.ref if host else "",
        host_name=host.name if host else "",
        start=start,
        stop=stop,
        stop_reason=row.text("stop_reason"),
        **_profile(row),
    )
    row.note_rest()
    return replace(record, fingerprint=_fingerprint(row.run, record), notes=row.all_notes())


def _profile(row: Row) -> Any:
    """What requirement C1 adds; each unread cell stays as a note."""
    return {
        "talents": row.text("talents"),
        "wishes": row.text("wishes"),
        "mobility": read_several(row, "mobility", MOBILITY),
        "travel_minutes": parse_minutes(row.text("mobility")),
        "support": parse_several(row.text("support"), SUPPORT).keys,
        "support_text": row.text("support"),
        "benefit": read_one(row, "benefit", BENEFIT),
        "benefit_text": row.text("benefit"),
        "residence": read_one(row, "residence", RESIDENCE),
        "residence_text": row.text("residence"),
        **{name: row.text(name) for name in ("health", "addiction", "criminal_record")},
        "around": read_around(row),
        "reach_by": read_one(row, "reach_by", REACH),
        "language": row.text("language")[:40],
        "interpreter": "" if fold(row.text("interpreter")) in NONE else row.text("interpreter")[:40],
        "dutch_skills": _dutch_skills(row),
    }


def _dutch_skills(row: Row) -> tuple[tuple[str, str], ...]:
    found = [(name, read_dutch(row, name)) for name in SKILLS]
    steps = [(name, "native" if read.native else "0" if read.none else read.step) for name, read in found]
    return tuple((name, step) for name, step in steps if step)


def _fingerprint(run: Run, record: PersonRecord) -> str:
    """Who it is: name and birth date; without a birth date what else tells namesakes apart."""
    key = name_key(record.surname, record.first_name)
    if record.birth_date:
        return run.fingerprint("person", key, record.birth_date.isoformat())
    return run.fingerprint("person", key, "", tells_apart(record))


# --- cells -------------------------------------------------------------------------------------------------------


def read_person_name(row: Row) -> NameRead | None:
    """The name from one or two columns; None when there is none."""
    if "full_name" in row.columns and "surname" not in row.columns:
        column = row.columns["full_name"]
        read = split_name(row.text("full_name"), name_order(column.heading))
        main = "full_name"
    else:
        read, main = read_name(row.text("surname"), row.text("first_name")), "surname"
    if not fold(read.surname + read.first_name):
        return None
    if read.changed:
        row.problem("name_case", main, name=f"{read.surname} {read.first_name}".strip())
    if not read.sure:
        suggested = f"{read.surname}, {read.first_name}"
        row.problem("name_order", main, suggested=suggested, surname=read.surname, first_name=read.first_name)
    return read


def name_order(heading: str) -> NameOrder:
    """'Voornaam en naam', 'Name' and 'Participant' put the first name first; 'Naam' in Flanders the surname."""
    words = fold(heading).split()
    first = next((i for i, word in enumerate(words) if word in ("voornaam", "prenom", "first", "vn")), None)
    last = next(
        (i for i, word in enumerate(words) if word in ("naam", "nom", "familienaam", "achternaam", "last")),
        None,
    )
    if first is not None and last is not None:
        return "first_name_first" if first < last else "surname_first"
    english = words in (
        ["name"],
        ["full", "name"],
        ["participant"],
        ["volunteer"],
        ["person"],
        ["client", "name"],
    )
    return "first_name_first" if english else "surname_first"


def _insz(row: Row) -> InszRead | None:
    value = row.value("insz")
    if value is None:
        return None
    read = parse_insz(value)
    if read is None:
        row.problem("insz_wrong", "insz")
        if row.run.context.keep_insz:
            row.note("insz")
    return read


def _birth_year(row: Row) -> int | None:
    """Nothing but a year ("1985", "ca. 1985", "1985?"): kept as that."""
    year = parse_birth_year(row.value("birth_date"))
    if year is None or not YOUNGEST <= row.run.context.today.year - year <= OLDEST:
        return None
    row.problem("birth_year_only", "birth_date", date=str(year), suggested=str(year))
    return year


def _birth(row: Row, insz: InszRead | None) -> dt.date | None:
    """The birth date of its column; the one in the national number only checks it."""
    birth = read_date(row, "birth_date", birth=True, century=insz.century if insz else None)
    today = row.run.context.today
    if birth is not None and not YOUNGEST <= today.year - birth.year <= OLDEST:
        row.keep("birth_implausible", "birth_date")
        return None
    if insz is None or insz.birth is None or insz.birth == birth:
        return birth
    if birth is not None:
        row.problem(
            "insz_birth_differs", "birth_date", date=belgian(insz.birth), suggested=insz.birth.isoformat()
        )
    elif row.value("birth_date") is None and "birth_date" in row.columns:
        row.problem(
            "insz_birth_missing", "birth_date", date=belgian(insz.birth), suggested=insz.birth.isoformat()
        )
    return birth


def _aim(row: Row) -> tuple[Aim | None, bool]:
    text = row.text("aim")
    if not text:
        return None, True
    aim, sure = parse_aim(text)
    if aim is None:
        row.keep("aim_unclear", "aim")
    elif "?" in text or not sure:
        row.problem("aim_maybe", "aim", aim=_AIMS[aim], suggested=_AIMS[aim])
    return aim, sure


def _dates(row: Row, *, has_host: bool) -> tuple[dt.date | None, dt.date | None, dt.date | None]:
    """Start, stop and referral. A stop before its start leaves both out: nobody knows which is wrong."""
    today = row.run.context.today
    referred, start, stop = read_date(row, "referral_date"), read_date(row, "start"), read_date(row, "stop")
    if referred and referred > today:
        row.problem("referral_future", "referral_date")
    if start and stop and stop < start:
        row.problem("stop_before_start", "stop", start=belgian(start), stop=belgian(stop))
        row.note("start")
        row.note("stop")
        return None, None, referred
    if start and start > today:
        row.problem("start_future", "start")
    if stop and stop > today:
        row.problem("stop_future", "stop")
    if start and referred and start < referred:
        row.problem("start_before_referral", "start")
    if has_host and not start and row.value("start") is None:
        row.problem("start_missing", "host")
    if start and row.value("host") is None and "host" in row.columns:
        row.problem("host_missing", "start")
    return start, stop, referred


def _tell_columns(run: Run, rows: list[Row]) -> None:
    """What holds for a whole column is told once, and without the values."""
    by_sheet: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_sheet[row.plan.sheet].append(row)
    for of_sheet in by_sheet.values():
        plan, columns = of_sheet[0].plan, of_sheet[0].columns
        if "insz" in columns and not run.context.keep_insz and any(row.value("insz") for row in of_sheet):
            run.sheet_problem(plan, "insz_not_kept", columns["insz"])
        sensitive = sum(parse_referrer(row.text("referrer")).kind == "sensitive" for row in of_sheet)
        if sensitive:
            run.sheet_problem(plan, "referrers_sensitive", columns["referrer"], count=str(sensitive))
