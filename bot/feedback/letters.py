"""What is written to those who wait for an answer, and to those whose answer is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.answers.answerer import Answerer
from bot.answers.shelf import Shelf
from bot.conversation import Action, Reply
from bot.feedback import giving, wording
from bot.questions import OpenQuestion, Verified
from bot.store import Letter


def telling(
    one: Verified, answers: Sequence[OpenQuestion], answerer: Answerer, shelf: Shelf
) -> list[Letter]:
    """A verified answer, to each place and to each who waits, once."""
    letters = []
    for asked in _once(answers):
        given = giving.given(one, asked.text, answerer, shelf)
        lead = wording.answered_here(asked.text) if asked.place else wording.you_asked(asked.text)
        reply = replace(given, body=f"{lead}\n\n{given.body}")
        letters.append(_posted(reply, one, asked) if asked.place else _sent(reply, asked))
    return letters


def none_coming(questions: Sequence[OpenQuestion]) -> list[Letter]:
    """To each who waits, that no answer comes."""
    waiting = (one for one in _once(questions) if not one.place)
    return [_sent(Reply("answered", wording.not_for_us(one.text)), one) for one in waiting]


def still(one: Verified, keys: Sequence[str]) -> list[Letter]:
    """To each of these officers, whether it still holds."""
    actions = (
        Action("verify-again", wording.AGAIN_ONE, one.id),
        Action("open", wording.CHANGE_ONE, f"verified:{one.id}"),
        Action("verified-end", wording.END_ONE, one.id),
    )
    return [
        Letter(
            one.community,
            key,
            Reply("answered", wording.still(one, theirs=key == one.author), actions=actions),
        )
        for key in keys
    ]


def _posted(reply: Reply, one: Verified, asked: OpenQuestion) -> Letter:
    """In the thread where others saw it asked; its author learns where it cannot be."""
    lost = Reply("failed", wording.not_posted(asked.text))
    back = (Letter(one.community, one.author, lost),)
    there = {"platform": asked.platform, "place": asked.place}
    return Letter(one.community, one.author, reply, instead=back, **there)


def _sent(reply: Reply, asked: OpenQuestion) -> Letter:
    return Letter(asked.community, asked.asker, reply)


def _once(questions: Sequence[OpenQuestion]) -> list[OpenQuestion]:
    """One for each place, and for each who waits alone."""
    found: dict[tuple[str, str], OpenQuestion] = {}
    for one in questions:
        found.setdefault((one.place, "" if one.place else one.asker), one)
    return [one for one in found.values() if one.place or one.asker]
