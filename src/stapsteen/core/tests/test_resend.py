"""A form that comes in twice, or after its session ended: nothing doubled, nothing lost."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stapsteen.core import resend
from stapsteen.core.models import SentForm
from stapsteen.people.models import Note
from stapsteen.testing.walk import make_case  # a person with a pathway of this coach
from stapsteen.testing.world import client_of, inside, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(service: Any, coach: Any, intake: Any) -> str:
    """The page to add a note about somebody of this coach."""
    with inside(service):
        case = make_case(service, coach=coach, intake=intake, expert=coach, user=None, referrer=None)
        Note.objects.all().delete()
    return reverse("people.note_add", kwargs={"service": service.slug, "person": case.ids["person"]})


def hidden(html: str, name: str) -> str:
    return re.findall(rf'name="{name}" value="([^"]*)"', html)[-1]


def opened(client: Client, address: str) -> dict[str, str]:
    """The hidden fields of the form as the page shows it now, with a filled in note."""
    html = client.get(address).content.decode()
    return {
        "_once": hidden(html, "_once"),
        "_who": hidden(html, "_who"),
        "kind": "note",
        "happened_on": timezone.localdate().isoformat(),
        "text": "Ging samen naar de markt.",
    }


def notes(service: Any) -> list[str]:
    with inside(service):
        return [note.text for note in Note.objects.order_by("created_at")]


def test_a_double_tap_writes_once_and_answers_twice(service: Any, coach: Any, address: str) -> None:
    client = client_of(coach)
    form = opened(client, address)
    first, second = client.post(address, form), client.post(address, form)
    assert (first.status_code, second.status_code, first["Location"]) == (302, 302, second["Location"])
    assert notes(service) == ["Ging samen naar de markt."]
    assert "Het staat er één keer." in client.get(second["Location"]).content.decode()


def test_the_back_button_with_other_words_is_another_form(service: Any, coach: Any, address: str) -> None:
    client = client_of(coach)
    form = opened(client, address)
    client.post(address, form)
    client.post(address, form | {"text": "Ging ook naar de film."})
    assert notes(service) == ["Ging samen naar de markt.", "Ging ook naar de film."]


def test_a_form_that_failed_can_be_sent_again(service: Any, coach: Any, address: str) -> None:
    client = client_of(coach)
    form = opened(client, address)
    assert client.post(address, form | {"text": " "}).status_code == 422
    assert client.post(address, form).status_code == 302
    assert notes(service) == ["Ging samen naar de markt."]


def test_the_same_words_in_a_fresh_form_are_meant(service: Any, coach: Any, address: str) -> None:
    client = client_of(coach)
    for _ in range(2):
        client.post(address, opened(client, address))
    assert len(notes(service)) == 2


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_the_same_moment_write_once(service: Any, coach: Any, address: str) -> None:
    client = client_of(coach)
    form = opened(client, address)
    answers: list[int] = []

    def tap() -> None:
        other = Client()
        other.cookies = client.cookies
        answers.append(other.post(address, form).status_code)
        connection.close()

    taps = [threading.Thread(target=tap) for _ in range(5)]
    for each in taps:
        each.start()
    for each in taps:
        each.join()
    assert (answers, notes(service)) == ([302] * 5, ["Ging samen naar de markt."])


def test_what_nobody_sends_again_is_forgotten(service: Any, coach: Any, address: str) -> None:
    client = client_of(coach)
    client.post(address, opened(client, address))
    with inside(service):
        assert (resend.forget(), SentForm.objects.count()) == (0, 1)
        SentForm.objects.update(at=timezone.now() - timedelta(days=4))
        assert (resend.forget(), SentForm.objects.count()) == (1, 0)


# The session ended -------------------------------------------------------------------------------------------------


def test_after_a_new_login_what_was_typed_is_there_to_look_at_and_send(
    service: Any, coach: Any, address: str
) -> None:
    client = client_of(coach)
    form = opened(client, address)
    client.logout()
    to_login = client.post(address, form)
    assert to_login["Location"] == f"/aanmelden/login/?next={address}"
    assert "markt" not in str(dict(client.session))  # sealed, in a session that isn't anybody's yet
    client.force_login(user_of(coach))
    offered = client.get(address).content.decode()
    assert "Wat je typte, is er nog" in offered
    again = client.post(address, {**form, "_kept": "1"})
    assert (again.status_code, "Ging samen naar de markt." in again.content.decode()) == (200, True)
    assert notes(service) == []
    client.post(address, form | {"_once": hidden(again.content.decode(), "_once")})
    assert notes(service) == ["Ging samen naar de markt."]
    assert "Wat je typte" not in client.get(address).content.decode()


def test_someone_else_who_logs_in_here_never_sees_it(service: Any, coach: Any, address: str) -> None:
    client = client_of(coach)
    form = opened(client, address)
    client.logout()
    client.post(address, form)
    second = make_staff(service, "coordinator", email="andere@example.org")
    client.force_login(user_of(second))
    assert "markt" not in client.get(address).content.decode()
    assert resend.KEPT not in client.session


def test_it_waits_for_its_own_page(service: Any, coach: Any, address: str) -> None:
    client = client_of(coach)
    form = opened(client, address)
    client.logout()
    client.post(address, form)
    client.force_login(user_of(coach))
    assert "Wat je typte" not in client.get(f"/{service.slug}/mensen/").content.decode()
    assert "Wat je typte" in client.get(address).content.decode()


def test_a_form_of_a_stranger_or_too_long_isnt_kept(service: Any, coach: Any, address: str) -> None:
    client = client_of(coach)
    form = opened(client, address)
    client.logout()
    client.post(address, {**form, "_who": ""})
    client.post(address, {**form, "text": "x" * resend.MOST})
    assert resend.KEPT not in client.session


def test_after_a_login_in_another_tab_the_words_come_back(service: Any, coach: Any, address: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user_of(coach))
    form = opened(client, address) | {"csrfmiddlewaretoken": "van-voor-de-andere-tab"}
    answer = client.post(address, form)
    assert (answer.status_code, "Ging samen naar de markt." in answer.content.decode()) == (200, True)
    strange = client.post(address, {**form, "_who": "iemand-anders"})
    assert (strange.status_code, "markt" in strange.content.decode()) == (403, False)
    assert notes(service) == []


def test_a_button_without_a_page_of_its_own_leads_to_the_start(
    service: Any, coach: Any, address: str
) -> None:
    person = address.split("/")[3]
    end = reverse("people.sensitive_end", kwargs={"service": service.slug, "person": person})
    assert Client().post(end)["Location"] == "/aanmelden/login/?next=/start/"


def user_of(colleague: Any) -> Any:
    return colleague.user
