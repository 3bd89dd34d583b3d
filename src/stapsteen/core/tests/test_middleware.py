"""Headers that every answer has, and what leaves the browser at logout."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from stapsteen.core.middleware import PERMISSIONS
from stapsteen.testing.world import client_of

pytestmark = pytest.mark.django_db
LOGOUT = "/aanmelden/logout/"


def test_every_answer_refuses_camera_place_and_other_sites() -> None:
    answer = Client().get("/")
    assert answer["Permissions-Policy"] == PERMISSIONS
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Clear-Site-Data" not in answer


def test_logging_out_empties_the_browser_and_only_asking_for_it_does_not(coach: Any) -> None:
    """What was kept for work without connection goes too."""
    client = client_of(coach)
    assert "Clear-Site-Data" not in client.get(LOGOUT)
    answer = client.post(LOGOUT)
    assert (answer.status_code, answer["Clear-Site-Data"]) == (302, '"cache", "storage"')
    assert "_auth_user_id" not in client.session
