"""Pages about hosts and tasks."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stapsteen.core import halfdays
from stapsteen.core.access import may
from stapsteen.core.edits import Edit
from stapsteen.core.pages import load, page, show, submit
from stapsteen.hosts import actions, queries
from stapsteen.hosts.exports import hosts_workbook
from stapsteen.hosts.forms import (
    CapacityForm,
    ContactForm,
    HostAgreementForm,
    HostFilterForm,
    HostNoteForm,
    MoveForm,
    NewHostForm,
    OrganisationForm,
    TaskFilterForm,
    TaskForm,
)
from stapsteen.hosts.models import SECTORS, Host, HostNote, Organisation, Task
from stapsteen.hosts.states import HOST
from stapsteen.people.forms import tell_merged

PER_PAGE = 50
FORM = ("GET", "POST")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ASKS_WHY = {"pause", "stop"}

# The list ------------------------------------------------------------------------------------------------------------


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
        free=bool(chosen["vrij"]),
    )


@page("<slug:service>/gastorganisaties/", rule="hosts.host.list")
def host_list(request: Any) -> HttpResponse:
    """All organisations the service works with: room, contact, what needs attention."""
    form, chosen = host_filters(request)
    shown = Paginator(find_hosts(request, chosen), PER_PAGE).get_page(request.GET.get("pagina"))
    count = shown.paginator.count
    context = {
        "form": form,
        "page": shown,
        "hosts": [host_card(request, queries.row(host)) for host in shown],
        "found": ngettext("%(n)s organisatie", "%(n)s organisaties", count) % {"n": count},
        "filtered": any(chosen.values()),
        "may_add": may(request.actor, "hosts.host.add"),
        "export_url": with_query(address(request, "hosts.host_export"), chosen),
    }
    return show(request, "hosts/host_list.html", context)


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


def address(request: Any, name: str, **keys: Any) -> str:
    return reverse(name, kwargs={"service": request.service.slug, **keys})


def with_query(url: str, chosen: dict[str, Any]) -> str:
    kept = urlencode({name: "on" if value is True else value for name, value in chosen.items() if value})
    return f"{url}?{kept}" if kept else url


@page("<slug:service>/gastorganisaties/uitvoer.xlsx", rule="hosts.host.list")
def host_export(request: Any) -> HttpResponse:
    """The filtered list as a spreadsheet."""
    _form, chosen = host_filters(request)
    rows = [queries.row(host) for host in find_hosts(request, chosen)]
    answer = HttpResponse(hosts_workbook(rows), content_type=XLSX)
    day = timezone.localdate()
    answer.headers["Content-Disposition"] = f'attachment; filename="gastorganisaties-{day:%Y-%m-%d}.xlsx"'
    return answer


# A new host ----------------------------------------------------------------------------------------------------------


@page("<slug:service>/gastorganisaties/nieuw/", rule="hosts.host.add", methods=FORM)
def host_add(request: Any) -> HttpResponse:
    """Choose an organisation that the network knows, or register a new one."""
    if key := request.POST.get("organisation"):
        return choose_organisation(request, key)
    form = NewHostForm(request.POST or None, initial={"name": request.GET.get("q", "")})
    made: list[Host] = []
    if submit(form, lambda data: made.append(register(request, data))):
        messages.success(request, _("De organisatie staat in je lijst."))
        return redirect(queries.host_url(request.service, made[0].pk))
    q = request.GET.get("q", "").strip()
    known = form.doubles or (queries.similar_organisations(q) if q else [])
    own = queries.own_hosts([organisation.pk for organisation in known])
    context = {
        "form": form,
        "q": q,
        "known": [known_card(request, organisation, own.get(organisation.pk)) for organisation in known],
        "list_url": address(request, "hosts.host_list"),
    }
    return show(request, "hosts/host_add.html", context)


def register(request: Any, data: dict[str, Any]) -> Host:
    given = {name: value for name, value in data.items() if name != "anyway"}
    return actions.add_host(actor=request.actor, network=request.service.network, **given)


def choose_organisation(request: Any, key: str) -> HttpResponse:
    try:
        organisation = load(request.actor, "hosts.organisation.edit", key)
    except ValueError:
        raise Http404 from None
    host = actions.work_with(organisation=organisation, actor=request.actor)
    messages.success(request, _("De organisatie staat in je lijst."))
    return redirect(queries.host_url(request.service, host.pk))


def known_card(request: Any, organisation: Organisation, host: Host | None) -> dict[str, Any]:
    return {
        "organisation": organisation,
        "sub": " · ".join(
            part
            for part in (
                str(organisation.get_legal_kind_display()),
                organisation.municipality.name if organisation.municipality else "",
                organisation.enterprise_number,
            )
            if part
        ),
        "host_url": queries.host_url(request.service, host.pk) if host else "",
    }


# One host ------------------------------------------------------------------------------------------------------------


@page("<slug:service>/gastorganisaties/<uuid:host>/", rule="hosts.host.view", loads="host")
def host_detail(request: Any, host: Host) -> HttpResponse:
    """Everything about one organisation; about the people there only how many."""
    picture = queries.picture(host)
    may_edit = may(request.actor, "hosts.host.edit", host)
    context = {
        **about(request, picture.row.host),
        "picture": picture,
        "row": picture.row,
        "may_edit": may_edit,
        "buttons": buttons(request, picture.row.host) if may_edit else [],
        "facts": organisation_facts(picture.row.host.organisation),
        "contact_facts": contact_facts(picture.row.contact),
        "agreement_facts": agreement_facts(picture.row.host),
        "tasks": [task_card(request, row) for row in picture.tasks],
        "notes": [note_line(note) for note in picture.notes],
        "statements": [statement_line(one) for one in picture.statements],
        "earlier_contacts": [contact_line(one) for one in picture.contacts if one != picture.row.contact],
        "capacity_form": CapacityForm(host=host, initial={"note": ""}),
        "note_form": HostNoteForm(),
    }
    return show(request, "hosts/host_detail.html", context)


def about(request: Any, host: Host) -> dict[str, Any]:
    """What each page about one host shows on top."""
    organisation = host.organisation
    return {
        "host": host,
        "organisation": organisation,
        "host_url": queries.host_url(request.service, host.pk),
        "list_url": address(request, "hosts.host_list"),
        "urls": {
            name: address(request, f"hosts.{name}", host=host.pk)
            for name in (
                "contact_set",
                "capacity_set",
                "host_agreement",
                "host_edit",
                "host_move",
                "note_add",
                "task_add",
            )
        },
    }


def buttons(request: Any, host: Host) -> list[dict[str, Any]]:
    """What can be done with the host now; pausing and stopping first ask why."""
    move = address(request, "hosts.host_move", host=host.pk)
    return [
        {
            "label": transition.label,
            "action": transition.action,
            "ask_url": f"{move}?{urlencode({'actie': transition.action})}"
            if transition.action in ASKS_WHY
            else "",
            "kind": "primary" if transition.action == "activate" else "secondary",
        }
        for transition in HOST.open_to(host, request.actor)
    ]


def organisation_facts(organisation: Organisation) -> list[tuple[str, Any]]:
    facts = [
        (_("Soort"), organisation.get_legal_kind_display()),
        (_("Sectoren"), ", ".join(str(SECTORS[sector]) for sector in organisation.sectors)),
        (_("Gemeente"), organisation.municipality.name if organisation.municipality else ""),
        (_("Adres"), organisation.address),
        (_("Ondernemingsnummer"), dotted(organisation.enterprise_number)),
        (_("Deelwerking van"), organisation.part_of.name if organisation.part_of else ""),
        (_("Koepel"), organisation.umbrella.name if organisation.umbrella else ""),
        (_("Goed om te weten"), organisation.note),
    ]
    return [(term, value) for term, value in facts if value]


def dotted(number: str) -> str:
    return f"{number[:4]}.{number[4:7]}.{number[7:]}" if number else ""


def contact_facts(contact: Any) -> list[Any]:
    if contact is None:
        return []
    facts = [{"term": _("Naam"), "value": contact.name}]
    if contact.email:
        facts.append({"term": _("E-mailadres"), "value": contact.email, "href": f"mailto:{contact.email}"})
    if contact.phone:
        facts.append(
            {"term": _("Telefoon"), "value": contact.phone, "href": f"tel:{contact.phone.replace(' ', '')}"}
        )
    return [*facts, {"term": _("Sinds"), "value": contact.starts_on.strftime("%d/%m/%Y")}]


def agreement_facts(host: Host) -> list[tuple[str, str]]:
    days = (
        (_("Afspraken getekend op"), host.agreement_signed_on),
        (_("Verzekerd tot en met"), host.insurance_until),
    )
    return [(term, day.strftime("%d/%m/%Y") if day else _("nog niet ingevuld")) for term, day in days]


def task_card(request: Any, row: queries.TaskRow) -> dict[str, Any]:
    task = row.task
    return {
        "row": row,
        "task": task,
        "week": week(task.half_days),
        "when": halfdays.in_words(task.half_days) or _("op elk moment"),
        "subtasks": [line for line in task.description.splitlines() if line.strip()],
        "sector": SECTORS[task.sector],
        "guidance": Task.GUIDANCE[task.guidance],
        "edit_url": address(request, "hosts.task_edit", task=task.pk),
    }


def week(mask: int) -> list[dict[str, Any]]:
    """The week as rows of a small table: a day with its three parts, ticked or not; nothing for "any moment"."""
    if not mask:
        return []
    return [
        {
            "day": halfdays.SHORT_DAYS[day],
            "parts": [bool(mask & halfdays.bit(day, part)) for part in range(3)],
        }
        for day in range(7)
    ]


def note_line(note: HostNote) -> dict[str, Any]:
    icons = {"visit": "pin", "note": "message", "import": "upload"}
    return {
        "date": note.happened_on,
        "title": HostNote.KINDS[note.kind],
        "text": note.text,
        "who": note.author,
        "icon": icons[note.kind],
    }


def statement_line(said: Any) -> list[Any]:
    if said.paused:
        words = _("pauze")
    else:
        words = ngettext("%(n)s mens tegelijk", "%(n)s mensen tegelijk", said.places) % {"n": said.places}
    until = said.ends_on.strftime("%d/%m/%Y") if said.ends_on else _("nu")
    return [said.starts_on.strftime("%d/%m/%Y"), until, {"text": words, "sub": said.note}]


def contact_line(contact: Any) -> str:
    until = contact.ends_on.strftime("%d/%m/%Y") if contact.ends_on else ""
    return _("%(name)s, tot en met %(until)s") % {"name": contact.name, "until": until}


def host_form(
    request: Any,
    host: Host,
    form: Any,
    act: Any,
    *,
    title: str,
    done: str,
    text: str = "",
    template: str = "hosts/host_form.html",
) -> HttpResponse:
    """A page with one form about the host: saved, back to the host; broken, the form again."""
    if submit(form, act):
        messages.success(request, done)
        if isinstance(form, Edit):
            tell_merged(request, form)
        return redirect(queries.host_url(request.service, host.pk))
    context = {**about(request, host), "form": form, "title": title, "text": text}
    return show(request, template, context)


@page(
    "<slug:service>/gastorganisaties/<uuid:host>/contact/", rule="hosts.host.edit", loads="host", methods=FORM
)
def contact_set(request: Any, host: Host) -> HttpResponse:
    """A new contact from a day on."""
    return host_form(
        request,
        host,
        ContactForm(request.POST or None, host=host),
        lambda data: actions.set_contact(host=host, actor=request.actor, **data),
        title=_("Contactpersoon"),
        done=_("De contactpersoon is bewaard."),
        text=_("Elke organisatie heeft voor ons één contactpersoon. De vorige blijft zichtbaar."),
    )


@page(
    "<slug:service>/gastorganisaties/<uuid:host>/draagkracht/",
    rule="hosts.host.edit",
    loads="host",
    methods=FORM,
)
def capacity_set(request: Any, host: Host) -> HttpResponse:
    """What the organisation says it can carry, from a day on."""
    return host_form(
        request,
        host,
        CapacityForm(request.POST or None, host=host),
        lambda data: actions.state_capacity(organisation=host.organisation, actor=request.actor, **data),
        title=_("Draagkracht"),
        done=_("De draagkracht is bewaard."),
        text=_("Dit geldt voor alle diensten van het netwerk samen."),
    )


@page(
    "<slug:service>/gastorganisaties/<uuid:host>/afspraken/",
    rule="hosts.host.edit",
    loads="host",
    methods=FORM,
)
def host_agreement(request: Any, host: Host) -> HttpResponse:
    """The agreement between service and organisation: signed, insured, a talk needed."""
    return host_form(
        request,
        host,
        HostAgreementForm(request.POST or None, record=host),
        lambda data: actions.set_host_agreement(host=host, actor=request.actor, **data),
        title=_("Afspraken en verzekering"),
        done=_("De afspraken zijn bewaard."),
        text=_("Eén contactpersoon, een verzekering, elke maand de uren, en mee evalueren."),
    )


@page(
    "<slug:service>/gastorganisaties/<uuid:host>/gegevens/",
    rule="hosts.host.edit",
    loads="host",
    methods=FORM,
)
def host_edit(request: Any, host: Host) -> HttpResponse:
    """The organisation's own data, the same for all services of the network."""
    organisation = host.organisation
    return host_form(
        request,
        host,
        OrganisationForm(request.POST or None, organisation=organisation),
        lambda data: actions.update_organisation(organisation=organisation, actor=request.actor, **data),
        title=_("Gegevens van de organisatie"),
        done=_("De gegevens zijn bewaard."),
        text=_("Alle diensten van het netwerk zien deze gegevens."),
        template="hosts/host_edit.html",
    )


@page(
    "<slug:service>/gastorganisaties/<uuid:host>/stand/", rule="hosts.host.edit", loads="host", methods=FORM
)
def host_move(request: Any, host: Host) -> HttpResponse:
    """A step on the host's path; pausing and stopping ask why first."""
    action = request.POST.get("actie") or request.GET.get("actie", "")
    if action not in HOST.by_action:
        raise Http404
    label = str(HOST.by_action[action].label)
    form = MoveForm(request.POST or None)
    if request.method == "POST" and submit(
        form, lambda data: actions.move_host(host=host, actor=request.actor, action=action, **data)
    ):
        messages.success(request, _("De stand is gewijzigd."))
        return redirect(queries.host_url(request.service, host.pk))
    context = {**about(request, host), "form": form, "title": label, "action": action}
    return show(request, "hosts/host_move.html", context)


@page(
    "<slug:service>/gastorganisaties/<uuid:host>/notitie/", rule="hosts.host.edit", loads="host", methods=FORM
)
def note_add(request: Any, host: Host) -> HttpResponse:
    """A visit or a remark."""
    return host_form(
        request,
        host,
        HostNoteForm(request.POST or None),
        lambda data: actions.add_host_note(host=host, actor=request.actor, **data),
        title=_("Bezoek of notitie"),
        done=_("De notitie is bewaard."),
    )


# Tasks ---------------------------------------------------------------------------------------------------------------


@page("<slug:service>/gastorganisaties/<uuid:host>/taak/", rule="hosts.host.edit", loads="host", methods=FORM)
def task_add(request: Any, host: Host) -> HttpResponse:
    """A new task at this organisation."""
    return host_form(
        request,
        host,
        TaskForm(request.POST or None),
        lambda data: actions.open_task(organisation=host.organisation, actor=request.actor, **data),
        title=_("Nieuwe taak"),
        done=_("De taak is bewaard."),
    )


@page("<slug:service>/taken/<uuid:task>/", rule="hosts.task.edit", loads="task", methods=FORM)
def task_edit(request: Any, task: Task) -> HttpResponse:
    """Change, close or reopen a task."""
    host = queries.own_hosts([task.organisation_id]).get(task.organisation_id)
    back = queries.host_url(request.service, host.pk) if host else address(request, "hosts.task_list")
    if request.POST.get("sluit"):
        act = actions.close_task if task.closed_on is None else actions.reopen_task
        act(task=task, actor=request.actor)
        messages.success(request, _("De taak is gewijzigd."))
        return redirect(back)
    form = TaskForm(request.POST or None, task=task)
    if submit(form, lambda data: actions.update_task(task=task, actor=request.actor, **data)):
        messages.success(request, _("De taak is bewaard."))
        tell_merged(request, form)
        return redirect(back)
    [row] = queries.with_seats(Task.objects.filter(pk=task.pk), timezone.localdate())
    return show(
        request,
        "hosts/task_edit.html",
        {"form": form, "task": task, "row": queries.task_row(row), "back": back},
    )


@page("<slug:service>/taken/", rule="hosts.host.list")
def task_list(request: Any) -> HttpResponse:
    """All open tasks of the network, with their free seats."""
    towns = list(queries.towns_of_tasks(request.actor))
    form = TaskFilterForm(request.GET, towns=towns)
    form.is_valid()
    chosen = {name: form.cleaned_data.get(name, "") for name in form.fields}
    tasks = queries.list_tasks(
        request.actor,
        q=chosen["q"],
        sector=chosen["sector"],
        town=chosen["gemeente"],
        moment=int(chosen["moment"] or 0),
        free=bool(chosen["vrij"]),
    )
    shown = Paginator(tasks, PER_PAGE).get_page(request.GET.get("pagina"))
    own = queries.own_hosts([task.organisation_id for task in shown])
    count = shown.paginator.count
    context = {
        "form": TaskFilterForm(initial=chosen, towns=towns),
        "page": shown,
        "columns": [_("Taak"), _("Organisatie"), _("Wanneer"), _("Nederlands"), _("Plaatsen")],
        "rows": [task_line(request, queries.task_row(task), own) for task in shown],
        "found": ngettext("%(n)s taak", "%(n)s taken", count) % {"n": count},
        "filtered": any(chosen.values()),
        "list_url": address(request, "hosts.task_list"),
        "hosts_url": address(request, "hosts.host_list"),
    }
    return show(request, "hosts/task_list.html", context)


def task_line(request: Any, row: queries.TaskRow, own: dict[Any, Host]) -> list[Any]:
    task = row.task
    organisation, host = task.organisation, own.get(task.organisation_id)
    editable = may(request.actor, "hosts.host.add")
    town = organisation.municipality.name if organisation.municipality else ""
    free = ngettext("%(n)s vrij", "%(n)s vrij", row.free) % {"n": row.free} if row.free else _("vol")
    of = _("%(taken)s van %(seats)s bezet") % {"taken": row.taken, "seats": task.seats}
    return [
        {
            "text": task.title,
            "sub": str(SECTORS[task.sector]),
            "href": address(request, "hosts.task_edit", task=task.pk) if editable else "",
        },
        {
            "text": organisation.name,
            "sub": town,
            "href": queries.host_url(request.service, host.pk) if host else "",
        },
        halfdays.in_words(task.half_days) or _("op elk moment"),
        task.dutch_level or _("maakt niet uit"),
        {"text": free, "badge": "success" if row.free else "neutral", "sub": of},
    ]
