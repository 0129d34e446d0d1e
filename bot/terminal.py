"""The terminal as a channel: plain text, JSON lines, a conversation with forms, a batch."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, TextIO

from bot.conversation import (
    Action,
    Citation,
    Command,
    Field,
    Form,
    Handle,
    Origin,
    Pressed,
    Reply,
    Request,
    Submitted,
)
from bot.speech import spoken

COMMUNITY = "terminal"
PERSON = "terminal"  # whoever types in a conversation; a single question and a batch are nobody's
PROMPT = "you> "
FORM_PROMPT = "form> "
HOW_TO_FILL = (
    'An empty line keeps what is in brackets, "-" clears it, ".." or Ctrl+D leaves the form.'
)
LEFT = "Left the form; nothing was sent."
LINE = 80  # characters shown of what a field holds, and that buttons may take side by side

Row = dict[str, object]
NextLine = Callable[[str], str]
"""Reads a line after showing a prompt. Raises EOFError where there are no more."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a batch; lines with the same thread are one conversation."""

    id: str
    text: str
    thread: str


class BatchLineInvalid(ValueError):
    """A batch line that cannot be read; the message says what it should be."""


def read_line(source: str) -> Line:
    """One JSON line `{"id": …, "text": …, "thread": …}`."""
    try:
        row: Any = json.loads(source)
    except ValueError as error:
        raise BatchLineInvalid(f"not JSON ({error})") from error
    if not isinstance(row, dict) or "id" not in row or not isinstance(row.get("text"), str):
        raise BatchLineInvalid('write {"id": "…", "text": "…"}')
    values = (
        str(row["id"]),
        row["text"],
        "" if row.get("thread") in (None, "") else str(row["thread"]),
    )
    return Line(*(without_halves(value) for value in values))


def without_halves(text: str) -> str:
    """The text with each half of a character, which nothing can write out again, marked as such."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def shown(reply: Reply) -> str:
    """A reply as a person reads it: the answer, then its sources with their links."""
    return _sourced(reply.text, reply.citations)


def _sourced(text: str, citations: tuple[Citation, ...]) -> str:
    sources = "\n".join(_source(citation) for citation in citations)
    return f"{text}\n\nSources\n{sources}" if sources else text


def _source(citation: Citation) -> str:
    about = ", ".join(str(part) for part in (*citation.councils[:3], citation.year) if part)
    link = f"\n    {citation.url}" if citation.url else ""
    return f"[{citation.number}] {citation.title}{f' ({about})' if about else ''}{link}"


def answer_json(reply: Reply) -> Row:
    """What the contract has of an answer."""
    return {
        "status": reply.status,
        "text": reply.text,
        "citations": [
            {
                "n": one.number,
                "document": one.document,
                "kind": one.kind,
                "title": one.title,
                "url": one.url,
                "quote": one.quote,
            }
            for one in reply.citations
        ],
        "outcomes": [outcome.id for outcome in reply.outcomes],
        "councils": list(reply.councils),
    }


def tags_json(reply: Reply) -> Row:
    """What the contract has of suggestions; `text` says why there are none."""
    found = [
        {
            "outcome": one.outcome.id,
            "confidence": round(one.confidence, 4),
            "selected": one.selected,
            "because": [asdict(reason) for reason in one.because],
        }
        for one in reply.suggestions
    ]
    return {"status": reply.status, "text": reply.text, "suggestions": found}


@dataclass(frozen=True, slots=True)
class Job:
    """What is asked of each line, and what of its reply is written as JSON."""

    request: Callable[[str, Origin], Request]
    row: Callable[[Reply], Row]
    welcome: str


ASK = Job(
    spoken,
    answer_json,
    "Ask about digital outcomes. An empty line ends.",
)
TAG = Job(
    lambda text, origin: Command("tag", text, origin),
    tags_json,
    "Describe a project. An empty line ends.",
)
PROJECTS = Job(
    lambda text, origin: Command("projects", text, origin),
    answer_json,
    "Search the registered projects. An empty line ends.",
)


class _Left(Exception):
    """The person left the form."""


@dataclass(frozen=True, slots=True)
class _Paper:
    """Has forms filled in, a line for each field."""

    next_line: NextLine
    out: TextIO

    def fill(self, form: Form, before: Mapping[str, str]) -> dict[str, str]:
        """A value for each field; a faulty form's are asked again only where they are faulty.
        Before are the values that were sent when it came back. Raises _Left."""
        held = {field.id: field.value or before.get(field.id, "") for field in form.fields}
        if not form.faulty:
            title = "\n\n".join(part for part in (form.title, form.lead) if part)
            self._say(f"{_sourced(title, form.citations)}\n\n{HOW_TO_FILL}")
        for field in form.fields:
            if field.fault or not form.faulty:
                held[field.id] = self._filled(field, held[field.id])
        return held

    def _filled(self, field: Field, held: str) -> str:
        fault = field.fault
        self._say(_asking(field, held))
        while True:
            if fault:
                print(f"  {fault}", file=self.out, flush=True)
            value = _typed(field, self._line(), held)
            fault = _fault(field, value)
            if value is not None and not fault:
                return value

    def _line(self) -> str:
        try:
            typed = without_halves(self.next_line(FORM_PROMPT).strip())
        except EOFError:
            raise _Left from None
        if typed == "..":
            raise _Left
        return typed

    def _say(self, text: str) -> None:
        print(f"\n{text}", file=self.out, flush=True)


def _asking(field: Field, held: str) -> str:
    """What is asked, what is held, what helps, and what can be chosen."""
    picked = held.split(",") if field.kind == "choices" else [held]
    labels = [choice.label for choice in field.choices if choice.value in picked]
    now = " ".join((", ".join(labels) if field.choices else held).split())
    if len(now) > LINE and not field.choices:
        now = f"{now[: LINE - 1].rstrip()}…"
    several = "Numbers, separated by spaces or commas." if field.kind == "choices" else ""
    lines = [
        f"{field.label}{'' if field.required else ' (optional)'}{f' [{now}]' if now else ''}",
        *(f"  {line}" for line in (field.hint, several) if line),
        *(f"  {number} {choice.label}" for number, choice in enumerate(field.choices, start=1)),
    ]
    return "\n".join(lines)


def _typed(field: Field, typed: str, held: str) -> str | None:
    """What a line means as the field's value; None where it is none of the choices."""
    if not typed:
        return held
    if typed == "-":
        return ""
    if not field.choices:
        return typed
    offered = {str(number): choice.value for number, choice in enumerate(field.choices, start=1)}
    numbers = [number for number in re.split(r"[\s,]+", typed) if number]
    known = all(number in offered for number in numbers)
    if not known or not numbers or (field.kind == "choice" and len(numbers) > 1):
        return None
    return ",".join(value for number, value in offered.items() if number in numbers)


def _fault(field: Field, value: str | None) -> str:
    """What is wrong with a value, as a sentence; empty where nothing is."""
    if value is None:
        several = "numbers" if field.kind == "choices" else "a number"
        return f"Choose {several} from 1 to {len(field.choices)}."
    if field.required and not value:
        return f"{'Choose' if field.choices else 'Fill in'}: {field.label}."
    over = len(value) - field.longest
    return f"Too long by {over} characters; the most is {field.longest}." if over > 0 else ""


def _numbered(actions: Iterable[Action]) -> dict[str, Action]:
    return {str(number): action for number, action in enumerate(actions, start=1)}


def _listed(offered: Mapping[str, Action]) -> str:
    """Buttons as numbers to type."""
    buttons = [f"{number} {' '.join(one.label.split())}" for number, one in offered.items()]
    together = "  ".join(buttons)
    return together if len(together) <= LINE else "\n".join(buttons)


class Terminal:
    """Asks one handle and prints what it answers. `run` keeps its threads apart from others'."""

    def __init__(
        self,
        handle: Handle,
        job: Job,
        run: str,
        out: TextIO,
        *,
        as_lines: bool,
        seconds: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._handle, self._job, self._run, self._out = handle, job, run, out
        self._as_lines, self._seconds = as_lines, seconds

    async def ask(self, line: Line) -> None:
        """Ask one question and print the answer."""
        thread = f"{self._run}/{line.thread}" if line.thread else ""
        began = self._seconds()
        origin = Origin(COMMUNITY, "terminal", thread)
        reply = await self._handle(self._job.request(line.text, origin))
        elapsed = round((self._seconds() - began) * 1000)
        row = {"id": line.id, "question": line.text, **self._job.row(reply), "elapsed_ms": elapsed}
        self._print(json.dumps(row, ensure_ascii=False) if self._as_lines else shown(reply))

    async def batch(self, lines: Iterable[str], explain: Callable[[str], None]) -> int:
        """Answer every line in order; how many could not be read, each one explained."""
        unread = 0
        for number, source in enumerate(lines, start=1):
            if not source.strip():
                continue
            try:
                line = read_line(source)
            except BatchLineInvalid as error:
                unread += 1
                explain(f"line {number}: {error}")
                continue
            await self.ask(line)
        return unread

    async def converse(self, next_line: NextLine) -> None:
        """Question after question in one thread, until an empty line or the end of input.

        As text, buttons are pressed by typing their numbers, and forms are filled in."""
        count = 0
        offered: dict[str, Action] = {}
        while text := _said(next_line):
            count += 1
            if self._as_lines:
                await self.ask(Line(str(count), text, "conversation"))
            else:
                offered = await self._exchange(text, offered, next_line)
                print(file=self._out, flush=True)

    async def _exchange(
        self, text: str, offered: Mapping[str, Action], next_line: NextLine
    ) -> dict[str, Action]:
        """Have one line answered, with the forms that follow; the buttons then on offer."""
        origin = Origin(COMMUNITY, "terminal", f"{self._run}/conversation", PERSON)
        pressed = offered.get(text)
        reply = await self._handle(
            Pressed(pressed.id, pressed.value, origin)
            if pressed
            else self._job.request(text, origin)
        )
        self._print(shown(reply))
        sent: Submitted | None = None
        while form := reply.form:
            before = sent.values if sent and sent.form == form.id else {}
            try:
                values = _Paper(next_line, self._out).fill(form, before)
            except _Left:
                self._print(f"\n{LEFT}")
                return {}
            sent = Submitted(form.id, values, origin, form.key)
            reply = await self._handle(sent)
            self._print(f"\n{shown(reply)}")
        buttons = _numbered(reply.actions)
        if buttons:
            self._print(f"\n{_listed(buttons)}")
        return buttons

    def _print(self, text: str) -> None:
        print(text, file=self._out, flush=True)


def _said(next_line: NextLine) -> str:
    try:
        return without_halves(next_line(PROMPT).strip())
    except EOFError:
        return ""
