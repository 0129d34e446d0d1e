"""What is said and logged when something fails that should not."""

from __future__ import annotations

import logging
import secrets
import traceback

from bot.conversation import Reply

_log = logging.getLogger(__name__)


def new_reference() -> str:
    """A short word that ties an apology to its line in the log."""
    return secrets.token_hex(4)


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
