"""The off switch, the time of coaches, and whether earlier placements may feed the proposals (requirements E3 and E4)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stapsteen.core.pages import page, show, submit
from stapsteen.hosts.views import address
from stapsteen.matching import actions, learned
from stapsteen.matching.engine import learning
from stapsteen.matching.forms import SettingsForm
from stapsteen.matching.models import REFUSE_CODES, Proposal

LACKS = {
    "too_few": gettext_lazy("Er zijn nog te weinig plekken waarvan we weten hoe ze liepen (%(most)s nodig)."),
    "too_few_later": gettext_lazy(
        "Er zijn nog te weinig latere plekken om het op te beproeven (%(later)s nodig)."
    ),
    "not_better": gettext_lazy(
        "Het voorspelt latere plekken niet beter dan de vaste regels met de fit alleen."
    ),
    "slope": gettext_lazy("De kansen zijn te stout of te voorzichtig (helling buiten 0,9 tot 1,1)."),
}


@page("<slug:service>/voorstellen/instellingen/", rule="matching.settings.edit", methods=("GET", "POST"))
def settings_edit(request: Any) -> HttpResponse:
    """Switch the search on or off; look at what learning would be worth, with its calibration."""
    row = actions.settings_now()
    if "leer" in request.POST:
        learned.learn(actor=request.actor)
        messages.success(request, _("We keken opnieuw naar de eerdere plekken."))
        return redirect(request.path)
    form = SettingsForm(
        request.POST or None, initial={"on": row.on, "coach_hours": row.coach_hours, "learning": row.learning}
    )
    if submit(form, lambda data: actions.keep_settings(actor=request.actor, **data)):
        messages.success(request, _("De instellingen zijn bewaard."))
        return redirect(address(request, "matching.search_list"))
    context = {
        "form": form,
        "verdict": verdict(row.model),
        "plot": plot(row.model.get("verdict", {}).get("bins", [])),
        "decided": decided(),
        "decided_columns": [_("Beslissing"), {"label": _("Hoe vaak"), "align": "end"}],
        "enough": row.model.get("verdict", {}).get("enough", False),
        "back": address(request, "matching.search_list"),
    }
    return show(request, "matching/settings_edit.html", context)


def verdict(kept: dict[str, Any]) -> dict[str, Any]:
    """What was found when it was last tried, in words and as a calibration table; {} when it never was."""
    found = kept.get("verdict")
    if not found:
        return {}
    needed = {"most": learning.ENOUGH_OUTCOMES, "later": learning.ENOUGH_LATER}
    return {
        "lacks": [str(LACKS[code]) % needed for code in found["lacks"]],
        "facts": [
            (_("Plekken om van te leren"), found["outcomes"]),
            (_("Latere plekken om te beproeven"), found["later"]),
            *([(_("Helling (1 is juist)"), number(found["slope"]))] if "slope" in found else []),
            *([(_("Fout van het model"), number(found["log_loss"]))] if "log_loss" in found else []),
            *([(_("Fout van de fit alleen"), number(found["log_loss_fit_only"]))] if "log_loss" in found else []),
        ],
        "points": [
            [percent(point["predicted"]), percent(point["observed"]), point["people"]] for point in found.get("bins", [])
        ],
        "columns": [
            _("Voorspeld dat het lukt"), {"label": _("Gelukt"), "align": "end"}, {"label": _("Plekken"), "align": "end"},
        ],
    }  # fmt: skip


def plot(bins: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Points of the calibration plot on a square of a hundred: foretold to the right, upwards what lasted with its interval."""
    return [
        {
            "x": f"{100 * point['predicted']:.1f}",
            "y": f"{100 - 100 * point['observed']:.1f}",
            "high": f"{100 - 100 * point['upper']:.1f}",
            "low": f"{100 - 100 * point['lower']:.1f}",
        }
        for point in bins
    ]


def decided() -> list[list[Any]]:
    """What coaches decided, and why not the first: whether they really choose is looked at, and what counts is learned."""
    rows = Proposal.objects.exclude(state__in=("open", "unplaced", "lapsed")).order_by()
    plain = Q(state="accepted", code="")
    told = plain & (Q(position=1) | Q(search__isnull=False))
    counts = rows.aggregate(every=Count("pk"), told=Count("pk", told), other=Count("pk", plain & ~told))
    whys = dict(rows.exclude(code="").values_list("code").annotate(count=Count("pk")))
    if not counts["every"]:
        return []
    return [
        [_("Zoals voorgesteld, of de eerste van de lijst"), counts["told"]],
        *([[_("Begonnen bij een taak, niet bij de lijst"), counts["other"]]] if counts["other"] else []),
        *([str(REFUSE_CODES[code]), whys[code]] for code in REFUSE_CODES if code in whys),
    ]


def number(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")


def percent(value: float) -> str:
    return f"{round(100 * value)} %"
