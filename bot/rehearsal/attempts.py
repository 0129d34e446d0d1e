"""Answers worded by a played language model, again and again: what of what it made up gets out."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, field
from random import Random

from bot.apart import Apart
from bot.conversation import Citation, Reply
from bot.rehearsal.model import KEY, MODEL, PlayedModel, played
from bot.settings import LanguageModel
from bot.writing.client import Model
from bot.writing.passages import Source
from bot.writing.sentences import Sentences
from bot.writing.wording import MARK
from bot.writing.writer import PATIENCE, Writer
from indexer.passages import Passage
from indexer.search import Index

MOST_QUOTES = 4


@dataclass
class Tried:
    """How many attempts there were, how many came out worded, and the sentences of them that were
    `delivered`; those that the model says are `unsupported`, and all that it made up. `results`
    count what became of the attempts, `plays` what was played."""

    attempts: int = 0
    worded: int = 0
    delivered: int = 0
    unsupported: list[str] = field(default_factory=list)
    made_up: int = 0
    supported: int = 0
    results: Counter[str] = field(default_factory=Counter)
    plays: Counter[str] = field(default_factory=Counter)


async def attempts(index: Index, n: int, seed: int) -> Tried:
    """Word n answers out of the passages of an index. What takes too long takes no time here."""
    chance, tried = Random(seed), Tried()
    source = Source(index)
    quotable = [one for one in index.passages if len(one.statements) > 2]
    later = itertools.count(step=1000)  # so that a model which fails is asked again each time
    async with played(seed) as peer:
        model = Model(LanguageModel(f"{peer.url}/v1", MODEL, KEY), PATIENCE)
        writer = Writer(
            model,
            Apart(),
            wait=lambda _: peer.stalled.wait(),
            tick=lambda: float(next(later)),
            note=lambda result: tried.results.update([result]),
        )
        try:
            for _ in range(n):
                await _attempt(writer, source, peer, _reply(quotable, chance), tried)
        finally:
            await model.close()
        tried.plays.update(peer.played)
    return tried


async def _attempt(
    writer: Writer, source: Source, peer: PlayedModel, reply: Reply, tried: Tried
) -> None:
    peer.stalled.clear()
    shown: list[str] = []

    async def told(sentence: str) -> bool:
        shown.append(sentence)
        return False

    made = await writer.beside(reply, reply.asked, source.given(reply), told, source.likeness)
    tried.attempts += 1
    tried.made_up += sum(not one.supported for one in peer.spoken)
    tried.supported += sum(one.supported for one in peer.spoken)
    summary = made.body.partition(MARK)[0] if made.worded else ""
    tried.worded += made.worded
    for said in dict.fromkeys((*_sentences(summary), *_sentences(" ".join(shown)))):
        tried.delivered += 1
        if not peer.supports(*said):
            tried.unsupported.append(f"{said[0]} {list(said[1])}")


def _sentences(summary: str) -> list[tuple[str, tuple[int, ...]]]:
    gathered = Sentences()
    found = [*gathered.add(summary), *gathered.rest()]
    return [(one.words, one.cited) for one in found]


def _reply(quotable: list[Passage], chance: Random) -> Reply:
    """An answer that quotes the first sentence of some passages, as it would go out unworded."""
    chosen = chance.sample(quotable, chance.randint(1, MOST_QUOTES))
    citations = tuple(
        Citation(number, one.document, one.kind, one.document, "", one.statements[0])
        for number, one in enumerate(chosen, start=1)
    )
    body = "\n\n".join(f"“{one.quote}” [{one.number}]" for one in citations)
    return Reply("answered", body, citations, asked=f"What is said of {chosen[0].heading}?")
