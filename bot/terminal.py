"""The terminal as a channel: plain text, JSON lines, a conversation with forms, a batch."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, TextIO

from bot.conversation import (
    Action,
    Citation,
    Collect,
    Command,
    Handle,
    Origin,
    Pressed,
    Reply,
    Request,
    Submitted,
    complaint,
    praise,
)
from bot.paper import LINE, Left, NextLine, Paper, attached, columns, sourced, told, without_halves
from bot.speech import spoken

COMMUNITY = "terminal"
PERSON = "terminal"  # whoever types in a conversation; a single question and a batch are nobody's
PROMPT = "you> "
LEFT = "Left the form; nothing was sent."
PRIVATE = "Private message"
HELPED, DID_NOT = "This helped", "This did not help"

Row = dict[str, object]


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
    except RecursionError:
        raise BatchLineInvalid("nested too deeply") from None
    if not isinstance(row, dict) or "id" not in row or not isinstance(row.get("text"), str):
        raise BatchLineInvalid('write {"id": "…", "text": "…"}')
    values = (
        str(row["id"]),
        row["text"],
        "" if row.get("thread") in (None, "") else str(row["thread"]),
    )
    return Line(*(without_halves(value) for value in values))


def shown(reply: Reply) -> str:
    """A reply as a person reads it: the answer, then its sources with their links."""
    return sourced(reply.text, reply.citations)


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
                **_of_own(one),
            }
            for one in reply.citations
        ],
        "outcomes": [outcome.id for outcome in reply.outcomes],
        "councils": list(reply.councils),
    }


def _of_own(citation: Citation) -> Row:
    """What is said of texts that a community brought in alone, where it says something."""
    told: Row = {
        "page": citation.page,
        "heading": citation.heading,
        "also": [{"title": title, "url": url} for title, url in citation.also],
    }
    unsure: Row = {} if citation.confirmed else {"confirmed": False}
    return {name: value for name, value in told.items() if value} | unsure


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


def peers_json(reply: Reply) -> Row:
    """What the contract has of councils and officers; no officer is named before both agree."""
    councils = [
        {"name": one.council, "documents": list(one.documents), "why": one.why}
        for one in reply.alike
    ]
    people = [
        {
            "name": f"An officer at {one.council}" if one.council else "An officer",
            "council": one.council,
            "why": one.why,
        }
        for one in reply.peers
    ]
    return {"status": reply.status, "text": reply.text, "councils": councils, "people": people}


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
PEERS = Job(
    lambda text, origin: Command("peers", text, origin),
    peers_json,
    "Describe what you work on, to find councils and officers who did it. An empty line ends.",
)


def _origin(thread: str, person: str = "") -> Origin:
    return Origin(COMMUNITY, "terminal", thread, person, "terminal", person, alone=True)


def _numbered(actions: Iterable[Action], mark: str = "", first: int = 1) -> dict[str, Action]:
    return {f"{mark}{number}": action for number, action in enumerate(actions, start=first)}


def _rating(reply: Reply, origin: Origin) -> tuple[Action, ...]:
    """By which whoever types says whether an answer helped."""
    if not reply.feedback:
        return ()
    up, down = praise(reply.feedback, origin), complaint(reply.feedback, origin)
    return Action(up.action, HELPED, up.value), Action(down.action, DID_NOT, down.value)


def _listed(offered: Mapping[str, Action], width: int) -> str:
    """Buttons as numbers to type."""
    buttons = [f"{number} {' '.join(one.label.split())}" for number, one in offered.items()]
    together = "  ".join(buttons)
    return together if len(together) <= (width or LINE) else "\n".join(buttons)


class Terminal:
    """Asks one handle and prints what it answers. `run` keeps its threads apart from others'.
    `person` is whoever types in a conversation, who is given what `collect` finds for them."""

    def __init__(
        self,
        handle: Handle,
        job: Job,
        run: str,
        out: TextIO,
        *,
        as_lines: bool,
        person: str = PERSON,
        collect: Collect | None = None,
        seconds: Callable[[], float] = time.perf_counter,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._handle, self._job, self._run, self._out = handle, job, run, out
        self._as_lines, self._seconds, self._today = as_lines, seconds, today
        self._collect = collect
        self._origin = _origin(f"{run}/conversation", person)
        self._lasting: dict[str, Action] = {}  # the buttons of messages, which are shown only once

    async def ask(self, line: Line) -> None:
        """Ask one question and print the answer."""
        thread = f"{self._run}/{line.thread}" if line.thread else ""
        began = self._seconds()
        reply = await self._handle(self._job.request(line.text, _origin(thread)))
        elapsed = round((self._seconds() - began) * 1000)
        row = {"id": line.id, "question": line.text, **self._job.row(reply), "elapsed_ms": elapsed}
        if self._as_lines:
            print(json.dumps(row, ensure_ascii=False), file=self._out, flush=True)
        else:
            self._print(shown(reply))

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

        As text, buttons are pressed by typing their numbers, and forms are filled in. An answer's
        buttons can be pressed until the next answer, a message's as long as it is talked."""
        count = 0
        offered: dict[str, Action] = {}
        next_line = self._calmly(next_line)
        await self._deliver()
        while text := _said(next_line):
            count += 1
            if self._as_lines:
                await self.ask(Line(str(count), text, "conversation"))
            else:
                offered = await self._exchange(text, {**offered, **self._lasting}, next_line)
                self._print("")
                await self._deliver()

    async def _deliver(self) -> None:
        """Print the messages that wait for whoever types."""
        if self._as_lines or not self._collect:
            return
        for message in await self._collect(self._origin):
            buttons = _numbered(message.actions, "m", len(self._lasting) + 1)
            self._lasting |= buttons
            self._print(f"{PRIVATE}\n\n{shown(message)}\n")
            if buttons:
                self._print(f"{self._buttons(buttons)}\n")

    async def _exchange(
        self, text: str, offered: Mapping[str, Action], next_line: NextLine
    ) -> dict[str, Action]:
        """Have one line answered, with the forms that follow; the buttons then on offer."""
        pressed = offered.get(text.lower())
        rating = bool(pressed and pressed.label in (HELPED, DID_NOT))
        reply = await self._handle(
            Pressed(pressed.id, pressed.value, self._origin)
            if pressed
            else self._job.request(text, self._origin)
        )
        self._print(shown(reply))
        sent: Submitted | None = None
        paper = Paper(next_line, self._out, self._today)
        while form := reply.form:
            before = sent.values if sent and sent.form == form.id else {}
            try:
                values, files = attached(form, paper.fill(form, before))
            except Left:
                self._print(f"\n{LEFT}")
                return dict(offered) if rating else {}
            sent = Submitted(form.id, values, self._origin, form.key, files)
            reply = await self._handle(sent)
            self._print(f"\n{shown(reply)}")
        if rating:
            return dict(offered)  # what was rated can still be gone on with
        buttons = _numbered((*reply.actions, *_rating(reply, self._origin)))
        if buttons:
            self._print(f"\n{self._buttons(buttons)}")
        return buttons

    def _buttons(self, offered: Mapping[str, Action]) -> str:
        return _listed(offered, min(columns(self._out), LINE))

    def _calmly(self, next_line: NextLine) -> NextLine:
        """The same, but what comes after Ctrl+D or Ctrl+C begins a line of the window."""

        def read(prompt: str) -> str:
            try:
                return next_line(prompt)
            except (EOFError, KeyboardInterrupt):
                if self._out.isatty():
                    self._print("")
                raise

        return read

    def _print(self, text: str) -> None:
        told(text, self._out)


def _said(next_line: NextLine) -> str:
    try:
        return without_halves(next_line(PROMPT).strip())
    except EOFError:
        return ""
