"""A page that isn't there: what was typed comes back to who typed it, a secret never does, nothing breaks it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from stapsteen.testing.world import client_of, inside, make_person

pytestmark = pytest.mark.django_db
SECRETS = {"password": "geheim-1", "Wachtwoord": "geheim-2", "pin": "geheim-3", "csrfmiddlewaretoken": "geheim-4",
           "_who": "geheim-5", "new_password1": "geheim-6", "api_token": "geheim-7", "insz": "geheim-8"}  # fmt: skip
NASTY = "<script>alert(1)</script>"


def gone(service: Any) -> str:
    return reverse("people.note_add", kwargs={"service": service.slug, "person": uuid4()})


def test_words_for_a_record_that_is_gone_come_back_to_copy(service: Any, coach: Any) -> None:
    answer = client_of(coach).post(
        gone(service), {"text": f"Ging naar de markt. {NASTY}", "kind": "n", **SECRETS}
    )
    assert (answer.status_code, answer["Cache-Control"]) == (404, "no-store")
    assert answer.context["typed"] == [f"Ging naar de markt. {NASTY}"]
    assert NASTY not in answer.text
    assert "geheim" not in answer.text


def test_a_stranger_gets_nothing_back(service: Any) -> None:
    answer = Client().post("/bestaat-niet/x/", {"text": "bel 0900 123"})
    assert (answer.status_code, "0900" in answer.text) == (404, False)
    assert Client().post("/aanmelden/signup/", {"text": "bel 0900 123"}).context["typed"] == []
    assert Client().get("/bestaat-niet/").context["typed"] == []


def test_who_came_by_a_link_reads_what_to_do_and_staff_is_not_bothered(coach: Any) -> None:
    assert "Kopieer dan de hele link" in Client().get("/gastplek/half-gekopieerd/").text
    answer = client_of(coach).get("/bestaat-niet/")
    assert (answer.status_code, "Kopieer dan de hele link" in answer.text) == (404, False)


BROKEN = {
    "big": (b"a=" + b"x" * 5_000_000, "application/x-www-form-urlencoded"),
    "many": (b"&".join(b"a%d=1" % n for n in range(6_000)), "application/x-www-form-urlencoded"),
    "parts": (b"x" * 100, "multipart/form-data; boundary=aaa"),
    "no end": (b"--aaa\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx", "multipart/form-data; boundary=aaa"),
    "no boundary": (b"x", "multipart/form-data"),
    "signs": (b"a=%FF%FE&%00=%00", "application/x-www-form-urlencoded; charset=utf-7"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("guarded", [True, False])
def test_a_body_in_any_shape_is_never_our_fault(
    service: Any, coordinator: Any, name: str, guarded: bool
) -> None:
    with inside(service):
        person = make_person()
    client = client_of(coordinator)
    client.handler.enforce_csrf_checks = guarded
    client.raise_request_exception = False
    note = reverse("people.note_add", kwargs={"service": service.slug, "person": person.pk})
    for url in ("/bestaat-niet/x/", gone(service), note, "/vinac/aanmelden/", "/aanmelden/login/"):
        answer = client.generic("POST", url, *BROKEN[name])
        assert answer.status_code < 500, url
