"""After two records became one: an address or a status that held in the double too, and isn't what holds now (B7).

It stays with the double, so that undoing gives it back. A colleague says once which of the two holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core.access import RULES, may
from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor
from stapsteen.people.access import demand
from stapsteen.people.actions.persons import move_address
from stapsteen.people.actions.statuses import record_status
from stapsteen.people.models import Address, Merge, Person, Status
from stapsteen.people.queries_situation import status_word


@dataclass(frozen=True)
class Known:
    """A row of the double that still holds there, and what holds here instead."""

    merge: Merge
    row: Address | Status
    label: str
    words: str
    now: str


def also_known(actor: Actor, person: Person) -> list[Known]:
    """What nobody decided on yet; statuses only for whoever may read this person's. One query without a merge."""
    merges = list(Merge.objects.filter(person=person, undone_at=None).order_by("merged_at"))
    if not merges:
        return []
    found = [*_addresses(person, merges)]
    if RULES["people.status.view"].find(actor) is not None and may(actor, "people.sensitive.person", person):
        found += _statuses(person, merges)
    return [known for known in found if str(known.row.pk) not in known.merge.moved.get("settled", [])]


def _addresses(person: Person, merges: Iterable[Merge]) -> Iterator[Known]:
    now = [_place(row) for row in Address.objects.filter(person=person, ends_on=None)]
    for merge in merges:
        for row in Address.objects.filter(person_id=merge.double_id, ends_on=None).order_by("id"):
            if _place(row) not in now:
                yield Known(merge, row, _("Adres"), _place(row), ", ".join(now))


def _statuses(person: Person, merges: Iterable[Merge]) -> Iterator[Known]:
    holding = list(Status.objects.filter(person=person, ends_on=None).order_by("id"))
    for merge in merges:
        for row in Status.objects.filter(person_id=merge.double_id, ends_on=None).order_by("id"):
            beside = [other for other in holding if other.area == row.area]
            if row.value not in {other.value for other in beside}:
                now = ", ".join(status_word(other) for other in beside)
                yield Known(merge, row, str(Status.AREAS[row.area]), status_word(row), now)


def _place(row: Address) -> str:
    return ", ".join(part for part in (row.street, f"{row.postal_code} {row.town}".strip()) if part)


@transaction.atomic
def settle(*, person: Person, actor: Actor, row: UUID | str, holds: bool) -> None:
    """Which of the two holds. `holds`: the double's, from today on; what held here ends, and stays in view.

    The double's own row isn't touched, so undoing the merge still gives it back.
    """
    demand(actor, person, "people.person.view")
    merges = Merge.objects.select_for_update().filter(person=person, undone_at=None).order_by("pk")
    list(merges.values_list("pk"))  # before the person, as undoing does
    Person.objects.select_for_update().get(pk=person.pk)
    known = next((one for one in also_known(actor, person) if str(one.row.pk) == str(row)), None)
    if known is None:
        raise RuleBroken(_("Hierover is al gekozen."))
    if holds:
        _let_hold(person, actor, known.row)
    merge = known.merge
    merge.moved = {**merge.moved, "settled": [*merge.moved.get("settled", []), str(known.row.pk)]}
    merge.save(update_fields=["moved"])


def _let_hold(person: Person, actor: Actor, row: Address | Status) -> None:
    today = timezone.localdate()
    if isinstance(row, Status):
        given: dict[str, Any] = {"value": row.value, "note": row.note or ""}
        record_status(person=person, actor=actor, starts_on=today, **given)
    else:
        place = {"street": row.street, "postal_code": row.postal_code, "town": row.town}
        move_address(person=person, actor=actor, starts_on=today, municipality=row.municipality, **place)
