"""What single keys can't tell: double ids, references to nothing, rules against the law. One check per concern.

Every check yields an `Inconsistency`: where in the file, and why, in plain Dutch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stapsteen.network.programme.lines import Path
from stapsteen.network.programme.parts import (
    INTAKE_ONLY_TOPICS,
    PUBLIC_ANSWERS,
    STANDARD_LABELS,
    AgeBetween,
    Allowance,
    Centres,
    Chosen,
    Duration,
    Dutch,
    Intake,
    LawAge,
    Part,
    Rule,
    Schooling,
    Source,
    Wheel,
)

if TYPE_CHECKING:
    from stapsteen.network.programme.schema import Programme


@dataclass(frozen=True)
class Inconsistency:
    """One cross check that failed. `path` leads to the key in the file; `reason` is plain Dutch."""

    path: Path
    reason: str


def problems(programme: Programme) -> Iterator[Inconsistency]:
    """Everything that single keys can't tell: double ids, references to nothing, rules against the law."""
    yield from _unique_ids(programme)
    yield from _rules(programme)
    yield from _aims(programme)
    yield from _rhythm(programme)
    yield from _duration(programme.duration)
    yield from _allowances(programme.allowances)
    yield from _wheel(programme.wheel)
    yield from _evaluator(programme)
    yield from _centres(programme.referral.centres)
    yield from _intake(programme.intake)
    yield from _sources(programme)


def _intake(intake: Intake) -> Iterator[Inconsistency]:
    """Who waits too long, waits long too."""
    for stage in ("received", "talks"):
        if getattr(intake, f"{stage}_on_time_days") > getattr(intake, f"{stage}_late_days"):
            yield Inconsistency(
                ("intake", f"{stage}_on_time_days"),
                f"dit is groter dan {stage}_late_days; wie te lang wacht, wachtte daarvoor al lang",
            )


def _doubles(path: Path, key: str, values: Sequence[Any]) -> Iterator[Inconsistency]:
    counts = Counter(values)
    seen: set[Any] = set()
    for index, value in enumerate(values):
        if counts[value] > 1 and value in seen:
            yield Inconsistency(
                (*path, index, key), f"'{value}' staat hier twee keer; elk {key} mag maar één keer"
            )
        seen.add(value)


def _unique_ids(p: Programme) -> Iterator[Inconsistency]:
    lists: tuple[tuple[Path, str, Iterable[Any]], ...] = (
        (("for_whom",), "id", p.for_whom), (("rules",), "id", p.rules), (("aims",), "id", p.aims),
        (("phases",), "id", p.phases), (("rhythm",), "id", p.rhythm), (("allowances",), "id", p.allowances),
        (("wheel", "segments"), "id", p.wheel.segments), (("domains",), "id", p.domains), (("forms",), "id", p.forms),
        (("hosts", "expectations"), "id", p.hosts.expectations), (("hosts", "sectors"), "id", p.hosts.sectors),
        (("pre_pathways",), "id", p.pre_pathways), (("principles",), "id", p.principles),
        (("partners",), "name", p.partners), (("referral", "referrers"), "kind", p.referral.referrers),
        (("covers",), "nis", p.covers), (("desk", "activities"), "id", p.desk.activities if p.desk else ()),
    )  # fmt: skip
    for path, key, items in lists:
        yield from _doubles(path, key, [getattr(item, key) for item in items])
    for index, form in enumerate(p.forms):
        yield from _doubles(("forms", index, "contents"), "id", [item.id for item in form.contents])


def _rules(p: Programme) -> Iterator[Inconsistency]:
    for index, rule in enumerate(p.rules):
        here: Path = ("rules", index)
        if rule.asked_at == "public" and rule.topic in INTAKE_ONLY_TOPICS:
            yield Inconsistency(
                (*here, "asked_at"),
                'een openbaar formulier vraagt nooit naar gezondheid, verslaving of strafblad; gebruik "intake"',
            )
        if rule.effect != "ask_further" and rule.elsewhere is None:
            yield Inconsistency(here, "wie hier niet past, moet weten waar wel: 'elsewhere' ontbreekt")
        yield from _condition(here, rule)
        for word in sorted(_reachable(rule) - {"met", "not_met", "unknown"}):
            if getattr(rule.explain, word) is None:
                yield Inconsistency(
                    (*here, "explain"), f"de uitleg '{word}' ontbreekt; deze regel kan zo eindigen"
                )


def _reachable(rule: Rule) -> set[str]:
    """Explanations that this rule can need."""
    match rule.condition:
        case Chosen(choices=choices):
            return {choice.verdict for choice in choices}
        case Dutch() | LawAge():
            return {"ask"}
        case Schooling():
            return {"not_applicable"}
        case _:
            return set()


def _condition(here: Path, rule: Rule) -> Iterator[Inconsistency]:
    where = (*here, "condition")
    match rule.condition:
        case AgeBetween(from_birthday=None, until_birthday=None):
            yield Inconsistency(where, "geef 'from_birthday', 'until_birthday' of allebei")
        case (
            AgeBetween(from_birthday=int(low), until_birthday=int(high))
            | Schooling(from_birthday=low, until_birthday=high)
        ) if low >= high:
            yield Inconsistency((*where, "until_birthday"), f"{high} moet hoger zijn dan {low}")
        case Dutch() if rule.effect != "ask_further":
            yield Inconsistency(
                (*here, "effect"), 'te weinig Nederlands sluit niemand uit; gebruik "ask_further"'
            )
        case Schooling() if rule.effect == "excludes":
            yield Inconsistency(
                (*here, "effect"), 'leerplicht is nooit een weigering; gebruik "prefer_elsewhere"'
            )
        case Chosen() as chosen:
            yield from _choices(where, rule, chosen)


def _choices(where: Path, rule: Rule, chosen: Chosen) -> Iterator[Inconsistency]:
    yield from _doubles((*where, "choices"), "value", [choice.value for choice in chosen.choices])
    allowed = PUBLIC_ANSWERS.get(chosen.answer)
    if rule.asked_at == "public" and allowed is None:
        known = ", ".join(sorted(PUBLIC_ANSWERS))
        yield Inconsistency(
            (*where, "answer"), f"het openbare formulier kent '{chosen.answer}' niet; wel: {known}"
        )
    for index, choice in enumerate(chosen.choices):
        spot = (*where, "choices", index)
        if choice.label is None and choice.value not in STANDARD_LABELS:
            yield Inconsistency(spot, f"'{choice.value}' heeft een 'label' nodig in nl, fr en en")
        if allowed is not None and choice.value not in allowed:
            yield Inconsistency(
                (*spot, "value"), f"'{choice.value}' kan niet; kies uit {', '.join(sorted(allowed))}"
            )


def _aims(p: Programme) -> Iterator[Inconsistency]:
    used = {aim.id for aim in p.aims}
    planned: set[str] = set()
    for index, rhythm in enumerate(p.rhythm):
        for place, aim in enumerate(rhythm.aims):
            here: Path = ("rhythm", index, "aims", place)
            if aim not in used:
                yield Inconsistency(here, f"het doel '{aim}' staat niet bij 'aims'")
            elif aim in planned:
                yield Inconsistency(here, f"het doel '{aim}' heeft al een ritme")
            planned.add(aim)
    for index, item in enumerate(p.aims):
        if item.id not in planned:
            yield Inconsistency(("aims", index, "id"), f"het doel '{item.id}' heeft geen ritme bij 'rhythm'")
    for index, phase in enumerate(p.phases):
        for place, aim in enumerate(phase.aims):
            if aim not in used:
                yield Inconsistency(
                    ("phases", index, "aims", place), f"het doel '{aim}' staat niet bij 'aims'"
                )


def _rhythm(p: Programme) -> Iterator[Inconsistency]:
    forms = {form.id for form in p.forms}
    for index, rhythm in enumerate(p.rhythm):
        if list(rhythm.first_months) != sorted(set(rhythm.first_months)):
            yield Inconsistency(
                ("rhythm", index, "first_months"), "zet de maanden van vroeg naar laat, elk één keer"
            )
        for place, form in enumerate(rhythm.forms):
            if form not in forms:
                yield Inconsistency(
                    ("rhythm", index, "forms", place), f"het formulier '{form}' staat niet bij 'forms'"
                )


def _duration(duration: Duration) -> Iterator[Inconsistency]:
    guideline, maximum, warn = duration.guideline_months, duration.maximum_months, duration.warn_months
    if guideline and maximum and guideline > maximum:
        yield Inconsistency(("duration", "guideline_months"), "de richtduur is langer dan de maximumduur")
    if warn and (maximum is None or warn >= maximum):
        yield Inconsistency(("duration", "warn_months"), "waarschuwen kan alleen vóór een maximumduur")
    if maximum and warn is None:
        yield Inconsistency(
            ("duration",), "een maximumduur heeft 'warn_months' nodig: hoe lang vooraf waarschuwen"
        )
    if (guideline or maximum) and duration.source is None:
        yield Inconsistency(("duration",), "'source' ontbreekt: uit welk document komt deze duur")


def _allowances(allowances: Sequence[Allowance]) -> Iterator[Inconsistency]:
    for index, item in enumerate(allowances):
        if item.basis == "flat_rate" and item.amount_cents is None:
            yield Inconsistency(
                ("allowances", index), "een vast bedrag heeft 'amount_cents' nodig (eurocent)"
            )
        if item.basis != "flat_rate" and item.amount_cents is not None:
            yield Inconsistency(
                ("allowances", index, "amount_cents"), 'een vast bedrag kan alleen bij "flat_rate"'
            )
        if item.needs_legal_check and item.paid_for != "public_transport" and not item.counts_to_ceiling:
            yield Inconsistency(
                ("allowances", index, "counts_to_ceiling"),
                "zolang het juridisch niet is nagekeken, telt dit mee voor het plafond",
            )


def _wheel(wheel: Wheel) -> Iterator[Inconsistency]:
    names = [segment.name.nl.casefold() for segment in wheel.segments]
    yield from _doubles(("wheel", "segments"), "name", names)
    if wheel.ambition_steps and wheel.ambition_steps >= len(wheel.segments):
        yield Inconsistency(("wheel", "ambition_steps"), "zoveel stappen kan niet met dit aantal segmenten")


def _evaluator(p: Programme) -> Iterator[Inconsistency]:
    evaluator = p.evaluator
    if p.explorator.enabled and not p.domains:
        yield Inconsistency(("explorator", "enabled"), "zonder 'domains' kan de verkenner niet aan")
    if not evaluator.enabled:
        return
    if not p.domains:
        yield Inconsistency(("evaluator", "enabled"), "zonder 'domains' heeft het spindiagram geen assen")
    if evaluator.moments is None or evaluator.scale_min is None or evaluator.scale_max is None:
        yield Inconsistency(("evaluator",), "geef 'moments', 'scale_min' en 'scale_max'")
    elif evaluator.scale_min >= evaluator.scale_max:
        yield Inconsistency(("evaluator", "scale_max"), "moet hoger zijn dan 'scale_min'")


def _centres(centres: Centres | None) -> Iterator[Inconsistency]:
    if centres is None:
        return
    path: Path = ("referral", "centres")
    yield from _doubles((*path, "clusters"), "id", [cluster.id for cluster in centres.clusters])
    if centres.count < len(centres.clusters):
        yield Inconsistency((*path, "count"), "er zijn minder centra dan clusters")
    named = [name for cluster in centres.clusters for name in cluster.centres]
    if len(named) > centres.count:
        yield Inconsistency(
            (*path, "count"), f"er staan {len(named)} centra bij de clusters, meer dan {centres.count}"
        )


def _sources(p: Programme) -> Iterator[Inconsistency]:
    for path, source in _all_sources(p, ()):
        if source.document.isdigit() and source.document not in p.meta.sources:
            yield Inconsistency(
                (*path, "document"), f"document {source.document} staat niet bij 'meta.sources'"
            )


def _all_sources(value: object, path: Path) -> Iterator[tuple[Path, Source]]:
    if isinstance(value, Source):
        yield path, value
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _all_sources(item, (*path, index))
    elif isinstance(value, Part):
        for name in type(value).model_fields:
            yield from _all_sources(getattr(value, name), (*path, name))
