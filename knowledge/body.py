"""The body of a text: sections under `##`, and the few Markdown constructs we keep to."""

import re
import unicodedata

from knowledge.fault import Fault
from knowledge.library import Section

_HEADING = re.compile(r"(#+)(\s*)(.*?)\s*")
_LINK = re.compile(r"(?<!!)\[[^\]\[]+\]\(https?://[^\s()]+\)")
_BOLD = re.compile(r"\*\*[^\s*](?:[^*]*[^\s*])?\*\*")
_MARK = re.compile(r"[*`\[\]<>#]")
_KEEP = "keep to paragraphs, `- ` lists, **bold** and links"

# Each construct we do not keep to, by how its line looks.
_CONSTRUCTS = (
    (re.compile(r"\s*(```|~~~)"), "a code block"),
    (re.compile(r"\s*>"), "a block quote"),
    (re.compile(r"\s*\|"), "a table"),
    (re.compile(r"\s*([-*_=])(\s*\1){2,}\s*$|=+\s*$"), "a rule or an underlined heading"),
    (re.compile(r"\s*[*+]\s"), "a list with another mark than `- `"),
    (re.compile(r"\s*\d{1,3}[.)]\s"), "a numbered list"),
    (re.compile(r"\s+- "), "a list inside a list"),
    (re.compile(r"-(\s*$|\S|\s{2,})"), "a list item that does not begin with `- ` and a text"),
    (re.compile(r"\s*\[[^\]]+\]:\s"), "a link by reference"),
    (re.compile(r".*!\["), "an image"),
    (re.compile(r".*(</?[A-Za-z!]|&#?\w+;)"), "HTML"),
    (re.compile(r".*`"), "code"),
    (
        re.compile(r".*(\*|~~|(?<!\w)_\w|\w_(?!\w))"),
        "emphasis that is not **bold**, or bold left open",
    ),
    (re.compile(r".*[\[\]]"), "a link without a text and an address"),
    (re.compile(r"\s+#| {4}|\t"), "a line set in"),
)


def read_body(
    file: str, lines: list[str], first_line: int
) -> tuple[tuple[Section, ...], list[Fault]]:
    """The sections of `lines`, whose first one stands at `first_line` of the file."""
    reading = _Reading(file)
    for number, line in enumerate(lines, first_line):
        reading.take(number, line)
    return reading.finish(first_line), reading.faults


def find_odd_characters(file: str, lines: list[str]) -> list[Fault]:
    """Characters that no reader sees but that change how a line is read."""
    cure = "take it out, or write a space"
    return [
        Fault(file, number, f"a hidden character (U+{ord(mark):04X})", cure)
        for number, line in enumerate(lines, 1)
        for mark in line
        if unicodedata.category(mark) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")
    ]


class _Reading:
    """Takes a body line by line; sections in hand, faults on the way."""

    def __init__(self, file: str) -> None:
        self.faults: list[Fault] = []
        self._file = file
        self._sections: list[tuple[str, int, list[str]]] = []

    def take(self, number: int, line: str) -> None:
        heading = _HEADING.fullmatch(line)
        if heading:
            self._check_heading(number, heading[1], heading[2], heading[3])
            self._sections.append((heading[3], number, []))
            return
        if self._sections:
            self._sections[-1][2].append(line)
        elif line.strip():
            self._add(number, "text before the first heading", "put a `## ` heading above it")
        self._check_marks(number, line)

    def finish(self, first_line: int) -> tuple[Section, ...]:
        if not self._sections:
            cure = "write `## ` and a heading, and a text below"
            self._add(first_line, "no section", cure)
        made = []
        for heading, line, lines in self._sections:
            body = "\n".join(lines).strip("\n")
            if not body.strip():
                self._add(line, f"section '{heading}' is empty", "write its text or take it out")
            made.append(Section(heading, body, line))
        return tuple(made)

    def _check_heading(self, number: int, marks: str, space: str, heading: str) -> None:
        if marks != "##" or space != " ":
            self._add(number, f"a heading marked '{marks}{space}'", "mark every heading with `## `")
        if not heading:
            self._add(number, "a heading without words", "write the heading behind `## `")
        elif _MARK.search(heading):
            self._add(number, "a heading with marks in it", "write the heading in plain words")
        if heading in (name for name, _, _ in self._sections):
            self._add(number, f"heading '{heading}' stands twice", "give each section its own")

    def _check_marks(self, number: int, line: str) -> None:
        left = _BOLD.sub("b", _LINK.sub("l", line))
        for pattern, name in _CONSTRUCTS:
            if pattern.match(left if line.strip() else ""):
                self._add(number, name, _KEEP)
                return

    def _add(self, line: int, problem: str, cure: str) -> None:
        self.faults.append(Fault(self._file, line, problem, cure))
