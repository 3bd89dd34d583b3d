"""Which service is for whom (requirement A2), and which rules it runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from stapsteen.network.models import Coverage, Municipality, ProgrammeVersion, Service
from stapsteen.network.places import Match, find_town, municipality


@dataclass(frozen=True)
class Found:
    """A town that the text may mean, and the services that cover it."""

    match: Match
    services: tuple[Service, ...]

    @property
    def in_flanders(self) -> bool:
        town = municipality(self.match.nis)
        return town is not None and town.region.startswith(("Vlaams", "Brussel"))


def who_covers(text: str) -> list[Found]:
    """The towns that a name, former name, village or postal code may mean, best first, each with its services.

    A service that covers a part of a municipality (postal codes) is named when that part is meant, or the whole.
    """
    matches = find_town(text)
    rows = Coverage.objects.filter(municipality__nis__in=[match.nis for match in matches])
    covering = list(rows.select_related("service", "municipality"))
    return [
        Found(
            match,
            tuple(sorted((row.service for row in covering if _covers(row, match)), key=lambda s: s.name)),
        )
        for match in matches
    ]


def _covers(row: Coverage, match: Match) -> bool:
    if row.municipality.nis != match.nis:
        return False
    return not row.postal_codes or bool(set(match.postal_codes) & set(row.postal_codes))


def programmes_on(service: Service, day: date | None = None) -> list[ProgrammeVersion]:
    """The version of each programme that the service runs on that day, by slug."""
    day = day or timezone.localdate()
    rows = ProgrammeVersion.objects.filter(service=service, valid_from__lte=day).order_by("slug", "-number")
    newest: dict[str, ProgrammeVersion] = {}
    for row in rows:
        newest.setdefault(row.slug, row)
    return list(newest.values())


def covered_towns(service: Service) -> list[Municipality]:
    return list(Municipality.objects.filter(coverage__service=service).order_by("name"))
