"""How something heard on a platform gets its answer: what listeners hand on, and to whom.

A platform has a listener, which turns its events into `Heard` and hands them to the
`Reception`, and a `Channel`, by which the reply goes back. Between them stands `bot.inbox`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from bot.conversation import Action, Origin, Reply, Request

Hearing = Literal["addressed", "called", "overheard"]
"""Addressed: to the bot alone. Called: into a thread that it follows from then on. Overheard:
said in a thread without naming the bot; only a thread that it follows concerns it."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Something said on a platform, to be answered once, and where the answer goes.

    `key` names the message itself, however often and by whichever event it comes; `event` is
    the platform's id of the event that brought it, "" where there is none. Both are
    unique in a community. `address` is for the platform's own `Channel` alone to read. The
    answer to something `private` is shown to the asker only, who may share it. It `begins` a
    thread where the inbox finds that the bot was not called into it before.
    """

    platform: str
    key: str
    request: Request
    address: str
    event: str = ""
    hearing: Hearing = "addressed"
    private: bool = False
    begins: bool = False


Told = Callable[[str], Awaitable[bool]]
"""Takes one more sentence of a reply that is still being made, to be shown meanwhile; whether it
was shown. It raises nothing."""

Worded = Callable[[Request, Told], Awaitable[Reply]]
"""Answers a request, and tells of the reply while it is made."""


@dataclass(frozen=True, slots=True)
class Room:
    """A conversation the bot was added to, where it may speak first; `address` as in `Heard`, and
    `person` whose it is, where it is with one person alone."""

    community: str
    channel: str
    platform: str
    kind: Literal["personal", "group", "channel"]
    address: str
    person: str = ""


class NotSent(Exception):
    """Nothing was posted, and it may be tried again in `seconds`."""

    def __init__(self, reason: str, seconds: float = 1.0) -> None:
        super().__init__(reason)
        self.seconds = seconds


class MaybeSent(Exception):
    """The platform did not say whether it was posted, so it must not be posted again."""


class Gone(Exception):
    """Nothing can be posted in a place any more: it was deleted or archived, or the bot was taken
    out of it or may not post there. The message says which, for people: "the channel is
    archived"."""


class ChannelRefused(Exception):
    """The platform will not have these credentials; the message says which, and what to do."""


class Channel(Protocol):
    """A platform's way out. Both take the address that its listener made."""

    async def working(self, address: str) -> None:
        """Show that an answer is being made; what fails here is of no consequence."""

    async def send(self, address: str, reply: Reply) -> str:
        """Post a reply, one that is `private` to the asker alone; the platform's id of what was
        posted, "" where it gives none. Raises NotSent or MaybeSent; anything else means it never
        will be."""


class Stream(Protocol):
    """A reply that is posted while it is made."""

    async def add(self, text: str) -> None:
        """Show one more sentence, in plain text. What fails here is of no consequence: the whole
        reply is still to come."""

    async def end(self, reply: Reply) -> str:
        """Put the whole reply in the place of what was shown; as `Channel.send`, also in what it
        returns and raises. After NotSent it may be ended again."""


@runtime_checkable
class Streaming(Protocol):
    """A platform that can show a reply while it is made."""

    async def begin(self, address: str) -> Stream | None:
        """A stream to where this address leads, None where it cannot be. Nothing stands there
        before the first sentence is added."""


@runtime_checkable
class RatesByMessage(Protocol):
    """A platform that tells what officers say of an answer by what `Channel.send` returned, and
    not by its `Reply.feedback`."""

    rates_by_message: Literal[True]


@runtime_checkable
class Together(Protocol):
    """A platform that can bring officers of one community together."""

    async def together(self, addresses: Sequence[str], reply: Reply) -> None:
        """Post a reply in a conversation of these officers and the bot, by the addresses that
        write to each of them alone. Raises NotSent or MaybeSent; anything else means it never
        will be."""


@runtime_checkable
class Publisher(Protocol):
    """A platform that can post in a place without being asked. A `place` is `Origin.place`; what
    is published stands in no thread."""

    @property
    def communities(self) -> Collection[str] | None:
        """Those that it can post in; None where that is not known."""

    async def publish(self, place: str, reply: Reply, key: str) -> None:
        """Post it once, marked with its `key` where the platform keeps such marks. Raises NotSent,
        MaybeSent or Gone; anything else means that it was not posted."""

    async def published(self, place: str, key: str, since: datetime) -> bool | None:
        """Whether something with this key was posted there since then; None where the platform
        cannot tell. Raises NotSent where it cannot tell now, or Gone."""

    async def hindrance(self, place: str) -> str:
        """Why nothing could be posted there, as a sentence that says what to do; "" where nothing
        is in the way, or that is not known."""


class Reception(Protocol):
    """What a listener hands on to; `bot.inbox` is the one there is."""

    async def accept(self, heard: Heard) -> bool:
        """Store it, and have it answered later. False where it is known already or overheard
        in a thread that is not followed. Returns within two seconds, whatever else goes on."""

    async def now(self, request: Request) -> Reply:
        """Answer within the turn, for what a platform waits for; an apology after two seconds."""

    async def search(self, request: Request) -> Reply:
        """As `now`, for what is found while somebody types: it counts as no answer."""

    async def home(self, origin: Origin) -> Sequence[Reply]:
        """What stands in the bot's own place for the person of an origin: sections, each with its
        heading, for their eyes alone. What cannot be found out says so in its section."""

    async def prompts(self, origin: Origin) -> Sequence[Action]:
        """What that person could write, four at most: labels, and values as they would write."""

    def post(self, heard: Heard, reply: Reply) -> None:
        """Send a reply that is ready, in the background."""

    async def joined(self, room: Room) -> None:
        """Keep where the bot may speak first."""

    async def left(self, community: str, channel: str) -> None:
        """Forget a room the bot was taken out of."""
