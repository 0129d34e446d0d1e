"""One request in, one Reply out: takes what a channel heard, answers it, remembers the thread."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from random import Random

from bot.answers import wording
from bot.answers.answerer import Answerer
from bot.answers.followup import Context
from bot.apart import Apart
from bot.conversation import (
    Asked,
    Choice,
    Command,
    Field,
    Form,
    Marked,
    Origin,
    Pressed,
    Reply,
    Request,
    Submitted,
)
from bot.digest import Editor, Newsdesk
from bot.digest.masking import masked
from bot.digest.newsdesk import Management
from bot.peers import Broker, without_peers
from bot.register import Registrar
from bot.register.wording import NOT_REGISTERED
from bot.shelves import Shelves
from bot.store import Question, Store, StoreUnusable, utc_now
from indexer.generation import IndexUnusable, current_id
from indexer.query import EncoderDamaged
from indexer.search import Index

# What is kept for the digest and the open questions. What is outside the bot's knowledge may be
# anything, health among it, and is not kept.
_KEPT = ("answered", "unsure", "clarify")
ABOUT_PROJECTS = (Command, Marked, Pressed, Submitted)
ABOUT_MORE = (Command, Pressed, Submitted)
_FOR_ALL = ("about", "ask", "project")  # buttons of a shared answer
_NATIONS = ("England", "Scotland", "Wales", "Northern Ireland")
_ASK_FORM = Form(
    "ask",
    "Ask about outcomes",
    (
        Field(
            "question",
            "Your question",
            "paragraph",
            hint="For example: who has tried damp sensors?",
        ),
        Field(
            "nation",
            "Where",
            "choice",
            required=False,
            choices=tuple(Choice(one, one) for one in ("Anywhere", *_NATIONS)),
        ),
    ),
    submit="Ask",
)

_log = logging.getLogger(__name__)
_Thread = tuple[str, str, str]


class CurrentAnswerer:
    """The answerer of the newest good generation, looked for at most once a second."""

    def __init__(self, home: Path, model: str, tick: Callable[[], float] = time.monotonic) -> None:
        """Raises IndexUnusable when there is no index to answer from."""
        self._home, self._model, self._tick = home, model or None, tick
        self._index = Index.open(home, model=self._model)
        self._answerer = Answerer(self._index)
        self._refused: str | None = None
        self._looked = tick()

    def __call__(self) -> Answerer:
        if self._tick() - self._looked >= 1.0:
            self._looked = self._tick()
            self._take_up()
        return self._answerer

    @property
    def index(self) -> Index:
        """The generation that answers."""
        return self._index

    @property
    def generation(self) -> str:
        """The id of the generation that answers."""
        return self._index.id

    @property
    def library_digest(self) -> str:
        """The digest of the texts that were indexed."""
        return self._index.manifest.library_digest

    def _take_up(self) -> None:
        newest = current_id(self._home)
        if newest in (None, self._index.id, self._refused):
            return
        try:
            index = Index.open(self._home, model=self._model)
            if index.id == newest:
                self._answerer, self._index = Answerer(index), index
                return
            reason: object = f"{newest} is damaged"
        except (IndexUnusable, EncoderDamaged, OSError) as error:
            reason = error
        self._refused = newest
        _log.warning("The new index cannot be used, the last good one is kept: %s", reason)


class Assistant:
    """Answers every channel's requests."""

    def __init__(
        self,
        answerer: Callable[[], Answerer],
        store: Store,
        management: Management,
        clock: Callable[[], datetime] = utc_now,
        seconds: Callable[[], float] = time.perf_counter,
        chance: Random | None = None,
    ) -> None:
        self._answerer, self._store = answerer, store
        self._clock, self._seconds = clock, seconds
        self._unwritten: dict[_Thread, Context] = {}
        self._writing: set[asyncio.Task[None]] = set()
        self._in_order = asyncio.Lock()
        self._apart, self._shelves = Apart(), Shelves(store)
        given = (answerer, store, self._shelves)
        self._registrar = Registrar(*given, management.administers, self._apart)
        self._broker = Broker(*given, self._apart, clock, chance or Random())
        self.editor = Editor(answerer, store, self._apart)
        self._newsdesk = Newsdesk(answerer, store, self.editor, management, clock)

    async def handle(self, request: Request) -> Reply:
        """The reply to anything an officer said, pressed or filled in."""
        if isinstance(request, ABOUT_PROJECTS) and self._registrar.concerned(request):
            return await self._registrar.handle(request, await self._shown(request.origin))
        if isinstance(request, ABOUT_MORE) and self._broker.concerned(request):
            return await self._broker.handle(request)
        if isinstance(request, ABOUT_MORE) and self._newsdesk.concerned(request):
            return await self._newsdesk.handle(request)
        match request:
            case Asked(text, origin):
                return await self._answer(text, origin)
            case Command(name, text, origin):
                return await self._command(name, text, origin)
            case Pressed(action, value, origin):
                return await self._pressed(action, value, origin)
            case Submitted("ask", values, origin, _):
                return await self._asked(values, origin)
            case _:
                return Reply("help", wording.HELLO)

    async def _asked(self, values: Mapping[str, str], origin: Origin) -> Reply:
        if not values.get("question", "").strip():
            return Reply("invalid", wording.EMPTY, form=_ASK_FORM)
        question = _asked(values)
        return replace(await self._answer(question, origin), heading=question)

    async def _pressed(self, action: str, value: str, origin: Origin) -> Reply:
        match action:
            case "ask":
                return replace(await self._answer(value, origin), heading=value)
            case "about":
                return await self._about(value, origin)
            case "open":
                return Reply("help", wording.FORM, form=_ASK_FORM)
            case "more":
                return await self._kept(value, origin)
            case "share":
                return await self._shared(value, origin)
            case _:
                return Reply("help", wording.HELLO)

    async def _command(self, name: str, text: str, origin: Origin) -> Reply:
        if name in ("", "ask") and not text.strip():
            return Reply("help", wording.FORM, form=_ASK_FORM)
        if name == "help" and not text.strip():
            return Reply("help", wording.HELLO)
        if name in ("quiet", "follow") and not text.strip():
            return await self._hush(origin, quiet=name == "quiet")
        if name == "list" and not text.strip():
            return await self._answer("List the twelve outcomes", origin)
        return await self._answer(text if name == "ask" else f"{name} {text}", origin)

    async def _hush(self, origin: Origin, *, quiet: bool) -> Reply:
        if not await self._store.ledger.hush(origin, quiet=quiet):
            return Reply("help", wording.ONLY_WHEN_ASKED)
        return Reply("help", wording.QUIET if quiet else wording.FOLLOWING)

    async def _shown(self, origin: Origin) -> tuple[str, ...]:
        """The texts that the thread's last answer rests on."""
        context = await self._context(origin)
        return context.shown if context else ()

    async def _kept(self, value: str, origin: Origin) -> Reply:
        """A reply shown before, from the character on that the value names after a colon."""
        name, _, offset = value.partition(":")
        reply = await self._store.kept_reply(origin.community, name)
        if reply is None or not await self._registrar.visible(reply, origin):
            return Reply("invalid", wording.NO_LONGER_KEPT, private=True)
        return _from(reply, int(offset)) if offset.isdecimal() else _for_all(reply)

    async def _shared(self, name: str, origin: Origin) -> Reply:
        """A reply that was its asker's alone, for the channel; its question is open to all now."""
        reply = await self._kept(name, origin)
        if reply.status == "unsure" and reply.heading and origin.place:
            self._behind(self._opened(reply.heading, origin))
        return reply

    async def _answer(self, text: str, origin: Origin) -> Reply:
        began = self._seconds()
        # The thread is looked up while the question is encoded: each takes some milliseconds.
        answerer = await self._apart(self._answerer)
        heard, context, shelf = await asyncio.gather(
            self._apart(answerer.hear, text),
            self._context(origin),
            self._shelves.of(origin.community, answerer),
        )
        reply, after = await self._apart(answerer.reply, heard, context, shelf)
        self._note(text, origin, reply, after, began)
        return await self._broker.beside(reply, after.text, origin, answerer, shelf)

    async def _about(self, document: str, origin: Origin) -> Reply:
        began = self._seconds()
        answerer = await self._apart(self._answerer)
        shelf = await self._shelves.of(origin.community, answerer)
        reply, after = answerer.about(document, shelf)
        self._note(f"About: {document}", origin, reply, after, began)
        return reply

    def _note(self, text: str, origin: Origin, reply: Reply, after: Context, began: float) -> None:
        """Have the question kept, if it is one of ours."""
        if reply.status not in _KEPT:
            return
        documents = tuple(dict.fromkeys(one.document for one in reply.citations))
        elapsed = round((self._seconds() - began) * 1000)
        self._keep(origin, after, Question(text, reply.status, documents, elapsed, self._clock()))

    async def _context(self, origin: Origin) -> Context | None:
        """What the thread was about: what is still being written, else what the store has. Where
        that cannot be read, a question is answered as if it stood alone."""
        if _thread(origin) in self._unwritten:
            return self._unwritten[_thread(origin)]
        try:
            kept = await self._store.context(origin)
        except StoreUnusable as error:
            _log.error("Answering without what the thread was about: %s", error)
            return None
        return Context.from_json(kept) if kept else None

    def _keep(self, origin: Origin, context: Context, question: Question) -> None:
        """Write behind the reply, in order; a follow-up meanwhile finds it unwritten."""
        if origin.thread:
            self._unwritten[_thread(origin)] = context
        self._behind(self._write(origin, context, question))

    def _behind(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def _opened(self, text: str, origin: Origin) -> None:
        """Keep a question that could not be answered for the channel's digest."""
        try:
            told = await self._apart(masked, text)
            await self._store.open_questions(origin.community).add(told, origin)
        except StoreUnusable as error:
            _log.error("An open question could not be kept: %s", error)

    async def _write(self, origin: Origin, context: Context, question: Question) -> None:
        async with self._in_order:
            try:
                await self._store.remember(origin, context.to_json(), question)
                if question.status == "unsure" and origin.place and not origin.alone:
                    await self._opened(_whole(question.text, context), origin)
            except StoreUnusable as error:
                _log.error("A question could not be kept: %s", error)
            finally:
                if self._unwritten.get(_thread(origin)) is context:
                    del self._unwritten[_thread(origin)]

    async def due(self) -> int:
        """What time does to introductions; how many it concerned."""
        return await self._broker.due()

    async def finish(self) -> None:
        """Wait until all that was accepted is written."""
        await asyncio.gather(*self._writing, return_exceptions=True)
        await self._shelves.finish()


def _thread(origin: Origin) -> _Thread:
    """What names a thread; who spoke in it does not."""
    return origin.community, origin.channel, origin.thread


def _whole(asked: str, context: Context) -> str:
    """A question as others can read it: of one that leans on the one before, both."""
    leans = len(context.text.split()) > len(asked.split()) + 2
    return context.text if leans else asked


def _from(reply: Reply, offset: int) -> Reply:
    """The rest of a reply, with the sources it cites; what ends an answer was shown before."""
    body = reply.body[offset:].strip()
    cited = tuple(one for one in reply.citations if f"[{one.number}]" in body)
    return Reply(reply.status, body, cited)


def _for_all(reply: Reply) -> Reply:
    """A reply to be shared: without the buttons that are its asker's alone, or talk of them."""
    actions = tuple(one for one in reply.actions if one.id in _FOR_ALL)
    body = reply.body.removesuffix(NOT_REGISTERED).rstrip()
    return without_peers(replace(reply, body=body, actions=actions))


def _asked(values: Mapping[str, str]) -> str:
    nation = values.get("nation", "")
    where = f" in {nation}" if nation in _NATIONS else ""
    return f"{values.get('question', '').strip().rstrip('?')}{where}?"
