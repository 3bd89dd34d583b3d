"""Signs that nobody sees, and days that nobody means, stop at the door."""

from __future__ import annotations

import pytest
from django import forms
from django.http import QueryDict

from stapsteen.core.fields import DayField, MailField
from stapsteen.core.words import tidied, tidy


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("twee\r\nregels\ren\n\r\ndrie\t!", "twee\nregels\nen\n\ndrie\t!"),
        ("uit\x0bWord\u2028geplakt\x85hier\x0c", "uit\nWord\ngeplakt\nhier\n"),
        ("a\x00b\x01c\x1fd\x7fe\x9ff", "abcdef"),
        ("\ufeffa\ufffeb\uffffc\ufdd0d\U0001fffee\U0010fffff", "abcdef"),
        ("tekst\u202egpj.exe", "tekstgpj.exe"),
        ("عربي\u200f 漢字 😀 é\u0301", "عربي\u200f 漢字 😀 é\u0301"),
        ("\ud800", ""),
    ],
)
def test_only_signs_that_nobody_sees_go(typed: str, kept: str) -> None:
    assert tidy(typed) == kept


def test_a_form_with_nothing_to_do_stays_as_it_is() -> None:
    plain = QueryDict("a=1&a=2&b=x")
    assert tidied(plain) is plain
    odd = QueryDict("a=1&a=2%01&b=x%0By")
    assert dict(tidied(odd).lists()) == {"a": ["1", "2"], "b": ["x\ny"]}


class Days(forms.Form):
    day = DayField(required=False)


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "31/12/9999", "2200-01-01"])
def test_a_day_that_nobody_means_is_refused(day: str) -> None:
    assert Days({"day": day}).errors == {"day": ["Dit jaar kan niet. Kijk het na."]}


@pytest.mark.parametrize("day", ["1900-01-01", "31/12/2199", "29.02.2028", ""])
def test_other_days_are_taken(day: str) -> None:
    assert Days({"day": day}).is_valid()


def test_an_address_is_as_long_as_the_database_takes_it() -> None:
    """The longest that Django's own field takes is 320."""
    long = ".".join(["a" * 60] * 4)
    assert MailField().clean(f"{'a' * 5}@{long}.be").endswith(".be")
    with pytest.raises(forms.ValidationError, match="254"):
        MailField().clean(f"{'a' * 30}@{long}.be")
