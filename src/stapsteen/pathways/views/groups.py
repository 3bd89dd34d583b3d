"""Pages of groups: pre-pathways and training, their sessions, who takes part and who was there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stapsteen.core.edits import tell_merged
from stapsteen.core.pages import load, page, show, submit
from stapsteen.pathways import access_groups, actions
from stapsteen.pathways import queries_groups as queries
from stapsteen.pathways.exports import answers_of, attendance_workbook
from stapsteen.pathways.forms_groups import (
    AttendanceForm,
    GroupForm,
    JoinForm,
    LeaveForm,
    PickGroupForm,
    SeriesForm,
    SessionForm,
)
from stapsteen.pathways.models import Group, GroupMember, Session
from stapsteen.people.models import Person
from stapsteen.people.queries import person_url
from stapsteen.people.queries_agenda import colleagues

FORM = ("GET", "POST")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
__all__ = ["access_groups"]


def group_url(request: Any, group: Group, name: str = "pathways.group_detail") -> str:
    return reverse(name, kwargs={"service": request.service.slug, "group": group.pk})


# The list ------------------------------------------------------------------------------------------------------------


@page("<slug:service>/groepen/", rule="pathways.group.keep")
def group_list(request: Any) -> HttpResponse:
    """Groups that run or will; ?vroeger=1 those that are over."""
    past = "vroeger" in request.GET
    today = timezone.localdate()
    here = reverse("pathways.group_list", kwargs={"service": request.service.slug})
    context = {
        "tabs": [
            {"label": _("Nu en straks"), "url": here, "current": not past},
            {"label": _("Voorbij"), "url": f"{here}?vroeger=1", "current": past},
        ],
        "past": past,
        "columns": [_("Naam"), _("Soort"), _("Begeleid door"), _("Wanneer"), _("Plaatsen")],
        "rows": [row(request, group) for group in queries.groups(request.actor, today, past=past)],
    }
    return show(request, "pathways/group_list.html", context)


def row(request: Any, group: Any) -> list[Any]:
    words, badge = queries.fullness(group.taken, group.places)
    return [
        {"text": group.name, "href": group_url(request, group)},
        str(Group.KINDS[group.kind]),
        queries.leader(group),
        period(group),
        {"text": words, "badge": badge},
    ]


def period(group: Group) -> str:
    first = date_format(group.starts_on, "j F Y")
    return (
        f"{first} – {date_format(group.ends_on, 'j F Y')}"
        if group.ends_on
        else _("vanaf %(day)s") % {"day": first}
    )


@page("<slug:service>/groepen/nieuw/", rule="pathways.group.keep", methods=FORM)
def group_add(request: Any) -> HttpResponse:
    """A new group."""
    form = GroupForm(request.POST or None, colleagues=colleagues())
    made: list[Group] = []
    if submit(form, lambda data: made.append(actions.open_group(actor=request.actor, **data))):
        messages.success(request, _("De groep is er. Plan nu de dagen."))
        return redirect("pathways.session_add", service=request.service.slug, group=made[0].pk)
    back = reverse("pathways.group_list", kwargs={"service": request.service.slug})
    return show(request, "pathways/group_step.html", {"form": form, "title": _("Nieuwe groep"), "back": back})


@page("<slug:service>/groepen/<uuid:group>/wijzig/", rule="pathways.group.keep", loads="group", methods=FORM)
def group_edit(request: Any, group: Group) -> HttpResponse:
    """Other words, days or places."""
    form = GroupForm(request.POST or None, colleagues=colleagues(), group=group)
    if submit(form, lambda data: actions.change_group(group=group, actor=request.actor, **data)):
        messages.success(request, _("Bewaard."))
        tell_merged(request, form)
        return redirect(group_url(request, group))
    context = {"form": form, "title": _("Groep aanpassen"), "back": group_url(request, group)}
    return show(request, "pathways/group_step.html", context)


# One group -----------------------------------------------------------------------------------------------------------


@page("<slug:service>/groepen/<uuid:group>/", rule="pathways.group.keep", loads="group")
def group_detail(request: Any, group: Group) -> HttpResponse:
    """What it is, how full, who takes part, and its days."""
    today = timezone.localdate()
    found = queries.members(request.actor, group)
    all_in = group.members.filter(queries.now_in(today, "")).count()
    words, badge = queries.fullness(all_in, group.places)
    seen = [member for member in found if member.row.ends_on is None or member.row.ends_on >= today]
    noted = queries.noted(group)
    open_to = queries.own_people(request.actor, found)
    context = {
        "group": group,
        "facts": group_facts(group),
        "full": words,
        "full_kind": badge,
        "over": all_in - group.places,
        "now": [member_line(request, member, open_to) for member in seen],
        "former": [member_line(request, member, open_to) for member in found if member not in seen],
        "unseen": all_in - len(seen),
        "sessions": [session_line(request, session, noted, today) for session in queries.sessions(group)],
    }
    return show(request, "pathways/group_detail.html", context)


def group_facts(group: Group) -> list[tuple[str, str]]:
    found = [
        (_("Soort"), str(Group.KINDS[group.kind])),
        (_("Wanneer"), period(group)),
        (_("Waar"), group.place),
        (_("Begeleid door"), queries.leader(group)),
    ]
    return [(term, value) for term, value in found if value]


def member_line(request: Any, member: queries.Member, open_to: set[Any]) -> dict[str, Any]:
    return {
        "name": str(member.row.person),
        "url": person_url(request.service, member.row.person_id) if member.row.person_id in open_to else "",
        "words": member.words,
        "ended": member.row.ends_on,
        "finished": member.row.finished,
        "learned": member.row.learned or "",
        "leave_url": reverse(
            "pathways.group_leave", kwargs={"service": request.service.slug, "member": member.row.pk}
        ),
    }


def session_line(request: Any, session: Session, noted: set[Any], today: Any) -> dict[str, Any]:
    keys = {"service": request.service.slug, "session": session.pk}
    open_now = session.day <= today and not session.cancelled
    return {
        "words": queries.session_words(session),
        "topic": session.topic,
        "cancelled": session.cancelled,
        "noted": session.pk in noted,
        "waits": open_now and session.pk not in noted,
        "attend_url": reverse("pathways.attendance", kwargs=keys) if open_now else "",
        "edit_url": reverse("pathways.session_edit", kwargs=keys),
    }


@page("<slug:service>/groepen/<uuid:group>/dagen/", rule="pathways.group.keep", loads="group", methods=FORM)
def session_add(request: Any, group: Group) -> HttpResponse:
    """A series of meetings."""
    form = SeriesForm(request.POST or None, initial={"first": max(group.starts_on, timezone.localdate())})
    if submit(form, lambda data: actions.plan_sessions(group=group, actor=request.actor, **data)):
        messages.success(request, _("De dagen staan erin."))
        return redirect(group_url(request, group))
    context = {"form": form, "title": _("Dagen plannen"), "back": group_url(request, group)}
    return show(request, "pathways/group_step.html", context)


@page(
    "<slug:service>/groepen/dag/<uuid:session>/wijzig/",
    rule="pathways.session.keep",
    loads="session",
    methods=FORM,
)
def session_edit(request: Any, session: Session) -> HttpResponse:
    """Another day, hour or subject, or it doesn't happen."""
    form = SessionForm(request.POST or None, session=session)
    back = group_url(request, session.group)
    if submit(form, lambda data: actions.change_session(session=session, actor=request.actor, **data)):
        messages.success(request, _("Bewaard."))
        tell_merged(request, form)
        return redirect(back)
    return show(
        request, "pathways/group_step.html", {"form": form, "title": _("Dag aanpassen"), "back": back}
    )


@page("<slug:service>/groepen/<uuid:group>/erbij/", rule="pathways.group.keep", loads="group", methods=FORM)
def group_join(request: Any, group: Group) -> HttpResponse:
    """Somebody of one's own people joins."""
    people = queries.can_join(request.actor, group, timezone.localdate())
    form = JoinForm(request.POST or None, people=[(str(person.pk), str(person)) for person in people])

    def join(data: dict[str, Any]) -> None:
        person = load(request.actor, "people.person.view", data["person"])
        actions.join_group(group=group, actor=request.actor, person=person, starts_on=data["starts_on"])

    if submit(form, join):
        messages.success(request, _("Genoteerd."))
        return redirect(group_url(request, group))
    context = {"form": form, "title": _("Iemand erbij"), "back": group_url(request, group)}
    return show(request, "pathways/group_step.html", context)


@page("<slug:service>/mensen/<uuid:person>/groep/", rule="people.person.view", loads="person", methods=FORM)
def group_pick(request: Any, person: Person) -> HttpResponse:
    """A group for this person, from the own page."""
    form = PickGroupForm(
        request.POST or None, groups=list(queries.groups(request.actor, timezone.localdate()))
    )
    url = person_url(request.service, person.pk)
    if submit(form, lambda data: actions.join_group(person=person, actor=request.actor, **data)):
        messages.success(request, _("Genoteerd."))
        return redirect(f"{url}?deel=groepen")
    return show(request, "pathways/group_pick.html", {"form": form, "person": person, "person_url": url})


@page(
    "<slug:service>/groepen/lid/<uuid:member>/",
    rule="pathways.group_member.keep",
    loads="member",
    methods=FORM,
)
def group_leave(request: Any, member: GroupMember) -> HttpResponse:
    """Finished, or stopped before the end; and what somebody takes along."""
    form = LeaveForm(request.POST or None)
    back = group_url(request, member.group)
    if submit(form, lambda data: actions.leave_group(member=member, actor=request.actor, **data)):
        messages.success(request, _("Genoteerd."))
        return redirect(back)
    context = {"form": form, "title": _("Afronden"), "back": back, "who": str(member.person)}
    return show(request, "pathways/group_step.html", context)


# Who was there -------------------------------------------------------------------------------------------------------


@page(
    "<slug:service>/groepen/dag/<uuid:session>/", rule="pathways.session.keep", loads="session", methods=FORM
)
def attendance(request: Any, session: Session) -> HttpResponse:
    """Everyone of this session on one page, to tap."""
    present = queries.on_day(queries.members(request.actor, session.group), session.day)
    form = AttendanceForm(request.POST or None, session=session, members=present)

    def note(data: dict[str, Any]) -> None:
        given = form.given("rest" in request.POST)
        actions.note_attendance(session=session, actor=request.actor, answers=given, topic=data["topic"])

    if submit(form, note):
        messages.success(request, _("Bewaard."))
        tell_merged(request, form)
        return redirect(group_url(request, session.group))
    context = {
        "form": form, "session": session, "group": session.group, "words": queries.session_words(session),
        "back": group_url(request, session.group), "members": present,
    }  # fmt: skip
    return show(request, "pathways/attendance.html", context)


@page("<slug:service>/groepen/<uuid:group>/lijst/", rule="pathways.group.keep", loads="group")
def attendance_list(request: Any, group: Group) -> HttpResponse:
    """Everyone by every day: to print and to fill in by hand, or to read."""
    held = [session for session in queries.sessions(group) if not session.cancelled]
    rows = []
    for member in queries.members(request.actor, group):
        given = answers_of(member)
        rows.append([str(member.row.person), *(given.get(session.pk, "") for session in held)])
    context = {
        "group": group, "rows": rows, "back": group_url(request, group),
        "columns": [_("Naam"), *(session.day.strftime("%d/%m") for session in held)],
    }  # fmt: skip
    return show(request, "pathways/attendance_list.html", context)


@page("<slug:service>/groepen/<uuid:group>/uitvoer.xlsx", rule="pathways.group.keep", loads="group")
def attendance_export(request: Any, group: Group) -> HttpResponse:
    """The same as a spreadsheet; the read log names everyone in it."""
    content = attendance_workbook(queries.sessions(group), queries.members(request.actor, group))
    answer = HttpResponse(content, content_type=XLSX)
    answer.headers["Content-Disposition"] = 'attachment; filename="aanwezigheid.xlsx"'
    return answer
