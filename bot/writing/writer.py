"""A language model words the answer that was found; where it cannot, that goes out as it is."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from bot.apart import Apart
from bot.conversation import Reply
from bot.delivery import Told
from bot.digest.masking import masked
from bot.failures import log_failure, new_reference
from bot.writing.checks import Checks, Likeness
from bot.writing.client import ModelFailed
from bot.writing.passages import Given, asked
from bot.writing.sentences import Sentence, Sentences
from bot.writing.wording import MARK, TASK

PATIENCE = 8.0  # seconds that a model has, from the question to its last word
MOST_PASSAGES = 8  # a longer list is read, not summed up
MOST_SENTENCES = 5
GIVEN_UP_AFTER, LEFT_FOR = 3, 60.0  # failures in a row, and seconds that it is not asked then

Result = Literal["worded", "nothing kept", "late", "failed", "left alone", "kept here"]

# What is somebody's own: questions that speak of it stay here.
_OWN = re.compile(
    r"\b(?:my|our|a|the|one) (?:\w+ )?(?:manager|boss|colleague|tenant|client|customer|patient"
    r"|pupil|neighbour|friend|mum|dad|son|daughter|wife|husband|partner's)\b"
    r"|\b(?:password|passcode|pin|secret|api key|token)s?\b|\bsk-\w+",
    re.IGNORECASE,
)

_WORD = re.compile(r"[A-Za-z][\w'’-]*")
# Words with a capital: several together, or one that does not begin a sentence.
_NAMES = re.compile(r"\b[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)+|(?<=[a-z,;] )[A-Z][\w'’-]+")

_log = logging.getLogger(__name__)


def personal(question: str, known: str) -> bool:
    """Whether a question holds, or may hold, something personal: then no model is asked. A name
    that the passages, all that is `known`, do not have may be anybody's."""
    if _OWN.search(question) or masked(question) != question:
        return True
    words = {word.lower() for word in _WORD.findall(known)}
    return any(
        word.lower().removesuffix("'s") not in words
        for run in _NAMES.findall(question)
        for word in _WORD.findall(run)
        if not word.isupper()
    )


class Words(Protocol):
    """A language model; `client.Model` is the one there is."""

    def words(self, task: str, data: str) -> AsyncGenerator[str, None]:
        """What it writes, piece by piece. Raises ModelFailed."""


@dataclass(slots=True)
class _Draft:
    """What passed the checks so far, and whether an officer has seen some of it."""

    sentences: list[Sentence] = field(default_factory=list)
    seen: bool = False

    @property
    def text(self) -> str:
        return " ".join(one.text for one in self.sentences)


class Writer:
    """Words replies. `wait` passes the time that a model has, `tick` tells seconds; `note` is told
    what became of each reply."""

    def __init__(
        self,
        model: Words,
        apart: Apart,
        wait: Callable[[float], Awaitable[object]] = asyncio.sleep,
        tick: Callable[[], float] = time.monotonic,
        note: Callable[[Result], None] = lambda _: None,
    ) -> None:
        self._model, self._apart = model, apart
        self._wait, self._tick, self.note = wait, tick, note
        self._failures, self._asked_again_at = 0, 0.0

    async def beside(
        self,
        reply: Reply,
        question: str,
        passages: Sequence[Given],
        told: Told,
        likeness: Likeness,
    ) -> Reply:
        """The reply with a summary above it, of which `told` gets each sentence that passed.

        The reply as it is where none did, or the model failed or took too long; but what an
        officer has seen by then stays, since it was checked like all else."""
        if not 0 < len(passages) <= MOST_PASSAGES:
            return reply
        known = " ".join(f"{one.title} {one.indexed.searched}" for one in passages)
        if await self._apart(personal, question, known):
            self.note("kept here")
            return reply
        if self._tick() < self._asked_again_at:
            self.note("left alone")
            return reply
        draft = _Draft()
        checks = Checks(passages, [one.quote for one in reply.citations], likeness)
        writing = self._written(draft, checks, question, passages, told)
        result = await self._in_time(writing)
        self._count(result)
        keeps = bool(draft.sentences) and (result == "worded" or draft.seen)
        self.note("nothing kept" if result == "worded" and not keeps else result)
        if not keeps:
            return reply
        return replace(reply, body=f"{draft.text}\n\n{MARK}\n\n{reply.body}", worded=True)

    async def _in_time(self, writing: Awaitable[None]) -> Result:
        """Let it write until the time is over."""
        task, alarm = asyncio.ensure_future(writing), asyncio.ensure_future(self._wait(PATIENCE))
        try:
            await asyncio.wait({task, alarm}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                _log.warning("An answer goes out unworded: the language model took too long")
                return "late"
            task.result()
            return "worded"
        except ModelFailed as error:
            _log.warning("An answer goes out unworded: the language model failed, %s", error)
        except Exception as error:  # whatever it is, there is an answer without it
            log_failure(error, new_reference())
        finally:
            task.cancel()
            alarm.cancel()
            await asyncio.gather(task, alarm, return_exceptions=True)
        return "failed"

    async def _written(
        self,
        draft: _Draft,
        checks: Checks,
        question: str,
        passages: Sequence[Given],
        told: Told,
    ) -> None:
        gathered = Sentences()
        data = asked(question, passages)
        async with contextlib.aclosing(self._model.words(TASK, data)) as pieces:
            async for piece in pieces:
                await self._checked(gathered.add(piece), draft, checks, told)
                if gathered.full or len(draft.sentences) >= MOST_SENTENCES:
                    return
        await self._checked(gathered.rest(), draft, checks, told)

    async def _checked(
        self, sentences: Sequence[Sentence], draft: _Draft, checks: Checks, told: Told
    ) -> None:
        for one in sentences[: MOST_SENTENCES - len(draft.sentences)]:
            if await self._apart(checks.passed, one):
                draft.sentences.append(one)
                before, draft.seen = draft.seen, True  # also where the time ends in between
                draft.seen = await told(one.text) or before

    def _count(self, result: Result) -> None:
        """A model that fails again and again is left alone for a while, so that officers do not
        wait for it each time."""
        self._failures = self._failures + 1 if result in ("late", "failed") else 0
        if self._failures >= GIVEN_UP_AFTER:
            self._failures, self._asked_again_at = 0, self._tick() + LEFT_FOR
            _log.warning("The language model is not asked for the next %g seconds", LEFT_FOR)
