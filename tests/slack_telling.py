"""Answers that are told sentence by sentence while they are made, for the tests of Slack's
streams."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.conversation import Outcome, Reply, Request
from bot.delivery import Told
from bot.rehearsal.slack import SlackPeer
from bot.rehearsal.slack_payloads import mention
from bot.slack.feedback import DOWN, UP
from bot.store import Store
from tests.slack_desk import SOURCE, Bot, Desk, seen, serving

FELL, COST = "Damp fell by half in 40 homes. [1]", "Each sensor cost £90. [1]"
QUOTE = "Residents “slept better” [1]."
OUTCOMES = (Outcome("value", "Value for money"),)
ANSWER = Reply("answered", f"{FELL} {COST}\n\n- {QUOTE}", (SOURCE,), OUTCOMES, feedback="name-1")


@dataclass
class Teller:
    """Tells sentences of the reply that it is about to give; `now` is what its clock shows."""

    sentences: tuple[str, ...] = (FELL, COST)
    reply: Reply = ANSWER
    now: float = 0.0
    asked: list[Request] = field(default_factory=list)

    async def worded(self, request: Request, told: Told) -> Reply:
        self.asked.append(request)
        for sentence in self.sentences:
            await told(sentence)
        return self.reply

    def clock(self) -> float:
        return self.now


@pytest.fixture
def teller() -> Teller:
    return Teller()


@pytest.fixture
async def telling(peer: SlackPeer, store: Store, desk: Desk, teller: Teller) -> AsyncIterator[Bot]:
    """The bot, served with this teller."""
    served = serving(peer, store, desk.handle, worded=teller.worded, clock=teller.clock)
    async with served as bot:
        yield bot


def once(posted: dict[str, Any]) -> None:
    """All of the answer stands there, each part of it once."""
    words = seen(posted["blocks"])
    for part in (FELL, COST, QUOTE, "Damp sensors", "Outcomes: Value for money.", UP, DOWN):
        assert words.count(part) == 1, f"{part} in {words}"


async def asked(bot: Bot, text: str = "damp?") -> dict[str, Any]:
    """What stands there of the answer in the end, and only that."""
    await bot.peer.event(mention(text))
    (posted,) = await bot.answered(1)
    assert posted.get("streaming_state", "completed") == "completed"
    return posted
