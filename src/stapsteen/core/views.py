"""The styleguide: every component, filled, empty and in error."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from stapsteen.core.pages import page
from stapsteen.core.styleguide import styleguide_context


@page("stijl/", rule="network.anyone", name="core.styleguide")
def styleguide(request: HttpRequest) -> HttpResponse:
    return render(request, "styleguide.html", styleguide_context())
