"""Lists of axes to begin from: look, write, import, stop."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from stapsteen.core.pages import page, show, submit
from stapsteen.pathways import actions
from stapsteen.pathways.axis_files import LARGEST
from stapsteen.pathways.forms_looking import AxisImportForm, AxisTemplateForm
from stapsteen.pathways.models import AxisTemplate

FORM = ("GET", "POST")
LISTS = "<slug:service>/assenlijsten/"


@page(LISTS, rule="pathways.axis_template.keep")
def axis_templates(request: Any) -> HttpResponse:
    """The service's lists, with what is in them."""
    rows = AxisTemplate.objects.filter(stopped_on=None)
    context = {
        "lists": [{"row": row, "axes": row.axes, "stop_url": at(request, "axis_template_stop", template=row.pk)}
                  for row in rows],
        "add_url": at(request, "axis_template_add"),
        "import_url": at(request, "axis_template_import"),
    }  # fmt: skip
    return show(request, "pathways/axis_templates.html", context)


@page(LISTS + "nieuw/", rule="pathways.axis_template.keep", methods=FORM)
def axis_template_add(request: Any) -> HttpResponse:
    form = AxisTemplateForm(request.POST or None)
    if submit(
        form,
        lambda data: actions.add_axis_template(
            actor=request.actor, name=data["name"], source=data["source"], axes=form.axes()
        ),
    ):
        return _kept(request)
    return _form(request, form, _("Nieuwe lijst"), _("Alleen eigen woorden of vrije teksten."))


@page(LISTS + "inlezen/", rule="pathways.axis_template.keep", methods=FORM)
def axis_template_import(request: Any) -> HttpResponse:
    """Out of a TOML or CSV file."""
    form = AxisImportForm(request.POST or None, request.FILES or None)
    if submit(
        form,
        lambda data: actions.import_axis_template(
            actor=request.actor,
            file_name=data["file"].name,
            content=data["file"].read(LARGEST + 1),
            name=data["name"],
        ),
    ):
        return _kept(request)
    lede = _("CSV met de kolommen naam, laag, hoog, laagste en hoogste. Of TOML.")
    return _form(request, form, _("Lijst inlezen"), lede)


@page(
    LISTS + "<uuid:template>/stop/", rule="pathways.axis_template.keep", loads="template", methods=("POST",)
)
def axis_template_stop(request: Any, template: AxisTemplate) -> HttpResponse:
    actions.stop_axis_template(template=template, actor=request.actor)
    messages.success(request, _("De lijst wordt niet meer aangeboden."))
    return redirect(at(request, "axis_templates"))


def _kept(request: Any) -> HttpResponse:
    messages.success(request, _("De lijst is bewaard."))
    return redirect(at(request, "axis_templates"))


def _form(request: Any, form: Any, title: str, lede: str) -> HttpResponse:
    context = {"form": form, "title": title, "lede": lede, "back": at(request, "axis_templates")}
    return show(request, "pathways/axis_template_form.html", context)


def at(request: Any, name: str, **more: Any) -> str:
    return reverse(f"pathways.{name}", kwargs={"service": request.service.slug, **more})
