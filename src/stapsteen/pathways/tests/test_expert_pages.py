"""Partners: asked along with consent, seen only what was shared, shut at once; standing partners; never who can sanction."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from stapsteen.core.errors import RuleBroken
from stapsteen.core.models import OutgoingMail
from stapsteen.hosts.models import Organisation
from stapsteen.pathways.actions import ask_expert, end_expert, give_advice, set_partner
from stapsteen.pathways.models import ExpertAdvice, ExpertRequest, Pathway
from stapsteen.pathways.tests.factories import make_pathway
from stapsteen.people.actions import withdraw_consent
from stapsteen.people.models import Consent, Person
from stapsteen.people.tests.factories import make_person
from stapsteen.testing.world import actor_of, client_of, inside, make_staff, run_jobs

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
DAY = timedelta(days=1)


def organisation(service: Any, name: str = "Huis van het Nederlands", **values: Any) -> Organisation:
    return Organisation.objects.create(network=service.network, name=name, roles=["partner"], **values)


def expert_of(service: Any, partner: Organisation | None, email: str = "expert@partner.example.org") -> Any:
    return make_staff(service, "expert", email=email, organisation_id=partner.pk if partner else None)


def asked_along(pathway: Pathway, expert: Any, actor: Any, **values: Any) -> ExpertRequest:
    given = {
        "question": "Welk Nederlands past?", "parts": ["profile", "dutch"], "ends_on": TODAY() + 30 * DAY,
        "own_words": "Ja, zij mag meekijken.", **values,
    }  # fmt: skip
    return ask_expert(pathway=pathway, actor=actor, expert=expert, **given)


def url(name: str, service: Any, **keys: Any) -> str:
    return reverse(name, kwargs={"service": service.slug, **keys})


def test_from_asking_to_advice_in_pages(service: Any, coach: Any) -> None:
    partner = organisation(service)
    expert = expert_of(service, partner)
    with inside(service, coach):
        person = make_person(last_name="Geheimers", phone="0470 99 88 77", dutch_speaking="1.2")
        Person.objects.filter(pk=person.pk).update(talents="Brood bakken", wishes="Mensen zien")
    with inside(service):
        pathway = make_pathway(coach, person=person)
    client, theirs = client_of(coach), client_of(expert)
    page = url("pathways.expert_list", service, pathway=pathway.pk)
    assert "Nog niemand meegevraagd" in client.get(page).content.decode()
    form = {
        "expert": str(expert.pk), "question": "Welk Nederlands past?", "parts": ["profile", "dutch"],
        "ends_on": (TODAY() + 30 * DAY).isoformat(), "own_words": "Ja hoor", "how": "spoken",
    }  # fmt: skip
    ask = url("pathways.expert_ask", service, pathway=pathway.pk)
    assert client.get(ask).status_code == 200
    wrong = client.post(ask, {**form, "own_words": "", "parts": []})
    assert (wrong.status_code, sorted(wrong.context["form"].errors)) == (422, ["own_words", "parts"])
    assert client.post(ask, form).headers["Location"] == page
    run_jobs()
    (sent,) = mail.outbox
    assert (sent.to, "Amina" in sent.body, "Geheimers" in sent.body) == (
        ["expert@partner.example.org"],
        False,
        False,
    )
    with inside(service):
        asked = ExpertRequest.objects.get()
    home = theirs.get(url("portals.expert", service))
    assert [line["row"].pk for line in home.context["asked"]] == [asked.pk]
    shown = url("pathways.expert_request", service, asked=asked.pk)
    before = theirs.get(shown).content.decode()
    assert ("Welk Nederlands past?" in before, "Brood bakken" in before, "Amina" in before) == (
        True,
        False,
        False,
    )
    theirs.post(url("pathways.expert_answer", service, asked=asked.pk), {"answer": "accept"})
    after = theirs.get(shown).content.decode()
    for word in ("Brood bakken", "Mensen zien", "Amina G.", "1.2"):
        assert word in after
    for word in ("Geheimers", "0470", 'participatiewiel"'):
        assert word not in after
    assert theirs.post(shown, {"kind": "advice", "text": ""}).status_code == 422
    assert theirs.post(shown, {"kind": "task_package", "text": "Balie met een maatje"}).status_code == 302
    seen = client.get(page)
    assert "Balie met een maatje" in seen.content.decode()
    (row,) = seen.context["rows"]
    assert (row["badge"]["label"], len(row["looks"]) >= 2) == ("Kijkt mee", True)
    client.post(row["end_url"])
    assert theirs.get(shown).status_code == 404
    assert theirs.get(url("portals.expert", service)).context["asked"] == []


def test_who_declines_sees_nothing_more(service: Any, coach: Any) -> None:
    expert = expert_of(service, organisation(service))
    with inside(service) as actor:
        asked = asked_along(make_pathway(coach), expert, actor)
    client = client_of(expert)
    answer = url("pathways.expert_answer", service, asked=asked.pk)
    assert client.post(answer, {"answer": "maybe"}).status_code == 404
    assert client.post(answer, {"answer": "decline"}).headers["Location"] == url("portals.expert", service)
    assert client.get(url("pathways.expert_request", service, asked=asked.pk)).status_code == 404
    with inside(service), pytest.raises(RuleBroken, match="rol"):
        give_advice(asked=asked, actor=actor_of(expert), kind="advice", text="Toch")


@pytest.mark.parametrize("shut", ["withdrawn", "period", "consent_over", "sanction", "erased", "not_yet"])
def test_the_door_is_shut_at_once(service: Any, coach: Any, shut: str) -> None:
    partner = organisation(service)
    expert = expert_of(service, partner)
    with inside(service) as actor:
        asked = asked_along(make_pathway(coach), expert, actor)
    client, page = client_of(expert), url("pathways.expert_request", service, asked=asked.pk)
    assert client.get(page).status_code == 200
    with inside(service) as actor:
        rows = ExpertRequest.objects.filter(pk=asked.pk)
        if shut == "withdrawn":
            withdraw_consent(consent=Consent.objects.get(), actor=actor)
        elif shut == "period":
            rows.update(ends_on=TODAY() - DAY)
        elif shut == "not_yet":
            rows.update(starts_on=TODAY() + DAY)
        elif shut == "consent_over":
            Consent.objects.update(ends_on=TODAY() - DAY)
        elif shut == "sanction":
            Organisation.objects.filter(pk=partner.pk).update(can_sanction=True)
        else:
            Person.objects.update(erased_at=timezone.now())
    assert client.get(page).status_code == 404
    assert client.post(page, {"kind": "advice", "text": "x"}).status_code == 404
    assert client.get(url("portals.expert", service)).context["asked"] == []


def test_every_part_that_can_be_shared_has_its_place(service: Any, coach: Any) -> None:
    from stapsteen.pathways.actions import set_goal

    expert = expert_of(service, organisation(service))
    with inside(service) as actor:
        pathway = make_pathway(coach)
        asked = asked_along(pathway, expert, actor, parts=list(ExpertRequest.PARTS))
        set_goal(pathway=pathway, actor=actor, text="Koken leren")
    client = client_of(expert)
    client.post(url("pathways.expert_answer", service, asked=asked.pk), {"answer": "accept"})
    page = client.get(url("pathways.expert_request", service, asked=asked.pk))
    assert (page.status_code, "Koken leren" in page.content.decode()) == (200, True)
    assert page.context["wheel"]["current"] == "few-contacts"


def test_who_can_be_asked_and_what_is_refused(service: Any, coach: Any) -> None:
    fine, vdab = organisation(service), organisation(service, "VDAB", can_sanction=True)
    good, never = expert_of(service, fine), expert_of(service, vdab, "x@vdab.example.org")
    unknown = expert_of(service, None, "y@nowhere.example.org")
    with inside(service) as actor:
        pathway = make_pathway(coach)
        with pytest.raises(RuleBroken, match="schorsen"):
            asked_along(pathway, never, actor)
        with pytest.raises(RuleBroken, match="geen organisatie"):
            asked_along(pathway, unknown, actor)
        with pytest.raises(RuleBroken, match="schorsen"):
            set_partner(pathway=pathway, actor=actor, partner=vdab)
        wrong: list[tuple[dict[str, Any], str]] = [
            ({"question": " "}, "question"), ({"own_words": ""}, "own_words"), ({"parts": []}, "parts"),
            ({"parts": ["hours"]}, "parts"), ({"ends_on": TODAY() - DAY}, "ends_on"),
            ({"ends_on": TODAY() + 400 * DAY}, "ends_on"),
        ]  # fmt: skip
        for values, field in wrong:
            with pytest.raises(RuleBroken) as caught:
                asked_along(pathway, good, actor, **values)
            assert caught.value.field == field
        assert (Consent.objects.count(), OutgoingMail.objects.count()) == (0, 0)
    form = client_of(coach).get(url("pathways.expert_ask", service, pathway=pathway.pk)).context["form"]
    assert [label for _key, label in form.fields["expert"].choices] == [
        f"{good.name} (Huis van het Nederlands)"
    ]
    partners = client_of(coach).get(url("pathways.partner_edit", service, pathway=pathway.pk)).context["form"]
    assert [str(label) for _key, label in partners.fields["partner"].choices] == [
        "Geen",
        "Huis van het Nederlands",
    ]


def test_advice_that_is_none(service: Any, coach: Any) -> None:
    expert = expert_of(service, organisation(service))
    with inside(service) as actor:
        asked = asked_along(make_pathway(coach), expert, actor)
        with pytest.raises(RuleBroken, match="meekijkt"):
            give_advice(asked=asked, actor=actor_of(expert), kind="advice", text="Te vroeg")
        ExpertRequest.objects.update(state="accepted")
        for values, field in (
            ({"kind": "x", "text": "y"}, "kind"),
            ({"kind": "advice", "text": " "}, "text"),
        ):
            with pytest.raises(RuleBroken) as caught:
                give_advice(asked=asked, actor=actor_of(expert), **values)
            assert caught.value.field == field
        end_expert(asked=asked, actor=actor)
        assert ExpertAdvice.objects.count() == 0


def test_a_standing_partner_follows_up_its_own_persons(service: Any, coach: Any) -> None:
    partner = organisation(service, "vzw ANA")
    expert = expert_of(service, partner)
    with inside(service):
        mine, other = make_pathway(coach), make_pathway(coach)
    page = url("pathways.partner_edit", service, pathway=mine.pk)
    client_of(coach).post(page, {"partner": str(partner.pk)})
    client_of(coach).post(page, {"partner": str(partner.pk)})
    client = client_of(expert)
    assert [row[0]["text"] for row in client.get(url("portals.expert", service)).context["rows"]] == [
        "Amina Peeters"
    ]

    def gets(name: str, **keys: Any) -> int:
        return int(client.get(url(name, service, **keys)).status_code)

    person = {"person": mine.person_id}
    assert [
        gets("portals.person", **person), gets("portals.person", person=other.person_id),
        gets("pathways.wheel", pathway=mine.pk), gets("pathways.wheel", pathway=other.pk),
        gets("people.sensitive", **person), gets("pathways.expert_list", pathway=mine.pk),
    ] == [200, 404, 200, 404, 404, 404]  # fmt: skip
    client_of(coach).post(page, {"partner": ""})
    assert gets("portals.person", **person) == 404
    client_of(coach).post(page, {"partner": str(partner.pk)})
    Organisation.objects.filter(pk=partner.pk).update(can_sanction=True)
    assert (gets("portals.person", **person), gets("portals.expert")) == (404, 200)


def test_partners_of_a_pathway_that_ended(service: Any, coach: Any) -> None:
    partner = organisation(service)
    with inside(service) as actor:
        pathway = make_pathway(coach)
        Pathway.objects.update(state="ended")
        for act in (
            lambda: set_partner(pathway=pathway, actor=actor, partner=partner),
            lambda: asked_along(pathway, expert_of_none(), actor),
        ):
            with pytest.raises(RuleBroken):
                act()
    page = client_of(coach).get(url("pathways.expert_list", service, pathway=pathway.pk))
    assert (page.context["ask_url"], page.context["partner_url"]) == ("", "")


def expert_of_none() -> Any:
    from stapsteen.network.models import StaffMember

    return StaffMember.objects.order_by("pk").first()


@pytest.mark.parametrize("page", ["coach", "expert"])
def test_constant_queries(service: Any, coach: Any, page: str) -> None:
    expert = expert_of(service, organisation(service))
    with inside(service) as actor:
        pathway = make_pathway(coach)
        asked_along(pathway, expert, actor)

    def count() -> int:
        client = client_of(coach if page == "coach" else expert)
        address = (
            url("pathways.expert_list", service, pathway=pathway.pk)
            if page == "coach"
            else url("portals.expert", service)
        )
        client.get(address)
        with CaptureQueriesContext(connection) as counted:
            client.get(address)
        return len(counted)

    one = count()
    with inside(service) as actor:
        for _number in range(2):
            asked_along(pathway, expert, actor, question=f"Nog {_number}")
    assert count() == one
