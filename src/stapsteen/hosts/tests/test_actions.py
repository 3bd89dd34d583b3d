"""Every write about organisations, hosts, tasks and capacity, and every rule that can break."""

from datetime import date, timedelta

import pytest

from stapsteen.core import halfdays
from stapsteen.core.access import may
from stapsteen.core.errors import RuleBroken
from stapsteen.core.models import SharedHistory
from stapsteen.hosts import actions
from stapsteen.hosts.actions import organisations
from stapsteen.hosts.models import CapacityUse, GuidanceCapacity, Host, HostContact, Organisation, Task
from stapsteen.hosts.tests.factories import make_host, make_organisation, make_task
from stapsteen.network.models import Network
from stapsteen.testing.world import inside, make_service, make_staff

pytestmark = pytest.mark.django_db
TODAY = actions.today


def broken(call, **kwargs):
    """The field and the message of the rule that the call breaks."""
    with pytest.raises(RuleBroken) as caught:
        call(**kwargs)
    return caught.value.field, str(caught.value.message)


# Organisations


def test_register_organisation_keeps_what_is_given(service, coach):
    with inside(service, coach) as actor:
        koepel = make_organisation("Zorgbedrijf", actor=actor, roles=["umbrella"], places=None)
        made = actions.register_organisation(
            actor=actor,
            network=service.network,
            name="  vzw   ANA ",
            legal_kind="social_economy",
            umbrella=koepel,
            sectors=["technical"],
            enterprise_number="BE 0471.938.850",
            address="Dorp 1",
            can_sanction=True,
            note="Zes deelwerkingen.",
        )
        kept = Organisation.objects.get(pk=made.pk)
        assert (kept.name, kept.enterprise_number, kept.umbrella, kept.sectors) == (
            "vzw ANA",
            "0471938850",
            koepel,
            ["technical"],
        )
        assert (kept.roles, kept.can_sanction, kept.note) == (["host"], True, "Zes deelwerkingen.")


@pytest.mark.parametrize(
    ("fields", "field", "text"),
    [
        ({"name": "  "}, "name", "Vul de naam"),
        ({"name": "de memel"}, "name", "bestaat al"),
        ({"legal_kind": "club"}, "legal_kind", "kennen we niet"),
        ({"roles": ["boss"]}, "roles", "kennen we niet"),
        ({"sectors": ["space"]}, "sectors", "kennen we niet"),
        ({"enterprise_number": "0471938851"}, "enterprise_number", "klopt niet"),
        ({"enterprise_number": "12"}, "enterprise_number", "klopt niet"),
        ({"enterprise_number": "0403.019.261"}, "enterprise_number", "al van De Memel"),
    ],
)
def test_register_organisation_refuses(service, coach, fields, field, text):
    with inside(service, coach) as actor:
        make_organisation("De Memel", enterprise_number="0403019261")
        given = {"name": "Den Hof", "actor": actor, "network": service.network, **fields}
        got, message = broken(actions.register_organisation, **given)
        assert (got, text in message) == (field, True)


def test_sub_working_shares_the_number_of_its_organisation(service):
    with inside(service):
        ana = make_organisation("vzw ANA", enterprise_number="0403019261")
        part = make_organisation("De Memel", enterprise_number="0403019261", part_of=ana)
        assert part.enterprise_number == ana.enterprise_number


def test_organisations_dont_cross_networks(service, other_service, coach):
    with inside(other_service):
        stranger = make_organisation("Ver weg")
    with inside(service, coach) as actor:
        field, _ = broken(
            actions.register_organisation, actor=actor, network=service.network, name="Hier", part_of=stranger
        )
        assert field == "part_of"
        other = Network.objects.get(pk=other_service.network_id)
        assert broken(actions.register_organisation, actor=actor, network=other, name="Hier")[0] is None
        assert broken(actions.work_with, organisation=stranger, actor=actor)[0] is None
        assert broken(actions.open_task, organisation=stranger, actor=actor, title="Koken")[0] is None
        assert broken(actions.state_capacity, organisation=stranger, actor=actor, places=1)[0] is None


def test_update_organisation_changes_and_is_kept_in_history(service, coach):
    with inside(service, coach) as actor:
        made = make_organisation("Oud")
        actions.update_organisation(organisation=made, actor=actor, name="Nieuw", sectors=["care"])
        kept = Organisation.objects.get(pk=made.pk)
        assert (kept.name, kept.sectors) == ("Nieuw", ["care"])
        row = SharedHistory.objects.filter(row_id=made.pk, action="update").latest("at")
        assert row.old["name"] == "Oud"
        assert row.actor == str(actor)
        assert (
            broken(actions.update_organisation, organisation=made, actor=actor, part_of=made)[0] == "part_of"
        )
        with pytest.raises(TypeError):
            actions.update_organisation(organisation=made, actor=actor, network=None)


# The host's own path


def test_work_with_twice_is_one_host_and_adds_the_role(service, coach):
    with inside(service, coach) as actor:
        organisation = make_organisation("Buurthuis", roles=["partner"])
        first = actions.work_with(organisation=organisation, actor=actor)
        assert actions.work_with(organisation=organisation, actor=actor) == first
        assert (first.state, Organisation.objects.get(pk=organisation.pk).roles) == (
            "prospect",
            ["partner", "host"],
        )
        assert Host.objects.count() == 1


def test_the_path_of_a_host_from_prospect_to_stopped(service, coach):
    with inside(service, coach) as actor:
        host = make_host(active=False)
        for action, state in (
            ("talk", "talking"),
            ("activate", "active"),
            ("pause", "paused"),
            ("activate", "active"),
        ):
            host = actions.move_host(host=host, actor=actor, action=action)
            assert host.state == state
        assert broken(actions.move_host, host=host, actor=actor, action="stop")[0] == "reason"
        host = actions.move_host(host=host, actor=actor, action="stop", reason="Geen begeleiding meer")
        assert (host.state, host.state_reason) == ("stopped", "Geen begeleiding meer")
        assert "stand is" in broken(actions.move_host, host=host, actor=actor, action="pause")[1]
        assert actions.move_host(host=host, actor=actor, action="activate").state_reason == ""


def test_intake_looks_but_doesnt_change(service, intake):
    with inside(service, intake) as actor:
        host = make_host()
        task = make_task(host.organisation)
        no = "Je mag dit niet doen met jouw rol."
        organisation = host.organisation
        assert broken(actions.move_host, host=host, actor=actor, action="pause") == (None, no)
        assert broken(actions.set_contact, host=host, actor=actor, name="X") == (None, no)
        assert broken(actions.state_capacity, organisation=organisation, actor=actor, places=1) == (None, no)
        assert broken(actions.set_host_agreement, host=host, actor=actor) == (None, no)
        assert broken(actions.open_task, organisation=organisation, actor=actor, title="X") == (None, no)
        assert broken(actions.update_task, task=task, actor=actor, title="X") == (None, no)
        assert broken(actions.close_task, task=task, actor=actor) == (None, no)
        assert broken(actions.add_host_note, host=host, actor=actor, text="X") == (None, no)
        assert broken(actions.work_with, organisation=organisation, actor=actor) == (None, no)


# One contact at a time


def test_a_new_contact_follows_the_old_one(service, coach):
    with inside(service, coach) as actor:
        host = make_host(contact="")
        actions.set_contact(host=host, actor=actor, name="An", email="AN@x.be", starts_on=date(2026, 1, 1))
        actions.set_contact(
            host=host, actor=actor, name="Bo", phone="014 12 34 56", starts_on=date(2026, 3, 1)
        )
        rows = list(HostContact.objects.order_by("starts_on").values_list("name", "email", "ends_on"))
        assert rows == [("An", "an@x.be", date(2026, 2, 28)), ("Bo", "", None)]


def test_a_contact_of_the_past_doesnt_rewrite_the_present(service, coach):
    with inside(service, coach) as actor:
        host = make_host(contact="")
        actions.set_contact(host=host, actor=actor, name="An", email="a@x.be", starts_on=date(2026, 3, 1))
        given = {"host": host, "actor": actor, "name": "Bo", "email": "b@x.be"}
        assert broken(actions.set_contact, **given, starts_on=date(2026, 2, 1))[0] == "starts_on"
        assert HostContact.objects.filter(ends_on=None).get().name == "An"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": " ", "email": "a@x.be"}, "name"),
        ({"name": "An"}, "email"),
        ({"phone": "1", "language": "de"}, "language"),
    ],
)
def test_a_contact_can_be_reached(service, coach, fields, field):
    with inside(service, coach) as actor:
        host = make_host(contact="")
        assert (
            broken(actions.set_contact, **{"host": host, "actor": actor, "name": "An", **fields})[0] == field
        )


# Capacity


def test_a_statement_is_dated_and_may_be_less_than_there_are(service, coach):
    with inside(service, coach) as actor:
        organisation = make_organisation(places=None)
        task = make_task(organisation)
        actions.state_capacity(organisation=organisation, actor=actor, places=2, starts_on=date(2026, 1, 1))
        actions.take_capacity(task=task, starts_on=date(2026, 1, 5), weight=2)
        actions.state_capacity(organisation=organisation, actor=actor, places=1, starts_on=date(2026, 2, 1))
        rows = GuidanceCapacity.objects.order_by("starts_on").values_list("places", "ends_on")
        assert list(rows) == [(2, date(2026, 1, 31)), (1, None)]
        assert (
            broken(actions.state_capacity, organisation=organisation, actor=actor, places=501)[0] == "places"
        )
        assert (
            broken(actions.state_capacity, organisation=organisation, actor=actor, places=-1)[0] == "places"
        )


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        (None, "Vraag eerst hoeveel"),
        ({"places": 0}, "zegt nee"),
        ({"places": 3, "paused": True}, "pauzeert"),
    ],
)
def test_no_room_at_a_host_that_said_so(service, statement, text):
    with inside(service) as actor:
        organisation = make_organisation(places=None)
        if statement:
            actions.state_capacity(
                organisation=organisation, actor=actor, starts_on=date(2026, 1, 1), **statement
            )
        task = make_task(organisation)
        field, message = broken(actions.take_capacity, task=task, starts_on=date(2026, 1, 5), weight=1)
        assert (field, text in message, CapacityUse.objects.count()) == ("task", True, 0)


def test_full_over_two_services_of_one_network(service):
    """Document 003: a host that always says yes is protected; nobody learns who is there."""
    neighbour = make_service("link", network=service.network)
    with inside(service):
        organisation = make_organisation("Buurthuis", places=2)
        task = make_task(organisation, seats=5)
        actions.take_capacity(task=task, starts_on=date(2026, 1, 5), weight=1)
    with inside(neighbour, make_staff(neighbour, "coach")):
        actions.take_capacity(task=task, starts_on=date(2026, 1, 5), weight=1)
        _, message = broken(actions.take_capacity, task=task, starts_on=date(2026, 1, 5), weight=1)
        assert message == "Deze organisatie is vol op 05/01/2026. Ze beschermt zo haar begeleiding."


def test_seats_run_out_before_guidance_does(service):
    with inside(service):
        organisation = make_organisation(places=5)
        one, other = make_task(organisation, seats=1), make_task(organisation, seats=1)
        use = actions.take_capacity(task=one, starts_on=date(2026, 1, 5), weight=1)
        _, message = broken(actions.take_capacity, task=one, starts_on=date(2026, 1, 5), weight=1)
        assert message == "Alle plaatsen van deze taak zijn bezet of gepland."
        actions.take_capacity(task=other, starts_on=date(2026, 1, 5), weight=1)
        actions.free_capacity(use=use, last_day=date(2026, 1, 9))
        assert broken(actions.take_capacity, task=one, starts_on=date(2026, 1, 9), weight=1)[0] == "task"
        actions.take_capacity(task=one, starts_on=date(2026, 1, 10), weight=1)


def test_an_earlier_start_needs_room_on_the_days_that_are_added(service):
    with inside(service):
        organisation = make_organisation(places=1)
        task = make_task(organisation, seats=1)
        first = actions.take_capacity(task=task, starts_on=date(2026, 1, 5), weight=1)
        actions.free_capacity(use=first, last_day=date(2026, 1, 31))
        second = actions.take_capacity(task=task, starts_on=date(2026, 2, 1), weight=1)
        assert broken(actions.move_use, use=second, starts_on=date(2026, 1, 31))[0] == "task"
        actions.move_use(use=second, starts_on=date(2026, 3, 1))
        actions.move_use(use=second, starts_on=date(2026, 2, 1))
        actions.free_capacity(use=second, last_day=None)
        assert CapacityUse.objects.get(pk=second.pk).ends_on == date(2026, 1, 31)


# The agreement between service and host


def test_host_agreement_changes_only_what_is_given(service, coach):
    with inside(service, coach) as actor:
        host = make_host(insured_for=None)
        actions.set_host_agreement(host=host, actor=actor, agreement_signed_on=date(2026, 1, 5))
        actions.set_host_agreement(
            host=host, actor=actor, insurance_until=date(2027, 1, 5), talk_wanted="wish"
        )
        kept = Host.objects.get(pk=host.pk)
        assert (kept.agreement_signed_on, kept.insurance_until, kept.talk_wanted) == (
            date(2026, 1, 5),
            date(2027, 1, 5),
            "wish",
        )
        actions.set_host_agreement(host=host, actor=actor, insurance_until=None, talk_wanted="")
        kept = Host.objects.get(pk=host.pk)
        assert (kept.agreement_signed_on, kept.insurance_until, kept.talk_wanted) == (
            date(2026, 1, 5),
            None,
            "",
        )


def test_a_wish_about_a_protected_ground_cant_be_written_down(service, coach):
    """Requirement D3: only that a talk is needed, as a code."""
    with inside(service, coach) as actor:
        host = make_host()
        given = {"host": host, "actor": actor}
        assert (
            broken(actions.set_host_agreement, **given, talk_wanted="liever geen rokers")[0] == "talk_wanted"
        )
        tomorrow = TODAY() + timedelta(days=1)
        assert (
            broken(actions.set_host_agreement, **given, agreement_signed_on=tomorrow)[0]
            == "agreement_signed_on"
        )


# Tasks


def test_open_update_close_and_reopen_a_task(service, coach):
    with inside(service, coach) as actor:
        organisation = make_organisation()
        task = actions.open_task(
            organisation=organisation,
            actor=actor,
            title=" Cafetaria ",
            half_days=halfdays.bit(0, 0),
            seats=2,
            sector="catering",
            description="Tafels dekken\nKoffie zetten\n",
            dutch_level="1.2",
            heavy=True,
            guidance="much",
        )
        assert (task.title, task.description) == ("Cafetaria", "Tafels dekken\nKoffie zetten")
        actions.update_task(task=task, actor=actor, seats=1, title="Bar")
        kept = Task.objects.get(pk=task.pk)
        assert (kept.title, kept.seats, kept.dutch_level, kept.heavy) == ("Bar", 1, "1.2", True)
        closed = actions.close_task(task=task, actor=actor)
        assert closed.closed_on == TODAY()
        assert "gesloten" in broken(actions.close_task, task=task, actor=actor)[1]
        assert broken(actions.take_capacity, task=task, starts_on=TODAY(), weight=1) == (
            "task",
            "Deze taak is gesloten. Kies een andere taak.",
        )
        assert actions.reopen_task(task=task, actor=actor).closed_on is None
        assert "open" in broken(actions.reopen_task, task=task, actor=actor)[1]
        with pytest.raises(TypeError):
            actions.update_task(task=task, actor=actor, organisation=organisation)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": " "}, "title"),
        ({"seats": 0}, "seats"),
        ({"seats": 501}, "seats"),
        ({"half_days": halfdays.ALL + 1}, "half_days"),
        ({"half_days": -1}, "half_days"),
        ({"sector": "space"}, None),
        ({"guidance": "huge"}, None),
        ({"dutch_level": "B7"}, "dutch_listening"),
        ({"dutch_writing": "B7"}, None),
        ({"kind": "paid"}, None),
        ({"physical": ["magic"]}, None),
        ({"allergens": ["rain"]}, None),
        ({"travel": ["rocket"]}, None),
        ({"support": ["religion"]}, None),
        ({"once": True}, "starts_on"),
        ({"starts_on": date(2026, 3, 2), "ends_on": date(2026, 3, 1)}, "ends_on"),
        ({"published_until": date(2026, 3, 2)}, "public_text"),
        ({"published_until": date(2026, 3, 2), "public_text": "x"}, "public_contact"),
    ],
)
def test_open_task_refuses(service, coach, fields, field):
    with inside(service, coach) as actor:
        organisation = make_organisation()
        given = {"organisation": organisation, "actor": actor, "title": "Koken", **fields}
        assert broken(actions.open_task, **given)[0] == (field or next(iter(fields)))
        assert Task.objects.count() == 0


def test_seats_that_are_taken_stay(service, coach):
    with inside(service, coach) as actor:
        task = make_task(make_organisation(), seats=3)
        actions.take_capacity(task=task, starts_on=TODAY(), weight=1)
        actions.take_capacity(task=task, starts_on=TODAY() + timedelta(days=30), weight=1)
        assert broken(actions.update_task, task=task, actor=actor, seats=1) == (
            "seats",
            "Er zijn al 2 plaatsen bezet of gepland. Minder kan nu niet.",
        )
        assert actions.update_task(task=task, actor=actor, seats=2).seats == 2


# Notes


def test_a_visit_is_logged_with_its_author(service, coach):
    with inside(service, coach) as actor:
        host = make_host()
        note = actions.add_host_note(host=host, actor=actor, text=" Goed gesprek. ", kind="visit")
        assert (note.text, note.kind, note.author, note.happened_on) == (
            "Goed gesprek.",
            "visit",
            coach.name,
            TODAY(),
        )
        assert (
            actions.add_host_note(host=host, actor=actor, text="Uit het blad", author="import").author
            == "import"
        )
        given = {"host": host, "actor": actor, "text": "X"}
        assert broken(actions.add_host_note, **{**given, "text": " "})[0] == "text"
        assert broken(actions.add_host_note, **given, kind="rumour")[0] == "kind"
        assert (
            broken(actions.add_host_note, **given, happened_on=TODAY() + timedelta(days=1))[0]
            == "happened_on"
        )


# Who may, and rare roads


def test_whoever_isnt_staff_reaches_no_organisation_and_no_task(service):
    with inside(service):
        task = make_task(make_organisation())
    participant = make_staff(service, "participant")
    with inside(service, participant) as actor:
        assert not may(actor, "hosts.organisation.view", task.organisation)
        assert not may(actor, "hosts.organisation.edit", task.organisation)
        assert not may(actor, "hosts.task.view", task)
        assert not may(actor, "hosts.task.edit", task)


def test_two_that_register_the_same_name_at_once(service, coach, monkeypatch):
    """The check saw nothing, since the other one wasn't committed yet: the database's own rule still holds."""
    with inside(service, coach) as actor:
        make_organisation("Dinamo")
        monkeypatch.setattr(organisations, "_not_double", lambda organisation: None)
        given = {"actor": actor, "network": service.network, "name": "Dinamo"}
        assert broken(actions.register_organisation, **given)[0] == "name"
        assert Organisation.objects.count() == 1
