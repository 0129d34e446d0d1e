"""Forms in the terminal, filled in line by line."""

from __future__ import annotations

import os
import re
import shutil
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TextIO

from bot.attached import MOST_BYTES, TOO_LARGE, Attached
from bot.conversation import Citation, Field, Form
from bot.days import HOW_TO_WRITE, HOW_TO_WRITE_A_TIME, day_written, time_written
from bot.showing import ALSO, clean, stands

FORM_PROMPT = "form> "
HOW_TO_FILL = (
    'An empty line keeps what is in brackets, "-" clears it, ".." or Ctrl+D leaves the form.'
)
HOW_TO_WRITE_IT = {
    "choices": "Numbers, separated by spaces or commas.",
    "date": "A day, such as 24 December 2026.",
    "time": "A time, such as 9:30 or 5 pm.",
    "file": "The path of a file on this computer.",
}
NEITHER = {
    "date": f"That is not a date. {HOW_TO_WRITE}",
    "time": f"That is not a time of day. {HOW_TO_WRITE_A_TIME}",
}
LINE = 80  # characters shown of what a field holds, and that buttons may take side by side
LONGEST_LINE = 100  # characters that are still read with ease, where a window is wider
_HUNG = re.compile(r" *(?:(?:- |\[\d+\] |m?\d+ ) *)?")  # what a line's further lines stand in from

NO_FILE = "There is no file that can be read at that path."

NextLine = Callable[[str], str]
"""Reads a line after showing a prompt. Raises EOFError where there are no more."""


def without_halves(text: str) -> str:
    """The text with each half of a character, which nothing can write out again, marked as such."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def columns(out: TextIO) -> int:
    """How many characters go in a line of the window that is written to; 0 where it is none."""
    return min(shutil.get_terminal_size().columns, LONGEST_LINE) if out.isatty() else 0


def told(text: str, out: TextIO) -> None:
    """Write a text at once; in a window, its lines broken between words. Addresses stay whole."""
    if width := columns(out):
        text = "\n".join(_broken(line, width) for line in text.split("\n"))
    print(text, file=out, flush=True)


def _broken(line: str, width: int) -> str:
    if " " not in line.strip():
        return line
    hung = _HUNG.match(line)
    apart = textwrap.wrap(
        line,
        width,
        subsequent_indent=" " * (hung.end() if hung else 0),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(apart)


def sourced(text: str, citations: tuple[Citation, ...]) -> str:
    """A text with its sources under it, without what would tell the terminal what to do."""
    sources = "\n".join(_source(citation) for citation in citations)
    return clean(f"{text}\n\nSources\n{sources}" if sources else text)


def _source(citation: Citation) -> str:
    said = (*citation.councils[:3], citation.year, *stands(citation))
    about = ", ".join(str(part) for part in said if part)
    link = f"\n    {citation.url}" if citation.url else ""
    link += "".join(f"\n    {ALSO} {title} {url}".rstrip() for title, url in citation.also)
    return f"[{citation.number}] {citation.title}{f' ({about})' if about else ''}{link}"


class Left(Exception):
    """The person left the form."""


@dataclass(frozen=True, slots=True)
class Paper:
    """Has forms filled in, a line for each field. `today` is for a day written without a year."""

    next_line: NextLine
    out: TextIO
    today: Callable[[], date]

    def fill(self, form: Form, before: Mapping[str, str]) -> dict[str, str]:
        """A value for each field; a faulty form's are asked again only where they are faulty.
        Before are the values that were sent when it came back. Raises Left."""
        held = {field.id: field.value or before.get(field.id, "") for field in form.fields}
        if not form.faulty:
            title = "\n\n".join(part for part in (form.title, form.lead) if part)
            self._say(f"{sourced(title, form.citations)}\n\n{HOW_TO_FILL}")
        for field in form.fields:
            if field.fault or not form.faulty:
                held[field.id] = self._filled(field, held[field.id])
        return held

    def _filled(self, field: Field, held: str) -> str:
        fault = field.fault
        self._say(_asking(field, held))
        while True:
            if fault:
                told(f"  {fault}", self.out)
            value = self._meant(field, self._line(), held)
            fault = _fault(field, value)
            if value is not None and not fault:
                return value

    def _meant(self, field: Field, typed: str, held: str) -> str | None:
        """What a line means as the field's value; None where it cannot be one."""
        if not typed:
            return held
        if typed == "-":
            return ""
        if field.kind == "date":
            day = day_written(typed, self.today())
            return day.isoformat() if day else None
        if field.kind == "time":
            at = time_written(typed)
            return f"{at:%H:%M}" if at else None
        return _chosen(field, typed) if field.choices else typed

    def _line(self) -> str:
        try:
            typed = without_halves(self.next_line(FORM_PROMPT).strip())
        except EOFError:
            raise Left from None
        if typed == "..":
            raise Left
        return typed

    def _say(self, text: str) -> None:
        told(f"\n{text}", self.out)


def _asking(field: Field, held: str) -> str:
    """What is asked, what is held, what helps, and what can be chosen."""
    now = _held(field, held)
    how = HOW_TO_WRITE_IT.get(field.kind, "")
    lines = [
        f"{field.label}{'' if field.required else ' (optional)'}{f' [{now}]' if now else ''}",
        *(f"  {line}" for line in (field.hint, how) if line),
        *(f"  {number} {choice.label}" for number, choice in enumerate(field.choices, start=1)),
    ]
    return "\n".join(lines)


def _held(field: Field, held: str) -> str:
    """What a field holds, as it is read: of a long text the beginning."""
    if field.choices:
        picked = held.split(",") if field.kind == "choices" else [held]
        return ", ".join(choice.label for choice in field.choices if choice.value in picked)
    if field.kind == "date" and held:
        day = date.fromisoformat(held)
        return f"{day.day} {day:%B %Y}"
    now = " ".join(held.split())
    return now if len(now) <= LINE else f"{now[: LINE - 1].rstrip()}…"


def _chosen(field: Field, typed: str) -> str | None:
    """The choices that numbers mean; None where it is none of them."""
    offered = {str(number): choice.value for number, choice in enumerate(field.choices, start=1)}
    numbers = [number for number in re.split(r"[\s,]+", typed) if number]
    known = all(number in offered for number in numbers)
    if not known or not numbers or (field.kind == "choice" and len(numbers) > 1):
        return None
    return ",".join(value for number, value in offered.items() if number in numbers)


def _fault(field: Field, value: str | None) -> str:
    """What is wrong with a value, as a sentence; empty where nothing is."""
    if value is None and field.kind in NEITHER:
        return NEITHER[field.kind]
    if value is None:
        several = "numbers" if field.kind == "choices" else "a number"
        return f"Choose {several} from 1 to {len(field.choices)}."
    if field.kind == "file" and value and value != field.value:
        return _file_fault(Path(value).expanduser())
    if field.required and not value:
        return f"{'Choose' if field.choices else 'Fill in'}: {field.label}."
    over = len(value) - field.longest
    return f"Too long by {over} characters; the most is {field.longest}." if over > 0 else ""


def _file_fault(path: Path) -> str:
    """Why a file cannot be attached, or ""."""
    if not path.is_file() or not os.access(path, os.R_OK):
        return NO_FILE
    return TOO_LARGE if path.stat().st_size > MOST_BYTES else ""


def attached(form: Form, values: Mapping[str, str]) -> tuple[dict[str, str], tuple[Attached, ...]]:
    """What was filled in, with files by their names rather than their paths; and the files, but
    for those that were sent before."""
    told, files = dict(values), list[Attached]()
    for field in form.fields:
        written = values.get(field.id, "")
        if field.kind != "file" or written in ("", field.value):
            continue
        path = Path(written).expanduser()
        told[field.id] = path.name
        try:
            files.append(Attached(field.id, path.name, path.read_bytes()))
        except OSError:
            files.append(Attached(field.id, path.name, fault=NO_FILE))
    return told, tuple(files)
