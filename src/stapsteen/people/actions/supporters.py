"""Writes about the people around a person: representative, budget manager, helpers, family; and whether we may call."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core import events
from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor
from stapsteen.people.access import demand
from stapsteen.people.models import Person, Supporter

FIELDS = ("kind", "name", "organisation", "phone", "email", "may_call", "helps_with")


@transaction.atomic
def add_supporter(
    *,
    person: Person,
    actor: Actor,
    kind: str,
    name: str,
    organisation: str = "",
    phone: str = "",
    email: str = "",
    may_call: str = "ask",
    helps_with: str | None = None,
    starts_on: date | None = None,
) -> Supporter:
    """Someone around the person, from that day on. Without a word of the person, calling is asked first (`may_call`)."""
    demand(actor, person, "people.person.view")
    day = starts_on or timezone.localdate()
    if day > timezone.localdate():
        raise RuleBroken(_("Deze dag moet nog komen. Kies vandaag of vroeger."), field="starts_on")
    supporter = Supporter(
        person=person, kind=kind, name=name, organisation=organisation, phone=phone, email=email, may_call=may_call,
        helps_with=helps_with, starts_on=day,
    )  # fmt: skip
    supporter.service_id = person.service_id
    _check(supporter)
    supporter.save()
    events.record("person.supporter", subject_id=person.pk, on=day, object_id=supporter.pk, what=kind)
    return supporter


@transaction.atomic
def change_supporter(*, supporter: Supporter, actor: Actor, **fields: Any) -> Supporter:
    """Another number, another name, calling is fine now; TypeError for another field than FIELDS."""
    if unknown := sorted(fields.keys() - set(FIELDS)):
        raise TypeError(f"change_supporter doesn't know {unknown}")
    demand(actor, supporter, "people.supporter.view")
    locked: Supporter = Supporter.objects.select_for_update().get(pk=supporter.pk)
    for name, value in fields.items():
        setattr(locked, name, value)
    _check(locked)
    locked.save()
    return locked


@transaction.atomic
def end_supporter(*, supporter: Supporter, actor: Actor, on: date | None = None) -> Supporter:
    """No longer around the person: `on` is the last day."""
    demand(actor, supporter, "people.supporter.view")
    locked: Supporter = Supporter.objects.select_for_update().get(pk=supporter.pk)
    day = on or timezone.localdate()
    if locked.ends_on is not None or day < locked.starts_on:
        raise RuleBroken(_("Dit is al afgesloten, of begint pas later."))
    locked.ends_on = day
    locked.save(update_fields=["ends_on"])
    events.record(
        "person.supporter_ended", subject_id=locked.person_id, on=day, object_id=locked.pk, what=locked.kind
    )
    return locked


def _check(supporter: Supporter) -> None:
    for name in ("name", "organisation", "phone", "email"):
        setattr(supporter, name, " ".join(getattr(supporter, name).split()))
    if supporter.kind not in Supporter.KINDS:
        raise RuleBroken(_("Kies wie dit is."), field="kind")
    if supporter.may_call not in Supporter.MAY_CALL:
        raise RuleBroken(_("Kies of we mogen bellen."), field="may_call")
    if not (supporter.name or supporter.organisation):
        raise RuleBroken(_("Vul een naam in, of de dienst."), field="name")
    for name, most in (("name", 120), ("organisation", 120), ("phone", 40)):
        if len(getattr(supporter, name)) > most:
            raise RuleBroken(_("Dit is te lang: hoogstens %(most)s tekens.") % {"most": most}, field=name)
    if supporter.phone and len(re.sub(r"\D", "", supporter.phone)) < 8:
        raise RuleBroken(_("Dit nummer is te kort."), field="phone")
    if supporter.email:
        try:
            validate_email(supporter.email)
        except ValidationError:
            raise RuleBroken(_("Dit is geen e-mailadres. Kijk het na."), field="email") from None
    supporter.helps_with = (supporter.helps_with or "").strip() or None
