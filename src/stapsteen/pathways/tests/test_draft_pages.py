"""A form that isn't sent yet: kept by its link only, as it was, mailed when asked, gone after thirty days."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from stapsteen.core.models import History
from stapsteen.network.models import Service
from stapsteen.pathways import public_forms, public_views
from stapsteen.pathways.actions import keep_draft
from stapsteen.pathways.actions.drafts import LONGEST
from stapsteen.pathways.jobs import forget_old_drafts
from stapsteen.pathways.models import Referral, ReferralDraft
from stapsteen.pathways.tests.test_referral_form_pages import DETAILS, FITS, HELPER, post
from stapsteen.people.models import Person
from stapsteen.testing.refusals import refused
from stapsteen.testing.world import inside, make_service, run_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(db: None) -> Service:
    return make_service("link", "link")


def kept(values: dict[str, str], step: str = "details", door: str = "helper") -> str:
    """Keep the form as it stands; the path of the page that opens it again."""
    answer = post("keep", {**values, "stap": step}, door=door)
    assert answer.status_code == 302
    return str(answer["Location"].removeprefix("http://localhost:8000").split("?")[0])


def hidden(answer: Any) -> dict[str, str]:
    return dict(answer.context["hidden"])


def test_a_draft_comes_back_as_it_was(link: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    half = {**FITS, "first_name": "Bilal", "question": "Ik"}
    page = Client().get(path := kept(half))
    assert (page.status_code, page.context["step"]) == (200, "details")
    assert {key: hidden(page)[key] for key in half} == half
    form = Client().post(page.context["action"], {"go": "details", **hidden(page)})
    assert (form.status_code, form.templates[0].name) == (200, "pathways/referral_form_details.html")
    assert form.context["form"]["first_name"].value() == "Bilal"
    assert form.context["form"].errors == {}
    assert form.context["form"].by == "helper"
    monkeypatch.setattr(public_forms, "LEAST_SECONDS", -1)
    sent = Client().post(
        page.context["action"],
        {"go": "send", **FITS, **HELPER, **{key: hidden(form)[key] for key in ("begun", "draft")}},
    )
    assert (sent.status_code, Client().get(path).status_code) == (302, 410)
    with inside(link):
        assert (Referral.objects.count(), ReferralDraft.objects.count()) == (1, 0)


def test_keeping_again_keeps_one(link: Service) -> None:
    page = Client().get(kept(FITS, "fit"))
    again = {**FITS, "birth": "1/1/1991", "draft": hidden(page)["draft"]}
    assert kept(again, "fit").endswith("/")
    with inside(link):
        assert ReferralDraft.objects.count() == 1


def test_the_first_step_comes_back_without_complaints(link: Service) -> None:
    page = Client().get(kept({"town": "2300"}, "fit", "self"))
    form = Client().post(page.context["action"], {"go": "fit", **hidden(page)})
    assert (form.status_code, form.context["form"]["town"].value()) == (200, "2300")


def test_nobody_else_opens_it_and_it_tells_nothing_in_the_database(link: Service) -> None:
    path = kept({**FITS, **DETAILS, "first_name": "Zonderling"}, "review", "self")
    assert Client().get(path[:-3] + "xx/").status_code == 404
    with inside(link):
        row = ReferralDraft.objects.get()
        assert b"Zonderling" not in bytes(row.__dict__["answers_sealed"])
        assert Person.objects.count() == 0


def test_the_link_can_be_mailed_and_the_address_is_not_kept_with_it(link: Service) -> None:
    path = kept(FITS, "fit")
    assert Client().post(path, {"email": "geen adres"}).status_code == 422
    assert Client().post(path, {"email": "els@example.org"}).status_code == 302
    run_jobs()
    [sent] = mail.outbox
    assert (sent.to, "LINK" in sent.body) == (["els@example.org"], True)
    mailed = re.search(
        r"http\S+(/aanmelding-verder/\S+)", sent.body
    )  # signed anew, at another second perhaps
    assert mailed is not None
    assert Client().get(mailed[1]).status_code == 200
    for _ in range(public_views.DRAFT_MAILS_AN_HOUR - 1):
        Client().post(path, {"email": "els@example.org"})
    late = Client().post(path, {"email": "els@example.org"})
    assert (late.status_code, "te vaak" in late.content.decode()) == (422, True)


def test_it_is_thrown_away_when_asked(link: Service) -> None:
    path = kept(FITS, "fit")
    assert "bewaren niets" in Client().post(path, {"actie": "wis"}).content.decode()
    assert Client().get(path).status_code == 410


def test_after_thirty_days_it_is_gone_without_a_trace(link: Service) -> None:
    path = kept(FITS, "fit")
    with inside(link):
        row = ReferralDraft.objects.get()
        assert row.delete_on == timezone.localdate() + timedelta(days=30)
        assert forget_old_drafts() == 0
        ReferralDraft.objects.update(delete_on=timezone.localdate() - timedelta(days=1))
    assert Client().get(path).status_code == 410
    with inside(link):
        assert forget_old_drafts() == 1
        assert not History.objects.filter(table="pathways_referraldraft").exists()


def test_a_draft_of_another_service_is_not_opened_by_a_form(link: Service) -> None:
    other = make_service("vinac", "vinac")
    page = Client().get(kept(FITS, "fit"))
    post(
        "keep",
        {**FITS, "stap": "fit", "draft": hidden(page)["draft"]},
        url="/vinac/aanmelden/",
        door="helper",
    )
    with inside(other):
        assert ReferralDraft.objects.count() == 1
    with inside(link):
        assert ReferralDraft.objects.count() == 1


def test_what_is_longer_than_all_fields_together_is_not_kept(link: Service) -> None:
    with inside(link) as actor:
        told = refused(keep_draft, actor=actor, query={}, pairs=[("question", "x" * LONGEST)], step="details")
        assert told == (None, "Dit is te lang om te bewaren. Maak je tekst korter.")
