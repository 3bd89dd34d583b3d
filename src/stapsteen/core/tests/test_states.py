"""Guarantee 5: every state x action is tried; the database refuses what the table doesn't have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction

from stapsteen.core import access, pages, states
from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor, Scoped, system
from stapsteen.core.states import MACHINES, Machine, Transition
from stapsteen.hosts.models import Host, Organisation
from stapsteen.hosts.states import HOST
from stapsteen.testing.world import inside

pytestmark = pytest.mark.django_db
pages.discover()
DIAGRAMS = Path(__file__).resolve().parents[4] / "docs/states.md"


def every_state_and_action() -> list[tuple[str, str, str]]:
    return [
        (name, state, action) for name, m in MACHINES.items() for state in m.states for action in m.by_action
    ]


@pytest.mark.parametrize(("machine", "state", "action"), every_state_and_action())
def test_every_state_and_action(service: Any, machine: str, state: str, action: str) -> None:
    """From a state of the table the object moves; from any other it stays, whoever asks."""
    table = MACHINES[machine]
    transition = table.by_action[action]
    free = Machine.__new__(Machine)
    object.__setattr__(free, "states", table.states)
    object.__setattr__(free, "by_action", {action: Transition(**{**vars(transition), "needs": ()})})
    obj = apps.get_model(machine)(state=state)
    with inside(service), pytest.MonkeyPatch.context() as patch:
        patch.setattr(states, "may", lambda *_: True)
        if state in transition.source:
            free.move(obj, action, system("t"))
            assert obj.state == transition.target
        else:
            with pytest.raises(RuleBroken):
                free.move(obj, action, system("t"))
            assert obj.state == state


def make_host(service: Any) -> Host:
    organisation = Organisation.objects.create(network=service.network, name="WZC De Linde")
    return Host.objects.create(organisation=organisation)


def test_the_database_refuses_a_way_that_the_table_lacks(service: Any) -> None:
    with inside(service):
        host = make_host(service)
        with pytest.raises(DatabaseError), transaction.atomic():
            Host.objects.filter(pk=host.pk).update(state="paused")
        with pytest.raises(DatabaseError), transaction.atomic():
            Host.objects.filter(pk=host.pk).update(state="nonsense")
        assert Host.objects.filter(pk=host.pk).update(state="active") == 1
        with pytest.raises(DatabaseError), transaction.atomic():
            Host.objects.create(
                organisation=Organisation.objects.create(network=service.network, name="B"), state="active"
            )


def test_the_buttons_are_those_of_state_and_rule(service: Any, coach: Any) -> None:
    with inside(service, coach) as actor:
        host = make_host(service)
        assert [t.action for t in HOST.open_to(host, actor)] == ["visit", "talk", "activate", "stop"]
        assert HOST.open_to(host, Actor("expert", roles=frozenset({"expert"}))) == []


def test_permission_and_needs_are_asked_with_the_state(service: Any) -> None:
    with inside(service):
        host = make_host(service)
        with pytest.raises(RuleBroken, match="rol"):
            HOST.move(host, "activate", Actor("expert"))
        strict = Machine(
            model="test.Strict",
            states=HOST.states,
            beginnings=("prospect",),
            transitions=(
                Transition(
                    "go",
                    ("prospect",),
                    "active",
                    "hosts.host.edit",
                    "Go",
                    (lambda _: "Nog niet.", lambda _: None),
                ),
            ),
        )
        try:
            with pytest.raises(RuleBroken, match="Nog niet"):
                strict.move(host, "go", system("t"))
        finally:
            del MACHINES["test.Strict"]


def test_a_table_with_unknown_states_or_rules_stops_the_start() -> None:
    with pytest.raises(ValueError, match="nowhere"):
        Machine(
            "test.Bad", {"a": "A"}, ("a",), (Transition("go", ("a",), "nowhere", "hosts.host.edit", "Go"),)
        )
    bad = Machine("test.Bad", {"a": "A"}, ("a",), (Transition("go", ("a",), "a", "no.such.rule", "Go"),))
    try:
        with pytest.raises(LookupError, match=r"no\.such\.rule"):
            bad.check()
    finally:
        del MACHINES["test.Bad"]


def test_every_scoped_model_with_a_state_has_a_table() -> None:
    with_state = {
        model._meta.label
        for model in apps.get_models()
        if issubclass(model, Scoped) and "state" in {f.name for f in model._meta.local_fields}
    }
    assert with_state == set(MACHINES)


def test_docs_show_the_diagrams_of_today() -> None:
    """Write it anew with: ./stapsteen manage write_docs"""
    for name, machine in MACHINES.items():
        assert machine.diagram() in DIAGRAMS.read_text(), name


def test_rules_are_registered_once_and_give_objects_or_a_yes(service: Any, coach: Any) -> None:
    with pytest.raises(LookupError, match="twice"):
        access.rule("hosts.host.view")(lambda _: None)
    with inside(service, coach) as actor:
        host = make_host(service)
        assert access.may(actor, "hosts.host.view", host)
        assert access.may(actor, "people.person.list")
        assert not access.may(Actor("x"), "people.person.list")
        assert list(access.reachable(actor, "hosts.host.view")) == [host]
        with pytest.raises(TypeError):
            access.reachable(Actor("x"), "hosts.host.view")
