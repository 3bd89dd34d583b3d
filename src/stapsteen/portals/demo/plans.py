"""The shapes of what the demo is made of; services.py and hosts.py fill them in."""

from __future__ import annotations

from dataclasses import dataclass, field

from stapsteen.core import halfdays

DAY_NAMES = ("ma", "di", "wo", "do", "vr", "za", "zo")


def half_days(text: str) -> int:
    """'ma1 ma2 do1' as a mask: day of the week, then 1 morning, 2 afternoon, 3 evening. '' is 0: any moment."""
    return halfdays.to_mask((DAY_NAMES.index(word[:2]), int(word[2]) - 1) for word in text.split())


@dataclass(frozen=True)
class TaskPlan:
    title: str
    sector: str
    when: str
    seats: int = 2
    description: str = ""
    dutch_level: str = ""
    heavy: bool = False
    guidance: str = "some"
    kind: str = "volunteering"
    physical: tuple[str, ...] = ()
    allergens: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    parts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Sub-tasks: a title and what falls away for it."""


@dataclass(frozen=True)
class HostPlan:
    """`town` is a NIS code, `places` the guidance the host says it can carry, `insured` days from today (negative: over).

    `ends` is the state at the end of the story: active, talking, prospect, paused or stopped.
    """

    name: str
    kind: str
    town: str
    sectors: tuple[str, ...]
    places: int
    contact: str
    tasks: tuple[TaskPlan, ...] = ()
    umbrella: str = ""
    part_of: str = ""
    insured: int = 400
    ends: str = "active"
    address: str = ""
    mail: bool = True
    programme: str = ""
    """Only for people of this programme; '' for all."""


@dataclass(frozen=True)
class ReferrerPlan:
    name: str
    kind: str = "local_government"
    can_sanction: bool = False
    sensitive: bool = False
    cluster: str = ""
    """Of the programme's centres, where only these refer."""


@dataclass(frozen=True)
class StaffPlan:
    """`user` is the part before the @ of the address; `roles` in this service."""

    user: str
    name: str
    roles: tuple[str, ...]
    phone: str = ""


@dataclass(frozen=True)
class ServicePlan:
    slug: str
    name: str
    owner: str
    network: str
    programmes: tuple[str, ...]
    towns: tuple[tuple[str, tuple[str, ...]], ...]
    """(NIS code, postal codes that narrow it)."""
    summary: dict[str, str]
    email: str
    phone: str
    address: str
    accent: str
    wait_weeks: int
    staff: tuple[StaffPlan, ...]
    referrers: tuple[ReferrerPlan, ...]
    hosts: tuple[HostPlan, ...]
    shared_hosts: tuple[str, ...] = ()
    """Organisations of the network that an earlier service brought in and this one works with too."""
    streets: tuple[str, ...] = (
        "Kerkstraat",
        "Dorpsstraat",
        "Molenweg",
        "Schoolstraat",
        "Lindelaan",
        "Stationsstraat",
    )
    flemish: int = 10
    crowd: dict[str, int] = field(default_factory=dict)
    """How many people per story (stories.STORIES)."""
