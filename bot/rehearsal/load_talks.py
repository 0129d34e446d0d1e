"""What officers say for hours: short talks of several questions, in five kinds of places, and how
an answer is known again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Literal

from bot.rehearsal.slack import SlackPeer
from bot.rehearsal.slack_payloads import command, direct, mention, message
from bot.rehearsal.teams import TENANT, TeamsPeer, by

Kind = Literal["mention", "overheard", "direct", "command", "chat", "post"]
SLACK: tuple[Kind, ...] = ("mention", "overheard", "direct", "command")
TEAMS: tuple[Kind, ...] = ("chat", "post")
LONGEST = 4  # questions in a talk
OVERHEARD_AFTER = 2.0  # seconds until somebody who does not name the bot can have read its answer
_COMMANDS = ("find damp sensors", "list", "find digital inclusion", "ask what is channel shift?")
_Json = dict[str, Any]


@dataclass
class Talk:
    """Questions said in one place after each other, and the words of their right answers. What is
    `overheard` does not name the bot after the first."""

    kind: Kind
    questions: tuple[str, ...]
    answers: tuple[str, ...] = ()

    @property
    def telling(self) -> bool:
        """Whether its answers all differ, so that their order can be seen."""
        return len(set(self.answers)) == len(self.questions)


def talks(dialogues: Sequence[Sequence[str]], alone: Sequence[str], most: int) -> list[Talk]:
    """Dialogues as they are, and single questions put together in pairs; on both platforms alike,
    commands among them."""
    lines = [tuple(one)[:LONGEST] for one in dialogues]
    pairs = list(zip(alone[::2], alone[1::2], strict=False))
    both = [line for two in zip(lines, pairs, strict=False) for line in two]
    kinds: tuple[Kind, ...] = ("mention", "chat", "overheard", "post", "direct", "chat")
    held = [*both, *pairs[len(lines) :]][: most - len(_COMMANDS)]
    made = [Talk(kinds[number // 2 % len(kinds)], line) for number, line in enumerate(held)]
    return [*made, *(Talk("command", (one,)) for one in _COMMANDS)]


@dataclass
class Conversation:
    """A talk held in a place of its own. `sending` is each question's on its way, `asked` and
    `told` are when each was asked and answered, `words` what was answered, as it arrived."""

    talk: Talk
    number: int
    ready: float = 0.0
    first: str = ""  # the name of the message that began it
    sending: list[asyncio.Task[None]] = field(default_factory=list)
    asked: list[float] = field(default_factory=list)
    told: list[float] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    said: int = 0

    @property
    def over(self) -> bool:
        return self.said == len(self.talk.questions)


@dataclass(frozen=True)
class Arrival:
    """One request: when it comes, by which process, and whether it was sent before."""

    at: float
    conversation: Conversation
    which: int
    process: int
    again: bool = False


def plan(
    held: Sequence[Talk], *, rate: float, seconds: float, processes: int, seed: int = 10
) -> list[Arrival]:
    """Who says what when, on both platforms in turn, each by the next process; some of it sent
    twice, the second time to another process than the first."""
    chance, numbers, arrivals = Random(seed), iter(range(10**9)), []
    sides = [[one for one in held if one.kind in side] for side in (SLACK, TEAMS)]
    going: tuple[list[Conversation], list[Conversation]] = ([], [])
    for number in range(round(rate * seconds)):
        at, side = number / rate, number % 2
        ready = [one for one in going[side] if one.ready <= at]
        if ready and chance.random() < 0.6:
            one = chance.choice(ready)
        else:
            one = Conversation(chance.choice(sides[side]), next(numbers))
            going[side].append(one)
        arrivals.append(Arrival(at, one, one.said, number % processes))
        if one.talk.kind != "command" and chance.random() < 0.04:
            later = at + chance.choice((0.0, 0.2, 1.0))
            arrivals.append(Arrival(later, one, one.said, (number + 1) % processes, again=True))
        one.said += 1
        one.ready = at + (OVERHEARD_AFTER if one.talk.kind == "overheard" else 0.0)
        going[side][:] = [left for left in going[side] if not left.over]
    return sorted(arrivals, key=lambda one: one.at)


class Speech:
    """Requests as the platforms make them; one that is sent again is the same."""

    def __init__(self, slack: SlackPeer, teams: TeamsPeer) -> None:
        self._slack, self._teams = slack, teams
        self._made: dict[tuple[int, int], _Json] = {}
        self.places: dict[str, Conversation] = {}

    def of(self, arrival: Arrival) -> _Json:
        """The body of a request. Where its answer will stand is noted."""
        one, which = arrival.conversation, arrival.which
        if arrival.again:
            return self._made[one.number, which]
        made = self._event(one, which) if one.talk.kind in SLACK else self._activity(one, which)
        self._made[one.number, which] = made
        return made

    def _event(self, one: Conversation, which: int) -> _Json:
        text, person = one.talk.questions[which], f"U0LOAD{one.number % 500:05}"
        if one.talk.kind == "command":
            url = self._slack.response_url()
            self.places[url] = one
            return command(text, url, user_id=person, channel_id="C0COMMAND")
        if one.talk.kind == "direct":
            channel = f"D0LOAD{one.number:07}"
            self.places[channel] = one
            return direct(text, channel=channel, user=person)
        inside = {"thread_ts": one.first} if which else {}
        said = message if which and one.talk.kind == "overheard" else mention
        # A channel that messages are heard in is known to be open to all, one of mentions is not.
        channel = f"C0{one.talk.kind.upper()}{one.number % 50:02}"
        body = said(text, channel=channel, user=person, **inside)
        if not which:
            one.first = body["event"]["ts"]
            self.places[f"{channel} {one.first}"] = one
        return body

    def _activity(self, one: Conversation, which: int) -> _Json:
        text, person = one.talk.questions[which], by(f"load{one.number % 500}")
        if one.talk.kind == "post":
            post = f"{1_700_000_000_000 + one.number}"
            body = self._teams.mention(text, post, **person)
        else:
            chat = {"id": f"a:load{one.number}", "conversationType": "personal"}
            body = self._teams.message(text, conversation={**chat, "tenantId": TENANT}, **person)
        self.places[body["conversation"]["id"]] = one
        return body


def words(said: object) -> str:
    """All that can be read of a message, whatever its buttons carry unseen."""
    return "\n".join(_texts(said))


def _texts(said: object) -> Iterator[str]:
    if isinstance(said, list):
        for one in said:
            yield from _texts(one)
    elif isinstance(said, dict):
        for name, one in said.items():
            if name in ("text", "title") and isinstance(one, str):
                yield one
            else:
                yield from _texts(one)
