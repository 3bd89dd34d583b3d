"""Leaves in a browser: axe, sideways scroll (also at 320 px and with text at 200 %), messages in the console."""

from __future__ import annotations

import queue
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE_OPTIONS = {
    "runOnly": {"type": "tag", "values": TAGS},
    "resultTypes": ["violations"],
    "preload": False,
    "iframes": False,
}
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png",
         ".woff2": "font/woff2"}  # fmt: skip
PHONE, DESK, NARROW = 360, 1280, 320
AXE = """async asked => (await axe.run(
        asked.whole ? document : document.querySelector('main') || document, asked.run)).violations.flatMap(
    fault => fault.nodes.map(node => fault.id + ': ' + node.html.slice(0, 160)))"""
TOO_WIDE = """width => document.documentElement.scrollWidth <= width ? [] : [
    [...document.body.querySelectorAll('*')].filter(one => one.checkVisibility()
        && one.getBoundingClientRect().right > width + 0.1).map(one => one.outerHTML.slice(0, 160)).pop() || 'a text']"""
SWAP = """html => {
    const made = new DOMParser().parseFromString(html, 'text/html');
    document.documentElement.lang = made.documentElement.lang;
    document.title = made.title;
    document.body.replaceWith(made.body);
}"""
LARGE_TEXT = "size => { document.documentElement.style.fontSize = size; }"


@dataclass(frozen=True)
class Job:
    """One leaf: what to call it, its HTML in Dutch and perhaps in French and English, its headers.

    `whole`: on a phone in Dutch the frame around the page too, else only what stands in main. `frame`: the same in every
    language and width. `desk`: also at 1280 px.
    """

    title: str
    html: dict[str, bytes]
    headers: dict[str, str]
    whole: bool
    desk: bool
    frame: bool = False


class Looker:
    """Browsers that look at jobs while more are being made. After `finish` all faults are known: 'leaf, width: what'."""

    def __init__(self, chromium: str, flags: list[str], shots: Path | None, workers: int = 2) -> None:
        self.jobs: list[Job] = []
        self.extra: dict[str, tuple[bytes, str]] = {}
        self._chromium, self._flags, self._shots = chromium, flags, shots
        self._waiting: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        self._server = serve(self.jobs, self.extra)
        self._pool = ThreadPoolExecutor(workers)
        self._work = [self._pool.submit(self._look) for _one in range(workers)]

    def add(self, job: Job) -> None:
        self.jobs.append(job)
        self._waiting.put(len(self.jobs) - 1)

    def finish(self) -> list[str]:
        for _one in self._work:
            self._waiting.put(None)
        found = sorted(fault for one in self._work for fault in one.result())
        self._pool.shutdown()
        self._server.shutdown()
        self._server.server_close()
        return found

    def _look(self) -> list[str]:
        from playwright.sync_api import sync_playwright

        faults: list[str] = []
        with sync_playwright() as playwright:
            window = playwright.chromium.launch(executable_path=self._chromium, args=self._flags)
            address = f"http://localhost:{self._server.server_port}"
            context = window.new_context(base_url=address, locale="nl-BE", reduced_motion="reduce")
            context.add_init_script(path=str(files("axe_playwright_python") / "axe.min.js"))
            page, said = context.new_page(), []
            page.on("console", lambda message: message.type == "error" and said.append(message.text))
            page.on("pageerror", lambda error: said.append(str(error)))
            while (number := self._waiting.get()) is not None:
                job = self.jobs[number]
                said.clear()
                found = list(self._one(page, f"/leaf/{number}", job))
                faults += [" ".join(f"{job.title} {fault}".split()) for fault in [*found, *said]]
            window.close()
        return faults

    def _one(self, page: Any, path: str, job: Job) -> Iterator[str]:
        """Dutch on the phone and the desk; then, in the same window, English on the desk and French on the phone."""
        yield from self._on_phone(page, job, "nl", path)
        if job.desk:
            yield from self._on_desk(page, job, "nl")
        if "en" in job.html:
            page.evaluate(SWAP, job.html["en"].decode())
            yield from self._on_desk(page, job, "en")
        if "fr" in job.html:
            page.evaluate(SWAP, job.html["fr"].decode())
            yield from self._on_phone(page, job, "fr")

    def _on_phone(self, page: Any, job: Job, language: str, path: str = "") -> Iterator[str]:
        """At 360 px, there with text at 200 %, and at 320 px."""
        page.set_viewport_size({"width": PHONE, "height": 800})
        if path:
            page.goto(path)
        yield from self._axe(page, job, language, PHONE, contrast=language == "nl")
        page.evaluate(LARGE_TEXT, "200%")
        yield from too_wide(page, language, PHONE, ", text 200 %")
        page.evaluate(LARGE_TEXT, "")
        page.set_viewport_size({"width": NARROW, "height": 800})
        yield from too_wide(page, language, NARROW)

    def _on_desk(self, page: Any, job: Job, language: str) -> Iterator[str]:
        page.set_viewport_size({"width": DESK, "height": 800})
        yield from self._axe(page, job, language, DESK, contrast=language == "nl" and job.whole)

    def _axe(self, page: Any, job: Job, language: str, width: int, *, contrast: bool) -> Iterator[str]:
        options: dict[str, Any] = {**AXE_OPTIONS, "rules": {"color-contrast": {"enabled": contrast}}}
        whole = job.frame or (job.whole and (language, width) == ("nl", PHONE))
        found = page.evaluate(AXE, {"whole": whole, "run": options})
        yield from (f"{language} {width}: {fault}" for fault in found)
        yield from too_wide(page, language, width)
        if self._shots:
            name = re.sub(r"[^\w.-]+", "-", f"{job.title}-{language}-{width}")
            page.screenshot(path=self._shots / f"{name}.png", full_page=True)


def too_wide(page: Any, language: str, width: int, how: str = "") -> Iterator[str]:
    yield from (f"{language} {width}{how}, sideways: {fault}" for fault in page.evaluate(TOO_WIDE, width))


def serve(jobs: list[Job], extra: dict[str, tuple[bytes, str]]) -> ThreadingHTTPServer:
    """A small server of the leaves, their extra files, and what is static (the browser keeps that)."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            if path.startswith("/leaf/"):
                job = jobs[int(path.removeprefix("/leaf/"))]
                self._send(job.html["nl"], "text/html; charset=utf-8", **job.headers)
            elif self.path in extra:
                self._send(*extra[self.path])
            elif path.startswith("/static/") and (found := finders.find(path.removeprefix("/static/"))):
                kind = TYPES.get(Path(found).suffix, "application/octet-stream")
                self._send(Path(found).read_bytes(), kind, **{"Cache-Control": "max-age=600"})
            elif path.startswith("/static/"):
                self.send_error(404)
            elif "HX-Request" in self.headers:
                self.send_error(204)  # what a page asks for again while something runs
            else:
                self._send(b"{}", "application/json")

        def _send(self, body: bytes, kind: str, **headers: str) -> None:
            self.send_response(200)
            for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("localhost", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
