"""Every page of the demo, as a role that may open it: axe, HTML validator, no sideways scroll, no message in the console."""

from __future__ import annotations

import json
from collections import deque
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve

from e2e.conftest import axe_faults, html_faults, log_in, shoot

pytestmark = pytest.mark.browser
ROLES = ["coordinator", "coach", "intake", "anonymous", "desk", "administrator", "policy", "participant", "referrer",
         "expert", "host_contact"]  # fmt: skip
SERVICE = "vinac"
SEEN: set[str] = set()
"""A page that looks the same for the next role is looked at once; what is a role's own home is looked at for each."""
HOMES = {"portals.today", "network.home"}


def login_of(data_folder: Path, role: str, service: str = SERVICE) -> dict[str, str]:
    logins = json.loads((data_folder / "demo-logins.json").read_text())
    return next(login for login in logins if (login["service"], login["role"]) == (service, role))


def page_name(path: str) -> str:
    try:
        return str(resolve(path).view_name)
    except Resolver404:
        return ""


def pages_within_reach(page: Any, start: str) -> dict[str, str]:
    """Follow links from the start; the first address of each page, by its name. Files and logout stay out."""
    found: dict[str, str] = {}
    waiting = deque([start])
    while waiting:
        path = waiting.popleft()
        name = page_name(path.split("?")[0])
        if not name or name in found or name.startswith("account_"):
            continue
        answer = page.request.get(path)
        if "text/html" not in answer.headers.get("content-type", "") or answer.status >= 400:
            assert answer.status < 400, f"{path} gives {answer.status}"
            found[name] = ""
            continue
        found[name] = path
        page.goto(path)
        links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
        waiting.extend(
            parts.path + (f"?{parts.query}" if parts.query else "")
            for parts in map(urlsplit, links)
            if parts.hostname == "localhost" and "/static/" not in parts.path
        )
    return {name: path for name, path in found.items() if path}


@pytest.mark.parametrize("role", ROLES)
def test_every_page_that_a_role_reaches(
    open_page: Any, data_folder: Path, tmp_path: Path, site: str, role: str
) -> None:
    page = open_page("phone")
    start = "/"
    if role != "anonymous":
        login = login_of(data_folder, role)
        if login.get("link"):
            start = urlsplit(login["link"]).path
        else:
            log_in(page, login["user"], login["password"])
            start = urlsplit(page.url).path
    faults: list[str] = []
    found = pages_within_reach(page, start)
    new = {name: path for name, path in found.items() if name not in SEEN or name in HOMES}
    SEEN.update(found)
    for name, path in sorted(new.items()):
        for size, width in (("phone", 360), ("desk", 1280)):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(path)
            faults += axe_faults(page)
            if page.evaluate("document.documentElement.scrollWidth") > width:
                faults.append(f"{path} scrolls sideways at {width}")
            shoot(page, f"{role}-{name}-{size}")
        (tmp_path / f"{name}.html").write_text(page.request.get(path).text())
    assert faults + html_faults(tmp_path) == []
