"""What a Word file's styles say of a paragraph or a run: a heading, hidden, contents."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.etree import _Element

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"(?:heading ([1-9])|(?:sub)?title)\b", re.I)
_CONTENTS = re.compile(r"(?:toc (?:\d|heading)|table of figures)\b", re.I)
_DEEPEST = 20  # styles on styles
_TINY = 4  # half points; nobody is to read that
_OFF = ("0", "false", "off", "none")


@dataclass(frozen=True, slots=True)
class Style:
    """`level` 0 where it is no heading; `contents` where it is a line of a table of contents."""

    level: int = 0
    hidden: bool = False
    contents: bool = False


class Styles:
    def __init__(self, styles: _Element) -> None:
        self._elements = {attribute(one, "styleId"): one for one in styles.iter(f"{WORD}style")}
        self._known: dict[str, Style] = {}

    def of(self, paragraph: _Element) -> Style:
        properties = paragraph.find(f"{WORD}pPr")
        if properties is None:
            return Style()
        named = properties.find(f"{WORD}pStyle")
        style = self._named(attribute(named, "val")) if named is not None else Style()
        level = properties.find(f"{WORD}outlineLvl")
        return style if level is None else Style(_level(level), style.hidden, style.contents)

    def hides(self, run: _Element) -> bool:
        properties = run.find(f"{WORD}rPr")
        if properties is None:
            return False
        named = properties.find(f"{WORD}rStyle")
        return _hidden(properties) or (
            named is not None and self._named(attribute(named, "val")).hidden
        )

    def _named(self, style_id: str) -> Style:
        if style_id not in self._known:
            self._known[style_id] = self._read(style_id, _DEEPEST)
        return self._known[style_id]

    def _read(self, style_id: str, depth: int) -> Style:
        element = self._elements.get(style_id)
        if element is None or not depth:
            return Style()
        based = element.find(f"{WORD}basedOn")
        below = Style() if based is None else self._read(attribute(based, "val"), depth - 1)
        name = element.find(f"{WORD}name")
        called = attribute(name, "val") if name is not None else style_id
        heading = _HEADING.match(called)
        level = element.find(f"{WORD}pPr/{WORD}outlineLvl")
        own = (
            int(heading[1] or 1) if heading else _level(level) if level is not None else below.level
        )
        properties = element.find(f"{WORD}rPr")
        hidden = below.hidden or (properties is not None and _hidden(properties))
        return Style(own, hidden, below.contents or bool(_CONTENTS.match(called)))


def attribute(element: _Element, name: str) -> str:
    return str(element.get(f"{WORD}{name}", ""))


def _level(element: _Element) -> int:
    """Word counts from 0, and 9 is the body of the text."""
    value = attribute(element, "val")
    return int(value) + 1 if value.isdigit() and int(value) < 9 else 0


def _hidden(properties: _Element) -> bool:
    vanish = properties.find(f"{WORD}vanish")
    if vanish is not None and attribute(vanish, "val") not in _OFF:
        return True
    size = properties.find(f"{WORD}sz")
    return size is not None and attribute(size, "val") in map(str, range(_TINY + 1))
