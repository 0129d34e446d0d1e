"""Whether quotes stand in their texts as a reader sees them, and every number has its source."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.conversation import Citation, Reply
from bot.evaluation.asked import Split
from bot.evaluation.figures import Measure
from bot.evaluation.marking import Marked
from knowledge.library import Library, Text
from knowledge.markdown import plain

_NUMBER = re.compile(r"\[(\d+)\]")


class Sources:
    """The texts as a reader sees them, white space aside."""

    def __init__(self, library: Library) -> None:
        self._texts = {text.id: _read(text) for text in library.texts}

    def hold(self, citation: Citation) -> bool:
        """Whether a quote is one unbroken run of the text it names."""
        return _folded(citation.quote) in self._texts.get(citation.document, "")


def citations(marked: Sequence[Marked], sources: Sources, split: Split) -> list[Measure]:
    """The figures of one half."""
    replies = [one.reply for one in marked]
    quoted = [(reply, citation) for reply in replies for citation in reply.citations]
    rows = (
        ("quotes that stand word for word in their text", [sources.hold(one) for _, one in quoted]),
        ("quotes shown in the answer", [one.quote in reply.text for reply, one in quoted]),
        ("answers in which every number has its source", [_numbered(one) for one in replies]),
        (
            "answered with a source",
            [bool(one.citations) for one in replies if one.status == "answered"],
        ),
    )
    return [Measure(name, split, sum(of) / len(of), len(of)) for name, of in rows if of]


def _numbered(reply: Reply) -> bool:
    named = {int(number) for number in _NUMBER.findall(reply.text)}
    return named == {citation.number for citation in reply.citations}


def _read(text: Text) -> str:
    return _folded(" ".join(plain(section.body) for section in text.sections))


def _folded(text: str) -> str:
    return " ".join(text.split())
