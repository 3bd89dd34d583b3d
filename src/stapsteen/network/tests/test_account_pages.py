"""Login, logout and passwords are allauth's; of its other pages none is there."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from stapsteen.testing.world import client_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_reauthenticate"])
def test_what_isnt_offered_isnt_there(coach: Any, name: str) -> None:
    assert {who.get(reverse(name)).status_code for who in (Client(), client_of(coach))} == {404}


def test_whoever_works_here_can_change_the_own_password(coach: Any) -> None:
    client = client_of(coach)
    page = client.get(reverse("network.start"), follow=True).content.decode()
    address = reverse("account_change_password")
    assert f'href="{address}"' in page
    assert client.get(address, follow=True).status_code == 200
