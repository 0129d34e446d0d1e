"""What is said and logged when something fails that should not, and by which word the one is tied
to the other."""

from __future__ import annotations

import hashlib
import logging
import secrets
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from bot.conversation import Reply

_log = logging.getLogger(__name__)
_reference: ContextVar[str] = ContextVar("reference", default="")


def new_reference() -> str:
    """A short word that ties an apology to its lines in the log: that of what is being handled, a
    new one where nothing is."""
    return being_handled() or secrets.token_hex(4)


def being_handled() -> str:
    """The reference of the request that is handled here, "" where none is."""
    return _reference.get()


def reference_of(community: str, key: str) -> str:
    """That of something heard: the same after a restart. It tells nobody who was heard."""
    # What is heard may hold halves of characters, which are no UTF-8.
    return hashlib.sha256(f"{community}\0{key}".encode("utf-8", "replace")).hexdigest()[:8]


@contextmanager
def handling(reference: str) -> Iterator[None]:
    """All that is logged meanwhile, also by what is begun meanwhile, bears this reference."""
    before = _reference.set(reference)
    try:
        yield
    finally:
        _reference.reset(before)


def apology(reference: str) -> Reply:
    """What an officer reads."""
    words = f"Sorry, something went wrong here and I have no answer. Reference: {reference}."
    return Reply("failed", words)


def interrupted() -> Reply:
    """For what may have been answered already when the program was stopped."""
    words = "I was stopped while I answered this. If you see no answer, please ask again."
    return Reply("failed", words)


def uncertain(reference: str) -> Reply:
    """For an answer of which the platform did not say whether it arrived."""
    words = "I may not have got through with my answer. If you see none, please ask again."
    return Reply("failed", f"{words} Reference: {reference}.")


def log_failure(error: BaseException, reference: str) -> None:
    """Say where it failed but not with what: an error's message may repeat an officer's words."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    _log.error("No answer, reference %s: %s\n%s", reference, type(error).__name__, frames)
