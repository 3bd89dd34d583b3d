"""With what a fit is weighed: the fixed rules, or what was learned, and what the coach finds more important.

The weights are the engine's (engine/learning.py). Nothing here belongs to a person: only the fit, the host, and the host
with a kind of support.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from stapsteen.matching.engine import learning

if TYPE_CHECKING:
    from stapsteen.matching.engine.pairs import Model

RULES_VERSION = "regels-1"
PER_WEEK = -0.05
"""Log-odds for each week that somebody must wait before beginning: people lose heart (documents 000 and 004)."""
FACTORS = (0.0, 1.0, 3.0)
"""What "less", "as usual" and "more" do to a weight."""


@dataclass(frozen=True)
class Weighing:
    """What the coach finds important for this person: 0 less, 1 as usual, 2 more."""

    near: int = 1
    wish: int = 1
    soon: int = 1

    def __post_init__(self) -> None:
        if not {self.near, self.wish, self.soon} <= {0, 1, 2}:
            raise ValueError("a weighing is 0, 1 or 2")


USUAL = Weighing()


@dataclass(frozen=True)
class Learned:
    """A model that the service switched on, its hosts by their own ids."""

    model: learning.Model
    hosts: Mapping[UUID, int]
    version: str


def engine_model(
    hosts: Sequence[UUID], needs: int, weighing: Weighing = USUAL, learned: Learned | None = None
) -> Model:
    """The engine's weights for these hosts (in their order) and kinds of support (0: none)."""
    import numpy as np

    from stapsteen.matching.engine.pairs import Model

    fit = learned.model.fit if learned else learning.RULES
    start = learned.model.start if learned else learning.RULES_START
    near, wish, soon = (FACTORS[choice] for choice in (weighing.near, weighing.wish, weighing.soon))
    host, host_need = np.zeros(len(hosts)), np.zeros((len(hosts), needs))
    for row, key in enumerate(hosts):
        _fill(learned, key, row, host, host_need)
    return Model(
        intercept=start - sum(usual * weight for usual, weight in zip(learning.TYPICAL, fit, strict=True)),
        per_km=fit[learning.Part.DISTANCE] * near,
        per_level=fit[learning.Part.LANGUAGE],
        wish=fit[learning.Part.WISH] * wish,
        per_support=fit[learning.Part.SUPPORT],
        part=fit[learning.Part.SUB_TASK],
        per_week=PER_WEEK * soon,
        host=host,
        host_need=host_need,
        no_creaming=0.0,
    )


def _fill(learned: Learned | None, key: UUID, row: int, host: Any, host_need: Any) -> None:
    if learned is None or (number := learned.hosts.get(key)) is None:
        return
    host[row] = learned.model.host.get(number, (0.0, 0.0))[0]
    for need in range(host_need.shape[1]):
        host_need[row, need] = learned.model.host_support.get((number, need), (0.0, 0.0))[0]


def version(learned: Learned | None) -> str:
    """Which weights were used, for the trace."""
    return learned.version if learned else RULES_VERSION
