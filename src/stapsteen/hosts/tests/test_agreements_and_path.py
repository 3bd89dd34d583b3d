"""What the agreement with a host and the host's key people refuse, and the fresh link for one that expired."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from stapsteen.core import halfdays, links
from stapsteen.core.models import OutgoingMail
from stapsteen.hosts import actions
from stapsteen.hosts.actions.agreements import SIGN
from stapsteen.hosts.models import Host, HostAgreement, KeyPerson
from stapsteen.hosts.tests.factories import SYSTEM, make_host
from stapsteen.network.models import Service
from stapsteen.testing.refusals import refused
from stapsteen.testing.world import inside, run_jobs

pytestmark = pytest.mark.django_db


def drawn_up(host: Host | None = None) -> HostAgreement:
    """An agreement of today that waits for a signature."""
    return actions.draw_up_agreement(host=host or make_host(), actor=SYSTEM, starts_on=actions.today())


def link_of(agreement: HostAgreement) -> str:
    """The path of the page to read and sign, as mailed to the contact of the host."""
    contact = agreement.host.contacts.get(ends_on=None)
    ids = {"service": agreement.service_id, "agreement": agreement.pk, "contact": contact.pk}
    return f"/gastafspraken/{links.make(SIGN, **ids)}/"


# Drawing up


@pytest.mark.parametrize(
    ("made", "days", "field", "text"),
    [
        ({"contact": ""}, {}, None, "Vul eerst de contactpersoon in"),
        ({}, {"ends_on": -1}, "ends_on", "De laatste dag ligt vóór de eerste"),
        ({"insured_for": None}, {}, "insurance_until", "De verzekering loopt niet op de eerste dag"),
        ({"insured_for": -1}, {}, "insurance_until", "De verzekering loopt niet op de eerste dag"),
        ({}, {"insurance_until": -1}, "insurance_until", "De verzekering loopt niet op de eerste dag"),
    ],
)
def test_an_agreement_that_cannot_be_drawn_up(
    service: Service, made: dict[str, Any], days: dict[str, int], field: str | None, text: str
) -> None:
    with inside(service):
        host, today = make_host(**made), actions.today()
        given = {name: today + timedelta(days=after) for name, after in days.items()}
        answer = refused(actions.draw_up_agreement, host=host, actor=SYSTEM, starts_on=today, **given)
        assert (answer[0], text in answer[1]) == (field, True)


def test_an_agreement_may_last_one_day_and_the_insurance_may_end_that_day(service: Service) -> None:
    with inside(service):
        host, today = make_host(insured_for=0), actions.today()
        made = actions.draw_up_agreement(host=host, actor=SYSTEM, starts_on=today, ends_on=today)
        assert (made.state, made.ends_on) == ("out", today)
        assert made.content["insurance"]["until"] == today.isoformat()


# Signing


@pytest.mark.parametrize(
    ("given", "day", "field", "text"),
    [
        ({"how": "fax"}, None, "how", "“fax” kennen we niet"),
        ({"signed_by": "  "}, None, "signed_by", "Vul in wie tekent"),
        ({}, 1, "signed_on", "Deze dag ligt in de toekomst"),
        ({}, -1, "signed_on", "De afspraken zijn gemaakt op {today}. Kies die dag of later."),
    ],
)
def test_a_signature_that_cannot_be_right(
    service: Service, given: dict[str, str], day: int | None, field: str, text: str
) -> None:
    with inside(service):
        agreement, today = drawn_up(), actions.today()
        on = None if day is None else today + timedelta(days=day)
        call = {"how": "paper", "signed_by": "An Peeters", **given}
        answer = refused(actions.sign_host_agreement, agreement=agreement, actor=SYSTEM, signed_on=on, **call)
        assert (answer[0], text.format(today=f"{today:%d/%m/%Y}") in answer[1]) == (field, True)
        assert HostAgreement.objects.get().state == "out"


def test_a_signature_on_the_day_itself_holds_and_a_second_one_is_refused(service: Service) -> None:
    with inside(service):
        agreement, today = drawn_up(), actions.today()
        sign = {"agreement": agreement, "actor": SYSTEM, "how": "paper", "signed_by": " An   Peeters "}
        signed = actions.sign_host_agreement(**sign, signed_on=today)
        assert (signed.state, signed.signed_on, signed.signed_by) == ("signed", today, "An Peeters")
        assert "de stand is “Getekend”" in refused(actions.sign_host_agreement, **sign)[1]


# The mailed link


def test_no_link_is_mailed_for_what_is_signed_or_replaced(service: Service) -> None:
    with inside(service):
        first = drawn_up()
        second = drawn_up(first.host)
        actions.sign_host_agreement(agreement=second, actor=SYSTEM, how="paper", signed_by="An")
        for kept in HostAgreement.objects.all():
            answer = refused(actions.mail_agreement, agreement=kept, actor=SYSTEM)
            assert answer == (None, "Deze afspraken zijn al getekend of vervangen.")
        assert OutgoingMail.objects.count() == 0


def test_no_link_is_mailed_to_a_contact_without_an_address(service: Service) -> None:
    with inside(service):
        agreement = drawn_up()
        actions.set_contact(host=agreement.host, actor=SYSTEM, name="Rik Bos", phone="0470 00 00 00")
        answer = refused(actions.mail_agreement, agreement=agreement, actor=SYSTEM)
        assert answer == (None, "De contactpersoon heeft geen e-mailadres.")


@pytest.fixture
def expired(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every link is past its last day."""
    monkeypatch.setattr("stapsteen.core.links.read.__kwdefaults__", {"days": -1})


def asked_again(path: str) -> list[list[str]]:
    """Open an expired link and ask for a new one: the receivers of what is sent then."""
    assert [Client().get(path).status_code, Client().post(path).status_code] == [410, 410]
    run_jobs()
    return [sent.to for sent in mail.outbox]


@pytest.mark.usefixtures("expired")
def test_an_expired_link_sends_a_fresh_one_to_the_contact_of_now(service: Service) -> None:
    with inside(service):
        agreement = drawn_up()
        path = link_of(agreement)
        actions.set_contact(host=agreement.host, actor=SYSTEM, name="Rik Bos", email="rik@host.example.org")
    assert asked_again(path) == [["rik@host.example.org"]]


@pytest.mark.usefixtures("expired")
def test_an_expired_link_of_what_is_signed_sends_nothing(service: Service) -> None:
    with inside(service):
        agreement = drawn_up()
        path = link_of(agreement)
        actions.sign_host_agreement(agreement=agreement, actor=SYSTEM, how="paper", signed_by="An")
    assert asked_again(path) == []


@pytest.mark.usefixtures("expired")
def test_an_expired_link_sends_nothing_when_the_contact_has_no_address(service: Service) -> None:
    with inside(service):
        agreement = drawn_up()
        path = link_of(agreement)
        actions.set_contact(host=agreement.host, actor=SYSTEM, name="Rik Bos", phone="0470 00 00 00")
    assert asked_again(path) == []


# Key people


@pytest.mark.parametrize(
    ("given", "field", "text"),
    [
        ({"name": " "}, "name", "Vul de naam in."),
        ({"half_days": -1}, "half_days", "Kies halve dagen uit de week."),
        ({"half_days": halfdays.ALL + 1}, "half_days", "Kies halve dagen uit de week."),
    ],
)
def test_a_key_person_that_cannot_be_kept(
    service: Service, given: dict[str, Any], field: str, text: str
) -> None:
    with inside(service):
        call = {"host": make_host(), "actor": SYSTEM, "name": "Rita", **given}
        assert refused(actions.add_key_person, **call) == (field, text)


def test_a_key_person_may_be_there_every_half_day_or_none(service: Service) -> None:
    with inside(service):
        host = make_host()
        for mask in (0, halfdays.ALL):
            actions.add_key_person(host=host, actor=SYSTEM, name="  Rita   Maes ", half_days=mask)
        kept = KeyPerson.objects.order_by("half_days").values_list("name", "half_days")
        assert list(kept) == [("Rita Maes", 0), ("Rita Maes", halfdays.ALL)]
