"""The hidden fields of every form: Django's own token, and the keys of core/resend.py."""

from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from stapsteen.core import resend

register = template.Library()


@register.simple_tag(name="csrf_token", takes_context=True)
def csrf_token(context: Any) -> SafeString | str:
    """In the place of Django's tag, so that no form can forget it; nothing where there is no token."""
    token = context.get("csrf_token")
    if not token or token == "NOTPROVIDED":  # noqa: S105 -- Django's word for: no request
        return ""
    fields = [("csrfmiddlewaretoken", str(token)), *resend.keys()]
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', fields)
