"""The questions asked, and each answer held against what is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.conversation import Asked, Handle, Origin, Reply
from bot.evaluation.asked import Question
from indexer.progress import Progress, silent

_SHOWN = 5  # citations that are looked at for a right document


@dataclass(frozen=True, slots=True)
class Marked:
    """A question with its answer; what it did well is worked out from the two."""

    question: Question
    reply: Reply

    @property
    def cited(self) -> list[str]:
        return list(dict.fromkeys(citation.document for citation in self.reply.citations))

    @property
    def first_right(self) -> bool:
        return bool(self.cited) and self.cited[0] in self.question.documents

    @property
    def any_right(self) -> bool:
        return any(document in self.question.documents for document in self.cited[:_SHOWN])

    @property
    def holds(self) -> bool:
        text = self.reply.text.lower()
        return all(
            any(one.lower() in text for one in entry.split("|")) for entry in self.question.holds
        )

    @property
    def avoids(self) -> bool:
        return not any(word.lower() in self.reply.text.lower() for word in self.question.avoid)

    @property
    def as_expected(self) -> bool:
        return self.reply.status in self.question.status

    @property
    def shows_it(self) -> bool:
        """Whether all that was asked for is shown, from a right text, however surely."""
        return self.question.clear and self.first_right and self.holds

    @property
    def right(self) -> bool:
        """Nothing half: answered with all that was asked for, or rightly not answered."""
        if self.question.unanswerable:
            return self.reply.status != "answered"
        return self.shows_it and self.reply.status == "answered"


async def mark(
    handle: Handle, asked: Sequence[Question], community: str, progress: Progress = silent
) -> list[Marked]:
    """Ask every question in order, each dialogue in a thread of its own."""
    marked = []
    with progress("Asking", len(asked)) as advance:
        for question in asked:
            thread = question.thread and f"evaluation-{question.thread}"
            origin = Origin(community, "evaluation", thread)
            marked.append(Marked(question, await handle(Asked(question.text, origin))))
            advance(1)
    return marked
