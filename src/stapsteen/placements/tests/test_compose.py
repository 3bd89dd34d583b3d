"""What the agreement says of where somebody goes."""

from __future__ import annotations

import pytest

from stapsteen.hosts import actions as hosts
from stapsteen.hosts.tests.factories import make_host, make_task
from stapsteen.placements import compose
from stapsteen.placements.tests.factories import SYSTEM, make_agreement, make_placement
from stapsteen.testing.world import inside, make_municipality

pytestmark = pytest.mark.django_db


def test_the_agreement_sends_somebody_to_where_the_task_is_done(service, coach):
    with inside(service, coach):
        host = make_host("Dinamo", municipality=make_municipality(), address="Schoolstraat 42")
        mol = make_municipality("13025", "Mol", ("2400",))
        site = hosts.keep_site(
            organisation=host.organisation,
            actor=SYSTEM,
            name="De Tuin",
            municipality=mol,
            address="Molenweg 9",
        )
        here, there = (
            make_task(host.organisation, "Onthaal"),
            make_task(host.organisation, "Snoeien", site=site),
        )
        at_home = compose.document(make_agreement(make_placement(coach, host=host, task=here))).host
        away = compose.document(make_agreement(make_placement(coach, host=host, task=there))).host
    assert (at_home.place, at_home.address) == (None, "Schoolstraat 42, Turnhout")
    assert (away.place, away.address) == ("De Tuin", "Molenweg 9, Mol")
