"""The command that asks for a month now."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from stapsteen.core.models import OutgoingMail
from stapsteen.placements.tests.factories import make_active_placement
from stapsteen.testing.world import inside

pytestmark = pytest.mark.django_db


def test_it_asks_the_last_full_month_once(service: Any, coach: Any, capsys: Any) -> None:
    from stapsteen.pathways.tests.factories import make_pathway

    with inside(service):
        make_active_placement(
            coach, pathway=make_pathway(coach, starts_on=date(2026, 9, 1)), starts_on=date(2026, 10, 5)
        )
    for mails in ("1 mails for 2026-10", "0 mails for 2026-10"):
        call_command("ask_hours")
        assert mails in capsys.readouterr().out
    assert OutgoingMail.objects.count() == 1


@pytest.mark.parametrize("month", ["2026-12", "nonsense"])
def test_a_month_to_come_or_nonsense_is_refused(db: None, month: str) -> None:
    with pytest.raises(CommandError, match="2026-10"):
        call_command("ask_hours", "--month", month)
