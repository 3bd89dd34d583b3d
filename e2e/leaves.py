"""Every page in every state and language, as HTML, asked once without a browser.

A leaf is one answer: a page in a state. States: `filled` (the demo, walked along its links as each role, and what comes
after a form was sent), `empty` (a service without any data; a case with nothing around it; a search that finds nothing)
and `error` (each form sent empty, and sent with nonsense). Of each page in each state the first leaf is kept; a next one
only when it shows a kind of element, in a kind of place, that no leaf showed before. All of it stands in a transaction
taken back.
"""

from __future__ import annotations

import re
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode, urljoin, urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, Resolver404, get_resolver, resolve, reverse
from django.utils import translation
from django.views import defaults

from e2e.html import Field, Form, Page, Sent, nonsense, nothing, something
from stapsteen.core import links
from stapsteen.core.pages import PAGES
from stapsteen.network.models import StaffMember, User
from stapsteen.network.roles import ROLES
from stapsteen.testing.walk import Case, build, link_tokens, quick_templates, sent_with
from stapsteen.testing.world import make_service, make_staff

LANGUAGES = ("nl", "fr", "en")
TRIES = 6
ADDRESSES = 4
"""So many addresses of one page are opened for the first role that reaches it (one for each next role)."""
NOWHERE = "zzqqxx"
HOST = "http://localhost"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


WRONG = re.compile(rb'aria-invalid="true"|st-alert--error')
ACCOUNT_FORMS = {"account_login", "account_reset_password"}


@dataclass(frozen=True)
class Ask:
    """Somebody asks for an address, or sends a form to it (`data` not None)."""

    who: str
    path: str
    data: Sent | None = None


@dataclass(frozen=True)
class Leaf:
    page: str
    state: str
    ask: Ask
    first: bool = True
    html: dict[str, bytes] = field(default_factory=dict, compare=False)
    headers: dict[str, str] = field(default_factory=dict, compare=False)


@dataclass
class Harvest:
    """What was collected. `other`: pages that gave something else than HTML, with what. `files`: what pages fetch that
    isn't static. `asking`: pages with a form that has something to fill in. `faults`: answers of 500."""

    leaves: list[Leaf] = field(default_factory=list)
    other: dict[str, str] = field(default_factory=dict)
    files: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    asking: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    asked: int = 0

    def states(self, page: str) -> set[str]:
        return {leaf.state for leaf in self.leaves if leaf.page == page}


def name_of(path: str) -> str:
    try:
        return str(resolve(urlsplit(path).path).view_name)
    except Resolver404:
        return ""


def here(path: str, link: str) -> str:
    """The address of a link on a page, without its host; empty for another site."""
    parts = urlsplit(urljoin(f"{HOST}{path}", link))
    if parts.hostname != "localhost":
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


class Collector:
    def __init__(self, ready: Callable[[Leaf], None], files: dict[str, tuple[bytes, str]]) -> None:
        self.clients, self.harvest, self.ready = {"anonymous": browser()}, Harvest(files=files), ready
        self.known: set[str] = set()
        self.sent: Counter[tuple[Any, ...]] = Counter()

    # Asking

    def answer(self, ask: Ask, language: str = "nl") -> Any:
        """The response; whatever it changed is taken back."""
        client = self.clients[ask.who]
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        self.harvest.asked += 1
        with transaction.atomic():
            if ask.data is None:
                response: Any = client.get(ask.path)
            else:
                given: dict[str, list[str]] = {}
                for name, value in ask.data:
                    given.setdefault(name, []).append(value)
                response = client.post(ask.path, given, follow=True)
            transaction.set_rollback(True)
        return response

    def take(self, ask: Ask, state: str) -> Page | None:
        """Ask, keep the leaf when it shows something new; what was read, or None when it isn't HTML or a dead end."""
        response = self.answer(ask)
        path = response.redirect_chain[-1][0] if getattr(response, "redirect_chain", None) else ask.path
        page = name_of(path)
        if path != ask.path:
            self.harvest.other[name_of(ask.path)] = "redirect"
        if response.status_code >= 500:
            self.harvest.faults.append(f"{page} {response.status_code}: {ask} {response.exc_info}")
            return None
        kind = response.headers.get("Content-Type", "")
        if response.status_code < 400 and (response.status_code >= 300 or "text/html" not in kind):
            self.harvest.other[page] = kind if response.status_code < 300 else "redirect"
        if response.status_code not in {200, 410, 422, 429} or "text/html" not in kind:
            return None
        read = Page(response.content.decode(), path)
        if response.status_code in {422, 429} or (ask.data is not None and WRONG.search(response.content)):
            state = "error"
        self.keep(page, state, ask, read, response)
        return read

    def keep(self, page: str, state: str, ask: Ask, read: Page, response: Any) -> None:
        first = state not in self.harvest.states(page)
        if not first and read.shape <= self.known:
            return
        self.known |= read.shape
        for path in read.files:
            if path.startswith("/") and not path.startswith("/static/") and path not in self.harvest.files:
                got = self.answer(Ask(ask.who, path))
                self.harvest.files[path] = (got.content, got.headers["Content-Type"])
                if got.status_code != 200:
                    self.harvest.faults.append(f"{page} fetches {path}: {got.status_code}")
        csp = {name: value for name, value in response.headers.items() if name == "Content-Security-Policy"}
        self.add(Leaf(page, state, ask, first, {"nl": response.content}, csp))

    def add(self, leaf: Leaf) -> None:
        """Kept; the first of its page in its state, in the other languages as well."""
        for language in set(LANGUAGES) - set(leaf.html) if leaf.first else ():
            leaf.html[language] = self.answer(leaf.ask, language).content
        self.harvest.leaves.append(leaf)
        self.ready(leaf)

    # Forms

    def send_forms(self, ask: Ask, read: Page) -> None:
        """Each form not sent before: empty, nonsense, and as it should be; then the forms of what came of that."""
        at = Ask(ask.who, read.path)
        for form in read.forms:
            if form.method == "post":
                self.send(at, form)
            elif any(one.kind in {"text", "search"} for one in form.asks):
                self.search(at, form)

    def send(self, ask: Ask, form: Form) -> None:
        for button in form.buttons or [("", "", "")]:
            path = here(ask.path, button[2] or form.action or ask.path)
            target = name_of(path)
            key = (target, form.key, button[:2])
            if self.enough(key, form) or not (target in PAGES or target in ACCOUNT_FORMS):
                continue
            self.sent[key] += 1
            if form.asks and (target not in PAGES or "POST" in PAGES[target].methods):
                self.harvest.asking.add(target)
            fills = {filled(form, button, fill): fill for fill in (nothing, nonsense, something)}
            for data, fill in fills.items():  # one, where there is nothing to fill in
                made = Ask(ask.who, path, data)
                read = self.take(made, "filled")
                if read is not None and fill is something:
                    self.send_forms(made, read)

    def enough(self, key: tuple[Any, ...], form: Form) -> bool:
        """Sent before; once more where something is asked and no answer was wrong yet, since what the form was about may
        have been taken back with the page that showed it."""
        tries = self.sent[key]
        return tries > 0 and (not form.asks or tries >= TRIES or "error" in self.harvest.states(key[0]))

    def search(self, ask: Ask, form: Form) -> None:
        path = here(ask.path, form.action or ask.path).split("?")[0]
        name = next(one.name for one in form.asks if one.kind in {"text", "search"})
        key = (name_of(path), "search", name)
        if key not in self.sent and name_of(path) in PAGES:
            self.sent[key] += 1
            self.take(Ask(ask.who, f"{path}?{name}={NOWHERE}"), "empty")

    # Walking

    def walk(self, who: str, start: str) -> None:
        """Along the links from the start; files and logout stay out."""
        opened: dict[str, int] = {}
        waiting, seen = deque([start]), {start}
        known = {leaf.page for leaf in self.harvest.leaves}
        while waiting:
            path = waiting.popleft()
            name = name_of(path)
            most = 1 if name in known else ADDRESSES
            if name not in PAGES or opened.get(name, 0) >= most:
                continue
            opened[name] = opened.get(name, 0) + 1
            ask = Ask(who, path)
            read = self.take(ask, "filled")
            if read is None:
                continue
            self.send_forms(ask, read)
            for following in filter(None, (here(path, link) for link in read.links)):
                if following not in seen:
                    seen.add(following)
                    waiting.append(following)


def filled(form: Form, button: tuple[str, str, str], fill: Callable[[Field], str]) -> Sent:
    pairs = [(one.name, fill(one)) for one in form.fields.values()]
    if button[0]:
        pairs.append(button[:2])
    return tuple((name, value) for name, value in pairs if value or form.fields[name].kind not in CHOSEN)


CHOSEN = {"radio", "checkbox", "file"}
"""Kinds that send nothing when nothing is chosen."""


def browser() -> Client:
    return Client(SERVER_NAME="localhost", raise_request_exception=False)


def collect(
    logins: list[dict[str, str]],
    whole: str,
    others: tuple[str, ...],
    ready: Callable[[Leaf], None],
    files: dict[str, tuple[bytes, str]],
) -> Harvest:
    """All leaves: of the service `whole` as every role, of the others as coordinator, and of services made here.

    `ready` is called with each leaf as soon as it is there and what it fetches is in `files`.
    """
    collector = Collector(ready, files)
    with quick_templates(), transaction.atomic():
        walk_demo(collector, logins, whole, others)
        walk_empty(collector)
        error_pages(collector)
        transaction.set_rollback(True)
    return collector.harvest


def walk_demo(
    collector: Collector, logins: list[dict[str, str]], whole: str, others: tuple[str, ...]
) -> None:
    wanted = [one for one in logins if one["service"] == whole]
    wanted += [one for one in logins if one["service"] in others and one["role"] == "coordinator"]
    wanted.sort(key=lambda one: (one["service"] != whole, one["role"] != "coordinator"))
    for login in wanted:
        who, start = f"{login['service']} {login['role']}", "/start/"
        collector.clients[who] = browser()
        if login.get("link"):
            start = urlsplit(login["link"]).path
        else:
            user = User.objects.get(email=login["user"])
            collector.clients[who].force_login(user, backend=BACKEND)
            start = landing(collector.clients[who], start)
        collector.walk(who, start)
    for start in ("/", f"/{whole}/", "/demo/post/"):
        collector.walk("anonymous", start)


def landing(client: Client, start: str) -> str:
    """Where somebody comes who has just logged in."""
    response: Any = client.get(start, follow=True)
    return str(response.redirect_chain[-1][0]) if response.redirect_chain else start


def walk_empty(collector: Collector) -> None:
    """Pages without an object in a service without data; the others around a case with nothing optional in it."""
    bare, empty = build("kaal"), make_service("leeg")
    for role in LOOKERS:
        collector.clients[f"kaal {role}"] = browser()
        collector.clients[f"kaal {role}"].force_login(account(bare.staff[role]), backend=BACKEND)
        collector.clients[f"leeg {role}"] = browser()
        collector.clients[f"leeg {role}"].force_login(account(make_staff(empty, role)), backend=BACKEND)
    for days in (0, OLD):
        with patch("django.core.signing.time.time", return_value=time.time() - days * links.DAYS):
            tokens = link_tokens(bare, bare.own)
        for page in PAGES.values():
            if days == 0 or page.shell.audience == "link":
                ask_somebody(collector, page, bare.own, tokens)


LOOKERS = sorted(ROLES, key=lambda role: role not in {"coordinator", "coach"})
OLD = 400


def account(staff: StaffMember) -> User:
    return User.objects.get(pk=staff.user_id)


def ask_somebody(collector: Collector, page: Any, case: Case, tokens: dict[str, str]) -> None:
    """The first who may open the page opens it."""
    names = re.findall(r"<(?:\w+:)?(\w+)>", page.route)
    slug = "kaal" if set(names) - {"service", "slug"} else "leeg"
    known = {"service": slug, "slug": "volunteering", "token": tokens.get(page.rule, "x"), **case.ids}
    if not known.keys() >= set(names):
        return  # then only a link leads there
    path = reverse(page.name, kwargs={name: known[name] for name in names})
    more = {name: str(value) for name, value in sent_with(page.name, case).items()}
    for who in ["anonymous"] * (page.shell.audience in {"open", "visitor", "link"}) + [
        f"{slug} {role}" for role in LOOKERS
    ]:
        if "GET" in page.methods:
            ask = Ask(who, path + (f"?{urlencode(more)}" if more else ""))
        else:
            ask = Ask(who, path, tuple(more.items()))
        read = collector.take(ask, "empty")
        if read is not None:
            collector.send_forms(ask, read)
            return
        if page.name in collector.harvest.other:
            return


def error_pages(collector: Collector) -> None:
    """What isn't there, what isn't allowed, what fell over; and the pages of logging in."""
    ask = Ask("anonymous", "/bestaat-niet/")
    collector.add(Leaf("404", "error", ask, html={"nl": collector.answer(ask).content}))
    request: Any = RequestFactory().get("/")
    request.user = AnonymousUser()
    for name, view in (("400", defaults.bad_request), ("403", defaults.permission_denied)):
        html = {}
        for language in LANGUAGES:
            with translation.override(language):
                html[language] = view(request, PermissionDenied()).content
        collector.add(Leaf(name, "error", ask, html=html))
    fallen = defaults.server_error(request).content
    collector.add(Leaf("500", "error", ask, html=dict.fromkeys(LANGUAGES, fallen)))
    for who in ("anonymous", "leeg coach"):
        for pattern in get_resolver().url_patterns[0].url_patterns:
            try:
                path = reverse(pattern.name)
            except NoReverseMatch:
                continue
            read = collector.take(Ask(who, path), "filled")
            if read is not None:
                collector.send_forms(Ask(who, path), read)
