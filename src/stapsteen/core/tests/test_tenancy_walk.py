"""Two services, random reads and writes, no crossing (Hypothesis, stateful)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from stapsteen.core.errors import NoScope
from stapsteen.hosts.models import Host, Organisation
from stapsteen.people.models import Note, Person
from stapsteen.testing.world import inside, make_service

SIDES = st.sampled_from(["left", "right"])


class TwoServices(RuleBasedStateMachine):
    services: dict[str, Any]

    def __init__(self) -> None:
        super().__init__()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.services = {side: make_service(f"{side}-walk") for side in ("left", "right")}
        self.mine: dict[str, set[Any]] = {"left": set(), "right": set()}
        self.notes: dict[str, int] = {"left": 0, "right": 0}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)

    @rule(side=SIDES, name=st.text(alphabet="abc' é", min_size=1, max_size=8))
    def register(self, side: str, name: str) -> None:
        with inside(self.services[side]):
            self.mine[side].add(Person.objects.create(first_name=name).pk)

    @precondition(lambda self: self.mine["left"] and self.mine["right"])
    @rule(side=SIDES, data=st.data())
    def reach_over(self, side: str, data: st.DataObject) -> None:
        """Every way to another one's row: read, write, delete, link, count through a join."""
        other = "right" if side == "left" else "left"
        theirs = data.draw(st.sampled_from(sorted(self.mine[other])))
        with inside(self.services[side]):
            assert not Person.objects.filter(pk=theirs).exists()
            assert Person.objects.filter(pk=theirs).update(first_name="taken") == 0
            assert Person.objects.filter(pk=theirs).delete()[0] == 0
            assert Note.objects.filter(person_id=theirs).count() == 0
            with pytest.raises(DatabaseError), transaction.atomic():
                Note.objects.create(person_id=theirs, text="linked")
                connection.check_constraints()
            with pytest.raises((DatabaseError, NoScope)), transaction.atomic():
                Person.objects.bulk_create([Person(first_name="in", service_id=self.services[other].pk)])

    @precondition(lambda self: self.mine["left"] or self.mine["right"])
    @rule(side=SIDES, data=st.data())
    def write_note(self, side: str, data: st.DataObject) -> None:
        if not self.mine[side]:
            return
        person = data.draw(st.sampled_from(sorted(self.mine[side])))
        with inside(self.services[side]):
            Note.objects.create(person_id=person, text="seen")
            self.notes[side] += 1

    @rule(side=SIDES)
    def share_a_host(self, side: str) -> None:
        """Organisations are the network's; how a service works with them is its own."""
        network = self.services["left"].network
        organisation, _ = Organisation.objects.get_or_create(network=network, name="Shared")
        with inside(self.services[side]):
            Host.objects.get_or_create(organisation=organisation)
            assert Host.objects.filter(organisation=organisation).count() == 1

    @invariant()
    def each_sees_its_own(self) -> None:
        for side in ("left", "right"):
            with inside(self.services[side]):
                assert set(Person.objects.values_list("pk", flat=True)) == self.mine[side]
                assert Note.objects.count() == self.notes[side]


@pytest.mark.django_db
def test_two_services_never_cross() -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        TwoServices,
        settings=settings(
            max_examples=12, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
