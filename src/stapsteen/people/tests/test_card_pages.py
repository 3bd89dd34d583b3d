"""The card's pages: printed by the coach, opened by the participant."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from stapsteen.core.models import ReadEntry
from stapsteen.core.pages import CARD
from stapsteen.network.house import CARD_IDLE_SECONDS
from stapsteen.people.actions.cards import print_card
from stapsteen.people.models import AccessCard
from stapsteen.testing.world import client_of, inside, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def printed(service: Any, coordinator: Any) -> tuple[Any, str, str]:
    with inside(service, coordinator) as actor:
        person = make_person()
        _card, secret, pin = print_card(person=person, actor=actor)
    return person, reverse("people.card_open", kwargs={"service": service.slug, "secret": secret}), pin


def opened(printed: tuple[Any, str, str]) -> Client:
    client = Client()
    assert client.post(printed[1], {"pin": printed[2]}).status_code == 302
    return client


def test_the_coach_prints_a_card_and_sees_it(service: Any, coordinator: Any, printed: Any) -> None:
    client = client_of(coordinator)
    address = reverse("people.card", kwargs={"service": service.slug, "person": printed[0].pk})
    paper = client.post(address)
    assert (paper["Content-Type"], paper["Cache-Control"], paper.content[:5]) == (
        "application/pdf",
        "no-store",
        b"%PDF-",
    )
    html = client.get(address).content.decode()
    assert (html.count("Afgedrukt op"), html.count("Opent niets meer.")) == (2, 1)
    client.post(f"{address}stop/")
    assert client.get(address).content.decode().count("Opent niets meer.") == 2


def test_the_right_digits_open_the_own_path_also_with_blanks(service: Any, printed: Any) -> None:
    person, address, pin = printed
    client = Client()
    assert "Typ de 6 cijfers" in client.get(address).content.decode()
    answer = client.post(address, {"pin": f"{pin[:3]} {pin[3:]}"})
    assert answer["Location"] == f"/{service.slug}/mijn-pad/"
    page = client.get(answer["Location"])
    assert (f"Dag {person.first_name}" in page.content.decode(), page["Cache-Control"]) == (True, "no-store")
    with inside(service):
        last = ReadEntry.objects.order_by("-at", "-id")[0]
        assert (last.capacity, person.pk in last.subjects) == ("participant", True)


@pytest.mark.parametrize("typed", ["", "12345", "geen cijfers", "1234567"])
def test_what_cant_be_a_pin_says_what_to_type(printed: Any, typed: str) -> None:
    answer = Client().post(printed[1], {"pin": typed})
    assert answer.status_code == 422


def test_wrong_digits_say_so_and_are_counted(service: Any, printed: Any) -> None:
    wrong = "000000" if printed[2] != "000000" else "111111"
    answer = Client().post(printed[1], {"pin": wrong})
    assert (answer.status_code, "Dat klopt niet." in answer.content.decode()) == (422, True)
    with inside(service):
        assert AccessCard.objects.get().wrong_tries == 1


def test_an_unknown_card_says_the_same(service: Any, printed: Any) -> None:
    unknown = reverse("people.card_open", kwargs={"service": service.slug, "secret": "bestaat-niet"})
    answer = Client().post(unknown, {"pin": printed[2]})
    assert (answer.status_code, "Dat klopt niet." in answer.content.decode()) == (422, True)


def test_after_a_while_or_when_done_the_page_is_closed(service: Any, printed: Any) -> None:
    path = f"/{service.slug}/mijn-pad/"
    client = opened(printed)
    session = client.session
    session[CARD] = {**session[CARD], "seen": time.time() - CARD_IDLE_SECONDS - 1}
    session.save()
    assert "Scan je kaart opnieuw." in client.get(path).content.decode()
    again = opened(printed)
    done = again.post(f"/{service.slug}/klaar/")
    assert (done["Clear-Site-Data"], CARD in again.session) == ('"cache", "storage"', False)
    assert again.get(path)["Location"].startswith("/aanmelden/login/")


def test_a_stopped_card_closes_the_page_that_is_open(service: Any, coordinator: Any, printed: Any) -> None:
    client = opened(printed)
    with inside(service, coordinator) as actor:
        print_card(person=printed[0], actor=actor)
    assert "Dag" not in client.get(f"/{service.slug}/mijn-pad/").content.decode()


def test_a_card_opens_no_page_of_staff_and_no_other_service(
    service: Any, other_service: Any, printed: Any
) -> None:
    client = opened(printed)
    assert client.get(f"/{service.slug}/mensen/").status_code == 404
    assert client.get(f"/{service.slug}/mensen/{printed[0].pk}/").status_code == 404
    assert client.get(f"/{other_service.slug}/mijn-pad/").status_code == 403


def test_opening_a_card_logs_a_colleague_out(service: Any, coordinator: Any, printed: Any) -> None:
    client = client_of(coordinator)
    client.post(printed[1], {"pin": printed[2]})
    assert client.get(f"/{service.slug}/mensen/").status_code == 404
