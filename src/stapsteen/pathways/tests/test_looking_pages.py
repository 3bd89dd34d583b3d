"""Explorator, Evoluator, goals and the wheel together, through the pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from stapsteen.core.errors import RuleBroken
from stapsteen.core.models import Event
from stapsteen.pathways import actions
from stapsteen.pathways.axis_files import read_axes
from stapsteen.pathways.models import Axis, AxisTemplate, Explorator, Goal, GoalAction, Moment, Pathway, Score
from stapsteen.pathways.tests.factories import days_ago, make_accepted, make_pathway
from stapsteen.people.models import Appointment
from stapsteen.testing.world import client_of, inside, make_service, make_staff

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def link(db: Any) -> Any:
    return make_service("link", "link")


@pytest.fixture
def guide(link: Any) -> Any:
    return make_staff(link, "coach")


@pytest.fixture
def pathway(link: Any, guide: Any) -> Pathway:
    with inside(link):
        return make_pathway(guide, starts_on=days_ago(120))


def url(name: str, **keys: Any) -> str:
    return reverse(f"pathways.{name}", kwargs={"service": "link", **keys})


def only(link: Any, model: Any, **found: Any) -> Any:
    with inside(link):
        return model.objects.get(**found)


def domain(client: Any, mapping: Explorator, key: str, **given: Any) -> Any:
    values = {"spoken_on": TODAY().isoformat(), **given}
    return client.post(url("explorator_domain", explorator=mapping.pk, domain=key), values)


# Explorator --------------------------------------------------------------------------------------------------------


def test_the_life_map_from_beginning_to_question(link: Any, guide: Any, pathway: Pathway) -> None:
    client = client_of(guide)
    start = url("explorator", pathway=pathway.pk)
    assert "Begin de kaart" in client.get(start).content.decode()
    client.post(start)
    mapping = only(link, Explorator)
    page = client.get(start)
    assert (len(page.context["ring"]), page.context["next_label"], page.context["begun"]) == (
        11,
        "Wonen",
        False,
    )
    answer = domain(
        client,
        mapping,
        "housing",
        scale="2",
        own_words="Te klein.",
        wish="Een kamer meer.",
        work_on="on",
        next="1",
    )
    assert answer.headers["Location"] == url("explorator_domain", explorator=mapping.pk, domain="money")
    answer = domain(client, mapping, "money", scale="-")
    assert answer.headers["Location"] == url("explorator_detail", explorator=mapping.pk)
    page = client.get(start)
    assert page.context["summary"] == "2 van de 11 domeinen zijn besproken. Hieraan werken: Wonen."
    assert page.context["next_label"] == "Mijn lichaam"
    assert [row["cells"][1] for row in page.context["rows"][:3]] == [
        "2: moeilijk", "besproken, geen punt", "nog niet besproken",
    ]  # fmt: skip
    finish = url("explorator_finish", explorator=mapping.pk)
    assert client.post(finish, {"my_question": ""}).status_code == 422
    client.post(finish, {"my_question": "Ik wil rust.", "work_on": ["money"]})
    with inside(link):
        assert Pathway.objects.get().my_question == "Ik wil rust."
        assert {row.domain: row.work_on for row in mapping.domains.all()} == {"housing": False, "money": True}
        lines = (
            Event.objects.filter(kind__startswith="explorator").order_by("id").values_list("kind", flat=True)
        )
        assert list(lines) == ["explorator.begun", "explorator.sitting", "explorator.finished"]
    assert client.get(url("explorator_domain", explorator=mapping.pk, domain="money")).status_code == 404
    client.post(url("explorator_reopen", explorator=mapping.pk))
    assert client.get(url("explorator_domain", explorator=mapping.pk, domain="money")).status_code == 200


def test_a_later_map_starts_anew(link: Any, guide: Any, pathway: Pathway) -> None:
    client = client_of(guide)
    with inside(link, guide) as actor:
        first = actions.begin_explorator(pathway=pathway, actor=actor, on=days_ago(100))
        actions.describe_domain(
            explorator=first, actor=actor, domain="money", scale=1, spoken_on=days_ago(100)
        )
        actions.finish_explorator(explorator=first, actor=actor, my_question="Geld?", on=days_ago(90))
    client.post(url("explorator", pathway=pathway.pk))
    page = client.get(url("explorator", pathway=pathway.pk))
    assert (page.context["begun"], len(page.context["others"])) == (False, 1)
    old = client.get(page.context["others"][0]["url"])
    assert old.context["rows"][1]["cells"][1] == "1: heel moeilijk"
    assert client.post(url("explorator_reopen", explorator=first.pk)).status_code == 422  # one at a time
    assert client.post(url("explorator", pathway=pathway.pk)).status_code == 422


def test_what_is_sensitive_stays_with_the_coach(link: Any, guide: Any, pathway: Pathway) -> None:
    with inside(link, guide) as actor:
        mapping = actions.begin_explorator(pathway=pathway, actor=actor)
        actions.describe_domain(
            explorator=mapping, actor=actor, domain="habits", scale=1, own_words="Kanarie."
        )
        actions.add_axis(pathway=pathway, actor=actor, name="Kanarie minderen", domain="habits")
    client = client_of(make_staff(link, "coordinator"))
    for page in (
        url("explorator", pathway=pathway.pk), url("axes", pathway=pathway.pk), url("goal_add", pathway=pathway.pk),
        url("evoluator", pathway=pathway.pk),
    ):  # fmt: skip
        answer = client.get(page)
        assert answer.status_code == 200
        assert "Kanarie" not in answer.content.decode()
    assert client.get(url("explorator_domain", explorator=mapping.pk, domain="habits")).status_code == 404
    assert "afgeschermd" in client.get(url("explorator", pathway=pathway.pk)).content.decode()
    assert "Kanarie" in client_of(guide).get(url("axes", pathway=pathway.pk)).content.decode()


def test_where_it_is_off_it_is_not_there(service: Any, coach: Any) -> None:
    with inside(service):
        pathway = make_pathway(coach)
    client = client_of(coach)
    for name in ("explorator", "evoluator", "axes", "moment_begin", "evoluator_pdf"):
        page = reverse(f"pathways.{name}", kwargs={"service": "vinac", "pathway": pathway.pk})
        assert client.get(page).status_code == 404
    tabs = client.get(reverse("pathways.goals", kwargs={"service": "vinac", "pathway": pathway.pk})).context
    assert [tab["label"] for tab in tabs["looking_tabs"]] == ["Doelen en acties", "Wiel"]


# Evoluator ---------------------------------------------------------------------------------------------------------


def add_axes(client: Any, pathway: Pathway, *names: str) -> None:
    for name in names:
        given = {"name": name, "low": "nog niet", "high": "vlot", "lowest": "1", "highest": "5", "domain": ""}
        assert client.post(url("axes", pathway=pathway.pk), given).status_code == 302


def score(link: Any, client: Any, moment: Moment, rater: str, *values: Any) -> Any:
    with inside(link):
        axes = list(Axis.objects.order_by("order"))
    given = {f"value_{axis.pk.hex}": value for axis, value in zip(axes, values, strict=True)}
    return client.post(url("moment_score", moment=moment.pk, rater=rater), given)


def begin(link: Any, client: Any, pathway: Pathway, day: Any) -> Moment:
    client.post(url("moment_begin", pathway=pathway.pk), {"held_on": day.isoformat()})
    return only(link, Moment, state="open")


def test_the_spider_over_two_moments(link: Any, guide: Any, pathway: Pathway) -> None:
    client = client_of(guide)
    with inside(link, guide) as actor:
        for name in ("Bus nemen", "Slapen", "Mensen zien"):
            actions.add_axis(pathway=pathway, actor=actor, name=name, starts_on=days_ago(100))
    first = begin(link, client, pathway, days_ago(90))
    answer = score(link, client, first, "participant", 1, 2, "")
    assert answer.headers["Location"] == url("moment_score", moment=first.pk, rater="coach")
    answer = score(link, client, first, "coach", 2, 2, 3)
    assert answer.headers["Location"] == url("moment", moment=first.pk)
    page = client.get(url("moment", moment=first.pk))
    assert page.context["summary"] == "Jullie kijken er anders naar bij: Bus nemen. Praat daar samen over."
    assert [one.label for one in page.context["series"]] == ["de begeleider", "de persoon"]
    client.post(url("moment", moment=first.pk), {"note": "Samen oefenen."})
    second = begin(link, client, pathway, TODAY())
    assert second.number == 2
    score(link, client, second, "participant", 3, 2, 4)
    client.post(url("moment", moment=second.pk), {"note": ""})
    page = client.get(url("evoluator", pathway=pathway.pk))
    assert page.context["summary"] == "2 momenten. Op 1 van de 2 assen ging het vooruit sinds het begin."
    assert [list(one.values) for one in page.context["series"]] == [[1, 2, None], [3, 2, 4]]
    assert client.post(url("moment_reopen", moment=first.pk)).status_code == 422  # a later one is there
    client.post(url("moment_reopen", moment=second.pk))
    assert only(link, Moment, number=2).state == "open"


def test_nobody_sees_the_others_points_while_scoring(link: Any, guide: Any, pathway: Pathway) -> None:
    client = client_of(guide)
    add_axes(client, pathway, "Bus", "Slapen", "Mensen")
    moment = begin(link, client, pathway, TODAY())
    score(link, client, moment, "participant", 1, 2, 3)
    page = client.get(url("moment_score", moment=moment.pk, rater="coach"))
    assert [value.value() for value, _note in page.context["form"].pairs()] == [None, None, None]
    again = client.get(url("moment_score", moment=moment.pk, rater="participant"))
    assert [value.value() for value, _note in again.context["form"].pairs()] == [1, 2, 3]
    score(link, client, moment, "participant", 5, "-", 3)
    with inside(link):
        values = [row.value for row in Score.objects.order_by("axis__order")]
    assert values == [5, None, 3]


@pytest.mark.parametrize("wrong", ["0", "6", "vijf"])
def test_a_point_off_the_scale_comes_back(link: Any, guide: Any, pathway: Pathway, wrong: str) -> None:
    client = client_of(guide)
    add_axes(client, pathway, "Bus")
    moment = begin(link, client, pathway, TODAY())
    answer = score(link, client, moment, "participant", wrong)
    assert (answer.status_code, len(answer.context["form"].errors)) == (422, 1)
    assert client.post(url("moment", moment=moment.pk), {"note": ""}).status_code == 422  # no score at all


def test_axes_keep_their_scale_once_scored(link: Any, guide: Any, pathway: Pathway) -> None:
    client = client_of(guide)
    add_axes(client, pathway, "Bus")
    axis = only(link, Axis)
    edit = url("axis_edit", axis=axis.pk)
    words = {"name": "Alleen de bus", "low": "", "high": "", "lowest": "0", "highest": "10"}
    assert client.post(edit, words).status_code == 302
    moment = begin(link, client, pathway, TODAY())
    score(link, client, moment, "participant", 7)
    assert client.post(edit, {**words, "highest": "5"}).status_code == 422
    assert client.post(edit, {**words, "name": "De bus nemen"}).status_code == 302
    assert client.post(edit, {**words, "name": " "}).status_code == 422
    client.post(url("axis_end", axis=axis.pk))
    assert client.get(url("axes", pathway=pathway.pk)).context["axes"] == []
    assert (
        client.post(url("moment_begin", pathway=pathway.pk), {"held_on": TODAY().isoformat()}).status_code
        == 422
    )


def test_lists_of_axes(link: Any, guide: Any, pathway: Pathway) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client, add = client_of(guide), url("axis_template_add")
    given = {"name": "Samen buiten", "lines": "Bus; bang; vlot\nWinkel", "source": "eigen woorden"}
    assert client.post(add, given).status_code == 302
    assert client.post(add, given).status_code == 422  # the name is taken
    file = SimpleUploadedFile("rust.csv", b"naam;laag;hoog;laagste;hoogste\nSlapen;slecht;goed;0;10\n")
    assert client.post(url("axis_template_import"), {"file": file}).status_code == 302
    wrong = SimpleUploadedFile("rust.csv", b"naam;kleur\nSlapen;rood\n")
    answer = client.post(url("axis_template_import"), {"file": wrong})
    assert answer.context["form"].errors["file"] == [
        "Onbekende kolom: kleur. Gebruik naam, laag, hoog, laagste, hoogste, domein."
    ]
    good = b'name = "Buiten"\nsource = "eigen"\n[[axes]]\nname = "Winkel"\nlowest = 0\nhighest = 10\n'
    assert (
        client.post(url("axis_template_import"), {"file": SimpleUploadedFile("a.toml", good)}).status_code
        == 302
    )
    kept = only(link, AxisTemplate, name="Buiten")
    assert (kept.source, kept.axes[0]["name"], kept.axes[0]["highest"]) == ("eigen", "Winkel", 10)
    client.post(url("axis_template_stop", template=kept.pk))
    lists = {item["row"].name: item["axes"] for item in client.get(url("axis_templates")).context["lists"]}
    assert lists["rust"] == [
        {"name": "Slapen", "low": "slecht", "high": "goed", "domain": "", "lowest": 0, "highest": 10}
    ]
    chosen = only(link, AxisTemplate, name="Samen buiten")
    client.post(url("axes_from_template", pathway=pathway.pk), {"template": str(chosen.pk)})
    with inside(link):
        found = [(axis.name, axis.low, axis.lowest, axis.highest) for axis in Axis.objects.order_by("order")]
    assert found == [("Bus", "bang", 1, 5), ("Winkel", None, 1, 5)]
    client.post(url("axis_template_stop", template=chosen.pk))
    assert [item["row"].name for item in client.get(url("axis_templates")).context["lists"]] == ["rust"]
    assert (
        client.post(url("axes_from_template", pathway=pathway.pk), {"template": str(chosen.pk)}).status_code
        == 302
    )
    with inside(link):
        assert Axis.objects.count() == 2


# Goals -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.csv", "", "Dit bestand is leeg."),
        ("a.csv", "laag\nx\n", "De kolom “naam” ontbreekt."),
        ("a.csv", "naam;laag\nBus;bang;te veel\n", "Regel 2: er zijn meer vakken dan kolommen."),
        ("a.csv", "naam;laag\nBus;bang\n;x\n", "Regel 3: de naam ontbreekt."),
        ("a.csv", "naam;laagste\nBus;een\n", "Regel 2: “een” is geen geheel getal."),
        ("a.toml", "name = \n", "Dit TOML-bestand klopt niet: Regel 1, teken 8: hier hoort een waarde."),
        ("a.toml", 'name = "x"\nname = "y"\n', "Dit TOML-bestand klopt niet: Regel 2"),
        ("a.toml", 'kleur = "rood"\n', "Onbekend in dit bestand: kleur."),
        ("a.toml", 'name = "x"\n', "Dit bestand heeft geen lijst [[axes]]."),
        ("a.toml", "axes = []\n", "Er staat geen enkele as in."),
        ("a.toml", 'axes = ["bus"]\n', "Dit bestand heeft geen lijst [[axes]]."),
        ("a.toml", '[[axes]]\nname = "Bus"\n[[axes]]\nlow = "bang"\n', "As 2 (regel 3): de naam ontbreekt."),
        ("a.toml", '[[axes]]\nname = "Bus"\nkleur = 1\n', "As 1 (regel 1): onbekend: kleur."),
        ("a.toml", '[[axes]]\nname = "Bus"\nlowest = 1.5\n', "As 1 (regel 1): “1.5” is geen geheel getal."),
        (
            "a.toml",
            '[[axes]]\nname = "Bus"\nhighest = 2\n',
            "As 1 (regel 1): een schaal heeft 3 tot 11 punten",
        ),
        (
            "a.toml",
            f'[[axes]]\nname = "{"x" * 121}"\n',
            "As 1 (regel 1): een tekst is langer dan 120 tekens.",
        ),
        ("a.toml", '[[axes]]\nname = "x"\n' * 25, "Meer dan 24 assen past op geen enkele spin."),
        ("a.txt", "naam\nBus\n", "Kies een bestand dat eindigt op .toml of .csv."),
    ],
)
def test_a_wrong_file_of_axes_says_where_and_why(name: str, content: str, why: str) -> None:
    with pytest.raises(RuleBroken) as told:
        read_axes(name, content.encode())
    assert str(told.value).startswith(why)


def test_a_file_that_isnt_text_says_so() -> None:
    with pytest.raises(RuleBroken, match="UTF-8"):
        read_axes("a.toml", b"\xff\xfe")


def test_a_goal_an_offer_a_visit_and_a_step(link: Any, guide: Any, pathway: Pathway) -> None:
    client = client_of(guide)
    add_axes(client, pathway, "Mensen zien")
    client.post(url("goal_add", pathway=pathway.pk), {"text": "Elke week onder de mensen", "axis": ""})
    goal = only(link, Goal)
    given = {
        "text": "Eens gaan kijken", "who": "together", "kind": "try_offer", "offer": "Dorpsrestaurant",
        "accompanied": "on", "goal": str(goal.pk), "due_on": "",
    }  # fmt: skip
    assert client.post(url("action_add", pathway=pathway.pk), {**given, "offer": ""}).status_code == 422
    answer = client.post(url("action_add", pathway=pathway.pk), given)
    action = only(link, GoalAction)
    assert answer.headers["Location"] == url("action_visit", action=action.pk)
    client.post(
        url("action_visit", action=action.pk), {"day": "2030-05-02", "time": "10:30", "where": "Aan de kerk"}
    )
    with inside(link):
        visit = Appointment.objects.get()
        assert (visit.kind, visit.where, timezone.localtime(visit.starts_at).hour) == (
            "first_time",
            "Aan de kerk",
            10,
        )
    done = {"done_on": TODAY().isoformat(), "outcome_note": "Lekkere soep."}
    assert client.post(url("action_finish", action=action.pk), done).status_code == 422
    answer = client.post(url("action_finish", action=action.pk), {**done, "outcome": "goes_on"})
    wheel = f"{url('wheel', pathway=pathway.pk)}?actie={action.pk}"
    assert answer.headers["Location"] == wheel
    page = client.get(wheel)
    assert page.context["form"]["what_helped"].value() == "Dorpsrestaurant"
    client.post(url("goal_move", goal=goal.pk), {"move": "reach"})
    assert client.post(url("goal_move", goal=goal.pk), {"move": "fly"}).status_code == 404
    line = client.get(url("goals", pathway=pathway.pk)).context["lines"][0]
    assert (line["badge"]["label"], line["actions"][0]["outcome"]) == (
        "Bereikt",
        "het beviel, en het gaat door",
    )
    client.post(url("action_reopen", action=action.pk))
    client.post(url("action_drop", action=action.pk))
    assert only(link, GoalAction).state == "dropped"


def test_the_wheel_shows_its_way(link: Any, guide: Any, pathway: Pathway) -> None:
    client = client_of(guide)
    given = {
        "segment": "joining-in",
        "wish": "",
        "starts_on": days_ago(3).isoformat(),
        "said_by": "participant",
    }
    client.post(url("wheel", pathway=pathway.pk), given)
    client.post(
        url("wheel", pathway=pathway.pk),
        {**given, "segment": "few-contacts", "starts_on": TODAY().isoformat()},
    )
    page = client.get(url("wheel", pathway=pathway.pk))
    assert (
        page.context["ambition"]
        == "Het traject wil 1 stap mogelijk maken. Niemand moet. Er waren al 2 stappen."
    )
    assert [move["who"] for move in page.context["history"]] == [
        "samen",
        "de persoon zelf",
        "de persoon zelf",
    ]
    assert page.content.decode().count('class="st-wheel__arc"') == 2


def test_from_start_to_end_without_host_agreement_or_hours(link: Any, guide: Any) -> None:
    client = client_of(guide)
    with inside(link):
        pathway = make_accepted(guide)
    client.post(url("explorator", pathway=pathway.pk))
    mapping = only(link, Explorator)
    domain(client, mapping, "people", scale="1", wish="Koffie drinken met iemand", work_on="on")
    client.post(
        url("explorator_finish", explorator=mapping.pk),
        {"my_question": "Hoe leer ik mensen kennen?", "work_on": "people"},
    )
    add_axes(client, pathway, "Mensen zien", "Buitenkomen", "Durven")
    for values in ((1, 1, 2), (3, 2, 2)):
        moment = begin(link, client, pathway, TODAY())
        score(link, client, moment, "participant", *values)
        client.post(url("moment", moment=moment.pk), {"note": ""})
    given = {"segment": "people-around", "wish": "", "starts_on": TODAY().isoformat()}
    client.post(url("wheel", pathway=pathway.pk), given)
    end = {
        "ends_on": TODAY().isoformat(),
        "code": "goal_reached",
        "destination": "volunteering",
        "reason": "Gelukt.",
    }
    assert client.post(url("pathway_end", pathway=pathway.pk), end).status_code == 302
    with inside(link):
        ended = Pathway.objects.get()
        assert (ended.state, ended.placements.count(), ended.my_question) == (
            "ended",
            0,
            "Hoe leer ik mensen kennen?",
        )
    page = client.get(url("evoluator", pathway=pathway.pk))
    assert page.context["summary"] == "2 momenten. Op 2 van de 3 assen ging het vooruit sinds het begin."
    assert (page.context["begin_url"], page.context["axes_url"]) == ("", "")
    for name in ("goal_add", "moment_begin"):
        given = {"text": "x", "held_on": TODAY().isoformat()}
        assert client.post(url(name, pathway=pathway.pk), given).status_code == 422


def test_pages_ask_as_much_for_a_long_pathway(link: Any, guide: Any, pathway: Pathway) -> None:
    client = client_of(guide)
    with inside(link, guide) as actor:
        for name in ("a", "b", "c"):
            actions.add_axis(pathway=pathway, actor=actor, name=name, starts_on=days_ago(100))
        fill(pathway, actor, 90)
    pages = [url(name, pathway=pathway.pk) for name in ("explorator", "evoluator", "goals", "wheel", "axes")]
    before = [queries(client, page) for page in pages]
    with inside(link, guide) as actor:
        for day in (60, 30, 10):
            fill(pathway, actor, day)
    assert [queries(client, page) for page in pages] == before


def fill(pathway: Pathway, actor: Any, day: int) -> None:
    mapping = actions.begin_explorator(pathway=pathway, actor=actor, on=days_ago(day))
    actions.describe_domain(explorator=mapping, actor=actor, domain="money", scale=3)
    actions.finish_explorator(explorator=mapping, actor=actor, my_question="?")
    moment = actions.begin_moment(pathway=pathway, actor=actor, held_on=days_ago(day))
    points = {axis.pk: actions.Point(3, "Zo.") for axis in pathway.axes.all()}
    actions.give_scores(moment=moment, actor=actor, rater="participant", points=points)
    actions.close_moment(moment=moment, actor=actor)
    goal = actions.set_goal(pathway=pathway, actor=actor, text="Iets")
    actions.plan_action(pathway=pathway, actor=actor, text="Bellen", who="coach", goal=goal)
    actions.move_on_wheel(pathway=pathway, actor=actor, segment="joining-in", starts_on=days_ago(day))


def queries(client: Any, page: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(page).status_code == 200
    return len(caught)
