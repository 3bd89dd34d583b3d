"""Fields and forms: each field with its label, help and error; the summary of errors; filters."""

from collections.abc import Callable, Sequence
from datetime import date, time
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.forms import BoundField
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from stapsteen.core.templatetags.ui.base import Item, one_of, register


def field_kind(field: BoundField) -> str:
    """How the field is drawn: hidden, choices (a group), checkbox, group (several inputs) or input."""
    widget = field.field.widget
    if field.is_hidden:
        return "hidden"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    return "group" if isinstance(widget, forms.MultiWidget | forms.SelectDateWidget) else "input"


def widget_class(widget: forms.Widget) -> str:
    """The design system's class for a widget."""
    if isinstance(widget, forms.Textarea):
        return "ams-text-area"
    if isinstance(widget, forms.Select):
        return "ams-select"
    if isinstance(widget, forms.FileInput):
        return "ams-file-input"
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "st-choice__input"
    return "ams-text-input"


def field_width(widget: forms.Widget, width: str) -> str:
    """The asked width ("s", "m", "l", "full"), or what fits the widget."""
    if width:
        return one_of(width, ["s", "m", "l", "full"], "width")
    if isinstance(widget, forms.NumberInput | forms.TimeInput):
        return "s"
    short = (
        isinstance(widget, forms.DateInput | forms.DateTimeInput)
        or getattr(widget, "input_type", "") == "tel"
    )
    return "m" if short else "l"


def described_by(field: BoundField, help_text: str) -> str:
    """Ids of the hint and the error that belong to the field."""
    ids = [f"{field.auto_id}_helptext"] if help_text else []
    return " ".join([*ids, f"{field.auto_id}_error"] if field.errors else ids)


def widget_attrs(field: BoundField, help_text: str, width: str) -> dict[str, Any]:
    """Attributes for the input: class, description, error mark."""
    widget = field.field.widget
    own = widget.attrs.get("class", "")
    classes = f"{widget_class(widget)} st-w-{field_width(widget, width)} {own}".strip()
    attrs: dict[str, Any] = {"class": classes, "aria-describedby": described_by(field, help_text) or False}
    if field.errors:
        attrs["aria-invalid"] = "true"
    return attrs


def absolute(typed: str) -> None:
    """Raises ValueError for what isn't a whole web address."""
    if not (urlsplit(typed).scheme and urlsplit(typed).netloc):
        raise ValueError(typed)


READERS: dict[str, Callable[[str], Any]] = {
    "date": date.fromisoformat,
    "month": lambda typed: date.fromisoformat(f"{typed}-01"),
    "time": time.fromisoformat,
    "number": float,
    "url": absolute,
}


def keep_what_was_typed(field: BoundField) -> None:
    """A browser drops what isn't a date from a date's input (time, number alike), and a web address must be one to be valid
    HTML: then it is shown in a plain input."""
    widget = field.field.widget
    read, typed = READERS.get(getattr(widget, "input_type", "")), field.value()
    if field.errors and read and isinstance(typed, str) and typed:
        try:
            read(typed)
        except ValueError:
            widget.input_type = "text"
            for limit in ("min", "max", "step"):
                widget.attrs.pop(limit, None)


@register.inclusion_tag("components/field.html")
def ui_field(
    field: BoundField,
    label: str = "",
    hint: str = "",
    width: str = "",
    hide_label: bool = False,
    prefix: str = "",
    suffix: str = "",
    inline: bool = False,
    mark_optional: bool = True,
) -> dict[str, Any]:
    """A form field with label, hint, error and input; groups become a fieldset.

    prefix and suffix are shown beside the input ("€", "uur"); inline puts choices beside each other.
    """
    keep_what_was_typed(field)
    help_text, kind = hint or str(field.help_text), field_kind(field)
    attrs = widget_attrs(field, help_text, width)
    group = kind in ("choices", "group")
    return {
        "field": field,
        "kind": kind,
        "label": label or field.label,
        "help": help_text,
        "errors": list(field.errors),
        "widget": SafeString()
        if kind == "choices"
        else field.as_widget(attrs={} if kind == "hidden" else attrs),
        "options": list(field.subwidgets) if kind == "choices" else [],
        "described_by": described_by(field, help_text) if group else "",
        "hide_label": hide_label,
        "prefix": prefix,
        "suffix": suffix,
        "inline": inline,
        "optional": mark_optional and not field.field.required and kind != "checkbox",
    }


def first_id(field: BoundField) -> str:
    """The id of the first input of a field, for a link that must land on it."""
    if field_kind(field) in ("choices", "group") and isinstance(field.field.widget, forms.MultiWidget):
        return f"{field.auto_id}_0"
    return f"{field.auto_id}_0" if field_kind(field) == "choices" else field.id_for_label or field.auto_id


def form_errors(form: forms.BaseForm) -> list[dict[str, str]]:
    """Every error of a form with the place to mend it: [{text, href}]; those of the whole form have no href."""
    errors = [{"text": str(text), "href": ""} for text in form.non_field_errors()]
    for field in form:
        href = "" if field.is_hidden else f"#{first_id(field)}"
        name = f"{field.label}".rstrip(":")
        name = name if name.endswith(("?", ".")) else f"{name}:"
        errors += [{"text": f"{name} {text}", "href": href} for text in field.errors]
    return errors


@register.inclusion_tag("components/error_summary.html")
def ui_error_summary(
    form: forms.BaseForm | None = None, errors: Sequence[Item] = (), focus: bool = True
) -> dict[str, Any]:
    """All errors together above a form, with links to the fields; takes the focus. Empty when all is well."""
    found = form_errors(form) if form is not None else []
    widgets = [field.widget for field in form.fields.values()] if form is not None else []
    kept = not any(isinstance(widget, forms.PasswordInput) for widget in widgets)
    return {"errors": [*found, *errors], "focus": focus, "kept": kept}


@register.inclusion_tag("components/form_fields.html")
def ui_fields(form: forms.BaseForm, summary: bool = True) -> dict[str, Any]:
    """The error summary and all fields of a form, without the form element."""
    return {"form": form, "summary": summary, "fields": list(form)}


@register.inclusion_tag("components/form.html", takes_context=True)
def ui_form(
    context: Context,
    form: forms.BaseForm,
    submit: str = "",
    action: str = "",
    method: str = "post",
    cancel: str = "",
    cancel_label: str = "",
    kind: str = "primary",
    summary: bool = True,
    warn: bool = False,
) -> dict[str, Any]:
    """A whole form: error summary, fields, button. cancel: where to go back to; warn: ask before leaving unsaved."""
    return {
        "form": form,
        "submit": submit or _("Bewaar"),
        "action": action,
        "method": one_of(method, ["post", "get"], "method"),
        "cancel": cancel,
        "cancel_label": cancel_label or _("Terug, niets bewaren"),
        "kind": kind,
        "summary": summary,
        "warn": warn,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("components/confirm.html", takes_context=True)
def ui_confirm(
    context: Context,
    title: str,
    text: str,
    action_label: str,
    cancel: str,
    action: str = "",
    danger: bool = False,
    points: Sequence[str] = (),
    level: int = 1,
) -> dict[str, Any]:
    """Are you sure? as a page of its own: says what will happen, then asks. points: what changes, line by line."""
    return {
        "title": title,
        "text": text,
        "action_label": action_label,
        "cancel": cancel,
        "action": action,
        "danger": danger,
        "points": points,
        "level": level,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("components/filter_bar.html")
def ui_filter_bar(form: forms.BaseForm, reset: str = "", submit: str = "", found: str = "") -> dict[str, Any]:
    """Filters above a list (GET). reset: address without filters; found: what is shown ("12 personen")."""
    return {
        "form": form,
        "fields": list(form),
        "errors": form_errors(form),
        "reset": reset,
        "submit": submit or _("Toon"),
        "found": found,
    }
