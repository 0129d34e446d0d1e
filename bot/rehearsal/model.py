"""A language model played on this computer: OpenAI's chat completions, streamed, for better and
for worse. It knows which of its sentences are unsupported."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

from aiohttp import web

from bot.rehearsal.inventions import FAITHFUL, INVENTED, ORDERS, Material
from knowledge.markdown import statements

MODEL, KEY = "played", "played-key"
# How often each is played where nothing is asked for.
MIX = {
    "good": 12,
    "inventing": 55,
    "citing wrongly": 10,
    "ordered": 6,
    "slow": 4,
    "broken": 5,
    "429": 4,
    "500": 4,
}
SENTENCES = 3  # of an answer
FORGETS = 400  # sentences of passages given earlier that it may mix up with these
_SIGNS = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence as it was sent, the passages it cites, and how it was made."""

    words: str
    cited: tuple[int, ...]
    supported: bool
    made: str

    @property
    def text(self) -> str:
        return " ".join((self.words, *(f"[{one}]" for one in self.cited)))


@dataclass(frozen=True, slots=True)
class _Given:
    number: int
    title: str
    sentences: tuple[str, ...]


Play = Callable[[Sequence[_Given]], list[Spoken]]


@dataclass
class PlayedModel:
    """One model. `plays` are what it does next, one a request; then whatever chance says.

    `spoken` is what it sent last, `played` how, `asked` the bodies it was sent, `keys` with which
    they came."""

    chance: Random
    url: str = ""
    plays: list[str] = field(default_factory=list)
    spoken: list[Spoken] = field(default_factory=list)
    played: list[str] = field(default_factory=list)
    asked: list[Any] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    stalled: asyncio.Event = field(default_factory=asyncio.Event)
    _earlier: list[str] = field(default_factory=list)

    def supports(self, words: str, cited: Sequence[int]) -> bool:
        """Whether the last answer holds just this sentence and it is supported."""
        return any(
            one.supported and _bare(one.words) == _bare(words) and set(one.cited) == set(cited)
            for one in self.spoken
        )

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One request for a completion."""
        body = await request.json()
        self.asked.append(body)
        self.keys.append(request.headers.get("api-key") or request.headers["Authorization"])
        play = self.plays.pop(0) if self.plays else self._by_chance()
        self.played.append(play)
        self.spoken = []
        if play in ("429", "500"):
            fault = {"error": {"message": "played", "type": "played"}}
            return web.json_response(fault, status=int(play))
        passages = _given(body["messages"][1]["content"])
        self.spoken = self._said(play, passages)
        self._remember(passages)
        return await self._streamed(request, play)

    def _by_chance(self) -> str:
        return self.chance.choices(list(MIX), list(MIX.values()))[0]

    def _said(self, play: str, passages: Sequence[_Given]) -> list[Spoken]:
        ways: dict[str, Play] = {
            "inventing": self._inventing,
            "citing wrongly": self._citing_wrongly,
            "ordered": self._ordered,
        }
        return ways[play](passages) if play in ways else self._faithful(passages)

    def _faithful(self, passages: Sequence[_Given]) -> list[Spoken]:
        return [self._true(self.chance.choice(passages)) for _ in range(SENTENCES)]

    def _inventing(self, passages: Sequence[_Given]) -> list[Spoken]:
        """One true sentence among those made up, so that not all can be refused."""
        said = [self._invented(self.chance.choice(passages)) for _ in range(SENTENCES - 1)]
        said.insert(self.chance.randrange(SENTENCES), self._true(self.chance.choice(passages)))
        return said

    def _citing_wrongly(self, passages: Sequence[_Given]) -> list[Spoken]:
        """Passages that were not given, none at all, or another one than it is from."""
        said = []
        for one in self._faithful(passages):
            others = [other.number for other in passages if other.number not in one.cited]
            wrong: list[tuple[int, ...]] = [(97,), (), (*one.cited, 98)]
            wrong += [(other,) for other in others]
            said.append(Spoken(one.words, self.chance.choice(wrong), False, "citing wrongly"))
        return said

    def _ordered(self, passages: Sequence[_Given]) -> list[Spoken]:
        number = passages[0].number
        said = [Spoken(self.chance.choice(ORDERS), (number,), False, "ordered") for _ in range(2)]
        return [*said, self._true(self.chance.choice(passages))]

    def _true(self, given: _Given) -> Spoken:
        material = self._material(given)
        name = self.chance.choice(list(FAITHFUL))
        words = FAITHFUL[name](material, self.chance) or material.sentence
        return Spoken(words, (given.number,), True, name)

    def _invented(self, given: _Given) -> Spoken:
        material = self._material(given)
        names = list(INVENTED)
        self.chance.shuffle(names)
        for name in names:
            words = INVENTED[name](material, self.chance)
            if words and _bare(words) not in map(_bare, given.sentences):
                return Spoken(words, (given.number,), False, name)
        raise AssertionError("something can always be made up")

    def _material(self, given: _Given) -> Material:
        sentence = self.chance.choice(given.sentences)
        other = tuple(one for one in self._earlier if one not in given.sentences)
        return Material(sentence, given.sentences, given.title, other)

    def _remember(self, passages: Sequence[_Given]) -> None:
        self._earlier += [told for one in passages for told in one.sentences]
        del self._earlier[:-FORGETS]

    async def _streamed(self, request: web.Request, play: str) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(_event({"role": "assistant", "content": ""}))
        text = " ".join(one.text for one in self.spoken)
        end = len(text) if play not in ("slow", "broken") else self.chance.randrange(len(text))
        for piece in self._pieces(text[:end]):
            await response.write(_event({"content": piece}))
        if play == "slow":
            self.stalled.set()
            await asyncio.Event().wait()  # until whoever asked has gone
        if play == "broken" and request.transport:
            request.transport.abort()
            return response
        await response.write(_event({}, "stop") + b"data: [DONE]\n\n")
        return response

    def _pieces(self, text: str) -> list[str]:
        pieces, start = [], 0
        while start < len(text):
            size = self.chance.randint(3, 40)
            pieces.append(text[start : start + size])
            start += size
        return pieces


@asynccontextmanager
async def played(seed: int, plays: Sequence[str] = ()) -> AsyncIterator[PlayedModel]:
    """A model that is served on a free port of this computer."""
    model = PlayedModel(Random(seed), plays=list(plays))
    application = web.Application()
    application.router.add_post("/v1/chat/completions", model.answer)
    application.router.add_post("/openai/deployments/{model}/chat/completions", model.answer)
    runner = web.AppRunner(
        application, access_log=None, handler_cancellation=True, shutdown_timeout=1.0
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        model.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield model
    finally:
        await runner.cleanup()


def _given(data: str) -> list[_Given]:
    told = json.loads(data)["passages"]
    found = (
        _Given(
            int(one["number"]),
            str(one["title"]),
            tuple(said for line in str(one["text"]).splitlines() for said in statements(line)),
        )
        for one in told
    )
    return [one for one in found if one.sentences]


def _event(delta: dict[str, str], finish: str | None = None) -> bytes:
    chunk = {
        "id": "played",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": MODEL,
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }
    return f"data: {json.dumps(chunk)}\n\n".encode()


def _bare(words: str) -> str:
    return _SIGNS.sub(" ", words).strip().lower()
