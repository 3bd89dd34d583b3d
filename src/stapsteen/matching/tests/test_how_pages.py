"""How a place is sought: for staff and for participants, true to what is read; and the same words in the register."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from stapsteen.matching import register
from stapsteen.matching.actions import keep_settings, known
from stapsteen.matching.facts import seekers
from stapsteen.network.models import Membership
from stapsteen.pathways.models import Pathway
from stapsteen.pathways.tests.factories import make_pathway
from stapsteen.people.models import Person
from stapsteen.testing.world import client_of, inside, make_staff, make_user

pytestmark = pytest.mark.django_db
URL = "/vinac/zo-zoeken-we-een-plek/"
OWN = "/vinac/mijn-pad/zo-zoeken-we/"


@pytest.fixture
def participant(service: Any, coach: Any) -> Any:
    user = make_user("deelnemer@example.org")
    Membership.objects.create(user=user, service=service, role="participant")
    with inside(service):
        person = make_pathway(coach).person
        Person.objects.filter(pk=person.pk).update(user=user)
    return user


@pytest.mark.parametrize("role", ["coach", "intake", "coordinator", "desk", "policy", "administrator"])
def test_staff_reads_how_and_the_register(service: Any, role: str) -> None:
    client = client_of(make_staff(service, role))
    page = client.get(URL)
    assert (page.status_code, page.context["register_url"]) == (200, f"{URL}register/")
    for words in (
        "Zoeken staat aan",
        "met vaste regels",
        "Strafblad",
        "Wegvallen is geen straf",
        "geen score",
    ):
        assert words in page.text, words
    told = client.get(f"{URL}register/")
    assert [entry.term for entry in told.context["entries"]] == [
        "Naam", "Versie", "Eigenaar", "Contact", "Doel", "Grondslag", "Wat het doet", "Welke gegevens",
        "Welke gegevens nooit", "Rol van de mens", "Eerlijkheid", "Leren uit vroeger", "Risico", "Toezicht",
        "Vragen en bezwaar", "Techniek en leverancier",
    ]  # fmt: skip
    assert ("Stad" in told.text, "vinac@example.org" in told.text) == (True, True)


def test_a_service_that_switched_it_off_says_so(service: Any, coordinator: Any, participant: Any) -> None:
    with inside(service, coordinator) as actor:
        keep_settings(actor=actor, on=False, coach_hours=8, learning=False)
    assert "Zoeken staat uit voor deze dienst." in client_of(coordinator).get(URL).text
    page = client_of(participant).get(OWN).text
    assert ("De computer zoekt hier niet mee." in page, "Dit kijken we na" in page) == (True, False)


def test_a_participant_gets_the_plain_words(participant: Any) -> None:
    client = client_of(participant)
    assert client.get(URL).headers["Location"] == OWN
    page = client.get(OWN).text
    for words in (
        "Dit kijken we nooit na",
        "Een mens beslist",
        "Jij krijgt geen punten.",
        "vinac@example.org",
    ):
        assert words in page, words
    assert f'href="{OWN}"' in client.get("/vinac/mijn-pad/").text


def test_a_stranger_reads_nothing(service: Any, other_service: Any) -> None:
    stranger = client_of(make_staff(other_service, "coach"))
    for address in (URL, f"{URL}register/", OWN):
        assert stranger.get(address).status_code == 404
        assert client_of(None).get(address).status_code == 302


def test_the_facts_that_are_told_are_those_that_are_read(service: Any, coach: Any) -> None:
    """What a proposal keeps of a person, and nothing else, has its line; a new fact needs one (and the document too)."""
    with inside(service):
        make_pathway(coach)
        [one] = seekers(Pathway.objects.all(), timezone.localdate())
        read = known(one)
    assert sorted(read) == [
        "avoid", "dutch", "half_days", "kind", "mobility", "sectors", "support", "town", "travel_minutes",
    ]  # fmt: skip
    told = " ".join(register.looked_at())
    for word in (
        "halve dag",
        "Nederlands",
        "soort werk",
        "niet mag vragen",
        "steun",
        "gemeente",
        "vervoer",
        "weg",
        "traject",
    ):
        assert word in told, word


def test_the_document_says_the_same() -> None:
    """Made anew with `register.markdown()`; look at the difference."""
    path = Path(__file__).resolve().parents[4] / "docs/algoritmeregister.md"
    assert path.read_text() == register.markdown()
