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

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png",
         ".woff2": "font/woff2"}  # fmt: skip
PHONE, DESK, NARROW = 360, 1280, 320
AXE = """async asked => (await axe.run(
        asked.whole ? document : document.querySelector('main') || document, asked.run)).violations.flatMap(
    fault => fault.nodes.map(node => fault.id + ': ' + node.html.slice(0, 160)))"""
TOO_WIDE = """width => document.documentElement.scrollWidth <= width ? [] : [
    [...document.body.querySelectorAll('*')].filter(one => one.checkVisibility()
        && one.getBoundingClientRect().right > width + 0.1).map(one => one.outerHTML.slice(0, 160)).pop() || 'a text']"""
LARGE_TEXT = "size => { document.documentElement.style.fontSize = size; }"


@dataclass(frozen=True)
class Job:
    """One leaf in one language: what to call it, its bytes and headers; at which widths, with contrast or without.

    `whole`: the frame around the page too; else only what stands in main.
    """

    title: str
    html: bytes
    headers: dict[str, str]
    widths: tuple[int, ...]
    contrast: bool
    whole: bool


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
                faults += [" ".join(f"{job.title}, {fault}".split()) for fault in [*found, *said]]
            window.close()
        return faults

    def _one(self, page: Any, path: str, job: Job) -> Iterator[str]:
        """Phone first, then text at 200 % and the narrowest width, then the desk."""
        for width in job.widths:
            page.set_viewport_size({"width": width, "height": 800})
            if width == job.widths[0]:
                page.goto(path)
            yield from (f"{width}: {fault}" for fault in page.evaluate(AXE, axe_options(job)))
            yield from (f"{width}, sideways: {fault}" for fault in page.evaluate(TOO_WIDE, width))
            if self._shots:
                name = re.sub(r"[^\w.-]+", "-", f"{job.title}-{width}")
                page.screenshot(path=self._shots / f"{name}.png", full_page=True)
            if width == PHONE:
                page.evaluate(LARGE_TEXT, "200%")
                yield from (
                    f"{width}, text 200 %, sideways: {fault}" for fault in page.evaluate(TOO_WIDE, width)
                )
                page.evaluate(LARGE_TEXT, "")
                page.set_viewport_size({"width": NARROW, "height": 800})
                yield from (f"{NARROW}, sideways: {fault}" for fault in page.evaluate(TOO_WIDE, NARROW))


def axe_options(job: Job) -> dict[str, Any]:
    """What AXE reads: where to look, and how."""
    run: dict[str, Any] = {
        "runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"], "preload": False, "iframes": False,
    }  # fmt: skip
    if not job.contrast:
        run["rules"] = {"color-contrast": {"enabled": False}}
    return {"whole": job.whole, "run": run}


def serve(jobs: list[Job], extra: dict[str, tuple[bytes, str]]) -> ThreadingHTTPServer:
    """A small server of the leaves, their extra files, and what is static (the browser keeps that)."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            if path.startswith("/leaf/"):
                job = jobs[int(path.removeprefix("/leaf/"))]
                self._send(job.html, "text/html; charset=utf-8", **job.headers)
            elif self.path in extra:
                self._send(*extra[self.path])
            elif path.startswith("/static/") and (found := finders.find(path.removeprefix("/static/"))):
                kind = TYPES.get(Path(found).suffix, "application/octet-stream")
                self._send(Path(found).read_bytes(), kind, **{"Cache-Control": "max-age=600"})
            else:
                self.send_error(404)

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
