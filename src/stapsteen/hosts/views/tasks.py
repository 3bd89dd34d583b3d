"""Tasks, their parts, and the list of all tasks of the network."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stapsteen.core import halfdays
from stapsteen.core.access import may
from stapsteen.core.edits import form_page, tell_merged
from stapsteen.core.pages import page, show, submit
from stapsteen.hosts import actions, queries
from stapsteen.hosts.forms import SubTaskForm, TaskFilterForm, TaskForm, asked_by
from stapsteen.hosts.models import SECTORS, Host, SubTask, Task
from stapsteen.hosts.views.common import FORM, PER_PAGE, address, host_form, host_page, map_points
from stapsteen.hosts.views.host import part_line


@host_page("taak")
def task_add(request: Any, host: Host) -> HttpResponse:
    """A new task at this organisation."""
    return host_form(
        request,
        host,
        TaskForm(request.POST or None, organisation=host.organisation, initial=begun(request.GET)),
        lambda data: actions.open_task(organisation=host.organisation, actor=request.actor, **data),
        title=_("Nieuwe taak"),
        done=_("De taak is bewaard."),
        template="hosts/task_add.html",
        back=search_of(request),
    )


def search_of(request: Any) -> str:
    """Where a task that was drafted for somebody leads back to: the places found for that person. That page asks itself who
    may see it. For nobody: nothing."""
    try:
        pathway = UUID(request.GET.get("traject", ""))
    except ValueError:
        return ""
    return address(request, "matching.place_search", pathway=pathway)


def begun(query: Any) -> dict[str, Any]:
    """What a task begins from when it is made for somebody: the kind of work and the half-days, nothing about the person."""
    wanted: dict[str, Any] = {"sector": query.get("sector", "")} if query.get("sector") in SECTORS else {}
    mask = query.get("half_dagen", "")
    if mask.isascii() and mask.isdigit() and 0 < (number := int(mask[:8])) <= halfdays.ALL:
        wanted["half_days"] = number
    return wanted


@page("<slug:service>/taken/<uuid:task>/", rule="hosts.task.edit", loads="task", methods=FORM)
def task_edit(request: Any, task: Task) -> HttpResponse:
    """Change, close or reopen a task."""
    host = queries.own_hosts([task.organisation_id]).get(task.organisation_id)
    back = queries.host_url(request.service, host.pk) if host else address(request, "hosts.task_list")
    for asked, act in (("sluit", actions.close_task), ("heropen", actions.reopen_task)):
        if not request.POST.get(asked):
            continue
        act(task=task, actor=request.actor)
        messages.success(request, _("De taak is gewijzigd."))
        return redirect(back)
    form = TaskForm(request.POST or None, organisation=task.organisation, task=task)
    if submit(form, lambda data: actions.update_task(task=task, actor=request.actor, **data)):
        messages.success(request, _("De taak is bewaard."))
        tell_merged(request, form)
        return redirect(back)
    [row] = queries.with_seats(
        Task.objects.filter(pk=task.pk).prefetch_related("subtasks"), timezone.localdate()
    )
    context = {
        "form": form,
        "task": task,
        "row": queries.task_row(row),
        "back": back,
        "parts": [
            {**part_line(part), "url": address(request, "hosts.subtask_edit", subtask=part.pk)}
            for part in row.subtasks.all()
        ],
        "add_part_url": address(request, "hosts.subtask_add", task=task.pk),
        "confirm_url": address(request, "hosts.task_confirm", task=task.pk),
        "wishers_url": address(request, "matching.task_wishers", task=task.pk)
        if may(request.actor, "matching.task.seekers") and not row.closed_on
        else "",
    }
    return show(request, "hosts/task_edit.html", context)


@page("<slug:service>/taken/", rule="hosts.host.list")
def task_list(request: Any) -> HttpResponse:
    """All open tasks of the network, with their free seats."""
    towns = list(queries.towns_of_tasks(request.actor))
    form = TaskFilterForm(request.GET, towns=towns)
    form.is_valid()
    chosen = {name: form.cleaned_data.get(name, "") for name in form.fields}
    tasks = find_tasks(request, chosen)
    care = queries.care_work_places(request.actor) if chosen["soort"] == "care_work" else []
    shown = Paginator(tasks, PER_PAGE).get_page(request.GET.get("pagina"))
    own = queries.own_hosts([task.organisation_id for task in shown])
    count = shown.paginator.count
    context = {
        "form": TaskFilterForm(initial=chosen, towns=towns),
        "page": shown,
        "columns": [_("Taak"), _("Organisatie"), _("Wanneer"), _("Nederlands"), _("Plaatsen")],
        "rows": [task_line(request, queries.task_row(task), own) for task in shown],
        "found": ngettext("%(n)s taak", "%(n)s taken", count) % {"n": count},
        "filtered": any(value for name, value in chosen.items() if name not in ("kaart", "volgorde")),
        "map_points": task_points(request, chosen) if chosen["kaart"] else None,
        "care": care,
        "care_total": (sum(place.taken for place in care), sum(place.seats for place in care)),
        "list_url": address(request, "hosts.task_list"),
        "hosts_url": address(request, "hosts.host_list"),
    }
    return show(request, "hosts/task_list.html", context)


def find_tasks(request: Any, chosen: dict[str, Any]) -> Any:
    return queries.list_tasks(
        request.actor,
        q=chosen["q"],
        sector=chosen["sector"],
        town=chosen["gemeente"],
        moment=int(chosen["moment"] or 0),
        kind=chosen["soort"],
        support=chosen["steun"],
        dutch=chosen["nederlands"],
        free=bool(chosen["vrij"]),
        stale=bool(chosen["oud"]),
        order=chosen["volgorde"],
    )


def task_points(request: Any, chosen: dict[str, Any]) -> list[dict[str, Any]]:
    everywhere = find_tasks(request, {**chosen, "gemeente": ""})
    return map_points(request, "hosts.task_list", chosen["gemeente"], queries.town_keys(everywhere))


def easier(task: Task) -> str:
    """How many parts of it ask less, where it asks something; needs `subtasks` prefetched."""
    count = len(task.subtasks.all())
    return (
        ngettext("%(n)s deeltaak vraagt minder", "%(n)s deeltaken vragen minder", count) % {"n": count}
        if count
        else ""
    )


def task_line(request: Any, row: queries.TaskRow, own: dict[Any, Host]) -> list[Any]:
    task = row.task
    organisation, host = task.organisation, own.get(task.organisation_id)
    editable = may(request.actor, "hosts.host.add")
    town = task.town.name if task.town else ""
    free = ngettext("%(n)s vrij", "%(n)s vrij", row.free) % {"n": row.free} if row.free else _("vol")
    of = _("%(taken)s van %(seats)s bezet") % {"taken": row.taken, "seats": task.seats}
    return [
        {
            "text": task.title,
            "sub": " · ".join(
                str(word)
                for word in (
                    SECTORS[task.sector],
                    Task.KINDS[task.kind] if task.kind != "volunteering" else "",
                )
                if word
            ),
            "href": address(request, "hosts.task_edit", task=task.pk) if editable else "",
        },
        {
            "text": organisation.name,
            "sub": town,
            "href": queries.host_url(request.service, host.pk) if host else "",
        },
        halfdays.in_words(task.half_days) or _("op elk moment"),
        {"text": task.dutch_level or _("maakt niet uit"), "sub": easier(task)},
        {"text": free, "badge": "success" if row.free else "neutral", "sub": of},
    ]


@page("<slug:service>/taken/<uuid:task>/klopt/", rule="hosts.task.edit", loads="task", methods=("POST",))
def task_confirm(request: Any, task: Task) -> HttpResponse:
    """Somebody asked: all of it still holds. Back to where that was said: the page of the task, or of the host."""
    actions.confirm_task(task=task, actor=request.actor)
    messages.success(request, _("Genoteerd: deze taak klopt nog."))
    host = queries.own_hosts([task.organisation_id]).get(task.organisation_id)
    if request.POST.get("terug") and host:
        return redirect(f"{queries.host_url(request.service, host.pk)}#taken")
    return redirect(address(request, "hosts.task_edit", task=task.pk))


@page("<slug:service>/taken/<uuid:task>/deeltaak/", rule="hosts.task.edit", loads="task", methods=FORM)
def subtask_add(request: Any, task: Task) -> HttpResponse:
    """A part of the task for which something falls away."""
    return subtask_form(request, task, None)


@page("<slug:service>/deeltaken/<uuid:subtask>/", rule="hosts.subtask.edit", loads="subtask", methods=FORM)
def subtask_edit(request: Any, subtask: SubTask) -> HttpResponse:
    """Change or remove a part."""
    if request.POST.get("weg"):
        actions.remove_subtask(subtask=subtask, actor=request.actor)
        messages.success(request, _("De deeltaak is weg."))
        return redirect(address(request, "hosts.task_edit", task=subtask.task_id))
    return subtask_form(request, subtask.task, subtask)


def subtask_form(request: Any, task: Task, subtask: SubTask | None) -> HttpResponse:
    back = address(request, "hosts.task_edit", task=task.pk)
    form = SubTaskForm(request.POST or None, task=task, subtask=subtask)
    keep = {"task": task, "actor": request.actor, "subtask": subtask}
    return form_page(
        request,
        form,
        lambda data: actions.keep_subtask(**keep, **data),
        done=_("De deeltaak is bewaard."),
        back=back,
        template="hosts/subtask_edit.html",
        context={"task": task, "subtask": subtask, "back": back, "asked": bool(asked_by(task))},
    )
