"""Sample data for the styleguide page (templates/styleguide.html): every component filled, empty and wrong.

All people and organisations are made up. No database is read.
"""

from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator

from stapsteen.core import ui
from stapsteen.core.icons import ICONS

SEGMENTS: list[ui.Segment] = [
    {"key": "home", "label": "Zelfstandig leven", "order": 1},
    {"key": "contacts", "label": "Sociale contacten", "order": 2},
    {"key": "joining", "label": "Meedoen in de buurt", "order": 3},
    {"key": "skills", "label": "Iets leren", "order": 4},
    {"key": "giving", "label": "Vrijwillige inzet", "order": 5},
    {"key": "work", "label": "Betaald werk", "order": 6},
]
HISTORY: list[ui.Move] = [
    {"key": "home", "date": "3 februari 2026", "note": "Bij de start"},
    {"key": "contacts", "date": "12 mei 2026"},
    {"key": "joining", "date": "1 september 2026", "note": "Kookt mee in het buurthuis"},
]
DAYS = [("mo", "maandag"), ("tu", "dinsdag"), ("we", "woensdag"), ("th", "donderdag"), ("fr", "vrijdag")]


class SampleForm(forms.Form):
    """One field of every kind."""

    first_name = forms.CharField(label="Voornaam", help_text="Zoals je wilt dat we je noemen.")
    mail = forms.EmailField(label="E-mailadres", required=False)
    birth = forms.DateField(
        label="Geboortedatum", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    hours = forms.DecimalField(label="Uren per week", min_value=0, max_value=38)
    town = forms.ChoiceField(
        label="Gemeente",
        choices=[("", "Kies een gemeente"), ("turnhout", "Turnhout"), ("vosselaar", "Vosselaar")],
    )
    contact = forms.ChoiceField(
        label="Hoe mogen we je bereiken?",
        choices=[
            ("call", "Bellen"),
            ("sms", "Een sms"),
            ("letter", "Een brief"),
            ("helper", "Via iemand die helpt"),
        ],
        widget=forms.RadioSelect,
    )
    days = forms.MultipleChoiceField(
        label="Wanneer kan je?", choices=DAYS, widget=forms.CheckboxSelectMultiple, help_text="Kies wat past."
    )
    story = forms.CharField(
        label="Wat wil je graag doen?", widget=forms.Textarea(attrs={"rows": 4}), required=False
    )
    paper = forms.FileField(label="Een document", required=False)
    agree = forms.BooleanField(label="Ik wil dit zelf", help_text="Deelnemen is altijd je eigen keuze.")


class WheelForm(forms.Form):
    """Where someone is on the wheel."""

    place = forms.ChoiceField(
        label="Waar sta je nu?",
        choices=[(segment["key"], segment["label"]) for segment in SEGMENTS],
        widget=forms.RadioSelect,
        initial="joining",
    )


class FilterForm(forms.Form):
    """Filters above a list."""

    q = forms.CharField(label="Naam", required=False)
    phase = forms.ChoiceField(
        label="Fase", choices=[("", "Alle"), ("intake", "Intake"), ("busy", "Bezig")], required=False
    )
    coach = forms.ChoiceField(label="Coach", choices=[("", "Iedereen"), ("me", "Ik")], required=False)


class HoursForm(forms.Form):
    """The hours of one person in a month."""

    hours = forms.DecimalField(
        label="Uren",
        widget=forms.NumberInput(attrs={"class": "st-hours-input", "step": "0.5", "inputmode": "decimal"}),
    )
    times = forms.IntegerField(label="Aantal keer", required=False)
    note = forms.CharField(
        label="Wat wil je ons zeggen?", widget=forms.Textarea(attrs={"rows": 2}), required=False
    )


def sample_form(*, wrong: bool) -> SampleForm:
    """The form filled in, or sent empty."""
    if wrong:
        return SampleForm(
            {"fout-mail": "geen adres", "fout-hours": "200", "fout-days": ["tu"]}, prefix="fout"
        )
    return SampleForm(
        initial={
            "first_name": "Amina",
            "birth": date(1987, 4, 12),
            "hours": 6,
            "town": "turnhout",
            "contact": "sms",
            "days": ["tu", "th"],
            "story": "Koken, of helpen in de tuin.",
        }
    )


def hour_rows() -> list[dict[str, Any]]:
    """Three people of one host: filled in, wrong, confirmed."""
    filled = HoursForm(initial={"hours": "12.5", "times": 4}, prefix="amina")
    wrong = HoursForm({"joris-hours": "", "joris-note": "Hij was twee weken ziek."}, prefix="joris")
    return [
        {
            "title": "Amina B.",
            "sub": "Koken voor de buurt",
            "fields": [filled["hours"], filled["times"]],
            "note": filled["note"],
        },
        {
            "title": "Joris V.",
            "sub": "Moestuin",
            "fields": [wrong["hours"], wrong["times"]],
            "note": wrong["note"],
        },
        {"title": "Fatih Ş.", "sub": "Fietsatelier", "done": "18 uur, bevestigd op 2 november"},
    ]


def sample_page() -> Page[int]:
    """The fourth of nine pages."""
    return Paginator(range(90), 10).get_page(4)


NAV = [
    {"label": "Vandaag", "url": "#nav-1", "icon": "sun", "current": True, "count": 6},
    {"label": "Personen", "url": "#nav-2", "icon": "people"},
    {"label": "Gastplekken", "url": "#nav-3", "icon": "building", "short": "Plekken"},
    {"label": "Uren", "url": "#nav-4", "icon": "clock", "count": 3},
    {"label": "Aanmeldingen", "url": "#nav-5", "icon": "mail", "count": 2},
    {"label": "Cijfers", "url": "#nav-6", "icon": "chart"},
    {"label": "Instellingen", "url": "#nav-7", "icon": "gear"},
]
STEPS = [
    {"label": "Aangemeld", "state": "done", "date": "3 februari 2026"},
    {"label": "Kennismaking", "state": "done", "date": "12 februari 2026"},
    {"label": "Plek zoeken", "state": "current", "text": "We kijken samen rond in het buurthuis."},
    {"label": "Afspraken maken", "state": "next"},
    {"label": "Aan de slag", "state": "next"},
]
EVENTS: list[dict[str, Any]] = [
    {
        "date": date(2026, 11, 18),
        "title": "Uren bevestigd",
        "text": "12,5 uur in oktober.",
        "icon": "check",
        "kind": "success",
        "who": "Els (coach)",
    },
    {
        "date": date(2026, 11, 4),
        "title": "Bezoek aan Buurthuis De Brug",
        "text": "Het klikt met de ploeg.\nVolgend bezoek in januari.",
        "icon": "building",
        "kind": "info",
        "who": "Els (coach)",
        "url": "#",
    },
    {
        "date": date(2026, 10, 20),
        "title": "Niet bereikt",
        "text": "Twee keer gebeld.",
        "icon": "phone",
        "kind": "warning",
    },
    {
        "date": date(2026, 9, 1),
        "title": "Stap op het wiel: meedoen in de buurt",
        "icon": "flag",
        "kind": "wish",
    },
]
COLUMNS: list[Any] = ["Naam", "Fase", "Gastplek", {"label": "Uren in oktober", "align": "end"}]
ROWS: list[Any] = [
    [
        {"text": "Amina Benali", "href": "#", "sub": "Turnhout"},
        {"text": "Bezig", "badge": "success"},
        "Buurthuis De Brug",
        "12,5",
    ],
    {
        "kind": "warning",
        "cells": [
            {"text": "Joris Van den Broeck", "href": "#", "sub": "Vosselaar"},
            {"text": "Wacht op de uren", "badge": "warning"},
            "Moestuin Zonnekind",
            "–",
        ],
    },
    [
        {"text": "Fatih Şahin", "href": "#", "sub": "Turnhout"},
        {"text": "Intake", "badge": "info"},
        "nog geen",
        "–",
    ],
]
BARS = [
    {"label": "Stapsteen naar werk", "value": 34},
    {"label": "Misschien werk", "value": 21},
    {"label": "Doel op zich", "value": 48},
    {"label": "Nog niet gekend", "value": None, "kind": "quiet"},
]


def styleguide_context() -> dict[str, Any]:
    """Everything that templates/styleguide.html shows."""
    empty_wheel = WheelForm(prefix="leeg")
    return {
        "nav": NAV,
        "services": [
            {"name": "VINAC", "url": "#", "current": True},
            {"name": "LINK", "url": "#", "current": False},
        ],
        "service": "VINAC",
        "search_url": "#",
        "form": sample_form(wrong=False),
        "wrong_form": sample_form(wrong=True),
        "filter_form": FilterForm(prefix="filter"),
        "wheel_form": WheelForm(prefix="wiel"),
        "empty_wheel_form": empty_wheel,
        "segments": SEGMENTS,
        "wheel_history": HISTORY,
        "steps": STEPS,
        "stopped": [STEPS[0], {"label": "Kennismaking", "state": "stopped", "text": "Wou liever wachten."}],
        "events": EVENTS,
        "columns": COLUMNS,
        "rows": ROWS,
        "foot": ["Samen", "", "", "12,5"],
        "bars": BARS,
        "hour_rows": hour_rows(),
        "page": sample_page(),
        "crumbs": [{"label": "Personen", "url": "#"}, {"label": "Amina B.", "url": "#"}],
        "tabs": [
            {"label": "Overzicht", "url": "#", "current": True},
            {"label": "Het pad", "url": "#"},
            {"label": "Uren", "url": "#", "count": 3},
            {"label": "Documenten", "url": "#"},
        ],
        "facts": [
            {"term": "Telefoon", "value": "0470 00 00 00", "href": "tel:+32470000000"},
            ("Woont in", "Turnhout"),
            {"term": "Nederlands", "value": "", "action": "#", "action_label": "Vul in"},
            {
                "term": "Doel",
                "value": "Misschien een stap naar werk",
                "action": "#",
                "action_label": "Verander",
            },
        ],
        "person_facts": [
            {"icon": "phone", "text": "0470 00 00 00", "href": "tel:+32470000000"},
            {"icon": "pin", "text": "Turnhout"},
            {"icon": "message", "text": "Liefst een sms"},
        ],
        "person_badges": [{"label": "Bezig", "kind": "success"}],
        "icons": sorted(ICONS),
        "points": ["De gastplek krijgt bericht.", "De uren tot vandaag blijven staan."],
    }
