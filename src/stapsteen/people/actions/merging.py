"""Two records that are one person become one, with everything kept; and apart again (requirement B7)."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core import events, moving
from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor
from stapsteen.people import merging
from stapsteen.people.access import demand
from stapsteen.people.actions.persons import author_name
from stapsteen.people.models import Address, Merge, NotTheSame, Person, Status

RUNNING = ("active", "suspended")
PAIRED = {"birth": ("birth_date", "birth_year"), "insz": ("insz", "insz_index")}
"""Fields that only make sense together, under one name."""
JOINED = frozenset(
    {"interests", "talents", "wishes", "sectors", "own_experience", "attention_points", "no_gos", "avoid", "support_note",
     "mobility", "support"}
)  # fmt: skip
"""Texts and lists of which both values can stay."""
WAYS = ("kept", "double", "both")
ADDRESS = "address"


def parts() -> dict[str, tuple[str, ...]]:
    """What a record says of the person: a name for it -> its columns. A new field of Person is in it by itself."""
    beside = {"id", "created_at", "erased_at", *(column for columns in PAIRED.values() for column in columns)}
    single = [
        field.attname
        for field in Person._meta.local_fields
        if not field.is_relation and field.attname not in beside
    ]
    return {**PAIRED, **{name: (name,) for name in single}}


class Taken(NamedTuple):
    """Which parts come from the double (name -> double or both), and what stood in those columns before."""

    fields: dict[str, str]
    former: dict[str, Any]


@transaction.atomic
def merge_persons(
    *, kept: Person, double: Person, actor: Actor, choices: dict[str, str] | None = None
) -> Merge:
    """`double` goes into `kept`: its rows move there, and where nothing is chosen the kept record's own values stay.

    `choices`: name of `parts()` or "address" -> kept, double or both; without one an empty value is filled in. Nothing is
    thrown away: the double's own row stays as it was and is no longer shown. One running pathway of a kind per person.
    """
    kept, double = _locked(kept, double, actor)
    if clash := _running_kinds(kept) & _running_kinds(double):
        raise RuleBroken(
            _("Er lopen %(n)s trajecten van dezelfde soort. Rond er eerst één af.") % {"n": 1 + len(clash)}
        )
    chosen = dict(choices or {})
    rows = merging.rows_of(double)
    for name, keys in merging.clashing(rows, kept).items():
        rows[name] = rows[name] - keys
    back = _leave_what_holds_once(rows, kept, double, chosen.pop(ADDRESS, "kept"))
    taken = _take(kept, double, chosen)
    kept.save()
    double.merged_into = kept
    double.save(update_fields=["merged_into"])
    merge: Merge = Merge.objects.create(
        person=kept, double=double, merged_by=author_name(actor), former_sealed=json.dumps(taken.former, cls=DjangoJSONEncoder),
        moved={"rows": _listed(rows), "back": _listed(back), "fields": taken.fields},
    )  # fmt: skip
    moving.move(rows, source=double.pk, target=kept.pk)
    moving.move(back, source=kept.pk, target=double.pk)
    events.record("person.merged", subject_id=kept.pk, object_id=merge.pk)
    return merge


@transaction.atomic
def undo_merge(*, merge: Merge, actor: Actor) -> Person:
    """Two records again: the rows of then go back, with what was added to them since; gives the double.

    What a colleague changed in the kept record after the merge stays there. Refused when new rows hang on both records.
    """
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    kept, double = _both(merge.person_id, merge.double_id)
    demand(
        actor, merge, "people.merge.undo"
    )  # under lock: who was erased meanwhile is out of the rule's reach
    if merge.undone_at is not None or double.merged_into_id != kept.pk:
        raise RuleBroken(_("Deze samenvoeging is al ongedaan gemaakt."))
    if kept.merged_into_id is not None:
        raise RuleBroken(_("Deze persoon ging later zelf op in een andere. Maak dat eerst ongedaan."))
    rows = merging.with_what_hangs_on(_unlisted(merge.moved["rows"]), kept)
    if merging.tied(rows, kept):
        raise RuleBroken(
            _("Na het samenvoegen kwam er iets bij dat aan beide vasthangt. Dit kan niet meer uit elkaar.")
        )
    moving.move(rows, source=kept.pk, target=double.pk)
    moving.move(_unlisted(merge.moved["back"]), source=double.pk, target=kept.pk)
    _give_back(kept, double, merge)
    double.merged_into = None
    double.save(update_fields=["merged_into"])
    merge.undone_at = timezone.now()
    merge.save(update_fields=["undone_at"])
    for person in (kept, double):
        events.record("person.unmerged", subject_id=person.pk, object_id=merge.pk)
    return double


@transaction.atomic
def tell_apart(*, person: Person, other: Person, actor: Actor) -> NotTheSame:
    """A colleague looked: these are two people. They aren't offered as doubles again."""
    for each in (person, other):
        demand(actor, each, "people.person.merge")
    if person.pk == other.pk:
        raise RuleBroken(_("Dit is twee keer dezelfde fiche."))
    first, second = sorted((person.pk, other.pk))
    said: NotTheSame = NotTheSame.objects.get_or_create(
        person_id=first, other_id=second, defaults={"said_by": author_name(actor)}
    )[0]
    return said


def _locked(kept: Person, double: Person, actor: Actor) -> tuple[Person, Person]:
    for person in (kept, double):
        demand(actor, person, "people.person.merge")
    if kept.pk == double.pk:
        raise RuleBroken(_("Dit is twee keer dezelfde fiche."))
    return _both(kept.pk, double.pk)


def _both(kept: UUID, double: UUID) -> tuple[Person, Person]:
    """Always locked in the same order, so that two colleagues at once wait and don't block each other."""
    locked = {
        person.pk: person
        for person in Person.objects.select_for_update().filter(pk__in=(kept, double)).order_by("pk")
    }
    return locked[kept], locked[double]


def _running_kinds(person: Person) -> set[str]:
    rows = person.pathways.filter(state__in=RUNNING, programmes__ends_on=None).order_by()
    return set(rows.values_list("programmes__kind", flat=True))


def _leave_what_holds_once(rows: moving.Rows, kept: Person, double: Person, address: str) -> moving.Rows:
    """One address and one status of an area at a time: what isn't chosen is kept with the double.

    Takes rows away from `rows`; gives the rows of the kept record that go to the double instead.
    """
    back: moving.Rows = {}
    homes, others = _open(Address, kept), _open(Address, double)
    if homes and others and address == "double":
        back["people_address.person_id"] = homes
    elif homes:
        rows["people_address.person_id"] = rows.get("people_address.person_id", set()) - others
    held = {row.area for row in Status.objects.filter(person=kept, ends_on=None)}
    if again := {row.pk for row in Status.objects.filter(person=double, ends_on=None) if row.area in held}:
        rows["people_status.person_id"] -= again
    return back


def _open(model: Any, person: Person) -> set[UUID]:
    return set(model.objects.filter(person=person, ends_on=None).values_list("pk", flat=True))


def _take(kept: Person, double: Person, choices: dict[str, str]) -> Taken:
    """Set the chosen values on the kept record; the login goes along when the kept record has none."""
    taken = Taken({}, {})
    for name, columns in parts().items():
        way = choices.get(name) or default_way(kept, double, name)
        if way not in WAYS or (way == "both" and name not in JOINED):
            raise RuleBroken(_("Kies welke waarde blijft."), field=name)
        if way == "kept" or same(kept, double, name):
            continue
        taken.fields[name] = way
        for column in columns:
            taken.former[column] = getattr(kept, column)
            setattr(kept, column, combined(getattr(kept, column), getattr(double, column), way))
    if kept.user_id is None and double.user_id is not None:
        kept.user_id = double.user_id
        taken.fields["user"] = "double"
    return taken


def same(kept: Person, double: Person, name: str) -> bool:
    """Whether both records say the same here, or neither says anything."""
    return all(
        (getattr(kept, column) or None) == (getattr(double, column) or None) for column in parts()[name]
    )


def default_way(kept: Person, double: Person, name: str) -> str:
    """What stays when nobody chooses: texts of both; else the kept record's own, unless it says nothing or less."""
    columns = parts()[name]
    mine, theirs = ([getattr(person, column) for column in columns] for person in (kept, double))
    if name == "birth" and kept.birth_date is None and double.birth_date is not None:
        return "double" if kept.birth_year in (None, double.birth_year) else "kept"
    if not any(mine):
        return "double" if any(theirs) else "kept"
    return "both" if name in JOINED and any(theirs) else "kept"


def combined(mine: Any, theirs: Any, way: str) -> Any:
    """The value that the kept record gets; `both`: one after the other, nothing twice."""
    if way != "both" or not mine:
        return theirs
    if isinstance(mine, list):
        return [*mine, *(item for item in theirs if item not in mine)]
    return mine if not theirs or theirs in mine else f"{mine}\n{theirs}"


def _give_back(kept: Person, double: Person, merge: Merge) -> None:
    """What stood there before, in each field that nobody changed since."""
    former = json.loads(merge.former_sealed or "{}")
    fields = dict(merge.moved["fields"])
    if fields.pop("user", "") and kept.user_id == double.user_id:
        kept.user_id = None
    for name, way in fields.items():
        then = {column: _read(column, former[column]) for column in parts()[name]}
        if all(
            getattr(kept, column) == combined(value, getattr(double, column), way)
            for column, value in then.items()
        ):
            for column, value in then.items():
                setattr(kept, column, value)
    kept.save()


def _read(column: str, value: Any) -> Any:
    return date.fromisoformat(value) if column == "birth_date" and value else value


def _listed(rows: moving.Rows) -> dict[str, list[str]]:
    return {name: sorted(map(str, keys)) for name, keys in rows.items() if keys}


def _unlisted(rows: dict[str, list[str]]) -> moving.Rows:
    return {name: {UUID(key) for key in keys} for name, keys in rows.items()}
