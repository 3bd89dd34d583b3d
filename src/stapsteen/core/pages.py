"""Guarantee 2, permission: the one way to register a URL.

    @page("<slug:service>/mensen/<uuid:person>/", rule="people.person.view", loads="person")
    def person_detail(request, person): ...

The page is reached only through its rule, gets its object from that rule (404 for whoever may not see it), reads only on
GET, and writes its read log in the same transaction. The URLs of the house are this list and MOUNTED, nothing else.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

from django.apps import apps
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path, reverse

from stapsteen.core import limits, links, resend, words
from stapsteen.core.access import RULES, Answer, Rule
from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor, is_open, open_scope

View = Callable[..., HttpResponse]
MOUNTED = {
    "aanmelden/": "login and logout (django-allauth)",
    "gezond/": "health for the proxy: no data",
    "taal/": "language switch",
}


CARD = "card"
"""In the web session of a participant who opened the own pages with a card: which card, of which service, last used."""


class House(Protocol):
    """What the network room tells core: services and actors (set when it starts)."""

    def service(self, slug: str) -> Any: ...
    def actor(self, request: HttpRequest, service: Any) -> Actor | None: ...
    def service_by_id(self, key: UUID) -> Any: ...


class _Empty:
    house: House


NETWORK = _Empty()
RENEWALS = 5
CHROME: list[Callable[[Any], dict[str, Any]]] = []
"""What stands around every page (menu, services, search): given by the portals room, which knows all pages."""


@dataclass(frozen=True)
class Page:
    route: str
    name: str
    rule: str
    view: View
    loads: str
    methods: tuple[str, ...]
    spans: bool

    @property
    def shell(self) -> Rule:
        return RULES[self.rule]


PAGES: dict[str, Page] = {}


def page(
    route: str,
    *,
    rule: str,
    loads: str = "",
    name: str = "",
    methods: tuple[str, ...] = ("GET",),
    spans: bool = False,
) -> Callable[[View], View]:
    """Register a view. `loads` names the URL's uuid that the rule turns into an object.

    `spans`: the page opens the scopes itself, one service after the other (`each_service`), or needs none.
    """

    def register(view: View) -> View:
        room = view.__module__.split(".")[1]
        full = name or f"{room}.{view.__name__}"
        if full in PAGES:
            raise LookupError(f"Page {full} is there twice.")
        PAGES[full] = Page(route, full, rule, view, loads, methods, spans)
        return view

    return register


def urlpatterns() -> list[URLPattern]:
    """All pages; an unknown rule stops the start."""
    for entry in PAGES.values():
        if entry.rule not in RULES:
            raise LookupError(f"Page {entry.name}: unknown rule {entry.rule}.")
    fixed_first = sorted(PAGES.values(), key=lambda entry: entry.route.startswith("<"))
    return [path(entry.route, _door(entry), name=entry.name) for entry in fixed_first]


def _door(entry: Page) -> Callable[..., HttpResponseBase]:
    @functools.wraps(entry.view)
    def door(request: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in {*entry.methods, "HEAD"}:
            return HttpResponse(status=405, headers={"Allow": ", ".join(entry.methods)})
        request.page = entry
        if request.method == "POST":
            request.POST = words.tidied(request.POST)
        request.service, request.actor = None, Actor("visitor")
        response: HttpResponseBase = _DOORS[entry.shell.audience](request, entry, kwargs)
        if response.streaming:
            raise TypeError(f"Page {entry.name} streams: outside the scope it would show nothing.")
        known = request.user.is_authenticated or (request.actor is not None and request.actor.card_id)
        response.headers.setdefault("Cache-Control", "no-store" if known else "no-cache")
        return response

    return door


def _member(request: Any, entry: Page, kwargs: dict[str, Any]) -> HttpResponseBase:
    request.service = NETWORK.house.service(kwargs.pop("service"))
    request.actor = NETWORK.house.actor(request, request.service) if request.service else None
    if request.actor is None and not request.user.is_authenticated:
        return _to_login(request, entry)
    if request.user.is_authenticated and (back := resend.give_back(request)):
        return back
    if request.actor is None:
        raise Http404
    return _inside(request, entry, kwargs)


def _to_login(request: Any, entry: Page) -> HttpResponseBase:
    """Log in first, then back to this page, with what was typed; from a button without a page of its own, to the start."""
    if entry.route.startswith("api/"):
        return JsonResponse({"error": "log in first"}, status=401)
    if request.session.pop(CARD, None):
        return render(request, "card_over.html", status=403)
    if "GET" not in entry.methods:
        return redirect_to_login(reverse("network.start"))
    if request.method == "POST":
        resend.keep(request)
    return redirect_to_login(request.get_full_path())


def _visitor(request: Any, entry: Page, kwargs: dict[str, Any]) -> HttpResponseBase:
    request.service = NETWORK.house.service(kwargs.pop("service"))
    if request.service is None:
        raise Http404
    return _inside(request, entry, kwargs)


def _open(request: Any, entry: Page, kwargs: dict[str, Any]) -> HttpResponseBase:
    return _answer(request, entry, _load(entry, request.actor, kwargs))


def _user(request: Any, entry: Page, kwargs: dict[str, Any]) -> HttpResponseBase:
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    request.actor = Actor("user", user_id=request.user.pk)
    return _open(request, entry, kwargs)


def _link(request: Any, entry: Page, kwargs: dict[str, Any]) -> HttpResponseBase:
    link = links.read(kwargs.pop("token"))
    if link is None or link.purpose != entry.rule:
        raise Http404
    if link.expired:
        return _expired(request, link)
    request.actor = Actor(f"link:{link.purpose}", link=link)
    if not entry.spans:
        request.service = NETWORK.house.service_by_id(UUID(link.data["service"]))
    return _inside(request, entry, kwargs)


def _expired(request: Any, link: links.Link) -> HttpResponse:
    """Says so, and offers a fresh link: sent to the receiver of the old one, whoever asks; a few times an hour."""
    renew, wait = links.RENEW.get(link.purpose), ""
    asked = renew is not None and request.method == "POST"
    if asked and not (wait := limits.refusal(request, "renew", most=RENEWALS, per=timedelta(hours=1))):
        renew(link)  # type: ignore[misc]
    context = {"can_renew": renew is not None, "sent": asked and not wait, "wait": wait}
    return render(request, "link_expired.html", context, status=429 if wait else 410)


_DOORS = {"member": _member, "visitor": _visitor, "open": _open, "user": _user, "link": _link}


def _inside(request: Any, entry: Page, kwargs: dict[str, Any]) -> HttpResponseBase:
    if entry.spans:
        return _answer(request, entry, _load(entry, request.actor, kwargs))
    return in_scope(
        request, request.service, lambda: _answer(request, entry, _load(entry, request.actor, kwargs))
    )


def in_scope[T](request: Any, service: Any, work: Callable[[], T]) -> T:
    """Do the work in one service's scope, with its own row in the read log; read-only on GET and HEAD."""
    readonly = request.method in {"GET", "HEAD"}
    with open_scope(service.pk, actor=request.actor, purpose=request.page.name, readonly=readonly):
        return work()


def each_service[T](request: Any, services: list[Any], work: Callable[[Any], T]) -> list[T]:
    """For a page that spans services: sibling scopes, one after the other, never nested."""
    return [in_scope(request, service, functools.partial(work, service)) for service in services]


def _load(entry: Page, actor: Actor, kwargs: dict[str, Any]) -> dict[str, Any]:
    """The view's arguments, its object fetched through the rule; Http404 for whoever may not."""
    answer = RULES[entry.rule].find(actor)
    if answer is None or answer is False:
        raise Http404
    if entry.loads:
        kwargs[entry.loads] = _one(answer, kwargs[entry.loads])
    return kwargs


def _one(answer: Answer, key: UUID) -> Any:
    if not isinstance(answer, QuerySet):
        raise Http404
    found = answer.filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def load(actor: Actor, rule: str, key: UUID | str) -> Any:
    """A second object of a page, through its own rule; Http404 when the actor may not reach it, or for no key at all."""
    try:
        return _one(RULES[rule].find(actor), UUID(str(key)))
    except ValueError:
        raise Http404 from None


def _answer(request: Any, entry: Page, kwargs: dict[str, Any]) -> HttpResponseBase:
    """The view's response, rendered here, inside the scope; a broken rule becomes a page that says so."""
    try:
        with transaction.atomic():
            return (
                resend.once(request, lambda: _view(request, entry, kwargs))
                if is_open()
                else _view(request, entry, kwargs)
            )
    except RuleBroken as broken:
        return render(request, "rule_broken.html", {"broken": broken}, status=422)


def _view(request: Any, entry: Page, kwargs: dict[str, Any]) -> HttpResponseBase:
    response: Any = entry.view(request, **kwargs)
    return response.render() if hasattr(response, "render") else response


def submit(form: Any, act: Callable[[dict[str, Any]], Any]) -> bool:
    """Valid input and an action whose rules hold: True. Otherwise the form says why and comes back filled in."""
    if not form.is_bound or not form.is_valid() or resend.KEPT in form.data:
        return False  # what was kept from before a login is looked at first
    try:
        with transaction.atomic():
            act(form.cleaned_data)
    except RuleBroken as broken:
        known = broken.field if broken.field in form.fields else None
        form.add_error(known, str(broken.message))
        return False
    return True


def show(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Render; 422 when a form in the context came back with errors."""
    failed = any(getattr(value, "is_bound", False) and value.errors for value in context.values())
    return render(request, template, context, status=422 if failed else 200)


def discover() -> None:
    """Import every room's access, states and views, so that rules, machines and pages are known."""
    import importlib
    import importlib.util

    for part in ("access", "states", "events", "views"):
        for config in apps.get_app_configs():
            name = f"{config.name}.{part}"
            if config.name.startswith("stapsteen.") and importlib.util.find_spec(name):
                importlib.import_module(name)
