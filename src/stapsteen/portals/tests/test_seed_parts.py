"""The parts of the demo's data: all of them are kept, or none, whichever breaks; nobody waits for who is gone."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management.base import CommandError

from stapsteen.portals.demo.services import SERVICES
from stapsteen.portals.management.commands import seed_demo


class Making:
    """Stands in for making a part: leaves a file where it would commit."""

    def __init__(self, folder: Path, breaks: str = "") -> None:
        self.folder, self.breaks = folder, breaks

    def __call__(
        self, only: tuple[str, ...], _say: Any, *, before_search: Callable[[], None], before_commit: Callable[[], None]
    ) -> list[dict[str, str]]:  # fmt: skip
        before_search()
        if self.breaks in only:
            raise ValueError("this part broke")
        before_commit()
        for slug in only:
            (self.folder / slug).touch()
        return [{"service": slug} for slug in only]


def say(_line: str) -> None:
    pass


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Without the test's own connections, which a fork of ours may not close."""
    monkeypatch.setattr(seed_demo, "connections", type("None", (), {"close_all": staticmethod(lambda: None)}))
    monkeypatch.setattr(gc, "freeze", lambda: None)
    return monkeypatch


def test_all_parts_are_kept_and_come_in_the_order_of_the_services(
    alone: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    alone.setattr(seed_demo, "seed", Making(tmp_path))
    found = seed_demo.side_by_side(say, compiled=True)
    order = [plan.slug for plan in SERVICES]
    assert [login["service"] for login in found] == order
    assert {path.name for path in tmp_path.iterdir()} == set(order)


@pytest.mark.parametrize("broken", ["link", "vinac"])
def test_a_part_that_breaks_takes_the_others_along(
    alone: pytest.MonkeyPatch, tmp_path: Path, broken: str
) -> None:
    alone.setattr(seed_demo, "seed", Making(tmp_path, breaks=broken))
    with pytest.raises(CommandError, match="nothing was kept"):
        seed_demo.side_by_side(say, compiled=True)
    assert not list(tmp_path.iterdir())


def test_places_are_looked_for_when_the_engine_is_compiled(alone: pytest.MonkeyPatch, tmp_path: Path) -> None:
    alone.setattr(seed_demo, "seed", Making(tmp_path))
    alone.setattr(seed_demo, "COMPILE", ("false",))
    with pytest.raises(Exception, match="false"):
        seed_demo.side_by_side(say, compiled=False)
    assert not list(tmp_path.iterdir())
