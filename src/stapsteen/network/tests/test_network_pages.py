"""Home, who covers my town, a service's page, after login, settings."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from stapsteen.core.errors import RuleBroken
from stapsteen.network import queries
from stapsteen.network.actions import cover, create_service, end_role, give_role, save_programme
from stapsteen.network.models import Coverage, Membership, Municipality, ProgrammeVersion
from stapsteen.testing.world import client_of, inside, make_service, make_staff, make_user, programme_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(service: Any) -> Any:
    return make_staff(service, "administrator")


def test_home_shows_the_services(client: Any, service: Any) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert service.name in page.content.decode()
    assert "demo" not in [part.name for part in page.templates]


@pytest.mark.parametrize(
    ("text", "found"),
    [("Turnhout", True), ("2300", True), ("turnhout ", True), ("Turnhuot", True), ("Gent", False)],
)
def test_who_covers_my_town(client: Any, service: Any, text: str, found: bool) -> None:
    page = client.get("/waar/", {"q": text})
    assert (f"/{service.slug}/" in page.content.decode()) is found


def test_unknown_towns_and_no_town_get_help(client: Any, service: Any) -> None:
    assert "Die plaats kennen we niet" in client.get("/waar/", {"q": "Xyzzyqwerty"}).content.decode()
    assert client.get("/waar/").status_code == 200


def test_a_former_municipality_covers_its_own_postal_codes_only(service: Any) -> None:
    hasselt = Municipality.objects.get(nis="71072")
    cover(service=service, municipality=hasselt, postal_codes=("3720", "3721", "3722", "3723", "3724"))
    covering = {
        text: [s for f in queries.who_covers(text)[:1] for s in f.services]
        for text in ("Kortessem", "3500", "3720")
    }
    assert covering == {"Kortessem": [service], "3500": [], "3720": [service]}
    with pytest.raises(RuleBroken):
        cover(service=service, municipality=hasselt, postal_codes=("9000",))
    assert Coverage.objects.filter(service=service).count() == 2


def test_a_service_has_its_page_in_three_languages(client: Any, service: Any) -> None:
    for language in ("nl", "fr", "en"):
        client.cookies["django_language"] = language
        assert client.get(f"/{service.slug}/").status_code == 200
    assert client.get("/nowhere/").status_code == 404
    css = client.get(f"/{service.slug}/kleur.css")
    assert (css["Content-Type"], "--st-accent" in css.content.decode()) == ("text/css", True)


def test_after_login_one_goes_to_the_work_or_chooses(service: Any, other_service: Any, coach: Any) -> None:
    client = client_of(coach)
    assert client.get("/start/").url == reverse("portals.today", kwargs={"service": service.slug})
    make_staff(other_service, "coordinator", email="coach@vinac.example.org")
    chosen = client.get("/start/").content.decode()
    assert service.name in chosen
    assert other_service.name in chosen
    assert "nog geen rol" in client_of(make_user("nobody@example.org")).get("/start/").content.decode()
    assert client_of(None).get("/start/").status_code == 302


def test_settings_are_for_who_runs_the_service(
    service: Any, coach: Any, coordinator: Any, administrator: Any
) -> None:
    url = reverse("network.settings_page", kwargs={"service": service.slug})
    assert client_of(coach).get(url).status_code == 404
    assert "Stop deze rol" not in client_of(coordinator).get(url).content.decode()
    assert "Stop deze rol" in client_of(administrator).get(url).content.decode()


def test_a_programme_is_changed_as_a_new_version(service: Any, administrator: Any) -> None:
    url = reverse("network.programme_edit", kwargs={"service": service.slug, "slug": "volunteering"})
    client, old = client_of(administrator), programme_of(service)
    assert client.get(url).status_code == 200
    wrong = client.post(url, {"text": old.text + "\nnonsense = 1\n"})
    assert (wrong.status_code, "regel" in wrong.content.decode()) == (422, True)
    assert ProgrammeVersion.objects.filter(service=service).count() == 1
    better = old.text.replace("version = 1", "version = 2", 1)
    assert client.post(url, {"text": better}).status_code == 302
    assert [v.number for v in ProgrammeVersion.objects.filter(service=service)] == [2, 1]
    assert queries.programmes_on(service)[0].number == 2
    assert "versie" in client.get(url).content.decode()
    absent = reverse("network.programme_edit", kwargs={"service": service.slug, "slug": "absent"})
    assert client.get(absent).status_code == 404


def test_an_unchanged_programme_makes_no_version(service: Any, administrator: Any) -> None:
    with inside(service, administrator) as actor, pytest.raises(RuleBroken, match="niets gewijzigd"):
        save_programme(service=service, actor=actor, text=programme_of(service).text)


def test_roles_are_given_and_ended(service: Any, administrator: Any) -> None:
    client = client_of(administrator)
    add = reverse("network.colleague_add", kwargs={"service": service.slug})
    assert client.get(add).status_code == 200
    data = {"name": "Ann", "email": "Ann@Example.org", "phone": "", "role": "coach"}
    assert client.post(add, data).status_code == 302
    membership = Membership.objects.get(user__email="ann@example.org")
    end = reverse("network.role_end", kwargs={"service": service.slug, "membership": membership.pk})
    assert client.get(end).status_code == 200
    assert client.post(end).status_code == 302
    assert client.get(end).status_code == 404
    mine = Membership.objects.get(user_id=administrator.user_id)
    last = client.post(reverse("network.role_end", kwargs={"service": service.slug, "membership": mine.pk}))
    assert (last.status_code, "laatste beheerder" in last.content.decode()) == (422, True)


def test_broken_rules_of_services_and_roles(service: Any, administrator: Any) -> None:
    for slug in ("api", "Met Spatie", "waar", "-x"):
        with pytest.raises(RuleBroken):
            create_service(slug=slug, name="X", owner_name="Y", network=service.network)
    made = create_service(slug="nieuw", name="X", owner_name="Y", network=service.network, accent="#0b5d53")
    assert made.slug == "nieuw"
    with inside(service, administrator) as actor:
        with pytest.raises(RuleBroken):
            give_role(actor=actor, email="a@example.org", name="A", role="king")
        second = give_role(actor=actor, email="b@example.org", name="B", role="administrator")
        end_role(actor=actor, membership=Membership.objects.get(user_id=second.user_id))


def test_the_rules_of_a_version_are_those_of_its_text(service: Any) -> None:
    assert make_service("zorg", "care-work").programme_versions.get().kind == "care_work"
