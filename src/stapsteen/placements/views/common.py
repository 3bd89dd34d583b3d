"""What the pages about places share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpResponse

from stapsteen.core import halfdays
from stapsteen.core.pages import View, page
from stapsteen.people.queries import person_url
from stapsteen.placements import compose, queries
from stapsteen.placements.agreement_document import AgreementDocument, Language, render_agreement
from stapsteen.placements.models import Agreement, Placement
from stapsteen.placements.states import PLACEMENT

FORM = ("GET", "POST")


def placement_page(part: str) -> Callable[[View], View]:
    """A page with a form at `part` of a place's address, for who guides it."""
    route = f"<slug:service>/plekken/<uuid:placement>/{part}/"
    return page(route, rule="placements.placement.guide", loads="placement", methods=FORM)


def about(request: Any, person: Any) -> dict[str, Any]:
    """What each page about one person shows on top."""
    return {
        "person": person,
        "person_name": str(person),
        "person_url": person_url(request.service, person.pk),
    }


def frame(request: Any, placement: Placement) -> dict[str, Any]:
    return {
        **about(request, placement.person),
        "placement": placement,
        "organisation": placement.host.organisation,
        "placement_url": queries.placement_url(request.service, placement.pk),
        "state": str(PLACEMENT.states[placement.state]),
        "badge": queries.STATE_BADGES[placement.state],
    }


def plain(document: AgreementDocument) -> dict[str, Any]:
    """What the plain-language page shows of a document."""
    slots = [
        {
            "day": halfdays.DAYS[slot.weekday - 1],
            "from": slot.start.strftime("%H:%M"),
            "until": slot.end.strftime("%H:%M"),
        }
        for slot in document.roster
    ]
    return {
        "document": document,
        "slots": slots,
        "signed": [line for line in document.signatures if line.signed_on],
    }


def pdf_answer(request: Any, agreement: Agreement) -> HttpResponse:
    document = compose.document(queries.whole_agreement(agreement))
    asked = request.GET.get("taal", "")
    language = cast("Language", asked if asked in ("nl", "fr", "en") else document.language)
    answer = HttpResponse(render_agreement(document, language), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{document.filename(language)}"'
    return answer
