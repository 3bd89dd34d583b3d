"""The URLs: the registered pages and a short tested list of mounted prefixes (core.pages.MOUNTED), nothing else."""

from django.urls import include, path

from stapsteen.core import pages, states
from stapsteen.core.health import health

pages.discover()
for machine in states.MACHINES.values():
    machine.check()

urlpatterns = [
    path("aanmelden/", include("allauth.account.urls")),
    path("taal/", include("django.conf.urls.i18n")),
    path("gezond/", health),
    *pages.urlpatterns(),
]
handler404 = "stapsteen.core.health.not_found"
