"""Reads from the referral to the end of a pathway."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from stapsteen.core.access import reachable
from stapsteen.core.pictures import visits
from stapsteen.core.scope import Actor, current
from stapsteen.hosts.models import Organisation
from stapsteen.network.models import Membership, ProgrammeVersion, Service, StaffMember
from stapsteen.network.programme.schema import Intake
from stapsteen.network.queries import programmes_on
from stapsteen.pathways.actions import FOLLOW, programme_of
from stapsteen.pathways.actions.referrers import SENSITIVE_KIND
from stapsteen.pathways.models import Aim, Handover, Pathway, Referral, ReferralMessage, WheelPosition
from stapsteen.pathways.states import REFERRAL
from stapsteen.people.consents import agrees
from stapsteen.people.models import Person

RUNNING = ("active", "suspended")

# Programmes --------------------------------------------------------------------------------------------------------


def language() -> str:
    return get_language() or "nl"


def programme_name(version: ProgrammeVersion) -> str:
    return version.rules.meta.name.say(language())


def accepting(service: Service) -> list[ProgrammeVersion]:
    """The programmes that someone can be referred to today."""
    return [version for version in programmes_on(service) if _has_way_in(version)]


def _has_way_in(version: ProgrammeVersion) -> bool:
    return version.rules.referral.by_person or version.rules.referral.by_helper


def wheel_segments(version: ProgrammeVersion) -> list[dict[str, Any]]:
    """The places on the wheel, as the component wants them."""
    return [
        {"key": segment.id, "label": segment.name.say(language()), "order": order}
        for order, segment in enumerate(version.rules.wheel.segments, start=1)
    ]


def segment_choices(version: ProgrammeVersion) -> list[tuple[str, str]]:
    return [(segment["key"], segment["label"]) for segment in wheel_segments(version)]


def aim_choices(version: ProgrammeVersion) -> list[tuple[str, str]]:
    """The programme's aims in its own words."""
    return [(aim.id, aim.name.say(language())) for aim in version.rules.aims]


def aim_word(version: ProgrammeVersion, aim: str) -> str:
    return dict(aim_choices(version)).get(aim, str(Aim.AIMS.get(aim, aim)))


# The queue ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """How long someone waits: days in this stage (of a decided one: in all), the light and its words."""

    days: int
    light: str
    words: str


def waiting(referral: Referral, today: date | None = None) -> Waiting:
    """In this stage until today, against the programme's days; of a decided one from the referral to the decision."""
    if referral.decided_on:
        days = max((referral.decided_on - referral.received_on).days, 0)
        return Waiting(days, "grey", ngettext("na %(n)s dag", "na %(n)s dagen", days) % {"n": days})
    days = max(((today or timezone.localdate()) - referral.stage_since).days, 0)
    on_time, late = stage_days(referral.programme.rules.intake, referral.state)
    text = ngettext("%(n)s dag", "%(n)s dagen", days) % {"n": days} if days else _("vandaag")
    if days <= on_time:
        return Waiting(days, "green", _("%(days)s, op tijd") % {"days": text})
    if days <= late:
        return Waiting(days, "orange", _("%(days)s, wacht lang") % {"days": text})
    return Waiting(days, "red", _("%(days)s, wacht te lang") % {"days": text})


def stage_days(intake: Intake, state: str) -> tuple[int, int]:
    """Up to the first many days green, up to the second orange, then red."""
    if state == "received":
        return intake.received_on_time_days, intake.received_late_days
    return intake.talks_on_time_days, intake.talks_late_days


STATES = {
    "received": ("received",),
    "in_talks": ("in_talks",),
    "decided": ("accepted", "refused", "withdrawn"),
}


def queue(actor: Actor, *, state: str = "", programme: str = "", mine: bool = False, light: str = "") -> Any:
    """Referrals, who waits longest first (decided ones: newest first), with all that a line shows.

    `unread` on each: a message of who referred that no colleague read yet.
    """
    rows = reachable(actor, "pathways.referral.handle").filter(_in_state(state))
    if light:
        rows = rows.filter(_in_light(light))
    if programme:
        rows = rows.filter(programme__slug=programme)
    if mine:
        rows = rows.filter(handled_by__user_id=actor.user_id)
    order = ("-decided_on", "-id") if state == "decided" else ("received_on", "id")
    related = rows.select_related("person", "programme", "handled_by", "coach", "referrer")
    return related.annotate(unread=Exists(unread_messages())).prefetch_related("talks").order_by(*order)


def unread_messages() -> Any:
    """Of the referral around it: what who referred wrote and no colleague read."""
    return ReferralMessage.objects.filter(referral_id=OuterRef("pk"), to_referrer=False, read_at=None)


def _in_state(state: str) -> Q:
    return Q(state__in=STATES.get(state, ("received", "in_talks")))


def _in_light(light: str) -> Q:
    """Open referrals with that light; each programme version has its own days."""
    today = timezone.localdate()
    found = Q(pk__in=())
    for version in ProgrammeVersion.objects.filter(service_id=current().service_id).order_by("id"):
        for state in ("received", "in_talks"):
            on_time, late = stage_days(version.rules.intake, state)
            green = Q(stage_since__gte=today - timedelta(days=on_time))
            red = Q(stage_since__lt=today - timedelta(days=late))
            wanted = {"green": green, "orange": ~green & ~red, "red": red}.get(light, Q())
            found |= Q(programme_id=version.pk, state=state) & wanted
    return found


def state_counts(actor: Actor) -> dict[str, int]:
    """How many referrals stand in each of STATES."""
    rows = reachable(actor, "pathways.referral.handle").order_by().values("state").annotate(n=Count("id"))
    by_state = {row["state"]: row["n"] for row in rows}
    return {name: sum(by_state.get(state, 0) for state in states) for name, states in STATES.items()}


def referral_with_all(referral: Referral) -> Referral:
    """The same referral with all that its page shows."""
    rows = Referral.objects.select_related("person", "programme", "handled_by", "coach", "referrer")
    return rows.prefetch_related("talks", "pathways", "messages", "handovers").get(pk=referral.pk)


# Coaches -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Load:
    """A colleague who can coach: pathways that run with their weight, and what is about to start there.

    `soon` counts referrals that were given to them; one weighs as an ordinary pathway until it starts.
    """

    coach: StaffMember
    running: int
    weight: int = 0
    soon: int = 0

    @property
    def total(self) -> int:
        return self.weight + self.soon * ORDINARY_WEIGHT

    @property
    def over(self) -> bool:
        return self.coach.weight_limit is not None and self.total > self.coach.weight_limit

    def __str__(self) -> str:
        text = ngettext("%(n)s lopend traject", "%(n)s lopende trajecten", self.running) % {"n": self.running}
        limit = self.coach.weight_limit
        weight = (
            _("gewicht %(n)s van %(limit)s") % {"n": self.total, "limit": limit}
            if limit is not None
            else _("gewicht %(n)s") % {"n": self.total}
        )
        return f"{self.coach.name} ({text}, {weight})"


ORDINARY_WEIGHT = 2


def coaches_with_load() -> list[Load]:
    """Who has the role of coach in the open scope's service today, the least loaded first (constant queries)."""
    today = timezone.localdate()
    service_id = current().service_id
    users = Membership.objects.filter(
        service_id=service_id, role__in=("coach", "coordinator"), starts_on__lte=today
    )
    users = users.exclude(ends_on__lt=today).values("user_id")
    running = Pathway.objects.order_by().filter(state__in=RUNNING).values("coach_id")
    load = {row["coach_id"]: (row["n"], row["w"]) for row in running.annotate(n=Count("id"), w=Sum("weight"))}
    given = Referral.objects.order_by().filter(state__in=STATES["received"] + STATES["in_talks"])
    soon = {row["coach_id"]: row["n"] for row in given.values("coach_id").annotate(n=Count("id"))}
    loads = [
        Load(one, *load.get(one.pk, (0, 0)), soon.get(one.pk, 0))
        for one in StaffMember.objects.filter(user_id__in=users)
    ]
    return sorted(loads, key=lambda row: (row.total, row.running, row.coach.name))


# Handing over ------------------------------------------------------------------------------------------------------


def open_handovers(actor: Actor) -> Any:
    """Still to settle, or still to ask after; the oldest first. A queryset: a list takes what it shows, a badge counts."""
    rows = reachable(actor, "pathways.handover.keep").filter(
        Q(state__in=("offered", "talked")) | Q(state="taken_over", check_on__isnull=False),
        person__erased_at=None,
    )
    return rows.select_related("person").order_by("offered_on", "id")


def handover_with_all(handover: Handover) -> Handover:
    """The same handover with all that its page shows."""
    rows = Handover.objects.select_related("person", "consent", "referral", "pathway")
    found: Handover = rows.get(pk=handover.pk)
    return found


def handover_next(handover: Handover, today: date | None = None) -> str:
    """What comes, in words."""
    today = today or timezone.localdate()
    if handover.state == "offered":
        return _("Plan een gesprek met drie")
    if handover.state == "talked":
        return _("Vraag of ze overnemen")
    if handover.check_on is None:
        return ""
    if handover.check_on <= today:
        return _("Vraag nu na hoe het gaat")
    return _("Vraag na op %(day)s") % {"day": date_format(handover.check_on, "j F Y")}


# A pathway ---------------------------------------------------------------------------------------------------------


def pathways_of(person: Person) -> list[Pathway]:
    """All pathways of a person, newest first, with coach, kinds, aims, places and pauses (constant queries)."""
    return list(
        Pathway.objects.filter(person=person)
        .select_related("coach", "referral")
        .prefetch_related("programmes__programme", "aims", "wheel_positions", "suspensions")
    )


def latest(rows: Any) -> Any:
    """The newest of dated rows that were fetched along; None without any."""
    return max(rows, key=lambda row: (row.starts_on, row.pk), default=None)


@dataclass(frozen=True)
class Standing:
    """Where a pathway stands now: its programme, aim, place on the wheel and wish, in words too."""

    programme: ProgrammeVersion
    aim: str
    aim_word: str
    place: WheelPosition | None
    segments: list[dict[str, Any]]

    @property
    def place_word(self) -> str:
        return self._word(self.place.segment if self.place else "")

    @property
    def wish_word(self) -> str:
        return self._word(self.place.wish if self.place else "")

    def _word(self, key: str) -> str:
        return next((segment["label"] for segment in self.segments if segment["key"] == key), key)


def standing(pathway: Pathway) -> Standing:
    """From dated rows; fetch them along (`pathways_of`) when there are several pathways."""
    kind, aim, place = (
        latest(pathway.programmes.all()),
        latest(pathway.aims.all()),
        latest(pathway.wheel_positions.all()),
    )
    version = kind.programme if kind else programme_of(pathway, timezone.localdate())
    return Standing(
        programme=version,
        aim=aim.aim if aim else "",
        aim_word=aim_word(version, aim.aim) if aim else "",
        place=place,
        segments=wheel_segments(version),
    )


def wheel_history(pathway: Pathway) -> list[dict[str, Any]]:
    """The steps on the wheel, oldest first, for the component; a place that another programme named is left out."""
    known = {segment["key"] for segment in standing(pathway).segments}
    rows = pathway.wheel_positions.order_by("starts_on", "id")
    return [
        {
            "key": row.segment,
            "date": row.starts_on,
            "note": row.what_helped or "",
            "who": str(WheelPosition.SAID_BY[row.said_by]),
        }
        for row in rows
        if row.segment in known
    ]


def ambition_words(version: ProgrammeVersion, history: list[dict[str, Any]]) -> str:
    """What the programme strives for, and how many steps there were: in any direction, each counts (document 004)."""
    steps = max(len(visits([move["key"] for move in history])) - 1, 0)
    most = version.rules.wheel.ambition_steps
    words = []
    if most:
        words.append(
            ngettext(
                "Het traject wil %(n)s stap mogelijk maken. Niemand moet.",
                "Het traject wil %(n)s stappen mogelijk maken. Niemand moet.",
                most,
            )
            % {"n": most}
        )
    if steps:
        words.append(ngettext("Er was al %(n)s stap.", "Er waren al %(n)s stappen.", steps) % {"n": steps})
    return " ".join(words)


# The referrer ------------------------------------------------------------------------------------------------------


def referrals_of(actor: Actor) -> list[Referral]:
    """What the actor's own organisation referred, newest first, with the person (requirement B4)."""
    rows = (
        reachable(actor, "pathways.referral.follow")
        .select_related("person", "programme", "referrer")
        .prefetch_related("person__consents", "messages")
    )
    return list(rows.order_by("-received_on", "-id"))


def told(referral: Referral) -> bool:
    """Whether the person agrees that who referred hears how it goes on (a consent, so it can be taken back at once)."""
    return agrees(referral.person, "tell_referrer", referral.pk)


def own_by_link(actor: Actor) -> list[Referral]:
    """What was referred from the same address as the link's, newest first, with messages (constant queries)."""
    rows = reachable(actor, FOLLOW).select_related("person", "programme", "referrer")
    found: list[Referral] = list(
        rows.prefetch_related("messages", "person__consents").order_by("-received_on", "-id")
    )
    return found


def own_card(referral: Referral) -> dict[str, Any]:
    """A referral as who referred sees it; the first name only where the person agreed that they hear more."""
    may_hear = told(referral) and referral.person.erased_at is None
    return {
        "referral": referral,
        "reference": referral.reference,
        "who": referral.person.initial_name if may_hear else "",
        "word": status_word(referral),
        "told": may_hear,
        "programme_name": programme_name(referral.programme),
        "messages": [message_line(row, ours=False) for row in referral.messages.all()],
        "open": referral.person.erased_at is None,
    }


def message_line(row: ReferralMessage, *, ours: bool) -> dict[str, Any]:
    """For the timeline component; `ours`: read by a colleague of the service, else by who referred."""
    mine = row.to_referrer == ours
    return {
        "date": timezone.localdate(row.at),
        "title": _("Jij schreef")
        if mine and not ours
        else _("De dienst schreef")
        if row.to_referrer
        else _("De doorverwijzer schreef"),
        "text": row.text,
        "icon": "message",
        "who": row.author if ours else "",
        "kind": "neutral" if mine or row.read_at else "warning",
    }


def status_word(referral: Referral) -> str:
    """What who referred may hear: nothing more than that it came in, until the person agrees; never a reason.

    An organisation that can sanction doesn't even hear that someone went elsewhere or stopped (requirement B6).
    """
    if not told(referral):
        return _("Ontvangen. Of de persoon start, vertelt die zelf.")
    cautious = referral.referrer_kind == SENSITIVE_KIND or (
        referral.referrer and referral.referrer.can_sanction
    )
    if referral.state in ("refused", "withdrawn") and cautious:
        return _("Afgehandeld")
    return str(REFERRAL.states[referral.state])


def referrers_of(service: Service) -> Any:
    """Organisations of the service's network that refer."""
    return Organisation.objects.filter(network_id=service.network_id, roles__contains=["referrer"]).order_by(
        "name"
    )
