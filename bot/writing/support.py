"""Whether a passage carries a sentence: word by word and in its order, with nothing left out but
what can be left out without turning the rest. What is not so is refused, true or not."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.writing.tokens import Token, tokens

# What may hang at a sentence without carrying it: after a comma, to the next one or to the end.
_HANGS = frozenset("including such which who whose using with especially".split())
_TAILS = _HANGS | frozenset("and so making giving saving helping letting".split())
# Words that turn or narrow what stands beside them: nothing that holds one is left out.
WEIGHS = frozenset(
    # not so, or only if
    "not no never nor neither none nobody nothing without cannot can't don't doesn't didn't isn't "
    "aren't wasn't weren't won't wouldn't couldn't shouldn't hasn't haven't hadn't hardly barely "
    "unable rather instead avoid avoids avoided avoiding fail fails failed failing failure refuse "
    "refuses refused stop stops stopped prevent prevents prevented lack lacks lacked too little "
    "if unless whether provided providing otherwise when where while once until till before after "
    "condition conditions subject pending consent permission agreement invitation depends "
    "depending long theory principle practice "
    # not yet, or not sure
    "may might could would should must will shall hope hopes hoped hoping plan plans planned "
    "planning aim aims aimed aiming expect expects expected intend intends intended propose "
    "proposes proposed proposal target targets estimate estimates estimated forecast forecasts "
    "projected potential potentially likely possible possibly perhaps probably consider considers "
    "considered want wants wanted try tries tried trying ahead promise promises promised agree "
    "agrees agreed need needs needed ask asks asked bid bids due future later next soon begin "
    "pilot pilots piloted trial trials trialled test tests tested draft interim temporary small "
    "simulated modelled hypothetical "
    # somebody says so
    "said says say saying told claims claimed claim argues argued reported reports reportedly "
    "stress stresses believes believe thinks thought according disputed disputes contested "
    "denied unproven unclear doubt doubts warned warns "
    # of whom, how much and how long
    "all every each entire whole always full fully some several few partly part parts sometimes "
    "mostly most many half third quarter double twice only just sole solely alone nearly almost "
    "under below fewer less over above exceeding beyond more than least minimum up down maximum "
    "about around roughly approximately between best biggest largest highest main worst smallest "
    "lowest average mean median first second last per year years yearly annual month months week "
    "weeks day days hour hours combined together total overall "
    # but
    "but however though although yet despite except against outside other others".split()
)
_DATES = frozenset(
    "january february march april may june july august september october november december "
    "spring summer autumn winter early late mid".split()
)
_OWN = "@council"  # the form of the one council that a text is about, however it is called
_KINDS = frozenset("city borough county district metropolitan".split())
# A clause that begins so, or speaks so, is of another place than the text, or leans on the clause
# before.
_OTHERS = frozenset(
    "other others another elsewhere national nationally neighbouring partner partners councils "
    "latter former same both authorities nearby".split()
)


@dataclass(frozen=True, slots=True)
class Passage:
    """What a sentence may rest on: a text's sentences in their order, and the `names` of the one
    council that it is about; none where there are several, or it is about something else."""

    sentences: tuple[str, ...]
    names: tuple[str, ...] = ()


def carried(said: str, passage: Passage) -> bool:
    """Whether one sentence of the passage, or two neighbours, carry what is said."""
    told = _read(said, passage.names)
    if not _words(told):
        return False
    held = [_read(one, passage.names) for one in passage.sentences]
    return any(_carries(told, one) for one in held) or _joined(told, held)


def _joined(told: Sequence[Token], held: Sequence[Sequence[Token]]) -> bool:
    """Whether it joins what two neighbours say."""
    for place, token in enumerate(told[:-2]):
        if token.text == "," and told[place + 1].lower == "and":
            first, then = told[:place], _words(told[place + 2 :])
            for one, following in itertools.pairwise(held):
                if _carries(first, one) and _says(then, following):
                    return True
    return False


def _carries(told: Sequence[Token], held: Sequence[Token]) -> bool:
    said = _words(told)
    if _says(said, held):
        return True
    opening = [one.form for one in said[:2]]
    if opening == ["in", _OWN]:
        return not _elsewhere(held) and _says(said[2:], held)
    if len(said) > 2 and opening[0] in ("in", "since", "by") and said[1].year:
        return _says((*said[2:], *said[:2]), held)
    return False


def _says(said: Sequence[Token], held: Sequence[Token]) -> bool:
    """Whether it is what is held, from one of the places where it may begin."""
    return bool(said) and any(_follows(said, 0, held, at) for at in _starts(held))


def _follows(said: Sequence[Token], place: int, held: Sequence[Token], at: int) -> bool:
    """Whether the rest of what is said goes on as what is held does."""
    if place == len(said):
        return _may_end(held, at)
    if at == len(held):
        return False
    if held[at].sign:
        over = _left_out(held, at)
        return bool(over and _follows(said, place, held, over)) or _follows(
            said, place, held, at + 1
        )
    ours, theirs = said[place], held[at]
    # A name is none where it is written without a capital; at a sentence's start nothing tells.
    named = not ours.name or theirs.name or place == 0
    return ours.form == theirs.form and named and _follows(said, place + 1, held, at + 1)


def _left_out(held: Sequence[Token], at: int) -> int:
    """Where it goes on behind what is in brackets, or hangs between the only two commas; 0 where
    nothing can be left out here."""
    if held[at].text == "(":
        ends = [place for place in range(at, len(held)) if held[place].text == ")"]
        end = ends[0] + 1 if ends else 0
    else:
        commas = [place for place, one in enumerate(held) if one.text == ","]
        hangs = held[at + 1].lower in _HANGS if at + 1 < len(held) else False
        end = commas[1] if hangs and commas[0] == at and len(commas) == 2 else 0
        if any(one.text in ";:()" for one in held[at:end]):
            return 0
    return 0 if _weighs(held[at:end]) else end


def _starts(held: Sequence[Token]) -> Iterator[int]:
    """Where a sentence may begin: at its start, behind a date that opens it, and where a clause
    does that is not one of a list."""
    yield 0
    if dated := _dated(held):
        yield dated
    for place, token in enumerate(held):
        if token.text == ":":
            return
        first = {one.lower for one in held[place + 1 : place + 3]}
        if token.text == ";" and not _weighs(held[:place]) and not first & _OTHERS:
            yield place + 1


def _may_end(held: Sequence[Token], at: int) -> bool:
    """Whether the rest can be left out: nothing, a date, or what hangs there."""
    rest = held[at:]
    words = _words(rest)
    if not words or _dated(rest) == len(rest):
        return True
    tail = rest[0].text == ";" or (rest[0].text == "," and words[0].lower in _TAILS)
    return tail and not _weighs(rest)


def _dated(held: Sequence[Token]) -> int:
    """How many tokens the date takes up with which it begins, with the comma behind it."""
    if not held or held[0].lower not in ("in", "on", "since"):
        return 0
    end = 1
    while end < len(held) and (held[end].lower in _DATES or held[end].year):
        end += 1
    if end == 1:
        return 0
    return end + 1 if end < len(held) and held[end].text == "," else end


def _weighs(left_out: Sequence[Token]) -> bool:
    return any(one.lower in WEIGHS for one in left_out)


def _elsewhere(held: Sequence[Token]) -> bool:
    """Whether it may be of another place than the text's own."""
    return any(
        one.lower in _OTHERS
        or (place and one.name and one.form != _OWN and one.lower not in _DATES)
        for place, one in enumerate(held)
    ) or bool(held and held[0].form != _OWN and _named_at_start(held))


def _named_at_start(held: Sequence[Token]) -> bool:
    """Whether a sentence begins with a name; "The" and "In" are none."""
    return held[0].name and held[0].lower not in _OPENINGS


_OPENINGS = frozenset(
    "the a an in on at by for from to with it they this these those there staff residents people "
    "volunteers sensors data routes services users officers teams users one two three four five "
    "six seven eight nine ten all some most many each about around over".split()
)


def _words(told: Sequence[Token]) -> tuple[Token, ...]:
    return tuple(one for one in told if not one.sign)


@lru_cache(maxsize=4096)
def _read(text: str, names: tuple[str, ...]) -> tuple[Token, ...]:
    """The tokens of a text, the council that it is about as one."""
    found = tokens(text)
    if not names:
        return found
    runs = sorted((_forms(name) for name in names), key=len, reverse=True)
    read, place = [], 0
    while place < len(found):
        taken = next((n for run in runs if (n := _named(found, place, run))), 0)
        if not taken and [one.lower for one in found[place : place + 2]] == ["the", "council"]:
            taken = 2
        read.append(replace(found[place], word=_OWN, name=True) if taken else found[place])
        place += taken or 1
    return tuple(read)


def _forms(name: str) -> tuple[str, ...]:
    return tuple(one.form for one in tokens(name))


def _named(found: Sequence[Token], place: int, run: Sequence[str]) -> int:
    """How many tokens the council's name takes up here, with its kind; 0 where it is not here."""
    here = found[place : place + len(run)]
    if not run or not here[0].name or tuple(one.form for one in here) != tuple(run):
        return 0
    end = place + len(run)
    kind = end
    while kind < len(found) and found[kind].lower in _KINDS:
        kind += 1
    council = kind < len(found) and found[kind].lower == "council"
    return (kind + 1 if council else end) - place
