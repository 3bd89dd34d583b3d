"""A small world: services with a programme, staff with roles, clients that are logged in."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection
from django.test import Client

from stapsteen.core.scope import Actor, open_scope
from stapsteen.network.house import can_sanction
from stapsteen.network.models import (
    Coverage,
    Membership,
    Municipality,
    Network,
    ProgrammeVersion,
    Service,
    StaffMember,
    User,
)
from stapsteen.people.models import Person

PROGRAMMES = Path(__file__).resolve().parents[3] / "programmes"
EARLY = date(2000, 1, 1)


def make_municipality(
    nis: str = "13040", name: str = "Turnhout", postal_codes: tuple[str, ...] = ("2300",)
) -> Municipality:
    found, _ = Municipality.objects.get_or_create(
        nis=nis, defaults={"name": name, "postal_codes": list(postal_codes)}
    )
    return found


def make_service(slug: str = "vinac", *programmes: str, network: Network | None = None) -> Service:
    """A service with the preset programmes (default: volunteering), covering Turnhout, in its own network."""
    network = (
        network or Network.objects.get_or_create(slug=f"net-{slug}", defaults={"name": f"Netwerk {slug}"})[0]
    )
    service = Service.objects.create(
        slug=slug, name=slug.upper(), owner_name="Stad", network=network, email=f"{slug}@example.org"
    )
    Coverage.objects.create(service=service, municipality=make_municipality())
    for programme in programmes or ("volunteering",):
        make_programme(service, programme)
    return service


def make_programme(service: Service, slug: str, *, valid_from: date = EARLY) -> ProgrammeVersion:
    from stapsteen.network.programme.load import load_programme

    text = (PROGRAMMES / f"{slug}.toml").read_text()
    return ProgrammeVersion.objects.create(
        service=service,
        slug=slug,
        number=1,
        text=text,
        kind=load_programme(text).meta.kind,
        valid_from=valid_from,
    )


def programme_of(service: Service, slug: str = "volunteering") -> ProgrammeVersion:
    return ProgrammeVersion.objects.get(service=service, slug=slug)


def make_user(email: str) -> User:
    user, _ = User.objects.get_or_create(email=email, defaults={"password": "!"})
    return user


def make_staff(service: Service, *roles: str, email: str = "", organisation_id: Any = None) -> StaffMember:
    """A colleague with these roles in this service. Opens (and closes) the service's scope itself."""
    user = make_user(email or f"{'-'.join(roles)}@{service.slug}.example.org")
    for role in roles:
        Membership.objects.get_or_create(
            user=user, service=service, role=role, defaults={"organisation_id": organisation_id}
        )
    with open_scope(service.pk, actor=Actor("system:test", roles=frozenset({"system"})), purpose="test"):
        return StaffMember.objects.get_or_create(
            user=user, defaults={"name": f"{roles[0].title()} {service.slug}"}
        )[0]


def actor_of(staff: StaffMember) -> Actor:
    rows = Membership.objects.filter(user_id=staff.user_id, service_id=staff.service_id)
    held = frozenset(row.role for row in rows)
    organisation = next((row.organisation_id for row in rows if row.organisation_id), None)
    return Actor(
        "+".join(sorted(held)),
        user_id=staff.user_id,
        roles=held,
        organisation_id=organisation,
        can_sanction=can_sanction([organisation]),
    )


@contextmanager
def inside(service: Service, staff: StaffMember | None = None) -> Iterator[Actor]:
    """An open scope of the service, as this colleague or as the system; gives the actor."""
    actor = actor_of(staff) if staff else Actor("system:test", roles=frozenset({"system"}))
    with open_scope(service.pk, actor=actor, purpose="test"):
        yield actor


def client_of(user: User | StaffMember | None) -> Client:
    """A logged-in browser without JavaScript; None: anonymous."""
    client = Client()
    if user is not None:
        account = User.objects.get(pk=user.user_id) if isinstance(user, StaffMember) else user
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def run_jobs() -> int:
    """Run what waits in the queue, here and now, as the worker would; how many."""
    from stapsteen.core import tasks  # noqa: F401 -- registers the rooms' jobs

    done = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM procrastinate_jobs WHERE id = (SELECT id FROM procrastinate_jobs WHERE status = 'todo' "
                "ORDER BY id LIMIT 1) RETURNING task_name, args"
            )
            row = cursor.fetchone()
        if row is None:
            return done
        arguments = row[1] if isinstance(row[1], dict) else json.loads(row[1])
        task = _task(row[0])
        task(**arguments)
        done += 1


def _task(name: str) -> Any:
    from procrastinate.contrib.django import app

    return app.tasks[name].func


def make_person(name: str = "Noor") -> Person:
    return Person.objects.create(first_name=name)


@contextmanager
def owner_connection(*, migrating: bool) -> Iterator[psycopg.Connection[Any]]:
    """The owner of the tables, beside the application, in the same test database."""
    settings = connection.settings_dict
    with psycopg.connect(
        dbname=settings["NAME"], host=settings["HOST"], user="stapsteen_owner", autocommit=True
    ) as other:
        if migrating:
            other.execute("SELECT set_config('stapsteen.migrating', 'on', false)")
        yield other


def seal_all(service: Service, rows: int, seconds: int = 90) -> int:
    """Seal until so many are done: a transaction that just ended in another database of the server may count for a moment."""
    from stapsteen.core import readlog

    done = 0
    for _ in range(10 * seconds):
        with inside(service):
            done += readlog.seal_entries()
        if done >= rows:
            break
        time.sleep(0.1)
    return done
