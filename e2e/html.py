"""What stands in a page's HTML: its shape, its links and its forms; and three ways to fill in a form."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
TELLING = ("type", "role", "aria-current", "aria-invalid", "disabled")
FETCHED = ("data-list", "data-worker")
"""Where a script finds the address of what it fetches."""
SKIPPED = {"csrfmiddlewaretoken", "language"}
Sent = tuple[tuple[str, str], ...]


@dataclass
class Field:
    """One name of a form: its kind (the input's type, `select` or `textarea`), value, and what can be chosen."""

    name: str
    kind: str
    value: str = ""
    choices: list[str] = field(default_factory=list)


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    """Name, value and own address of each button that sends."""

    @property
    def asks(self) -> list[Field]:
        """What somebody fills in."""
        return [one for one in self.fields.values() if one.kind != "hidden"]

    @property
    def key(self) -> tuple[str, ...]:
        """Two forms with the same names are one to us."""
        return tuple(sorted({re.sub(r"[0-9a-f]{8}-[0-9a-f-]+|\d+", "0", name) for name in self.fields}))


class Page(HTMLParser):
    """Read once: `shape` (every kind of element in its place), `links`, `files` (what the browser fetches), `forms`.

    `path`: where it was shown, after any redirect; a form without an address goes back there.
    """

    def __init__(self, html: str, path: str) -> None:
        super().__init__()
        self.path = path
        self.shape: set[str] = set()
        self.links: list[str] = []
        self.files: set[str] = set()
        self.forms: list[Form] = []
        self._open: list[tuple[str, str]] = []
        self._form: Form | None = None
        self._select: Field | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        kind = ".".join([tag, *sorted(re.sub(r"\d+", "0", given.get("class", "")).split())])
        telling = [f"{name}={given[name]}" for name in TELLING if name in given]
        self.shape.add(" ".join([*(one for _tag, one in self._open[-2:]), kind, *telling]))
        if tag not in VOID:
            self._open.append((tag, kind))
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag in {"link", "img", "script"}:
            self.files.add(given.get("href") or given.get("src") or "")
        self.files |= {given[name] for name in FETCHED if name in given}
        self._read_form(tag, given)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass
        if tag == "form":
            self._form = None
        if tag == "select":
            self._select = None

    def _read_form(self, tag: str, given: dict[str, str]) -> None:
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif tag == "option" and self._select is not None:
            self._choice(self._select, given, chosen="selected" in given)
        elif self._form is not None and tag in {"input", "select", "textarea", "button"}:
            self._read_field(self._form, tag, given)

    def _read_field(self, form: Form, tag: str, given: dict[str, str]) -> None:
        kind, name = given.get("type", "text") if tag == "input" else tag, given.get("name", "")
        if tag == "button" or kind in {"submit", "button", "image"}:
            if given.get("type", "submit") == "submit":
                form.buttons.append((name, given.get("value", ""), given.get("formaction", "")))
            return
        if not name or name in SKIPPED:
            return
        known = form.fields.setdefault(name, Field(name, kind))
        if kind in {"radio", "checkbox"}:
            self._choice(known, {"value": given.get("value", "on")}, chosen="checked" in given)
        elif tag == "select":
            self._select = known
        else:
            known.value = given.get("value", "")

    def _choice(self, known: Field, given: dict[str, str], *, chosen: bool) -> None:
        if "disabled" not in given:
            known.choices.append(given.get("value", ""))
        if chosen:
            known.value = given.get("value", "")


def nothing(one: Field) -> str:
    """Sent as if nobody touched it and nothing was filled in before."""
    return one.value if one.kind == "hidden" else ""


def nonsense(one: Field) -> str:
    """Too long, no date, no number, not one of the choices."""
    if one.kind == "hidden":
        return one.value
    given = {
        "date": "99/99/9999",
        "month": "9999-99",
        "time": "99:99",
        "number": "veel",
        "email": "geen adres",
    }
    return given.get(one.kind, "bestaat-niet" if one.choices else "Onmogelijk" * 600)


def something(one: Field) -> str:
    """What stood there, else a value that may be right."""
    if one.value:
        return one.value
    given = {"date": date.today().isoformat(), "month": date.today().isoformat()[:7], "time": "09:00",  # noqa: DTZ011
             "number": "1", "email": "proef@example.org", "tel": "0470 12 34 56", "hidden": "", "file": ""}  # fmt: skip
    first = next((choice for choice in one.choices if choice), "")
    return given.get(one.kind, first if one.choices else "Proef")
