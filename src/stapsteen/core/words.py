"""What people type or paste, before anything else looks at it: signs that nobody can see or that turn text around are gone."""

from __future__ import annotations

import re
from typing import Final

from django.http import QueryDict

_ENDS_LINE: Final = "\r\x0b\x0c\x85\u2028\u2029"
_NOBODY_SEES: Final = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # control signs, tab and line ends aside
    "\u202a-\u202e\ufeff"  # turn the direction of what follows; mark the order of bytes
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # no characters at all (Unicode, chapter 23.7)
    + "".join(chr(plane << 16 | last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
)
_LINES, _ODD = re.compile(f"\r\n|[{_ENDS_LINE}]"), re.compile(f"[{_ENDS_LINE}{_NOBODY_SEES}]")


def tidy(text: str) -> str:
    """The text without such signs; whatever ends a line (a browser's two signs, a word processor's own) is one sign."""
    return _ODD.sub("", _LINES.sub("\n", text)) if _ODD.search(text) else text


def tidied(form: QueryDict) -> QueryDict:
    """The words of a form, tidied; the same object when there is nothing to do."""
    if not any(_ODD.search(value) for name in form for value in form.getlist(name)):
        return form
    clean = QueryDict(mutable=True)
    for name in form:
        clean.setlist(name, [tidy(value) for value in form.getlist(name)])
    return clean
