"""Making, sending, signing and reading the agreement: staff, participant, and whoever got a link."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from stapsteen.core import halfdays, links
from stapsteen.core.errors import RuleBroken
from stapsteen.core.models import OutgoingMail, ReadEntry
from stapsteen.hosts.actions import add_key_person, end_key_person, set_contact
from stapsteen.hosts.tests.factories import make_host
from stapsteen.network.models import StaffMember
from stapsteen.pathways.tests.factories import make_pathway
from stapsteen.people.models import Person
from stapsteen.people.tests.factories import make_person
from stapsteen.placements import compose
from stapsteen.placements.actions import draft_agreement, sign_agreement
from stapsteen.placements.models import Agreement, Placement, Signature
from stapsteen.placements.tests.factories import MONDAY_MORNING, make_agreement, make_placement, sign_all
from stapsteen.testing.world import client_of, inside, make_programme, make_staff

pytestmark = pytest.mark.django_db


def today() -> str:
    return timezone.localdate().isoformat()


def terms_data(**fields: Any) -> dict[str, Any]:
    return {
        "tasks": "Koffie zetten\nTafels dekken\n",
        "excluded_tasks": "Geld tellen",
        "morning_from": "09:30",
        "attention_points": "Op tijd komen: bel als je later bent\nTempo",
        "insurance_by": "host",
        "legal_status": "vzw",
        "secrecy": "discretion",
        "language": "nl",
        "grant_one-euro-per-hour": "on",
        "grant_clothing": "on",
        "amount_clothing": "40",
        "step_0_on": today(),
        "step_0_hours": "3",
        "step_0_support": "Samen",
        **fields,
    }


def edit_url(placement: Placement) -> str:
    return f"/vinac/plekken/{placement.pk}/nota/"


def agreement_url(agreement: Agreement, part: str) -> str:
    return f"/vinac/afspraken/{agreement.pk}/{part}"


# Making


def test_the_form_starts_from_what_the_records_know(service, coach):
    with inside(service):
        placement = make_placement(coach, host=make_host(legal_kind="care_home"))
    form = client_of(coach).get(edit_url(placement)).context["form"]
    assert (form.initial["tasks"], form.initial["welfare_sector"]) == (placement.task.title, True)
    assert (form.initial["grant_one-euro-per-hour"], form.initial["grant_clothing"]) == (True, False)
    assert [field.name for field in form.times] == ["morning_from"]


def test_what_is_filled_in_stands_in_the_note(service, coach):
    with inside(service):
        placement = make_placement(coach)
    client = client_of(coach)
    assert client.post(edit_url(placement), terms_data()).url == f"/vinac/plekken/{placement.pk}/"
    with inside(service):
        note = compose.document(Agreement.objects.get())
        assert [line.title for line in note.tasks] == ["Koffie zetten", "Tafels dekken"]
        assert [(line.point, line.arrangement) for line in note.attention_points] == [
            ("Op tijd komen", "bel als je later bent"),
            ("Tempo", None),
        ]
        assert [(line.kind, str(line.amount)) for line in note.allowances] == [
            ("per_hour", "1.00"),
            ("clothing", "40.00"),
        ]
        assert (str(note.build_up[0].hours_per_week), note.roster[0].start.minute) == ("3.00", 30)
    again = client.get(edit_url(placement)).context["form"]
    assert again.initial["attention_points"] == "Op tijd komen: bel als je later bent\nTempo"
    assert client.post(edit_url(placement), terms_data(other="Soep")).status_code == 302
    with inside(service):
        assert Agreement.objects.get().kept["terms"]["other"] == "Soep"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"tasks": " "}, "tasks"),
        ({"morning_from": ""}, "morning_from"),
        ({"morning_from": "22:00"}, "morning_from"),
        ({"step_0_hours": ""}, "step_0_on"),
        ({"step_1_support": "Alleen"}, "step_1_on"),
        ({"step_0_hours": "99"}, "step_0_hours"),
        ({"language": "de"}, "language"),
    ],
)
def test_a_note_that_doesnt_hold_comes_back_filled_in(service, coach, fields, field):
    with inside(service):
        placement = make_placement(coach)
    answer = client_of(coach).post(edit_url(placement), terms_data(**fields))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "Geld tellen" in answer.text
    with inside(service):
        assert Agreement.objects.count() == 0


def test_care_work_has_no_information_note(service, coach):
    care = make_programme(service, "care-work")
    with inside(service):
        pathway = make_pathway(coach, programme=care, aim="stepping_stone")
        placement = make_placement(coach, pathway=pathway)
    client = client_of(coach)
    assert "aim" not in client.get(edit_url(placement)).context["form"].fields
    assert client.post(edit_url(placement), terms_data()).status_code == 302


def test_a_minor_needs_a_second_name(service, coach):
    with inside(service):
        young = make_person(birth_date=timezone.localdate() - timedelta(days=17 * 365))
        placement = make_placement(coach, pathway=make_pathway(coach, person=young))
    client = client_of(coach)
    failed = client.post(edit_url(placement), terms_data())
    assert list(failed.context["form"].errors) == ["representative"]
    assert client.post(edit_url(placement), terms_data(representative="Moeder")).status_code == 302


def test_after_sending_a_change_is_a_new_version(service, coach):
    with inside(service):
        placement = make_placement(coach)
    client = client_of(coach)
    client.post(edit_url(placement), terms_data())
    with inside(service):
        first = Agreement.objects.get()
    sent = client.post(agreement_url(first, "versturen/"))
    assert sent.url == agreement_url(first, "tekenen/")
    assert client.post(agreement_url(first, "versturen/")).status_code == 422
    assert "Iedereen tekent opnieuw" in client.get(edit_url(placement)).text
    same = client.post(edit_url(placement), terms_data())
    assert "niets veranderd" in same.context["form"].non_field_errors()[0]
    assert client.post(edit_url(placement), terms_data(other="Ook op zondag")).status_code == 302
    with inside(service):
        assert dict(Agreement.objects.values_list("version", "state")) == {1: "replaced", 2: "draft"}


# Reading


def test_the_pdf_opens_in_the_browser_without_a_name(service, coach):
    with inside(service):
        agreement = make_agreement(make_placement(coach))
    answer = client_of(coach).get(agreement_url(agreement, "afspraken.pdf"))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert re.fullmatch(
        r'inline; filename="AF-\d{4}-[0-9A-F]{8}-v1-nl\.pdf"', answer.headers["Content-Disposition"]
    )
    assert "Amina" in "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    french = client_of(coach).get(agreement_url(agreement, "afspraken.pdf"), {"taal": "fr"})
    assert "-fr.pdf" in french.headers["Content-Disposition"]
    assert (
        "-nl.pdf"
        in client_of(coach)
        .get(agreement_url(agreement, "afspraken.pdf"), {"taal": "x"})
        .headers["Content-Disposition"]
    )


def test_reading_the_pdf_is_logged(service, coach):
    with inside(service):
        agreement = make_agreement(make_placement(coach))
    client_of(coach).get(agreement_url(agreement, "afspraken.pdf"))
    with inside(service):
        entry = ReadEntry.objects.filter(purpose="placements.agreement_pdf").get()
        assert entry.subjects == [agreement.person_id]


def test_strangers_dont_reach_an_agreement(service, coach, intake):
    stranger = make_staff(service, "coach", email="ander@vinac.example.org")
    with inside(service):
        agreement = make_agreement(make_placement(coach))
    for staff in (stranger, intake):
        for part in ("afspraken.pdf", "tekenen/"):
            assert client_of(staff).get(agreement_url(agreement, part)).status_code == 404
        assert client_of(staff).post(agreement_url(agreement, "versturen/")).status_code == 404


# Signing on the coach's screen


def sign(client: Client, agreement: Agreement, party: str, **fields: Any) -> Any:
    data = {"party": party, "how": "screen", "signed_on": today(), **fields}
    return client.post(agreement_url(agreement, "tekenen/"), data)


def test_three_times_on_the_screen(service, coach):
    with inside(service):
        agreement = make_agreement(make_placement(coach))
    client, url = client_of(coach), agreement_url(agreement, "tekenen/")
    assert client.get(url).context["form"].initial["party"] == "person"
    assert sign(client, agreement, "person").url == url
    assert client.get(url).context["form"].initial["party"] == "host"
    assert sign(client, agreement, "person").status_code == 422
    assert sign(client, agreement, "host", signed_by="De directeur", how="paper").url == url
    assert sign(client, agreement, "service").url == f"/vinac/plekken/{agreement.placement_id}/"
    with inside(service):
        assert Agreement.objects.get().state == "signed"
        assert Signature.objects.get(party="host").signed_by == "De directeur"
    assert "Teken</" not in client.get(url).text


def test_a_draft_shows_no_form_to_sign(service, coach):
    with inside(service):
        agreement = make_agreement(make_placement(coach), sent=False)
    answer = client_of(coach).get(agreement_url(agreement, "tekenen/"))
    assert answer.context["missing"] == []
    assert "nog in opmaak" in answer.text


def test_welfare_asks_paper(service, coach):
    with inside(service):
        agreement = make_agreement(make_placement(coach, host=make_host(legal_kind="care_home")))
    failed = sign(client_of(coach), agreement, "person")
    assert (failed.status_code, list(failed.context["form"].errors)) == (422, ["how"])
    assert sign(client_of(coach), agreement, "person", how="paper").status_code == 302


# The participant


def participant_of(service: Any, person_id: Any) -> Any:
    member = make_staff(service, "participant")
    with inside(service):
        Person.objects.filter(pk=person_id).update(user_id=member.user_id)
    return client_of(member)


def test_the_participant_reads_the_own_agreement_in_plain_words(service, coach):
    with inside(service):
        placement = make_placement(coach, half_days=MONDAY_MORNING | halfdays.bit(3, 1))
        agreement = make_agreement(
            placement, terms={"attention_points": [{"point": "Op tijd komen"}], "other": "Soep"}
        )
    client = participant_of(service, placement.person_id)
    url = f"/vinac/mijn-pad/afspraken/{agreement.pk}/"
    page = client.get(url)
    for text in (
        "maandag van 09:00 tot 12:00",
        "donderdag van 13:00 tot 16:00",
        "Op tijd komen",
        "Soep",
        "Stoppen mag altijd",
    ):
        assert text in page.text
    assert "Nog niet iedereen heeft getekend" in page.text
    assert client.get(f"{url}afspraken.pdf").headers["Content-Type"] == "application/pdf"
    with inside(service):
        sign_all(agreement)
    assert "Iedereen heeft getekend" in client.get(url).text


def test_the_participant_signs_for_nobody_else_and_once(service, coach):
    with inside(service):
        agreement = make_agreement(make_placement(coach))
        placement = agreement.placement
    client = participant_of(service, placement.person_id)
    url = f"/vinac/mijn-pad/afspraken/{agreement.pk}/"
    assert "Ik heb alles gelezen en teken" in client.get(url).text
    answer = client.post(url, {"party": "host"})
    assert (answer.status_code, answer.headers["Location"]) == (302, url)
    with inside(service):
        row = agreement.signatures.get()
        assert (row.party, row.how, row.signed_by) == ("person", "screen", str(placement.person))
    page = client.get(url).text
    assert ("Je hebt getekend" in page, "Ik heb alles gelezen en teken" in page) == (True, False)
    assert client.post(url).status_code == 422
    with inside(service):
        own = StaffMember.objects.get(name="Participant vinac")
    with inside(service, own) as actor, pytest.raises(RuleBroken, match="alleen voor jezelf"):
        sign_agreement(agreement=agreement, actor=actor, party="host", how="screen")


def test_in_welfare_the_participant_signs_on_paper(service, coach):
    with inside(service):
        agreement = make_agreement(make_placement(coach), terms={"welfare_sector": True})
    client = participant_of(service, agreement.person_id)
    url = f"/vinac/mijn-pad/afspraken/{agreement.pk}/"
    page = client.get(url).text
    assert ("Hier teken je op papier" in page, "Ik heb alles gelezen en teken" in page) == (True, False)
    assert client.post(url).status_code == 422
    with inside(service):
        assert agreement.signatures.count() == 0


def test_the_note_names_the_ceilings_of_its_year(service, coach):
    with inside(service):
        known = make_agreement(make_placement(coach))
        unknown = make_agreement(make_placement(coach, starts_on=date(2027, 2, 1)))
    texts = [
        participant_of(service, agreement.person_id).get(f"/vinac/mijn-pad/afspraken/{agreement.pk}/").text
        for agreement in (known, unknown)
    ]
    assert "In 2026 is dat € 44,02 per dag en € 1.760,83 per jaar." in texts[0]
    assert "De bedragen van 2027 kennen we nog niet." in texts[1]


def test_a_draft_or_someone_elses_agreement_isnt_the_own(service, coach):
    with inside(service):
        mine = make_placement(coach)
        draft = make_agreement(mine, sent=False)
        other = make_agreement(make_placement(coach))
    client = participant_of(service, mine.person_id)
    for agreement in (draft, other):
        assert client.get(f"/vinac/mijn-pad/afspraken/{agreement.pk}/").status_code == 404
        assert client.get(agreement_url(agreement, "afspraken.pdf")).status_code == 404


# From a link


def mailed(service: Any, coach: Any, agreement: Agreement, party: str) -> str:
    """Ask for a link and read its path in the mail."""
    assert client_of(coach).post(agreement_url(agreement, "tekenen/"), {"link": party}).status_code == 302
    body = OutgoingMail.objects.latest("created_at").body
    return re.search(r"/afspraken-tekenen/\S+", body).group(0)  # type: ignore[union-attr]


def test_host_and_person_sign_from_a_link(service, coach):
    with inside(service):
        pathway = make_pathway(coach, person=make_person(email="amina@example.org"))
        agreement = make_agreement(make_placement(coach, pathway=pathway))
    browser = Client()
    for party, to in (("person", "amina@example.org"), ("host", "contact@host.example.org")):
        path = mailed(service, coach, agreement, party)
        mail = OutgoingMail.objects.latest("created_at")
        assert mail.to == to
        assert "Amina" not in mail.subject + mail.body
        assert "Ik heb alles gelezen en teken" in browser.get(path).text
        assert browser.get(f"{path}afspraken.pdf").headers["Content-Type"] == "application/pdf"
        assert browser.post(path).status_code == 302
        assert "Je hebt getekend" in browser.get(path).text
    with inside(service):
        assert sorted(Signature.objects.values_list("party", "how")) == [("host", "link"), ("person", "link")]
    assert sign(client_of(coach), agreement, "service").status_code == 302
    with inside(service):
        assert Agreement.objects.get().state == "signed"


def test_a_link_signs_for_one_party_and_once(service, coach):
    with inside(service):
        agreement = make_agreement(make_placement(coach))
    path = mailed(service, coach, agreement, "host")
    browser = Client()
    browser.post(path, {"party": "service"})
    browser.post(path)
    with inside(service):
        assert list(Signature.objects.values_list("party", flat=True)) == ["host"]


def test_a_link_of_a_replaced_version_is_gone(service, coach):
    from stapsteen.placements.actions import replace_agreement

    with inside(service):
        agreement = make_agreement(make_placement(coach))
    path = mailed(service, coach, agreement, "host")
    with inside(service) as actor:
        replace_agreement(agreement=agreement, actor=actor, terms={"other": "Anders"})
    assert Client().get(path).status_code == 404
    assert Client().get("/afspraken-tekenen/nonsense/").status_code == 404


def test_an_expired_link_is_renewed_to_the_same_address(service, coach):
    with inside(service):
        agreement = make_agreement(make_placement(coach))
    path = mailed(service, coach, agreement, "host")
    with time_machine.travel(timezone.now() + timedelta(days=46), tick=False):
        assert Client().get(path).status_code == 410
        before = OutgoingMail.objects.count()
        Client().post(path)
        assert OutgoingMail.objects.count() == before + 1
        mail = OutgoingMail.objects.latest("created_at")
        assert mail.to == "contact@host.example.org"
        fresh = re.search(r"/afspraken-tekenen/\S+", mail.body).group(0)  # type: ignore[union-attr]
        assert Client().get(fresh).status_code == 200


@pytest.mark.parametrize(
    ("party", "text"),
    [
        ("person", "We kennen het e-mailadres niet"),
        ("service", "alleen naar de persoon of de organisatie"),
        ("x", "Kies wie er tekent"),
    ],
)
def test_a_link_that_cant_go_out_says_why(service, coach, party, text):
    with inside(service):
        agreement = make_agreement(make_placement(coach))
    answer = client_of(coach).post(agreement_url(agreement, "tekenen/"), {"link": party})
    assert answer.status_code == 422
    assert text in answer.text


def test_a_link_for_another_purpose_doesnt_open(service, coach):
    with inside(service):
        agreement = make_agreement(make_placement(coach))
    token = links.make("hours.month.fill", service=service.pk, agreement=agreement.pk, party="host")
    assert Client().get(f"/afspraken-tekenen/{token}/").status_code == 404


@pytest.mark.parametrize("party", ["person", "host"])
def test_a_link_to_an_address_that_is_no_longer_theirs_is_gone(service, coach, party):
    """Who left an organisation, or lost a mailbox, reads and signs nothing any more, and gets no fresh link."""
    with inside(service):
        pathway = make_pathway(coach, person=make_person(email="amina@example.org"))
        agreement = make_agreement(make_placement(coach, pathway=pathway))
    path = mailed(service, coach, agreement, party)
    assert Client().get(path).status_code == 200
    with inside(service) as actor:
        if party == "person":
            Person.objects.filter(pk=pathway.person_id).update(email="nieuw@example.org")
        else:
            set_contact(host=agreement.placement.host, actor=actor, name="Bo", email="bo@host.example.org")
    assert [Client().get(path).status_code, Client().post(path).status_code] == [404, 404]
    assert Client().get(f"{path}afspraken.pdf").status_code == 404
    before = OutgoingMail.objects.count()
    with time_machine.travel(timezone.now() + timedelta(days=46)):
        assert Client().post(path).status_code == 410
    assert OutgoingMail.objects.count() == before
    with inside(service):
        assert Signature.objects.count() == 0


def test_the_key_person_of_those_half_days_is_proposed_and_the_others_are_told(
    service: Any, coach: Any
) -> None:
    with inside(service, coach) as actor:
        placement = make_placement(coach, half_days=MONDAY_MORNING)
        host = placement.host
        for name, half_days in (("Ann", 0), ("Bea", halfdays.bit(4, 1)), ("Cas", MONDAY_MORNING)):
            add_key_person(host=host, actor=actor, name=name, phone=f"0470 {name}", half_days=half_days)
        gone = add_key_person(
            host=host,
            actor=actor,
            name="Dirk",
            half_days=MONDAY_MORNING,
            starts_on=timezone.localdate() - timedelta(days=9),
        )
        end_key_person(key_person=gone, actor=actor, on=timezone.localdate() - timedelta(days=1))
    form = client_of(coach).get(edit_url(placement)).context["form"]
    assert (form["key_person"].value(), form["key_person_phone"].value()) == ("Cas", "0470 Cas")
    told = "Cas, maandag voormiddag, 0470 Cas; Ann, 0470 Ann; Bea, vrijdag namiddag, 0470 Bea."
    assert str(form["key_person"].help_text).endswith(told)
    with inside(service, coach) as actor:
        draft_agreement(placement=placement, actor=actor, terms={"other": "x"})
    again = client_of(coach).get(edit_url(placement)).context["form"]
    assert again["key_person"].value() == ""  # left empty on purpose
