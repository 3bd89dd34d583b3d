"""Leaves in a browser: axe, sideways scroll (also at 320 px and with text at 200 %), messages in the console.

What takes long isn't done where its answer is known: the contrast of a text painted as one that was contrasting enough, and
the room around a target that is large by itself.
"""

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
HEIGHT = 800
OF_WORDS = [
    "aria-command-name", "aria-dialog-name", "aria-input-field-name", "aria-meter-name", "aria-progressbar-name",
    "aria-toggle-field-name", "aria-tooltip-name", "aria-treeitem-name", "button-name", "document-title",
    "empty-heading", "empty-table-header", "form-field-multiple-labels", "frame-title", "html-has-lang",
    "html-lang-valid", "image-alt", "image-redundant-alt", "input-button-name", "input-image-alt", "label",
    "label-title-only", "landmark-unique", "link-name", "object-alt", "role-img-alt", "select-name", "summary-name",
    "svg-img-alt", "table-duplicate-name", "target-size", "valid-lang",
]  # fmt: skip
"""The rules of axe about names, labels, languages, and the room that words take."""
BARE = b"<!doctype html><html lang=nl><head><link rel=icon href='data:,'><title>-</title></head><body></body></html>"
STILL = BARE.replace(b"</body>", b"<iframe src=/bare style='border: 0; height: 800px'></iframe></body>")
WIDTHS = {"nl": (PHONE, NARROW, DESK), "fr": (PHONE, NARROW), "en": (DESK,)}
LOOK = "asked => lookAt(asked)"
SHOWN = "() => document.documentElement.outerHTML"
TOOLS = """
const STYLES = 'link[rel=stylesheet], style';
const styles = head => [...head.querySelectorAll(STYLES)].map(one => one.outerHTML).join();

// Puts a page in the place of another. Its scripts don't start; what is only for a browser without them stays out.
const put = async html => {
    const made = new DOMParser().parseFromString(html, 'text/html'), root = document.documentElement;
    made.querySelectorAll('noscript').forEach(one => one.remove());
    const same = styles(made.head) === styles(document.head);
    for (const one of [...document.head.children]) if (!same || !one.matches(STYLES)) one.remove();
    const come = [...made.head.children].filter(one => !same || !one.matches(STYLES));
    const arrived = one => new Promise((done, failed) => { one.onload = done; one.onerror = failed; });
    const sheets = come.filter(one => one.matches('link[rel=stylesheet]')).map(arrived);
    document.head.append(...come);
    for (const name of root.getAttributeNames()) root.removeAttribute(name);
    for (const one of made.documentElement.attributes) root.setAttribute(one.name, one.value);
    document.body.replaceWith(made.body);
    await Promise.all(sheets);
    const late = [...document.images].filter(one => !one.complete && one.loading !== 'lazy');
    await Promise.all(late.map(one => new Promise(done => { one.onload = one.onerror = done; })));
    if (!same) await document.fonts.ready;
};

const sideways = (width, how) => {
    if (document.documentElement.scrollWidth <= width) return [];
    const last = [...document.body.querySelectorAll('*')].filter(one => one.checkVisibility()
        && one.getBoundingClientRect().right > width + 0.1).map(one => one.outerHTML.slice(0, 160)).pop();
    return [`${how}, sideways: ${last || 'a text'}`];
};

// As wide as a window would be; then all of it, fonts too, stands as it does there.
const widen = async width => {
    frameElement.style.width = `${width}px`;
    if (innerWidth !== width || document.body.offsetWidth < 0) throw new Error(`${innerWidth} px in place of ${width}`);
    if (document.fonts.status === 'loading') await document.fonts.ready;
};

// The contrast of a text follows from what it and all around it are painted with. Where all of that is as it was with a text
// whose contrast was enough, it is enough; not so where something else than what is around it lies behind it.
const PAINT = ['color', 'background-color', 'background-image', 'opacity', 'font-size', 'font-weight', 'text-shadow',
    'filter', 'mix-blend-mode', 'visibility', 'background-clip', '-webkit-text-stroke', '-webkit-text-fill-color'];
const CLEAR = 'rgba(0, 0, 0, 0)', known = new Map(), enough = new Set();
let kinds = new WeakMap(), painted = null, targets = null;
const anew = () => { kinds = new WeakMap(); painted = targets = null; };

const kindOf = one => {
    if (!one) return 0;
    if (!kinds.has(one)) {
        const style = getComputedStyle(one), paint = PAINT.map(name => style.getPropertyValue(name)).join();
        const text = [kindOf(one.parentElement), one.tagName, one.className, one.style.cssText, paint].join('|');
        if (!known.has(text)) known.set(text, known.size + 1);
        kinds.set(one, known.get(text));
    }
    return kinds.get(one);
};
const isPainted = one => {
    const style = getComputedStyle(one);
    return style.backgroundColor !== CLEAR || style.backgroundImage !== 'none' || one.matches('img, svg, canvas, video');
};
const within = (inner, outer) => inner.left >= outer.left - 1 && inner.right <= outer.right + 1
    && inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
const meet = (one, two) => one.left < two.right && two.left < one.right && one.top < two.bottom && two.top < one.bottom;

const standsAlone = one => {
    painted ||= [...document.body.querySelectorAll('*')].filter(isPainted).map(it => [it, it.getBoundingClientRect()]);
    const range = document.createRange();
    range.selectNodeContents(one);
    const box = (one.matches('input, select, textarea') ? one : range).getBoundingClientRect();
    return painted.every(([it, its]) => it.contains(one) ? within(box, its) : one.contains(it) || !meet(box, its));
};

const onlyNewContrast = check => {
    const evaluate = check.evaluate;
    check.evaluate = function (node, ...more) {
        const kind = standsAlone(node) && kindOf(node);
        if (kind && enough.has(kind)) return true;
        let ratio;
        const told = Object.create(this, { data: { value: given => { ratio = given.contrastRatio; this.data(given); } } });
        const is = evaluate.call(told, node, ...more);
        if (is === true && kind && ratio) enough.add(kind);
        return is;
    };
};
onlyNewContrast(axe._audit.checks['color-contrast']);

// A target of 24 px or more that no other target touches is large enough, whatever else axe would look at.
const TARGETS = 'a, area, button, input, select, textarea, summary, details, label, audio, video, iframe, [role],'
    + '[contenteditable], [tabindex]:not([tabindex="-1"])';
const isLarge = one => {
    const box = one.getBoundingClientRect();
    if (box.width < 24 || box.height < 24) return false;
    targets ||= [...document.querySelectorAll(TARGETS)].map(it => [it, it.getBoundingClientRect()]);
    return targets.every(([it, its]) => it === one || !meet(box, its));
};
const onlyOthers = (check, isFine) => {
    const evaluate = check.evaluate;
    check.evaluate = function (node, ...more) { return isFine(node) || evaluate.call(this, node, ...more); };
};
for (const name of ['target-size', 'target-offset']) onlyOthers(axe._audit.checks[name], isLarge);

const look = async ({ width, axe_options, whole, large }, language) => {
    await widen(width);
    const root = document.documentElement, part = whole ? document : document.querySelector('main') || document;
    anew();
    const faults = axe_options ? (await axe.run(part, axe_options)).violations : [], at = `${language} ${width}`;
    const found = faults.flatMap(fault => fault.nodes.map(node => `${at}: ${fault.id}: ${node.html.slice(0, 160)}`));
    found.push(...sideways(width, at));
    if (large) {
        root.style.fontSize = '200%';
        found.push(...sideways(width, `${at}, text 200 %`));
        root.style.fontSize = '';
    }
    return found;
};

const lookAt = async ({ html, language, looks }) => {
    frameElement.style.width = `${looks[0].width}px`;
    await put(html);
    const found = [];
    for (const one of looks) found.push(...await look(one, language));
    return found;
};
"""


@dataclass(frozen=True)
class Job:
    """One leaf: what to call it, its HTML in Dutch and perhaps in French and English, its headers.

    `whole`: the first leaf of its page. `frame`: the first of its layout. `desk`: also at 1280 px.
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
        self._server = Leaves(self.jobs, self.extra)
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
        said: list[str] = []

        def hear(message: Any) -> None:
            if message.type == "error":
                said.append(message.text)

        with sync_playwright() as playwright:
            window = playwright.chromium.launch(executable_path=self._chromium, args=self._flags)
            address = f"http://localhost:{self._server.server_port}"
            context = window.new_context(base_url=address, locale="nl-BE", reduced_motion="reduce")
            frame = still(context)
            live = context.new_page()
            live.set_viewport_size({"width": PHONE, "height": HEIGHT})
            for page in (live, frame.page):
                page.on("console", hear)
                page.on("pageerror", lambda error: said.append(str(error)))
            while (number := self._waiting.get()) is not None:
                job = self.jobs[number]
                said.clear()
                live.goto(f"/leaf/{number}")
                html = {name: text.decode() for name, text in job.html.items()}
                found = list(self._one(frame, job, {**html, "nl": live.evaluate(SHOWN)}))
                faults += [" ".join(f"{job.title} {fault}".split()) for fault in [*found, *said]]
            window.close()
        return faults

    def _one(self, frame: Any, job: Job, html: dict[str, str]) -> Iterator[str]:
        """Dutch as it stands after its scripts; the other languages as they came."""
        for language, text in html.items():
            looks = [
                {
                    "width": width,
                    "large": width == PHONE,
                    "whole": job.frame or (job.whole and (language, width) == ("nl", PHONE)),
                    "axe_options": axe_options(job, language, width),
                }
                for width in WIDTHS[language]
                if job.desk or width != DESK
            ]
            yield from self._see(frame, job, {"html": text, "language": language, "looks": looks})

    def _see(self, frame: Any, job: Job, asked: dict[str, Any]) -> Iterator[str]:
        if not self._shots:
            yield from frame.evaluate(LOOK, asked)
            return
        for one in asked["looks"]:
            yield from frame.evaluate(LOOK, {**asked, "looks": [one]})
            name = re.sub(r"[^\w.-]+", "-", f"{job.title}-{asked['language']}-{one['width']}")
            frame.evaluate("frameElement.style.height = `${document.documentElement.scrollHeight}px`")
            frame.frame_element().screenshot(path=self._shots / f"{name}.png")
            frame.evaluate("height => { frameElement.style.height = height; }", f"{HEIGHT}px")


def still(context: Any) -> Any:
    """A frame that never leaves its page, so that axe is loaded and warm. To what stands in it, it is the window: it is made
    as wide as the window would be, without taking the page out."""
    page = context.new_page()
    page.set_viewport_size({"width": 10, "height": 10})  # what is outside needn't be painted
    page.goto("/still")
    frame = page.frames[1]
    frame.add_script_tag(path=str(files("axe_playwright_python") / "axe.min.js"))
    frame.add_script_tag(content=TOOLS)
    return frame


def axe_options(job: Job, language: str, width: int) -> dict[str, Any] | None:
    """All rules in Dutch on the phone, and on the desk: in English when there is, of a frame in both. French: those of words.
    Contrast has no language: on the phone of every leaf, on the desk of the first of a page."""
    other = width == DESK and language == "nl" and "en" in job.html and not job.frame
    if width == NARROW or other:
        return None
    if language == "fr" and not job.frame:
        return {**AXE_OPTIONS, "runOnly": {"type": "rule", "values": OF_WORDS}}
    contrast = job.whole if width == DESK else language == "nl"
    return {**AXE_OPTIONS, "rules": {"color-contrast": {"enabled": contrast}}}


class Leaves(ThreadingHTTPServer):
    """A small server of the leaves, their extra files, and what is static (the browser keeps that)."""

    daemon_threads = True

    def __init__(self, jobs: list[Job], extra: dict[str, tuple[bytes, str]]) -> None:
        super().__init__(("localhost", 0), Handler)
        self.jobs, self.extra = jobs, extra
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    server: Leaves
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        if path in {"/still", "/bare"}:
            self._send(STILL if path == "/still" else BARE, "text/html; charset=utf-8")
        elif path.startswith("/leaf/"):
            job = self.server.jobs[int(path.removeprefix("/leaf/"))]
            self._send(job.html["nl"], "text/html; charset=utf-8", **job.headers)
        elif self.path in self.server.extra:
            self._send(*self.server.extra[self.path])
        elif path.startswith("/static/"):
            self._static(path.removeprefix("/static/"))
        elif "HX-Request" in self.headers:
            self.send_error(204)  # what a page asks for again while something runs
        else:
            self._send(b"{}", "application/json")

    def _static(self, name: str) -> None:
        if found := finders.find(name):
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
