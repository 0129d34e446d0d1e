"""The terminal as a channel: plain text, JSON lines, a conversation, a batch."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any, TextIO

from bot.conversation import Citation, Command, Handle, Origin, Reply, Request
from bot.speech import spoken

COMMUNITY = "terminal"
PROMPT = "you> "

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
    sources = "\n".join(_source(citation) for citation in reply.citations)
    return f"{reply.text}\n\nSources\n{sources}" if sources else reply.text


def _source(citation: Citation) -> str:
    about = ", ".join(str(part) for part in (*citation.councils[:3], citation.year) if part)
    return (
        f"[{citation.number}] {citation.title}{f' ({about})' if about else ''}\n    {citation.url}"
    )


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
        said = json.dumps(row, ensure_ascii=False) if self._as_lines else shown(reply)
        print(said, file=self._out, flush=True)

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

    async def converse(self, next_line: Callable[[str], str]) -> None:
        """Question after question in one thread, until an empty line or the end of input."""
        count = 0
        while text := next_line(PROMPT).strip():
            count += 1
            await self.ask(Line(str(count), without_halves(text), "conversation"))
            if not self._as_lines:
                print(file=self._out)
