"""What an officer finds where a platform gives the bot a place of its own: what the assistant is,
what is held for them there, and what they could ask. Each section is what a command answers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from bot.conversation import Action, Command, Handle, Origin, Reply
from bot.cutting import cut

LONGEST = 2_500  # characters of a section; the whole is a command away
MORE = "There is more. To see all of it, write to me: {}."
ABOUT = Reply(
    "help",
    "I am an automated assistant. Ask me about the twelve digital outcomes and what councils did "
    "about them: I answer in sentences quoted from published texts, each with its source, and say "
    "so when I do not know. Check the source before you rely on an answer.\n\n"
    "To ask, write to me under Messages, mention me in a channel, or use the button below. Only "
    "you see this page; what its buttons answer comes as a direct message.",
    actions=(
        Action("open", "Ask a question", "ask"),
        Action("help", "What I can do"),
        Action("my-data", "What I hold of you"),
    ),
    heading="Outcomes assistant",
)
_EXAMPLES = (
    Action("ask", "What councils did", "Which councils use damp sensors?"),
    Action("ask", "What one outcome means", "What does inclusion mean?"),
    Action(
        "ask",
        "The outcomes of a project",
        "Which outcomes does a scheme that lends laptops to residents serve?",
    ),
)
_WAITING = Action("ask", "Questions that wait for an answer", "Show the open questions")
_MINE = Action("ask", "My projects", "Show my projects")
_REGISTER = Action("ask", "Register a project", "Register a project")


@dataclass(frozen=True, slots=True)
class _Section:
    """What stands under a heading: what a command answers, and buttons besides its own."""

    heading: str
    command: str
    text: str = ""
    buttons: tuple[Action, ...] = ()

    def asked(self, origin: Origin) -> Command:
        return Command(self.command, self.text, origin)


_PROJECTS = _Section(
    "My projects", "projects", "mine", (Action("open", "Register a project", "project"),)
)
_OWN = (
    _PROJECTS,
    _Section("My peer profile", "peers"),
    _Section("Digests I manage", "digest", "list"),
)
_OPEN = _Section("Open questions", "open")


async def home(answer: Handle, origin: Origin) -> tuple[Reply, ...]:
    """The sections, each with its heading, for the person of an origin. `answer` raises nothing.
    Who may not see open questions is refused them, and gets no such section."""
    asking = (answer(one.asked(origin)) for one in (*_OWN, _OPEN))
    *own, waiting = await asyncio.gather(*asking)
    sections = [*map(_shown, _OWN, own)]
    # Where another section failed, that is said often enough, also to those who get no such one.
    told = waiting.status == "failed" and all(one.status != "failed" for one in own)
    if waiting.status == "answered" or told:
        sections.append(_shown(_OPEN, waiting))
    return (ABOUT, *sections)


async def prompts(answer: Handle, origin: Origin) -> tuple[Action, ...]:
    """What the person of an origin could write, four at most: each value as they would write it.
    The last one is by what they may do and did. `answer` raises nothing."""
    asking = (answer(one.asked(origin)) for one in (_OPEN, _PROJECTS))
    waiting, mine = await asyncio.gather(*asking)
    own = _MINE if mine.citations else _REGISTER
    return (*_EXAMPLES, _WAITING if waiting.status == "answered" else own)


def _shown(section: _Section, reply: Reply) -> Reply:
    """As much of a reply as a section shows, with the sources that it cites there."""
    buttons = () if reply.status == "failed" else section.buttons
    told = replace(reply, heading=section.heading, actions=(*reply.actions, *buttons))
    body, rest = cut(reply.body, LONGEST)
    if not rest:
        return told
    cited = tuple(one for one in reply.citations if f"[{one.number}]" in body)
    words = f"{section.command} {section.text}".strip()
    return replace(told, body=f"{body}\n\n{MORE.format(words)}", citations=cited)
