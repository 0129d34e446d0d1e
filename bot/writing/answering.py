"""Requests answered as ever, and then worded by a language model where there is one for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from bot.answers.wording import HELLO
from bot.apart import Apart
from bot.conversation import Asked, Command, Handle, Reply, Request
from bot.delivery import Told
from bot.settings import LanguageModel
from bot.writing.client import Model
from bot.writing.passages import Given, Source
from bot.writing.wording import HELPED_BY
from bot.writing.writer import PATIENCE, Result, Writer
from indexer.search import Index


class Answering:
    """Answers to questions, worded; everything else goes through as it is. Only what was answered
    from published texts is worded, and never what an officer stands for. An answer that rests on
    a community's own text, too, goes out as it is: a summary of the rest would stand above it."""

    def __init__(
        self,
        handle: Handle,
        index: Callable[[], Index],
        settings: LanguageModel,
        note: Callable[[Result], None] = lambda _: None,
    ) -> None:
        """Raises SettingsError where the package for it is not installed."""
        self._handle, self._index, self._apart = handle, index, Apart()
        self._model = Model(settings, PATIENCE)
        self.writer = Writer(self._model, self._apart, note=note)
        self._source: Source | None = None
        self._told = HELPED_BY.format(urlsplit(settings.url).hostname)

    async def handle(self, request: Request) -> Reply:
        """The whole reply at once."""
        return await self.worded(request, _unseen)

    async def worded(self, request: Request, told: Told) -> Reply:
        """The reply, of which `told` gets what may be shown before it is whole."""
        reply = await self._handle(request)
        if reply.body == HELLO and isinstance(request, Asked | Command):
            return replace(reply, body=f"{reply.body}\n\n{self._told}")
        question = reply.asked
        if not question or reply.status != "answered" or reply.suggestions:
            return reply
        source = await self._apart(self._current)
        if not await self._apart(source.whole, reply):
            return reply
        passages: tuple[Given, ...] = await self._apart(source.given, reply)
        # A heading stands above what was shown, and cannot be put there later.
        seen = _unseen if reply.private or reply.heading else told
        return await self.writer.beside(reply, question, passages, seen, source.likeness)

    async def close(self) -> None:
        """Let go of every connection."""
        await self._model.close()

    def _current(self) -> Source:
        """Of the generation that answers. A passage that another one quoted is not found in it,
        and its answer goes out unworded."""
        index = self._index()
        if self._source is None or self._source.id != index.id:
            self._source = Source(index)
        return self._source


async def _unseen(_: str) -> bool:
    """Where nothing can be shown before the reply."""
    return False
