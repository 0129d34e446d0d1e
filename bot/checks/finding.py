"""One line of what `outcomes doctor` says."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "wrong", "not set up", "unsure"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and what to do about it, "" where nothing. No secret is ever
    part of it."""

    check: str
    state: State
    what: str
    do: str = ""


async def looked_for(check: str, looking: Awaitable[list[Finding]]) -> list[Finding]:
    """What is found; where looking itself fails, that, so that the others are still told. The
    error's words are not: they may hold a secret."""
    try:
        return await looking
    except Exception as error:
        what = f"it could not be looked at ({type(error).__name__})"
        return [unsure(check, what, "Report it: this is a fault of the program")]


def ok(check: str, what: str, do: str = "") -> Finding:
    """It works; `do` is a hint."""
    return Finding(check, "ok", what, do)


def wrong(check: str, what: str, do: str) -> Finding:
    """It cannot work so, and this is what to do."""
    return Finding(check, "wrong", what, do)


def unset(check: str, what: str, do: str = "") -> Finding:
    """Nobody has asked for it, which is fine."""
    return Finding(check, "not set up", what, do)


def unsure(check: str, what: str, do: str = "") -> Finding:
    """It could not be found out, or may be meant so."""
    return Finding(check, "unsure", what, do)
