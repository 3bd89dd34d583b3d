"""Two colleagues change the same record: neither loses a word, and both see it.

    class PersonForm(Edit, forms.Form):
        own_fields = ("first_name", "phone", ...)
    form = PersonForm(request.POST or None, record=person)

The form carries a hash of each value as it was shown. When it comes in, the record is locked and read anew. What only the
other changed is taken over; what only I changed stands; what both changed comes back with both texts, to choose from.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from stapsteen.core.errors import RuleBroken
from stapsteen.core.pages import show, submit

SEEN = "_seen"


class Edit(forms.BaseForm):
    """Mixed into a form that changes a record. `own_fields`: form fields that are columns of the record by the same name.

    `taken_over` names the fields that another changed meanwhile and that were kept as the other wrote them. `together`:
    groups of fields that mean something only with each other (a point and why). `takes_over` False: a form that says anew
    what holds from now on, so that nothing of another's is put in it unseen. A form without a record makes a new one.
    """

    own_fields: tuple[str, ...] = ()
    together: tuple[tuple[str, ...], ...] = ()
    takes_over = True

    def __init__(self, *args: Any, record: Any, **kwargs: Any) -> None:
        self.record = record
        self.taken_over: list[str] = []
        if bound := bool(args and args[0] is not None) or kwargs.get("data") is not None:
            self.hold()
        now = {name: self.shown(name) for name in self.own_fields} if record is not None else {}
        kwargs["initial"] = {**now, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.now = {name: value for name, value in now.items() if name in self.fields}
        self.fields[SEEN] = forms.CharField(required=False, widget=forms.HiddenInput)
        if bound:
            self.seen = _read(str(self.data.get(self.add_prefix(SEEN), "")))
            data: Any = self.data
            self.data = data.copy()
            self.data[self.add_prefix(SEEN)] = self._hashes()  # type: ignore[index] # in view at the next save
        else:
            self.initial[SEEN] = self._hashes()

    def hold(self) -> None:
        """Lock what is changed and read it anew; override where that is more, or other, than the record itself."""
        if self.record is not None:
            lock(self.record)

    def shown(self, name: str) -> Any:
        """The record's value as the form's field cleans it; override where field and column differ in shape."""
        return getattr(self.record, name)

    def clean(self) -> dict[str, Any]:
        """Merge field by field; a field that both changed to something else is an error that shows the other's text."""
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned.pop(SEEN, None)
        mine = {name: _hash(name, value) for name, value in cleaned.items()}
        for name in [name for name in self.now if name in cleaned and name in self.seen]:
            if _hash(name, self.now[name]) in (self.seen[name], mine[name]):
                continue
            group = next((names for names in self.together if name in names), (name,))
            if self.takes_over and all(mine.get(one) == self.seen.get(one) for one in group):
                cleaned[name] = self.now[name]
                self.taken_over.append(name)
            else:
                self._both(name)
        return cleaned

    def _both(self, name: str) -> None:
        words = self.in_words(name, self.now[name])
        told = _("Hier staat intussen: “%(words)s”. Jouw woorden staan nog in het vak.")
        told %= {"words": words or _("niets")}
        self.add_error(name, f"{told} {_('Kies wat er moet staan en bewaar opnieuw.')}")

    def in_words(self, name: str, value: Any) -> str:
        """The other's value as a person reads it."""
        options = dict(getattr(self.fields[name], "choices", ()) or ())
        if isinstance(value, list | tuple):
            return ", ".join(str(options.get(part, part)) for part in value)
        shown = self.fields[name].prepare_value(value)
        return str(options.get(shown, "" if shown is None else shown))

    def _hashes(self) -> str:
        return json.dumps({name: _hash(name, value) for name, value in self.now.items()})


def tell_merged(request: HttpRequest, form: Any) -> None:
    """After saving: which fields a colleague changed meanwhile, and stand as that one wrote them."""
    if taken_over := getattr(form, "taken_over", ()):
        labels = ", ".join(str(form.fields[name].label) for name in taken_over)
        words = _("Een collega wijzigde intussen ook iets. Dat is bewaard: %(fields)s.")
        messages.info(request, words % {"fields": labels})


def form_page(
    request: HttpRequest, form: Any, act: Callable[[dict[str, Any]], Any], *, done: str, back: str, template: str,
    context: dict[str, Any],
) -> HttpResponse:  # fmt: skip
    """A page with one form: kept, it says `done` and goes `back`; otherwise it is shown, with why it wasn't kept."""
    if submit(form, act):
        messages.success(request, done)
        tell_merged(request, form)
        return redirect(back)
    return show(request, template, {**context, "form": form})


def lock(record: Any) -> None:
    """Wait for who writes this record now, then read it anew; RuleBroken when it is gone."""
    rows = type(record)._default_manager.select_for_update().filter(pk=record.pk)
    if not list(rows.values_list("pk")):
        raise RuleBroken(_("Een collega wiste dit intussen."))
    record.refresh_from_db()


def _hash(name: str, value: Any) -> str:
    """Short, keyed, so that the page doesn't give away what a field held; empty is empty, whatever its kind."""
    empty = value in (None, "", [], ())
    value = sorted(value) if isinstance(value, list | tuple) else value
    plain = "" if empty else json.dumps(value, default=_plain).replace("\\r\\n", "\\n").strip()
    return salted_hmac(f"stapsteen.core.edits/{name}", plain, algorithm="sha256").hexdigest()[:16]


def _plain(value: Any) -> str:
    return str(getattr(value, "pk", value))


def _read(text: str) -> dict[str, str]:
    """Hashes as the form was shown; a form without them (or with nonsense) is taken as it comes."""
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):  # brackets in brackets, by the thousand
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}
