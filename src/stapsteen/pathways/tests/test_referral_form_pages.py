"""The public referral form: the rules told one by one, every step, nothing lost, nothing asked that may not be."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.core import mail, signing
from django.test import Client
from django.utils import timezone

from stapsteen.core.models import Event
from stapsteen.core.pages import RENEWALS
from stapsteen.hosts.models import Organisation
from stapsteen.network.models import Coverage, Municipality, Service
from stapsteen.network.programme.schema import INTAKE_ONLY_TOPICS
from stapsteen.pathways import public_forms, public_views
from stapsteen.pathways.actions import follow_url, record_yes
from stapsteen.pathways.models import Referral
from stapsteen.pathways.tests.factories import make_referral
from stapsteen.people.models import Person
from stapsteen.people.tests.factories import make_person
from stapsteen.testing.world import client_of, inside, make_programme, make_service, run_jobs

pytestmark = pytest.mark.django_db
LINK = "/link/aanmelden/"
VINAC = "/vinac/aanmelden/"
FITS = {
    "town": "2300 Turnhout", "birth": "31/12/1990", "residence_document": "yes", "employment_contract": "no",
}  # fmt: skip
DETAILS = {
    "first_name": "Bilal",
    "last_name": "Zaoui",
    "phone": "0470 12 34 56",
    "reach_by": "call",
    "question": "Meer buiten komen.",
}
HELPER = {
    **DETAILS,
    "helper_name": "Els",
    "helper_organisation": "OCMW",
    "helper_email": "els@example.org",
    "knows": "on",
}


@pytest.fixture
def link(db: None) -> Service:
    """LINK's rules, for Turnhout."""
    return make_service("link", "link")


@pytest.fixture
def vinac(db: None) -> Service:
    """VINAC's rules, for Turnhout."""
    return make_service("vinac", "vinac")


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A visitor who takes the time that people take."""
    monkeypatch.setattr(public_forms, "LEAST_SECONDS", -1)


def post(go: str, values: dict[str, str], url: str = LINK, door: str = "self", begun: str = "") -> Any:
    return Client().post(f"{url}?door={door}", {"go": go, "begun": begun or public_forms.begin(), **values})


def told(answer: Any) -> dict[str, str]:
    """Explanation -> the word beside it."""
    return {rule["explanation"]: rule["word"] for rule in answer.context["rules"]}


# The way in --------------------------------------------------------------------------------------------------------


def test_first_for_whom(link: Service) -> None:
    answer = Client().get(LINK)
    assert (answer.status_code, list(answer.context["form"].fields["door"].choices)) == (
        200, [("self", "Voor mezelf"), ("helper", "Ik help iemand anders")],
    )  # fmt: skip
    assert Client().get(LINK, {"door": "self"}).templates[0].name == "pathways/referral_form_fit.html"
    assert Client().get(LINK, {"door": "cat"}).status_code == 422


def test_a_service_with_more_programmes_asks_which(link: Service) -> None:
    make_programme(link, "volunteering")
    form = Client().get(LINK).context["form"]
    assert [slug for slug, _name in form.fields["aanbod"].choices] == ["link", "volunteering"]
    assert (
        Client().get(LINK, {"door": "self", "aanbod": "link"}).templates[0].name
        == "pathways/referral_form_fit.html"
    )
    refused = Client().get(LINK, {"door": "self", "aanbod": "volunteering"})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["door"])
    assert "maatschappelijk werker" in refused.content.decode()


def test_where_only_a_helper_refers_nothing_is_asked(service: Any) -> None:
    assert Client().get(VINAC).templates[0].name == "pathways/referral_form_fit.html"
    assert Client().get(VINAC, {"door": "self"}).status_code == 422


def test_a_closed_service_says_where_else(link: Service) -> None:
    Service.objects.update(intake_open=False)
    answer = Client().get(LINK)
    assert (answer.status_code, answer.templates[0].name) == (200, "pathways/referral_closed.html")
    assert "/waar/" in answer.content.decode()
    assert post("send", {**FITS, **DETAILS}).templates[0].name == "pathways/referral_closed.html"


# The rules ---------------------------------------------------------------------------------------------------------


def test_link_fits(link: Service) -> None:
    answer = post("verdict", FITS)
    assert (answer.status_code, answer.context["outcome"]) == (200, "fits")
    assert told(answer) == {
        "Je woont in de regio van LINK. Je officiële adres maakt niet uit.": "Past",
        "Je bent 16 of ouder.": "Past",
        "Deze vraag is alleen voor wie 16 of 17 is.": "Past",
        "Je verblijf is in orde.": "Past",
        "Je hebt geen arbeidscontract.": "Past",
    }


@pytest.mark.parametrize(
    ("change", "outcome", "explanation", "word", "elsewhere"),
    [
        (
            {"town": "Gent"},
            "elsewhere",
            "LINK werkt niet in jouw gemeente",
            "Past niet",
            "lokale partnerschap",
        ),
        ({"birth": "2015"}, "elsewhere", "LINK is voor wie 16 of ouder is", "Past niet", "CLB"),
        (
            {"residence_document": "no"},
            "elsewhere",
            "zonder geldige verblijfspapieren",
            "Past niet",
            "OCMW of een advocaat",
        ),
        ({"residence_document": "temporary"}, "talk", "Je verblijf is tijdelijk", "Bespreken we", ""),
        ({"residence_document": "unknown"}, "talk", "of je verblijf in orde is", "Weten we nog niet", ""),
        (
            {"employment_contract": "yes"},
            "elsewhere",
            "Je hebt nog een arbeidscontract",
            "Past niet",
            "mutualiteit",
        ),
    ],
)
def test_link_rule_by_rule(
    link: Service, change: dict[str, str], outcome: str, explanation: str, word: str, elsewhere: str
) -> None:
    answer = post("verdict", {**FITS, **change})
    assert answer.context["outcome"] == outcome
    (rule,) = [rule for rule in answer.context["rules"] if explanation in rule["explanation"]]
    assert rule["word"] == word
    assert elsewhere in rule["elsewhere"]
    assert ("Vraag toch een gesprek" in answer.content.decode()) == (outcome == "elsewhere")


def test_school_is_asked_only_of_who_is_16_or_17(link: Service) -> None:
    today = timezone.localdate()
    young = {**FITS, "birth": f"1/1/{today.year - 17}"}
    asked = post("verdict", young)
    assert (asked.status_code, list(asked.context["form"].errors)) == (422, ["compulsory_education"])
    first = post("verdict", {**young, "compulsory_education": "yes"})
    assert first.context["outcome"] == "talk"  # education first, never a refusal
    assert (
        told(first)["Je moet nog naar school. De school helpt jou eerst. Kan dat niet? Dan mag je starten."]
        == "Bespreken we"
    )
    assert post("verdict", {**young, "compulsory_education": "no"}).context["outcome"] == "fits"


@pytest.mark.parametrize(
    ("born", "word"),
    [("29/02/2008", "Past"), ("2015", "Past niet")],
)
def test_a_leap_birthday_and_a_bare_year(link: Service, born: str, word: str) -> None:
    answer = post("verdict", {**FITS, "birth": born, "compulsory_education": "no"})
    found = told(answer)
    assert word in (found.get("Je bent 16 of ouder."), found.get("LINK is voor wie 16 of ouder is."))


def test_vinac_has_its_own_rules(vinac: Service) -> None:
    answer = post("verdict", {"town": "Turnhout", "birth": "1990"}, VINAC)
    assert told(answer) == {"Je woont in de Stadsregio Turnhout.": "Past", "Je bent oud genoeg.": "Past"}
    fifteen = f"1/1/{timezone.localdate().year - 15}"
    assert post("verdict", {"town": "Turnhout", "birth": fifteen}, VINAC).context["outcome"] == "talk"


def test_antwerp_asks_for_dutch_but_never_refuses_for_it(service: Any) -> None:
    given = {"town": "Turnhout", "birth": "1990", "dutch_listening": "1.1", "dutch_speaking": "2"}
    answer = post("verdict", given, VINAC, "helper")
    assert answer.context["outcome"] == "talk"
    assert set(told(answer).values()) == {"Past", "Bespreken we"}


def test_no_public_page_asks_what_only_intake_may(service: Any, link: Service) -> None:
    for url, door in ((LINK, "self"), (LINK, "helper"), (VINAC, "helper")):
        page = Client().get(url, {"door": door}).content.decode()
        for version_rule in [rule for rule in _rules(url) if rule.topic in INTAKE_ONLY_TOPICS]:
            assert version_rule.question.nl not in page
        assert not re.search(r"verslav|strafblad|psychi|depress|ziek", page, re.IGNORECASE)


def _rules(url: str) -> Any:
    return Service.objects.get(slug=url.split("/")[1]).programme_versions.get().rules.rules


def test_the_rules_are_told_while_the_form_is_filled_in(link: Service) -> None:
    answer = post("peek", {"town": "Gent"})
    assert answer.status_code == 200
    assert told(answer) == {"LINK werkt niet in jouw gemeente. Een ander partnerschap wel.": "Past niet"}
    assert 'data-hx-select="#uitslag"' in answer.content.decode()


# The town ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["2300", "turnhout", "Turnhout 2300", "TURNHOUT "])
def test_a_town_as_people_write_it(link: Service, typed: str) -> None:
    assert post("verdict", {**FITS, "town": typed}).context["outcome"] == "fits"


def test_a_town_that_nobody_knows(link: Service) -> None:
    answer = post("verdict", {**FITS, "town": "Xyzzy"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["town"])
    assert 'value="31/12/1990"' in answer.content.decode()


def test_a_typing_error_asks_which_town(link: Service) -> None:
    asked = post("verdict", {**FITS, "town": "Turnhuot"})
    form = asked.context["form"]
    assert (asked.status_code, list(form.errors)) == (422, ["town_nis"])
    assert form.fields["town_nis"].choices[0] == ("13040", "Turnhout")
    assert post("verdict", {**FITS, "town": "Turnhuot", "town_nis": "13040"}).context["outcome"] == "fits"
    assert list(
        post("verdict", {**FITS, "town": "Turnhuot", "town_nis": "other"}).context["form"].errors
    ) == ["town_nis"]


def test_a_part_of_a_municipality(link: Service) -> None:
    """Former Kortessem covers its own postcodes only, not the rest of Hasselt (defaults, "Who fits")."""
    hasselt = Municipality.objects.get(name="Hasselt")
    Coverage.objects.create(
        service=link, municipality=hasselt, postal_codes=["3720", "3721", "3722", "3723", "3724"]
    )
    for typed, outcome in [
        ("Kortessem", "fits"),
        ("3721", "fits"),
        ("3500 Hasselt", "elsewhere"),
        ("Hasselt", "incomplete"),
    ]:
        assert post("verdict", {**FITS, "town": typed}).context["outcome"] == outcome, typed


def test_another_service_of_the_town_is_named(link: Service) -> None:
    gent = make_service("gent", "vinac")
    Coverage.objects.create(service=gent, municipality=Municipality.objects.get(nis="44021"))
    answer = post("verdict", {**FITS, "town": "Gent"})
    assert [row.slug for row in answer.context["elsewhere"]] == ["gent"]
    assert 'href="/gent/"' in answer.content.decode()


# Who and what ------------------------------------------------------------------------------------------------------


def test_what_was_typed_travels_along(link: Service) -> None:
    asked = post("details", FITS)
    assert asked.templates[0].name == "pathways/referral_form_details.html"
    assert 'name="town" value="2300 Turnhout"' in asked.content.decode()
    checked = post("review", {**FITS, **DETAILS})
    page = checked.content.decode()
    for text in ("2300 Turnhout", "31/12/1990", "Bilal", "Meer buiten komen."):
        assert text in page
    back = post("fit", {**FITS, **DETAILS})
    assert 'name="question" value="Meer buiten komen."' in back.content.decode()
    assert post("details", {**FITS, **DETAILS}).context["form"]["first_name"].value() == "Bilal"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"first_name": ""}, "first_name"),
        ({"question": ""}, "question"),
        ({"phone": ""}, "phone"),
        ({"email": "x"}, "email"),
        ({"reach_by": "helper"}, "reach_by"),
    ],
)
def test_wrong_details_come_back_filled_in(link: Service, change: dict[str, str], field: str) -> None:
    answer = post("review", {**FITS, **DETAILS, "language": "Arabisch", **change})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert "Arabisch" in answer.content.decode()


@pytest.mark.parametrize(
    ("missing", "field"),
    [("helper_name", "helper_name"), ("helper_email", "helper_email"), ("knows", "knows")],
)
def test_a_helper_says_who_asks(link: Service, missing: str, field: str) -> None:
    given = {name: value for name, value in HELPER.items() if name != missing}
    answer = post("review", {**FITS, **given}, door="helper")
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


def test_a_later_step_needs_the_earlier_ones(link: Service) -> None:
    assert post("send", DETAILS).templates[0].name == "pathways/referral_form_fit.html"
    assert post("send", FITS).templates[0].name == "pathways/referral_form_details.html"
    assert post("review", {}).status_code == 422
    assert post("dance", FITS).templates[0].name == "pathways/referral_form_fit.html"


# Sending -----------------------------------------------------------------------------------------------------------


def test_sent_by_the_person(link: Service, patient: None) -> None:
    answer = post("send", {**FITS, **DETAILS, "tried": "VDAB"})
    assert answer.status_code == 302
    with inside(link):
        referral = Referral.objects.select_related("person").get()
        assert answer.headers["Location"] == f"/link/aanmelden/bedankt/?ref={referral.reference}&door=self"
        person = referral.person
        assert (person.first_name, person.birth_date, person.phone) == (
            "Bilal",
            date(1990, 12, 31),
            "0470 12 34 56",
        )
        home = person.addresses.get()
        assert (home.town, home.municipality.nis, home.postal_code) == ("Turnhout", "13040", "2300")
        assert (referral.by, referral.question, referral.tried) == ("self", "Meer buiten komen.", "VDAB")
        assert referral.answers["lives_in"] == "13040"
        assert referral.answers["born"] == "1990-12-31"
        assert [row["verdict"] for row in referral.verdicts] == ["met"] * 5
        assert list(Event.objects.order_by("id").values_list("kind", flat=True)) == [
            "person.added",
            "referral.received",
        ]
    page = Client().get(answer.headers["Location"]).content.decode()
    assert referral.reference in page
    assert "Bilal" not in page


def test_sent_by_a_helper_of_a_known_organisation(link: Service, patient: None) -> None:
    ocmw = Organisation.objects.create(network=link.network, name="OCMW Turnhout", roles=["referrer"])
    values = {**FITS, **HELPER, "referrer": str(ocmw.pk), "reach_by": "helper", "birth": "1990"}
    assert post("send", values, door="helper").status_code == 302
    with inside(link):
        referral = Referral.objects.get()
        assert (referral.referrer_id, referral.referrer_kind, referral.person_said_yes_on) == (
            ocmw.pk,
            "ocmw",
            None,
        )
        assert referral.answers["birth_year"] == 1990
    run_jobs()
    assert [sent.to for sent in mail.outbox] == [["els@example.org"]]


def test_who_does_not_fit_can_still_ask_a_talk(link: Service, patient: None) -> None:
    assert post("send", {**FITS, **DETAILS, "town": "Gent"}).status_code == 302
    with inside(link):
        assert Referral.objects.get().verdicts[0]["verdict"] == "not_met"


def test_nothing_shows_who_is_known(link: Service, patient: None) -> None:
    with inside(link):
        make_person(first_name="Bilal", last_name="Zaoui", phone="0470 12 34 56")
    first, second = (post("send", {**FITS, **DETAILS}) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    with inside(link):
        assert Person.objects.count() == 3


def test_robots_are_too_fast_or_fill_in_everything(link: Service) -> None:
    fast = post("send", {**FITS, **DETAILS})
    assert (fast.status_code, list(fast.context["form"].errors)) == (422, ["begun"])
    assert "heel snel" in fast.content.decode()
    nosy = post("send", {**FITS, **DETAILS, "website": "http://x.example"})
    assert set(nosy.context["form"].errors) == {"begun", "website"}
    forged = post("send", {**FITS, **DETAILS}, begun="gisteren")
    assert "te lang open" in forged.content.decode()
    with inside(link):
        assert Referral.objects.count() == 0


def test_too_many_from_one_address_lose_nothing_and_hear_when_again(
    link: Service, patient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_views, "REFERRALS_AN_HOUR", 1)
    Service.objects.update(phone="014 40 90 96")
    assert post("send", {**FITS, **DETAILS}).status_code == 302
    refused = post("send", {**FITS, **DETAILS})
    assert (refused.status_code, refused.templates[0].name) == (422, "pathways/referral_form_review.html")
    assert [str(text) for text in refused.context["form"].non_field_errors()] == [
        "Dit gebeurde te vaak na elkaar. Probeer het over 60 minuten opnieuw, of bel ons."
    ]
    assert {*FITS.items(), *DETAILS.items()} <= set(refused.context["hidden"])
    assert 'href="tel:014409096"' in refused.content.decode()
    with inside(link):
        assert Referral.objects.count() == 1


def test_a_refused_send_does_not_count(link: Service, patient: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public_views, "REFERRALS_AN_HOUR", 1)
    assert post("send", {**FITS, **DETAILS, "phone": "123"}).status_code == 422
    assert post("send", {**FITS, **DETAILS}).status_code == 302


def test_a_form_that_stood_open_gets_a_new_moment(link: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    old = public_forms.begin()
    assert dict(post("fit", FITS, begun=old).context["hidden"])["begun"] == old
    fresh = dict(post("fit", FITS, begun="x").context["hidden"])["begun"]
    assert signing.TimestampSigner(salt=public_forms.SALT).unsign(fresh) == "begun"


def test_a_person_of_long_ago_breaks_no_rule_silently(link: Service, patient: None) -> None:
    answer = post("send", {**FITS, **DETAILS, "phone": "123"})
    assert answer.status_code == 422
    assert "te kort" in answer.content.decode()


def test_thanks_shows_only_a_real_reference(link: Service) -> None:
    assert Client().get("/link/aanmelden/bedankt/", {"ref": "<b>hallo"}).context["reference"] == ""
    assert Client().get("/link/aanmelden/bedankt/", {"ref": "0A1B2C"}).context["reference"] == "0A1B2C"


# Following ---------------------------------------------------------------------------------------------------------


def test_the_helper_follows_as_far_as_the_person_agrees(link: Service) -> None:
    with inside(link) as actor:
        referral = make_referral()
        path = follow_url(referral).removeprefix("http://localhost:8000")
    [card] = Client().get(path).context["cards"]
    assert (card["word"], card["who"]) == ("Ontvangen. Of de persoon start, vertelt die zelf.", "")
    with inside(link) as actor:
        record_yes(referral=referral, actor=actor, tell_helper=True)
    answer = Client().get(path)
    [card] = answer.context["cards"]
    assert (answer.status_code, card["word"], card["who"]) == (200, "Ontvangen", "Amina P.")
    assert "Peeters" not in answer.content.decode()


def test_an_expired_link_sends_a_new_one_to_the_same_helper(
    link: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    with inside(link):
        path = follow_url(make_referral()).removeprefix("http://localhost:8000")
    run_jobs()
    mail.outbox.clear()
    monkeypatch.setattr("stapsteen.core.links.read.__kwdefaults__", {"days": -1})
    assert Client().get(path).status_code == 410
    assert Client().post(path).status_code == 410
    run_jobs()
    assert [sent.to for sent in mail.outbox] == [["els@example.org"]]
    answers = [Client().post(path) for _ in range(RENEWALS)]
    assert [answer.status_code for answer in answers] == [410] * (RENEWALS - 1) + [429]
    assert "60 minuten" in answers[-1].content.decode()
    run_jobs()
    assert len(mail.outbox) == RENEWALS
    elsewhere = Client().post(path, REMOTE_ADDR="192.0.2.7")
    assert (elsewhere.status_code, run_jobs()) == (429, 0)  # the same link from another address


def test_a_colleague_can_use_it_too(link: Service, patient: None, coach: Any) -> None:
    assert client_of(coach).get(LINK).status_code == 200
