"""Pages from the public referral form to the end of a pathway."""
from django.http import HttpResponse
from stapsteen.core.pages import page
from typing import Any


@page("volg-aanmelding/<str:token>/", rule="pathways.referral.status")
def referral_status(request: Any) -> HttpResponse:
    return HttpResponse("")
