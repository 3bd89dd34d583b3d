"""What the funder counts, as totals only: the answers are decrypted here, counted, and forgotten (requirement C7).

Counted at the start, each person once a year (the first pathway of that year with a frozen record), with the breakdown
by gender that the regulation asks (Regulation (EU) 2021/1057, annex I). Numbers from 1 to 4 are always hidden: nobody
may read a frozen record as one person's, so no number may show one either. Every run stands in the read log.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stapsteen.core.scope import current
from stapsteen.figures.report import Table
from stapsteen.network.models import Service
from stapsteen.pathways.funder import QUESTIONS
from stapsteen.pathways.models import FunderRecord, Pathway
from stapsteen.pathways.queries_funder import funded_versions
from stapsteen.people.cells import Cells
from stapsteen.people.models import Person

AGES = {
    "under_18": gettext_lazy("jonger dan 18"),
    "18_29": gettext_lazy("18 tot en met 29"),
    "30_54": gettext_lazy("30 tot en met 54"),
    "over_54": gettext_lazy("55 en ouder"),
    "unknown": gettext_lazy("geboortejaar niet gekend"),
}
"""Age at the start; the bands are the regulation's."""
ALL = "all"


@dataclass(frozen=True)
class FunderCounts:
    """Tables with totals per answer and per gender; `waiting`: running pathways that aren't frozen yet."""

    year: int
    tables: list[Table]
    empty: bool
    cells: Cells


def funder_counts(service: Service, year: int) -> FunderCounts:
    """All that the funder counts for the pathways that began in `year`; a fixed number of queries."""
    if current().service_id != service.pk:
        raise LookupError("The figures of one service at a time.")
    rows = counted(year)
    cells = Cells(protect=True)
    genders = list(QUESTIONS["gender"][1])
    for gender in (*genders, ALL):
        cells.put((ALL, "", gender), sum(1 for row in rows if gender in (ALL, row["gender"])))
    cells.add_up([(ALL, "", gender) for gender in genders], (ALL, "", ALL))
    questions = {"age": AGES, **{name: given[1] for name, given in QUESTIONS.items() if name != "gender"}}
    for name, answers in questions.items():
        _count(cells, rows, name, list(answers), genders)
    waiting = Pathway.objects.filter(starts_on__year=year, programmes__programme_id__in=funded_versions())
    cells.put("waiting", waiting.exclude(funder_records__state="frozen").distinct().count())
    cells.close()
    return FunderCounts(year, _tables(cells, questions, genders), not rows, cells)


def counted(year: int) -> list[dict[str, str]]:
    """A dict of answers per person, with the age band: the first frozen record of a pathway begun in that year."""
    records = FunderRecord.objects.filter(state="frozen", pathway__starts_on__year=year)
    by_person: dict[Any, tuple[date, dict[str, str]]] = {}
    for record in records.select_related("pathway", "person").order_by("-pathway__starts_on", "-pathway_id"):
        begun = record.pathway.starts_on
        by_person[record.person_id] = (begun, {"age": age_band(record.person, begun), **record.answers})
    return [answers for _begun, answers in by_person.values()]


def age_band(person: Person, day: date) -> str:
    """A key of AGES; from the year alone when the day isn't known."""
    age = person.age_on(day)
    if age is None:
        age = day.year - person.birth_year if person.birth_year else None
    if age is None:
        return "unknown"
    return next(
        (band for band, most in (("under_18", 17), ("18_29", 29), ("30_54", 54)) if age <= most), "over_54"
    )


def _count(
    cells: Cells, rows: list[dict[str, str]], name: str, answers: list[str], genders: list[str]
) -> None:
    found = Counter((row.get(name, ""), row.get("gender", "")) for row in rows)
    for answer in answers:
        for gender in genders:
            cells.put((name, answer, gender), found[answer, gender])
        cells.put((name, answer, ALL), sum(found[answer, gender] for gender in genders))
        cells.add_up([(name, answer, gender) for gender in genders], (name, answer, ALL))
    for gender in (*genders, ALL):
        cells.add_up([(name, answer, gender) for answer in answers], (ALL, "", gender))


def _tables(cells: Cells, questions: dict[str, Any], genders: list[str]) -> list[Table]:
    words = QUESTIONS["gender"][1]
    columns = [str(words[gender]) for gender in genders]

    def line(label: str, name: str, answer: str) -> list[Any]:
        return [label, *(cells[name, answer, gender] for gender in (*genders, ALL))]

    titles = {"age": _("Leeftijd bij de start"), **{name: str(given[0]) for name, given in QUESTIONS.items()}}
    return [
        Table(
            title=titles[name],
            short=name,
            columns=["", *columns, _("samen")],
            rows=[line(str(label), name, answer) for answer, label in answers.items()],
            foot=line(_("Samen"), ALL, ""),
        )
        for name, answers in questions.items()
    ]
