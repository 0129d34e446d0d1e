"""One request in, one Reply out: takes what a channel heard, answers it, remembers the thread."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from random import Random

from bot.answers import wording
from bot.answers.answerer import Answerer
from bot.answers.followup import Context
from bot.answers.hearing import Heard
from bot.apart import Apart
from bot.cases import Curator
from bot.cases.desk import Means
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
from bot.digest.newsdesk import Management
from bot.feedback import Reviewer
from bot.peers import Broker, without_peers
from bot.register import Registrar
from bot.register.wording import NOT_REGISTERED
from bot.shelves import Shelves
from bot.sources.fetching import Fetcher
from bot.store import Question, Store, utc_now
from bot.threads import Threads

# What is kept for the digest and the open questions. What is outside the bot's knowledge may be
# anything, health among it, and is not kept.
_KEPT = ("answered", "unsure", "clarify")
_RATED = (*_KEPT, "declined")
ABOUT_PROJECTS = (Command, Marked, Pressed, Submitted)
ABOUT_MORE = (Command, Pressed, Submitted)
_Desk = Broker | Curator | Newsdesk | Reviewer
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


class Assistant:
    """Answers every channel's requests."""

    def __init__(
        self,
        answerer: Callable[[str], Answerer],
        store: Store,
        management: Management,
        clock: Callable[[], datetime] = utc_now,
        seconds: Callable[[], float] = time.perf_counter,
        chance: Random | None = None,
        fetcher: Callable[[], Fetcher] | None = None,
    ) -> None:
        """`fetcher` makes what fetches officers' links; one that reaches no internal host, where
        none is given."""
        self._answerer, self._store = answerer, store
        self._clock, self._seconds = clock, seconds
        self._apart, self._shelves, self._threads = Apart(), Shelves(store), Threads(store)
        given = (answerer, store, self._shelves)
        self._registrar = Registrar(*given, management.administers, self._apart)
        self._broker = Broker(*given, self._apart, clock, chance or Random())
        self._reviewer = Reviewer(*given, management.administers, self._apart, clock)
        administers = management.administers
        means = Means(answerer, store, self._shelves, administers, self._apart, clock)
        self._curator = Curator(means, fetcher)
        self.editor = Editor(answerer, store, self._apart)
        self._newsdesk = Newsdesk(answerer, store, self.editor, management, clock)

    async def handle(self, request: Request) -> Reply:
        """The reply to anything an officer said, pressed or filled in."""
        if isinstance(request, ABOUT_PROJECTS) and self._registrar.concerned(request):
            return await self._registrar.handle(request, await self._shown(request.origin))
        if isinstance(request, ABOUT_MORE) and (desk := self._desk(request)):
            if desk is self._reviewer:
                await self._threads.written()  # it may be about an answer of just now
            return await self._rateable(request, await desk.handle(request))
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

    def _desk(self, request: Command | Pressed | Submitted) -> _Desk | None:
        """Whose it is, apart from the register's."""
        desks: tuple[_Desk, ...] = (self._reviewer, self._broker, self._newsdesk, self._curator)
        return next((desk for desk in desks if desk.concerned(request)), None)

    async def _rateable(self, request: Request, reply: Reply) -> Reply:
        """A verified answer that somebody said they meant is rated as any other."""
        given = isinstance(request, Pressed) and request.action == "verified-given"
        if not given or reply.status != "answered":
            return reply
        documents = tuple(dict.fromkeys(one.document for one in reply.citations))
        after = Context(reply.heading, "fact", documents, (), documents)
        return self._noted(reply.heading, request.origin, reply, after, self._seconds())

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
        if name == "find":
            return await self._found(text, origin)
        if name == "list" and not text.strip():
            return await self._answer("List the twelve outcomes", origin)
        return await self._answer(text if name == "ask" else f"{name} {text}", origin)

    async def _found(self, text: str, origin: Origin) -> Reply:
        """A list of texts. It answers no question, so the words are kept as none, and no thread
        goes on from it. What is shown to one alone the inbox keeps with its heading, to share."""
        answerer = await self._apart(self._answerer, origin.community)
        shelf = await self._shelves.of(origin.community, answerer)
        return await self._apart(answerer.find, text, shelf)

    async def _hush(self, origin: Origin, *, quiet: bool) -> Reply:
        if not await self._store.ledger.hush(origin, quiet=quiet):
            return Reply("help", wording.ONLY_WHEN_ASKED)
        return Reply("help", wording.QUIET if quiet else wording.FOLLOWING)

    async def _shown(self, origin: Origin) -> tuple[str, ...]:
        """The texts that the thread's last answer rests on."""
        context = await self._threads.context(origin)
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
            opened = self._reviewer.open(reply.heading, origin, reply.feedback)
            self._threads.behind(opened)
        return reply

    async def _answer(self, text: str, origin: Origin) -> Reply:
        began = self._seconds()
        # The thread is looked up while the question is encoded: each takes some milliseconds.
        answerer = await self._apart(self._answerer, origin.community)
        heard, context, shelf = await asyncio.gather(
            self._apart(answerer.hear, text),
            self._threads.context(origin),
            self._shelves.of(origin.community, answerer),
        )
        reply, after = await self._apart(answerer.reply, heard, context, shelf)
        asked = _asked_whole(reply, heard, after)
        reply, verified = await self._reviewer.beside(reply, asked, answerer, shelf)
        # As it was written: what is personal is told by its capitals, too.
        reply = reply if verified or not asked else replace(reply, asked=text)
        reply = self._noted(text, origin, reply, after, began, verified=verified)
        return await self._broker.beside(reply, after.text, origin, answerer, shelf)

    async def _about(self, document: str, origin: Origin) -> Reply:
        began = self._seconds()
        answerer = await self._apart(self._answerer, origin.community)
        shelf = await self._shelves.of(origin.community, answerer)
        reply, after = answerer.about(document, shelf)
        title = next((one.title for one in reply.citations if one.document == document), "")
        return self._noted(f"About: {title or document}", origin, reply, after, began)

    def _noted(
        self,
        text: str,
        origin: Origin,
        reply: Reply,
        after: Context,
        began: float,
        *,
        verified: bool = False,
    ) -> Reply:
        """Have the question kept, if it is one of ours, and the reply named, so that whoever got
        it can say whether it helped."""
        rated = bool(origin.person) and reply.status in _RATED
        if reply.status not in _KEPT and not rated:
            return reply
        name = secrets.token_urlsafe(9) if rated else ""
        elapsed = round((self._seconds() - began) * 1000)
        asked, there = Question("", reply.status, (), elapsed, self._clock(), name), origin
        if reply.status in _KEPT:
            documents = tuple(dict.fromkeys(one.document for one in reply.citations))
            asked = replace(asked, text=_whole(text, after), documents=documents)
        else:
            there = Origin(origin.community)
        noting = partial(self._reviewer.noted, asked, asked.text, origin, verified=verified)
        self._threads.keep(there, after, asked, noting)
        return self._reviewer.rated(reply, name, origin) if rated else reply

    async def written(self, origin: Origin) -> None:
        """Wait until what this thread remembers of its last answer is written."""
        await self._threads.settled(origin)

    async def due(self) -> int:
        """What time does to introductions and verified answers, and what came with suggested case
        studies and is not read yet; how many it concerned."""
        found = await self._broker.due() + await self._reviewer.due()
        return found + await self._curator.due()

    async def finish(self) -> None:
        """Wait until all that was accepted is written."""
        await self._threads.written()
        await self._curator.settle()
        await self._shelves.finish()


def _whole(asked: str, context: Context) -> str:
    """A question as others can read it: of one that leans on the one before, both."""
    leans = len(context.text.split()) > len(asked.split()) + 2
    return context.text if leans else asked


def _asked_whole(reply: Reply, heard: Heard | Reply, after: Context) -> str:
    """The question that was answered, made whole; "" where there was none, or none that a verified
    answer may be given to."""
    if isinstance(heard, Reply) or reply.status in ("help", "invalid"):
        return ""
    if reply.status == "declined" and reply.body in (wording.WELLBEING, wording.ORDERS):
        return ""
    return after.text if reply.status in ("answered", "unsure") else heard.parts[0]


def _from(reply: Reply, offset: int) -> Reply:
    """The rest of a reply, with the sources it cites; what ends an answer was shown before."""
    body = reply.body[offset:].strip()
    cited = tuple(one for one in reply.citations if f"[{one.number}]" in body)
    return Reply(reply.status, body, cited, linked=reply.linked, feedback=reply.feedback)


def _for_all(reply: Reply) -> Reply:
    """A reply to be shared: without the buttons that are its asker's alone, or talk of them."""
    actions = tuple(one for one in reply.actions if one.id in _FOR_ALL)
    body = reply.body.removesuffix(NOT_REGISTERED).rstrip()
    return without_peers(replace(reply, body=body, actions=actions))


def _asked(values: Mapping[str, str]) -> str:
    nation = values.get("nation", "")
    where = f" in {nation}" if nation in _NATIONS else ""
    return f"{values.get('question', '').strip().rstrip('?')}{where}?"
