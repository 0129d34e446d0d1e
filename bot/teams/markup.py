"""A Teams message's HTML as the text an officer reads."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(
    {"blockquote", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "ol", "p", "pre", "table", "tr"}
    | {"dl", "dt", "dd", "ul"}
)
_UNREAD = frozenset({"head", "noscript", "script", "style", "template", "title"})
_PICTURES = frozenset({"emoji", "img"})
_SPACE = re.compile(r"\s+")


def plain(html: str) -> str:
    """The words, a line for each block and item. Whatever is no HTML is read as words."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = [_SPACE.sub(" ", line).strip() for line in "".join(reader.written).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.written: list[str] = []
        self._unread = self._kept = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNREAD:
            self._unread += 1
        elif tag == "li":
            self._write("\n- ")
        elif tag == "br" or tag in _BLOCKS:
            self._write("\n")
        elif tag in _PICTURES:
            self._write(dict(attrs).get("alt") or "")
        if tag == "pre":
            self._kept += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNREAD:
            self._unread = max(0, self._unread - 1)
        elif tag in _BLOCKS:
            self._write("\n")
        elif tag in ("td", "th"):
            self._write(" ")
        if tag == "pre":
            self._kept = max(0, self._kept - 1)

    def handle_data(self, data: str) -> None:
        self._write(data if self._kept else _SPACE.sub(" ", data))

    def _write(self, text: str) -> None:
        if not self._unread:
            self.written.append(text)
