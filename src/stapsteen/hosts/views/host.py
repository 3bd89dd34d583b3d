"""The page of one host."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stapsteen.core import halfdays
from stapsteen.core.access import may
from stapsteen.core.pages import page, show
from stapsteen.hosts import actions, queries
from stapsteen.hosts.forms import CapacityForm, HostNoteForm
from stapsteen.hosts.models import (
    ALLERGENS,
    DUTCH_SKILLS,
    ORGANISATION_ROLES,
    PHYSICAL,
    SECTORS,
    TRAVEL,
    Host,
    HostAgreement,
    HostNote,
    Organisation,
    Refusal,
    SubTask,
    Task,
)
from stapsteen.hosts.states import HOST, HOST_AGREEMENT
from stapsteen.hosts.views.common import about, address
from stapsteen.people.models import SUPPORT

ASKS_WHY = {"pause", "stop"}
STEPS = {
    "contact_set": gettext_lazy("Vul in"),
    "capacity_set": gettext_lazy("Vul in"),
    "host_agreement": gettext_lazy("Pas aan"),
    "agreement_new": gettext_lazy("Maak afspraken"),
    "agreements": gettext_lazy("Naar de afspraken"),
    "review_add": gettext_lazy("Samen terugkijken"),
    "tasks": gettext_lazy("Naar de taken"),
}
type Near = Callable[[Organisation], str]


@page("<slug:service>/gastorganisaties/<uuid:host>/", rule="hosts.host.view", loads="host")
def host_detail(request: Any, host: Host) -> HttpResponse:
    """Everything about one organisation; about the people there only how many."""
    picture = queries.picture(host)
    may_edit = may(request.actor, "hosts.host.edit", host)
    near = linked(request, picture.row.host.organisation)
    context = {
        **about(request, picture.row.host),
        "picture": picture,
        "row": picture.row,
        "cautions": [caution_line(request, host, one, may_edit) for one in picture.row.warnings],
        "may_edit": may_edit,
        "buttons": buttons(request, picture.row.host) if may_edit else [],
        "facts": organisation_facts(picture.row.host.organisation, near),
        "contact_facts": contact_facts(picture.row.contact),
        "agreement_facts": agreement_facts(picture.row.host),
        "tasks": [task_card(request, row) for row in picture.tasks],
        "notes": path_lines(picture.row.host, picture),
        "supports": [support_line(room, picture.refusals) for room in picture.supports],
        "refusals": [refusal_line(request, no) for no in picture.refusals],
        "by_link": picture.statement is not None and picture.statement.said_by == "link",
        "person_nos": picture.person_nos,
        "asks": picture.asks,
        "key_people": [key_person_line(request, key) for key in picture.key_people],
        "sites": [site_line(request, site) for site in picture.sites],
        "parts": [{"name": one.name, "url": near(one)} for one in picture.parts],
        "members": [
            {"name": one.name, "url": near(one)} for one in picture.row.host.organisation.members.all()
        ],
        "agreements": [agreement_line(request, one) for one in picture.row.host.agreements.all()],
        "statements": [statement_line(one) for one in picture.statements],
        "earlier_contacts": [contact_line(one) for one in picture.contacts if one != picture.row.contact],
        "capacity_form": CapacityForm(host=host, initial={"note": ""}),
        "note_form": HostNoteForm(),
    }
    return show(request, "hosts/host_detail.html", context)


def caution_line(request: Any, host: Host, caution: queries.Caution, may_edit: bool) -> dict[str, Any]:
    """What needs attention, with the page or the place on this one where it is put right."""
    label, url = "", ""
    if may_edit and caution.step in STEPS:
        places = {"tasks": "#taken", "agreements": "#afspraken"}
        url = places.get(caution.step) or address(request, f"hosts.{caution.step}", host=host.pk)
        label = str(STEPS[caution.step])
    return {"kind": caution.kind, "text": caution.text, "label": label, "url": url}


def buttons(request: Any, host: Host) -> list[dict[str, Any]]:
    """What can be done with the host now, the next step of its path first; pausing and stopping first ask why."""
    move = address(request, "hosts.host_move", host=host.pk)
    steps = list(HOST.open_to(host, request.actor))
    onward = next((step.action for step in steps if step.action not in ASKS_WHY), "")
    return [
        {
            "label": transition.label,
            "action": transition.action,
            "ask_url": f"{move}?{urlencode({'actie': transition.action})}"
            if transition.action in ASKS_WHY
            else "",
            "kind": "primary" if transition.action == onward else "secondary",
        }
        for transition in steps
    ]


def linked(request: Any, organisation: Organisation) -> Near:
    """The address of an organisation beside this one, "" when the service doesn't work with it."""
    hosts = queries.beside(organisation)

    def url(one: Organisation) -> str:
        return queries.host_url(request.service, hosts[one.pk]) if one.pk in hosts else ""

    return url


def organisation_facts(organisation: Organisation, near: Near) -> list[dict[str, Any]]:
    facts = [
        (_("Soort"), organisation.get_legal_kind_display()),
        (_("In het netwerk"), roles_of(organisation)),
        (_("Sectoren"), ", ".join(str(SECTORS[sector]) for sector in organisation.sectors)),
        (_("Gemeente"), organisation.municipality.name if organisation.municipality else ""),
        (_("Adres"), organisation.address),
        (_("Ondernemingsnummer"), dotted(organisation.enterprise_number)),
        (_("Deelwerking van"), organisation.part_of),
        (_("Koepel"), organisation.umbrella),
        (_("Goed om te weten"), organisation.note),
    ]
    return [
        {"term": term, "value": str(value), "href": near(value) if isinstance(value, Organisation) else ""}
        for term, value in facts
        if value
    ]


def roles_of(organisation: Organisation) -> str:
    """The roles in the network; nothing for who is a host only, as everybody in this list."""
    if list(organisation.roles) == ["host"]:
        return ""
    return ", ".join(str(word) for role, word in ORGANISATION_ROLES.items() if role in organisation.roles)


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
        "parts": [part_line(part) for part in task.subtasks.all()],
        "asks": asks_of(task),
        "gives": gives_of(task),
        "period": period_of(task),
        "public": is_public(row),
        "kind": Task.KINDS[task.kind] if task.kind != "volunteering" else "",
        "no": bool(task.refusals.all()),
        "sector": SECTORS[task.sector],
        "guidance": Task.GUIDANCE[task.guidance],
        "edit_url": address(request, "hosts.task_edit", task=task.pk),
        "stale_url": ""
        if row.closed or not is_stale(task)
        else address(request, "hosts.task_confirm", task=task.pk),
    }


def is_stale(task: Task) -> bool:
    return task.confirmed_on <= timezone.localdate() - timedelta(days=queries.STALE_DAYS)


def is_public(row: queries.TaskRow) -> bool:
    """As `queries.public_tasks` finds it; a closed task is in no public list."""
    until, today = row.task.published_until, timezone.localdate()
    return row.task.open_on(today) and until is not None and until >= today


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
    icons = {"visit": "pin", "call": "phone", "note": "message", "import": "upload"}
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


def support_line(room: queries.SupportRoom, nos: list[Refusal]) -> dict[str, Any]:
    """A kind of support with its own bar; a no says so, also one that was recorded apart."""
    return {"room": room, "no": room.places == 0 or room.kind in {no.support for no in nos}}


def refusal_line(request: Any, refusal: Any) -> dict[str, Any]:
    """A recorded no in words, with how the host takes it back."""
    return {
        "text": actions.refusal_text(refusal),
        "sub": refusal.task.title if refusal.task_id else "",
        "since": refusal.starts_on,
        "url": address(request, "hosts.refusal_end", refusal=refusal.pk),
    }


def key_person_line(request: Any, person: Any) -> dict[str, Any]:
    return {
        "person": person,
        "when": halfdays.in_words(person.half_days),
        "url": address(request, "hosts.key_person_end", key_person=person.pk),
    }


def site_line(request: Any, site: Any) -> dict[str, Any]:
    place = ", ".join(part for part in (site.address, site.municipality.name) if part)
    return {"site": site, "place": place, "url": address(request, "hosts.site_edit", site=site.pk)}


def agreement_line(request: Any, agreement: HostAgreement) -> dict[str, Any]:
    """A version that counts now: its state, its days, and where to read and sign it."""
    return {
        "agreement": agreement,
        "state": HOST_AGREEMENT.states[agreement.state],
        "waiting": agreement.state == "out",
        "url": address(request, "hosts.agreement_detail", host_agreement=agreement.pk),
    }


def path_lines(host: Host, picture: queries.HostPicture) -> list[dict[str, Any]]:
    """Talks, looks back, visits and notes of the host, newest first."""
    lines = [note_line(note) for note in picture.notes]
    lines += [talk_line(talk) for talk in host.talks.all()]
    lines += [review_line(review) for review in host.reviews.all()]
    return sorted(lines, key=lambda line: line["date"], reverse=True)


def talk_line(talk: Any) -> dict[str, Any]:
    said = [
        f"{_('Open voor mensen met steun:')} {talk.get_openness_display()}.",
        f"{_('Het team:')} {talk.get_team_display()}.",
        talk.worries and f"{_('Zorgen:')} {talk.worries}",
        talk.agreed and f"{_('Afgesproken:')} {talk.agreed}",
    ]
    text = "\n".join(str(line) for line in said if line)
    return {
        "date": talk.held_on,
        "title": _("Intakegesprek"),
        "text": text,
        "who": talk.author,
        "icon": "message",
    }


def review_line(review: Any) -> dict[str, Any]:
    said = [
        review.went_well and f"{_('Ging goed:')} {review.went_well}",
        review.was_hard and f"{_('Was moeilijk:')} {review.was_hard}",
        review.wishes and f"{_('Volgend jaar:')} {review.wishes}",
        f"{review.get_decision_display()}.",
    ]
    text = "\n".join(str(line) for line in said if line)
    return {
        "date": review.held_on,
        "title": _("Samen teruggekeken"),
        "text": text,
        "who": review.author,
        "icon": "calendar",
    }


def asks_of(task: Task) -> list[str]:
    """What the task asks, in a few words each."""
    dutch = [
        f"{word} {getattr(task, f'dutch_{skill}')}"
        for skill, word in DUTCH_SKILLS.items()
        if getattr(task, f"dutch_{skill}")
    ]
    lines = [_("Nederlands: %(what)s") % {"what": ", ".join(dutch)}] if dutch else []
    lines += [str(PHYSICAL[code]) for code in task.physical]
    lines += [_("contact met %(what)s") % {"what": ALLERGENS[code]} for code in task.allergens]
    return lines


def gives_of(task: Task) -> list[str]:
    """What helps: support, and how one gets there."""
    lines = [str(SUPPORT[kind]) for kind in task.support]
    if task.travel:
        lines.append(_("te bereiken %(how)s") % {"how": ", ".join(str(TRAVEL[code]) for code in task.travel)})
    return lines


def period_of(task: Task) -> str:
    """When it is, for a task that isn't always there."""
    first = task.starts_on.strftime("%d/%m/%Y") if task.starts_on else ""
    last = task.ends_on.strftime("%d/%m/%Y") if task.ends_on else ""
    if task.once:
        return _("Eén keer, op %(day)s") % {"day": first + (f" - {last}" if last else "")}
    if first and last:
        return _("Van %(first)s tot en met %(last)s") % {"first": first, "last": last}
    return (_("Vanaf %(first)s") % {"first": first} if first else "") or (
        _("Tot en met %(last)s") % {"last": last} if last else ""
    )


def part_line(part: SubTask) -> dict[str, Any]:
    """A part of the task, with what it doesn't ask: in the words in which the task asks it."""
    words = {
        **{
            f"dutch_{skill}": _("Nederlands %(skill)s") % {"skill": word}
            for skill, word in DUTCH_SKILLS.items()
        },
        **{code: str(word) for code, word in PHYSICAL.items()},
        **{
            f"allergen_{code}": _("contact met %(what)s") % {"what": word} for code, word in ALLERGENS.items()
        },
    }
    return {"part": part, "lifts": [words[code] for code in part.lifts]}
