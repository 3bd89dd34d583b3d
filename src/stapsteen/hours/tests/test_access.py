"""Which sheets a link reaches, and who reaches none."""

from __future__ import annotations

from typing import Any

import pytest

from stapsteen.core import links
from stapsteen.core.access import RULES
from stapsteen.core.scope import Actor
from stapsteen.hours.access import fingerprint, hosts_of_link
from stapsteen.hours.tests.factories import HOST_MAIL, make_sheet
from stapsteen.testing.world import inside

pytestmark = pytest.mark.django_db


def holder(purpose: str = "hours.month.fill", **data: Any) -> Actor:
    link = links.read(links.make(purpose, **data))
    return Actor(f"link:{purpose}", link=link)


def test_a_link_reaches_the_sheets_of_its_month_and_contact(service: Any, coach: Any) -> None:
    with inside(service):
        sheet = make_sheet(coach)
        organisation = sheet.host.organisation_id
        good = {
            "organisation": organisation,
            "month": "2026-10",
            "contact": fingerprint(f" {HOST_MAIL.upper()} "),
        }
        find = RULES["hours.sheet.enter"].find
        assert list(find(holder(**good))) == [sheet]
        for wrong in (
            {"month": "2026-09"},
            {"contact": fingerprint("x@example.org")},
            {"organisation": sheet.pk},
        ):
            assert list(find(holder(**{**good, **wrong}))) == []
        assert list(find(holder(organisation=organisation))) == []
        assert find(holder("pathways.referral.status", **good)) is None
        assert RULES["hours.person.enter"].find(holder("pathways.referral.status", **good)) is None


def test_without_a_link_there_is_no_host(service: Any, coach: Any) -> None:
    visitor = Actor("visitor")
    with inside(service):
        make_sheet(coach)
        assert list(hosts_of_link(visitor)) == []
    assert RULES["hours.month.fill"].find(visitor) is None
