"""On which line of a TOML text each key stands. `tomllib` tells values only; an error message needs the line too.

The scanner runs after `tomllib` accepted the text, so it may assume that the syntax is right.
"""

from __future__ import annotations

import re

Path = tuple[str | int, ...]

_KEY = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*""")
_SPACE = re.compile(r"(?:\s|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|' + r"'''.*?'{3,5}|" + r'"(?:[^"\\\n]|\\.)*"|' + r"'[^'\n]*'", re.DOTALL
)
_BARE = re.compile(r"[^,\]}\n#]+")


def key_lines(text: str) -> dict[Path, int]:
    """Path of every table, key and array item to its line (from 1). Items of arrays of tables carry their index."""
    return _Scanner(text).run()


def line_of(lines: dict[Path, int], path: Path) -> int:
    """Line of `path`, or of its nearest parent that stands in the text; 1 when none does."""
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return 1


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[Path, int] = {}
        self.arrays: dict[Path, int] = {}

    def run(self) -> dict[Path, int]:
        table: Path = ()
        while self._skip_space():
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
        return self.found

    def _skip_space(self) -> bool:
        """Past blanks, newlines and comments; False at the end of the text."""
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.at < len(self.text)

    def _line(self) -> int:
        return self.text.count("\n", 0, self.at) + 1

    def _dotted(self) -> list[str]:
        """A key such as `explain.met.nl`, as its parts."""
        parts: list[str] = []
        while match := _KEY.match(self.text, self.at):
            parts.append(next(group for group in match.groups() if group is not None))
            self.at = match.end()
            if self.text[self.at] != ".":
                return parts
            self.at += 1
        raise ValueError(f"no key at line {self._line()}")

    def _header(self) -> Path:
        """`[a.b]` or `[[a.b]]`; parts that are arrays of tables get the index of their last item."""
        line, double = self._line(), self.text.startswith("[[", self.at)
        self.at += 2 if double else 1
        parts = self._dotted()
        self.at += 2 if double else 1
        path: Path = ()
        for number, part in enumerate(parts, 1):
            path = (*path, part)
            self.found.setdefault(path, line)
            if double and number == len(parts):
                self.arrays[path] = self.arrays.get(path, -1) + 1
            if path in self.arrays:
                path = (*path, self.arrays[path])
                self.found.setdefault(path, line)
        return path

    def _pair(self, table: Path) -> None:
        """`key = value`, with every part of a dotted key."""
        line = self._line()
        path = table
        for part in self._dotted():
            path = (*path, part)
            self.found.setdefault(path, line)
        self.at += 1  # the equals sign
        self._skip_space()
        self._value(path)

    def _value(self, path: Path) -> None:
        if self.text[self.at] == "[":
            self._array(path)
        elif self.text[self.at] == "{":
            self._inline_table(path)
        else:
            match = _STRING.match(self.text, self.at) or _BARE.match(self.text, self.at)
            self.at = match.end() if match else self.at + 1

    def _array(self, path: Path) -> None:
        self.at += 1
        index = 0
        while self._skip_space() and self.text[self.at] != "]":
            if self.text[self.at] == ",":
                self.at += 1
                continue
            self.found[(*path, index)] = self._line()
            self._value((*path, index))
            index += 1
        self.at += 1

    def _inline_table(self, path: Path) -> None:
        self.at += 1
        while self._skip_space() and self.text[self.at] != "}":
            if self.text[self.at] == ",":
                self.at += 1
                continue
            self._pair(path)
        self.at += 1
