"""The components: geometry, colour, what the tags make of their parameters. No database."""

import importlib.util
import math
import re
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template, engines
from django.test import RequestFactory
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from stapsteen.core import ui
from stapsteen.core.icons import ICONS
from stapsteen.core.styleguide import SEGMENTS, FilterForm, SampleForm, WheelForm, styleguide_context
from stapsteen.core.templatetags import ui as tags

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture(autouse=True)
def dutch():
    with translation.override("nl"):
        yield


def render(source: str, **context: Any) -> str:
    return " ".join(engines["django"].from_string(source).render(context).split())


def build_css() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_css", ROOT / "tools/build_css.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# Stylesheet


def test_the_committed_stylesheet_is_the_built_one():
    module = build_css()
    assert module.TARGET.read_text(encoding="utf-8") == module.build()


def test_a_missing_and_a_needless_token_stop_the_build():
    module = build_css()
    with pytest.raises(module.CssError, match="--st-gone"):
        module.check_tokens("a{color:var(--st-gone)}")
    with pytest.raises(module.CssError, match="--st-idle"):
        module.check_tokens(":root{--st-idle:red}")
    module.check_tokens(":root{--st-a:red}b{color:var(--st-a);top:var(--st-b, 0)}")


def test_squeeze_keeps_strings_calc_and_selectors():
    css = 'a > b , c:hover {\n  color : red; /* no */ width: calc(1px + 2px);\n content: "a ; b";\n}'
    assert build_css().squeeze(css) == 'a>b,c:hover{color:red;width:calc(1px + 2px);content:"a ; b"}'


def test_the_palette_can_be_read_in_light_and_dark():
    tokens = (ROOT / "static/css/tokens.css").read_text(encoding="utf-8")
    light, dark = tokens.split("@media (prefers-color-scheme: dark)", 1)
    for part in (light, dark.split("/* Common tokens */")[0]):
        colours = dict(re.findall(r"--st-([\w-]+): (#[0-9a-f]{6});", part))
        for ground in ("paper", "card", "sunken"):
            for text in ("ink", "ink-soft", "green", "green-strong", "clay", "error"):
                assert ui.contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
        for kind in ("error", "warning", "success", "info", "clay"):
            assert ui.contrast(colours[kind], colours[f"{kind}-tint"]) >= 4.5, kind
        assert ui.contrast(colours["on-green"], colours["green"]) >= 4.5
        assert ui.contrast(colours["line"], colours["card"]) >= 3
        assert ui.contrast(colours["focus"], colours["paper"]) >= 3


# Numbers, names, icons


def test_numbers_are_written_with_a_point_in_every_language():
    assert [ui.num(value) for value in (12.5, 3.0, 0.004, 1 / 3, -2.50)] == ["12.5", "3", "0", "0.33", "-2.5"]


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Amina Benali", "AB"),
        ("Joris Van den Broeck", "JB"),
        ("Ömer Yılmaz", "ÖY"),
        ("Bo", "B"),
        ("el", "E"),
        ("", "?"),
        ("  123 ", "?"),
        ("Jean-Pierre", "JP"),
    ],
)
def test_initials(name: str, letters: str):
    assert ui.initials(name) == letters


def test_a_name_keeps_its_tone():
    assert ui.tone("Amina Benali") == ui.tone("Amina Benali")
    assert {ui.tone(str(i)) for i in range(60)} == {1, 2, 3, 4, 5, 6}


def test_an_unknown_icon_is_an_error():
    with pytest.raises(ui.IconMissing, match="unicorn"):
        ui.icon_path("unicorn")


def test_icons_are_paths():
    for name, path in ICONS.items():
        assert re.fullmatch(r"[MmLlHhVvCcSsQqAaZz0-9 .,-]+", path), name


# The wheel


def test_the_wheel_in_order_with_its_states():
    wedges = ui.wheel(list(reversed(SEGMENTS)), "joining", "work", [{"key": "home", "date": "vorig jaar"}])
    assert [wedge.key for wedge in wedges] == [segment["key"] for segment in SEGMENTS]
    assert [wedge.state for wedge in wedges] == ["past", "", "current", "", "", "wish"]
    assert ui.wheel(SEGMENTS, "work", "work")[5].state == "both"


@pytest.mark.parametrize(
    ("segments", "current"),
    [([], ""), ([SEGMENTS[0], SEGMENTS[0]], ""), (SEGMENTS, "moon")],
)
def test_a_wrong_wheel_is_an_error(segments: list[ui.Segment], current: str):
    with pytest.raises(ValueError, match="wheel"):
        ui.wheel(segments, current)


@given(st.integers(min_value=2, max_value=12))
def test_wedges_are_big_enough_to_touch(count: int):
    segments: list[ui.Segment] = [{"key": str(i), "label": f"Deel {i}", "order": i} for i in range(count)]
    wedges = ui.wheel(segments)
    scale = 300 / ui.WHEEL_SIZE  # as drawn on a phone
    assert len(wedges) == count
    assert 2 * math.pi * ui.OUTER / count * scale >= 48
    assert (ui.OUTER - ui.INNER) * scale >= 48


@given(st.text(max_size=60), st.integers(min_value=6, max_value=14))
def test_wrapped_text_stays_within_four_short_lines(text: str, width: int):
    lines = ui.wrap(text, width)
    assert len(lines) <= 4
    assert all(len(line) <= width + 3 for line in lines)


def test_stones_lead_from_now_to_the_wish_the_short_way():
    assert ui.wheel_stones(SEGMENTS, "home", "home") == []
    assert ui.wheel_stones(SEGMENTS, "home", "") == []
    near, far = (ui.wheel_stones(SEGMENTS, "home", wish) for wish in ("work", "skills"))
    assert (len(near), len(far)) == (3, 8)


# Bars and places


@pytest.mark.parametrize(("value", "most", "share"), [(1, 4, "25"), (5, 4, "100"), (-1, 4, "0"), (1, 0, "0")])
def test_share(value: float, most: float, share: str):
    assert ui.share(value, most) == share


def test_seats():
    assert [seat.state for seat in ui.seats(1, 4, 1)] == ["used", "planned", "free", "free"]
    assert [seat.state for seat in ui.seats(2, 1, 1)] == ["used", "over", "over"]
    with pytest.raises(ValueError, match="negative"):
        ui.seats(-1, 2)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("used=2 total=4 planned=1", "Nog 1 plaats vrij"),
        ("used=3 total=3", "Vol"),
        ("used=5 total=3", "2 plaatsen te veel"),
        ("used=20 total=35", "Nog 15 plaatsen vrij"),
    ],
)
def test_capacity_says_how_many_places_are_left(given: str, words: str):
    assert words in render("{% ui_capacity " + given + " %}")


# Colour


def test_contrast_as_in_wcag():
    assert ui.contrast("#ffffff", "#000000") == pytest.approx(21)
    assert ui.contrast("#0b5d53", "#0b5d53") == pytest.approx(1)


@pytest.mark.parametrize("colour", ["red", "#fff", "#12345g", "", "#0b5d53;}"])
def test_what_is_no_colour_is_refused(colour: str):
    with pytest.raises(ui.ColourError):
        ui.accent_css(colour)


@given(st.from_regex(r"\A#[0-9a-f]{6}\Z"))
def test_every_accent_can_be_read(colour: str):
    css = ui.accent_css(colour)
    light, on_light, dark, on_dark = re.findall(r"#[0-9a-f]{6}", css)
    assert ui.contrast(light, ui.PAPER) >= 4.5
    assert ui.contrast(dark, ui.DARK_PAPER) >= 4.5
    assert ui.contrast(light, on_light) >= 4.5
    assert ui.contrast(dark, on_dark) >= 4.5


def test_an_accent_that_reads_well_stays_as_it_is():
    assert "--st-accent:#0b5d53" in ui.accent_css("#0b5d53")


# Lists


@pytest.mark.parametrize(
    ("number", "last", "pages"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (4, 9, [1, 2, 3, 4, 5, None, 9]),
        (5, 9, [1, None, 4, 5, 6, None, 9]),
        (9, 9, [1, None, 8, 9]),
    ],
)
def test_page_numbers(number: int, last: int, pages: list[int | None]):
    assert ui.page_numbers(number, last) == pages


def test_pagination_keeps_the_filters():
    request = RequestFactory().get("/", {"q": "a b", "fase": ["x", "y"], "pagina": "1"})
    html = render("{% ui_pagination page %}", page=Paginator(range(30), 10).get_page(1), request=request)
    assert 'href="?q=a+b&amp;fase=x&amp;fase=y&amp;pagina=2"' in html
    assert render("{% ui_pagination page %}", page=Paginator([], 10).get_page(1)) == ""


def test_a_table_row_must_fit_its_columns():
    with pytest.raises(tags.WrongParameter, match="1 cells for 2"):
        tags.ui_table(["Naam", "Fase"], [["Amina"]], caption="Personen")


def test_a_table_escapes_and_labels_its_cells():
    html = render(
        '{% ui_table columns rows caption="Personen" %}', columns=["Naam", "Fase"], rows=[["<b>", "x"]]
    )
    assert "&lt;b&gt;" in html
    assert 'data-label="Fase"' in html
    assert '<th scope="row"' in html


def test_an_empty_table_says_so():
    assert "Niemand." in render(
        '{% ui_table columns rows caption="P" empty="Niemand." %}', columns=["A"], rows=[]
    )


@pytest.mark.parametrize(
    "source",
    [
        '{% ui_button "x" kind="huge" %}',
        '{% ui_badge "x" kind="pink" %}',
        '{% ui_traffic "blue" "x" %}',
        '{% ui_alert "x" kind="bad" %}',
        '{% ui_today_item title="x" action="y" url="/" method="put" %}',
    ],
)
def test_a_wrong_parameter_is_an_error(source: str):
    with pytest.raises(tags.WrongParameter, match="choose from"):
        render(source)


def test_dates_in_words():
    assert tags.ui_date(date(2026, 11, 3)) == "3 november 2026"
    assert tags.ui_date("vorig jaar") == "vorig jaar"
    assert tags.ui_date(None) == "–"


def test_wheel_summaries():
    assert tags.wheel_summary("a", "b") == "Nu: a. De wens: b."
    assert tags.wheel_summary("a", "a") == "Nu en als wens: a."
    assert tags.wheel_summary("a", "") == "Nu: a. Er is nog geen wens."
    assert tags.wheel_summary("", "b") == "Nog geen plaats gekozen. De wens: b."
    assert tags.wheel_summary("", "") == "Nog geen plaats gekozen."


def test_a_small_group_is_not_shown_as_zero():
    html = render('{% ui_chart_bar bars title="t" summary="s" %}', bars=[{"label": "a", "value": None}])
    assert "te weinig" in html


# Forms


def test_a_field_is_tied_to_its_hint_and_error():
    form = SampleForm({})
    html = render("{% ui_field form.first_name %}", form=form)
    assert 'aria-describedby="id_first_name_helptext id_first_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_first_name_error"' in html
    assert '<label class="ams-label" for="id_first_name">Voornaam</label>' in html


def test_a_group_becomes_a_fieldset():
    html = render("{% ui_field form.days %}", form=SampleForm())
    assert html.count("<fieldset") == 1
    assert html.count('type="checkbox"') == 5
    assert 'aria-describedby="id_days_helptext"' in html


def test_optional_fields_say_so_unless_told_otherwise():
    assert "(mag leeg blijven)" in render("{% ui_field form.mail %}", form=SampleForm())
    assert "(mag leeg blijven)" not in render(
        "{% ui_field form.mail mark_optional=False %}", form=SampleForm()
    )
    assert "(mag leeg blijven)" not in render("{% ui_field form.first_name %}", form=SampleForm())


def test_hidden_fields_have_no_label():
    class Hidden(forms.Form):
        token = forms.CharField(widget=forms.HiddenInput, initial="t")

    assert render("{% ui_field form.token %}", form=Hidden()) == (
        '<input type="hidden" name="token" value="t" id="id_token">'
    )


def test_the_error_summary_links_to_the_first_input_of_each_field():
    errors = tags.form_errors(SampleForm({}))
    assert [error["href"] for error in errors] == [
        "#id_first_name",
        "#id_birth",
        "#id_hours",
        "#id_town",
        "#id_contact_0",
        "#id_days_0",
        "#id_agree",
    ]
    assert errors[0]["text"].startswith("Voornaam: ")
    assert errors[4]["text"].startswith("Hoe mogen we je bereiken? ")


def test_no_summary_without_errors():
    assert render("{% ui_error_summary form %}", form=SampleForm()) == ""
    assert "Elders" in render("{% ui_error_summary errors=errors %}", errors=[{"text": "Elders", "href": ""}])


def test_errors_of_the_whole_form_come_first():
    form = SampleForm({})
    form.add_error(None, "Zo gaat het niet.")
    assert tags.form_errors(form)[0] == {"text": "Zo gaat het niet.", "href": ""}


def test_a_form_carries_its_token_and_stays_filled_in():
    html = render(
        "{% ui_form form cancel='/terug' warn=True %}",
        form=SampleForm({"first_name": "Amina"}),
        csrf_token="tok",
    )
    assert 'name="csrfmiddlewaretoken" value="tok"' in html
    assert 'value="Amina"' in html
    assert 'href="/terug"' in html
    assert 'enctype="multipart/form-data"' in html
    assert "data-warn" in html


def test_a_get_form_sends_no_token():
    html = render("{% ui_form form method='get' %}", form=FilterForm(), csrf_token="tok")
    assert "csrfmiddlewaretoken" not in html


def test_the_wheel_as_a_form_has_a_button_per_segment():
    html = render("{% ui_wheel segments field=form.place %}", segments=SEGMENTS, form=WheelForm())
    assert html.count('type="radio"') == len(SEGMENTS)
    assert 'data-wheel="place"' in html


# Whole pages


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_the_styleguide_renders_without_inline_style_or_script(language: str):
    with translation.override(language):
        request = RequestFactory().get("/stijl/")
        context = {**styleguide_context(), "demo": True, "user": None, "who": "", "messages": []}
        html = (
            engines["django"]
            .get_template("styleguide.html")
            .template.render(Context({**context, "request": request, "csrf_token": "t"}))
        )
    assert "<style" not in html
    assert " style=" not in html
    assert re.findall(r"<script(?![^>]*\bsrc=)", html) == []
    assert re.findall(r"\son[a-z]+=", html) == []
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_the_page_of_last_resort_needs_nothing():
    html = (ROOT / "templates/500.html").read_text(encoding="utf-8")
    assert "{%" not in html
    assert "{{" not in html


def test_django_own_rendering_of_a_form_looks_like_ours():
    html = str(SampleForm({}))
    assert 'class="st-error-summary"' in html
    assert html.count("st-field") >= 10


def test_a_form_with_a_password_does_not_promise_that_all_was_kept():
    class Login(forms.Form):
        password = forms.CharField(widget=forms.PasswordInput)

    assert "staat er nog" not in render("{% ui_error_summary form %}", form=Login({}))
    assert "staat er nog" in render("{% ui_error_summary form %}", form=SampleForm({}))


@pytest.mark.parametrize(
    ("phone", "address"),
    [("0470 11.22/33", "tel:0470112233"), (" +32 470 11", "tel:+3247011"), ("014+3", "tel:0143")],
)
def test_a_telephone_number_that_dials(phone: str, address: str) -> None:
    assert ui.tel(phone) == address


def test_a_colour_that_no_shade_makes_readable_is_refused() -> None:
    """On a middling grey even white stays under 4.5."""
    with pytest.raises(ui.ColourError, match=r"^#777777 can't be made readable on #999999$"):
        ui.readable("#777777", "#999999")


class TypedForm(forms.Form):
    day = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    hour = forms.TimeField(required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    seats = forms.IntegerField(required=False, min_value=1, max_value=9)
    film = forms.URLField(required=False)


@pytest.mark.parametrize(
    ("name", "typed", "shown"),
    [
        ("day", "31 februari", "text"),
        ("day", "2026-02-28", "date"),
        ("hour", "25:00", "text"),
        ("seats", "veel", "text"),
        ("seats", "12", "number"),
        ("film", "onze film", "text"),
        ("film", "https://film", "url"),
    ],
)
def test_what_a_browser_would_drop_comes_back_in_a_plain_input(name: str, typed: str, shown: str):
    """Valid HTML, and nothing typed is lost. A number out of bounds is still a number."""
    form = TypedForm({name: typed})
    form.is_valid()
    html = tags.ui_field(form[name])["widget"]
    assert re.findall(r'type="(\w+)"|value="([^"]*)"', html) == [(shown, ""), ("", typed)]
    assert ("min=" in html) == (typed == "12")


def test_without_a_token_a_form_gets_no_hidden_fields() -> None:
    """A mail or a page of last resort has no request, so no token."""
    form = Template("[{% csrf_token %}]")
    assert [form.render(Context(words)) for words in ({}, {"csrf_token": "NOTPROVIDED"})] == ["[]", "[]"]
    assert 'name="csrfmiddlewaretoken" value="abc"' in form.render(Context({"csrf_token": "abc"}))


def test_a_part_of_a_whole_says_no_free_places() -> None:
    """The whole may be full."""
    whole, part = tags.ui_capacity(used=0, total=2), tags.ui_capacity(used=0, total=2, part=True)
    assert (whole["text"], part["text"], part["detail"]) == ("Nog 2 plaatsen vrij", "0 van 2 bezet", "")
    assert tags.ui_capacity(used=2, total=2, part=True)["text"] == "Vol"
