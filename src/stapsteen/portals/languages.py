"""The participant's own pages in more languages than the rest; the rest stays in what the service works in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

OWN_PAGES = frozenset(
    {
        "portals.participant", "portals.own_wheel", "portals.own_spider", "portals.own_score", "portals.own_goals",
        "portals.own_action_done", "portals.own_map", "portals.own_people", "portals.who_sees_me", "portals.consent_take_back",
        "placements.agreement_own", "people.card_open", "people.card_done", "matching.how_own",
    }
)  # fmt: skip
"""Pages whose texts are in every language of PARTICIPANT_LANGUAGES; tools/participant_messages.py lists those texts."""


class OwnPageLanguages:
    """Comes after LocaleMiddleware: gives these pages the further languages that somebody chose with the switch.

    Elsewhere such a choice counts as none, so that a page falls back to what the browser asks, else to Dutch.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: Any, _view: Any, _args: Any, _kwargs: Any) -> None:
        if request.resolver_match.view_name not in OWN_PAGES:
            return
        request.own_languages = settings.PARTICIPANT_LANGUAGES
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if chosen in dict(settings.PARTICIPANT_LANGUAGES):
            translation.activate(chosen)
            request.LANGUAGE_CODE = chosen


def language_context(request: Any) -> dict[str, Any]:
    """For the frame of the page: may it be read aloud, and does a speaker still have to check its language?"""
    own = hasattr(request, "own_languages")
    return {
        "read_aloud": own,
        "reading_aid": own and translation.get_language() not in dict(settings.LANGUAGES),
    }
