"""The list of hosts, and as a spreadsheet."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import ngettext

from stapsteen.core.access import may
from stapsteen.core.pages import page, show
from stapsteen.hosts import queries
from stapsteen.hosts.exports import hosts_workbook
from stapsteen.hosts.forms import HostFilterForm
from stapsteen.hosts.models import SECTORS
from stapsteen.hosts.views.common import PER_PAGE, XLSX, address, map_points


def host_filters(request: Any) -> tuple[HostFilterForm, dict[str, Any]]:
    """The filter form as the address fills it; a value that isn't a choice counts as no filter."""
    towns = list(queries.towns_of_hosts(request.actor))
    form = HostFilterForm(request.GET, towns=towns)
    form.is_valid()
    chosen = {name: form.cleaned_data.get(name, "") for name in form.fields}
    return HostFilterForm(initial=chosen, towns=towns), chosen


def find_hosts(request: Any, chosen: dict[str, Any]) -> Any:
    return queries.list_hosts(
        request.actor,
        q=chosen["q"],
        state=chosen["stand"],
        sector=chosen["sector"],
        town=chosen["gemeente"],
        support=chosen["steun"],
        free=bool(chosen["vrij"]),
        needing=bool(chosen["letop"]),
        order=chosen["volgorde"],
    )


@page("<slug:service>/gastorganisaties/", rule="hosts.host.list")
def host_list(request: Any) -> HttpResponse:
    """All organisations the service works with: room, contact, what needs attention."""
    form, chosen = host_filters(request)
    found = find_hosts(request, chosen)
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("pagina"))
    count = shown.paginator.count
    context = {
        "form": form,
        "page": shown,
        "hosts": [host_card(request, row) for row in queries.rows(shown)],
        "found": ngettext("%(n)s organisatie", "%(n)s organisaties", count) % {"n": count},
        "filtered": any(value for name, value in chosen.items() if name not in ("kaart", "volgorde")),
        "map_points": host_points(request, chosen) if chosen["kaart"] else None,
        "may_add": may(request.actor, "hosts.host.add"),
        "export_url": with_query(address(request, "hosts.host_export"), chosen),
    }
    return show(request, "hosts/host_list.html", context)


def host_points(request: Any, chosen: dict[str, Any]) -> list[dict[str, Any]]:
    """All towns of the list, also when one is chosen: the map is how one goes to another."""
    everywhere = find_hosts(request, {**chosen, "gemeente": ""})
    return map_points(request, "hosts.host_list", chosen["gemeente"], queries.town_keys_of(everywhere))


def host_card(request: Any, row: queries.HostRow) -> dict[str, Any]:
    """A line of the list, as the template shows it."""
    organisation = row.host.organisation
    sectors = ", ".join(str(SECTORS[sector]) for sector in organisation.sectors)
    return {
        "row": row,
        "url": queries.host_url(request.service, row.host.pk),
        "sub": " · ".join(part for part in (row.town, sectors) if part),
        "state": row.state_word,
        "badge": queries.STATE_BADGES[row.host.state],
    }


def with_query(url: str, chosen: dict[str, Any]) -> str:
    kept = urlencode({name: "on" if value is True else value for name, value in chosen.items() if value})
    return f"{url}?{kept}" if kept else url


@page("<slug:service>/gastorganisaties/uitvoer.xlsx", rule="hosts.host.list")
def host_export(request: Any) -> HttpResponse:
    """The filtered list as a spreadsheet."""
    _form, chosen = host_filters(request)
    rows = queries.rows(find_hosts(request, chosen))
    answer = HttpResponse(hosts_workbook(rows), content_type=XLSX)
    day = timezone.localdate()
    answer.headers["Content-Disposition"] = f'attachment; filename="gastorganisaties-{day:%Y-%m-%d}.xlsx"'
    return answer
