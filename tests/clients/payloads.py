"""What the bot sent in these tests, gathered so that it can be held against the platforms' own
checks when all of it was sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

What = Literal["message", "modal", "home", "card", "result"]
"""Slack's messages (their blocks), modals and home views; Teams' cards, and what is shown of a
search's results."""


@dataclass
class Payloads:
    """Everything sent, each with the test that had it sent."""

    test: str = ""
    sent: list[tuple[str, What, object]] = field(default_factory=list)

    def keep(self, what: What, payload: object) -> None:
        self.sent.append((self.test, what, payload))

    def of(self, *kinds: What) -> list[tuple[str, object]]:
        return [(test, payload) for test, what, payload in self.sent if what in kinds]
