"""The URLs: the registered pages and a short tested list of mounted prefixes (core.pages.MOUNTED), nothing else."""

from typing import Any, NoReturn

from allauth.account.urls import urlpatterns as account_patterns
from django.http import Http404, HttpRequest
from django.urls import URLPattern, include, path

from stapsteen.core import pages, states
from stapsteen.core.health import health

pages.discover()
for machine in states.MACHINES.values():
    machine.check()

OFFERED = {
    "account_login", "account_logout", "account_inactive", "account_change_password", "account_set_password",
    "account_reset_password", "account_reset_password_done", "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}  # fmt: skip
"""Of allauth's pages; nobody makes an account here by themselves, and an address is changed by the administrator."""


def not_offered(_request: HttpRequest, **_words: Any) -> NoReturn:
    """allauth still asks for the addresses of these pages, so they keep a name."""
    raise Http404


accounts = [
    one if one.name in OFFERED else URLPattern(one.pattern, not_offered, name=one.name)
    for one in account_patterns
]
urlpatterns = [
    path("aanmelden/", include(accounts)),
    path("taal/", include("django.conf.urls.i18n")),
    path("gezond/", health),
    *pages.urlpatterns(),
]
handler400 = "stapsteen.core.health.bad_request"
handler404 = "stapsteen.core.health.not_found"
