"""The page with consents: give, see, withdraw."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stapsteen.people.actions import give_consent
from stapsteen.people.tests.factories import make_person
from stapsteen.testing.world import client_of, inside

pytestmark = pytest.mark.django_db


def url(name: str, service: Any, person: Any) -> str:
    return reverse(f"people.{name}", kwargs={"service": service.slug, "person": person.pk})


def test_given_seen_and_withdrawn(service: Any, coordinator: Any) -> None:
    with inside(service):
        person = make_person()
    client, page = client_of(coordinator), url("consents", service, person)
    assert "Nog geen toestemming" in client.get(page).content.decode()
    wrong = client.post(page, {"purpose": "tell_referrer", "how": "spoken"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["purpose"])
    given = {"purpose": "photo", "how": "written", "own_words": "Alleen van ver", "recipient": "de krant"}
    assert client.post(page, given).headers["Location"] == page
    shown = client.get(page)
    (consent,) = shown.context["now"]
    assert all(word in shown.content.decode() for word in ("Alleen van ver", "de krant", coordinator.name))
    answer = client.post(url("consent_withdraw", service, person), {"consent": consent.pk})
    assert answer.headers["Location"] == page
    after = client.get(page)
    assert (after.context["now"], [row.pk for row in after.context["over"]]) == ([], [consent.pk])
    assert client.post(url("consent_withdraw", service, person), {"consent": consent.pk}).status_code == 422
    assert client.post(url("consent_withdraw", service, person), {}).status_code == 404


def test_constant_queries(service: Any, coordinator: Any) -> None:
    with inside(service) as actor:
        person = make_person()
    client, page = client_of(coordinator), url("consents", service, person)
    counts = []
    for purpose in ("photo", "share_host", "call_supporter"):
        with inside(service) as actor:
            give_consent(person=person, actor=actor, purpose=purpose, own_words="Ja")
        with CaptureQueriesContext(connection) as counted:
            client.get(page)
        counts.append(len(counted))
    assert counts[1] == counts[2]
