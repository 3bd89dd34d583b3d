"""Today: what is due at each moment of the walk, for whom it concerns. Each line ends in the action itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stapsteen.core.access import RULES
from stapsteen.core.scope import Actor
from stapsteen.followup import histories
from stapsteen.followup import queries as followup
from stapsteen.hosts.queries import WARN_DAYS
from stapsteen.hours.actions import REMIND_AFTER_DAYS
from stapsteen.hours.models import SheetPerson, Timesheet
from stapsteen.matching.models import Proposal
from stapsteen.network import roles
from stapsteen.network.models import Service
from stapsteen.pathways import queries_groups as groups
from stapsteen.pathways.looking import who_does
from stapsteen.pathways.models import GoalAction, Handover, Pathway, Referral, ReferralMessage, Session
from stapsteen.pathways.queries import handover_next, open_handovers, waiting
from stapsteen.pathways.queries_funder import without_record
from stapsteen.people import queries_agenda as agendas
from stapsteen.people.models import Appointment
from stapsteen.people.queries import person_url
from stapsteen.placements.models import Placement
from stapsteen.portals.person import due_words, url, waits_for

SHOWN = 8
Shown = dict[UUID, Pathway]
KIND_OF_LIGHT = {"green": "neutral", "orange": "warning", "red": "error", "grey": "neutral"}


@dataclass(frozen=True)
class Item:
    """One line: who or what, why, what to do and where."""

    title: str
    action: str
    url: str
    text: str = ""
    icon: str = "path"
    kind: str = "neutral"
    due: str = ""
    href: str = ""
    name: str = ""


@dataclass(frozen=True)
class Section:
    """Lines of one kind. `rest` says how many more there are, at `more`."""

    key: str
    title: str
    items: list[Item]
    rest: int = 0
    more: str = ""


@dataclass(frozen=True)
class Day:
    """For whom, where and when the list is made."""

    actor: Actor
    service: Service
    today: date

    def reach(self, rule: str) -> Any:
        """What the rule gives this actor; None when it gives nothing."""
        answer = RULES[rule].find(self.actor)
        return answer if isinstance(answer, QuerySet) else None

    def page(self, name: str, **keys: Any) -> str:
        return url(self.service, name, **keys)


def sections(day: Day) -> list[Section]:
    """What is due, in the order of the walk; sections without lines are left out. A fixed number of queries."""
    found = [*_referrals(day), *_handovers(day), *_hosts_and_hours(day), *_pathways(day), _goal_actions(day)]
    found += _funder(day)
    found += [*_meetings(day), _sessions(day)]
    order = [
        "meetings",
        "to_note",
        "calls",
        "messages",
        "received",
        "in_talks",
        "handovers",
        "evaluations",
        "goal_actions",
        "sessions",
        "places",
        "no_place",
        "entered",
        "silent",
        "still",
        "long",
        "insurance",
        "funder",
    ]
    return sorted(
        (section for section in found if section.items), key=lambda section: order.index(section.key)
    )


def _cut(
    key: str, title: str, rows: QuerySet[Any] | list[Any], line: Callable[[Any], Item], more: str
) -> Section:
    """The first lines, and how many there are beside: of a queryset only those are loaded, the others counted."""
    shown, rest = list(rows[:SHOWN]), 0
    if len(shown) == SHOWN:
        rest = (len(rows) if isinstance(rows, list) else rows.count()) - SHOWN
    return Section(key, title, [line(row) for row in shown], rest, more)


# Referrals -----------------------------------------------------------------------------------------------------------


def _referrals(day: Day) -> list[Section]:
    """Intake: what nobody took in yet, and the own talks; a coordinator all."""
    reached = day.reach("pathways.referral.handle")
    if reached is None:
        return []
    rows = reached.select_related("person", "programme").order_by("received_on", "id")
    written = (
        reached.filter(messages__in=unread())
        .select_related("person")
        .distinct()
        .order_by("received_on", "id")
    )
    if not day.actor.has(roles.COORDINATOR):
        rows = rows.filter(Q(handled_by=None) | Q(handled_by__user_id=day.actor.user_id))
        written = written.filter(Q(handled_by=None) | Q(handled_by__user_id=day.actor.user_id))
    queue = day.page("pathways.intake_queue")

    def message(referral: Referral) -> Item:
        return Item(
            title=str(referral.person),
            text=_("De doorverwijzer schreef."),
            icon="message",
            action=_("Lees en antwoord"),
            url=day.page("pathways.referral_detail", referral=referral.pk),
            name=str(referral.person),
        )

    def line(referral: Referral) -> Item:
        wait, new = waiting(referral, day.today), referral.state == "received"
        here = day.page("pathways.referral_detail", referral=referral.pk)
        return Item(
            title=str(referral.person),
            text=_("Ontvangen op %(day)s") % {"day": date_format(referral.received_on, "j F Y")},
            action=_("Neem op") if new else _("Praat en beslis"),
            url=here,
            due=wait.words,
            kind=KIND_OF_LIGHT[wait.light],
            name=str(referral.person),
        )

    return [
        _cut("messages", _("Nieuwe berichten"), written, message, queue),
        _cut("received", _("Nieuwe aanmeldingen"), rows.filter(state="received"), line, queue),
        _cut("in_talks", _("Wacht op een beslissing"), rows.filter(state="in_talks"), line, queue),
    ]


def unread() -> QuerySet[Any]:
    """Messages of who referred that no colleague read yet."""
    return ReferralMessage.objects.filter(to_referrer=False, read_at=None)


def _handovers(day: Day) -> list[Section]:
    """Still to settle, or due to ask after; those that wait for a later day stay away."""
    if day.reach("pathways.handover.keep") is None:
        return []
    rows = open_handovers(day.actor).filter(Q(check_on=None) | Q(check_on__lte=day.today))

    def line(row: Handover) -> Item:
        due = row.check_on is not None
        return Item(
            title=str(row.person),
            text=_("Naar %(name)s") % {"name": row.to_name},
            icon="handshake",
            action=_("Vraag na hoe het gaat") if due else handover_next(row, day.today),
            url=day.page("pathways.handover_detail", handover=row.pk),
            due=due_words(row.check_on, day.today) if row.check_on else "",
            kind="warning" if due else "neutral",
            name=str(row.person),
        )

    return [_cut("handovers", _("Warme overdrachten"), rows, line, day.page("pathways.handover_list"))]


# Meetings ------------------------------------------------------------------------------------------------------------


def _meetings(day: Day) -> list[Section]:
    """One's own meetings of today, and those of which nobody said yet how they went."""
    if day.reach("people.appointment.keep") is None:
        return []
    now = timezone.now()
    tomorrow = agendas.begin_of(day.today + timedelta(days=1))

    def line(row: Appointment, *, waits: bool) -> Item:
        start = timezone.localtime(row.starts_at)
        place = agendas.place_word(row)
        return Item(
            title=str(row.person),
            name=str(row.person),
            href=person_url(day.service, row.person_id),
            text=", ".join(filter(None, [str(Appointment.KINDS[row.kind]), place])),
            action=_("Noteer hoe het liep") if waits else _("Open"),
            url=agendas.appointment_url(day.service, row.pk),
            due=agendas.when_words(row) if start.date() != day.today else date_format(start, "H.i"),
            kind="warning" if waits else "neutral",
        )

    more = day.page("people.agenda")
    coming = agendas.coming(day.actor, now, tomorrow)
    waiting = agendas.to_note(day.actor, now)
    return [
        _cut("meetings", _("Afspraken vandaag"), coming, lambda row: line(row, waits=False), more),
        _cut("to_note", _("Afspraken: hoe liep het?"), waiting, lambda row: line(row, waits=True), more),
    ]


def _sessions(day: Day) -> Section:
    """Sessions that one led, where nobody noted who was there."""
    rows = groups.to_note(day.actor, day.today) if day.reach("pathways.session.keep") is not None else []

    def line(session: Session) -> Item:
        return Item(
            title=session.group.name,
            text=groups.session_words(session),
            icon="people",
            action=_("Wie was er?"),
            url=day.page("pathways.attendance", session=session.pk),
            kind="warning" if session.day < day.today else "neutral",
        )

    return _cut("sessions", _("Groepen: wie was er?"), rows, line, day.page("pathways.group_list"))


# Pathways ------------------------------------------------------------------------------------------------------------


def _pathways(day: Day) -> list[Section]:
    """Coach: the own pathways; coordinator: all. Places, evaluations, standing still, running long."""
    reached = day.reach("pathways.pathway.guide")
    if reached is None:
        return []
    running = reached.filter(state__in=("active", "suspended"))
    return [*_due(day, histories.read(running)), _places(day), _no_place(day, running)]


def _due(day: Day, found: list[histories.History]) -> list[Section]:
    """Talks that wait, who stands still, who takes long: decided for all, loaded for the lines that are shown."""
    talks = followup.due_evaluations(found, day.today, ahead=14)
    still = followup.stands_still(found, day.today)
    long = followup.past_limits(found, day.today)
    ids = {row.pathway_id for row in talks[:SHOWN]} | {row.pathway_id for row in still[:SHOWN]}
    shown = followup.shown_pathways(ids | {row.pathway_id for row in long[:SHOWN]})
    reasons = {limit.pathway_id: limit for limit in followup.with_reasons(long[:SHOWN])}
    more = day.page("followup.overview")
    return [
        _cut("evaluations", _("Evaluaties"), talks, lambda row: _talk(day, row, shown), more),
        _cut("still", _("Staat stil"), still, lambda row: _still(day, row, shown), more),
        _cut("long", _("Duurt lang"), long, lambda row: _long(day, reasons[row.pathway_id], shown), more),
    ]


def _of(day: Day, pathway: Pathway) -> dict[str, str]:
    """What each line about a person shares; the coach's name where several coaches stand in one list."""
    every = day.actor.has(roles.COORDINATOR)
    return {
        "title": str(pathway.person),
        "name": str(pathway.person),
        "href": person_url(day.service, pathway.person_id),
        "text": pathway.coach.name if every else "",
    }


def _talk(day: Day, due: followup.Due, shown: Shown) -> Item:
    return Item(
        **_of(day, shown[due.pathway_id]),
        action=_("Noteer het gesprek"),
        url=day.page("followup.evaluation_hold", pathway=due.pathway_id),
        due=due_words(due.day, day.today),
        kind="error" if due.day < day.today else "neutral",
    )


def _still(day: Day, row: followup.Still, shown: Shown) -> Item:
    pathway = shown[row.pathway_id]
    weeks = ngettext("al %(n)s week", "al %(n)s weken", row.weeks) % {"n": row.weeks}
    return Item(
        **_of(day, pathway),
        action=_("Noteer een contact"),
        url=day.page("people.note_add", person=pathway.person_id),
        due=weeks,
        kind="warning",
    )


def _long(day: Day, limit: followup.Limit, shown: Shown) -> Item:
    return Item(
        **{**_of(day, shown[limit.pathway_id]), "text": followup.limit_words(limit)},
        action=_("Ga door of rond af"),
        url=day.page("followup.go_on", pathway=limit.pathway_id),
        kind="warning",
    )


def _goal_actions(day: Day) -> Section:
    """What was agreed with the own persons, due within a week; in what words, stands on the person's page only."""
    reached = day.reach("pathways.action.keep")
    rows: list[GoalAction] = []
    if reached is not None:
        until = day.today + timedelta(days=7)
        due = reached.filter(state="open", due_on__lte=until, pathway__state="active")
        due = due.filter(pathway__coach__user_id=day.actor.user_id)
        rows = list(due.select_related("pathway__person", "pathway__coach").order_by("due_on", "id"))

    def line(action: GoalAction) -> Item:
        words = [str(GoalAction.KINDS[action.kind]), who_does(action)]
        return Item(
            **{**_of(day, action.pathway), "text": ", ".join(words)},
            icon="flag",
            action=_("Bekijk de actie"),
            url=day.page("pathways.goals", pathway=action.pathway_id),
            due=due_words(action.due_on or day.today, day.today),
            kind="warning" if action.due_on and action.due_on < day.today else "neutral",
        )

    return Section("goal_actions", _("Afgesproken acties"), [line(row) for row in rows])


def _places(day: Day) -> Section:
    """Agreed places that don't run yet: note to write, to sign, place to start."""
    reached = day.reach("placements.placement.guide")
    rows = reached.filter(state="proposed").select_related(
        "person", "pathway__person", "pathway__coach", "host__organisation"
    )

    def line(placement: Placement) -> Item:
        why, action = waits_for(placement)
        host = placement.host.organisation.name
        return Item(
            **{**_of(day, placement.pathway), "text": f"{host}. {why}"},
            action=action,
            url=day.page("placements.placement_detail", placement=placement.pk)
            or person_url(day.service, placement.person_id),
            due=due_words(placement.starts_on, day.today)
            if placement.starts_on <= day.today
            else _("vanaf %(day)s") % {"day": date_format(placement.starts_on, "j F")},
            kind="warning" if placement.starts_on < day.today else "neutral",
        )

    found = rows.prefetch_related("agreements__signatures").order_by("starts_on", "id")
    return _cut("places", _("Plekken in voorbereiding"), found, line, day.page("people.person_list"))


def _no_place(day: Day, running: QuerySet[Any]) -> Section:
    def line(pathway: Pathway) -> Item:
        since = ngettext(
            "al %(n)s dag in traject",
            "al %(n)s dagen in traject",
            (days := (day.today - pathway.starts_on).days),
        )
        proposal: Any = getattr(pathway, "proposal", None)
        to_decide = day.page("matching.proposal_decide", proposal=proposal) if proposal else ""
        return Item(
            **_of(day, pathway),
            action=_("Beslis over het voorstel") if to_decide else _("Zoek een plek"),
            url=to_decide
            or day.page("matching.place_search", pathway=pathway.pk)
            or person_url(day.service, pathway.person_id),
            due=since % {"n": days},
        )

    placed = Placement.objects.filter(pathway=OuterRef("pk"), state__in=("active", "proposed"))
    asked = Proposal.objects.filter(pathway=OuterRef("pk"), state="open").order_by("-created_at")
    rows = running.filter(~Exists(placed), state="active").select_related("person", "coach")
    rows = rows.annotate(proposal=Subquery(asked.values("pk")[:1]))
    rows = rows.order_by("starts_on", "id")
    return _cut("no_place", _("Nog geen plek"), rows, line, day.page("people.person_list"))


def _funder(day: Day) -> list[Section]:
    """One line for all: how many pathways wait for what the funder counts; whose and which fields is one tap away."""
    if day.reach("pathways.pathway.guide") is None:
        return []
    count = without_record(day.actor).count()
    text = ngettext("%(n)s traject wacht nog.", "%(n)s trajecten wachten nog.", count) % {"n": count}
    line = Item(
        title=_("Voor de subsidiegever"),
        text=text,
        icon="clipboard",
        action=_("Bekijk wat ontbreekt"),
        url=day.page("pathways.funder_missing"),
    )
    return [Section("funder", _("Nog in te vullen"), [line] if count else [])]


# Hosts and hours -----------------------------------------------------------------------------------------------------


def _hosts_and_hours(day: Day) -> list[Section]:
    return [*_sheets(day), *_insurance(day)]


def _sheets(day: Day) -> list[Section]:
    reached = day.reach("hours.sheet.confirm")
    if reached is None:
        return []
    late = day.today - timedelta(days=REMIND_AFTER_DAYS)
    rows = reached.filter(Q(state="entered") | Q(state="asked", asked_on__lte=late))
    sheets = rows.select_related("host__organisation", "coach").order_by("month", "id")
    asking = SheetPerson.objects.filter(timesheet__in=reached, call_asked_at__isnull=False)
    calls = asking.select_related("person", "timesheet__host__organisation").order_by("call_asked_at", "id")
    more = day.page("hours.sheet_list")

    def sheet_line(sheet: Timesheet) -> Item:
        month = date_format(sheet.month, "F Y")
        return Item(
            title=sheet.host.organisation.name,
            text=month,
            icon="clock",
            action=_("Kijk na en bevestig") if sheet.state == "entered" else _("Bel of vul zelf in"),
            url=day.page("hours.sheet_detail", timesheet=sheet.pk),
            due=""
            if sheet.asked_on is None or sheet.state == "entered"
            else _("gevraagd op %(day)s") % {"day": date_format(sheet.asked_on, "j F")},
            kind="neutral" if sheet.state == "entered" else "warning",
        )

    def call_line(entry: SheetPerson) -> Item:
        return Item(
            title=_("%(host)s vraagt om te bellen") % {"host": entry.timesheet.host.organisation.name},
            text=str(entry.person),
            icon="phone",
            action=_("Bekijk en bel"),
            url=day.page("hours.sheet_detail", timesheet=entry.timesheet_id),
            kind="warning",
        )

    return [
        _cut("calls", _("Bel even"), calls, call_line, more),
        _cut("entered", _("Uren om te bevestigen"), sheets.filter(state="entered"), sheet_line, more),
        _cut("silent", _("Uren nog niet gekregen"), sheets.filter(state="asked"), sheet_line, more),
    ]


def _insurance(day: Day) -> list[Section]:
    """Hosts whose insurance is over or nearly so, for who may change that; a coach those where someone works."""
    reached = day.reach("hosts.host.edit")
    if reached is None:
        return []
    rows = reached.filter(state="active", insurance_until__lte=day.today + timedelta(days=WARN_DAYS))
    if not day.actor.has(roles.COORDINATOR, roles.DESK):
        rows = rows.filter(
            placements__pathway__coach__user_id=day.actor.user_id, placements__state="active"
        ).distinct()

    def line(host: Any) -> Item:
        over = host.insurance_until < day.today
        return Item(
            title=host.organisation.name,
            text=_("De verzekering loopt af."),
            icon="building",
            action=_("Vul de nieuwe datum in"),
            url=reverse("hosts.host_agreement", kwargs={"service": day.service.slug, "host": host.pk}),
            due=_("tot %(day)s") % {"day": date_format(host.insurance_until, "j F Y")},
            kind="error" if over else "warning",
        )

    found = rows.select_related("organisation").order_by("insurance_until", "id")
    return [_cut("insurance", _("Verzekeringen"), found, line, day.page("hosts.host_list"))]
