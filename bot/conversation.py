"""What comes in from any channel and what goes back: meaning, never layout.

A listener turns a platform's event into one of the requests below, has it answered, and
gives the `Reply` to its renderer. Nothing here knows a platform, the store or the index.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.attached import Attached

Status = Literal["answered", "unsure", "clarify", "declined", "help", "invalid", "failed"]
Kind = Literal["outcome", "framework", "case-study", "guidance", "report", "project", "question"]
RoomKind = Literal["", "channel", "group", "private", "shared"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where and by whom something was said.

    `community` is where it was posted, never the speaker's home. `thread` names the
    conversation that follow-up questions refer back to; an empty one stands alone.
    `person` is the platform's opaque id, or "" where there is none (a batch). `platform` is the
    one it came by; `address` is how that writes to the person alone, later, and for it alone to
    read. `alone` where nobody else sees what was said.

    `room` is the kind of place: a channel, a chat of several, or a channel that is private or
    shared with others where the platform keeps those apart; "" for a chat of two. `closed` where a
    channel may be one that not everybody of the community can read. `place` is how
    the platform posts there later, for everyone, in the same thread if there was one; "" where it
    cannot. `link` leads people to what was said, "" where nothing does.
    """

    community: str
    channel: str = ""
    thread: str = ""
    person: str = ""
    platform: str = ""
    address: str = ""
    alone: bool = False
    room: RoomKind = ""
    place: str = ""
    link: str = ""
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A message addressed to the bot, its mention already taken off."""

    text: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Command:
    """`/outcomes NAME TEXT`; `name` is lower case and may be empty. `files` came with it, where a
    channel's forms take none."""

    name: str
    text: str
    origin: Origin
    files: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button of an earlier reply: its `Action.id` and `Action.value`."""

    action: str
    value: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Submitted:
    """A form filled in: its `Form.id`, a value for each field's id, and its `Form.key`.

    What was chosen in a field of `choices` is joined by commas. Of a field for a file the value is
    the file's name, and the file itself is among the `files`."""

    form: str
    values: dict[str, str]
    origin: Origin
    key: str = ""
    files: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True)
class Marked:
    """A message picked out to be registered as a project; `author` is who wrote it."""

    text: str
    author: str
    origin: Origin


Request = Asked | Command | Pressed | Submitted | Marked


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote with its source. `number` is the `[n]` that stands behind it in the text.

    Of a text that a community brought in also the `page` that the quote begins on, 0 for none, and
    the `heading` above it; whether a person has `confirmed` what the text is said to be; and where
    else the same text is found, as titles and addresses (`also`). Its `url` may be "".
    """

    number: int
    document: str
    kind: Kind
    title: str
    url: str
    quote: str
    councils: tuple[str, ...] = ()
    year: int | None = None
    page: int = 0
    heading: str = ""
    confirmed: bool = True
    also: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """A button. `value` comes back in `Pressed`; `id` says what it does. One with the id "open"
    is answered with a form."""

    id: str
    label: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a field that offers several. `value` holds no comma."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a form. One of the `choices` is picked when `kind` is "choice", any number of
    them when it is "choices"; a "date" is written 2026-12-24, a "time" 09:30; a "file" is attached,
    and left out by a channel that takes none. `value` is what it holds at first, as `Submitted`
    would give it; `fault` what is wrong with what was filled in."""

    id: str
    label: str
    kind: Literal["text", "paragraph", "choice", "choices", "date", "time", "file"] = "text"
    required: bool = True
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    longest: int = 4000
    value: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """Questions a channel shows as its own form; comes back as `Submitted`, with the `key`, which
    nobody sees. `lead` stands above the fields, with the sources that its `[n]` name. The answer
    to a form may be another: the same with its faults, or the next step."""

    id: str
    title: str
    fields: tuple[Field, ...]
    submit: str = "Send"
    key: str = ""
    lead: str = ""
    citations: tuple[Citation, ...] = ()

    @property
    def faulty(self) -> bool:
        """Whether it is shown again for what is wrong with what was filled in."""
        return any(field.fault for field in self.fields)


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome an answer touches. `judged` where the link is our reading, not the publisher's."""

    id: str
    name: str
    judged: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """An unbroken run of a document that speaks for an outcome."""

    document: str
    quote: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An outcome a project may serve, with how sure that is (0 to 1) and why. `selected` where
    it is likely enough to be proposed."""

    outcome: Outcome
    confidence: float
    selected: bool
    because: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Alike:
    """A council that did similar work: the texts that tell of it, best first, and why it is
    named, in a sentence."""

    council: str
    documents: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Peer:
    """An officer who agreed to be asked, by the random id of their offer: never by name. `why`
    is a sentence."""

    id: str
    council: str
    why: str


@dataclass(frozen=True, slots=True)
class Share:
    """How many projects of a community serve an outcome."""

    outcome: Outcome
    projects: int


BAR = 12  # characters of the longest bar


@dataclass(frozen=True, slots=True)
class Spread:
    """How a community's projects spread over the outcomes: the most first, those without a
    project last. A channel that can, draws it; `lines` are the same in words."""

    title: str
    shares: tuple[Share, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """The title, a bar for each outcome that has projects, and the names of those that have
        none."""
        most = max((one.projects for one in self.shares), default=0)
        bars = [
            f"{'█' * max(1, round(BAR * one.projects / most))} {one.outcome.name} {one.projects}"
            for one in self.shares
            if one.projects
        ]
        without = ", ".join(one.outcome.name for one in self.shares if not one.projects)
        return (self.title, *bars, *((f"None yet: {without}.",) if without else ()))


def praise(feedback: str, origin: Origin) -> Pressed:
    """An officer says that an answer, by its `Reply.feedback`, helped."""
    return Pressed("helped", feedback, origin)


def complaint(feedback: str, origin: Origin) -> Pressed:
    """An officer says that it did not. Answered with a form of one field, `reason`, that need
    not be filled in; what was said counts without it."""
    return Pressed("open", f"wrong:{feedback}", origin)


def complaint_with(feedback: str, reason: str, origin: Origin) -> Submitted:
    """The same with a reason or "", where a platform asks for it with a form of its own."""
    return Submitted("wrong", {"reason": reason}, origin, feedback)


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, complete in `text` alone.

    `body` is the answer; `text` is the body with the closing lines (outcomes, councils)
    that a renderer may show as parts of their own instead. Every `[n]` in `body` has its
    citation, and every citation its `[n]`. `heading` is the question, where the answer does
    not stand below it. `id` names a reply that is kept, to be read on or shared. `suggestions`
    are all twelve outcomes, best first, where a project was to be tagged. `following` says that
    from this reply on the bot reads the thread. What is `private` is for the asker's eyes alone.
    `alike` and `peers` are the councils and the officers that the body names. Where `linked`,
    a line names its source by its title: a renderer that can makes that title the link, in the
    place of the `[n]` and of the list of sources. `spread` stands below the body. `feedback`
    names an answer that officers may say of whether it helped, "" for none: see `praise` and
    `complaint`. `surety` is how likely it is right (0 to 1), None where that was not weighed.
    `worded` where a language model put some of it into words. `asked` is the question that was
    answered, made whole, for whoever words the answer; it is shown and kept nowhere.
    """

    status: Status
    body: str
    citations: tuple[Citation, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    councils: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    form: Form | None = None
    heading: str = ""
    id: str = ""
    suggestions: tuple[Suggestion, ...] = ()
    following: bool = False
    private: bool = False
    alike: tuple[Alike, ...] = ()
    peers: tuple[Peer, ...] = ()
    linked: bool = False
    spread: Spread | None = None
    feedback: str = ""
    surety: float | None = None
    worded: bool = False
    asked: str = ""

    @property
    def text(self) -> str:
        """The whole answer in plain text: for notifications, screen readers, the terminal."""
        bars = "\n".join(self.spread.lines) if self.spread else ""
        return "\n\n".join(part for part in (self.heading, self.body, bars, *self.closing) if part)

    @property
    def closing(self) -> tuple[str, ...]:
        """The lines that end an answer: the outcomes it touches, the councils that did it."""
        outcomes = ", ".join(outcome.name for outcome in self.outcomes)
        reading = " (our reading)" if any(outcome.judged for outcome in self.outcomes) else ""
        lines = []
        if outcomes:
            lines.append(f"Outcomes: {outcomes}{reading}.")
        if self.councils:
            lines.append(f"Councils: {', '.join(self.councils)}.")
        return tuple(lines)


Handle = Callable[[Request], Awaitable[Reply]]
Collect = Callable[[Origin], Awaitable[Sequence[Reply]]]
"""What waits for the person of an origin, each once, on a channel that cannot write to them."""
