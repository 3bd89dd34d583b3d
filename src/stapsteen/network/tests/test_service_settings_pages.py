"""What a service shows of itself: texts, brochure, film, funders' logos; and other services."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from stapsteen.core.models import StoredFile
from stapsteen.network.models import OutsideService, Service
from stapsteen.network.outside import help_for, listening_for
from stapsteen.testing.world import client_of, inside, make_service, make_staff

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
BASE = "/vinac/instellingen"
SHOWN = {
    "name": "VINAC", "owner_name": "Stad", "summary_nl": "Samen op stap.", "expected_wait_weeks": "3", "accent": "#0b5d53",
    "intake_open": "on", "phone": "014 1",
}  # fmt: skip


@pytest.fixture
def admin(service: Service) -> Client:
    return client_of(make_staff(service, "administrator"))


def file(data: bytes, name: str = "a") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_texts_wait_and_film_are_changed(service: Service, admin: Client) -> None:
    assert admin.get(f"{BASE}/dienst/").status_code == 200
    assert admin.post(f"{BASE}/dienst/", {**SHOWN, "accent": "groen"}).status_code == 422
    assert admin.post(f"{BASE}/dienst/", {**SHOWN, "name": ""}).status_code == 422
    done = {**SHOWN, "film_url": "https://example.org/film", "brochure_url": "example.org/folder.pdf"}
    assert admin.post(f"{BASE}/dienst/", done).status_code == 302
    page = Client().get("/vinac/").content.decode()
    for text in ("Samen op stap.", "3 weken", "https://example.org/film", "https://example.org/folder.pdf"):
        assert text in page, text


def test_an_intake_stop_shows_on_the_page(service: Service, admin: Client) -> None:
    admin.post(f"{BASE}/dienst/", {key: value for key, value in SHOWN.items() if key != "intake_open"})
    page = Client().get("/vinac/").content.decode()
    assert ("Intakestop" in page, "Meld je aan" in page) == (True, False)


def test_a_brochure_is_kept_and_replaced(service: Service, admin: Client) -> None:
    assert admin.post(f"{BASE}/dienst/", {**SHOWN, "brochure": file(b"geen pdf")}).status_code == 422
    assert admin.post(f"{BASE}/dienst/", {**SHOWN, "brochure": file(b"%PDF-1.7 een")}).status_code == 302
    first = Service.objects.get(slug="vinac").brochure_file
    answer = Client().get(f"/vinac/bestand/{first}/")
    assert (answer.status_code, answer["Content-Type"], answer.content) == (
        200,
        "application/pdf",
        b"%PDF-1.7 een",
    )
    assert admin.post(f"{BASE}/dienst/", {**SHOWN, "brochure": file(b"%PDF-1.7 twee")}).status_code == 302
    assert Client().get(f"/vinac/bestand/{first}/").status_code == 404
    assert (
        admin.post(f"{BASE}/dienst/", {**SHOWN, "brochure_url": "https://example.org/f"}).status_code == 302
    )
    with inside(service):
        assert (StoredFile.objects.count(), Service.objects.get(slug="vinac").brochure_file) == (0, None)


def test_funders_have_a_logo_that_everyone_sees(service: Service, admin: Client) -> None:
    base = f"{BASE}/subsidie/"
    assert admin.get(base).status_code == 200
    assert admin.post(base, {"name": "Stad", "logo": file(b"<svg>")}).status_code == 422
    assert admin.post(base, {"name": "Stad", "logo": file(PNG * 50_000)}).status_code == 422
    assert (
        admin.post(base, {"name": "Stad", "url": "https://example.org/", "logo": file(PNG)}).status_code
        == 302
    )
    assert admin.post(base, {"name": "Stad"}).status_code == 422
    assert admin.post(base, {"name": "Provincie"}).status_code == 302
    page = Client().get("/vinac/")
    logo = page.context["funders"][0]["logo"]
    assert [row["name"] for row in page.context["funders"]] == ["Stad", "Provincie"]
    assert (Client().get(logo)["Content-Type"], Client().get(logo)["X-Content-Type-Options"]) == (
        "image/png",
        "nosniff",
    )
    assert admin.post(f"{base}weg/", {"name": "Stad"}).status_code == 302
    assert Client().get(logo).status_code == 404


def test_no_other_file_is_given(service: Service) -> None:
    with inside(service):
        secret = StoredFile.objects.create(name="geheim", content_type="text/plain", content=b"x")
    assert Client().get(f"/vinac/bestand/{secret.pk}/").status_code == 404


def test_other_services_are_kept_per_service(service: Service, admin: Client) -> None:
    base = f"{BASE}/andere-diensten/"
    new = {"name": "De Luwte", "what_nl": "Koffie en een babbel.", "towns": "Turnhout, 2400"}
    assert admin.get(base).status_code == 200
    assert admin.post(f"{base}nieuw/", new).status_code == 422  # neither phone nor website
    assert admin.post(f"{base}nieuw/", {**new, "phone": "014 1", "towns": "Nergens"}).status_code == 422
    assert admin.post(f"{base}nieuw/", {**new, "phone": "014 1"}).status_code == 302
    assert admin.post(f"{base}nieuw/", {**new, "phone": "014 1"}).status_code == 422
    row = OutsideService.objects.get()
    assert (row.municipalities, row.what) == (["13025", "13040"], {"nl": "Koffie en een babbel."})
    form = admin.get(f"{base}{row.pk}/").context["form"]
    assert form["towns"].value() == "Mol, Turnhout"
    assert admin.post(f"{base}{row.pk}/", {**new, "phone": "014 2"}).status_code == 302
    other = make_service("link", "link")
    stranger = client_of(make_staff(other, "administrator"))
    assert stranger.get(f"/link/instellingen/andere-diensten/{row.pk}/").status_code == 404
    assert admin.post(f"{base}{row.pk}/", {"actie": "weg"}).status_code == 302
    assert OutsideService.objects.count() == 0


def test_a_shipped_number_is_hidden_replaced_and_back(service: Service, admin: Client) -> None:
    """Where this service works; elsewhere it stays as it ships with the house."""
    base = f"{BASE}/andere-diensten/"
    assert admin.post(f"{base}verberg/", {"name": "CAW"}).status_code == 302
    assert admin.post(f"{base}verberg/", {"name": "Tele-Onthaal"}).status_code == 302
    assert admin.post(f"{base}verberg/", {"name": "Onbekend"}).status_code == 422
    assert [row.name for row in help_for("13040")] == ["VDAB"]
    assert [row.name for row in listening_for("13040")] == ["Awel", "1712", "Zelfmoordlijn"]
    assert [row.name for row in help_for("11002")] == ["CAW", "VDAB"]
    form = admin.get(f"{base}nieuw/?vast=CAW").context["form"]
    assert (form["name"].value(), form["phone"].value()) == ("CAW", "0800 13 500")
    other = {"name": "CAW", "what_nl": "Bel ons.", "phone": "014 11 11 11"}
    assert admin.post(f"{base}nieuw/?vast=CAW", other).status_code == 302
    assert [(row.name, row.phone) for row in help_for("13040")] == [
        ("CAW", "014 11 11 11"),
        ("VDAB", "0800 30 700"),
    ]
    shown = admin.get(base)
    states = {line["row"].name: line["state"] for line in shown.context["shipped"]}
    assert (states["CAW"], states["Tele-Onthaal"], states["VDAB"]) == (
        "door jullie vervangen",
        "verborgen",
        "",
    )
    for row in OutsideService.objects.all():
        assert admin.post(f"{base}{row.pk}/", {"actie": "weg"}).status_code == 302
    assert [row.phone for row in help_for("13040")] == ["0800 13 500", "0800 30 700"]
    assert listening_for("13040")[0].name == "Tele-Onthaal"


def test_only_an_administrator_changes_it(service: Service, coordinator: Any) -> None:
    client = client_of(coordinator)
    pages = ("dienst/", "subsidie/", "andere-diensten/", "andere-diensten/nieuw/")
    assert [client.get(f"{BASE}/{page}").status_code for page in pages] == [404] * 4
