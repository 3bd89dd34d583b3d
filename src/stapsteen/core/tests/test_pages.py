"""Guarantee 2: a page is reached only through its rule. (The walk over all real pages stands in portals/tests.)"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.db import DatabaseError
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.test import RequestFactory, override_settings
from django.urls import get_resolver

from stapsteen.core import links, pages
from stapsteen.core.access import RULES, rule
from stapsteen.core.errors import RuleBroken
from stapsteen.core.models import ReadEntry
from stapsteen.core.pages import MOUNTED, PAGES, Page, _door
from stapsteen.network.models import User
from stapsteen.people.models import Person
from stapsteen.testing.world import inside, make_person, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_rules() -> Any:
    """Rules for these tests, gone afterwards."""
    rule("test.link", "link")(lambda _: True)
    rule("test.all")(lambda actor: Person.objects.all() if actor.has("coach") else None)
    yield
    for name in ("test.link", "test.all"):
        del RULES[name]


def entry(view: Any, *, rule: str = "people.person.view", loads: str = "person", **more: Any) -> Page:
    values = {"route": "x/", "name": "test.page", "methods": ("GET", "POST"), "spans": False, **more}
    return Page(rule=rule, view=view, loads=loads, **values)


def ask(page: Page, user: Any = None, method: str = "get", **kwargs: Any) -> Any:
    request: Any = getattr(RequestFactory(), method)("/x/")
    request.user = User.objects.get(pk=user.user_id) if user else AnonymousUser()
    request.session = {}
    request._messages = FallbackStorage(request)
    return _door(page)(request, **kwargs)


def shows(request: Any, person: Person) -> HttpResponse:
    return HttpResponse(person.first_name)


def test_the_object_comes_through_the_rule_and_is_logged(service: Any, coordinator: Any) -> None:
    with inside(service):
        person = make_person()
    answer = ask(entry(shows), coordinator, service="vinac", person=person.pk)
    assert (answer.content, answer["Cache-Control"]) == (b"Noor", "no-store")
    with inside(service):
        logged = ReadEntry.objects.get(purpose="test.page")
        assert (logged.subjects, logged.capacity) == ([person.pk], "coordinator")
        assert logged.actor == f"user:{coordinator.user_id}"


def test_strangers_get_404_and_anonymous_the_login(service: Any, other_service: Any, coach: Any) -> None:
    with inside(service):
        person = make_person()
    expert, stranger = make_staff(service, "expert"), make_staff(other_service, "coordinator")
    for someone, slug, key in [
        (coach, "vinac", person.pk),  # not this coach's case
        (expert, "vinac", person.pk),
        (stranger, "vinac", person.pk),
        (stranger, "link", person.pk),
        (coach, "nowhere", person.pk),
        (coach, "vinac", uuid4()),
    ]:
        with pytest.raises(Http404):
            ask(entry(shows), someone, service=slug, person=key)
    assert ask(entry(shows), None, service="vinac", person=person.pk).status_code == 302


def test_a_page_that_loads_needs_a_rule_with_objects(service: Any, coach: Any) -> None:
    with pytest.raises(Http404):
        ask(entry(shows, rule="people.person.list"), coach, service="vinac", person=uuid4())


def test_get_is_read_only_in_the_database_and_post_writes(service: Any, coordinator: Any) -> None:
    with inside(service):
        person = make_person()

    def writes(request: Any, person: Person) -> HttpResponse:
        Person.objects.filter(pk=person.pk).update(first_name="Changed")
        return HttpResponse("ok")

    with pytest.raises(DatabaseError):
        ask(entry(writes), coordinator, service="vinac", person=person.pk)
    assert ask(entry(writes), coordinator, "post", service="vinac", person=person.pk).status_code == 200
    with inside(service):
        assert Person.objects.get().first_name == "Changed"


def test_a_broken_rule_becomes_a_page_keeps_nothing_and_is_logged(service: Any, coordinator: Any) -> None:
    with inside(service):
        person = make_person()

    def breaks(request: Any, person: Person) -> HttpResponse:
        Person.objects.filter(pk=person.pk).update(first_name="Half")
        raise RuleBroken("Eerst een gesprek.")

    answer = ask(entry(breaks), coordinator, "post", service="vinac", person=person.pk)
    assert answer.status_code == 422
    assert "Eerst een gesprek." in answer.content.decode()
    with inside(service):
        assert Person.objects.get().first_name == "Noor"
        assert ReadEntry.objects.filter(purpose="test.page").count() == 1


def test_streams_other_methods_and_late_templates(service: Any, coordinator: Any) -> None:
    with inside(service):
        make_person()
    stream = entry(lambda request: StreamingHttpResponse(iter(["x"])), rule="people.person.list", loads="")
    with pytest.raises(TypeError, match="streams"):
        ask(stream, coordinator, service="vinac")
    assert ask(stream, coordinator, "delete", service="vinac").status_code == 405
    late = entry(
        lambda request: TemplateResponse(request, "403.html", {"all": list(Person.objects.all())}),
        rule="people.person.list",
        loads="",
    )
    assert ask(late, coordinator, service="vinac").is_rendered


def test_links_open_their_own_page_only_until_they_expire(
    service: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = entry(lambda request: HttpResponse(str(request.actor)), rule="test.link", loads="")
    token = links.make("test.link", service=service.pk)
    assert ask(page, token=token).content == b"link:test.link"
    for wrong in ("x", token + "x", links.make("other.rule", service=service.pk)):
        with pytest.raises(Http404):
            ask(page, token=wrong)
    sent: list[Any] = []
    monkeypatch.setitem(links.RENEW, "test.link", sent.append)
    read = links.read
    monkeypatch.setattr(links, "read", lambda text: read(text, days=-1))
    assert ask(page, token=token).status_code == 410
    assert sent == []
    assert ask(page, None, "post", token=token).status_code == 410
    assert [link.id("service") for link in sent] == [service.pk]
    assert sent[0].id("absent") is None


def test_each_service_opens_sibling_scopes_with_a_log_row_each(service: Any, other_service: Any) -> None:
    for each in (service, other_service):
        with inside(each):
            make_person()

    def spans(request: Any) -> HttpResponse:
        names = pages.each_service(
            request, [service, other_service], lambda s: [p.pk for p in Person.objects.all()]
        )
        return HttpResponse(str(len(names)))

    page = entry(spans, rule="test.link", loads="", spans=True)
    assert ask(page, token=links.make("test.link")).content == b"2"
    for each in (service, other_service):
        with inside(each):
            assert ReadEntry.objects.filter(purpose="test.page").count() == 1


def test_load_gives_a_second_object_through_its_own_rule(service: Any, coordinator: Any) -> None:
    with inside(service, coordinator) as actor:
        person = make_person()
        assert pages.load(actor, "people.person.view", str(person.pk)) == person
        for wrong in (uuid4(), "", "nonsense"):
            with pytest.raises(Http404):
                pages.load(actor, "people.person.view", wrong)


def test_unknown_rules_and_double_names_stop_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PAGES, "test.page", entry(shows, rule="no.such.rule"))
    with pytest.raises(LookupError, match=r"no\.such\.rule"):
        pages.urlpatterns()
    with pytest.raises(LookupError, match="twice"):
        pages.page("x/", rule="test.all", name="test.page")(shows)


def test_all_urls_are_pages_or_on_the_short_list_of_mounts() -> None:
    registered = {p.route for p in PAGES.values()}
    others = [str(p.pattern) for p in get_resolver().url_patterns if str(p.pattern) not in registered]
    assert sorted(others) == sorted(prefix for prefix in MOUNTED if prefix in others)


@override_settings(DEBUG=False)
def test_health_answers_and_strangers_see_the_same_404(client: Any) -> None:
    assert client.get("/gezond/").json() == {"ok": True}
    assert client.get("/no/such/page/").status_code == 404
