"""The command that makes the first service of an installation."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from stapsteen.network.models import Coverage, Membership, ProgrammeVersion, Service, User

WORDS = {
    "name": "Vrijwilligers met goesting",
    "owner": "Stad Turnhout",
    "municipality": ["Turnhout"],
    "programme": ["volunteering"],
    "admin_email": "Baas@example.org",
    "admin_name": "Bea Baas",
}


def make(slug: str = "goesting", **other: object) -> list[str]:
    output = StringIO()
    call_command("make_service", slug, **{**WORDS, **other}, stdout=output)
    return output.getvalue().splitlines()


@pytest.mark.django_db
def test_the_service_is_ready_to_log_in() -> None:
    address, login = make()
    service = Service.objects.get(slug="goesting")
    user = User.objects.get(email="baas@example.org")
    assert address.endswith("/goesting/")
    assert user.check_password(login.split()[1])
    assert sorted(Membership.objects.filter(user=user, service=service).values_list("role", flat=True)) == [
        "administrator",
        "coordinator",
    ]
    assert [row.municipality.name for row in Coverage.objects.filter(service=service)] == ["Turnhout"]
    assert ProgrammeVersion.objects.filter(service=service).count() == 1


@pytest.mark.django_db
def test_whoever_has_a_password_keeps_it() -> None:
    password = make()[1].split()[1]
    assert "keeps the password" in make("tweede")[1]
    assert User.objects.get(email="baas@example.org").check_password(password)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("slug", "other", "message"),
    [
        ("api", {}, "kort adres"),
        ("Met Hoofdletters", {}, "kort adres"),
        ("goed", {"municipality": ["Nergenshuizen"]}, "which municipality"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_stays(slug: str, other: dict[str, object], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        make(slug, **other)
    assert not Service.objects.filter(slug=slug).exists()
