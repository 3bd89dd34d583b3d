"""The one search box: persons, organisations and tasks that the actor may see, a few of each, with the way to all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from stapsteen.core.access import may
from stapsteen.hosts import queries as hosts
from stapsteen.hosts.views import task_line
from stapsteen.people import queries as people
from stapsteen.people.views.persons import table_row

SHOWN = 8


@dataclass(frozen=True)
class Group:
    """What was found of one kind: `rows` for ui_table, `count` in all, `url` of the list that shows them all."""

    key: str
    title: str
    columns: list[str]
    rows: list[list[Any]]
    count: int
    url: str

    @property
    def more(self) -> bool:
        return self.count > len(self.rows)


def search(request: Any, q: str) -> list[Group]:
    """The groups with results, in the order of the menu; a fixed number of queries, and only what is shown is read."""
    if not q:
        return []
    asked = [
        ("people.person.list", find_people),
        ("hosts.host.list", find_hosts),
        ("hosts.host.list", find_tasks),
    ]
    found = [find(request, q) for rule, find in asked if may(request.actor, rule)]
    return [group for group in found if group.rows]


def _list_url(request: Any, name: str, **asked: str) -> str:
    return f"{reverse(name, kwargs={'service': request.service.slug})}?{urlencode(asked)}"


def find_people(request: Any, q: str) -> Group:
    found = people.list_people(request.actor, q=q)
    return Group(
        key="mensen",
        title=_("Mensen"),
        columns=[_("Naam"), _("Fase"), _("Begeleider"), _("Gemeente"), _("Sinds")],
        rows=[table_row(request, people.row(person)) for person in found[:SHOWN]],
        count=found.count(),
        url=_list_url(request, "people.person_list", q=q),
    )


def find_hosts(request: Any, q: str) -> Group:
    found = hosts.list_hosts(request.actor, q=q, state="all")
    return Group(
        key="organisaties",
        title=_("Organisaties"),
        columns=[_("Organisatie"), _("Stand"), _("Contactpersoon"), _("Draagkracht")],
        rows=[host_line(request, hosts.row(host)) for host in found[:SHOWN]],
        count=found.count(),
        url=_list_url(request, "hosts.host_list", q=q, stand="all"),
    )


def host_line(request: Any, row: hosts.HostRow) -> list[Any]:
    return [
        {
            "text": row.host.organisation.name,
            "sub": row.town,
            "href": hosts.host_url(request.service, row.host.pk),
        },
        {"text": row.state_word, "badge": hosts.STATE_BADGES[row.host.state]},
        row.contact.name if row.contact else "",
        row.room_word,
    ]


def find_tasks(request: Any, q: str) -> Group:
    found = hosts.list_tasks(request.actor, q=q)
    shown = list(found[:SHOWN])
    own = hosts.own_hosts([task.organisation_id for task in shown])
    return Group(
        key="taken",
        title=_("Taken"),
        columns=[_("Taak"), _("Organisatie"), _("Wanneer"), _("Nederlands"), _("Plaatsen")],
        rows=[task_line(request, hosts.task_row(task), own) for task in shown],
        count=found.count(),
        url=_list_url(request, "hosts.task_list", q=q),
    )
