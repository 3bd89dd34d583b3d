"""What stands on a page, read as a person would: tables by their caption, headings, texts."""

from __future__ import annotations

from html.parser import HTMLParser


class Reader(HTMLParser):
    """Tables as caption -> rows of texts (the last of that name), all their rows, and `text`: all of the page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.rows: list[list[str]] = []
        self.said: list[str] = []
        self._open: list[str] = []
        self._caption = ""
        self._rows: list[list[str]] = []
        self.feed(html)
        self.text = " ".join(" ".join(self.said).split())

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._open.append(tag)
        if tag == "table":
            self._caption, self._rows = "", []
        if tag == "tr":
            self._rows.append([])
        if tag in {"td", "th"}:
            self._rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass
        if tag == "table":
            self.tables[self._caption.strip()] = self._rows
            self.rows += self._rows[1:]

    def handle_data(self, data: str) -> None:
        self.said.append(data)
        if "caption" in self._open:
            self._caption += data
        elif self._rows and self._rows[-1] and {"td", "th"} & set(self._open):
            self._rows[-1][-1] += " ".join(data.split())
