"""The wordings in which a verified answer's question is known, and the one there is already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bot.answers.answerer import Answerer
from bot.answers.evidence import Vector
from bot.feedback.alike import COSINE, Asked, alike, asked
from bot.questions import OpenQuestion, Verified

MOST = 20  # kept with one answer


def worded(
    one: Verified,
    before: Verified | None,
    answered: Sequence[tuple[OpenQuestion, Asked]],
    answerer: Answerer,
) -> Verified:
    """An answer with the words in which those questions were asked, where its own question would
    not find it: whoever asks just that gets it. Those it had `before` stay, as long as it answers
    the same question."""
    found = [asked(one.question, answerer)]
    kept = [(text, asked(text, answerer)) for text in _kept(one, before, found[0], answerer)]
    texts: list[str] = []
    for text, read in (*kept, *((open_.text, read) for open_, read in answered)):
        finds_itself = alike(read, read)
        if finds_itself and len(texts) < MOST and not any(alike(read, known) for known in found):
            texts.append(text)
            found.append(read)
    return replace(one, wordings=tuple(texts))


def vectors(one: Verified, answerer: Answerer) -> bytes:
    """Of all its wordings, as they are kept."""
    return b"".join(asked(text, answerer).vector.tobytes() for text in one.asked)


def answering(
    texts: Sequence[str], found: Sequence[tuple[Verified, bytes, str]], answerer: Answerer
) -> Verified | None:
    """The verified answer that there is to one of these questions, whether its day has passed or
    not; of several the nearest. `found` is as the store gives it."""
    wanted = [asked(text, answerer) for text in texts]
    near = [
        (float(row @ mine.vector), one, text, row, mine)
        for one, vector, model in found
        for text, row in zip(one.asked, _rows(one, vector, model, answerer), strict=True)
        for mine in wanted
    ]
    for cosine, one, text, row, mine in sorted(near, key=lambda pair: -pair[0]):
        if cosine < COSINE:
            break
        if alike(mine, Asked(answerer.read(text), row)):
            return one
    return None


def _kept(
    one: Verified, before: Verified | None, wanted: Asked, answerer: Answerer
) -> tuple[str, ...]:
    """The wordings that an answer had before, where it still answers the same."""
    if before is None:
        return ()
    same = one.question == before.question or alike(wanted, asked(before.question, answerer))
    return before.wordings if same else ()


def _rows(one: Verified, vector: bytes, model: str, answerer: Answerer) -> Sequence[Vector]:
    """The vectors of all its wordings by the model that answers now."""
    known = vector if model == answerer.model else vectors(one, answerer)
    return list(np.frombuffer(known, dtype=np.float32).reshape(len(one.asked), -1))
