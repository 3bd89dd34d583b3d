"""A form that comes in twice, or after its session ended: nothing doubled, nothing lost.

Every form carries a key and a sign of who opened it (the `csrf_token` tag puts them there). The same form with the same
words, sent again (a double tap, the back button), is answered with the first one's answer. What comes in without a session
waits, sealed, in the visitor's own web session: after login it is given back to the one who typed it, to look at and send.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from stapsteen.core import crypto, scope
from stapsteen.core.ids import uuid7
from stapsteen.core.models import SentForm

ONCE, WHO, KEPT = "_once", "_who", "_kept"
OWN = frozenset({"csrfmiddlewaretoken", ONCE, WHO, KEPT})
MOST = 200_000
"""Letters that are kept of a form whose session ended; who typed more is told to copy it first."""


def keys() -> list[tuple[str, str]]:
    """The hidden fields of a form that is shown now: name and value."""
    found = [(ONCE, str(uuid7()))]
    if scope.is_open() and (user := scope.current().actor.user_id):
        found.append((WHO, sign_of(user)))
    return found


def sign_of(user_id: UUID) -> str:
    """Tells whose form it was, without saying who."""
    return salted_hmac("stapsteen.core.resend", str(user_id), algorithm="sha256").hexdigest()


class _Again(Exception):
    """Another request with the same form was first."""


def once(request: HttpRequest, work: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Do the work of a sent form, inside the open scope; the same form again gets the first one's answer."""
    if request.method != "POST" or not request.POST.get(ONCE) or KEPT in request.POST:
        return work()
    key = _key(request)
    if before := _answered(request, key):
        return before
    try:
        with transaction.atomic():
            response = work()
            if location := response.headers.get("Location", ""):
                _remember(key, location)
    except _Again:
        return _answered(request, key) or work()
    return response


def _remember(key: str, location: str) -> None:
    """Waits for a request with the same key that isn't committed yet; _Again when that one was first."""
    try:
        with transaction.atomic():
            SentForm.objects.create(key=key, location=location)
    except IntegrityError:
        raise _Again from None


def _answered(request: HttpRequest, key: str) -> HttpResponseBase | None:
    before = SentForm.objects.filter(key=key).first()
    if before is None:
        return None
    messages.info(request, _("Dit was al bewaard. Het staat er één keer."))
    return redirect(before.location)


def _key(request: HttpRequest) -> str:
    """The form, its address, who sends it and every word in it: changed words are another form."""
    words = sorted((name, request.POST.getlist(name)) for name in request.POST if name not in OWN)
    uploads: Any = request.FILES.items()
    files = sorted((name, upload.name, upload.size) for name, upload in uploads)
    parts = [request.path, str(scope.current().actor), request.POST[ONCE], words, files]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def forget() -> int:
    """Forms that nobody sends again."""
    deleted, _rows = SentForm.objects.filter(at__lt=timezone.now() - timedelta(days=3)).delete()
    return int(deleted)


# The session ended -------------------------------------------------------------------------------------------------


def keep(request: Any) -> None:
    """Put what was typed, sealed, in this browser's own session, until the same person logs in."""
    typed = {name: request.POST.getlist(name) for name in request.POST if name not in OWN}
    plain = json.dumps({"path": request.get_full_path(), "who": request.POST.get(WHO, ""), "typed": typed})
    if request.POST.get(WHO) and len(plain) <= MOST:
        number, key = max(crypto.master_keys().items())
        request.session[KEPT] = crypto.seal(key, number, plain.encode(), KEPT).hex()


def give_back(request: Any) -> HttpResponse | None:
    """The page with what was typed, when it is this page's and this person's; another person's is thrown away."""
    sealed = request.session.get(KEPT)
    if sealed is None or request.method != "GET":
        return None
    raw = bytes.fromhex(sealed)
    kept = json.loads(crypto.unseal(crypto.master_keys()[crypto.number_of(raw)], raw, KEPT))
    mine = constant_time_compare(kept["who"], sign_of(request.user.pk))
    if mine and kept["path"] != request.get_full_path():
        return None
    del request.session[KEPT]
    return offer(request, kept["typed"]) if mine else None


def offer(request: Any, typed: dict[str, list[str]]) -> HttpResponse:
    """What was typed, in a form that only has to be opened again; nothing is done with it yet."""
    fields = [(name, value) for name, values in typed.items() for value in values]
    return render(request, "kept.html", {"fields": fields, "action": request.get_full_path()})


def csrf_failure(request: Any, reason: str = "") -> HttpResponse:
    """A form of before a new login in another tab: its own words come back to who opened it, else 403."""
    user: Any = getattr(request, "user", None)
    if getattr(user, "is_authenticated", False) and constant_time_compare(
        request.POST.get(WHO, ""), sign_of(user.pk)
    ):
        typed = {name: request.POST.getlist(name) for name in request.POST if name not in OWN}
        return offer(request, typed)
    return render(request, "403.html", status=403)
