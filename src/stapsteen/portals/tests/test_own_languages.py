"""The participant's own pages in Arabic, Turkish and Ukrainian; everything else stays as it was."""

from __future__ import annotations

import html

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import trans_real

from stapsteen.cli.messages import compile_messages
from stapsteen.core.service_words import service_words, with_service_words
from stapsteen.pathways import actions
from stapsteen.people.actions.supporters import add_supporter
from stapsteen.portals.languages import OWN_PAGES
from stapsteen.portals.tests.test_own_pages import Own
from stapsteen.testing.world import inside
from tools import check_messages, participant_messages

CODES = participant_messages.LANGUAGES
VIEWS = ("participant", "own_wheel", "own_spider", "own_goals", "own_people", "who_sees_me")


@pytest.fixture
def mine(db: None) -> Own:
    compile_messages()
    return Own()


def choose(mine: Own, code: str) -> None:
    """With the switch, as somebody does on the page."""
    answer = mine.client.post(reverse("set_language"), {"language": code, "next": mine.url("participant")})
    assert answer.status_code == 302


@pytest.mark.parametrize("code", CODES)
def test_every_text_of_these_pages_has_its_translation(code: str) -> None:
    assert check_messages.check_own_pages(code) == []


def test_a_text_that_is_missing_is_found(tmp_path: object) -> None:
    from pathlib import Path

    found = check_messages.check_own_pages("ar", Path(str(tmp_path)))
    assert len(found) == len(participant_messages.texts()) > 250
    assert any("'Mijn wiel': no translation" in line for line in found)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The texts that a page asks for in a language and that aren't there."""
    missing: set[str] = set()
    known = trans_real.DjangoTranslation.gettext

    def gettext(self: trans_real.DjangoTranslation, message: str) -> str:
        if self.language() in CODES and message not in self._catalog:
            missing.add(message)
        return str(known(self, message))

    monkeypatch.setattr(trans_real.DjangoTranslation, "gettext", gettext)
    return missing


@pytest.mark.parametrize("code", CODES)
def test_the_pages_show_no_text_of_ours_in_dutch(mine: Own, asked: set[str], code: str) -> None:
    mine.client.post(mine.url("own_wheel"), {"segment": "joining-in", "wish": "helping-out"})
    choose(mine, code)
    for name in VIEWS:
        page = html.unescape(mine.html(name))
        assert f'<html lang="{code}"' in page
        assert ('dir="rtl"' in page) == (code == "ar")
        assert f">{participant_text(code)}<" in page
        assert [text for text in asked if f">{text}<" in page] == [], name


def participant_text(code: str) -> str:
    """The line that says that no speaker checked this yet."""
    import polib

    file = check_messages.LOCALE / code / "LC_MESSAGES" / "django.po"
    line = "Leeshulp: deze vertaling is nog niet nagekeken door een spreker."
    return next(entry.msgstr for entry in polib.pofile(str(file)) if entry.msgid == line)


def test_the_switch_offers_them_on_these_pages_only(mine: Own) -> None:
    assert "العربية" in mine.html("participant")
    choose(mine, "ar")
    public = mine.client.get(reverse("network.service_page", kwargs={"service": mine.service.slug}))
    page = public.content.decode()
    assert '<html lang="nl"' in page
    assert "العربية" not in page
    assert "Leeshulp" not in page


def test_the_reading_aid_isnt_said_of_dutch_french_and_english(mine: Own) -> None:
    for code, _name in settings.LANGUAGES:
        choose(mine, code)
        assert "st-reading-aid" not in mine.html("participant")


def test_the_pages_with_these_languages_exist() -> None:
    from stapsteen.core.pages import PAGES

    assert set(PAGES) >= OWN_PAGES


@pytest.mark.parametrize("code", CODES)
def test_the_programme_s_words_say_that_they_are_dutch(mine: Own, code: str) -> None:
    """WCAG 2.2, 3.1.2: a screen reader must not read Dutch with an Arabic voice."""
    mine.client.post(mine.url("own_wheel"), {"segment": "joining-in", "wish": "helping-out"})
    with inside(mine.service, mine.coach) as actor:
        for name in ("Bus nemen", "Slapen", "خبز"):
            actions.add_axis(pathway=mine.pathway, actor=actor, name=name)
        moment = actions.begin_moment(pathway=mine.pathway, actor=actor)
        actions.set_goal(pathway=mine.pathway, actor=actor, text="Naar de markt")
    choose(mine, code)
    place, dutch = "Samen iets doen", '<span lang="nl" dir="ltr">{}</span>'
    wheel = mine.html("own_wheel")
    assert wheel.count(dutch.format(place)) == 3  # the sentence, the button, the table
    assert f'selected lang="nl" dir="ltr">{WISH}</option>' in wheel
    assert wheel.count(' lang="nl" direction="ltr">') > 6
    assert dutch.format("Naar de markt") in mine.html("own_goals")
    points = mine.html("own_score", moment=moment.pk)
    assert dutch.format("Bus nemen") in points
    assert '<span dir="auto">خبز</span>' in points


WISH = "Iets doen voor anderen"


@pytest.mark.parametrize("code", ["nl", "fr"])
def test_nothing_is_marked_where_the_programme_speaks_the_language(mine: Own, code: str) -> None:
    mine.client.post(mine.url("own_wheel"), {"segment": "joining-in", "wish": "helping-out"})
    choose(mine, code)
    page = mine.html("own_wheel")
    assert 'dir="ltr">' not in page.replace('lang="nl" dir="ltr">Nederlands', "")
    assert ("Samen iets doen" in page) == (code == "nl")


def test_a_telephone_number_keeps_its_order_from_right_to_left(mine: Own) -> None:
    """Without it "0470 12 34 56" stands there as "56 34 12 0470"."""
    with inside(mine.service, mine.coach) as actor:
        add_supporter(person=mine.person, actor=actor, kind="family", name="Fatma", phone="0470 12 34 56")
    choose(mine, "ar")
    assert '<bdi dir="ltr">0470 12 34 56</bdi>' in mine.html("own_people")
    choose(mine, "uk")
    assert ">0470 12 34 56</a>" in mine.html("own_people")


def test_what_somebody_typed_stays_text() -> None:
    with translation.override("ar"):
        assert service_words("<b>x</b>") == '<span lang="nl" dir="ltr">&lt;b&gt;x&lt;/b&gt;</span>'
        assert with_service_words("<i> %(a)s 100%", a="<b>") == (
            '&lt;i&gt; <span lang="nl" dir="ltr">&lt;b&gt;</span> 100%'
        )
    with translation.override("nl"):
        assert service_words("<b>x</b>") == "<b>x</b>"
