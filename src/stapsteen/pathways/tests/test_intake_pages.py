"""The intake queue and all that can be done with one referral, through the pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from stapsteen.hosts.models import Organisation
from stapsteen.pathways import fit
from stapsteen.pathways.actions import record_yes, refuse_referral, take_in_referral, withdraw_referral
from stapsteen.pathways.models import IntakeTalk, Pathway, Referral
from stapsteen.pathways.queries import coaches_with_load, referrals_of, status_word, told, waiting
from stapsteen.pathways.tests.factories import (
    any_programme,
    days_ago,
    make_pathway,
    make_referral,
    make_talked,
)
from stapsteen.people.actions import withdraw_consent
from stapsteen.people.models import Consent
from stapsteen.people.tests.factories import make_person
from stapsteen.testing.world import client_of, inside, make_programme, make_service, make_staff

pytestmark = pytest.mark.django_db
QUEUE = "/vinac/aanmeldingen/"
TODAY = timezone.localdate


def names(answer: Any) -> list[str]:
    return [row[0]["text"].split()[0] for row in answer.context["rows"]]


def url(page: str, referral: Referral, service: str = "vinac") -> str:
    return reverse(f"pathways.{page}", kwargs={"service": service, "referral": referral.pk})


@pytest.fixture
def referral(service: Any) -> Referral:
    with inside(service):
        return make_referral()


# The queue ---------------------------------------------------------------------------------------------------------


def test_who_waits_longest_stands_first(service: Any, intake: Any) -> None:
    with inside(service):
        for first, days in [("Nieuw", 0), ("Week", 7), ("Lang", 8), ("Grens", 14), ("Telang", 15)]:
            make_referral(person={"first_name": first}, received_on=days_ago(days))
    answer = client_of(intake).get(QUEUE)
    assert names(answer) == ["Telang", "Grens", "Lang", "Week", "Nieuw"]
    assert [row[1]["badge"] for row in answer.context["rows"]] == [
        "error",
        "warning",
        "warning",
        "success",
        "success",
    ]
    assert [row[1]["text"] for row in answer.context["rows"]][:2] == [
        "15 dagen, wacht te lang",
        "14 dagen, wacht lang",
    ]
    client = client_of(intake)
    assert [names(client.get(QUEUE, {"licht": light})) for light in ("green", "orange", "red")] == [
        ["Week", "Nieuw"], ["Grens", "Lang"], ["Telang"],
    ]  # fmt: skip


def test_the_queue_is_filtered_by_the_address(service: Any, intake: Any) -> None:
    make_programme(service, "care-work")
    with inside(service, intake) as actor:
        care, volunteering = any_programme(), None
        volunteering = make_referral(
            person={"first_name": "Vrij"}, programme=_programme(service, "volunteering")
        )
        make_referral(person={"first_name": "Zorg"}, programme=care)
        take_in_referral(referral=volunteering, actor=actor)
        gone = make_referral(person={"first_name": "Weg"}, received_on=days_ago(3))
        withdraw_referral(referral=gone, actor=actor)
    client = client_of(intake)
    assert names(client.get(QUEUE)) == ["Vrij", "Zorg"]
    assert names(client.get(QUEUE, {"stand": "received"})) == ["Zorg"]
    assert names(client.get(QUEUE, {"stand": "in_talks"})) == ["Vrij"]
    decided = client.get(QUEUE, {"stand": "decided"})
    assert names(decided) == ["Weg"]
    assert decided.context["rows"][0][1]["text"] == "na 3 dagen"
    assert names(client.get(QUEUE, {"aanbod": "care-work"})) == ["Zorg"]
    assert names(client.get(QUEUE, {"mijn": "on"})) == ["Vrij"]
    assert names(client.get(QUEUE, {"stand": "x", "aanbod": "y", "licht": "z"})) == ["Vrij", "Zorg"]
    assert [(tab["count"], tab["current"]) for tab in decided.context["tabs"]] == [
        (2, False),
        (1, False),
        (1, False),
        (1, True),
    ]


def _programme(service: Any, slug: str) -> Any:
    from stapsteen.testing.world import programme_of

    return programme_of(service, slug)


def test_an_empty_queue_is_good_news(service: Any, intake: Any) -> None:
    client = client_of(intake)
    assert "Niemand wacht" in client.get(QUEUE).content.decode()
    assert "Geen aanmelding past" in client.get(QUEUE, {"licht": "red"}).content.decode()


def test_the_same_queries_for_one_and_for_three(service: Any, intake: Any) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client_of(intake).get(QUEUE).status_code == 200
        return len(queries)

    with inside(service):
        make_talked()
    one = count()
    with inside(service):
        make_talked()
        make_talked()
    assert count() == one


def test_a_coach_has_no_queue(service: Any, coach: Any, referral: Referral) -> None:
    assert client_of(coach).get(QUEUE).status_code == 404
    assert client_of(coach).get(url("referral_detail", referral)).status_code == 404


# One referral ------------------------------------------------------------------------------------------------------


def test_the_page_shows_what_came_in(service: Any, intake: Any) -> None:
    with inside(service):
        referral = make_referral(tried="De VDAB", helper_organisation="CAW", received_on=days_ago(9))
    page = client_of(intake).get(url("referral_detail", referral))
    text = page.content.decode()
    for shown in (
        "Graag overdag onder de mensen.",
        "De VDAB",
        "CAW",
        "els@example.org",
        referral.reference,
        "1980",
        "Turnhout",
    ):
        assert shown in text
    assert page.context["wait"] == waiting(referral)
    labels = [(button["label"], bool(button["reasons"])) for button in page.context["buttons"]]
    assert labels == [("Neem op", False), ("Naar elders", False), ("Ingetrokken", False)]


def test_from_queue_to_pathway(service: Any, intake: Any, coach: Any, referral: Referral) -> None:
    client = client_of(intake)
    detail = url("referral_detail", referral)
    assert client.post(url("referral_take_in", referral)).headers["Location"] == detail
    assert [bool(b["reasons"]) for b in client.get(detail).context["buttons"]] == [True, False, False]
    client.post(url("talk_add", referral), {"kind": "attempt", "held_on": TODAY().isoformat()})
    client.post(
        url("talk_add", referral),
        {"kind": "talk", "held_on": TODAY().isoformat(), "reached": "on", "text": "Fijn"},
    )
    client.post(url("yes_record", referral), {"on": TODAY().isoformat(), "tell_helper": "on"})
    conditions = {**fit.fitting_conditions(referral.programme.rules), "active_problems": "stable"}
    client.post(url("conditions_edit", referral), conditions)
    page = client.get(detail)
    assert [talk["title"] for talk in page.context["talks"]] == [
        "Contactpoging, niet bereikt",
        "Verkennend gesprek",
    ]
    assert (page.context["yes_form"], page.context["buttons"][0]["reasons"]) == (None, [])
    assert client.get(url("referral_accept", referral)).status_code == 200
    given = {
        "programme": str(referral.programme_id), "coach": str(coach.pk), "starts_on": TODAY().isoformat(),
        "aim": "stepping_stone", "segment": "few-contacts", "wish": "joining-in",
    }  # fmt: skip
    wrong = client.post(url("referral_accept", referral), {**given, "segment": ""})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["segment"])
    assert client.post(url("referral_accept", referral), given).headers["Location"] == detail
    with inside(service):
        pathway = Pathway.objects.get()
        assert (pathway.coach_id, pathway.aims.get().aim, pathway.wheel_positions.get().wish) == (
            coach.pk, "stepping_stone", "joining-in",
        )  # fmt: skip
        assert (told(Referral.objects.get()), IntakeTalk.objects.count()) == (True, 2)
    done = client.get(detail)
    assert [row["starts_on"] for row in done.context["pathways"]] == [TODAY()]
    assert done.context["buttons"] == []


@pytest.mark.parametrize(
    ("page", "values", "field"),
    [
        ("talk_add", {"kind": "talk", "held_on": "2999-01-01", "reached": "on"}, "held_on"),
        ("talk_add", {"kind": "talk", "held_on": "gisteren"}, "held_on"),
        ("talk_add", {"kind": "talk", "held_on": "01/01/2020"}, "kind"),
        ("yes_record", {"on": "2999-01-01"}, "on"),
        ("conditions_edit", {"own_wish": "misschien"}, "own_wish"),
        ("referral_refuse", {"code": "other_region", "reason": "x"}, "went_to"),
        ("referral_refuse", {"code": "", "reason": "x"}, "code"),
    ],
)
def test_wrong_input_comes_back(
    intake: Any, referral: Referral, page: str, values: dict[str, str], field: str
) -> None:
    client = client_of(intake)
    assert client.get(url(page, referral)).status_code == 200
    answer = client.post(url(page, referral), values)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


def test_elsewhere_and_open_again(service: Any, intake: Any, referral: Referral) -> None:
    client = client_of(intake)
    given = {"code": "help_first", "reason": "Eerst wonen", "went_to": "CAW De Kempen"}
    assert client.post(url("referral_refuse", referral), given).status_code == 302
    page = client.get(url("referral_detail", referral))
    for text in ("Eerst wonen", "CAW De Kempen", "Andere hulp moet eerst komen"):
        assert text in page.content.decode()
    assert [b["label"] for b in page.context["buttons"]] == ["Heropen"]
    assert client.post(url("referral_refuse", referral), given).status_code == 422
    assert client.post(url("referral_reopen", referral)).status_code == 302
    assert client.get(url("referral_withdraw", referral)).status_code == 200
    assert client.post(url("referral_withdraw", referral), {"reason": ""}).status_code == 302
    with inside(service):
        assert Referral.objects.get().state == "withdrawn"


def test_a_double_is_pointed_out_and_joined(service: Any, intake: Any, coordinator: Any, coach: Any) -> None:
    with inside(service):
        known = make_pathway(coach, person=make_person(birth_year=1980)).person
        referral = make_referral()
    answer = client_of(intake).get(url("referral_detail", referral))
    assert answer.context["doubles"] == [{"person": None, "url": ""}]  # not the intake's own: no name
    assert "coördinator" in answer.content.decode()
    client = client_of(coordinator)
    assert [row["person"].pk for row in client.get(url("referral_detail", referral)).context["doubles"]] == [
        known.pk
    ]
    assert (
        client_of(intake).post(url("referral_recognise", referral), {"person": str(known.pk)}).status_code
        == 404
    )
    assert client.post(url("referral_recognise", referral), {"person": str(known.pk)}).status_code == 302
    with inside(service):
        assert Referral.objects.get().person_id == known.pk


def test_links_three_further_conditions(service: Any) -> None:
    link = make_service("link", "link")
    colleague = make_staff(link, "intake")
    with inside(link):
        referral = make_talked()
    client = client_of(colleague)
    form = client.get(url("referral_detail", referral, "link")).context["conditions_form"]
    assert list(form.fields) == ["other_help", "own_wish", "regular_offer"]
    client.post(
        url("conditions_edit", referral, "link"),
        {"other_help": "yes", "own_wish": "asked_by_gpmi", "regular_offer": "not_enough"},
    )
    given = {"programme": str(referral.programme_id), "coach": "", "starts_on": TODAY().isoformat()}
    refused = client.post(url("referral_accept", referral, "link"), given)
    assert refused.status_code == 422
    with inside(link):
        assert Referral.objects.get().conditions["own_wish"] == "asked_by_gpmi"


def test_the_choice_of_coach_shows_the_load(service: Any, intake: Any, coach: Any, coordinator: Any) -> None:
    with inside(service):
        make_pathway(coach)
        make_pathway(coach)
        assert [(load.coach.pk, load.running) for load in coaches_with_load()] == [
            (coordinator.pk, 0),
            (coach.pk, 2),
        ]
        referral = make_talked()
    form = client_of(intake).get(url("referral_accept", referral)).context["form"]
    assert (
        dict(form.fields["coach"].choices)[str(coach.pk)] == f"{coach.name} (2 lopende trajecten, gewicht 4)"
    )


# The referrer ------------------------------------------------------------------------------------------------------


def test_what_a_referrer_hears(service: Any, intake: Any) -> None:
    ocmw = Organisation.objects.create(
        network=service.network, name="OCMW", roles=["referrer"], can_sanction=True
    )
    caw = Organisation.objects.create(network=service.network, name="CAW", roles=["referrer"])
    colleague = make_staff(service, "referrer", organisation_id=ocmw.pk)
    with inside(service) as actor:
        silent = make_referral(referrer=ocmw)
        assert status_word(silent) == "Ontvangen. Of de persoon start, vertelt die zelf."
        words = {}
        for organisation in (ocmw, caw):
            referral = make_referral(referrer=organisation)
            record_yes(referral=referral, actor=actor, tell_helper=True)
            words[organisation.name] = [status_word(referral)]
            refuse_referral(referral=referral, actor=actor, code="no_wish", reason="Wil niet")
            words[organisation.name].append(
                status_word(Referral.objects.select_related("referrer").get(pk=referral.pk))
            )
            consent = Consent.objects.get(recipient_id=referral.pk)
            withdraw_consent(consent=consent, actor=actor)
            again = Referral.objects.select_related("referrer").get(pk=referral.pk)
            assert status_word(again).startswith("Ontvangen. Of")
        assert words == {"OCMW": ["Ontvangen", "Afgehandeld"], "CAW": ["Ontvangen", "Ging naar elders"]}
    from stapsteen.core.scope import Actor

    own = Actor("referrer", user_id=colleague.user_id, roles=frozenset({"referrer"}), organisation_id=ocmw.pk)
    with inside(service):
        assert [row.referrer_id for row in referrals_of(own)] == [ocmw.pk, ocmw.pk]
