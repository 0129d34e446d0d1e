"""The passages that a reply quotes from, as a language model is given them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answers.places import short_name
from bot.conversation import Reply
from bot.writing.support import Passage
from indexer.engine import Array
from indexer.passages import Passage as Indexed
from indexer.search import Index
from knowledge.library import CaseStudy, Text


@dataclass(frozen=True, slots=True)
class Given:
    """A passage by the number of the citation that quotes it."""

    number: int
    title: str
    indexed: Indexed
    carries: Passage


class Source:
    """One index, as far as the words of a model are held against it."""

    def __init__(self, index: Index) -> None:
        self.id = index.id
        self._index = index
        self._vectors: dict[str, Array] = {}
        self._passages: dict[str, list[Indexed]] = {}
        for one in index.passages:
            self._passages.setdefault(one.document, []).append(one)

    def whole(self, reply: Reply) -> bool:
        """Whether all that a reply cites is in it, apart from what officers registered."""
        cited = (one.document for one in reply.citations if one.kind != "project")
        return all(self._index.library.get(document) is not None for document in cited)

    def given(self, reply: Reply) -> tuple[Given, ...]:
        """A passage for each citation of a published text. What officers registered stays here."""
        found = (
            self._given(one.number, one.document, one.quote)
            for one in reply.citations
            if one.kind != "project"
        )
        return tuple(one for one in found if one)

    def likeness(self, said: str, given: Given) -> float:
        """The cosine of what is said and the nearest sentence of a passage, each by itself. The
        index has its sentences' vectors as they stand in their passage, which are nearer to that
        than to a sentence in other words."""
        one = given.indexed
        if one.id not in self._vectors:
            self._vectors[one.id] = self._index.encode(one.statements)
        return float((self._vectors[one.id] @ self._index.encode([said])[0]).max())

    def _given(self, number: int, document: str, quote: str) -> Given | None:
        text = self._index.library.get(document)
        for one in self._passages.get(document, ()):
            if text and _plain(quote) in _plain(one.text):
                return Given(number, text.title, one, Passage(one.statements, own_names(text)))
        return None


def own_names(text: Text) -> tuple[str, ...]:
    """What the one council that a text is about is called; nothing where it is about several."""
    if not isinstance(text, CaseStudy) or len(text.councils) != 1:
        return ()
    (name,) = text.councils
    return tuple(dict.fromkeys((name, short_name(name))))


def asked(question: str, passages: Sequence[Given]) -> str:
    """Question and passages as data: JSON, out of which no text can break."""
    told = [
        {"number": one.number, "title": one.title, "text": one.indexed.text} for one in passages
    ]
    return json.dumps({"question": question, "passages": told}, ensure_ascii=False)


def _plain(text: str) -> str:
    return " ".join(text.split())
