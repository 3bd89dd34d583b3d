"""Tests run as the application's role on a real cluster: row-level security is on in every one of them."""

from __future__ import annotations

import gc
import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

hypothesis.settings.register_profile("house", deadline=None)  # a busy machine isn't a fault
hypothesis.settings.load_profile("house")

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "src"))


def pytest_configure() -> None:
    from stapsteen.cli.cluster import ensure_test_cluster

    owner, app = ensure_test_cluster()
    os.environ["DATABASE_OWNER_URL"], os.environ["DATABASE_URL"] = owner, app
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def pytest_collection_finish() -> None:
    """What is loaded now stays till the end: no use looking through it for rubbish again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def _become(role: str) -> None:
    """Close and come back as 'owner' or as the application."""
    from django.conf import settings
    from django.db import connection

    from config.settings import database

    connection.close()
    wanted = database(os.environ["DATABASE_OWNER_URL" if role == "owner" else "DATABASE_URL"])
    connection.settings_dict.update({key: wanted[key] for key in ("USER", "PASSWORD", "HOST", "PORT")})
    settings.AS_OWNER = role == "owner"


def _owner_truncates() -> None:
    """TransactionTestCase empties tables: the application's role can't, so the owner does it.

    The municipalities stay, they come with the migrations; what waits for a worker goes too, though Django doesn't know
    those tables. So the tests after it find what the tests before it found.
    """
    from django.db import connection
    from django.db.backends.postgresql.operations import DatabaseOperations

    original = DatabaseOperations.execute_sql_flush

    def flush(self: Any, sql_list: Any) -> None:
        _become("owner")
        try:
            original(
                self,
                [
                    sql.replace('"network_municipality", ', "").replace(', "network_municipality"', "")
                    for sql in sql_list
                ],
            )
            with connection.cursor() as cursor:
                cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
        finally:
            _become("app")

    DatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]


@pytest.fixture(scope="session", autouse=True)
def static_files_are_listed_once() -> None:
    """Each test client makes its own chain of middleware; WhiteNoise would look for all static files again in each."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    original, listed = WhiteNoiseMiddleware.add_files_from_finders, {}

    def add_files_from_finders(self: Any) -> None:
        if not listed:
            original(self)
            listed.update(self.files)
        self.files.update(listed)

    WhiteNoiseMiddleware.add_files_from_finders = add_files_from_finders


@pytest.fixture(scope="session")
def django_db_setup(
    request: Any, django_test_environment: Any, django_db_blocker: Any
) -> Iterator[dict[str, Any]]:
    """Create the test database as its owner, then work as the application. Gives the owner's connection (Django's names)."""
    from django.core.management import call_command
    from django.db import connection

    from stapsteen.core import pages
    from stapsteen.testing import database

    pages.discover()
    suffix = getattr(request.config, "workerinput", {}).get("workerid", "")
    name, maintenance = f"test_stapsteen_{suffix}_{os.getpid()}", connection.settings_dict["NAME"]

    def migrate(blank: str) -> None:
        database.drop(own, blank)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Normally Django will use a connection")
            with database.connect(own) as server:
                server.execute(database.named("CREATE DATABASE {} TEMPLATE template0", blank))
            connection.settings_dict["NAME"] = blank
            call_command("migrate", verbosity=0, interactive=False)
            connection.close()

    with django_db_blocker.unblock():
        _become("owner")
        own = {**connection.settings_dict, "NAME": maintenance}
        database.create_from_copy(own, name, migrate)
        connection.settings_dict["NAME"] = name
        _become("app")
    _owner_truncates()
    yield own
    with django_db_blocker.unblock():
        connection.close()
        database.drop(own, name)
        connection.settings_dict["NAME"] = maintenance


@pytest.fixture
def service(db: None) -> Any:
    """VINAC with the volunteering preset, covering Turnhout."""
    from stapsteen.testing.world import make_service

    return make_service("vinac")


@pytest.fixture
def other_service(db: None) -> Any:
    """A second service in its own network: what happens in the first must stay unseen here."""
    from stapsteen.testing.world import make_service

    return make_service("link")


@pytest.fixture
def coach(service: Any) -> Any:
    from stapsteen.testing.world import make_staff

    return make_staff(service, "coach")


@pytest.fixture
def coordinator(service: Any) -> Any:
    from stapsteen.testing.world import make_staff

    return make_staff(service, "coordinator")


@pytest.fixture
def intake(service: Any) -> Any:
    from stapsteen.testing.world import make_staff

    return make_staff(service, "intake")


@pytest.fixture(autouse=True)
def unordered_queries_are_shuffled(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list without an order comes in any order, so that nothing leans on the one it happens to have."""
    from django.db.models import OrderBy
    from django.db.models.functions import Random
    from django.db.models.sql.compiler import SQLCompiler

    original = SQLCompiler.get_order_by

    def get_order_by(self: Any) -> Any:
        found, query = original(self), self.query
        if found or query.combinator or query.distinct or query.group_by is not None or query.subquery:
            return found
        shuffle = OrderBy(Random())
        return [(shuffle, (*self.compile(shuffle), False))]

    monkeypatch.setattr(SQLCompiler, "get_order_by", get_order_by)


@pytest.fixture(autouse=True)
def agreements_are_sent_unprinted(request: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sending an agreement prints it once, to see that it can be printed. The tests of that room do; elsewhere it is only on
    the way to what is tested, and would take longer than the test."""
    if "placements" not in request.path.parts:
        monkeypatch.setattr("stapsteen.placements.actions.render_agreement", lambda *_: b"")


@pytest.fixture(autouse=True)
def dutch_to_begin_with() -> None:
    """A request in another language leaves that language behind in its thread."""
    from django.utils import translation

    translation.activate("nl")
