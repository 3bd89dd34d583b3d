"""A host's own path: the intake talk, and the yearly look back on one sheet (D6)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.hosts import actions, queries
from stapsteen.hosts.forms import ReviewForm, TalkForm
from stapsteen.hosts.models import Host
from stapsteen.hosts.views.common import host_form, host_page


@host_page("gesprek")
def talk_add(request: Any, host: Host) -> HttpResponse:
    """The intake talk with the organisation."""
    return host_form(
        request,
        host,
        TalkForm(request.POST or None),
        lambda data: actions.hold_talk(host=host, actor=request.actor, **data),
        title=_("Intakegesprek"),
        done=_("Het gesprek is bewaard."),
        text=_("Een plek lukt alleen als het team het wil. Een nee is ook een goed antwoord."),
    )


@host_page("terugblik")
def review_add(request: Any, host: Host) -> HttpResponse:
    """The year on one sheet: what the numbers say, what both say; it can be printed and filled in together."""
    picture = queries.picture(host)
    return host_form(
        request,
        host,
        ReviewForm(request.POST or None),
        lambda data: actions.look_back(host=host, actor=request.actor, **data),
        title=_("Samen terugkijken"),
        done=_("De terugblik is bewaard."),
        text=_("Eén blad om samen in te vullen. We tellen, zonder namen."),
        template="hosts/review_add.html",
        extra={"stats": stats(picture, queries.years([host], timezone.localdate())[host.pk])},
    )


def stats(picture: queries.HostPicture, year: queries.YearFacts) -> list[tuple[str, str]]:
    """The year in numbers, of this service; the guidance is of the whole network."""
    visits = sum(note.kind == "visit" for note in picture.notes if within_a_year(note.happened_on))
    places = picture.row.places
    carried = _("nog niet gevraagd") if places is None else f"{picture.row.load.used} / {places}"
    return [
        (_("Kwamen dit jaar"), str(year.came)),
        (_("Zijn er nu"), str(year.there)),
        (_("Stopten binnen drie maanden"), str(year.stopped_early)),
        (_("Keren dat de organisatie nee zei"), str(year.said_no)),
        (_("Bezoeken"), str(visits)),
        (_("Begeleiding nu, hele netwerk"), carried),
    ]


def within_a_year(day: Any) -> bool:
    return bool((timezone.localdate() - day).days <= 365)
