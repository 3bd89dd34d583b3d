"""Two colleagues change the same record: neither loses a word, and both see it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django import forms
from django.http import QueryDict

from stapsteen.core.edits import SEEN, Edit
from stapsteen.core.errors import RuleBroken
from stapsteen.people.models import MOBILITY, Person
from stapsteen.testing.world import inside, make_person

pytestmark = pytest.mark.django_db


class Profile(Edit, forms.Form):
    own_fields = ("first_name", "phone", "talents", "mobility", "travel_minutes")
    first_name = forms.CharField()
    phone = forms.CharField(required=False)
    talents = forms.CharField(required=False, widget=forms.Textarea)
    mobility = forms.MultipleChoiceField(choices=list(MOBILITY.items()), required=False)
    travel_minutes = forms.IntegerField(required=False)


@pytest.fixture
def person(service: Any, coordinator: Any) -> Any:
    with inside(service, coordinator):
        someone = make_person()
        talents = "koken\r\nzingen"
        save(someone, phone="014 00 00 01", talents=talents, mobility=["foot"], travel_minutes=20)
        yield Person.objects.get(pk=someone.pk)


def posted(form: Profile, **mine: Any) -> QueryDict:
    """What a browser sends: the form as it was opened, with my changes."""
    data = QueryDict(mutable=True)
    for name, value in {**form.initial, **mine}.items():
        data.setlist(name, value if isinstance(value, list) else ["" if value is None else str(value)])
    return data


def save(person: Any, **values: Any) -> None:
    Person.objects.filter(pk=person.pk).update(**values)


def test_my_change_and_anothers_in_different_fields_both_stand(person: Any) -> None:
    opened = Profile(record=person)
    save(person, phone="014 00 00 02", travel_minutes=None)
    form = Profile(posted(opened, talents="koken en zingen"), record=person)
    assert form.is_valid()
    assert (
        form.cleaned_data["phone"],
        form.cleaned_data["talents"],
        form.cleaned_data["travel_minutes"],
    ) == (
        "014 00 00 02",
        "koken en zingen",
        None,
    )
    assert (form.taken_over, SEEN in form.cleaned_data) == (["phone", "travel_minutes"], False)


def test_the_same_field_comes_back_with_both_texts_and_then_i_choose(person: Any) -> None:
    opened = Profile(record=person)
    save(person, talents="naaien", mobility=["bike", "car"])
    form = Profile(posted(opened, talents="timmeren", mobility=["foot", "company"]), record=person)
    assert not form.is_valid()
    assert sorted(form.errors) == ["mobility", "talents"]
    assert "“naaien”" in form.errors["talents"][0]
    assert "“met de fiets, met de auto”" in form.errors["mobility"][0]
    assert form["talents"].value() == "timmeren"
    again = Profile(posted(form_shown(form), talents="naaien en timmeren", mobility=["foot"]), record=person)
    assert again.is_valid()
    assert again.cleaned_data["talents"] == "naaien en timmeren"


def form_shown(form: Profile) -> Any:
    """The form as the page shows it after the error: hidden fields too."""
    html = str(form[SEEN])
    value = re.findall(r'value="([^"]*)"', html)[0].replace("&quot;", '"')
    return type("Shown", (), {"initial": {"first_name": "Noor", "phone": "", SEEN: value}})


def test_what_nobody_else_changed_is_mine(person: Any) -> None:
    opened = Profile(record=person)
    form = Profile(posted(opened, talents="", mobility=[], travel_minutes=30), record=person)
    assert form.is_valid()
    assert (form.cleaned_data["talents"], form.cleaned_data["mobility"], form.taken_over) == ("", [], [])


def test_both_made_the_same_change(person: Any) -> None:
    opened = Profile(record=person)
    save(person, phone="014 99 99 99")
    form = Profile(posted(opened, phone="014 99 99 99"), record=person)
    assert (form.is_valid(), form.taken_over) == (True, [])


def test_emptied_by_the_other_says_so(person: Any) -> None:
    opened = Profile(record=person)
    save(person, phone="")
    form = Profile(posted(opened, phone="014 00 00 03"), record=person)
    assert "“niets”" in form.errors["phone"][0]


@pytest.mark.parametrize(
    "seen",
    ["", "geen json", "[1]", None, "null", '"x"', '{"x": "\\ud800"}', "9" * 5_000,
     "[" * 100_000, '{"phone":' * 5_000],
    ids=range(10),
)  # fmt: skip
def test_a_form_without_its_hashes_is_taken_as_it_comes(person: Any, seen: str | None) -> None:
    data = posted(Profile(record=person), phone="014 00 00 04")
    data.setlist(SEEN, [] if seen is None else [seen])
    form = Profile(data, record=person)
    assert (form.is_valid(), form.cleaned_data["phone"]) == (True, "014 00 00 04")


def test_the_hashes_give_no_value_away(person: Any) -> None:
    one, other = Profile(record=person), Profile(record=person)
    assert one.initial[SEEN] == other.initial[SEEN]
    assert "koken" not in one.initial[SEEN]


def test_a_form_without_a_record_makes_a_new_one(person: Any) -> None:
    form = Profile(posted(Profile(record=None), first_name="Bo", talents="naaien"), record=None)
    assert form.is_valid()
    assert (form.cleaned_data["first_name"], form.cleaned_data["talents"]) == ("Bo", "naaien")
    assert (form.taken_over, form.now) == ([], {})


def test_a_record_that_is_gone_meanwhile_says_so(person: Any) -> None:
    data = posted(Profile(record=person), phone="014 00 00 05")
    Person.objects.filter(pk=person.pk).delete()
    with pytest.raises(RuleBroken, match=r"^Een collega wiste dit intussen\.$"):
        Profile(data, record=person)
