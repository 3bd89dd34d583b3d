"""Rows of organisations. A wish on a protected ground isn't recorded: it starts a talk (mission D3)."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import Final

from stdnum.be import vat
from stdnum.exceptions import ValidationError

from stapsteen.imports.reader.cells import read_count, read_date, read_mail, read_phone, read_place
from stapsteen.imports.reader.lookup import Host, Hosts, organisation_key
from stapsteen.imports.reader.names import tidy_name
from stapsteen.imports.reader.plan import Action, Duplicate, Note, OrganisationRecord, Part
from stapsteen.imports.reader.rows import Row, Run, finish
from stapsteen.imports.reader.text import clip, fold, squeeze

# A remark that shuts out people by age, origin, language, belief, health or past (law of 10 May 2007).
WISH: Final = re.compile(
    r"\b(?:liever\s(?:geen|niet)|geen|niet\svoor|nooit|pas\sde|no)\s(?:\w{1,20}\s){0,2}?"
    r"(?:jongeren|ouderen|vrouwen|mannen|anderstalig\w*|allochton\w*|vreemdeling\w*|vluchteling\w*|asiel\w*|moslim\w*|"
    r"hoofddoek\w*|"
    r"verslaafd\w*|verslaving\w*|psychiatri\w*|psychisch\w*|gehandicapt\w*|ex gedetineerd\w*|gedetineerd\w*|roma|"
    r"holebi\w*|homo\w*|zwarten|marokk\w*|turk\w*|daklo\w*|drug\w*)"
)
LEGAL_KINDS: Final = (
    ("vzw", ("vzw", "asbl", "npo", "non profit")),
    ("local_government", ("lokaal bestuur", "ocmw", "gemeente", "stad", "stadsbestuur", "gemeentebestuur", "cpas",
                          "commune", "zorgbedrijf", "agb", "local government", "municipality")),
    ("association", ("feitelijke vereniging", "fv", "association de fait", "de facto association", "vereniging")),
    ("company", ("bv", "nv", "cv", "cvba", "bvba", "eenmanszaak", "bedrijf", "onderneming", "societe",
                 "company", "handelszaak")),
    ("public_body", ("provincie", "vlaamse overheid", "federale overheid", "school", "go", "overheid", "public")),
)  # fmt: skip
_SECTOR_SPLIT = re.compile(r"\s*[/;,+]\s*|\s+en\s+")
LONGEST_NAME: Final = 200


def read_organisations(run: Run, rows: list[Row], hosts: Hosts) -> list[OrganisationRecord]:
    """The organisations of a file; `hosts` learns every one of them, also those that are double or known."""
    records: dict[str, OrganisationRecord] = {}
    first_rows: dict[str, Row] = {}
    for row in rows:
        record = _read(row)
        if record is not None and not row.skipped and row.status == "ready":
            _place(run, row, record, records, first_rows, hosts)
        finish(row)
    return list(records.values())


def _place(
    run: Run,
    row: Row,
    record: OrganisationRecord,
    records: dict[str, OrganisationRecord],
    first_rows: dict[str, Row],
    hosts: Hosts,
) -> None:
    same = _known_host(run, record, hosts)
    known = run.known(record.fingerprint, record.source_fingerprint)
    ref = record.fingerprint
    if record.fingerprint in first_rows:
        first = first_rows[record.fingerprint]
        row.problem("double_organisation", "name", other_row=str(first.number))
        _double(row, record, ref, records)
    elif same is not None or known:
        ref = same.ref if same is not None else known
        if not known:
            row.problem("organisation_known", "name")
        _double(row, record, ref, records)
    else:
        records[record.fingerprint] = record
    if record.fingerprint not in first_rows and not known:
        run.actions += [replace(action, organisation=ref) for action in _talks(row, record)]
    first_rows.setdefault(record.fingerprint, row)
    hosts.add(Host(ref, record.name, record.municipality_nis))


def _known_host(run: Run, record: OrganisationRecord, hosts: Hosts) -> Host | None:
    """The same name in the network, unless both say where they are and it is elsewhere."""
    for known in run.context.known_organisations:
        elsewhere = (
            known.municipality_nis
            and record.municipality_nis
            and known.municipality_nis != record.municipality_nis
        )
        if organisation_key(known.name) == organisation_key(record.name) and not elsewhere:
            return hosts.get(f"known:{known.key}")
    return None


def _double(row: Row, record: OrganisationRecord, of: str, records: dict[str, OrganisationRecord]) -> None:
    row.status = "duplicate"
    part: Part = "file" if of in records else "known"
    row.run.duplicates.append(Duplicate("organisations", row.plan.sheet, row.number, of, part, record))
    if of in records:
        extra = [note for note in record.notes if note not in records[of].notes]
        records[of] = replace(records[of], notes=records[of].notes + tuple(extra))


def _read(row: Row) -> OrganisationRecord | None:
    name = squeeze(row.text("name"))[:LONGEST_NAME]
    if not fold(name):
        row.problem("no_name", "name")
        return None
    place = read_place(row)
    kind_text = row.text("legal_kind")
    _rather_not(row)
    insurance = _insurance(row)
    record = OrganisationRecord(
        fingerprint=row.run.fingerprint("organisation", organisation_key(name), place.nis),
        source_fingerprint=row.source_fingerprint(),
        sheet=row.plan.sheet,
        row=row.number,
        name=name,
        umbrella=row.text("umbrella"),
        legal_kind=legal_kind(kind_text),
        legal_kind_text=kind_text,
        sectors=sectors(row.text("sector")),
        street=_street(row),
        postal_code=place.postal_code,
        locality=place.locality,
        municipality_nis=place.nis,
        municipality=place.name,
        contact=tidy_name(row.text("contact")),
        phone=read_phone(row),
        email=read_mail(row),
        insurance_until=insurance,
        max_guided=read_count(row, "max_guided").value,
        kbo=_kbo(row),
        website=row.text("website"),
    )
    row.note_rest()
    return replace(record, notes=_without_wishes(row))


def _street(row: Row) -> str:
    return " ".join(part for part in (row.text("street"), row.text("house_number")) if part)


def _rather_not(row: Row) -> None:
    """The whole column is a wish about people: nothing of it is recorded."""
    if row.value("rather_not") is not None:
        row.problem("talk_with_host", "rather_not")


def _without_wishes(row: Row) -> tuple[Note, ...]:
    """Remarks, without those that shut people out."""
    kept = []
    for note in row.notes:
        column = next((column for column in row.plan.columns if column.heading == note.heading), None)
        if WISH.search(fold(note.text)):
            row.problem("talk_with_host", column=column)
        elif column is None or column.field != "rather_not":
            kept.append(note)
    return tuple(kept)


def _talks(row: Row, record: OrganisationRecord) -> list[Action]:
    wishes = [problem for problem in row.problems if problem.code == "talk_with_host"]
    return [Action("talk", record.fingerprint, record.name, row.plan.sheet, row.number)] if wishes else []


def _insurance(row: Row) -> dt.date | None:
    text = row.text("insurance_until")
    if (text and not any(c.isalnum() for c in text)) or fold(text) in (
        "onbekend",
        "nee",
        "geen",
        "na te vragen",
        "unknown",
    ):
        row.problem("insurance_unknown", "insurance_until")
        return None
    until = read_date(row, "insurance_until")
    if until is not None and until < row.run.context.today:
        row.problem("insurance_expired", "insurance_until")
    return until


def _kbo(row: Row) -> str:
    text = row.text("kbo")
    if not text:
        return ""
    try:
        return str(vat.validate(clip(text).upper().removeprefix("BTW").strip().zfill(10)))
    except (ValidationError, ValueError):
        row.keep("kbo_wrong", "kbo")
        return ""


def legal_kind(text: str) -> str:
    """The code of a legal kind: vzw, local_government, association, company, public_body, or '' when unknown."""
    plain = f" {fold(clip(text))} "
    return next((code for code, words in LEGAL_KINDS if any(f" {word} " in plain for word in words)), "")


def sectors(text: str) -> tuple[str, ...]:
    """'administratie/onthaal' is two sectors."""
    parts = (part.strip().lower() for part in _SECTOR_SPLIT.split(clip(text)))
    return tuple(dict.fromkeys(part for part in parts if part))
