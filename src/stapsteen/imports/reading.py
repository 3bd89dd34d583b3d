"""Reading a workbook for a service: with its corrected headings, what it knows already, and the answers given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils import timezone

from stapsteen.core import scope
from stapsteen.core.crypto import blind_index
from stapsteen.hosts.access import network_of_service
from stapsteen.hosts.models import Organisation
from stapsteen.imports.models import ImportedRow, SavedMapping
from stapsteen.imports.reader import (
    Decision,
    ImportContext,
    ImportPlan,
    KnownOrganisation,
    KnownPerson,
    SheetPlan,
    Workbook,
    correct,
    read,
    recognise,
)
from stapsteen.imports.reader import Mapping as Corrections
from stapsteen.network.models import Service
from stapsteen.people.models import Person

MAPPING_VERSION = 1


def saved_corrections() -> Corrections:
    """What this service corrected in earlier files, newest first."""
    rows = SavedMapping.objects.order_by("-changed_at").values_list("mapping", flat=True)
    return _corrections(list(rows))


def _corrections(sheets: list[dict[str, Any]]) -> Corrections:
    import json

    return Corrections.from_json(json.dumps({"version": MAPPING_VERSION, "sheets": sheets}))


def plans_of(workbook: Workbook, corrected: Mapping[str, Any]) -> list[SheetPlan]:
    """How each sheet is read: guessed, else as remembered, else as corrected for this file (`ImportRun.mapping`)."""
    plans = recognise(workbook, saved_corrections())
    return [
        _corrected(workbook, plan, corrected[plan.sheet]) if plan.sheet in corrected else plan
        for plan in plans
    ]


def _corrected(workbook: Workbook, plan: SheetPlan, wanted: Mapping[str, Any]) -> SheetPlan:
    changed = correct(workbook, plan, kind=wanted.get("kind") or None)
    columns = {int(index): field or None for index, field in wanted.get("columns", {}).items()}
    return correct(workbook, changed, columns=columns, year=wanted.get("year"))


def remember(plans: list[SheetPlan], corrected: Mapping[str, Any]) -> None:
    """Keep what the user corrected, for the next file with these headings."""
    for plan in plans:
        if plan.sheet not in corrected or not plan.columns:
            continue
        (sheet,) = Corrections().remember([plan]).sheets
        SavedMapping.objects.update_or_create(
            fingerprint=sheet.fingerprint,
            defaults={
                "mapping": {
                    "fingerprint": sheet.fingerprint,
                    "kind": sheet.kind,
                    "columns": dict(sheet.columns),
                },
                "changed_at": timezone.now(),
            },
        )


def read_for_service(
    workbook: Workbook,
    plans: list[SheetPlan],
    decisions: Mapping[str, Decision],
    progress: Callable[[int, int], None] | None = None,
) -> ImportPlan:
    """Everything that importing this workbook into the open scope's service would do."""
    return read(workbook, plans, context(decisions), progress)


def context(decisions: Mapping[str, Decision]) -> ImportContext:
    """What reading may know of the open scope's service. The key of the fingerprints is the service's own."""
    service = Service.objects.get(pk=scope.current().service_id)
    return ImportContext(
        today=timezone.localdate(),
        keep_insz=bool(service.insz_basis),
        secret=blind_index(service.pk, "imports.row", "fingerprint").encode(),
        known=frozenset(ImportedRow.objects.exclude(fingerprint="").values_list("fingerprint", flat=True)),
        known_persons=_persons(),
        known_organisations=_organisations(),
        decisions=decisions,
    )


def _persons() -> tuple[KnownPerson, ...]:
    everyone = (
        Person.objects.filter(erased_at=None, merged_into=None).prefetch_related("addresses").order_by("id")
    )
    return tuple(
        KnownPerson(str(person.pk), person.last_name, person.first_name, person.birth_date, _town(person))
        for person in everyone
    )


def _town(person: Person) -> str:
    return next((address.town for address in person.addresses.all() if address.ends_on is None), "")


def _organisations() -> tuple[KnownOrganisation, ...]:
    rows = Organisation.objects.filter(network_id__in=network_of_service()).select_related("municipality")
    return tuple(
        KnownOrganisation(str(row.pk), row.name, row.municipality.nis if row.municipality else "")
        for row in rows.order_by("name")
    )
