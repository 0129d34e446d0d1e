"""Verified answers given: above what the texts say, and written to those who wait for one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from bot.answers.answerer import Answerer
from bot.answers.language import words
from bot.answers.shelf import Shelf
from bot.conversation import Citation, Reply
from bot.feedback import wording
from bot.feedback.alike import CLOSE, Asked, alike, asked, close
from bot.feedback.sources import is_link
from bot.questions import Verified

_MARK = r"\[(\d+)\]"


@dataclass(frozen=True, slots=True)
class Found:
    """The verified answer to a question; or, where there is none, one to a question so close that
    it may be meant."""

    alike: Verified | None = None
    close: Verified | None = None


def found(question: str, answerer: Answerer, shelf: Shelf, today: date) -> Found:
    """Of several the nearest. What no longer stands, or rests on nothing but what is hidden here,
    is none."""
    if not shelf.verified:
        return Found()
    wanted, near = asked(question, answerer), None
    cosines = shelf.verified_rows @ wanted.vector
    told = [(one, text) for one in shelf.verified for text in one.asked]
    for row in map(int, np.argsort(-cosines, kind="stable")):
        if cosines[row] < CLOSE:
            break
        one, text = told[row]
        theirs = Asked(answerer.read(text), shelf.verified_rows[row])
        if not standing(one, answerer, shelf, today):
            continue
        if alike(wanted, theirs):
            return Found(one)
        near = near or (one if close(wanted, theirs) else None)
    return Found(close=near)


def standing(one: Verified, answerer: Answerer, shelf: Shelf, today: date) -> bool:
    """Whether an answer may be given: in its time, and resting on something that can be shown."""
    return one.until >= today and _shown(one, answerer, shelf.hidden)


def given(one: Verified, question: str, answerer: Answerer, shelf: Shelf) -> Reply:
    """A verified answer on its own, with its sources."""
    documents = _shown_texts(one, answerer, shelf.hidden)
    citations = answerer.cited(documents, f"{one.question} {one.answer}", shelf.hidden)
    quotes = (f"{_label(cited)}“{cited.quote}” [{cited.number}]" for cited in citations)
    links = (source for source in one.sources if is_link(source))
    same = words(question) == words(one.question)
    about = "" if same else wording.WRITTEN_FOR.format(one.question)
    sources = "\n".join(f"- {line}" for line in (*quotes, *links))
    body = "\n\n".join(filter(None, (wording.stands(one), about, sources)))
    councils = tuple(dict.fromkeys(name for cited in citations for name in cited.councils))
    return Reply("answered", body, citations, councils=councils)


def above(first: Reply, reply: Reply) -> Reply:
    """A verified answer with what the texts say below it; alone where they do not answer."""
    if reply.status != "answered":
        return first
    by = len(first.citations)
    citations = tuple(replace(one, number=one.number + by) for one in reply.citations)
    body = f"{first.body}\n\n{wording.FROM_TEXTS}\n\n{_shifted(reply, by)}"
    councils = tuple(dict.fromkeys((*first.councils, *reply.councils)))
    return replace(reply, body=body, citations=(*first.citations, *citations), councils=councils)


def _shifted(reply: Reply, by: int) -> str:
    """A body whose sources have higher numbers; what stands in a quote stays as it is."""
    quotes = sorted((re.escape(one.quote) for one in reply.citations), key=len, reverse=True)
    numbers = {one.number for one in reply.citations}

    def moved(match: re.Match[str]) -> str:
        number = int(match[1]) if match[1] else 0
        return f"[{number + by}]" if number in numbers else match[0]

    return re.sub("|".join((*quotes, _MARK)), moved, reply.body)


def _label(cited: Citation) -> str:
    year = f" ({cited.year})" if cited.year else ""
    return f"{cited.title}{year}: "


def _shown(one: Verified, answerer: Answerer, hidden: frozenset[str]) -> bool:
    """Whether something that it rests on can be shown."""
    links = any(is_link(source) for source in one.sources)
    return links or bool(_shown_texts(one, answerer, hidden))


def _shown_texts(one: Verified, answerer: Answerer, hidden: frozenset[str]) -> Sequence[str]:
    texts = (source for source in one.sources if not is_link(source))
    return [text for text in texts if text not in hidden and answerer.library.get(text)]
