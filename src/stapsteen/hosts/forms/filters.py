"""Filters of the two lists, as they stand in the address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stapsteen.hosts.forms.fields import ALL, dutch_choices, moment_choices, set_choices
from stapsteen.hosts.models import SECTORS, Task
from stapsteen.hosts.states import HOST
from stapsteen.people.models import SUPPORT

HOST_ORDERS = {"": _("Naam"), "gemeente": _("Gemeente"), "vrij": _("Meeste vrije plaats")}
TASK_ORDERS = {
    "": _("Organisatie"),
    "gemeente": _("Gemeente"),
    "vrij": _("Meeste vrije plaatsen"),
    "oud": _("Langst niet nagekeken"),
}


class HostFilterForm(forms.Form):
    q = forms.CharField(label=_("Zoek"), required=False, max_length=80)
    stand = forms.ChoiceField(label=_("Stand"), required=False)
    sector = forms.ChoiceField(label=_("Sector"), required=False, choices=[ALL, *SECTORS.items()])
    gemeente = forms.ChoiceField(label=_("Gemeente"), required=False)
    steun = forms.ChoiceField(
        label=_("Steun die ze kan geven"), required=False, choices=[ALL, *SUPPORT.items()]
    )
    volgorde = forms.ChoiceField(label=_("Volgorde"), required=False, choices=list(HOST_ORDERS.items()))
    vrij = forms.BooleanField(label=_("Alleen met vrije plaats"), required=False)
    letop = forms.BooleanField(label=_("Alleen wat aandacht vraagt"), required=False)
    kaart = forms.BooleanField(label=_("Toon op de kaart"), required=False)

    def __init__(self, *args: Any, towns: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "gemeente", [ALL, *((str(town.pk), town.name) for town in towns)])
        states = [("", gettext("Niet gestopt")), *HOST.states.items(), ("all", gettext("Alle"))]
        set_choices(self, "stand", states)


class TaskFilterForm(forms.Form):
    q = forms.CharField(label=_("Zoek"), required=False, max_length=80)
    sector = forms.ChoiceField(label=_("Sector"), required=False, choices=[ALL, *SECTORS.items()])
    gemeente = forms.ChoiceField(label=_("Gemeente"), required=False)
    moment = forms.ChoiceField(label=_("Wanneer"), required=False)
    soort = forms.ChoiceField(label=_("Soort"), required=False, choices=[ALL, *Task.KINDS.items()])
    steun = forms.ChoiceField(label=_("Steun bij de taak"), required=False, choices=[ALL, *SUPPORT.items()])
    nederlands = forms.ChoiceField(label=_("Iemand met Nederlands"), required=False)
    volgorde = forms.ChoiceField(label=_("Volgorde"), required=False, choices=list(TASK_ORDERS.items()))
    vrij = forms.BooleanField(label=_("Alleen met vrije plaats"), required=False)
    oud = forms.BooleanField(label=_("Lang niet nagekeken"), required=False)
    kaart = forms.BooleanField(label=_("Toon op de kaart"), required=False)

    def __init__(self, *args: Any, towns: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "gemeente", [ALL, *((str(town.pk), town.name) for town in towns)])
        set_choices(self, "moment", [ALL, *moment_choices()])
        levels = [("", gettext("Maakt niet uit")), ("0", gettext("geen")), *dutch_choices("")[1:]]
        set_choices(self, "nederlands", levels)
