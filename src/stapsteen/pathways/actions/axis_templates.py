"""Axes to begin from, written or imported by the service. No text of a licensed instrument belongs in one."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor
from stapsteen.pathways.axis_files import check_axes, read_axes
from stapsteen.pathways.models import AxisTemplate
from stapsteen.people.access import demand

KEEP = "pathways.axis_template.keep"


@transaction.atomic
def add_axis_template(
    *, actor: Actor, name: str, axes: list[dict[str, Any]], source: str = ""
) -> AxisTemplate:
    """A list of axes under a name that no running list has yet."""
    rows = check_axes((_("Regel %(n)s") % {"n": n}, row) for n, row in enumerate(axes, 1))
    if not name.strip():
        raise RuleBroken(_("Geef de lijst een naam."), field="name")
    if AxisTemplate.objects.filter(name=name.strip(), stopped_on=None).exists():
        raise RuleBroken(_("Er is al een lijst met deze naam."), field="name")
    made = AxisTemplate(name=name.strip()[:120], axes=rows, source=source.strip()[:200])
    made.save()
    demand(actor, made, KEEP)
    return made


@transaction.atomic
def import_axis_template(*, actor: Actor, file_name: str, content: bytes, name: str = "") -> AxisTemplate:
    """A list out of a TOML or CSV file; a typed name goes before the file's own."""
    found = read_axes(file_name, content)
    return add_axis_template(
        actor=actor, name=name.strip() or found.name or file_name.rsplit(".", 1)[0], axes=found.axes,
        source=found.source,
    )  # fmt: skip


@transaction.atomic
def stop_axis_template(*, template: AxisTemplate, actor: Actor) -> AxisTemplate:
    """No longer offered; axes that were made from it stay."""
    template = AxisTemplate.objects.select_for_update().get(pk=template.pk)
    demand(actor, template, KEEP)
    if template.stopped_on is not None:
        raise RuleBroken(_("Deze lijst was al gestopt."))
    template.stopped_on = timezone.localdate()
    template.save()
    return template
