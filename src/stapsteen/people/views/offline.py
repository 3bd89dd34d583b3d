"""Notes on the way: a page that works without connection. What is written there is sealed on the phone until it is sent.

The page itself (the shell) holds nothing about anybody, so that it may lie in the phone's memory. Names and the key come
apart, only after a login; the names are kept sealed, the key only as long as the tab is open.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone

from stapsteen.core.pages import page, show, submit
from stapsteen.core.resend import sign_of
from stapsteen.people.actions import receive_note
from stapsteen.people.forms_journal import NoteForm, OfflineNoteForm
from stapsteen.people.models import Person
from stapsteen.people.queries_journal import on_the_way, phone_keys

WORKER = "js/onderweg-werker.js"


@page("<slug:service>/onderweg/", rule="people.note.offline")
def offline(request: Any) -> HttpResponse:
    """The shell: form, list of what waits, and the script that does the work. Nothing about a person."""
    return show(
        request, "people/offline.html", {"form": NoteForm(auto_id="note_%s", initial={"kind": "visit"})}
    )


@page("<slug:service>/onderweg/lijst.json", rule="people.note.offline")
def offline_list(request: Any) -> HttpResponse:
    """Whom the colleague may visit (ids and first names), the key of this colleague's phone, and a fresh form token."""
    keys = phone_keys(request.actor, request.service.pk)
    return JsonResponse(
        {
            "people": on_the_way(request.actor, timezone.now()),
            "keys": keys,
            "newest": max(keys, key=int),
            "owner": sign_of(request.user.pk),
            "csrf": get_token(request),
            "today": timezone.localdate().isoformat(),
        }
    )


@page("<slug:service>/onderweg/werker.js", rule="people.note.offline")
def offline_worker(request: Any) -> HttpResponse:
    """The service worker, served from here so that it can only reach this page."""
    source = (settings.ROOT / "static" / WORKER).read_text()
    return HttpResponse(source, content_type="text/javascript; charset=utf-8")


@page("<slug:service>/onderweg/<uuid:person>/", rule="people.person.view", loads="person", methods=("POST",))
def offline_send(request: Any, person: Person) -> HttpResponse:
    """One note comes in. 201: new. 200: we had it. 422: what is wrong with it. 404: not (any more) one's own person."""
    form = OfflineNoteForm(request.POST)
    new: list[bool] = []
    if submit(form, lambda data: new.append(receive_note(person=person, actor=request.actor, **data))):
        return JsonResponse({"new": new[0]}, status=201 if new[0] else 200)
    return JsonResponse(
        {"errors": [str(text) for texts in form.errors.values() for text in texts]}, status=422
    )
