"""Words of the service inside a page in another language: marked, so that they are spoken and set right (WCAG 3.1.2).

Programmes speak Dutch, French and English. The participant's own pages exist in more languages (Arabic, Turkish,
Ukrainian); there the programme's words, axes and goals stay Dutch, between words that aren't.
"""

from __future__ import annotations

import re
import unicodedata

from django.conf import settings
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_bidi

SERVICE_LANGUAGE = "nl"


def foreign() -> bool:
    """Whether the page is in a language that programmes have no words in."""
    return (get_language() or SERVICE_LANGUAGE)[:2] not in dict(settings.LANGUAGES)


def latin(text: str) -> bool:
    """Whether the letters of a text are Latin; a text without letters counts as such."""
    return all("LATIN" in unicodedata.name(sign, "") for sign in text if sign.isalpha())


def service_words(text: object) -> str:
    """As it is; in a page of a further language inside a mark that says: this is Dutch, from left to right.

    Words in another script aren't Dutch, whoever typed them: those only get their own direction.
    """
    shown = str(text)
    if not foreign() or not shown or isinstance(text, SafeString):
        return text if isinstance(text, SafeString) else shown
    if latin(shown):
        return format_html('<span lang="{}" dir="ltr">{}</span>', SERVICE_LANGUAGE, shown)
    return format_html('<span dir="auto">{}</span>', shown)


def left_to_right(value: object) -> str:
    """A telephone number or an address: in a page from right to left its groups would stand in reverse order."""
    shown = str(value or "")
    return format_html('<bdi dir="ltr">{}</bdi>', shown) if shown and get_language_bidi() else shown


def with_service_words(pattern: str, **words: object) -> str:
    """A translated sentence ("Nu: %(current)s.") with the service's words in it, each of them marked."""
    marked = {name: conditional_escape(service_words(text)) for name, text in words.items()}
    parts = re.split(r"%\((\w+)\)s", pattern)
    return mark_safe("".join(marked[part] if i % 2 else escape(part) for i, part in enumerate(parts)))  # noqa: S308 - each part is escaped


def drawing_language() -> str:
    """For the `lang` of a drawing that holds the service's words; '' where the page's own language is right."""
    return SERVICE_LANGUAGE if foreign() else ""
