"""Who sees what about a person now, and who looked: the same facts for staff and, in plain words, for the person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stapsteen.core.models import ReadEntry
from stapsteen.core.scope import current
from stapsteen.network import roles
from stapsteen.network.models import Membership, StaffMember
from stapsteen.pathways.experts import is_open
from stapsteen.pathways.models import ExpertRequest, Referral
from stapsteen.pathways.queries import told
from stapsteen.people.models import Person

LOOKED_DAYS, MOST = 90, 100
RUNNING = ("active", "suspended")
OPEN = ("received", "in_talks")
AREAS = {
    "people.sensitive": gettext_lazy("gevoelige gegevens"), "people.consent": gettext_lazy("toestemmingen"),
    "people.": gettext_lazy("gegevens"), "portals.person": gettext_lazy("gegevens"),
    "portals.": gettext_lazy("overzicht"), "pathways.referral": gettext_lazy("aanmelding"),
    "pathways.": gettext_lazy("traject"), "placements.": gettext_lazy("plek en afspraken"),
    "hours.": gettext_lazy("uren"), "followup.": gettext_lazy("evaluaties"),
    "matching.supply": gettext_lazy("cijfers"), "matching.": gettext_lazy("plek en afspraken"),
    "figures.": gettext_lazy("cijfers"), "imports.": gettext_lazy("een vroeger bestand"),
}  # fmt: skip
"""What a page shows, in words, by the beginning of its name; the first that fits."""
COUNTED = ("figures.", "matching.supply")
"""Pages that show numbers of people and never who they are."""


@dataclass(frozen=True)
class Sees:
    """Somebody who can see something now: who, as what, what, and until when."""

    who: str
    capacity: str
    what: str
    until: date | None = None


def sees(person: Person) -> list[Sees]:
    """Everyone who can open something about this person today, closest first; a fixed number of queries."""
    return [*_guides(person), *_colleagues(person), *_hosts(person), *_experts(person), *_referrers(person)]


def _guides(person: Person) -> Iterator[Sees]:
    everything = _("alles, ook wat op slot is")
    for pathway in person.pathways.filter(state__in=RUNNING).select_related("coach", "partner"):
        yield Sees(pathway.coach.name, _("begeleider"), everything)
        if pathway.partner and not pathway.partner.can_sanction:
            what = _("wat de begeleider ziet, niet wat op slot is")
            yield Sees(pathway.partner.name, _("vaste partner"), what)


def _colleagues(person: Person) -> Iterator[Sees]:
    """Intake as long as a referral is open (and who handled one), coordinators always."""
    open_now, handlers = False, set()
    for referral in person.referrals.select_related("handled_by"):
        open_now = open_now or referral.state in OPEN
        if referral.handled_by:
            handlers.add(referral.handled_by.user_id)
    today = timezone.localdate()
    rows = Membership.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=today), service_id=current().service_id,
        role__in=(roles.INTAKE, roles.COORDINATOR), starts_on__lte=today,
    )  # fmt: skip
    held = [(row.role, row.user_id) for row in rows]
    names = dict(
        StaffMember.objects.filter(user_id__in={user for _role, user in held}).values_list("user_id", "name")
    )
    for role, user in sorted(held, key=lambda pair: (pair[0], names.get(pair[1], ""))):
        if user in names and role == roles.COORDINATOR:
            yield Sees(names[user], _("coördinator"), _("alles, niet wat op slot is"))
        elif user in names and (open_now or user in handlers):
            yield Sees(names[user], _("intake"), _("alles, ook wat op slot is"))


def _hosts(person: Person) -> Iterator[Sees]:
    rows = person.placements.filter(state__in=("proposed", "active")).select_related("host__organisation")
    for name in dict.fromkeys(row.host.organisation.name for row in rows.order_by("starts_on", "id")):
        what = _("voornaam en eerste letter, dagen, taak en de uren die ze zelf invullen")
        yield Sees(name, _("gastorganisatie"), what)


def _experts(person: Person) -> Iterator[Sees]:
    for row in person.expert_requests.select_related("expert", "consent").order_by("-starts_on", "-id"):
        if is_open(row):
            what = ", ".join(str(ExpertRequest.PARTS[part]) for part in row.parts)
            yield Sees(f"{row.expert.name} ({row.consent.recipient})", _("expert"), what, row.ends_on)


def _referrers(person: Person) -> Iterator[Sees]:
    """Who referred; one that tells too much about the person isn't named, not even here."""
    rows = person.referrals.select_related("referrer").prefetch_related("person__consents")
    for row in rows.order_by("-received_on", "-id"):
        if row.by == "self":
            continue
        name = str(row.referrer or row.helper_organisation or row.helper_name or _("wie aanmeldde"))
        yield Sees(
            _("wie aanmeldde") if row.referrer_kind == "sensitive" else name, _("doorverwijzer"), _hears(row)
        )


def _hears(referral: Referral) -> str:
    if told(referral) and referral.referrer and referral.referrer.can_sanction:
        return _("alleen of het traject start")
    if told(referral):
        return _("of het traject start of naar elders gaat, nooit waarom")
    return _("alleen dat de aanmelding aankwam")


# Who looked ----------------------------------------------------------------------------------------------------------


@dataclass
class Look:
    """Who looked on a day, as what, at what; in words."""

    day: date
    who: str
    capacity: str
    what: set[str] = field(default_factory=set)

    @property
    def words(self) -> str:
        return ", ".join(sorted(self.what))


def looks(person: Person, *, days: int = LOOKED_DAYS) -> list[Look]:
    """The last `days`, newest first, one line per day and person who looked; the person's own looks aren't told."""
    since = timezone.now() - timedelta(days=days)
    rows = ReadEntry.objects.filter(at__gte=since, subjects__contains=[person.pk]).order_by("-at", "-id")
    names = {f"user:{row.user_id}": row.name for row in StaffMember.objects.all()}
    found: dict[tuple[date, str], Look] = {}
    for row in rows.iterator():
        if row.actor == f"user:{person.user_id}" or row.capacity in OWN:
            continue
        day = timezone.localdate(row.at)
        words = capacity_words(row.capacity)
        key = (day, names.get(row.actor, words))
        if key not in found and len(found) >= MOST:
            break
        look = found.setdefault(key, Look(day, names.get(row.actor, ""), words))
        counted = row.purpose.startswith(COUNTED)
        several = len(row.subjects) > 1 and not counted
        look.what.add(_("een lijst met meer mensen") if several else area(row.purpose))
    return list(found.values())


OWN = frozenset({"participant", "card"})


def capacity_words(capacity: str) -> str:
    """'begeleider en intake', 'automatisch werk', 'via een link'."""
    if capacity.startswith("system"):
        return _("automatisch werk van de dienst")
    known = [str(roles.ROLES[role]).lower() for role in capacity.split("+") if role in roles.ROLES]
    return ", ".join(known) or _("via een persoonlijke link")


def area(purpose: str) -> str:
    """What was looked at, in words; never the page's own name."""
    return str(next((words for begin, words in AREAS.items() if purpose.startswith(begin)), _("gegevens")))
