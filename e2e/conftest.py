"""Journeys in a real browser, against the application on the demo's own data, in a test database.

With `-n 2` one worker looks at every page and the other makes the journeys; the demo is made once, and copied.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from e2e.looking import AXE_OPTIONS
from stapsteen.cli import machine
from stapsteen.testing import database

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser's library keeps a loop running in our thread
SHOTS = Path(__file__).parent / "shots"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
LOGINS = "demo-logins.json"
SIZES = {"phone": {"width": 360, "height": 740}, "desk": {"width": 1280, "height": 900}}


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: Any, log: Any) -> Any:
    from xdist.scheduler import LoadScopeScheduling

    class TwoHalves(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "pages" if "test_every_page" in nodeid else "journeys"

    return TwoHalves(config, log)


@pytest.fixture(scope="session")
def demo(request: Any, data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The demo's five services in our test database: made by the first worker, copied by the next."""
    from django.conf import settings
    from django.db import connection, connections

    owner, blocker = request.getfixturevalue("django_db_setup"), request.getfixturevalue("django_db_blocker")
    settings.DEMO, settings.DATA_DIR = True, data_folder
    mine = connection.settings_dict["NAME"]
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    kept, logins = shared / "demo-database", data_folder / LOGINS
    with blocker.unblock(), database.one_at_a_time(shared / "demo.lock"):
        if first := not kept.exists():
            fill_demo(mine, data_folder)
            connections.close_all()
            with database.connect({**owner, "NAME": mine}) as server:
                server.execute("ANALYZE")  # nobody else does in a server for tests
            database.copy(owner, mine, f"{mine}_demo")
            shutil.copy(logins, shared)
            kept.write_text(f"{mine}_demo")
        else:
            connections.close_all()
            database.copy(owner, kept.read_text(), mine)
            shutil.copy(shared / LOGINS, logins)
    yield
    with database.one_at_a_time(shared / "demo.lock"):
        if first:
            kept.unlink()
            database.drop(owner, f"{mine}_demo")


def fill_demo(name: str, data_folder: Path) -> None:
    """In a process of its own, which forks; ours holds a browser."""
    from django.conf import settings
    from django.db import connections

    known = connections["default"].settings_dict
    ours = {
        "DATABASE_URL": f"postgresql://{known['USER']}@/{name}?host={known['HOST']}",
        "STAPSTEEN_DATA_DIR": str(data_folder),
    }
    command = [sys.executable, str(settings.ROOT / "manage.py"), "seed_demo"]
    subprocess.run(command, env={**os.environ, **ours}, check=True)


@pytest.fixture(scope="session")
def site(request: Any) -> Iterator[str]:
    """The demo, served from a thread; gives the address."""
    if running := os.environ.get("STAPSTEEN_E2E_URL"):  # a demo that runs already, while writing a journey
        yield running
        return
    from django.conf import settings
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.db import connections
    from django.test.testcases import LiveServerThread

    request.getfixturevalue("demo")
    django_db_blocker = request.getfixturevalue("django_db_blocker")
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    django_db_blocker.unblock()
    thread = LiveServerThread("localhost", StaticFilesHandler, connections_override={})
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    settings.BASE_URL = f"http://localhost:{thread.port}"
    yield settings.BASE_URL
    thread.terminate()
    connections.close_all()
    django_db_blocker.restore()


def chromium_path() -> str:
    path = os.environ.get("STAPSTEEN_CHROMIUM") or machine.chromium() or ""
    assert Path(path).is_file(), "No Chromium: run ./stapsteen e2e, which installs it."
    return path


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=sorted(SIZES))
def size(request: Any) -> str:
    return str(request.param)


@pytest.fixture
def open_page(chromium: Any, site: str) -> Iterator[Any]:
    """Makes a fresh browser window of a size; every error in the console or failed request fails the test."""
    opened: list[Any] = []
    faults: list[str] = []

    def make(size: str = "desk", **more: Any) -> Any:
        context = chromium.new_context(viewport=SIZES[size], base_url=site, locale="nl-BE", **more)
        page = context.new_page()
        page.on(
            "console",
            lambda message: message.type == "error" and faults.append(f"{page.url}: {message.text}"),
        )
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        opened.append(context)
        return page

    make.faults = faults  # type: ignore[attr-defined]
    yield make
    for context in opened:
        context.close()
    assert [fault for fault in faults if "status of 4" not in fault] == []


def log_in(page: Any, user: str, password: str) -> None:
    page.goto("/aanmelden/login/")
    page.fill("input[name=login]", user)
    page.fill("input[name=password]", password)
    page.click("main button[type=submit]")


def shoot(page: Any, name: str) -> None:
    """A screenshot to look at, when asked for with STAPSTEEN_SHOTS=1 (e2e/shots, not kept in the repository)."""
    if not os.environ.get("STAPSTEEN_SHOTS"):
        return
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


def axe_faults(page: Any) -> list[str]:
    """Every violation that axe finds in a page as a journey left it, as 'rule: where'."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options=AXE_OPTIONS).response["violations"]
    return [f"{page.url} {fault['id']}: {node['html'][:160]}" for fault in found for node in fault["nodes"]]


def html_faults(folder: Path) -> list[str]:
    """Every error that the HTML validator (vnu) finds in the pages of a folder, all in one run."""
    jar = os.environ.get("STAPSTEEN_VNU_JAR", "")
    assert Path(jar).is_file(), "No vnu.jar: run ./stapsteen e2e, which fetches it."
    done = subprocess.run(
        [
            "java",
            "-XX:+UseSerialGC",
            "-jar",
            jar,
            "--errors-only",
            "--format",
            "gnu",
            *sorted(map(str, folder.glob("*.html"))),
        ],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return [
        line.replace(f'"file:{folder}/', '"')
        for line in (done.stderr + done.stdout).splitlines()
        if line.strip()
    ]
