"""Who may refer is data; referrers that say too much are kept under lock; messages both ways."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from stapsteen.core import links
from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor
from stapsteen.hosts.models import Organisation
from stapsteen.network.models import Membership, Service
from stapsteen.pathways import public_forms
from stapsteen.pathways.actions import (
    end_right,
    follow_url,
    give_right,
    receive_referral,
    record_yes,
    write_to_referrer,
    write_to_service,
)
from stapsteen.pathways.actions.referral import FOLLOW
from stapsteen.pathways.models import Referral, ReferralMessage, ReferrerRight
from stapsteen.pathways.tests.factories import SYSTEM, any_programme, make_referral
from stapsteen.pathways.tests.test_referral_form_pages import HELPER, post
from stapsteen.people.models import Person, SensitiveFact
from stapsteen.people.sensitive_words import tells_too_much
from stapsteen.testing.refusals import refused
from stapsteen.testing.world import actor_of, client_of, inside, make_service, make_staff, run_jobs

pytestmark = pytest.mark.django_db
ANTWERP = "/vinac/aanmelden/"
FITS = {
    "town": "2300 Turnhout", "birth": "31/12/1990", "residence_document": "yes", "employment_contract": "no",
    "dutch_listening": "2", "dutch_speaking": "2",
}  # fmt: skip
SECRET = "Gevangenis De Poort"


def organisation(service: Service, name: str, **values: Any) -> Organisation:
    return Organisation.objects.create(network=service.network, name=name, **values)


# Who may refer -----------------------------------------------------------------------------------------------------------


def test_only_centres_of_the_list_refer_once_there_is_a_list(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_forms, "LEAST_SECONDS", -1)
    centre = organisation(service, "De Brug")
    helper = {**HELPER, "helper_organisation": "OCMW"}
    assert post("send", {**FITS, **helper}, url=ANTWERP, door="helper").status_code == 302
    with inside(service) as actor:
        give_right(organisation=centre, actor=actor, cluster="cluster-2")
    form = post("details", FITS, url=ANTWERP, door="helper").context["form"]
    assert form.fields["referrer"].choices[1:] == [("Cluster 2", [(str(centre.pk), "De Brug")])]
    assert "helper_organisation" not in form.fields
    assert post("send", {**FITS, **helper}, url=ANTWERP, door="helper").status_code == 422
    chosen = {**FITS, **helper, "referrer": str(centre.pk)}
    assert post("send", chosen, url=ANTWERP, door="helper").status_code == 302
    with inside(service):
        newest = Referral.objects.order_by("-pk")[0]
        assert (newest.referrer, newest.referrer_kind) == (centre, "social_centre")
        with pytest.raises(RuleBroken, match="Alleen een centrum"):
            receive_referral(
                actor=visitor(), programme=any_programme(), by="helper", question="x", helper_email="e@example.org",
                person={"first_name": "A"}, referrer=organisation(service, "Ander"),
            )  # fmt: skip


def visitor() -> Actor:
    return Actor("visitor")


def test_a_right_needs_a_known_cluster_kind_and_programme(service: Service) -> None:
    other = make_service("link", "link")
    centre, stranger = organisation(service, "De Brug"), organisation(other, "Ver")
    with inside(service) as actor:
        for values, field in (
            ({"organisation": centre}, "cluster"),
            ({"organisation": centre, "cluster": "cluster-9"}, "cluster"),
            ({"organisation": centre, "cluster": "cluster-1", "kind": "kat"}, "kind"),
            ({"organisation": centre, "cluster": "cluster-1", "programme_slug": "link"}, "programme_slug"),
            ({"organisation": stranger, "cluster": "cluster-1"}, "organisation"),
        ):
            with pytest.raises(RuleBroken) as broken:
                give_right(actor=actor, **values)
            assert broken.value.field == field
        right = give_right(organisation=centre, actor=actor, cluster="cluster-1")
        assert Organisation.objects.get(pk=centre.pk).roles == ["referrer"]
        with pytest.raises(RuleBroken, match="mag dit al"):
            give_right(organisation=centre, actor=actor, cluster="cluster-1")
        end_right(right=right, actor=actor)
        with pytest.raises(RuleBroken, match="al gestopt"):
            end_right(right=right, actor=actor)
        give_right(organisation=centre, actor=actor, cluster="cluster-1")


def test_a_right_says_as_what_kind_a_centre_refers(service: Service) -> None:
    centre = organisation(service, "De Brug")
    with inside(service) as actor:
        kind = any_programme().rules.referral.referrers[-1].kind
        give_right(organisation=centre, actor=actor, cluster="cluster-1", kind=kind)
        assert make_referral(referrer=centre).referrer_kind == kind


def test_the_settings_page_adds_and_ends(service: Service, coordinator: Any) -> None:
    centre = organisation(service, "De Brug")
    client, base = client_of(coordinator), "/vinac/instellingen/aanmelders/"
    today = timezone.localdate().isoformat()
    given = {"cluster": "cluster-1", "starts_on": today, "programme_slug": "", "kind": ""}
    assert client.get(f"{base}nieuw/").status_code == 200
    assert client.post(f"{base}nieuw/", {**given, "organisation": ""}).status_code == 422
    both = {**given, "organisation": str(centre.pk), "new_name": "Twee"}
    assert client.post(f"{base}nieuw/", both).status_code == 422
    assert client.post(f"{base}nieuw/", {**given, "organisation": str(centre.pk)}).status_code == 302
    new = {**given, "organisation": "", "new_name": "Opvang Zuid", "kind": "reception_centre"}
    assert client.post(f"{base}nieuw/", new).status_code == 302
    assert Organisation.objects.get(name="Opvang Zuid").sensitive_referrer is True
    page = client.get(base)
    assert [row[0] for row in page.context["rows"]] == ["De Brug", "Opvang Zuid"]
    assert (page.context["centres"], page.context["expected"]) == (2, [21])
    with inside(service):
        right = ReferrerRight.objects.get(organisation=centre)
    assert client.get(f"{base}{right.pk}/stop/").status_code == 200
    assert client.post(f"{base}{right.pk}/stop/").status_code == 302
    page = client.get(base)
    assert ([row[0] for row in page.context["rows"]], len(page.context["ended"])) == (["Opvang Zuid"], 1)


# Under lock --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Gevangenis Turnhout", True),
        ("Psychiatrisch ziekenhuis", True),
        ("Free Clinic", True),
        ("Opvangcentrum Zuid", True),
        ("OCMW Turnhout", False),
        ("VDAB", False),
        ("", False),
    ],
)
def test_a_name_tells_too_much(name: str, expected: bool) -> None:
    assert tells_too_much(name) is expected


@pytest.mark.parametrize("how", ["organisation", "right", "words", "typed"])
def test_a_sensitive_referrer_stands_nowhere_in_the_open(service: Service, intake: Any, how: str) -> None:
    poort = organisation(service, SECRET, sensitive_referrer=how == "organisation")
    values: dict[str, Any] = {"referrer": poort}
    with inside(service) as actor:
        if how == "right":
            give_right(organisation=poort, actor=actor, cluster="cluster-1", kind="prison")
        if how == "words":
            values = {"sensitive_referrer": SECRET}
        if how == "typed":
            values = {"helper_organisation": SECRET}
        referral = make_referral(**values)
        referral.refresh_from_db()
        assert (referral.referrer, referral.helper_organisation, referral.referrer_kind) == (
            None,
            "",
            "sensitive",
        )
        known = how in ("organisation", "right")
        assert (referral.referrer_sealed == str(poort.pk), bool(referral.referrer_index)) == (known, known)
        [fact] = SensitiveFact.objects.filter(person=referral.person)
        assert (fact.kind, fact.text) == ("referrer", SECRET)
    with connection.cursor() as cursor, inside(service):
        cursor.execute("SELECT count(*) FROM pathways_referral t WHERE t::text LIKE %s", ["%Poort%"])
        assert cursor.fetchone() == (0,)
    run_jobs()
    assert all(SECRET not in sent.subject + sent.body for sent in mail.outbox)
    assert SECRET not in client_of(intake).get("/vinac/aanmeldingen/").content.decode()


def test_only_who_may_see_sensitive_facts_reads_which_it_was(
    service: Service, intake: Any, coordinator: Any
) -> None:
    poort = organisation(service, SECRET, sensitive_referrer=True)
    with inside(service):
        referral = make_referral(referrer=poort)
    path = f"/vinac/aanmeldingen/{referral.pk}/"
    assert SECRET in client_of(intake).get(path).content.decode()
    page = client_of(coordinator).get(path).content.decode()
    assert (SECRET in page, "els@example.org" in page) == (False, False)


def test_its_own_page_finds_its_own_referrals(service: Service) -> None:
    poort, other = organisation(service, SECRET, sensitive_referrer=True), organisation(service, "CAW")
    staff = make_staff(service, "referrer", organisation_id=poort.pk)
    elsewhere = make_staff(service, "referrer", email="caw@example.org", organisation_id=other.pk)
    with inside(service):
        mine = make_referral(referrer=poort)
        make_referral()
    [row] = client_of(staff).get("/vinac/mijn-aanmeldingen/").context["rows"]
    assert str(mine.pk) in row[0]["href"]
    assert client_of(elsewhere).get("/vinac/mijn-aanmeldingen/").context["rows"] == []
    assert client_of(elsewhere).get(f"/vinac/mijn-aanmeldingen/{mine.pk}/").status_code == 404


# Messages ----------------------------------------------------------------------------------------------------------------


def referral_path(service: Service) -> tuple[Referral, str]:
    with inside(service):
        referral = make_referral()
        return referral, follow_url(referral).removeprefix("http://localhost:8000")


def test_a_question_and_an_answer_without_an_account(service: Service, intake: Any) -> None:
    referral, path = referral_path(service)
    run_jobs()
    mail.outbox.clear()
    client, page = client_of(intake), f"/vinac/aanmeldingen/{referral.pk}/"
    assert client.post(f"{page}bericht/", {"text": ""}).status_code == 422
    assert client.post(f"{page}bericht/", {"text": "Wanneer bellen we best?"}).status_code == 302
    run_jobs()
    [sent] = mail.outbox
    assert (sent.to, "bericht" in sent.subject) == (["els@example.org"], True)
    assert not [word for word in ("Amina", "Peeters", "Wanneer bellen") if word in sent.subject + sent.body]
    assert "Wanneer bellen we best?" in Client().get(path).content.decode()
    assert Client().post(path, {"referral": str(referral.pk), "text": ""}).status_code == 422
    answer = Client().post(path, {"referral": str(referral.pk), "text": "Na 14 uur."})
    assert answer.status_code == 302
    [row] = client.get("/vinac/aanmeldingen/").context["rows"]
    assert "nieuw bericht" in row[0]["sub"]
    assert "Nieuwe berichten" in client.get("/vinac/vandaag/").content.decode()
    detail = client.get(page)
    assert (detail.context["unread"], "Na 14 uur." in detail.content.decode()) == (True, True)
    assert client.post(f"{page}gelezen/").status_code == 302
    [row] = client.get("/vinac/aanmeldingen/").context["rows"]
    assert "nieuw bericht" not in row[0]["sub"]


def test_all_own_referrals_stand_behind_one_link(service: Service) -> None:
    first, path = referral_path(service)
    with inside(service) as actor:
        second = make_referral(helper_email="ELS@example.org", person={"first_name": "Bo"})
        other = make_referral(helper_email="an@example.org")
        nobody = make_referral(helper_email="", helper_phone="014 00 00 00")
        record_yes(referral=second, actor=actor, tell_helper=True)
    page = Client().get(path)
    assert [card["referral"].pk for card in page.context["cards"]] == [second.pk, first.pk]
    assert [card["who"] for card in page.context["cards"]] == ["Bo P.", ""]
    assert "Amina" not in page.content.decode()
    for foreign in (other, nobody):
        answer = Client().post(path, {"referral": str(foreign.pk), "text": "Hallo"})
        assert answer.status_code == 404
    with inside(service):
        silent = follow_url(nobody).removeprefix("http://localhost:8000")
    assert [card["referral"].pk for card in Client().get(silent).context["cards"]] == [nobody.pk]


def test_the_link_page_asks_as_much_for_three_as_for_one(service: Service) -> None:
    from django.test.utils import CaptureQueriesContext

    _referral, path = referral_path(service)
    with CaptureQueriesContext(connection) as one:
        Client().get(path)
    with inside(service) as actor:
        for name in ("Bo", "Cas"):
            row = make_referral(person={"first_name": name})
            record_yes(referral=row, actor=actor, tell_helper=True)
            write_to_referrer(referral=row, actor=actor, text="Vraag?")
    with CaptureQueriesContext(connection) as three:
        Client().get(path)
    assert len(three) - len(one) <= 1  # the key that opens the sealed messages


def test_a_referrer_with_a_login_answers_on_its_own_page(service: Service) -> None:
    ocmw = organisation(service, "OCMW", roles=["referrer"])
    staff = make_staff(service, "referrer", organisation_id=ocmw.pk)
    with inside(service) as actor:
        referral = make_referral(referrer=ocmw)
        write_to_referrer(referral=referral, actor=actor, text="Wie gaat mee?")
    client, path = client_of(staff), f"/vinac/mijn-aanmeldingen/{referral.pk}/"
    [row] = client.get("/vinac/mijn-aanmeldingen/").context["rows"]
    assert "nieuw bericht" in row[0]["sub"]
    assert "Wie gaat mee?" in client.get(path).content.decode()
    assert client.post(path, {"text": "Ik ga mee."}).status_code == 302
    with inside(service):
        assert [m.to_referrer for m in ReferralMessage.objects.order_by("at")] == [True, False]
        own = Membership.objects.get(user_id=staff.user_id)
        assert own.organisation_id == ocmw.pk


def test_who_cannot_be_reached_or_may_not_write(service: Service, coach: Any) -> None:
    with inside(service) as actor:
        unreachable = make_referral(helper_email="", helper_phone="014 00 00 00")
        with pytest.raises(RuleBroken, match="Bel liever"):
            write_to_referrer(referral=unreachable, actor=actor, text="Dag")
        referral = make_referral()
        with pytest.raises(RuleBroken, match="rol"):
            write_to_referrer(referral=referral, actor=actor_of(coach), text="Dag")
        with pytest.raises(RuleBroken, match="rol"):
            write_to_service(referral=referral, actor=actor_of(coach), text="Dag")
        with pytest.raises(RuleBroken, match="te lang"):
            write_to_referrer(referral=referral, actor=actor, text="x" * 2001)


def test_the_own_choice_is_kept_in_own_words(service: Service, intake: Any) -> None:
    with inside(service):
        referral = make_referral(SYSTEM)
    client, path = client_of(intake), f"/vinac/aanmeldingen/{referral.pk}/"
    client.post(f"{path}opnemen/")
    given = {"on": timezone.localdate().isoformat(), "own_choice": "Ik wil dit zelf."}
    assert client.post(f"{path}ja/", given).status_code == 302
    assert "Ik wil dit zelf." in client.get(path).content.decode()


def test_the_figures_know_one_group_and_no_mere_call(service: Service) -> None:
    from stapsteen.figures.queries import ALL, Period, Step, funnel

    today = timezone.localdate()
    with inside(service):
        for name in ("Gevangenis A", "Psychiatrie B"):
            make_referral(referrer=organisation(service, name, sensitive_referrer=True))
        make_referral(by="self", helper_name="", helper_email="", call_only=True)
        found = funnel(Period(today.replace(day=1), today), today=today)
    assert found == {"sensitive": Step(2, 0, 0), ALL: Step(2, 0, 0)}


def test_a_message_has_words_and_a_referral_that_still_stands(service: Service) -> None:
    with inside(service) as actor:
        referral = make_referral()
        wordless = refused(write_to_service, referral=referral, actor=link_of(referral), text=" ")
        assert wordless == ("text", "Schrijf eerst je bericht.")
        assert refused(write_to_referrer, referral=referral, actor=actor, text=" ") == wordless
        Person.objects.filter(pk=referral.person_id).update(erased_at=timezone.now())
        closed = refused(write_to_service, referral=referral, actor=link_of(referral), text="Dag")
        assert closed == (None, "Deze aanmelding is afgesloten. Bel ons als je nog een vraag hebt.")


def link_of(referral: Referral) -> Actor:
    """Who opens the link from the mail."""
    token = links.make(FOLLOW, service=referral.service_id, referral=referral.pk)
    return Actor("link", link=links.read(token))


def test_who_has_no_mail_but_a_login_gets_no_mail(service: Service) -> None:
    ocmw = organisation(service, "OCMW", roles=["referrer"])
    with inside(service) as actor:
        referral = make_referral(referrer=ocmw, helper_email="", helper_phone="014 00 00 00")
        message = write_to_referrer(referral=referral, actor=actor, text="Wie gaat mee?")
        assert (message.to_referrer, message.text) == (True, "Wie gaat mee?")
    run_jobs()
    assert mail.outbox == []
