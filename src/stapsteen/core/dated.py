"""Facts that change over time are dated rows, never overwritten: status, address, aim, wheel position, capacity."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q

from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import HouseQuerySet


class DatedQuerySet(HouseQuerySet):
    def on(self, day: date) -> Self:
        """What held on that day: from its first day up to and with its last."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


class Dated(models.Model):
    """From `starts_on` up to and with `ends_on` (None: still so). Mixed into a Scoped or Shared model."""

    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    objects = models.Manager.from_queryset(DatedQuerySet)()

    class Meta:
        abstract = True


def succeed(rows: Any, *, starts_on: date, **values: Any) -> Any:
    """End the fact that holds and begin the next one; `rows` is the queryset of this one fact of this one subject.

    A fact that began on the same day is ended the day before it began, so it holds on no day but stays in view.
    A start before the newest fact's own start is refused: the past isn't rewritten by a newer fact.
    """
    from django.utils.translation import gettext as _

    newest = rows.select_for_update().order_by("-starts_on", "-id").first()
    if newest is not None and starts_on < newest.starts_on:
        raise RuleBroken(
            _("Er is al iets nieuwers, vanaf %(day)s. Kies die dag of later.")
            % {"day": newest.starts_on.strftime("%d/%m/%Y")},
            field="starts_on",
        )
    if newest is not None and newest.ends_on is None:
        newest.ends_on = starts_on - timedelta(days=1)
        newest.save(update_fields=["ends_on"])
    return rows.create(starts_on=starts_on, **values)
