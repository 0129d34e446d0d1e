"""The letters that introductions are made of."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversation import Action, Reply
from bot.offers import Introduction, Offer, Profile
from bot.peers import wording
from bot.store import Letter
from bot.store.introductions import OPEN_FOR

TOGETHER = ("slack",)
"""Platforms on which the bot brings two officers into one conversation."""


def request(one: Introduction, peer: Profile) -> list[Letter]:
    """The wish, to the peer; where it cannot be passed on the asker is told."""
    unreached = _plain(wording.UNREACHED.format(wording.at(one.council)))
    back = Letter(one.community, one.asker, unreached, one.id)
    return [Letter(one.peer_community, one.peer, asked(one, peer), one.id, instead=(back,))]


def asked(one: Introduction, peer: Profile) -> Reply:
    """The wish, as the peer reads it."""
    until = one.asked_at + OPEN_FOR
    actions = (
        Action("accept", wording.ACCEPT, one.id),
        Action("not-now", wording.NOT_NOW, one.id),
        Action("stop-requests", wording.STOP, one.id),
    )
    return Reply("answered", wording.request(one.wish, peer.offer, until), actions=actions)


def introduction(one: Introduction, offer: Offer, platform: str) -> list[Letter]:
    """Both are brought together in one conversation where the peer's platform can, else each
    learns how to reach the other."""
    asker = Letter(one.community, one.asker, _plain(wording.accepted(offer, one)), one.id)
    peer = Letter(one.peer_community, one.peer, _plain(wording.accepting(one)), one.id)
    if one.community != one.peer_community or platform not in TOGETHER:
        return [asker, peer]
    both = _plain(wording.together(one.wish, offer))
    there = (one.community, one.asker, both, one.id)
    return [Letter(*there, together_with=one.peer, instead=(asker, peer))]


def to_asker(one: Introduction, words: str) -> Letter:
    """That nothing came of it, by which words."""
    told = _plain(words.format(wording.at(one.council), one.wish.line))
    return Letter(one.community, one.asker, told, one.id)


def expired(one: Introduction) -> Sequence[Letter]:
    """Nobody answered."""
    return [to_asker(one, wording.NO_ANSWER)]


def follow_up(one: Introduction) -> Sequence[Letter]:
    """Whether it helped."""
    actions = (
        Action("helped", wording.YES, f"{one.id}:yes"),
        Action("helped", wording.NO, f"{one.id}:no"),
    )
    question = Reply("answered", wording.HELPED.format(wording.at(one.council)), actions=actions)
    return [Letter(one.community, one.asker, question, one.id)]


def _plain(body: str) -> Reply:
    return Reply("answered", body)
