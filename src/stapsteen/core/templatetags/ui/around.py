"""What stands around a page: menu, messages, languages; and filters for one value."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.template.context import Context
from django.utils.formats import date_format
from django.utils.translation import get_language

from stapsteen.core import ui
from stapsteen.core.service_words import (
    left_to_right,
    service_words,
)
from stapsteen.core.templatetags.ui.base import MESSAGE_KINDS, register
from stapsteen.core.templatetags.ui.parts import alert


@register.inclusion_tag("components/nav.html", takes_context=True)
def ui_nav(context: Context, bar: int = 4) -> dict[str, Any]:
    """The staff menu: a column on a wide screen, a bar below with "more" on a phone.

    Reads `nav` of the page: [{label, url, icon, current, count, short}]; the first `bar` stand in the phone's bar.
    """
    empty = {"icon": "path", "current": False, "count": None, "short": ""}
    filled = [{**empty, **item} for item in context.get("nav") or []]
    return {"items": filled, "first": filled[:bar], "rest": filled[bar:]}


register.filter("service_words", service_words)
register.filter("left_to_right", left_to_right)


@register.filter
def ui_tel(phone: str) -> str:
    """The address behind a telephone number."""
    return ui.tel(phone)


@register.filter
def ui_date(value: date | str | None) -> str:
    """A day as "3 november 2026"; text stays text, nothing becomes a dash."""
    if isinstance(value, date):
        return date_format(value, "j F Y")
    return value or "–"


@register.inclusion_tag("components/messages.html", takes_context=True)
def ui_messages(context: Context) -> dict[str, Any]:
    """Django's messages as alerts, each once."""
    shown = []
    for message in context.get("messages") or []:
        kind = MESSAGE_KINDS.get(getattr(message, "level_tag", "info"), "info")
        shown.append(alert(kind, "", str(message), 2))
    return {"alerts": shown}


def language_choices(languages: Sequence[tuple[str, Any]]) -> list[tuple[str, str, str]]:
    """(code, what is shown, its name); a language that only some pages have is shown by its own name."""
    usual = dict(settings.LANGUAGES)
    return [(code, code.upper() if code in usual else str(name), str(name)) for code, name in languages]


@register.inclusion_tag("components/language_switch.html", takes_context=True)
def ui_language_switch(context: Context, url: str) -> dict[str, Any]:
    """The languages as buttons of one form that posts to `url` (Django's set_language) and comes back."""
    request = context.get("request")
    return {
        "url": url,
        "languages": language_choices(getattr(request, "own_languages", settings.LANGUAGES)),
        "current": (get_language() or settings.LANGUAGE_CODE)[:2],
        "next": request.get_full_path() if request is not None else "/",
        "csrf_token": context.get("csrf_token"),
    }
