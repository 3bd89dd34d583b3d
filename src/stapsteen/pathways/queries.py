"""Reads from the referral to the end of a pathway."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from stapsteen.core.access import reachable
from stapsteen.core.scope import Actor, current
from stapsteen.hosts.models import Organisation
from stapsteen.network.models import Membership, ProgrammeVersion, Service, StaffMember
from stapsteen.network.queries import programmes_on
from stapsteen.pathways.actions import programme_of
from stapsteen.pathways.models import Aim, Pathway, Referral, WheelPosition
from stapsteen.pathways.states import REFERRAL
from stapsteen.people.consents import agrees
from stapsteen.people.models import Person

ON_TIME_DAYS, LATE_DAYS = 7, 14
"""Days that someone waits for a decision: up to the first green, up to the second orange, then red."""
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
    """How long someone waits: days, the light and its words."""

    days: int
    light: str
    words: str


def waiting(referral: Referral, today: date | None = None) -> Waiting:
    """From the day that it came in to the decision, else to today."""
    end = referral.decided_on or today or timezone.localdate()
    days = max((end - referral.received_on).days, 0)
    if referral.decided_on:
        return Waiting(days, "grey", ngettext("na %(n)s dag", "na %(n)s dagen", days) % {"n": days})
    text = ngettext("%(n)s dag", "%(n)s dagen", days) % {"n": days} if days else _("vandaag")
    if days <= ON_TIME_DAYS:
        return Waiting(days, "green", _("%(days)s, op tijd") % {"days": text})
    if days <= LATE_DAYS:
        return Waiting(days, "orange", _("%(days)s, wacht lang") % {"days": text})
    return Waiting(days, "red", _("%(days)s, wacht te lang") % {"days": text})


STATES = {
    "received": ("received",),
    "in_talks": ("in_talks",),
    "decided": ("accepted", "refused", "withdrawn"),
}


def queue(actor: Actor, *, state: str = "", programme: str = "", mine: bool = False, light: str = "") -> Any:
    """Referrals, who waits longest first (decided ones: newest first), with all that a line shows."""
    rows = reachable(actor, "pathways.referral.handle").filter(_in_state(state), _in_light(light))
    if programme:
        rows = rows.filter(programme__slug=programme)
    if mine:
        rows = rows.filter(handled_by__user_id=actor.user_id)
    order = ("-decided_on", "-id") if state == "decided" else ("received_on", "id")
    related = rows.select_related("person", "programme", "handled_by", "referrer")
    return related.prefetch_related("talks").order_by(*order)


def _in_state(state: str) -> Q:
    return Q(state__in=STATES.get(state, ("received", "in_talks")))


def _in_light(light: str) -> Q:
    today = timezone.localdate()
    on_time = Q(received_on__gte=today - timedelta(days=ON_TIME_DAYS))
    late = Q(received_on__lt=today - timedelta(days=LATE_DAYS))
    return {"green": on_time, "orange": ~on_time & ~late, "red": late}.get(light, Q())


def state_counts(actor: Actor) -> dict[str, int]:
    """How many referrals stand in each of STATES."""
    rows = reachable(actor, "pathways.referral.handle").order_by().values("state").annotate(n=Count("id"))
    by_state = {row["state"]: row["n"] for row in rows}
    return {name: sum(by_state.get(state, 0) for state in states) for name, states in STATES.items()}


def referral_with_all(referral: Referral) -> Referral:
    """The same referral with all that its page shows."""
    rows = Referral.objects.select_related("person", "programme", "handled_by", "referrer")
    return rows.prefetch_related("talks", "pathways").get(pk=referral.pk)


# Coaches -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Load:
    """A colleague who can coach, and how many pathways run with them."""

    coach: StaffMember
    running: int

    def __str__(self) -> str:
        text = ngettext("%(n)s lopend traject", "%(n)s lopende trajecten", self.running) % {"n": self.running}
        return f"{self.coach.name} ({text})"


def coaches_with_load() -> list[Load]:
    """Who has the role of coach in the open scope's service today, the least loaded first."""
    today = timezone.localdate()
    service_id = current().service_id
    users = Membership.objects.filter(
        service_id=service_id, role__in=("coach", "coordinator"), starts_on__lte=today
    )
    users = users.exclude(ends_on__lt=today).values("user_id")
    counted = Pathway.objects.order_by().filter(state__in=RUNNING).values("coach_id").annotate(n=Count("id"))
    load = {row["coach_id"]: row["n"] for row in counted}
    colleagues = StaffMember.objects.filter(user_id__in=users)
    return sorted(
        (Load(colleague, load.get(colleague.pk, 0)) for colleague in colleagues),
        key=lambda row: (row.running, row.coach.name),
    )


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
        {"key": row.segment, "date": row.starts_on, "note": row.what_helped or ""}
        for row in rows
        if row.segment in known
    ]


# The referrer ------------------------------------------------------------------------------------------------------


def referrals_of(actor: Actor) -> list[Referral]:
    """What the actor's own organisation referred, newest first, with the person (requirement B4)."""
    rows = (
        reachable(actor, "pathways.referral.follow")
        .select_related("person", "programme", "referrer")
        .prefetch_related("person__consents")
    )
    return list(rows.order_by("-received_on", "-id"))


def told(referral: Referral) -> bool:
    """Whether the person agrees that who referred hears how it goes on (a consent, so it can be taken back at once)."""
    return agrees(referral.person, "tell_referrer", referral.pk)


def status_word(referral: Referral) -> str:
    """What who referred may hear: nothing more than that it came in, until the person agrees; never a reason.

    An organisation that can sanction doesn't even hear that someone went elsewhere or stopped (requirement B6).
    """
    if not told(referral):
        return _("Ontvangen. Of de persoon start, vertelt die zelf.")
    if referral.state in ("refused", "withdrawn") and referral.referrer and referral.referrer.can_sanction:
        return _("Afgehandeld")
    return str(REFERRAL.states[referral.state])


def referrers_of(service: Service) -> Any:
    """Organisations of the service's network that refer."""
    return Organisation.objects.filter(network_id=service.network_id, roles__contains=["referrer"]).order_by(
        "name"
    )
